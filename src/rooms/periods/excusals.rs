//! Units that need not report in a period: dissolved, merged, or without anything left to report.

use super::rules;
use super::table::{self, PeriodRow};
use super::wire::{ExcusalIn, ExcusalOut};
use super::{lists, unsettled, use_cases};
use crate::actor::Actor;
use crate::auth::caller::Role;
use crate::change::{self, Event, Expected, Versioned, Write};
use crate::db::Conn;
use crate::db::schema::{period_excusals as e, period_units as u};
use crate::problem::{Place, Problem, Result, codes, said};
use crate::reading::references::{self, UnitKey};
use crate::values::Ref;
use crate::values::id::PeriodId;
use diesel::prelude::*;
use serde_json::json;

/// Excuses a unit from reporting.
///
/// # Errors
/// 404, 403, 409 unless the period is open and unsettled, `excusal.exists`, 422 for a unit that is not in it.
pub fn excuse(c: &mut Conn, actor: &Actor, id: &PeriodId, input: &ExcusalIn) -> Result<ExcusalOut> {
    let mut row = use_cases::locked(c, actor, id, &[Role::Coordinator], None)?;
    rules::takes_reports(row.status()?, actor.helper(Role::Coordinator, &row.jurisdiction))?;
    unsettled::check(c, id)?;
    let lists = lists::kept_with(c, &row)?;
    let unit = in_period(&row, &lists.named_units, &input.unit, &Place::body("/unit"))?;
    if lists.units.iter().any(|part| part.unit == unit && part.excused.is_some()) {
        let (vi, en) = (
            format!("Đơn vị {} đang được miễn báo cáo trong kỳ này. Muốn đổi lý do, hãy bỏ miễn rồi miễn lại.", unit.code),
            format!("The unit {} is excused in this period. To change the reason, take the excusal back and give it anew.", unit.code),
        );
        return Err(Problem::new(codes::EXCUSAL_EXISTS).saying(vi, en).into());
    }
    let excusal =
        ExcusalOut { id: uuid::Uuid::now_v7().to_string(), unit, reason: input.reason.clone(), by: actor.name().to_owned(), at: actor.now };
    row.touch(row.version + 1, actor.now);
    let event = Event::of("unit_excused", &row).change(None, Some(json!(excusal))).because(Some(&input.reason));
    change::save(c, actor, &event, |w| {
        insert(w, actor, id, &excusal)?;
        table::update(w, &row)
    })?;
    Ok(excusal)
}

/// Writes that a unit need not report from now on.
///
/// # Errors
/// If the database fails.
pub(super) fn insert(w: &mut Write<'_>, actor: &Actor, period: &PeriodId, excusal: &ExcusalOut) -> Result<()> {
    diesel::insert_into(e::table)
        .values((
            e::id.eq(&excusal.id),
            e::period_id.eq(period),
            e::unit_id.eq(&excusal.unit.id),
            e::reason.eq(&excusal.reason),
            e::by_id.eq(actor.id()),
            e::by_name.eq(actor.name()),
            e::since.eq(actor.now),
        ))
        .execute(w.conn())?;
    diesel::update(u::table.find((period, &excusal.unit.id)))
        .set((u::excused_at.eq(actor.now), u::excused_reason.eq(&excusal.reason)))
        .execute(w.conn())?;
    Ok(())
}

/// Makes an excused unit report again.
///
/// # Errors
/// 404, also for a unit that is not excused, 403, 412, 409 unless the period is open and unsettled.
pub(super) fn take_back(c: &mut Conn, actor: &Actor, id: &PeriodId, named: &str, expected: &Expected) -> Result<()> {
    let mut row = use_cases::locked(c, actor, id, &[Role::Coordinator], None)?;
    let lists = lists::kept_with(c, &row)?;
    let is_it = |unit: &Ref| unit.code == named || unit.id.eq_ignore_ascii_case(named);
    let excused = lists.units.iter().find(|part| part.excused.is_some() && is_it(&part.unit)).ok_or(codes::NOT_FOUND)?;
    expected.must_match(row.version)?;
    rules::takes_reports(row.status()?, actor.helper(Role::Coordinator, &row.jurisdiction))?;
    unsettled::check(c, id)?;
    row.touch(row.version + 1, actor.now);
    let event = Event::of("excusal_removed", &row).change(Some(json!(excused.excused)), Some(json!({"unit": excused.unit.code})));
    change::save(c, actor, &event, |w| {
        let held = e::table.filter(e::period_id.eq(id)).filter(e::unit_id.eq(&excused.unit.id)).filter(e::until.is_null());
        diesel::update(held).set(e::until.eq(actor.now)).execute(w.conn())?;
        diesel::update(u::table.find((id, &excused.unit.id)))
            .set((u::excused_at.eq(None::<crate::values::clock::UtcTime>), u::excused_reason.eq(None::<String>)))
            .execute(w.conn())?;
        table::update(w, &row)
    })
}

/// A unit of a period.
fn in_period(row: &PeriodRow, units: &[Ref], named: &str, place: &Place) -> Result<Ref> {
    let within = said(format!("trong kỳ «{}»", row.label), format!("in the period {}", row.label));
    Ok(references::among::<UnitKey, _>(units, Ref::names, named, place, &within)?.clone())
}
