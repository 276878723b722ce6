//! What can be done with imports.

use super::run::{Run, Tally};
use super::table::{self, ImportRow};
use super::wire::{ImportOut, ImportStatus, Mode};
use crate::actor::Actor;
use crate::db::Conn;
use crate::db::schema::dimensions;
use crate::formats::row_source::RowFormat;
use crate::problem::{Problem, Result, codes};
use diesel::prelude::*;

/// How many rows are answered at once; more are a job.
pub(super) const AT_ONCE: usize = 1000;
/// How many imports of one account may be under way.
const MOST: i64 = 4;

/// What dimensions are called, with their codes: a sheet's header may be either.
///
/// # Errors
/// If the database fails.
pub fn dimension_names(c: &mut Conn) -> Result<Vec<(String, String)>> {
    let known: Vec<(String, String, Option<String>)> =
        dimensions::table.select((dimensions::code, dimensions::name_vi, dimensions::name_en)).distinct().load(c)?;
    let named = |(code, vi, en): (String, String, Option<String>)| {
        [Some(code.clone()), Some(vi), en].into_iter().flatten().map(move |name| (name, code.clone()))
    };
    Ok(known.into_iter().flat_map(named).collect())
}

/// The format of a media type.
#[must_use]
pub fn format_of(media_type: &str) -> Option<RowFormat> {
    RowFormat::ALL.into_iter().find(|format| format.media_type() == media_type)
}

/// Imports few rows in the present transaction.
///
/// # Errors
/// If the database fails; 503 if what was asked of a report has changed meanwhile.
pub(super) fn at_once(c: &mut Conn, actor: &Actor, mut run: Run) -> Result<ImportOut> {
    run.check_and_write(c, actor).map_err(|error| match error.code() {
        Some(code) if code == codes::VERSION_STALE => codes::DATABASE_BUSY.into(),
        _ => error,
    })?;
    Ok(run.represent())
}

/// Writes down that many rows are to be imported.
///
/// # Errors
/// 429 if the account has several on the way.
pub(super) fn enqueue(c: &mut Conn, actor: &Actor, rows: usize, (mode, dry_run): (Mode, bool), holder: &str) -> Result<ImportOut> {
    let account = &actor.account()?.id;
    if table::unfinished(c, account)? >= MOST {
        return Err(codes::IMPORT_TOO_MANY.into());
    }
    let row = ImportRow::new(account, rows, (mode, dry_run), holder, actor.now)?;
    table::insert(c, &row)?;
    row.represent()
}

/// One of the caller's own.
///
/// # Errors
/// 404.
pub(super) fn find(c: &mut Conn, actor: &Actor, id: &str) -> Result<ImportOut> {
    own(c, actor, id)?.represent()
}

/// Asks to stop one of the caller's own. What was written before stays.
///
/// # Errors
/// 404, 409 `import.over`.
pub(super) fn cancel(c: &mut Conn, actor: &Actor, id: &str) -> Result<ImportOut> {
    let row = own(c, actor, id)?;
    if row.status()?.is_over() || !table::ask_to_cancel(c, id)? {
        let status = own(c, actor, id)?.status;
        return Err(Problem::new(codes::IMPORT_OVER).in_state(&status, []).into());
    }
    if row.status()? == ImportStatus::Queued {
        table::finish(c, id, ImportStatus::Cancelled, &Tally::default(), None, actor.now)?;
    }
    find(c, actor, id)
}

fn own(c: &mut Conn, actor: &Actor, id: &str) -> Result<ImportRow> {
    table::find(c, &actor.account()?.id, id)?.ok_or_else(|| codes::NOT_FOUND.into())
}
