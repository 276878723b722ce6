//! What has changed: a cheap sign of the state of all data, and by kind and administrative unit when each was last changed.
//!
//! The sign stays the same as long as nothing is committed. When it moves, the look that sees it move also asks which events
//! (table `changes`) were committed since the look before; housekeeping writes none. What was read under a sign is right as long
//! as the sign is the present one, and what hangs on some kinds and places as long as none of them was told of, also while other
//! servers write. On SQLite what another process commits shows after at most a millisecond.

#[cfg(debug_assertions)]
mod coverage;
mod file_watch;
mod kinds;
mod places;
mod snapshot_poller;
mod versions;

use file_watch::LastEvent;
pub(super) use file_watch::{Commits, FileWatch};
pub use kinds::Kinds;
pub(super) use snapshot_poller::SnapshotPoller;
pub use versions::{DataVersions, Path, Reads};

use super::{Conn, Database, statements};
use crate::problem::{Error, Result};
use diesel::QueryableByName;
use diesel::sql_types::{Nullable, Text};
use kinds::{Told, of_resource};
use std::sync::Arc;
use versions::Committed;

/// How many events a look takes in; where there are more, everything may have changed.
const EVENTS: usize = 1000;

/// The state of the data at a look.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DataVersion {
    sign: Sign,
    seen: u64,
}

impl DataVersion {
    /// The number of the last look that had found something, for [`DataVersions::reads`].
    #[must_use]
    pub fn seen(&self) -> u64 {
        self.seen
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Sign {
    /// `PRAGMA data_version` of the one connection that asks: it changes with every commit of any other connection; and the
    /// last event that it saw.
    Sqlite(i64, LastEvent),
    /// The snapshot of a statement: transactions that have ended since would show in it.
    Postgres(Arc<str>),
}

/// What looks at a database.
#[derive(Clone)]
pub(super) enum Watch {
    Sqlite(FileWatch),
    Postgres(SnapshotPoller),
}

/// Where an event happened: the unit that it names, and those above as far as they are known.
#[derive(Debug, QueryableByName)]
struct EventRow {
    #[diesel(sql_type = Text)]
    resource: String,
    #[diesel(sql_type = Nullable<Text>)]
    jurisdiction: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    known: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    parent: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    grandparent: Option<String>,
}

impl EventRow {
    /// None where the unit has gone, so that nobody knows what lay above it.
    fn committed(self) -> Option<Committed> {
        let Self { resource, jurisdiction, known, parent, grandparent } = self;
        if jurisdiction != known {
            return None;
        }
        let path = jurisdiction.map(|code| [Some(code), parent, grandparent].into_iter().flatten().collect());
        Some(Committed { resource, path })
    }
}

/// Marks what a look has found, or everything if that cannot be told.
fn take_in(versions: &DataVersions, rows: Vec<EventRow>) -> u64 {
    if rows.is_empty() {
        return versions.last();
    }
    if rows.len() > EVENTS {
        return versions.lost();
    }
    match rows.into_iter().map(EventRow::committed).collect::<Option<Vec<_>>>() {
        Some(committed) => versions.found(&committed),
        None => versions.lost(),
    }
}

/// The kinds of rows that events on these resources tell of.
fn kinds_of<'a>(resources: impl Iterator<Item = &'a str>) -> Kinds {
    resources.fold(Kinds::NONE, |all, resource| match of_resource(resource) {
        Told::Everything => Kinds::ALL,
        Told::Kinds(kinds) | Told::Anywhere(kinds) => all.and(kinds),
    })
}

/// Which kinds of rows were changed by what a transaction sees and an earlier look did not: it began after the look, and
/// something may have been committed between. It is no statement of those who read: they are as few as before.
///
/// # Errors
/// If the database fails.
pub fn changed_since(c: &mut Conn, looked: &DataVersion) -> Result<Kinds> {
    unwatched(|| {
        statements::uncounted(|| match (c, &looked.sign) {
            (Conn::Sqlite(c), Sign::Sqlite(_, last)) => file_watch::changed_since(c, last),
            (Conn::Postgres(c), Sign::Postgres(snapshot)) => snapshot_poller::changed_since(c, snapshot),
            _ => Err(Error::internal("a look at another database")),
        })
    })
}

impl Database {
    /// The present state.
    ///
    /// # Errors
    /// 503 if the database is out of reach.
    pub async fn data_version(&self) -> Result<DataVersion> {
        match &self.watch {
            Watch::Sqlite(watch) => watch.look(),
            Watch::Postgres(snapshot_poller) => snapshot_poller.look().await,
        }
    }

    /// When what was last changed, up to the last look.
    #[must_use]
    pub fn data_versions(&self) -> &DataVersions {
        match &self.watch {
            Watch::Sqlite(watch) => watch.versions(),
            Watch::Postgres(snapshot_poller) => snapshot_poller.versions(),
        }
    }
}

/// Reads for an answer that is kept and hangs on these kinds. Debug builds see whether it reads anything else.
///
/// # Errors
/// What `f` answers.
pub fn reading<T>(kinds: Kinds, f: impl FnOnce() -> Result<T>) -> Result<T> {
    #[cfg(debug_assertions)]
    return coverage::read(kinds, f);
    #[cfg(not(debug_assertions))]
    return {
        let _ = kinds;
        f()
    };
}

/// Says that an answer hangs on these kinds though no statement reads them: what they say is remembered.
pub fn hangs_on(kinds: Kinds) {
    #[cfg(debug_assertions)]
    coverage::hangs_on(kinds);
    #[cfg(not(debug_assertions))]
    let _ = kinds;
}

/// Reads what no answer hangs on.
pub(super) fn unwatched<T>(f: impl FnOnce() -> Result<T>) -> Result<T> {
    #[cfg(debug_assertions)]
    return coverage::unwatched(f);
    #[cfg(not(debug_assertions))]
    return f();
}

/// Writes. Debug builds see whether events tell of all that is written.
///
/// # Errors
/// What `f` answers.
pub(super) fn writing<T>(f: impl FnOnce() -> Result<T>) -> Result<T> {
    #[cfg(debug_assertions)]
    return coverage::write(f);
    #[cfg(not(debug_assertions))]
    return f();
}

/// An event is written that tells of this resource.
pub fn telling(resource: &str) {
    #[cfg(debug_assertions)]
    coverage::told(resource);
    #[cfg(not(debug_assertions))]
    let _ = resource;
}

/// Takes note of what a connection is asked.
#[cfg(debug_assertions)]
pub(super) fn note(event: diesel::connection::InstrumentationEvent<'_>) {
    coverage::watch(event);
}
