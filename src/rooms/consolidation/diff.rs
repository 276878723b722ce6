//! Comparing two revisions of a period's consolidated report.

use super::scope;
use super::table::{self, RowWithNames};
use super::views::{self, Beside};
use super::wire::{ConsolidatedAnswer, ConsolidatedAnswerChange, ConsolidatedDiff, ConsolidatedNarrative, ConsolidatedOut, ResultChange};
use crate::actor::Actor;
use crate::auth::secret_encryption::SecretCipher;
use crate::db::Conn;
use crate::problem::{Result, codes};
use crate::rooms::reports::NarrativeChange;
use crate::rooms::results::ResultRow;
use crate::values::id::ConsolidatedId;

/// What two revisions give differently. Each is read as the caller may see it, so that a hidden figure makes no difference.
///
/// # Errors
/// 404; 400 `revision.unknown` for one that is not there for the caller.
pub(super) fn diff(
    c: &mut Conn,
    actor: &Actor,
    secrets: &SecretCipher,
    id: &ConsolidatedId,
    from: i32,
    to: i32,
) -> Result<ConsolidatedDiff> {
    let mut rows = table::revisions_of_same_period(c, id, [from, to])?;
    rows.retain(|(row, ..)| scope::reads(c, actor, row));
    if !rows.iter().any(|(row, ..)| row.id == *id) {
        return Err(codes::NOT_FOUND.into());
    }
    rows.retain(|(row, ..)| [from, to].contains(&row.revision));
    let beside = Beside::of(c, actor, secrets, &rows)?;
    let shown = |revision: i32| -> Result<ConsolidatedOut> {
        let found: &RowWithNames = rows.iter().find(|(row, ..)| row.revision == revision).ok_or(codes::REVISION_UNKNOWN)?;
        views::out(actor, found, found.0.computed()?, &beside)
    };
    let (before, after) = (shown(from)?, shown(to)?);
    Ok(ConsolidatedDiff {
        from,
        to,
        results: compare_results(before.results, after.results),
        narrative: compare_words(&before.narrative, &after.narrative),
        answers: compare_answers(before.answers, after.answers),
    })
}

/// The results that differ, in the order of the later revision; those that it lacks come last.
fn compare_results(mut before: Vec<ResultRow>, after: Vec<ResultRow>) -> Vec<ResultChange> {
    let mut changes = Vec::new();
    for now in after {
        let place = before.iter().position(|was| was.indicator.id == now.indicator.id);
        let was = place.map(|place| before.remove(place));
        if was.as_ref() != Some(&now) {
            changes.push(ResultChange { indicator: now.indicator.clone(), before: was, after: Some(now) });
        }
    }
    changes.extend(before.into_iter().map(|was| ResultChange { indicator: was.indicator.clone(), before: Some(was), after: None }));
    changes
}

/// The answers that differ, in the order of the later revision; those that it lacks come last.
fn compare_answers(mut before: Vec<ConsolidatedAnswer>, after: Vec<ConsolidatedAnswer>) -> Vec<ConsolidatedAnswerChange> {
    let mut changes = Vec::new();
    for ConsolidatedAnswer { code, unit, value, .. } in after {
        let place = before.iter().position(|was| was.code == code && was.unit.id == unit.id);
        let was = place.map(|place| before.remove(place)).and_then(|was| was.value);
        if was != value {
            changes.push(ConsolidatedAnswerChange { code, unit, before: was, after: value });
        }
    }
    let gone = before.into_iter().filter(|was| was.value.is_some());
    changes.extend(gone.map(|was| ConsolidatedAnswerChange { code: was.code, unit: was.unit, before: was.value, after: None }));
    changes
}

fn compare_words(before: &ConsolidatedNarrative, after: &ConsolidatedNarrative) -> Vec<NarrativeChange> {
    let pairs = before.parts().into_iter().zip(after.parts());
    let owned = |text: Option<&str>| text.map(str::to_owned);
    pairs
        .filter(|((_, before), (_, after))| before != after)
        .map(|((field, before), (_, after))| NarrativeChange { field: field.to_owned(), before: owned(before), after: owned(after) })
        .collect()
}
