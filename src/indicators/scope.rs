//! What the filters `plan`, `goal` and `field` of a list name, found before the list is read.

use crate::db::Conn;
use crate::db::schema::goals;
use crate::jurisdictions;
use crate::plans::{self, PlanKey};
use crate::problem::{Place, Result};
use crate::values::id::{GoalId, looks_like_id};
use diesel::prelude::*;

/// The filters as the query string gives them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named<'a> {
    /// A plan, by id or code.
    pub plan: Option<&'a str>,
    /// A goal, by id or code.
    pub goal: Option<&'a str>,
    /// The field of a goal.
    pub field: Option<&'a str>,
    /// An administrative unit with all below it, by official code.
    pub jurisdiction: Option<&'a str>,
}

/// What they name.
#[derive(Debug)]
pub(super) struct Scope {
    /// The plan.
    pub plan: Option<PlanKey>,
    /// The administrative units.
    pub area: Option<Vec<String>>,
    /// The goals that `goal` and `field` leave; `None` where neither was given.
    pub goals: Option<Vec<GoalId>>,
}

/// Looks up what the filters name.
///
/// # Errors
/// 400 for a reference that fits nothing or several; an unknown field finds nothing.
pub(super) fn read(c: &mut Conn, named: &Named<'_>) -> Result<Scope> {
    let plan = plans::resolve_opt(c, named.plan, &Place::Query("plan"))?;
    let area = jurisdictions::area(c, named.jurisdiction, &Place::Query("jurisdiction"))?;
    let goal = match named.goal {
        Some(goal) => Some(goal_named(c, plan.as_ref(), area.as_ref(), goal)?),
        None => None,
    };
    let goals = match (goal, named.field) {
        (None, None) => None,
        (Some(goal), None) => Some(vec![goal]),
        (goal, Some(field)) => {
            let of_field = goals_of_field(c, plan.as_ref(), field)?;
            Some(of_field.into_iter().filter(|id| goal.as_ref().is_none_or(|g| g == id)).collect())
        }
    };
    Ok(Scope { plan, area, goals })
}

fn goal_named(c: &mut Conn, plan: Option<&PlanKey>, area: Option<&Vec<String>>, named: &str) -> Result<GoalId> {
    let mut query = goals::table.select(goals::id).into_boxed();
    if let Some(plan) = plan {
        query = query.filter(goals::plan_id.eq(&plan.id));
    }
    if let Some(area) = area {
        query = query.filter(goals::jurisdiction.eq_any(area));
    }
    query = if looks_like_id(named) { query.filter(goals::id.eq(named.to_ascii_lowercase())) } else { query.filter(goals::code.eq(named)) };
    only(query.limit(2).load(c)?, &Place::Query("goal"))
}

/// The goals whose field this is, in Vietnamese, in English or by the transcription's key.
fn goals_of_field(c: &mut Conn, plan: Option<&PlanKey>, field: &str) -> Result<Vec<GoalId>> {
    let mut query = goals::table.select((goals::id, goals::field_vi, goals::field_en, goals::transcription)).into_boxed();
    if let Some(plan) = plan {
        query = query.filter(goals::plan_id.eq(&plan.id));
    }
    let rows: Vec<(GoalId, String, Option<String>, Option<String>)> = query.load(c)?;
    let is_it = |vi: &str, en: Option<&str>, transcription: Option<&str>| {
        let key = transcription.and_then(|t| serde_json::from_str::<serde_json::Value>(t).ok());
        vi == field || en == Some(field) || key.is_some_and(|t| t.get("field_key").and_then(serde_json::Value::as_str) == Some(field))
    };
    Ok(rows.into_iter().filter(|(_, vi, en, t)| is_it(vi, en.as_deref(), t.as_deref())).map(|(id, ..)| id).collect())
}

/// The one thing that was found.
///
/// # Errors
/// `reference.unknown` or `reference.ambiguous` at the place where it was named.
pub(super) fn only<T>(mut found: Vec<T>, place: &Place) -> Result<T> {
    match (found.pop(), found.is_empty()) {
        (Some(one), true) => Ok(one),
        (Some(_), false) => Err(place.ambiguous().into()),
        (None, _) => Err(place.unknown().into()),
    }
}
