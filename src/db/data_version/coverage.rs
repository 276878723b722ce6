//! In debug builds, and so in all tests: whether reads and writes say what they touch. What an answer reads beside the kinds
//! it names would be given out after it has changed; what a write changes without an event nobody would hear of. Neither shows
//! until somebody is misled, so both are faults at once.

use super::kinds::{Kinds, Rows, Told, of_resource, of_table};
use crate::problem::{Error, Result};
use diesel::connection::InstrumentationEvent;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// What the statements of this thread have touched since somebody began to watch.
#[derive(Debug)]
struct Touched {
    read: BTreeSet<String>,
    /// Kinds that are read without a statement.
    remembered: Kinds,
    written: BTreeSet<String>,
    told: BTreeSet<String>,
}

thread_local! {
    static TOUCHED: RefCell<Option<Touched>> = const { RefCell::new(None) };
}

/// Sees every statement of a connection.
pub fn watch(event: InstrumentationEvent<'_>) {
    if let InstrumentationEvent::StartQuery { query, .. } = event {
        TOUCHED.with_borrow_mut(|touched| {
            if let Some(touched) = touched {
                touched.take_in(&query.to_string());
            }
        });
    }
}

/// Hears of every event.
pub fn told(resource: &str) {
    TOUCHED.with_borrow_mut(|touched| {
        if let Some(touched) = touched {
            touched.told.insert(resource.to_owned());
        }
    });
}

impl Touched {
    fn nothing() -> Self {
        Self { read: BTreeSet::new(), remembered: Kinds::NONE, written: BTreeSet::new(), told: BTreeSet::new() }
    }

    /// Takes in which tables a statement names.
    fn take_in(&mut self, statement: &str) {
        // What is bound may say anything.
        let text = statement.split(" -- binds: ").next().unwrap_or_default();
        // What is deleted from is named first.
        let mut deletes = text.trim_start().get(..6).is_some_and(|verb| verb.eq_ignore_ascii_case("delete"));
        let mut before = "";
        for word in text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')).filter(|word| !word.is_empty()) {
            let is = |keyword: &str| before.eq_ignore_ascii_case(keyword);
            if of_table(word).is_some() {
                if is("into") || is("update") || (is("from") && std::mem::take(&mut deletes)) {
                    self.written.insert(word.to_owned());
                } else if is("from") || is("join") {
                    self.read.insert(word.to_owned());
                }
            }
            before = word;
        }
    }
}

/// Runs `f` and answers with what it has touched beside.
fn watched<T>(f: impl FnOnce() -> Result<T>) -> Result<(T, Touched)> {
    let outer = TOUCHED.replace(Some(Touched::nothing()));
    let result = f();
    let touched = TOUCHED.replace(outer).unwrap_or_else(Touched::nothing);
    result.map(|value| (value, touched))
}

/// Hears of kinds that are read without a statement.
pub fn hangs_on(kinds: Kinds) {
    TOUCHED.with_borrow_mut(|touched| {
        if let Some(touched) = touched {
            touched.remembered = touched.remembered.and(kinds);
        }
    });
}

/// Runs `f` without looking.
///
/// # Errors
/// What `f` answers.
pub fn unwatched<T>(f: impl FnOnce() -> Result<T>) -> Result<T> {
    watched(f).map(|(value, _)| value)
}

/// Reads for an answer that is kept, and hangs on these kinds.
///
/// # Errors
/// What `f` answers; internal where it reads anything else.
pub fn read<T>(kinds: Kinds, f: impl FnOnce() -> Result<T>) -> Result<T> {
    let (value, touched) = watched(f)?;
    let unsaid = |table: &&String| match of_table(table) {
        Some(Rows::Of(rows)) => rows.without(kinds) != Kinds::NONE,
        // No event tells of it.
        Some(Rows::Housekeeping) => true,
        _ => false,
    };
    let unsaid: Vec<&String> = touched.read.iter().filter(unsaid).collect();
    let remembered = touched.remembered.without(kinds);
    if remembered != Kinds::NONE {
        return Err(Error::internal(format!("a kept answer remembers {remembered:?} and says that it reads {kinds:?}")));
    }
    if unsaid.is_empty() {
        // What is read for a part is read for the whole.
        hangs_on(kinds);
        return Ok(value);
    }
    Err(Error::internal(format!("a kept answer reads {unsaid:?} and says that it reads {kinds:?}")))
}

/// Writes, telling of it by events.
///
/// # Errors
/// What `f` answers; internal where it changes something that none of its events tells of.
pub fn write<T>(f: impl FnOnce() -> Result<T>) -> Result<T> {
    let (value, touched) = watched(f)?;
    let mut told = Kinds::NONE;
    for resource in &touched.told {
        match of_resource(resource) {
            Told::Everything => return Ok(value),
            Told::Kinds(kinds) | Told::Anywhere(kinds) => told = told.and(kinds),
        }
    }
    let untold = |table: &&String| match of_table(table) {
        Some(Rows::Of(rows)) => rows.without(told) != Kinds::NONE,
        Some(Rows::Places) => true,
        _ => false,
    };
    let untold: Vec<&String> = touched.written.iter().filter(untold).collect();
    if untold.is_empty() {
        return Ok(value);
    }
    Err(Error::internal(format!("{untold:?} are written, and the events tell of {told:?}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::schema::{goals, leases, plans};
    use crate::db::{Database, Target, migrate};
    use diesel::prelude::*;

    fn touched(statements: &[&str]) -> (Vec<String>, Vec<String>) {
        let mut touched = Touched::nothing();
        statements.iter().for_each(|statement| touched.take_in(statement));
        (touched.read.into_iter().collect(), touched.written.into_iter().collect())
    }

    #[test]
    fn tables_are_told_from_columns_and_from_what_is_bound() {
        let of = |statement: &str| touched(&[statement]);
        let (read, written) = of(r#"SELECT "goals"."id", "t"."tasks" FROM ("goals" INNER JOIN "plans" ON 1 = 1) -- binds: ["FROM units"]"#);
        assert_eq!((read, written), (vec!["goals".to_owned(), "plans".to_owned()], vec![]));
        let (read, written) = of("INSERT INTO `goals` (`plans`) SELECT id FROM units");
        assert_eq!((read, written), (vec!["units".to_owned()], vec!["goals".to_owned()]));
        let (read, written) = of("DELETE  FROM `goals` WHERE id = ? -- binds: []");
        assert_eq!((read, written), (vec![], vec!["goals".to_owned()]));
        assert_eq!(of("UPDATE `reports` SET `version` = ?").1, ["reports"]);
        assert_eq!(of("SELECT 1 FROM goals WHERE id = $1 FOR UPDATE").1, Vec::<String>::new());
    }

    #[tokio::test]
    async fn what_is_not_said_is_a_fault() {
        let folder = tempfile::tempdir().unwrap();
        let db = Database::open(&Target::in_folder(folder.path()), 2).unwrap();
        migrate::run(&db).await.unwrap();
        let reads = |kinds: Kinds| {
            db.read_blocking(move |c| read(kinds, || Ok(goals::table.inner_join(plans::table).select(goals::id).load::<String>(c)?.len())))
        };
        assert!(matches!(reads(Kinds::GOAL.and(Kinds::PLAN)), Ok(0)));
        let error = format!("{:?}", reads(Kinds::GOAL).unwrap_err());
        assert!(error.contains("a kept answer reads") && error.contains("plans"), "{error}");
        let housekeeping = db.read_blocking(|c| read(Kinds::ALL, || Ok(leases::table.count().get_result::<i64>(c)?)));
        assert!(format!("{:?}", housekeeping.unwrap_err()).contains("leases"));
        let write = |resource: Option<&'static str>| {
            db.write(move |c| {
                diesel::delete(goals::table).execute(c)?;
                resource.into_iter().for_each(told);
                Ok(())
            })
        };
        write(Some("goal")).await.unwrap();
        write(Some("jurisdiction")).await.unwrap();
        for resource in [None, Some("plan")] {
            let error = format!("{:?}", write(resource).await.unwrap_err());
            assert!(error.contains("are written"), "{error}");
        }
        db.write(|c| Ok(diesel::delete(leases::table).execute(c)?)).await.unwrap();
    }
}
