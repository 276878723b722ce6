//! Reports on the wire.

pub(super) mod comments;
pub(super) mod form;
pub(super) mod narratives;
pub(super) mod observation;
pub(super) mod readiness;

use super::status::Status;
use super::wire::observation::ReportObservation;
use crate::actor::actions::Actions;
use crate::rooms::periods::AnswerValue;
use crate::values::clock::UtcTime;
use crate::values::{ActorRef, PeriodRef, Ref};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

/// Answers by the codes of their questions.
pub type Answers = BTreeMap<String, AnswerValue>;

/// What a report says in words, in the usual outline of a Vietnamese result report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = ReportNarrative)]
pub struct Narrative {
    /// Direction and organisation (công tác chỉ đạo, triển khai).
    #[schema(required = false, max_length = 20000, example = "Ban hành kế hoạch số 15", extensions(("x-multiline" = json!(true))))]
    pub direction: Option<String>,
    /// Results (kết quả).
    #[schema(required = false, max_length = 20000, example = "Tổ chức 02 lớp tập huấn với 120 người", extensions(("x-multiline" = json!(true))))]
    pub results: Option<String>,
    /// Difficulties (khó khăn, vướng mắc).
    #[schema(required = false, max_length = 20000, example = "Thiếu kinh phí", extensions(("x-multiline" = json!(true))))]
    pub difficulties: Option<String>,
    /// Causes (nguyên nhân).
    #[schema(required = false, max_length = 20000, example = json!(null), extensions(("x-multiline" = json!(true))))]
    pub causes: Option<String>,
    /// Next steps (phương hướng, nhiệm vụ).
    #[schema(required = false, max_length = 20000, example = json!(null), extensions(("x-multiline" = json!(true))))]
    pub next_steps: Option<String>,
    /// Proposals (đề xuất, kiến nghị).
    #[schema(required = false, max_length = 20000, example = json!(null), extensions(("x-multiline" = json!(true))))]
    pub proposals: Option<String>,
}

impl Narrative {
    /// Its parts by name, in order.
    #[must_use]
    pub fn parts(&self) -> [(&'static str, Option<&str>); 6] {
        [
            ("direction", self.direction.as_deref()),
            ("results", self.results.as_deref()),
            ("difficulties", self.difficulties.as_deref()),
            ("causes", self.causes.as_deref()),
            ("next_steps", self.next_steps.as_deref()),
            ("proposals", self.proposals.as_deref()),
        ]
    }

    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts().iter().all(|(_, text)| text.is_none_or(str::is_empty))
    }
}

/// What of a report is changed by a patch; figures have their own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReportIn {
    /// What it says in words.
    #[schema(required = false)]
    pub narrative: Narrative,
    /// What it answers to the questions of its period, by their codes; null takes an answer back.
    #[schema(required = false, example = json!({"q1": 12}))]
    pub answers: BTreeMap<String, AnswerValue>,
}

/// A remark on one indicator.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemarkIn {
    /// The indicator, by id or code.
    #[schema(min_length = 1, max_length = 64, example = "3.2a")]
    pub indicator: String,
    /// What is to be looked at.
    #[schema(min_length = 1, max_length = 4000, example = "Trạm y tế ghi nhận 9 người", extensions(("x-multiline" = json!(true))))]
    pub remark: String,
}

/// Why a report is returned.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnIn {
    /// The reason.
    #[schema(min_length = 1, max_length = 4000, example = "Đề nghị đối chiếu sổ theo dõi", extensions(("x-multiline" = json!(true))))]
    pub reason: String,
    /// Remarks on single indicators.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub remarks: Option<Vec<RemarkIn>>,
}

/// Why a report is reopened.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReopenIn {
    /// The reason.
    #[schema(min_length = 1, max_length = 4000, example = "Bổ sung số sinh tháng 12", extensions(("x-multiline" = json!(true))))]
    pub reason: String,
}

/// A remark on one indicator, as it was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Remark {
    /// The indicator.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a63", "code": "3.2a"}))]
    pub indicator: Ref,
    /// What is to be looked at.
    #[schema(example = "Trạm y tế ghi nhận 9 người")]
    pub remark: String,
}

/// One step in a report's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReportEvent {
    /// When.
    pub at: UtcTime,
    /// Who.
    pub by: ActorRef,
    /// `submit`, `withdraw`, `accept`, `return`, `reopen`; `consolidate` and `release` when the report that holds it is sent
    /// and comes back.
    #[schema(example = "submit")]
    pub action: String,
    /// Where the report stood afterwards.
    pub status: Status,
    /// The revision afterwards.
    #[schema(example = 1)]
    pub revision: i32,
    /// The round: how often it had been submitted.
    #[schema(example = 1)]
    pub round: i32,
    /// The reason given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reason: Option<String>,
    /// Remarks on single indicators.
    pub remarks: Vec<Remark>,
}

/// What the unit said of a task together with this report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReportTaskUpdate {
    /// The task.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a68", "code": "A5.1"}))]
    pub task: Ref,
    /// Where the task stands: `not_started`, `in_progress`, `done` or `cancelled`.
    #[schema(example = "in_progress")]
    pub status: String,
    /// How much of it is done.
    #[schema(example = 40)]
    pub percent_complete: i32,
    /// What there is to remark.
    #[schema(required, example = json!(null))]
    pub note: Option<String>,
    /// Who said so.
    pub by: ActorRef,
    /// When.
    pub at: UtcTime,
}

/// A unit's report of one period (báo cáo của đơn vị).
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Report {
    /// Its id, a UUIDv7.
    #[schema(format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a67")]
    pub id: String,
    /// Raised by every change; `If-Match` names it.
    #[schema(example = 3)]
    pub version: i64,
    /// The plan it reports on.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a60", "code": "KH-BDG-DN-2026-2030"}))]
    pub plan: Ref,
    /// The period it is about.
    pub period: PeriodRef,
    /// The unit that reports.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65", "code": "U5"}))]
    pub unit: Ref,
    /// The administrative unit, by official code.
    #[schema(example = "09385")]
    pub jurisdiction: String,
    /// Where it stands.
    pub status: Status,
    /// Raised whenever an accepted report is reopened.
    #[schema(example = 1)]
    pub revision: i32,
    /// How often it was submitted.
    #[schema(example = 1)]
    pub round: i32,
    /// The first instant at which it is late.
    pub due_at: UtcTime,
    /// When it was submitted last; null while it is a draft.
    #[schema(required)]
    pub submitted_at: Option<UtcTime>,
    /// Who submitted it last.
    #[schema(required)]
    pub submitted_by: Option<ActorRef>,
    /// Whether the first submission that was not withdrawn came too late.
    #[schema(example = false)]
    pub late: bool,
    /// Whether somebody submitted it who does not belong to the unit (figures that arrive by telephone).
    #[schema(example = false)]
    pub on_behalf: bool,
    /// What it says in words; in single resources only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub narrative: Option<Narrative>,
    /// What it answers to the questions of its period, by their codes, without those that are hidden from the caller; in single resources
    /// only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = json!({"q1": 12}))]
    pub answers: Option<BTreeMap<String, AnswerValue>>,
    /// Its figures in the plan's order, totals first; in single resources only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub observations: Option<Vec<ReportObservation>>,
    /// What was said of tasks together with it; in single resources only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub task_updates: Option<Vec<ReportTaskUpdate>>,
    /// Every step so far; in single resources only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub history: Option<Vec<ReportEvent>>,
    /// When it was made.
    pub created_at: UtcTime,
    /// When it was last changed.
    pub updated_at: UtcTime,
    /// What this caller may do with it now; in single resources only.
    #[serde(rename = "_actions", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub actions: Option<Actions>,
}

/// Filters of the list of reports.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReportFilter {
    /// Reports on this plan, by id or code.
    #[param(max_length = 64, example = "KH-BDG-DN-2026-2030")]
    pub plan: Option<String>,
    /// Reports of this period, by id or, beside `plan`, a periodic one by its label.
    #[param(max_length = 64, example = "2026")]
    pub period: Option<String>,
    /// Reports of this unit, by id or code; of a group also those of its members.
    #[param(max_length = 64, example = "U5")]
    pub unit: Option<String>,
    /// Reports of this jurisdiction and all below it, by official code.
    #[param(max_length = 16, example = "09385")]
    pub jurisdiction: Option<String>,
    /// Reports that stand here.
    #[param(inline)]
    pub status: Option<Status>,
    /// Reports that came too late (`true`), or not (`false`).
    pub late: Option<bool>,
    /// Reports due before this instant.
    pub due_before: Option<UtcTime>,
    /// Reports changed at or after this instant.
    pub updated_since: Option<UtcTime>,
}

/// Which state of a report is asked for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RevisionQuery {
    /// An earlier revision, as it was last submitted; left out, the report as it is.
    #[param(minimum = 1, example = 1)]
    pub revision: Option<i32>,
}

/// Which rounds are compared.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DiffQuery {
    /// The earlier round.
    #[param(minimum = 1, example = 1)]
    pub from: i32,
    /// The later round.
    #[param(minimum = 1, example = 2)]
    pub to: i32,
}

/// A figure that two rounds give differently.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ObservationChange {
    /// The indicator.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a63", "code": "4.1"}))]
    pub indicator: Ref,
    /// The part of the total; the total has none.
    #[schema(example = json!({}))]
    pub disaggregation: BTreeMap<String, String>,
    /// What the earlier round says; null if nothing.
    #[schema(required)]
    pub before: Option<ReportObservation>,
    /// What the later round says; null if nothing.
    #[schema(required)]
    pub after: Option<ReportObservation>,
}

/// A part of the narrative that two rounds give differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NarrativeChange {
    /// Which part.
    #[schema(example = "results")]
    pub field: String,
    /// What the earlier round says.
    #[schema(required, example = json!(null))]
    pub before: Option<String>,
    /// What the later round says.
    #[schema(required, example = "Đã sửa số liệu")]
    pub after: Option<String>,
}

/// An answer that two rounds give differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AnswerChange {
    /// The code of its question.
    #[schema(example = "q1")]
    pub code: String,
    /// What the earlier round says; null if nothing.
    #[schema(required, example = 12)]
    pub before: Option<AnswerValue>,
    /// What the later round says; null if nothing.
    #[schema(required, example = 15)]
    pub after: Option<AnswerValue>,
}

/// What two rounds of a report give differently.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ReportDiff {
    /// The earlier round.
    #[schema(example = 1)]
    pub from: i32,
    /// The later round.
    #[schema(example = 2)]
    pub to: i32,
    /// Figures that differ.
    pub observations: Vec<ObservationChange>,
    /// Parts of the narrative that differ.
    pub narrative: Vec<NarrativeChange>,
    /// Answers that differ, as the caller may see them.
    pub answers: Vec<AnswerChange>,
}
