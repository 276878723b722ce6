//! A plan copied for another ward, or for the same ward's next years: the words, not what became of them.

use super::whole_plan::{self, WholePlan};
use super::wire::PlanCopyIn;
use crate::actor::Actor;
use crate::auth::caller::Role;
use crate::db::{self, Conn};
use crate::problem::{Place, Result};
use crate::reading::references::{JurisdictionKey, Scope};
use crate::rooms::plans::{self, PlanKey, PlanOut, PlanStatus};
use crate::rooms::tasks::{self, AssignmentIn, TaskStatus};
use crate::rooms::units::{self, UnitOut};
use crate::rooms::{goals, indicators};
use crate::values::Ref;
use crate::values::id::PlanId;
use std::collections::HashSet;

/// Copies a plan with all that belongs to it. Units that the other jurisdiction lacks are made there.
///
/// # Errors
/// 404 for the plan, 403 without the right, 422 for an unknown jurisdiction.
pub fn copy(c: &mut Conn, actor: &Actor, id: &PlanId, input: &PlanCopyIn) -> Result<PlanOut> {
    let whole = whole_plan::read(c, actor, id, None)?;
    Scope::default().one::<JurisdictionKey>(c, &input.jurisdiction, &Place::body("/jurisdiction"))?;
    actor.must(&[Role::Coordinator], &input.jurisdiction)?;
    // Two copies at once would choose the same code and make the same units.
    db::lock_name(c, "plan.copy")?;
    let mut plan = whole.plan.to_input();
    plan.code = free_code(&whole.plan.code, &input.jurisdiction, &plans::all_codes(c)?);
    plan.jurisdiction.clone_from(&input.jurisdiction);
    plan.title = input.title.clone();
    plan.status = PlanStatus::Draft;
    plan.replaces = None;
    let made = plans::create(c, actor, &plan)?;
    let key = made.key();
    copy_units(c, actor, &whole, &key)?;
    copy_targets(c, actor, &whole, &key)?;
    copy_tasks(c, actor, &whole, &key)?;
    plans::find(c, actor, &key.id)
}

/// The old code with the jurisdiction behind it, and a number if that is taken: codes of plans should name one alone.
fn free_code(code: &str, jurisdiction: &str, taken: &HashSet<String>) -> String {
    let mut number = 1_u64;
    loop {
        let suffix = if number == 1 { format!("-{jurisdiction}") } else { format!("-{jurisdiction}-{number}") };
        // A code has at most 64 characters, all of them ASCII.
        let kept: String = code.chars().take(64_usize.saturating_sub(suffix.len())).collect();
        let candidate = format!("{kept}{suffix}");
        if !taken.contains(&candidate) {
            return candidate;
        }
        number += 1;
    }
}

/// Units that the plan needs: all that stand by themselves, and members of groups only where the plan names them (the
/// schools of one ward are not those of another).
fn needed<'a>(whole: &'a WholePlan) -> Vec<&'a UnitOut> {
    let obligations = whole.indicators.iter().flat_map(|i| i.units.iter().map(|u| u.unit.id.as_str()));
    let work = whole.tasks.iter().flat_map(|t| t.assignments.iter().map(|a| a.unit.id.as_str()));
    let named: HashSet<&str> = obligations.chain(work).collect();
    let wanted = |u: &&'a UnitOut| named.contains(u.id.as_str()) || (u.parent.is_none() && u.active);
    let named_groups: HashSet<&str> = whole.units.iter().filter(wanted).filter_map(|u| u.parent.as_ref().map(|p| p.id.as_str())).collect();
    let mut all: Vec<&UnitOut> = whole.units.iter().filter(|u| wanted(u) || named_groups.contains(u.id.as_str())).collect();
    // Groups before their members.
    all.sort_by_key(|u| u.parent.is_some());
    all
}

fn copy_units(c: &mut Conn, actor: &Actor, whole: &WholePlan, to: &PlanKey) -> Result<()> {
    let there: HashSet<String> = units::of_jurisdiction(c, &to.jurisdiction)?.into_iter().map(|u| u.code).collect();
    for unit in needed(whole).into_iter().filter(|u| !there.contains(&u.code)) {
        let mut input = unit.to_input();
        input.jurisdiction.clone_from(&to.jurisdiction);
        input.parent = unit.parent.as_ref().map(|p| p.code.clone());
        // It names one agency of the country.
        input.agency_code = None;
        input.amendment = None;
        (input.valid_from, input.valid_until) = (None, None);
        units::create(c, actor, &input)?;
    }
    Ok(())
}

fn copy_targets(c: &mut Conn, actor: &Actor, whole: &WholePlan, to: &PlanKey) -> Result<()> {
    let plan = to.id.as_str();
    for dimension in &whole.dimensions {
        let mut input = dimension.to_input();
        plan.clone_into(&mut input.plan);
        indicators::create_dimension(c, actor, &input)?;
    }
    for goal in &whole.goals {
        let mut input = goal.to_input();
        plan.clone_into(&mut input.plan);
        input.amendment = None;
        goals::create(c, actor, &input)?;
    }
    for printed in &whole.printed {
        let mut input = printed.to_input();
        plan.clone_into(&mut input.plan);
        input.goal.clone_from(&printed.goal.code);
        indicators::create_printed(c, actor, &input)?;
    }
    let one_province = indicators::under_one_province(c, &whole.plan.jurisdiction, &to.jurisdiction)?;
    for indicator in &whole.indicators {
        let mut input = indicator.to_input();
        plan.clone_into(&mut input.plan);
        input.goal.clone_from(&indicator.goal.code);
        input.plan_indicator = Some(indicator.plan_indicator.code.clone());
        // What it means now is asked from the copy's first year on.
        input.effective_from = None;
        input.amendment = None;
        input.continues = None;
        // Another province has indicators of its own.
        input.counterpart = input.counterpart.filter(|_| one_province);
        for (split, old) in input.disaggregations.iter_mut().zip(&indicator.disaggregations) {
            split.dimension.clone_from(&old.dimension.code);
        }
        for (duty, old) in input.units.iter_mut().zip(&indicator.units) {
            duty.unit.clone_from(&old.unit.code);
        }
        indicators::create(c, actor, &input)?;
    }
    Ok(())
}

fn copy_tasks(c: &mut Conn, actor: &Actor, whole: &WholePlan, to: &PlanKey) -> Result<()> {
    let codes = |refs: &[Ref]| refs.iter().map(|r| r.code.clone()).collect();
    for task in &whole.tasks {
        let mut input = task.to_input();
        to.id.as_str().clone_into(&mut input.plan);
        input.goals = codes(&task.goals);
        input.indicators = codes(&task.indicators);
        input.assignments = task.assignments.iter().map(|a| AssignmentIn { unit: a.unit.code.clone(), role: a.role }).collect();
        // The new plan begins where nothing has been done or spent.
        input.amendment = None;
        input.status = TaskStatus::NotStarted;
        input.percent_complete = 0;
        for line in &mut input.budget {
            line.spent = None;
        }
        tasks::add(c, actor, to, &input)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_has_a_code_of_its_own() {
        let taken = |codes: &[&str]| codes.iter().map(|c| (*c).to_owned()).collect::<HashSet<_>>();
        assert_eq!(free_code("KH", "09367", &taken(&["KH"])), "KH-09367");
        assert_eq!(free_code("KH", "09367", &taken(&["KH-09367", "KH-09367-2"])), "KH-09367-3");
        let long = free_code(&"K".repeat(64), "09367", &taken(&[]));
        assert_eq!((long.len(), long.ends_with("K-09367")), (64, true));
    }
}
