//! Consolidated reports on the wire.

mod answers;
pub(super) mod content;
mod diff;
mod steps;

use super::status::ConsolidatedStatus;
use crate::actor::actions::Actions;
use crate::rooms::periods::Completeness;
use crate::rooms::results::ResultRow;
use crate::values::clock::UtcTime;
use crate::values::{PeriodRef, Ref};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

pub use answers::{AnswerTotal, ConsolidatedAnswer, InquiryAnswer, InquiryAnswers};
pub use content::ConsolidatedContent;
pub use diff::{ConsolidatedAnswerChange, ConsolidatedDiff, ResultChange, RevisionsQuery};
pub use steps::{ApproveIn, ConsolidatedReason, RefreshIn, Signatory};

/// The longest text of a field of the narrative, in characters: it holds what many units wrote.
pub(super) const LONGEST_TEXT: usize = 200_000;

/// Which period is to be consolidated.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsolidatedIn {
    /// The plan, by id or code; needed only where the period is named by a label that several plans use.
    #[serde(default)]
    #[schema(max_length = 64, example = "KH-BDG-DN-2026-2030")]
    pub plan: Option<String>,
    /// The period, by id or, a periodic one, by label.
    #[schema(min_length = 1, max_length = 64, example = "2026")]
    pub period: String,
    /// Why one that was sent already is corrected or completed.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 4000, example = "Số liệu chính thức của tháng 12", extensions(("x-multiline" = json!(true))))]
    pub reason: Option<String>,
    /// Whether its words begin as what the units wrote; true if left out. A correction begins with those of the report that it
    /// supersedes.
    #[serde(default)]
    #[schema(example = true)]
    pub compile_narrative: Option<bool>,
}

/// The words of a consolidated report, in the usual outline of a Vietnamese result report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"direction": null, "results": "Hoàn thành 15/21 chỉ tiêu.", "difficulties": null, "causes": null, "next_steps": "Tiếp tục tuyên truyền.", "proposals": null}))]
pub struct ConsolidatedNarrative {
    /// How the work was led (công tác chỉ đạo).
    #[serde(default)]
    #[schema(max_length = 200000, extensions(("x-multiline" = json!(true))))]
    pub direction: Option<String>,
    /// What was achieved (kết quả thực hiện).
    #[serde(default)]
    #[schema(max_length = 200000, extensions(("x-multiline" = json!(true))))]
    pub results: Option<String>,
    /// What was difficult (khó khăn, hạn chế).
    #[serde(default)]
    #[schema(max_length = 200000, extensions(("x-multiline" = json!(true))))]
    pub difficulties: Option<String>,
    /// Why (nguyên nhân).
    #[serde(default)]
    #[schema(max_length = 200000, extensions(("x-multiline" = json!(true))))]
    pub causes: Option<String>,
    /// What comes next (phương hướng, nhiệm vụ).
    #[serde(default)]
    #[schema(max_length = 200000, extensions(("x-multiline" = json!(true))))]
    pub next_steps: Option<String>,
    /// What is asked of others (kiến nghị, đề xuất).
    #[serde(default)]
    #[schema(max_length = 200000, extensions(("x-multiline" = json!(true))))]
    pub proposals: Option<String>,
}

impl ConsolidatedNarrative {
    /// Its parts by name, in order.
    pub(super) fn parts(&self) -> [(&'static str, Option<&str>); 6] {
        [
            ("direction", self.direction.as_deref()),
            ("results", self.results.as_deref()),
            ("difficulties", self.difficulties.as_deref()),
            ("causes", self.causes.as_deref()),
            ("next_steps", self.next_steps.as_deref()),
            ("proposals", self.proposals.as_deref()),
        ]
    }
}

/// Whose single-source figure counts, as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolutionIn {
    /// The indicator, by id or code.
    #[schema(max_length = 64, example = "3.1")]
    pub indicator: String,
    /// The unit whose figure counts, by id or code.
    #[schema(max_length = 64, example = "U8")]
    pub unit: String,
    /// Why.
    #[schema(min_length = 1, max_length = 4000, example = "Mẫu khảo sát của Mặt trận lớn hơn", extensions(("x-multiline" = json!(true))))]
    pub reason: String,
}

/// What can be edited: narrative and resolutions of a draft, number and date of the paper from approval on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsolidatedEdit {
    /// Its words.
    #[serde(default)]
    pub narrative: Option<ConsolidatedNarrative>,
    /// Whose figure counts where several units gave what one alone should give.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub resolutions: Vec<ResolutionIn>,
    /// The number of the paper (số, ký hiệu).
    #[serde(default)]
    #[schema(min_length = 1, max_length = 100, example = "15/BC-UBND")]
    pub document_number: Option<String>,
    /// The date of the paper.
    #[serde(default)]
    #[schema(example = "2026-12-05")]
    pub document_date: Option<NaiveDate>,
}

/// A person in the life of a consolidated report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a10", "name": "Nguyễn Thị An"}))]
pub struct ConsolidatedPerson {
    /// The account's id.
    #[schema(required, format = "uuid")]
    pub id: Option<String>,
    /// The name.
    pub name: String,
}

/// Another consolidated report of the same period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a68", "revision": 1}))]
pub struct ConsolidatedRef {
    /// Its id, a UUIDv7.
    #[schema(format = "uuid")]
    pub id: String,
    /// Its revision.
    pub revision: i32,
}

/// Whose single-source figure counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ResolutionOut {
    /// The indicator.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a67", "code": "3.1"}))]
    pub indicator: Ref,
    /// The unit whose figure counts.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65", "code": "U8"}))]
    pub unit: Ref,
    /// Why.
    #[schema(example = "Mẫu khảo sát của Mặt trận lớn hơn")]
    pub reason: String,
}

/// Something that the reader should know before relying on the figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"code": "report.missing", "indicator": null, "unit": {"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65", "code": "U7"}, "detail": "U7 chưa có báo cáo được tiếp nhận trong kỳ 2026."}))]
pub struct ConsolidatedWarning {
    /// `report.missing`: a unit's report is not accepted; `single_source.differing`: two units gave differing figures for
    /// what one alone should give, or several gave any of a restricted indicator; `value.estimate`: an estimate is used;
    /// `narrative.by_hand`: a unit's words are not taken over by themselves.
    pub code: String,
    /// The indicator it is about.
    #[schema(required)]
    pub indicator: Option<Ref>,
    /// The unit it is about.
    #[schema(required)]
    pub unit: Option<Ref>,
    /// In words.
    pub detail: String,
}

/// A unit's report inside a consolidated one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"report": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a69", "unit": {"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65", "code": "U5"}, "revision": 1, "submitted_at": "2026-11-20T02:15:00Z", "late": false}))]
pub struct ConsolidatedMember {
    /// The report's id.
    pub report: String,
    /// Its unit.
    pub unit: Ref,
    /// Its revision.
    pub revision: i32,
    /// When it was submitted.
    #[schema(required)]
    pub submitted_at: Option<UtcTime>,
    /// Whether it came late.
    pub late: bool,
}

/// How many tasks stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"total": 6, "not_started": 1, "in_progress": 3, "done": 2, "cancelled": 0}))]
pub struct TaskCounts {
    /// All of them.
    pub total: u32,
    /// Not begun.
    pub not_started: u32,
    /// Under way.
    pub in_progress: u32,
    /// Done.
    pub done: u32,
    /// Given up.
    pub cancelled: u32,
}

/// The tasks of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TasksOfKind {
    /// `task`, `solution` or `assignment`.
    #[schema(example = "assignment")]
    pub kind: String,
    /// How many stand where.
    pub tasks: TaskCounts,
}

/// The tasks that one unit leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TasksOfUnit {
    /// The unit.
    pub unit: Ref,
    /// How many stand where.
    pub tasks: TaskCounts,
}

/// How the plan's tasks stand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TaskSummary {
    /// All of them.
    #[schema(example = 47)]
    pub total: u32,
    /// Not begun.
    #[schema(example = 20)]
    pub not_started: u32,
    /// Under way.
    #[schema(example = 20)]
    pub in_progress: u32,
    /// Done.
    #[schema(example = 7)]
    pub done: u32,
    /// Given up.
    #[schema(example = 0)]
    pub cancelled: u32,
    /// The same by kind.
    pub kinds: Vec<TasksOfKind>,
    /// The same by the unit that leads.
    pub units: Vec<TasksOfUnit>,
}

/// One step in the life of a consolidated report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"at": "2026-11-26T03:00:00Z", "by": {"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a10", "name": "Nguyễn Thị An"}, "action": "create", "status": "draft", "reason": null}))]
pub struct ConsolidatedEvent {
    /// When.
    pub at: UtcTime,
    /// Who.
    pub by: ConsolidatedPerson,
    /// What: `create`, `update` or the name of a step.
    pub action: String,
    /// Where it stood afterwards.
    pub status: ConsolidatedStatus,
    /// The reason given.
    #[schema(required)]
    pub reason: Option<String>,
}

/// A consolidated report (báo cáo tổng hợp).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ConsolidatedOut {
    /// Its id, a UUIDv7.
    #[schema(format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a68")]
    pub id: String,
    /// Raised by every change; `If-Match` names it.
    #[schema(example = 1)]
    pub version: i64,
    /// The plan.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a60", "code": "KH-BDG-DN-2026-2030"}))]
    pub plan: Ref,
    /// The ward, by official code.
    #[schema(example = "09385")]
    pub jurisdiction: String,
    /// The period.
    pub period: PeriodRef,
    /// Where it stands.
    #[schema(example = "draft")]
    pub status: ConsolidatedStatus,
    /// 1, and one more for each that replaces an earlier one of its period.
    #[schema(example = 1)]
    pub revision: i32,
    /// Why it corrects or completes an earlier one.
    #[schema(required, example = json!(null))]
    pub reason: Option<String>,
    /// The result of each indicator, in the plan's order, as computed at `computed_at`.
    pub results: Vec<ResultRow>,
    /// How the plan's tasks stood.
    pub task_summary: TaskSummary,
    /// How many units had reported.
    pub completeness: Completeness,
    /// Its words.
    pub narrative: ConsolidatedNarrative,
    /// What the units answered to the period's questions.
    pub answers: Vec<ConsolidatedAnswer>,
    /// The sums of answers that are numbers.
    pub answer_totals: Vec<AnswerTotal>,
    /// What the reader should know before relying on the figures.
    pub warnings: Vec<ConsolidatedWarning>,
    /// Whose figure counts where several units gave what one alone should give.
    pub resolutions: Vec<ResolutionOut>,
    /// The units' reports inside it.
    pub members: Vec<ConsolidatedMember>,
    /// Who was the last to create, refresh or edit it; somebody else approves.
    pub prepared_by: ConsolidatedPerson,
    /// Who approved it.
    #[schema(required)]
    pub approved_by: Option<ConsolidatedPerson>,
    /// Who signs the paper; null before it is approved.
    #[schema(required)]
    pub signatory: Option<Signatory>,
    /// When its figures were computed.
    pub computed_at: UtcTime,
    /// When it was approved.
    #[schema(required)]
    pub approved_at: Option<UtcTime>,
    /// When it was sent to the province.
    #[schema(required)]
    pub sent_at: Option<UtcTime>,
    /// When the province took it.
    #[schema(required)]
    pub acknowledged_at: Option<UtcTime>,
    /// When the province sent it back.
    #[schema(required)]
    pub returned_at: Option<UtcTime>,
    /// Why the province sent it back.
    #[schema(required, example = json!(null))]
    pub return_reason: Option<String>,
    /// The earlier one that it replaces.
    #[schema(required, example = json!(null))]
    pub supersedes: Option<ConsolidatedRef>,
    /// The later one that replaces it: of a published one once it is sent, of one that came back at once, for the ward.
    #[schema(required, example = json!(null))]
    pub superseded_by: Option<ConsolidatedRef>,
    /// Whether it is what everybody reads of its period, and was returned by the province or is being corrected.
    #[schema(example = false)]
    pub under_revision: bool,
    /// Whether it is what everybody reads, and the ward's own people, who read accepted figures, read something else by now; false for
    /// others. Single resources only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = false)]
    pub unpublished_changes: Option<bool>,
    /// The number of the paper; outside the digest.
    #[schema(required, example = "15/BC-UBND")]
    pub document_number: Option<String>,
    /// The date of the paper; outside the digest.
    #[schema(required)]
    pub document_date: Option<NaiveDate>,
    /// The whole report as it was frozen at approval, in the version that this reader may see; null before. Single
    /// resources only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<ConsolidatedContent>)]
    pub content: Option<Option<Map<String, Value>>>,
    /// The SHA-256 in hex of the canonical form (RFC 8785) of `content`.
    #[schema(required, example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub digest: Option<String>,
    /// A detached compact JWS (RFC 7515 appendix F) over the same bytes, to be checked by the published keys.
    #[schema(required, example = "eyJhbGciOiJFZERTQSIsImtpZCI6IuKApiJ9..c2lnbmF0dXJl")]
    pub signature: Option<String>,
    /// What happened to it, oldest first; the province and the units read what followed the approval. Single resources only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub history: Option<Vec<ConsolidatedEvent>>,
    /// When it was made.
    pub created_at: UtcTime,
    /// When it was last changed.
    pub updated_at: UtcTime,
    /// What this caller may do with it now; in single resources only.
    #[serde(rename = "_actions", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub actions: Option<Actions>,
}

/// Filters of the list of consolidated reports.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ConsolidatedFilter {
    /// Those of this plan, by id or code.
    #[param(max_length = 64, example = "KH-BDG-DN-2026-2030")]
    pub plan: Option<String>,
    /// Those of this period, by id, or of all periodic ones with this label.
    #[param(max_length = 64, example = "2026")]
    pub period: Option<String>,
    /// Those of this administrative unit and all below it, by official code.
    #[param(max_length = 16, example = "24")]
    pub jurisdiction: Option<String>,
    /// Those that stand so.
    pub status: Option<ConsolidatedStatus>,
    /// Those changed at or after this instant.
    pub updated_since: Option<UtcTime>,
}
