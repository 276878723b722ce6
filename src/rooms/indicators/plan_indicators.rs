//! What figures are read with, kept in memory: the indicators of a plan.

use super::indicator_summary::{IndicatorSummary, of_plans};
use crate::db::Conn;
use crate::db::data_version::Kinds;
use crate::db::models::{Model, Models};
use crate::problem::Result;
use crate::values::id::PlanId;
use std::collections::{BTreeMap, HashMap};
use std::ops::Deref;
use std::sync::Arc;

/// The indicators of a plan in its order, as figures are read with them. They change seldom, and every answer about figures asks for them.
#[derive(Debug, Default, PartialEq)]
pub struct PlanIndicators(Vec<IndicatorSummary>);

impl From<Vec<IndicatorSummary>> for PlanIndicators {
    fn from(in_order: Vec<IndicatorSummary>) -> Self {
        Self(in_order)
    }
}

impl Deref for PlanIndicators {
    type Target = [IndicatorSummary];

    fn deref(&self) -> &[IndicatorSummary] {
        &self.0
    }
}

impl Model for PlanIndicators {
    const READS: Kinds = Kinds::INDICATOR.and(Kinds::DIMENSION);

    fn bytes(&self) -> usize {
        // The newest version stands in the indicator once more; names and definitions in two languages take most of it.
        4096 * self.0.iter().map(|known| 1 + known.versions.len()).sum::<usize>()
    }
}

/// The indicators of several plans, each named by its id with its jurisdiction, by plan: kept in memory while none of them changes.
///
/// # Errors
/// If the database fails.
pub fn kept_of_plans(c: &mut Conn, models: &Models, plans: BTreeMap<&str, &str>) -> Result<HashMap<String, Arc<PlanIndicators>>> {
    models.each(c, 0, plans, |c, missing| {
        let mut found: HashMap<String, PlanIndicators> =
            missing.iter().map(|plan| ((*plan).to_owned(), PlanIndicators::default())).collect();
        let ids: Vec<PlanId> = missing.iter().map(|plan| PlanId::from_text(*plan)).collect();
        for known in of_plans(c, &ids)? {
            found.entry(known.plan.to_string()).or_default().0.push(known);
        }
        Ok(found.into_iter().collect())
    })
}
