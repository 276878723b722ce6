//! What stands beside figures in an answer, and what of them is hidden from the reader.

use super::rows::ReadableRow;
use super::wire::ObservationOut;
use crate::actor::Actor;
use crate::db::schema::{indicator_definitions, indicators, reporting_periods};
use crate::db::{self, Conn};
use crate::figures::{Observation, value_of};
use crate::problem::{Error, Result};
use crate::rooms::indicators::Definition;
use crate::rooms::plans;
use crate::rooms::progress::area;
use crate::rooms::results::{self, Basis, DisclosureMask};
use crate::rooms::units;
use crate::values::id::{IndicatorId, PeriodId, PlanId, UnitId};
use crate::values::period::{Frequency, reference};
use crate::values::{PeriodRef, Ref};
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap};

/// Figures as this caller may see them. What he sees exactly though it is restricted, he is told to have read.
pub(super) fn shown(c: &mut Conn, actor: &Actor, rows: Vec<ReadableRow>) -> Result<Vec<ObservationOut>> {
    let beside = Beside::load(c, &rows)?;
    let mask = beside.mask(c, actor, &rows)?;
    rows.into_iter().map(|row| beside.shown(actor, &mask, row)).collect()
}

/// What answers name beside the figures: one statement each, however many rows there are.
struct Beside {
    plans: HashMap<PlanId, String>,
    units: HashMap<UnitId, Ref>,
    periods: HashMap<PeriodId, (String, NaiveDate, NaiveDate)>,
    indicators: HashMap<IndicatorId, Named>,
    definitions: HashMap<(IndicatorId, i32), Definition>,
}

struct Named {
    code: String,
    frequency: Frequency,
    restricted: bool,
    version: i32,
}

impl Beside {
    fn load(c: &mut Conn, rows: &[ReadableRow]) -> Result<Self> {
        let periods: BTreeSet<&PeriodId> = rows.iter().map(|r| &r.period_id).collect();
        let periods: Vec<(PeriodId, String, NaiveDate, NaiveDate)> = reporting_periods::table
            .filter(reporting_periods::id.eq_any(periods))
            .select((reporting_periods::id, reporting_periods::label, reporting_periods::starts_on, reporting_periods::ends_on))
            .load(c)?;
        let mut beside = Self {
            plans: plans::codes_of(c, None, rows.iter().map(|r| &r.plan_id))?,
            units: units::references(c, rows.iter().map(|r| &r.unit_id))?,
            periods: periods.into_iter().map(|(id, label, from, to)| (id, (label, from, to))).collect(),
            indicators: HashMap::new(),
            definitions: HashMap::new(),
        };
        beside.load_indicators(c, rows)?;
        Ok(beside)
    }

    /// The indicators, with the definitions under which the figures were reported.
    fn load_indicators(&mut self, c: &mut Conn, rows: &[ReadableRow]) -> Result<()> {
        let ids: BTreeSet<&IndicatorId> = rows.iter().map(|r| &r.indicator_id).collect();
        let found: Vec<(IndicatorId, String, String, bool, String, i32)> = indicators::table
            .filter(indicators::id.eq_any(ids))
            .select((
                indicators::id,
                indicators::code,
                indicators::frequency,
                indicators::restricted,
                indicators::definition,
                indicators::definition_version,
            ))
            .load(c)?;
        for (id, code, frequency, restricted, definition, version) in found {
            let frequency = Frequency::parse(&frequency).ok_or_else(|| Error::internal("an indicator of unknown frequency"))?;
            self.definitions.insert((id.clone(), version), db::from_json(&definition)?);
            self.indicators.insert(id, Named { code, frequency, restricted, version });
        }
        let older: BTreeSet<&IndicatorId> = rows
            .iter()
            .filter(|r| !self.definitions.contains_key(&(r.indicator_id.clone(), r.observation.definition_version)))
            .map(|r| &r.indicator_id)
            .collect();
        if older.is_empty() {
            return Ok(());
        }
        let earlier: Vec<(IndicatorId, i32, String)> = indicator_definitions::table
            .filter(indicator_definitions::indicator_id.eq_any(older))
            .select((indicator_definitions::indicator_id, indicator_definitions::definition_version, indicator_definitions::definition))
            .load(c)?;
        for (id, version, definition) in earlier {
            self.definitions.insert((id, version), db::from_json(&definition)?);
        }
        Ok(())
    }

    /// What is hidden of these rows from the caller: of his own wards decided by what was accepted, elsewhere by what was
    /// published.
    fn mask(&self, c: &mut Conn, actor: &Actor, rows: &[ReadableRow]) -> Result<DisclosureMask> {
        let restricted = |row: &&ReadableRow| self.indicators.get(&row.indicator_id).is_some_and(|i| i.restricted) && !is_exact(actor, row);
        let (mut own, mut others): (BTreeSet<PlanId>, BTreeSet<PlanId>) = Default::default();
        for row in rows.iter().filter(restricted) {
            let plans = if area::is_own(actor, &row.jurisdiction) { &mut own } else { &mut others };
            plans.insert(row.plan_id.clone());
        }
        let mut mask = DisclosureMask::default();
        for (plans, basis) in [(own, Basis::Accepted), (others, Basis::Published)] {
            if !plans.is_empty() {
                let plans = plans::find_keys(c, &plans.into_iter().collect::<Vec<_>>())?;
                mask.extend(results::mask_of(c, &plans, basis, actor.now, actor.settings.smallest_count)?);
            }
        }
        Ok(mask)
    }

    fn shown(&self, actor: &Actor, mask: &DisclosureMask, row: ReadableRow) -> Result<ObservationOut> {
        let lost = || Error::internal("a figure whose surroundings are gone");
        let indicator = self.indicators.get(&row.indicator_id).ok_or_else(lost)?;
        let definition = self
            .definitions
            .get(&(row.indicator_id.clone(), row.observation.definition_version))
            .or_else(|| self.definitions.get(&(row.indicator_id.clone(), indicator.version)))
            .ok_or_else(lost)?;
        let (label, from, to) = self.periods.get(&row.period_id).ok_or_else(lost)?;
        let unit = self.units.get(&row.unit_id).cloned().ok_or_else(lost)?;
        let Observation { amounts, status, definition_version, .. } = row.observation;
        let rolled = value_of(&definition.measure(indicator.frequency), &row.observation);
        let exact = !indicator.restricted || is_exact(actor, &row);
        let hidden = !exact && mask.hides(&row.period_id, &row.indicator_id, &row.unit_id, &row.disaggregation);
        if indicator.restricted
            && row.observation.says_something()
            && exact
            && !actor.caller.as_ref().is_some_and(|c| c.belongs_to(&row.unit_id))
        {
            actor.reads_exactly("observation", &row.id, &row.jurisdiction, &indicator.code);
        }
        let own = area::is_own(actor, &row.jurisdiction);
        Ok(ObservationOut {
            plan: Ref::new(row.plan_id.clone(), plans::code_in(&self.plans, &row.plan_id)),
            indicator: Ref::new(row.indicator_id, indicator.code.clone()),
            unit,
            period: PeriodRef { id: row.period_id.into(), label: label.clone() },
            reference: reference(definition.reference_period, *from, *to, label),
            disaggregation: db::from_json(&row.disaggregation)?,
            numerator: amounts.numerator.filter(|_| !hidden),
            denominator: amounts.denominator.filter(|_| !hidden),
            value: rolled.rounded_value().filter(|_| !hidden),
            answer: rolled.answer.filter(|_| !hidden),
            status: status.into(),
            not_applicable: row.observation.not_applicable.filter(|_| !hidden),
            // Words, and what stands beside the figures, may tell more than they do.
            note: row.note.filter(|_| own && exact),
            extra: db::from_json_opt(row.extra.filter(|_| exact).as_deref())?,
            suppressed: hidden,
            definition_version,
            updated_at: row.since,
            id: row.id,
            jurisdiction: row.jurisdiction,
        })
    }
}

/// Whether the caller reads a figure exactly though it is restricted. What a unit reported itself it sees.
fn is_exact(actor: &Actor, row: &ReadableRow) -> bool {
    actor.sees_restricted(&row.jurisdiction) || actor.caller.as_ref().is_some_and(|c| c.reports_for(&row.unit_id, &row.jurisdiction))
}
