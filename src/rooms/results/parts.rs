//! What is said of parts: of women and men, of each age, each kind of enterprise.

use super::BATCH;
use super::breakdown::Split;
use super::cell_ref::CellRef;
use super::plan::{KnownPeriod, PlanFigures, ReportedTotal};
use crate::db::schema::{period_indicators, reporting_periods};
use crate::db::{self, Conn};
use crate::figures::{self, Coverage, Measure, Observation, Part, RollUp};
use crate::problem::Result;
use crate::rooms::indicators::{IndicatorDimension, IndicatorSummary};
use crate::values::id::{IndicatorId, PeriodId, PlanId, UnitId};
use crate::values::period::Label;
use diesel::prelude::*;
use std::collections::BTreeSet;

/// What hides parts and totals from a reader: of a period and an indicator which cells.
pub(super) type Hides<'a> = &'a dyn Fn(&KnownPeriod, &CellRef) -> bool;

/// Nothing is hidden.
fn hides_nothing(_: &KnownPeriod, _: &CellRef) -> bool {
    false
}

impl PlanFigures {
    /// Who owes an indicator's figure in a period, and has given it.
    pub(super) fn coverage(&self, known: &IndicatorSummary, period: &KnownPeriod) -> Coverage {
        let given = self.cells_of(known, period);
        let owing = self.owing(known, period);
        Coverage::of(owing.iter().filter(|unit| given.iter().any(|cell| cell.unit == **unit)).count(), owing.len())
    }

    /// What is said of each part of an indicator in a year, or in a quarter or month of its own frequency; `known` is as it is in that
    /// year. A yearly share of periods has no parts.
    pub(super) fn parts(&self, known: &IndicatorSummary, label: Label, hides: Hides<'_>) -> Vec<Part> {
        let own = known.frequency == label.frequency();
        if !own && (known.definition.roll_up == RollUp::ShareOfPeriods || !matches!(label, Label::Year(_))) {
            return Vec::new();
        }
        let counted = self.counted(known, label);
        self.parts_in(known, &counted, self.choice(known, label, &counted), hides)
    }

    /// The same with nothing hidden.
    pub(super) fn all_parts(&self, known: &IndicatorSummary, label: Label) -> Vec<Part> {
        self.parts(known, label, &hides_nothing)
    }

    /// The same of one period.
    pub(super) fn all_parts_in(&self, known: &IndicatorSummary, period: &KnownPeriod) -> Vec<Part> {
        self.parts_in(known, &[period], self.choice_in(known, period), &hides_nothing)
    }

    /// The same over some periods; `chosen` is whose figure counts of what one unit alone should give. Parts are listed as the first period
    /// that asks them does.
    pub(super) fn parts_in(
        &self,
        known: &IndicatorSummary,
        periods: &[&KnownPeriod],
        chosen: Option<&UnitId>,
        hides: Hides<'_>,
    ) -> Vec<Part> {
        let mut splits: Vec<Split> = Vec::new();
        for split in periods.iter().flat_map(|period| self.splits(known, period)) {
            match splits.iter_mut().find(|known| known.dimension == split.dimension) {
                Some(known) => {
                    known.values.extend(split.values.into_iter().filter(|value| !known.values.contains(value)).collect::<Vec<_>>())
                }
                None => splits.push(split),
            }
        }
        if periods.is_empty() {
            splits = Split::among(&known.dimensions, |active| active);
        }
        let measure = known.measure();
        let asked: Vec<AskedIn<'_>> = periods.iter().map(|period| self.asked_in(known, period, hides)).collect();
        let each = splits.iter().flat_map(|split| split.values.iter().map(move |value| (&split.dimension, value)));
        each.map(|(dimension, value)| part(&measure, &asked, (dimension, value), chosen, hides)).collect()
    }

    fn asked_in<'a>(&'a self, known: &IndicatorSummary, period: &'a KnownPeriod, hides: Hides<'_>) -> AskedIn<'a> {
        let given = self.cells_of(known, period).iter();
        AskedIn {
            period,
            owing: self.owing(known, period),
            given: given.map(|cell| (cell, hides(period, &CellRef::whole_of(cell.unit.clone())))).collect(),
        }
    }

    fn splits(&self, known: &IndicatorSummary, period: &KnownPeriod) -> Vec<Split> {
        match self.splits.get(&(period.id.clone(), known.id.clone())) {
            Some(splits) => splits.clone(),
            // Of another year than that spoken of, whose parts are only judged.
            None => Split::among(&known.dimensions, |active| active || period.frozen.is_some()),
        }
    }
}

/// What a period asks of an indicator, and what was given.
struct AskedIn<'a> {
    period: &'a KnownPeriod,
    owing: BTreeSet<UnitId>,
    /// Each with whether the whole of it is hidden.
    given: Vec<(&'a ReportedTotal, bool)>,
}

fn part(measure: &Measure, asked: &[AskedIn<'_>], (dimension, value): (&str, &str), chosen: Option<&UnitId>, hides: Hides<'_>) -> Part {
    let mut said: Vec<(&UnitId, &Observation)> = Vec::new();
    let (mut coverage, mut hidden) = (Vec::new(), false);
    for asked in asked {
        let from = said.len();
        said.extend(asked.given.iter().filter_map(|(total, hidden)| {
            let part = total.part(dimension, value);
            // That a total which is hidden has nothing to split would tell what it is.
            let told = figures::said_of_part(&total.observation, part).filter(|_| part.is_some() || !hidden);
            told.map(|told| (&total.unit, told))
        }));
        let gave = said.iter().skip(from).filter(|(unit, _)| asked.owing.contains(*unit)).count();
        coverage.push(Coverage::of(gave, asked.owing.len()));
        hidden |= hides(asked.period, &CellRef::total_of(dimension, value));
    }
    let coverage: Coverage = coverage.into_iter().sum();
    let rolled = figures::roll_up(measure, &said, coverage.missing(), chosen);
    Part { dimension: dimension.to_owned(), value: value.to_owned(), rolled, coverage, hidden }
}

impl ReportedTotal {
    /// What it says of a part.
    fn part(&self, dimension: &str, value: &str) -> Option<&Observation> {
        self.parts.iter().find(|((of, named), _)| of == dimension && named == value).map(|(_, said)| said)
    }
}

/// Reads with which values the opened periods of a year, and a period of whatever kind, split what they ask: one statement.
///
/// # Errors
/// If the database fails.
pub(super) fn load(c: &mut Conn, figures: &mut [PlanFigures], year: i32, more: &str) -> Result<()> {
    use {period_indicators as i, reporting_periods as p};
    let plans: Vec<PlanId> = figures.iter().map(|of_plan| of_plan.plan.id.clone()).collect();
    for plans in plans.chunks(BATCH) {
        let of_year = p::label.eq(year.to_string()).or(p::label.like(format!("{year}-%")));
        let regular = p::plan_id.eq_any(plans.to_vec()).and(p::kind.eq("periodic")).and(of_year);
        let rows: Vec<(PlanId, PeriodId, IndicatorId, Option<String>)> = i::table
            .inner_join(p::table)
            .filter(regular.or(p::id.eq(more)))
            .filter(p::frozen.eq(true))
            .select((p::plan_id, i::period_id, i::indicator_id, i::dimensions))
            .load(c)?;
        for (plan, period, indicator, dimensions) in rows {
            let Some(dimensions) = db::from_json_opt::<Vec<IndicatorDimension>>(dimensions.as_deref())? else { continue };
            if let Some(of_plan) = figures.iter_mut().find(|of_plan| of_plan.plan.id == plan) {
                of_plan.splits.insert((period, indicator), Split::among(&dimensions, |active| active));
            }
        }
    }
    Ok(())
}
