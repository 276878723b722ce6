//! Indicators as lists show them, written as JSON once for all questions: each is some kilobytes, and they change seldom.

use super::table;
use super::wire::IndicatorOut;
use crate::actor::Actor;
use crate::db::Conn;
use crate::db::data_version::Kinds;
use crate::db::models::Model;
use crate::problem::{Error, Result};
use crate::values::period::year_local;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// How many indicators are read at once.
const BATCH: usize = 500;

/// The JSON of an indicator.
pub(super) struct Written(Box<RawValue>);

impl PartialEq for Written {
    fn eq(&self, other: &Self) -> bool {
        self.0.get() == other.0.get()
    }
}

impl Model for Written {
    const READS: Kinds =
        Kinds::PLAN.and(Kinds::GOAL).and(Kinds::PLAN_INDICATOR).and(Kinds::DIMENSION).and(Kinds::INDICATOR).and(Kinds::UNIT);

    fn bytes(&self) -> usize {
        self.0.get().len()
    }
}

/// An indicator on a page of a list: an [`IndicatorOut`] without what this caller may do with it.
#[derive(Clone)]
pub(super) enum ListedIndicator {
    /// As it is now.
    Written(Arc<Written>),
    /// As a period asks it.
    Asked(Box<IndicatorOut>),
}

impl Serialize for ListedIndicator {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self {
            Self::Written(written) => written.0.serialize(serializer),
            Self::Asked(indicator) => indicator.serialize(serializer),
        }
    }
}

/// Indicators, each named by its id with its ward: two statements for 500 of them.
///
/// # Errors
/// If the database fails.
pub(super) fn each(c: &mut Conn, actor: &Actor, ids: BTreeMap<&str, &str>) -> Result<HashMap<String, Arc<Written>>> {
    // Whether a version holds is told of a year.
    let year = year_local(actor.now);
    actor.models.each(c, year.unsigned_abs(), ids, |c, missing| {
        let mut written = Vec::with_capacity(missing.len());
        for ids in missing.chunks(BATCH) {
            let rows = table::with_ids(c, ids)?;
            let mut linked = table::links::of(c, &rows.iter().map(|(row, _)| &row.id).collect::<Vec<_>>())?;
            for (row, parents) in rows {
                let links = linked.remove(&row.id).unwrap_or_default();
                let indicator = row.into_out(&parents, links, year)?;
                let json = serde_json::value::to_raw_value(&indicator).map_err(Error::internal)?;
                written.push((indicator.id, Written(json)));
            }
        }
        Ok(written)
    })
}
