//! What an indicator refers to: found and checked, one statement a list.

use super::rules;
use super::table::links::Links;
use super::table::{self, Parents};
use super::wire::{IndicatorIn, SplitIn, SplitOut, UnitDutyIn, UnitDutyOut};
use crate::actor::Actor;
use crate::db::Conn;
use crate::problem::{Error, Faults, Place, Result};
use crate::reading::references::{DimensionKey, GoalKey, IndicatorKey, PlanIndicatorKey, Scope, UnitKey};
use crate::rooms::indicators::printed::{self, PlanIndicatorIn};
use crate::rooms::plans::PlanKey;
use crate::values::Ref;
use crate::values::id::IndicatorId;

/// What an input names, as far as it was found.
pub(super) struct Found {
    goal: Option<GoalKey>,
    printed: Option<PlanIndicatorKey>,
    continues: Option<Ref>,
    counterpart: Option<Ref>,
    pub links: Links,
}

/// Finds everything that an indicator names within its plan and the plan's jurisdiction. What it names as `before`, by the same
/// ids, is not looked up again.
///
/// # Errors
/// If the database fails; what is wrong with the body is noted.
pub(super) fn find(
    c: &mut Conn,
    plan: &PlanKey,
    input: &IndicatorIn,
    before: Option<(&Parents, &Links)>,
    faults: &mut Faults,
) -> Result<Found> {
    let scope = Scope::of_plan(plan);
    let (parents, links_before) = before.unzip();
    let goal = match parents.map(|parents| &parents.goal).filter(|goal| goal.id.as_str() == input.goal) {
        Some(goal) => Some(goal.clone()),
        None => faults.keep(scope.one::<GoalKey>(c, &input.goal, &Place::body("/goal")))?,
    };
    let printed = match &input.plan_indicator {
        None => printed::with_code(c, plan, &input.code)?,
        Some(named) => match parents.map(|parents| &parents.printed).filter(|printed| printed.id.as_str() == named) {
            Some(printed) => Some(printed.clone()),
            None => faults.keep(scope.one::<PlanIndicatorKey>(c, named, &Place::body("/plan_indicator")))?,
        },
    };
    if let (Some(goal), Some(printed)) = (&goal, &printed) {
        rules::same_goal(&goal.id, &printed.goal_id, faults);
    }
    let known = |named: &Option<String>, before: Option<&Ref>| before.filter(|before| named.as_ref() == Some(&before.id)).cloned();
    let continues = match (&input.continues, known(&input.continues, parents.and_then(|parents| parents.continues.as_ref()))) {
        (Some(named), None) => faults.keep(scope.one::<IndicatorKey>(c, named, &Place::body("/continues")))?.map(reference_to),
        (_, known) => known,
    };
    let counterpart = match (&input.counterpart, known(&input.counterpart, parents.and_then(|parents| parents.counterpart.as_ref()))) {
        (Some(named), None) => faults.keep(of_province(c, plan, named))?.map(reference_to),
        (_, known) => known,
    };
    let none = Links::default();
    let links = find_links(c, &scope, input, links_before.unwrap_or(&none), faults)?;
    Ok(Found { goal, printed, continues, counterpart, links })
}

/// The indicator of a plan of the administrative unit above that a body names as the one to which its own answers.
fn of_province(c: &mut Conn, plan: &PlanKey, named: &str) -> Result<IndicatorKey> {
    let place = Place::body("/counterpart");
    match table::above(c, &plan.jurisdiction)? {
        Some(above) => Scope::of_jurisdiction(&above).one(c, named, &place),
        None => Err(Scope::of_jurisdiction(&plan.jurisdiction).unknown::<IndicatorKey>(named, &place)),
    }
}

fn reference_to(indicator: IndicatorKey) -> Ref {
    Ref::new(indicator.id, indicator.code)
}

fn find_links(c: &mut Conn, scope: &Scope, input: &IndicatorIn, before: &Links, faults: &mut Faults) -> Result<Links> {
    let named: Vec<&str> = input.units.iter().map(|duty| duty.unit.as_str()).collect();
    let former: Vec<Ref> = before.units.iter().map(|duty| duty.unit.clone()).collect();
    let place = |at| format!("/units/{at}/unit");
    let units = scope.each_anew(c, &named, &former, |unit: UnitKey| unit.reference(), place, faults)?;
    rules::once(&units, &named, place, faults);
    let duty = |(unit, duty): (Option<Ref>, &UnitDutyIn)| {
        Some(UnitDutyOut { unit: unit?, duty: duty.duty, basis: duty.basis.unwrap_or_default(), why: duty.why.clone() })
    };
    let units = units.into_iter().zip(&input.units).filter_map(duty).collect();

    let named: Vec<&str> = input.disaggregations.iter().map(|split| split.dimension.as_str()).collect();
    let former: Vec<Ref> = before.dimensions.iter().map(|split| split.dimension.clone()).collect();
    let place = |at| format!("/disaggregations/{at}/dimension");
    let reference = |dimension: DimensionKey| Ref::new(dimension.id, dimension.code);
    let dimensions = scope.each_anew(c, &named, &former, reference, place, faults)?;
    rules::once(&dimensions, &named, place, faults);
    let split = |(dimension, split): (Option<Ref>, &SplitIn)| {
        let (additive, expected) = (split.additive.unwrap_or(false), split.expected.unwrap_or(false));
        Some(SplitOut { dimension: dimension?, additive, expected })
    };
    let dimensions = dimensions.into_iter().zip(&input.disaggregations).filter_map(split).collect();
    Ok(Links { units, dimensions })
}

impl Found {
    /// Whether it goes on from the indicator itself.
    pub(super) fn continues(&self, indicator: &IndicatorId) -> bool {
        self.continues.as_ref().is_some_and(|old| old.id == indicator.as_str())
    }

    /// Whether it belongs to another goal or printed target than before, or answers to another indicator of the province's.
    pub(super) fn moves(&self, before: &Parents) -> bool {
        self.counterpart != before.counterpart
            || self.goal.as_ref().is_some_and(|goal| goal.id != before.goal.id)
            || self.printed.as_ref().is_some_and(|p| p.id != before.printed.id)
    }

    /// What the indicator belongs to, once nothing is wrong with the body. A printed target that is not there is made.
    ///
    /// # Errors
    /// As [`printed::add`]; internal, if there is no goal.
    pub(super) fn parents(&self, c: &mut Conn, actor: &Actor, plan: &PlanKey, input: &IndicatorIn) -> Result<Parents> {
        let goal = self.goal.clone().ok_or_else(|| Error::internal("a goal that was not found is a fault of the body"))?;
        let printed = match self.printed.clone() {
            Some(printed) => printed,
            None => printed::add(c, actor, plan, &goal, &printed_form(plan, &goal, input))?,
        };
        let (continues, counterpart) = (self.continues.clone(), self.counterpart.clone());
        Ok(Parents { plan: plan.clone(), goal, printed, continues, counterpart })
    }
}

/// The printed target of an indicator that names none.
fn printed_form(plan: &PlanKey, goal: &GoalKey, input: &IndicatorIn) -> PlanIndicatorIn {
    PlanIndicatorIn {
        plan: plan.id.to_string(),
        goal: goal.id.to_string(),
        code: input.code.clone(),
        label: format!("Chỉ tiêu {}", input.code),
        statement: input.statement.clone(),
        editorial_note: None,
        source: input.source.clone(),
        transcription: None,
    }
}
