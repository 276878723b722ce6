//! What happened, and what follows from it in the transaction of the effect: the audit entry and the row of the change feed.

use super::{Versioned, types};
use crate::actor::Actor;
use crate::db::schema::{audit_events, audit_pending, changes};
use crate::db::{self, Conn, data_version};
use crate::problem::{Error, Result};
use diesel::prelude::*;
use serde_json::Value;
use std::borrow::Cow;

/// What happened.
#[derive(Debug, Clone)]
pub struct Event<'a> {
    /// `<resource>.<past verb>`: `goal.created`, `report.submitted`.
    pub action: Cow<'static, str>,
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
        Self { action: action.into(), resource, id, version, jurisdiction, before: None, after: None, reason: None }
    }

    /// What happened to a row, as it is now: `verb` in the past, such as `created`.
    #[must_use]
    pub fn of<R: Versioned>(verb: &str, row: &'a R) -> Self {
        let (resource, id, version, jurisdiction) = (row.resource(), row.id(), row.version(), row.jurisdiction());
        let action = format!("{resource}.{verb}").into();
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

/// Who is said to have acted.
#[derive(Debug, Clone, Copy)]
pub struct RecordedActor<'a> {
    /// The account; `None` for the public and for the service's own work.
    pub id: Option<&'a str>,
    /// `user`, `client`, `system` or `anonymous`.
    pub kind: &'a str,
    /// The name under which it is kept.
    pub name: &'a str,
}

impl<'a> RecordedActor<'a> {
    /// Whoever asks.
    #[must_use]
    pub fn of(actor: &'a Actor) -> Self {
        let nobody = if actor.system.is_some() { "system" } else { "anonymous" };
        let caller = actor.caller.as_deref();
        Self { id: caller.map(|c| c.id.as_str()), kind: caller.map_or(nobody, |c| c.kind.as_str()), name: actor.name() }
    }
}

/// Writes down what happened: in the audit trail and in the change feed.
///
/// # Errors
/// If the database fails: then the effect must not stand either. In debug builds, and so in all tests, internal for a type that
/// [`types`](super::types) does not list: its readers are not known.
pub fn record(c: &mut Conn, actor: &Actor, event: &Event<'_>) -> Result<()> {
    if cfg!(debug_assertions) && types::find(&event.action).is_none() {
        return Err(Error::internal(format!("{} is in no table of types", event.action)));
    }
    let id = write(c, actor, RecordedActor::of(actor), event)?;
    data_version::telling(event.resource);
    diesel::insert_into(changes::table)
        .values((
            changes::id.eq(&id),
            changes::at.eq(actor.now),
            changes::change_type.eq(event.action.as_ref()),
            changes::resource.eq(event.resource),
            changes::resource_id.eq(event.id),
            changes::version.eq(event.version),
            changes::jurisdiction.eq(event.jurisdiction),
        ))
        .execute(c)?;
    Ok(())
}

/// Writes into the audit trail alone what changed no resource, or what the event of a change does not say by its name:
/// signing in, reading, a grant that was added.
///
/// # Errors
/// If the database fails.
pub fn note(c: &mut Conn, actor: &Actor, recorded: RecordedActor<'_>, event: &Event<'_>) -> Result<()> {
    write(c, actor, recorded, event).map(drop)
}

fn write(c: &mut Conn, actor: &Actor, recorded: RecordedActor<'_>, event: &Event<'_>) -> Result<String> {
    let id = uuid::Uuid::now_v7().to_string();
    diesel::insert_into(audit_events::table)
        .values((
            audit_events::id.eq(&id),
            audit_events::at.eq(actor.now),
            audit_events::actor_id.eq(recorded.id),
            audit_events::actor_kind.eq(recorded.kind),
            audit_events::actor_name.eq(recorded.name),
            audit_events::action.eq(event.action.as_ref()),
            audit_events::resource.eq(event.resource),
            audit_events::resource_id.eq(event.id),
            audit_events::jurisdiction.eq(event.jurisdiction),
            audit_events::before.eq(db::to_json_opt(event.before.as_ref())?),
            audit_events::after.eq(db::to_json_opt(event.after.as_ref())?),
            audit_events::reason.eq(event.reason),
            audit_events::purpose.eq(actor.purpose.as_deref()),
            audit_events::address.eq(&actor.address),
            audit_events::request_id.eq(&actor.request_id),
        ))
        .execute(c)?;
    // The chain takes it up once it is committed.
    diesel::insert_into(audit_pending::table).values(audit_pending::event_id.eq(&id)).execute(c)?;
    Ok(id)
}
