//! Whether it may still be changed who reports in a period: not once its consolidated report is approved, unless that is under
//! correction.

use crate::db::Conn;
use crate::db::schema::consolidated_reports;
use crate::problem::{Result, codes};
use crate::values::id::PeriodId;
use diesel::prelude::*;

/// Goes on only if no consolidated report of the period is approved or sent, or a correction of it is being prepared.
///
/// # Errors
/// 409 `consolidated_report.exists`.
pub fn check(c: &mut Conn, period: &PeriodId) -> Result<()> {
    let latest: Option<String> = consolidated_reports::table
        .filter(consolidated_reports::period_id.eq(period))
        .order(consolidated_reports::revision.desc())
        .select(consolidated_reports::status)
        .first(c)
        .optional()?;
    match latest.as_deref() {
        Some("approved" | "sent" | "acknowledged") => Err(codes::CONSOLIDATED_EXISTS.into()),
        _ => Ok(()),
    }
}
