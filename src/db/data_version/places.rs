//! Where administrative units lie: each with those above it.

use super::super::Conn;
use super::super::schema::jurisdictions;
use super::{DataVersions, Path};
use crate::problem::Result;
use diesel::prelude::*;

impl DataVersions {
    /// An administrative unit and those above it, `None` if there is no such unit. No statement where it is remembered; else it
    /// is read after the look of this number.
    ///
    /// # Errors
    /// If the database fails.
    pub fn path_of(&self, c: &mut Conn, code: &str, seen: u64) -> Result<Option<Path>> {
        let name = format!("jurisdiction {code}");
        if let Some(path) = self.path(&name) {
            return Ok(Some(path));
        }
        let path = read(c, code.to_owned())?;
        if let Some(path) = &path {
            self.remember(name, seen, path.clone());
        }
        Ok(path)
    }
}

/// The tree has three levels.
fn read(c: &mut Conn, code: String) -> Result<Option<Path>> {
    let above = diesel::alias!(jurisdictions as above);
    let found: Option<(Option<String>, Option<String>)> = jurisdictions::table
        .left_join(above.on(jurisdictions::parent.eq(above.field(jurisdictions::code).nullable())))
        .filter(jurisdictions::code.eq(&code))
        .select((jurisdictions::parent, above.field(jurisdictions::parent).nullable()))
        .first(c)
        .optional()?;
    Ok(found.map(|(parent, grandparent)| [Some(code), parent, grandparent].into_iter().flatten().collect()))
}
