//! The plan as one tree, lean enough to be a front-end's first call.

use super::whole_plan::WholePlan;
use super::wire::{Outline, OutlineGoal, OutlineIndicator, OutlinePlanIndicator, OutlineTask, OutlineUnit};
use std::collections::HashMap;

/// Puts a plan together as a tree.
pub(super) fn of(whole: WholePlan) -> Outline {
    let mut under_printed: HashMap<String, Vec<OutlineIndicator>> = HashMap::new();
    for i in whole.indicators {
        under_printed.entry(i.plan_indicator.id).or_default().push(OutlineIndicator {
            id: i.id,
            code: i.code,
            name: i.name,
            statement: i.statement,
            measure_kind: i.measure_kind,
            unit_of_measure: i.unit_of_measure,
            direction: i.direction,
            baseline: i.baseline,
            targets: i.targets,
            frequency: i.frequency,
            restricted: i.restricted,
            definition_version: i.definition_version,
            effective_from: i.effective_from,
            in_force: i.in_force,
            last_year: i.last_year,
            units: i.units,
        });
    }
    let mut under_goal: HashMap<String, Vec<OutlinePlanIndicator>> = HashMap::new();
    for p in whole.printed {
        let indicators = under_printed.remove(&p.id).unwrap_or_default();
        let printed = OutlinePlanIndicator { id: p.id, code: p.code, label: p.label, statement: p.statement, indicators };
        under_goal.entry(p.goal.id).or_default().push(printed);
    }
    let goals = whole.goals.into_iter().map(|g| {
        let plan_indicators = under_goal.remove(&g.id).unwrap_or_default();
        OutlineGoal { id: g.id, code: g.code, ordinal: g.ordinal, letter: g.letter, field: g.field, title: g.title, plan_indicators }
    });
    let tasks = whole.tasks.into_iter().map(|t| OutlineTask {
        id: t.id,
        code: t.code,
        kind: t.kind,
        text: t.text,
        goals: t.goals,
        indicators: t.indicators,
        assignments: t.assignments,
        status: t.status,
        percent_complete: t.percent_complete,
        due_on: t.due_on,
    });
    let units = whole.units.into_iter().map(|u| OutlineUnit {
        id: u.id,
        code: u.code,
        parent: u.parent,
        kind: u.kind,
        name: u.name,
        short_name: u.short_name,
        is_group: u.is_group,
        reports: u.reports,
        active: u.active,
    });
    let plan = whole.plan;
    Outline {
        goals: goals.collect(),
        tasks: tasks.collect(),
        units: units.collect(),
        id: plan.id,
        code: plan.code,
        jurisdiction: plan.jurisdiction,
        title: plan.title,
        start_year: plan.start_year,
        end_year: plan.end_year,
        status: plan.status,
    }
}
