//! The units' reports inside a consolidated one: sent with it they are `consolidated`, and `accepted` again when it
//! comes back or is to be replaced.

use super::compute::Computed;
use crate::actor::Actor;
use crate::change::Write;
use crate::db::Conn;
use crate::db::schema::{consolidated_members, reports as report_rows};
use crate::problem::Result;
use crate::rooms::reports;
use crate::values::id::{ConsolidatedId, ReportId};
use diesel::prelude::*;

/// Writes down which reports are inside, each with its revision.
pub(super) fn replace(w: &mut Write<'_>, id: &ConsolidatedId, computed: &Computed) -> Result<()> {
    diesel::delete(consolidated_members::table.filter(consolidated_members::consolidated_id.eq(id))).execute(w.conn())?;
    for member in &computed.members {
        diesel::insert_into(consolidated_members::table)
            .values((
                consolidated_members::consolidated_id.eq(id),
                consolidated_members::report_id.eq(&member.report),
                consolidated_members::revision.eq(member.revision),
            ))
            .execute(w.conn())?;
    }
    Ok(())
}

/// Its reports are held by what was sent.
pub(super) fn consolidate(c: &mut Conn, actor: &Actor, id: &ConsolidatedId) -> Result<()> {
    let inside = inside(c, id, reports::Status::Accepted)?;
    reports::consolidated(c, actor, &inside)
}

/// Its reports are the units' again: they may be reopened.
pub(super) fn release(c: &mut Conn, actor: &Actor, id: &ConsolidatedId) -> Result<()> {
    let inside = inside(c, id, reports::Status::Consolidated)?;
    reports::released(c, actor, &inside)
}

/// Only reports that are still of the revision inside: one that was reopened meanwhile has a life of its own.
fn inside(c: &mut Conn, id: &ConsolidatedId, status: reports::Status) -> Result<Vec<ReportId>> {
    Ok(report_rows::table
        .inner_join(consolidated_members::table)
        .filter(consolidated_members::consolidated_id.eq(id))
        .filter(consolidated_members::revision.eq(report_rows::revision))
        .filter(report_rows::status.eq(status.as_str()))
        .select(report_rows::id)
        .load(c)?)
}
