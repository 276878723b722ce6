//! Who sees which report and whose figures: the same rule for one row and, as a condition, for every query.

use super::status::Status;
use crate::actor::Actor;
use crate::auth::caller::{Reach, Role};
use crate::auth::denied::reports_for_others;
use crate::db::schema::reports;
use crate::db::{Condition, Conn};
use crate::problem::{Result, codes};
use crate::rooms::periods::{self, PeriodKey};
use crate::values::id::{PeriodId, UnitId};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use std::collections::HashSet;

/// Those who read what was handed in.
const OVERSEERS: [Role; 2] = [Role::Leader, Role::Supervisor];
/// Who reads reports, each in his own way.
const READERS: &[Role] = &[Role::Coordinator, Role::Leader, Role::Supervisor, Role::Reporter];

/// Whether the caller may read this report.
pub(super) fn sees(actor: &Actor, jurisdiction: &str, unit: &UnitId, status: Status) -> bool {
    actor.may(&[Role::Coordinator], jurisdiction)
        || (status != Status::Draft && actor.may(&OVERSEERS, jurisdiction))
        || reports_for(actor, jurisdiction, unit)
}

/// Whether the caller reports for this unit.
pub(super) fn reports_for(actor: &Actor, jurisdiction: &str, unit: &UnitId) -> bool {
    actor.system.is_some() || actor.caller.as_ref().is_some_and(|c| c.reports_for(unit, jurisdiction))
}

/// Goes on only if the caller reports for this unit.
///
/// # Errors
/// 403 `access.denied`.
pub(super) fn must_report_for(actor: &Actor, jurisdiction: &str, unit: &UnitId) -> Result<()> {
    if reports_for(actor, jurisdiction, unit) { Ok(()) } else { Err(reports_for_others(actor.caller.as_deref()).into()) }
}

/// Whether the caller acts for a unit that he does not belong to (figures that arrive by telephone).
pub(super) fn on_behalf(actor: &Actor, unit: &UnitId) -> bool {
    actor.caller.as_ref().is_some_and(|c| !c.belongs_to(unit))
}

/// Whether restricted figures in a unit's report are shown to the caller: to those with the scope, and to the unit itself.
pub(super) fn shows_restricted(actor: &Actor, jurisdiction: &str, unit: &UnitId) -> bool {
    actor.sees_restricted(jurisdiction) || reports_for(actor, jurisdiction, unit)
}

/// The reports that the caller may read: [`sees`] as a condition.
pub(super) fn condition(actor: &Actor) -> Condition<reports::table> {
    let handed_in: Condition<reports::table> = Box::new(within(&actor.reach(&OVERSEERS)).and(reports::status.ne(Status::Draft.as_str())));
    let mut any: Condition<reports::table> = Box::new(within(&actor.reach(&[Role::Coordinator])).or(handed_in));
    for grant in actor.caller.iter().flat_map(|c| &c.grants).filter(|g| g.role == Role::Reporter) {
        let there = within(&grant.reach);
        any = match grant.unit.clone() {
            Some(unit) => Box::new(any.or(there.and(reports::unit_id.eq(unit)))),
            None => Box::new(any.or(there)),
        };
    }
    any
}

/// A period of whose reports the caller may read some.
///
/// # Errors
/// 404, 403.
pub(super) fn period(c: &mut Conn, actor: &Actor, id: &PeriodId) -> Result<PeriodKey> {
    let period = periods::key(c, id)?;
    if !actor.may(&Role::ALL, &period.jurisdiction) {
        return Err(codes::NOT_FOUND.into());
    }
    actor.must(READERS, &period.jurisdiction)?;
    Ok(period)
}

/// Those of some reports that the caller may read.
///
/// # Errors
/// If the database fails.
pub fn readable_among(c: &mut Conn, actor: &Actor, ids: &[&str]) -> Result<HashSet<String>> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let found: Vec<String> = reports::table.filter(reports::id.eq_any(ids)).filter(condition(actor)).select(reports::id).load(c)?;
    Ok(found.into_iter().collect())
}

fn within(reach: &Reach) -> Condition<reports::table> {
    match reach.codes() {
        None => Box::new(diesel::dsl::sql::<Bool>("1 = 1")),
        Some(codes) if codes.is_empty() => Box::new(diesel::dsl::sql::<Bool>("1 = 0")),
        Some(codes) => Box::new(reports::jurisdiction.eq_any(codes)),
    }
}
