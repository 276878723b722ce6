//! What other rooms do with reports. They have locked or just made what they speak of, so no version is asked of them; all
//! other rules hold for them too.

use super::cell::{CellCounts, CellIn};
use super::cells;
use super::dto::{Narrative, RemarkIn, Report, ReportIn};
use super::rules::Step;
use super::steps::{self, Words};
use crate::db::Conn;
use crate::http::ctx::By;
use crate::problem::Result;
use crate::values::id::ReportId;

/// Writes figures: all or none.
///
/// # Errors
/// 404, 403, 409 `report.not_editable`, 422 with every fault of every cell.
pub fn write_cells(c: &mut Conn, by: &By, id: &ReportId, cells: &[CellIn]) -> Result<CellCounts> {
    cells::write(c, by, id, cells, None).map(|(counts, _)| counts)
}

/// Writes what a report says in words, whole.
///
/// # Errors
/// 404, 403, 409 `report.not_editable`.
pub fn write_narrative(c: &mut Conn, by: &By, id: &ReportId, narrative: &Narrative) -> Result<()> {
    steps::rewrite(c, by, id, None, |_| Ok(ReportIn { narrative: narrative.clone() }))
}

/// Submits a report.
///
/// # Errors
/// 404, 403, 409, 422 `report.not_ready`.
pub fn submit(c: &mut Conn, by: &By, id: &ReportId) -> Result<Report> {
    steps::take(c, by, id, Step::Submit, Words::default(), None)
}

/// Takes a submitted report back.
///
/// # Errors
/// 404, 403, 409.
pub fn withdraw(c: &mut Conn, by: &By, id: &ReportId) -> Result<Report> {
    steps::take(c, by, id, Step::Withdraw, Words::default(), None)
}

/// Accepts a report.
///
/// # Errors
/// 404, 403 (also `access.restricted`), 409.
pub fn accept(c: &mut Conn, by: &By, id: &ReportId) -> Result<Report> {
    steps::take(c, by, id, Step::Accept, Words::default(), None)
}

/// Returns a report to its unit.
///
/// # Errors
/// 404, 403, 409, 422 for a remark on an unknown indicator.
pub fn return_to_unit(c: &mut Conn, by: &By, id: &ReportId, reason: &str, remarks: &[RemarkIn]) -> Result<Report> {
    steps::take(c, by, id, Step::Return, Words { reason: Some(reason), remarks }, None)
}

/// Reopens an accepted report: a new revision.
///
/// # Errors
/// 404, 403, 409 (also `report.held`).
pub fn reopen(c: &mut Conn, by: &By, id: &ReportId, reason: &str) -> Result<Report> {
    steps::take(c, by, id, Step::Reopen, Words { reason: Some(reason), remarks: &[] }, None)
}

/// Marks accepted reports as consolidated: the report that holds them was sent.
///
/// # Errors
/// 404, 409 if one is not accepted.
pub fn consolidated(c: &mut Conn, by: &By, ids: &[ReportId]) -> Result<()> {
    steps::take_all(c, by, ids, Step::Consolidate)
}

/// Makes consolidated reports the units' again: what held them was returned, or is to be corrected.
///
/// # Errors
/// 404, 409 if one is not consolidated.
pub fn released(c: &mut Conn, by: &By, ids: &[ReportId]) -> Result<()> {
    steps::take_all(c, by, ids, Step::Release)
}
