//! What the filters `plan`, `goal` and `field` of a list name, found before the list is read.

use crate::db::Conn;
use crate::db::schema::goals as rows;
use crate::problem::{Place, Result};
use crate::rooms::goals;
use crate::rooms::jurisdictions;
use crate::rooms::plans::{self, PlanKey};
use crate::values::id::GoalId;
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
/// 400 for a reference that fits nothing, or a plan's code that fits several; an unknown field finds nothing.
pub(super) fn read(c: &mut Conn, named: &Named<'_>) -> Result<Scope> {
    let plan = plans::resolve_opt(c, named.plan, &Place::Query("plan"))?;
    let area = jurisdictions::area(c, named.jurisdiction, &Place::Query("jurisdiction"))?;
    let place = Place::Query("goal");
    let fitting = named.goal.map(|goal| goals::fitting(c, plan.as_ref(), area.as_deref(), goal, &place)).transpose()?;
    let goals = match (fitting, named.field) {
        (fitting, None) => fitting,
        (fitting, Some(field)) => {
            let of_field = goals_of_field(c, plan.as_ref(), field)?;
            Some(of_field.into_iter().filter(|id| fitting.as_ref().is_none_or(|all| all.contains(id))).collect())
        }
    };
    Ok(Scope { plan, area, goals })
}

/// The goals whose field this is, in Vietnamese, in English or by the transcription's key.
fn goals_of_field(c: &mut Conn, plan: Option<&PlanKey>, field: &str) -> Result<Vec<GoalId>> {
    let mut query = rows::table.select((rows::id, rows::field_vi, rows::field_en, rows::transcription)).into_boxed();
    if let Some(plan) = plan {
        query = query.filter(rows::plan_id.eq(&plan.id));
    }
    let rows: Vec<(GoalId, String, Option<String>, Option<String>)> = query.load(c)?;
    let is_it = |vi: &str, en: Option<&str>, transcription: Option<&str>| {
        let key = transcription.and_then(|t| serde_json::from_str::<serde_json::Value>(t).ok());
        vi == field || en == Some(field) || key.is_some_and(|t| t.get("field_key").and_then(serde_json::Value::as_str) == Some(field))
    };
    Ok(rows.into_iter().filter(|(_, vi, en, t)| is_it(vi, en.as_deref(), t.as_deref())).map(|(id, ..)| id).collect())
}
