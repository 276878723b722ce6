//! What other rooms do with reports. They have locked or just made what they speak of, so no version is asked of them; all
//! other rules hold for them too.

use super::observations;
use super::rules::Step;
use super::transitions::{self, Words};
use super::wire::observation::{CellCounts, CellIn};
use super::wire::{Narrative, RemarkIn, Report, ReportIn};
use crate::actor::Actor;
use crate::db::Conn;
use crate::problem::Result;
use crate::values::id::ReportId;

/// Writes figures: all or none.
///
/// # Errors
/// 404, 403, 409 `report.not_editable`, 422 with every fault of every cell.
pub fn write_cells(c: &mut Conn, actor: &Actor, id: &ReportId, cells: &[CellIn]) -> Result<CellCounts> {
    observations::write(c, actor, id, cells, None).map(|(counts, _)| counts)
}

/// Writes what a report says in words, whole.
///
/// # Errors
/// 404, 403, 409 `report.not_editable`.
pub fn write_narrative(c: &mut Conn, actor: &Actor, id: &ReportId, narrative: &Narrative) -> Result<()> {
    transitions::rewrite(c, actor, id, None, |_| Ok(ReportIn { narrative: narrative.clone() }))
}

/// Submits a report.
///
/// # Errors
/// 404, 403, 409, 422 `report.not_ready`.
pub fn submit(c: &mut Conn, actor: &Actor, id: &ReportId) -> Result<Report> {
    transitions::take(c, actor, id, Step::Submit, Words::default(), None)
}

/// Takes a submitted report back.
///
/// # Errors
/// 404, 403, 409.
pub fn withdraw(c: &mut Conn, actor: &Actor, id: &ReportId) -> Result<Report> {
    transitions::take(c, actor, id, Step::Withdraw, Words::default(), None)
}

/// Accepts a report.
///
/// # Errors
/// 404, 403 (also `access.restricted`), 409.
pub fn accept(c: &mut Conn, actor: &Actor, id: &ReportId) -> Result<Report> {
    transitions::take(c, actor, id, Step::Accept, Words::default(), None)
}

/// Returns a report to its unit.
///
/// # Errors
/// 404, 403, 409, 422 for a remark on an unknown indicator.
pub fn return_to_unit(c: &mut Conn, actor: &Actor, id: &ReportId, reason: &str, remarks: &[RemarkIn]) -> Result<Report> {
    transitions::take(c, actor, id, Step::Return, Words { reason: Some(reason), remarks }, None)
}

/// Reopens an accepted report: a new revision.
///
/// # Errors
/// 404, 403, 409 (also `report.held`).
pub fn reopen(c: &mut Conn, actor: &Actor, id: &ReportId, reason: &str) -> Result<Report> {
    transitions::take(c, actor, id, Step::Reopen, Words { reason: Some(reason), remarks: &[] }, None)
}

/// Marks accepted reports as consolidated: the report that holds them was sent.
///
/// # Errors
/// 404, 409 if one is not accepted.
pub fn consolidated(c: &mut Conn, actor: &Actor, ids: &[ReportId]) -> Result<()> {
    transitions::take_all(c, actor, ids, Step::Consolidate)
}

/// Makes consolidated reports the units' again: what held them was returned, or is to be corrected.
///
/// # Errors
/// 404, 409 if one is not consolidated.
pub fn released(c: &mut Conn, actor: &Actor, ids: &[ReportId]) -> Result<()> {
    transitions::take_all(c, actor, ids, Step::Release)
}
