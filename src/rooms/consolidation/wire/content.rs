//! What is frozen at approval and signed: a paper that explains itself to whoever has nothing but it, a later reader without this
//! service included.

use super::{
    AnswerTotal, ConsolidatedAnswer, ConsolidatedMember, ConsolidatedNarrative, ConsolidatedPerson, ConsolidatedRef, ConsolidatedWarning,
    ResolutionOut, Signatory, TaskSummary,
};
use crate::figures::{Direction, MeasureKind, ObservationStatus, Target, without_reason};
use crate::rooms::indicators::IndicatorSummary;
use crate::rooms::periods::{Completeness, Obligation};
use crate::rooms::results::{Finality, GoalProgress, PrintedProgress, ResultRow};
use crate::values::clock::UtcTime;
use crate::values::decimal::Decimal4;
use crate::values::text::Bilingual;
use crate::values::{PeriodRef, Ref};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The version of the content's members; contents without it are of 1.
pub(in crate::rooms::consolidation) const CONTENT_VERSION: i32 = 2;

/// The plan of a frozen report.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a60", "code": "KH-BDG-DN-2026-2030", "title": {"vi": "Kế hoạch thực hiện Chiến lược quốc gia về bình đẳng giới giai đoạn 2026-2030", "en": null}, "document_number": null, "document_date": null}))]
pub struct ContentPlan {
    /// Its id, a UUIDv7.
    #[schema(format = "uuid")]
    pub id: String,
    /// Its code.
    #[schema(example = "KH-BDG-DN-2026-2030")]
    pub code: String,
    /// Its title.
    pub title: Bilingual,
    /// Its number (số, ký hiệu).
    #[serde(default)]
    #[schema(required = false, example = "212/KH-UBND")]
    pub document_number: Option<String>,
    /// Its date.
    #[serde(default)]
    #[schema(required = false)]
    pub document_date: Option<NaiveDate>,
}

/// The period of a frozen report.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ContentPeriod {
    /// Its id, a UUIDv7.
    #[schema(format = "uuid")]
    pub id: String,
    /// Its label.
    #[schema(example = "2026")]
    pub label: String,
    /// Its first day.
    pub starts_on: NaiveDate,
    /// Its last day.
    pub ends_on: NaiveDate,
}

/// A unit as it was called at approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65", "code": "U5", "name": {"vi": "Trạm Y tế phường", "en": null}}))]
pub struct ContentUnit {
    /// Its id, a UUIDv7.
    #[schema(format = "uuid")]
    pub id: String,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Bilingual,
}

/// A result with what its indicator meant.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ContentResult {
    /// The figures.
    #[serde(flatten)]
    pub row: ResultRow,
    /// What the indicator meant.
    #[serde(flatten)]
    pub meaning: ContentMeaning,
}

/// What an indicator meant in the period of a frozen report; left out of what an earlier version of the service signed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ContentMeaning {
    /// The version of its definition.
    #[schema(required = false, example = 1)]
    pub definition_version: i32,
    /// The printed target that it measures.
    #[schema(required = false, example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a68", "code": "4.1"}))]
    pub plan_indicator: Ref,
    /// Its name.
    #[schema(required = false)]
    pub name: Bilingual,
    /// In the plan's words.
    #[schema(required = false)]
    pub statement: Bilingual,
    /// What kind of number it is.
    #[schema(required = false)]
    pub measure_kind: MeasureKind,
    /// The unit of its value.
    #[schema(required = false)]
    pub unit_of_measure: Bilingual,
    /// Which values meet the target.
    #[schema(required = false)]
    pub direction: Direction,
    /// Its targets.
    #[schema(required = false)]
    pub targets: Vec<Target>,
}

impl ContentMeaning {
    /// Of an indicator in the version that the period asks; `printed` names the printed target that it measures in it.
    pub(in crate::rooms::consolidation) fn of(known: &IndicatorSummary, printed: Ref) -> Self {
        let definition = &known.definition;
        Self {
            definition_version: known.definition_version,
            plan_indicator: printed,
            name: definition.name.clone(),
            statement: definition.statement.clone(),
            measure_kind: definition.measure_kind,
            unit_of_measure: definition.unit_of_measure.clone(),
            direction: definition.direction,
            targets: definition.targets.clone(),
        }
    }
}

/// A figure of a unit that counts in a frozen report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({
    "unit": {"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65", "code": "U5"}, "period": {"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a66", "label": "2026"},
    "indicator": {"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a67", "code": "4.1"}, "disaggregation": {}, "numerator": 218, "denominator": 200,
    "value": 109, "answer": null, "status": "final", "not_applicable": null, "extra": null, "suppressed": false, "definition_version": 1
}))]
pub struct ContentObservation {
    /// The unit that reported it.
    pub unit: Ref,
    /// The period of its report: in a year's one also a quarter or a month.
    pub period: PeriodRef,
    /// The indicator.
    pub indicator: Ref,
    /// The value of each dimension by which it is split; `{}` for the total.
    pub disaggregation: BTreeMap<String, String>,
    /// The numerator.
    #[schema(required)]
    pub numerator: Option<Decimal4>,
    /// The denominator.
    #[schema(required)]
    pub denominator: Option<Decimal4>,
    /// The value that they make.
    #[schema(required)]
    pub value: Option<Decimal4>,
    /// The answer to a qualitative indicator.
    #[schema(required)]
    pub answer: Option<bool>,
    /// How certain it is.
    pub status: Finality,
    /// Why the indicator does not concern the unit.
    #[schema(required)]
    pub not_applicable: Option<String>,
    /// The indicator's further inputs.
    #[schema(required)]
    pub extra: Option<Map<String, Value>>,
    /// Whether the figures are hidden in this version.
    pub suppressed: bool,
    /// The version of the indicator's definition under which it was reported.
    pub definition_version: i32,
}

impl ContentObservation {
    /// The same for readers who may not see the figures. What stands beside them may tell more than they do.
    #[must_use]
    pub(in crate::rooms::consolidation) fn hidden(self) -> Self {
        Self { numerator: None, denominator: None, value: None, answer: None, not_applicable: None, extra: None, suppressed: true, ..self }
    }

    /// The same without the words and the further inputs of an indicator whose figures point at persons.
    #[must_use]
    pub(in crate::rooms::consolidation) fn without_words(self) -> Self {
        Self { not_applicable: without_reason(self.not_applicable), extra: None, ..self }
    }
}

/// The status of a figure, as answers say it.
pub(in crate::rooms::consolidation) fn finality(status: ObservationStatus) -> Finality {
    status.into()
}

/// A consolidated report as it was frozen at approval. Members that an earlier version of the service did not sign are left out of
/// what it signed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ConsolidatedContent {
    /// 2; left out of what an earlier version of the service signed.
    #[schema(required = false, example = 2)]
    pub content_version: i32,
    /// The report's id, a UUIDv7.
    #[schema(format = "uuid")]
    pub id: String,
    /// The ward, by official code.
    #[schema(example = "09385")]
    pub jurisdiction: String,
    /// The ward's name.
    #[schema(required = false)]
    pub jurisdiction_name: Bilingual,
    /// The plan.
    pub plan: ContentPlan,
    /// The period.
    pub period: ContentPeriod,
    /// 1, and one more for each that replaces an earlier one of its period.
    pub revision: i32,
    /// Why it corrects or completes an earlier one.
    #[schema(required)]
    pub reason: Option<String>,
    /// The earlier one that it replaces.
    #[schema(required)]
    pub supersedes: Option<ConsolidatedRef>,
    /// The units that it names, as they were called.
    #[schema(required = false)]
    pub units: Vec<ContentUnit>,
    /// The result of each indicator, in the plan's order, with what the indicator meant.
    pub results: Vec<ContentResult>,
    /// Every target that the plan prints, with the counts of its indicators.
    #[schema(required = false)]
    pub plan_indicators: Vec<PrintedProgress>,
    /// Every goal, with the counts of its printed targets.
    #[schema(required = false)]
    pub goals: Vec<GoalProgress>,
    /// Every figure of a unit that counts.
    #[schema(required = false)]
    pub observations: Vec<ContentObservation>,
    /// What the units answered to the period's questions.
    #[schema(required = false)]
    pub answers: Vec<ConsolidatedAnswer>,
    /// The sums of answers that are numbers.
    #[schema(required = false)]
    pub answer_totals: Vec<AnswerTotal>,
    /// Which units owed which indicators in the period, and in which version.
    #[schema(required = false)]
    pub obligations: Vec<Obligation>,
    /// How the plan's tasks stood.
    pub task_summary: TaskSummary,
    /// How many units had reported.
    pub completeness: Completeness,
    /// Its words.
    pub narrative: ConsolidatedNarrative,
    /// What the reader should know before relying on the figures.
    pub warnings: Vec<ConsolidatedWarning>,
    /// Whose figure counts where several units gave what one alone should give.
    pub resolutions: Vec<ResolutionOut>,
    /// The units' reports inside it.
    pub members: Vec<ConsolidatedMember>,
    /// Who was the last to create, refresh or edit it.
    pub prepared_by: ConsolidatedPerson,
    /// Who approved it.
    #[schema(required)]
    pub approved_by: Option<ConsolidatedPerson>,
    /// Who signs the paper.
    #[schema(required = false)]
    pub signatory: Option<Signatory>,
    /// When its figures were computed.
    pub computed_at: UtcTime,
    /// When it was approved.
    #[schema(required)]
    pub approved_at: Option<UtcTime>,
}
