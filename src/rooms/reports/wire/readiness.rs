//! Whether a report can be submitted, on the wire.

use crate::values::{Ref, Source};
use serde::Serialize;
use utoipa::ToSchema;

/// What stands between a report and submitting it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Readiness {
    /// What `submit` refuses.
    pub blockers: Vec<ReadinessItem>,
    /// What is worth a look and hinders nothing.
    pub warnings: Vec<ReadinessItem>,
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
    #[schema(example = "Chỉ tiêu 5.2a: chưa có số liệu. Hãy ghi tử số và mẫu số, hoặc ghi lý do không áp dụng.")]
    pub detail: String,
    /// Of a warning: whether one of its cells has a note.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = false)]
    pub explained: Option<bool>,
    /// Where in the printed plan the indicator stands.
    #[schema(required)]
    pub source: Option<Source>,
}
