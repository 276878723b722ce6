//! What figures are read with: the codes, periods and definitions that an answer names beside them. They change seldom, and
//! every page of figures asks for them, so they are read models.

use super::rows::ReadableRow;
use crate::actor::Actor;
use crate::db::data_version::Kinds;
use crate::db::models::Model;
use crate::db::schema::{indicator_definitions, indicators, plans, reporting_periods, units};
use crate::db::{self, Conn};
use crate::problem::{Error, Result};
use crate::rooms::indicators::Definition;
use crate::values::id::{IndicatorId, PeriodId, PlanId, UnitId};
use crate::values::period::Frequency;
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

/// How many ids one statement names at most: SQLite bounds the parameters of a statement.
const BATCH: usize = 500;

/// What answers name beside figures.
#[derive(Default)]
pub(super) struct Context {
    plans: HashMap<String, Arc<PlanContext>>,
    indicators: HashMap<String, Arc<IndicatorContext>>,
}

impl Context {
    /// Beside these figures: three statements at most, however many there are.
    pub(super) fn load(c: &mut Conn, actor: &Actor, rows: &[ReadableRow]) -> Result<Self> {
        let plans = rows.iter().map(|row| (row.plan_id.as_str(), row.jurisdiction.as_str())).collect();
        let indicators = rows.iter().map(|row| (row.indicator_id.as_str(), row.jurisdiction.as_str())).collect();
        Ok(Self { plans: actor.models.each(c, 0, plans, load_plans)?, indicators: actor.models.each(c, 0, indicators, load_indicators)? })
    }

    /// A figure's plan and indicator.
    pub(super) fn of(&self, row: &ReadableRow) -> Option<(&PlanContext, &IndicatorContext)> {
        Some((self.plans.get(row.plan_id.as_str())?, self.indicators.get(row.indicator_id.as_str())?))
    }
}

/// A plan, with the units of its ward and its periods.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct PlanContext {
    /// The plan's code.
    pub code: String,
    /// The units' codes.
    pub units: HashMap<UnitId, String>,
    pub periods: HashMap<PeriodId, NamedPeriod>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct NamedPeriod {
    pub label: String,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
}

impl Model for PlanContext {
    const READS: Kinds = Kinds::PLAN.and(Kinds::UNIT).and(Kinds::PERIOD);

    fn bytes(&self) -> usize {
        150 * (1 + self.units.len() + self.periods.len())
    }
}

/// An indicator, with all that it has ever meant.
#[derive(Debug, PartialEq)]
pub(super) struct IndicatorContext {
    pub code: String,
    pub frequency: Frequency,
    version: i32,
    /// By version, each with whether its figures point at persons.
    definitions: HashMap<i32, (Definition, bool)>,
    bytes: usize,
}

impl IndicatorContext {
    /// What it meant under a version of its definition.
    pub(super) fn definition(&self, version: i32) -> Option<&Definition> {
        self.in_version(version).map(|(definition, _)| definition)
    }

    /// Whether its figures pointed at persons under a version of its definition; of what is not known they do.
    pub(super) fn restricted(&self, version: i32) -> bool {
        self.in_version(version).is_none_or(|(_, restricted)| *restricted)
    }

    fn in_version(&self, version: i32) -> Option<&(Definition, bool)> {
        self.definitions.get(&version).or_else(|| self.definitions.get(&self.version))
    }
}

impl Model for IndicatorContext {
    const READS: Kinds = Kinds::INDICATOR;

    fn bytes(&self) -> usize {
        self.bytes
    }
}

/// Each row tells of a plan and, if there are any, of one of its ward's units.
type PlanUnitRow = (PlanId, String, Option<(UnitId, String)>);

fn load_plans(c: &mut Conn, wanted: &[&str]) -> Result<Vec<(String, PlanContext)>> {
    let mut found: HashMap<PlanId, PlanContext> = HashMap::new();
    for some in wanted.chunks(BATCH) {
        let with_units: Vec<PlanUnitRow> = plans::table
            .left_join(units::table.on(units::jurisdiction.eq(plans::jurisdiction)))
            .filter(plans::id.eq_any(some))
            .select((plans::id, plans::code, (units::id, units::code).nullable()))
            .load(c)?;
        for (plan, code, unit) in with_units {
            found.entry(plan).or_insert_with(|| PlanContext { code, ..PlanContext::default() }).units.extend(unit);
        }
        let periods: Vec<(PlanId, PeriodId, String, NaiveDate, NaiveDate)> = reporting_periods::table
            .filter(reporting_periods::plan_id.eq_any(some))
            .select((
                reporting_periods::plan_id,
                reporting_periods::id,
                reporting_periods::label,
                reporting_periods::starts_on,
                reporting_periods::ends_on,
            ))
            .load(c)?;
        for (plan, id, label, starts_on, ends_on) in periods {
            found.entry(plan).or_default().periods.insert(id, NamedPeriod { label, starts_on, ends_on });
        }
    }
    Ok(found.into_iter().map(|(id, context)| (id.into(), context)).collect())
}

/// Each row tells of an indicator as it is and, if there are any, of one of its earlier definitions.
type IndicatorRow = (IndicatorId, String, String, bool, String, i32, Option<(i32, String, bool)>);

fn load_indicators(c: &mut Conn, wanted: &[&str]) -> Result<Vec<(String, IndicatorContext)>> {
    let mut found: HashMap<IndicatorId, IndicatorContext> = HashMap::new();
    for some in wanted.chunks(BATCH) {
        let rows: Vec<IndicatorRow> = indicators::table
            .left_join(indicator_definitions::table)
            .filter(indicators::id.eq_any(some))
            .select((
                indicators::id,
                indicators::code,
                indicators::frequency,
                indicators::restricted,
                indicators::definition,
                indicators::definition_version,
                (indicator_definitions::definition_version, indicator_definitions::definition, indicator_definitions::restricted)
                    .nullable(),
            ))
            .load(c)?;
        for (id, code, frequency, restricted, definition, version, earlier) in rows {
            if !found.contains_key(&id) {
                let frequency = Frequency::parse(&frequency).ok_or_else(|| Error::internal("an indicator of unknown frequency"))?;
                let empty = IndicatorContext { code, frequency, version, definitions: HashMap::new(), bytes: 200 };
                found.insert(id.clone(), empty);
            }
            let Some(context) = found.get_mut(&id) else { continue };
            for (version, definition, restricted) in earlier.into_iter().chain([(version, definition, restricted)]) {
                if let Entry::Vacant(place) = context.definitions.entry(version) {
                    place.insert((db::from_json(&definition)?, restricted));
                    // In memory a definition takes about twice what it does as a text.
                    context.bytes += 2 * definition.len();
                }
            }
        }
    }
    Ok(found.into_iter().map(|(id, context)| (id.into(), context)).collect())
}
