//! Reporting periods on the wire.

mod completeness;
mod deadline;
mod obligation;
mod question;

pub use completeness::{Completeness, ReportStage, UnitCompleteness};
pub use deadline::{ConsolidationDeadlineIn, ConsolidationDeadlineOut};
pub use obligation::{ExcusalIn, ExcusalOut, Excused, Obligation, ObligedIndicator, PeriodCloseIn, PeriodWarning, TransferIn, TransferOut};
pub use question::{AnswerValue, Question, QuestionType};

use crate::actor::actions::Actions;
use crate::problem::words::Called;
use crate::values::Ref;
use crate::values::clock::UtcTime;
use crate::values::period::Frequency;
use crate::values::text::Bilingual;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Why a period exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PeriodKind {
    /// It comes round by itself (báo cáo định kỳ).
    #[default]
    Periodic,
    /// It is about one matter (báo cáo chuyên đề).
    Thematic,
    /// Somebody asked (báo cáo đột xuất).
    AdHoc,
}

impl PeriodKind {
    /// The word on the wire and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Periodic => "periodic",
            Self::Thematic => "thematic",
            Self::AdHoc => "ad_hoc",
        }
    }

    /// Reads that word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Periodic, Self::Thematic, Self::AdHoc].into_iter().find(|k| k.as_str() == text)
    }
}

/// Where a period stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PeriodStatus {
    /// Not yet opened.
    Planned,
    /// Takes reports.
    Open,
    /// Takes none.
    Closed,
}

impl PeriodStatus {
    /// The word on the wire and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }

    /// What is said of a period that stands there.
    #[must_use]
    pub fn called(self) -> Called {
        match self {
            Self::Planned => ("chưa mở", "is not open yet"),
            Self::Open => ("đang mở", "is open"),
            Self::Closed => ("đã đóng", "is closed"),
        }
    }

    /// Reads that word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Planned, Self::Open, Self::Closed].into_iter().find(|s| s.as_str() == text)
    }
}

/// Who asked for a period, and by what document, as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"organisation": "Sở Nội vụ tỉnh Bắc Ninh", "basis": "Công văn 123/SNV-TCBC"}))]
pub struct RequestedByIn {
    /// The organisation that asks.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 500)]
    pub organisation: Option<String>,
    /// The document by which it asks.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000)]
    pub basis: Option<String>,
}

/// Who asked for a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({
    "account": {"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a71", "code": "so-noi-vu"},
    "organisation": "Sở Nội vụ tỉnh Bắc Ninh", "basis": "Công văn 123/SNV-TCBC"
}))]
pub struct RequestedBy {
    /// The account that made it; its user name or client id stands as the code.
    #[schema(required)]
    pub account: Option<Ref>,
    /// The organisation that asks.
    #[schema(required)]
    pub organisation: Option<String>,
    /// The document by which it asks.
    #[schema(required)]
    pub basis: Option<String>,
}

/// A reporting period as it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "plan": "KH-BDG-DN-2026-2030", "kind": "ad_hoc", "label": "DX-2026-05", "title": {"vi": "Báo cáo đột xuất về bạo lực gia đình", "en": null},
    "starts_on": "2026-01-01", "ends_on": "2026-04-30", "due_at": "2026-05-14T17:00:00Z", "indicators": ["3.2a"], "units": ["U6"]
}))]
pub struct PeriodIn {
    /// The plan, by id or code.
    #[serde(default)]
    #[schema(max_length = 64, example = "KH-BDG-DN-2026-2030")]
    pub plan: Option<String>,
    /// In place of the plan, for an ad hoc period: wards by official code, or a province for every ward below it that has an
    /// active plan.
    #[serde(default)]
    #[schema(min_items = 1, max_items = 500, example = json!(["09385"]))]
    pub jurisdictions: Option<Vec<String>>,
    /// Why it exists.
    #[schema(example = "ad_hoc")]
    pub kind: PeriodKind,
    /// How often such periods come round; required for a periodic one.
    #[serde(default)]
    pub frequency: Option<Frequency>,
    /// Its label: `2026`, `2026-Q3` or `2026-07` for a periodic one, else what its maker calls it.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 64, example = "2026")]
    pub label: Option<String>,
    /// Its title.
    #[serde(default)]
    pub title: Option<Bilingual>,
    /// What the units should heed.
    #[serde(default)]
    #[schema(max_length = 8000, extensions(("x-multiline" = json!(true))))]
    pub instructions: Option<String>,
    /// The first day it is about; follows from a periodic label.
    #[serde(default)]
    #[schema(example = "2026-01-01")]
    pub starts_on: Option<NaiveDate>,
    /// The last day it is about; follows from a periodic label.
    #[serde(default)]
    #[schema(example = "2026-12-31")]
    pub ends_on: Option<NaiveDate>,
    /// The day up to which figures are counted, where that is earlier than the last day.
    #[serde(default)]
    #[schema(example = "2026-11-14")]
    pub data_cutoff: Option<NaiveDate>,
    /// When it opens by itself; follows from a periodic label, else at once.
    #[serde(default)]
    #[schema(example = "2026-10-31T17:00:00Z")]
    pub opens_at: Option<UtcTime>,
    /// The first instant at which a report is late; follows from a periodic label.
    #[serde(default)]
    #[schema(example = "2026-11-24T17:00:00Z")]
    pub due_at: Option<UtcTime>,
    /// When the ward owes the province its consolidated report.
    #[serde(default)]
    #[schema(example = "2026-12-14T17:00:00Z")]
    pub consolidated_due_at: Option<UtcTime>,
    /// The units that report, by id or code. Without it: those that the plan makes owe it, until the period opens.
    #[serde(default)]
    #[schema(min_items = 1, max_items = 500, example = json!(["U5", "U6"]))]
    pub units: Option<Vec<String>>,
    /// The indicators that are reported, by id or code. Without it: those of the period's frequency, until it opens.
    #[serde(default)]
    #[schema(max_items = 500, example = json!(["4.1", "3.3"]))]
    pub indicators: Option<Vec<String>>,
    /// What a thematic or ad hoc period asks beside its indicators.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub questions: Vec<Question>,
    /// Who asks for it, and by what document.
    #[serde(default)]
    pub requested_by: Option<RequestedByIn>,
    /// Why the deadline of a period that has opened is moved; kept in the audit trail.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 4000, example = json!(null), extensions(("x-multiline" = json!(true))))]
    pub reason: Option<String>,
}

/// A reporting period (kỳ báo cáo).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PeriodOut {
    /// Its id, a UUIDv7.
    #[schema(format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a66")]
    pub id: String,
    /// Raised by every change; `If-Match` names it.
    #[schema(example = 1)]
    pub version: i64,
    /// The plan it belongs to.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a60", "code": "KH-BDG-DN-2026-2030"}))]
    pub plan: Ref,
    /// The ward, by official code.
    #[schema(example = "09385")]
    pub jurisdiction: String,
    /// Why it exists.
    #[schema(example = "periodic")]
    pub kind: PeriodKind,
    /// How often such periods come round; null if it comes once.
    #[schema(required, example = "annual")]
    pub frequency: Option<Frequency>,
    /// Its label.
    #[schema(example = "2026")]
    pub label: String,
    /// Its title.
    #[schema(required, example = json!(null))]
    pub title: Option<Bilingual>,
    /// What the units should heed.
    #[schema(required, example = json!(null))]
    pub instructions: Option<String>,
    /// The first day it is about.
    #[schema(example = "2026-01-01")]
    pub starts_on: NaiveDate,
    /// The last day it is about.
    #[schema(example = "2026-12-31")]
    pub ends_on: NaiveDate,
    /// The day up to which figures are counted, where that is earlier than the last day.
    #[schema(required, example = json!(null))]
    pub data_cutoff: Option<NaiveDate>,
    /// When it opens by itself.
    #[schema(example = "2026-10-31T17:00:00Z")]
    pub opens_at: UtcTime,
    /// The first instant at which a report is late: "trước ngày 25/11" is 25 November 00:00 in Việt Nam.
    #[schema(example = "2026-11-24T17:00:00Z")]
    pub due_at: UtcTime,
    /// When the ward owes the province its consolidated report; null until the province sets it.
    #[schema(required, example = json!(null))]
    pub consolidated_due_at: Option<UtcTime>,
    /// Where it stands.
    #[schema(example = "open")]
    pub status: PeriodStatus,
    /// The units that report, groups replaced by their members. They follow the plan until the period opens.
    #[schema(example = json!([{"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65", "code": "U5"}]))]
    pub units: Vec<Ref>,
    /// The indicators that are reported. They follow the plan until the period opens.
    #[schema(example = json!([{"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a67", "code": "4.1"}]))]
    pub indicators: Vec<Ref>,
    /// What it asks beside them.
    pub questions: Vec<Question>,
    /// Who owes what, one row for each of the units: as it was frozen at the opening and changed since by transfers; of a planned
    /// period what an opening now would freeze.
    pub obligations: Vec<Obligation>,
    /// What somebody should look at.
    pub warnings: Vec<PeriodWarning>,
    /// The extensions given to single units, oldest first; the latest of a unit counts.
    #[schema(example = json!([]))]
    pub extensions: Vec<ExtensionOut>,
    /// Who asked for it; null if nobody but the plan did.
    #[schema(required, example = json!(null))]
    pub requested_by: Option<RequestedBy>,
    /// Shared by the periods of several wards that one request made.
    #[schema(required, example = json!(null))]
    pub inquiry: Option<String>,
    /// When it was made.
    pub created_at: UtcTime,
    /// When it was last changed.
    pub updated_at: UtcTime,
    /// What this caller may do with it now; in single resources only.
    #[serde(rename = "_actions", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub actions: Option<Actions>,
}

/// The periods of several wards that one request made.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PeriodsOut {
    /// One period a ward; they share their `inquiry`.
    pub items: Vec<PeriodOut>,
    /// What wards were not asked because they do not have it.
    pub not_asked: Vec<NotAsked>,
}

/// An indicator that a ward does not have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NotAsked {
    /// The ward, by official code.
    #[schema(example = "09385")]
    pub jurisdiction: String,
    /// The indicator, as it was named.
    #[schema(example = "4.1")]
    pub indicator: String,
}

/// What making periods answers.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(untagged)]
pub enum PeriodsMade {
    /// The period of one plan.
    One(Box<PeriodOut>),
    /// The periods of several wards.
    Several(PeriodsOut),
}

/// More time for one unit, as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtensionIn {
    /// The unit, by id or code.
    #[schema(min_length = 1, max_length = 64, example = "U5")]
    pub unit: String,
    /// The first instant at which its report is late; after the deadline of the period.
    #[schema(example = "2026-11-29T17:00:00Z")]
    pub due_at: UtcTime,
    /// Why it gets more time.
    #[schema(min_length = 1, max_length = 4000, example = "Bão lụt", extensions(("x-multiline" = json!(true))))]
    pub reason: String,
}

/// More time for one unit (gia hạn).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a72", "unit": {"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65", "code": "U5"},
    "due_at": "2026-11-29T17:00:00Z", "reason": "Bão lụt", "given_by": "Nguyễn Thị An", "created_at": "2026-11-20T02:00:00Z"
}))]
pub struct ExtensionOut {
    /// Its id, a UUIDv7.
    #[schema(format = "uuid")]
    pub id: String,
    /// The unit.
    pub unit: Ref,
    /// The first instant at which its report is late.
    pub due_at: UtcTime,
    /// Why it gets more time.
    pub reason: String,
    /// The name of who gave it.
    pub given_by: String,
    /// When it was given.
    pub created_at: UtcTime,
}

/// A unit to be added to a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PeriodUnitIn {
    /// The unit, by id or code; a group stands for its members.
    #[schema(min_length = 1, max_length = 64, example = "U6")]
    pub unit: String,
}

/// Filters of the list of periods.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PeriodFilter {
    /// Periods of this plan, by id or code.
    #[param(max_length = 64, example = "KH-BDG-DN-2026-2030")]
    pub plan: Option<String>,
    /// Periods of this jurisdiction and all below it, by official code.
    #[param(max_length = 16, example = "09385")]
    pub jurisdiction: Option<String>,
    /// Periods of this kind.
    #[param(inline, example = "periodic")]
    pub kind: Option<PeriodKind>,
    /// Periods that come round this often.
    #[param(inline, example = "annual")]
    pub frequency: Option<Frequency>,
    /// Periods with this label.
    #[param(max_length = 64, example = "2026")]
    pub label: Option<String>,
    /// Periods that stand here.
    #[param(inline, example = "open")]
    pub status: Option<PeriodStatus>,
    /// The periods that one request made in several wards.
    #[param(max_length = 64)]
    pub inquiry: Option<String>,
    /// Periods whose label, title or instructions hold this, without regard to case and marks.
    #[param(max_length = 200, example = "dot xuat")]
    pub q: Option<String>,
    /// Periods changed at or after this instant.
    pub updated_since: Option<UtcTime>,
}
