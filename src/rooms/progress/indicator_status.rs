//! How indicators stand in one plan, and in the plans of several wards together. Pure: computed from loaded figures.

use super::wire::{IndicatorProgress, SeriesPoint};
use crate::figures::{self, Measure, PeriodOutcome, RollUp, Rolled, State};
use crate::rooms::indicators::IndicatorSummary;
use crate::rooms::results::{DisclosureMask, PlanFigures, ResultRow, label_before};
use crate::values::decimal::Fraction;
use crate::values::id::PlanIndicatorId;
use crate::values::period::Label;
use std::borrow::Cow;

/// The periods of the series beside a period: the plan's years, or the quarters or months of its year.
fn series_labels(label: Label, start_year: i32, end_year: i32) -> Vec<Label> {
    match label {
        Label::Year(_) => (start_year..=end_year).map(Label::Year).collect(),
        Label::Quarter(year, _) | Label::Month(year, _) => Label::of_year(label.frequency(), year),
    }
}

/// A point of a series; `None` where nothing was reported.
fn point(measure: &Measure, label: Label, judged_as: Label, rolled: &Rolled, version: Option<i32>, breaks: bool) -> Option<SeriesPoint> {
    (rolled.state != State::NotReported).then(|| SeriesPoint {
        period: label,
        value: rolled.rounded_value(),
        numerator: rolled.exact_numerator(),
        denominator: rolled.exact_denominator(),
        answer: rolled.answer,
        result: figures::judge(measure, judged_as, rolled),
        definition_version: version,
        breaks,
    })
}

/// How an indicator of one plan stands, as it is seen from behind a veil.
pub(super) fn of_plan(figures: &PlanFigures, known: &IndicatorSummary, label: Label, mask: &DisclosureMask) -> IndicatorProgress {
    let series = series_labels(label, figures.plan.start_year, figures.plan.end_year)
        .into_iter()
        .filter_map(|at| {
            let then = known.in_year(at.year())?;
            let (version, breaks) = (Some(then.definition_version), then.breaks_from(known));
            let point = point(&then.measure(), at, at, &figures.figure(known, at).rolled, version, breaks)?;
            Some(if figures.hides(mask, known, at) { point.hidden() } else { point })
        })
        .collect();
    IndicatorProgress::of(known, figures.masked(mask, known, label, figures.row(known, label)), series)
}

/// The same indicator in the plans of several wards.
pub(super) struct Together<'a> {
    wards: Vec<(&'a PlanFigures, Cow<'a, IndicatorSummary>)>,
    first: Cow<'a, IndicatorSummary>,
    measure: Measure,
    start_year: i32,
    end_year: i32,
}

impl<'a> Together<'a> {
    /// The indicators of all wards that a period speaks of, matched by code, in the order of the first plan that has each.
    pub(super) fn all(wards: &'a [PlanFigures], label: Label) -> Vec<Self> {
        let mut found: Vec<Self> = Vec::new();
        for figures in wards {
            for known in figures.spoken_of(label) {
                match found.iter_mut().find(|t| t.first.code == known.code) {
                    Some(together) => together.add(figures, known),
                    None => found.push(Self::of(figures, known)),
                }
            }
        }
        found
    }

    fn of(figures: &'a PlanFigures, known: Cow<'a, IndicatorSummary>) -> Self {
        let (start_year, end_year) = (figures.plan.start_year, figures.plan.end_year);
        Self { measure: known.measure(), wards: vec![(figures, known.clone())], first: known, start_year, end_year }
    }

    fn add(&mut self, figures: &'a PlanFigures, known: Cow<'a, IndicatorSummary>) {
        self.start_year = self.start_year.min(figures.plan.start_year);
        self.end_year = self.end_year.max(figures.plan.end_year);
        self.wards.push((figures, known));
    }

    /// Whether its figures point at persons, in any of the plans.
    pub(super) fn restricted(&self) -> bool {
        self.wards.iter().any(|(_, known)| known.restricted)
    }

    /// The printed target that it measures, in the first plan.
    pub(super) fn printed(&self) -> &PlanIndicatorId {
        &self.first.printed
    }

    /// The wards' figures made one.
    fn rolled(&self, label: Label) -> Rolled {
        if self.is_share(label) {
            // Of a single quarter: in how many of the wards it was done.
            let outcome = |(figures, known): &(&PlanFigures, Cow<'_, IndicatorSummary>)| {
                let due = figures.labelled(label).is_some_and(|period| period.due);
                PeriodOutcome::of(&self.measure, label, &figures.figure(known, label).rolled, due)
            };
            let outcomes: Vec<PeriodOutcome> = self.wards.iter().filter_map(outcome).collect();
            return figures::share_of_periods(&outcomes);
        }
        let rolled: Vec<Rolled> = self.wards.iter().map(|(figures, known)| figures.figure(known, label).rolled).collect();
        figures::across_wards(&self.measure, &rolled)
    }

    fn is_share(&self, label: Label) -> bool {
        self.measure.roll_up == RollUp::ShareOfPeriods && !matches!(label, Label::Year(_))
    }

    /// By which target a figure is judged: a share of wards by the year's, which is a share as well.
    fn judged_as(&self, label: Label) -> Label {
        if self.is_share(label) { Label::Year(label.year()) } else { label }
    }

    /// The first year with a value that is shown.
    fn first_shown(&self, mask: &DisclosureMask) -> Option<(i32, Fraction)> {
        let shown = |year| Some(Label::Year(year)).filter(|label| !self.hides(mask, *label));
        (self.start_year..=self.end_year).find_map(|year| Some((year, self.rolled(shown(year)?).value?)))
    }

    /// Whether the wards' figure is hidden: as soon as that of one of them is.
    fn hides(&self, mask: &DisclosureMask, label: Label) -> bool {
        self.wards.iter().any(|(figures, known)| figures.hides(mask, known, label))
    }

    /// How it stands, as it is seen from behind a veil.
    pub(super) fn progress(&self, label: Label, mask: &DisclosureMask) -> IndicatorProgress {
        let (measure, judged_as) = (&self.measure, self.judged_as(label));
        let (rolled, before) = (self.rolled(label), self.rolled(label_before(label)));
        let row = ResultRow {
            indicator: self.first.reference(),
            value: rolled.rounded_value(),
            numerator: rolled.exact_numerator(),
            denominator: rolled.exact_denominator(),
            answer: rolled.answer,
            previous_value: before.rounded_value(),
            change: figures::change(&rolled, &before),
            target: figures::target_in_force(measure, judged_as),
            final_target: figures::final_target(measure, judged_as).map(|goalpost| goalpost.value),
            result: figures::judge(measure, judged_as, &rolled),
            year_result: figures::year_result(measure, judged_as, &rolled),
            pace: Some(figures::pace(measure, judged_as, &rolled, self.start_year, self.first_shown(mask))),
            contributors: Vec::new(),
            suppressed: false,
        };
        let series = series_labels(label, self.start_year, self.end_year)
            .into_iter()
            .filter_map(|at| {
                let point = point(measure, at, self.judged_as(at), &self.rolled(at), None, false)?;
                Some(if self.hides(mask, at) { point.hidden() } else { point })
            })
            .collect();
        let row = if self.hides(mask, label_before(label)) { row.without_before() } else { row };
        IndicatorProgress::of(&self.first, if self.hides(mask, label) { row.hidden() } else { row }, series)
    }
}
