//! The one writer of a SQLite database.

use super::Conn;
use super::stamp::Commits;
use crate::problem::{self, Error, Result};
use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use tokio::sync::oneshot;

/// At most so many writes share one commit.
const GROUP: usize = 256;

/// Tells a waiting request how its write ended, once the commit is known.
type Finish = Box<dyn FnOnce(Result<()>) + Send>;
type Job = Box<dyn FnOnce(&mut Conn) -> Finish + Send>;

/// Sends writes to the writing thread.
#[derive(Clone)]
pub struct Writer(mpsc::Sender<Job>);

impl Writer {
    /// Starts the thread; it ends when the last sender is gone.
    pub fn start(mut conn: Conn, commits: Commits) -> std::result::Result<Self, String> {
        let (sender, jobs) = mpsc::channel::<Job>();
        std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || {
                while let Ok(first) = jobs.recv() {
                    let group = std::iter::once(first).chain(jobs.try_iter().take(GROUP - 1));
                    run_group(&mut conn, &commits, group);
                }
            })
            .map_err(|e| format!("cannot start the writing thread: {e}"))?;
        Ok(Self(sender))
    }

    /// Runs one write and waits for its commit.
    pub async fn run<T: Send + 'static>(&self, f: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |c| {
            let result = catch_unwind(AssertUnwindSafe(|| c.transaction(f))).unwrap_or_else(|_| Err(Error::internal("a write panicked")));
            Box::new(move |committed| {
                // Nobody waits any longer if the client has gone: the write stands all the same.
                let _ = answer.send(committed.and(result));
            })
        });
        self.0.send(job).map_err(|_| problem::unavailable())?;
        answered.await.map_err(|_| problem::unavailable())?
    }
}

fn run_group(conn: &mut Conn, commits: &Commits, group: impl Iterator<Item = Job>) {
    let begun = begin(conn);
    if let Err(error) = begun {
        tracing::error!(%error, "cannot begin a write");
        for job in group {
            drop(job);
        }
        return;
    }
    let finishes: Vec<Finish> = group.map(|job| job(conn)).collect();
    let committed = <Conn as Connection>::TransactionManager::commit_transaction(conn);
    commits.count();
    match committed {
        Ok(()) => finishes.into_iter().for_each(|finish| finish(Ok(()))),
        Err(error) => {
            tracing::error!(%error, "cannot commit");
            let _ = <Conn as Connection>::TransactionManager::rollback_transaction(conn);
            finishes.into_iter().for_each(|finish| finish(Err(problem::unavailable())));
        }
    }
}

/// A transaction that holds the write lock from its start: one that read first could fail when it comes to write.
fn begin(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE"),
        Conn::Postgres(c) => AnsiTransactionManager::begin_transaction(c),
    }
}
