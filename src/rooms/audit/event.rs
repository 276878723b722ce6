//! An event as it lies in the database, and its link in the chain.

use crate::auth::{seal, secret};
use crate::db::schema::audit_events;
use crate::problem::Result;
use crate::values::clock::UtcTime;
use diesel::prelude::*;
use serde_json::json;

/// What the first event is linked to.
pub(super) const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A row of `audit_events`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = audit_events)]
pub(super) struct EventRow {
    pub id: String,
    pub at: UtcTime,
    pub actor_id: Option<String>,
    pub actor_kind: String,
    pub actor_name: String,
    pub action: String,
    pub resource: String,
    pub resource_id: String,
    pub jurisdiction: Option<String>,
    pub before: Option<String>,
    pub after: Option<String>,
    pub reason: Option<String>,
    pub purpose: Option<String>,
    pub address: Option<String>,
    pub request_id: Option<String>,
}

impl EventRow {
    /// Its hash in the chain: SHA-256 over the hash before, a line break, and the canonical form (RFC 8785) of the event and
    /// its place. What it said before and says now goes in as the text that is stored, so that no digit is lost.
    pub(super) fn hash(&self, sequence: i64, before: &str) -> Result<String> {
        let Self {
            id,
            at,
            actor_id,
            actor_kind,
            actor_name,
            action,
            resource,
            resource_id,
            jurisdiction,
            before: was,
            after: is,
            reason,
            purpose,
            address,
            request_id,
        } = self;
        let event = json!({
            "sequence": sequence, "id": id, "at": at, "actor_id": actor_id, "actor_kind": actor_kind, "actor_name": actor_name,
            "action": action, "resource": resource, "resource_id": resource_id, "jurisdiction": jurisdiction, "before": was, "after": is,
            "reason": reason, "purpose": purpose, "address": address, "request_id": request_id,
        });
        let mut bytes = format!("{before}\n").into_bytes();
        bytes.extend(seal::canonical(&event)?);
        Ok(secret::hex(&secret::sha256(&bytes)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event() -> EventRow {
        EventRow {
            id: "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65".to_owned(),
            at: UtcTime::parse("2026-11-24T17:00:00.000001Z").expect("a time"),
            actor_id: None,
            actor_kind: "system".to_owned(),
            actor_name: "seed".to_owned(),
            action: "goal.updated".to_owned(),
            resource: "goal".to_owned(),
            resource_id: "g".to_owned(),
            jurisdiction: Some("09385".to_owned()),
            before: Some("{\"value\":12.5}".to_owned()),
            after: Some("{\"value\":12.50}".to_owned()),
            reason: None,
            purpose: None,
            address: None,
            request_id: None,
        }
    }

    #[test]
    fn every_part_of_an_event_is_in_its_hash() {
        let base = event().hash(1, GENESIS).expect("a hash");
        assert_eq!(base.len(), 64);
        assert_eq!(event().hash(1, GENESIS).expect("a hash"), base);
        let text = || Some("x".to_owned());
        let others = [
            EventRow { id: "x".to_owned(), ..event() },
            EventRow { at: event().at.plus(chrono::TimeDelta::microseconds(1)), ..event() },
            EventRow { actor_id: text(), ..event() },
            EventRow { actor_kind: "user".to_owned(), ..event() },
            EventRow { actor_name: "x".to_owned(), ..event() },
            EventRow { action: "x".to_owned(), ..event() },
            EventRow { resource: "x".to_owned(), ..event() },
            EventRow { resource_id: "x".to_owned(), ..event() },
            EventRow { jurisdiction: None, ..event() },
            EventRow { before: text(), ..event() },
            // The same number in other digits is another text.
            EventRow { after: event().before, ..event() },
            EventRow { reason: text(), ..event() },
            EventRow { purpose: text(), ..event() },
            EventRow { address: text(), ..event() },
            EventRow { request_id: text(), ..event() },
        ];
        for other in others {
            assert_ne!(other.hash(1, GENESIS).expect("a hash"), base, "{other:?}");
        }
        assert_ne!(event().hash(2, GENESIS).expect("a hash"), base);
        assert_ne!(event().hash(1, &base).expect("a hash"), base);
    }
}
