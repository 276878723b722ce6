//! What indicators meant through time, in the database: each version with the year from which on it holds.

use super::IndicatorRow;
use crate::actor::Actor;
use crate::change::Write;
use crate::db;
use crate::db::schema::indicator_definitions;
use crate::problem::Result;
use crate::rooms::indicators::measured::wire::SplitOut;
use crate::values::clock::UtcTime;
use crate::values::id::{GoalId, IndicatorId, PlanIndicatorId};
use diesel::prelude::*;

/// A row of `indicator_definitions`.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = indicator_definitions, primary_key(indicator_id, definition_version), treat_none_as_null = true)]
pub struct VersionRow {
    pub indicator_id: IndicatorId,
    pub definition_version: i32,
    pub definition: String,
    pub created_at: UtcTime,
    pub effective_from: i32,
    pub goal_id: Option<GoalId>,
    pub plan_indicator_id: Option<PlanIndicatorId>,
    pub counterpart: Option<IndicatorId>,
    pub restricted: bool,
    pub dimensions: String,
    pub changed_by: Option<String>,
    pub changed_by_name: Option<String>,
}

impl VersionRow {
    fn of(actor: &Actor, row: &IndicatorRow, dimensions: &[SplitOut]) -> Result<Self> {
        Ok(Self {
            indicator_id: row.id.clone(),
            definition_version: row.definition_version,
            definition: row.definition.clone(),
            created_at: actor.now,
            effective_from: row.effective_from,
            goal_id: Some(row.goal_id.clone()),
            plan_indicator_id: Some(row.plan_indicator_id.clone()),
            counterpart: row.counterpart.clone(),
            restricted: row.restricted,
            dimensions: db::to_json(&dimensions)?,
            changed_by: actor.id(),
            changed_by_name: Some(actor.name().to_owned()),
        })
    }
}

/// Writes what a row means as a version of its own.
///
/// # Errors
/// If the database fails.
pub fn insert(w: &mut Write<'_>, actor: &Actor, row: &IndicatorRow, dimensions: &[SplitOut]) -> Result<()> {
    diesel::insert_into(indicator_definitions::table).values(VersionRow::of(actor, row, dimensions)?).execute(w.conn())?;
    Ok(())
}

/// Corrects the newest version.
///
/// # Errors
/// If the database fails.
pub fn update(w: &mut Write<'_>, actor: &Actor, row: &IndicatorRow, dimensions: &[SplitOut]) -> Result<()> {
    let newest = indicator_definitions::table.find((&row.id, row.definition_version));
    diesel::update(newest).set(VersionRow::of(actor, row, dimensions)?).execute(w.conn())?;
    Ok(())
}

/// Makes every version point at persons, from now on and for every year.
///
/// # Errors
/// If the database fails.
pub fn restrict_all(w: &mut Write<'_>, indicator: &IndicatorId) -> Result<()> {
    let all = indicator_definitions::table.filter(indicator_definitions::indicator_id.eq(indicator));
    diesel::update(all).set(indicator_definitions::restricted.eq(true)).execute(w.conn())?;
    Ok(())
}
