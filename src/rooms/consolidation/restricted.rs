//! Which indicators point at persons in a period: in the version that it asks or, of those that it does not ask, in that of its year. Other
//! versions may be restricted or not.

use super::compute::{self, Computed};
use super::table::ConsolidatedRow;
use super::wire::ConsolidatedNarrative;
use crate::db::Conn;
use crate::db::schema::{indicator_definitions, indicators, period_indicators, reporting_periods};
use crate::problem::Result;
use crate::values::id::{IndicatorId, PeriodId};
use chrono::{Datelike, NaiveDate};
use diesel::prelude::*;
use std::collections::{HashMap, HashSet};

/// By period, its restricted indicators.
pub(super) type Restricted = HashMap<PeriodId, RestrictedIds>;

/// The restricted indicators of a period, by id.
#[derive(Debug, Default)]
pub(super) struct RestrictedIds {
    /// Those that are restricted in it.
    pub own: HashSet<String>,
    /// Those that were in the year before: results name its value beside their own.
    pub before: HashSet<String>,
}

/// A version of an indicator in a period: the period's last day, the version's number, from which year on it holds, whether it is
/// restricted, and which version the period asks, if it does.
type Version = (NaiveDate, i32, i32, bool, Option<i32>);

/// Those of these periods. One statement, however many there are.
///
/// # Errors
/// If the database fails.
pub(super) fn restricted_in<'a>(c: &mut Conn, periods: impl IntoIterator<Item = &'a PeriodId>) -> Result<Restricted> {
    use {indicator_definitions as d, indicators as i, period_indicators as asked, reporting_periods as p};
    let of_persons = diesel::alias!(indicator_definitions as of_persons);
    let ever = of_persons
        .filter(of_persons.field(d::restricted).eq(true))
        .filter(of_persons.field(d::indicator_id).eq(i::id))
        .select(of_persons.field(d::indicator_id));
    let found: Vec<(PeriodId, IndicatorId, Version)> = p::table
        .inner_join(i::table.on(i::plan_id.eq(p::plan_id)))
        .inner_join(d::table.on(d::indicator_id.eq(i::id)))
        .left_join(asked::table.on(asked::period_id.eq(p::id).and(asked::indicator_id.eq(i::id))))
        .filter(p::id.eq_any(periods))
        .filter(diesel::dsl::exists(ever))
        .select((p::id, i::id, (p::ends_on, d::definition_version, d::effective_from, d::restricted, asked::definition_version.nullable())))
        .load(c)?;
    let mut versions: HashMap<(PeriodId, IndicatorId), Vec<Version>> = HashMap::new();
    for (period, indicator, version) in found {
        versions.entry((period, indicator)).or_default().push(version);
    }
    let mut restricted = Restricted::new();
    for ((period, indicator), versions) in versions {
        let of_period: &mut RestrictedIds = restricted.entry(period).or_default();
        if was_restricted(&versions) {
            of_period.before.insert(indicator.to_string());
        }
        if is_restricted(versions) {
            of_period.own.insert(indicator.to_string());
        }
    }
    Ok(restricted)
}

/// What of a draft was written while nobody knew that one of its indicators points at persons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Overtaken {
    /// What is shown of it and decided about it.
    Figures,
    /// The words, which may name its figures.
    Words,
}

/// What of a draft has to be done anew because an indicator in it was made restricted.
///
/// # Errors
/// If the database fails.
pub(super) fn overtaken(c: &mut Conn, row: &ConsolidatedRow, computed: &Computed) -> Result<Option<Overtaken>> {
    let now = restricted_in(c, [&row.period_id])?.remove(&row.period_id).unwrap_or_default().own;
    let ids = || computed.results.iter().map(|result| result.indicator.id.as_str()).filter(|id| now.contains(*id));
    if ids().any(|id| !compute::is_restricted(computed, id)) {
        return Ok(Some(Overtaken::Figures));
    }
    let unknown = computed.known_to_words().is_some_and(|known| ids().any(|id| !known.contains(id)));
    Ok((unknown && row.narrative()? != ConsolidatedNarrative::default()).then_some(Overtaken::Words))
}

/// Whether an indicator of these versions is restricted in its period. One that begins later counts as it begins.
fn is_restricted(mut versions: Vec<Version>) -> bool {
    versions.sort_unstable_by_key(|(_, version, ..)| *version);
    let asked = versions.iter().find(|(_, version, _, _, asked)| *asked == Some(*version));
    let of_year = || versions.iter().rev().find(|(ends_on, _, from, ..)| *from <= ends_on.year());
    asked.or_else(of_year).or_else(|| versions.first()).is_some_and(|(_, _, _, restricted, _)| *restricted)
}

/// Whether it was restricted in the year before.
fn was_restricted(versions: &[Version]) -> bool {
    let of_year = versions.iter().filter(|(ends_on, _, from, ..)| *from < ends_on.year()).max_by_key(|(_, version, ..)| *version);
    of_year.is_some_and(|(_, _, _, restricted, _)| *restricted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_the_period_decides() {
        let day = NaiveDate::from_ymd_opt(2027, 12, 31).unwrap();
        let restricted =
            |asked| is_restricted(vec![(day, 3, 2028, true, asked), (day, 2, 2027, false, asked), (day, 1, 2026, true, asked)]);
        assert!(!restricted(None), "that of its year");
        assert!(restricted(Some(1)) && !restricted(Some(2)) && restricted(Some(3)), "that which it asks");
        assert!(is_restricted(vec![(day, 1, 2029, true, None)]) && !is_restricted(Vec::new()));
    }

    #[test]
    fn the_year_before_has_its_own_version() {
        let day = NaiveDate::from_ymd_opt(2028, 12, 31).unwrap();
        let was = |restricted_from_2028| {
            was_restricted(&[(day, 2, 2028, restricted_from_2028, Some(2)), (day, 1, 2026, !restricted_from_2028, Some(2))])
        };
        assert!(was(false) && !was(true));
        assert!(!was_restricted(&[(day, 1, 2028, true, None)]), "there was none");
    }
}
