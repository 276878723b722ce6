//! Administrative units that end: announced for a day, and on that day gone. What follows for periods is the business of the rooms
//! above.

use super::rules::{self, Successor};
use super::table::line::{self, DissolutionRow};
use super::table::{self, JurisdictionRow};
use super::use_cases::may_edit;
use crate::actor::Actor;
use crate::change::{self, Event, Expected};
use crate::db::{self, Conn};
use crate::problem::{Faults, Result, codes};
use crate::reading::references::{JurisdictionKey, Scope};
use crate::values::days::Days;
use crate::values::id::JurisdictionId;
use crate::values::period::today_local;
use chrono::NaiveDate;
use serde_json::json;
use std::collections::HashMap;

/// A unit whose day has come.
#[derive(Debug, Clone)]
pub struct Dissolved {
    /// Its official code.
    pub code: String,
    /// The first day without it.
    pub on: NaiveDate,
    /// Why it is dissolved.
    pub reason: String,
}

/// Writes down that a unit is dissolved on a day, the first on which it is no longer there, and who takes its place.
///
/// # Errors
/// 404, 403, 412, 409 `jurisdiction.dissolved`, `jurisdiction.in_use` while others below it are there on that day, 422 for a day before
/// it was there, and successors that are not of its level, or not there then.
pub fn announce(
    c: &mut Conn,
    actor: &Actor,
    id: &JurisdictionId,
    expected: &Expected,
    on: NaiveDate,
    named: &[String],
    reason: &str,
) -> Result<()> {
    let allowed = |_: &mut Conn, row: &JurisdictionRow| may_edit(actor, &row.code, row.parent.as_deref());
    let mut row = change::begin(c, id.as_str(), Some(expected), |c| table::find(c, id), allowed)?;
    if let Some(found) = line::dissolution(c, &row.code)? {
        return Err(rules::dissolved_already(&row.code, found.dissolves_on, found.done_at.is_some()));
    }
    db::in_use(codes::JURISDICTION_IN_USE, &[("jurisdictions", table::below_on(c, &row.code, on)?)])?;
    let successors = successors(c, &row, named, on)?;
    let was = row.valid_until;
    row.valid_until = on.pred_opt();
    row.version += 1;
    row.updated_at = actor.now;
    let written = DissolutionRow { jurisdiction: row.code.clone(), dissolves_on: on, reason: reason.to_owned(), done_at: None };
    let said = json!({"valid_until": row.valid_until, "successors": successors});
    let event = Event::of("dissolution_announced", &row).because(Some(reason)).change(Some(json!({"valid_until": was})), Some(said));
    change::save(c, actor, &event, |w| {
        table::update(w, &row)?;
        line::insert(w, &written, (actor.id(), actor.name()), actor.now, &successors)
    })
}

/// The codes of the units that are named to take another one's place.
fn successors(c: &mut Conn, row: &JurisdictionRow, named: &[String], on: NaiveDate) -> Result<Vec<String>> {
    let mut faults = Faults::default();
    if let Some(fault) = rules::dissolves(row.valid_from, on) {
        faults.add(fault);
    }
    let texts: Vec<&str> = named.iter().map(String::as_str).collect();
    let found: Vec<Option<JurisdictionKey>> = Scope::default().each(c, &texts, |at| format!("/successors/{at}"), &mut faults)?;
    let days: HashMap<String, Days> = if named.is_empty() { HashMap::new() } else { table::days_of_each(c, named)?.into_iter().collect() };
    let known = |key: &JurisdictionKey| days.get(&key.code).copied().unwrap_or_default();
    let each: Vec<Option<Successor<'_>>> =
        found.iter().map(|key| key.as_ref().map(|key| Successor { code: &key.code, level: &key.level, days: known(key) })).collect();
    rules::successors(&row.code, &row.level, on, &each).into_iter().for_each(|fault| faults.add(fault));
    faults.check()?;
    Ok(found.into_iter().flatten().map(|key| key.code).collect())
}

/// The units whose dissolution is due.
///
/// # Errors
/// If the database fails.
pub fn due_dissolutions(c: &mut Conn, today: NaiveDate) -> Result<Vec<JurisdictionId>> {
    line::due(c, today)
}

/// Notes that a unit is gone whose dissolution has come, unless that was done or taken back meanwhile.
///
/// # Errors
/// 404.
pub fn dissolve_if_due(c: &mut Conn, actor: &Actor, id: &JurisdictionId) -> Result<Option<Dissolved>> {
    let mut row = change::begin(c, id.as_str(), None, |c| table::find(c, id), |_, _| Ok(()))?;
    let Some(found) = line::dissolution(c, &row.code)? else { return Ok(None) };
    if found.done_at.is_some() || found.dissolves_on > today_local(actor.now) {
        return Ok(None);
    }
    let successors = line::of_one(c, &row.code)?.successors;
    row.version += 1;
    row.updated_at = actor.now;
    let event = Event::of("dissolved", &row).because(Some(&found.reason)).change(None, Some(json!({"successors": successors})));
    change::save(c, actor, &event, |w| {
        table::update(w, &row)?;
        line::done(w, &row.code, actor.now)
    })?;
    Ok(Some(Dissolved { code: row.code, on: found.dissolves_on, reason: found.reason }))
}
