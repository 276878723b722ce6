//! What is hidden of plans' figures, as those who read single figures ask: a read model of each plan, for it takes all of a
//! plan's figures to decide what is hidden of one.

use super::disclosure_inputs;
use super::disclosure_mask::DisclosureMask;
use super::load::Basis;
use crate::actor::Actor;
use crate::db::Conn;
use crate::db::data_version::Kinds;
use crate::db::models::Model;
use crate::problem::Result;
use crate::rooms::plans;
use crate::values::id::{IndicatorId, PeriodId, PlanId, UnitId};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// What is hidden of a plan's figures from readers without the scope.
#[derive(PartialEq, Eq)]
struct PlanMask(DisclosureMask);

impl Model for PlanMask {
    const READS: Kinds = Kinds::PLAN
        .and(Kinds::DIMENSION)
        .and(Kinds::INDICATOR)
        .and(Kinds::UNIT)
        .and(Kinds::PERIOD)
        .and(Kinds::REPORT)
        .and(Kinds::CONSOLIDATED);

    fn bytes(&self) -> usize {
        200 * self.0.size()
    }
}

/// What is hidden of some plans' figures. The default knows none, and hides everything restricted.
#[derive(Default)]
pub struct Masks(HashMap<String, Arc<PlanMask>>);

impl Masks {
    /// Of these plans, each named by its id with its ward, as accepted or as published.
    ///
    /// # Errors
    /// If the database fails.
    pub fn load(c: &mut Conn, actor: &Actor, plans: BTreeMap<&str, &str>, basis: Basis) -> Result<Self> {
        let variant = match basis {
            Basis::Accepted => 0,
            Basis::Published => 1,
        };
        let load = |c: &mut Conn, missing: &[&str]| {
            let plans = plans::find_keys(c, &missing.iter().map(|id| PlanId::from_text(*id)).collect::<Vec<_>>())?;
            let masks = disclosure_inputs::masks_of(c, &plans, basis, actor.settings.smallest_count)?;
            Ok(masks.into_iter().map(|(plan, mask)| (plan.into(), PlanMask(mask))).collect())
        };
        Ok(Self(actor.models.each(c, variant, plans, load)?))
    }

    /// Whether a unit's figure of a restricted indicator is hidden; `part` is a disaggregation as the database writes it. One of
    /// a plan that was not asked for is.
    #[must_use]
    pub fn hides(&self, plan: &PlanId, period: &PeriodId, indicator: &IndicatorId, unit: &UnitId, part: &str) -> bool {
        self.0.get(plan.as_str()).is_none_or(|mask| mask.0.hides(period, indicator, unit, part))
    }
}
