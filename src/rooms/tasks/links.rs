//! What tasks refer to: read, checked and written one statement a list.

use super::rules;
use super::wire::{AssignmentIn, AssignmentOut, Links, TaskIn, TaskRole};
use crate::both;
use crate::change::Write;
use crate::db::Conn;
use crate::db::schema::{goals, indicators, task_assignments, task_goals, task_indicators, units};
use crate::problem::{Error, Faults, FieldError, Place, Result, codes};
use crate::rooms::plans::{self, PlanKey};
use crate::values::Ref;
use crate::values::id::{GoalId, IndicatorId, TaskId, UnitId, looks_like_id};
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

/// An id or a code as the database spells it.
fn spelt(named: &str) -> String {
    if looks_like_id(named) { named.to_ascii_lowercase() } else { named.to_owned() }
}

/// Finds the named things among the rows that may be named; what is not there is noted at its place.
fn pick<T: Clone>(named: &[String], rows: Vec<(T, String)>, place: impl Fn(usize) -> String, faults: &mut Faults) -> Result<Vec<Option<T>>>
where
    String: From<T>,
{
    let mut by_name: HashMap<String, T> = HashMap::new();
    for (id, code) in rows {
        by_name.insert(String::from(id.clone()), id.clone());
        by_name.insert(code, id);
    }
    let find =
        |(i, name): (usize, &String)| faults.keep(by_name.get(name).cloned().ok_or_else(|| Error::from(Place::body(place(i)).unknown())));
    named.iter().enumerate().map(find).collect()
}

/// Finds everything that a task names within its plan and the plan's jurisdiction.
///
/// # Errors
/// If the database fails; what is wrong with the body is noted.
pub(super) fn find(c: &mut Conn, plan: &PlanKey, input: &TaskIn, faults: &mut Faults) -> Result<Found> {
    let named: Vec<String> = input.goals.iter().map(|n| spelt(n)).collect();
    let rows: Vec<(GoalId, String)> = if named.is_empty() {
        Vec::new()
    } else {
        let any = goals::id.eq_any(&named).or(goals::code.eq_any(&named));
        goals::table.filter(goals::plan_id.eq(&plan.id)).filter(any).select((goals::id, goals::code)).load(c)?
    };
    let found_goals = pick(&named, rows, |i| format!("/goals/{i}"), faults)?;
    rules::once(&found_goals, "goals", faults);
    let named: Vec<String> = input.indicators.iter().map(|n| spelt(n)).collect();
    let rows: Vec<(IndicatorId, String)> = if named.is_empty() {
        Vec::new()
    } else {
        let any = indicators::id.eq_any(&named).or(indicators::code.eq_any(&named));
        indicators::table.filter(indicators::plan_id.eq(&plan.id)).filter(any).select((indicators::id, indicators::code)).load(c)?
    };
    let found_indicators = pick(&named, rows, |i| format!("/indicators/{i}"), faults)?;
    rules::once(&found_indicators, "indicators", faults);
    let named: Vec<String> = input.assignments.iter().map(|a| spelt(&a.unit)).collect();
    let rows: Vec<(UnitId, String)> = if named.is_empty() {
        Vec::new()
    } else {
        let any = units::id.eq_any(&named).or(units::code.eq_any(&named));
        units::table.filter(units::jurisdiction.eq(&plan.jurisdiction)).filter(any).select((units::id, units::code)).load(c)?
    };
    let found_units = pick(&named, rows, |i| format!("/assignments/{i}/unit"), faults)?;
    let charged: Vec<Option<(UnitId, TaskRole)>> =
        found_units.into_iter().zip(&input.assignments).map(|(unit, a)| unit.map(|u| (u, a.role))).collect();
    rules::once(&charged, "assignments", faults);
    check_budget(c, plan, input, faults)?;
    Ok(Found {
        goals: found_goals.into_iter().flatten().collect(),
        indicators: found_indicators.into_iter().flatten().collect(),
        assignments: charged.into_iter().flatten().collect(),
    })
}

/// Money comes from a source that the plan lists, if it lists any.
fn check_budget(c: &mut Conn, plan: &PlanKey, input: &TaskIn, faults: &mut Faults) -> Result<()> {
    if input.budget.is_empty() {
        return Ok(());
    }
    let listed = plans::budget_source_codes(c, &plan.id)?;
    for (i, line) in input.budget.iter().enumerate() {
        if !listed.is_empty() && !listed.contains(&line.source) {
            let all = listed.join(", ");
            faults.add(FieldError::new(format!("/budget/{i}/source"), codes::REFERENCE_UNKNOWN).saying(
                format!("Kế hoạch không có nguồn kinh phí này. Các nguồn: {all}."),
                format!("The plan has no such budget source. It has: {all}."),
            ));
        }
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
