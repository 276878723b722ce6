//! A plan with everything that belongs to it: a fixed number of statements, however large it is.

use crate::actor::Actor;
use crate::db::Conn;
use crate::problem::Result;
use crate::rooms::goals::{self, GoalOut};
use crate::rooms::indicators::{self, DimensionOut, IndicatorOut, PlanIndicatorOut};
use crate::rooms::plans::{self, PlanOut};
use crate::rooms::tasks::{self, TaskOut};
use crate::rooms::units::{self, UnitOut};
use crate::values::id::PlanId;

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

/// Reads a plan whole.
///
/// # Errors
/// 404.
pub(super) fn read(c: &mut Conn, actor: &Actor, id: &PlanId) -> Result<WholePlan> {
    let key = plans::find_key(c, id)?;
    Ok(WholePlan {
        plan: plans::find(c, actor, id)?,
        goals: goals::list_of_plan(c, &key)?,
        printed: indicators::printed_of_plan(c, &key)?,
        indicators: indicators::list_of_plan(c, &key)?,
        dimensions: indicators::dimensions_of_plan(c, &key)?,
        tasks: tasks::list_of_plan(c, &key)?,
        units: units::list_of_jurisdiction(c, &key.jurisdiction)?,
    })
}
