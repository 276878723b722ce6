//! To which administrative unit another one belonged on a day.

use super::table::parents;
use crate::db::Conn;
use crate::db::schema::former_parents as f;
use crate::problem::Result;
use chrono::NaiveDate;
use diesel::prelude::*;

/// The units that belonged on a day to another one than now, each with that.
///
/// # Errors
/// If the database fails.
pub fn elsewhere_on(c: &mut Conn, day: NaiveDate) -> Result<Vec<(String, String)>> {
    Ok(f::table.filter(parents::on(day)).order(f::jurisdiction).select((f::jurisdiction, f::parent)).load(c)?)
}
