//! The pool of connections, and transactions on them.

use super::work::Work;
use super::{Conn, Target};
use crate::problem::{self, Error, Result};
use diesel::connection::{AnsiTransactionManager, InstrumentationEvent, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use diesel::r2d2::{ManageConnection, Pool, PooledConnection};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// How many statements a connection keeps prepared before it is given up. Whoever asks lists by ever other filters makes ever
/// other statements, and each takes memory here and in PostgreSQL.
const STATEMENTS: usize = 300;

/// A connection of the pool.
pub struct Pooled {
    conn: Conn,
    /// How many statements it keeps prepared.
    prepared: Arc<AtomicUsize>,
}

/// The pool; it has at most so many connections.
pub(super) fn open(target: &Target, connections: u32) -> Pool<Target> {
    Pool::builder()
        .max_size(connections)
        .min_idle(Some(1))
        .connection_timeout(Duration::from_secs(5))
        // What begins a transaction shows whether a connection lives: no question of its own.
        .test_on_check_out(false)
        .build_unchecked(target.clone())
}

impl ManageConnection for Target {
    type Connection = Pooled;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> std::result::Result<Pooled, Self::Error> {
        let mut conn = self.establish().map_err(diesel::r2d2::Error::ConnectionError)?;
        let prepared = Arc::new(AtomicUsize::new(0));
        let count = prepared.clone();
        conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if matches!(event, InstrumentationEvent::CacheQuery { .. }) {
                count.fetch_add(1, Ordering::Relaxed);
            }
            super::watched(event);
        });
        Ok(Pooled { conn, prepared })
    }

    fn is_valid(&self, pooled: &mut Pooled) -> std::result::Result<(), Self::Error> {
        pooled.conn.batch_execute("SELECT 1").map_err(diesel::r2d2::Error::QueryError)
    }

    fn has_broken(&self, pooled: &mut Pooled) -> bool {
        std::thread::panicking()
            || pooled.prepared.load(Ordering::Relaxed) > STATEMENTS
            || <Conn as Connection>::TransactionManager::is_broken_transaction_manager(&mut pooled.conn)
    }
}

/// One snapshot for all statements of a read; a deferred SQLite transaction is one already.
pub(super) fn read(pool: &Pool<Target>, work: Work) -> Result<()> {
    in_transaction(pool, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", work)
}

/// Writes. A statement that fails must not be passed over in `work`: PostgreSQL then rolls everything back at the commit and says so
/// to nobody.
pub(super) fn write(pool: &Pool<Target>, work: Work) -> Result<()> {
    in_transaction(pool, "BEGIN", work)
}

/// Does it in a transaction that begins with this statement on PostgreSQL.
fn in_transaction(pool: &Pool<Target>, begin: &str, work: Work) -> Result<()> {
    type Transactions = <Conn as Connection>::TransactionManager;
    let mut pooled = begun(pool, begin)?;
    let c: &mut Conn = &mut pooled.conn;
    match work(c) {
        Ok(()) => Ok(Transactions::commit_transaction(c)?),
        Err(error) => match Transactions::rollback_transaction(c) {
            Ok(()) | Err(diesel::result::Error::BrokenTransactionManager) => Err(error),
            Err(failed) => Err(failed.into()),
        },
    }
}

/// A connection with a transaction. Connections that broke while nobody used them, as all do when PostgreSQL is started anew,
/// show it here and are thrown away; behind the last of them there is a new one.
fn begun(pool: &Pool<Target>, begin: &str) -> Result<PooledConnection<Target>> {
    let mut broken = 0;
    loop {
        let mut pooled = pool.get().map_err(no_connection)?;
        let begun = match &mut pooled.conn {
            Conn::Postgres(c) => AnsiTransactionManager::begin_transaction_sql(c, begin),
            Conn::Sqlite(c) => AnsiTransactionManager::begin_transaction(c),
        };
        match begun {
            Ok(()) => return Ok(pooled),
            Err(error) if broken > pool.max_size() => return Err(error.into()),
            Err(error) => {
                tracing::warn!(%error, "a connection to the database had broken");
                broken += 1;
            }
        }
    }
}

fn no_connection(error: impl std::fmt::Display) -> Error {
    tracing::error!(%error, "no database connection");
    problem::unavailable()
}

#[cfg(test)]
mod tests {
    use super::super::{Database, migrate};
    use super::*;
    use crate::db::fixed;
    use crate::db::schema::goals;

    /// What the lists do: one statement more for each combination of filters.
    fn ask(c: &mut Conn, columns: usize) -> Result<()> {
        let order = fixed::order(vec!["code"; columns + 1].join(", "), true);
        let _: Vec<String> = goals::table.into_boxed().select(goals::code).order_by(order).load(c)?;
        Ok(())
    }

    #[tokio::test]
    async fn a_connection_that_keeps_too_many_statements_is_given_up() {
        let folder = tempfile::tempdir().unwrap();
        let db = Database::open(&Target::in_folder(folder.path()), 1).unwrap();
        migrate::run(&db).await.unwrap();
        let kept = || db.pool.get().unwrap().prepared.load(Ordering::Relaxed);
        for round in 0..2 {
            for columns in 0..=STATEMENTS {
                db.read(move |c| ask(c, columns)).await.unwrap();
                assert!(kept() <= STATEMENTS, "{round}: {}", kept());
            }
        }
        let before = kept();
        db.read(|c| ask(c, 3)).await.unwrap();
        db.read(|c| ask(c, 3)).await.unwrap();
        assert!(kept() <= before + 1, "the same statement is prepared once");
    }
}
