//! Writing rows together with the event that tells of it.

use super::event::{self, Event, RecordedActor};
use super::expected::Expected;
use crate::actor::Actor;
use crate::db::{self, Conn};
use crate::problem::{Error, Result};
use crate::values::clock::UtcTime;
use serde::Serialize;
use serde_json::Value;

/// A row with a version: what locks and events need to know of it.
pub trait Versioned {
    /// Its table.
    const TABLE: &'static str;

    /// The kind of resource, as events name it: `goal`.
    fn resource(&self) -> &'static str;
    /// Its id.
    fn id(&self) -> &str;
    /// Its version.
    fn version(&self) -> i64;
    /// The administrative unit it belongs to, by official code, where it belongs to one.
    fn jurisdiction(&self) -> Option<&str>;
    /// Gives it the version and the instant of a change.
    fn touch(&mut self, version: i64, at: UtcTime);
}

/// A row with what was read beside it.
impl<R: Versioned, T> Versioned for (R, T) {
    const TABLE: &'static str = R::TABLE;

    fn resource(&self) -> &'static str {
        self.0.resource()
    }

    fn id(&self) -> &str {
        self.0.id()
    }

    fn version(&self) -> i64 {
        self.0.version()
    }

    fn jurisdiction(&self) -> Option<&str> {
        self.0.jurisdiction()
    }

    fn touch(&mut self, version: i64, at: UtcTime) {
        self.0.touch(version, at);
    }
}

/// Tells of a row struct whose columns have the usual names what [`Versioned`] asks.
#[macro_export]
macro_rules! versioned {
    ($row:ty, $resource:literal, $table:literal) => {
        $crate::versioned!($row, $resource, $table, jurisdiction);
    };
    ($row:ty, $resource:literal, $table:literal, $jurisdiction:ident) => {
        impl $crate::change::Versioned for $row {
            const TABLE: &'static str = $table;

            fn resource(&self) -> &'static str {
                $resource
            }

            fn id(&self) -> &str {
                self.id.as_str()
            }

            fn version(&self) -> i64 {
                self.version
            }

            fn jurisdiction(&self) -> Option<&str> {
                Some(&self.$jurisdiction)
            }

            fn touch(&mut self, version: i64, at: $crate::values::clock::UtcTime) {
                self.version = version;
                self.updated_at = at;
            }
        }
    };
}

/// Makes `insert`, `update` and `delete` for the rows of a table; `$taken` is the problem of a unique key that another row has.
#[macro_export]
macro_rules! writes_rows {
    ($row:ty, $id:ty, $table:ident, $taken:expr) => {
        /// Writes a new row.
        ///
        /// # Errors
        /// 409 if a unique key is taken.
        pub fn insert(w: &mut $crate::change::Write<'_>, row: &$row) -> $crate::problem::Result<()> {
            let done = diesel::insert_into($table::table).values(row).execute(w.conn());
            done.map(drop).map_err($crate::db::unique_means($taken))
        }

        /// Writes a changed row.
        ///
        /// # Errors
        /// 409 if a unique key is taken.
        pub fn update(w: &mut $crate::change::Write<'_>, row: &$row) -> $crate::problem::Result<()> {
            let done = diesel::update($table::table.find(&row.id)).set(row).execute(w.conn());
            done.map(drop).map_err($crate::db::unique_means($taken))
        }

        /// Removes a row.
        ///
        /// # Errors
        /// If the database fails.
        pub fn delete(w: &mut $crate::change::Write<'_>, id: &$id) -> $crate::problem::Result<()> {
            diesel::delete($table::table.find(id)).execute(w.conn())?;
            Ok(())
        }
    };
}

/// The right to write rows.
pub struct Write<'c>(&'c mut Conn);

impl Write<'_> {
    /// The connection, to write with.
    pub fn conn(&mut self) -> &mut Conn {
        self.0
    }
}

/// Locks a resource, loads it, and goes on only if the caller is allowed to change it and meant this version; `None` as the
/// expected version is for callers who have just read it under a lock of their own, and for children that take none.
///
/// # Errors
/// What `load` (404) and `allowed` (403) answer; 412 `version.stale`.
pub fn begin<R: Versioned>(
    c: &mut Conn,
    id: &str,
    expected: Option<&Expected>,
    load: impl FnOnce(&mut Conn) -> Result<R>,
    allowed: impl FnOnce(&mut Conn, &R) -> Result<()>,
) -> Result<R> {
    db::lock(c, R::TABLE, id)?;
    let row = load(c)?;
    allowed(c, &row)?;
    expected.map_or(Ok(()), |expected| expected.must_match(row.version()))?;
    Ok(row)
}

/// Writes, and tells of it by this event: the core of all others.
///
/// # Errors
/// What `write` answers; if the database fails. Then nothing of it may stand.
pub fn save<T>(c: &mut Conn, actor: &Actor, event: &Event<'_>, write: impl FnOnce(&mut Write<'_>) -> Result<T>) -> Result<T> {
    let written = write(&mut Write(c))?;
    event::record(c, actor, event)?;
    Ok(written)
}

/// Writes more of a change that was told of already, too much for one event: the audit trail has all of it, the change feed
/// the first.
///
/// # Errors
/// As [`save`].
pub fn save_further(c: &mut Conn, actor: &Actor, event: &Event<'_>, write: impl FnOnce(&mut Write<'_>) -> Result<()>) -> Result<()> {
    write(&mut Write(c))?;
    event::note(c, actor, RecordedActor::of(actor), event)
}

/// The same where somebody else may have written it first: of what was not written nobody is told. Answers whether it was.
///
/// # Errors
/// As [`save`].
pub fn save_if(c: &mut Conn, actor: &Actor, event: &Event<'_>, write: impl FnOnce(&mut Write<'_>) -> Result<bool>) -> Result<bool> {
    let written = write(&mut Write(c))?;
    if written {
        event::record(c, actor, event)?;
    }
    Ok(written)
}

/// Writes a new row; `content` is what it says.
///
/// # Errors
/// As [`save`].
pub fn create<R: Versioned>(
    c: &mut Conn,
    actor: &Actor,
    row: &R,
    content: &impl Serialize,
    write: impl FnOnce(&mut Write<'_>) -> Result<()>,
) -> Result<()> {
    let event = Event::of("created", row).change(None, Some(json(content)?));
    save(c, actor, &event, write)
}

/// A change of what a row says: before, and as it is wanted.
#[derive(Debug)]
pub struct Update<'a, S> {
    before: &'a S,
    after: S,
    verb: &'a str,
    reason: Option<&'a str>,
}

impl<'a, S> Update<'a, S> {
    /// A row that says `before` is to say `after`.
    #[must_use]
    pub fn new(before: &'a S, after: S) -> Self {
        Self { before, after, verb: "updated", reason: None }
    }

    /// Told by another verb in the past, such as `activated`.
    #[must_use]
    pub fn told_as(self, verb: &'a str) -> Self {
        Self { verb, ..self }
    }

    /// With the reason given.
    #[must_use]
    pub fn because(self, reason: Option<&'a str>) -> Self {
        Self { reason, ..self }
    }
}

/// Changes a row with the next version. `decide` checks what is wanted, brings it into its one form (references by their
/// ids) and makes the row so; it writes nothing. Where the row says the same then, or did so from the beginning, nothing is
/// written, and nobody is told. Answers whether it was written.
///
/// # Errors
/// What `decide` answers; as [`save`].
pub fn update<R: Versioned, S: Serialize + PartialEq, D>(
    c: &mut Conn,
    actor: &Actor,
    row: &mut R,
    update: Update<'_, S>,
    decide: impl FnOnce(&mut Conn, &mut R, &mut S) -> Result<D>,
    write: impl FnOnce(&mut Write<'_>, &R, D) -> Result<()>,
) -> Result<bool> {
    let Update { before, mut after, verb, reason } = update;
    if *before == after {
        return Ok(false);
    }
    let decided = decide(c, row, &mut after)?;
    if *before == after {
        return Ok(false);
    }
    row.touch(row.version() + 1, actor.now);
    write(&mut Write(c), row, decided)?;
    event::record(c, actor, &Event::of(verb, row).because(reason).change(Some(json(before)?), Some(json(&after)?)))?;
    Ok(true)
}

/// Removes a row; `content` is what it said.
///
/// # Errors
/// As [`save`].
pub fn delete<R: Versioned>(
    c: &mut Conn,
    actor: &Actor,
    row: &R,
    content: &impl Serialize,
    write: impl FnOnce(&mut Write<'_>) -> Result<()>,
) -> Result<()> {
    let event = Event::of("deleted", row).change(Some(json(content)?), None);
    save(c, actor, &event, write)
}

fn json(content: &impl Serialize) -> Result<Value> {
    serde_json::to_value(content).map_err(Error::internal)
}
