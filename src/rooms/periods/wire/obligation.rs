//! Who owes what in a period, and what became of it, on the wire.

use crate::values::Ref;
use crate::values::clock::UtcTime;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An indicator that a unit owes in a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a67", "code": "4.1", "definition_version": 1}))]
pub struct ObligedIndicator {
    /// The indicator's id, a UUIDv7.
    #[schema(format = "uuid")]
    pub id: String,
    /// Its code.
    pub code: String,
    /// The version of its definition that is asked.
    pub definition_version: i32,
    /// The indicator of the province's plan to which it answers, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub counterpart: Option<Ref>,
}

/// Why a unit need not report, and since when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"reason": "Trạm đã giải thể từ 01/7/2027", "at": "2027-11-05T02:00:00Z"}))]
pub struct Excused {
    /// Why; left out where the reason is nobody's business but the ward's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reason: Option<String>,
    /// Since when.
    pub at: UtcTime,
}

impl Excused {
    /// The same for those outside the ward.
    #[must_use]
    pub fn without_reason(self) -> Self {
        Self { reason: None, ..self }
    }
}

/// What one unit owes in a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({
    "unit": {"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65", "code": "U5"}, "narrative": true,
    "indicators": [{"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a67", "code": "4.1", "definition_version": 1}]
}))]
pub struct Obligation {
    /// The unit.
    pub unit: Ref,
    /// The indicators that it owes, in the plan's order.
    pub indicators: Vec<ObligedIndicator>,
    /// Whether it owes words as well: every unit does in an annual period.
    pub narrative: bool,
    /// That it need not report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub excused: Option<Excused>,
}

impl Obligation {
    /// The same for those outside the ward.
    #[must_use]
    pub fn without_reason(self) -> Self {
        Self { excused: self.excused.map(Excused::without_reason), ..self }
    }
}

/// Something about a period that somebody should look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"code": "no_active_unit", "indicator": {"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a67", "code": "2.3"}, "detail": "2.3: không có đơn vị đang hoạt động nào phải báo cáo chỉ tiêu này."}))]
pub struct PeriodWarning {
    /// `no_active_unit`: nobody owes an indicator that the period asks for.
    pub code: String,
    /// The indicator it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub indicator: Option<Ref>,
    /// The unit it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub unit: Option<Ref>,
    /// In words.
    pub detail: String,
}

/// An obligation to be handed over, as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferIn {
    /// The indicator, by id or code.
    #[schema(min_length = 1, max_length = 64, example = "2.3")]
    pub indicator: String,
    /// The unit that owes it so far, by id or code; left out for one that nobody owes.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 64, example = "U2")]
    pub from_unit: Option<String>,
    /// The unit that is to owe it, by id or code.
    #[schema(min_length = 1, max_length = 64, example = "U1")]
    pub to_unit: String,
    /// Why.
    #[schema(min_length = 1, max_length = 4000, example = "Phòng Kinh tế nhập vào Văn phòng", extensions(("x-multiline" = json!(true))))]
    pub reason: String,
}

/// An obligation that was handed over (chuyển giao nhiệm vụ báo cáo).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a73", "indicator": {"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a67", "code": "2.3"},
    "from_unit": {"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a64", "code": "U2"}, "to_unit": {"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65", "code": "U1"},
    "reason": "Phòng Kinh tế nhập vào Văn phòng", "by": "Nguyễn Thị An", "at": "2027-11-05T02:00:00Z"
}))]
pub struct TransferOut {
    /// Its id, a UUIDv7.
    #[schema(format = "uuid")]
    pub id: String,
    /// The indicator.
    pub indicator: Ref,
    /// The unit that owed it before.
    #[schema(required)]
    pub from_unit: Option<Ref>,
    /// The unit that owes it now.
    pub to_unit: Ref,
    /// Why.
    pub reason: String,
    /// The name of who handed it over.
    pub by: String,
    /// When.
    pub at: UtcTime,
}

/// A unit that need not report, as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExcusalIn {
    /// The unit, by id or code.
    #[schema(min_length = 1, max_length = 64, example = "U7.3")]
    pub unit: String,
    /// Why it need not report.
    #[schema(min_length = 1, max_length = 4000, example = "Trường đã giải thể", extensions(("x-multiline" = json!(true))))]
    pub reason: String,
}

/// That a unit need not report in a period (miễn báo cáo).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a74", "unit": {"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65", "code": "U7.3"},
    "reason": "Trường đã giải thể", "by": "Nguyễn Thị An", "at": "2027-11-05T02:00:00Z"
}))]
pub struct ExcusalOut {
    /// Its id, a UUIDv7.
    #[schema(format = "uuid")]
    pub id: String,
    /// The unit.
    pub unit: Ref,
    /// Why it need not report.
    pub reason: String,
    /// The name of who excused it.
    pub by: String,
    /// Since when.
    pub at: UtcTime,
}

/// Why a period is closed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PeriodCloseIn {
    /// Why; needed for one that was never opened, which then counts nowhere.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 4000, example = "Phường đã sáp nhập", extensions(("x-multiline" = json!(true))))]
    pub reason: Option<String>,
}
