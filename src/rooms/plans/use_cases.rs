//! What is done with plans.

use super::keys;
use super::rules;
use super::table::{self, PlanRow};
use super::wire::{PlanFilter, PlanIn, PlanOut, PlanStatus};
use super::years;
use crate::actor::Actor;
use crate::actor::actions::Actions;
use crate::auth::caller::Role;
use crate::change::patch::Patch;
use crate::change::{self, Expected, Update};
use crate::db::{self, Conn};
use crate::problem::{Faults, FieldError, Place, Problem, Result, codes};
use crate::reading::paging::{Page, Paging};
use crate::reading::references::{JurisdictionKey, Named, Scope};
use crate::values::id::PlanId;
use std::collections::{HashMap, HashSet};

/// A page of plans.
///
/// # Errors
/// 400 for a reference, sort field or cursor that fits nothing.
pub fn list(c: &mut Conn, filter: &PlanFilter, paging: &Paging) -> Result<Page<PlanOut>> {
    let window = table::window(paging)?;
    let scope = Scope::of_query(c, Named { jurisdiction: filter.jurisdiction.as_deref(), ..Named::default() })?;
    let page = table::page(c, &window, filter, &scope)?;
    let replaced: Vec<&PlanId> = page.items.iter().filter_map(|row| row.replaces_id.as_ref()).collect();
    let codes = if replaced.is_empty() { HashMap::new() } else { keys::codes_of(c, None, replaced.into_iter())? };
    page.try_map(|row| {
        let code = row.replaces_id.as_ref().map(|id| keys::code_in(&codes, id));
        row.into_out(code)
    })
}

/// One plan, with what the caller may do with it.
///
/// # Errors
/// 404.
pub fn find(c: &mut Conn, actor: &Actor, id: &PlanId) -> Result<PlanOut> {
    let row = table::find(c, id)?;
    with_actions(c, actor, row, |c| unused(c, id))
}

/// The same for everybody alike.
///
/// # Errors
/// 404.
pub fn read(c: &mut Conn, id: &PlanId) -> Result<PlanOut> {
    let row = table::find(c, id)?;
    out(c, row)
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
/// 422 for an unknown jurisdiction or parts that disagree, 403 without the right, 409 if the code is taken or, of one in force, if
/// another plan holds its years or the jurisdiction ends before them.
pub fn create(c: &mut Conn, actor: &Actor, input: &PlanIn) -> Result<PlanOut> {
    Scope::default().one::<JurisdictionKey>(c, &input.jurisdiction, &Place::body("/jurisdiction"))?;
    may_edit(actor, &input.jurisdiction)?;
    rules::check(input)?;
    let mut input = input.clone();
    let mut row = PlanRow::new(&input, actor.now)?;
    years::find_replaced(c, &row.id, &mut input)?;
    row.fill(&input)?;
    if input.status == PlanStatus::Active {
        years::lock(c)?;
        years::check_ward(c, &row)?;
        years::check(c, &row, true)?;
    }
    change::create(c, actor, &row, &input, |w| table::insert(w, &row))?;
    if input.status == PlanStatus::Active {
        years::hand_over(c, actor, &row)?;
    }
    // Nothing can refer to it yet.
    with_actions(c, actor, row, |_| Ok(()))
}

/// Changes a plan.
///
/// # Errors
/// 404, 403, 412, 409 for a step back, a taken code, years that another plan holds, or for which the jurisdiction is not there, 422.
pub fn update(c: &mut Conn, actor: &Actor, id: &PlanId, expected: &Expected, patch: &Patch<PlanIn>) -> Result<PlanOut> {
    if ["status", "start_year", "end_year"].iter().any(|member| patch.touches(member)) {
        years::lock(c)?;
    }
    let mut row = begin(c, actor, id, expected)?;
    let before = row.clone().into_out(None)?.to_input();
    let after = patch.merge(&before)?;
    let activated = before.status == PlanStatus::Draft && after.status == PlanStatus::Active;
    let other_years = (after.start_year, after.end_year) != (before.start_year, before.end_year);
    let verb = match (before.status == after.status, after.status) {
        (false, PlanStatus::Active) => "activated",
        (false, PlanStatus::Closed) => "closed",
        _ => "updated",
    };
    let decide = |c: &mut Conn, row: &mut PlanRow, after: &mut PlanIn| {
        rules::transition(before.status, after.status)?;
        let mut faults = Faults::default();
        if after.jurisdiction != before.jurisdiction {
            faults.add(FieldError::fixed("jurisdiction"));
        }
        faults.keep(rules::check(after))?;
        faults.check()?;
        years::find_replaced(c, id, after)?;
        if before.status != PlanStatus::Draft && after.replaces != before.replaces {
            return Err(Problem::invalid(vec![FieldError::fixed("replaces")]).into());
        }
        if other_years {
            // What was asked of a year stays a year of the plan.
            db::in_use(codes::PLAN_IN_USE, &[("reporting_periods", years::used_outside(c, id, after.start_year, after.end_year)?)])?;
        }
        row.fill(after)?;
        if activated || (after.end_year > before.end_year && after.status == PlanStatus::Active) {
            years::check_ward(c, row)?;
        }
        if activated || (other_years && after.status == PlanStatus::Active) { years::check(c, row, activated) } else { Ok(()) }
    };
    change::update(c, actor, &mut row, Update::new(&before, after).told_as(verb), decide, |w, row, ()| table::update(w, row))?;
    if activated {
        years::hand_over(c, actor, &row)?;
    }
    if other_years {
        years::leave_out(c, actor, &row)?;
    }
    with_actions(c, actor, row, |c| unused(c, id))
}

/// Deletes a plan that nothing refers to.
///
/// # Errors
/// 404, 403, 412, 409 `plan.in_use` with the referrers' counts.
pub fn delete(c: &mut Conn, actor: &Actor, id: &PlanId, expected: &Expected) -> Result<()> {
    let row = begin(c, actor, id, expected)?;
    unused(c, id)?;
    let before = row.clone().into_out(None)?.to_input();
    change::delete(c, actor, &row, &before, |w| table::delete(w, id))
}

fn begin(c: &mut Conn, actor: &Actor, id: &PlanId, expected: &Expected) -> Result<PlanRow> {
    change::begin(c, id.as_str(), Some(expected), |c| table::find(c, id), |_, row| may_edit(actor, &row.jurisdiction))
}

fn may_edit(actor: &Actor, jurisdiction: &str) -> Result<()> {
    actor.must(&[Role::Coordinator], jurisdiction)
}

/// As clients read it, with the code of the plan that it replaces.
fn out(c: &mut Conn, row: PlanRow) -> Result<PlanOut> {
    let replaced = match &row.replaces_id {
        Some(id) => Some(keys::find_key(c, id)?.code),
        None => None,
    };
    row.into_out(replaced.as_deref())
}

fn with_actions(c: &mut Conn, actor: &Actor, row: PlanRow, unused: impl FnOnce(&mut Conn) -> Result<()>) -> Result<PlanOut> {
    let plan = out(c, row)?;
    let edit = || may_edit(actor, &plan.jurisdiction);
    let step = |to| edit().and_then(|()| rules::step(plan.status, to));
    let actions = Actions::of_editing(actor, edit, || unused(c))?.with(actor, "activate", step(PlanStatus::Active))?.with(
        actor,
        "close",
        step(PlanStatus::Closed),
    )?;
    Ok(PlanOut { actions: Some(actions), ..plan })
}

fn unused(c: &mut Conn, id: &PlanId) -> Result<()> {
    db::in_use(codes::PLAN_IN_USE, &table::referrers(c, id)?)
}
