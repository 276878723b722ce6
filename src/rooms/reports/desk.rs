//! Who has reported in a period, and what stands in the way of each report: the coordinator's desk in one call. A unit is told the same of its
//! own report.

use super::aggregate::{ReportAggregate, ReportWithPeriod};
use super::{comments, scope};
use crate::actor::Actor;
use crate::auth::caller::Role;
use crate::db::Conn;
use crate::problem::Result;
use crate::rooms::periods::{self, Completeness, Desk};
use crate::values::id::PeriodId;
use std::collections::HashMap;

/// How complete a period is, for those of the ward, and what there is to do about the reports that the caller works at.
///
/// # Errors
/// 404, 403.
pub fn of_period(c: &mut Conn, actor: &Actor, id: &PeriodId) -> Result<Completeness> {
    scope::period(c, actor, id)?;
    let mut told = periods::completeness_now(c, id, actor.now)?;
    let mut desks = desks(c, actor, id)?;
    for unit in &mut told.units {
        unit.desk = desks.remove(&unit.unit.id);
    }
    Ok(told)
}

/// What there is to do about the reports that the caller accepts or writes, by unit.
fn desks(c: &mut Conn, actor: &Actor, id: &PeriodId) -> Result<HashMap<String, Desk>> {
    let works_at = |report: &ReportWithPeriod| {
        actor.may(&[Role::Coordinator], &report.row.jurisdiction)
            || scope::reports_for(actor, &report.row.jurisdiction, &report.row.unit_id)
    };
    let reports: Vec<ReportWithPeriod> = ReportWithPeriod::of_period(c, actor, id)?.into_iter().filter(works_at).collect();
    if reports.is_empty() {
        return Ok(HashMap::new());
    }
    let reports = ReportAggregate::of_all(c, reports)?;
    let beside = ReportAggregate::beside_all(c, &reports)?;
    let open = comments::open(c, actor, &reports)?;
    let desk = |(report, beside): (&ReportAggregate, _)| {
        let readiness = report.readiness_against(beside, actor);
        let row = &report.report.row;
        let desk = Desk {
            report: row.id.clone().into(),
            version: row.version,
            blockers: readiness.blockers.len(),
            warnings: readiness.warnings.iter().filter(|warning| !warning.explained).count(),
            open_comments: open.iter().filter(|(of, _)| *of == row.id).count(),
            actions: report.actions(actor)?,
        };
        Ok((row.unit_id.clone().into(), desk))
    };
    reports.iter().zip(&beside).map(desk).collect()
}
