//! Indicators as other rooms need them: meaning, duties and dimensions in one piece.

use super::definition::Definition;
use crate::db::schema::{dimensions, indicator_dimensions, indicator_units, indicators};
use crate::db::{self, Conn};
use crate::figures::Measure;
use crate::problem::{Error, Result};
use crate::rooms::units::{self, UnitKey};
use crate::values::Ref;
use crate::values::id::{GoalId, IndicatorId, PlanId, PlanIndicatorId, UnitId};
use crate::values::period::Frequency;
use crate::values::text::Bilingual;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};
use utoipa::ToSchema;

/// A value of a dimension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "female", "name": {"vi": "Nữ", "en": "Female"}, "active": true}))]
pub struct DimensionValue {
    /// Its code, unique within the dimension.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    pub code: String,
    /// Its name.
    pub name: Bilingual,
    /// Whether new figures may bear it.
    #[serde(default = "active")]
    pub active: bool,
}

fn active() -> bool {
    true
}

/// A dimension by which an indicator's figures may be split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndicatorDimension {
    /// Its code.
    pub code: String,
    /// Whether its values split what is counted without overlap.
    pub additive: bool,
    /// Whether leaving it out is worth a warning.
    pub expected: bool,
    /// Its values.
    pub values: Vec<DimensionValue>,
}

/// An indicator.
#[derive(Debug, Clone)]
pub struct IndicatorSummary {
    /// Its id.
    pub id: IndicatorId,
    /// Its plan.
    pub plan: PlanId,
    /// Its goal.
    pub goal: GoalId,
    /// The printed target that it measures.
    pub printed: PlanIndicatorId,
    /// Its code.
    pub code: String,
    /// How often it is reported.
    pub frequency: Frequency,
    /// Whether its figures point at persons.
    pub restricted: bool,
    /// What it means.
    pub definition: Definition,
    /// The version of that.
    pub definition_version: i32,
    /// The units charged with reporting it, as its `units[]` names them.
    pub reporters: BTreeSet<UnitId>,
    /// The dimensions it may be split by.
    pub dimensions: Vec<IndicatorDimension>,
}

impl IndicatorSummary {
    /// What the rules need to know.
    #[must_use]
    pub fn measure(&self) -> Measure {
        self.definition.measure(self.frequency)
    }

    /// Its id and its code, either of which names it.
    #[must_use]
    pub fn names(&self) -> (&str, &str) {
        (self.id.as_str(), &self.code)
    }

    /// As an answer names it.
    #[must_use]
    pub fn reference(&self) -> Ref {
        Ref::new(self.id.clone(), self.code.clone())
    }

    /// Those who owe its figure; `all` are the units of the jurisdiction.
    #[must_use]
    pub fn due_from(&self, all: &[UnitKey]) -> Vec<UnitKey> {
        units::charged(all, &self.reporters)
    }
}

type Row = (IndicatorId, PlanId, GoalId, PlanIndicatorId, String, String, bool, String, i32);

/// All indicators of a plan in its order: three statements, however many there are.
///
/// # Errors
/// If the database fails.
pub fn of_plan(c: &mut Conn, plan: &PlanId) -> Result<Vec<IndicatorSummary>> {
    of_plans(c, std::slice::from_ref(plan))
}

/// The same of several plans; each plan's indicators are in its order.
///
/// # Errors
/// If the database fails.
pub fn of_plans(c: &mut Conn, plans: &[PlanId]) -> Result<Vec<IndicatorSummary>> {
    let rows: Vec<Row> = indicators::table
        .filter(indicators::plan_id.eq_any(plans))
        .order((indicators::plan_order, indicators::id))
        .select((
            indicators::id,
            indicators::plan_id,
            indicators::goal_id,
            indicators::plan_indicator_id,
            indicators::code,
            indicators::frequency,
            indicators::restricted,
            indicators::definition,
            indicators::definition_version,
        ))
        .load(c)?;
    let obligations: Vec<(IndicatorId, UnitId)> = indicator_units::table
        .inner_join(indicators::table)
        .filter(indicators::plan_id.eq_any(plans))
        .filter(indicator_units::duty.eq("report"))
        .select((indicator_units::indicator_id, indicator_units::unit_id))
        .load(c)?;
    let split: Vec<(IndicatorId, String, bool, bool, String)> = indicator_dimensions::table
        .inner_join(indicators::table)
        .inner_join(dimensions::table)
        .filter(indicators::plan_id.eq_any(plans))
        .order(indicator_dimensions::position)
        .select((
            indicator_dimensions::indicator_id,
            dimensions::code,
            indicator_dimensions::additive,
            indicator_dimensions::expected,
            dimensions::dimension_values,
        ))
        .load(c)?;
    let mut reporters: HashMap<IndicatorId, BTreeSet<UnitId>> = HashMap::new();
    for (indicator, unit) in obligations {
        reporters.entry(indicator).or_default().insert(unit);
    }
    let mut by_indicator: HashMap<IndicatorId, Vec<IndicatorDimension>> = HashMap::new();
    for (indicator, code, additive, expected, values) in split {
        by_indicator.entry(indicator).or_default().push(IndicatorDimension { code, additive, expected, values: db::from_json(&values)? });
    }
    rows.into_iter()
        .map(|(id, plan, goal, printed, code, frequency, restricted, definition, definition_version)| {
            let frequency = Frequency::parse(&frequency).ok_or_else(|| Error::internal("an indicator of unknown frequency"))?;
            Ok(IndicatorSummary {
                reporters: reporters.remove(&id).unwrap_or_default(),
                dimensions: by_indicator.remove(&id).unwrap_or_default(),
                definition: db::from_json(&definition)?,
                id,
                plan,
                goal,
                printed,
                code,
                frequency,
                restricted,
                definition_version,
            })
        })
        .collect()
}
