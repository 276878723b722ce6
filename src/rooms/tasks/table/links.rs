//! What tasks refer to, in the database.

use crate::both;
use crate::change::Write;
use crate::db::Conn;
use crate::db::schema::{goals, indicators, task_assignments, task_goals, task_indicators, units};
use crate::problem::{Error, Result};
use crate::rooms::tasks::wire::{AssignmentIn, AssignmentOut, TaskIn, TaskRole};
use crate::values::Ref;
use crate::values::id::TaskId;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Nullable, Text};
use std::collections::HashMap;

/// What a task refers to, in its order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Links {
    /// The goals that it serves.
    pub goals: Vec<Ref>,
    /// The indicators that it moves.
    pub indicators: Vec<Ref>,
    /// Who does it.
    pub assignments: Vec<AssignmentOut>,
}

impl Links {
    /// Names them in an input, by their ids.
    pub fn name_in(&self, input: &mut TaskIn) {
        let ids = |refs: &[Ref]| refs.iter().map(|r| r.id.clone()).collect();
        input.goals = ids(&self.goals);
        input.indicators = ids(&self.indicators);
        input.assignments = self.assignments.iter().map(|a| AssignmentIn { unit: a.unit.id.clone(), role: a.role }).collect();
    }
}

/// A row of one of the three tables: the task, which table, the place in its list, what is named and, of units, its role.
type LinkRow = (TaskId, i32, i32, String, String, Option<String>);

/// What these tasks refer to: one statement for 500 tasks.
///
/// # Errors
/// If the database fails.
pub fn of(c: &mut Conn, tasks: &[&TaskId]) -> Result<HashMap<TaskId, Links>> {
    let mut all: HashMap<TaskId, Links> = HashMap::new();
    for some in tasks.chunks(500) {
        let mut rows = rows_of(c, some)?;
        rows.sort_by_key(|(_, list, position, ..)| (*list, *position));
        for (task, list, _, id, code, role) in rows {
            let links = all.entry(task).or_default();
            let named = Ref::new(id, code);
            match (list, role) {
                (1, _) => links.goals.push(named),
                (2, _) => links.indicators.push(named),
                (_, role) => {
                    let role = role.as_deref().and_then(TaskRole::parse).ok_or_else(|| Error::internal("an assignment of unknown role"))?;
                    links.assignments.push(AssignmentOut { unit: named, role });
                }
            }
        }
    }
    Ok(all)
}

fn rows_of(c: &mut Conn, tasks: &[&TaskId]) -> Result<Vec<LinkRow>> {
    let serves = task_goals::table.inner_join(goals::table).filter(task_goals::task_id.eq_any(tasks)).select((
        task_goals::task_id,
        sql::<Integer>("1"),
        task_goals::position,
        goals::id,
        goals::code,
        sql::<Nullable<Text>>("NULL"),
    ));
    let moves = task_indicators::table.inner_join(indicators::table).filter(task_indicators::task_id.eq_any(tasks)).select((
        task_indicators::task_id,
        sql::<Integer>("2"),
        task_indicators::position,
        indicators::id,
        indicators::code,
        sql::<Nullable<Text>>("NULL"),
    ));
    let assigned = task_assignments::table.inner_join(units::table).filter(task_assignments::task_id.eq_any(tasks)).select((
        task_assignments::task_id,
        sql::<Integer>("3"),
        task_assignments::position,
        units::id,
        units::code,
        task_assignments::role.nullable(),
    ));
    Ok(both!(c, c => serves.union_all(moves).union_all(assigned).load(c))?)
}

/// Writes the lists of a task that differ from those before.
///
/// # Errors
/// If the database fails.
pub fn replace(w: &mut Write<'_>, task: &TaskId, before: &Links, after: &Links) -> Result<()> {
    if before.goals != after.goals {
        diesel::delete(task_goals::table.filter(task_goals::task_id.eq(task))).execute(w.conn())?;
        insert_goals(w, task, &after.goals)?;
    }
    if before.indicators != after.indicators {
        diesel::delete(task_indicators::table.filter(task_indicators::task_id.eq(task))).execute(w.conn())?;
        insert_indicators(w, task, &after.indicators)?;
    }
    if before.assignments != after.assignments {
        diesel::delete(task_assignments::table.filter(task_assignments::task_id.eq(task))).execute(w.conn())?;
        insert_assignments(w, task, &after.assignments)?;
    }
    Ok(())
}

/// Writes what a new task refers to.
///
/// # Errors
/// If the database fails.
pub fn insert(w: &mut Write<'_>, task: &TaskId, links: &Links) -> Result<()> {
    insert_goals(w, task, &links.goals)?;
    insert_indicators(w, task, &links.indicators)?;
    insert_assignments(w, task, &links.assignments)
}

fn insert_goals(w: &mut Write<'_>, task: &TaskId, goals: &[Ref]) -> Result<()> {
    let row = |(i, goal): (i32, &Ref)| {
        (task_goals::task_id.eq(task.clone()), task_goals::goal_id.eq(goal.id.clone()), task_goals::position.eq(i))
    };
    let rows: Vec<_> = (0..).zip(goals).map(row).collect();
    if !rows.is_empty() {
        both!(w.conn(), c => diesel::insert_into(task_goals::table).values(&rows).execute(c))?;
    }
    Ok(())
}

fn insert_indicators(w: &mut Write<'_>, task: &TaskId, indicators: &[Ref]) -> Result<()> {
    let row = |(i, indicator): (i32, &Ref)| {
        (task_indicators::task_id.eq(task.clone()), task_indicators::indicator_id.eq(indicator.id.clone()), task_indicators::position.eq(i))
    };
    let rows: Vec<_> = (0..).zip(indicators).map(row).collect();
    if !rows.is_empty() {
        both!(w.conn(), c => diesel::insert_into(task_indicators::table).values(&rows).execute(c))?;
    }
    Ok(())
}

fn insert_assignments(w: &mut Write<'_>, task: &TaskId, assignments: &[AssignmentOut]) -> Result<()> {
    let row = |(i, assignment): (i32, &AssignmentOut)| {
        (
            task_assignments::task_id.eq(task.clone()),
            task_assignments::unit_id.eq(assignment.unit.id.clone()),
            task_assignments::role.eq(assignment.role.as_str()),
            task_assignments::position.eq(i),
        )
    };
    let rows: Vec<_> = (0..).zip(assignments).map(row).collect();
    if !rows.is_empty() {
        both!(w.conn(), c => diesel::insert_into(task_assignments::table).values(&rows).execute(c))?;
    }
    Ok(())
}
