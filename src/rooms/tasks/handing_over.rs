//! Work that passes from one unit to another when the one takes the other's place.

use super::use_cases;
use super::wire::TaskIn;
use crate::actor::Actor;
use crate::change::Expected;
use crate::change::patch::Patch;
use crate::db::Conn;
use crate::db::schema::{plans, task_assignments as a, tasks as t};
use crate::problem::{Error, Result};
use crate::values::Ref;
use crate::values::id::TaskId;
use diesel::prelude::*;
use serde_json::json;

/// Assigns one unit to what another one is assigned to and that is neither done nor cancelled, in the plans that are not over.
///
/// # Errors
/// 403; if the database fails.
pub fn hand_assignments_over(c: &mut Conn, actor: &Actor, from: &Ref, to: &Ref) -> Result<()> {
    let assigned: Vec<TaskId> = t::table
        .inner_join(plans::table)
        .filter(t::id.eq_any(a::table.filter(a::unit_id.eq(&from.id)).select(a::task_id)))
        .filter(t::status.eq_any(["not_started", "in_progress"]))
        .filter(plans::status.ne("closed"))
        .order((t::plan_order, t::id))
        .select(t::id)
        .load(c)?;
    for id in assigned {
        let there = use_cases::find(c, actor, &id)?;
        let mut assignments = there.to_input().assignments;
        assignments.iter_mut().filter(|given| given.unit == from.id).for_each(|given| given.unit.clone_from(&to.id));
        let mut once = Vec::with_capacity(assignments.len());
        for given in assignments {
            if !once.contains(&given) {
                once.push(given);
            }
        }
        let patch: Patch<TaskIn> = serde_json::from_value(json!({"assignments": once})).map_err(Error::internal)?;
        use_cases::update(c, actor, &id, &Expected::version(there.version), &patch)?;
    }
    Ok(())
}
