//! Who came before a unit and who takes its place, in the database.

use crate::both;
use crate::change::Write;
use crate::db::Conn;
use crate::db::schema::{unit_dissolutions as d, unit_successors as s, units};
use crate::problem::Result;
use crate::values::Ref;
use crate::values::clock::UtcTime;
use crate::values::id::UnitId;
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::HashMap;

/// Who came before a unit and who takes its place, in the order of naming.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    pub successors: Vec<Ref>,
    pub predecessors: Vec<Ref>,
}

/// That a unit is dissolved or will be.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = d)]
pub struct DissolutionRow {
    pub unit_id: UnitId,
    pub dissolves_on: NaiveDate,
    pub reason: String,
    pub done_at: Option<UtcTime>,
}

/// The lines of these units: one statement for 500 of them.
///
/// # Errors
/// If the database fails.
pub fn of(c: &mut Conn, ids: &[&UnitId]) -> Result<HashMap<UnitId, Line>> {
    let followed = diesel::alias!(units as followed);
    let mut all: HashMap<UnitId, Line> = HashMap::new();
    for some in ids.chunks(500) {
        let found: Vec<(UnitId, String, UnitId, String)> = s::table
            .inner_join(units::table)
            .inner_join(followed.on(followed.field(units::id).eq(s::unit_id)))
            .filter(s::unit_id.eq_any(some).or(s::successor_id.eq_any(some)))
            .order((s::unit_id, s::position))
            .select((s::unit_id, followed.field(units::code), units::id, units::code))
            .load(c)?;
        for (unit, code, successor, successor_code) in found {
            all.entry(unit.clone()).or_default().successors.push(Ref::new(successor.clone(), successor_code));
            all.entry(successor).or_default().predecessors.push(Ref::new(unit, code));
        }
    }
    Ok(all)
}

/// The line of one unit.
///
/// # Errors
/// If the database fails.
pub fn of_one(c: &mut Conn, id: &UnitId) -> Result<Line> {
    Ok(of(c, &[id])?.remove(id).unwrap_or_default())
}

/// Its dissolution, if it is dissolved or will be.
///
/// # Errors
/// If the database fails.
pub fn dissolution(c: &mut Conn, id: &UnitId) -> Result<Option<DissolutionRow>> {
    Ok(d::table.find(id).select(DissolutionRow::as_select()).first(c).optional()?)
}

/// The units whose dissolution has come and was not carried out, the earliest first.
///
/// # Errors
/// If the database fails.
pub fn due(c: &mut Conn, today: NaiveDate) -> Result<Vec<UnitId>> {
    let due = d::table.filter(d::done_at.is_null()).filter(d::dissolves_on.le(today));
    Ok(due.order((d::dissolves_on, d::unit_id)).limit(200).select(d::unit_id).load(c)?)
}

/// Writes down that a unit is dissolved on a day, and who takes its place.
///
/// # Errors
/// If the database fails.
pub fn insert(w: &mut Write<'_>, row: &DissolutionRow, by: (Option<String>, &str), at: UtcTime, successors: &[Ref]) -> Result<()> {
    diesel::insert_into(d::table)
        .values((
            d::unit_id.eq(&row.unit_id),
            d::dissolves_on.eq(row.dissolves_on),
            d::reason.eq(&row.reason),
            d::by_id.eq(by.0),
            d::by_name.eq(by.1),
            d::created_at.eq(at),
        ))
        .execute(w.conn())?;
    let rows: Vec<_> = (0_i32..)
        .zip(successors)
        .map(|(position, successor)| {
            (s::unit_id.eq(row.unit_id.clone()), s::successor_id.eq(successor.id.clone()), s::position.eq(position))
        })
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
pub fn delete(w: &mut Write<'_>, id: &UnitId) -> Result<()> {
    diesel::delete(d::table.find(id)).execute(w.conn())?;
    Ok(())
}

/// Writes down that a dissolution was carried out.
///
/// # Errors
/// If the database fails.
pub fn done(w: &mut Write<'_>, id: &UnitId, at: UtcTime) -> Result<()> {
    diesel::update(d::table.find(id)).set(d::done_at.eq(at)).execute(w.conn())?;
    Ok(())
}
