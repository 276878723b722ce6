//! What happened, and what follows from it in the transaction of the effect: the audit entry and the row of the change feed.

use super::Versioned;
use crate::actor::Actor;
use crate::actor::restricted_access::RestrictedAccess;
use crate::db::schema::{audit_events, audit_pending, changes, jurisdictions};
use crate::db::{self, Conn};
use crate::problem::Result;
use diesel::prelude::*;
use serde_json::{Value, json};
use std::borrow::Cow;
use std::collections::BTreeSet;

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
/// If the database fails: then the effect must not stand either.
pub fn record(c: &mut Conn, actor: &Actor, event: &Event<'_>) -> Result<()> {
    let id = write(c, actor, RecordedActor::of(actor), event)?;
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

/// What was asked for, as the audit trail tells it.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The path.
    pub path: String,
    /// The query string.
    pub query: String,
}

/// Writes down that somebody reads restricted figures exactly: one event a request, whatever it shows.
///
/// # Errors
/// If the database fails: then nothing may be shown.
pub fn exact_read(c: &mut Conn, actor: &Actor, asked: &Asked, access: &RestrictedAccess) -> Result<()> {
    let mut kinds = access.resources.iter().map(|(kind, _)| kind.as_str());
    let resource = match kinds.next() {
        Some("report") => "report",
        Some("consolidated_report") => "consolidated_report",
        Some("progress") => "progress",
        _ => "observation",
    };
    let mut ids = access.resources.iter().map(|(_, id)| id.as_str());
    // Many at once have no single id; `after` says what was asked for.
    let id = ids.next().filter(|_| ids.next().is_none()).unwrap_or_default();
    let jurisdiction = covering(c, access)?;
    let read = json!({
        "path": asked.path, "query": asked.query, "indicators": access.indicators, "jurisdictions": access.jurisdictions,
        "count": access.resources.len(),
    });
    let event = Event::new("restricted.read", resource, id, 0, jurisdiction.as_deref()).change(None, Some(read));
    note(c, actor, RecordedActor::of(actor), &event)
}

/// The smallest administrative unit that holds all whose figures are shown; none stands for the country.
fn covering(c: &mut Conn, access: &RestrictedAccess) -> Result<Option<String>> {
    let codes: Vec<&str> = access.jurisdictions.iter().map(String::as_str).collect();
    if let [only] = codes.as_slice() {
        return Ok(Some((*only).to_owned()));
    }
    let mut provinces = BTreeSet::new();
    for some in codes.chunks(500) {
        let found: Vec<(String, String, Option<String>)> = jurisdictions::table
            .filter(jurisdictions::code.eq_any(some))
            .select((jurisdictions::code, jurisdictions::level, jurisdictions::parent))
            .load(c)?;
        provinces.extend(found.into_iter().map(|(code, level, parent)| if level == "commune" { parent } else { Some(code) }));
    }
    let only = provinces.pop_first().flatten();
    Ok(only.filter(|_| provinces.is_empty()))
}
