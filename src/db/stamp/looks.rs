//! Looks at a PostgreSQL database for all who wait: one statement, begun after the last of them asked, answers them all.

use super::super::{Conn, Target};
use crate::problem::{self, Result};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Text;
use std::sync::{Arc, mpsc};
use std::time::Duration;
use tokio::sync::oneshot;

/// How long somebody waits for a look: as long as for a connection.
const PATIENCE: Duration = Duration::from_secs(5);

type Seen = std::result::Result<Arc<str>, ()>;

/// Sends those who wait to the looking thread.
#[derive(Clone)]
pub struct Looks(mpsc::Sender<oneshot::Sender<Seen>>);

impl Looks {
    /// Starts the thread; it ends when the last sender is gone.
    pub fn start(target: Target, first: Conn) -> std::result::Result<Self, String> {
        let (sender, waiting) = mpsc::channel::<oneshot::Sender<Seen>>();
        std::thread::Builder::new()
            .name("looks".to_owned())
            .spawn(move || {
                let mut conn = Some(first);
                while let Ok(first) = waiting.recv() {
                    let all: Vec<_> = std::iter::once(first).chain(waiting.try_iter()).collect();
                    let seen = look(&target, &mut conn);
                    for one in all {
                        // Whoever has lost patience has gone.
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

/// One look; a connection that has broken since the last is made anew once.
fn look(target: &Target, conn: &mut Option<Conn>) -> Seen {
    let snapshot = |c: &mut Conn| sql::<Text>("SELECT pg_current_snapshot()::text").get_result::<String>(c);
    if let Some(seen) = conn.as_mut().and_then(|c| snapshot(c).ok()) {
        return Ok(seen.into());
    }
    *conn = None;
    let fresh = target.establish().map_err(|error| tracing::error!(%error, "no database connection"))?;
    let seen = snapshot(conn.insert(fresh)).map_err(|error| tracing::error!(%error, "the database is out of reach"));
    if seen.is_err() {
        *conn = None;
    }
    seen.map(Into::into)
}
