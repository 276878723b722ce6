//! Where administrative units lie: each with those above it.

use super::super::schema::jurisdictions;
use super::super::{Conn, statements};
use super::{DataVersions, Path};
use crate::problem::Result;
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap};

/// How many units one statement names at most: SQLite bounds the parameters of a statement.
const BATCH: usize = 500;

impl DataVersions {
    /// An administrative unit and those above it, `None` if there is no such unit. No statement where it is remembered; else it
    /// is read after the look of this number.
    ///
    /// # Errors
    /// If the database fails.
    pub fn path_of(&self, c: &mut Conn, code: &str, seen: u64) -> Result<Option<Path>> {
        Ok(self.paths_of(c, BTreeSet::from([code]), seen)?.remove(code))
    }

    /// The same of several units by their codes, in one statement: it is part of the look at versions, not of what is read.
    ///
    /// # Errors
    /// If the database fails.
    pub fn paths_of<'a>(&self, c: &mut Conn, codes: BTreeSet<&'a str>, seen: u64) -> Result<HashMap<&'a str, Path>> {
        let mut paths = HashMap::with_capacity(codes.len());
        let mut missing = Vec::new();
        for code in codes {
            match self.path(&name(code)) {
                Some(path) => drop(paths.insert(code, path)),
                None => missing.push(code),
            }
        }
        for some in missing.chunks(BATCH) {
            let found = statements::uncounted(|| read(c, some))?;
            for code in some {
                if let Some(path) = found.get(*code) {
                    self.remember(name(code), seen, path.clone());
                    paths.insert(code, path.clone());
                }
            }
        }
        Ok(paths)
    }
}

fn name(code: &str) -> String {
    format!("jurisdiction {code}")
}

/// The tree has three levels.
fn read(c: &mut Conn, codes: &[&str]) -> Result<HashMap<String, Path>> {
    let above = diesel::alias!(jurisdictions as above);
    let found: Vec<(String, Option<String>, Option<String>)> = jurisdictions::table
        .left_join(above.on(jurisdictions::parent.eq(above.field(jurisdictions::code).nullable())))
        .filter(jurisdictions::code.eq_any(codes))
        .select((jurisdictions::code, jurisdictions::parent, above.field(jurisdictions::parent).nullable()))
        .load(c)?;
    let path =
        |(code, parent, grandparent): (String, _, _)| (code.clone(), [Some(code), parent, grandparent].into_iter().flatten().collect());
    Ok(found.into_iter().map(path).collect())
}
