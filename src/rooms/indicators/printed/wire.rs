//! Printed targets on the wire.

use crate::actor::actions::Actions;
use crate::values::clock::UtcTime;
use crate::values::text::{Bilingual, Prose};
use crate::values::{Ref, Source};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

/// A printed target as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanIndicatorIn {
    /// The plan, by id or code.
    #[schema(max_length = 64, example = "KH-BDG-DN-2026-2030")]
    pub plan: String,
    /// The goal it belongs to, by id or code.
    #[schema(max_length = 64, example = "G3")]
    pub goal: String,
    /// Its code, unique within the plan.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", example = "3.2")]
    pub code: String,
    /// What the plan calls it.
    #[schema(min_length = 1, max_length = 200, example = "Chỉ tiêu 2")]
    pub label: String,
    /// The target in the plan's words.
    pub statement: Bilingual,
    /// What the transcriber remarked upon.
    #[serde(default)]
    pub editorial_note: Option<Prose>,
    /// Where in the printed plan it stands.
    #[serde(default)]
    pub source: Option<Source>,
    /// Further particulars of the transcription, as the transcriber named them.
    #[serde(default)]
    pub transcription: Option<Map<String, Value>>,
}

/// A target as the plan prints it (chỉ tiêu).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PlanIndicatorOut {
    /// Its id, a UUIDv7.
    #[schema(format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a64")]
    pub id: String,
    /// Its code, unique within the plan.
    #[schema(example = "3.2")]
    pub code: String,
    /// Raised by every change; `If-Match` names it.
    #[schema(example = 1)]
    pub version: i64,
    /// The plan it belongs to.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a60", "code": "KH-BDG-DN-2026-2030"}))]
    pub plan: Ref,
    /// The goal it belongs to.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a63", "code": "G3"}))]
    pub goal: Ref,
    /// What the plan calls it.
    #[schema(example = "Chỉ tiêu 2")]
    pub label: String,
    /// The target in the plan's words.
    #[schema(example = json!({"vi": "Đến năm 2030 đạt 90% người bị bạo lực gia đình, bạo lực trên cơ sở giới được phát hiện được tiếp cận ít nhất một trong các dịch vụ hỗ trợ cơ bản", "en": null}))]
    pub statement: Bilingual,
    /// The indicators that measure it.
    #[schema(example = json!([{"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a67", "code": "3.2a"}]))]
    pub indicators: Vec<Ref>,
    /// What the transcriber remarked upon.
    #[schema(
        required,
        example = "One Chỉ tiêu with two targets, about different people; split into 3.2a (victims) and 3.2b (perpetrators)."
    )]
    pub editorial_note: Option<Prose>,
    /// Where in the printed plan it stands.
    #[schema(required)]
    pub source: Option<Source>,
    /// Further particulars of the transcription, as the transcriber named them.
    #[schema(required, example = json!({"number_in_goal": 2, "is_split": true}))]
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

/// Filters of the list of printed targets.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PlanIndicatorFilter {
    /// Targets of this plan, by id or code.
    #[param(max_length = 64, example = "KH-BDG-DN-2026-2030")]
    pub plan: Option<String>,
    /// Targets of this goal, by id or code.
    #[param(max_length = 64, example = "G3")]
    pub goal: Option<String>,
    /// Targets of this jurisdiction and all below it, by official code.
    #[param(max_length = 16, example = "09385")]
    pub jurisdiction: Option<String>,
    /// The target with this code.
    #[param(max_length = 64, example = "3.2")]
    pub code: Option<String>,
    /// Targets of goals whose field is this, in Vietnamese or English, or as the transcription keys it.
    #[param(max_length = 200, example = "family")]
    pub field: Option<String>,
    /// Targets whose text holds this, without regard to case and marks.
    #[param(max_length = 200, example = "bao luc")]
    pub q: Option<String>,
    /// Targets changed at or after this instant.
    pub updated_since: Option<UtcTime>,
}

impl PlanIndicatorOut {
    /// The input form that this resource would have been made from.
    #[must_use]
    pub fn to_input(&self) -> PlanIndicatorIn {
        PlanIndicatorIn {
            plan: self.plan.id.clone(),
            goal: self.goal.id.clone(),
            code: self.code.clone(),
            label: self.label.clone(),
            statement: self.statement.clone(),
            editorial_note: self.editorial_note.clone(),
            source: self.source.clone(),
            transcription: self.transcription.clone(),
        }
    }
}
