//! Changes in the database: those that have their place.

use crate::db::schema::{audit_events, changes};
use crate::db::{self, Conn};
use crate::problem::Result;
use crate::values::clock::UtcTime;
use diesel::prelude::*;
use serde_json::Value;
use std::collections::HashMap;

/// A row of `changes` that has its place.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = changes)]
pub(super) struct ChangeRow {
    #[diesel(select_expression = changes::position.assume_not_null())]
    pub position: i64,
    pub at: UtcTime,
    pub change_type: String,
    pub resource: String,
    pub resource_id: String,
    pub version: i64,
    pub jurisdiction: Option<String>,
}

/// The first changes of these types after one place and up to another.
pub(super) fn between(c: &mut Conn, after: i64, until: i64, types: &[&str], limit: i64) -> Result<Vec<ChangeRow>> {
    let there = changes::table.filter(changes::position.gt(after)).filter(changes::position.le(until));
    let wanted = there.filter(changes::change_type.eq_any(types)).order(changes::position).limit(limit);
    Ok(wanted.select(ChangeRow::as_select()).load(c)?)
}

/// What is known of a resource that was deleted.
pub(super) struct Deleted {
    /// Where it was.
    pub jurisdiction: Option<String>,
    /// What it said.
    pub said: Option<Value>,
}

/// Those of some resources of a kind that were deleted, by id.
pub(super) fn deleted(c: &mut Conn, deletion: &str, ids: &[&str]) -> Result<HashMap<String, Deleted>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found: Vec<(String, Option<String>, Option<String>)> = audit_events::table
        .filter(audit_events::resource_id.eq_any(ids))
        .filter(audit_events::action.eq(deletion))
        .select((audit_events::resource_id, audit_events::jurisdiction, audit_events::before))
        .load(c)?;
    let read = |(id, jurisdiction, said): (String, Option<String>, Option<String>)| {
        Ok((id, Deleted { jurisdiction, said: db::from_json_opt(said.as_deref())? }))
    };
    found.into_iter().map(read).collect()
}
