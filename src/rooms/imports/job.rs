//! Imports that go on after their request was answered: one at a time in each process, each held by a lease.
//!
//! An `atomic` one is checked whole outside any transaction that writes; then one transaction writes what was found right, if each
//! report and what is asked of it are of the versions that were read. What changed meanwhile sends it back to the beginning, and is
//! checked once more in the transaction that writes. A `partial` one is written some reports at a time, each time together with the counts. So whenever a server dies, the counts say
//! what was written.

use super::run::{Run, Tally};
use super::staged::Staged;
use super::table;
use super::wire::{ImportOut, ImportProblem, ImportStatus, Mode};
use crate::actor::Actor;
use crate::app_state::AppState;
use crate::auth::store;
use crate::db::Conn;
use crate::problem::{Error, Language, Problem, Result, codes};
use crate::values::clock::UtcTime;
use std::pin::pin;
use std::sync::atomic::Ordering;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;

/// This process, as the rows of imports name it.
pub(super) static HOLDER: LazyLock<String> = LazyLock::new(|| uuid::Uuid::now_v7().to_string());
/// Checking keeps a core busy: one import at a time.
static TURN: Semaphore = Semaphore::const_new(1);

/// How many rows are worked on between two looks at whether to go on.
const STEP: usize = 5000;
/// How often it is told how far an import is.
const RENEWAL: Duration = Duration::from_millis(500);
/// How often an import begins again because what it read has changed.
const ATTEMPTS: usize = 5;
/// How often a step is tried that the database refuses for the moment.
const RETRIES: u32 = 5;

/// What is to be imported, and how.
pub struct Job {
    /// The rows.
    pub staged: Staged,
    /// What becomes of the good ones if there are bad ones.
    pub mode: Mode,
    /// Whether nothing is written.
    pub dry_run: bool,
}

/// Works on an import that a row tells of until it is over. Whatever happens is written down.
pub(super) async fn work(app: Arc<AppState>, actor: Actor, id: String, job: Job) {
    let (run, working) = Working::of(app.clone(), actor, job, Told::Row(id.clone()));
    let Some(_turn) = working.turn(&id).await else { return };
    let ended = working.through(&run).await;
    let tally = lock(&run).tally.clone();
    let (status, problem) = match ended {
        Ok(()) => return,
        Err(Broken::Cancelled) => (ImportStatus::Cancelled, None),
        Err(Broken::Off) => (ImportStatus::Failed, Some(working.interrupted(&tally))),
        Err(Broken::Error(error)) => {
            tracing::error!(import = %id, ?error, "an import failed");
            (ImportStatus::Failed, Some(working.problem(error)))
        }
    };
    // Of an atomic one nothing was written before its end.
    let written = if working.writes_directly { tally.in_order() } else { Tally::default() };
    let finished = app.db.write(move |c| table::finish(c, &id, status, &written, problem.as_ref(), UtcTime::now())).await;
    if let Err(error) = finished {
        tracing::error!(?error, "cannot write down how an import ended; its lease will run out");
    }
}

/// Imports at once, telling `progress` how many rows have been looked at: for the command line.
///
/// # Errors
/// If the database fails, or the account may no longer act.
pub async fn import(app: Arc<AppState>, actor: Actor, job: Job, progress: Box<dyn Fn(usize)>) -> Result<ImportOut> {
    let (run, working) = Working::of(app, actor, job, Told::To(progress));
    match working.through(&run).await {
        Ok(()) => {}
        Err(Broken::Error(error)) => return Err(error),
        Err(Broken::Cancelled | Broken::Off) => return Err(codes::IMPORT_INTERRUPTED.into()),
    }
    let outcome = lock(&run).represent();
    Ok(outcome)
}

/// Why an import did not come to its end.
enum Broken {
    /// Its owner asked for it.
    Cancelled,
    /// The server stops, or the account may no longer act.
    Off,
    Error(Error),
}

impl From<Error> for Broken {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// Who is told how far an import is.
enum Told {
    /// The row of this id.
    Row(String),
    /// Whoever waits for it.
    To(Box<dyn Fn(usize)>),
}

struct Working {
    app: Arc<AppState>,
    actor: Actor,
    told: Told,
    /// Whether what is right is written while the rest is still to be checked.
    writes_directly: bool,
}

type SharedRun = Arc<Mutex<Run>>;
/// How a part of an import went.
type Outcome<T> = std::result::Result<T, Broken>;

impl Working {
    fn of(app: Arc<AppState>, actor: Actor, job: Job, told: Told) -> (SharedRun, Self) {
        let Job { staged, mode, dry_run } = job;
        let run = Run::of(staged, mode, dry_run);
        let writes_directly = run.writes_directly();
        (Arc::new(Mutex::new(run)), Self { app, actor, told, writes_directly })
    }

    /// The row that tells of it.
    fn row(&self) -> Option<String> {
        match &self.told {
            Told::Row(id) => Some(id.clone()),
            Told::To(_) => None,
        }
    }

    /// Waits until it is this import's turn; `None` if it was cancelled meanwhile.
    async fn turn(&self, id: &str) -> Option<tokio::sync::SemaphorePermit<'static>> {
        loop {
            if let Ok(turn) = tokio::time::timeout(RENEWAL * 10, TURN.acquire()).await {
                return turn.ok();
            }
            let id = id.to_owned();
            if matches!(self.app.db.write(move |c| table::renew_waiting(c, &id, UtcTime::now())).await, Ok(false)) {
                return None;
            }
        }
    }

    async fn through(&self, run: &SharedRun) -> Outcome<()> {
        for attempt in 0..ATTEMPTS {
            self.all_rows(run).await?;
            if !lock(run).is_to_be_written() {
                let outcome = lock(run).outcome();
                return self.end(outcome).await;
            }
            // Where others keep changing what was checked, nobody overtakes the second check.
            if self.write_all(run, attempt > 0).await? {
                return Ok(());
            }
        }
        Err(Error::from(codes::DATABASE_BUSY).into())
    }

    /// Checks every row, and writes what is right if that is asked for.
    async fn all_rows(&self, run: &SharedRun) -> Outcome<()> {
        lock(run).restart(false);
        self.renew(0).await?;
        let mut told = Instant::now();
        while !lock(run).is_done() {
            self.step(run).await?;
            if told.elapsed() >= RENEWAL {
                let done = lock(run).tally.done();
                self.renew(done).await?;
                told = Instant::now();
            }
        }
        Ok(())
    }

    /// Some rows. What the database refuses for the moment is tried again.
    async fn step(&self, run: &SharedRun) -> Outcome<()> {
        for attempt in 0.. {
            let (shared, actor, id, directly) = (run.clone(), self.actor().await?, self.row(), self.writes_directly);
            let work = move |c: &mut Conn| {
                let mut run = lock(&shared);
                run.step(c, &actor, STEP)?;
                if let Some(id) = id.filter(|_| directly) { table::keep_tally(c, &id, &run.tally) } else { Ok(()) }
            };
            let before = lock(run).progress();
            let done =
                if directly { self.holding(self.app.db.write_alone(work)).await } else { self.holding(self.app.db.read(work)).await };
            match done {
                Ok(()) => return Ok(()),
                Err(error) => {
                    // A transaction that did not come to its commit wrote nothing.
                    lock(run).restore(before);
                    self.wait_after(error, attempt).await?;
                }
            }
        }
        Ok(())
    }

    /// Writes all rows in one transaction, in which they may be checked anew. Answers whether they were: not, if what they were checked
    /// against has changed.
    async fn write_all(&self, run: &SharedRun, anew: bool) -> Outcome<bool> {
        for attempt in 0.. {
            let (shared, actor, id) = (run.clone(), self.actor().await?, self.row());
            let work = move |c: &mut Conn| {
                let mut run = lock(&shared);
                if anew {
                    run.restart(true);
                    run.check_and_write(c, &actor)?;
                } else {
                    run.write(c, &actor)?;
                }
                if run.tally.rejected > 0 {
                    return Err(codes::VERSION_STALE.into());
                }
                let Some(id) = id else { return Ok(()) };
                if table::complete(c, &id, &run.tally, UtcTime::now())? { Ok(()) } else { Err(codes::IMPORT_OVER.into()) }
            };
            match self.holding(self.app.db.write_alone(work)).await {
                Ok(()) => return Ok(true),
                Err(error) if error.code() == Some(codes::VERSION_STALE) => return Ok(false),
                Err(error) if error.code() == Some(codes::IMPORT_OVER) => return Err(Broken::Cancelled),
                Err(error) => self.wait_after(error, attempt).await?,
            }
        }
        Ok(false)
    }

    /// Renews the lease for as long as something takes. Where one process has the database to itself, it needs none.
    async fn holding<T>(&self, working: impl Future<Output = T>) -> T {
        let mut working = pin!(working);
        loop {
            if let Ok(done) = tokio::time::timeout(RENEWAL * 20, &mut working).await {
                return done;
            }
            let Some(id) = self.row().filter(|_| self.app.db.is_postgres()) else { continue };
            if let Err(error) = self.app.db.write(move |c| table::renew_waiting(c, &id, UtcTime::now())).await {
                tracing::warn!(?error, "the lease of an import cannot be renewed");
            }
        }
    }

    async fn end(&self, tally: Tally) -> Outcome<()> {
        let Some(id) = self.row() else { return Ok(()) };
        self.app.db.write(move |c| table::finish(c, &id, ImportStatus::Completed, &tally, None, UtcTime::now())).await?;
        Ok(())
    }

    /// Says how far it is, and goes on only if it is to.
    async fn renew(&self, done: usize) -> Outcome<()> {
        if self.app.draining.load(Ordering::Acquire) {
            return Err(Broken::Off);
        }
        let id = match &self.told {
            Told::Row(id) => id.clone(),
            Told::To(progress) => {
                progress(done);
                return Ok(());
            }
        };
        if self.app.db.write(move |c| table::renew(c, &id, done, UtcTime::now())).await? { Ok(()) } else { Err(Broken::Cancelled) }
    }

    /// The account as it is now: what it may do may have changed since the request.
    async fn actor(&self) -> Outcome<Actor> {
        let now = UtcTime::now();
        let account = self.actor.account()?.id.clone();
        let caller = self.app.db.read(move |c| store::acting(c, &account, now)).await?.ok_or(Broken::Off)?;
        let mut actor = self.actor.clone().done_by(Arc::new(caller));
        actor.now = now;
        Ok(actor)
    }

    async fn wait_after(&self, error: Error, attempt: u32) -> Outcome<()> {
        let passing = error.code().is_some_and(|code| code.status == 503);
        if !passing || attempt >= RETRIES || self.app.draining.load(Ordering::Acquire) {
            return Err(error.into());
        }
        tokio::time::sleep(Duration::from_millis(200) * 2_u32.pow(attempt)).await;
        Ok(())
    }

    fn interrupted(&self, tally: &Tally) -> ImportProblem {
        self.problem(broken_off(if self.writes_directly { tally.done() } else { 0 }).into())
    }

    fn problem(&self, error: Error) -> ImportProblem {
        told(&error.into_problem(), self.actor.language)
    }
}

fn lock(run: &SharedRun) -> std::sync::MutexGuard<'_, Run> {
    run.lock().unwrap_or_else(PoisonError::into_inner)
}

fn told(problem: &Problem, language: Language) -> ImportProblem {
    ImportProblem { code: problem.code().code.to_owned(), detail: problem.detail().in_language(language).to_owned() }
}

/// An import that broke off after these rows.
fn broken_off(rows: usize) -> Problem {
    let problem = Problem::new(codes::IMPORT_INTERRUPTED);
    if rows > 0 {
        return problem;
    }
    problem.saying(
        "Việc nhập bị ngắt trước khi xong; chưa có hàng nào được ghi. Hãy gửi lại tệp.",
        "The import broke off before its end; no row was written. Send the file again.",
    )
}

/// Writes down that imports have failed on which nobody works any longer: the server that did has stopped.
///
/// # Errors
/// If the database fails.
pub async fn fail_abandoned(app: &AppState) -> Result<()> {
    let alone = !app.db.is_postgres();
    let now = UtcTime::now();
    let left = app.db.read(move |c| table::abandoned(c, alone.then_some(HOLDER.as_str()), now)).await?;
    for row in left {
        tracing::warn!(import = %row.id, "an import was left by the server that worked on it");
        let tally: Tally = crate::db::from_json(&row.tally)?;
        let problem = told(&broken_off(tally.done()), Language::Vi);
        let (id, failed) = (row.id.clone(), ImportStatus::Failed);
        app.db.write(move |c| table::finish(c, &id, failed, &tally, Some(&problem), UtcTime::now())).await?;
    }
    Ok(())
}

/// Forgets what became of imports long ago, a batch at a time. Answers whether there is more.
///
/// # Errors
/// If the database fails.
pub fn expire(c: &mut Conn, now: UtcTime) -> Result<bool> {
    table::expire(c, now)
}
