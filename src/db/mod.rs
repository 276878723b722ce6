//! The two doors to the database, [`Database::read`] and [`Database::write`], the same on SQLite and PostgreSQL.
//!
//! Rooms see only [`Conn`]. On SQLite one thread writes: it gathers the writes that wait into one transaction, a
//! savepoint each, and answers them after the commit, so that a durable commit is shared. On PostgreSQL every write is
//! a transaction of its own.

mod conn;
pub mod data_version;
pub mod fixed;
pub mod migrate;
pub mod models;
pub mod observation;
mod pool;
#[expect(missing_docs, reason = "the migrations say what the tables are")]
pub mod schema;
pub mod sort;
pub mod statements;
mod work;
mod writer;

pub use conn::Conn;

use crate::problem::{self, Error, Result, said, words};
use diesel::connection::{InstrumentationEvent, SimpleConnection};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::r2d2::Pool;
use diesel::sql_types::Text;
use std::path::Path;
use work::Work;

/// Diesel's name for what both databases have in common.
pub type Backend = <Conn as Connection>::Backend;

/// A condition on the rows of `T`, whatever it is made of.
pub type Condition<T> = Box<dyn BoxableExpression<T, Backend, SqlType = diesel::sql_types::Bool>>;

/// Runs one body once per concrete connection, for statements that the common connection does not have
/// (native upserts and batches).
#[macro_export]
macro_rules! both {
    ($conn:expr, $c:ident => $body:expr) => {
        match $conn {
            $crate::db::Conn::Postgres($c) => $body,
            $crate::db::Conn::Sqlite($c) => $body,
        }
    };
}

/// How many rows [`forget!`] deletes at most, so that nobody waits long for the one writer.
pub const BATCH: i64 = 500;

/// Deletes the oldest rows of a table whose instant `$at` lies before another one: at most [`BATCH`], and those of the same
/// instant as the last of them. Says whether there may be more.
#[macro_export]
macro_rules! forget {
    ($c:expr, $table:expr, $at:expr, $before:expr) => {{
        let old = $table.filter($at.lt($before));
        let last: Option<$crate::values::clock::UtcTime> = old.order($at).select($at).offset($crate::db::BATCH - 1).first($c).optional()?;
        match last {
            Some(last) => diesel::delete($table.filter($at.le(last))).execute($c)?,
            None => diesel::delete(old).execute($c)?,
        };
        last.is_some()
    }};
}

/// Where the data are.
#[derive(Clone)]
pub enum Target {
    /// A `postgres://` address; it may hold a password, so it is never shown.
    Postgres(String),
    /// The path of a SQLite file.
    Sqlite(String),
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Postgres(_) => f.write_str("PostgreSQL"),
            Self::Sqlite(path) => write!(f, "SQLite {path}"),
        }
    }
}

impl Target {
    /// The SQLite file in a data folder.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        Self::Sqlite(folder.join("binhdang.sqlite3").to_string_lossy().into_owned())
    }

    /// Whether nothing is there yet, as far as can be told without a connection.
    #[must_use]
    pub fn is_new(&self) -> bool {
        matches!(self, Self::Sqlite(path) if !Path::new(path).exists())
    }

    /// Why it cannot be opened, in words for the operator.
    fn cannot_open(&self, error: &ConnectionError) -> String {
        let said = error.to_string();
        let damaged = ["not a database", "malformed"].iter().any(|text| said.contains(text));
        match self {
            Self::Sqlite(path) if damaged => format!(
                "cannot open the database: {path} is no database, or it is damaged ({said}): put the file aside and a copy from before in its place"
            ),
            Self::Sqlite(path) => format!("cannot open the database {path}: {said}"),
            Self::Postgres(_) => format!("cannot open the database: {said}"),
        }
    }

    /// Makes a connection.
    ///
    /// # Errors
    /// If there is no database, or it refuses.
    pub fn establish(&self) -> ConnectionResult<Conn> {
        let mut conn = self.connected()?;
        conn.set_instrumentation(watched);
        Ok(conn)
    }

    fn connected(&self) -> ConnectionResult<Conn> {
        match self {
            Self::Postgres(url) => {
                let mut c = PgConnection::establish(&bounded(url))?;
                c.batch_execute(&format!("SET TIME ZONE 'UTC'; {BOUNDED_WAITS}")).map_err(ConnectionError::CouldntSetupConfiguration)?;
                Ok(Conn::Postgres(c))
            }
            Self::Sqlite(path) => {
                let mut c = SqliteConnection::establish(path)?;
                c.batch_execute(
                    "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;",
                )
                .map_err(ConnectionError::CouldntSetupConfiguration)?;
                Ok(Conn::Sqlite(c))
            }
        }
    }
}

/// How long a statement waits for a lock and how long it may take; and after how long PostgreSQL ends a transaction whose
/// server says nothing, such as one that is frozen, so that others get at the rows it holds.
const BOUNDED_WAITS: &str = "SET lock_timeout = '5s'; SET statement_timeout = '30s'; SET idle_in_transaction_session_timeout = '15s'";

/// Debug builds know what a connection is asked: how much, and about what.
fn watched(event: InstrumentationEvent<'_>) {
    #[cfg(debug_assertions)]
    {
        statements::note(&event);
        data_version::note(event);
    }
    #[cfg(not(debug_assertions))]
    let _ = event;
}

/// The address with bounds on how long a dead line can hold a statement, where it names none: without them a line that a
/// firewall has cut in silence is noticed after a quarter of an hour.
fn bounded(url: &str) -> String {
    const BOUNDS: [(&str, &str); 3] = [("connect_timeout", "5"), ("keepalives_idle", "30"), ("tcp_user_timeout", "10000")];
    let mut bounded = url.to_owned();
    for (name, value) in BOUNDS.into_iter().filter(|(name, _)| !url.contains(&format!("{name}="))) {
        bounded.push(if bounded.contains('?') { '&' } else { '?' });
        bounded.push_str(&format!("{name}={value}"));
    }
    bounded
}

/// The database, shared by every worker. Cheap to clone.
#[derive(Clone)]
pub struct Database {
    pool: Pool<Target>,
    writer: Option<writer::Writer>,
    watch: data_version::Watch,
}

impl Database {
    /// Opens the pool; `connections` bounds the statements that run at once.
    ///
    /// # Errors
    /// If the first connection cannot be made: the message says why.
    pub fn open(target: &Target, connections: u32) -> std::result::Result<Self, String> {
        let first = target.establish().map_err(|e| target.cannot_open(&e))?;
        let postgres = matches!(first, Conn::Postgres(_));
        let pool = pool::open(target, connections);
        if postgres {
            let snapshot_poller = data_version::SnapshotPoller::start(target.clone(), first)?;
            return Ok(Self { pool, writer: None, watch: data_version::Watch::Postgres(snapshot_poller) });
        }
        let commits = data_version::Commits::default();
        let watching = target.establish().map_err(|e| target.cannot_open(&e))?;
        let writer = writer::Writer::start(target.clone(), first, commits.clone())?;
        Ok(Self { pool, writer: Some(writer), watch: data_version::Watch::Sqlite(data_version::FileWatch::of(watching, commits)) })
    }

    /// Opens a database in which there is an installation.
    ///
    /// # Errors
    /// As [`Self::open`], or if there is none: the message says where it was looked for.
    pub fn open_existing(target: &Target, connections: u32) -> std::result::Result<Self, String> {
        let db = Self::open(target, connections)?;
        match db.read_blocking(migrate::has_begun) {
            Ok(true) => Ok(db),
            Ok(false) => Err(match target {
                Target::Postgres(_) => "DATABASE_URL: there is no installation in this database; `binhdang serve` makes one".to_owned(),
                Target::Sqlite(path) => format!("{path}: there is no installation in this database; `binhdang serve` makes one"),
            }),
            Err(error) => Err(format!("cannot read the database: {error}")),
        }
    }

    /// Whether the data are in PostgreSQL, so that other servers may write them too.
    #[must_use]
    pub fn is_postgres(&self) -> bool {
        self.writer.is_none()
    }

    /// Reads: everything inside sees one state of the data.
    ///
    /// # Errors
    /// What the closure answers, or 503 if no connection is to be had.
    pub async fn read<T: Send + 'static>(&self, f: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static) -> Result<T> {
        let (work, answer) = work::of(f);
        self.run_reading(work).await?;
        answer.take()
    }

    async fn run_reading(&self, work: Work) -> Result<()> {
        let pool = self.pool.clone();
        blocking(Box::new(move || pool::read(&pool, work))).await
    }

    /// The same on the calling thread, for the command line.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_blocking<T: Send + 'static>(&self, f: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static) -> Result<T> {
        let (work, answer) = work::of(f);
        pool::read(&self.pool, work)?;
        answer.take()
    }

    /// Writes: everything inside is committed when this returns `Ok`, and nothing of it otherwise.
    ///
    /// # Errors
    /// What the closure answers, or 503 if no connection is to be had.
    pub async fn write<T: Send + 'static>(&self, f: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static) -> Result<T> {
        self.write_as(false, f).await
    }

    /// The same for a write that takes long: where there is one writer, it shares its commit with nobody, and who waits for it too long is
    /// refused.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub async fn write_alone<T: Send + 'static>(&self, f: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static) -> Result<T> {
        self.write_as(true, f).await
    }

    async fn write_as<T: Send + 'static>(&self, alone: bool, f: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static) -> Result<T> {
        let (work, answer) = work::of(f);
        self.run_writing(alone, work).await?;
        answer.take()
    }

    async fn run_writing(&self, alone: bool, work: Work) -> Result<()> {
        let work: Work = Box::new(move |c| data_version::writing(|| work(c)));
        if let Some(writer) = &self.writer {
            return writer.run(alone, work).await;
        }
        let pool = self.pool.clone();
        blocking(Box::new(move || pool::write(&pool, work))).await
    }

    /// Ends what writes, after the writes that wait: later ones are refused, and a SQLite file holds everything.
    pub async fn close(&self) {
        if let Some(writer) = &self.writer {
            writer.close().await;
        }
    }
}

async fn blocking(work: Box<dyn FnOnce() -> Result<()> + Send>) -> Result<()> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(Error::internal(error)),
    }
}

/// `SELECT … FOR UPDATE` of one row, prepared once for each table.
struct RowLock<'a> {
    table: &'static str,
    id: &'a str,
}

impl QueryId for RowLock<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Pg> for RowLock<'_> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        pass.push_sql("SELECT 1 FROM ");
        pass.push_identifier(self.table)?;
        pass.push_sql(" WHERE id = ");
        pass.push_bind_param::<Text, _>(self.id)?;
        pass.push_sql(" FOR UPDATE");
        Ok(())
    }
}

impl RunQueryDsl<PgConnection> for RowLock<'_> {}

/// Keeps others from changing a row until this transaction ends. On SQLite there is one writer, so every write
/// transaction already holds everything.
///
/// # Errors
/// If the statement fails.
pub fn lock(c: &mut Conn, table: &'static str, id: &str) -> Result<()> {
    if let Conn::Postgres(p) = c {
        RowLock { table, id }.execute(p)?;
    }
    Ok(())
}

/// The same for all rows of a table in which a column has this value, always in the order of their ids, so that two who
/// want several of them do not wait for each other.
///
/// # Errors
/// If the statement fails.
pub fn lock_all(c: &mut Conn, table: &'static str, column: &'static str, value: &str) -> Result<()> {
    if let Conn::Postgres(p) = c {
        diesel::sql_query(format!("SELECT 1 FROM {table} WHERE {column} = $1 ORDER BY id FOR UPDATE")).bind::<Text, _>(value).execute(p)?;
    }
    Ok(())
}

/// Has PostgreSQL plan each statement of this transaction anew: one that writes very many rows would go on with plans made when
/// there were few (`plan_cache_mode`).
///
/// # Errors
/// If the statement fails.
pub fn plan_anew(c: &mut Conn) -> Result<()> {
    if let Conn::Postgres(p) = c {
        p.batch_execute("SET LOCAL plan_cache_mode = force_custom_plan")?;
    }
    Ok(())
}

/// Lets one transaction at a time, of all servers, do what `name` stands for.
///
/// # Errors
/// If the statement fails.
pub fn lock_name(c: &mut Conn, name: &'static str) -> Result<()> {
    if let Conn::Postgres(p) = c {
        diesel::sql_query("SELECT pg_advisory_xact_lock(hashtext($1))").bind::<Text, _>(name).execute(p)?;
    }
    Ok(())
}

/// Whether an error says that a unique key is taken.
#[must_use]
pub fn is_unique_violation(error: &diesel::result::Error) -> bool {
    use diesel::result::{DatabaseErrorKind, Error as Diesel};
    matches!(error, Diesel::DatabaseError(DatabaseErrorKind::UniqueViolation, _))
}

/// Names the problem that a taken unique key means here; other errors stay what they are.
pub fn unique_means(code: &'static crate::problem::codes::Code) -> impl Fn(diesel::result::Error) -> Error {
    move |error| if is_unique_violation(&error) { code.into() } else { error.into() }
}

/// Reads a JSON column that this service wrote.
///
/// # Errors
/// Internal, if the column holds something else.
#[track_caller]
pub fn from_json<T: serde::de::DeserializeOwned>(column: &str) -> Result<T> {
    serde_json::from_str(column).map_err(Error::internal)
}

/// The same for a column that may be null.
///
/// # Errors
/// Internal, if the column holds something else.
#[track_caller]
pub fn from_json_opt<T: serde::de::DeserializeOwned>(column: Option<&str>) -> Result<Option<T>> {
    column.map(from_json).transpose()
}

/// Writes a JSON column.
///
/// # Errors
/// Internal, if the value has no JSON form.
#[track_caller]
pub fn to_json<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(Error::internal)
}

/// The same for a column that may be null.
///
/// # Errors
/// Internal, if the value has no JSON form.
#[track_caller]
pub fn to_json_opt<T: serde::Serialize>(value: Option<&T>) -> Result<Option<String>> {
    value.map(to_json).transpose()
}

/// How many there are, counted by a sub-select: never null.
pub type Count = Option<i64>;

/// Refuses to delete something that others refer to, telling how many of each kind do, and what the code advises.
///
/// # Errors
/// 409 with the counts as members.
pub fn in_use<N: Into<Count> + Copy>(code: &'static problem::codes::Code, referrers: &[(&'static str, N)]) -> Result<()> {
    let referrers: Vec<(&str, i64)> = referrers.iter().map(|(kind, n)| (*kind, (*n).into().unwrap_or_default())).collect();
    if referrers.iter().all(|(_, count)| *count == 0) {
        return Ok(());
    }
    let told = words::listed(referrers.iter().filter(|(_, n)| *n > 0).map(|(kind, n)| words::counted(kind, *n)));
    let counts: serde_json::Map<String, serde_json::Value> =
        referrers.iter().filter(|(_, n)| *n > 0).map(|(kind, n)| ((*kind).to_owned(), (*n).into())).collect();
    Err(problem::Problem::new(code)
        .told(said(format!("Còn {} dùng đến.", told.vi), format!("Still used by {}.", told.en)).and(&code.cure()))
        .member("referrers", counts)
        .into())
}

#[cfg(test)]
mod tests {
    use super::bounded;

    #[test]
    fn an_address_is_bounded_where_it_is_not() {
        let all = "connect_timeout=5&keepalives_idle=30&tcp_user_timeout=10000";
        assert_eq!(bounded("postgres://u:p@host/db"), format!("postgres://u:p@host/db?{all}"));
        assert_eq!(bounded("postgres://host/db?sslmode=require"), format!("postgres://host/db?sslmode=require&{all}"));
        let own = "postgres://host/db?tcp_user_timeout=0&connect_timeout=60";
        assert_eq!(bounded(own), format!("{own}&keepalives_idle=30"));
    }
}
