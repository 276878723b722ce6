//! Steps of a report's life in the database: lock, check, change, remember, all in one write. Of several who act on the
//! same version exactly one succeeds.

use super::rules::{self, Status, Step};
use super::store::{ReportAggregate, ReportRow, ReportWithPeriod, find, holders, report_with_period};
use super::wire::{Remark, RemarkIn, Report, ReportIn};
use super::{rounds, scope};
use crate::actor::Actor;
use crate::change::patch::Patch;
use crate::change::{self, Event, Expected, Update, Versioned};
use crate::db::schema::{report_events, reports};
use crate::db::{self, Conn};
use crate::problem::{Faults, Place, Result, codes};
use crate::values::id::ReportId;
use diesel::prelude::*;
use serde_json::json;

/// What somebody says with a step.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Words<'a> {
    pub reason: Option<&'a str>,
    pub remarks: &'a [RemarkIn],
}

/// Takes a step. `seen` is what the client has seen of the report, where he had to say so.
///
/// # Errors
/// 404, 403, 412, 409, 422.
pub(super) fn take(c: &mut Conn, actor: &Actor, id: &ReportId, step: Step, words: Words<'_>, seen: Option<&Expected>) -> Result<Report> {
    if step == Step::Reopen {
        // Whoever approves locks his report first and then reads those inside, so it must come first here too: either the
        // approval sees the reopened report, or the reopening sees the approval.
        for holder in holders(c, id, &["draft", "approved", "sent", "acknowledged"])? {
            db::lock(c, "consolidated_reports", holder.as_str())?;
        }
    }
    db::lock(c, "reports", id.as_str())?;
    let report_with_period = report_with_period(c, actor, id)?;
    report_with_period.role(actor, step)?;
    let aggregate = ReportAggregate::of(c, report_with_period)?;
    aggregate.entitled(actor, step)?;
    seen.map_or(Ok(()), |seen| seen.must_match(aggregate.report_with_period.row.version))?;
    let to = aggregate.possible(step)?;
    let remarks = remarks(&aggregate, words.remarks)?;
    let row = moved(actor, &aggregate, step, to);
    let kept = (step == Step::Submit).then_some(&aggregate);
    save(c, actor, &aggregate.report_with_period.row, row, step, words.reason, &remarks, kept)?;
    find(c, actor, id)
}

fn remarks(aggregate: &ReportAggregate, given: &[RemarkIn]) -> Result<Vec<Remark>> {
    let mut faults = Faults::default();
    let mut kept = Vec::with_capacity(given.len());
    for (n, remark) in given.iter().enumerate() {
        let place = Place::body(format!("/remarks/{n}/indicator"));
        if let Some(known) = faults.keep(aggregate.obligations.named(&remark.indicator, &place))? {
            kept.push(Remark { indicator: known.reference(), remark: remark.remark.clone() });
        }
    }
    faults.check()?;
    Ok(kept)
}

/// The report after a step.
fn moved(actor: &Actor, aggregate: &ReportAggregate, step: Step, to: Status) -> ReportRow {
    let mut row = aggregate.report_with_period.row.clone();
    to.as_str().clone_into(&mut row.status);
    match step {
        Step::Submit => {
            row.round += 1;
            row.first_submitted_at = row.first_submitted_at.or(Some(actor.now));
            row.submitted_at = Some(actor.now);
            row.submitted_by = actor.id();
            row.submitted_by_name = Some(actor.name().to_owned());
            row.on_behalf = scope::on_behalf(actor, &row.unit_id);
        }
        Step::Withdraw => {
            row.first_submitted_at = rules::first_after_withdrawal(row.first_submitted_at, row.submitted_at);
            (row.submitted_at, row.submitted_by, row.submitted_by_name) = (None, None, None);
            row.on_behalf = false;
        }
        Step::Accept => row.accepted_at = Some(actor.now),
        Step::Reopen => {
            row.revision += 1;
            row.accepted_at = None;
        }
        Step::Return | Step::Consolidate | Step::Release => {}
    }
    row
}

/// Writes a report after a step, its history, and at submission what it says as its round.
#[expect(clippy::too_many_arguments, reason = "a step is told with all of them")]
fn save(
    c: &mut Conn,
    actor: &Actor,
    was: &ReportRow,
    mut row: ReportRow,
    step: Step,
    reason: Option<&str>,
    remarks: &[Remark],
    round: Option<&ReportAggregate>,
) -> Result<()> {
    row.touch(was.version + 1, actor.now);
    let happened = (
        report_events::id.eq(uuid::Uuid::now_v7().to_string()),
        report_events::report_id.eq(&row.id),
        report_events::at.eq(actor.now),
        report_events::by_id.eq(actor.id()),
        report_events::by_name.eq(actor.name()),
        report_events::action.eq(step.name()),
        report_events::status.eq(&row.status),
        report_events::revision.eq(row.revision),
        report_events::round.eq(row.round),
        report_events::reason.eq(reason),
        report_events::remarks.eq(db::to_json(&remarks)?),
    );
    let state = |row: &ReportRow| json!({"status": row.status, "revision": row.revision, "round": row.round});
    let event = Event::of(step.past(), &row).change(Some(state(was)), Some(state(&row))).because(reason);
    change::save(c, actor, &event, |w| {
        if let Some(aggregate) = round {
            rounds::keep(w, aggregate, row.round, actor.now)?;
        }
        diesel::update(reports::table.find(&row.id)).set(&row).execute(w.conn())?;
        diesel::insert_into(report_events::table).values(happened).execute(w.conn())?;
        Ok(())
    })
}

/// Changes what a report says in words.
///
/// # Errors
/// 404, 403, 412, 409 `report.not_editable`, 422.
pub(super) fn update(c: &mut Conn, actor: &Actor, id: &ReportId, expected: &Expected, patch: &Patch<ReportIn>) -> Result<Report> {
    rewrite(c, actor, id, Some(expected), |before| patch.merge(before))?;
    find(c, actor, id)
}

/// The same by any means; a report that says the same afterwards keeps its version.
///
/// # Errors
/// 404, 403, 412, 409 `report.not_editable`, and what `change` answers.
pub(super) fn rewrite(
    c: &mut Conn,
    actor: &Actor,
    id: &ReportId,
    seen: Option<&Expected>,
    change: impl FnOnce(&ReportIn) -> Result<ReportIn>,
) -> Result<()> {
    db::lock(c, "reports", id.as_str())?;
    let ReportWithPeriod { mut row, status, .. } = report_with_period(c, actor, id)?;
    scope::must_report_for(actor, &row.jurisdiction, &row.unit_id)?;
    seen.map_or(Ok(()), |seen| seen.must_match(row.version))?;
    rules::editable(status)?;
    let before = ReportIn { narrative: row.narrative()? };
    let after = change(&before)?;
    let decide = |_: &mut Conn, row: &mut ReportRow, after: &mut ReportIn| {
        row.narrative = db::to_json(&after.narrative)?;
        Ok(())
    };
    change::update(c, actor, &mut row, Update::new(&before, after), decide, |w, row, ()| {
        diesel::update(reports::table.find(id)).set(row).execute(w.conn())?;
        Ok(())
    })
    .map(drop)
}

/// Takes a step of the service's own with each of these reports, on behalf of a consolidated report's step.
///
/// # Errors
/// 404, 409 `report.invalid_transition`.
pub(super) fn take_all(c: &mut Conn, actor: &Actor, ids: &[ReportId], step: Step) -> Result<()> {
    // In one order, so that two who take steps with the same reports do not wait for each other.
    let mut ids: Vec<&ReportId> = ids.iter().collect();
    ids.sort_unstable();
    ids.dedup();
    for id in ids {
        db::lock(c, "reports", id.as_str())?;
        let was: ReportRow = reports::table.find(id).first(c).optional()?.ok_or(codes::NOT_FOUND)?;
        let to = rules::step(was.status()?, step)?;
        let row = ReportRow { status: to.as_str().to_owned(), ..was.clone() };
        save(c, actor, &was, row, step, None, &[], None)?;
    }
    Ok(())
}
