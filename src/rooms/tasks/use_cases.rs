//! What is done with tasks.

use super::table::links::Links;
use super::table::updates::UpdateRow;
use super::table::{self, FoundFilter, TaskRow};
use super::wire::{TaskFilter, TaskIn, TaskOut};
use super::{links, rules, updates};
use crate::actor::Actor;
use crate::actor::actions::Actions;
use crate::auth::caller::Role;
use crate::change::patch::Patch;
use crate::change::{self, Expected, Update};
use crate::db::{self, Conn};
use crate::problem::{Faults, Place, Result, codes};
use crate::reading::paging::{Page, Paging};
use crate::reading::references::{GoalKey, IndicatorKey, Named, Scope, UnitKey};
use crate::rooms::amendments;
use crate::rooms::plans::{self, PlanKey};
use crate::values::id::TaskId;

/// A page of tasks.
///
/// # Errors
/// 400 for a reference, sort field or cursor that fits nothing.
pub fn list(c: &mut Conn, filter: &TaskFilter, paging: &Paging) -> Result<Page<TaskOut>> {
    let window = table::window(paging)?;
    let found = found(c, filter)?;
    let page = table::page(c, &window, filter, &found)?;
    let codes = plans::codes_of(c, found.scope.plan(), page.items.iter().map(|t| &t.plan_id))?;
    let ids: Vec<&TaskId> = page.items.iter().map(|t| &t.id).collect();
    let mut linked = table::links::of(c, &ids)?;
    page.try_map(|row| {
        let plan = plans::code_in(&codes, &row.plan_id);
        let links = linked.remove(&row.id).unwrap_or_default();
        row.into_out(plan, links)
    })
}

fn found(c: &mut Conn, filter: &TaskFilter) -> Result<FoundFilter> {
    let named = Named { jurisdiction: filter.jurisdiction.as_deref(), plan: filter.plan.as_deref(), ..Named::default() };
    let scope = Scope::of_query(c, named)?;
    Ok(FoundFilter {
        goals: scope.filter::<GoalKey>(c, filter.goal.as_deref(), "goal")?,
        indicators: scope.filter::<IndicatorKey>(c, filter.indicator.as_deref(), "indicator")?,
        units: scope.filter::<UnitKey>(c, filter.unit.as_deref(), "unit")?,
        scope,
    })
}

/// The tasks of a plan in the plan's order.
///
/// # Errors
/// If the database fails.
pub fn list_of_plan(c: &mut Conn, plan: &PlanKey) -> Result<Vec<TaskOut>> {
    let rows = table::of_plan(c, &plan.id)?;
    let ids: Vec<&TaskId> = rows.iter().map(|t| &t.id).collect();
    let mut linked = table::links::of(c, &ids)?;
    rows.into_iter()
        .map(|row| {
            let links = linked.remove(&row.id).unwrap_or_default();
            row.into_out(&plan.code, links)
        })
        .collect()
}

/// One task, with what the caller may do with it.
///
/// # Errors
/// 404.
pub fn find(c: &mut Conn, actor: &Actor, id: &TaskId) -> Result<TaskOut> {
    let (row, plan) = table::find(c, id)?;
    let links = links_of(c, id)?;
    with_actions(c, actor, row, &plan, links)
}

/// Adds a task to a plan.
///
/// # Errors
/// 422 for an unknown plan or another reference, 403 without the right, 409 if the code is taken.
pub fn create(c: &mut Conn, actor: &Actor, input: &TaskIn) -> Result<TaskOut> {
    let plan = Scope::default().one::<PlanKey>(c, &input.plan, &Place::body("/plan"))?;
    let (row, links) = write_new(c, actor, &plan, input)?;
    with_actions(c, actor, row, &plan, links)
}

/// The same for whole plans at once, of which no single task is shown.
///
/// # Errors
/// As [`create`].
pub fn add(c: &mut Conn, actor: &Actor, plan: &PlanKey, input: &TaskIn) -> Result<TaskId> {
    Ok(write_new(c, actor, plan, input)?.0.id)
}

fn write_new(c: &mut Conn, actor: &Actor, plan: &PlanKey, input: &TaskIn) -> Result<(TaskRow, Links)> {
    may_edit(actor, &plan.jurisdiction)?;
    let mut faults = Faults::default();
    rules::check(input, &mut faults);
    rules::progress(input.status, input.percent_complete, &mut faults);
    let links = links::find(c, plan, input, &Links::default(), &mut faults)?;
    faults.check()?;
    let mut row = TaskRow::new(plan, input, actor.now)?;
    row.amendment_id = amendments::named(c, &Scope::of_plan(plan), input.amendment.as_deref(), None)?;
    change::create(c, actor, &row, input, |w| {
        table::insert(w, &row)?;
        table::links::insert(w, &row.id, &links)
    })?;
    Ok((row, links))
}

/// Changes a task. How far it is now leaves an entry in its history.
///
/// # Errors
/// 404, 403, 412, 409 if the code is taken, 422.
pub fn update(c: &mut Conn, actor: &Actor, id: &TaskId, expected: &Expected, patch: &Patch<TaskIn>) -> Result<TaskOut> {
    let (mut row, plan) = begin(c, actor, id, expected)?;
    let links_before = links_of(c, id)?;
    let before = row.clone().into_out(&plan.code, links_before.clone())?.to_input();
    let after = patch.merge(&before)?;
    let decide = |c: &mut Conn, row: &mut TaskRow, after: &mut TaskIn| {
        plans::same_plan(c, &plan, &mut after.plan)?;
        let mut faults = Faults::default();
        rules::check(after, &mut faults);
        if after.status != before.status && !patch.touches("percent_complete") {
            after.percent_complete = rules::percent_of(after.status).unwrap_or(after.percent_complete);
        }
        if (after.status, after.percent_complete) != (before.status, before.percent_complete) {
            rules::progress(after.status, after.percent_complete, &mut faults);
        }
        let links = links::find(c, &plan, after, &links_before, &mut faults)?;
        faults.check()?;
        links.name_in(after);
        row.amendment_id = amendments::named(c, &Scope::of_plan(&plan), after.amendment.as_deref(), row.amendment_id.as_ref())?;
        row.fill(after)?;
        Ok(links)
    };
    let mut links_after = None;
    change::update(c, actor, &mut row, Update::new(&before, after), decide, |w, row, links| {
        table::links::replace(w, id, &links_before, &links)?;
        links_after = Some(links);
        if (row.status.as_str(), row.percent_complete) != (before.status.as_str(), before.percent_complete) {
            table::updates::insert(w, &UpdateRow::of(actor, row, None, None))?;
        }
        table::update(w, row)
    })?;
    with_actions(c, actor, row, &plan, links_after.unwrap_or(links_before))
}

/// Deletes a task that has no history.
///
/// # Errors
/// 404, 403, 412, 409 `task.in_use` with the count of its updates.
pub fn delete(c: &mut Conn, actor: &Actor, id: &TaskId, expected: &Expected) -> Result<()> {
    let (row, plan) = begin(c, actor, id, expected)?;
    unused(c, id)?;
    let before = row.clone().into_out(&plan.code, links_of(c, id)?)?.to_input();
    change::delete(c, actor, &row, &before, |w| table::delete(w, id))
}

fn begin(c: &mut Conn, actor: &Actor, id: &TaskId, expected: &Expected) -> Result<(TaskRow, PlanKey)> {
    change::begin(c, id.as_str(), Some(expected), |c| table::find(c, id), |_, (row, _)| may_edit(actor, &row.jurisdiction))
}

fn may_edit(actor: &Actor, jurisdiction: &str) -> Result<()> {
    actor.must(&[Role::Coordinator], jurisdiction)
}

fn links_of(c: &mut Conn, id: &TaskId) -> Result<Links> {
    Ok(table::links::of(c, &[id])?.remove(id).unwrap_or_default())
}

fn with_actions(c: &mut Conn, actor: &Actor, row: TaskRow, plan: &PlanKey, links: Links) -> Result<TaskOut> {
    let actions = Actions::of_editing(actor, || may_edit(actor, &row.jurisdiction), || unused(c, &row.id))?;
    let actions = actions.with(actor, "add_update", updates::may_add(c, actor, &row.id, &row.jurisdiction))?;
    Ok(TaskOut { actions: Some(actions), ..row.into_out(&plan.code, links)? })
}

fn unused(c: &mut Conn, id: &TaskId) -> Result<()> {
    db::in_use(codes::TASK_IN_USE, &[("updates", table::updates::count(c, id)?)])
}
