//! What a unit owes in a period: the period's indicators that it is charged with.

use super::table::{Marks, ReportRow};
use crate::db::Conn;
use crate::db::schema::{period_indicators, period_units};
use crate::problem::{Place, Result, said};
use crate::reading::references::{self, IndicatorKey};
use crate::rooms::indicators::{self as indicator_room, IndicatorSummary};
use crate::rooms::units::{self as unit_room, UnitKey};
use crate::values::id::{IndicatorId, PeriodId, PlanId, UnitId};
use diesel::prelude::*;
use quick_cache::sync::Cache;
use std::collections::BTreeSet;
use std::hash::Hash;
use std::sync::{Arc, LazyLock};

/// How many plans' indicators and how many periods are kept in memory: a province has about a hundred wards.
const KEPT: usize = 200;

/// Values by their keys, each with the mark under which it is right.
type Marked<K, V> = Cache<K, (String, Arc<V>)>;

/// What was read last, each with the mark under which it is right: see [`Marks`]. Reading it anew would cost more than
/// everything else that writing a figure does.
static PLANS: LazyLock<Marked<PlanId, Vec<IndicatorSummary>>> = LazyLock::new(|| Cache::new(KEPT));
static PERIODS: LazyLock<Marked<PeriodId, PeriodContent>> = LazyLock::new(|| Cache::new(KEPT));

/// What a period asks for, and of whom.
#[derive(Debug)]
struct PeriodContent {
    indicators: BTreeSet<IndicatorId>,
    /// The units of the jurisdiction as the period froze them.
    units: Vec<UnitKey>,
}

/// What is kept under a key, if its mark is still the same; else what `read` gives, which is kept from now on.
fn kept<K: Hash + Eq + Clone, V>(cache: &Marked<K, V>, key: &K, mark: &str, read: impl FnOnce() -> Result<V>) -> Result<Arc<V>> {
    if let Some((known, value)) = cache.get(key)
        && known == mark
    {
        return Ok(value);
    }
    let value = Arc::new(read()?);
    cache.insert(key.clone(), (mark.to_owned(), value.clone()));
    Ok(value)
}

fn period_content(c: &mut Conn, period: &PeriodId, jurisdiction: &str) -> Result<PeriodContent> {
    use {period_indicators as i, period_units as u};
    let indicators: Vec<IndicatorId> = i::table.filter(i::period_id.eq(period)).select(i::indicator_id).load(c)?;
    let taking_part: Vec<UnitId> = u::table.filter(u::period_id.eq(period)).select(u::unit_id).load(c)?;
    let units = as_frozen(unit_room::of_jurisdiction(c, jurisdiction)?, &taking_part.into_iter().collect());
    Ok(PeriodContent { indicators: indicators.into_iter().collect(), units })
}

/// The indicators of a plan, and those of them that one unit owes in one period.
#[derive(Debug, Clone)]
pub(super) struct Obligations {
    known: Arc<Vec<IndicatorSummary>>,
    due: BTreeSet<IndicatorId>,
}

impl Obligations {
    /// What a unit owes.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn load(c: &mut Conn, report: &ReportRow, marks: &Marks) -> Result<Self> {
        let ReportRow { plan_id: plan, period_id: period, jurisdiction, unit_id: unit, .. } = report;
        let known = kept(&PLANS, plan, &marks.of_plan(), || indicator_room::of_plan(c, plan))?;
        let asked = kept(&PERIODS, period, &marks.of_period(), || period_content(c, period, jurisdiction))?;
        Ok(Self::of(known, &asked.indicators, &asked.units, unit))
    }

    /// What `unit` owes of the indicators asked for; `all` are the units of the jurisdiction.
    pub(super) fn of(known: Arc<Vec<IndicatorSummary>>, asked: &BTreeSet<IndicatorId>, all: &[UnitKey], unit: &UnitId) -> Self {
        let owes = |k: &&IndicatorSummary| asked.contains(&k.id) && k.due_from(all).iter().any(|u| u.id == *unit);
        let due = known.iter().filter(owes).map(|k| k.id.clone()).collect();
        Self { known, due }
    }

    /// The indicators that the unit owes, in the plan's order.
    pub(super) fn due(&self) -> impl Iterator<Item = &IndicatorSummary> {
        self.known.iter().filter(|k| self.due.contains(&k.id))
    }

    /// Whether the unit owes this one.
    pub(super) fn owes(&self, indicator: &IndicatorId) -> bool {
        self.due.contains(indicator)
    }

    /// The plan's indicator that a text names.
    ///
    /// # Errors
    /// `reference.unknown` at its place.
    pub(super) fn named(&self, named: &str, place: &Place) -> Result<&IndicatorSummary> {
        let within = said("trong kế hoạch của báo cáo này", "in the plan of this report");
        references::among::<IndicatorKey, _>(self.known.iter(), IndicatorSummary::names, named, place, &within)
    }

    /// The plan's indicator of this id, with its place in the plan.
    pub(super) fn find(&self, id: &str) -> Option<(usize, &IndicatorSummary)> {
        self.known.iter().enumerate().find(|(_, k)| k.id.as_str() == id)
    }

    /// Whether an indicator's figures point at persons. What is not known is taken for it.
    pub(super) fn restricts(&self, indicator: &str) -> bool {
        self.find(indicator).is_none_or(|(_, k)| k.restricted)
    }
}

/// The units as the period froze them: one that takes part owes what it is charged with, whatever became of it since; a
/// group that takes part itself is not replaced by members that came later.
fn as_frozen(mut all: Vec<UnitKey>, taking_part: &BTreeSet<UnitId>) -> Vec<UnitKey> {
    for unit in &mut all {
        if taking_part.contains(&unit.id) {
            (unit.active, unit.reports) = (true, true);
        } else if unit.parent.as_ref().is_some_and(|group| taking_part.contains(group)) {
            unit.reports = false;
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(code: &str, parent: Option<&str>, is_group: bool) -> UnitKey {
        let (jurisdiction, code_) = ("09385".to_owned(), code.to_owned());
        UnitKey {
            id: UnitId::from_text(code),
            jurisdiction,
            parent: parent.map(UnitId::from_text),
            code: code_,
            is_group,
            reports: true,
            active: true,
        }
    }

    fn owing(all: Vec<UnitKey>, taking_part: &[&str], charged: &[&str]) -> Vec<String> {
        let set = |codes: &[&str]| codes.iter().map(|code| UnitId::from_text(*code)).collect::<BTreeSet<_>>();
        let all = as_frozen(all, &set(taking_part));
        unit_room::charged(&all, &set(charged)).into_iter().map(|u| u.code).filter(|code| taking_part.contains(&code.as_str())).collect()
    }

    #[test]
    fn what_a_period_froze_stays_owed() {
        let schools = || vec![unit("U7", None, true), unit("U7.1", Some("U7"), false), unit("U7.2", Some("U7"), false)];
        assert_eq!(owing(schools(), &["U7.1", "U7.2"], &["U7"]), ["U7.1", "U7.2"]);
        // The schools came after the period had opened with their group alone.
        assert_eq!(owing(schools(), &["U7"], &["U7"]), ["U7"]);
        // Naming a member overrides the group, also where the member takes no part.
        assert!(owing(schools(), &["U7.1"], &["U7", "U7.2"]).is_empty());
        // A school that was closed after the opening owes what it owed.
        let mut closed = schools();
        closed[1].active = false;
        assert_eq!(owing(closed, &["U7.1", "U7.2"], &["U7"]), ["U7.1", "U7.2"]);
    }
}
