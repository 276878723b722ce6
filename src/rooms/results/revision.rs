//! What is published of a period, and whether it still says what the ward's own people read.

use super::BATCH;
use crate::db::Conn;
use crate::db::schema::{consolidated_reports, observations, period_excusals, period_transfers, reporting_periods, reports};
use crate::problem::Result;
use crate::values::clock::UtcTime;
use crate::values::id::{IndicatorId, PeriodId};
use diesel::dsl::exists;
use diesel::prelude::*;

/// The consolidated report of a period that everybody reads: the one last sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    /// Its revision.
    pub revision: i32,
    /// When its figures were computed.
    pub computed_at: UtcTime,
    /// When it was sent.
    pub sent_at: UtcTime,
    /// Whether the province returned it, or another one is being made in its place.
    pub under_revision: bool,
}

/// A consolidated report of a period, as far as it decides what is published.
#[derive(Debug, Clone, Queryable)]
pub(super) struct Made {
    pub status: String,
    pub revision: i32,
    pub computed_at: UtcTime,
    pub sent_at: Option<UtcTime>,
    pub published: bool,
}

/// The columns of [`Made`].
macro_rules! made_columns {
    () => {
        (
            consolidated_reports::status,
            consolidated_reports::revision,
            consolidated_reports::computed_at,
            consolidated_reports::sent_at,
            consolidated_reports::published,
        )
    };
}
pub(super) use made_columns;

/// The condition that a consolidated report was what everybody read at an instant.
macro_rules! published_at {
    ($at:expr) => {
        consolidated_reports::sent_at
            .le($at)
            .and(consolidated_reports::published_until.is_null().or(consolidated_reports::published_until.gt($at)))
            .assume_not_null()
    };
}
pub(super) use published_at;

/// The condition that a figure, of the one table or the other, was accepted or published at an instant.
macro_rules! held_at {
    ($table:ident, $at:expr) => {
        $table::since.le($at).and($table::until.is_null().or($table::until.gt($at))).assume_not_null()
    };
}
pub(crate) use held_at;

impl Published {
    /// Among the consolidated reports of one period.
    pub(super) fn among<'a>(made: impl Iterator<Item = &'a Made> + Clone) -> Option<Self> {
        let sent = made.clone().find(|one| one.published)?;
        let anew = made.clone().any(|other| other.revision > sent.revision && other.sent_at.is_none());
        Some(Self {
            revision: sent.revision,
            computed_at: sent.computed_at,
            sent_at: sent.sent_at?,
            under_revision: sent.status == "returned" || anew,
        })
    }
}

/// What is published of a period by a consolidated report of its own.
///
/// # Errors
/// If the database fails.
pub fn published_of(c: &mut Conn, period: &PeriodId) -> Result<Option<Published>> {
    let made: Vec<Made> = consolidated_reports::table.filter(consolidated_reports::period_id.eq(period)).select(made_columns!()).load(c)?;
    Ok(Published::among(made.iter()))
}

diesel::alias! {
    const OWN: Alias<Own> = reporting_periods as own;
}

/// The ids of the periods whose reports make up the figures of one.
macro_rules! behind {
    ($period:expr) => {{
        use reporting_periods as p;
        let annual = OWN
            .filter(OWN.field(p::id).eq($period))
            .filter(OWN.field(p::kind).eq("periodic"))
            .filter(OWN.field(p::frequency).eq("annual"))
            .filter(OWN.field(p::plan_id).eq(p::plan_id))
            .filter(p::label.like(OWN.field(p::label).concat("-%")));
        p::table.filter(p::id.eq($period).or(p::kind.eq("periodic").and(exists(annual)))).select(p::id)
    }};
}

/// The periods whose reports make up the figures of this one: itself and, for an annual one, the regular quarters and months of its
/// year.
///
/// # Errors
/// If the database fails.
pub fn source_periods(c: &mut Conn, period: &PeriodId) -> Result<Vec<PeriodId>> {
    Ok(behind!(period).order(reporting_periods::id).load(c)?)
}

/// Whether a unit was added, an obligation handed over, a unit excused, as three conditions.
macro_rules! owed_otherwise {
    ($period:expr, $at:expr, $nullable:expr) => {{
        use {period_excusals as e, period_transfers as t};
        let added = reports::table.filter(reports::period_id.eq($period)).filter(reports::created_at.gt($at));
        let transfers = t::table.filter(t::period_id.eq_any(behind!($period))).filter(t::created_at.gt($at));
        let excusals = e::table.filter(e::period_id.eq_any(behind!($period))).filter(e::since.gt($at).or(e::until.gt($nullable)));
        (exists(added), exists(transfers), exists(excusals))
    }};
}

/// Whether a unit was added to a period, or an obligation handed over or a unit excused in it or in one that is rolled up in it, since
/// this instant.
///
/// # Errors
/// If the database fails.
pub fn owed_otherwise_since(c: &mut Conn, period: &PeriodId, at: UtcTime) -> Result<bool> {
    let since: (bool, bool, bool) = diesel::select(owed_otherwise!(period, at, at)).get_result(c)?;
    Ok(since.0 || since.1 || since.2)
}

/// The conditions that what the ward's own people read of a period is other than what was computed of it at an instant: a figure was
/// accepted or taken back since, or somebody else owes.
macro_rules! changed {
    ($period:expr, $at:expr, $nullable:expr) => {{
        use observations as o;
        let figures = o::table.filter(o::period_id.eq_any(behind!($period))).filter(o::since.gt($nullable).or(o::until.gt($nullable)));
        let (added, transfers, excusals) = owed_otherwise!($period, $at, $nullable);
        exists(figures).or(added).or(transfers).or(excusals)
    }};
}

/// Whether what the ward's own people read of a period is other than what was computed of it at this instant.
///
/// # Errors
/// If the database fails.
pub fn changed_since(c: &mut Conn, period: &PeriodId, at: UtcTime) -> Result<bool> {
    Ok(diesel::select(changed!(period, at, at)).get_result(c)?)
}

/// Whether that is so of any of these indicators, or somebody else owes.
///
/// # Errors
/// If the database fails.
pub fn changed_of_since(c: &mut Conn, period: &PeriodId, indicators: &[&IndicatorId], at: UtcTime) -> Result<bool> {
    use observations as o;
    let figures = o::table
        .filter(o::period_id.eq_any(behind!(period)))
        .filter(o::indicator_id.eq_any(indicators.iter().copied()))
        .filter(o::since.gt(at).or(o::until.gt(at)));
    Ok(diesel::select(exists(figures)).get_result(c)? || owed_otherwise_since(c, period, at)?)
}

/// Whether, of any of these periods, the ward's own people read something else than what is published of it.
///
/// # Errors
/// If the database fails.
pub fn any_unpublished(c: &mut Conn, periods: &[&PeriodId]) -> Result<bool> {
    use consolidated_reports as k;
    for some in periods.chunks(BATCH) {
        let published = k::table.filter(k::period_id.eq_any(some)).filter(k::published.eq(true));
        let changed = published.filter(changed!(k::period_id, k::computed_at, k::computed_at.nullable()));
        if diesel::select(exists(changed)).get_result(c)? {
            return Ok(true);
        }
    }
    Ok(false)
}
