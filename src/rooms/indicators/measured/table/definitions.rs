//! What indicators meant through time, in the database: figures are read under the definition under which they were computed.

use super::IndicatorRow;
use crate::change::Write;
use crate::db::schema::indicator_definitions;
use crate::problem::Result;
use crate::values::clock::UtcTime;
use diesel::prelude::*;

/// Writes the definition of a row as a version of its own.
///
/// # Errors
/// If the database fails.
pub fn insert(w: &mut Write<'_>, row: &IndicatorRow, at: UtcTime) -> Result<()> {
    diesel::insert_into(indicator_definitions::table)
        .values((
            indicator_definitions::indicator_id.eq(&row.id),
            indicator_definitions::definition_version.eq(row.definition_version),
            indicator_definitions::definition.eq(&row.definition),
            indicator_definitions::created_at.eq(at),
        ))
        .execute(w.conn())?;
    Ok(())
}

/// Corrects the present version.
///
/// # Errors
/// If the database fails.
pub fn update(w: &mut Write<'_>, row: &IndicatorRow) -> Result<()> {
    diesel::update(indicator_definitions::table.find((&row.id, row.definition_version)))
        .set(indicator_definitions::definition.eq(&row.definition))
        .execute(w.conn())?;
    Ok(())
}
