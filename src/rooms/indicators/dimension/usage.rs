//! Which values of a dimension figures bear. Figures hold their disaggregation as JSON, which is read as such: that one
//! text contains another proves nothing.

use crate::db;
use crate::problem::Result;
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
