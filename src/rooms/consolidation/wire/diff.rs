//! What two revisions give differently, on the wire.

use crate::rooms::periods::AnswerValue;
use crate::rooms::reports::NarrativeChange;
use crate::rooms::results::ResultRow;
use crate::values::Ref;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which revisions are compared.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RevisionsQuery {
    /// The earlier revision.
    #[param(minimum = 1, example = 1)]
    pub from: i32,
    /// The later revision.
    #[param(minimum = 1, example = 2)]
    pub to: i32,
}

/// A result that two revisions give differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ResultChange {
    /// The indicator.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a63", "code": "4.1"}))]
    pub indicator: Ref,
    /// What the earlier revision says; null if nothing.
    #[schema(required)]
    pub before: Option<ResultRow>,
    /// What the later revision says; null if nothing.
    #[schema(required)]
    pub after: Option<ResultRow>,
}

/// An answer that two revisions give differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ConsolidatedAnswerChange {
    /// The code of the question.
    #[schema(example = "q1")]
    pub code: String,
    /// The unit.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65", "code": "U5"}))]
    pub unit: Ref,
    /// What the earlier revision says; null if nothing.
    #[schema(required, example = 12)]
    pub before: Option<AnswerValue>,
    /// What the later revision says; null if nothing.
    #[schema(required, example = 15)]
    pub after: Option<AnswerValue>,
}

/// What two revisions of a period's consolidated report give differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ConsolidatedDiff {
    /// The earlier revision.
    #[schema(example = 1)]
    pub from: i32,
    /// The later revision.
    #[schema(example = 2)]
    pub to: i32,
    /// Results that differ, as the caller may see them.
    pub results: Vec<ResultChange>,
    /// Parts of the narrative that differ.
    pub narrative: Vec<NarrativeChange>,
    /// Answers that differ, as the caller may see them.
    pub answers: Vec<ConsolidatedAnswerChange>,
}
