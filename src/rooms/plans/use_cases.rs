//! What is done with plans.

use super::rules;
use super::table::{self, PlanRow};
use super::wire::{PlanFilter, PlanIn, PlanOut, PlanStatus};
use crate::actor::Actor;
use crate::actor::actions::Actions;
use crate::auth::caller::Role;
use crate::change::patch::Patch;
use crate::change::{self, Expected, Update};
use crate::db::{self, Conn};
use crate::problem::{Faults, FieldError, Place, Result, codes};
use crate::reading::paging::{Page, Paging};
use crate::reading::references::{JurisdictionKey, Named, Scope};
use crate::values::id::PlanId;
use std::collections::HashSet;

/// A page of plans.
///
/// # Errors
/// 400 for a reference, sort field or cursor that fits nothing.
pub fn list(c: &mut Conn, filter: &PlanFilter, paging: &Paging) -> Result<Page<PlanOut>> {
    let window = table::window(paging)?;
    let scope = Scope::of_query(c, Named { jurisdiction: filter.jurisdiction.as_deref(), ..Named::default() })?;
    table::page(c, &window, filter, &scope)?.try_map(PlanRow::into_out)
}

/// One plan, with what the caller may do with it.
///
/// # Errors
/// 404.
pub fn find(c: &mut Conn, actor: &Actor, id: &PlanId) -> Result<PlanOut> {
    let row = table::find(c, id)?;
    with_actions(actor, row, || unused(c, id))
}

/// The same for everybody alike.
///
/// # Errors
/// 404.
pub fn read(c: &mut Conn, id: &PlanId) -> Result<PlanOut> {
    table::find(c, id)?.into_out()
}

/// The codes of all plans.
///
/// # Errors
/// If the database fails.
pub fn all_codes(c: &mut Conn) -> Result<HashSet<String>> {
    table::all_codes(c)
}

/// Adds a plan to a jurisdiction.
///
/// # Errors
/// 422 for an unknown jurisdiction or parts that disagree, 403 without the right, 409 if the code is taken.
pub fn create(c: &mut Conn, actor: &Actor, input: &PlanIn) -> Result<PlanOut> {
    Scope::default().one::<JurisdictionKey>(c, &input.jurisdiction, &Place::body("/jurisdiction"))?;
    may_edit(actor, &input.jurisdiction)?;
    rules::check(input)?;
    let row = PlanRow::new(input, actor.now)?;
    change::create(c, actor, &row, input, |w| table::insert(w, &row))?;
    // Nothing can refer to it yet.
    with_actions(actor, row, || Ok(()))
}

/// Changes a plan.
///
/// # Errors
/// 404, 403, 412, 409 for a step back or a taken code, 422.
pub fn update(c: &mut Conn, actor: &Actor, id: &PlanId, expected: &Expected, patch: &Patch<PlanIn>) -> Result<PlanOut> {
    let mut row = begin(c, actor, id, expected)?;
    let before = row.clone().into_out()?.to_input();
    let after = patch.merge(&before)?;
    let verb = match (before.status == after.status, after.status) {
        (false, PlanStatus::Active) => "activated",
        (false, PlanStatus::Closed) => "closed",
        _ => "updated",
    };
    let decide = |c: &mut Conn, row: &mut PlanRow, after: &mut PlanIn| {
        rules::transition(before.status, after.status)?;
        let mut faults = Faults::default();
        if after.jurisdiction != before.jurisdiction {
            faults.add(FieldError::new("/jurisdiction", codes::FIELD_IMMUTABLE));
        }
        faults.keep(rules::check(after))?;
        faults.check()?;
        if (after.start_year, after.end_year) != (before.start_year, before.end_year) {
            // What was asked of a year stays a year of the plan.
            db::in_use(codes::PLAN_IN_USE, &[("reporting_periods", table::opened_outside(c, id, after.start_year, after.end_year)?)])?;
        }
        row.fill(after)
    };
    change::update(c, actor, &mut row, Update::new(&before, after).told_as(verb), decide, |w, row, ()| table::update(w, row))?;
    with_actions(actor, row, || unused(c, id))
}

/// Deletes a plan that nothing refers to.
///
/// # Errors
/// 404, 403, 412, 409 `plan.in_use` with the referrers' counts.
pub fn delete(c: &mut Conn, actor: &Actor, id: &PlanId, expected: &Expected) -> Result<()> {
    let row = begin(c, actor, id, expected)?;
    unused(c, id)?;
    let before = row.clone().into_out()?.to_input();
    change::delete(c, actor, &row, &before, |w| table::delete(w, id))
}

fn begin(c: &mut Conn, actor: &Actor, id: &PlanId, expected: &Expected) -> Result<PlanRow> {
    change::begin(c, id.as_str(), Some(expected), |c| table::find(c, id), |_, row| may_edit(actor, &row.jurisdiction))
}

fn may_edit(actor: &Actor, jurisdiction: &str) -> Result<()> {
    actor.must(&[Role::Coordinator], jurisdiction)
}

fn with_actions(actor: &Actor, row: PlanRow, unused: impl FnOnce() -> Result<()>) -> Result<PlanOut> {
    let plan = row.into_out()?;
    let edit = || may_edit(actor, &plan.jurisdiction);
    let step = |to| edit().and_then(|()| rules::step(plan.status, to));
    let actions = Actions::of_editing(actor, edit, unused)?.with(actor, "activate", step(PlanStatus::Active))?.with(
        actor,
        "close",
        step(PlanStatus::Closed),
    )?;
    Ok(PlanOut { actions: Some(actions), ..plan })
}

fn unused(c: &mut Conn, id: &PlanId) -> Result<()> {
    db::in_use(codes::PLAN_IN_USE, &table::referrers(c, id)?)
}
