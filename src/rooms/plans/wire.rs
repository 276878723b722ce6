//! Plans on the wire.

use super::content::{
    BudgetSource, LegalBasis, MeasurementRule, PlanContent, PlanEvent, PlanSection, PlanSigner, Recipient, ReportingRule, SolutionGroup,
    TranscriptionNote, ValidationRule,
};
use crate::actor::actions::Actions;
use crate::reading::references::PlanKey;
use crate::values::clock::UtcTime;
use crate::values::id::PlanId;
use crate::values::text::{Bilingual, Prose};
use crate::values::{Ref, Source};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

/// Whether a plan is in force.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlanStatus {
    /// Being written: nothing is due.
    #[default]
    Draft,
    /// In force: its periods are made ahead.
    Active,
    /// Over.
    Closed,
}

impl PlanStatus {
    /// The word on the wire and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Active => "active",
            Self::Closed => "closed",
        }
    }

    /// The status that a word names.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Draft, Self::Active, Self::Closed].into_iter().find(|s| s.as_str() == word)
    }
}

/// A plan as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanIn {
    /// Its code, unique within the jurisdiction.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", example = "KH-BDG-DN-2026-2030")]
    pub code: String,
    /// The jurisdiction that it is for, by official code; set at creation.
    #[schema(max_length = 16, example = "09385")]
    pub jurisdiction: String,
    /// Its title.
    pub title: Bilingual,
    /// The number on the paper (số, ký hiệu); null where it bears none.
    #[serde(default)]
    #[schema(max_length = 100, example = "15/KH-UBND")]
    pub document_number: Option<String>,
    /// When it was issued.
    #[serde(default)]
    pub document_date: Option<NaiveDate>,
    /// Where it was issued (địa danh).
    #[serde(default)]
    pub issued_place: Option<Bilingual>,
    /// Its first year.
    #[schema(minimum = 1990, maximum = 2200, example = 2026)]
    pub start_year: i32,
    /// Its last year.
    #[schema(minimum = 1990, maximum = 2200, example = 2030)]
    pub end_year: i32,
    /// The plan of the same jurisdiction whose place it takes from its first year on, by id or code; fixed once it is in force.
    #[serde(default)]
    #[schema(max_length = 64, example = json!(null))]
    pub replaces: Option<String>,
    /// Whether it is in force: `draft`, then `active`, then `closed`. Without it: `draft`.
    #[serde(default)]
    pub status: PlanStatus,
    /// What it wants on the whole (mục tiêu tổng quát).
    #[serde(default)]
    pub general_objective: Option<Bilingual>,
    /// The documents that it rests on (căn cứ).
    #[serde(default)]
    #[schema(max_items = 100)]
    pub legal_bases: Vec<LegalBasis>,
    /// Who receives it (nơi nhận).
    #[serde(default)]
    #[schema(max_items = 200)]
    pub recipients: Vec<Recipient>,
    /// Who signed it.
    #[serde(default)]
    pub signer: Option<PlanSigner>,
    /// Who reports to whom, how often and by when.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub reporting_rules: Vec<ReportingRule>,
    /// What happens every year.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub events: Vec<PlanEvent>,
    /// Where money comes from; tasks name these in their `budget[]`.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub budget_sources: Vec<BudgetSource>,
    /// The headings of the printed plan.
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub outline: Vec<PlanSection>,
    /// How often indicators are measured within the year, where the plan says so.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub measurement_rules: Vec<MeasurementRule>,
    /// The groups of solutions, one for each goal.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub solution_groups: Vec<SolutionGroup>,
    /// Slips of the printed plan that the transcription keeps.
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub transcription_notes: Vec<TranscriptionNote>,
    /// Rules that tie figures of one report together; where one is broken the report has a warning.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub validation_rules: Vec<ValidationRule>,
    /// What the transcriber remarked upon.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub editorial_notes: Vec<Prose>,
    /// Where in the printed text it stands.
    #[serde(default)]
    pub source: Option<Source>,
    /// Further particulars of the transcription, as the transcriber named them.
    #[serde(default)]
    pub transcription: Option<Map<String, Value>>,
}

/// A plan (kế hoạch).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PlanOut {
    /// Its id, a UUIDv7.
    #[schema(format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a60")]
    pub id: String,
    /// Its code, unique within the jurisdiction.
    #[schema(example = "KH-BDG-DN-2026-2030")]
    pub code: String,
    /// Raised by every change; `If-Match` names it.
    #[schema(example = 1)]
    pub version: i64,
    /// The jurisdiction that it is for, by official code.
    #[schema(example = "09385")]
    pub jurisdiction: String,
    /// Its title.
    #[schema(example = json!({"vi": "Triển khai thực hiện Chiến lược quốc gia về bình đẳng giới Giai đoạn 2026-2030 trên địa bàn phường Đồng Nguyên", "en": null}))]
    pub title: Bilingual,
    /// The number on the paper (số, ký hiệu); null where it bears none.
    #[schema(required, example = json!(null))]
    pub document_number: Option<String>,
    /// When it was issued.
    #[schema(required, example = json!(null))]
    pub document_date: Option<NaiveDate>,
    /// Where it was issued (địa danh).
    #[schema(required, example = json!(null))]
    pub issued_place: Option<Bilingual>,
    /// Its first year.
    #[schema(example = 2026)]
    pub start_year: i32,
    /// Its last year.
    #[schema(example = 2030)]
    pub end_year: i32,
    /// The plan whose place it takes from its first year on.
    #[schema(required, example = json!(null))]
    pub replaces: Option<Ref>,
    /// Whether it is in force.
    pub status: PlanStatus,
    /// What it wants on the whole (mục tiêu tổng quát).
    #[schema(required)]
    pub general_objective: Option<Bilingual>,
    /// The documents that it rests on (căn cứ).
    pub legal_bases: Vec<LegalBasis>,
    /// Who receives it (nơi nhận).
    pub recipients: Vec<Recipient>,
    /// Who signed it.
    #[schema(required)]
    pub signer: Option<PlanSigner>,
    /// Who reports to whom, how often and by when.
    pub reporting_rules: Vec<ReportingRule>,
    /// What happens every year.
    pub events: Vec<PlanEvent>,
    /// Where money comes from; tasks name these in their `budget[]`.
    pub budget_sources: Vec<BudgetSource>,
    /// The headings of the printed plan.
    pub outline: Vec<PlanSection>,
    /// How often indicators are measured within the year, where the plan says so.
    pub measurement_rules: Vec<MeasurementRule>,
    /// The groups of solutions, one for each goal.
    pub solution_groups: Vec<SolutionGroup>,
    /// Slips of the printed plan that the transcription keeps.
    pub transcription_notes: Vec<TranscriptionNote>,
    /// Rules that tie figures of one report together; where one is broken the report has a warning.
    pub validation_rules: Vec<ValidationRule>,
    /// What the transcriber remarked upon.
    #[schema(example = json!([]))]
    pub editorial_notes: Vec<Prose>,
    /// Where in the printed text it stands.
    #[schema(required)]
    pub source: Option<Source>,
    /// Further particulars of the transcription, as the transcriber named them.
    #[schema(required, example = json!({"document_type_vi": "KẾ HOẠCH", "language": "vi"}))]
    pub transcription: Option<Map<String, Value>>,
    /// When it was made.
    pub created_at: UtcTime,
    /// When it was last changed.
    pub updated_at: UtcTime,
    /// What this caller may do with it now; in single resources only. `activate` and `close` are changes of `status`.
    #[serde(rename = "_actions", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub actions: Option<Actions>,
}

/// Filters of the list of plans.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PlanFilter {
    /// Plans of this jurisdiction and all below it, by official code.
    #[param(max_length = 16, example = "09385")]
    pub jurisdiction: Option<String>,
    /// Plans of this status.
    #[param(inline, example = "active")]
    pub status: Option<PlanStatus>,
    /// Plans with this code.
    #[param(max_length = 64, example = "KH-BDG-DN-2026-2030")]
    pub code: Option<String>,
    /// Plans that hold for this year.
    #[param(minimum = 1900, maximum = 2200, example = 2027)]
    pub year: Option<i32>,
    /// Plans whose code, title or general objective holds this, without regard to case and marks.
    #[param(max_length = 200, example = "binh dang gioi")]
    pub q: Option<String>,
    /// Plans changed at or after this instant.
    pub updated_since: Option<UtcTime>,
}

impl PlanOut {
    /// The input form that this resource would have been made from.
    #[must_use]
    pub fn to_input(&self) -> PlanIn {
        PlanIn {
            code: self.code.clone(),
            jurisdiction: self.jurisdiction.clone(),
            title: self.title.clone(),
            document_number: self.document_number.clone(),
            document_date: self.document_date,
            issued_place: self.issued_place.clone(),
            start_year: self.start_year,
            end_year: self.end_year,
            replaces: self.replaces.as_ref().map(|plan| plan.id.clone()),
            status: self.status,
            general_objective: self.general_objective.clone(),
            legal_bases: self.legal_bases.clone(),
            recipients: self.recipients.clone(),
            signer: self.signer.clone(),
            reporting_rules: self.reporting_rules.clone(),
            events: self.events.clone(),
            budget_sources: self.budget_sources.clone(),
            outline: self.outline.clone(),
            measurement_rules: self.measurement_rules.clone(),
            solution_groups: self.solution_groups.clone(),
            transcription_notes: self.transcription_notes.clone(),
            validation_rules: self.validation_rules.clone(),
            editorial_notes: self.editorial_notes.clone(),
            source: self.source.clone(),
            transcription: self.transcription.clone(),
        }
    }
}

impl PlanOut {
    /// The plan, as what belongs to it needs it.
    #[must_use]
    pub fn key(&self) -> PlanKey {
        PlanKey {
            id: PlanId::from_text(self.id.clone()),
            code: self.code.clone(),
            jurisdiction: self.jurisdiction.clone(),
            start_year: self.start_year,
            end_year: self.end_year,
            status: self.status.as_str().to_owned(),
        }
    }
}

impl PlanIn {
    /// What the column `content` holds of it.
    pub(super) fn content(&self) -> PlanContent {
        PlanContent {
            document_number: self.document_number.clone(),
            document_date: self.document_date,
            issued_place: self.issued_place.clone(),
            general_objective: self.general_objective.clone(),
            legal_bases: self.legal_bases.clone(),
            recipients: self.recipients.clone(),
            signer: self.signer.clone(),
            reporting_rules: self.reporting_rules.clone(),
            events: self.events.clone(),
            budget_sources: self.budget_sources.clone(),
            outline: self.outline.clone(),
            measurement_rules: self.measurement_rules.clone(),
            solution_groups: self.solution_groups.clone(),
            transcription_notes: self.transcription_notes.clone(),
            validation_rules: self.validation_rules.clone(),
            editorial_notes: self.editorial_notes.clone(),
            source: self.source.clone(),
            transcription: self.transcription.clone(),
        }
    }
}
