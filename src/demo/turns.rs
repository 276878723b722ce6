//! What changes in the story: the plan of the province, an amendment, a merger.

use crate::actor::Actor;
use crate::change::Expected;
use crate::change::patch::Patch;
use crate::db::Conn;
use crate::problem::{Place, Result};
use crate::reading::references::{IndicatorKey, Scope, UnitKey};
use crate::rooms::amendments::{self, AmendmentIn};
use crate::rooms::goals::{self, GoalIn};
use crate::rooms::indicators::{self, IndicatorIn};
use crate::rooms::plans::{self, PlanIn, PlanKey};
use crate::rooms::successions::{self, DissolutionIn};
use crate::rooms::units;
use crate::values::period::today_local;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Makes a plan with its goals and indicators; each names what it belongs to by code.
///
/// # Errors
/// If the database fails or a rule refuses it.
pub(super) fn found(c: &mut Conn, actor: &Actor, plan: &PlanIn, goals: &[GoalIn], indicators: &[IndicatorIn]) -> Result<()> {
    plans::create(c, actor, plan)?;
    goals.iter().try_for_each(|goal| goals::create(c, actor, goal).map(drop))?;
    indicators.iter().try_for_each(|indicator| indicators::create(c, actor, indicator).map(drop))
}

/// Enters a decision and changes what it says; each change names it.
///
/// # Errors
/// If the database fails or a rule refuses it.
pub(super) fn amend(
    c: &mut Conn,
    actor: &Actor,
    plan: &PlanKey,
    amendment: &AmendmentIn,
    changes: &BTreeMap<String, Map<String, Value>>,
) -> Result<()> {
    let made = amendments::create(c, actor, &plan.id, amendment)?;
    for (code, change) in changes {
        let named: IndicatorKey = Scope::of_plan(plan).one(c, code, &Place::body("/indicators"))?;
        let now = indicators::find(c, actor, &named.id)?;
        let mut change = change.clone();
        change.insert("amendment".to_owned(), json!(made.id));
        let patch: Patch<IndicatorIn> = serde_json::from_value(Value::Object(change))?;
        indicators::update(c, actor, &named.id, &Expected::version(now.version), &patch)?;
    }
    Ok(())
}

/// Merges a unit into another of its ward as of today.
///
/// # Errors
/// If the database fails or a rule refuses it.
pub(super) fn merge(c: &mut Conn, actor: &Actor, plan: &PlanKey, unit: &str, into: &str, reason: &str) -> Result<()> {
    let named: UnitKey = Scope::of_jurisdiction(&plan.jurisdiction).one(c, unit, &Place::body("/unit"))?;
    let now = units::find(c, actor, &named.id)?;
    let input = DissolutionIn { on: today_local(actor.now), successors: vec![into.to_owned()], reason: reason.to_owned() };
    successions::dissolve(c, actor, &named.id, &Expected::version(now.version), &input).map(drop)
}
