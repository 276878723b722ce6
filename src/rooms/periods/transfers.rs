//! Obligations handed from one unit to another while a period is open. What follows for the units' reports is the business of
//! their room.

use super::asked::OwedBy;
use super::excusals;
use super::lists;
use super::rules;
use super::table::{self, PeriodRow};
use super::wire::{ExcusalOut, PeriodKind, TransferIn, TransferOut};
use super::{opening, unsettled, use_cases};
use crate::actor::Actor;
use crate::auth::caller::Role;
use crate::change::{self, Event, Versioned};
use crate::db::Conn;
use crate::db::schema::{period_obligations as o, period_transfers as t};
use crate::problem::{FieldError, Place, Problem, Result, codes, said, words};
use crate::reading::references::{self, IndicatorKey, Scope, UnitKey};
use crate::values::Ref;
use crate::values::id::{PeriodId, UnitId};
use crate::values::period::Frequency;
use diesel::prelude::*;
use serde_json::json;

/// A transfer that may be made: everything that it names is found, and the period stays locked.
pub struct Transfer {
    row: PeriodRow,
    /// The period.
    pub period: PeriodId,
    /// The indicator that is handed over.
    pub indicator: Ref,
    /// The unit that owes it so far.
    pub from_unit: Option<Ref>,
    /// The unit that is to owe it.
    pub to_unit: Ref,
    /// Whether that unit takes part in the period already.
    pub takes_part: bool,
    /// Whether nothing is left of what the first unit owes, so that it is excused.
    leaves_nothing: bool,
    place: i32,
    reason: String,
}

/// Finds what a transfer names.
///
/// # Errors
/// 404, 403, 409 unless the period is open and unsettled, `transfer.duplicate`, 422 for what it does not have.
pub fn prepare(
    c: &mut Conn,
    actor: &Actor,
    id: &PeriodId,
    input: &TransferIn,
    allowed: impl FnOnce(&mut Conn, Option<&Ref>) -> Result<()>,
) -> Result<Transfer> {
    let row = use_cases::locked(c, actor, id, &[Role::Coordinator], None)?;
    rules::takes_reports(row.status()?, actor.helper(Role::Coordinator, &row.jurisdiction))?;
    unsettled::check(c, id)?;
    let lists = lists::kept_with(c, &row)?;
    let within = said(format!("trong kỳ «{}»", row.label), format!("in the period {}", row.label));
    let asked = references::among::<IndicatorKey, _>(
        &lists.asked,
        |asked| asked.reference.names(),
        &input.indicator,
        &Place::body("/indicator"),
        &within,
    )?;
    let owing: Vec<Ref> = lists.unit_refs().into_iter().filter(|unit| asked.owed_by.iter().any(|by| by.unit.as_str() == unit.id)).collect();
    let to_unit = Scope::of_jurisdiction(&row.jurisdiction).one::<UnitKey>(c, &input.to_unit, &Place::body("/to_unit"))?.reference();
    let owes_already = owing.contains(&to_unit);
    let from_unit = match &input.from_unit {
        // Handed over before: the first unit owes it no more.
        Some(named) if owes_already && !owing.iter().any(|unit| unit.id == *named || unit.code == *named) => None,
        Some(named) => {
            let who = said(
                format!("phải báo cáo chỉ tiêu {} trong kỳ này", asked.reference.code),
                format!("that owes the indicator {} in this period", asked.reference.code),
            );
            Some(references::among::<UnitKey, _>(&owing, Ref::names, named, &Place::body("/from_unit"), &who)?.clone())
        }
        None if owing.is_empty() => None,
        None => return Err(which_unit(&asked.reference, &owing).into()),
    };
    allowed(c, from_unit.as_ref())?;
    if owes_already {
        return Err(already_owed(&asked.reference, &to_unit).into());
    }
    let others =
        |unit: &Ref| lists.asked.iter().any(|a| a.reference != asked.reference && a.owed_by.iter().any(|by| by.unit.as_str() == unit.id));
    let excused = |unit: &Ref| lists.units.iter().any(|part| part.unit == *unit && part.excused.is_some());
    // In an annual period it still owes its words.
    let narrative = row.kind == PeriodKind::Periodic.as_str() && row.frequency.as_deref() == Some(Frequency::Annual.as_str());
    Ok(Transfer {
        period: row.id.clone(),
        indicator: asked.reference.clone(),
        takes_part: lists.units.iter().any(|part| part.unit == to_unit),
        leaves_nothing: from_unit.as_ref().is_some_and(|unit| !others(unit) && !excused(unit)) && !narrative,
        place: i32::try_from(lists.units.len()).unwrap_or(i32::MAX),
        reason: input.reason.clone(),
        from_unit,
        to_unit,
        row,
    })
}

/// Several units owe an indicator, or one: which hands it over must be said.
fn which_unit(indicator: &Ref, owing: &[Ref]) -> Problem {
    let (code, units) = (&indicator.code, words::codes(owing.iter().map(|unit| unit.code.as_str())));
    Problem::invalid(vec![
        FieldError::new("/from_unit", codes::FIELD_REQUIRED)
            .saying(
                format!("Chỉ tiêu {code} đang giao cho {} trong kỳ này. Hãy nêu đơn vị chuyển giao («from_unit»).", units.vi),
                format!("The indicator {code} is owed by {} in this period. Name the one that hands it over in from_unit.", units.en),
            )
            .about(Some(indicator.clone())),
    ])
}

fn already_owed(indicator: &Ref, unit: &Ref) -> Problem {
    let (code, unit) = (&indicator.code, &unit.code);
    Problem::new(codes::TRANSFER_DUPLICATE).saying(
        format!("Đơn vị {unit} đã phải báo cáo chỉ tiêu {code} trong kỳ này, không cần chuyển giao nữa."),
        format!("The unit {unit} owes the indicator {code} in this period already; there is nothing to hand over."),
    )
}

/// Makes a transfer; a unit that takes no part so far gets its draft.
///
/// # Errors
/// If the database fails.
pub fn make(c: &mut Conn, actor: &Actor, transfer: Transfer) -> Result<TransferOut> {
    let Transfer { mut row, period, indicator, from_unit, to_unit, takes_part, leaves_nothing, place, reason } = transfer;
    let out = TransferOut {
        id: uuid::Uuid::now_v7().to_string(),
        indicator,
        from_unit,
        to_unit,
        reason,
        by: actor.name().to_owned(),
        at: actor.now,
    };
    row.touch(row.version + 1, actor.now);
    let event = Event::of("transferred", &row).change(None, Some(json!(out))).because(Some(&out.reason));
    change::save(c, actor, &event, |w| {
        diesel::insert_into(t::table)
            .values((
                t::id.eq(&out.id),
                t::period_id.eq(&period),
                t::indicator_id.eq(&out.indicator.id),
                t::from_unit.eq(out.from_unit.as_ref().map(|unit| unit.id.as_str())),
                t::to_unit.eq(&out.to_unit.id),
                t::reason.eq(&out.reason),
                t::by_id.eq(actor.id()),
                t::by_name.eq(&out.by),
                t::created_at.eq(actor.now),
            ))
            .execute(w.conn())?;
        if let Some(from) = &out.from_unit {
            let held = o::table.filter(o::period_id.eq(&period)).filter(o::unit_id.eq(&from.id)).filter(o::until.is_null());
            diesel::update(held.filter(o::indicator_id.eq(&out.indicator.id))).set(o::until.eq(actor.now)).execute(w.conn())?;
            if leaves_nothing {
                let excusal = ExcusalOut {
                    id: uuid::Uuid::now_v7().to_string(),
                    unit: from.clone(),
                    reason: out.reason.clone(),
                    by: out.by.clone(),
                    at: actor.now,
                };
                excusals::insert(w, actor, &period, &excusal)?;
            }
        }
        if !takes_part {
            table::add_units(w, &period, std::slice::from_ref(&out.to_unit), place)?;
        }
        let by = OwedBy { unit: UnitId::from_text(out.to_unit.id.clone()), via_group: None };
        table::insert_obligations(w, &period, std::iter::once((out.indicator.id.as_str(), &by)), actor.now)?;
        table::update(w, &row)
    })?;
    if !takes_part {
        opening::make_draft(c, actor, &row, &out.to_unit)?;
    }
    Ok(out)
}
