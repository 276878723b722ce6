//! Plans over HTTP.

use super::use_cases;
use super::wire::{PlanFilter, PlanIn, PlanOut};
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
use crate::values::id::PlanId;
use actix_web::{delete, get, patch, post};

/// What its answers are read of.
const READS: Kinds = Kinds::PLAN;
/// And one of them: what may be done with it follows from what refers to it.
const ONE_READS: Kinds =
    READS.and(Kinds::GOAL.and(Kinds::PLAN_INDICATOR).and(Kinds::INDICATOR).and(Kinds::DIMENSION).and(Kinds::TASK).and(Kinds::PERIOD));

/// Mounts the room.
pub fn routes(routes: &mut Routes) {
    routes.service(list_plans).service(create_plan).service(find_plan).service(update_plan).service(delete_plan);
}

/// List plans
///
/// The plans (kế hoạch) of all jurisdictions, or of one, newest last. Sort fields: `code`, `jurisdiction`, `start_year`,
/// `end_year`, `created_at`, `updated_at`.
#[utoipa::path(tag = "Plans", extensions(("x-roles" = json!(["anonymous"])), ("x-problems" = json!(["reference.unknown"]))), params(PlanFilter, Paging),
    responses((status = 200, description = "A page of plans", body = Page<PlanOut>)))]
#[get("/plans")]
pub async fn list_plans(request: Request, filter: Query<PlanFilter>, paging: Query<Paging>) -> Result<Reply> {
    request
        .cached(For::Everybody, READS, move |c, _| {
            let page = use_cases::list(c, &filter.0, &paging.0)?;
            Ok(Keepable::of(Reply::page(&page)?, ReadScope::named(None, filter.0.jurisdiction.as_deref())))
        })
        .await
}

/// Create a plan
///
/// Adds a plan to a jurisdiction, as a draft or at once in force. Its code must be new in the jurisdiction, and of one in force its
/// years must be free, or those of the plan that it `replaces` from a year on of which nothing was submitted yet.
#[utoipa::path(tag = "Plans",
    extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["code.taken", "plan.overlap", "plan.in_use", "jurisdiction.dissolved", "reference.unknown", "field.conflict"]))),
    request_body = PlanIn, responses((status = 201, description = "The new plan", body = PlanOut)))]
#[post("/plans")]
pub async fn create_plan(request: Request, body: Body<PlanIn>) -> Result<Reply> {
    request
        .write(move |c, actor| {
            let plan = use_cases::create(c, actor, &body.0)?;
            Reply::created(&plan, Some(plan.version), format!("/api/v1/plans/{}", plan.id))
        })
        .await
}

/// One plan
///
/// A plan with all that it prints beside goals, indicators and tasks, and with what this caller may do with it.
#[utoipa::path(tag = "Plans", extensions(("x-roles" = json!(["anonymous"]))),
    params(("id" = String, Path, description = "The plan's id", format = "uuid")),
    responses((status = 200, description = "The plan", body = PlanOut)))]
#[get("/plans/{id}")]
pub async fn find_plan(request: Request, id: Id<PlanId>) -> Result<Reply> {
    request
        .cached(For::Caller, ONE_READS, move |c, actor| {
            let plan = use_cases::find(c, actor, &id.0)?;
            Ok(Keepable::of(Reply::one(&plan, plan.version)?, ReadScope::Jurisdiction(plan.jurisdiction)))
        })
        .await
}

/// Change a plan
///
/// A JSON Merge Patch (RFC 7396) of the plan. A draft becomes active, an active plan closed, never back; the jurisdiction
/// cannot be changed. Years of which a period was opened stay years of the plan; those of another active plan of the jurisdiction are
/// taken, unless this one `replaces` it: once it comes into force, the other one ends with the year before.
#[utoipa::path(tag = "Plans",
    extensions(("x-roles" = json!(["coordinator"])),
        ("x-problems" = json!(["code.taken", "plan.invalid_transition", "plan.in_use", "plan.overlap", "jurisdiction.dissolved", "reference.unknown", "field.conflict", "field.immutable"]))),
    params(("id" = String, Path, description = "The plan's id", format = "uuid"), IfMatch),
    request_body(content = Patch<PlanIn>, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The plan as it is now", body = PlanOut)))]
#[patch("/plans/{id}")]
pub async fn update_plan(request: Request, id: Id<PlanId>, expected: Expected, body: Body<Patch<PlanIn>>) -> Result<Reply> {
    request
        .write(move |c, actor| {
            let plan = use_cases::update(c, actor, &id.0, &expected, &body.0)?;
            Reply::one(&plan, plan.version)
        })
        .await
}

/// Delete a plan
///
/// Only a plan that nothing refers to can be deleted.
#[utoipa::path(tag = "Plans", extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["plan.in_use"]))),
    params(("id" = String, Path, description = "The plan's id", format = "uuid"), IfMatch),
    responses((status = 204, description = "It is gone")))]
#[delete("/plans/{id}")]
pub async fn delete_plan(request: Request, id: Id<PlanId>, expected: Expected) -> Result<Reply> {
    request.write(move |c, actor| use_cases::delete(c, actor, &id.0, &expected).map(|()| Reply::no_content())).await
}
