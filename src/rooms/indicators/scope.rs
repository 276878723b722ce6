//! The goals that the filters `goal` and `field` of a list leave, found before the list is read.

use crate::db::Conn;
use crate::db::schema::goals;
use crate::problem::Result;
use crate::reading::references::{GoalKey, Scope};
use crate::values::id::GoalId;
use diesel::prelude::*;
use serde_json::Value;

/// The goals asked for; `None` where neither filter was given.
#[derive(Debug)]
pub(super) struct Goals(Option<Vec<GoalId>>);

impl Goals {
    /// Looks them up.
    ///
    /// # Errors
    /// 400 for a goal that fits nothing; an unknown field finds nothing.
    pub(super) fn read(c: &mut Conn, scope: &Scope, goal: Option<&str>, field: Option<&str>) -> Result<Self> {
        let named = scope.filter::<GoalKey>(c, goal, "goal")?;
        let Some(field) = field else { return Ok(Self(named)) };
        let of_field = goals_of_field(c, scope, field)?;
        Ok(Self(Some(of_field.into_iter().filter(|id| named.as_ref().is_none_or(|all| all.contains(id))).collect())))
    }

    /// For a query.
    pub(super) fn ids(&self) -> Option<&[GoalId]> {
        self.0.as_deref()
    }
}

/// The goals whose field this is, in Vietnamese, in English or by the transcription's key.
fn goals_of_field(c: &mut Conn, scope: &Scope, field: &str) -> Result<Vec<GoalId>> {
    let mut query = goals::table.select((goals::id, goals::field_vi, goals::field_en, goals::transcription)).into_boxed();
    if let Some(plan) = scope.plan() {
        query = query.filter(goals::plan_id.eq(&plan.id));
    }
    let rows: Vec<(GoalId, String, Option<String>, Option<String>)> = query.load(c)?;
    let is_it = |vi: &str, en: Option<&str>, transcription: Option<&str>| {
        let key = transcription.and_then(|t| serde_json::from_str::<Value>(t).ok());
        vi == field || en == Some(field) || key.is_some_and(|t| t.get("field_key").and_then(Value::as_str) == Some(field))
    };
    Ok(rows.into_iter().filter(|(_, vi, en, t)| is_it(vi, en.as_deref(), t.as_deref())).map(|(id, ..)| id).collect())
}
