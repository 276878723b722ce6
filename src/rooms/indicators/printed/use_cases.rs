//! What is done with printed targets.

use super::table::{self, PrintedRow};
use super::wire::{PlanIndicatorFilter, PlanIndicatorIn, PlanIndicatorOut};
use crate::actor::Actor;
use crate::actor::actions::Actions;
use crate::auth::caller::Role;
use crate::change::patch::Patch;
use crate::change::{self, Expected, Update};
use crate::db::{self, Conn};
use crate::problem::{Faults, FieldError, Place, Result, codes};
use crate::reading::paging::{Page, Paging};
use crate::reading::references::{GoalKey, Named, PlanIndicatorKey, Scope};
use crate::rooms::indicators::scope::Goals;
use crate::rooms::plans::{self, PlanKey};
use crate::values::Ref;
use crate::values::id::{GoalId, PlanIndicatorId};
use std::collections::HashMap;

/// A page of printed targets.
///
/// # Errors
/// 400 for a reference, sort field or cursor that fits nothing.
pub fn list(c: &mut Conn, filter: &PlanIndicatorFilter, paging: &Paging) -> Result<Page<PlanIndicatorOut>> {
    let window = table::window(paging)?;
    let named = Named { jurisdiction: filter.jurisdiction.as_deref(), plan: filter.plan.as_deref(), ..Named::default() };
    let scope = Scope::of_query(c, named)?;
    let goals = Goals::read(c, &scope, filter.goal.as_deref(), filter.field.as_deref())?;
    let page = table::page(c, &window, filter, &scope, &goals)?;
    let plans = plans::codes_of(c, scope.plan(), page.items.iter().map(|p| &p.plan_id))?;
    let goals = table::goal_codes(c, &page.items)?;
    let mut measured = table::measured_by(c, &page.items.iter().map(|p| &p.id).collect::<Vec<_>>())?;
    page.try_map(|row| {
        let plan = plans::code_in(&plans, &row.plan_id);
        let goal = goals.get(&row.goal_id).map_or("", String::as_str);
        let indicators = measured.remove(&row.id).unwrap_or_default();
        row.into_out(plan, goal, indicators)
    })
}

/// The printed targets of a plan in the plan's order. Which indicators measure them, by their ids, tells who has read these.
///
/// # Errors
/// If the database fails.
pub fn list_of_plan(c: &mut Conn, plan: &PlanKey, mut measured: HashMap<String, Vec<Ref>>) -> Result<Vec<PlanIndicatorOut>> {
    let rows = table::of_plan(c, &plan.id)?.into_iter();
    rows.map(|(row, goal)| {
        let indicators = measured.remove(row.id.as_str()).unwrap_or_default();
        row.into_out(&plan.code, &goal.code, indicators)
    })
    .collect()
}

/// One printed target, with what the caller may do with it.
///
/// # Errors
/// 404.
pub fn find(c: &mut Conn, actor: &Actor, id: &PlanIndicatorId) -> Result<PlanIndicatorOut> {
    let (row, (plan, goal)) = table::find(c, id)?;
    let indicators = indicators_of(c, id)?;
    with_actions(c, actor, row, &plan, &goal, indicators)
}

/// The printed target with this code in a plan, if there is one.
///
/// # Errors
/// If the database fails.
pub fn with_code(c: &mut Conn, plan: &PlanKey, code: &str) -> Result<Option<PlanIndicatorKey>> {
    table::with_code(c, &plan.id, code)
}

/// Adds a printed target to a goal.
///
/// # Errors
/// 422 for an unknown plan or goal, 403 without the right, 409 if the code is taken.
pub fn create(c: &mut Conn, actor: &Actor, input: &PlanIndicatorIn) -> Result<PlanIndicatorOut> {
    let plan = Scope::default().one::<PlanKey>(c, &input.plan, &Place::body("/plan"))?;
    may_edit(actor, &plan.jurisdiction)?;
    let goal = Scope::of_plan(&plan).one::<GoalKey>(c, &input.goal, &Place::body("/goal"))?;
    let row = write_new(c, actor, &plan, &goal, input)?;
    // No indicator can measure it yet.
    with_actions(c, actor, row, &plan, &goal, Vec::new())
}

/// The same for an indicator that names none, which knows its plan and goal.
///
/// # Errors
/// 409 if the code is taken.
pub fn add(c: &mut Conn, actor: &Actor, plan: &PlanKey, goal: &GoalKey, input: &PlanIndicatorIn) -> Result<PlanIndicatorKey> {
    let row = write_new(c, actor, plan, goal, input)?;
    Ok(PlanIndicatorKey { id: row.id, code: row.code, goal_id: row.goal_id })
}

fn write_new(c: &mut Conn, actor: &Actor, plan: &PlanKey, goal: &GoalKey, input: &PlanIndicatorIn) -> Result<PrintedRow> {
    let row = PrintedRow::new(plan, goal.id.clone(), input, actor.now)?;
    change::create(c, actor, &row, input, |w| table::insert(w, &row))?;
    Ok(row)
}

/// Changes a printed target.
///
/// # Errors
/// 404, 403, 412, 409 if the code is taken, 422.
pub fn update(
    c: &mut Conn,
    actor: &Actor,
    id: &PlanIndicatorId,
    expected: &Expected,
    patch: &Patch<PlanIndicatorIn>,
) -> Result<PlanIndicatorOut> {
    let (mut row, (plan, mut goal)) = begin(c, actor, id, expected)?;
    let indicators = indicators_of(c, id)?;
    let before = row.clone().into_out(&plan.code, &goal.code, indicators.clone())?.to_input();
    let after = patch.merge(&before)?;
    let decide = |c: &mut Conn, row: &mut PrintedRow, after: &mut PlanIndicatorIn| {
        plans::same_plan(c, &plan, &mut after.plan)?;
        if after.goal != before.goal {
            goal = Scope::of_plan(&plan).one::<GoalKey>(c, &after.goal, &Place::body("/goal"))?;
            goal.id.as_str().clone_into(&mut after.goal);
            keeps_its_indicators(&row.goal_id, &goal.id, &indicators)?;
        }
        row.fill(after, goal.id.clone())
    };
    change::update(c, actor, &mut row, Update::new(&before, after), decide, |w, row, ()| table::update(w, row))?;
    with_actions(c, actor, row, &plan, &goal, indicators)
}

/// Deletes a printed target that no indicator measures.
///
/// # Errors
/// 404, 403, 412, 409 `plan_indicator.in_use` with the count.
pub fn delete(c: &mut Conn, actor: &Actor, id: &PlanIndicatorId, expected: &Expected) -> Result<()> {
    let (row, (plan, goal)) = begin(c, actor, id, expected)?;
    let indicators = indicators_of(c, id)?;
    unused(c, id, &indicators)?;
    let before = row.clone().into_out(&plan.code, &goal.code, indicators)?.to_input();
    change::delete(c, actor, &row, &before, |w| table::delete(w, id))
}

fn begin(c: &mut Conn, actor: &Actor, id: &PlanIndicatorId, expected: &Expected) -> Result<(PrintedRow, (PlanKey, GoalKey))> {
    change::begin(c, id.as_str(), Some(expected), |c| table::find(c, id), |_, (row, _)| may_edit(actor, &row.jurisdiction))
}

fn may_edit(actor: &Actor, jurisdiction: &str) -> Result<()> {
    actor.must(&[Role::Coordinator], jurisdiction)
}

fn with_actions(
    c: &mut Conn,
    actor: &Actor,
    row: PrintedRow,
    plan: &PlanKey,
    goal: &GoalKey,
    indicators: Vec<Ref>,
) -> Result<PlanIndicatorOut> {
    let actions = Actions::of_editing(actor, || may_edit(actor, &row.jurisdiction), || unused(c, &row.id, &indicators))?;
    Ok(PlanIndicatorOut { actions: Some(actions), ..row.into_out(&plan.code, &goal.code, indicators)? })
}

/// The indicators that measure it.
fn indicators_of(c: &mut Conn, id: &PlanIndicatorId) -> Result<Vec<Ref>> {
    Ok(table::measured_by(c, &[id])?.remove(id).unwrap_or_default())
}

/// An indicator belongs to the goal of its printed target, so a target with indicators stays in its goal.
fn keeps_its_indicators(before: &GoalId, after: &GoalId, indicators: &[Ref]) -> Result<()> {
    let mut faults = Faults::default();
    if before != after && !indicators.is_empty() {
        faults.add(FieldError::new("/goal", codes::FIELD_CONFLICT).saying(
            "Các chỉ tiêu đo lường của chỉ tiêu này thuộc mục tiêu cũ. Hãy chuyển chúng sang chỉ tiêu khác trước.",
            "The indicators that measure this target belong to its present goal. Move them to another target first.",
        ));
    }
    faults.check()
}

/// Goes on only if no indicator measures it or ever did.
fn unused(c: &mut Conn, id: &PlanIndicatorId, indicators: &[Ref]) -> Result<()> {
    let measured = match indicators {
        [] => table::once_measured_by(c, id)?,
        _ => i64::try_from(indicators.len()).unwrap_or(i64::MAX),
    };
    db::in_use(codes::PLAN_INDICATOR_IN_USE, &[("indicators", measured)])
}
