//! Who may read which consolidated report: the same rule for one row and, as a condition, for every query.

use super::status::ConsolidatedStatus;
use super::table::{self, ConsolidatedRow};
use crate::actor::Actor;
use crate::auth::caller::{Reach, Role};
use crate::auth::denied::denied;
use crate::db::schema::{consolidated_reports, former_parents as f, reporting_periods as p};
use crate::db::{Condition, Conn};
use crate::problem::{Result, codes};
use crate::values::id::ConsolidatedId;
use diesel::prelude::*;
use std::collections::HashSet;

/// Those of the ward's own house, who read it in every status.
const HOUSE: &[Role] = &[Role::Coordinator, Role::Leader, Role::Supervisor];
/// What units read.
const FOR_UNITS: &[&str] = &["sent", "acknowledged"];
/// What the province reads: what was sent, and what it sent back.
const FOR_PROVINCE: &[&str] = &["sent", "acknowledged", "returned"];

/// The condition that a row of a ward's former provinces tells of the last day of a period.
macro_rules! held {
    () => {
        f::jurisdiction
            .eq(p::jurisdiction)
            .and(f::until.ge(p::ends_on))
            .and(f::since.is_null().or(f::since.le(p::ends_on.nullable())).assume_not_null())
    };
}

/// Whether it is read by somebody of the ward's own house.
pub(super) fn is_of_house(actor: &Actor, jurisdiction: &str) -> bool {
    actor.may(HOUSE, jurisdiction)
}

fn may_read(actor: &Actor, row: &ConsolidatedRow) -> bool {
    let status = row.status.as_str();
    is_of_house(actor, &row.jurisdiction)
        || (FOR_UNITS.contains(&status) && actor.may(&[Role::Reporter], &row.jurisdiction))
        || (FOR_PROVINCE.contains(&status) && actor.may(&[Role::Province], &row.jurisdiction))
}

/// The same as a condition.
pub(super) fn readable(actor: &Actor) -> Condition<consolidated_reports::table> {
    let all = ConsolidatedStatus::ALL.into_iter().map(ConsolidatedStatus::as_str).collect();
    let of_house = within(actor.reach(HOUSE), all);
    let of_units = within(actor.reach(&[Role::Reporter]), FOR_UNITS.to_vec());
    Box::new(of_house.or(of_units).or(readable_by_province(actor)))
}

/// Those that the caller reads as a province: of its wards, and of those that were its own on the last day of the period.
fn readable_by_province(actor: &Actor) -> Condition<consolidated_reports::table> {
    let of_province = within(actor.reach(&[Role::Province]), FOR_PROVINCE.to_vec());
    let Some(provinces) = actor.reach(&[Role::Province]).codes() else { return of_province };
    let once_theirs = f::table.inner_join(p::table.on(held!())).filter(f::parent.eq_any(provinces)).select(p::id);
    let of_former = consolidated_reports::status.eq_any(FOR_PROVINCE).and(consolidated_reports::period_id.eq_any(once_theirs));
    Box::new(of_province.or(of_former))
}

fn within(reach: Reach, statuses: Vec<&'static str>) -> Condition<consolidated_reports::table> {
    let status = consolidated_reports::status.eq_any(statuses);
    match reach.codes() {
        None => Box::new(status),
        Some(codes) => Box::new(consolidated_reports::jurisdiction.eq_any(codes).and(status)),
    }
}

/// Those of some consolidated reports that the caller reads as a province.
///
/// # Errors
/// If the database fails.
pub fn sent_to_province_among(c: &mut Conn, actor: &Actor, ids: &[&str]) -> Result<HashSet<String>> {
    use consolidated_reports::id;
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let found: Vec<String> = consolidated_reports::table.filter(id.eq_any(ids)).filter(readable_by_province(actor)).select(id).load(c)?;
    Ok(found.into_iter().collect())
}

/// Goes on only if the caller acts for the province to which the ward belonged on the last day of the report's period.
///
/// # Errors
/// 403 `access.denied`.
pub(super) fn is_of_the_province_then(c: &mut Conn, actor: &Actor, row: &ConsolidatedRow) -> Result<()> {
    // Most callers act for no province.
    if actor.reach(&[Role::Province]).codes().is_some_and(|codes| codes.is_empty()) {
        return Err(denied(actor.caller.as_deref(), &[Role::Province], Some(&row.jurisdiction)).into());
    }
    let then = f::table.filter(f::jurisdiction.eq(&row.jurisdiction)).inner_join(p::table.on(held!())).filter(p::id.eq(&row.period_id));
    let province: Option<String> = then.select(f::parent).first(c).optional()?;
    actor.must(&[Role::Province], province.as_deref().unwrap_or(&row.jurisdiction))
}

/// Whether the caller may read a row: of the ward's house, one of its units, or a province to which the ward belongs or belonged on the
/// last day of the report's period.
pub(super) fn reads(c: &mut Conn, actor: &Actor, row: &ConsolidatedRow) -> bool {
    let sent = FOR_PROVINCE.contains(&row.status.as_str());
    may_read(actor, row) || (sent && is_of_the_province_then(c, actor, row).is_ok())
}

/// The row, for somebody who may read it.
///
/// # Errors
/// 404.
pub(super) fn visible(c: &mut Conn, actor: &Actor, id: &ConsolidatedId) -> Result<ConsolidatedRow> {
    let row = table::row(c, id)?;
    if reads(c, actor, &row) { Ok(row) } else { Err(codes::NOT_FOUND.into()) }
}
