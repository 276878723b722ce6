//! Dimensions on the wire.

use crate::actor::actions::Actions;
use crate::rooms::indicators::indicator_summary::DimensionValue;
use crate::values::Ref;
use crate::values::clock::UtcTime;
use crate::values::text::{Bilingual, Prose};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

/// A dimension as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DimensionIn {
    /// The plan, by id or code.
    #[schema(max_length = 64, example = "KH-BDG-DN-2026-2030")]
    pub plan: String,
    /// Its code, unique within the plan; figures name it.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", example = "sex")]
    pub code: String,
    /// Its name.
    pub name: Bilingual,
    /// Its values in their order; none, where the ward has yet to set them. A value with data may be made inactive, not left out.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub values: Vec<DimensionValue>,
    /// A remark on it.
    #[serde(default)]
    pub note: Option<Prose>,
    /// Further particulars of the transcription, as the transcriber named them.
    #[serde(default)]
    pub transcription: Option<Map<String, Value>>,
}

/// A dimension by which figures may be split (phân tổ).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DimensionOut {
    /// Its id, a UUIDv7.
    #[schema(format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a68")]
    pub id: String,
    /// Its code, unique within the plan; figures name it.
    #[schema(example = "sex")]
    pub code: String,
    /// Raised by every change; `If-Match` names it.
    #[schema(example = 1)]
    pub version: i64,
    /// The plan it belongs to.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a60", "code": "KH-BDG-DN-2026-2030"}))]
    pub plan: Ref,
    /// Its name.
    #[schema(example = json!({"vi": "Giới tính", "en": "Sex"}))]
    pub name: Bilingual,
    /// Its values in their order.
    pub values: Vec<DimensionValue>,
    /// A remark on it.
    #[schema(required, example = json!(null))]
    pub note: Option<Prose>,
    /// Further particulars of the transcription, as the transcriber named them.
    #[schema(required, example = json!(null))]
    pub transcription: Option<Map<String, Value>>,
    /// When it was made.
    pub created_at: UtcTime,
    /// When it was last changed.
    pub updated_at: UtcTime,
    /// What this caller may do with it now; in single resources only.
    #[serde(rename = "_actions", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub actions: Option<Actions>,
}

/// Filters of the list of dimensions.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DimensionFilter {
    /// Dimensions of this plan, by id or code.
    #[param(max_length = 64, example = "KH-BDG-DN-2026-2030")]
    pub plan: Option<String>,
    /// Dimensions of this jurisdiction and all below it, by official code.
    #[param(max_length = 16, example = "09385")]
    pub jurisdiction: Option<String>,
    /// The dimension with this code.
    #[param(max_length = 64, example = "sex")]
    pub code: Option<String>,
    /// Dimensions whose name, values or note hold this, without regard to case and marks.
    #[param(max_length = 200, example = "gioi tinh")]
    pub q: Option<String>,
    /// Dimensions changed at or after this instant.
    pub updated_since: Option<UtcTime>,
}

impl DimensionOut {
    /// The input form that this resource would have been made from.
    #[must_use]
    pub fn to_input(&self) -> DimensionIn {
        DimensionIn {
            plan: self.plan.id.clone(),
            code: self.code.clone(),
            name: self.name.clone(),
            values: self.values.clone(),
            note: self.note.clone(),
            transcription: self.transcription.clone(),
        }
    }
}
