//! Whether a step of a consolidated report may be taken: by whom, and now.

use super::compute::Computed;
use super::inputs;
use super::restricted;
use super::rules::{self, Step};
use super::scope;
use super::status::ConsolidatedStatus;
use super::table::ConsolidatedRow;
use crate::actor::Actor;
use crate::auth::caller::Role;
use crate::db::Conn;
use crate::problem::{Problem, Result, codes, words};
use crate::rooms::{jurisdictions, periods, results};

/// Whether this caller may take a step at all, whatever the status.
pub(super) fn permitted(c: &mut Conn, actor: &Actor, row: &ConsolidatedRow, computed: &Computed, step: Step) -> Result<()> {
    match step.role() {
        Role::Province => scope::is_of_the_province_then(c, actor, row)?,
        role => actor.must(&[role], &row.jurisdiction)?,
    }
    if step != Step::Approve {
        return Ok(());
    }
    if row.prepared_by.is_some() && row.prepared_by == actor.id() {
        return Err(Problem::new(codes::ACCESS_DENIED)
            .saying(
                "Người lập báo cáo tổng hợp (tạo, tính lại hoặc sửa sau cùng) không được tự phê duyệt. Hãy để người khác phê duyệt.",
                "Whoever prepared the consolidated report (the last to create, refresh or edit it) cannot approve it. Let somebody else approve.",
            )
            .into());
    }
    if computed.restricted && !actor.sees_restricted(&row.jurisdiction) {
        return Err(codes::ACCESS_RESTRICTED.into());
    }
    Ok(())
}

/// Where a step leads now, if it is possible.
pub(super) fn possible(c: &mut Conn, row: &ConsolidatedRow, replaced: bool, computed: &Computed, step: Step) -> Result<ConsolidatedStatus> {
    let next = rules::after(row.status()?, replaced, step)?;
    // What a ward sent of a period that it did not see the end of stays, and can be corrected; nothing is sent of one anew.
    if step == Step::Send && row.supersedes.is_none() {
        let period = periods::key(c, &row.period_id)?;
        jurisdictions::not_dissolved(c, &row.jurisdiction, period.ends_on)?;
    }
    if step == Step::Approve {
        // Every acceptance and every reopening changes which reports of which revision count.
        let others = inputs::present_inputs(c, &row.period_id)? != computed.inputs;
        if others || results::owed_otherwise_since(c, &row.period_id, row.computed_at)? {
            return Err(rules::conflict(codes::CONSOLIDATED_STALE, row.status()?).into());
        }
        if let Some(overtaken) = restricted::overtaken(c, row, computed)? {
            return Err(rules::restricted_since(overtaken, row.status()?).into());
        }
        if !computed.unresolved.is_empty() {
            let named = words::codes(computed.unresolved.iter().map(String::as_str));
            let problem = rules::conflict(codes::CONSOLIDATED_UNRESOLVED, row.status()?).member("indicators", computed.unresolved.clone());
            return Err(problem
                .saying(
                    format!("Nhiều đơn vị cho số liệu của chỉ tiêu {}, mà chỉ được lấy một nguồn. Điều phối viên (Phòng Văn hoá - Xã hội) chọn lấy số liệu của đơn vị nào («resolutions») và nêu lý do.", named.vi),
                    format!("Several units gave figures for {}, which is taken from one of them. The coordinator says in resolutions whose figure counts, and why.", named.en),
                )
                .into());
        }
    }
    Ok(next)
}

/// Whether the caller may take a step now.
pub(super) fn may(c: &mut Conn, actor: &Actor, row: &ConsolidatedRow, replaced: bool, computed: &Computed, step: Step) -> Result<()> {
    permitted(c, actor, row, computed, step)?;
    possible(c, row, replaced, computed, step).map(|_| ())
}
