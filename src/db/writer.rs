//! The one writer of a SQLite database.

use super::data_version::Commits;
use super::work::Work;
use super::{Conn, Target};
use crate::problem::{self, Error, Result};
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use std::iter::Peekable;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::oneshot;

/// At most so many writes share one commit.
const GROUP: usize = 256;
/// How long a write waits for its turn before it is refused: a long one may be before it.
const PATIENCE: Duration = Duration::from_secs(3);

/// Tells a waiting request how its write ended, once the commit is known.
type Finish = Box<dyn FnOnce(Result<()>) + Send>;
/// What writes, or learns why there is nothing to write to.
type Turn = Box<dyn FnOnce(Result<&mut Conn>) -> Done + Send>;

/// A write that waits for its turn.
struct Job {
    turn: Turn,
    /// Whether it shares its transaction with nobody: others would wait for it, though they are done.
    alone: bool,
}

/// What a write leaves behind until its group is committed.
struct Done {
    finish: Finish,
    went: Went,
}

/// How a write went, as far as it matters to the others of its group.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Went {
    Well,
    /// It was rolled back; it may have taken the whole transaction with it.
    Wrong,
    /// It left the connection as nobody knows.
    Panicked,
}

enum Message {
    Job(Job),
    /// Stop, and leave everything in the database file.
    Close(oneshot::Sender<()>),
}

/// Sends writes to the writing thread, which ends with the last of its senders.
#[derive(Clone)]
pub struct Writer(Arc<Sending>);

struct Sending {
    to: Option<mpsc::Sender<Message>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Sending {
    fn drop(&mut self) {
        drop(self.to.take());
        if let Some(thread) = self.thread.take() {
            // A connection that is closed in order leaves nothing in the log of changes, unless others still use it.
            let _ = thread.join();
        }
    }
}

impl Writer {
    /// Starts the thread. It writes by this connection, and by others to the same target where one had to be given up.
    pub fn start(target: Target, conn: Conn, commits: Commits) -> std::result::Result<Self, String> {
        let (to, messages) = mpsc::channel::<Message>();
        let conn = prepared(conn).map_err(|e| format!("cannot prepare the connection that writes: {e}"))?;
        let mut writing = Writing { target, conn: Some(conn), commits };
        let thread = std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || writing.until_closed(&messages))
            .map_err(|e| format!("cannot start the writing thread: {e}"))?;
        Ok(Self(Arc::new(Sending { to: Some(to), thread: Some(thread) })))
    }

    /// Runs one write and waits for its commit; `alone` in a transaction of its own.
    pub async fn run(&self, alone: bool, work: Work) -> Result<()> {
        let (answer, mut answered) = oneshot::channel();
        // Whoever sets it first decides: the thread, that the write begins, or the one who waits, that it does not.
        let decided = Arc::new(AtomicBool::new(false));
        let begins = decided.clone();
        let turn: Turn = Box::new(move |conn| {
            if begins.swap(true, Ordering::AcqRel) {
                return Done { finish: Box::new(|_| {}), went: Went::Well };
            }
            let (result, went) = match conn.map(|c| catch_unwind(AssertUnwindSafe(|| c.transaction(work)))) {
                Ok(Ok(Ok(()))) => (Ok(()), Went::Well),
                Ok(Ok(Err(error))) | Err(error) => (Err(error), Went::Wrong),
                Ok(Err(_)) => (Err(Error::internal("a write panicked")), Went::Panicked),
            };
            let finish = Box::new(move |committed: Result<()>| {
                // What was refused is refused whatever became of the others. Nobody waits any longer if the client has
                // gone: the write stands all the same.
                let _ = answer.send(result.and(committed));
            });
            Done { finish, went }
        });
        self.send(Message::Job(Job { turn, alone }))?;
        if let Ok(answer) = tokio::time::timeout(PATIENCE, &mut answered).await {
            return answer.map_err(|_| problem::unavailable())?;
        }
        if !decided.swap(true, Ordering::AcqRel) {
            return Err(problem::database::Trouble::Busy.into());
        }
        answered.await.map_err(|_| problem::unavailable())?
    }

    /// Ends the thread after the writes that wait; later ones are refused.
    pub async fn close(&self) {
        let (closed, waiting) = oneshot::channel();
        if self.send(Message::Close(closed)).is_ok() {
            let _ = waiting.await;
        }
    }

    fn send(&self, message: Message) -> Result<()> {
        let to = self.0.to.as_ref().ok_or_else(problem::unavailable)?;
        to.send(message).map_err(|_| problem::unavailable())
    }
}

/// The writing thread's own.
struct Writing {
    target: Target,
    /// None after it was given up, until the next write.
    conn: Option<Conn>,
    commits: Commits,
}

impl Writing {
    fn until_closed(&mut self, messages: &mpsc::Receiver<Message>) {
        let mut closing = None;
        while closing.is_none() {
            let Ok(first) = messages.recv() else { break };
            let waiting = std::iter::once(first).chain(messages.try_iter().take(GROUP - 1));
            let mut jobs = Vec::new();
            for message in waiting {
                match message {
                    Message::Job(job) => jobs.push(job),
                    Message::Close(closed) => closing = Some(closed),
                }
            }
            let mut jobs = jobs.into_iter().peekable();
            while jobs.peek().is_some() {
                self.write_group(&mut jobs);
            }
        }
        // Who asks for it has the file to himself. Otherwise SQLite does it with the last connection of all processes.
        if let Some(closed) = closing {
            self.empty_log();
            let _ = closed.send(());
        }
    }

    /// Runs writes in one transaction, a savepoint each, and tells them how it ended. A write that breaks the transaction
    /// ends the group: those before it are lost with it and are told so, those after it are left for the next.
    fn write_group(&mut self, jobs: &mut Peekable<impl Iterator<Item = Job>>) {
        let mut conn = match self.begun() {
            Ok(conn) => conn,
            Err(why) => {
                tracing::error!(error = %why, "cannot begin a write");
                let refused = |job: Job| ((job.turn)(Err(why.refusal())).finish)(Err(why.refusal()));
                return jobs.for_each(refused);
            }
        };
        let mut finishes: Vec<Finish> = Vec::new();
        let (mut broken, mut full) = (false, false);
        while !broken
            && !full
            && let Some(job) = jobs.next_if(|job| finishes.is_empty() || !job.alone)
        {
            let Done { finish, went } = (job.turn)(Ok(&mut conn));
            finishes.push(finish);
            full = job.alone;
            broken = went == Went::Panicked || (went == Went::Wrong && !is_open(&mut conn));
        }
        if broken {
            tracing::error!(writes = finishes.len(), "a write has broken its transaction; its group is refused");
            // Closing the connection rolls back whatever is left.
            drop(conn);
            self.commits.count();
            return finishes.into_iter().for_each(|finish| finish(Err(problem::unavailable())));
        }
        let committed = <Conn as Connection>::TransactionManager::commit_transaction(&mut conn);
        self.commits.count();
        match committed {
            Ok(()) => {
                self.conn = Some(conn);
                finishes.into_iter().for_each(|finish| finish(Ok(())));
            }
            Err(error) => {
                tracing::error!(%error, "cannot commit");
                drop(conn);
                finishes.into_iter().for_each(|finish| finish(Err(problem::database::refusal(&error))));
            }
        }
    }

    /// A connection with a transaction that holds the write lock from its start: one that read first could fail when it
    /// comes to write.
    fn begun(&mut self) -> std::result::Result<Conn, CannotBegin> {
        let mut conn = match self.conn.take() {
            Some(conn) => conn,
            None => {
                let conn = self.target.establish().map_err(CannotBegin::Connection)?;
                prepared(conn).map_err(CannotBegin::Statement)?
            }
        };
        match begin(&mut conn) {
            Ok(()) => Ok(conn),
            Err(error) => Err(CannotBegin::Statement(error)),
        }
    }

    /// Brings what is committed into the database file. It stays in the log if another process reads at the moment, and
    /// nothing is lost by it.
    fn empty_log(&mut self) {
        let conn = self.conn.take().map_or_else(|| self.target.establish(), Ok);
        if let Err(error) = conn.map(|mut c| c.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")) {
            tracing::warn!(%error, "the log of changes could not be emptied");
        }
    }
}

/// Why there is no transaction to write in.
#[derive(Debug, thiserror::Error)]
enum CannotBegin {
    #[error("{0}")]
    Connection(ConnectionError),
    #[error("{0}")]
    Statement(diesel::result::Error),
}

impl CannotBegin {
    fn refusal(&self) -> Error {
        match self {
            Self::Connection(_) => problem::unavailable(),
            Self::Statement(error) => problem::database::refusal(error),
        }
    }
}

/// What a savepoint would restore is kept in memory, not in a file: it is what one write changes.
fn prepared(mut conn: Conn) -> QueryResult<Conn> {
    conn.batch_execute("PRAGMA temp_store = MEMORY")?;
    Ok(conn)
}

fn begin(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE"),
        Conn::Postgres(c) => AnsiTransactionManager::begin_transaction(c),
    }
}

/// Whether the group's transaction is still open after a write was rolled back. A full disk, a failed read, too little
/// memory and `ON CONFLICT ROLLBACK` end it behind diesel's back, and what follows would be committed one by one.
fn is_open(conn: &mut Conn) -> bool {
    let status = <Conn as Connection>::TransactionManager::transaction_manager_status_mut(conn);
    let outermost = status.transaction_depth().is_ok_and(|depth| depth.is_some_and(|depth| depth.get() == 1));
    // SQLite begins no transaction in a transaction.
    outermost && conn.batch_execute("BEGIN").is_err()
}

#[cfg(test)]
mod tests {
    use super::super::{Database, migrate};
    use super::*;
    use crate::db::schema::leases;
    use crate::problem::codes::{self, Code};
    use crate::values::clock::UtcTime;
    use std::sync::mpsc::{Receiver, Sender};
    use std::time::Instant;

    async fn fresh() -> (tempfile::TempDir, Database) {
        let folder = tempfile::tempdir().unwrap();
        let db = Database::open(&Target::in_folder(folder.path()), 2).unwrap();
        migrate::run(&db).await.unwrap();
        (folder, db)
    }

    fn lease(c: &mut Conn, name: &str) -> Result<()> {
        let row = (leases::name.eq(name.to_owned()), leases::holder.eq("test"), leases::held_until.eq(UtcTime::now()));
        diesel::insert_into(leases::table).values(row).execute(c)?;
        Ok(())
    }

    async fn there(db: &Database) -> Vec<String> {
        db.read(|c| Ok(leases::table.order(leases::name).select(leases::name).load(c)?)).await.unwrap()
    }

    /// Holds the writing thread, so that what is written meanwhile becomes one group.
    fn hold(db: &Database) -> Sender<()> {
        let (go, wait): (Sender<()>, Receiver<()>) = mpsc::channel();
        let (db, begun) = (db.clone(), mpsc::channel::<()>());
        let told = begun.0;
        tokio::spawn(async move {
            let held = db.write(move |_| {
                told.send(()).unwrap();
                wait.recv().unwrap();
                Ok(())
            });
            held.await.unwrap();
        });
        begun.1.recv_timeout(Duration::from_secs(5)).unwrap();
        go
    }

    type Write = fn(&mut Conn) -> Result<()>;

    /// Runs writes as one group, in this order; answers how each ended.
    async fn grouped(db: &Database, writes: &[Write]) -> Vec<std::result::Result<(), Option<&'static Code>>> {
        let go = hold(db);
        let mut waiting = Vec::new();
        for write in writes {
            let (db, write) = (db.clone(), *write);
            waiting.push(tokio::spawn(async move { db.write(write).await }));
            // Each must have been sent before the next is.
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        go.send(()).unwrap();
        let mut ended = Vec::new();
        for write in waiting {
            ended.push(write.await.unwrap().map_err(|error| error.code()));
        }
        ended
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn who_waits_too_long_is_refused_and_not_written_later() {
        let (_folder, db) = fresh().await;
        let go = hold(&db);
        let began = Instant::now();
        let refused = db.write(|c| lease(c, "late")).await.unwrap_err();
        assert_eq!(refused.code(), Some(codes::DATABASE_BUSY));
        assert!(began.elapsed() >= PATIENCE);
        go.send(()).unwrap();
        db.write(|c| lease(c, "next")).await.unwrap();
        assert_eq!(there(&db).await, ["next"]);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn who_writes_alone_keeps_nobody_waiting_who_is_done() {
        let (_folder, db) = fresh().await;
        let go = hold(&db);
        let send = |name: &'static str| {
            let db = db.clone();
            tokio::spawn(async move { db.write(move |c| lease(c, name)).await })
        };
        let before = send("before");
        tokio::time::sleep(Duration::from_millis(20)).await;
        let (release, wait): (Sender<()>, Receiver<()>) = mpsc::channel();
        let alone = tokio::spawn({
            let db = db.clone();
            async move {
                let work = move |c: &mut Conn| {
                    wait.recv().unwrap();
                    lease(c, "alone")
                };
                db.write_alone(work).await
            }
        });
        tokio::time::sleep(Duration::from_millis(20)).await;
        let after = send("after");
        go.send(()).unwrap();
        tokio::time::timeout(Duration::from_secs(2), before).await.unwrap().unwrap().unwrap();
        release.send(()).unwrap();
        alone.await.unwrap().unwrap();
        after.await.unwrap().unwrap();
        assert_eq!(there(&db).await, ["after", "alone", "before"]);
    }

    const AWAY: Option<&Code> = Some(codes::DATABASE_UNAVAILABLE);

    #[tokio::test(flavor = "multi_thread")]
    async fn a_panic_costs_its_group_and_nothing_else() {
        let (folder, db) = fresh().await;
        let panics: Write = |c| {
            lease(c, "panics")?;
            panic!("planted");
        };
        let ended = grouped(&db, &[|c| lease(c, "before"), panics, |c| lease(c, "after")]).await;
        // The first was in the transaction that is lost, and is told so; the last found a new one.
        assert_eq!(ended, [Err(AWAY), Err(None), Ok(())]);
        db.write(|c| lease(c, "later")).await.unwrap();
        assert_eq!(there(&db).await, ["after", "later"]);
        drop(db);
        let again = Database::open(&Target::in_folder(folder.path()), 2).unwrap();
        assert_eq!(there(&again).await, ["after", "later"]);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_refusal_costs_nobody_else_anything() {
        let (_folder, db) = fresh().await;
        let ended =
            grouped(&db, &[|c| lease(c, "a"), |c| lease(c, "b").and_then(|()| Err(codes::GOAL_IN_USE.into())), |c| lease(c, "c")]).await;
        assert_eq!(ended, [Ok(()), Err(Some(codes::GOAL_IN_USE)), Ok(())]);
        assert_eq!(there(&db).await, ["a", "c"]);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_error_that_ends_the_transaction_is_noticed() {
        let (_folder, db) = fresh().await;
        let rolls_back: Write = |c| {
            lease(c, "taken")?;
            Ok(diesel::sql_query("INSERT OR ROLLBACK INTO leases (name, holder, held_until) SELECT name, holder, held_until FROM leases")
                .execute(c)
                .map(drop)?)
        };
        let hides_it: Write = |c| {
            lease(c, "hidden")?;
            let _ =
                diesel::sql_query("INSERT OR ROLLBACK INTO leases (name, holder, held_until) SELECT name, holder, held_until FROM leases")
                    .execute(c);
            lease(c, "written after the end")
        };
        for breaks in [rolls_back, hides_it] {
            let ended = grouped(&db, &[|c| lease(c, "before"), breaks, |c| lease(c, "after"), |c| lease(c, "last")]).await;
            assert_eq!((&ended[0], ended[1].is_err(), &ended[2], &ended[3]), (&Err(AWAY), true, &Ok(()), &Ok(())));
            let names = there(&db).await;
            assert!(names.contains(&"after".to_owned()) && names.contains(&"last".to_owned()), "{names:?}");
            assert!(!names.iter().any(|name| ["before", "taken", "hidden"].contains(&name.as_str())), "{names:?}");
            db.write(|c| Ok(diesel::delete(leases::table).execute(c).map(drop)?)).await.unwrap();
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_full_disk_is_a_refusal_and_not_the_end() {
        let (_folder, db) = fresh().await;
        let fills = |c: &mut Conn| {
            c.batch_execute("PRAGMA max_page_count = 1")?;
            let filled = c.batch_execute(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
                 INSERT INTO leases (name, holder, held_until) SELECT 'full ' || i, hex(randomblob(500)), '2026-01-01 00:00:00' FROM n",
            );
            c.batch_execute("PRAGMA max_page_count = 1073741823")?;
            Ok(filled?)
        };
        let ended = grouped(&db, &[|c| lease(c, "before"), fills, |c| lease(c, "after")]).await;
        assert_eq!(ended[1], Err(Some(codes::DATABASE_FULL)));
        db.write(|c| lease(c, "later")).await.unwrap();
        let names = there(&db).await;
        for (name, told) in [("before", &ended[0]), ("after", &ended[2])] {
            assert_eq!(names.contains(&name.to_owned()), told.is_ok(), "{name}: {told:?}, {names:?}");
        }
        assert!(names.contains(&"later".to_owned()) && !names.iter().any(|name| name.starts_with("full")), "{names:?}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn closing_empties_the_log_and_ends_the_writing() {
        let (folder, db) = fresh().await;
        db.write(|c| lease(c, "last")).await.unwrap();
        let log = folder.path().join("binhdang.sqlite3-wal");
        assert!(std::fs::metadata(&log).unwrap().len() > 0);
        db.close().await;
        assert_eq!(std::fs::metadata(&log).unwrap().len(), 0);
        assert_eq!(db.write(|c| lease(c, "late")).await.map_err(|e| e.code()), Err(AWAY));
        assert_eq!(there(&db).await, ["last"]);
    }
}
