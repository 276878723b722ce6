//! Dissolutions on the wire.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// That a unit is dissolved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DissolutionIn {
    /// The first day on which it is no longer there; it may lie ahead.
    #[schema(example = "2027-07-01")]
    pub on: NaiveDate,
    /// Those that take its place, by id or code: one for a merger, several for a split, none for an abolition.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub successors: Vec<String>,
    /// Why: the decision by which it is done.
    #[schema(min_length = 1, max_length = 2000, example = "Quyết định số 12/QĐ-UBND về việc sắp xếp lại các phòng")]
    pub reason: String,
}

/// That an administrative unit is dissolved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JurisdictionDissolutionIn {
    /// The first day on which it is no longer there; it may lie ahead.
    #[schema(example = "2027-07-01")]
    pub on: NaiveDate,
    /// Those that take its place, by official code: one for a merger, several for a split, none for an abolition.
    #[serde(default)]
    #[schema(max_items = 50, example = json!(["09388"]))]
    pub successors: Vec<String>,
    /// Why: the resolution by which it is done.
    #[schema(min_length = 1, max_length = 2000, example = "Nghị quyết về việc sắp xếp các đơn vị hành chính cấp xã")]
    pub reason: String,
}
