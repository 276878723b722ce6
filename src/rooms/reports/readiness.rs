//! Whether a report can be submitted: what stands between (exactly what `submit` refuses), and what is worth a look. Pure.

use super::checks;
use super::table::CellContent;
use super::wire::Narrative;
use crate::figures::{Amounts, Measure, Observation, ObservationStatus};
use crate::problem::codes::{self, Code};
use crate::problem::{FieldError, Language, Problem, Result, Said, said};
use crate::rooms::indicators::{IndicatorDimension, IndicatorSummary};
use crate::values::decimal::{Decimal4, Quantity};
use crate::values::{Ref, Source};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A cell of one indicator: its part, and what it says.
pub(super) struct Part<'a> {
    pub disaggregation: &'a BTreeMap<String, String>,
    pub content: &'a CellContent,
}

/// Something to be done or looked at.
#[derive(Debug, Clone)]
pub(super) struct Finding {
    pub indicator: Option<Ref>,
    pub code: &'static Code,
    pub detail: Said,
    pub source: Option<Source>,
}

/// What there is to say about a report before it is submitted.
#[derive(Debug, Clone, Default)]
pub(super) struct ReadinessCheck {
    pub blockers: Vec<Finding>,
    pub warnings: Vec<Finding>,
}

/// Something to be done or looked at before submitting.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReadinessItem {
    /// The indicator it is about; absent where it is about the whole report.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a63", "code": "5.2a"}))]
    pub indicator: Option<Ref>,
    /// The stable name of it.
    #[schema(example = "indicator.missing")]
    pub code: String,
    /// In words.
    #[schema(example = "5.2a: Thiếu số liệu của chỉ tiêu.")]
    pub detail: String,
    /// Where in the printed plan the indicator stands.
    #[schema(required)]
    pub source: Option<Source>,
}

/// What stands between a report and submitting it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Readiness {
    /// What `submit` refuses.
    pub blockers: Vec<ReadinessItem>,
    /// What is worth a look and hinders nothing.
    pub warnings: Vec<ReadinessItem>,
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
        let fault = |f: &Finding| FieldError::new("/observations", f.code).saying(&*f.detail.vi, &*f.detail.en);
        Err(Problem::new(codes::REPORT_NOT_READY).with_errors(self.blockers.iter().map(fault).collect()).into())
    }

    /// The same for a reader from whom the figures of these indicators are hidden: what there is to say of figures would
    /// tell something of them; that one is missing does not.
    pub(super) fn without_figures_of(mut self, hidden: impl Fn(&Ref) -> bool) -> Self {
        let of_figures = |f: &Finding| *f.code != *codes::INDICATOR_MISSING && *f.code != *codes::INDICATOR_NOT_DUE;
        let shown = |f: &Finding| !(of_figures(f) && f.indicator.as_ref().is_some_and(&hidden));
        self.blockers.retain(shown);
        self.warnings.retain(shown);
        self
    }

    /// The wire form.
    pub(super) fn represent(self, language: Language) -> Readiness {
        let items = |findings: Vec<Finding>| findings.into_iter().map(|f| f.represent(language)).collect();
        Readiness { blockers: items(self.blockers), warnings: items(self.warnings) }
    }
}

impl Finding {
    fn of(known: &IndicatorSummary, code: &'static Code, about: &str) -> Self {
        let name = if about.is_empty() { known.code.clone() } else { format!("{} ({about})", known.code) };
        Self {
            indicator: Some(known.reference()),
            code,
            detail: said(format!("{name}: {}", code.cure_vi), format!("{name}: {}", code.cure_en)),
            source: known.definition.source.clone(),
        }
    }

    fn represent(self, language: Language) -> ReadinessItem {
        let detail = self.detail.in_language(language).to_owned();
        ReadinessItem { indicator: self.indicator, code: self.code.code.to_owned(), detail, source: self.source }
    }
}

/// Says everything at once. `cells` gives the cells of an indicator; `stray` are indicators that have figures which
/// the unit does not owe (any more).
pub(super) fn assess<'a, 'k>(
    due: impl Iterator<Item = &'k IndicatorSummary>,
    cells: impl Fn(&IndicatorSummary) -> Vec<Part<'a>>,
    stray: impl Iterator<Item = &'k IndicatorSummary>,
    narrative: &Narrative,
) -> ReadinessCheck {
    let mut readiness = ReadinessCheck::default();
    for known in due {
        assess_indicator(known, &cells(known), &mut readiness);
    }
    readiness.warnings.extend(stray.map(|known| Finding::of(known, codes::INDICATOR_NOT_DUE, "")));
    if narrative.is_empty() {
        let code = codes::NARRATIVE_EMPTY;
        readiness.warnings.push(Finding { indicator: None, code, detail: said(code.cure_vi, code.cure_en), source: None });
    }
    readiness
}

fn assess_indicator(known: &IndicatorSummary, cells: &[Part<'_>], readiness: &mut ReadinessCheck) {
    let measure = known.measure();
    let total = cells.iter().find(|cell| cell.disaggregation.is_empty()).map(|cell| &cell.content.observation);
    let exempt = total.is_some_and(|total| total.not_applicable.is_some());
    if !total.is_some_and(|total| exempt || total.says_something()) {
        readiness.blockers.push(Finding::of(known, codes::INDICATOR_MISSING, ""));
    }
    for cell in cells {
        check_cell(known, &measure, cell, readiness);
    }
    for dimension in &known.dimensions {
        let parts = parts_of(dimension, cells);
        if dimension.additive && total.is_some_and(|total| !adds_up(dimension, &parts, total)) {
            readiness.blockers.push(Finding::of(known, codes::PARTS_NOT_TOTAL, &dimension.code));
        }
        if dimension.expected && !exempt && !all_given(dimension, &parts) {
            readiness.warnings.push(Finding::of(known, codes::PARTS_MISSING, &dimension.code));
        }
    }
    if cells.iter().map(|cell| &cell.content.observation).any(|o| o.status == ObservationStatus::Estimate && o.says_something()) {
        readiness.warnings.push(Finding::of(known, codes::ESTIMATE_USED, ""));
    }
}

/// The rules of entry again, since a definition may have changed after the figure was written; and a missing half.
fn check_cell(known: &IndicatorSummary, measure: &Measure, cell: &Part<'_>, readiness: &mut ReadinessCheck) {
    let about: Vec<String> = cell.disaggregation.iter().map(|(dimension, value)| format!("{dimension} = {value}")).collect();
    let about = about.join(", ");
    let observation = &cell.content.observation;
    if observation.says_something() && observation.not_applicable.is_none() && checks::lacks_a_half(measure, observation) {
        readiness.blockers.push(Finding::of(known, codes::VALUE_MISSING_PART, &about));
    }
    for (_, code) in checks::wrong(measure, cell.content) {
        readiness.blockers.push(Finding::of(known, code, &about));
    }
    if checks::above_whole(measure, observation.amounts) {
        readiness.warnings.push(Finding::of(known, codes::VALUE_ABOVE_WHOLE, &about));
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
