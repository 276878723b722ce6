//! Amendments on the wire.

use crate::actor::actions::Actions;
use crate::values::Ref;
use crate::values::clock::UtcTime;
use crate::values::text::Bilingual;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An amendment as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AmendmentIn {
    /// The number of the decision.
    #[schema(min_length = 1, max_length = 64, example = "15/QĐ-UBND")]
    pub document_number: String,
    /// The day on which it was signed.
    #[schema(example = "2027-03-01")]
    pub document_date: NaiveDate,
    /// The day from which on it is in force.
    #[schema(example = "2027-03-15")]
    pub in_force_on: NaiveDate,
    /// Its title.
    pub title: Bilingual,
    /// What it changes, in short.
    #[serde(default)]
    pub summary: Option<Bilingual>,
}

/// A decision that amends a plan (quyết định điều chỉnh, bổ sung).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AmendmentOut {
    /// Its id, a UUIDv7.
    #[schema(format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a71")]
    pub id: String,
    /// Raised by every change; `If-Match` names it.
    #[schema(example = 1)]
    pub version: i64,
    /// The plan that it amends.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a60", "code": "KH-BDG-DN-2026-2030"}))]
    pub plan: Ref,
    /// The number of the decision.
    #[schema(example = "15/QĐ-UBND")]
    pub document_number: String,
    /// The day on which it was signed.
    pub document_date: NaiveDate,
    /// The day from which on it is in force.
    pub in_force_on: NaiveDate,
    /// Its title.
    #[schema(example = json!({"vi": "Quyết định điều chỉnh chỉ tiêu của Kế hoạch bình đẳng giới", "en": null}))]
    pub title: Bilingual,
    /// What it changes, in short.
    #[schema(required)]
    pub summary: Option<Bilingual>,
    /// When it was entered.
    pub created_at: UtcTime,
    /// When it was last changed.
    pub updated_at: UtcTime,
    /// What this caller may do with it now; in single resources only.
    #[serde(rename = "_actions", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub actions: Option<Actions>,
}

impl AmendmentOut {
    /// The input form that this resource would have been made from.
    pub(super) fn to_input(&self) -> AmendmentIn {
        AmendmentIn {
            document_number: self.document_number.clone(),
            document_date: self.document_date,
            in_force_on: self.in_force_on,
            title: self.title.clone(),
            summary: self.summary.clone(),
        }
    }
}
