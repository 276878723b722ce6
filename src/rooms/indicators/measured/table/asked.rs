//! Which indicators periods ask, and whom indicators charge, as conditions.

use super::IndicatorRow;
use super::definitions::{self, WithCodes};
use crate::db::schema::{
    indicator_definitions, indicator_units, indicators, period_indicators, period_obligations, reporting_periods, units,
};
use crate::db::{Condition, Conn};
use crate::problem::Result;
use crate::reading::references::{PeriodKey, UnitKey};
use crate::values::id::{IndicatorId, PeriodId, PlanId, UnitId};
use chrono::{Datelike, NaiveDate};
use diesel::prelude::*;
use std::collections::{BTreeMap, HashMap, HashSet};

/// The periods by whose questions indicators are looked for.
#[derive(Debug, Default)]
pub struct AskedBy {
    /// Those that were opened: what they ask is fixed.
    opened: Vec<PeriodId>,
    /// The others, alike ones together: they would ask what the plans have now.
    planned: BTreeMap<Planned, Vec<PlanId>>,
    /// Those of the others that name their indicators, each with its year.
    naming: BTreeMap<i32, Vec<PeriodId>>,
    /// The year of any of them.
    pub year: Option<i32>,
}

/// What a period that was not opened is about.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Planned {
    year: i32,
    /// Without one indicators of every frequency.
    frequency: Option<String>,
}

impl AskedBy {
    /// These periods.
    ///
    /// # Errors
    /// If the database fails.
    pub fn of(c: &mut Conn, periods: &[PeriodKey]) -> Result<Self> {
        let mut asked = Self { year: periods.iter().map(|period| period.ends_on.year()).max(), ..Self::default() };
        let (opened, others): (Vec<&PeriodKey>, Vec<&PeriodKey>) = periods.iter().partition(|period| period.frozen);
        asked.opened = opened.into_iter().map(|period| period.id.clone()).collect();
        let naming: HashSet<PeriodId> = match others.is_empty() {
            true => HashSet::new(),
            false => {
                use period_indicators as i;
                let ids: Vec<&PeriodId> = others.iter().map(|period| &period.id).collect();
                i::table.filter(i::period_id.eq_any(ids)).select(i::period_id).distinct().load(c)?.into_iter().collect()
            }
        };
        for period in others {
            let year = period.ends_on.year();
            if naming.contains(&period.id) {
                asked.naming.entry(year).or_default().push(period.id.clone());
            } else {
                asked.planned.entry(Planned { year, frequency: period.frequency.clone() }).or_default().push(period.plan_id.clone());
            }
        }
        Ok(asked)
    }

    /// A year, quarter or month of a plan that has no period of it.
    #[must_use]
    pub fn of_plan(plan: &PlanId, frequency: &str, year: i32) -> Self {
        let planned = Planned { year, frequency: Some(frequency.to_owned()) };
        Self { planned: BTreeMap::from([(planned, vec![plan.clone()])]), year: Some(year), ..Self::default() }
    }

    /// The condition that one of them asks an indicator, of one of these units where some are named.
    #[must_use]
    pub fn condition(&self, of: Option<&Charged>) -> Condition<indicators::table> {
        use {period_indicators as i, period_obligations as o};
        let by = |periods: &[PeriodId]| i::table.filter(i::period_id.eq_any(periods.to_vec())).select(i::indicator_id);
        let mut any: Condition<indicators::table> = match of {
            None => Box::new(indicators::id.eq_any(by(&self.opened))),
            Some(of) => {
                let owed = o::period_id.eq_any(self.opened.clone()).and(o::unit_id.eq_any(of.units.clone())).and(o::until.is_null());
                Box::new(indicators::id.eq_any(o::table.filter(owed).select(o::indicator_id)))
            }
        };
        let charged = |condition: Condition<indicators::table>| -> Condition<indicators::table> {
            match of {
                None => condition,
                Some(of) => Box::new(condition.and(of.condition())),
            }
        };
        for (planned, plans) in &self.planned {
            let of_plans = indicators::plan_id.eq_any(plans.clone()).and(asked_in(planned.year));
            let condition: Condition<indicators::table> = match &planned.frequency {
                None => Box::new(of_plans),
                Some(frequency) => Box::new(of_plans.and(indicators::frequency.eq(frequency.clone()))),
            };
            any = Box::new(any.or(charged(condition)));
        }
        for (year, periods) in &self.naming {
            any = Box::new(any.or(charged(Box::new(indicators::id.eq_any(by(periods)).and(asked_in(*year))))));
        }
        any
    }

    /// In which version they ask these indicators, each with its year; of several periods the latest says it.
    ///
    /// # Errors
    /// If the database fails.
    pub fn versions(&self, c: &mut Conn, rows: &[&IndicatorRow]) -> Result<HashMap<IndicatorId, (WithCodes, i32)>> {
        use {period_indicators as i, reporting_periods as p};
        let ids: Vec<&IndicatorId> = rows.iter().map(|row| &row.id).collect();
        let mut frozen: HashMap<IndicatorId, (Option<i32>, i32)> = HashMap::new();
        if !self.opened.is_empty() {
            let found: Vec<(IndicatorId, Option<i32>, NaiveDate)> = i::table
                .inner_join(p::table)
                .filter(i::period_id.eq_any(&self.opened).and(i::indicator_id.eq_any(&ids)))
                .order((p::ends_on, p::id))
                .select((i::indicator_id, i::definition_version, p::ends_on))
                .load(c)?;
            frozen.extend(found.into_iter().map(|(indicator, version, ends_on)| (indicator, (version, ends_on.year()))));
        }
        let mut chosen: HashMap<IndicatorId, (WithCodes, i32)> = HashMap::new();
        let mut all: HashMap<IndicatorId, Vec<WithCodes>> = HashMap::new();
        for version in definitions::of(c, &ids)? {
            all.entry(version.0.indicator_id.clone()).or_default().push(version);
        }
        for (indicator, mut versions) in all {
            let (number, year) = frozen.get(&indicator).copied().unwrap_or((None, self.year.unwrap_or(i32::MAX)));
            let holds = |(version, ..): &WithCodes| match number {
                Some(number) => version.definition_version == number,
                None => version.effective_from <= year,
            };
            if let Some(at) = versions.iter().rposition(holds) {
                chosen.insert(indicator, (versions.swap_remove(at), year));
            }
        }
        Ok(chosen)
    }
}

/// The condition that an indicator is asked in a year.
fn asked_in(year: i32) -> Condition<indicators::table> {
    use indicator_definitions as d;
    let begun = d::table.filter(d::effective_from.le(year)).select(d::indicator_id);
    Box::new(indicators::id.eq_any(begun).and(indicators::last_year.is_null().or(indicators::last_year.ge(year)).assume_not_null()))
}

/// Units with the groups through which they are charged as well.
#[derive(Debug)]
pub struct Charged {
    units: Vec<UnitId>,
    groups: Vec<UnitId>,
}

impl Charged {
    /// These units: those that report share the duties of the groups they belong to.
    #[must_use]
    pub fn of(found: Vec<UnitKey>) -> Self {
        let groups = found.iter().filter(|unit| unit.reports && unit.active).filter_map(|unit| unit.parent.clone()).collect();
        Self { units: found.into_iter().map(|unit| unit.id).collect(), groups }
    }

    /// The condition that an indicator names one of them, or a group of theirs and none of the group's members.
    pub fn condition(&self) -> Condition<indicators::table> {
        use indicator_units as d;
        let (members, parents) = diesel::alias!(indicator_units as of_members, units as member);
        let named = d::table.filter(d::unit_id.eq_any(self.units.clone())).select(d::indicator_id);
        if self.groups.is_empty() {
            return Box::new(indicators::id.eq_any(named));
        }
        let overriding = members
            .inner_join(parents.on(parents.field(units::id).eq(members.field(d::unit_id))))
            .filter(members.field(d::indicator_id).eq(d::indicator_id).and(members.field(d::duty).eq("report")))
            .filter(parents.field(units::parent_id).eq(d::unit_id.nullable()));
        let groups = units::table.filter(units::id.eq_any(self.groups.clone()).and(units::is_group.eq(true))).select(units::id);
        let through = d::table.filter(d::unit_id.eq_any(groups)).filter(diesel::dsl::not(diesel::dsl::exists(overriding)));
        Box::new(indicators::id.eq_any(named).or(indicators::id.eq_any(through.select(d::indicator_id))))
    }
}
