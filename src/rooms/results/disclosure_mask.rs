//! What readers without the scope `restricted:read` do not see of a plan's figures: the rule of [`crate::disclosure`]
//! applied to what a restricted indicator's units say in one period (its *table*), and to all that follows from tables.
//!
//! Within a table further cells protect the small ones. What is made of several tables (a year of its quarters, a province
//! of its wards) is hidden as soon as one of its parts is: it is asked for at any time, over ever other parts, and what
//! changes between two answers would tell what was added.
//!
//! A table is judged when it is complete; before that its cells are hidden, for else each acceptance would tell, by how
//! the total moves, what was accepted. Approval of a consolidated report completes it as it stands. What an approved one
//! showed counts as known, and what it hid stays hidden.

use super::plan::PlanFigures;
use super::row::{Contributor, ResultRow};
use crate::disclosure::{self, Table};
use crate::figures::{self, Amounts, Pace, Rolled};
use crate::rooms::indicators::IndicatorSummary;
use crate::values::decimal::Fraction;
use crate::values::id::{IndicatorId, PeriodId, PlanId, ReportId, UnitId};
use crate::values::period::Label;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The whole, as the database writes a disaggregation without parts.
pub(super) const WHOLE: &str = "{}";

/// A cell of an indicator's table: a unit's figure or the total over the units; the whole or a part of it, as the database writes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) struct CellRef {
    pub unit: Option<UnitId>,
    pub part: String,
}

impl CellRef {
    pub(super) fn of(unit: UnitId, part: String) -> Self {
        Self { unit: Some(unit), part }
    }

    fn total() -> Self {
        Self { unit: None, part: WHOLE.to_owned() }
    }
}

/// What is hidden of the restricted indicators of some plans. The default hides nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DisclosureMask {
    /// The indicators whose figures are hidden unless a table says otherwise.
    pub(super) restricted: HashSet<IndicatorId>,
    pub(super) tables: HashMap<(PeriodId, IndicatorId), BTreeSet<CellRef>>,
}

impl DisclosureMask {
    /// Whether a unit's figure of an indicator in a period is hidden; `part` is a disaggregation as the database writes it.
    #[must_use]
    pub fn hides(&self, period: &PeriodId, indicator: &IndicatorId, unit: &UnitId, part: &str) -> bool {
        self.covers(period, indicator, &CellRef::of(unit.clone(), part.to_owned()))
    }

    fn covers(&self, period: &PeriodId, indicator: &IndicatorId, place: &CellRef) -> bool {
        match self.tables.get(&(period.clone(), indicator.clone())) {
            Some(hidden) => hidden.contains(place),
            None => self.restricted.contains(indicator),
        }
    }

    /// The same for each of these plans, which are all that it is about.
    pub(super) fn by_plan(self, figures: &[PlanFigures]) -> Vec<(PlanId, Self)> {
        let plan_of: HashMap<&IndicatorId, &PlanId> =
            figures.iter().flat_map(|of_plan| of_plan.known.iter().map(|known| (&known.id, &of_plan.plan.id))).collect();
        let mut masks: HashMap<&PlanId, Self> = figures.iter().map(|of_plan| (&of_plan.plan.id, Self::default())).collect();
        for indicator in self.restricted {
            if let Some(mask) = plan_of.get(&indicator).and_then(|plan| masks.get_mut(plan)) {
                mask.restricted.insert(indicator);
            }
        }
        for ((period, indicator), hidden) in self.tables {
            if let Some(mask) = plan_of.get(&indicator).and_then(|plan| masks.get_mut(plan)) {
                mask.tables.insert((period, indicator), hidden);
            }
        }
        masks.into_iter().map(|(plan, mask)| (plan.clone(), mask)).collect()
    }

    /// How many things it names.
    pub(super) fn size(&self) -> usize {
        self.restricted.len() + self.tables.values().map(|hidden| 1 + hidden.len()).sum::<usize>()
    }

    /// Both together, of different plans.
    pub fn extend(&mut self, other: Self) {
        self.restricted.extend(other.restricted);
        self.tables.extend(other.tables);
    }
}

/// What an approved consolidated report hid, as it is kept: of each of its tables, with the reports that were inside.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hidden {
    /// The reports whose figures were in, each with its revision.
    pub(super) reports: BTreeMap<ReportId, i32>,
    #[serde(rename = "sheets")]
    pub(super) tables: Vec<HiddenCells>,
}

impl Hidden {
    /// Whether an indicator was restricted then, so that it was decided what is hidden of it.
    #[must_use]
    pub fn judges(&self, indicator: &str) -> bool {
        self.tables.iter().any(|table| table.indicator.as_str() == indicator)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct HiddenCells {
    pub period: PeriodId,
    pub indicator: IndicatorId,
    pub hidden: BTreeSet<CellRef>,
}

/// The figures of a table's units.
pub(super) type Cells = BTreeMap<CellRef, Amounts>;

/// A table as an approved consolidated report froze it.
#[derive(Debug, Clone)]
pub(super) struct ApprovedTable {
    pub cells: Cells,
    /// What it hid; `None` if all of it.
    pub hidden: Option<BTreeSet<CellRef>>,
}

impl ApprovedTable {
    fn hid(&self, place: &CellRef) -> bool {
        self.hidden.as_ref().is_none_or(|hidden| hidden.contains(place))
    }
}

/// What the units say of a restricted indicator in a period, now and in every consolidated report that was approved.
#[derive(Debug, Clone)]
pub(super) struct IndicatorTable {
    /// Whether the total is the sum of the units.
    pub adds_up: bool,
    /// The dimensions that split without overlap.
    pub additive: BTreeSet<String>,
    /// What counts now.
    pub now: Cells,
    /// What was approved, the latest last.
    pub earlier: Vec<ApprovedTable>,
    /// Whether all who owe it have given it, and nothing was reopened since it was approved last.
    pub complete: bool,
}

/// A cell of the table: a place, and the first state of the table in which it read so.
type Key = (CellRef, usize);

impl IndicatorTable {
    /// What is hidden of what counts now.
    pub(super) fn hidden(&self, threshold: u32) -> BTreeSet<CellRef> {
        match self.earlier.last() {
            Some(last) if last.cells == self.now => match &last.hidden {
                Some(hidden) => hidden.clone(),
                None => self.all(),
            },
            _ if self.complete => self.judged(threshold),
            last => self.all().into_iter().filter(|place| last.is_none_or(|last| self.differs(last, place))).collect(),
        }
    }

    fn all(&self) -> BTreeSet<CellRef> {
        self.now.keys().cloned().chain([CellRef::total()]).collect()
    }

    /// Whether a figure is hidden in an earlier state or reads otherwise there.
    fn differs(&self, last: &ApprovedTable, place: &CellRef) -> bool {
        last.hid(place) || place.unit.is_none() || last.cells.get(place) != self.now.get(place)
    }

    /// The rule, with everything that may be known already.
    pub(super) fn judged(&self, threshold: u32) -> BTreeSet<CellRef> {
        let states: Vec<&Cells> = self.earlier.iter().map(|e| &e.cells).chain([&self.now]).collect();
        let mut table = Table::new();
        let mut already = BTreeSet::new();
        let mut keys: Vec<BTreeMap<CellRef, Key>> = Vec::new();
        for (at, cells) in states.iter().enumerate() {
            let own = self.put(&mut table, &states, at, cells);
            self.sums(&mut table, &own);
            keys.push(own);
        }
        for (earlier, own) in self.earlier.iter().zip(&keys) {
            for (place, key) in own {
                if earlier.hid(place) {
                    already.insert(key.clone());
                    // What was hidden stays so, whatever it is now.
                    already.extend(keys.last().and_then(|now| now.get(place)).cloned());
                } else {
                    table.shown_before(key);
                }
            }
        }
        let hidden = disclosure::decide(&table, threshold, &already);
        let now = keys.pop().unwrap_or_default();
        let mut found: BTreeSet<CellRef> = now.into_iter().filter(|(_, key)| hidden.hides(key)).map(|(place, _)| place).collect();
        if !self.adds_up && found.iter().any(|place| place.part == WHOLE) {
            found.insert(CellRef::total());
        }
        found
    }

    /// Puts a state's cells into the table, each once however many states say it, and the total with them.
    fn put(&self, table: &mut Table<Key>, states: &[&Cells], at: usize, cells: &Cells) -> BTreeMap<CellRef, Key> {
        let mut own = BTreeMap::new();
        let since = |same: &dyn Fn(&Cells) -> bool| states.iter().position(|state| same(state)).unwrap_or(at);
        for (place, amounts) in cells {
            let key = (place.clone(), since(&|state| state.get(place) == Some(amounts)));
            table.put(key.clone(), *amounts, place.unit.as_ref().map(UnitId::as_str));
            own.insert(place.clone(), key);
        }
        if self.adds_up && !cells.is_empty() {
            let key = (CellRef::total(), since(&|state| wholes(state).eq(wholes(cells))));
            table.put(key.clone(), added_up(cells), None);
            own.insert(CellRef::total(), key);
        }
        own
    }

    /// What adds up to what within a state: the units to the total, and in each unit the parts to what they are parts of.
    fn sums(&self, table: &mut Table<Key>, own: &BTreeMap<CellRef, Key>) {
        let units = own.iter().filter(|(place, _)| place.unit.is_some() && place.part == WHOLE).map(|(_, key)| key);
        if let Some(total) = own.get(&CellRef::total()) {
            table.sum(total, units);
        }
        let mut families: BTreeMap<(CellRef, Vec<String>), Vec<&Key>> = BTreeMap::new();
        for (place, key) in own.iter().filter(|(place, _)| place.unit.is_some() && place.part != WHOLE) {
            for (parent, along) in self.parents(place) {
                families.entry((parent, along)).or_default().push(key);
            }
        }
        for ((parent, _), parts) in families {
            if let Some(total) = own.get(&parent) {
                table.sum(total, parts);
            }
        }
    }

    /// The places to which a part adds, each with the dimensions along which it does: one for every choice of the
    /// additive dimensions that it has.
    fn parents(&self, place: &CellRef) -> Vec<(CellRef, Vec<String>)> {
        let parts: BTreeMap<String, String> = serde_json::from_str(&place.part).unwrap_or_default();
        let along: Vec<&String> = parts.keys().filter(|dimension| self.additive.contains(*dimension)).collect();
        let choices = 1_usize << along.len().min(8);
        (1..choices)
            .map(|choice| {
                let dropped: Vec<String> =
                    along.iter().enumerate().filter(|(bit, _)| choice >> bit & 1 == 1).map(|(_, dimension)| (*dimension).clone()).collect();
                let kept: BTreeMap<&String, &String> = parts.iter().filter(|(dimension, _)| !dropped.contains(dimension)).collect();
                let part = serde_json::to_string(&kept).unwrap_or_default();
                // Parts of the same dimensions add up together: sexes, or sexes in each age.
                let dimensions = parts.keys().cloned().chain(dropped).collect();
                (CellRef { unit: place.unit.clone(), part }, dimensions)
            })
            .collect()
    }
}

/// The units' own totals.
fn wholes(cells: &Cells) -> impl Iterator<Item = (&CellRef, &Amounts)> {
    cells.iter().filter(|(place, _)| place.part == WHOLE)
}

fn added_up(cells: &Cells) -> Amounts {
    wholes(cells).fold(Amounts::default(), |sum, (_, amounts)| sum.plus(*amounts))
}

impl PlanFigures {
    /// Whether the figure of an indicator in a year, a quarter or a month is hidden: its own, or one that it is made of.
    #[must_use]
    pub fn hides(&self, mask: &DisclosureMask, known: &IndicatorSummary, label: Label) -> bool {
        let then = known.in_year(label.year());
        let restricted = then.as_ref().is_some_and(|known| known.restricted);
        restricted && self.behind(known, label).into_iter().any(|period| self.hides_in(mask, known, period))
    }

    fn hides_in(&self, mask: &DisclosureMask, known: &IndicatorSummary, period: &super::KnownPeriod) -> bool {
        self.as_asked(known, period).restricted
            && self.cells.contains_key(&(period.id.clone(), known.id.clone()))
            && mask.covers(&period.id, &known.id, &CellRef::total())
    }

    /// The first year with a value that is shown, of those that can be compared with a year, quarter or month.
    #[must_use]
    pub fn first_shown(&self, mask: &DisclosureMask, known: &IndicatorSummary, of: Label) -> Option<(i32, Fraction)> {
        self.comparable_years(known, of).find_map(|year| {
            let label = Label::Year(year);
            let value = if self.hides(mask, known, label) { None } else { self.figure(known, label).rolled.value };
            value.map(|value| (year, value))
        })
    }

    /// A row as it is shown to readers from whom it may be hidden.
    #[must_use]
    pub fn masked(&self, mask: &DisclosureMask, known: &IndicatorSummary, label: Label, row: ResultRow) -> ResultRow {
        if !known.ever_restricted() {
            return row;
        }
        let row = self.with_contributors_masked(mask, known, row);
        if self.hides(mask, known, label) {
            return row.hidden();
        }
        let before = super::label_before(label);
        let row = if self.hides(mask, known, before) { row.without_before() } else { row };
        let (first, shown) = (self.first_reported(known, label), self.first_shown(mask, known, label));
        if first == shown { row } else { ResultRow { pace: Some(self.pace_from(known, label, shown)), ..row } }
    }

    /// The same of a period of whatever kind.
    #[must_use]
    pub fn masked_in_period(
        &self,
        mask: &DisclosureMask,
        known: &IndicatorSummary,
        period: &super::KnownPeriod,
        row: ResultRow,
    ) -> ResultRow {
        match super::plan::label_in(known, period) {
            Some(label) => self.masked(mask, known, label, row),
            None => {
                let row = self.with_contributors_masked(mask, known, row);
                if self.hides_in(mask, known, period) { row.hidden() } else { row }
            }
        }
    }

    fn pace_from(&self, known: &IndicatorSummary, label: Label, first: Option<(i32, Fraction)>) -> Pace {
        let rolled: Rolled = self.figure(known, label).rolled;
        let then = known.in_year(label.year());
        figures::pace(&then.as_deref().unwrap_or(known).measure(), label, &rolled, self.plan.start_year, first)
    }

    fn with_contributors_masked(&self, mask: &DisclosureMask, known: &IndicatorSummary, row: ResultRow) -> ResultRow {
        let masked = |contributor: Contributor| {
            let period = PeriodId::from_text(contributor.period.id.clone());
            let unit = UnitId::from_text(contributor.unit.id.clone());
            let restricted = self.period(&period).is_none_or(|period| self.as_asked(known, period).restricted);
            if restricted && mask.hides(&period, &known.id, &unit, WHOLE) { contributor.hidden() } else { contributor }
        };
        ResultRow { contributors: row.contributors.into_iter().map(masked).collect(), ..row }
    }
}
