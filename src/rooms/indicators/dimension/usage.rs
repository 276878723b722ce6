//! Which values of a dimension figures bear. Figures hold their disaggregation as JSON, which is read as such: that one
//! text stands within another proves nothing.

use crate::db::schema::{frozen_observations, observations};
use crate::db::{self, Conn};
use crate::problem::{Result, codes};
use crate::values::id::{IndicatorId, PlanId};
use diesel::dsl::count_star;
use diesel::prelude::*;
use std::collections::{BTreeMap, HashSet};

/// How many figures bear each value of a dimension, by the value's code.
#[derive(Debug, Default)]
pub struct Usage(BTreeMap<String, i64>);

impl Usage {
    /// Counts from disaggregations and how often each occurs.
    ///
    /// # Errors
    /// Internal, if one is no JSON object of texts.
    pub fn counted<'a>(dimension: &str, found: impl IntoIterator<Item = (&'a str, i64)>) -> Result<Self> {
        let mut counts = BTreeMap::new();
        for (disaggregation, count) in found {
            let mut cell: BTreeMap<String, String> = db::from_json(disaggregation)?;
            if let Some(value) = cell.remove(dimension) {
                *counts.entry(value).or_default() += count;
            }
        }
        Ok(Self(counts))
    }

    /// How many figures are split by the dimension.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.0.values().sum()
    }

    /// How many of them bear none of these values.
    #[must_use]
    pub fn without<'a>(&self, kept: impl Iterator<Item = &'a str>) -> i64 {
        let kept: HashSet<&str> = kept.collect();
        self.0.iter().filter(|(value, _)| !kept.contains(value.as_str())).map(|(_, count)| count).sum()
    }
}

/// The figures of a plan that are split by a dimension: those in reports and those in consolidated reports.
///
/// # Errors
/// If the database fails.
pub fn of(c: &mut Conn, plan: &PlanId, dimension: &str) -> Result<Usage> {
    let mut found: Vec<(String, i64)> = observations::table
        .filter(observations::plan_id.eq(plan))
        .filter(observations::disaggregation.ne("{}"))
        .group_by(observations::disaggregation)
        .select((observations::disaggregation, count_star()))
        .load(c)?;
    let frozen: Vec<(String, i64)> = frozen_observations::table
        .filter(frozen_observations::plan_id.eq(plan))
        .filter(frozen_observations::disaggregation.ne("{}"))
        .group_by(frozen_observations::disaggregation)
        .select((frozen_observations::disaggregation, count_star()))
        .load(c)?;
    found.extend(frozen);
    Usage::counted(dimension, found.iter().map(|(d, n)| (d.as_str(), *n)))
}

/// Goes on only if no reported figure of an indicator is split by one of these dimensions.
///
/// # Errors
/// 409 `disaggregation.in_use` with the number of figures.
pub fn without_data(c: &mut Conn, indicator: &IndicatorId, dimensions: &[&str]) -> Result<()> {
    if dimensions.is_empty() {
        return Ok(());
    }
    let found: Vec<(String, i64)> = observations::table
        .filter(observations::indicator_id.eq(indicator))
        .filter(observations::disaggregation.ne("{}"))
        .group_by(observations::disaggregation)
        .select((observations::disaggregation, count_star()))
        .load(c)?;
    let mut split = 0;
    for dimension in dimensions {
        split += Usage::counted(dimension, found.iter().map(|(d, n)| (d.as_str(), *n)))?.total();
    }
    db::in_use(codes::DISAGGREGATION_IN_USE, &[("observations", split)])
}
