//! To what administrative units belonged before, in the database.

use crate::change::Write;
use crate::db::schema::former_parents as f;
use crate::db::{Condition, Conn};
use crate::problem::Result;
use crate::rooms::jurisdictions::wire::ParentOut;
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::HashMap;

/// The condition that a row tells of a day.
pub fn on(day: NaiveDate) -> Condition<f::table> {
    Box::new(f::since.is_null().or(f::since.le(day)).assume_not_null().and(f::until.ge(day)))
}

/// To what these units belonged before, the earliest first.
///
/// # Errors
/// If the database fails.
pub fn of(c: &mut Conn, codes: &[&str]) -> Result<HashMap<String, Vec<ParentOut>>> {
    let mut all: HashMap<String, Vec<ParentOut>> = HashMap::new();
    for some in codes.chunks(500) {
        let found: Vec<(String, String, Option<NaiveDate>, NaiveDate)> =
            f::table.filter(f::jurisdiction.eq_any(some)).order((f::jurisdiction, f::until)).load(c)?;
        for (code, parent, from, until) in found {
            all.entry(code).or_default().push(ParentOut { parent, from, until: Some(until) });
        }
    }
    Ok(all)
}

/// Keeps to what a unit belonged until a day.
///
/// # Errors
/// If the database fails.
pub fn insert(w: &mut Write<'_>, code: &str, parent: &str, since: Option<NaiveDate>, until: NaiveDate) -> Result<()> {
    let row = (f::jurisdiction.eq(code), f::parent.eq(parent), f::since.eq(since), f::until.eq(until));
    diesel::insert_into(f::table).values(row).execute(w.conn())?;
    Ok(())
}
