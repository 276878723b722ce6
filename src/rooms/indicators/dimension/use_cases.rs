//! What is done with dimensions.

use super::rules;
use super::table::{self, DimensionRow};
use super::usage::Usage;
use super::wire::{DimensionFilter, DimensionIn, DimensionOut};
use crate::actor::Actor;
use crate::actor::actions::Actions;
use crate::auth::caller::Role;
use crate::change::patch::Patch;
use crate::change::{self, Expected, Update};
use crate::db::{self, Conn};
use crate::problem::{Place, Result, codes};
use crate::reading::paging::{Page, Paging};
use crate::reading::references::{Named, Scope};
use crate::rooms::plans::{self, PlanKey};
use crate::values::id::DimensionId;

/// A page of dimensions.
///
/// # Errors
/// 400 for a reference, sort field or cursor that fits nothing.
pub fn list(c: &mut Conn, filter: &DimensionFilter, paging: &Paging) -> Result<Page<DimensionOut>> {
    let window = table::window(paging)?;
    let named = Named { jurisdiction: filter.jurisdiction.as_deref(), plan: filter.plan.as_deref(), ..Named::default() };
    let scope = Scope::of_query(c, named)?;
    let page = table::page(c, &window, filter, &scope)?;
    let codes = plans::codes_of(c, scope.plan(), page.items.iter().map(|d| &d.plan_id))?;
    page.try_map(|row| {
        let plan = plans::code_in(&codes, &row.plan_id);
        row.into_out(plan)
    })
}

/// The dimensions of a plan in order.
///
/// # Errors
/// If the database fails.
pub fn list_of_plan(c: &mut Conn, plan: &PlanKey) -> Result<Vec<DimensionOut>> {
    table::of_plan(c, &plan.id)?.into_iter().map(|row| row.into_out(&plan.code)).collect()
}

/// One dimension, with what the caller may do with it.
///
/// # Errors
/// 404.
pub fn find(c: &mut Conn, actor: &Actor, id: &DimensionId) -> Result<DimensionOut> {
    let (row, plan) = table::find(c, id)?;
    with_actions(actor, &row, &plan, || referrers(c, &row).and_then(|found| unused(&found)))
}

/// Adds a dimension to a plan.
///
/// # Errors
/// 422 for an unknown plan or a value that is named twice, 403 without the right, 409 if the code is taken.
pub fn create(c: &mut Conn, actor: &Actor, input: &DimensionIn) -> Result<DimensionOut> {
    let plan = Scope::default().one::<PlanKey>(c, &input.plan, &Place::body("/plan"))?;
    may_edit(actor, &plan.jurisdiction)?;
    rules::distinct(&input.values)?;
    let row = DimensionRow::new(&plan, input, actor.now)?;
    change::create(c, actor, &row, input, |w| table::insert(w, &row))?;
    // No indicator can have it yet, and so no figure.
    with_actions(actor, &row, &plan, || Ok(()))
}

/// Changes a dimension.
///
/// # Errors
/// 404, 403, 412, 409 if the code is taken or a value with data would be lost, 422.
pub fn update(c: &mut Conn, actor: &Actor, id: &DimensionId, expected: &Expected, patch: &Patch<DimensionIn>) -> Result<DimensionOut> {
    let (mut row, plan) = begin(c, actor, id, expected)?;
    let before = row.clone().into_out(&plan.code)?.to_input();
    let after = patch.merge(&before)?;
    // What has it now has it afterwards: a code that figures bear stays.
    let referrers = referrers(c, &row)?;
    let decide = |c: &mut Conn, row: &mut DimensionRow, after: &mut DimensionIn| {
        plans::same_plan(c, &plan, &mut after.plan)?;
        rules::keeps_data(&before.code, &after.code, &after.values, &referrers.figures)?;
        rules::distinct(&after.values)?;
        row.fill(after)
    };
    change::update(c, actor, &mut row, Update::new(&before, after), decide, |w, row, ()| table::update(w, row))?;
    with_actions(actor, &row, &plan, || unused(&referrers))
}

/// Deletes a dimension that no indicator has and no figure bears.
///
/// # Errors
/// 404, 403, 412, 409 `disaggregation.in_use` with the counts.
pub fn delete(c: &mut Conn, actor: &Actor, id: &DimensionId, expected: &Expected) -> Result<()> {
    let (row, plan) = begin(c, actor, id, expected)?;
    unused(&referrers(c, &row)?)?;
    let before = row.clone().into_out(&plan.code)?.to_input();
    change::delete(c, actor, &row, &before, |w| table::delete(w, id))
}

fn begin(c: &mut Conn, actor: &Actor, id: &DimensionId, expected: &Expected) -> Result<(DimensionRow, PlanKey)> {
    change::begin(c, id.as_str(), Some(expected), |c| table::find(c, id), |_, (row, _)| may_edit(actor, &row.jurisdiction))
}

fn may_edit(actor: &Actor, jurisdiction: &str) -> Result<()> {
    actor.must(&[Role::Coordinator], jurisdiction)
}

fn with_actions(actor: &Actor, row: &DimensionRow, plan: &PlanKey, unused: impl FnOnce() -> Result<()>) -> Result<DimensionOut> {
    let actions = Actions::of_editing(actor, || may_edit(actor, &row.jurisdiction), unused)?;
    Ok(DimensionOut { actions: Some(actions), ..row.clone().into_out(&plan.code)? })
}

/// What refers to a dimension.
struct Referrers {
    indicators: i64,
    figures: Usage,
}

fn referrers(c: &mut Conn, row: &DimensionRow) -> Result<Referrers> {
    let indicators = table::indicators_with(c, &row.plan_id, &row.id)?;
    let figures = table::splits_of_plan(c, &row.plan_id)?;
    Ok(Referrers { indicators, figures: Usage::counted(&row.code, figures.iter().map(|(d, n)| (d.as_str(), *n)))? })
}

fn unused(referrers: &Referrers) -> Result<()> {
    let counts = [("indicators", referrers.indicators), ("observations", referrers.figures.total())];
    db::in_use(codes::DISAGGREGATION_IN_USE, &counts)
}
