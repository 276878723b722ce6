//! The definitions of indicators through time: figures are read under the one under which they were computed.

use super::store::IndicatorRow;
use crate::change::Write;
use crate::db::schema::indicator_definitions;
use crate::db::{self, Conn};
use crate::problem::Result;
use crate::rooms::indicators::definition::Definition;
use crate::values::clock::UtcTime;
use crate::values::id::IndicatorId;
use diesel::prelude::*;
use std::collections::HashMap;

/// Keeps the definition that a row now has: the present version anew, or a further one.
///
/// # Errors
/// If the database fails.
pub(super) fn keep(w: &mut Write<'_>, row: &IndicatorRow, now: UtcTime) -> Result<()> {
    let key = (row.id.clone(), row.definition_version);
    let kept = diesel::update(indicator_definitions::table.find(key))
        .set(indicator_definitions::definition.eq(&row.definition))
        .execute(w.conn())?;
    if kept == 0 {
        diesel::insert_into(indicator_definitions::table)
            .values((
                indicator_definitions::indicator_id.eq(&row.id),
                indicator_definitions::definition_version.eq(row.definition_version),
                indicator_definitions::definition.eq(&row.definition),
                indicator_definitions::created_at.eq(now),
            ))
            .execute(w.conn())?;
    }
    Ok(())
}

/// Every definition that these indicators have or had, by indicator and version.
///
/// # Errors
/// If the database fails.
pub fn definitions(c: &mut Conn, ids: &[IndicatorId]) -> Result<HashMap<(IndicatorId, i32), Definition>> {
    let mut found = HashMap::new();
    for ids in ids.chunks(500) {
        let rows: Vec<(IndicatorId, i32, String)> = indicator_definitions::table
            .filter(indicator_definitions::indicator_id.eq_any(ids))
            .select((indicator_definitions::indicator_id, indicator_definitions::definition_version, indicator_definitions::definition))
            .load(c)?;
        for (id, version, definition) in rows {
            found.insert((id, version), db::from_json(&definition)?);
        }
    }
    Ok(found)
}
