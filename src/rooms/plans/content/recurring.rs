//! What a plan prints that comes round: its reporting rules, its events, and how often an indicator is measured.

use crate::figures::Direction;
use crate::values::Source;
use crate::values::decimal::Decimal4;
use crate::values::text::{Bilingual, Prose};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

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
    #[schema(required = false)]
    pub editorial_note: Option<Prose>,
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
    #[schema(required = false)]
    pub editorial_note: Option<Prose>,
    /// Where in the printed plan it stands.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub sources: Vec<Source>,
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
    #[schema(required = false)]
    pub editorial_note: Option<Prose>,
    /// Where in the printed plan it stands.
    #[schema(required = false)]
    pub source: Option<Source>,
    /// Further particulars of the transcription, as the transcriber named them.
    #[schema(required = false)]
    pub transcription: Option<Map<String, Value>>,
}
