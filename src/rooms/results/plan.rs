//! The figures of one plan, in memory.

use super::breakdown::Split;
use super::revision::Published;
use super::row::{Contributor, Figure, ResultRow};
use crate::figures::{self, Coverage, Measure, Observation, ObservationStatus, PeriodOutcome, RollUp, Rolled, State};
use crate::rooms::indicators::{IndicatorSummary, PlanIndicators};
use crate::rooms::plans::PlanKey;
use crate::rooms::units::UnitKey;
use crate::values::clock::UtcTime;
use crate::values::decimal::Fraction;
use crate::values::id::{IndicatorId, PeriodId, ReportId, UnitId};
use crate::values::period::{Frequency, Label};
use crate::values::{PeriodRef, Ref};
use chrono::{Datelike, NaiveDate};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::RangeInclusive;
use std::sync::Arc;

/// The total that one unit reported for an indicator in a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedTotal {
    /// Who reported it.
    pub unit: UnitId,
    /// In which report.
    pub report: ReportId,
    /// What it says.
    pub observation: Observation,
    /// What it says of its parts, each by one dimension and its value.
    pub parts: Vec<((String, String), Observation)>,
}

/// A reporting period, as far as figures depend on it.
#[derive(Debug, Clone)]
pub struct KnownPeriod {
    /// Its id.
    pub id: PeriodId,
    /// What it is called.
    pub name: String,
    /// Its label, if it is periodic.
    pub label: Option<Label>,
    /// The last day it is about.
    pub ends_on: NaiveDate,
    /// Whether a figure that is not there counts as not given.
    pub due: bool,
    /// What is published of it by a consolidated report of its own.
    pub published: Option<Published>,
    /// What it asks, each in the version that it froze, and of whom; `None` while it follows the plan.
    pub frozen: Option<BTreeMap<IndicatorId, AskedOf>>,
}

/// An indicator that a period asks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AskedOf {
    /// The version of its definition.
    pub version: i32,
    /// The indicator of the province's plan to which it answers.
    pub counterpart: Option<IndicatorId>,
    /// The units that owe it, those left out that are excused.
    pub units: BTreeSet<UnitId>,
    /// Those that are excused: they owe nothing, but what was accepted of theirs counts.
    pub excused: BTreeSet<UnitId>,
}

impl KnownPeriod {
    /// As an answer names it.
    #[must_use]
    pub fn reference(&self) -> PeriodRef {
        PeriodRef { id: self.id.clone().into(), label: self.name.clone() }
    }
}

/// All that a plan's figures are made of.
#[derive(Debug, Clone)]
pub struct PlanFigures {
    /// The plan.
    pub plan: PlanKey,
    /// Its indicators in its order, as they are in their newest version.
    pub known: Arc<PlanIndicators>,
    /// The units of its jurisdiction in its order.
    pub units: Vec<UnitKey>,
    /// Its periods, by time.
    pub periods: Vec<KnownPeriod>,
    /// The totals that count.
    pub cells: HashMap<(PeriodId, IndicatorId), Vec<ReportedTotal>>,
    /// By which dimensions and values opened periods split what they ask, of the year that is spoken of.
    pub splits: HashMap<(PeriodId, IndicatorId), Vec<Split>>,
    /// Whose single-source figure somebody decided to count.
    pub chosen: HashMap<(PeriodId, IndicatorId), UnitId>,
    /// When what is published of a year was computed; empty where accepted figures are read.
    pub computed: HashMap<i32, UtcTime>,
}

impl PlanFigures {
    /// Whether an indicator was there when what is read of a year was computed: one that was made later is in no count of it.
    #[must_use]
    pub fn knew(&self, known: &IndicatorSummary, year: i32) -> bool {
        self.computed.get(&year).is_none_or(|computed_at| known.created_at <= *computed_at)
    }

    /// The period with this id.
    #[must_use]
    pub fn period(&self, id: &PeriodId) -> Option<&KnownPeriod> {
        self.periods.iter().find(|p| p.id == *id)
    }

    /// The periodic period with this label.
    #[must_use]
    pub fn labelled(&self, label: Label) -> Option<&KnownPeriod> {
        self.periods.iter().find(|p| p.label == Some(label))
    }

    /// What is published of a year, quarter or month: by its own consolidated report, else by that of its year.
    #[must_use]
    pub fn published(&self, label: Label) -> Option<Published> {
        let of = |label: Label| self.labelled(label)?.published;
        of(label).into_iter().chain(of(Label::Year(label.year()))).max_by_key(|published| published.computed_at)
    }

    /// Whether any figure of a year, quarter or month counts.
    #[must_use]
    pub fn has_figures(&self, label: Label) -> bool {
        let within =
            |period: &&KnownPeriod| period.label.is_some_and(|of| of == label || matches!(label, Label::Year(year) if of.year() == year));
        let periods: Vec<&PeriodId> = self.periods.iter().filter(within).map(|period| &period.id).collect();
        self.cells.keys().any(|(period, _)| periods.contains(&period))
    }

    /// The figure of an indicator in a year, or in a quarter or month of its own frequency, by what it means in that year. A quarterly
    /// or monthly indicator's year is made of its periods that are due or accepted so far.
    #[must_use]
    pub fn figure(&self, known: &IndicatorSummary, label: Label) -> Figure {
        let Some(known) = known.in_year(label.year()) else { return Figure::nothing(0) };
        let known = &*known;
        if known.frequency == label.frequency() {
            let of_own = |period| self.alone(known, period, self.choice(known, label, &[]));
            return self.labelled(label).map_or_else(|| Figure::nothing(0), of_own);
        }
        if !matches!(label, Label::Year(_)) {
            return Figure::nothing(0);
        }
        let measure = known.measure();
        let counted = self.counted(known, label);
        match (measure.roll_up, counted.as_slice()) {
            (RollUp::ShareOfPeriods, _) => self.share(known, &measure, label, &counted),
            (RollUp::SingleSource, [latest, ..]) => self.alone(known, latest, self.choice(known, label, &counted)),
            (RollUp::SingleSource, []) => Figure::nothing(0),
            (RollUp::RatioOfSums | RollUp::Sum | RollUp::All, _) => self.over(known, &measure, &counted),
        }
    }

    /// The periods that count in a year, or in a quarter or month of its own frequency: those that are due or have given something.
    pub(super) fn counted(&self, known: &IndicatorSummary, label: Label) -> Vec<&KnownPeriod> {
        let within = self.behind(known, label);
        let given = |period: &&KnownPeriod| !self.cells_of(known, period).is_empty();
        match known.definition.roll_up {
            _ if known.frequency == label.frequency() => within,
            // Of several surveys in a year the latest counts.
            RollUp::SingleSource => within.into_iter().rev().find(given).into_iter().collect(),
            _ => within.into_iter().filter(|period| period.due || given(period)).collect(),
        }
    }

    /// The figure of an indicator in one period, of whatever kind, made of that period's own totals.
    #[must_use]
    pub fn figure_in_period(&self, known: &IndicatorSummary, period: &PeriodId) -> Figure {
        self.period(period).map_or_else(|| Figure::nothing(0), |period| self.alone_in(&self.as_asked(known, period), period))
    }

    /// The first year of the plan with a value, where the line of an indicator without a baseline begins: it begins anew where the
    /// indicator began to mean something else.
    #[must_use]
    pub fn first_reported(&self, known: &IndicatorSummary, label: Label) -> Option<(i32, Fraction)> {
        self.comparable_years(known, label).find_map(|year| self.figure(known, Label::Year(year)).rolled.value.map(|value| (year, value)))
    }

    /// The years of the plan, from that in which the indicator took on what it means in a year, quarter or month.
    pub(super) fn comparable_years(&self, known: &IndicatorSummary, label: Label) -> RangeInclusive<i32> {
        let breaks = |year: &i32| self.breaks(known, Label::Year(*year), label);
        let first = (self.plan.start_year..label.year()).rev().find(breaks).map_or(self.plan.start_year, |year| year + 1);
        first..=self.plan.end_year
    }

    /// Whether an indicator's figures of two years, quarters or months cannot be compared.
    pub(super) fn breaks(&self, known: &IndicatorSummary, one: Label, other: Label) -> bool {
        match (known.in_year(one.year()), known.in_year(other.year())) {
            (Some(one), Some(other)) => one.breaks_from(&other),
            _ => false,
        }
    }

    /// A row of results: the figure of a year, a quarter or a month, judged by what was wanted then, beside that of the one before.
    #[must_use]
    pub fn row(&self, known: &IndicatorSummary, label: Label) -> ResultRow {
        let figure = self.figure(known, label);
        let before = label.before();
        let comparable = Some(before).filter(|before| !self.breaks(known, *before, label));
        let before = comparable.map(|before| self.figure(known, before).rolled);
        let as_then = known.in_year(label.year());
        let first = self.first_reported(known, label);
        let parts = as_then.as_deref().map(|known| self.all_parts(known, label)).unwrap_or_default();
        ResultRow::of(as_then.as_deref().unwrap_or(known), &self.plan, figure, &parts, label, (before.as_ref(), first))
    }

    /// A row of results of a period. A periodic one says what its label means; any other one, and an indicator that is
    /// not of the period's frequency, stands for itself, without what came before.
    #[must_use]
    pub fn row_in_period(&self, known: &IndicatorSummary, period: &KnownPeriod) -> ResultRow {
        match label_in(known, period) {
            Some(label) => self.row(known, label),
            None => {
                let asked = self.as_asked(known, period);
                let parts = self.all_parts_in(&asked, period);
                let label = judged_as(known.frequency, period.ends_on);
                ResultRow::of(&asked, &self.plan, self.alone_in(&asked, period), &parts, label, (None, None))
            }
        }
    }

    /// The same without judgement.
    #[must_use]
    pub fn figure_of_period(&self, known: &IndicatorSummary, period: &KnownPeriod) -> Figure {
        label_in(known, period).map_or_else(|| self.alone_in(&self.as_asked(known, period), period), |label| self.figure(known, label))
    }

    /// An indicator as a period asks it, or would ask it: in the version that it froze, else in that of its year.
    #[must_use]
    pub fn as_asked<'a>(&self, known: &'a IndicatorSummary, period: &KnownPeriod) -> Cow<'a, IndicatorSummary> {
        let frozen = period.frozen.as_ref().and_then(|asked| asked.get(&known.id)).map(|asked| asked.version);
        let asked = match frozen {
            Some(version) if version == known.definition_version => None,
            Some(version) => known.in_version(version).map(Cow::Owned),
            None => known.in_year(period.ends_on.year()),
        };
        asked.unwrap_or(Cow::Borrowed(known))
    }

    /// The indicators that a year, quarter or month speaks of, as they are in its year.
    pub fn spoken_of(&self, label: Label) -> impl Iterator<Item = Cow<'_, IndicatorSummary>> {
        let spoken = move |known: &&IndicatorSummary| speaks_of(known, label) && self.knew(known, label.year());
        self.known.iter().filter(spoken).filter_map(move |known| known.in_year(label.year()))
    }

    /// The indicators that a consolidated report of this period speaks of, in the plan's order: the period's own and, in
    /// an annual one, those reported more often.
    pub fn indicators_of<'a>(&'a self, period: &'a KnownPeriod) -> impl Iterator<Item = &'a IndicatorSummary> {
        let frequency = period.label.map(Label::frequency);
        let then = |known: &IndicatorSummary| known.in_year(period.ends_on.year()).is_some();
        self.known.iter().filter(move |known| {
            let own = match &period.frozen {
                None => frequency.is_none_or(|f| f == known.frequency) && then(known),
                Some(asked) => asked.contains_key(&known.id),
            };
            own || (frequency == Some(Frequency::Annual) && known.frequency != Frequency::Annual && then(known))
        })
    }

    /// The periods whose reports make up the figures of this one: itself and, for an annual one, the quarters and months
    /// of its year.
    #[must_use]
    pub fn sources_of(&self, period: &KnownPeriod) -> Vec<&KnownPeriod> {
        let year = period.label.filter(|label| matches!(label, Label::Year(_))).map(Label::year);
        let within = |p: &KnownPeriod| year.is_some() && p.label.map(Label::year) == year;
        self.periods.iter().filter(|p| p.id == period.id || within(p)).collect()
    }

    /// The indicator of the province's plan to which one answers in a year, quarter or month: as its periods froze it, else as the plans
    /// have it now. `by_code` are those of the province's plan by their codes.
    #[must_use]
    pub fn answers_to<'a>(
        &'a self,
        known: &'a IndicatorSummary,
        label: Label,
        by_code: &HashMap<&str, &'a IndicatorId>,
    ) -> Option<&'a IndicatorId> {
        let frozen = self.behind(known, label).into_iter().rev().find_map(|period| period.frozen.as_ref()?.get(&known.id));
        match frozen {
            Some(asked) => asked.counterpart.as_ref(),
            None => known.counterpart.as_ref().or_else(|| by_code.get(known.code.as_str()).copied()),
        }
    }

    /// Those who owe an indicator's figure in a period: as it froze them, else as the plan would have it now. An excused unit owes what
    /// was accepted of it.
    #[must_use]
    pub fn owing(&self, known: &IndicatorSummary, period: &KnownPeriod) -> BTreeSet<UnitId> {
        let Some(frozen) = &period.frozen else {
            return known.due_from(&self.units).into_iter().map(|unit| unit.id).collect();
        };
        let Some(asked) = frozen.get(&known.id) else { return BTreeSet::new() };
        let given = self.cells_of(known, period);
        let excused = asked.excused.iter().filter(|unit| given.iter().any(|cell| cell.unit == **unit));
        asked.units.iter().chain(excused).cloned().collect()
    }

    /// The periods whose own figures make up that of a year, a quarter or a month.
    pub(super) fn behind(&self, known: &IndicatorSummary, label: Label) -> Vec<&KnownPeriod> {
        match label {
            _ if known.frequency == label.frequency() => self.labelled(label).into_iter().collect(),
            Label::Year(year) => Label::of_year(known.frequency, year).into_iter().filter_map(|label| self.labelled(label)).collect(),
            Label::Quarter(..) | Label::Month(..) => Vec::new(),
        }
    }

    pub(super) fn cells_of(&self, known: &IndicatorSummary, period: &KnownPeriod) -> &[ReportedTotal] {
        self.cells.get(&(period.id.clone(), known.id.clone())).map_or(&[], Vec::as_slice)
    }

    fn alone_in(&self, known: &IndicatorSummary, period: &KnownPeriod) -> Figure {
        self.alone(known, period, self.choice_in(known, period))
    }

    fn alone(&self, known: &IndicatorSummary, period: &KnownPeriod, chosen: Option<&UnitId>) -> Figure {
        let measure = known.measure();
        let totals = by_unit(self.cells_of(known, period));
        let coverage = self.coverage(known, period);
        let missing = coverage.missing();
        let sources = if measure.roll_up == RollUp::SingleSource { figures::sources(&measure, &totals) } else { Vec::new() };
        let sources: Vec<UnitId> = sources.into_iter().cloned().collect();
        Figure {
            rolled: figures::roll_up(&measure, &totals, missing, chosen),
            coverage,
            contributors: self.contributors(known, &[period]),
            differing: figures::roll_up(&measure, &totals, missing, None).state == State::Conflict,
            decided: chosen.is_some_and(|unit| sources.contains(unit)),
            sources,
        }
    }

    /// Whose figure counts in a period of what one unit alone should give, if its consolidated report decides.
    pub(super) fn choice_in(&self, known: &IndicatorSummary, period: &KnownPeriod) -> Option<&UnitId> {
        self.chosen.get(&(period.id.clone(), known.id.clone()))
    }

    /// The same of a year, quarter or month: as its own consolidated report decides, if for one that gave a figure in the latest period
    /// that `counted` in it, else as that period's does.
    pub(super) fn choice(&self, known: &IndicatorSummary, label: Label, counted: &[&KnownPeriod]) -> Option<&UnitId> {
        if self.chosen.is_empty() {
            return None;
        }
        let own = self.labelled(label).and_then(|period| self.choice_in(known, period));
        let Some(latest) = counted.first() else { return own };
        own.filter(|unit| self.gave(known, latest, unit)).or_else(|| self.choice_in(known, latest))
    }

    /// Whether a unit gave a figure in a period that can count.
    fn gave(&self, known: &IndicatorSummary, period: &KnownPeriod, unit: &UnitId) -> bool {
        figures::sources(&known.measure(), &by_unit(self.cells_of(known, period))).contains(&unit)
    }

    fn share(&self, known: &IndicatorSummary, measure: &Measure, label: Label, counted: &[&KnownPeriod]) -> Figure {
        let within = self.behind(known, label);
        let outcome = |period: &&KnownPeriod| {
            let label = period.label?;
            PeriodOutcome::of(measure, label, &self.alone_in(known, period).rolled, period.due)
        };
        let outcomes: Vec<PeriodOutcome> = within.iter().filter_map(outcome).collect();
        let estimate =
            within.iter().any(|p| self.cells_of(known, p).iter().any(|cell| cell.observation.status == ObservationStatus::Estimate));
        Figure {
            rolled: Rolled { estimate, ..figures::share_of_periods(&outcomes) },
            coverage: counted.iter().map(|period| self.coverage(known, period)).sum(),
            contributors: self.contributors(known, &within),
            differing: false,
            sources: Vec::new(),
            decided: false,
        }
    }

    fn over(&self, known: &IndicatorSummary, measure: &Measure, counted: &[&KnownPeriod]) -> Figure {
        let totals: Vec<(&UnitId, &Observation)> = counted.iter().flat_map(|p| by_unit(self.cells_of(known, p))).collect();
        let coverage: Coverage = counted.iter().map(|period| self.coverage(known, period)).sum();
        Figure {
            rolled: figures::roll_up(measure, &totals, coverage.missing(), None),
            coverage,
            contributors: self.contributors(known, counted),
            differing: false,
            sources: Vec::new(),
            decided: false,
        }
    }

    fn contributors(&self, known: &IndicatorSummary, periods: &[&KnownPeriod]) -> Vec<Contributor> {
        let place = |cell: &ReportedTotal| self.units.iter().position(|u| u.id == cell.unit);
        let mut found: Vec<(&ReportedTotal, &KnownPeriod)> =
            periods.iter().flat_map(|period| self.cells_of(known, period).iter().map(move |cell| (cell, *period))).collect();
        // Stable: of one unit the periods stay in their order.
        found.sort_by_key(|(cell, _)| place(cell));
        let contributor =
            |(cell, period): (&ReportedTotal, &KnownPeriod)| Contributor::of(self.unit(&cell.unit), period.reference(), &cell.observation);
        found.into_iter().map(contributor).collect()
    }

    /// A unit as an answer names it.
    #[must_use]
    pub fn unit(&self, id: &UnitId) -> Ref {
        self.units.iter().find(|u| u.id == *id).map_or_else(|| Ref::new(id.clone(), id.as_str()), UnitKey::reference)
    }
}

/// Whether a year, quarter or month speaks of an indicator: a year of all, a quarter or a month of those reported so often.
#[must_use]
pub fn speaks_of(known: &IndicatorSummary, label: Label) -> bool {
    label.frequency() == Frequency::Annual || known.frequency == label.frequency()
}

/// What each unit says, as a roll-up takes it.
fn by_unit(totals: &[ReportedTotal]) -> Vec<(&UnitId, &Observation)> {
    totals.iter().map(|total| (&total.unit, &total.observation)).collect()
}

/// The label under which a period speaks of an indicator: every indicator has a figure of the year, and one of the quarter
/// or month if that is its frequency.
pub(super) fn label_in(known: &IndicatorSummary, period: &KnownPeriod) -> Option<Label> {
    period.label.filter(|label| matches!(label, Label::Year(_)) || label.frequency() == known.frequency)
}

/// By which target a figure outside the regular periods is judged: that of the year, quarter or month in which its
/// period ends, after the indicator's frequency.
#[must_use]
pub fn judged_as(frequency: Frequency, ends_on: NaiveDate) -> Label {
    let month = u8::try_from(ends_on.month()).unwrap_or(12);
    match frequency {
        Frequency::Annual => Label::Year(ends_on.year()),
        Frequency::Quarterly => Label::Quarter(ends_on.year(), month.div_ceil(3)),
        Frequency::Monthly => Label::Month(ends_on.year(), month),
    }
}
