//! The history of tasks in the database.

use super::TaskRow;
use crate::actor::Actor;
use crate::change::Write;
use crate::db::Conn;
use crate::db::schema::{task_updates, tasks};
use crate::db::sort::{Key, Kind, SortField};
use crate::page_of;
use crate::problem::{Error, Result, codes};
use crate::reading::paging::{Page, Paging, Window};
use crate::rooms::tasks::wire::{TaskStatus, TaskUpdateAuthor, TaskUpdateOut};
use crate::values::clock::UtcTime;
use crate::values::id::{ReportId, TaskId};
use diesel::prelude::*;

/// A row of `task_updates`.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = task_updates)]
pub struct UpdateRow {
    pub id: String,
    pub task_id: TaskId,
    pub report_id: Option<ReportId>,
    pub status: String,
    pub percent_complete: i32,
    pub note: Option<String>,
    pub by_id: Option<String>,
    pub by_name: String,
    pub at: UtcTime,
}

impl UpdateRow {
    /// How far a task is now, as somebody says it.
    #[must_use]
    pub fn of(actor: &Actor, task: &TaskRow, report: Option<ReportId>, note: Option<String>) -> Self {
        Self {
            id: uuid::Uuid::now_v7().to_string(),
            task_id: task.id.clone(),
            report_id: report,
            status: task.status.clone(),
            percent_complete: task.percent_complete,
            note,
            by_id: actor.id(),
            by_name: actor.name().to_owned(),
            at: actor.now,
        }
    }

    /// As clients read it; every column is spoken of.
    ///
    /// # Errors
    /// Internal, if a column holds something else.
    pub fn into_out(self) -> Result<TaskUpdateOut> {
        let Self { id, task_id: _, report_id, status, percent_complete, note, by_id, by_name, at } = self;
        Ok(TaskUpdateOut {
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

/// Which part of a history is asked for.
///
/// # Errors
/// 400 for a sort field or cursor that fits nothing.
pub fn window(paging: &Paging) -> Result<Window> {
    paging.window(FIELDS, "at", TIE)
}

/// A page of a task's history.
///
/// # Errors
/// If the database fails.
pub fn page(c: &mut Conn, window: &Window, task: &TaskId) -> Result<Page<UpdateRow>> {
    Ok(page_of!(c, window, task_updates::table, task_updates::table.filter(task_updates::task_id.eq(task)).into_boxed(), key))
}

/// The jurisdiction of a task.
///
/// # Errors
/// 404.
pub fn jurisdiction_of(c: &mut Conn, task: &TaskId) -> Result<String> {
    tasks::table.find(task).select(tasks::jurisdiction).first(c).optional()?.ok_or_else(|| codes::NOT_FOUND.into())
}

/// How many entries a task's history has.
///
/// # Errors
/// If the database fails.
pub fn count(c: &mut Conn, task: &TaskId) -> Result<i64> {
    Ok(task_updates::table.filter(task_updates::task_id.eq(task)).count().get_result(c)?)
}

/// Writes a new entry.
///
/// # Errors
/// If the database fails.
pub fn insert(w: &mut Write<'_>, row: &UpdateRow) -> Result<()> {
    diesel::insert_into(task_updates::table).values(row).execute(w.conn())?;
    Ok(())
}
