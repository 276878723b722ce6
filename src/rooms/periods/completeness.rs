//! Who has reported in a period, and who in time.

use super::rules::{self, DueReport};
use super::wire::{Completeness, Excused, ReportStage};
use crate::db::Conn;
use crate::db::schema::{period_excusals, period_units, report_events, reports, units};
use crate::problem::{Error, Result};
use crate::rooms::results;
use crate::values::Ref;
use crate::values::clock::UtcTime;
use crate::values::id::{PeriodId, ReportId, UnitId};
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

/// How complete a period was at an instant, from the steps that were taken until then, by the deadlines of now.
///
/// # Errors
/// If the database fails.
pub fn completeness_at(c: &mut Conn, period: &PeriodId, at: UtcTime) -> Result<Completeness> {
    type Unit = (UnitId, String, String, Option<String>);
    let rows: Vec<(ReportId, Unit, UtcTime)> = reports::table
        .inner_join(units::table)
        .filter(reports::period_id.eq(period).and(reports::created_at.le(at)))
        .order((units::plan_order, units::id))
        .select((reports::id, (units::id, units::code, units::name_vi, units::name_en), reports::due_at))
        .load(c)?;
    let mut taken: HashMap<ReportId, Then> = HashMap::new();
    for (report, when, action, status) in report_events::table
        .inner_join(reports::table)
        .filter(reports::period_id.eq(period).and(report_events::at.le(at)))
        .order((report_events::at, report_events::id))
        .select((report_events::report_id, report_events::at, report_events::action, report_events::status))
        .load::<(ReportId, UtcTime, String, String)>(c)?
    {
        taken.entry(report).or_default().follow(when, &action, &status)?;
    }
    let excused: HashMap<UnitId, UtcTime> = period_excusals::table
        .filter(period_excusals::period_id.eq(period).and(period_excusals::since.le(at)))
        .filter(period_excusals::until.is_null().or(period_excusals::until.gt(at)))
        .select((period_excusals::unit_id, period_excusals::since))
        .load(c)?
        .into_iter()
        .collect();
    let due = rows.into_iter().map(|(report, (unit, code, vi, en), due_at)| {
        let then = taken.remove(&report).unwrap_or_default();
        let excused = excused.get(&unit).map(|at| Excused { reason: None, at: *at });
        DueReport {
            unit: Ref::new(unit, code),
            name: Bilingual { vi, en },
            stage: then.stage,
            due_at,
            first_submitted_at: then.first_submitted_at,
            excused,
        }
    });
    Ok(rules::tally(due.collect(), at))
}

/// How far a report was.
struct Then {
    stage: ReportStage,
    first_submitted_at: Option<UtcTime>,
    submitted_at: Option<UtcTime>,
}

impl Default for Then {
    fn default() -> Self {
        Self { stage: ReportStage::Draft, first_submitted_at: None, submitted_at: None }
    }
}

impl Then {
    /// After a further step.
    fn follow(&mut self, at: UtcTime, action: &str, status: &str) -> Result<()> {
        self.stage = ReportStage::parse(status).ok_or_else(|| Error::internal("a step to an unknown status"))?;
        match action {
            "submit" => {
                self.first_submitted_at = self.first_submitted_at.or(Some(at));
                self.submitted_at = Some(at);
            }
            // A submission that was withdrawn was none.
            "withdraw" if self.first_submitted_at == self.submitted_at => self.first_submitted_at = None,
            _ => {}
        }
        Ok(())
    }
}
