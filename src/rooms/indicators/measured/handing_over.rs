//! Duties that pass from one unit to another when the one takes the other's place.

use super::use_cases;
use super::wire::{Duty, IndicatorIn};
use crate::actor::Actor;
use crate::change::Expected;
use crate::change::patch::Patch;
use crate::db::Conn;
use crate::db::schema::{indicator_units as u, indicators as i, plans};
use crate::problem::{Error, Result};
use crate::values::Ref;
use crate::values::id::IndicatorId;
use diesel::prelude::*;
use serde_json::json;

/// Charges one unit with what another one is charged with in the plans that are not over; where both are, once, with reporting if
/// either is.
///
/// # Errors
/// 403; if the database fails.
pub fn hand_duties_over(c: &mut Conn, actor: &Actor, from: &Ref, to: &Ref) -> Result<()> {
    let charged: Vec<IndicatorId> = u::table
        .inner_join(i::table.inner_join(plans::table))
        .filter(u::unit_id.eq(&from.id))
        .filter(plans::status.ne("closed"))
        .order((i::plan_order, i::id))
        .select(i::id)
        .load(c)?;
    for id in charged {
        let there = use_cases::find(c, actor, &id)?;
        let mut units = there.to_input().units;
        let reports = units.iter().any(|duty| duty.unit == from.id && duty.duty == Duty::Report);
        match units.iter_mut().find(|duty| duty.unit == to.id) {
            Some(own) if reports => own.duty = Duty::Report,
            Some(_) => {}
            None => units.iter_mut().filter(|duty| duty.unit == from.id).for_each(|duty| duty.unit.clone_from(&to.id)),
        }
        units.retain(|duty| duty.unit != from.id);
        let patch: Patch<IndicatorIn> = serde_json::from_value(json!({"units": units})).map_err(Error::internal)?;
        use_cases::update(c, actor, &id, &Expected::version(there.version), &patch)?;
    }
    Ok(())
}
