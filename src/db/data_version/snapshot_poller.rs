//! Looks at a PostgreSQL database for all who wait: one statement, begun after the last of them asked, answers them all.

use super::super::{Conn, Target};
use crate::problem::{self, Result};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Text;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// How long somebody waits for a look: as long as for a connection.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a database that cannot be reached is tried again: a restart takes a second or two.
const RESTART: Duration = Duration::from_secs(2);
/// How long it takes from one attempt to the next.
const PAUSE: Duration = Duration::from_millis(100);
/// How old a connection grows: whoever moves the database to another server is followed.
const OLD: Duration = Duration::from_secs(300);

type Seen = std::result::Result<Arc<str>, ()>;

/// Sends those who wait to the looking thread.
#[derive(Clone)]
pub struct SnapshotPoller(mpsc::Sender<oneshot::Sender<Seen>>);

impl SnapshotPoller {
    /// Starts the thread; it ends when the last sender is gone.
    pub fn start(target: Target, first: Conn) -> std::result::Result<Self, String> {
        let (sender, waiting) = mpsc::channel::<oneshot::Sender<Seen>>();
        let mut looking = Looking { target, conn: Some((first, Instant::now())) };
        std::thread::Builder::new()
            .name("looks".to_owned())
            .spawn(move || {
                while let Ok(first) = waiting.recv() {
                    // Whoever has lost patience has gone.
                    let all: Vec<_> = std::iter::once(first).chain(waiting.try_iter()).filter(|one| !one.is_closed()).collect();
                    if all.is_empty() {
                        continue;
                    }
                    let seen = catch_unwind(AssertUnwindSafe(|| looking.look())).unwrap_or_else(|_| {
                        looking.conn = None;
                        Err(())
                    });
                    for one in all {
                        let _ = one.send(seen.clone());
                    }
                }
            })
            .map_err(|e| format!("cannot start the looking thread: {e}"))?;
        Ok(Self(sender))
    }

    /// The present snapshot.
    ///
    /// # Errors
    /// 503 if the database is out of reach.
    pub(super) async fn look(&self) -> Result<Arc<str>> {
        let (answer, answered) = oneshot::channel();
        self.0.send(answer).map_err(|_| problem::unavailable())?;
        match tokio::time::timeout(PATIENCE, answered).await {
            Ok(Ok(Ok(seen))) => Ok(seen),
            _ => Err(problem::unavailable()),
        }
    }
}

/// The looking thread's own.
struct Looking {
    target: Target,
    conn: Option<(Conn, Instant)>,
}

impl Looking {
    /// One look. A connection that broke since the last is made anew, and a database that is just starting is waited for.
    fn look(&mut self) -> Seen {
        let began = Instant::now();
        self.conn.take_if(|(_, made)| began.duration_since(*made) > OLD);
        loop {
            match self.attempt() {
                Ok(seen) => return Ok(seen.into()),
                Err(_) if began.elapsed() < RESTART => std::thread::sleep(PAUSE),
                Err(error) => {
                    tracing::error!(%error, "the database is out of reach");
                    return Err(());
                }
            }
        }
    }

    fn attempt(&mut self) -> std::result::Result<String, String> {
        let (c, _) = match &mut self.conn {
            Some(conn) => conn,
            none => none.insert((self.target.establish().map_err(|e| e.to_string())?, Instant::now())),
        };
        sql::<Text>("SELECT pg_current_snapshot()::text").get_result(c).map_err(|error| {
            self.conn = None;
            error.to_string()
        })
    }
}
