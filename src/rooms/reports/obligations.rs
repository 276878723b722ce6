//! What a unit owes in a period: the period's indicators that it is charged with.

use crate::db::Conn;
use crate::db::schema::{dimensions, indicators as indicator_rows, period_indicators, period_units};
use crate::problem::{Place, Result, said};
use crate::reading::references::{self, IndicatorKey};
use crate::rooms::indicators::{self, IndicatorSummary};
use crate::rooms::units::{self, UnitKey};
use crate::values::id::{IndicatorId, PeriodId, PlanId, UnitId};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Text;
use quick_cache::sync::Cache;
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

/// How many plans' indicators are kept in memory: a province has about a hundred wards.
const KEPT_PLANS: usize = 200;

/// Indicators, and the mark under which they are right.
type Marked = (String, Arc<Vec<IndicatorSummary>>);

/// The indicators of plans as they were read last, each with the mark under which that is right. Taking their definitions
/// apart would cost more than everything else that writing a figure does.
static KEPT: LazyLock<Cache<PlanId, Marked>> = LazyLock::new(|| Cache::new(KEPT_PLANS));

/// The indicators of a plan, from memory while they are unchanged.
fn known(c: &mut Conn, plan: &PlanId) -> Result<Arc<Vec<IndicatorSummary>>> {
    let mark = mark(c, plan)?;
    if let Some((kept, known)) = KEPT.get(plan)
        && kept == mark
    {
        return Ok(known);
    }
    let known = Arc::new(indicators::of_plan(c, plan)?);
    KEPT.insert(plan.clone(), (mark, known.clone()));
    Ok(known)
}

/// Differs whenever an indicator of the plan (with its units and dimensions) or a dimension is made, changed or deleted:
/// every change raises a version, and what is made anew bears a later instant.
fn mark(c: &mut Conn, plan: &PlanId) -> Result<String> {
    let of_indicators: String = indicator_rows::table
        .filter(indicator_rows::plan_id.eq(plan))
        .select(sql::<Text>(
            "COUNT(*) || ' ' || COALESCE(SUM(indicators.version), 0) || ' ' || COALESCE(CAST(MAX(indicators.updated_at) AS TEXT), '')",
        ))
        .first(c)?;
    let of_dimensions: String = dimensions::table
        .filter(dimensions::plan_id.eq(plan))
        .select(sql::<Text>(
            "COUNT(*) || ' ' || COALESCE(SUM(dimensions.version), 0) || ' ' || COALESCE(CAST(MAX(dimensions.updated_at) AS TEXT), '')",
        ))
        .first(c)?;
    Ok(format!("{of_indicators}, {of_dimensions}"))
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
    pub(super) fn load(c: &mut Conn, plan: &PlanId, period: &PeriodId, jurisdiction: &str, unit: &UnitId) -> Result<Self> {
        let known = known(c, plan)?;
        let asked: BTreeSet<IndicatorId> = period_indicators::table
            .filter(period_indicators::period_id.eq(period))
            .select(period_indicators::indicator_id)
            .load(c)?
            .into_iter()
            .collect();
        let taking_part: BTreeSet<UnitId> =
            period_units::table.filter(period_units::period_id.eq(period)).select(period_units::unit_id).load(c)?.into_iter().collect();
        let all = as_frozen(units::of_jurisdiction(c, jurisdiction)?, &taking_part);
        Ok(Self::of(known, &asked, &all, unit))
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
        units::charged(&all, &set(charged)).into_iter().map(|u| u.code).filter(|code| taking_part.contains(&code.as_str())).collect()
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
