//! Indicators in the database.

use super::parts::Parts;
use super::wire::IndicatorOut;
use crate::actor::Actor;
use crate::actor::actions::Actions;
use crate::auth::caller::Role;
use crate::change::Write;
use crate::db::schema::{
    frozen_observations, indicator_dimensions, indicator_units, indicators, observations, period_indicators, reporting_periods,
    task_indicators,
};
use crate::db::{self, Conn};
use crate::problem::{Error, Result, codes};
use crate::rooms::plans::PlanKey;
use crate::values::clock::UtcTime;
use crate::values::id::{DimensionId, GoalId, IndicatorId, PlanId, PlanIndicatorId, UnitId};
use crate::versioned;
use diesel::prelude::*;

/// A row of `indicators`.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = indicators, treat_none_as_null = true)]
pub(super) struct IndicatorRow {
    pub id: IndicatorId,
    pub plan_id: PlanId,
    pub jurisdiction: String,
    pub goal_id: GoalId,
    pub plan_indicator_id: PlanIndicatorId,
    pub code: String,
    pub frequency: String,
    pub restricted: bool,
    pub definition: String,
    pub definition_version: i32,
    pub plan_order: String,
    pub fold: String,
    pub version: i64,
    pub created_at: UtcTime,
    pub updated_at: UtcTime,
}

versioned!(IndicatorRow, "indicator", "indicators");

/// A row of `indicator_units`.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = indicator_units)]
pub(super) struct UnitRow {
    pub indicator_id: IndicatorId,
    pub unit_id: UnitId,
    pub duty: &'static str,
    pub basis: &'static str,
    pub why: Option<String>,
    pub position: i32,
}

/// A row of `indicator_dimensions`.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = indicator_dimensions)]
pub(super) struct SplitRow {
    pub indicator_id: IndicatorId,
    pub dimension_id: DimensionId,
    pub additive: bool,
    pub expected: bool,
    pub position: i32,
}

/// The row of an indicator.
///
/// # Errors
/// 404.
pub(super) fn row(c: &mut Conn, id: &IndicatorId) -> Result<IndicatorRow> {
    indicators::table.find(id).first(c).optional()?.ok_or_else(|| codes::NOT_FOUND.into())
}

/// The wire form of a row.
///
/// # Errors
/// If the database fails.
pub(super) fn shown(c: &mut Conn, row: IndicatorRow) -> Result<IndicatorOut> {
    let mut parts = Parts::of(c, std::slice::from_ref(&row))?;
    IndicatorOut::of(row, &mut parts)
}

/// The indicators of a plan in the plan's order.
///
/// # Errors
/// If the database fails.
pub fn list_of_plan(c: &mut Conn, plan: &PlanKey) -> Result<Vec<IndicatorOut>> {
    let rows: Vec<IndicatorRow> =
        indicators::table.filter(indicators::plan_id.eq(&plan.id)).order((indicators::plan_order, indicators::id)).load(c)?;
    let mut out = Vec::with_capacity(rows.len());
    for rows in rows.chunks(500) {
        let mut parts = Parts::of(c, rows)?;
        for row in rows {
            out.push(IndicatorOut::of(row.clone(), &mut parts)?);
        }
    }
    Ok(out)
}

/// One indicator, with what the caller may do with it.
///
/// # Errors
/// 404.
pub(super) fn find(c: &mut Conn, actor: &Actor, id: &IndicatorId) -> Result<IndicatorOut> {
    let row = row(c, id)?;
    let edit = || actor.must(&[Role::Coordinator], &row.jurisdiction);
    let delete = match edit() {
        Ok(()) => unused(c, id),
        refused => refused,
    };
    let actions = Actions::default().with(actor, "update", edit())?.with(actor, "delete", delete)?;
    Ok(IndicatorOut { actions: Some(actions), ..shown(c, row)? })
}

/// Whether figures of the indicator exist, in reports or in consolidated reports.
///
/// # Errors
/// If the database fails.
pub(super) fn has_data(c: &mut Conn, id: &IndicatorId) -> Result<bool> {
    let reported = observations::table.filter(observations::indicator_id.eq(id)).select(observations::id).first::<String>(c).optional()?;
    if reported.is_some() {
        return Ok(true);
    }
    let frozen = frozen_observations::table.filter(frozen_observations::indicator_id.eq(id)).select(frozen_observations::id);
    Ok(frozen.first::<String>(c).optional()?.is_some())
}

/// Goes on only if nothing refers to the indicator but what goes with it: its duties, its dimensions, its definitions and
/// its place in periods that have not opened.
///
/// # Errors
/// 409 `indicator.in_use` with the counts.
pub(super) fn unused(c: &mut Conn, id: &IndicatorId) -> Result<()> {
    let opened = period_indicators::table
        .inner_join(reporting_periods::table)
        .filter(period_indicators::indicator_id.eq(id))
        .filter(reporting_periods::frozen.eq(true));
    let (tasks, reported, frozen, periods): (db::Count, db::Count, db::Count, db::Count) = diesel::select((
        task_indicators::table.filter(task_indicators::indicator_id.eq(id)).count().single_value(),
        observations::table.filter(observations::indicator_id.eq(id)).count().single_value(),
        frozen_observations::table.filter(frozen_observations::indicator_id.eq(id)).count().single_value(),
        opened.count().single_value(),
    ))
    .get_result(c)?;
    let referrers = [("tasks", tasks), ("observations", reported), ("consolidated_observations", frozen), ("reporting_periods", periods)];
    db::in_use(codes::INDICATOR_IN_USE, &referrers)
}

/// Goes on only if no period was opened, or closed, that asks for the indicator, and no figure of it exists.
///
/// # Errors
/// 409 `indicator.in_use` with the counts.
pub(super) fn never_asked(c: &mut Conn, id: &IndicatorId) -> Result<()> {
    let reported: i64 = observations::table.filter(observations::indicator_id.eq(id)).count().get_result(c)?;
    let periods: i64 = period_indicators::table
        .inner_join(reporting_periods::table)
        .filter(period_indicators::indicator_id.eq(id))
        .filter(reporting_periods::frozen.eq(true).or(reporting_periods::status.ne("planned")))
        .count()
        .get_result(c)?;
    db::in_use(codes::INDICATOR_IN_USE, &[("observations", reported), ("reporting_periods", periods)])
}

/// Takes the indicator out of the periods that have not opened.
///
/// # Errors
/// If the database fails.
pub(super) fn leave_periods(w: &mut Write<'_>, id: &IndicatorId) -> Result<()> {
    diesel::delete(period_indicators::table.filter(period_indicators::indicator_id.eq(id))).execute(w.conn())?;
    Ok(())
}

/// Replaces the units of an indicator.
///
/// # Errors
/// If the database fails.
pub(super) fn replace_units(w: &mut Write<'_>, id: &IndicatorId, rows: &[UnitRow]) -> Result<()> {
    diesel::delete(indicator_units::table.filter(indicator_units::indicator_id.eq(id))).execute(w.conn())?;
    if !rows.is_empty() {
        crate::both!(w.conn(), c => diesel::insert_into(indicator_units::table).values(rows).execute(c))?;
    }
    Ok(())
}

/// Replaces the dimensions of an indicator.
///
/// # Errors
/// If the database fails.
pub(super) fn replace_splits(w: &mut Write<'_>, id: &IndicatorId, rows: &[SplitRow]) -> Result<()> {
    diesel::delete(indicator_dimensions::table.filter(indicator_dimensions::indicator_id.eq(id))).execute(w.conn())?;
    if !rows.is_empty() {
        crate::both!(w.conn(), c => diesel::insert_into(indicator_dimensions::table).values(rows).execute(c))?;
    }
    Ok(())
}

/// A place in a list as its column holds it.
///
/// # Errors
/// Internal, if the list is longer than the schema allows.
pub(super) fn position(at: usize) -> Result<i32> {
    i32::try_from(at).map_err(Error::internal)
}
