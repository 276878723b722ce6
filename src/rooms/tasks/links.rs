//! What tasks refer to: read, checked and written one statement a list.

use super::rules;
use super::wire::{AssignmentIn, AssignmentOut, Links, TaskIn, TaskRole};
use crate::both;
use crate::change::Write;
use crate::db::Conn;
use crate::db::schema::{goals, indicators, task_assignments, task_goals, task_indicators, units};
use crate::problem::{Error, Faults, Place, Result, said};
use crate::reading::references::{self, GoalKey, IndicatorKey, Referable, Scope, Stored, UnitKey};
use crate::rooms::plans::{self, PlanKey};
use crate::values::Ref;
use crate::values::id::{GoalId, IndicatorId, TaskId, UnitId};
use diesel::prelude::*;
use std::collections::HashMap;

/// The rows that a task's lists become.
#[derive(Debug)]
pub(super) struct Found {
    goals: Vec<GoalId>,
    indicators: Vec<IndicatorId>,
    assignments: Vec<(UnitId, TaskRole)>,
}

impl Found {
    /// Names in an input what was found, by the ids.
    pub(super) fn name_in(&self, input: &mut TaskIn) {
        input.goals = self.goals.iter().map(|id| id.as_str().to_owned()).collect();
        input.indicators = self.indicators.iter().map(|id| id.as_str().to_owned()).collect();
        input.assignments =
            self.assignments.iter().map(|(unit, role)| AssignmentIn { unit: unit.as_str().to_owned(), role: *role }).collect();
    }
}

/// Finds everything that a task names within its plan and the plan's jurisdiction.
///
/// # Errors
/// If the database fails; what is wrong with the body is noted.
pub(super) fn find(c: &mut Conn, plan: &PlanKey, input: &TaskIn, faults: &mut Faults) -> Result<Found> {
    let scope = Scope::of_plan(plan);
    let named: Vec<&str> = input.goals.iter().map(String::as_str).collect();
    let goals = ids(scope.each::<GoalKey>(c, &named, |i| format!("/goals/{i}"), faults)?);
    rules::once(&goals, "goals", faults);
    let named: Vec<&str> = input.indicators.iter().map(String::as_str).collect();
    let indicators = ids(scope.each::<IndicatorKey>(c, &named, |i| format!("/indicators/{i}"), faults)?);
    rules::once(&indicators, "indicators", faults);
    let named: Vec<&str> = input.assignments.iter().map(|a| a.unit.as_str()).collect();
    let units = ids(scope.each::<UnitKey>(c, &named, |i| format!("/assignments/{i}/unit"), faults)?);
    let charged: Vec<Option<(UnitId, TaskRole)>> =
        units.into_iter().zip(&input.assignments).map(|(unit, a)| unit.map(|u| (u, a.role))).collect();
    rules::once(&charged, "assignments", faults);
    check_budget(c, plan, input, faults)?;
    Ok(Found {
        goals: goals.into_iter().flatten().collect(),
        indicators: indicators.into_iter().flatten().collect(),
        assignments: charged.into_iter().flatten().collect(),
    })
}

fn ids<R: Stored>(rows: Vec<Option<R>>) -> Vec<Option<R::Id>> {
    rows.into_iter().map(|row| row.map(R::into_id)).collect()
}

/// A source of money that a plan lists.
struct BudgetSource;

impl Referable for BudgetSource {
    const CALLED: (&'static str, &'static str) = ("nguồn kinh phí", "budget source");
    const NAMED_BY: (&'static str, &'static str) = ("mã hiệu", "code");
}

/// Money comes from a source that the plan lists, if it lists any.
fn check_budget(c: &mut Conn, plan: &PlanKey, input: &TaskIn, faults: &mut Faults) -> Result<()> {
    if input.budget.is_empty() {
        return Ok(());
    }
    let listed = plans::budget_source_codes(c, &plan.id)?;
    if listed.is_empty() {
        return Ok(());
    }
    let all = listed.join(", ");
    let within = said(format!("trong kế hoạch {} (có: {all})", plan.code), format!("in the plan {} (it has: {all})", plan.code));
    for (i, line) in input.budget.iter().enumerate() {
        let place = Place::body(format!("/budget/{i}/source"));
        faults.keep(references::among::<BudgetSource, _>(&listed, |source| (source, source), &line.source, &place, &within))?;
    }
    Ok(())
}

/// Writes what a task refers to, in place of what was there.
///
/// # Errors
/// If the database fails.
pub(super) fn replace(w: &mut Write<'_>, task: &TaskId, found: &Found) -> Result<()> {
    diesel::delete(task_goals::table.filter(task_goals::task_id.eq(task))).execute(w.conn())?;
    diesel::delete(task_indicators::table.filter(task_indicators::task_id.eq(task))).execute(w.conn())?;
    diesel::delete(task_assignments::table.filter(task_assignments::task_id.eq(task))).execute(w.conn())?;
    insert(w, task, found)
}

/// Writes what a new task refers to.
///
/// # Errors
/// If the database fails.
pub(super) fn insert(w: &mut Write<'_>, task: &TaskId, found: &Found) -> Result<()> {
    let goals: Vec<_> = (0..)
        .zip(&found.goals)
        .map(|(i, goal)| (task_goals::task_id.eq(task), task_goals::goal_id.eq(goal), task_goals::position.eq(i)))
        .collect();
    let indicators: Vec<_> = (0..)
        .zip(&found.indicators)
        .map(|(i, of)| (task_indicators::task_id.eq(task), task_indicators::indicator_id.eq(of), task_indicators::position.eq(i)))
        .collect();
    let assignments: Vec<_> = (0..)
        .zip(&found.assignments)
        .map(|(i, (unit, role))| {
            (
                task_assignments::task_id.eq(task),
                task_assignments::unit_id.eq(unit),
                task_assignments::role.eq(role.as_str()),
                task_assignments::position.eq(i),
            )
        })
        .collect();
    if !goals.is_empty() {
        both!(w.conn(), c => diesel::insert_into(task_goals::table).values(&goals).execute(c))?;
    }
    if !indicators.is_empty() {
        both!(w.conn(), c => diesel::insert_into(task_indicators::table).values(&indicators).execute(c))?;
    }
    if !assignments.is_empty() {
        both!(w.conn(), c => diesel::insert_into(task_assignments::table).values(&assignments).execute(c))?;
    }
    Ok(())
}

/// What these tasks refer to: three statements, however many they are.
///
/// # Errors
/// If the database fails.
pub(super) fn of(c: &mut Conn, tasks: &[&TaskId]) -> Result<HashMap<TaskId, Links>> {
    let mut all: HashMap<TaskId, Links> = HashMap::new();
    for some in tasks.chunks(500) {
        let rows: Vec<(TaskId, GoalId, String)> = task_goals::table
            .inner_join(goals::table)
            .filter(task_goals::task_id.eq_any(some))
            .order(task_goals::position)
            .select((task_goals::task_id, goals::id, goals::code))
            .load(c)?;
        for (task, id, code) in rows {
            all.entry(task).or_default().goals.push(Ref::new(id, code));
        }
        let rows: Vec<(TaskId, IndicatorId, String)> = task_indicators::table
            .inner_join(indicators::table)
            .filter(task_indicators::task_id.eq_any(some))
            .order(task_indicators::position)
            .select((task_indicators::task_id, indicators::id, indicators::code))
            .load(c)?;
        for (task, id, code) in rows {
            all.entry(task).or_default().indicators.push(Ref::new(id, code));
        }
        let rows: Vec<(TaskId, UnitId, String, String)> = task_assignments::table
            .inner_join(units::table)
            .filter(task_assignments::task_id.eq_any(some))
            .order(task_assignments::position)
            .select((task_assignments::task_id, units::id, units::code, task_assignments::role))
            .load(c)?;
        for (task, id, code, role) in rows {
            let role = TaskRole::parse(&role).ok_or_else(|| Error::internal("an assignment of unknown role"))?;
            all.entry(task).or_default().assignments.push(AssignmentOut { unit: Ref::new(id, code), role });
        }
    }
    Ok(all)
}
