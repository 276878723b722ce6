//! The steps of a consolidated report: who may take them, what they need, what they do.

use super::compute::Computed;
use super::inputs::Decided;
use super::permitted::{permitted, possible};
use super::rules::Step;
use super::table::{self, ConsolidatedRow};
use super::wire::{ConsolidatedOut, Signatory};
use super::{freeze, included_reports, inputs};
use super::{scope, use_cases};
use crate::actor::Actor;
use crate::auth::secret_encryption::SecretCipher;
use crate::change::{self, Event, Expected, Versioned, Write};
use crate::db::schema::{accounts, consolidated_reports};
use crate::db::{self, Conn};
use crate::problem::{Error, Result};
use crate::rooms::results;
use crate::values::id::ConsolidatedId;
use diesel::prelude::*;
use serde_json::json;

/// Whether a later revision that was sent has replaced it.
fn is_replaced(c: &mut Conn, row: &ConsolidatedRow) -> Result<bool> {
    let later = consolidated_reports::table
        .filter(consolidated_reports::supersedes.eq(&row.id))
        .filter(consolidated_reports::sent_at.is_not_null());
    Ok(diesel::select(diesel::dsl::exists(later)).get_result(c)?)
}

/// What a step takes along.
#[derive(Debug, Clone, Copy, Default)]
pub struct Given<'a> {
    /// Why.
    pub reason: Option<&'a str>,
    /// Who signs the paper, if not the one who approves.
    pub signatory: Option<&'a Signatory>,
    /// Whether the words, too, begin anew.
    pub compile_narrative: bool,
}

/// Takes a step.
///
/// # Errors
/// 404, 403, 412, 409 if it is not possible now.
pub fn take(
    c: &mut Conn,
    actor: &Actor,
    secrets: &SecretCipher,
    id: &ConsolidatedId,
    expected: &Expected,
    step: Step,
    given: Given<'_>,
) -> Result<ConsolidatedOut> {
    db::lock(c, "consolidated_reports", id.as_str())?;
    let mut row = scope::visible(c, actor, id)?;
    let mut computed = row.computed()?;
    permitted(c, actor, &row, &computed, step)?;
    expected.must_match(row.version)?;
    // Nobody reopens or accepts a report while it is decided whether the figures still stand.
    for period in results::source_periods(c, &row.period_id)? {
        db::lock_all(c, "reports", "period_id", period.as_str())?;
    }
    let replaced = is_replaced(c, &row)?;
    let next = possible(c, &row, replaced, &computed, step)?;
    let before = json!({"status": row.status});
    next.as_str().clone_into(&mut row.status);
    row.touch(row.version + 1, actor.now);
    let stepped = row.clone();
    let event = Event::of(step.past(), &stepped).because(given.reason).change(Some(before), Some(json!({"status": stepped.status})));
    change::save(c, actor, &event, |w| {
        mark(w, actor, &mut row, step, given)?;
        let decided = seal(w, actor, &mut row, &mut computed, step)?;
        diesel::update(consolidated_reports::table.find(id)).set(&row).execute(w.conn())?;
        follow(w, actor, secrets, &row, &computed, decided.as_ref(), step)?;
        table::insert_step(w, actor, &row, step.as_str(), given.reason)
    })?;
    use_cases::find(c, actor, secrets, id)
}

/// What a step writes into the row itself.
fn mark(w: &mut Write<'_>, actor: &Actor, row: &mut ConsolidatedRow, step: Step, given: Given<'_>) -> Result<()> {
    match step {
        Step::Refresh => {
            row.prepared(actor);
            use_cases::recompute(w, actor, row, given.compile_narrative)?;
        }
        Step::Approve => {
            row.approved_by = actor.id();
            row.approved_by_name = Some(actor.name().to_owned());
            row.approved_at = Some(actor.now);
            row.signatory = Some(db::to_json(&signatory(w, actor, given.signatory)?)?);
        }
        Step::Reject => {
            row.approved_by = None;
            row.approved_by_name = None;
            row.approved_at = None;
            row.signatory = None;
            // They belong to the paper that was approved.
            row.document_number = None;
            row.document_date = None;
        }
        Step::Send => row.sent_at = Some(actor.now),
        Step::Acknowledge => row.acknowledged_at = Some(actor.now),
        Step::Return => {
            row.returned_at = Some(actor.now);
            row.return_reason = given.reason.map(str::to_owned);
        }
    }
    Ok(())
}

/// Who signs: whoever is named, else the one who approves.
fn signatory(w: &mut Write<'_>, actor: &Actor, named: Option<&Signatory>) -> Result<Signatory> {
    if let Some(named) = named {
        return Ok(named.clone());
    }
    let position = match actor.id() {
        Some(id) => accounts::table.find(id).select(accounts::position).first(w.conn())?,
        None => None,
    };
    Ok(Signatory { name: actor.name().to_owned(), position, signing_capacity: Vec::new() })
}

/// At approval it is decided for good what is hidden; with a rejection that is undone.
fn seal(w: &mut Write<'_>, actor: &Actor, row: &mut ConsolidatedRow, computed: &mut Computed, step: Step) -> Result<Option<Decided>> {
    let decided = match step {
        Step::Approve => Some(inputs::disclose(w.conn(), actor, row, computed)?),
        Step::Reject => {
            freeze::thaw(w, &row.id)?;
            inputs::conceal(w.conn(), actor, row, computed)?;
            None
        }
        _ => return Ok(None),
    };
    row.computed = db::to_json(computed)?;
    Ok(decided)
}

/// What follows from a step beyond the row.
fn follow(
    w: &mut Write<'_>,
    actor: &Actor,
    secrets: &SecretCipher,
    row: &ConsolidatedRow,
    computed: &Computed,
    decided: Option<&Decided>,
    step: Step,
) -> Result<()> {
    match step {
        Step::Approve => match decided {
            Some(decided) => freeze::freeze(w, actor, secrets, row, computed, decided),
            None => Err(Error::internal("an approval that decided nothing")),
        },
        Step::Send => {
            freeze::publish(w, actor, row)?;
            included_reports::consolidate(w.conn(), actor, &row.id)
        }
        // It stays what the public reads until the next one is sent.
        Step::Return => included_reports::release(w.conn(), actor, &row.id),
        Step::Refresh | Step::Reject | Step::Acknowledge => Ok(()),
    }
}
