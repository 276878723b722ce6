//! Rows of imports that are jobs: where they stand, who works on them. Nothing is decided here.

use super::run::Tally;
use super::wire::{ImportOut, ImportProblem, ImportProgress, ImportStatus, Mode};
use crate::db::schema::imports;
use crate::db::{self, Conn};
use crate::problem::{Error, Result};
use crate::values::clock::UtcTime;
use crate::values::id::AccountId;
use chrono::TimeDelta;
use diesel::prelude::*;

/// For how long a server keeps an import to itself before it must say again that it works on it.
const LEASE: TimeDelta = TimeDelta::seconds(60);
/// For how long it is told what became of an import.
const KEPT: TimeDelta = TimeDelta::days(30);

/// How many are forgotten at a time.
const BATCH: i64 = 100;

/// A row of `imports`.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, Identifiable)]
#[diesel(table_name = imports)]
pub(super) struct ImportRow {
    pub id: String,
    pub account_id: AccountId,
    pub status: String,
    pub mode: String,
    pub dry_run: bool,
    pub row_count: i64,
    pub done: i64,
    pub tally: String,
    pub problem: Option<String>,
    pub cancel_requested: bool,
    pub holder: String,
    pub held_until: UtcTime,
    pub created_at: UtcTime,
    pub finished_at: Option<UtcTime>,
}

impl ImportRow {
    /// A new one, which this process holds.
    pub(super) fn new(account: &AccountId, rows: usize, (mode, dry_run): (Mode, bool), holder: &str, now: UtcTime) -> Result<Self> {
        Ok(Self {
            id: uuid::Uuid::now_v7().to_string(),
            account_id: account.clone(),
            status: ImportStatus::Queued.as_str().to_owned(),
            mode: mode.as_str().to_owned(),
            dry_run,
            row_count: count(rows),
            done: 0,
            tally: db::to_json(&Tally::default())?,
            problem: None,
            cancel_requested: false,
            holder: holder.to_owned(),
            held_until: now.plus(LEASE),
            created_at: now,
            finished_at: None,
        })
    }

    /// Where it stands.
    pub(super) fn status(&self) -> Result<ImportStatus> {
        ImportStatus::parse(&self.status).ok_or_else(|| Error::internal("an import of unknown status"))
    }

    /// As its owner reads it.
    pub(super) fn represent(&self) -> Result<ImportOut> {
        let (status, tally) = (self.status()?, db::from_json::<Tally>(&self.tally)?);
        let mode = Mode::parse(&self.mode).ok_or_else(|| Error::internal("an import of unknown mode"))?;
        let rows = usize::try_from(self.row_count).unwrap_or_default();
        // Of one that broke off the rows that nobody came to are refused.
        let rejected = if status.is_over() { rows - (tally.created + tally.updated + tally.unchanged).min(rows) } else { tally.rejected };
        Ok(ImportOut {
            id: Some(self.id.clone()),
            status,
            mode,
            dry_run: self.dry_run,
            rows,
            created: tally.created,
            updated: tally.updated,
            unchanged: tally.unchanged,
            rejected,
            conflicts: tally.conflicts,
            conflicts_omitted: tally.omitted,
            progress: Some(ImportProgress { done: usize::try_from(self.done).unwrap_or_default(), total: rows }),
            problem: db::from_json_opt::<ImportProblem>(self.problem.as_deref())?,
            created_at: Some(self.created_at),
            finished_at: self.finished_at,
        })
    }
}

fn count(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// Writes a new one.
pub(super) fn insert(c: &mut Conn, row: &ImportRow) -> Result<()> {
    diesel::insert_into(imports::table).values(row).execute(c)?;
    Ok(())
}

/// One of an account.
pub(super) fn find(c: &mut Conn, account: &AccountId, id: &str) -> Result<Option<ImportRow>> {
    Ok(imports::table.find(id).filter(imports::account_id.eq(account)).select(ImportRow::as_select()).first(c).optional()?)
}

/// How many of an account are not over.
pub(super) fn unfinished(c: &mut Conn, account: &AccountId) -> Result<i64> {
    Ok(imports::table.filter(imports::account_id.eq(account)).filter(imports::finished_at.is_null()).count().get_result(c)?)
}

/// Asks whoever works on it to stop. Answers whether it was not over.
pub(super) fn ask_to_cancel(c: &mut Conn, id: &str) -> Result<bool> {
    let unfinished = imports::table.find(id).filter(imports::finished_at.is_null());
    Ok(diesel::update(unfinished).set(imports::cancel_requested.eq(true)).execute(c)? == 1)
}

/// Says that it is worked on, and how far it is. Answers whether it is to go on: it is not over, and nobody asked to stop it.
pub(super) fn renew(c: &mut Conn, id: &str, done: usize, now: UtcTime) -> Result<bool> {
    let mine = imports::table.find(id).filter(imports::finished_at.is_null());
    let state =
        (imports::status.eq(ImportStatus::Running.as_str()), imports::done.eq(count(done)), imports::held_until.eq(now.plus(LEASE)));
    let held = diesel::update(mine.filter(imports::cancel_requested.eq(false))).set(state).execute(c)?;
    Ok(held == 1)
}

/// The same for one that waits for its turn.
pub(super) fn renew_waiting(c: &mut Conn, id: &str, now: UtcTime) -> Result<bool> {
    let mine = imports::table.find(id).filter(imports::finished_at.is_null()).filter(imports::cancel_requested.eq(false));
    Ok(diesel::update(mine).set(imports::held_until.eq(now.plus(LEASE))).execute(c)? == 1)
}

/// Says that all its rows are written. Answers whether it was still wanted: who asks to stop it from now on is told that it is over.
pub(super) fn complete(c: &mut Conn, id: &str, tally: &Tally, now: UtcTime) -> Result<bool> {
    Ok(renew_waiting(c, id, now)? && finish(c, id, ImportStatus::Completed, tally, None, now)?)
}

/// Says what was written so far.
pub(super) fn keep_tally(c: &mut Conn, id: &str, tally: &Tally) -> Result<()> {
    let state = (imports::tally.eq(db::to_json(tally)?), imports::done.eq(count(tally.done())));
    diesel::update(imports::table.find(id)).set(state).execute(c)?;
    Ok(())
}

/// Says how it ended. Answers whether it had not ended before.
pub(super) fn finish(
    c: &mut Conn,
    id: &str,
    status: ImportStatus,
    tally: &Tally,
    problem: Option<&ImportProblem>,
    now: UtcTime,
) -> Result<bool> {
    let state = (
        imports::status.eq(status.as_str()),
        imports::tally.eq(db::to_json(tally)?),
        imports::done.eq(count(tally.done())),
        imports::problem.eq(db::to_json_opt(problem.map(serde_json::to_value).transpose()?.as_ref())?),
        imports::finished_at.eq(Some(now)),
    );
    let unfinished = imports::table.find(id).filter(imports::finished_at.is_null());
    Ok(diesel::update(unfinished).set(state).execute(c)? == 1)
}

/// Those on which nobody works any longer: their time ran out or, where one process has the database to itself, another one held them.
pub(super) fn abandoned(c: &mut Conn, only_holder: Option<&str>, now: UtcTime) -> Result<Vec<ImportRow>> {
    let mut left = imports::table.filter(imports::finished_at.is_null()).select(ImportRow::as_select()).into_boxed();
    left = match only_holder {
        Some(holder) => left.filter(imports::holder.ne(holder.to_owned())),
        None => left.filter(imports::held_until.le(now)),
    };
    Ok(left.load(c)?)
}

/// Forgets those that ended long ago, a batch at a time. Answers whether there are more.
pub(super) fn expire(c: &mut Conn, now: UtcTime) -> Result<bool> {
    let old: Vec<String> = imports::table.filter(imports::finished_at.lt(now.plus(-KEPT))).select(imports::id).limit(BATCH).load(c)?;
    diesel::delete(imports::table.filter(imports::id.eq_any(&old))).execute(c)?;
    Ok(count(old.len()) == BATCH)
}
