//! Steps of a report's life in the database: lock, check, change, remember, all in one write. Of several who act on the
//! same version exactly one succeeds.

use super::aggregate::{ReportAggregate, ReportWithPeriod};
use super::answers::{self, Audited};
use super::rules::{self, Step};
use super::status::Status;
use super::table::comments::CommentRow;
use super::table::{self, EventRow, ReportRow};
use super::wire::{Remark, RemarkIn, ReportIn};
use super::{comments, rounds, scope};
use crate::actor::Actor;
use crate::auth::caller::Role;
use crate::change::{self, Event, Expected, Update, Versioned};
use crate::db::{self, Conn};
use crate::problem::{Faults, Place, Result, codes};
use crate::values::id::{IndicatorId, ReportId};
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
pub(super) fn take(c: &mut Conn, actor: &Actor, id: &ReportId, step: Step, words: Words<'_>, seen: Option<&Expected>) -> Result<()> {
    if step == Step::Reopen {
        // Whoever approves locks his report first and then reads those inside, so it must come first here too: either the
        // approval sees the reopened report, or the reopening sees the approval.
        for (holder, _) in table::holders(c, &[id], &["draft", "approved", "sent", "acknowledged"])? {
            db::lock(c, "consolidated_reports", holder.as_str())?;
        }
    }
    db::lock(c, "reports", id.as_str())?;
    let report = ReportWithPeriod::find(c, actor, id)?;
    report.role(actor, step)?;
    let aggregate = ReportAggregate::of(c, report)?;
    aggregate.entitled(actor, step)?;
    seen.map_or(Ok(()), |seen| seen.must_match(aggregate.report.row.version))?;
    let to = aggregate.possible(actor, step)?;
    let remarks = remarks(&aggregate, words.remarks)?;
    let mut row = moved(actor, &aggregate, step, to);
    if step == Step::Withdraw && row.first_submitted_at.is_none() {
        // Nothing of it is judged any more: the deadline of now holds for it as for all that are still to come.
        row.due_at = table::deadline(c, &row.period_id, &row.unit_id)?;
    }
    let kept = (step == Step::Submit).then_some(&aggregate);
    save(c, actor, &aggregate.report.row, row, step, words.reason, &remarks, kept)?;
    let said = |remark: &Remark| {
        let indicator = IndicatorId::from_text(remark.indicator.id.clone());
        CommentRow::new(actor, &aggregate.report.row, Some(indicator), &remark.remark)
    };
    comments::remarked(c, actor, &aggregate.obligations, &remarks.iter().map(said).collect::<Vec<_>>())
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
    let mut row = aggregate.report.row.clone();
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
    let happened = EventRow {
        id: uuid::Uuid::now_v7().to_string(),
        report_id: row.id.clone(),
        at: actor.now,
        by_id: actor.id(),
        by_name: actor.name().to_owned(),
        action: step.name().to_owned(),
        status: row.status.clone(),
        revision: row.revision,
        round: row.round,
        reason: reason.map(str::to_owned),
        remarks: db::to_json(&remarks)?,
    };
    let state = |row: &ReportRow| json!({"status": row.status, "revision": row.revision, "round": row.round});
    let event = Event::of(step.past(), &row).change(Some(state(was)), Some(state(&row))).because(reason);
    change::save(c, actor, &event, |w| {
        if let Some(aggregate) = round {
            rounds::keep(w, aggregate, row.round, actor.now)?;
        }
        match step {
            Step::Accept => table::begin_counting(w, &row.id, actor.now)?,
            Step::Reopen => table::end_counting(w, &row.id, actor.now)?,
            _ => {}
        }
        table::update_report(w, &row)?;
        table::insert_event(w, &happened)
    })
}

/// Changes what a report says in words and answers; one that says the same afterwards keeps its version.
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
    let ReportWithPeriod { mut row, status, questions, .. } = ReportWithPeriod::find(c, actor, id)?;
    scope::must_report_for(actor, &row.jurisdiction, &row.unit_id)?;
    seen.map_or(Ok(()), |seen| seen.must_match(row.version))?;
    rules::editable(status, actor.helper(Role::Coordinator, &row.jurisdiction))?;
    let before = ReportIn { narrative: row.narrative()?, answers: row.answers()? };
    let wanted = change(&before)?;
    answers::check(&questions, &wanted.answers)?;
    let (before, after) = (Audited::of(&questions, &before), Audited::of(&questions, &wanted));
    let decide = |_: &mut Conn, row: &mut ReportRow, _: &mut Audited| {
        row.narrative = db::to_json(&wanted.narrative)?;
        row.answers = db::to_json(&wanted.answers)?;
        Ok(())
    };
    change::update(c, actor, &mut row, Update::new(&before, after), decide, |w, row, ()| table::update_report(w, row)).map(drop)
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
        let was: ReportRow = table::report(c, id)?.ok_or(codes::NOT_FOUND)?;
        let to = rules::step(was.status()?, step)?;
        let row = ReportRow { status: to.as_str().to_owned(), ..was.clone() };
        save(c, actor, &was, row, step, None, &[], None)?;
    }
    Ok(())
}
