//! Whether a report can be submitted: what stands between (exactly what `submit` refuses), and what is worth a look. Pure.

use super::checks;
use super::findings::{Finding, Part, explained};
use super::warnings::{self, Beside};
use super::wire::Narrative;
use super::wire::readiness::Readiness;
use super::wording;
use crate::figures::{Amounts, Measure, Observation, ObservationStatus, RollUp};
use crate::problem::codes::{self, Code};
use crate::problem::{FieldError, Language, Problem, Result, Said, said, words};
use crate::rooms::indicators::{IndicatorDimension, IndicatorSummary};
use crate::values::Ref;
use crate::values::decimal::{Decimal4, Quantity};
use std::collections::BTreeMap;

/// What there is to say about a report before it is submitted.
#[derive(Debug, Clone, Default)]
pub(super) struct ReadinessCheck {
    pub blockers: Vec<Finding>,
    pub warnings: Vec<Finding>,
}

impl ReadinessCheck {
    /// Goes on only if nothing stands in the way.
    ///
    /// # Errors
    /// 422 `report.not_ready` with one fault for each blocker.
    pub(super) fn check(&self) -> Result<()> {
        if self.blockers.is_empty() {
            return Ok(());
        }
        let at = |f: &Finding| match &f.question {
            Some(code) => format!("/answers/{code}"),
            None if *f.code == *codes::NARRATIVE_MISSING => "/narrative/results".to_owned(),
            None => "/observations".to_owned(),
        };
        let fault = |f: &Finding| FieldError::new(at(f), f.code).told(f.detail.clone()).about(f.indicator.clone());
        let told = self.not_ready();
        Err(Problem::new(codes::REPORT_NOT_READY).with_errors(self.blockers.iter().map(fault).collect()).told(told).into())
    }

    /// All of it in a sentence or two, which stand by themselves as the reason why the report cannot be submitted.
    fn not_ready(&self) -> Said {
        let Some(first) = self.blockers.first() else { return codes::REPORT_NOT_READY.cure() };
        if self.blockers.len() == 1 {
            return said("Chưa gửi được báo cáo.", "The report cannot be submitted yet.").and(&first.detail);
        }
        let mut named: Vec<&str> = Vec::new();
        for indicator in self.blockers.iter().filter_map(|finding| finding.indicator.as_ref()) {
            if !named.contains(&indicator.code.as_str()) {
                named.push(&indicator.code);
            }
        }
        let (count, named) = (self.blockers.len(), words::codes(named));
        let where_to_look = if named.vi.is_empty() {
            said(
                format!("Chưa gửi được báo cáo: còn {count} chỗ thiếu hoặc sai."),
                format!("The report cannot be submitted yet: {count} things are missing or wrong."),
            )
        } else {
            said(
                format!("Chưa gửi được báo cáo: còn {count} chỗ thiếu hoặc sai, ở các chỉ tiêu {}.", named.vi),
                format!("The report cannot be submitted yet: {count} things are missing or wrong, in the indicators {}.", named.en),
            )
        };
        let first = said(format!("Trước hết, {}", lowered(&first.detail.vi)), format!("First of all: {}", first.detail.en));
        where_to_look.and(&first)
    }

    /// The same for a reader from whom the figures of these indicators are hidden: what there is to say of figures would
    /// tell something of them; that one is missing does not, nor that one is quite unlike the last, without the numbers. `before` says of
    /// which indicators the last ones are hidden.
    pub(super) fn without_figures_of(mut self, hidden: impl Fn(&Ref) -> bool, before: impl Fn(&Ref) -> bool) -> Self {
        let of_hidden = |f: &Finding| f.indicators().any(&hidden);
        for findings in [&mut self.blockers, &mut self.warnings] {
            findings.retain(|f| !(f.tells() && of_hidden(f)));
            for finding in findings.iter_mut().filter(|f| of_hidden(f) || f.looks_back(&before)) {
                finding.figures = None;
            }
        }
        self
    }

    /// The indicators of whose figures a reader is told what [`Self::without_figures_of`] would hide.
    pub(super) fn figures_of<'a>(
        &'a self,
        hidden: impl Fn(&Ref) -> bool + 'a,
        before: impl Fn(&Ref) -> bool + 'a,
    ) -> impl Iterator<Item = &'a Ref> {
        let told = self.blockers.iter().chain(&self.warnings).filter(|f| f.tells() || f.figures.is_some());
        told.flat_map(move |f| {
            let looked_back = f.indicator.iter().filter(|_| f.looks_back(&before));
            f.indicators().filter(|indicator| hidden(indicator)).chain(looked_back).collect::<Vec<_>>()
        })
    }

    /// The wire form.
    pub(super) fn represent(self, language: Language) -> Readiness {
        let items = |findings: Vec<Finding>, warn: bool| findings.into_iter().map(|f| f.represent(language, warn)).collect();
        Readiness { blockers: items(self.blockers, false), warnings: items(self.warnings, true) }
    }
}

/// Says everything at once. `cells` gives the cells of an indicator; in an `annual` period a unit that owes no figure owes its results
/// in words.
pub(super) fn assess<'a, 'k>(
    due: &[&'k IndicatorSummary],
    cells: impl Fn(&IndicatorSummary) -> Vec<Part<'a>>,
    narrative: &Narrative,
    annual: bool,
    beside: &Beside,
) -> ReadinessCheck {
    let mut readiness = ReadinessCheck::default();
    for known in due {
        let cells = cells(known);
        assess_indicator(known, &cells, &mut readiness);
        readiness.warnings.extend(warnings::implausible(known, &cells));
        readiness.warnings.extend(warnings::jump(known, &cells, beside.former.get(&known.id)));
    }
    let owed = |code: &str| due.iter().find(|known| known.code == code).map(|known| (*known, cells(known)));
    readiness.warnings.extend(warnings::broken_rules(&beside.rules, owed));
    if annual && due.is_empty() && narrative.results.as_deref().is_none_or(str::is_empty) {
        readiness.blockers.push(Finding::of_report(codes::NARRATIVE_MISSING));
    } else if narrative.is_empty() {
        readiness.warnings.push(Finding::of_report(codes::NARRATIVE_EMPTY));
    }
    readiness
}

fn assess_indicator(known: &IndicatorSummary, cells: &[Part<'_>], readiness: &mut ReadinessCheck) {
    let measure = known.measure();
    let total = cells.iter().find(|cell| cell.disaggregation.is_empty()).map(|cell| &cell.content.observation);
    let exempt = total.is_some_and(|total| total.not_applicable.is_some());
    if !total.is_some_and(|total| exempt || total.says_something()) {
        readiness.blockers.push(Finding::of(known, codes::INDICATOR_MISSING, &wording::missing(&measure)));
    }
    for cell in cells {
        check_cell(known, &measure, cell, readiness);
        if !cell.disaggregation.is_empty() {
            readiness.blockers.extend(misplaced(known, &measure, cell, total));
        }
    }
    for dimension in &known.dimensions {
        let parts = parts_of(dimension, cells);
        if dimension.additive && total.is_some_and(|total| !adds_up(dimension, &parts, total)) {
            readiness.blockers.push(part_finding(known, codes::PARTS_NOT_TOTAL, &wording::values_of(dimension)));
        }
        if dimension.expected && !exempt && !all_given(dimension, &parts) {
            let finding = part_finding(known, codes::PARTS_MISSING, &wording::values_of(dimension));
            readiness.warnings.push(finding.explained(explained(cells)));
        }
    }
    let estimated = |cell: &&Part<'_>| {
        let observation = &cell.content.observation;
        observation.status == ObservationStatus::Estimate && observation.says_something()
    };
    if cells.iter().any(|cell| estimated(&cell)) {
        let explained = cells.iter().filter(estimated).any(|cell| cell.content.note.is_some());
        readiness.warnings.push(part_finding(known, codes::ESTIMATE_USED, &said("", "")).explained(explained));
    }
}

/// What is wrong with a part beside its total: there is none to be a part of, or it is the greater. The parts of an average
/// (a survey's, of a single source) are averages too, of which some are always above the whole.
fn misplaced(known: &IndicatorSummary, measure: &Measure, part: &Part<'_>, total: Option<&Observation>) -> Option<Finding> {
    let (total, part_of) = (total?, &part.content.observation);
    if !part_of.says_something() {
        return None;
    }
    if total.not_applicable.is_some() {
        return Some(part_finding(known, codes::PARTS_WITHOUT_TOTAL, &wording::part(known, part.disaggregation)));
    }
    let (part_of, total) = (part_of.amounts, total.amounts);
    let above = |part: Option<Decimal4>, total: Option<Decimal4>| part.zip(total).is_some_and(|(part, total)| part > total);
    let greater = above(part_of.numerator, total.numerator) || above(part_of.denominator, total.denominator);
    (greater && measure.roll_up != RollUp::SingleSource)
        .then(|| part_finding(known, codes::PARTS_ABOVE_TOTAL, &wording::part(known, part.disaggregation)))
}

/// A finding about parts, with what its code advises.
fn part_finding(known: &IndicatorSummary, code: &'static Code, part: &Said) -> Finding {
    Finding::of_part(known, code, part, &code.cure())
}

/// A sentence that goes on from another one.
fn lowered(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
}

/// The rules of entry again, since a definition may have changed after the figure was written; and a missing half.
fn check_cell(known: &IndicatorSummary, measure: &Measure, cell: &Part<'_>, readiness: &mut ReadinessCheck) {
    let part = wording::part(known, cell.disaggregation);
    let observation = &cell.content.observation;
    if observation.says_something() && observation.not_applicable.is_none() && checks::lacks_a_half(measure, observation) {
        let what = wording::missing_part(measure, observation);
        readiness.blockers.push(Finding::of_part(known, codes::VALUE_MISSING_PART, &part, &what));
    }
    for wrong in checks::wrong(measure, cell.content) {
        readiness.blockers.push(Finding::of_part(known, wrong.code, &part, &wrong.what));
    }
    if checks::above_whole(measure, observation.amounts) {
        let what = wording::above_whole(observation.amounts, false);
        readiness.warnings.push(Finding::of_part(known, codes::VALUE_ABOVE_WHOLE, &part, &what).explained(cell.content.note.is_some()));
    }
}

/// The figures of a dimension's values, by value: those split by this dimension alone.
fn parts_of<'a>(dimension: &IndicatorDimension, cells: &[Part<'a>]) -> BTreeMap<&'a str, &'a Observation> {
    let split = cells.iter().filter(|cell| cell.disaggregation.len() == 1);
    split.filter_map(|cell| Some((cell.disaggregation.get(&dimension.code)?.as_str(), &cell.content.observation))).collect()
}

fn all_given(dimension: &IndicatorDimension, parts: &BTreeMap<&str, &Observation>) -> bool {
    let given = |code: &str| parts.get(code).is_some_and(|part| part.says_something());
    dimension.values.iter().filter(|value| value.active).all(|value| given(&value.code))
}

/// Whether the parts sum to the total, in numerators and in denominators, each where every part and the total have one.
/// Nothing is proved before every active value is given.
fn adds_up(dimension: &IndicatorDimension, parts: &BTreeMap<&str, &Observation>, total: &Observation) -> bool {
    if parts.is_empty() || !all_given(dimension, parts) {
        return true;
    }
    let halves: [fn(Amounts) -> Option<Decimal4>; 2] = [|a| a.numerator, |a| a.denominator];
    halves.into_iter().all(|half| match (checks::sum(parts.values().map(|part| half(part.amounts))), half(total.amounts)) {
        (Some(sum), Some(total)) => sum == Quantity::from(total),
        _ => true,
    })
}
