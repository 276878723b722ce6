//! Whether it may still be changed who reports in a period: not once its consolidated report is approved, unless that is under
//! correction.

use crate::db::Conn;
use crate::db::schema::consolidated_reports;
use crate::problem::{Error, Problem, Result, Said, codes, said};
use crate::values::id::PeriodId;
use diesel::prelude::*;

fn settled(status: &str, steps: &[&str], told: Said) -> Error {
    Problem::new(codes::CONSOLIDATED_EXISTS).in_state(status, steps.iter().copied()).told(told).into()
}

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
        Some(status @ "approved") => Err(settled(
            status,
            &["reject", "send"],
            said(
                "Báo cáo tổng hợp của kỳ đã được duyệt nên không đổi được đơn vị nào báo cáo gì. Hãy để lãnh đạo từ chối để đưa về dự thảo trước.",
                "The period's consolidated report is approved, so it stays who reports what. Let the leader reject it to draft first.",
            ),
        )),
        Some(status @ ("sent" | "acknowledged")) => Err(settled(
            status,
            if status == "sent" { &["acknowledge", "return"] } else { &[] },
            said(
                "Báo cáo tổng hợp của kỳ đã gửi Sở Nội vụ nên không đổi được đơn vị nào báo cáo gì. Hãy lập báo cáo tổng hợp điều chỉnh và nêu lý do trước.",
                "The period's consolidated report was sent, so it stays who reports what. Draw up a correcting one, with a reason, first.",
            ),
        )),
        _ => Ok(()),
    }
}
