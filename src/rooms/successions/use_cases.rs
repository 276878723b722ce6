//! What is done when a unit or a ward is dissolved.

use super::wire::{DissolutionIn, JurisdictionDissolutionIn};
use crate::actor::Actor;
use crate::change::Expected;
use crate::db::Conn;
use crate::problem::Result;
use crate::rooms::jurisdictions::{self, JurisdictionOut};
use crate::rooms::units::{self, UnitOut};
use crate::rooms::{indicators, periods, reports, tasks};
use crate::values::id::{JurisdictionId, UnitId};

/// Dissolves a unit: at once, or on its day where that lies ahead.
///
/// # Errors
/// 404, 403, 412, 409 `unit.dissolved`, 422.
pub fn dissolve(c: &mut Conn, actor: &Actor, id: &UnitId, expected: &Expected, input: &DissolutionIn) -> Result<UnitOut> {
    units::announce(c, actor, id, expected, input.on, &input.successors, &input.reason)?;
    carry_out(c, actor, id)?;
    units::find(c, actor, id)
}

/// Carries a dissolution out whose day has come: what the unit was to do falls to its one successor, and it is asked for nothing
/// more. Tells whether there was one to carry out.
///
/// # Errors
/// If the database fails.
pub fn carry_out(c: &mut Conn, actor: &Actor, id: &UnitId) -> Result<bool> {
    let Some(dissolved) = units::dissolve_if_due(c, actor, id)? else { return Ok(false) };
    let only = match dissolved.successors.as_slice() {
        [only] => Some(only),
        _ => None,
    };
    if let Some(successor) = only {
        indicators::hand_duties_over(c, actor, &dissolved.unit, successor)?;
        tasks::hand_assignments_over(c, actor, &dissolved.unit, successor)?;
    }
    reports::release(c, actor, &dissolved.unit, only, &dissolved.reason)?;
    Ok(true)
}

/// Dissolves an administrative unit: at once, or on its day where that lies ahead.
///
/// # Errors
/// 404, 403, 412, 409 `jurisdiction.dissolved` and `jurisdiction.in_use`, 422.
pub(super) fn dissolve_jurisdiction(
    c: &mut Conn,
    actor: &Actor,
    id: &JurisdictionId,
    expected: &Expected,
    input: &JurisdictionDissolutionIn,
) -> Result<JurisdictionOut> {
    let code = jurisdictions::code_of(c, id)?;
    periods::hold(c, &code)?;
    jurisdictions::announce(c, actor, id, expected, input.on, &input.successors, &input.reason)?;
    carry_out_jurisdiction(c, actor, id)?;
    jurisdictions::find(c, actor, id)
}

/// Carries the dissolution of an administrative unit out whose day has come: its later periods are closed. Tells whether there was one
/// to carry out.
///
/// # Errors
/// If the database fails.
pub fn carry_out_jurisdiction(c: &mut Conn, actor: &Actor, id: &JurisdictionId) -> Result<bool> {
    let code = jurisdictions::code_of(c, id)?;
    periods::hold(c, &code)?;
    let Some(dissolved) = jurisdictions::dissolve_if_due(c, actor, id)? else { return Ok(false) };
    periods::close_from(c, actor, &dissolved.code, dissolved.on, &dissolved.reason)?;
    Ok(true)
}
