//! What a query for observations asks for, with its references resolved.

use super::wire::{FigureStatus, ObservationFilter};
use crate::actor::Actor;
use crate::db::{self, Conn};
use crate::problem::{Error, FieldError, Place, Problem, Result, codes, said, words};
use crate::reading::references::{self, DimensionKey, GoalKey, IndicatorKey, Named, Referable, Scope, UnitKey};
use crate::rooms::indicators::DimensionValue;
use crate::rooms::progress::area;
use crate::values::clock::UtcTime;
use crate::values::id::{GoalId, IndicatorId, PeriodId, PlanId, UnitId};
use crate::values::period::Label;
use chrono::NaiveDate;
use serde_json::{Map, Value as Json};

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
    pub periods: Option<Vec<PeriodId>>,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    /// Pieces of the stored disaggregation, `"sex":"female"`.
    pub parts: Vec<String>,
    pub status: Option<FigureStatus>,
    pub since: Option<UtcTime>,
    /// The instant as of which figures are wanted; `None` for now.
    pub as_of: Option<UtcTime>,
}

/// Resolves the filters; `query` holds the parameters of which only the beginning is documented.
pub(super) fn read(c: &mut Conn, actor: &Actor, filter: &ObservationFilter, query: &Map<String, Json>) -> Result<Wanted> {
    let named = Named { jurisdiction: filter.jurisdiction.as_deref(), plan: filter.plan.as_deref(), period: filter.period.as_deref() };
    let scope = Scope::of_query(c, named)?;
    Ok(Wanted {
        parts: parts(c, &scope, query)?,
        plan: scope.plan().map(|plan| plan.id.clone()),
        area: scope.area().map(<[String]>::to_vec),
        indicators: scope.filter::<IndicatorKey>(c, filter.indicator.as_deref(), "indicator")?,
        goals: scope.filter::<GoalKey>(c, filter.goal.as_deref(), "goal")?,
        units: scope.filter::<UnitKey>(c, filter.unit.as_deref(), "unit")?,
        periods: scope.periods(),
        from: day(filter.from.as_deref(), "from", Label::first_day)?,
        to: day(filter.to.as_deref(), "to", Label::last_day)?,
        status: filter.status,
        since: filter.updated_since,
        as_of: area::instant(actor, filter.as_of)?,
    })
}

/// A date, or the day that a label stands for.
fn day(text: Option<&str>, name: &str, of: impl Fn(Label) -> NaiveDate) -> Result<Option<NaiveDate>> {
    let read = |text: &str| Label::parse(text).map(of).or_else(|| text.parse().ok());
    text.map(|text| read(text).ok_or_else(|| no_day(name))).transpose()
}

fn no_day(name: &str) -> Error {
    let vi = format!("Tham số «{name}» cần một ngày («2026-11-24») hoặc nhãn kỳ («2026», «2026-Q3», «2026-07»).");
    let en = format!("{name}: must be a date (2026-11-24) or a period's label (2026, 2026-Q3, 2026-07).");
    Problem::in_query(codes::QUERY_INVALID, FieldError::new(name, codes::QUERY_INVALID).saying(vi, en)).into()
}

/// A value of a dimension.
struct Value;

impl Referable for Value {
    const CALLED: (&'static str, &'static str) = ("giá trị", "value");
    const NAMED_BY: (&'static str, &'static str) = ("mã hiệu", "code");
}

/// `disaggregation.sex=female` as a piece of what is stored. A dimension or value that no plan has is refused.
fn parts(c: &mut Conn, scope: &Scope, query: &Map<String, Json>) -> Result<Vec<String>> {
    let mut parts = Vec::new();
    for (name, value) in query {
        let (Some(code), Some(value)) = (name.strip_prefix(SPLIT), value.as_str()) else { continue };
        let place = Place::query(name.clone());
        let dimensions: Vec<DimensionKey> = scope.all(c, code, &place)?;
        let mut values: Vec<DimensionValue> = Vec::new();
        for dimension in &dimensions {
            values.append(&mut db::from_json(&dimension.dimension_values)?);
        }
        if !values.iter().any(|known| known.code == value) {
            let there = words::listed(values.iter().filter(|known| known.active).map(|known| known.choice()));
            let within =
                said(format!("trong phân tổ «{code}» (có: {})", there.vi), format!("in the dimension '{code}' (it has: {})", there.en));
            return Err(references::unknown::<Value>(value, &place, &within));
        }
        parts.push(format!("{}:{}", db::to_json(&code)?, db::to_json(&value)?));
    }
    Ok(parts)
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
