//! A task's history: who said when how far it is. What was said stays; the last word stands in the task itself.

use super::store::TaskRow;
use super::wire::TaskStatus;
use crate::actor::Actor;
use crate::auth::caller::Role;
use crate::change::{self, Event, Versioned};
use crate::db::Conn;
use crate::db::schema::{task_assignments, task_updates, tasks, units};
use crate::db::sort::{Key, Kind, SortField};
use crate::page_of;
use crate::problem::{Error, Place, Result, codes};
use crate::reading::paging::{Page, Paging};
use crate::reading::references::{ReportKey, Scope};
use crate::rooms::plans;
use crate::values::clock::UtcTime;
use crate::values::id::{ReportId, TaskId, UnitId};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// How far a task is now, as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskUpdateIn {
    /// How far it is.
    pub status: TaskStatus,
    /// How much of it is done, in per cent.
    #[schema(minimum = 0, maximum = 100, example = 40)]
    pub percent_complete: i32,
    /// What has been done and what is left.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 4000, example = "Đã tập huấn 3/7 tổ dân phố", extensions(("x-multiline" = json!(true))))]
    pub note: Option<String>,
    /// The unit's report in which this was told, by id.
    #[serde(default)]
    #[schema(max_length = 64, example = json!(null))]
    pub report: Option<String>,
}

/// Who said it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TaskUpdateAuthor {
    /// The account; null where the service itself did it.
    #[schema(required, example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a01")]
    pub id: Option<String>,
    /// Its name.
    #[schema(example = "Nguyễn Thị An")]
    pub name: String,
}

/// One entry of a task's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TaskUpdateOut {
    /// Its id, a UUIDv7.
    #[schema(format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a68")]
    pub id: String,
    /// When it was said.
    pub at: UtcTime,
    /// Who said it.
    pub by: TaskUpdateAuthor,
    /// How far the task was then.
    pub status: TaskStatus,
    /// How much of it was done, in per cent.
    #[schema(minimum = 0, maximum = 100, example = 40)]
    pub percent_complete: i32,
    /// What had been done and what was left.
    #[schema(required, example = "Đã tập huấn 3/7 tổ dân phố")]
    pub note: Option<String>,
    /// The id of the unit's report in which this was told.
    #[schema(required, example = json!(null))]
    pub report: Option<String>,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = task_updates)]
struct UpdateRow {
    id: String,
    task_id: TaskId,
    report_id: Option<ReportId>,
    status: String,
    percent_complete: i32,
    note: Option<String>,
    by_id: Option<String>,
    by_name: String,
    at: UtcTime,
}

impl TaskUpdateOut {
    fn of(row: UpdateRow) -> Result<Self> {
        let UpdateRow { id, task_id: _, report_id, status, percent_complete, note, by_id, by_name, at } = row;
        Ok(Self {
            id,
            at,
            by: TaskUpdateAuthor { id: by_id, name: by_name },
            status: TaskStatus::parse(&status).ok_or_else(|| Error::internal("an update of unknown status"))?,
            percent_complete,
            note,
            report: report_id.map(Into::into),
        })
    }
}

const FIELDS: &[SortField] = &[SortField { name: "at", sql: "task_updates.at", kind: Kind::Time }];
const TIE: SortField = SortField { name: "id", sql: "task_updates.id", kind: Kind::Text };

fn key(row: &UpdateRow, field: &str) -> Key {
    match field {
        "at" => Key::time(row.at),
        _ => Key::from(row.id.as_str()),
    }
}

fn jurisdiction_of(c: &mut Conn, task: &TaskId) -> Result<String> {
    tasks::table.find(task).select(tasks::jurisdiction).first(c).optional()?.ok_or_else(|| codes::NOT_FOUND.into())
}

/// The history of a task, the newest last. Notes are for the ward's own people.
///
/// # Errors
/// 404, 403, 400 for a sort field or cursor that fits nothing.
pub fn list(c: &mut Conn, actor: &Actor, task: &TaskId, paging: &Paging) -> Result<Page<TaskUpdateOut>> {
    let jurisdiction = jurisdiction_of(c, task)?;
    actor.must(&[Role::Coordinator, Role::Leader, Role::Supervisor, Role::Reporter], &jurisdiction)?;
    let window = paging.window(FIELDS, "at", TIE)?;
    let page: Page<UpdateRow> =
        page_of!(c, &window, task_updates::table, task_updates::table.filter(task_updates::task_id.eq(task)).into_boxed(), key);
    page.try_map(TaskUpdateOut::of)
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
        return Err(codes::ACCESS_DENIED.into());
    };
    let assigned = task_assignments::table.filter(task_assignments::task_id.eq(task)).select(task_assignments::unit_id);
    let mut own: Vec<UnitId> = assigned.load(c)?;
    own.extend(units::table.filter(units::parent_id.eq_any(assigned.nullable())).select(units::id).load::<UnitId>(c)?);
    if own.iter().any(|unit| caller.reports_for(unit, jurisdiction)) { Ok(()) } else { Err(codes::ACCESS_DENIED.into()) }
}

/// Adds to a task's history and brings the task to that state.
///
/// # Errors
/// 404, 403, 422 for a report that is not one of the task's plan.
pub fn add(c: &mut Conn, actor: &Actor, task: &TaskId, input: &TaskUpdateIn) -> Result<TaskUpdateOut> {
    let load = |c: &mut Conn| tasks::table.find(task).first(c).optional()?.ok_or_else(|| codes::NOT_FOUND.into());
    let mut row: TaskRow = change::begin(c, task.as_str(), None, load, |c, row: &TaskRow| may_add(c, actor, task, &row.jurisdiction))?;
    let report = input.report.as_deref().map(|named| report_of(c, actor, &row, named)).transpose()?;
    let update = UpdateRow {
        id: uuid::Uuid::now_v7().to_string(),
        task_id: task.clone(),
        report_id: report,
        status: input.status.as_str().to_owned(),
        percent_complete: input.percent_complete,
        note: input.note.clone(),
        by_id: actor.id(),
        by_name: actor.name().to_owned(),
        at: actor.now,
    };
    let before = json!({"status": row.status, "percent_complete": row.percent_complete});
    let after =
        json!({"status": update.status, "percent_complete": update.percent_complete, "note": update.note, "report": update.report_id});
    row.status.clone_from(&update.status);
    row.percent_complete = update.percent_complete;
    row.touch(row.version + 1, actor.now);
    // An entry of the history is one even where the task stands as before.
    change::save(c, actor, &Event::of("progressed", &row).change(Some(before), Some(after)), |w| {
        diesel::insert_into(task_updates::table).values(&update).execute(w.conn())?;
        diesel::update(tasks::table.find(task)).set(&row).execute(w.conn())?;
        Ok(())
    })?;
    TaskUpdateOut::of(update)
}

/// The report in which an update was told: one of the task's plan, and of a unit for which the caller may speak.
fn report_of(c: &mut Conn, actor: &Actor, task: &TaskRow, named: &str) -> Result<ReportId> {
    let place = Place::body("/report");
    let scope = Scope::of_plan(&plans::find_key(c, &task.plan_id)?);
    let report: ReportKey = scope.one(c, named, &place)?;
    let speaks = actor.may(&[Role::Coordinator], &task.jurisdiction)
        || actor.caller.as_ref().is_some_and(|a| a.reports_for(&report.unit_id, &task.jurisdiction));
    // What the caller may not read is not there for him.
    if speaks { Ok(report.id) } else { Err(scope.unknown::<ReportKey>(named, &place)) }
}
