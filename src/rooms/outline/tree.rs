//! The plan as one tree, lean enough to be a front-end's first call.

use super::whole_plan::WholePlan;
use crate::figures::{Baseline, Direction, MeasureKind, Target};
use crate::rooms::indicators::UnitDutyOut;
use crate::rooms::plans::PlanStatus;
use crate::rooms::tasks::{AssignmentOut, TaskKind, TaskStatus};
use crate::rooms::units::UnitKind;
use crate::values::Ref;
use crate::values::period::Frequency;
use crate::values::text::Bilingual;
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

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

/// Puts a plan together as a tree.
pub(super) fn of(whole: WholePlan) -> Outline {
    let mut under_printed: HashMap<String, Vec<OutlineIndicator>> = HashMap::new();
    for i in whole.indicators {
        under_printed.entry(i.plan_indicator.id).or_default().push(OutlineIndicator {
            id: i.id,
            code: i.code,
            name: i.name,
            statement: i.statement,
            measure_kind: i.measure_kind,
            unit_of_measure: i.unit_of_measure,
            direction: i.direction,
            baseline: i.baseline,
            targets: i.targets,
            frequency: i.frequency,
            restricted: i.restricted,
            units: i.units,
        });
    }
    let mut under_goal: HashMap<String, Vec<OutlinePlanIndicator>> = HashMap::new();
    for p in whole.printed {
        let indicators = under_printed.remove(&p.id).unwrap_or_default();
        let printed = OutlinePlanIndicator { id: p.id, code: p.code, label: p.label, statement: p.statement, indicators };
        under_goal.entry(p.goal.id).or_default().push(printed);
    }
    let goals = whole.goals.into_iter().map(|g| {
        let plan_indicators = under_goal.remove(&g.id).unwrap_or_default();
        OutlineGoal { id: g.id, code: g.code, ordinal: g.ordinal, letter: g.letter, field: g.field, title: g.title, plan_indicators }
    });
    let tasks = whole.tasks.into_iter().map(|t| OutlineTask {
        id: t.id,
        code: t.code,
        kind: t.kind,
        text: t.text,
        goals: t.goals,
        indicators: t.indicators,
        assignments: t.assignments,
        status: t.status,
        percent_complete: t.percent_complete,
        due_on: t.due_on,
    });
    let units = whole.units.into_iter().map(|u| OutlineUnit {
        id: u.id,
        code: u.code,
        parent: u.parent,
        kind: u.kind,
        name: u.name,
        short_name: u.short_name,
        is_group: u.is_group,
        reports: u.reports,
        active: u.active,
    });
    let plan = whole.plan;
    Outline {
        goals: goals.collect(),
        tasks: tasks.collect(),
        units: units.collect(),
        id: plan.id,
        code: plan.code,
        jurisdiction: plan.jurisdiction,
        title: plan.title,
        start_year: plan.start_year,
        end_year: plan.end_year,
        status: plan.status,
    }
}
