//! Who has reported in a period, and who in time.

use super::rules::{self, DueReport};
use super::wire::{Completeness, Excused, ReportStage};
use crate::db::Conn;
use crate::db::schema::{period_units, reports, units};
use crate::problem::{Error, Result};
use crate::rooms::results;
use crate::values::Ref;
use crate::values::clock::UtcTime;
use crate::values::id::{PeriodId, UnitId};
use crate::values::text::Bilingual;
use diesel::prelude::*;
use std::collections::HashMap;

/// How complete a period is, with what has become of what was sent of it.
///
/// # Errors
/// If the database fails.
pub fn completeness_now(c: &mut Conn, period: &PeriodId, now: UtcTime) -> Result<Completeness> {
    let told = completeness(c, period, now)?;
    let published = results::published_of(c, period)?;
    let changed = published.map(|published| results::changed_since(c, period, published.computed_at)).transpose()?;
    Ok(Completeness {
        under_revision: Some(published.is_some_and(|published| published.under_revision)),
        unpublished_changes: Some(changed.unwrap_or_default()),
        ..told
    })
}

/// How complete a period is; nothing is expected before it opens.
///
/// # Errors
/// If the database fails.
pub fn completeness(c: &mut Conn, period: &PeriodId, now: UtcTime) -> Result<Completeness> {
    Ok(completeness_of(c, std::slice::from_ref(period), now)?.remove(period).unwrap_or_default())
}

/// The same of several periods, by as many statements as of one.
///
/// # Errors
/// If the database fails.
pub fn completeness_of(c: &mut Conn, periods: &[PeriodId], now: UtcTime) -> Result<HashMap<PeriodId, Completeness>> {
    type Away = (Option<UtcTime>, Option<String>);
    type Unit = (UnitId, String, String, Option<String>);
    type Row = (PeriodId, Unit, String, UtcTime, Option<UtcTime>, Option<Away>);
    let taking_part = period_units::period_id.eq(reports::period_id).and(period_units::unit_id.eq(reports::unit_id));
    let mut owed: HashMap<PeriodId, Vec<DueReport>> = periods.iter().map(|id| (id.clone(), Vec::new())).collect();
    for some in periods.chunks(500) {
        let rows: Vec<Row> = reports::table
            .inner_join(units::table)
            .left_join(period_units::table.on(taking_part))
            .filter(reports::period_id.eq_any(some))
            .order((units::plan_order, units::id))
            .select((
                reports::period_id,
                (units::id, units::code, units::name_vi, units::name_en),
                reports::status,
                reports::due_at,
                reports::first_submitted_at,
                (period_units::excused_at, period_units::excused_reason).nullable(),
            ))
            .load(c)?;
        for (period, (unit, code, vi, en), status, due_at, first_submitted_at, away) in rows {
            let stage = ReportStage::parse(&status).ok_or_else(|| Error::internal("a report of unknown status"))?;
            let excused = away.and_then(|(at, reason)| Some(Excused { reason, at: at? }));
            let one = DueReport { unit: Ref::new(unit, code), name: Bilingual { vi, en }, stage, due_at, first_submitted_at, excused };
            owed.entry(period).or_default().push(one);
        }
    }
    Ok(owed.into_iter().map(|(period, reports)| (period, rules::tally(reports, now))).collect())
}
