//! Who may read which consolidated report: the same rule for one row and, as a condition, for every query.

use super::status::ConsolidatedStatus;
use super::table::{self, ConsolidatedRow};
use crate::actor::Actor;
use crate::auth::caller::{Reach, Role};
use crate::db::schema::consolidated_reports;
use crate::db::{Condition, Conn};
use crate::problem::{Result, codes};
use crate::values::id::ConsolidatedId;
use diesel::prelude::*;

/// Those of the ward's own house, who read it in every status.
const HOUSE: &[Role] = &[Role::Coordinator, Role::Leader, Role::Supervisor];
/// What units read.
const FOR_UNITS: &[&str] = &["sent", "acknowledged"];
/// What the province reads: what was sent, and what it sent back.
const FOR_PROVINCE: &[&str] = &["sent", "acknowledged", "returned"];

/// Whether it is read by somebody of the ward's own house.
pub(super) fn is_of_house(actor: &Actor, jurisdiction: &str) -> bool {
    actor.may(HOUSE, jurisdiction)
}

pub(super) fn may_read(actor: &Actor, row: &ConsolidatedRow) -> bool {
    let status = row.status.as_str();
    is_of_house(actor, &row.jurisdiction)
        || (FOR_UNITS.contains(&status) && actor.may(&[Role::Reporter], &row.jurisdiction))
        || (FOR_PROVINCE.contains(&status) && actor.may(&[Role::Province], &row.jurisdiction))
}

/// The same as a condition.
pub(super) fn readable(actor: &Actor) -> Condition<consolidated_reports::table> {
    let within = |reach: Reach, statuses: Vec<&'static str>| -> Condition<consolidated_reports::table> {
        let status = consolidated_reports::status.eq_any(statuses);
        match reach.codes() {
            None => Box::new(status),
            Some(codes) => Box::new(consolidated_reports::jurisdiction.eq_any(codes).and(status)),
        }
    };
    let all = ConsolidatedStatus::ALL.into_iter().map(ConsolidatedStatus::as_str).collect();
    let of_house = within(actor.reach(HOUSE), all);
    let of_units = within(actor.reach(&[Role::Reporter]), FOR_UNITS.to_vec());
    let of_province = within(actor.reach(&[Role::Province]), FOR_PROVINCE.to_vec());
    Box::new(of_house.or(of_units).or(of_province))
}

/// The row, for somebody who may read it.
///
/// # Errors
/// 404.
pub(super) fn visible(c: &mut Conn, actor: &Actor, id: &ConsolidatedId) -> Result<ConsolidatedRow> {
    let row = table::row(c, id)?;
    if may_read(actor, &row) { Ok(row) } else { Err(codes::NOT_FOUND.into()) }
}
