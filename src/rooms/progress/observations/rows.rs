//! A figure of either table: what was accepted, and what was published.

use crate::figures::Observation;
use crate::values::clock::UtcTime;
use crate::values::id::{IndicatorId, PeriodId, PlanId, UnitId};
use diesel::prelude::*;

/// Since when a figure can be read, accepted or published. Neither is changed then, so it is also when it last changed.
pub(super) const SINCE: &str = "since";

/// A figure, from either table.
#[derive(Debug, Clone, Queryable)]
pub(super) struct ReadableRow {
    pub id: String,
    pub report_id: String,
    pub jurisdiction: String,
    pub plan_id: PlanId,
    pub period_id: PeriodId,
    pub unit_id: UnitId,
    pub indicator_id: IndicatorId,
    pub disaggregation: String,
    pub observation: Observation,
    pub note: Option<String>,
    pub extra: Option<String>,
    pub since: UtcTime,
    /// The codes of its unit and its indicator when it was published; of accepted ones those of now hold.
    pub unit_code: Option<String>,
    pub indicator_code: Option<String>,
}

/// No code was kept with a figure.
macro_rules! no_code {
    () => {
        diesel::dsl::sql::<diesel::sql_types::Nullable<diesel::sql_types::Text>>("NULL")
    };
}

/// What is read of either table; they have these columns in common.
macro_rules! columns {
    ($table:ident, $unit:expr, $indicator:expr) => {
        (
            $table::id,
            $table::report_id,
            $table::jurisdiction,
            $table::plan_id,
            $table::period_id,
            $table::unit_id,
            $table::indicator_id,
            $table::disaggregation,
            $crate::db::observation::observation_columns!($table),
            $table::note,
            $table::extra,
            fixed::<Timestamp>(SINCE),
            $unit,
            $indicator,
        )
    };
}

/// The figures of one table that are wanted; the two tables have these columns in common.
macro_rules! wanted_in {
    ($table:ident, $wanted:expr) => {{
        let wanted: &Wanted = $wanted;
        let mut query = $table::table.into_boxed();
        query = match wanted.as_of {
            Some(at) => query.filter($crate::rooms::results::held_at!($table, at)),
            None => query.filter($table::since.is_not_null().and($table::until.is_null())),
        };
        if let Some(plan) = &wanted.plan {
            query = query.filter($table::plan_id.eq(plan));
        }
        if let Some(area) = &wanted.area {
            query = query.filter($table::jurisdiction.eq_any(area));
        }
        if let Some(named) = &wanted.indicators {
            query = query.filter($table::indicator_id.eq_any(named));
        }
        if let Some(goals) = &wanted.goals {
            let of_goal = indicators::table.filter(indicators::goal_id.eq_any(goals)).select(indicators::id);
            query = query.filter($table::indicator_id.eq_any(of_goal));
        }
        if let Some(units) = &wanted.units {
            query = query.filter($table::unit_id.eq_any(units));
        }
        if let Some(periods) = &wanted.periods {
            query = query.filter($table::period_id.eq_any(periods));
        }
        if let Some(from) = wanted.from {
            let later = reporting_periods::table.filter(reporting_periods::starts_on.ge(from)).select(reporting_periods::id);
            query = query.filter($table::period_id.eq_any(later));
        }
        if let Some(to) = wanted.to {
            let earlier = reporting_periods::table.filter(reporting_periods::ends_on.le(to)).select(reporting_periods::id);
            query = query.filter($table::period_id.eq_any(earlier));
        }
        for part in &wanted.parts {
            // Unlike LIKE, this minds the case on both databases and knows no wildcards.
            query = query.filter(sql::<Bool>("replace(disaggregation, ").bind::<Text, _>(part).sql(", '') <> disaggregation"));
        }
        if let Some(status) = wanted.status {
            query = query.filter($table::status.eq(status.as_str()));
        }
        if let Some(since) = wanted.since {
            query = query.filter(fixed::<Timestamp>(SINCE).ge(since.naive()));
        }
        query
    }};
}
