//! What readers without the scope `restricted:read` do not see of a plan's figures: the rule of [`crate::disclosure`]
//! applied to what a restricted indicator's units say in one period (its *table*), and to all that follows from tables.
//!
//! Within a table further cells protect the small ones; what the units say of a part (women, men) has a total as the whole has. What is made of several tables (a year of its quarters, a province
//! of its wards) is hidden as soon as one of its parts is: it is asked for at any time, over ever other parts, and what
//! changes between two answers would tell what was added.
//!
//! A table is judged when it is complete; before that its cells are hidden, for else each acceptance would tell, by how
//! the total moves, what was accepted. Approval of a consolidated report completes it as it stands. What an approved one
//! showed counts as known, and what it hid stays hidden.

use super::breakdown::Breakdown;
use super::cell_ref::{CellRef, WHOLE};
use super::plan::{KnownPeriod, PlanFigures};
use super::row::{Contributor, ResultRow};
use crate::disclosure::{self, Table};
use crate::figures::{self, Amounts, Outcome, Pace, Part, Rolled};
use crate::rooms::indicators::IndicatorSummary;
use crate::values::decimal::Fraction;
use crate::values::id::{IndicatorId, PeriodId, PlanId, ReportId, UnitId};
use crate::values::period::Label;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

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
            Some(hidden) => hidden.contains(place) || (place.is_total_of_part() && hidden.contains(&CellRef::totals_of_parts())),
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
    /// Whether it decided about the totals of parts: earlier versions showed none.
    #[serde(default)]
    pub(super) parts: bool,
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

/// A table as an approved consolidated report froze it, or as it was shown before there was one.
#[derive(Debug, Clone)]
pub(super) struct ApprovedTable {
    pub cells: Cells,
    /// What it hid; `None` if all of it.
    pub hidden: Option<BTreeSet<CellRef>>,
    /// Whether it showed totals of parts.
    pub parts: bool,
    /// Whether it is still approved; of one that was rejected again, or shown before, it is known what it showed.
    pub stands: bool,
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
    /// What was accepted and does not count, since another unit owes it now: no sum tells how much of it may be shown.
    pub uncounted: BTreeSet<CellRef>,
    /// What was approved, or shown before that, the latest last.
    pub earlier: Vec<ApprovedTable>,
    /// Whether all who owe it have given it, and nothing was reopened since it was approved last.
    pub complete: bool,
}

/// The cells of a state of the table, and whether it shows totals of parts.
type State<'a> = (&'a Cells, bool);
/// A cell of the table: a place, and the first state of the table in which it read so.
type Key = (CellRef, usize);

impl IndicatorTable {
    /// What is hidden of what counts now.
    pub(super) fn hidden(&self, threshold: u32) -> BTreeSet<CellRef> {
        self.hidden_of_counted(threshold).into_iter().chain(self.uncounted.iter().cloned()).collect()
    }

    fn hidden_of_counted(&self, threshold: u32) -> BTreeSet<CellRef> {
        match self.earlier.iter().rfind(|approved| approved.stands) {
            Some(last) if last.cells == self.now => match &last.hidden {
                Some(hidden) if last.parts => hidden.clone(),
                Some(hidden) => hidden.iter().cloned().chain([CellRef::totals_of_parts()]).collect(),
                None => self.all(),
            },
            _ if self.complete => self.judged(threshold),
            last => self.all().into_iter().filter(|place| last.is_none_or(|last| self.differs(last, place))).collect(),
        }
    }

    fn all(&self) -> BTreeSet<CellRef> {
        self.now.keys().cloned().chain([CellRef::total(), CellRef::totals_of_parts()]).collect()
    }

    /// Whether a figure is hidden in an earlier state or reads otherwise there.
    fn differs(&self, last: &ApprovedTable, place: &CellRef) -> bool {
        last.hid(place) || place.unit.is_none() || last.cells.get(place) != self.now.get(place)
    }

    /// Takes as known what the table showed when it was complete and read so.
    pub(super) fn show(&mut self, cells: Cells, threshold: u32) {
        if self.earlier.iter().any(|earlier| earlier.cells == cells) {
            return;
        }
        let hidden = Self { now: cells.clone(), ..self.clone() }.judged(threshold);
        self.earlier.push(ApprovedTable { cells, hidden: Some(hidden), parts: true, stands: false });
    }

    /// The rule, with everything that may be known already.
    pub(super) fn judged(&self, threshold: u32) -> BTreeSet<CellRef> {
        let states: Vec<State> = self.earlier.iter().map(|e| (&e.cells, e.parts)).chain([(&self.now, true)]).collect();
        let mut table = Table::new();
        let mut already = BTreeSet::new();
        let mut keys: Vec<BTreeMap<CellRef, Key>> = Vec::new();
        for at in 0..states.len() {
            let own = self.put(&mut table, &states, at);
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
            already.extend(keys.last().into_iter().flat_map(|now| taken_over(earlier, own, now)));
        }
        let hidden = disclosure::decide(&table, threshold, &already);
        let now = keys.pop().unwrap_or_default();
        let mut found: BTreeSet<CellRef> = now.into_iter().filter(|(_, key)| hidden.hides(key)).map(|(place, _)| place).collect();
        // A part of several dimensions, or of one whose values overlap, may leave a small rest along ways that are no sums here.
        found.extend(self.now.keys().filter(|place| place.part != WHOLE && !self.has_total(&place.part)).cloned());
        if !self.adds_up {
            // Each total is then what one of the units says.
            found.extend(found.clone().into_iter().map(|place| CellRef { unit: None, ..place }));
        }
        found
    }

    /// Puts a state's cells into the table, each once however many states say it, and the totals with them.
    fn put(&self, table: &mut Table<Key>, states: &[State], at: usize) -> BTreeMap<CellRef, Key> {
        let mut own = BTreeMap::new();
        let Some((cells, parts)) = states.get(at) else { return own };
        for (place, amounts) in *cells {
            let since = states.iter().position(|(state, _)| state.get(place) == Some(amounts)).unwrap_or(at);
            table.put((place.clone(), since), *amounts, place.unit.as_ref().map(UnitId::as_str));
            own.insert(place.clone(), (place.clone(), since));
        }
        for (place, rest) in cells.iter().filter(|_| *parts).flat_map(|(place, whole)| self.rests(cells, place, *whole)) {
            let same = |(state, parts): &State| {
                let whole = state.get(&CellRef { part: WHOLE.to_owned(), ..place.clone() });
                *parts && whole.is_some_and(|whole| self.rests(state, &place, *whole).contains(&(place.clone(), rest)))
            };
            let key = (place.clone(), states.iter().position(same).unwrap_or(at));
            table.put(key.clone(), rest, place.unit.as_ref().map(UnitId::as_str));
            own.insert(place, key);
        }
        let split = cells.keys().map(|place| place.part.as_str()).filter(|part| *parts && self.has_total(part));
        let totals: BTreeSet<&str> = split.chain((!cells.is_empty()).then_some(WHOLE)).collect();
        for part in totals.into_iter().filter(|_| self.adds_up) {
            let same = |(state, parts): &State| (part == WHOLE || *parts) && said_of(state, part).eq(said_of(cells, part));
            let key = (CellRef { unit: None, part: part.to_owned() }, states.iter().position(same).unwrap_or(at));
            let sum = said_of(cells, part).fold(Amounts::default(), |sum, (_, amounts)| sum.plus(*amounts));
            table.put(key.clone(), sum, None);
            own.insert(key.0.clone(), key);
        }
        own
    }

    /// What of a unit's whole is in none of the parts that it gave, by dimension: who gives women alone gives the others too, so
    /// that it is a cell as any other, though nobody wrote it and it is shown nowhere.
    fn rests(&self, cells: &Cells, place: &CellRef, whole: Amounts) -> Vec<(CellRef, Amounts)> {
        let rest = |dimension: &String| {
            let given = |of: &CellRef| of.unit == place.unit && self.has_total(&of.part) && one_of(&of.part, dimension);
            let mut given = cells.iter().filter(|(of, _)| given(of)).map(|(_, amounts)| *amounts).peekable();
            given.peek()?;
            let rest = whole.minus(given.fold(Amounts::default(), Amounts::plus))?;
            let part = serde_json::json!({dimension.as_str(): null}).to_string();
            Some((CellRef { unit: place.unit.clone(), part }, rest))
        };
        if place.unit.is_none() || place.part != WHOLE {
            return Vec::new();
        }
        self.additive.iter().filter_map(rest).collect()
    }

    /// Whether what the units say of a part is added up and shown: of one value of a dimension that splits without overlap.
    fn has_total(&self, part: &str) -> bool {
        let parts: BTreeMap<String, String> = serde_json::from_str(part).unwrap_or_default();
        parts.len() == 1 && parts.keys().all(|dimension| self.additive.contains(dimension))
    }

    /// What adds up to what within a state: the units to the totals, and in each unit the parts to what they are parts of.
    fn sums(&self, table: &mut Table<Key>, own: &BTreeMap<CellRef, Key>) {
        for (place, total) in own.iter().filter(|(place, _)| place.unit.is_none()) {
            table.sum(total, own.iter().filter(|(of, _)| of.unit.is_some() && of.part == place.part).map(|(_, key)| key));
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
        // A rest has no value.
        let parts: BTreeMap<String, Option<String>> = serde_json::from_str(&place.part).unwrap_or_default();
        let along: Vec<&String> = parts.keys().filter(|dimension| self.additive.contains(*dimension)).collect();
        let choices = 1_usize << along.len().min(8);
        (1..choices)
            .map(|choice| {
                let dropped: Vec<String> =
                    along.iter().enumerate().filter(|(bit, _)| choice >> bit & 1 == 1).map(|(_, dimension)| (*dimension).clone()).collect();
                let kept: BTreeMap<&String, &Option<String>> = parts.iter().filter(|(dimension, _)| !dropped.contains(dimension)).collect();
                let part = serde_json::to_string(&kept).unwrap_or_default();
                // Parts of the same dimensions add up together: sexes, or sexes in each age.
                let dimensions = parts.keys().cloned().chain(dropped).collect();
                (CellRef { unit: place.unit.clone(), part }, dimensions)
            })
            .collect()
    }
}

/// What of the present figures may hold hidden ones of a unit that is no longer on the table: who took over its cases gives them away by
/// how much his own grew, also in parts that the other one never gave.
fn taken_over(earlier: &ApprovedTable, own: &BTreeMap<CellRef, Key>, now: &BTreeMap<CellRef, Key>) -> Vec<Key> {
    let here: BTreeSet<&UnitId> = now.keys().filter_map(|place| place.unit.as_ref()).collect();
    let is_gone = |place: &CellRef| place.unit.as_ref().is_some_and(|unit| !here.contains(unit));
    if !own.keys().any(|place| is_gone(place) && earlier.hid(place)) {
        return Vec::new();
    }
    let grew = |(place, key): &(&CellRef, &Key)| place.unit.is_some() && own.get(*place) != Some(*key);
    now.iter().filter(grew).map(|(_, key)| key.clone()).collect()
}

/// Whether a part is a value of a dimension.
fn one_of(part: &str, dimension: &str) -> bool {
    serde_json::from_str::<BTreeMap<String, String>>(part).is_ok_and(|parts| parts.contains_key(dimension))
}

/// What the units say of the whole, or of a part.
fn said_of<'a>(cells: &'a Cells, part: &str) -> impl Iterator<Item = (&'a CellRef, &'a Amounts)> {
    cells.iter().filter(move |(place, _)| place.part == part)
}

impl PlanFigures {
    /// Whether the figure of an indicator in a year, a quarter or a month is hidden: its own, or one that it is made of.
    #[must_use]
    pub fn hides(&self, mask: &DisclosureMask, known: &IndicatorSummary, label: Label) -> bool {
        let then = known.in_year(label.year());
        let restricted = then.as_ref().is_some_and(|known| known.restricted);
        restricted && self.behind(known, label).into_iter().any(|period| self.hides_in(mask, known, period))
    }

    fn hides_in(&self, mask: &DisclosureMask, known: &IndicatorSummary, period: &KnownPeriod) -> bool {
        self.hides_cell(mask, known, period, &CellRef::total())
    }

    fn hides_cell(&self, mask: &DisclosureMask, known: &IndicatorSummary, period: &KnownPeriod, place: &CellRef) -> bool {
        self.as_asked(known, period).restricted && !self.cells_of(known, period).is_empty() && mask.covers(&period.id, &known.id, place)
    }

    /// What is said of each part of an indicator in a year, a quarter or a month, as readers see it from whom it may be hidden.
    #[must_use]
    pub fn parts_shown(&self, mask: &DisclosureMask, known: &IndicatorSummary, label: Label) -> Vec<Part> {
        let then = known.in_year(label.year());
        let hides = |period: &KnownPeriod, place: &CellRef| self.hides_cell(mask, known, period, place);
        then.map(|known| self.parts(&known, label, &hides)).unwrap_or_default()
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
        let then = known.in_year(label.year());
        let rolled = self.figure(known, label).rolled;
        let row = with_parts_masked(row, then.as_deref().unwrap_or(known), label, &rolled, &self.parts_shown(mask, known, label));
        if self.hides(mask, known, label) {
            return row.hidden();
        }
        let before = label.before();
        let row = if self.hides(mask, known, before) { row.without_before() } else { row };
        let (first, shown) = (self.first_reported(known, label), self.first_shown(mask, known, label));
        if first == shown || row.pace.is_none() {
            return row;
        }
        let measure = then.as_deref().unwrap_or(known).measure();
        ResultRow { pace: Some(figures::pace(&measure, label, &rolled, row.result, self.plan.start_year, shown)), ..row }
    }

    /// The same of a period of whatever kind.
    #[must_use]
    pub fn masked_in_period(&self, mask: &DisclosureMask, known: &IndicatorSummary, period: &KnownPeriod, row: ResultRow) -> ResultRow {
        match super::plan::label_in(known, period) {
            Some(label) => self.masked(mask, known, label, row),
            None => {
                let row = self.with_contributors_masked(mask, known, row);
                let (asked, label) = (self.as_asked(known, period), super::plan::judged_as(known.frequency, period.ends_on));
                let hides = |period: &KnownPeriod, place: &CellRef| self.hides_cell(mask, known, period, place);
                let parts = self.parts_in(&asked, &[period], self.choice_in(known, period), &hides);
                let row = with_parts_masked(row, &asked, label, &self.figure_of_period(known, period).rolled, &parts);
                if self.hides_in(mask, known, period) { row.hidden() } else { row }
            }
        }
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

/// A row with its parts as they are shown. A result that a hidden part has a say in is hidden with it.
fn with_parts_masked(row: ResultRow, known: &IndicatorSummary, label: Label, rolled: &Rolled, parts: &[Part]) -> ResultRow {
    if row.breakdowns.is_empty() {
        return row;
    }
    let measure = known.measure();
    let breakdowns = parts.iter().map(|part| Breakdown::of(part, &measure, label)).collect();
    let row = ResultRow { breakdowns, ..row };
    if !parts.iter().any(|part| part.hidden) {
        return row;
    }
    let result = figures::judge_with_parts(&measure, label, rolled, parts);
    let year_result = figures::year_result_with_parts(&measure, label, rolled, parts);
    let pace: Option<Pace> = row.pace.filter(|_| result != Outcome::Suppressed);
    ResultRow { result, year_result, pace, ..row }
}
