//! Who reports in a period and on what: as frozen at its opening, as given by hand, or as the plan has it now.

use super::rules;
use super::table::{self, KeptUnit, PeriodRow};
use super::wire::ExtensionOut;
use crate::db::Conn;
use crate::db::schema::{indicator_units, indicators, units as unit_rows};
use crate::problem::Result;
use crate::rooms::units::{self, UnitKey};
use crate::values::Ref;
use crate::values::id::{IndicatorId, PeriodId, PlanId, UnitId};
use crate::values::period::Frequency;
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap};

/// Who reports in a period and on what.
#[derive(Debug, Clone, Default)]
pub(super) struct Lists {
    /// The units as they are kept with the period: given by hand, or frozen. Empty where they follow the plan.
    pub named_units: Vec<Ref>,
    /// The indicators as they are kept with the period.
    pub named_indicators: Vec<Ref>,
    /// The units that report, groups replaced by their members.
    pub units: Vec<Ref>,
    /// The indicators that are reported.
    pub indicators: Vec<Ref>,
    /// The extensions given, oldest first.
    pub extensions: Vec<ExtensionOut>,
}

/// An indicator of a plan and who is charged with it.
struct Owed {
    reference: Ref,
    frequency: Option<Frequency>,
    reporters: BTreeSet<UnitId>,
}

/// The indicators and the units of a period.
type Effective = (Vec<Ref>, Vec<Ref>);

/// What the plans say now.
struct Plans {
    indicators: HashMap<PlanId, Vec<Owed>>,
    units: HashMap<String, Vec<UnitKey>>,
}

/// The lists of these periods: as many statements for one as for many.
///
/// # Errors
/// If the database fails.
pub(super) fn of(c: &mut Conn, rows: &[&PeriodRow]) -> Result<HashMap<PeriodId, Lists>> {
    let mut all: HashMap<PeriodId, Lists> = rows.iter().map(|row| (row.id.clone(), Lists::default())).collect();
    kept(c, rows, &mut all)?;
    let following: Vec<&PeriodRow> = rows.iter().copied().filter(|row| !row.frozen).collect();
    let plans = if following.is_empty() { None } else { Some(Plans::load(c, &following)?) };
    // Most periods of a plan follow it in the same way.
    let mut same: HashMap<(PlanId, Option<String>), Effective> = HashMap::new();
    for row in rows {
        let Some(lists) = all.get_mut(&row.id) else { continue };
        let (indicators, units) = match &plans {
            Some(plans) if !row.frozen && !row.units_given && !row.indicators_given => {
                let key = (row.plan_id.clone(), row.frequency.clone());
                same.entry(key).or_insert_with(|| plans.effective(row, lists)).clone()
            }
            Some(plans) if !row.frozen => plans.effective(row, lists),
            _ => (lists.named_indicators.clone(), lists.named_units.clone()),
        };
        (lists.indicators, lists.units) = (indicators, units);
    }
    Ok(all)
}

/// What is kept with one period: its effective units and indicators are these only once it is frozen.
///
/// # Errors
/// If the database fails.
pub(super) fn kept_with(c: &mut Conn, row: &PeriodRow) -> Result<Lists> {
    let mut all = HashMap::new();
    kept(c, &[row], &mut all)?;
    Ok(all.remove(&row.id).unwrap_or_default())
}

/// The lists of one period.
///
/// # Errors
/// If the database fails.
pub(super) fn of_one(c: &mut Conn, row: &PeriodRow) -> Result<Lists> {
    Ok(of(c, &[row])?.remove(&row.id).unwrap_or_default())
}

fn kept(c: &mut Conn, rows: &[&PeriodRow], all: &mut HashMap<PeriodId, Lists>) -> Result<()> {
    let ids: Vec<&PeriodId> = rows.iter().map(|row| &row.id).collect();
    for KeptUnit { period, unit, extension } in table::units_of(c, &ids)? {
        let lists = all.entry(period).or_default();
        // The extensions of one unit stand together.
        if lists.named_units.last() != Some(&unit) {
            lists.named_units.push(unit);
        }
        lists.extensions.extend(extension);
    }
    for (period, indicator) in table::indicators_of(c, &ids)? {
        all.entry(period).or_default().named_indicators.push(indicator);
    }
    for lists in all.values_mut() {
        lists.extensions.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
    }
    Ok(())
}

impl Plans {
    fn load(c: &mut Conn, rows: &[&PeriodRow]) -> Result<Self> {
        let plans: BTreeSet<&PlanId> = rows.iter().map(|row| &row.plan_id).collect();
        let wards: BTreeSet<&str> = rows.iter().map(|row| row.jurisdiction.as_str()).collect();
        let reporting = indicator_units::indicator_id.eq(indicators::id).and(indicator_units::duty.eq("report"));
        let found: Vec<(PlanId, IndicatorId, String, String, Option<UnitId>)> = indicators::table
            .left_join(indicator_units::table.on(reporting))
            .filter(indicators::plan_id.eq_any(&plans))
            .order((indicators::plan_order, indicators::id))
            .select((indicators::plan_id, indicators::id, indicators::code, indicators::frequency, indicator_units::unit_id.nullable()))
            .load(c)?;
        let mut by_plan: HashMap<PlanId, Vec<Owed>> = HashMap::new();
        // The rows of one indicator stand together, one for each unit that reports it.
        for (plan, id, code, frequency, reporter) in found {
            let owed = by_plan.entry(plan).or_default();
            match owed.last_mut() {
                Some(last) if last.reference.id == id.as_str() => last.reporters.extend(reporter),
                _ => owed.push(Owed {
                    reference: Ref::new(id, code),
                    frequency: Frequency::parse(&frequency),
                    reporters: reporter.into_iter().collect(),
                }),
            }
        }
        let mut by_ward: HashMap<String, Vec<UnitKey>> = HashMap::new();
        for unit in units_of(c, &wards)? {
            by_ward.entry(unit.jurisdiction.clone()).or_default().push(unit);
        }
        Ok(Self { indicators: by_plan, units: by_ward })
    }

    /// The indicators and units of a period that is not frozen.
    fn effective(&self, row: &PeriodRow, lists: &Lists) -> Effective {
        let frequency = row.frequency.as_deref().and_then(Frequency::parse);
        let named: BTreeSet<&str> = lists.named_indicators.iter().map(|r| r.id.as_str()).collect();
        let wanted = |owed: &&Owed| match row.indicators_given {
            true => named.contains(owed.reference.id.as_str()),
            false => frequency.is_none() || owed.frequency == frequency,
        };
        let owed: Vec<&Owed> = self.indicators.get(&row.plan_id).into_iter().flatten().filter(wanted).collect();
        let all = self.units.get(&row.jurisdiction).map_or(&[][..], Vec::as_slice);
        let units = if row.units_given {
            let named = lists.named_units.iter().map(|r| UnitId::from_text(r.id.clone())).collect();
            units::with_members(all, &named)
        } else if rules::everybody_reports(frequency, row.indicators_given) {
            units::reporting(all)
        } else {
            let charged: BTreeSet<UnitId> = owed.iter().flat_map(|o| units::charged(all, &o.reporters)).map(|u| u.id).collect();
            all.iter().filter(|u| charged.contains(&u.id) && u.active).cloned().collect()
        };
        (owed.iter().map(|o| o.reference.clone()).collect(), units.iter().map(UnitKey::reference).collect())
    }
}

/// The units of several jurisdictions in the plan's order.
fn units_of(c: &mut Conn, wards: &BTreeSet<&str>) -> Result<Vec<UnitKey>> {
    Ok(unit_rows::table
        .filter(unit_rows::jurisdiction.eq_any(wards))
        .order((unit_rows::plan_order, unit_rows::id))
        .select((
            unit_rows::id,
            unit_rows::jurisdiction,
            unit_rows::parent_id,
            unit_rows::code,
            unit_rows::is_group,
            unit_rows::reports,
            unit_rows::active,
        ))
        .load(c)?)
}
