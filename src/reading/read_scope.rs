//! What an answer that is kept was read of.

use crate::db::Conn;
use crate::db::data_version::{DataVersions, Kinds, Path, Reads};
use crate::db::schema::plans;
use crate::problem::Result;
use crate::values::id::looks_like_id;
use diesel::prelude::*;

/// Of whom an answer tells: what changes elsewhere leaves it as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadScope {
    /// Perhaps of every administrative unit.
    Everywhere,
    /// Of an administrative unit, by official code, and all below it; it may also tell of those above.
    Jurisdiction(String),
    /// Of a plan's administrative unit, by the plan's id or code.
    Plan(String),
    /// Of an administrative unit, as before, where a plan is looked for.
    PlanIn(String),
}

impl ReadScope {
    /// Of what a query names by `plan` and `jurisdiction`.
    #[must_use]
    pub fn named(plan: Option<&str>, jurisdiction: Option<&str>) -> Self {
        match (jurisdiction, plan) {
            (Some(code), Some(_)) => Self::PlanIn(code.to_owned()),
            (Some(code), None) => Self::Jurisdiction(code.to_owned()),
            (None, Some(plan)) => Self::Plan(plan.to_owned()),
            (None, None) => Self::Everywhere,
        }
    }

    /// What an answer hangs on that reads rows of these kinds, after the look of this number. No statement where the place is
    /// remembered.
    ///
    /// # Errors
    /// If the database fails.
    pub fn reads(&self, c: &mut Conn, versions: &DataVersions, kinds: Kinds, seen: u64) -> Result<Reads> {
        let reads = |path: Option<&Path>| versions.reads(kinds, seen, path).and_anywhere(self.anywhere());
        let plan = match self {
            Self::Everywhere => return Ok(reads(None)),
            Self::Jurisdiction(code) | Self::PlanIn(code) => return Ok(reads(versions.path_of(c, code, seen)?.as_ref())),
            Self::Plan(plan) => plan,
        };
        let name = format!("plan {plan}");
        if let Some(path) = versions.path(&name) {
            return Ok(reads(Some(&path)));
        }
        let ward = ward_of(c, plan)?;
        let path = ward.map(|code| versions.path_of(c, &code, seen)).transpose()?.flatten();
        if let Some(path) = &path {
            versions.remember(name, seen, path.clone());
        }
        Ok(reads(path.as_ref()))
    }

    /// What matters wherever it is: another plan of the same code makes the name fit both.
    fn anywhere(&self) -> Kinds {
        match self {
            Self::Plan(plan) if looks_like_id(plan) => Kinds::NONE,
            Self::Plan(_) | Self::PlanIn(_) => Kinds::PLAN,
            Self::Everywhere | Self::Jurisdiction(_) => Kinds::NONE,
        }
    }
}

/// The administrative unit of a plan, if the name fits one.
fn ward_of(c: &mut Conn, named: &str) -> Result<Option<String>> {
    let query = plans::table.select(plans::jurisdiction).into_boxed();
    let query =
        if looks_like_id(named) { query.filter(plans::id.eq(named.to_ascii_lowercase())) } else { query.filter(plans::code.eq(named)) };
    let mut found: Vec<String> = query.distinct().limit(2).load(c)?;
    Ok(found.pop().filter(|_| found.is_empty()))
}
