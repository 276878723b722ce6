//! What is read of a plan as a whole.

use super::wire::{Gaps, Outline, OutlineFilter, Trace};
use super::{gaps, trace, tree, whole_plan};
use crate::actor::Actor;
use crate::db::Conn;
use crate::problem::{Result, codes};
use crate::rooms::{indicators, plans, tasks, units};
use crate::values::id::PlanId;

/// A plan as one tree: as it is now, or as a period asks it.
///
/// # Errors
/// 404, 400 for a period that the plan does not have.
pub fn find_outline(c: &mut Conn, actor: &Actor, id: &PlanId, asked: &OutlineFilter) -> Result<Outline> {
    Ok(tree::of(whole_plan::read(c, actor, id, asked.period.as_deref())?))
}

/// What a code stands for in a plan.
///
/// # Errors
/// 404 for the plan, or if nothing in it bears the code.
pub fn find_trace(c: &mut Conn, actor: &Actor, id: &PlanId, code: &str) -> Result<Trace> {
    trace::of(&whole_plan::read(c, actor, id, None)?, code).ok_or_else(|| codes::NOT_FOUND.into())
}

/// What a plan leaves open, in the caller's words.
///
/// # Errors
/// 404.
pub fn find_gaps(c: &mut Conn, actor: &Actor, id: &PlanId) -> Result<Gaps> {
    let (plan, units) = units::beside_plan(c, id)?;
    let notes = plans::transcription_notes(c, id)?;
    Ok(gaps::of(&indicators::list_of_plan(c, actor, &plan, None)?, &tasks::list_of_plan(c, &plan)?, &units, &notes, actor.language))
}
