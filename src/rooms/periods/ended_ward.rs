//! Periods of a ward that end when it is no longer there.

use super::rules::{self, Step};
use super::table;
use crate::actor::Actor;
use crate::change::{self, Event, Versioned};
use crate::db::{self, Conn};
use crate::problem::Result;
use chrono::NaiveDate;
use serde_json::json;

/// Keeps others from changing the periods of a ward until this transaction ends. Whoever then changes the days of the ward takes his
/// locks in the same order as those who open a period: the period's first, then the ward's.
///
/// # Errors
/// If the database fails.
pub fn hold(c: &mut Conn, jurisdiction: &str) -> Result<()> {
    db::lock_name(c, "periods.implied")?;
    db::lock_all(c, "reporting_periods", "jurisdiction", jurisdiction)
}

/// Closes the planned and the open periods of a ward that end on a day or later, for a reason; they are held. What was sent of them stays
/// published.
///
/// # Errors
/// If the database fails.
pub fn close_from(c: &mut Conn, actor: &Actor, jurisdiction: &str, day: NaiveDate, reason: &str) -> Result<()> {
    for mut row in table::unclosed_from(c, jurisdiction, day)? {
        let status = rules::after(row.status()?, Step::Close)?.as_str();
        let (before, after) = (json!({"status": row.status}), json!({"status": status}));
        status.clone_into(&mut row.status);
        row.touch(row.version + 1, actor.now);
        let event = Event::of("closed", &row).because(Some(reason)).change(Some(before), Some(after));
        change::save(c, actor, &event, |w| table::update(w, &row))?;
    }
    Ok(())
}
