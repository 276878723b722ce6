//! What can be done with imports.

use super::run::{Run, Tally};
use super::staged::Staged;
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
/// If the database fails.
pub(super) fn at_once(c: &mut Conn, actor: &Actor, staged: Staged, mode: Mode, dry_run: bool) -> Result<ImportOut> {
    let rows = staged.rows;
    let mut run = Run::of(staged, mode, dry_run);
    while !run.is_done() {
        run.step(c, actor, usize::MAX)?;
    }
    if run.is_to_be_written() {
        run.write(c, actor)?;
    }
    Ok(represent(run.outcome(), rows, mode, dry_run))
}

/// What became of rows that were imported at once.
pub(super) fn represent(tally: Tally, rows: usize, mode: Mode, dry_run: bool) -> ImportOut {
    ImportOut {
        id: None,
        status: ImportStatus::Completed,
        mode,
        dry_run,
        rows,
        created: tally.created,
        updated: tally.updated,
        unchanged: tally.unchanged,
        rejected: tally.rejected,
        conflicts: tally.conflicts,
        conflicts_omitted: tally.omitted,
        progress: None,
        problem: None,
        created_at: None,
        finished_at: None,
    }
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
    if row.status()?.is_over() {
        return Err(Problem::new(codes::IMPORT_OVER).in_state(&row.status, []).into());
    }
    table::ask_to_cancel(c, id)?;
    if row.status()? == ImportStatus::Queued {
        table::finish(c, id, ImportStatus::Cancelled, &Tally::default(), None, actor.now)?;
    }
    find(c, actor, id)
}

fn own(c: &mut Conn, actor: &Actor, id: &str) -> Result<ImportRow> {
    table::find(c, &actor.account()?.id, id)?.ok_or_else(|| codes::NOT_FOUND.into())
}
