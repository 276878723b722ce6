//! Linking: events that were committed are taken up one by one, each into the hash of the one before.
//!
//! One transaction links at a time, of all servers; so the chain has no forks. What waits is what has no link yet, however
//! late it was committed; so nothing is passed over.

use super::event::EventRow;
use super::head::Head;
use crate::app_state::AppState;
use crate::auth::secret_encryption::SecretCipher;
use crate::auth::store::current_key;
use crate::both;
use crate::db::schema::{audit_chain, audit_events, audit_head, audit_pending};
use crate::db::{self, Conn};
use crate::problem::Result;
use crate::values::clock::UtcTime;
use diesel::prelude::*;

/// So many events are linked in one transaction.
const BATCH: i64 = 500;

/// Links all events that wait and keeps the new end of the chain. Where none waits, nothing is written.
///
/// # Errors
/// If the database fails.
pub async fn extend(app: &AppState) -> Result<()> {
    while app.db.read(waits).await? {
        let secrets = app.auth.secrets.clone();
        let Some(head) = app.db.write(move |c| link(c, &secrets)).await? else { return Ok(()) };
        tracing::info!(sequence = head.sequence, hash = %head.hash, signature = head.signature, "the audit trail's end");
        if let Err(error) = head.keep(&app.config.data_dir) {
            // The end in the database and in the log stand.
            tracing::warn!(%error, "the audit trail's end cannot be kept in the data folder");
        }
    }
    Ok(())
}

fn waits(c: &mut Conn) -> Result<bool> {
    Ok(audit_pending::table.select(audit_pending::event_id).first::<String>(c).optional()?.is_some())
}

/// How the chain ends now.
pub(super) fn head(c: &mut Conn) -> Result<Option<Head>> {
    let found: Option<(i64, String, Option<UtcTime>, Option<String>)> = audit_head::table
        .find(1)
        .select((audit_head::sequence, audit_head::hash, audit_head::signed_at, audit_head::signature))
        .first(c)
        .optional()?;
    Ok(found.map(|(sequence, hash, at, signature)| Head { sequence, hash, at, signature }))
}

/// Links the oldest of the events that wait; answers the new end.
pub(super) fn link(c: &mut Conn, secrets: &SecretCipher) -> Result<Option<Head>> {
    db::lock_name(c, "audit_chain")?;
    let waiting: Vec<EventRow> =
        audit_pending::table.inner_join(audit_events::table).order(audit_events::id).limit(BATCH).select(EventRow::as_select()).load(c)?;
    if waiting.is_empty() {
        return Ok(None);
    }
    let Head { mut sequence, mut hash, .. } = head(c)?.unwrap_or_else(Head::genesis);
    let mut links = Vec::with_capacity(waiting.len());
    for event in &waiting {
        sequence += 1;
        hash = event.hash(sequence, &hash)?;
        links.push((audit_chain::sequence.eq(sequence), audit_chain::event_id.eq(&event.id), audit_chain::hash.eq(hash.clone())));
    }
    both!(c, c => diesel::insert_into(audit_chain::table).values(&links).execute(c))?;
    let ids: Vec<&str> = waiting.iter().map(|event| event.id.as_str()).collect();
    diesel::delete(audit_pending::table.filter(audit_pending::event_id.eq_any(ids))).execute(c)?;
    let key = current_key(c, secrets)?;
    let head = Head::signed(sequence, hash, key.as_ref(), UtcTime::now())?;
    diesel::update(audit_head::table.find(1))
        .set((
            audit_head::sequence.eq(head.sequence),
            audit_head::hash.eq(&head.hash),
            audit_head::signed_at.eq(head.at),
            audit_head::signature.eq(head.signature.as_deref()),
        ))
        .execute(c)?;
    Ok(Some(head))
}
