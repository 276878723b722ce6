//! From rows to what this caller may read of them.

use super::answers;
use super::compute::{Computed, decisions_shown, is_restricted, warnings_shown};
use super::cover::{self, Covered};
use super::restricted::{Restricted, restricted_in};
use super::scope;
use super::status::ConsolidatedStatus;
use super::table::{self, ConsolidatedRow, Revision, RowWithNames, Seals};
use super::wire::{ConsolidatedEvent, ConsolidatedOut, ConsolidatedPerson, ConsolidatedRef};
use crate::actor::Actor;
use crate::auth::secret_encryption::SecretCipher;
use crate::db::schema::{consolidated_events, consolidated_reports};
use crate::db::{self, Conn};
use crate::problem::{Error, Result};
use crate::rooms::results::ResultRow;
use crate::values::clock::UtcTime;
use crate::values::id::ConsolidatedId;
use crate::values::{PeriodRef, Ref};
use diesel::prelude::*;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// What stands beside rows, in a constant number of statements, however many rows there are.
pub(super) struct Beside {
    revisions: HashMap<ConsolidatedId, i32>,
    successors: HashMap<ConsolidatedId, Revision>,
    /// The public versions of those that were computed before an indicator in them was made restricted.
    covered: HashMap<ConsolidatedId, Covered>,
    /// The restricted indicators of each period, by id.
    restricted: Restricted,
}

impl Beside {
    pub(super) fn of(c: &mut Conn, actor: &Actor, secrets: &SecretCipher, rows: &[RowWithNames]) -> Result<Self> {
        let (mut revisions, mut successors) = (HashMap::new(), HashMap::new());
        // Later revisions come last: they win.
        for other in table::revisions_beside(c, rows)? {
            revisions.insert(other.id.clone(), other.revision);
            if let Some(earlier) = other.supersedes.clone() {
                successors.insert(earlier, other);
            }
        }
        let restricted = restricted_in(c, rows.iter().map(|(row, ..)| &row.period_id))?;
        let public: Vec<&ConsolidatedRow> = rows.iter().map(|(row, ..)| row).filter(|row| !reads_all(actor, row)).collect();
        Ok(Self { covered: cover::covered(c, secrets, &public, &restricted)?, revisions, successors, restricted })
    }

    fn restricts(&self, row: &ConsolidatedRow, indicator: &str) -> bool {
        self.restricted.get(&row.period_id).is_some_and(|ids| ids.own.contains(indicator))
    }

    /// Whether a result shows a figure that points at persons, of this period or of the one before.
    fn shows_restricted(&self, row: &ConsolidatedRow, result: &ResultRow) -> bool {
        let id = &result.indicator.id;
        let before = || self.restricted.get(&row.period_id).is_some_and(|ids| ids.before.contains(id));
        (self.restricts(row, id) && result.says_something()) || (result.previous_value.is_some() && before())
    }

    fn supersedes(&self, row: &ConsolidatedRow) -> Option<ConsolidatedRef> {
        let id = row.supersedes.clone()?;
        let revision = *self.revisions.get(&id)?;
        Some(ConsolidatedRef { id: id.into(), revision })
    }

    /// What has replaced it. A published one stands until its successor is sent; one that came back is replaced at once,
    /// as far as the house is concerned, for nobody else knows yet what it prepares.
    fn superseded_by(&self, actor: &Actor, row: &ConsolidatedRow) -> Option<ConsolidatedRef> {
        let Revision { id, revision, sent, .. } = self.successors.get(&row.id)?;
        let came_back = row.status == ConsolidatedStatus::Returned.as_str();
        let shown = *sent || (came_back && scope::is_of_house(actor, &row.jurisdiction));
        shown.then(|| ConsolidatedRef { id: id.clone().into(), revision: *revision })
    }

    /// Whether a later revision that was sent has replaced it.
    pub(super) fn is_replaced(&self, row: &ConsolidatedRow) -> bool {
        self.successors.get(&row.id).is_some_and(|successor| successor.sent)
    }

    /// Whether it is what everybody reads of its period.
    pub(super) fn is_published(&self, row: &ConsolidatedRow) -> bool {
        row.sent_at.is_some() && !self.is_replaced(row)
    }

    /// Digest and signature of the version that this caller may read, never those of the other.
    fn seal(&self, actor: &Actor, row: &ConsolidatedRow, seals: &Seals) -> (Option<String>, Option<String>) {
        if let Some(Covered { sealed, .. }) = self.covered.get(&row.id) {
            return sealed.as_ref().map(|s| (s.digest.clone(), s.signature.clone())).unzip();
        }
        let Seals { digest_full, signature_full, digest_public, signature_public } = seals.clone();
        if reads_all(actor, row) { (digest_full, signature_full) } else { (digest_public, signature_public) }
    }
}

/// Whether this caller reads the full version. The one place where that is decided.
fn reads_all(actor: &Actor, row: &ConsolidatedRow) -> bool {
    actor.sees_restricted(&row.jurisdiction)
}

pub(super) fn preparer(row: &ConsolidatedRow) -> ConsolidatedPerson {
    ConsolidatedPerson { id: row.prepared_by.clone(), name: row.prepared_by_name.clone() }
}

pub(super) fn approver(row: &ConsolidatedRow) -> Option<ConsolidatedPerson> {
    row.approved_by_name.clone().map(|name| ConsolidatedPerson { id: row.approved_by.clone(), name })
}

/// The wire form of a row for this caller, with what was computed for it; every column is spoken of.
pub(super) fn out(
    actor: &Actor,
    (row, plan, period, seals): &RowWithNames,
    computed: Computed,
    beside: &Beside,
) -> Result<ConsolidatedOut> {
    let (digest, signature) = beside.seal(actor, row, seals);
    if reads_all(actor, row) {
        // The frozen content holds the same figures.
        for shown in computed.results.iter().filter(|result| beside.shows_restricted(row, result)) {
            actor.reads_exactly("consolidated_report", row.id.as_str(), &row.jurisdiction, &shown.indicator.code);
        }
        for shown in computed.answers.iter().filter(|question| question.restricted && !question.answers.is_empty()) {
            actor.reads_exactly("consolidated_report", row.id.as_str(), &row.jurisdiction, &shown.code);
        }
    }
    let hidden = |id: &str| !reads_all(actor, row) && (beside.restricts(row, id) || is_restricted(&computed, id));
    let warnings = warnings_shown(computed.warnings.clone(), hidden);
    let resolutions = decisions_shown(row.resolutions()?, hidden);
    Ok(ConsolidatedOut {
        plan: Ref::new(row.plan_id.clone(), plan),
        period: PeriodRef { id: row.period_id.clone().into(), label: period.clone() },
        supersedes: beside.supersedes(row),
        superseded_by: beside.superseded_by(actor, row),
        prepared_by: preparer(row),
        approved_by: approver(row),
        signatory: row.signatory()?,
        status: row.status()?,
        narrative: row.narrative()?,
        resolutions,
        results: match beside.covered.get(&row.id) {
            _ if reads_all(actor, row) => computed.results,
            Some(covered) => covered.results.clone(),
            None => computed.public_results,
        },
        task_summary: computed.task_summary,
        completeness: if scope::is_of_house(actor, &row.jurisdiction) {
            computed.completeness
        } else {
            computed.completeness.without_reasons()
        },
        answers: answers::shown(&computed.answers, reads_all(actor, row)),
        answer_totals: answers::totals(&computed.answers, reads_all(actor, row)),
        warnings,
        members: computed.members,
        id: row.id.clone().into(),
        version: row.version,
        jurisdiction: row.jurisdiction.clone(),
        revision: row.revision,
        reason: row.reason.clone(),
        computed_at: row.computed_at,
        approved_at: row.approved_at,
        sent_at: row.sent_at,
        acknowledged_at: row.acknowledged_at,
        returned_at: row.returned_at,
        return_reason: row.return_reason.clone(),
        under_revision: beside.is_published(row)
            && (row.status()? == ConsolidatedStatus::Returned || beside.successors.contains_key(&row.id)),
        unpublished_changes: None,
        document_number: row.document_number.clone(),
        document_date: row.document_date,
        digest,
        signature,
        created_at: row.created_at,
        updated_at: row.updated_at,
        content: None,
        history: None,
        actions: None,
    })
}

/// The frozen content in the version that this caller may read.
pub(super) fn content(c: &mut Conn, actor: &Actor, row: &ConsolidatedRow, beside: &Beside) -> Result<Option<Map<String, Value>>> {
    if let Some(Covered { sealed, .. }) = beside.covered.get(&row.id) {
        return db::from_json_opt(sealed.as_ref().map(|s| s.content.as_str()));
    }
    let of = consolidated_reports::table.find(&row.id);
    let frozen: Option<String> = if reads_all(actor, row) {
        of.select(consolidated_reports::content_full).first(c)?
    } else {
        of.select(consolidated_reports::content_public).first(c)?
    };
    db::from_json_opt(frozen.as_deref())
}

type EventRow = (UtcTime, Option<String>, String, String, String, Option<String>);

/// What happened to it. How it was prepared is the house's own business.
pub(super) fn history(c: &mut Conn, actor: &Actor, row: &ConsolidatedRow) -> Result<Vec<ConsolidatedEvent>> {
    let rows: Vec<EventRow> = consolidated_events::table
        .filter(consolidated_events::consolidated_id.eq(&row.id))
        .order((consolidated_events::at, consolidated_events::id))
        .select((
            consolidated_events::at,
            consolidated_events::by_id,
            consolidated_events::by_name,
            consolidated_events::action,
            consolidated_events::status,
            consolidated_events::reason,
        ))
        .load(c)?;
    let of_house = scope::is_of_house(actor, &row.jurisdiction);
    let shown = |action: &str| of_house || matches!(action, "send" | "acknowledge" | "return");
    let event = |(at, id, name, action, status, reason): EventRow| {
        let status = ConsolidatedStatus::parse(&status).ok_or_else(|| Error::internal("an event of unknown status"))?;
        Ok(ConsolidatedEvent { at, by: ConsolidatedPerson { id, name }, action, status, reason })
    };
    rows.into_iter().filter(|row| shown(&row.3)).map(event).collect()
}
