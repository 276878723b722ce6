//! What hangs on indicators: their plan, goal and printed target by name, their units and their dimensions. It is read for
//! a whole list at once, so that the number of statements does not depend on the list's length.

use super::store::IndicatorRow;
use super::wire::{Basis, Duty, SplitOut, UnitDutyOut};
use crate::db::Conn;
use crate::db::schema::{dimensions, goals, indicator_dimensions, indicator_units, indicators, plan_indicators, plans, units};
use crate::problem::{Error, Result};
use crate::values::Ref;
use crate::values::id::{DimensionId, GoalId, IndicatorId, PlanId, PlanIndicatorId, UnitId};
use diesel::prelude::*;
use std::collections::HashMap;

/// What hangs on the indicators of a list.
#[derive(Debug, Default)]
pub(super) struct Parts {
    plans: HashMap<PlanId, String>,
    goals: HashMap<GoalId, String>,
    printed: HashMap<PlanIndicatorId, String>,
    units: HashMap<IndicatorId, Vec<UnitDutyOut>>,
    splits: HashMap<IndicatorId, Vec<SplitOut>>,
}

type UnitRow = (IndicatorId, UnitId, String, String, String, Option<String>);
type SplitRow = (IndicatorId, DimensionId, String, bool, bool);

impl Parts {
    /// Reads what hangs on these indicators, at most 500 of them: three statements.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn of(c: &mut Conn, rows: &[IndicatorRow]) -> Result<Self> {
        let ids: Vec<&IndicatorId> = rows.iter().map(|r| &r.id).collect();
        let named: Vec<(PlanId, String, GoalId, String, PlanIndicatorId, String)> = indicators::table
            .inner_join(plans::table)
            .inner_join(goals::table)
            .inner_join(plan_indicators::table)
            .filter(indicators::id.eq_any(&ids))
            .select((plans::id, plans::code, goals::id, goals::code, plan_indicators::id, plan_indicators::code))
            .load(c)?;
        let mut parts = Self { units: units_of(c, &ids)?, splits: splits_of(c, &ids)?, ..Self::default() };
        for (plan, plan_code, goal, goal_code, printed, printed_code) in named {
            parts.plans.insert(plan, plan_code);
            parts.goals.insert(goal, goal_code);
            parts.printed.insert(printed, printed_code);
        }
        Ok(parts)
    }

    /// The plan as an answer names it.
    pub(super) fn plan(&self, id: PlanId) -> Ref {
        let code = self.plans.get(&id).cloned().unwrap_or_default();
        Ref::new(id, code)
    }

    /// The goal as an answer names it.
    pub(super) fn goal(&self, id: GoalId) -> Ref {
        let code = self.goals.get(&id).cloned().unwrap_or_default();
        Ref::new(id, code)
    }

    /// The printed target as an answer names it.
    pub(super) fn printed(&self, id: PlanIndicatorId) -> Ref {
        let code = self.printed.get(&id).cloned().unwrap_or_default();
        Ref::new(id, code)
    }

    /// The units and dimensions of one indicator.
    pub(super) fn take(&mut self, id: &IndicatorId) -> (Vec<UnitDutyOut>, Vec<SplitOut>) {
        (self.units.remove(id).unwrap_or_default(), self.splits.remove(id).unwrap_or_default())
    }
}

fn units_of(c: &mut Conn, ids: &[&IndicatorId]) -> Result<HashMap<IndicatorId, Vec<UnitDutyOut>>> {
    let rows: Vec<UnitRow> = indicator_units::table
        .inner_join(units::table)
        .filter(indicator_units::indicator_id.eq_any(ids))
        .order((indicator_units::indicator_id, indicator_units::position))
        .select((
            indicator_units::indicator_id,
            units::id,
            units::code,
            indicator_units::duty,
            indicator_units::basis,
            indicator_units::why,
        ))
        .load(c)?;
    let mut found: HashMap<IndicatorId, Vec<UnitDutyOut>> = HashMap::new();
    for (indicator, unit, code, duty, basis, why) in rows {
        let duty = Duty::parse(&duty).ok_or_else(|| Error::internal("an unknown duty"))?;
        let basis = Basis::parse(&basis).ok_or_else(|| Error::internal("an unknown basis"))?;
        found.entry(indicator).or_default().push(UnitDutyOut { unit: Ref::new(unit, code), duty, basis, why });
    }
    Ok(found)
}

fn splits_of(c: &mut Conn, ids: &[&IndicatorId]) -> Result<HashMap<IndicatorId, Vec<SplitOut>>> {
    let rows: Vec<SplitRow> = indicator_dimensions::table
        .inner_join(dimensions::table)
        .filter(indicator_dimensions::indicator_id.eq_any(ids))
        .order((indicator_dimensions::indicator_id, indicator_dimensions::position))
        .select((
            indicator_dimensions::indicator_id,
            dimensions::id,
            dimensions::code,
            indicator_dimensions::additive,
            indicator_dimensions::expected,
        ))
        .load(c)?;
    let mut found: HashMap<IndicatorId, Vec<SplitOut>> = HashMap::new();
    for (indicator, dimension, code, additive, expected) in rows {
        found.entry(indicator).or_default().push(SplitOut { dimension: Ref::new(dimension, code), additive, expected });
    }
    Ok(found)
}
