//! The printed targets and goals of one or several plans, and how they stand by their indicators. Plans of several wards
//! are laid over each other by code.

use super::wire::{GoalProgress, PrintedProgress};
use crate::db::Conn;
use crate::db::schema::{goals, plan_indicators};
use crate::figures::{Counts, Outcome, combine};
use crate::problem::Result;
use crate::values::Ref;
use crate::values::id::{GoalId, PlanId, PlanIndicatorId};
use diesel::prelude::*;
use std::collections::{HashMap, HashSet};

/// A printed target.
#[derive(Debug, Clone)]
struct Printed {
    reference: Ref,
    goal: Ref,
}

/// The printed targets and goals, each code once.
#[derive(Debug, Default)]
pub(super) struct Outline {
    goals: Vec<Ref>,
    printed: Vec<Printed>,
    code_of: HashMap<PlanIndicatorId, String>,
}

impl Outline {
    /// Those of these plans; where several have the same code the first plan's stands for all.
    pub(super) fn load(c: &mut Conn, plans: &[PlanId]) -> Result<Self> {
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

    /// How the printed targets and the goals stand, by the printed targets that the indicators measure. Only those of which
    /// an indicator is among `items` are named, or all of them; `measured` are those that an indicator measures in any year: without
    /// one that does in this, they are in no count.
    pub(super) fn judged<'a>(
        &self,
        items: &[(PlanIndicatorId, Outcome)],
        all: bool,
        measured: impl Iterator<Item = &'a PlanIndicatorId>,
    ) -> (Vec<PrintedProgress>, Vec<GoalProgress>) {
        let measured: HashSet<&str> = measured.filter_map(|printed| self.code_of.get(printed)).map(String::as_str).collect();
        let mut of_code: HashMap<&str, Vec<Outcome>> = HashMap::new();
        for (printed, outcome) in items {
            if let Some(code) = self.code_of.get(printed) {
                of_code.entry(code).or_default().push(*outcome);
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
                PrintedProgress {
                    plan_indicator: p.reference.clone(),
                    goal: p.goal.clone(),
                    result: combine(outcomes.iter().copied()),
                    counts: Counts::of(outcomes.iter().copied()),
                }
            })
            .collect();
        let goals = self.goals.iter().filter_map(|goal| {
            let items = printed.iter().filter(|p| p.goal == *goal).map(|p| p.result);
            let any = items.clone().next().is_some();
            (all || any).then(|| GoalProgress { goal: goal.clone(), result: combine(items.clone()), counts: Counts::of(items) })
        });
        let goals = goals.collect();
        (printed, goals)
    }
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

    fn item(printed: &str, outcome: Outcome) -> (PlanIndicatorId, Outcome) {
        (PlanIndicatorId::from_text(printed), outcome)
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
}
