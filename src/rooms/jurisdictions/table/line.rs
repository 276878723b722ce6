//! Who came before an administrative unit and who takes its place, in the database.

use crate::both;
use crate::change::Write;
use crate::db::Conn;
use crate::db::schema::{jurisdiction_dissolutions as d, jurisdiction_successors as s, jurisdictions as j};
use crate::problem::Result;
use crate::values::clock::UtcTime;
use crate::values::id::JurisdictionId;
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::HashMap;

/// Who came before a unit and who takes its place, by official code, in the order of naming.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    pub successors: Vec<String>,
    pub predecessors: Vec<String>,
}

/// That a unit is dissolved or will be.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = d)]
pub struct DissolutionRow {
    pub jurisdiction: String,
    pub dissolves_on: NaiveDate,
    pub reason: String,
    pub done_at: Option<UtcTime>,
}

/// The lines of these units: one statement for 500 of them.
///
/// # Errors
/// If the database fails.
pub fn of(c: &mut Conn, codes: &[&str]) -> Result<HashMap<String, Line>> {
    let mut all: HashMap<String, Line> = HashMap::new();
    for some in codes.chunks(500) {
        let found: Vec<(String, String)> = s::table
            .filter(s::jurisdiction.eq_any(some).or(s::successor.eq_any(some)))
            .order((s::jurisdiction, s::position))
            .select((s::jurisdiction, s::successor))
            .load(c)?;
        for (code, successor) in found {
            all.entry(code.clone()).or_default().successors.push(successor.clone());
            all.entry(successor).or_default().predecessors.push(code);
        }
    }
    Ok(all)
}

/// The line of one unit.
///
/// # Errors
/// If the database fails.
pub fn of_one(c: &mut Conn, code: &str) -> Result<Line> {
    Ok(of(c, &[code])?.remove(code).unwrap_or_default())
}

/// Its dissolution, if it is dissolved or will be.
///
/// # Errors
/// If the database fails.
pub fn dissolution(c: &mut Conn, code: &str) -> Result<Option<DissolutionRow>> {
    Ok(d::table.find(code).select(DissolutionRow::as_select()).first(c).optional()?)
}

/// The units whose dissolution has come and was not carried out, the earliest first.
///
/// # Errors
/// If the database fails.
pub fn due(c: &mut Conn, today: NaiveDate) -> Result<Vec<JurisdictionId>> {
    let due = d::table.inner_join(j::table.on(j::code.eq(d::jurisdiction)));
    let due = due.filter(d::done_at.is_null()).filter(d::dissolves_on.le(today));
    Ok(due.order((d::dissolves_on, d::jurisdiction)).limit(200).select(j::id).load(c)?)
}

/// Writes down that a unit is dissolved on a day, and who takes its place.
///
/// # Errors
/// If the database fails.
pub fn insert(w: &mut Write<'_>, row: &DissolutionRow, by: (Option<String>, &str), at: UtcTime, successors: &[String]) -> Result<()> {
    diesel::insert_into(d::table)
        .values((
            d::jurisdiction.eq(&row.jurisdiction),
            d::dissolves_on.eq(row.dissolves_on),
            d::reason.eq(&row.reason),
            d::by_id.eq(by.0),
            d::by_name.eq(by.1),
            d::created_at.eq(at),
        ))
        .execute(w.conn())?;
    let rows: Vec<_> = (0_i32..)
        .zip(successors)
        .map(|(position, successor)| (s::jurisdiction.eq(&row.jurisdiction), s::successor.eq(successor), s::position.eq(position)))
        .collect();
    if !rows.is_empty() {
        both!(w.conn(), c => diesel::insert_into(s::table).values(&rows).execute(c))?;
    }
    Ok(())
}

/// Takes a dissolution back, and who would have taken the unit's place.
///
/// # Errors
/// If the database fails.
pub fn delete(w: &mut Write<'_>, code: &str) -> Result<()> {
    diesel::delete(d::table.find(code)).execute(w.conn())?;
    Ok(())
}

/// Writes down that a dissolution was carried out.
///
/// # Errors
/// If the database fails.
pub fn done(w: &mut Write<'_>, code: &str, at: UtcTime) -> Result<()> {
    diesel::update(d::table.find(code)).set(d::done_at.eq(at)).execute(w.conn())?;
    Ok(())
}
