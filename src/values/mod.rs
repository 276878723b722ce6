//! Values that cannot be wrong once made: pure, without input or output.

pub mod clock;
pub mod code;
pub mod days;
pub mod decimal;
pub mod id;
pub mod period;
pub mod text;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A resource as an answer names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65", "code": "U5"}))]
pub struct Ref {
    /// The resource's id, a UUIDv7.
    #[schema(format = "uuid")]
    pub id: String,
    /// The resource's code, unique within its plan or jurisdiction.
    pub code: String,
}

impl Ref {
    /// Names a resource.
    pub fn new(id: impl Into<String>, code: impl Into<String>) -> Self {
        Self { id: id.into(), code: code.into() }
    }

    /// Its id and its code, either of which names it.
    #[must_use]
    pub fn names(&self) -> (&str, &str) {
        (&self.id, &self.code)
    }
}

/// A decision that amended a plan, as an answer names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a71"}))]
pub struct AmendmentRef {
    /// The amendment's id, a UUIDv7.
    #[schema(format = "uuid")]
    pub id: String,
}

impl From<id::AmendmentId> for AmendmentRef {
    fn from(id: id::AmendmentId) -> Self {
        Self { id: id.into() }
    }
}

/// A reporting period as an answer names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a66", "label": "2026"}))]
pub struct PeriodRef {
    /// The period's id, a UUIDv7.
    #[schema(format = "uuid")]
    pub id: String,
    /// The period's label: `2026`, `2026-Q3`, `2026-07`, or what its maker called it.
    pub label: String,
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a70", "name": "Nguyễn Thị An"}))]
pub struct ActorRef {
    /// The account; null for the service itself.
    #[schema(required, format = "uuid")]
    pub id: Option<String>,
    /// The name it had then.
    pub name: String,
}

/// Where in the printed plan an item stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"section": "I.2.c", "lines": [62, 64], "quote": "Chỉ tiêu 1: Giảm số giờ trung bình làm công việc nội trợ"}))]
pub struct Source {
    /// The section of the plan, as the transcription numbers it: `I.2.c`.
    #[schema(max_length = 100)]
    pub section: String,
    /// First and last line in the plan's text.
    #[schema(min_items = 2, max_items = 2)]
    pub lines: Vec<i32>,
    /// The printed words, where they were kept beside the item.
    #[schema(required = false, max_length = 8000)]
    pub quote: Option<String>,
}
