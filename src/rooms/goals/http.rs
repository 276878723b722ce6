//! Goals over HTTP.

use super::use_cases;
use super::wire::{GoalFilter, GoalIn, GoalOut};
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
use crate::values::id::GoalId;
use actix_web::{delete, get, patch, post};

/// What its answers are read of.
const READS: Kinds = Kinds::PLAN.and(Kinds::GOAL);
/// And one of them: what may be done with it follows from what refers to it.
const ONE_READS: Kinds = READS.and(Kinds::PLAN_INDICATOR.and(Kinds::INDICATOR).and(Kinds::TASK));

/// Mounts the room.
pub fn routes(routes: &mut Routes) {
    routes.service(list_goals).service(create_goal).service(find_goal).service(update_goal).service(delete_goal);
}

/// List goals
///
/// The goals (mục tiêu) of all plans, or of one. Sort fields: `code`, `ordinal`, `created_at`, `updated_at`.
#[utoipa::path(tag = "Goals", extensions(("x-roles" = json!(["anonymous"])), ("x-problems" = json!(["reference.unknown", "reference.ambiguous"]))), params(GoalFilter, Paging),
    responses((status = 200, description = "A page of goals", body = Page<GoalOut>)))]
#[get("/goals")]
pub async fn list_goals(request: Request, filter: Query<GoalFilter>, paging: Query<Paging>) -> Result<Reply> {
    request
        .cached(For::Everybody, READS, move |c, _| {
            let page = use_cases::list(c, &filter.0, &paging.0)?;
            Ok(Keepable::of(Reply::page(&page)?, ReadScope::named(filter.0.plan.as_deref(), filter.0.jurisdiction.as_deref())))
        })
        .await
}

/// Create a goal
///
/// Adds a goal to a plan. Its code must be new in the plan.
#[utoipa::path(tag = "Goals", extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["code.taken", "reference.unknown"]))),
    request_body = GoalIn, responses((status = 201, description = "The new goal", body = GoalOut)))]
#[post("/goals")]
pub async fn create_goal(request: Request, body: Body<GoalIn>) -> Result<Reply> {
    request
        .write(move |c, actor| {
            let goal = use_cases::create(c, actor, &body.0)?;
            Reply::created(&goal, Some(goal.version), format!("/api/v1/goals/{}", goal.id))
        })
        .await
}

/// One goal
///
/// A goal with what this caller may do with it.
#[utoipa::path(tag = "Goals", extensions(("x-roles" = json!(["anonymous"]))), params(("id" = String, Path, description = "The goal's id", format = "uuid")),
    responses((status = 200, description = "The goal", body = GoalOut)))]
#[get("/goals/{id}")]
pub async fn find_goal(request: Request, id: Id<GoalId>) -> Result<Reply> {
    request
        .cached(For::Caller, ONE_READS, move |c, actor| {
            let goal = use_cases::find(c, actor, &id.0)?;
            Ok(Keepable::of(Reply::one(&goal, goal.version)?, ReadScope::Plan(goal.plan.id.to_string())))
        })
        .await
}

/// Change a goal
///
/// A JSON Merge Patch (RFC 7396) of the goal. The plan cannot be changed.
#[utoipa::path(tag = "Goals", extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["reference.unknown", "code.taken"]))),
    params(("id" = String, Path, description = "The goal's id", format = "uuid"), IfMatch),
    request_body(content = Patch<GoalIn>, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The goal as it is now", body = GoalOut)))]
#[patch("/goals/{id}")]
pub async fn update_goal(request: Request, id: Id<GoalId>, expected: Expected, body: Body<Patch<GoalIn>>) -> Result<Reply> {
    request
        .write(move |c, actor| {
            let goal = use_cases::update(c, actor, &id.0, &expected, &body.0)?;
            Reply::one(&goal, goal.version)
        })
        .await
}

/// Delete a goal
///
/// Only a goal that nothing refers to can be deleted.
#[utoipa::path(tag = "Goals", extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["goal.in_use"]))),
    params(("id" = String, Path, description = "The goal's id", format = "uuid"), IfMatch),
    responses((status = 204, description = "It is gone")))]
#[delete("/goals/{id}")]
pub async fn delete_goal(request: Request, id: Id<GoalId>, expected: Expected) -> Result<Reply> {
    request.write(move |c, actor| use_cases::delete(c, actor, &id.0, &expected).map(|()| Reply::no_content())).await
}
