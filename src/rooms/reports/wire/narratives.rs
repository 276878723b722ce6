//! What the units wrote of a period, on the wire.

use crate::rooms::reports::status::Status;
use crate::values::{PeriodRef, Ref};
use serde::Serialize;
use utoipa::ToSchema;

/// What one unit wrote in a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct UnitText {
    /// The unit.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65", "code": "U5"}))]
    pub unit: Ref,
    /// Its report's id, a UUIDv7.
    #[schema(format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a67")]
    pub report: String,
    /// Where its report stands.
    pub status: Status,
    /// What it wrote.
    #[schema(example = "Tổ chức 02 lớp tập huấn với 120 người")]
    pub text: String,
}

/// What every unit wrote of a period, by field, the units in the plan's order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PeriodNarratives {
    /// The period.
    pub period: PeriodRef,
    /// Direction and organisation (công tác chỉ đạo, triển khai).
    pub direction: Vec<UnitText>,
    /// Results (kết quả).
    pub results: Vec<UnitText>,
    /// Difficulties (khó khăn, vướng mắc).
    pub difficulties: Vec<UnitText>,
    /// Causes (nguyên nhân).
    pub causes: Vec<UnitText>,
    /// Next steps (phương hướng, nhiệm vụ).
    pub next_steps: Vec<UnitText>,
    /// Proposals (đề xuất, kiến nghị).
    pub proposals: Vec<UnitText>,
}
