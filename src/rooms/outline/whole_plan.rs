//! A plan with everything that belongs to it: nine statements, however large it is.

use crate::actor::Actor;
use crate::db::Conn;
use crate::problem::Result;
use crate::rooms::goals::{self, GoalOut};
use crate::rooms::indicators::{self, DimensionOut, IndicatorOut, PlanIndicatorOut};
use crate::rooms::plans::{self, PlanOut};
use crate::rooms::tasks::{self, TaskOut};
use crate::rooms::units::{self, UnitOut};
use crate::values::Ref;
use crate::values::id::PlanId;
use std::collections::HashMap;

/// A plan and its parts, each in the plan's order.
#[derive(Debug)]
pub(super) struct WholePlan {
    pub plan: PlanOut,
    pub goals: Vec<GoalOut>,
    pub printed: Vec<PlanIndicatorOut>,
    pub indicators: Vec<IndicatorOut>,
    pub dimensions: Vec<DimensionOut>,
    pub tasks: Vec<TaskOut>,
    /// The units of the plan's jurisdiction.
    pub units: Vec<UnitOut>,
}

/// Reads a plan whole: as it is now or, where a period is named, with the indicators that it asks as it asks them.
///
/// # Errors
/// 404, 400 for a period that the plan does not have.
pub(super) fn read(c: &mut Conn, actor: &Actor, id: &PlanId, period: Option<&str>) -> Result<WholePlan> {
    let plan = plans::read(c, id)?;
    let key = plan.key();
    let indicators = indicators::list_of_plan(c, actor, &key, period)?;
    Ok(WholePlan {
        goals: goals::list_of_plan(c, &key)?,
        printed: indicators::printed_of_plan(c, &key, by_printed(&indicators))?,
        dimensions: indicators::dimensions_of_plan(c, &key)?,
        tasks: tasks::list_of_plan(c, &key)?,
        units: units::list_of_jurisdiction(c, &key.jurisdiction)?,
        plan,
        indicators,
    })
}

/// Indicators by the printed target that they measure.
fn by_printed(indicators: &[IndicatorOut]) -> HashMap<String, Vec<Ref>> {
    let mut found: HashMap<String, Vec<Ref>> = HashMap::new();
    for indicator in indicators {
        found.entry(indicator.plan_indicator.id.clone()).or_default().push(Ref::new(&indicator.id, &indicator.code));
    }
    found
}
