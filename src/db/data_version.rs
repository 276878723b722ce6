//! A cheap sign of the state of the data: as long as it stays the same, nothing that was committed has changed. What was
//! computed under a version is right as long as the version is the present one, also while other servers write. On SQLite
//! what another process commits shows after at most a millisecond.

mod snapshot_poller;

pub(super) use snapshot_poller::SnapshotPoller;

use super::{Conn, Database};
use crate::problem::Result;
use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::BigInt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The sign. Versions are only compared.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DataVersion(Kind);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Kind {
    /// `PRAGMA data_version` of the one connection that asks: it changes with every commit of any other connection.
    Sqlite(i64),
    /// The snapshot of a statement: transactions that have ended since would show in it.
    Postgres(Arc<str>),
}

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

/// What looks at a database.
#[derive(Clone)]
pub(super) enum Watch {
    Sqlite(FileWatch),
    Postgres(SnapshotPoller),
}

/// How long a look at a SQLite file holds for what other processes commit, such as the command line. This process knows
/// of its own commits and looks anew after each.
const HOLDS: Duration = Duration::from_millis(1);

/// How many times this process has committed.
#[derive(Clone, Default)]
pub(super) struct Commits(Arc<AtomicU64>);

impl Commits {
    /// To be called after a commit and before anybody is told of it.
    pub(super) fn count(&self) {
        self.0.fetch_add(1, Ordering::Release);
    }
}

/// The connection that watches a SQLite database; it writes nothing.
#[derive(Clone)]
pub(super) struct FileWatch {
    commits: Commits,
    watched: Arc<Mutex<Watched>>,
}

struct Watched {
    conn: Conn,
    last: Option<Look>,
}

#[derive(Clone, Copy)]
struct Look {
    version: i64,
    commits: u64,
    at: Instant,
}

impl FileWatch {
    /// Watches by this connection; `commits` counts those of all others of this process.
    pub(super) fn of(conn: Conn, commits: Commits) -> Self {
        Self { commits, watched: Arc::new(Mutex::new(Watched { conn, last: None })) }
    }

    /// A few microseconds: it looks at shared memory, not at the disk, so it runs on the worker itself.
    fn look(&self) -> Result<DataVersion> {
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        // Both are read before the data are: what happens meanwhile shows at the next look.
        let (commits, at) = (self.commits.0.load(Ordering::Acquire), Instant::now());
        let look = match watched.last {
            Some(last) if last.commits == commits && at.duration_since(last.at) < HOLDS => last,
            _ => Look { version: DataVersionPragma.get_result(&mut watched.conn)?, commits, at },
        };
        watched.last = Some(look);
        Ok(DataVersion(Kind::Sqlite(look.version)))
    }
}

impl Database {
    /// The present stamp.
    ///
    /// # Errors
    /// 503 if the database is out of reach.
    pub async fn data_version(&self) -> Result<DataVersion> {
        match &self.watch {
            Watch::Sqlite(watch) => watch.look(),
            Watch::Postgres(snapshot_poller) => Ok(DataVersion(Kind::Postgres(snapshot_poller.look().await?))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Target, migrate};
    use super::*;
    use crate::db::schema::leases;
    use crate::values::clock::UtcTime;

    fn taken(c: &mut Conn, name: &str) -> Result<()> {
        let row = (leases::name.eq(name), leases::holder.eq("test"), leases::held_until.eq(UtcTime::now()));
        diesel::insert_into(leases::table).values(row).execute(c)?;
        Ok(())
    }

    #[tokio::test]
    async fn every_commit_shows_and_nothing_else_does() {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::in_folder(folder.path());
        let db = Database::open(&target, 2).unwrap();
        migrate::run(&db).await.unwrap();
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
}
