//! What a unit owes in a period: as it was frozen when the period was opened and, since, changed by transfers.

use super::table::{Marks, ReportRow};
use crate::db::schema::{period_indicators, period_obligations};
use crate::db::{self, Conn};
use crate::problem::{Place, Result, said};
use crate::reading::references::{self, IndicatorKey};
use crate::rooms::indicators::{self as indicator_room, IndicatorDimension, IndicatorSummary};
use crate::values::id::{IndicatorId, PeriodId, UnitId};
use diesel::prelude::*;
use quick_cache::sync::Cache;
use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::sync::{Arc, LazyLock};

/// How many periods are kept in memory: a province has about a hundred wards.
const KEPT: usize = 200;

/// Values by their keys, each with the mark under which it is right.
type Marked<K, V> = Cache<K, (String, Arc<V>)>;

/// What was read last, each with the mark under which it is right: see [`Marks`]. Reading it anew would cost more than
/// everything else that writing a figure does.
static PERIODS: LazyLock<Marked<PeriodId, PeriodContent>> = LazyLock::new(|| Cache::new(KEPT));

/// What a period asks, and of whom.
#[derive(Debug)]
struct PeriodContent {
    /// The indicators of the plan: those that the period asks in the version that it froze, the others as they are.
    known: Arc<Vec<IndicatorSummary>>,
    owed: HashMap<UnitId, BTreeSet<IndicatorId>>,
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

fn period_content(c: &mut Conn, report: &ReportRow) -> Result<PeriodContent> {
    use {period_indicators as i, period_obligations as o};
    type Asked = (IndicatorId, Option<i32>, Option<String>);
    let period = &report.period_id;
    let asked: Vec<Asked> =
        i::table.filter(i::period_id.eq(period)).select((i::indicator_id, i::definition_version, i::dimensions)).load(c)?;
    let held: Vec<(UnitId, IndicatorId)> =
        o::table.filter(o::period_id.eq(period)).filter(o::until.is_null()).select((o::unit_id, o::indicator_id)).load(c)?;
    let mut known = indicator_room::of_plan(c, &report.plan_id)?;
    for (id, version, dimensions) in asked {
        let Some(one) = known.iter_mut().find(|known| known.id == id) else { continue };
        if let Some(asked) = version.and_then(|version| one.in_version(version)) {
            *one = asked;
        }
        if let Some(dimensions) = db::from_json_opt::<Vec<IndicatorDimension>>(dimensions.as_deref())? {
            one.dimensions = dimensions;
        }
    }
    let mut owed: HashMap<UnitId, BTreeSet<IndicatorId>> = HashMap::new();
    for (unit, indicator) in held {
        owed.entry(unit).or_default().insert(indicator);
    }
    Ok(PeriodContent { known: Arc::new(known), owed })
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
        let content = kept(&PERIODS, &report.period_id, &marks.of_period(), || period_content(c, report))?;
        Ok(Self::of(content.known.clone(), content.owed.get(&report.unit_id).cloned().unwrap_or_default()))
    }

    /// Of these indicators, these.
    pub(super) fn of(known: Arc<Vec<IndicatorSummary>>, due: BTreeSet<IndicatorId>) -> Self {
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

    /// The indicators of the plan whose figures point at persons.
    pub(super) fn restricted(&self) -> Vec<IndicatorId> {
        self.known.iter().filter(|known| known.restricted).map(|known| known.id.clone()).collect()
    }

    /// Whether an indicator's figures point at persons. What is not known is taken for it.
    pub(super) fn restricts(&self, indicator: &str) -> bool {
        self.find(indicator).is_none_or(|(_, k)| k.restricted)
    }

    /// The same of any of its versions: beside a figure of this period stand those of former ones.
    pub(super) fn ever_restricts(&self, indicator: &str) -> bool {
        self.find(indicator).is_none_or(|(_, k)| k.ever_restricted())
    }
}
