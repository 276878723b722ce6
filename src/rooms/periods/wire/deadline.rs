//! By when wards owe the province their consolidated reports, on the wire.

use crate::values::clock::UtcTime;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The deadline of the wards below an administrative unit, as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsolidationDeadlineIn {
    /// The first instant at which a ward's consolidated report is late.
    #[schema(example = "2026-12-14T17:00:00Z")]
    pub due_at: UtcTime,
}

/// The deadline of the wards below an administrative unit, for the regular periods with a label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ConsolidationDeadlineOut {
    /// The administrative unit, by official code.
    #[schema(example = "24")]
    pub jurisdiction: String,
    /// The label of the periods.
    #[schema(example = "2026")]
    pub label: String,
    /// The first instant at which a ward's consolidated report is late; null if nothing was set for this administrative unit.
    #[schema(required)]
    pub due_at: Option<UtcTime>,
    /// When it was set.
    #[schema(required)]
    pub updated_at: Option<UtcTime>,
}
