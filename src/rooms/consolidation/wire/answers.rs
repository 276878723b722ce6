//! What units answered to the questions of a period, on the wire.

use crate::rooms::periods::AnswerValue;
use crate::values::Ref;
use crate::values::decimal::Decimal4;
use serde::Serialize;
use utoipa::ToSchema;

/// A unit's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ConsolidatedAnswer {
    /// The code of the question.
    #[schema(example = "q1")]
    pub code: String,
    /// The unit.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65", "code": "U5"}))]
    pub unit: Ref,
    /// What it answered; null where that is hidden.
    #[schema(required, example = 12)]
    pub value: Option<AnswerValue>,
    /// Whether it is hidden from this reader.
    #[schema(example = false)]
    pub suppressed: bool,
}

/// The sum of the answers to a question for a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AnswerTotal {
    /// The code of the question.
    #[schema(example = "q1")]
    pub code: String,
    /// The sum; null where it is hidden, or greater than a quantity can be.
    #[schema(required, example = 30)]
    pub sum: Option<Decimal4>,
    /// Whether it is hidden from this reader.
    #[schema(example = false)]
    pub suppressed: bool,
}

/// An answer of an inquiry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"jurisdiction": "09385", "code": "q1", "unit": {"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65", "code": "U5"}, "value": 12, "suppressed": false}))]
pub struct InquiryAnswer {
    /// The ward, by official code.
    #[schema(example = "09385")]
    pub jurisdiction: String,
    /// What was answered, and by which unit.
    #[serde(flatten)]
    pub answer: ConsolidatedAnswer,
}

/// What wards answered to an inquiry, in the consolidated reports that they sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct InquiryAnswers {
    /// The answers, ward by ward.
    pub items: Vec<InquiryAnswer>,
}
