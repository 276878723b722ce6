//! What can be done with reports. Other rooms have locked or just made what they speak of, so no version is asked of them;
//! all other rules hold for them too.

use super::aggregate::{ReportAggregate, ReportWithPeriod};
use super::readiness::ReadinessCheck;
use super::rules::Step;
use super::transitions::{self, Words};
use super::wire::observation::{CellCounts, CellIn};
use super::wire::{Narrative, RemarkIn, Report, ReportIn};
use super::{entry, observations, rounds, views};
use crate::actor::Actor;
use crate::change::Expected;
use crate::change::patch::Patch;
use crate::db::Conn;
use crate::problem::Result;
use crate::values::id::ReportId;

pub(super) use super::list::list;
pub(super) use super::rounds::diff;

/// One report as the caller may see it, with what he may do with it.
///
/// # Errors
/// 404.
pub fn find(c: &mut Conn, actor: &Actor, id: &ReportId) -> Result<Report> {
    let report = ReportWithPeriod::find(c, actor, id)?;
    show(c, actor, report)
}

fn show(c: &mut Conn, actor: &Actor, report: ReportWithPeriod) -> Result<Report> {
    let aggregate = ReportAggregate::of(c, report)?;
    let observations = observations::shown(c, actor, &aggregate)?;
    let (narrative, answers) = (aggregate.narrative.clone(), aggregate.answers.clone());
    views::whole(c, actor, &aggregate, narrative, answers, observations)
}

/// The same as it was last submitted in an earlier revision.
///
/// # Errors
/// 404, 400 `round.unknown`.
pub(super) fn find_revision(c: &mut Conn, actor: &Actor, id: &ReportId, revision: i32) -> Result<Report> {
    let report = ReportWithPeriod::find(c, actor, id)?;
    if revision == report.row.revision {
        return show(c, actor, report);
    }
    let round = rounds::last_of(c, id, revision)?;
    let aggregate = ReportAggregate::of(c, report)?;
    let observations = rounds::shown(actor, &aggregate.report, &aggregate.obligations, round.content.observations);
    let mut report = views::whole(c, actor, &aggregate, round.content.narrative, round.content.answers, observations)?;
    if let Some(history) = &mut report.history {
        history.retain(|event| event.revision <= revision);
        if let Some(last) = history.iter().rev().find(|event| event.action == Step::Submit.name()) {
            report.submitted_by = Some(last.by.clone());
        }
        report.status = history.last().map_or(report.status, |event| event.status);
    }
    Ok(Report { revision, round: round.round, submitted_at: Some(round.submitted_at), ..report })
}

/// What is to be done or looked at before a report is submitted, as far as the caller may know.
///
/// # Errors
/// 404.
pub(super) fn readiness(c: &mut Conn, actor: &Actor, id: &ReportId) -> Result<ReadinessCheck> {
    let report = ReportWithPeriod::find(c, actor, id)?;
    let aggregate = ReportAggregate::of(c, report)?;
    let readiness = aggregate.readiness_for(c, actor)?;
    aggregate.tell_what_is_read(actor, &readiness);
    Ok(readiness)
}

/// Takes a step. `seen` is what the client has seen of the report, where he had to say so.
///
/// # Errors
/// 404, 403, 412, 409, 422.
pub(super) fn take(c: &mut Conn, actor: &Actor, id: &ReportId, step: Step, words: Words<'_>, seen: Option<&Expected>) -> Result<Report> {
    transitions::take(c, actor, id, step, words, seen)?;
    find(c, actor, id)
}

/// Changes what a report says in words, and its answers.
///
/// # Errors
/// 404, 403, 412, 409 `report.not_editable`, 422.
pub(super) fn update(c: &mut Conn, actor: &Actor, id: &ReportId, expected: &Expected, patch: &Patch<ReportIn>) -> Result<Report> {
    transitions::rewrite(c, actor, id, Some(expected), |before| patch.merge(before))?;
    find(c, actor, id)
}

/// Writes figures: all or none.
///
/// # Errors
/// 404, 403, 409 `report.not_editable`, 422 with every fault of every cell.
pub fn write_cells(c: &mut Conn, actor: &Actor, id: &ReportId, cells: &[CellIn]) -> Result<CellCounts> {
    entry::write(c, actor, id, cells, None).map(|(counts, _)| counts)
}

/// Writes what a report says in words, whole.
///
/// # Errors
/// 404, 403, 409 `report.not_editable`.
pub fn write_narrative(c: &mut Conn, actor: &Actor, id: &ReportId, narrative: &Narrative) -> Result<()> {
    transitions::rewrite(c, actor, id, None, |before| Ok(ReportIn { narrative: narrative.clone(), ..before.clone() }))
}

/// Submits a report.
///
/// # Errors
/// 404, 403, 409, 422 `report.not_ready`.
pub fn submit(c: &mut Conn, actor: &Actor, id: &ReportId) -> Result<Report> {
    take(c, actor, id, Step::Submit, Words::default(), None)
}

/// Takes a submitted report back.
///
/// # Errors
/// 404, 403, 409.
pub fn withdraw(c: &mut Conn, actor: &Actor, id: &ReportId) -> Result<Report> {
    take(c, actor, id, Step::Withdraw, Words::default(), None)
}

/// Accepts a report.
///
/// # Errors
/// 404, 403 (also `access.restricted`), 409.
pub fn accept(c: &mut Conn, actor: &Actor, id: &ReportId) -> Result<Report> {
    take(c, actor, id, Step::Accept, Words::default(), None)
}

/// Returns a report to its unit.
///
/// # Errors
/// 404, 403, 409, 422 for a remark on an unknown indicator.
pub fn return_to_unit(c: &mut Conn, actor: &Actor, id: &ReportId, reason: &str, remarks: &[RemarkIn]) -> Result<Report> {
    take(c, actor, id, Step::Return, Words { reason: Some(reason), remarks }, None)
}

/// Reopens an accepted report: a new revision.
///
/// # Errors
/// 404, 403, 409 (also `report.held`).
pub fn reopen(c: &mut Conn, actor: &Actor, id: &ReportId, reason: &str) -> Result<Report> {
    take(c, actor, id, Step::Reopen, Words { reason: Some(reason), remarks: &[] }, None)
}

/// Marks accepted reports as consolidated: the report that holds them was sent.
///
/// # Errors
/// 404, 409 if one is not accepted.
pub fn consolidated(c: &mut Conn, actor: &Actor, ids: &[ReportId]) -> Result<()> {
    transitions::take_all(c, actor, ids, Step::Consolidate)
}

/// Makes consolidated reports the units' again: what held them was returned, or is to be corrected.
///
/// # Errors
/// 404, 409 if one is not consolidated.
pub fn released(c: &mut Conn, actor: &Actor, ids: &[ReportId]) -> Result<()> {
    transitions::take_all(c, actor, ids, Step::Release)
}
