//! What is done with amendments.

use super::table::{self, AmendmentRow};
use super::wire::{AmendmentIn, AmendmentOut};
use crate::actor::Actor;
use crate::actor::actions::Actions;
use crate::auth::caller::Role;
use crate::change::patch::Patch;
use crate::change::{self, Expected, Update};
use crate::db::{self, Conn};
use crate::problem::{Result, codes};
use crate::reading::paging::{Page, Paging};
use crate::rooms::plans::{self, PlanKey};
use crate::values::id::{AmendmentId, PlanId};

/// A page of a plan's amendments.
///
/// # Errors
/// 404 for the plan, 400 for a sort field or cursor that fits nothing.
pub fn list(c: &mut Conn, plan: &PlanId, paging: &Paging) -> Result<Page<AmendmentOut>> {
    let window = table::window(paging)?;
    let plan = plans::find_key(c, plan)?;
    table::page(c, &window, &plan.id)?.try_map(|row| Ok(row.into_out(&plan.code)))
}

/// One amendment, with what the caller may do with it.
///
/// # Errors
/// 404.
pub fn find(c: &mut Conn, actor: &Actor, plan: &PlanId, id: &AmendmentId) -> Result<AmendmentOut> {
    let (row, plan) = table::find(c, plan, id)?;
    with_actions(actor, row, &plan, || unused(c, id))
}

/// Adds an amendment to a plan.
///
/// # Errors
/// 404 for the plan, 403 without the right.
pub fn create(c: &mut Conn, actor: &Actor, plan: &PlanId, input: &AmendmentIn) -> Result<AmendmentOut> {
    let plan = plans::find_key(c, plan)?;
    may_edit(actor, &plan.jurisdiction)?;
    let row = AmendmentRow::new(&plan, input, actor.now);
    change::create(c, actor, &row, input, |w| table::insert(w, &row))?;
    // Nothing can refer to it yet.
    with_actions(actor, row, &plan, || Ok(()))
}

/// Changes an amendment.
///
/// # Errors
/// 404, 403, 412, 422.
pub fn update(
    c: &mut Conn,
    actor: &Actor,
    plan: &PlanId,
    id: &AmendmentId,
    expected: &Expected,
    patch: &Patch<AmendmentIn>,
) -> Result<AmendmentOut> {
    let (mut row, plan) = begin(c, actor, plan, id, expected)?;
    let before = row.clone().into_out(&plan.code).to_input();
    let after = patch.merge(&before)?;
    let decide = |_: &mut Conn, row: &mut AmendmentRow, after: &mut AmendmentIn| {
        row.fill(after);
        Ok(())
    };
    change::update(c, actor, &mut row, Update::new(&before, after), decide, |w, row, ()| table::update(w, row))?;
    with_actions(actor, row, &plan, || unused(c, id))
}

/// Deletes an amendment that no change names.
///
/// # Errors
/// 404, 403, 412, 409 `amendment.in_use` with the referrers' counts.
pub fn delete(c: &mut Conn, actor: &Actor, plan: &PlanId, id: &AmendmentId, expected: &Expected) -> Result<()> {
    let (row, plan) = begin(c, actor, plan, id, expected)?;
    unused(c, id)?;
    let before = row.clone().into_out(&plan.code).to_input();
    change::delete(c, actor, &row, &before, |w| table::delete(w, id))
}

fn begin(c: &mut Conn, actor: &Actor, plan: &PlanId, id: &AmendmentId, expected: &Expected) -> Result<(AmendmentRow, PlanKey)> {
    // Who may not change the plan is told so, whichever amendment he names.
    may_edit(actor, &plans::find_key(c, plan)?.jurisdiction)?;
    change::begin(c, id.as_str(), Some(expected), |c| table::find(c, plan, id), |_, _| Ok(()))
}

fn may_edit(actor: &Actor, jurisdiction: &str) -> Result<()> {
    actor.must(&[Role::Coordinator], jurisdiction)
}

fn with_actions(actor: &Actor, row: AmendmentRow, plan: &PlanKey, unused: impl FnOnce() -> Result<()>) -> Result<AmendmentOut> {
    let actions = Actions::of_editing(actor, || may_edit(actor, &row.jurisdiction), unused)?;
    Ok(AmendmentOut { actions: Some(actions), ..row.into_out(&plan.code) })
}

fn unused(c: &mut Conn, id: &AmendmentId) -> Result<()> {
    db::in_use(codes::AMENDMENT_IN_USE, &table::referrers(c, id)?)
}
