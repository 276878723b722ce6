//! The plan as a whole on the wire.

use crate::figures::{Baseline, Direction, MeasureKind, Target};
use crate::rooms::indicators::UnitDutyOut;
use crate::rooms::plans::PlanStatus;
use crate::rooms::tasks::{AssignmentOut, TaskKind, TaskStatus};
use crate::rooms::units::UnitKind;
use crate::values::period::Frequency;
use crate::values::text::{Bilingual, Prose};
use crate::values::{Ref, Source};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// As of when a plan's tree is read.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OutlineFilter {
    /// With the indicators that this period asks, each as it asks it: an opened one in the version that it froze, a planned one in that
    /// which it would ask now. By id or label; left out, all indicators as they are now.
    #[param(max_length = 64, example = "2027")]
    pub period: Option<String>,
}

/// A plan as one tree.
#[derive(Debug, Serialize, ToSchema)]
pub struct Outline {
    /// The plan's id, a UUIDv7.
    #[schema(format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a60")]
    pub id: String,
    /// The plan's code.
    #[schema(example = "KH-BDG-DN-2026-2030")]
    pub code: String,
    /// Its jurisdiction, by official code.
    #[schema(example = "09385")]
    pub jurisdiction: String,
    /// Its title.
    pub title: Bilingual,
    /// Its first year.
    #[schema(example = 2026)]
    pub start_year: i32,
    /// Its last year.
    #[schema(example = 2030)]
    pub end_year: i32,
    /// Whether it is in force.
    pub status: PlanStatus,
    /// Its goals, each with what measures it.
    pub goals: Vec<OutlineGoal>,
    /// Its tasks, solutions and assignments.
    pub tasks: Vec<OutlineTask>,
    /// The units of its jurisdiction.
    pub units: Vec<OutlineUnit>,
}

/// A goal in the tree.
#[derive(Debug, Serialize, ToSchema)]
pub struct OutlineGoal {
    /// Its id, a UUIDv7.
    #[schema(format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a63")]
    pub id: String,
    /// Its code.
    #[schema(example = "G3")]
    pub code: String,
    /// Its place in the plan, from 1.
    #[schema(example = 3)]
    pub ordinal: i32,
    /// The letter before it in the printed plan.
    #[schema(required, example = "c")]
    pub letter: Option<String>,
    /// The field of life it speaks of.
    pub field: Bilingual,
    /// Its title.
    pub title: Bilingual,
    /// The targets that the plan prints under it.
    pub plan_indicators: Vec<OutlinePlanIndicator>,
}

/// A printed target in the tree.
#[derive(Debug, Serialize, ToSchema)]
pub struct OutlinePlanIndicator {
    /// Its id, a UUIDv7.
    #[schema(format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a64")]
    pub id: String,
    /// Its code.
    #[schema(example = "3.2")]
    pub code: String,
    /// What the plan calls it.
    #[schema(example = "Chỉ tiêu 2")]
    pub label: String,
    /// In the plan's words.
    pub statement: Bilingual,
    /// The indicators that measure it.
    pub indicators: Vec<OutlineIndicator>,
}

/// An indicator in the tree.
#[derive(Debug, Serialize, ToSchema)]
pub struct OutlineIndicator {
    /// Its id, a UUIDv7.
    #[schema(format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a67")]
    pub id: String,
    /// Its code.
    #[schema(example = "3.2a")]
    pub code: String,
    /// Its name.
    pub name: Bilingual,
    /// In the plan's words.
    pub statement: Bilingual,
    /// What kind of number it is.
    pub measure_kind: MeasureKind,
    /// The unit of its value.
    pub unit_of_measure: Bilingual,
    /// Which values meet the target.
    pub direction: Direction,
    /// Where it started.
    #[schema(required)]
    pub baseline: Option<Baseline>,
    /// Its targets, the principal one first.
    pub targets: Vec<Target>,
    /// How often it is reported.
    pub frequency: Frequency,
    /// Whether its figures point at persons.
    pub restricted: bool,
    /// The version of its meaning.
    #[schema(example = 1)]
    pub definition_version: i32,
    /// The first year in which that version holds.
    #[schema(example = 2026)]
    pub effective_from: i32,
    /// Whether that version holds this year.
    #[schema(example = true)]
    pub in_force: bool,
    /// The last year in which it is asked and counted; null for the plan's last.
    #[schema(required, example = json!(null))]
    pub last_year: Option<i32>,
    /// The units that report it or help to.
    pub units: Vec<UnitDutyOut>,
}

/// A task in the tree.
#[derive(Debug, Serialize, ToSchema)]
pub struct OutlineTask {
    /// Its id, a UUIDv7.
    #[schema(format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a67")]
    pub id: String,
    /// Its code.
    #[schema(example = "A5.1")]
    pub code: String,
    /// Task, solution or assignment.
    pub kind: TaskKind,
    /// What is to be done.
    pub text: Bilingual,
    /// The goals that it serves.
    pub goals: Vec<Ref>,
    /// The indicators that it moves.
    pub indicators: Vec<Ref>,
    /// Who does it.
    pub assignments: Vec<AssignmentOut>,
    /// How far it is.
    pub status: TaskStatus,
    /// How much of it is done, in per cent.
    #[schema(example = 0)]
    pub percent_complete: i32,
    /// When it must be done.
    #[schema(required)]
    pub due_on: Option<NaiveDate>,
}

/// A unit in the tree.
#[derive(Debug, Serialize, ToSchema)]
pub struct OutlineUnit {
    /// Its id, a UUIDv7.
    #[schema(format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65")]
    pub id: String,
    /// Its code.
    #[schema(example = "U5")]
    pub code: String,
    /// The group that it is a member of.
    #[schema(required)]
    pub parent: Option<Ref>,
    /// What kind of body it is.
    pub kind: UnitKind,
    /// Its name.
    pub name: Bilingual,
    /// The short name by which colleagues know it.
    #[schema(required, example = "Trạm y tế")]
    pub short_name: Option<String>,
    /// Whether it stands for its members.
    pub is_group: bool,
    /// Whether it owes reports.
    pub reports: bool,
    /// Whether it still exists.
    pub active: bool,
}

/// What an item of a plan is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// A goal (mục tiêu).
    Goal,
    /// A target as the plan prints it (chỉ tiêu).
    PlanIndicator,
    /// A measured indicator.
    Indicator,
    /// A dimension (phân tổ).
    Disaggregation,
    /// A responsible unit (đơn vị).
    Unit,
    /// A general task (nhiệm vụ).
    Task,
    /// A solution (giải pháp).
    Solution,
    /// An assignment (phân công).
    Assignment,
    /// A group of solutions (nhóm giải pháp).
    SolutionGroup,
    /// A legal basis (căn cứ).
    LegalBasis,
    /// A reporting rule (chế độ báo cáo).
    ReportingRule,
    /// A measurement rule.
    MeasurementRule,
    /// A yearly event.
    Event,
    /// A source of money (nguồn kinh phí).
    BudgetSource,
    /// A heading of the printed plan (đề mục).
    Section,
}

/// What a code stands for in a plan. A printed target and the indicator that measures it may share one.
#[derive(Debug, Serialize, ToSchema)]
pub struct Trace {
    /// The plan.
    pub plan: Ref,
    /// The code asked for.
    #[schema(example = "3.2a")]
    pub code: String,
    /// What bears it.
    pub items: Vec<TracedItem>,
}

/// An item of the plan in its printed words.
#[derive(Debug, Serialize, ToSchema)]
pub struct TracedItem {
    /// What it is.
    pub kind: ItemKind,
    /// Its id, where it is a resource of its own.
    #[schema(required, format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a67")]
    pub id: Option<String>,
    /// Its code.
    #[schema(example = "3.2a")]
    pub code: String,
    /// Its name, where it has one beside its words.
    #[schema(required)]
    pub name: Option<Bilingual>,
    /// In the plan's words.
    pub text: Bilingual,
    /// Where in the printed plan it stands.
    #[schema(required)]
    pub source: Option<Source>,
    /// What the transcriber remarked upon.
    #[schema(required, example = json!(null))]
    pub editorial_note: Option<Prose>,
    /// What hangs on it, and on what it hangs.
    pub linked: Vec<LinkedItem>,
}

/// An item that is linked to another.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinkedItem {
    /// What it is.
    pub kind: ItemKind,
    /// Its id, where it is a resource of its own.
    #[schema(required, format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65")]
    pub id: Option<String>,
    /// Its code.
    #[schema(example = "U6")]
    pub code: String,
    /// Its name, or its words where it has none.
    pub text: Bilingual,
}

/// What is left open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GapKind {
    /// The plan charges no unit in so many words with an indicator.
    NoExplicitUnit,
    /// No unit that is in force is charged with reporting an indicator.
    NoActiveUnit,
    /// A unit that is not in force is charged with an indicator or assigned to a task: somebody has to take it over.
    UnitNotInForce,
    /// Two units are told to lead the same.
    TwoLeads,
    /// A target without a time.
    NoTimeframe,
    /// A target that the transcription remarks upon.
    Note,
}

/// One thing that the plan leaves open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"kind": "two_leads", "code": "5.1", "detail": "Nhiều đơn vị cùng chủ trì: U1 (A1.4), U7 (A7.1)."}))]
pub struct Gap {
    /// What is left open.
    pub kind: GapKind,
    /// The indicator or task.
    pub code: String,
    /// In words.
    pub detail: String,
}

/// What the plan leaves open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Gaps {
    /// One by one, by kind and in the plan's order.
    pub items: Vec<Gap>,
}

/// For whom a plan is copied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"jurisdiction": "09367", "title": {"vi": "Kế hoạch bình đẳng giới phường Từ Sơn", "en": null}}))]
pub struct PlanCopyIn {
    /// The jurisdiction of the new plan, by official code.
    #[schema(max_length = 16)]
    pub jurisdiction: String,
    /// The title of the new plan.
    pub title: Bilingual,
}
