//! What is done with goals.

use super::table::{self, GoalRow};
use super::wire::{GoalFilter, GoalIn, GoalOut};
use crate::actor::Actor;
use crate::actor::actions::Actions;
use crate::auth::caller::Role;
use crate::change::patch::Patch;
use crate::change::{self, Expected, Update};
use crate::db::{self, Conn};
use crate::problem::{Place, Result, codes};
use crate::reading::paging::{Page, Paging};
use crate::reading::references::{Named, Scope};
use crate::rooms::amendments;
use crate::rooms::plans::{self, PlanKey};
use crate::values::id::GoalId;

/// A page of goals.
///
/// # Errors
/// 400 for a reference, sort field or cursor that fits nothing.
pub fn list(c: &mut Conn, filter: &GoalFilter, paging: &Paging) -> Result<Page<GoalOut>> {
    let window = table::window(paging)?;
    let named = Named { jurisdiction: filter.jurisdiction.as_deref(), plan: filter.plan.as_deref(), ..Named::default() };
    let scope = Scope::of_query(c, named)?;
    let page = table::page(c, &window, filter, &scope)?;
    let codes = plans::codes_of(c, scope.plan(), page.items.iter().map(|g| &g.plan_id))?;
    page.try_map(|row| {
        let plan = plans::code_in(&codes, &row.plan_id);
        row.into_out(plan)
    })
}

/// The goals of a plan in the plan's order.
///
/// # Errors
/// If the database fails.
pub fn list_of_plan(c: &mut Conn, plan: &PlanKey) -> Result<Vec<GoalOut>> {
    table::of_plan(c, &plan.id)?.into_iter().map(|row| row.into_out(&plan.code)).collect()
}

/// One goal, with what the caller may do with it.
///
/// # Errors
/// 404.
pub fn find(c: &mut Conn, actor: &Actor, id: &GoalId) -> Result<GoalOut> {
    let (row, plan) = table::find(c, id)?;
    with_actions(actor, row, &plan, || unused(c, id))
}

/// Adds a goal to a plan.
///
/// # Errors
/// 422 for an unknown plan, 403 without the right, 409 if the code is taken.
pub fn create(c: &mut Conn, actor: &Actor, input: &GoalIn) -> Result<GoalOut> {
    let plan = Scope::default().one::<PlanKey>(c, &input.plan, &Place::body("/plan"))?;
    may_edit(actor, &plan.jurisdiction)?;
    let mut row = GoalRow::new(&plan, input, actor.now)?;
    row.amendment_id = amendments::named(c, &Scope::of_plan(&plan), input.amendment.as_deref(), None)?;
    change::create(c, actor, &row, input, |w| table::insert(w, &row))?;
    // Nothing can refer to it yet.
    with_actions(actor, row, &plan, || Ok(()))
}

/// Changes a goal.
///
/// # Errors
/// 404, 403, 412, 409 if the code is taken, 422.
pub fn update(c: &mut Conn, actor: &Actor, id: &GoalId, expected: &Expected, patch: &Patch<GoalIn>) -> Result<GoalOut> {
    let (mut row, plan) = begin(c, actor, id, expected)?;
    let before = row.clone().into_out(&plan.code)?.to_input();
    let after = patch.merge(&before)?;
    let decide = |c: &mut Conn, row: &mut GoalRow, after: &mut GoalIn| {
        plans::same_plan(c, &plan, &mut after.plan)?;
        row.amendment_id = amendments::named(c, &Scope::of_plan(&plan), after.amendment.as_deref(), row.amendment_id.as_ref())?;
        row.fill(after)
    };
    change::update(c, actor, &mut row, Update::new(&before, after), decide, |w, row, ()| table::update(w, row))?;
    with_actions(actor, row, &plan, || unused(c, id))
}

/// Deletes a goal that nothing refers to.
///
/// # Errors
/// 404, 403, 412, 409 `goal.in_use` with the referrers' counts.
pub fn delete(c: &mut Conn, actor: &Actor, id: &GoalId, expected: &Expected) -> Result<()> {
    let (row, plan) = begin(c, actor, id, expected)?;
    unused(c, id)?;
    let before = row.clone().into_out(&plan.code)?.to_input();
    change::delete(c, actor, &row, &before, |w| table::delete(w, id))
}

fn begin(c: &mut Conn, actor: &Actor, id: &GoalId, expected: &Expected) -> Result<(GoalRow, PlanKey)> {
    change::begin(c, id.as_str(), Some(expected), |c| table::find(c, id), |_, (row, _)| may_edit(actor, &row.jurisdiction))
}

fn may_edit(actor: &Actor, jurisdiction: &str) -> Result<()> {
    actor.must(&[Role::Coordinator], jurisdiction)
}

fn with_actions(actor: &Actor, row: GoalRow, plan: &PlanKey, unused: impl FnOnce() -> Result<()>) -> Result<GoalOut> {
    let actions = Actions::of_editing(actor, || may_edit(actor, &row.jurisdiction), unused)?;
    Ok(GoalOut { actions: Some(actions), ..row.into_out(&plan.code)? })
}

fn unused(c: &mut Conn, id: &GoalId) -> Result<()> {
    db::in_use(codes::GOAL_IN_USE, &table::referrers(c, id)?)
}
