//! Tasks on the wire.

use crate::actor::actions::Actions;
use crate::values::clock::UtcTime;
use crate::values::decimal::Decimal4;
use crate::values::text::{Bilingual, Prose};
use crate::values::{AmendmentRef, Ref, Source};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

macro_rules! named {
    ($($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $text:literal),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$each])* $variant),* }

        impl $name {
            /// Its name on the wire and in the database.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }

            /// The one of this name.
            #[must_use]
            pub fn parse(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$variant),)* _ => None }
            }
        }
    )*};
}

named! {
    /// Where in the plan a task comes from.
    TaskKind {
        /// A general task (nhiệm vụ), section II.1.
        Task = "task",
        /// A solution for one goal (giải pháp), section II.2.
        Solution = "solution",
        /// Work charged to a unit (phân công), section IV.
        Assignment = "assignment",
    }

    /// How far a task is.
    TaskStatus {
        /// Nobody has begun (chưa thực hiện).
        NotStarted = "not_started",
        /// Under way (đang thực hiện).
        InProgress = "in_progress",
        /// Done (hoàn thành).
        Done = "done",
        /// Given up (huỷ).
        Cancelled = "cancelled",
    }

    /// What a unit does in a task.
    TaskRole {
        /// Leads (chủ trì).
        Lead = "lead",
        /// Works together with the leader (phối hợp).
        Coordinate = "coordinate",
        /// Takes part (tham gia).
        Participate = "participate",
    }
}

/// What a unit has to do in a task, as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"unit": "U5", "role": "lead"}))]
pub struct AssignmentIn {
    /// The unit, by id or code.
    #[schema(max_length = 64)]
    pub unit: String,
    /// What it does.
    pub role: TaskRole,
}

/// What a unit has to do in a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"unit": {"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65", "code": "U5"}, "role": "lead"}))]
pub struct AssignmentOut {
    /// The unit.
    pub unit: Ref,
    /// What it does.
    pub role: TaskRole,
}

/// Money for a task in one year, in đồng.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"source": "B1", "year": 2027, "planned": 12_500_000, "spent": 0}))]
pub struct BudgetLine {
    /// Where it comes from: a code of the plan's `budget_sources`, or a name of its own in a plan that lists none.
    #[schema(min_length = 1, max_length = 200)]
    pub source: String,
    /// The year.
    #[schema(minimum = 1900, maximum = 2200)]
    pub year: i32,
    /// What is planned, not negative.
    #[schema(required = false)]
    pub planned: Option<Decimal4>,
    /// What has been spent, not negative.
    #[schema(required = false)]
    pub spent: Option<Decimal4>,
}

/// A task as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskIn {
    /// The plan, by id or code.
    #[schema(max_length = 64, example = "KH-BDG-DN-2026-2030")]
    pub plan: String,
    /// Its code, unique within the plan.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", example = "A5.1")]
    pub code: String,
    /// Task, solution or assignment.
    pub kind: TaskKind,
    /// The goals of the plan that it serves, by id or code.
    #[serde(default)]
    #[schema(max_items = 500, example = json!(["G4"]))]
    pub goals: Vec<String>,
    /// The indicators of the plan that it moves, by id or code.
    #[serde(default)]
    #[schema(max_items = 500, example = json!(["4.2", "4.3"]))]
    pub indicators: Vec<String>,
    /// What is to be done.
    pub text: Bilingual,
    /// Who does it.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub assignments: Vec<AssignmentIn>,
    /// How far it is; `not_started` if left out.
    #[serde(default = "not_started")]
    pub status: TaskStatus,
    /// How much of it is done.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 100, example = 0)]
    pub percent_complete: i32,
    /// When it begins.
    #[serde(default)]
    #[schema(example = "2026-03-01")]
    pub starts_on: Option<NaiveDate>,
    /// When it must be done; not before it begins.
    #[serde(default)]
    #[schema(example = "2030-12-31")]
    pub due_on: Option<NaiveDate>,
    /// How often it comes again.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200, example = "annual")]
    pub recurrence: Option<String>,
    /// Money for it, by source and year.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub budget: Vec<BudgetLine>,
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

fn not_started() -> TaskStatus {
    TaskStatus::NotStarted
}

/// A task, solution or assignment (nhiệm vụ, giải pháp, phân công).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TaskOut {
    /// Its id, a UUIDv7.
    #[schema(format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a67")]
    pub id: String,
    /// Its code, unique within the plan.
    #[schema(example = "A5.1")]
    pub code: String,
    /// Raised by every change; `If-Match` names it.
    #[schema(example = 1)]
    pub version: i64,
    /// The plan it belongs to.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a60", "code": "KH-BDG-DN-2026-2030"}))]
    pub plan: Ref,
    /// Task, solution or assignment.
    pub kind: TaskKind,
    /// The goals that it serves.
    #[schema(example = json!([{"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a63", "code": "G4"}]))]
    pub goals: Vec<Ref>,
    /// The indicators that it moves.
    #[schema(example = json!([{"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a64", "code": "4.2"}]))]
    pub indicators: Vec<Ref>,
    /// What is to be done.
    #[schema(example = json!({"vi": "Đẩy mạnh truyền thông, giáo dục về chăm sóc sức khoẻ sinh sản", "en": "Step up communication on reproductive health"}))]
    pub text: Bilingual,
    /// Who does it.
    pub assignments: Vec<AssignmentOut>,
    /// How far it is.
    pub status: TaskStatus,
    /// How much of it is done, in per cent.
    #[schema(minimum = 0, maximum = 100, example = 0)]
    pub percent_complete: i32,
    /// When it begins.
    #[schema(required)]
    pub starts_on: Option<NaiveDate>,
    /// When it must be done.
    #[schema(required)]
    pub due_on: Option<NaiveDate>,
    /// How often it comes again.
    #[schema(required, example = "annual")]
    pub recurrence: Option<String>,
    /// Money for it, by source and year.
    pub budget: Vec<BudgetLine>,
    /// What the transcriber remarked upon.
    #[schema(required, example = json!(null))]
    pub editorial_note: Option<Prose>,
    /// Where in the printed plan it stands.
    #[schema(required)]
    pub source: Option<Source>,
    /// Further particulars of the transcription, as the transcriber named them.
    #[schema(required, example = json!({"role_basis": "inferred"}))]
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

/// Filters of the list of tasks.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TaskFilter {
    /// Tasks of this plan, by id or code.
    #[param(max_length = 64, example = "KH-BDG-DN-2026-2030")]
    pub plan: Option<String>,
    /// Tasks of this jurisdiction and all below it, by official code.
    #[param(max_length = 16, example = "09385")]
    pub jurisdiction: Option<String>,
    /// Tasks that serve this goal, by id or code.
    #[param(max_length = 64, example = "G3")]
    pub goal: Option<String>,
    /// Tasks that move this indicator, by id or code.
    #[param(max_length = 64, example = "3.2a")]
    pub indicator: Option<String>,
    /// Tasks in which this unit has something to do, by id or code.
    #[param(max_length = 64, example = "U6")]
    pub unit: Option<String>,
    /// Tasks of this kind.
    #[param(inline, example = "solution")]
    pub kind: Option<TaskKind>,
    /// Tasks that are so far.
    #[param(inline, example = "in_progress")]
    pub status: Option<TaskStatus>,
    /// The task with this code.
    #[param(max_length = 64, example = "A5.1")]
    pub code: Option<String>,
    /// Tasks whose text holds this, without regard to case and marks.
    #[param(max_length = 200, example = "dao tao")]
    pub q: Option<String>,
    /// Tasks changed at or after this instant.
    pub updated_since: Option<UtcTime>,
}

impl TaskOut {
    /// The input form that this resource would have been made from.
    #[must_use]
    pub fn to_input(&self) -> TaskIn {
        let ids = |refs: &[Ref]| refs.iter().map(|r| r.id.clone()).collect();
        TaskIn {
            plan: self.plan.id.clone(),
            code: self.code.clone(),
            kind: self.kind,
            goals: ids(&self.goals),
            indicators: ids(&self.indicators),
            text: self.text.clone(),
            assignments: self.assignments.iter().map(|a| AssignmentIn { unit: a.unit.id.clone(), role: a.role }).collect(),
            status: self.status,
            percent_complete: self.percent_complete,
            starts_on: self.starts_on,
            due_on: self.due_on,
            recurrence: self.recurrence.clone(),
            budget: self.budget.clone(),
            editorial_note: self.editorial_note.clone(),
            source: self.source.clone(),
            transcription: self.transcription.clone(),
            amendment: self.amendment.as_ref().map(|amendment| amendment.id.clone()),
        }
    }
}

/// How far a task is now, as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskUpdateIn {
    /// How far it is.
    pub status: TaskStatus,
    /// How much of it is done, in per cent.
    #[schema(minimum = 0, maximum = 100, example = 0)]
    pub percent_complete: i32,
    /// What has been done and what is left.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 4000, example = "Đã tập huấn 3/7 tổ dân phố", extensions(("x-multiline" = json!(true))))]
    pub note: Option<String>,
    /// The unit's report in which this was told, by id.
    #[serde(default)]
    #[schema(max_length = 64, example = json!(null))]
    pub report: Option<String>,
}

/// Who said it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TaskUpdateAuthor {
    /// The account; null where the service itself did it.
    #[schema(required, format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a01")]
    pub id: Option<String>,
    /// Its name.
    #[schema(example = "Nguyễn Thị An")]
    pub name: String,
}

/// One entry of a task's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TaskUpdateOut {
    /// Its id, a UUIDv7.
    #[schema(format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a68")]
    pub id: String,
    /// When it was said.
    pub at: UtcTime,
    /// Who said it.
    pub by: TaskUpdateAuthor,
    /// How far the task was then.
    pub status: TaskStatus,
    /// How much of it was done, in per cent.
    #[schema(minimum = 0, maximum = 100, example = 40)]
    pub percent_complete: i32,
    /// What had been done and what was left.
    #[schema(required, example = "Đã tập huấn 3/7 tổ dân phố")]
    pub note: Option<String>,
    /// The id of the unit's report in which this was told.
    #[schema(required, example = json!(null))]
    pub report: Option<String>,
}
