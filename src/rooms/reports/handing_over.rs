//! Handing an obligation over, with what follows for the reports of both units.

use super::rules::{self, Step};
use super::status::Status;
use super::table;
use super::transitions::{self, Words};
use crate::actor::Actor;
use crate::change::{self, Event, Versioned};
use crate::db::Conn;
use crate::problem::codes::Code;
use crate::problem::{Result, codes, said};
use crate::rooms::periods::{self, ExcusalIn, TransferIn, TransferOut};
use crate::values::Ref;
use crate::values::id::{PeriodId, ReportId, UnitId};
use serde_json::json;

/// Hands an obligation of an open period over. A report of the receiving unit that was handed in comes back to it, for it has more
/// to say now; what the other unit wrote stays, and is no longer counted.
///
/// # Errors
/// As [`periods::prepare_transfer`]; 409 `transfer.accepted` while the report of the unit that hands over is accepted.
pub(super) fn transfer(c: &mut Conn, actor: &Actor, id: &PeriodId, input: &TransferIn) -> Result<TransferOut> {
    let transfer = periods::prepare_transfer(c, actor, id, input, |c, from| match from {
        Some(from) => not_accepted(c, id, from),
        None => Ok(()),
    })?;
    if transfer.takes_part {
        come_back(c, actor, id, &transfer.to_unit, &input.reason)?;
    }
    let out = periods::make_transfer(c, actor, transfer)?;
    let both = out.from_unit.iter().map(|unit| (unit, false)).chain([(&out.to_unit, true)]);
    for (unit, counted) in both {
        let Some(mut row) = table::report_of_unit(c, id, &unit.id)? else { continue };
        row.touch(row.version + 1, actor.now);
        let said = json!({"indicator": out.indicator.code, "counted": counted});
        let event = Event::of("updated", &row).because(Some(&out.reason)).change(None, Some(said));
        change::save(c, actor, &event, |w| {
            table::count(w, id.as_str(), &unit.id, &out.indicator.id, counted)?;
            table::update_report(w, &row)
        })?;
    }
    Ok(out)
}

/// Takes a unit out of the open periods to which it has not handed in: what it owes there falls to another one, if one is named,
/// as by a transfer, and it is excused. What it handed in stays.
///
/// # Errors
/// 403; if the database fails.
pub fn release(c: &mut Conn, actor: &Actor, unit: &Ref, to: Option<&Ref>, reason: &str) -> Result<()> {
    for leaving in periods::open_with(c, &UnitId::from_text(unit.id.clone()))? {
        let period = &leaving.period;
        let Some(report) = table::report_of_unit(c, period, &unit.id)? else { continue };
        if !matches!(report.status()?, Status::Draft | Status::Returned) {
            continue;
        }
        for indicator in to.map_or(&[][..], |_| &leaving.owes) {
            let input = TransferIn {
                indicator: indicator.as_str().to_owned(),
                from_unit: Some(unit.id.clone()),
                to_unit: to.map(|to| to.id.clone()).unwrap_or_default(),
                reason: reason.to_owned(),
            };
            match (transfer(c, actor, period, &input), to) {
                // Whom it falls to owes it already: what was handed in lacks those who are counted there from now on.
                (Err(error), Some(to)) if error.code().is_some_and(|found| *found == *codes::TRANSFER_DUPLICATE) => {
                    come_back(c, actor, period, to, reason)?;
                }
                (done, _) => drop(done?),
            }
        }
        // The last transfer may have excused it.
        let excusal = ExcusalIn { unit: unit.id.clone(), reason: reason.to_owned() };
        unless(codes::EXCUSAL_EXISTS, periods::excuse(c, actor, period, &excusal).map(drop))?;
    }
    Ok(())
}

/// What was done, or this problem, which means that there was nothing to do.
fn unless(code: &Code, done: Result<()>) -> Result<()> {
    match done {
        Err(error) if error.code().is_some_and(|found| *found == *code) => Ok(()),
        other => other,
    }
}

/// # Errors
/// 409 `transfer.accepted`.
fn not_accepted(c: &mut Conn, period: &PeriodId, unit: &Ref) -> Result<()> {
    match table::report_of_unit(c, period, &unit.id)? {
        Some(row) if matches!(row.status()?, Status::Accepted | Status::Consolidated) => {
            let status = row.status()?;
            let (vi, en) = status.called();
            let refused = said(
                format!("Báo cáo của đơn vị {} {vi} nên chưa chuyển giao chỉ tiêu của đơn vị được.", unit.code),
                format!("The report of the unit {} {en}, so none of its indicators can be handed over.", unit.code),
            );
            let way_out = match status {
                Status::Accepted => said("Hãy mở lại báo cáo đó trước.", "Reopen that report first."),
                _ => said(
                    "Hãy lập báo cáo tổng hợp điều chỉnh của kỳ và mở lại báo cáo đó trước.",
                    "Draw up a correcting consolidated report of the period and reopen that report first.",
                ),
            };
            Err(rules::conflict(codes::TRANSFER_ACCEPTED, status).told(refused.and(&way_out)).into())
        }
        _ => Ok(()),
    }
}

fn come_back(c: &mut Conn, actor: &Actor, period: &PeriodId, unit: &Ref, reason: &str) -> Result<()> {
    let Some(row) = table::report_of_unit(c, period, &unit.id)? else { return Ok(()) };
    let step = match row.status()? {
        Status::Submitted => Step::Return,
        Status::Accepted | Status::Consolidated => Step::Reopen,
        Status::Draft | Status::Returned => return Ok(()),
    };
    let id: ReportId = row.id;
    transitions::take(c, actor, &id, step, Words { reason: Some(reason), remarks: &[] }, None)
}
