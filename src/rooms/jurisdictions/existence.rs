//! On which days an administrative unit exists: what ends when it is not there is not asked of it.

use super::rules;
use crate::db::Conn;
use crate::db::schema::{jurisdiction_dissolutions as d, jurisdictions as j};
use crate::problem::{Result, codes};
use crate::values::days::Days;
use crate::values::id::JurisdictionId;
use chrono::NaiveDate;
use diesel::prelude::*;

/// The condition that a row of `jurisdictions` exists on a day: a value, or a column that may be null.
macro_rules! there_on {
    ($day:expr) => {{
        use $crate::db::schema::jurisdictions as j;
        let begun = j::valid_from.is_null().or(j::valid_from.le($day)).assume_not_null();
        begun.and(j::valid_until.is_null().or(j::valid_until.ge($day)).assume_not_null())
    }};
}
pub(crate) use there_on;

/// Goes on only if an administrative unit exists on the last day of a period, so that it can be asked for it. Nobody changes its days
/// until this transaction ends.
///
/// # Errors
/// 409 `jurisdiction.dissolved`, which says until or from which day it exists.
pub fn must_exist(c: &mut Conn, code: &str, ends_on: NaiveDate) -> Result<()> {
    let found = j::table.filter(j::code.eq(code)).select((j::valid_from, j::valid_until));
    let days: Option<(Option<NaiveDate>, Option<NaiveDate>)> = match c {
        Conn::Postgres(c) => found.for_share().first(c).optional()?,
        Conn::Sqlite(c) => found.first(c).optional()?,
    };
    let (from, until) = days.unwrap_or_default();
    rules::exists(code, Days::new(from, until), ends_on)
}

/// The same where its days are at hand.
///
/// # Errors
/// As [`must_exist`].
pub fn exists(code: &str, days: Days, ends_on: NaiveDate) -> Result<()> {
    rules::exists(code, days, ends_on)
}

/// The official code of an administrative unit.
///
/// # Errors
/// 404.
pub fn code_of(c: &mut Conn, id: &JurisdictionId) -> Result<String> {
    j::table.find(id).select(j::code).first(c).optional()?.ok_or_else(|| codes::NOT_FOUND.into())
}

/// On which days an administrative unit exists.
///
/// # Errors
/// If the database fails.
pub fn days_of(c: &mut Conn, code: &str) -> Result<Days> {
    let found: Option<(Option<NaiveDate>, Option<NaiveDate>)> =
        j::table.filter(j::code.eq(code)).select((j::valid_from, j::valid_until)).first(c).optional()?;
    let (from, until) = found.unwrap_or_default();
    Ok(Days::new(from, until))
}

/// Goes on only unless an administrative unit has been dissolved, and was no longer there on the last day of a period.
///
/// # Errors
/// 409 `jurisdiction.dissolved`.
pub fn not_dissolved(c: &mut Conn, code: &str, ends_on: NaiveDate) -> Result<()> {
    let done = d::table.find(code).filter(d::done_at.is_not_null()).select(d::dissolves_on).first::<NaiveDate>(c).optional()?;
    rules::exists(code, Days::new(None, done.and_then(|on| on.pred_opt())), ends_on)
}
