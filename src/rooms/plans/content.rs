//! What a plan prints beside its goals, indicators and tasks. These items are written as they are read: what `GET` gives
//! can be sent back. They name other items by their printed codes, as the plan does.

mod recurring;
mod validation;

pub use recurring::{MeasurementRule, MonthDay, PlanEvent, ReportingRule, RuleDeadline, RuleFrequency, RuleKind};
pub use validation::{RulePart, RuleTerm, ValidationRule};

use crate::values::Source;
use crate::values::text::{Bilingual, Prose};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A document that the plan rests on (căn cứ).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "LB1", "order": 1,
    "text": {"vi": "Căn cứ Nghị quyết số 28/2021/NQ-CP ngày 03/3/2021 của Chính phủ ban hành Chiến lược quốc gia về bình đẳng giới giai đoạn 2021-2030;", "en": null},
    "document_type": "Nghị quyết", "number_in_plan": "28/2021/NQ-CP", "number_official": "28/NQ-CP", "date": "2021-03-03", "date_in_plan": "03/3/2021",
    "issuer": {"vi": "Chính phủ", "en": "The Government"}, "subject": null, "editorial_note": null,
    "source": {"section": "preamble", "lines": [11, 13], "quote": null}, "transcription": null}))]
pub struct LegalBasis {
    /// Its code, unique among the plan's legal bases.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    pub code: String,
    /// Its place among them, from 1.
    #[schema(required = false, minimum = 1, maximum = 9999)]
    pub order: Option<i32>,
    /// In the plan's words.
    pub text: Bilingual,
    /// What kind of document it is.
    #[schema(required = false, max_length = 200)]
    pub document_type: Option<String>,
    /// Its number as the plan writes it.
    #[schema(required = false, max_length = 100)]
    pub number_in_plan: Option<String>,
    /// Its number as it was published.
    #[schema(required = false, max_length = 100)]
    pub number_official: Option<String>,
    /// When it was issued.
    #[schema(required = false)]
    pub date: Option<NaiveDate>,
    /// That date as the plan writes it.
    #[schema(required = false, max_length = 100)]
    pub date_in_plan: Option<String>,
    /// Who issued it.
    #[schema(required = false)]
    pub issuer: Option<Bilingual>,
    /// What it is about.
    #[schema(required = false)]
    pub subject: Option<Bilingual>,
    /// What the transcriber remarked upon.
    #[schema(required = false)]
    pub editorial_note: Option<Prose>,
    /// Where in the printed plan it stands.
    #[schema(required = false)]
    pub source: Option<Source>,
    /// Further particulars of the transcription, as the transcriber named them.
    #[schema(required = false)]
    pub transcription: Option<Map<String, Value>>,
}

/// Who receives the plan (nơi nhận).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"order": 1, "text": {"vi": "Sở Nội vụ (b/c)", "en": "Department of Home Affairs (for report)"}, "purpose": "report",
    "editorial_note": null, "source": {"section": "Nơi nhận", "lines": [597, 597], "quote": null}, "transcription": null}))]
pub struct Recipient {
    /// Its place in the list, from 1.
    #[schema(required = false, minimum = 1, maximum = 9999)]
    pub order: Option<i32>,
    /// As the plan names it.
    pub text: Bilingual,
    /// What it receives the plan for: `report`, `implement`, `archive`.
    #[schema(required = false, pattern = "^[a-z][a-z0-9_]{0,63}$")]
    pub purpose: Option<String>,
    /// What the transcriber remarked upon.
    #[schema(required = false)]
    pub editorial_note: Option<Prose>,
    /// Where in the printed plan it stands.
    #[schema(required = false)]
    pub source: Option<Source>,
    /// Further particulars of the transcription, as the transcriber named them.
    #[schema(required = false)]
    pub transcription: Option<Map<String, Value>>,
}

/// Who signed the plan (người ký).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Ngô Quang Huy", "signing_capacity": {"vi": "KT. CHỦ TỊCH", "en": "On behalf of the Chairperson (KT. = ký thay)"},
    "position": {"vi": "PHÓ CHỦ TỊCH", "en": "Vice Chairperson"}, "editorial_note": null,
    "source": {"section": "signature", "lines": [615, 627], "quote": null}, "transcription": null}))]
pub struct PlanSigner {
    /// The person's name.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// In whose place he signed, if in anybody's (thay mặt, ký thay).
    #[schema(required = false)]
    pub signing_capacity: Option<Bilingual>,
    /// The person's office.
    #[schema(required = false)]
    pub position: Option<Bilingual>,
    /// What the transcriber remarked upon.
    #[schema(required = false)]
    pub editorial_note: Option<Prose>,
    /// Where in the printed plan it stands.
    #[schema(required = false)]
    pub source: Option<Source>,
    /// Further particulars of the transcription, as the transcriber named them.
    #[schema(required = false)]
    pub transcription: Option<Map<String, Value>>,
}

/// Where money comes from (nguồn kinh phí); tasks name it in their `budget[]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "B2", "order": 2, "kind": "other_lawful", "text": {"vi": "Các nguồn hợp pháp khác.", "en": "Other lawful sources."},
    "editorial_note": null, "source": {"section": "III.2", "lines": [414, 414], "quote": null}, "transcription": null}))]
pub struct BudgetSource {
    /// Its code, unique among the plan's sources.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    pub code: String,
    /// Its place among them, from 1.
    #[schema(required = false, minimum = 1, maximum = 9999)]
    pub order: Option<i32>,
    /// What kind of money it is: `state_budget`, `other_lawful`.
    #[schema(required = false, pattern = "^[a-z][a-z0-9_]{0,63}$")]
    pub kind: Option<String>,
    /// In the plan's words.
    pub text: Bilingual,
    /// What the transcriber remarked upon.
    #[schema(required = false)]
    pub editorial_note: Option<Prose>,
    /// Where in the printed plan it stands.
    #[schema(required = false)]
    pub source: Option<Source>,
    /// Further particulars of the transcription, as the transcriber named them.
    #[schema(required = false)]
    pub transcription: Option<Map<String, Value>>,
}

/// A heading of the printed plan (đề mục).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "I.2.đ", "heading": {"vi": "đ) Trong lĩnh vực giáo dục và đạo tạo", "en": "đ) In education and training"},
    "editorial_note": null, "source": {"section": "I.2.đ", "lines": [92, 92], "quote": null}, "transcription": null}))]
pub struct PlanSection {
    /// Its number in the plan; letters are Vietnamese.
    #[schema(min_length = 1, max_length = 64)]
    pub code: String,
    /// The heading with its number, as printed.
    pub heading: Bilingual,
    /// What the transcriber remarked upon.
    #[schema(required = false)]
    pub editorial_note: Option<Prose>,
    /// Where in the printed plan it stands.
    #[schema(required = false)]
    pub source: Option<Source>,
    /// Further particulars of the transcription, as the transcriber named them.
    #[schema(required = false)]
    pub transcription: Option<Map<String, Value>>,
}

/// Solutions that serve one goal (nhóm giải pháp).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "SG3", "letter": "c", "goal_code": "G3", "name": {"vi": "Nhóm giải pháp thực hiện mục tiêu 3", "en": "Group of solutions for goal 3"},
    "solution_count": 5, "editorial_note": null, "source": {"section": "II.2.c", "lines": [293, 293], "quote": null}, "transcription": null}))]
pub struct SolutionGroup {
    /// Its code, unique among the plan's groups.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    pub code: String,
    /// The letter before it in the printed plan.
    #[schema(required = false, max_length = 8)]
    pub letter: Option<String>,
    /// The code of the goal that they serve.
    #[schema(required = false, max_length = 64)]
    pub goal_code: Option<String>,
    /// Its name.
    pub name: Bilingual,
    /// How many solutions the printed plan lists in it.
    #[schema(required = false, minimum = 0, maximum = 9999)]
    pub solution_count: Option<i32>,
    /// What the transcriber remarked upon.
    #[schema(required = false)]
    pub editorial_note: Option<Prose>,
    /// Where in the printed plan it stands.
    #[schema(required = false)]
    pub source: Option<Source>,
    /// Further particulars of the transcription, as the transcriber named them.
    #[schema(required = false)]
    pub transcription: Option<Map<String, Value>>,
}

/// A slip of the printed plan that the transcription keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"line": 92, "kind": "spelling", "as_in_plan": "đạo tạo", "likely_intended": "đào tạo", "note": null}))]
pub struct TranscriptionNote {
    /// The line of the plan's text.
    #[schema(required = false, minimum = 1, maximum = 1_000_000)]
    pub line: Option<i32>,
    /// What kind of slip it is: `spelling`, `omission`, `number`.
    #[schema(required = false, pattern = "^[a-z][a-z0-9_]{0,63}$")]
    pub kind: Option<String>,
    /// What the plan says, blanks and all.
    #[schema(min_length = 1, max_length = 8000)]
    pub as_in_plan: String,
    /// What was meant, as far as one can tell.
    #[schema(required = false, max_length = 8000)]
    pub likely_intended: Option<String>,
    /// What else is to be said of it.
    #[schema(required = false)]
    pub note: Option<Prose>,
    /// The indicator whose target cannot be read without the remark.
    #[schema(required = false, pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    pub indicator_code: Option<String>,
    /// How that target is read, and why.
    #[schema(required = false)]
    pub remark: Option<Bilingual>,
}

/// All of this as the column `content` holds it; a plan written before there was a member lacks it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct PlanContent {
    pub document_number: Option<String>,
    pub document_date: Option<NaiveDate>,
    pub issued_place: Option<Bilingual>,
    pub general_objective: Option<Bilingual>,
    pub legal_bases: Vec<LegalBasis>,
    pub recipients: Vec<Recipient>,
    pub signer: Option<PlanSigner>,
    pub reporting_rules: Vec<ReportingRule>,
    pub events: Vec<PlanEvent>,
    pub budget_sources: Vec<BudgetSource>,
    pub outline: Vec<PlanSection>,
    pub measurement_rules: Vec<MeasurementRule>,
    pub solution_groups: Vec<SolutionGroup>,
    pub transcription_notes: Vec<TranscriptionNote>,
    pub validation_rules: Vec<ValidationRule>,
    pub editorial_notes: Vec<Prose>,
    pub source: Option<Source>,
    pub transcription: Option<Map<String, Value>>,
}
