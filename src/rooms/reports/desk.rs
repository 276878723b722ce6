//! Who has reported in a period, and what stands in the way of each report: the coordinator's desk in one call. A unit is told the same of its
//! own report.

use super::aggregate::{ReportAggregate, ReportWithPeriod};
use super::{comments, scope};
use crate::actor::Actor;
use crate::auth::caller::Role;
use crate::db::Conn;
use crate::problem::Result;
use crate::rooms::periods::{self, Completeness, UnitCompleteness};
use crate::values::id::PeriodId;

/// How complete a period is, for those of the ward, and what there is to do about the reports that the caller works at. And which
/// ward it is.
///
/// # Errors
/// 404, 403.
pub fn of_period(c: &mut Conn, actor: &Actor, id: &PeriodId) -> Result<(Completeness, String)> {
    let period = scope::period(c, actor, id)?;
    let mut told = periods::completeness_now(c, id, actor.now)?;
    work(c, actor, id, &mut told.units)?;
    Ok((told, period.jurisdiction))
}

/// Adds what there is to do about the reports that the caller accepts or writes.
fn work(c: &mut Conn, actor: &Actor, id: &PeriodId, units: &mut [UnitCompleteness]) -> Result<()> {
    let works_at = |report: &ReportWithPeriod| {
        actor.may(&[Role::Coordinator], &report.row.jurisdiction)
            || scope::reports_for(actor, &report.row.jurisdiction, &report.row.unit_id)
    };
    let reports: Vec<ReportWithPeriod> = ReportWithPeriod::of_period(c, actor, id)?.into_iter().filter(works_at).collect();
    if reports.is_empty() {
        return Ok(());
    }
    let reports = ReportAggregate::of_all(c, reports)?;
    let beside = ReportAggregate::beside_all(c, &reports)?;
    let open = comments::open(c, actor, &reports)?;
    for (report, beside) in reports.iter().zip(&beside) {
        let row = &report.report.row;
        let Some(unit) = units.iter_mut().find(|unit| unit.unit.id == row.unit_id.as_str()) else { continue };
        let readiness = report.readiness_against(beside, actor);
        unit.report = Some(row.id.clone().into());
        unit.version = Some(row.version);
        unit.blockers = Some(readiness.blockers.len());
        unit.warnings = Some(readiness.warnings.iter().filter(|warning| !warning.explained).count());
        unit.open_comments = Some(open.iter().filter(|(of, _)| *of == row.id).count());
        unit.actions = Some(report.actions(actor)?);
    }
    Ok(())
}
