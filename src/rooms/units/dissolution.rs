//! Units that end: announced for a day, and on that day out of force. What follows for duties, tasks and open periods is the
//! business of the rooms above.

use super::table::line::{self, DissolutionRow};
use super::table::{self, UnitRow};
use crate::actor::Actor;
use crate::auth::caller::Role;
use crate::change::{self, Event, Expected};
use crate::db::Conn;
use crate::db::schema::units;
use crate::problem::{Faults, FieldError, Result, codes};
use crate::reading::references::{Scope, UnitKey};
use crate::values::Ref;
use crate::values::days::Days;
use crate::values::id::UnitId;
use crate::values::period::today_local;
use chrono::NaiveDate;
use diesel::prelude::*;
use serde_json::json;

/// A unit whose day has come, and who takes its place.
#[derive(Debug, Clone)]
pub struct Dissolved {
    /// The unit.
    pub unit: Ref,
    /// Its jurisdiction, by official code.
    pub jurisdiction: String,
    /// The units that take its place.
    pub successors: Vec<Ref>,
    /// Why it is dissolved.
    pub reason: String,
}

/// Writes down that a unit is dissolved on a day, the first on which it is no longer there, and who takes its place.
///
/// # Errors
/// 404, 403, 412, 409 `unit.dissolved`, 422 for a day before it was there, and successors that are not in force beside it.
pub fn announce(
    c: &mut Conn,
    actor: &Actor,
    id: &UnitId,
    expected: &Expected,
    on: NaiveDate,
    named: &[String],
    reason: &str,
) -> Result<()> {
    let load = |c: &mut Conn| table::find(c, id).map(|(row, _)| row);
    let mut row =
        change::begin(c, id.as_str(), Some(expected), load, |_, row: &UnitRow| actor.must(&[Role::Coordinator], &row.jurisdiction))?;
    if line::dissolution(c, id)?.is_some() {
        return Err(codes::UNIT_DISSOLVED.into());
    }
    let successors = successors(c, &row, named, on)?;
    let was = row.valid_until;
    row.valid_until = on.pred_opt();
    row.in_force = Days::new(row.valid_from, row.valid_until).hold(today_local(actor.now));
    row.version += 1;
    row.updated_at = actor.now;
    let written = DissolutionRow { unit_id: id.clone(), dissolves_on: on, reason: reason.to_owned(), done_at: None };
    let said = json!({"valid_until": row.valid_until, "successors": successors.iter().map(|s| &s.code).collect::<Vec<_>>()});
    let event = Event::of("dissolution_announced", &row).because(Some(reason)).change(Some(json!({"valid_until": was})), Some(said));
    change::save(c, actor, &event, |w| {
        table::update(w, &row)?;
        line::insert(w, &written, (actor.id(), actor.name()), actor.now, &successors)
    })
}

/// The units that are named to take another one's place.
fn successors(c: &mut Conn, row: &UnitRow, named: &[String], on: NaiveDate) -> Result<Vec<Ref>> {
    let mut faults = Faults::default();
    if row.valid_from.is_some_and(|from| on <= from) {
        let fault = FieldError::new("/on", codes::FIELD_CONFLICT);
        faults.add(fault.saying(
            "Ngày giải thể phải sau ngày thành lập. Hãy chọn ngày muộn hơn.",
            "A unit is dissolved after the day on which it began. Choose a later one.",
        ));
    }
    let texts: Vec<&str> = named.iter().map(String::as_str).collect();
    let found: Vec<Option<UnitKey>> =
        Scope::of_jurisdiction(&row.jurisdiction).each(c, &texts, |at| format!("/successors/{at}"), &mut faults)?;
    let mut successors: Vec<Ref> = Vec::new();
    for (at, unit) in found.iter().enumerate().filter_map(|(at, unit)| Some((at, unit.as_ref()?))) {
        let twice = successors.iter().any(|s| s.id == unit.id.as_str());
        if unit.id == row.id || !unit.active || twice {
            faults.add(FieldError::new(format!("/successors/{at}"), codes::FIELD_CONFLICT).saying(
                "Đơn vị tiếp nhận phải là đơn vị khác, đang hoạt động, và chỉ nêu một lần.",
                "A successor is another unit, in force, and named once.",
            ));
        }
        successors.push(unit.reference());
    }
    faults.check()?;
    Ok(successors)
}

/// The units whose dissolution is due.
///
/// # Errors
/// If the database fails.
pub fn due_dissolutions(c: &mut Conn, today: NaiveDate) -> Result<Vec<UnitId>> {
    line::due(c, today)
}

/// Puts a unit out of force whose dissolution has come, unless that was done or taken back meanwhile.
///
/// # Errors
/// 404.
pub fn dissolve_if_due(c: &mut Conn, actor: &Actor, id: &UnitId) -> Result<Option<Dissolved>> {
    let mut row = change::begin(c, id.as_str(), None, |c| table::find(c, id).map(|(row, _)| row), |_, _| Ok(()))?;
    let Some(found) = line::dissolution(c, id)? else { return Ok(None) };
    if found.done_at.is_some() || found.dissolves_on > today_local(actor.now) {
        return Ok(None);
    }
    let successors = line::of_one(c, id)?.successors;
    row.in_force = false;
    row.version += 1;
    row.updated_at = actor.now;
    let said = json!({"successors": successors.iter().map(|s| &s.code).collect::<Vec<_>>()});
    let event = Event::of("dissolved", &row).because(Some(&found.reason)).change(None, Some(said));
    change::save(c, actor, &event, |w| {
        table::update(w, &row)?;
        line::done(w, id, actor.now)
    })?;
    let unit = Ref::new(row.id, row.code);
    Ok(Some(Dissolved { unit, jurisdiction: row.jurisdiction, successors, reason: found.reason }))
}

/// The units whose days begin or are over today, and of which that was not noted.
///
/// # Errors
/// If the database fails.
pub fn turning(c: &mut Conn, today: NaiveDate) -> Result<Vec<UnitId>> {
    let outside = units::valid_from.gt(today).or(units::valid_until.lt(today));
    let inside =
        units::valid_from.is_null().or(units::valid_from.le(today)).and(units::valid_until.is_null().or(units::valid_until.ge(today)));
    let over = units::in_force.eq(true).and(outside.assume_not_null());
    let begun = units::in_force.eq(false).and(inside.assume_not_null());
    Ok(units::table.filter(over.or(begun)).order(units::id).limit(200).select(units::id).load(c)?)
}

/// Notes whether a unit is in force today. Tells whether that is news.
///
/// # Errors
/// 404.
pub fn turn(c: &mut Conn, actor: &Actor, id: &UnitId) -> Result<bool> {
    let mut row = change::begin(c, id.as_str(), None, |c| table::find(c, id).map(|(row, _)| row), |_, _| Ok(()))?;
    let in_force = Days::new(row.valid_from, row.valid_until).hold(today_local(actor.now));
    if in_force == row.in_force {
        return Ok(false);
    }
    row.in_force = in_force;
    row.version += 1;
    row.updated_at = actor.now;
    let verb = if in_force { "came_into_force" } else { "went_out_of_force" };
    change::save(c, actor, &Event::of(verb, &row), |w| table::update(w, &row))?;
    Ok(true)
}
