//! Goals on the wire.

use crate::actor::actions::Actions;
use crate::values::clock::UtcTime;
use crate::values::text::{Bilingual, Prose};
use crate::values::{AmendmentRef, Ref, Source};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

/// A goal as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GoalIn {
    /// The plan, by id or code.
    #[schema(max_length = 64, example = "KH-BDG-DN-2026-2030")]
    pub plan: String,
    /// Its code, unique within the plan.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", example = "G3")]
    pub code: String,
    /// Its place in the plan, from 1.
    #[schema(minimum = 1, maximum = 999, example = 3)]
    pub ordinal: i32,
    /// The letter before it in the printed plan.
    #[serde(default)]
    #[schema(max_length = 8, example = "c")]
    pub letter: Option<String>,
    /// The field of life it speaks of.
    pub field: Bilingual,
    /// Its title.
    pub title: Bilingual,
    /// The amendment of the plan that made this change, by id.
    #[serde(default)]
    #[schema(max_length = 64, example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a71")]
    pub amendment: Option<String>,
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

/// A goal (mục tiêu).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct GoalOut {
    /// Its id, a UUIDv7.
    #[schema(format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a63")]
    pub id: String,
    /// Its code, unique within the plan.
    #[schema(example = "G3")]
    pub code: String,
    /// Raised by every change; `If-Match` names it.
    #[schema(example = 1)]
    pub version: i64,
    /// The plan it belongs to.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a60", "code": "KH-BDG-DN-2026-2030"}))]
    pub plan: Ref,
    /// Its place in the plan, from 1.
    #[schema(example = 3)]
    pub ordinal: i32,
    /// The letter before it in the printed plan.
    #[schema(required, example = "c")]
    pub letter: Option<String>,
    /// The field of life it speaks of.
    #[schema(example = json!({"vi": "đời sống gia đình và phòng ngừa, ứng phó với bạo lực trên cơ sở giới", "en": "Family life"}))]
    pub field: Bilingual,
    /// Its title.
    #[schema(example = json!({"vi": "Mục tiêu 3: Trong đời sống gia đình", "en": "Goal 3: In family life"}))]
    pub title: Bilingual,
    /// What the transcriber remarked upon.
    #[schema(required, example = json!(null))]
    pub editorial_note: Option<Prose>,
    /// Where in the printed plan it stands.
    #[schema(required)]
    pub source: Option<Source>,
    /// Further particulars of the transcription, as the transcriber named them.
    #[schema(required, example = json!({"field_key": "family"}))]
    pub transcription: Option<Map<String, Value>>,
    /// The amendment that made the last change which names one.
    #[schema(required, example = json!(null))]
    pub amendment: Option<AmendmentRef>,
    /// When it was made.
    pub created_at: UtcTime,
    /// When it was last changed.
    pub updated_at: UtcTime,
    /// What this caller may do with it now; in single resources only.
    #[serde(rename = "_actions", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub actions: Option<Actions>,
}

/// Filters of the list of goals.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct GoalFilter {
    /// Goals of this plan, by id or code.
    #[param(max_length = 64, example = "KH-BDG-DN-2026-2030")]
    pub plan: Option<String>,
    /// Goals of this jurisdiction and all below it, by official code.
    #[param(max_length = 16, example = "09385")]
    pub jurisdiction: Option<String>,
    /// The goal with this code.
    #[param(max_length = 64, example = "G3")]
    pub code: Option<String>,
    /// Goals whose field is this, in Vietnamese or English, or as the transcription keys it.
    #[param(max_length = 200, example = "politics")]
    pub field: Option<String>,
    /// Goals whose text holds this, without regard to case and marks.
    #[param(max_length = 200, example = "binh dang")]
    pub q: Option<String>,
    /// Goals changed at or after this instant.
    pub updated_since: Option<UtcTime>,
}

impl GoalOut {
    /// The input form that this resource would have been made from.
    #[must_use]
    pub fn to_input(&self) -> GoalIn {
        GoalIn {
            plan: self.plan.id.clone(),
            code: self.code.clone(),
            ordinal: self.ordinal,
            letter: self.letter.clone(),
            field: self.field.clone(),
            title: self.title.clone(),
            editorial_note: self.editorial_note.clone(),
            source: self.source.clone(),
            transcription: self.transcription.clone(),
            amendment: self.amendment.as_ref().map(|amendment| amendment.id.clone()),
        }
    }
}
