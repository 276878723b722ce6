//! What a form needs, on the wire. Its texts are in the caller's language.

use super::observation::ReportObservation;
use super::readiness::ReadinessItem;
use crate::actor::actions::Actions;
use crate::figures::{MeasureKind, TargetValue};
use crate::rooms::indicators::ExtraType;
use crate::rooms::periods::{AnswerValue, QuestionType};
use crate::rooms::reports::status::Status;
use crate::values::PeriodRef;
use crate::values::clock::UtcTime;
use crate::values::decimal::Decimal4;
use serde::Serialize;
use utoipa::ToSchema;

/// What draws a report's form (biểu mẫu).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReportForm {
    /// The report.
    pub report: FormReport,
    /// The period it is about.
    pub period: PeriodRef,
    /// The unit that reports.
    pub unit: FormUnit,
    /// What the unit owes, in the plan's order, filled or not.
    pub items: Vec<FormItem>,
    /// What the period asks beside its indicators.
    #[schema(example = json!([]))]
    pub questions: Vec<FormQuestion>,
    /// The fields of the narrative, in their order.
    pub narrative: Vec<FormText>,
    /// What hinders submitting and is about no single indicator.
    #[schema(example = json!([]))]
    pub blockers: Vec<ReadinessItem>,
    /// What is worth a look and is about no single indicator.
    #[schema(example = json!([]))]
    pub warnings: Vec<ReadinessItem>,
    /// How many comments on the report as a whole are open.
    #[schema(example = 0)]
    pub open_comments: usize,
}

/// The report of a form.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FormReport {
    /// Its id.
    #[schema(format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a67")]
    pub id: String,
    /// Its version; `If-Match` names it.
    #[schema(example = 3)]
    pub version: i64,
    /// Where it stands.
    pub status: Status,
    /// When it is due, extensions counted.
    pub due_at: UtcTime,
    /// What this caller may do with it now.
    #[serde(rename = "_actions")]
    pub actions: Actions,
}

/// The unit of a form.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FormUnit {
    /// Its id.
    #[schema(format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65")]
    pub id: String,
    /// Its code.
    #[schema(example = "U5")]
    pub code: String,
    /// Its name.
    #[schema(example = "Trạm Y tế phường")]
    pub name: String,
}

/// An indicator that the unit owes.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FormItem {
    /// The indicator, as the period asks it.
    pub indicator: FormIndicator,
    /// What is to be filled in of each cell.
    pub inputs: Vec<FormInput>,
    /// How it may be split.
    pub dimensions: Vec<FormDimension>,
    /// The unit's last accepted figure, if there is one to show.
    #[schema(required)]
    pub previous: Option<FormPrevious>,
    /// What is filled in.
    #[schema(example = json!([]))]
    pub observations: Vec<ReportObservation>,
    /// Why it does not concern the unit, as the total says.
    #[schema(required, example = json!(null))]
    pub not_applicable: Option<String>,
    /// The note of the total.
    #[schema(required, example = json!(null))]
    pub note: Option<String>,
    /// What of it hinders submitting.
    #[schema(example = json!([]))]
    pub blockers: Vec<ReadinessItem>,
    /// What of it is worth a look.
    #[schema(example = json!([]))]
    pub warnings: Vec<ReadinessItem>,
    /// How many comments on it are open.
    #[schema(example = 0)]
    pub open_comments: usize,
}

/// What an indicator of a form asks.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FormIndicator {
    /// Its id.
    #[schema(format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a63")]
    pub id: String,
    /// Its code.
    #[schema(example = "4.1")]
    pub code: String,
    /// The version of its definition in which the period asks it.
    #[schema(example = 1)]
    pub definition_version: i32,
    /// Its name.
    #[schema(example = "Tỷ số giới tính khi sinh")]
    pub name: String,
    /// In the plan's words.
    #[schema(example = "Dưới 112 bé trai/100 bé gái")]
    pub statement: String,
    /// The unit of its value.
    #[schema(example = "bé trai/100 bé gái")]
    pub unit_of_measure: String,
    /// What kind of number it is.
    pub measure_kind: MeasureKind,
    /// Whether numerator and denominator are whole numbers.
    #[schema(example = true)]
    pub integer_parts: bool,
    /// What is counted above.
    #[schema(required, example = "Số trẻ trai sinh ra sống")]
    pub numerator_definition: Option<String>,
    /// What is counted below.
    #[schema(required, example = "Số trẻ gái sinh ra sống")]
    pub denominator_definition: Option<String>,
    /// The target that is in force in the period; null if none is.
    #[schema(required, example = json!(null))]
    pub target: Option<TargetValue>,
    /// The target at the end; null if the plan sets none.
    #[schema(required, example = 112)]
    pub final_target: Option<TargetValue>,
}

/// What kind of field an input is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FormInputType {
    /// A number, whole where `integer` says so.
    Number,
    /// Yes or no.
    Boolean,
    /// Text.
    Text,
    /// One of `values`.
    Enum,
}

impl From<ExtraType> for FormInputType {
    fn from(kind: ExtraType) -> Self {
        match kind {
            ExtraType::Integer | ExtraType::Number => Self::Number,
            ExtraType::Boolean => Self::Boolean,
            ExtraType::Text => Self::Text,
            ExtraType::Enum => Self::Enum,
        }
    }
}

/// Something to be filled in of a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FormInput {
    /// `numerator`, `denominator`, `answer`, or `extra.` and the key of a further input.
    #[schema(example = "numerator")]
    pub field: String,
    /// What it is.
    #[schema(example = "Số trẻ trai sinh ra sống")]
    pub label: String,
    /// In what it is counted; null where that goes without saying.
    #[schema(required, example = json!(null))]
    pub unit_of_measure: Option<String>,
    /// Whether a number is whole.
    #[schema(example = true)]
    pub integer: bool,
    /// Whether nothing is submitted without it.
    #[schema(example = true)]
    pub required: bool,
    /// What kind of field it is.
    #[serde(rename = "type")]
    pub kind: FormInputType,
    /// The values to choose from, of an `enum`.
    #[schema(required, example = json!(null))]
    pub values: Option<Vec<String>>,
}

/// A dimension by which the figures of an item may be split.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FormDimension {
    /// Its code.
    #[schema(example = "sex")]
    pub code: String,
    /// Its name.
    #[schema(example = "Giới tính")]
    pub name: String,
    /// Whether its values split what is counted without overlap.
    #[schema(example = true)]
    pub additive: bool,
    /// Whether leaving it out is worth a warning.
    #[schema(example = true)]
    pub expected: bool,
    /// Its values.
    pub values: Vec<FormValue>,
}

/// A value of a dimension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FormValue {
    /// Its code.
    #[schema(example = "female")]
    pub code: String,
    /// Its name.
    #[schema(example = "Nữ")]
    pub name: String,
}

/// What the unit said of an indicator in its last accepted period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FormPrevious {
    /// The period's label.
    #[schema(example = "2026")]
    pub label: String,
    /// The computed value.
    #[schema(required, example = 109)]
    pub value: Option<Decimal4>,
    /// What was counted above.
    #[schema(required, example = 109)]
    pub numerator: Option<Decimal4>,
    /// What was counted below.
    #[schema(required, example = 100)]
    pub denominator: Option<Decimal4>,
    /// The answer to a qualitative indicator.
    #[schema(required, example = json!(null))]
    pub answer: Option<bool>,
}

/// A question of the period.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FormQuestion {
    /// Its code.
    #[schema(example = "q1")]
    pub code: String,
    /// The question.
    #[schema(example = "Số cuộc truyền thông đã tổ chức")]
    pub text: String,
    /// What kind of answer it wants.
    #[serde(rename = "type")]
    pub kind: QuestionType,
    /// In what a number is counted.
    #[schema(required, example = "cuộc")]
    pub unit_of_measure: Option<String>,
    /// Whether the report cannot be submitted without an answer.
    #[schema(example = true)]
    pub required: bool,
    /// The answer, if there is one to show.
    #[schema(required, example = 12)]
    pub answer: Option<AnswerValue>,
}

/// A field of the narrative.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FormText {
    /// Its name in `narrative`.
    #[schema(example = "results")]
    pub field: String,
    /// What belongs into it.
    #[schema(example = "Kết quả đạt được")]
    pub label: String,
    /// What is written.
    #[schema(required, example = json!(null))]
    pub text: Option<String>,
    /// Whether the report cannot be submitted without it.
    #[schema(example = false)]
    pub required: bool,
}
