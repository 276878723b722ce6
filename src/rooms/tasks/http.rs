//! Tasks over HTTP.

use super::wire::{TaskFilter, TaskIn, TaskOut, TaskUpdateIn, TaskUpdateOut};
use super::{updates, use_cases};
use crate::change::Expected;
use crate::change::patch::Patch;
use crate::db::data_version::Kinds;
use crate::http::reply::Reply;
use crate::http::request::{Body, Id, Query, Request};
use crate::http::response_cache::{For, Keepable};
use crate::http::routes::Routes;
use crate::http::version::IfMatch;
use crate::problem::Result;
use crate::reading::paging::{Page, Paging};
use crate::reading::read_scope::ReadScope;
use crate::values::id::TaskId;
use actix_web::{delete, get, patch, post};

/// What its answers are read of.
const READS: Kinds = Kinds::PLAN.and(Kinds::GOAL).and(Kinds::INDICATOR).and(Kinds::UNIT).and(Kinds::TASK);

/// Mounts the room.
pub fn routes(routes: &mut Routes) {
    routes
        .service(list_tasks)
        .service(create_task)
        .service(find_task)
        .service(update_task)
        .service(delete_task)
        .service(list_task_updates)
        .service(create_task_update);
}

/// List tasks
///
/// The tasks, solutions and assignments (nhiệm vụ, giải pháp, phân công) of all plans, or of one. Sort fields: `code`,
/// `status`, `percent_complete`, `created_at`, `updated_at`.
#[utoipa::path(tag = "Tasks", extensions(("x-roles" = json!(["anonymous"])), ("x-problems" = json!(["reference.unknown", "reference.ambiguous"]))),
    params(TaskFilter, Paging), responses((status = 200, description = "A page of tasks", body = Page<TaskOut>)))]
#[get("/tasks")]
pub async fn list_tasks(request: Request, filter: Query<TaskFilter>, paging: Query<Paging>) -> Result<Reply> {
    request
        .cached(For::Everybody, READS, move |c, _| {
            let page = use_cases::list(c, &filter.0, &paging.0)?;
            Ok(Keepable::of(Reply::page(&page)?, ReadScope::named(filter.0.plan.as_deref(), filter.0.jurisdiction.as_deref())))
        })
        .await
}

/// Create a task
///
/// Adds a task, solution or assignment to a plan. Its code must be new in the plan; goals and indicators are those of the
/// plan, units those of its jurisdiction.
#[utoipa::path(tag = "Tasks", extensions(("x-roles" = json!(["coordinator"])),
        ("x-problems" = json!(["code.taken", "reference.unknown", "reference.ambiguous", "field.conflict", "field.range"]))),
    request_body = TaskIn, responses((status = 201, description = "The new task", body = TaskOut)))]
#[post("/tasks")]
pub async fn create_task(request: Request, body: Body<TaskIn>) -> Result<Reply> {
    request
        .write(move |c, actor| {
            let task = use_cases::create(c, actor, &body.0)?;
            Reply::created(&task, Some(task.version), format!("/api/v1/tasks/{}", task.id))
        })
        .await
}

/// One task
///
/// A task with what this caller may do with it.
#[utoipa::path(tag = "Tasks", extensions(("x-roles" = json!(["anonymous"]))), params(("id" = String, Path, description = "The task's id", format = "uuid")),
    responses((status = 200, description = "The task", body = TaskOut)))]
#[get("/tasks/{id}")]
pub async fn find_task(request: Request, id: Id<TaskId>) -> Result<Reply> {
    request
        .cached(For::Caller, READS, move |c, actor| {
            let task = use_cases::find(c, actor, &id.0)?;
            Ok(Keepable::of(Reply::one(&task, task.version)?, ReadScope::Plan(task.plan.id.to_string())))
        })
        .await
}

/// Change a task
///
/// A JSON Merge Patch (RFC 7396) of the task. The plan cannot be changed. How the work goes on is told by
/// `POST /tasks/{id}/updates`, which keeps the history.
#[utoipa::path(tag = "Tasks", extensions(("x-roles" = json!(["coordinator"])),
        ("x-problems" = json!(["code.taken", "reference.unknown", "field.conflict", "field.range", "field.immutable"]))),
    params(("id" = String, Path, description = "The task's id", format = "uuid"), IfMatch),
    request_body(content = Patch<TaskIn>, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The task as it is now", body = TaskOut)))]
#[patch("/tasks/{id}")]
pub async fn update_task(request: Request, id: Id<TaskId>, expected: Expected, body: Body<Patch<TaskIn>>) -> Result<Reply> {
    request
        .write(move |c, actor| {
            let task = use_cases::update(c, actor, &id.0, &expected, &body.0)?;
            Reply::one(&task, task.version)
        })
        .await
}

/// Delete a task
///
/// Only a task without a history of updates can be deleted; give up another one by `status: cancelled`.
#[utoipa::path(tag = "Tasks", extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["task.in_use"]))),
    params(("id" = String, Path, description = "The task's id", format = "uuid"), IfMatch),
    responses((status = 204, description = "It is gone")))]
#[delete("/tasks/{id}")]
pub async fn delete_task(request: Request, id: Id<TaskId>, expected: Expected) -> Result<Reply> {
    request.write(move |c, actor| use_cases::delete(c, actor, &id.0, &expected).map(|()| Reply::no_content())).await
}

/// List a task's updates
///
/// The history of a task (tiến độ thực hiện), the newest last. Notes are never public. Sort field: `at`.
#[utoipa::path(tag = "Tasks", extensions(("x-roles" = json!(["coordinator", "leader", "supervisor", "reporter"]))),
    params(("id" = String, Path, description = "The task's id", format = "uuid"), Paging),
    responses((status = 200, description = "A page of the task's history", body = Page<TaskUpdateOut>)))]
#[get("/tasks/{id}/updates")]
pub async fn list_task_updates(request: Request, id: Id<TaskId>, paging: Query<Paging>) -> Result<Reply> {
    request.read(move |c, actor| Reply::page(&updates::list(c, actor, &id.0, &paging.0)?)).await
}

/// Tell how far a task is
///
/// Adds an entry to the history and brings the task to its status and percentage. The coordinator may, and a reporter of
/// a unit that the task is assigned to.
#[utoipa::path(tag = "Tasks", extensions(("x-roles" = json!(["coordinator", "reporter"])), ("x-problems" = json!(["reference.unknown"]))),
    params(("id" = String, Path, description = "The task's id", format = "uuid")),
    request_body = TaskUpdateIn, responses((status = 201, description = "The new entry", body = TaskUpdateOut)))]
#[post("/tasks/{id}/updates")]
pub async fn create_task_update(request: Request, id: Id<TaskId>, body: Body<TaskUpdateIn>) -> Result<Reply> {
    request
        .write(move |c, actor| {
            let update = updates::add(c, actor, &id.0, &body.0)?;
            Reply::created(&update, None, format!("/api/v1/tasks/{}/updates", id.0))
        })
        .await
}
