//! Rounds: what a report said whenever it was submitted. The last round of a revision is that revision.

use super::aggregate::{ReportAggregate, ReportWithPeriod};
use super::answers;
use super::obligations::Obligations;
use super::observations;
use super::table::{self, RoundRow};
use super::wire::Answers;
use super::wire::observation::ReportObservation;
use super::wire::{AnswerChange, Narrative, NarrativeChange, ObservationChange, ReportDiff};
use crate::actor::Actor;
use crate::change::Write;
use crate::db::{self, Conn};
use crate::problem::{Result, codes};
use crate::values::clock::UtcTime;
use crate::values::id::ReportId;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a report said when a round was submitted, exactly.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Content {
    pub narrative: Narrative,
    pub observations: Vec<ReportObservation>,
    /// Earlier versions did not ask questions.
    #[serde(default)]
    pub answers: Answers,
}

/// A round as kept.
pub(super) struct Round {
    pub round: i32,
    pub submitted_at: UtcTime,
    pub content: Content,
}

/// Keeps what a report says as its round.
///
/// # Errors
/// If the database fails.
pub(super) fn keep(w: &mut Write<'_>, aggregate: &ReportAggregate, round: i32, at: UtcTime) -> Result<()> {
    let content = Content {
        narrative: aggregate.narrative.clone(),
        observations: observations::exact(w.conn(), aggregate)?,
        answers: aggregate.answers.clone(),
    };
    let row = &aggregate.report.row;
    let (report_id, revision) = (row.id.clone(), row.revision);
    table::insert_round(w, &RoundRow { report_id, round, revision, content: db::to_json(&content)?, submitted_at: at })
}

/// The last round of an earlier revision.
///
/// # Errors
/// 400 `round.unknown`.
pub(super) fn last_of(c: &mut Conn, report: &ReportId, revision: i32) -> Result<Round> {
    let found = table::last_round_of(c, report, revision)?.ok_or(codes::ROUND_UNKNOWN)?;
    Ok(Round { round: found.round, submitted_at: found.submitted_at, content: db::from_json(&found.content)? })
}

/// A round's figures as the caller may see them. Only what counts now is judged cell by cell.
pub(super) fn shown(
    actor: &Actor,
    report: &ReportWithPeriod,
    obligations: &Obligations,
    exact: Vec<ReportObservation>,
) -> Vec<ReportObservation> {
    observations::masked(actor, &report.row, obligations, exact, None)
}

/// What two rounds give differently.
///
/// # Errors
/// 404, 400 `round.unknown`.
pub(super) fn diff(c: &mut Conn, actor: &Actor, id: &ReportId, from: i32, to: i32) -> Result<ReportDiff> {
    let report = ReportWithPeriod::find(c, actor, id)?;
    let found = table::rounds_of(c, id, [from, to])?;
    let content = |wanted: i32| -> Result<Content> {
        let row = found.iter().find(|row| row.round == wanted).ok_or(codes::ROUND_UNKNOWN)?;
        db::from_json(&row.content)
    };
    let (before, after) = (content(from)?, content(to)?);
    let obligations = report.obligations(c)?;
    let narrative = compare_words(&before.narrative, &after.narrative);
    let seen = |given: Answers| answers::shown(actor, &report.row, &report.questions, given);
    let answers = compare_answers(&seen(before.answers), &seen(after.answers));
    let observations = compare_figures(before.observations, after.observations)
        .into_iter()
        .map(|change| {
            let hide = |side: Option<ReportObservation>| side.and_then(|o| shown(actor, &report, &obligations, vec![o]).pop());
            ObservationChange { before: hide(change.before), after: hide(change.after), ..change }
        })
        .collect();
    Ok(ReportDiff { from, to, observations, narrative, answers })
}

fn compare_answers(before: &Answers, after: &Answers) -> Vec<AnswerChange> {
    let codes: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let change = |code: &String| AnswerChange { code: code.clone(), before: before.get(code).cloned(), after: after.get(code).cloned() };
    codes.into_iter().map(change).filter(|change| change.before != change.after).collect()
}

fn compare_words(before: &Narrative, after: &Narrative) -> Vec<NarrativeChange> {
    let pairs = before.parts().into_iter().zip(after.parts());
    let owned = |text: Option<&str>| text.map(str::to_owned);
    pairs
        .filter(|((_, before), (_, after))| before != after)
        .map(|((field, before), (_, after))| NarrativeChange { field: field.to_owned(), before: owned(before), after: owned(after) })
        .collect()
}

/// The figures that differ, in the order of the later round; those that it lacks come last.
fn compare_figures(before: Vec<ReportObservation>, after: Vec<ReportObservation>) -> Vec<ObservationChange> {
    let place = |o: &ReportObservation| (o.indicator.id.clone(), o.disaggregation.clone());
    let mut earlier: BTreeMap<_, (usize, ReportObservation)> = before.into_iter().enumerate().map(|(n, o)| (place(&o), (n, o))).collect();
    let mut changes = Vec::new();
    for now in after {
        let was = earlier.remove(&place(&now)).map(|(_, o)| o);
        if was.as_ref() != Some(&now) {
            let (indicator, disaggregation) = (now.indicator.clone(), now.disaggregation.clone());
            changes.push(ObservationChange { indicator, disaggregation, before: was, after: Some(now) });
        }
    }
    let mut gone: Vec<(usize, ReportObservation)> = earlier.into_values().collect();
    gone.sort_by_key(|(n, _)| *n);
    changes.extend(gone.into_iter().map(|(_, was)| {
        let (indicator, disaggregation) = (was.indicator.clone(), was.disaggregation.clone());
        ObservationChange { indicator, disaggregation, before: Some(was), after: None }
    }));
    changes
}
