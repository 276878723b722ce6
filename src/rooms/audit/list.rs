//! Audit events in the database: those that are linked, so that each has its place.

use super::event::EventRow;
use super::wire::{AuditEvent, AuditFilter};
use crate::actor::Actor;
use crate::auth::caller::Role;
use crate::db::schema::{audit_chain, audit_events};
use crate::db::sort::{Key, Kind, SortField};
use crate::db::{Backend, Conn};
use crate::page_of;
use crate::problem::{Place, Result};
use crate::reading::paging::{Page, Paging};
use crate::reading::references::{self, AccountKey, Scope};
use crate::values::id::looks_like_id;
use diesel::dsl::{InnerJoin, InnerJoinQuerySource, IntoBoxed};
use diesel::prelude::*;

type Linked = InnerJoinQuerySource<audit_chain::table, audit_events::table>;
type LinkedQuery<'a> = IntoBoxed<'a, InnerJoin<audit_chain::table, audit_events::table>, Backend>;
type LinkedRow = ((i64, String, String), EventRow);

const FIELDS: &[SortField] = &[
    SortField { name: "sequence", sql: "audit_chain.sequence", kind: Kind::Int },
    SortField { name: "at", sql: "audit_events.at", kind: Kind::Time },
];
const TIE: SortField = SortField { name: "id", sql: "audit_events.id", kind: Kind::Text };

fn key(row: &LinkedRow, field: &str) -> Key {
    let ((sequence, _, _), event) = row;
    match field {
        "sequence" => Key::Int(*sequence),
        "at" => Key::time(event.at),
        _ => Key::from(event.id.as_str()),
    }
}

/// What the filters name, found.
struct Named {
    /// The administrative units whose events the caller may see and wants; `None` for all, those of no unit too.
    area: Option<Vec<String>>,
    /// The account.
    actor: Option<String>,
}

fn named(c: &mut Conn, actor: &Actor, filter: &AuditFilter) -> Result<Named> {
    let mut area = actor.reach(&[Role::Admin]).codes();
    let scope = Scope::of_query(c, references::Named { jurisdiction: filter.jurisdiction.as_deref(), ..references::Named::default() })?;
    if let Some(wanted) = scope.area() {
        let reached = |code: &&String| area.as_ref().is_none_or(|area| area.contains(code));
        area = Some(wanted.iter().filter(reached).cloned().collect());
    }
    let actor = match &filter.actor {
        // An account that there is not, or no longer, is only known by its id.
        Some(id) if looks_like_id(id) => Some(id.to_ascii_lowercase()),
        Some(named) => Some(Scope::default().one::<AccountKey>(c, named, &Place::query("actor"))?.id.into()),
        None => None,
    };
    Ok(Named { area, actor })
}

fn filtered<'a>(filter: &'a AuditFilter, named: &'a Named) -> LinkedQuery<'a> {
    let mut query = audit_chain::table.inner_join(audit_events::table).into_boxed();
    if let Some(area) = &named.area {
        query = query.filter(audit_events::jurisdiction.eq_any(area));
    }
    if let Some(actor) = &named.actor {
        query = query.filter(audit_events::actor_id.eq(actor));
    }
    if let Some(action) = &filter.action {
        query = query.filter(audit_events::action.eq(action));
    }
    if let Some(resource) = &filter.resource {
        query = query.filter(audit_events::resource.eq(resource));
    }
    if let Some(id) = &filter.resource_id {
        query = query.filter(audit_events::resource_id.eq(id));
    }
    if let Some(from) = filter.from {
        query = query.filter(audit_events::at.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(audit_events::at.lt(to));
    }
    if let Some(request) = &filter.request_id {
        query = query.filter(audit_events::request_id.eq(request));
    }
    query
}

/// A page of the events that the caller may see.
///
/// # Errors
/// 400 for a reference, sort field or cursor that fits nothing.
pub(super) fn list(c: &mut Conn, actor: &Actor, filter: &AuditFilter, paging: &Paging) -> Result<Page<AuditEvent>> {
    let window = paging.window(FIELDS, "sequence", TIE)?;
    let named = named(c, actor, filter)?;
    let page: Page<LinkedRow> = page_of!(c, &window, Linked, filtered(filter, &named), key);
    page.try_map(|((sequence, _, _), event)| AuditEvent::of(sequence, event))
}
