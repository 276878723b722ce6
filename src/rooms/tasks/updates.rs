//! A task's history: who said when how far it is. What was said stays; the last word is in the task itself.

use super::rules;
use super::table::updates::UpdateRow;
use super::table::{self, TaskRow};
use super::wire::{TaskUpdateIn, TaskUpdateOut};
use crate::actor::Actor;
use crate::auth::caller::Role;
use crate::auth::denied::denied;
use crate::change::{self, Event, Versioned};
use crate::db::Conn;
use crate::problem::{Faults, Place, Problem, Result, codes};
use crate::reading::paging::{Page, Paging};
use crate::reading::references::{ReportKey, Scope};
use crate::rooms::plans::PlanKey;
use crate::values::id::{ReportId, TaskId};
use serde_json::json;

/// The history of a task, the newest last. Notes are for the ward's own people.
///
/// # Errors
/// 404, 403, 400 for a sort field or cursor that fits nothing.
pub fn list(c: &mut Conn, actor: &Actor, task: &TaskId, paging: &Paging) -> Result<Page<TaskUpdateOut>> {
    let jurisdiction = table::updates::jurisdiction_of(c, task)?;
    actor.must(&[Role::Coordinator, Role::Leader, Role::Supervisor, Role::Reporter], &jurisdiction)?;
    let window = table::updates::window(paging)?;
    table::updates::page(c, &window, task)?.try_map(UpdateRow::into_out)
}

/// Whether the caller may say how far a task is: the coordinator may, and who reports for a unit that the task is
/// assigned to, or for a member of such a group.
///
/// # Errors
/// 403.
pub(super) fn may_add(c: &mut Conn, actor: &Actor, task: &TaskId, jurisdiction: &str) -> Result<()> {
    if actor.may(&[Role::Coordinator], jurisdiction) {
        return Ok(());
    }
    let Some(caller) = actor.caller.as_ref().filter(|caller| caller.may(&[Role::Reporter], jurisdiction)) else {
        return Err(denied(actor.caller.as_deref(), &[Role::Coordinator, Role::Reporter], Some(jurisdiction)).into());
    };
    let reports = table::assigned_units(c, task)?.iter().any(|unit| caller.reports_for(unit, jurisdiction));
    if reports { Ok(()) } else { Err(not_assigned().into()) }
}

fn not_assigned() -> Problem {
    Problem::new(codes::ACCESS_DENIED).saying(
        "Nhiệm vụ này không giao cho đơn vị của bạn. Đơn vị được giao hoặc điều phối viên (Phòng Văn hoá - Xã hội) cập nhật tiến độ; nếu đơn vị cũng thực hiện, hãy đề nghị điều phối viên phân công.",
        "This task is not assigned to your unit. Its progress is told by the units it is assigned to, or by the coordinator; ask the coordinator to assign it if your unit takes part.",
    )
}

/// Adds to a task's history and brings the task to that state.
///
/// # Errors
/// 404, 403, 422 for a percentage that contradicts the state, and a report that is not one of the task's plan.
pub fn add(c: &mut Conn, actor: &Actor, task: &TaskId, input: &TaskUpdateIn) -> Result<TaskUpdateOut> {
    let allowed = |c: &mut Conn, (row, _): &(TaskRow, PlanKey)| may_add(c, actor, task, &row.jurisdiction);
    let (mut row, plan) = change::begin(c, task.as_str(), None, |c| table::find(c, task), allowed)?;
    let mut faults = Faults::default();
    rules::progress(input.status, input.percent_complete, &mut faults);
    let report = input.report.as_deref().map(|named| faults.keep(report_of(c, actor, &plan, named))).transpose()?.flatten();
    faults.check()?;
    let before = json!({"status": row.status, "percent_complete": row.percent_complete});
    input.status.as_str().clone_into(&mut row.status);
    row.percent_complete = input.percent_complete;
    let update = UpdateRow::of(actor, &row, report, input.note.clone());
    let after =
        json!({"status": update.status, "percent_complete": update.percent_complete, "note": update.note, "report": update.report_id});
    row.touch(row.version + 1, actor.now);
    // An entry of the history is one even if it leaves the task as it was.
    change::save(c, actor, &Event::of("progressed", &row).change(Some(before), Some(after)), |w| {
        table::updates::insert(w, &update)?;
        table::update(w, &row)
    })?;
    update.into_out()
}

/// The report that an update was given in: one of the task's plan, and of a unit for which the caller may speak.
fn report_of(c: &mut Conn, actor: &Actor, plan: &PlanKey, named: &str) -> Result<ReportId> {
    let place = Place::body("/report");
    let scope = Scope::of_plan(plan);
    let report: ReportKey = scope.one(c, named, &place)?;
    let speaks = actor.may(&[Role::Coordinator], &plan.jurisdiction)
        || actor.caller.as_ref().is_some_and(|a| a.reports_for(&report.unit_id, &plan.jurisdiction));
    // What the caller may not read is not there for him.
    if speaks { Ok(report.id) } else { Err(scope.unknown::<ReportKey>(named, &place)) }
}
