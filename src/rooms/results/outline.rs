//! The printed targets and goals of one or several plans, and how they stand by their indicators. Plans of several wards
//! are laid over each other by code.

use super::row::ResultRow;
use crate::db::Conn;
use crate::db::schema::{goals, plan_indicators};
use crate::figures::{Counts, Outcome, combine};
use crate::problem::Result;
use crate::rooms::indicators::IndicatorSummary;
use crate::values::Ref;
use crate::values::id::{GoalId, PlanId, PlanIndicatorId};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use utoipa::ToSchema;

/// How a target stands as the plan prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PrintedProgress {
    /// The printed target.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a68", "code": "5.2"}))]
    pub plan_indicator: Ref,
    /// The goal that it belongs to.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a63", "code": "G5"}))]
    pub goal: Ref,
    /// How it stands: met if every indicator that counts is met.
    #[schema(example = "partly_achieved")]
    pub result: Outcome,
    /// The same against the targets in force; null where none of its indicators has one.
    #[schema(required, example = json!(null))]
    pub year_result: Option<Outcome>,
    /// How many of its indicators stand how.
    pub counts: Counts,
    /// The same against the targets in force; indicators without one are not counted.
    pub year_counts: Counts,
}

/// How a goal stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GoalProgress {
    /// The goal.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a63", "code": "G5"}))]
    pub goal: Ref,
    /// How it stands: met if every printed target that counts is met.
    #[schema(example = "partly_achieved")]
    pub result: Outcome,
    /// The same against the targets in force; null where none of its printed targets has one.
    #[schema(required, example = json!(null))]
    pub year_result: Option<Outcome>,
    /// How many of its printed targets stand how.
    pub counts: Counts,
    /// The same against the targets in force; printed targets without one are not counted.
    pub year_counts: Counts,
}

/// How one indicator stands, as far as its printed target depends on it.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The printed target that it measures.
    pub printed: PlanIndicatorId,
    /// Against its final target.
    pub result: Outcome,
    /// Against the target in force, where there is one.
    pub year_result: Option<Outcome>,
}

impl Judged {
    /// A result of an indicator that measures a printed target.
    #[must_use]
    pub fn of(printed: &PlanIndicatorId, row: &ResultRow) -> Self {
        Self { printed: printed.clone(), result: row.result, year_result: row.year_result }
    }
}

/// All together, and against the targets in force: how they stand and how many stand how.
fn together(items: &[(Outcome, Option<Outcome>)]) -> (Outcome, Counts, Option<Outcome>, Counts) {
    let results = || items.iter().map(|(result, _)| *result);
    let yearly = || items.iter().filter_map(|(_, year_result)| *year_result);
    let year_result = yearly().next().map(|_| combine(yearly()));
    (combine(results()), Counts::of(results()), year_result, Counts::of(yearly()))
}

/// A printed target.
#[derive(Debug, Clone)]
struct Printed {
    reference: Ref,
    goal: Ref,
}

/// The printed targets and goals, each code once.
#[derive(Debug, Default)]
pub struct Outline {
    goals: Vec<Ref>,
    printed: Vec<Printed>,
    code_of: HashMap<PlanIndicatorId, String>,
}

impl Outline {
    /// Those of these plans; where several have the same code the first plan's stands for all.
    ///
    /// # Errors
    /// If the database fails.
    pub fn load(c: &mut Conn, plans: &[PlanId]) -> Result<Self> {
        let mut outline = Self::default();
        for some in plans.chunks(400) {
            let mut of_goals: Vec<(GoalId, PlanId, String)> = goals::table
                .filter(goals::plan_id.eq_any(some))
                .order((goals::plan_order, goals::id))
                .select((goals::id, goals::plan_id, goals::code))
                .load(c)?;
            let mut of_printed: Vec<(PlanIndicatorId, PlanId, GoalId, String)> = plan_indicators::table
                .filter(plan_indicators::plan_id.eq_any(some))
                .order((plan_indicators::plan_order, plan_indicators::id))
                .select((plan_indicators::id, plan_indicators::plan_id, plan_indicators::goal_id, plan_indicators::code))
                .load(c)?;
            // Stable: within a plan its order stays.
            let place = |plan: &PlanId| some.iter().position(|p| p == plan);
            of_goals.sort_by_key(|(_, plan, _)| place(plan));
            of_printed.sort_by_key(|(_, plan, ..)| place(plan));
            outline.add(of_goals, of_printed);
        }
        Ok(outline)
    }

    /// Those that an earlier answer names, to be judged anew.
    #[must_use]
    pub fn of(goals: Vec<GoalProgress>, printed: Vec<PrintedProgress>) -> Self {
        let printed: Vec<Printed> = printed.into_iter().map(|one| Printed { reference: one.plan_indicator, goal: one.goal }).collect();
        let code_of = printed.iter().map(|p| (PlanIndicatorId::from_text(&p.reference.id), p.reference.code.clone())).collect();
        Self { goals: goals.into_iter().map(|one| one.goal).collect(), printed, code_of }
    }

    fn add(&mut self, of_goals: Vec<(GoalId, PlanId, String)>, of_printed: Vec<(PlanIndicatorId, PlanId, GoalId, String)>) {
        let mut goal_of: HashMap<GoalId, Ref> = HashMap::new();
        for (id, _, code) in of_goals {
            let reference = match self.goals.iter().find(|g| g.code == code) {
                Some(known) => known.clone(),
                None => {
                    self.goals.push(Ref::new(id.clone(), code));
                    self.goals.last().cloned().unwrap_or_else(|| Ref::new("", ""))
                }
            };
            goal_of.insert(id, reference);
        }
        for (id, _, goal, code) in of_printed {
            if let Some(goal) = goal_of.get(&goal).filter(|_| !self.printed.iter().any(|p| p.reference.code == code)) {
                self.printed.push(Printed { reference: Ref::new(id.clone(), code.clone()), goal: goal.clone() });
            }
            self.code_of.insert(id, code);
        }
    }

    /// The code of a printed target.
    #[must_use]
    pub fn code_of(&self, printed: &PlanIndicatorId) -> &str {
        self.code_of.get(printed).map_or("", String::as_str)
    }

    /// How the printed targets and the goals stand, by the printed targets that the indicators measure. Only those of which
    /// an indicator is among `items` are named, or all of them; `measured` are those that an indicator measures in any year: without
    /// one that does in this, they are in no count.
    pub fn judged<'a>(
        &self,
        items: &[Judged],
        all: bool,
        measured: impl Iterator<Item = &'a PlanIndicatorId>,
    ) -> (Vec<PrintedProgress>, Vec<GoalProgress>) {
        let measured: HashSet<&str> = measured.filter_map(|printed| self.code_of.get(printed)).map(String::as_str).collect();
        let mut of_code: HashMap<&str, Vec<(Outcome, Option<Outcome>)>> = HashMap::new();
        for Judged { printed, result, year_result } in items {
            if let Some(code) = self.code_of.get(printed) {
                of_code.entry(code).or_default().push((*result, *year_result));
            }
        }
        let printed: Vec<PrintedProgress> = self
            .printed
            .iter()
            .filter(|p| {
                let code = p.reference.code.as_str();
                of_code.contains_key(code) || (all && !measured.contains(code))
            })
            .map(|p| {
                let outcomes = of_code.get(p.reference.code.as_str()).map_or(&[][..], Vec::as_slice);
                let (result, counts, year_result, year_counts) = together(outcomes);
                PrintedProgress { plan_indicator: p.reference.clone(), goal: p.goal.clone(), result, year_result, counts, year_counts }
            })
            .collect();
        let goals = self.goals.iter().filter_map(|goal| {
            let items: Vec<_> = printed.iter().filter(|p| p.goal == *goal).map(|p| (p.result, p.year_result)).collect();
            let (result, counts, year_result, year_counts) = together(&items);
            (all || !items.is_empty()).then(|| GoalProgress { goal: goal.clone(), result, year_result, counts, year_counts })
        });
        let goals = goals.collect();
        (printed, goals)
    }
}

/// The printed targets that indicators measure in any year.
pub fn ever_measured<'a>(known: impl IntoIterator<Item = &'a IndicatorSummary>) -> impl Iterator<Item = &'a PlanIndicatorId> {
    known.into_iter().flat_map(|known| known.versions.iter().map(|version| &version.printed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::iter;

    fn outline() -> Outline {
        let plan = |p: &str| PlanId::from_text(p);
        let goal = |p: &str, code: &str| (GoalId::from_text(format!("{p} {code}")), plan(p), code.to_owned());
        let printed = |p: &str, code: &str, goal: &str| {
            (PlanIndicatorId::from_text(format!("{p} {code}")), plan(p), GoalId::from_text(format!("{p} {goal}")), code.to_owned())
        };
        let mut outline = Outline::default();
        outline.add(
            vec![goal("A", "G5"), goal("A", "G6"), goal("B", "G5")],
            vec![printed("A", "5.2", "G5"), printed("A", "6.1", "G6"), printed("B", "5.2", "G5"), printed("B", "5.9", "G5")],
        );
        outline
    }

    fn item(printed: &str, result: Outcome) -> Judged {
        Judged { printed: PlanIndicatorId::from_text(printed), result, year_result: None }
    }

    #[test]
    fn plans_are_laid_over_each_other_by_code() {
        let (printed, goals) = outline().judged(&[item("B 5.2", Outcome::Achieved)], true, iter::empty());
        let ids: Vec<&str> = printed.iter().map(|p| p.plan_indicator.id.as_str()).collect();
        assert_eq!(ids, ["A 5.2", "A 6.1", "B 5.9"]);
        assert_eq!((printed[0].result, printed[1].result), (Outcome::Achieved, Outcome::NotApplicable));
        assert_eq!(goals.iter().map(|g| g.goal.id.as_str()).collect::<Vec<_>>(), ["A G5", "A G6"]);
    }

    #[test]
    fn what_is_not_measured_this_year_is_in_no_count() {
        let (items, ended) = ([item("A 6.1", Outcome::Achieved)], PlanIndicatorId::from_text("A 5.2"));
        let (printed, goals) = outline().judged(&items, true, iter::once(&ended));
        assert_eq!(printed.iter().map(|p| p.plan_indicator.id.as_str()).collect::<Vec<_>>(), ["A 6.1", "B 5.9"]);
        assert_eq!((goals.len(), goals[0].counts.not_applicable), (2, 1), "one that nothing ever measured stays");
    }

    #[test]
    fn one_of_two_items_is_a_part() {
        let items = [item("A 5.2", Outcome::Exceeded), item("A 5.2", Outcome::NotAchieved), item("A 6.1", Outcome::Suppressed)];
        let (printed, goals) = outline().judged(&items, false, iter::empty());
        assert_eq!(printed.len(), 2);
        assert_eq!((printed[0].result, printed[0].counts.exceeded, printed[0].counts.not_achieved), (Outcome::PartlyAchieved, 1, 1));
        assert_eq!((goals[0].result, goals[0].counts.partly_achieved), (Outcome::PartlyAchieved, 1));
        assert_eq!((goals[1].result, goals[1].counts.suppressed), (Outcome::Suppressed, 1));
    }

    #[test]
    fn what_no_target_is_in_force_for_is_not_counted_in_the_year() {
        let in_force = Judged { year_result: Some(Outcome::NotAchieved), ..item("A 5.2", Outcome::Achieved) };
        let (printed, goals) =
            outline().judged(&[in_force, item("A 5.2", Outcome::Achieved), item("A 6.1", Outcome::Achieved)], true, iter::empty());
        assert_eq!((printed[0].year_result, printed[0].year_counts.not_achieved), (Some(Outcome::NotAchieved), 1));
        assert_eq!((printed[0].counts.achieved, printed[0].year_counts.achieved), (2, 0));
        assert_eq!((printed[1].year_result, printed[1].year_counts), (None, Counts::default()));
        assert_eq!((goals[0].year_result, goals[1].year_result), (Some(Outcome::NotAchieved), None));
    }
}
