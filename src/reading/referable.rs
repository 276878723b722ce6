//! What clients name by a code in place of its id.

use super::references::Scope;
use crate::db::Conn;
use crate::problem::Result;
use crate::values::id::looks_like_id;

/// Something that clients name.
pub trait Referable {
    /// What it is called, in Vietnamese and in English.
    const CALLED: (&'static str, &'static str);
    /// By what it is named, in Vietnamese and in English.
    const NAMED_BY: (&'static str, &'static str) = ("mã hiệu hoặc «id»", "code or id");
}

/// Something that clients name and the database holds.
pub trait Stored: Referable + Clone {
    /// Its id.
    type Id;

    /// Its id alone.
    fn into_id(self) -> Self::Id;

    /// Whether a text, spelt as the database spells it, names it.
    fn is_named(&self, named: &str) -> bool;

    /// The rows that one of these texts names within a scope, at most `limit` of them.
    ///
    /// # Errors
    /// If the database fails.
    fn load(c: &mut Conn, named: &[String], within: &Scope, limit: Option<i64>) -> Result<Vec<Self>>;

    /// The rows that a text stands for in a filter within a scope: those that it names, and those that answer to what it names.
    ///
    /// # Errors
    /// If the database fails.
    fn load_meant(c: &mut Conn, named: &str, within: &Scope) -> Result<Vec<Self>> {
        Self::load(c, &[spelt(named)], within, None)
    }
}

/// An id or a code as the database spells it: ids are small.
#[must_use]
pub fn spelt(named: &str) -> String {
    if looks_like_id(named) { named.to_ascii_lowercase() } else { named.to_owned() }
}
