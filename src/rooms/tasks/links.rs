//! What a task refers to: found and checked one statement a list.

use super::rules;
use super::table::links::Links;
use super::wire::{AssignmentOut, TaskIn, TaskRole};
use crate::db::Conn;
use crate::problem::{Faults, Place, Result, said};
use crate::reading::references::{self, GoalKey, IndicatorKey, Referable, Scope, UnitKey};
use crate::rooms::plans::{self, PlanKey};
use crate::values::Ref;

/// Finds everything that a task names within its plan and the plan's jurisdiction. What it names as `before`, by the same ids,
/// is not looked up again.
///
/// # Errors
/// If the database fails; what is wrong with the body is noted.
pub(super) fn find(c: &mut Conn, plan: &PlanKey, input: &TaskIn, before: &Links, faults: &mut Faults) -> Result<Links> {
    let scope = Scope::of_plan(plan);
    let named: Vec<&str> = input.goals.iter().map(String::as_str).collect();
    let place = |i| format!("/goals/{i}");
    let goals = scope.each_anew(c, &named, &before.goals, |goal: GoalKey| Ref::new(goal.id, goal.code), place, faults)?;
    rules::once(&goals, "goals", faults);
    let named: Vec<&str> = input.indicators.iter().map(String::as_str).collect();
    let place = |i| format!("/indicators/{i}");
    let indicators =
        scope.each_anew(c, &named, &before.indicators, |indicator: IndicatorKey| Ref::new(indicator.id, indicator.code), place, faults)?;
    rules::once(&indicators, "indicators", faults);
    let named: Vec<&str> = input.assignments.iter().map(|a| a.unit.as_str()).collect();
    let units: Vec<Ref> = before.assignments.iter().map(|a| a.unit.clone()).collect();
    let place = |i| format!("/assignments/{i}/unit");
    let units = scope.each_anew(c, &named, &units, |unit: UnitKey| unit.reference(), place, faults)?;
    let assigned: Vec<Option<(Ref, TaskRole)>> =
        units.into_iter().zip(&input.assignments).map(|(unit, a)| unit.map(|unit| (unit, a.role))).collect();
    rules::once(&assigned, "assignments", faults);
    check_budget(c, plan, input, faults)?;
    Ok(Links {
        goals: goals.into_iter().flatten().collect(),
        indicators: indicators.into_iter().flatten().collect(),
        assignments: assigned.into_iter().flatten().map(|(unit, role)| AssignmentOut { unit, role }).collect(),
    })
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
