//! How indicators stand in one plan, and in the plans of several wards together. Pure: computed from loaded figures.

use super::wire::{IndicatorProgress, NotComparable, SeriesPoint};
use crate::figures::{self, Measure, Outcome, Part, PeriodOutcome, RollUp, Rolled, State};
use crate::rooms::indicators::IndicatorSummary;
use crate::rooms::plans::PlanKey;
use crate::rooms::results::{Breakdown, DisclosureMask, PlanFigures, ResultRow, Signed, speaks_of};
use crate::values::decimal::Fraction;
use crate::values::id::{IndicatorId, PlanIndicatorId};
use crate::values::period::Label;
use std::borrow::Cow;
use std::collections::HashMap;

/// The periods of the series beside a period: the plan's years, or the quarters or months of its year.
fn series_labels(label: Label, start_year: i32, end_year: i32) -> Vec<Label> {
    match label {
        Label::Year(_) => (start_year..=end_year).map(Label::Year).collect(),
        Label::Quarter(year, _) | Label::Month(year, _) => Label::of_year(label.frequency(), year),
    }
}

/// A point of a series; `None` where nothing was reported.
fn point(
    measure: &Measure,
    (label, judged_as): (Label, Label),
    rolled: &Rolled,
    parts: impl FnOnce() -> Vec<Part>,
    (version, breaks): (Option<i32>, bool),
) -> Option<SeriesPoint> {
    let parts = if measure.is_judged_by_parts() { parts() } else { Vec::new() };
    (rolled.state != State::NotReported).then(|| SeriesPoint {
        period: label,
        value: rolled.rounded_value(),
        numerator: rolled.exact_numerator(),
        denominator: rolled.exact_denominator(),
        answer: rolled.answer,
        result: figures::judge_with_parts(measure, judged_as, rolled, &parts),
        definition_version: version,
        breaks,
    })
}

/// How an indicator of one plan stands, as it is seen from behind a veil; `signed` is what is published of the period.
pub(super) fn of_plan(
    figures: &PlanFigures,
    known: &IndicatorSummary,
    label: Label,
    mask: &DisclosureMask,
    signed: &Signed,
) -> IndicatorProgress {
    let series = series_labels(label, figures.plan.start_year, figures.plan.end_year)
        .into_iter()
        .filter_map(|at| {
            let then = known.in_year(at.year())?;
            let version = (Some(then.definition_version), then.breaks_from(known));
            let parts = || figures.parts_shown(mask, known, at);
            let point = point(&then.measure(), (at, at), &figures.figure(known, at).rolled, parts, version)?;
            Some(if figures.hides(mask, known, at) { point.hidden() } else { point })
        })
        .collect();
    let row = signed.looking_back(known, figures.masked(mask, known, label, figures.row(known, label)));
    IndicatorProgress::of(&signed.by_name(known), row, series)
}

/// The plan of a province, by which the sums of its wards are judged.
pub(super) struct Yardstick {
    /// The plan.
    pub plan: PlanKey,
    /// Its indicators in its order.
    pub known: Vec<IndicatorSummary>,
}

/// An indicator as a ward's plan has it.
type OfWard<'a> = (&'a PlanFigures, Cow<'a, IndicatorSummary>);

/// Against what the sum of several wards is held.
enum Judge<'a> {
    /// The province's own indicator.
    Province(&'a IndicatorSummary),
    /// Nothing: no single ward's target is that of all.
    Nobody,
    /// The only ward's own, which is no sum.
    Ward(&'a IndicatorSummary),
}

/// The same indicator in the plans of several wards.
pub(super) struct Together<'a> {
    wards: Vec<OfWard<'a>>,
    first: Cow<'a, IndicatorSummary>,
    judge: Judge<'a>,
    start_year: i32,
    end_year: i32,
}

impl<'a> Together<'a> {
    /// The indicators of which a period speaks: first the province's own in its order, each with those of the wards that answer to
    /// it; then those of the wards that answer to none, matched by code in the order of the first plan that has each.
    pub(super) fn all(wards: &'a [PlanFigures], yardstick: Option<&'a Yardstick>, one_ward: bool, label: Label) -> Vec<Self> {
        let own = || yardstick.into_iter().flat_map(|of_province| of_province.known.iter());
        let years = yardstick.map_or((i32::MAX, i32::MIN), |of_province| (of_province.plan.start_year, of_province.plan.end_year));
        let by_code: HashMap<&str, &IndicatorId> = own().map(|known| (known.code.as_str(), &known.id)).collect();
        let spoken = own().filter_map(|known| Some((known, known.in_year(label.year())?)));
        let mut found: Vec<Self> = spoken
            .filter(|(known, _)| speaks_of(known, label))
            .map(|(known, then)| Self::of(then, Judge::Province(known), years))
            .collect();
        for figures in wards {
            for known in figures.spoken_of(label) {
                let original = figures.known.iter().find(|own| own.id == known.id);
                let province = original.and_then(|own| figures.answers_to(own, label, &by_code));
                let fits = |together: &&mut Self| match &together.judge {
                    Judge::Province(own) => province == Some(&own.id),
                    _ => province.is_none_or(|id| !own().any(|own| own.id == *id)) && together.first.code == known.code,
                };
                match found.iter_mut().find(fits) {
                    Some(together) => together.add(figures, known),
                    None => {
                        let judge = original.filter(|_| one_ward).map_or(Judge::Nobody, Judge::Ward);
                        let mut together = Self::of(known.clone(), judge, (figures.plan.start_year, figures.plan.end_year));
                        together.add(figures, known);
                        found.push(together);
                    }
                }
            }
        }
        found
    }

    fn of(first: Cow<'a, IndicatorSummary>, judge: Judge<'a>, (start_year, end_year): (i32, i32)) -> Self {
        Self { wards: Vec::new(), first, judge, start_year, end_year }
    }

    fn add(&mut self, figures: &'a PlanFigures, known: Cow<'a, IndicatorSummary>) {
        self.start_year = self.start_year.min(figures.plan.start_year);
        self.end_year = self.end_year.max(figures.plan.end_year);
        self.wards.push((figures, known));
    }

    /// Whether its figures of a year point at persons, in any of the plans.
    pub(super) fn restricted_in_year(&self, year: i32) -> bool {
        self.wards.iter().any(|(_, known)| known.restricted_in_year(year))
    }

    /// The printed target that it measures, in the province's plan, else in the first.
    pub(super) fn printed(&self) -> &PlanIndicatorId {
        &self.first.printed
    }

    /// By what the wards' figures of a year, quarter or month are made one and judged.
    fn measure(&self, label: Label) -> Measure {
        match &self.judge {
            Judge::Province(own) | Judge::Ward(own) => own.in_year(label.year()).as_deref().unwrap_or(&*self.first).measure(),
            Judge::Nobody => Measure { targets: Vec::new(), baseline: None, ..self.shared() },
        }
    }

    /// The measure of the definition that most wards share; of as many the first.
    fn shared(&self) -> Measure {
        let measures: Vec<Measure> = self.wards.iter().map(|(_, known)| known.measure()).collect();
        let sharing = |one: &Measure| measures.iter().filter(|other| figures::can_be_added(one, other)).count();
        // Of several that are shared alike the last of a backward look is the first.
        measures.iter().rev().max_by_key(|one| sharing(one)).cloned().unwrap_or_else(|| self.first.measure())
    }

    /// The wards' indicators, each with whether its figures can be added to the others.
    fn compared(&self, label: Label) -> impl Iterator<Item = (&OfWard<'a>, bool)> {
        let measure = self.measure(label);
        self.wards.iter().map(move |ward| {
            let then = ward.1.in_year(label.year());
            (ward, figures::can_be_added(&measure, &then.as_deref().unwrap_or(&*ward.1).measure()))
        })
    }

    /// The wards whose figures make up the sum.
    fn added(&self, label: Label) -> impl Iterator<Item = &OfWard<'a>> {
        self.compared(label).filter_map(|(ward, added)| added.then_some(ward))
    }

    /// The wards that are left out of the sum.
    fn not_comparable(&self, label: Label) -> Vec<NotComparable> {
        let left_out = self.compared(label).filter_map(|(ward, added)| (!added).then_some(ward));
        left_out
            .map(|(figures, known)| NotComparable { jurisdiction: figures.plan.jurisdiction.clone(), indicator: known.reference() })
            .collect()
    }

    /// The wards' figures made one.
    fn rolled(&self, label: Label) -> Rolled {
        let measure = self.measure(label);
        if is_share(&measure, label) {
            // Of a single quarter: in how many of the wards it was done.
            let outcome = |(figures, known): &OfWard<'_>| {
                let due = figures.labelled(label).is_some_and(|period| period.due);
                PeriodOutcome::of(&measure, label, &figures.figure(known, label).rolled, due)
            };
            let outcomes: Vec<PeriodOutcome> = self.added(label).filter_map(outcome).collect();
            return figures::share_of_periods(&outcomes);
        }
        let rolled: Vec<Rolled> = self.added(label).map(|(figures, known)| figures.figure(known, label).rolled).collect();
        self.made_one(&measure, &rolled)
    }

    /// What is made of the wards' figures. The only ward's own survey is no roll-up over wards.
    fn made_one(&self, measure: &Measure, of_wards: &[Rolled]) -> Rolled {
        match (&self.judge, of_wards) {
            (Judge::Ward(_), [own]) if measure.roll_up == RollUp::SingleSource => *own,
            _ => figures::across_wards(measure, of_wards),
        }
    }

    /// Whether an estimate is among the figures that make up the sum.
    pub(super) fn is_estimate(&self, label: Label) -> bool {
        self.rolled(label).estimate
    }

    /// What is said of each part in all wards together: hidden as soon as it is in one of them.
    fn parts(&self, label: Label, mask: &DisclosureMask) -> Vec<Part> {
        let mut found: Vec<(Part, Vec<Part>)> = Vec::new();
        let measure = self.measure(label);
        if is_share(&measure, label) {
            return Vec::new();
        }
        for part in self.added(label).flat_map(|(figures, known)| figures.parts_shown(mask, known, label)) {
            match found.iter_mut().find(|(first, _)| (&first.dimension, &first.value) == (&part.dimension, &part.value)) {
                Some((_, all)) => all.push(part),
                None => found.push((part.clone(), vec![part])),
            }
        }
        let together = |(first, all): (Part, Vec<Part>)| Part {
            rolled: self.made_one(&measure, &all.iter().map(|part| part.rolled).collect::<Vec<_>>()),
            coverage: all.iter().map(|part| part.coverage).sum(),
            hidden: all.iter().any(|part| part.hidden),
            ..first
        };
        found.into_iter().map(together).collect()
    }

    /// Whether what is counted in one year differs from what is counted in another, so that the two are not compared.
    fn breaks(&self, one: Label, other: Label) -> bool {
        match &self.judge {
            Judge::Province(own) | Judge::Ward(own) => match (own.in_year(one.year()), own.in_year(other.year())) {
                (Some(one), Some(other)) => one.breaks_from(&other),
                _ => false,
            },
            Judge::Nobody => false,
        }
    }

    /// The first year with a value that is shown and can be compared.
    fn first_shown(&self, mask: &DisclosureMask, label: Label) -> Option<(i32, Fraction)> {
        let breaks = |year: &i32| self.breaks(Label::Year(*year), label);
        let first = (self.start_year..label.year()).rev().find(breaks).map_or(self.start_year, |year| year + 1);
        let shown = |year| Some(Label::Year(year)).filter(|label| !self.hides(mask, *label));
        (first..=self.end_year).find_map(|year| Some((year, self.rolled(shown(year)?).value?)))
    }

    /// Whether the wards' figure is hidden: as soon as that of one of them is.
    fn hides(&self, mask: &DisclosureMask, label: Label) -> bool {
        self.wards.iter().any(|(figures, known)| figures.hides(mask, known, label))
    }

    /// A point of its series; `None` where nothing was reported.
    fn point(&self, at: Label, label: Label, mask: &DisclosureMask) -> Option<SeriesPoint> {
        let measure = self.measure(at);
        let version = match &self.judge {
            Judge::Province(own) => own.in_year(at.year()).map(|own| own.definition_version),
            _ => None,
        };
        let both = (at, judged_as(&measure, at));
        point(&measure, both, &self.rolled(at), || self.parts(at, mask), (version, self.breaks(at, label)))
    }

    /// How it stands, as it is seen from behind a veil; `signed` is what is published of the only ward.
    pub(super) fn progress(&self, label: Label, mask: &DisclosureMask, signed: &Signed) -> IndicatorProgress {
        let measure = self.measure(label);
        let judged_as = judged_as(&measure, label);
        let earlier = label.before();
        let rolled = self.rolled(label);
        let before = (!self.breaks(earlier, label)).then(|| self.rolled(earlier));
        let parts = self.parts(label, mask);
        let result = figures::judge_with_parts(&measure, judged_as, &rolled, &parts);
        let pace = figures::pace(&measure, judged_as, &rolled, result, self.start_year, self.first_shown(mask, label));
        let row = ResultRow {
            indicator: self.first.reference(),
            value: rolled.rounded_value(),
            numerator: rolled.exact_numerator(),
            denominator: rolled.exact_denominator(),
            answer: rolled.answer,
            previous_value: before.as_ref().and_then(Rolled::rounded_value),
            change: before.as_ref().and_then(|before| figures::change(&rolled, before)),
            target: figures::target_in_force(&measure, judged_as),
            final_target: figures::final_target(&measure, judged_as).map(|goalpost| goalpost.value),
            result,
            year_result: figures::year_result_with_parts(&measure, judged_as, &rolled, &parts),
            pace: (result != Outcome::Suppressed).then_some(pace),
            coverage: Some(self.added(label).map(|(figures, known)| figures.figure(known, label).coverage).sum()),
            breakdowns: parts.iter().map(|part| Breakdown::of(part, &measure, judged_as)).collect(),
            contributors: Vec::new(),
            suppressed: false,
        };
        let series = series_labels(label, self.start_year, self.end_year)
            .into_iter()
            .filter_map(|at| {
                let point = self.point(at, label, mask)?;
                Some(if self.hides(mask, at) { point.hidden() } else { point })
            })
            .collect();
        let row = if self.hides(mask, earlier) { row.without_before() } else { row };
        let row = if self.hides(mask, label) { row.hidden() } else { row };
        let row = signed.looking_back(&self.first, row);
        IndicatorProgress { not_comparable: self.not_comparable(label), ..IndicatorProgress::of(&signed.by_name(&self.first), row, series) }
    }
}

/// Whether a figure is in how many of the wards something was done: of a single quarter or month.
fn is_share(measure: &Measure, label: Label) -> bool {
    measure.roll_up == RollUp::ShareOfPeriods && !matches!(label, Label::Year(_))
}

/// By which target a figure is judged: a share of wards by the year's, which is a share as well.
fn judged_as(measure: &Measure, label: Label) -> Label {
    if is_share(measure, label) { Label::Year(label.year()) } else { label }
}
