//! What a query for observations asks for, with its references resolved.

use super::wire::{FigureStatus, ObservationFilter};
use crate::auth::caller::Reach;
use crate::db::schema::{dimensions, reporting_periods};
use crate::db::{self, Conn};
use crate::problem::{Error, FieldError, Place, Problem, Result, codes};
use crate::rooms::goals;
use crate::rooms::indicators::{self, DimensionValue};
use crate::rooms::plans::PlanKey;
use crate::rooms::progress::area;
use crate::rooms::units;
use crate::values::clock::UtcTime;
use crate::values::id::{GoalId, IndicatorId, PeriodId, PlanId, UnitId, looks_like_id};
use crate::values::period::Label;
use chrono::NaiveDate;
use diesel::prelude::*;
use serde_json::{Map, Value};

/// The beginning of the parameters that name a dimension.
const SPLIT: &str = "disaggregation.";

/// What is asked for; `None` is no condition.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted {
    pub plan: Option<PlanId>,
    pub area: Option<Vec<String>>,
    pub indicators: Option<Vec<IndicatorId>>,
    pub goals: Option<Vec<GoalId>>,
    pub units: Option<Vec<UnitId>>,
    pub period: Option<PeriodId>,
    pub label: Option<String>,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    /// Pieces of the stored disaggregation, `"sex":"female"`.
    pub parts: Vec<String>,
    pub status: Option<FigureStatus>,
    pub since: Option<UtcTime>,
}

/// Resolves the filters; `query` holds the parameters of which only the beginning is documented.
pub(super) fn read(c: &mut Conn, filter: &ObservationFilter, query: &Map<String, Value>) -> Result<Wanted> {
    let area = filter.jurisdiction.as_deref().map(|code| area::below(c, code)).transpose()?;
    let plan = filter.plan.as_deref().map(|named| area::plan_in(c, named, area.as_ref())).transpose()?;
    let place = area.as_ref().and_then(Reach::codes);
    let (period, label) = period(c, plan.as_ref(), filter.period.as_deref())?;
    let at = Place::Query("goal");
    let goals = filter.goal.as_deref().map(|named| goals::fitting(c, plan.as_ref(), place.as_deref(), named, &at)).transpose()?;
    let at = Place::Query("indicator");
    let indicators =
        filter.indicator.as_deref().map(|named| indicators::fitting(c, plan.as_ref(), place.as_deref(), named, &at)).transpose()?;
    // A bare code of a unit is understood in the wards that the plan or the jurisdiction names.
    let own = plan.as_ref().map(|plan| std::slice::from_ref(&plan.jurisdiction));
    let within = own.or(place.as_deref());
    let units = filter.unit.as_deref().map(|named| units::fitting(c, named, within, &Place::Query("unit"))).transpose()?;
    Ok(Wanted {
        parts: parts(c, plan.as_ref(), query)?,
        plan: plan.map(|p| p.id),
        area: place,
        indicators,
        goals,
        units: units.map(|units| units.into_iter().map(|unit| unit.id).collect()),
        period,
        label,
        from: day(filter.from.as_deref(), "from", Label::first_day)?,
        to: day(filter.to.as_deref(), "to", Label::last_day)?,
        status: filter.status,
        since: filter.updated_since,
    })
}

/// A date, or the day that a label stands for.
fn day(text: Option<&str>, name: &str, of: impl Fn(Label) -> NaiveDate) -> Result<Option<NaiveDate>> {
    let read = |text: &str| Label::parse(text).map(of).or_else(|| text.parse().ok());
    text.map(|text| read(text).ok_or_else(|| no_day(name))).transpose()
}

fn no_day(name: &str) -> Error {
    let vi = format!("{name}: cần một ngày (2026-11-24) hoặc nhãn kỳ (2026, 2026-Q3, 2026-07).");
    let en = format!("{name}: must be a date (2026-11-24) or a period's label (2026, 2026-Q3, 2026-07).");
    let fault = FieldError::new(name, codes::QUERY_INVALID).saying(vi.clone(), en.clone());
    Problem::new(codes::QUERY_INVALID).with_errors(vec![fault]).saying(vi, en).into()
}

/// A period by its id, or the label of periodic ones: without a plan it stands for the same period of several wards.
fn period(c: &mut Conn, plan: Option<&PlanKey>, named: Option<&str>) -> Result<(Option<PeriodId>, Option<String>)> {
    let Some(named) = named else { return Ok((None, None)) };
    let mut query = reporting_periods::table.select(reporting_periods::id).limit(1).into_boxed();
    if let Some(plan) = plan {
        query = query.filter(reporting_periods::plan_id.eq(&plan.id));
    }
    let by_id = looks_like_id(named);
    query = if by_id {
        query.filter(reporting_periods::id.eq(named.to_ascii_lowercase()))
    } else {
        query.filter(reporting_periods::label.eq(named)).filter(reporting_periods::kind.eq("periodic"))
    };
    let found: Option<PeriodId> = query.first(c).optional()?;
    let found = found.ok_or_else(|| Place::Query("period").unknown())?;
    Ok(if by_id { (Some(found), None) } else { (None, Some(named.to_owned())) })
}

/// `disaggregation.sex=female` as a piece of what is stored. A dimension or value that no plan has is refused.
fn parts(c: &mut Conn, plan: Option<&PlanKey>, query: &Map<String, Value>) -> Result<Vec<String>> {
    let asked: Vec<(&str, &str)> = query.iter().filter_map(|(name, value)| Some((name.strip_prefix(SPLIT)?, value.as_str()?))).collect();
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let names: Vec<&str> = asked.iter().map(|(name, _)| *name).collect();
    let mut known =
        dimensions::table.select((dimensions::code, dimensions::dimension_values)).filter(dimensions::code.eq_any(names)).into_boxed();
    if let Some(plan) = plan {
        known = known.filter(dimensions::plan_id.eq(&plan.id));
    }
    let mut values: Vec<(String, Vec<DimensionValue>)> = Vec::new();
    for (code, column) in known.load::<(String, String)>(c)? {
        values.push((code, db::from_json(&column)?));
    }
    asked
        .into_iter()
        .map(|(name, value)| {
            let fits = values.iter().any(|(code, values)| code == name && values.iter().any(|v| v.code == value));
            if !fits {
                return Err(Problem::in_query(codes::REFERENCE_UNKNOWN, &format!("{SPLIT}{name}")).into());
            }
            Ok(format!("{}:{}", db::to_json(&name)?, db::to_json(&value)?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_dates_or_the_ends_of_a_label() {
        let first = |text| day(Some(text), "from", Label::first_day).ok().flatten().map(|d| d.to_string());
        let last = |text| day(Some(text), "to", Label::last_day).ok().flatten().map(|d| d.to_string());
        assert_eq!(first("2026-Q3").as_deref(), Some("2026-07-01"));
        assert_eq!(last("2028-02").as_deref(), Some("2028-02-29"));
        assert_eq!(last("2026").as_deref(), Some("2026-12-31"));
        assert_eq!(first("2026-11-24").as_deref(), Some("2026-11-24"));
        assert!(day(Some("2026-02-30"), "from", Label::first_day).is_err());
        assert!(day(Some("2026-13"), "from", Label::first_day).is_err());
        assert!(matches!(day(None, "from", Label::first_day), Ok(None)));
    }
}
