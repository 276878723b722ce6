//! Looks at a PostgreSQL database for all who wait: one statement, begun after the last of them asked, answers them all.

use super::super::{Conn, Target};
use super::{DataVersion, DataVersions, EVENTS, EventRow, Kinds, Sign, kinds_of, take_in};
use crate::problem::{self, Error, Result};
use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Nullable, Text};
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

type Seen = std::result::Result<DataVersion, ()>;

/// Sends those who wait to the looking thread.
#[derive(Clone)]
pub struct SnapshotPoller {
    waiting: mpsc::Sender<oneshot::Sender<Seen>>,
    versions: DataVersions,
}

impl SnapshotPoller {
    /// Starts the thread; it ends when the last sender is gone.
    pub fn start(target: Target, first: Conn) -> std::result::Result<Self, String> {
        let (sender, waiting) = mpsc::channel::<oneshot::Sender<Seen>>();
        let versions = DataVersions::new();
        let mut looking = Looking { target, conn: Some((first, Instant::now())), versions: versions.clone(), last: None };
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
                        looking.give_up();
                        Err(())
                    });
                    for one in all {
                        let _ = one.send(seen.clone());
                    }
                }
            })
            .map_err(|e| format!("cannot start the looking thread: {e}"))?;
        Ok(Self { waiting: sender, versions })
    }

    pub(super) fn versions(&self) -> &DataVersions {
        &self.versions
    }

    /// The present state.
    ///
    /// # Errors
    /// 503 if the database is out of reach.
    pub(super) async fn look(&self) -> Result<DataVersion> {
        let (answer, answered) = oneshot::channel();
        self.waiting.send(answer).map_err(|_| problem::unavailable())?;
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
    versions: DataVersions,
    /// The last look by this connection. Another one may lead to another server, whose transactions are counted anew.
    last: Option<Look>,
}

struct Look {
    snapshot: Arc<str>,
    seen: u64,
}

impl Look {
    fn version(&self) -> DataVersion {
        DataVersion { sign: Sign::Postgres(self.snapshot.clone()), seen: self.seen }
    }
}

/// An event beside the snapshot of the statement that found it; the snapshot alone if there is none.
#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    snapshot: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    transaction: Option<i64>,
    #[diesel(embed)]
    told: EventRow,
}

impl Looking {
    /// One look. A connection that broke since the last is made anew, and a database that is just starting is waited for.
    fn look(&mut self) -> Seen {
        let began = Instant::now();
        if self.conn.as_ref().is_some_and(|(_, made)| began.duration_since(*made) > OLD) {
            self.give_up();
        }
        loop {
            match self.attempt() {
                Ok(seen) => return Ok(seen),
                Err(_) if began.elapsed() < RESTART => std::thread::sleep(PAUSE),
                Err(error) => {
                    tracing::error!(%error, "the database is out of reach");
                    return Err(());
                }
            }
        }
    }

    fn give_up(&mut self) {
        self.conn = None;
        self.last = None;
    }

    fn attempt(&mut self) -> std::result::Result<DataVersion, String> {
        self.attempted().inspect_err(|_| self.give_up())
    }

    fn attempted(&mut self) -> std::result::Result<DataVersion, String> {
        let (c, _) = match &mut self.conn {
            Some(conn) => conn,
            none => none.insert((self.target.establish().map_err(|e| e.to_string())?, Instant::now())),
        };
        let snapshot: String = PresentSnapshot.get_result(c).map_err(|e| e.to_string())?;
        let look = match &self.last {
            Some(last) if *last.snapshot == *snapshot => return Ok(last.version()),
            Some(last) => {
                let Conn::Postgres(c) = c else { return Err("a look by snapshots at another database".to_owned()) };
                let (snapshot, rows) = committed_since(c, &last.snapshot)?;
                Look { snapshot: snapshot.into(), seen: take_in(&self.versions, rows) }
            }
            None => Look { snapshot: snapshot.into(), seen: self.versions.lost() },
        };
        let version = look.version();
        self.last = Some(look);
        Ok(version)
    }
}

/// The snapshot of a statement, as a query that diesel prepares once.
#[derive(Debug, Clone, Copy, QueryId)]
struct PresentSnapshot;

impl Query for PresentSnapshot {
    type SqlType = Text;
}

impl<DB: Backend> QueryFragment<DB> for PresentSnapshot {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        pass.push_sql("SELECT pg_current_snapshot()::text");
        Ok(())
    }
}

impl<C> RunQueryDsl<C> for PresentSnapshot {}

/// Which kinds of rows were changed by events that this connection's transaction sees and the snapshot of a look did not.
pub(super) fn changed_since(c: &mut PgConnection, before: &str) -> Result<Kinds> {
    let snapshot: String = PresentSnapshot.get_result(c)?;
    if snapshot == before {
        return Ok(Kinds::NONE);
    }
    let (_, rows) = committed_since(c, before).map_err(Error::internal)?;
    if rows.len() > EVENTS {
        return Ok(Kinds::ALL);
    }
    Ok(kinds_of(rows.iter().map(|row| row.resource.as_str())))
}

/// The present snapshot, and the events that it shows and an earlier one did not: what came into being before may have been
/// committed since. More than [`EVENTS`] where there are too many to tell.
fn committed_since(c: &mut PgConnection, before: &str) -> std::result::Result<(String, Vec<EventRow>), String> {
    let before = Snapshot::parse(before).ok_or_else(|| format!("{before} is no snapshot"))?;
    // Sorted and bounded, so that the index is used whatever the planner thinks of the bound.
    let found: Vec<Found> = diesel::sql_query(
        "SELECT pg_current_snapshot()::text AS snapshot, e.transaction_id AS transaction, coalesce(e.resource, '') AS resource,
                e.jurisdiction, j.code AS known, j.parent, p.parent AS grandparent
         FROM (VALUES (1)) AS one
         LEFT JOIN (SELECT resource, jurisdiction, transaction_id FROM changes WHERE transaction_id >= $1
                    ORDER BY transaction_id DESC LIMIT $2) AS e ON TRUE
         LEFT JOIN jurisdictions AS j ON j.code = e.jurisdiction
         LEFT JOIN jurisdictions AS p ON p.code = j.parent",
    )
    .bind::<BigInt, _>(before.first)
    .bind::<BigInt, _>(i64::try_from(EVENTS).unwrap_or(i64::MAX).saturating_add(1))
    .load(c)
    .map_err(|e| e.to_string())?;
    let snapshot = found.first().map(|found| found.snapshot.clone()).ok_or("a look that answers nothing")?;
    let bounded = found.len() <= EVENTS;
    let new = |found: &Found| found.transaction.is_some_and(|id| !bounded || !before.shows(id));
    Ok((snapshot, found.into_iter().filter(new).map(|found| found.told).collect()))
}

/// Which transactions had ended at an instant (`pg_snapshot`: first, next and those between that still ran).
#[derive(Debug, Clone, PartialEq, Eq)]
struct Snapshot {
    /// All before it had ended.
    first: i64,
    /// It and all after it had not begun.
    next: i64,
    running: Vec<i64>,
}

impl Snapshot {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, ':');
        let (first, next) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let running: Option<Vec<i64>> = parts.next()?.split(',').filter(|id| !id.is_empty()).map(|id| id.parse().ok()).collect();
        Some(Self { first, next, running: running? })
    }

    /// Whether what this transaction has committed shows.
    fn shows(&self, transaction: i64) -> bool {
        transaction < self.first || (transaction < self.next && !self.running.contains(&transaction))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_snapshot_is_read_as_postgresql_writes_it() {
        let snapshot = Snapshot::parse("10:20:10,14,15").unwrap();
        assert_eq!(snapshot, Snapshot { first: 10, next: 20, running: vec![10, 14, 15] });
        assert_eq!([9, 10, 11, 14, 15, 19, 20, 21].map(|id| snapshot.shows(id)), [true, false, true, false, false, true, false, false]);
        assert_eq!(Snapshot::parse("7:7:"), Some(Snapshot { first: 7, next: 7, running: vec![] }));
        assert!(["", "7", "7:8", "a:b:", "7:8:c"].iter().all(|text| Snapshot::parse(text).is_none()));
    }

    proptest! {
        /// Transactions begin in the order of their ids and end in any order. Each that commits is found by exactly one look:
        /// the first after its commit.
        #[test]
        fn every_commit_is_found_once(steps in proptest::collection::vec((0_u8..4, any::<proptest::sample::Index>()), 1..80)) {
            let (mut next, mut running) = (100_i64, BTreeSet::new());
            let (mut committed, mut unfound, mut found) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
            let look = |running: &BTreeSet<i64>, next: i64| {
                let first = running.first().copied().unwrap_or(next);
                let list: Vec<String> = running.iter().map(ToString::to_string).collect();
                Snapshot::parse(&format!("{first}:{next}:{}", list.join(","))).unwrap()
            };
            let mut before = look(&running, next);
            for (step, which) in steps {
                match step {
                    0 => {
                        running.insert(next);
                        next += 1;
                    }
                    1 | 2 if !running.is_empty() => {
                        let id = *which.get(&running.iter().copied().collect::<Vec<_>>());
                        running.remove(&id);
                        if step == 1 {
                            committed.insert(id);
                            unfound.insert(id);
                        }
                    }
                    _ => {
                        // What the statement sees is what is committed; it begins at the earlier snapshot's first.
                        let new: BTreeSet<i64> = committed.iter().copied().filter(|id| *id >= before.first && !before.shows(*id)).collect();
                        prop_assert_eq!(&new, &unfound);
                        prop_assert!(new.is_disjoint(&found));
                        found.extend(std::mem::take(&mut unfound));
                        before = look(&running, next);
                    }
                }
            }
        }
    }
}
