//! The journal: one call inside a write writes the audit entry and the change-feed row of what happened, in the same
//! transaction as the effect.

use crate::db::schema::{audit_events, changes};
use crate::db::{self, Conn};
use crate::http::ctx::By;
use crate::problem::Result;
use diesel::prelude::*;
use serde_json::Value;

/// What happened.
#[derive(Debug, Clone)]
pub struct Event<'a> {
    /// `<resource>.<past verb>`: `goal.created`, `report.submitted`.
    pub action: &'static str,
    /// The kind of resource.
    pub resource: &'static str,
    /// Its id.
    pub id: &'a str,
    /// Its version afterwards.
    pub version: i64,
    /// The administrative unit it belongs to, by official code.
    pub jurisdiction: Option<&'a str>,
    /// What it said before, if it existed.
    pub before: Option<Value>,
    /// What it says now, if it still exists.
    pub after: Option<Value>,
    /// The reason given.
    pub reason: Option<&'a str>,
}

impl<'a> Event<'a> {
    /// An event without further particulars.
    #[must_use]
    pub fn new(action: &'static str, resource: &'static str, id: &'a str, version: i64, jurisdiction: Option<&'a str>) -> Self {
        Self { action, resource, id, version, jurisdiction, before: None, after: None, reason: None }
    }

    /// With what it said before and says now.
    #[must_use]
    pub fn change(mut self, before: Option<Value>, after: Option<Value>) -> Self {
        self.before = before;
        self.after = after;
        self
    }

    /// With the reason given.
    #[must_use]
    pub fn because(mut self, reason: Option<&'a str>) -> Self {
        self.reason = reason;
        self
    }
}

/// Writes down what happened.
///
/// # Errors
/// If the database fails: then the effect must not stand either.
pub fn record(c: &mut Conn, by: &By, event: Event<'_>) -> Result<()> {
    let id = uuid::Uuid::now_v7().to_string();
    diesel::insert_into(audit_events::table)
        .values((
            audit_events::id.eq(&id),
            audit_events::at.eq(by.now),
            audit_events::actor_id.eq(by.id()),
            audit_events::actor_kind.eq(by.caller.as_ref().map_or("system", |c| c.kind.as_str())),
            audit_events::actor_name.eq(by.name()),
            audit_events::action.eq(event.action),
            audit_events::resource.eq(event.resource),
            audit_events::resource_id.eq(event.id),
            audit_events::jurisdiction.eq(event.jurisdiction),
            audit_events::before.eq(db::to_json_opt(event.before.as_ref())?),
            audit_events::after.eq(db::to_json_opt(event.after.as_ref())?),
            audit_events::reason.eq(event.reason),
            audit_events::purpose.eq(by.purpose.as_deref()),
            audit_events::address.eq(&by.address),
            audit_events::request_id.eq(&by.request_id),
        ))
        .execute(c)?;
    diesel::insert_into(changes::table)
        .values((
            changes::id.eq(&id),
            changes::at.eq(by.now),
            changes::change_type.eq(event.action),
            changes::resource.eq(event.resource),
            changes::resource_id.eq(event.id),
            changes::version.eq(event.version),
            changes::jurisdiction.eq(event.jurisdiction),
        ))
        .execute(c)?;
    Ok(())
}
