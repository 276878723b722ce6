//! Looks at a SQLite file.

use super::super::Conn;
use super::{DataVersion, DataVersions, EVENTS, EventRow, Kinds, Sign, kinds_of, take_in};
use crate::problem::{Error, Result};
use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Text};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// `PRAGMA data_version`, as a query that diesel prepares once: it is asked with every request.
#[derive(Debug, Clone, Copy, QueryId)]
struct DataVersionPragma;

impl Query for DataVersionPragma {
    type SqlType = BigInt;
}

impl<DB: Backend> QueryFragment<DB> for DataVersionPragma {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        pass.push_sql("PRAGMA data_version");
        Ok(())
    }
}

impl<C> RunQueryDsl<C> for DataVersionPragma {}

/// How long a look at a SQLite file holds for what other processes commit, such as the command line. This process knows
/// of its own commits and looks anew after each.
const HOLDS: Duration = Duration::from_millis(1);

/// How many times this process has committed.
#[derive(Clone, Default)]
pub struct Commits(Arc<AtomicU64>);

impl Commits {
    /// To be called after a commit and before anybody is told of it.
    pub fn count(&self) {
        self.0.fetch_add(1, Ordering::Release);
    }
}

/// The connection that watches a SQLite database; it writes nothing.
#[derive(Clone)]
pub struct FileWatch {
    commits: Commits,
    versions: DataVersions,
    watched: Arc<Mutex<Watched>>,
}

struct Watched {
    conn: Conn,
    last: Option<Look>,
}

struct Look {
    sign: i64,
    seen: u64,
    /// The last event.
    event: LastEvent,
    commits: u64,
    at: Instant,
}

/// An event by its row. SQLite commits one transaction at a time, so that events are committed in the order of their rows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, QueryableByName)]
pub(super) struct LastEvent {
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = Text)]
    id: String,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(embed)]
    event: LastEvent,
    #[diesel(embed)]
    told: EventRow,
}

impl FileWatch {
    /// Watches by this connection; `commits` counts those of all others of this process.
    pub fn of(conn: Conn, commits: Commits) -> Self {
        Self { commits, versions: DataVersions::new(), watched: Arc::new(Mutex::new(Watched { conn, last: None })) }
    }

    pub(super) fn versions(&self) -> &DataVersions {
        &self.versions
    }

    /// A few microseconds: it looks at shared memory, not at the disk, so it runs on the worker itself.
    pub(super) fn look(&self) -> Result<DataVersion> {
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        let Watched { conn, last } = &mut *watched;
        // Both are read before the data are: what happens meanwhile shows at the next look.
        let (commits, at) = (self.commits.0.load(Ordering::Acquire), Instant::now());
        if let Some(last) = last
            && last.commits == commits
            && at.duration_since(last.at) < HOLDS
        {
            return Ok(last.version());
        }
        let sign = DataVersionPragma.get_result(conn)?;
        if let Some(last) = last
            && last.sign == sign
        {
            (last.commits, last.at) = (commits, at);
            return Ok(last.version());
        }
        let (seen, event) = self.events(conn, last.as_ref())?;
        let look = Look { sign, seen, event, commits, at };
        let version = look.version();
        *last = Some(look);
        Ok(version)
    }

    /// Takes in the events that were committed since the look before.
    fn events(&self, conn: &mut Conn, last: Option<&Look>) -> Result<(u64, LastEvent)> {
        let c = match conn {
            Conn::Sqlite(c) => c,
            Conn::Postgres(_) => return Err(Error::internal("a watch on a file by another connection")),
        };
        if let Some(last) = last {
            let mut found: Vec<Found> = since(c, &last.event)?;
            // The last event must still be where it was: removing old ones and `VACUUM` may number the rest anew.
            let there = found.first().map_or(last.event.number == 0, |first| last.event.number == 0 || first.event == last.event);
            if there && found.len() <= EVENTS {
                if last.event.number > 0 {
                    found.remove(0);
                }
                let event = found.last().map_or_else(|| last.event.clone(), |found| found.event.clone());
                return Ok((take_in(&self.versions, found.into_iter().map(|found| found.told).collect()), event));
            }
        }
        Ok((self.versions.lost(), newest(c)?))
    }
}

/// This event and those after it.
fn since(c: &mut SqliteConnection, last: &LastEvent) -> QueryResult<Vec<Found>> {
    diesel::sql_query(
        "SELECT e.rowid AS number, e.id, e.resource, e.jurisdiction, j.code AS known, j.parent, p.parent AS grandparent
         FROM changes AS e LEFT JOIN jurisdictions AS j ON j.code = e.jurisdiction LEFT JOIN jurisdictions AS p ON p.code = j.parent
         WHERE e.rowid >= ? ORDER BY e.rowid LIMIT ?",
    )
    .bind::<BigInt, _>(last.number)
    .bind::<BigInt, _>(i64::try_from(EVENTS).unwrap_or(i64::MAX).saturating_add(1))
    .load(c)
}

impl Look {
    fn version(&self) -> DataVersion {
        DataVersion { sign: Sign::Sqlite(self.sign, self.event.clone()), seen: self.seen }
    }
}

/// The last event, as a query that diesel prepares once: every read that uses models asks it.
#[derive(Debug, Clone, Copy, QueryId)]
struct Newest;

impl Query for Newest {
    type SqlType = (BigInt, Text);
}

impl<DB: Backend> QueryFragment<DB> for Newest {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        pass.push_sql("SELECT rowid, id FROM changes ORDER BY rowid DESC LIMIT 1");
        Ok(())
    }
}

impl<C> RunQueryDsl<C> for Newest {}

fn newest(c: &mut SqliteConnection) -> QueryResult<LastEvent> {
    let found: Option<(i64, String)> = Newest.get_result(c).optional()?;
    Ok(found.map_or_else(LastEvent::default, |(number, id)| LastEvent { number, id }))
}

/// Which kinds of rows were changed by events that this connection sees and a look that ended with `last` did not.
pub(super) fn changed_since(c: &mut SqliteConnection, last: &LastEvent) -> Result<Kinds> {
    if newest(c)? == *last {
        return Ok(Kinds::NONE);
    }
    let found: Vec<Found> = since(c, last)?;
    let there = last.number == 0 || found.first().is_some_and(|first| first.event == *last);
    if !there || found.len() > EVENTS {
        return Ok(Kinds::ALL);
    }
    Ok(kinds_of(found.iter().filter(|found| found.event != *last).map(|found| found.told.resource.as_str())))
}

#[cfg(test)]
mod tests {
    use super::super::super::{Database, Target, migrate};
    use super::*;
    use crate::db::schema::{changes, leases};
    use crate::values::clock::UtcTime;

    fn taken(c: &mut Conn, name: &str) -> Result<()> {
        let row = (leases::name.eq(name), leases::holder.eq("test"), leases::held_until.eq(UtcTime::now()));
        diesel::insert_into(leases::table).values(row).execute(c)?;
        Ok(())
    }

    fn told(c: &mut Conn, id: &str, resource: &str) -> Result<()> {
        let row = (
            changes::id.eq(id),
            changes::at.eq(UtcTime::now()),
            changes::change_type.eq("thing.changed"),
            changes::resource.eq(resource),
            changes::resource_id.eq("1"),
            changes::version.eq(1),
        );
        diesel::insert_into(changes::table).values(row).execute(c)?;
        Ok(())
    }

    async fn fresh() -> (tempfile::TempDir, Target, Database) {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::in_folder(folder.path());
        let db = Database::open(&target, 2).unwrap();
        migrate::run(&db).await.unwrap();
        (folder, target, db)
    }

    #[tokio::test]
    async fn every_commit_shows_and_nothing_else_does() {
        let (_folder, target, db) = fresh().await;
        let first = db.data_version().await.unwrap();
        db.read(|c| Ok(leases::table.count().get_result::<i64>(c)?)).await.unwrap();
        assert_eq!(db.data_version().await.unwrap(), first);
        db.write(|c| taken(c, "a")).await.unwrap();
        let second = db.data_version().await.unwrap();
        assert_ne!(second, first);
        // Another process writes the same file.
        let mut other = target.establish().unwrap();
        taken(&mut other, "b").unwrap();
        tokio::time::sleep(HOLDS).await;
        assert_ne!(db.data_version().await.unwrap(), second);
    }

    #[tokio::test]
    async fn events_tell_what_has_changed_and_housekeeping_tells_nothing() {
        let (_folder, target, db) = fresh().await;
        let mut other = target.establish().unwrap();
        let versions = db.data_versions().clone();
        let mut n = 0;
        for rows in [1, EVENTS, EVENTS + 1] {
            let seen = db.data_version().await.unwrap().seen();
            let (goals, tasks) = (versions.reads(Kinds::GOAL, seen, None), versions.reads(Kinds::TASK, seen, None));
            db.write(move |c| taken(c, &format!("a{rows}"))).await.unwrap();
            assert_eq!(db.data_version().await.unwrap().seen(), seen);
            other
                .transaction(|c| {
                    (0..rows).try_for_each(|_| {
                        n += 1;
                        told(c, &n.to_string(), "goal")
                    })
                })
                .unwrap();
            tokio::time::sleep(HOLDS).await;
            db.data_version().await.unwrap();
            assert!(!versions.unchanged(&goals));
            // More than a look takes in may be anything.
            assert_eq!(versions.unchanged(&tasks), rows < EVENTS, "{rows}");
        }
    }

    #[tokio::test]
    async fn a_row_in_another_s_place_may_be_anything() {
        let (_folder, target, db) = fresh().await;
        let mut other = target.establish().unwrap();
        for n in 0..5 {
            told(&mut other, &n.to_string(), "goal").unwrap();
        }
        let seen = db.data_version().await.unwrap().seen();
        let tasks = db.data_versions().reads(Kinds::TASK, seen, None);
        diesel::delete(changes::table.filter(changes::id.eq("4"))).execute(&mut other).unwrap();
        told(&mut other, "another", "goal").unwrap();
        tokio::time::sleep(HOLDS).await;
        db.data_version().await.unwrap();
        assert!(!db.data_versions().unchanged(&tasks));
    }
}
