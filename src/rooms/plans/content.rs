//! What a plan prints beside its goals, indicators and tasks. These items are written as they are read: what `GET` gives
//! can be sent back. They name other items by their printed codes, as the plan does.

use crate::figures::Direction;
use crate::values::Source;
use crate::values::decimal::Decimal4;
use crate::values::text::Bilingual;
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
    #[schema(required = false, max_length = 8000, extensions(("x-multiline" = json!(true))))]
    pub editorial_note: Option<String>,
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
    #[schema(required = false, max_length = 8000, extensions(("x-multiline" = json!(true))))]
    pub editorial_note: Option<String>,
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
    #[schema(required = false, max_length = 8000, extensions(("x-multiline" = json!(true))))]
    pub editorial_note: Option<String>,
    /// Where in the printed plan it stands.
    #[schema(required = false)]
    pub source: Option<Source>,
    /// Further particulars of the transcription, as the transcriber named them.
    #[schema(required = false)]
    pub transcription: Option<Map<String, Value>>,
}

/// What a reporting rule asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RuleKind {
    /// Reports of the units at fixed times.
    Periodic,
    /// Reports of the units on one subject.
    Thematic,
    /// Reports of the units when somebody asks.
    AdHoc,
    /// The ward's report to the province.
    Consolidated,
}

/// How often a rule applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RuleFrequency {
    /// Once a year.
    Annual,
    /// Once a calendar quarter.
    Quarterly,
    /// Once a calendar month.
    Monthly,
    /// When somebody asks.
    OnRequest,
}

/// By when a reporting rule wants its reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"month": 11, "day": 25, "wording": {"vi": "trước ngày 25/11 hàng năm", "en": null}, "is_exclusive": true,
    "last_day_on_strict_reading": "11-24", "timezone": "Asia/Ho_Chi_Minh", "set_by": null}))]
pub struct RuleDeadline {
    /// Its month.
    #[schema(required = false, minimum = 1, maximum = 12)]
    pub month: Option<i32>,
    /// Its day.
    #[schema(required = false, minimum = 1, maximum = 31)]
    pub day: Option<i32>,
    /// In the plan's words.
    #[schema(required = false)]
    pub wording: Option<Bilingual>,
    /// Whether that day itself is too late.
    #[schema(required = false)]
    pub is_exclusive: Option<bool>,
    /// The last day that keeps it if every word counts, `MM-DD`.
    #[schema(required = false, pattern = "^[0-9]{2}-[0-9]{2}$")]
    pub last_day_on_strict_reading: Option<String>,
    /// The time zone in which the day is meant.
    #[schema(required = false, max_length = 64)]
    pub timezone: Option<String>,
    /// Who sets it, where the plan does not: `requester`, `province`.
    #[schema(required = false, pattern = "^[a-z][a-z0-9_]{0,63}$")]
    pub set_by: Option<String>,
}

/// Who reports to whom, how often and by when (chế độ báo cáo).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "RR1", "kind": "periodic", "frequency": "annual",
    "name": {"vi": "Báo cáo kết quả thực hiện hàng năm", "en": "Annual report on results"}, "from_unit_codes": ["U2", "U3"], "to_unit_code": "U1",
    "deadline": {"month": 11, "day": 25, "wording": {"vi": "trước ngày 25/11 hàng năm", "en": null}, "is_exclusive": true,
        "last_day_on_strict_reading": "11-24", "timezone": "Asia/Ho_Chi_Minh", "set_by": null},
    "data_cutoff": null, "years": [2026, 2027], "editorial_note": null, "source": {"section": "closing", "lines": [583, 591], "quote": null}, "transcription": null}))]
pub struct ReportingRule {
    /// Its code, unique among the plan's reporting rules.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    pub code: String,
    /// What it asks for.
    pub kind: RuleKind,
    /// How often.
    pub frequency: RuleFrequency,
    /// Its name.
    pub name: Bilingual,
    /// The codes of the units that report.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub from_unit_codes: Vec<String>,
    /// The code of the unit that they report to.
    #[schema(required = false, max_length = 64)]
    pub to_unit_code: Option<String>,
    /// By when.
    #[schema(required = false)]
    pub deadline: Option<RuleDeadline>,
    /// The last day that the figures are about, where the plan gives one.
    #[schema(required = false, max_length = 200)]
    pub data_cutoff: Option<String>,
    /// The years in which it applies.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub years: Vec<i32>,
    /// What the transcriber remarked upon.
    #[schema(required = false, max_length = 8000, extensions(("x-multiline" = json!(true))))]
    pub editorial_note: Option<String>,
    /// Where in the printed plan it stands.
    #[schema(required = false)]
    pub source: Option<Source>,
    /// Further particulars of the transcription, as the transcriber named them.
    #[schema(required = false)]
    pub transcription: Option<Map<String, Value>>,
}

/// A day of every year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"month": 11, "day": 15}))]
pub struct MonthDay {
    /// Its month.
    #[schema(minimum = 1, maximum = 12)]
    pub month: i32,
    /// Its day.
    #[schema(minimum = 1, maximum = 31)]
    pub day: i32,
}

/// Something that happens every year (Tháng hành động).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "EV1", "name": {"vi": "Tháng hành động vì bình đẳng giới và phòng ngừa, ứng phó với bạo lực trên cơ sở giới", "en": null},
    "recurrence": "annual", "start": {"month": 11, "day": 15}, "end": {"month": 12, "day": 15}, "wording": {"vi": "từ ngày 15/11 đến ngày 15/12", "en": null},
    "task_codes": ["T4"], "solution_codes": ["S3.2"], "editorial_note": null, "sources": [{"section": "II.1.d", "lines": [163, 169], "quote": null}], "transcription": null}))]
pub struct PlanEvent {
    /// Its code, unique among the plan's events.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    pub code: String,
    /// Its name.
    pub name: Bilingual,
    /// How often: `annual`.
    #[schema(required = false, pattern = "^[a-z][a-z0-9_]{0,63}$")]
    pub recurrence: Option<String>,
    /// Its first day.
    pub start: MonthDay,
    /// Its last day.
    pub end: MonthDay,
    /// In the plan's words.
    #[schema(required = false)]
    pub wording: Option<Bilingual>,
    /// The codes of the tasks that speak of it.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub task_codes: Vec<String>,
    /// The codes of the solutions that speak of it.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub solution_codes: Vec<String>,
    /// What the transcriber remarked upon.
    #[schema(required = false, max_length = 8000, extensions(("x-multiline" = json!(true))))]
    pub editorial_note: Option<String>,
    /// Where in the printed plan it stands.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub sources: Vec<Source>,
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
    #[schema(required = false, max_length = 8000, extensions(("x-multiline" = json!(true))))]
    pub editorial_note: Option<String>,
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
    #[schema(required = false, max_length = 8000, extensions(("x-multiline" = json!(true))))]
    pub editorial_note: Option<String>,
    /// Where in the printed plan it stands.
    #[schema(required = false)]
    pub source: Option<Source>,
    /// Further particulars of the transcription, as the transcriber named them.
    #[schema(required = false)]
    pub transcription: Option<Map<String, Value>>,
}

/// How often an indicator is measured within the year, where the plan says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "MR1", "indicator_code": "6.3", "frequency": "quarterly", "threshold": 4, "comparison": "at_least",
    "unit_of_measure": {"vi": "tin, bài", "en": null}, "from_year": 2026, "wording": {"vi": "mỗi quý có ít nhất 04 tin, bài", "en": null},
    "editorial_note": null, "source": {"section": "I.2.e", "lines": [124, 126], "quote": null}, "transcription": null}))]
pub struct MeasurementRule {
    /// Its code, unique among the plan's measurement rules.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    pub code: String,
    /// The code of the indicator that it is about.
    #[schema(min_length = 1, max_length = 64)]
    pub indicator_code: String,
    /// How often.
    pub frequency: RuleFrequency,
    /// What each measurement must reach.
    #[schema(required = false)]
    pub threshold: Option<Decimal4>,
    /// Which values meet it.
    #[schema(required = false)]
    pub comparison: Option<Direction>,
    /// What is counted.
    #[schema(required = false)]
    pub unit_of_measure: Option<Bilingual>,
    /// The first year in which it applies.
    #[schema(required = false, minimum = 1900, maximum = 2200)]
    pub from_year: Option<i32>,
    /// In the plan's words.
    #[schema(required = false)]
    pub wording: Option<Bilingual>,
    /// What the transcriber remarked upon.
    #[schema(required = false, max_length = 8000, extensions(("x-multiline" = json!(true))))]
    pub editorial_note: Option<String>,
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
    #[schema(required = false, max_length = 8000, extensions(("x-multiline" = json!(true))))]
    pub editorial_note: Option<String>,
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
    #[schema(required = false, max_length = 8000, extensions(("x-multiline" = json!(true))))]
    pub note: Option<String>,
}

/// All of this as the column `content` holds it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PlanContent {
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
    pub editorial_notes: Vec<String>,
    pub source: Option<Source>,
    pub transcription: Option<Map<String, Value>>,
}
