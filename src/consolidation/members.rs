//! The units' reports inside a consolidated one: sent with it they are `consolidated`, and `accepted` again when it
//! comes back or is to be replaced.

use super::compute::Computed;
use crate::db::Conn;
use crate::db::schema::{consolidated_members, report_events, reports};
use crate::http::ctx::By;
use crate::journal::{self, Event};
use crate::problem::Result;
use crate::values::id::{ConsolidatedId, ReportId};
use diesel::prelude::*;

/// Writes down which reports are inside, each with its revision.
pub(super) fn replace(c: &mut Conn, id: &ConsolidatedId, computed: &Computed) -> Result<()> {
    diesel::delete(consolidated_members::table.filter(consolidated_members::consolidated_id.eq(id))).execute(c)?;
    for member in &computed.members {
        diesel::insert_into(consolidated_members::table)
            .values((
                consolidated_members::consolidated_id.eq(id),
                consolidated_members::report_id.eq(&member.report),
                consolidated_members::revision.eq(member.revision),
            ))
            .execute(c)?;
    }
    Ok(())
}

/// Its reports are held by what was sent.
pub(super) fn consolidate(c: &mut Conn, by: &By, id: &ConsolidatedId) -> Result<()> {
    turn(c, by, id, Turn { from: "accepted", to: "consolidated", action: "consolidate", event: "report.consolidated" })
}

/// Its reports are the units' again: they may be reopened.
pub(super) fn release(c: &mut Conn, by: &By, id: &ConsolidatedId) -> Result<()> {
    turn(c, by, id, Turn { from: "consolidated", to: "accepted", action: "release", event: "report.released" })
}

struct Turn {
    from: &'static str,
    to: &'static str,
    action: &'static str,
    event: &'static str,
}

type Held = (ReportId, String, i64, i32, i32);

/// Only reports that are still of the revision inside: one that was reopened meanwhile has a life of its own.
fn turn(c: &mut Conn, by: &By, id: &ConsolidatedId, turn: Turn) -> Result<()> {
    let held: Vec<Held> = reports::table
        .inner_join(consolidated_members::table)
        .filter(consolidated_members::consolidated_id.eq(id))
        .filter(consolidated_members::revision.eq(reports::revision))
        .filter(reports::status.eq(turn.from))
        .order(reports::id)
        .select((reports::id, reports::jurisdiction, reports::version, reports::revision, reports::round))
        .load(c)?;
    for (report, jurisdiction, version, revision, round) in held {
        let version = version + 1;
        diesel::update(reports::table.find(&report))
            .set((reports::status.eq(turn.to), reports::version.eq(version), reports::updated_at.eq(by.now)))
            .execute(c)?;
        diesel::insert_into(report_events::table)
            .values((
                report_events::id.eq(uuid::Uuid::now_v7().to_string()),
                report_events::report_id.eq(&report),
                report_events::at.eq(by.now),
                report_events::by_id.eq(by.id()),
                report_events::by_name.eq(by.name()),
                report_events::action.eq(turn.action),
                report_events::status.eq(turn.to),
                report_events::revision.eq(revision),
                report_events::round.eq(round),
                report_events::reason.eq(None::<String>),
                report_events::remarks.eq("[]"),
            ))
            .execute(c)?;
        journal::record(c, by, Event::new(turn.event, "report", report.as_str(), version, Some(&jurisdiction)))?;
    }
    Ok(())
}
