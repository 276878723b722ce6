//! A report as clients read it.

use super::aggregate::ReportAggregate;
use super::answers;
use super::rules;
use super::scope;
use super::status::Status;
use super::table::{self, EventRow, ReportRow, UpdateColumns};
use super::wire::Answers;
use super::wire::observation::ReportObservation;
use super::wire::{Narrative, Remark, Report, ReportEvent, ReportTaskUpdate};
use crate::actor::Actor;
use crate::db::{self, Conn};
use crate::problem::{Error, Result};
use crate::values::{ActorRef, PeriodRef, Ref};

/// What a list shows of a report; every column is spoken of.
pub(super) fn head(row: &ReportRow, plan: &str, label: String, unit: &str) -> Result<Report> {
    let ReportRow {
        id,
        jurisdiction,
        plan_id,
        period_id,
        unit_id,
        status: _,
        revision,
        round,
        due_at,
        first_submitted_at,
        submitted_at,
        submitted_by,
        submitted_by_name,
        on_behalf,
        accepted_at: _,
        narrative: _,
        version,
        created_at,
        updated_at,
        answers: _,
    } = row;
    Ok(Report {
        id: id.as_str().to_owned(),
        version: *version,
        plan: Ref::new(plan_id.as_str(), plan),
        period: PeriodRef { id: period_id.as_str().to_owned(), label },
        unit: Ref::new(unit_id.as_str(), unit),
        jurisdiction: jurisdiction.clone(),
        status: row.status()?,
        revision: *revision,
        round: *round,
        due_at: *due_at,
        submitted_at: *submitted_at,
        submitted_by: submitted_by_name.clone().map(|name| ActorRef { id: submitted_by.clone(), name }),
        late: rules::is_late(*first_submitted_at, *due_at),
        on_behalf: *on_behalf,
        narrative: None,
        answers: None,
        observations: None,
        task_updates: None,
        history: None,
        created_at: *created_at,
        updated_at: *updated_at,
        actions: None,
    })
}

/// A single report with these words, answers and figures, and with what this caller may do with it.
///
/// # Errors
/// If the database fails.
pub(super) fn whole(
    c: &mut Conn,
    actor: &Actor,
    aggregate: &ReportAggregate,
    narrative: Narrative,
    answers: Answers,
    observations: Vec<ReportObservation>,
) -> Result<Report> {
    let report = &aggregate.report;
    Ok(Report {
        narrative: Some(narrative),
        answers: Some(answers::shown(actor, &report.row, &report.questions, answers)),
        observations: Some(observations),
        task_updates: Some(table::task_updates_of(c, &report.row.id)?.into_iter().map(task_update).collect()),
        history: Some(table::events_of(c, &report.row.id)?.into_iter().map(|row| event(actor, aggregate, row)).collect::<Result<_>>()?),
        actions: Some(aggregate.actions(actor)?),
        ..head(&report.row, &report.plan, report.period.label.clone(), &report.unit.code)?
    })
}

/// A step of its life. What was remarked upon a restricted indicator is for its unit and those who may see its figures.
fn event(actor: &Actor, aggregate: &ReportAggregate, row: EventRow) -> Result<ReportEvent> {
    let EventRow { id: _, report_id: _, at, by_id, by_name, action, status, revision, round, reason, remarks } = row;
    let status = Status::parse(&status).ok_or_else(|| Error::internal("a step to an unknown status"))?;
    let by = ActorRef { id: by_id, name: by_name };
    let of = &aggregate.report.row;
    let exact = scope::shows_restricted(actor, &of.jurisdiction, &of.unit_id);
    let remarks: Vec<Remark> = db::from_json(&remarks)?;
    let remarks = remarks.into_iter().filter(|remark| exact || !aggregate.obligations.restricts(&remark.indicator.id)).collect();
    Ok(ReportEvent { at, by, action, status, revision, round, reason, remarks })
}

fn task_update(((task, code), status, percent_complete, note, actor, name, at): UpdateColumns) -> ReportTaskUpdate {
    let by = ActorRef { id: actor, name };
    ReportTaskUpdate { task: Ref::new(task, code), status, percent_complete, note, by, at }
}
