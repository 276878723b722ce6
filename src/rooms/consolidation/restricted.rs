//! Which indicators point at persons in a period: in the version that it asks or, of those that it does not ask, in that of its year. Other
//! versions may be restricted or not.

use super::table::RowWithNames;
use crate::db::Conn;
use crate::db::schema::{indicator_definitions, indicators, period_indicators, reporting_periods};
use crate::problem::Result;
use crate::values::id::{IndicatorId, PeriodId, PlanId};
use chrono::{Datelike, NaiveDate};
use diesel::prelude::*;
use std::collections::{BTreeMap, HashMap, HashSet};

/// By period, the ids of its restricted indicators.
pub(super) type Restricted = HashMap<PeriodId, HashSet<String>>;

/// A version: from which year on it holds, and whether it is restricted.
type Version = (i32, bool);

/// Those of the periods of these rows. Three statements, however many rows there are; one where nothing is restricted.
///
/// # Errors
/// If the database fails.
pub(super) fn restricted_in(c: &mut Conn, rows: &[RowWithNames]) -> Result<Restricted> {
    use {indicator_definitions as d, indicators as i, period_indicators as asked, reporting_periods as p};
    let plans: Vec<&PlanId> = rows.iter().map(|(row, ..)| &row.plan_id).collect();
    let periods: Vec<&PeriodId> = rows.iter().map(|(row, ..)| &row.period_id).collect();
    let of_persons = diesel::alias!(indicator_definitions as of_persons);
    let ever = of_persons
        .filter(of_persons.field(d::restricted).eq(true))
        .filter(of_persons.field(d::indicator_id).eq(d::indicator_id))
        .select(of_persons.field(d::indicator_id));
    let found: Vec<(PlanId, IndicatorId, i32, i32, bool)> = d::table
        .inner_join(i::table)
        .filter(i::plan_id.eq_any(&plans))
        .filter(diesel::dsl::exists(ever))
        .select((i::plan_id, d::indicator_id, d::definition_version, d::effective_from, d::restricted))
        .load(c)?;
    if found.is_empty() {
        return Ok(HashMap::new());
    }
    let mut known: HashMap<PlanId, HashMap<IndicatorId, BTreeMap<i32, Version>>> = HashMap::new();
    for (plan, indicator, version, from, restricted) in found {
        known.entry(plan).or_default().entry(indicator).or_default().insert(version, (from, restricted));
    }
    let years: HashMap<PeriodId, NaiveDate> =
        p::table.filter(p::id.eq_any(&periods)).select((p::id, p::ends_on)).load::<(PeriodId, NaiveDate)>(c)?.into_iter().collect();
    let frozen: Vec<(PeriodId, IndicatorId, Option<i32>)> = asked::table
        .filter(asked::period_id.eq_any(&periods))
        .select((asked::period_id, asked::indicator_id, asked::definition_version))
        .load(c)?;
    let frozen: HashMap<(PeriodId, IndicatorId), i32> =
        frozen.into_iter().filter_map(|(period, indicator, version)| Some(((period, indicator), version?))).collect();
    let of_row = |(row, ..): &RowWithNames| {
        let year = years.get(&row.period_id).map_or(i32::MAX, Datelike::year);
        let restricted = |(indicator, versions): &(&IndicatorId, &BTreeMap<i32, Version>)| {
            let asked = frozen.get(&(row.period_id.clone(), (*indicator).clone())).and_then(|version| versions.get(version));
            let of_year = || versions.values().rev().find(|(from, _)| *from <= year).or_else(|| versions.values().next());
            asked.or_else(of_year).is_some_and(|(_, restricted)| *restricted)
        };
        let ids = known.get(&row.plan_id).into_iter().flatten().filter(restricted).map(|(indicator, _)| indicator.to_string());
        (row.period_id.clone(), ids.collect())
    };
    Ok(rows.iter().map(of_row).collect())
}
