//! In which order changes are told: that of their commits, so that who follows misses nothing.
//!
//! A number that a row gets when it is inserted is no such order. Of two transactions that write at once the one with the
//! lower number may commit last, and a reader who has seen the higher one would never come back for it. So a change has no
//! place in the feed until it is committed. Whoever wants to read first lets those that wait be placed ([`settle`]): in a
//! transaction of its own, one at a time of all servers, by the order of their insertion, on from the last place given.
//! Then:
//!
//! - What has a place was committed, and is told only with it. A transaction that commits late gets a later place, whatever its
//!   rows' insertion numbers are; nobody can have passed it.
//! - Places become visible in their order. The lock is held until the placing is committed, and the next one takes its
//!   snapshot after it has the lock (`READ COMMITTED`: each statement has its own, and the lock is a statement before). So a
//!   snapshot in which a place shows shows all before it.
//! - Changes of one row are told in the order in which they were made. A change is recorded while its row is held, so its
//!   insertion number is above that of every change of the row before; and that one was committed, hence placed, no later. The
//!   same holds for a change that follows from another one that was read.
//! - Each is told once: `position` is unique and never changes, and the counter stands in a row of its own, so that no place
//!   is given again when all changes were forgotten.
//!
//! SQLite commits one transaction at a time and numbers are given while it holds the only right to write, so that a trigger
//! places each change as it is inserted, from the same counter, in the transaction of the effect: nothing ever waits there, and
//! neither a statement nor a commit is spent on it.

use crate::db::schema::{change_counter, changes};
use crate::db::{self, BATCH, Conn, Database};
use crate::problem::Result;
use crate::values::clock::UtcTime;
use chrono::TimeDelta;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

/// For how long changes are kept.
const KEPT: TimeDelta = TimeDelta::days(400);

/// So many changes are placed in one transaction.
const PLACED_AT_ONCE: usize = 1000;

/// Which places there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Places {
    /// The last that was given; 0 if none was.
    pub last: i64,
    /// The last whose change is no longer kept; 0 if all are.
    pub forgotten: i64,
}

/// Which places there are.
///
/// # Errors
/// If the database fails.
pub fn places(c: &mut Conn) -> Result<Places> {
    let (last, forgotten) = change_counter::table.find(1).select((change_counter::position, change_counter::forgotten)).first(c)?;
    Ok(Places { last, forgotten })
}

/// Gives a place to every change that was committed before; what is committed meanwhile is not waited for.
///
/// # Errors
/// If the database fails.
pub async fn settle(db: &Database) -> Result<()> {
    // Where there is one writer, each has its place already.
    while db.is_postgres() && db.read(waits).await? {
        if db.write(place).await? < PLACED_AT_ONCE {
            break;
        }
    }
    Ok(())
}

/// Whether a change that was committed has no place yet.
fn waits(c: &mut Conn) -> Result<bool> {
    let waiting = changes::table.filter(changes::position.is_null()).order(changes::insertion);
    Ok(waiting.select(changes::id).first::<String>(c).optional()?.is_some())
}

/// Gives the next places to the first of those that wait; answers how many.
fn place(c: &mut Conn) -> Result<usize> {
    db::lock_name(c, "changes")?;
    let Conn::Postgres(c) = c else { return Ok(0) };
    let placed = diesel::sql_query(
        "WITH waiting AS (
             SELECT id, row_number() OVER (ORDER BY insertion, id) AS place FROM changes WHERE position IS NULL
             ORDER BY insertion, id LIMIT $1
         ), counted AS (
             UPDATE change_counter SET position = position + (SELECT count(*) FROM waiting) WHERE id = 1
             RETURNING position - (SELECT count(*) FROM waiting) AS last
         )
         UPDATE changes SET position = counted.last + waiting.place FROM waiting, counted WHERE changes.id = waiting.id",
    )
    .bind::<BigInt, _>(i64::try_from(PLACED_AT_ONCE).unwrap_or(i64::MAX))
    .execute(c)?;
    Ok(placed)
}

/// Forgets, a batch at a time, what is older than is kept. Answers whether there is more.
///
/// Those that go are the first places and nothing between, so that one number says which cursors still lead on.
///
/// # Errors
/// If the database fails.
pub fn forget(c: &mut Conn, now: UtcTime) -> Result<bool> {
    let before = now.plus(-KEPT);
    let placed = changes::table.filter(changes::position.is_not_null()).order(changes::position);
    let first: Vec<(Option<i64>, UtcTime)> = placed.select((changes::position, changes::at)).limit(BATCH).load(c)?;
    let old = first.iter().take_while(|(_, at)| *at < before).filter_map(|(position, _)| *position);
    let Some(last) = old.last() else { return Ok(false) };
    diesel::delete(changes::table.filter(changes::position.le(last))).execute(c)?;
    diesel::update(change_counter::table.find(1)).set(change_counter::forgotten.eq(last)).execute(c)?;
    Ok(i64::try_from(first.len()).is_ok_and(|found| found == BATCH) && first.last().is_some_and(|(_, at)| *at < before))
}
