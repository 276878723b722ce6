//! Printed targets over HTTP.

use super::use_cases;
use super::wire::{PlanIndicatorFilter, PlanIndicatorIn, PlanIndicatorOut};
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
use crate::values::id::PlanIndicatorId;
use actix_web::{delete, get, patch, post};

/// What its answers are read of.
const READS: Kinds = Kinds::PLAN.and(Kinds::GOAL).and(Kinds::PLAN_INDICATOR).and(Kinds::INDICATOR);

/// Mounts the resource.
pub fn routes(routes: &mut Routes) {
    routes
        .service(list_plan_indicators)
        .service(create_plan_indicator)
        .service(find_plan_indicator)
        .service(update_plan_indicator)
        .service(delete_plan_indicator);
}

/// List printed targets
///
/// The targets as plans print them (chỉ tiêu), each with the indicators that measure it. Sort fields: `code`, `created_at`, `updated_at`.
#[utoipa::path(tag = "Indicators", extensions(("x-roles" = json!(["anonymous"])), ("x-problems" = json!(["reference.unknown", "reference.ambiguous"]))), params(PlanIndicatorFilter, Paging),
    responses((status = 200, description = "A page of printed targets", body = Page<PlanIndicatorOut>)))]
#[get("/plan-indicators")]
pub async fn list_plan_indicators(request: Request, filter: Query<PlanIndicatorFilter>, paging: Query<Paging>) -> Result<Reply> {
    request
        .cached(For::Everybody, READS, move |c, _| {
            let page = use_cases::list(c, &filter.0, &paging.0)?;
            Ok(Keepable::of(Reply::page(&page)?, ReadScope::named(filter.0.plan.as_deref(), filter.0.jurisdiction.as_deref())))
        })
        .await
}

/// Create a printed target
///
/// Adds a printed target to a goal. Its code must be new in the plan.
#[utoipa::path(tag = "Indicators", extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["code.taken", "reference.unknown", "reference.ambiguous"]))),
    request_body = PlanIndicatorIn, responses((status = 201, description = "The new printed target", body = PlanIndicatorOut)))]
#[post("/plan-indicators")]
pub async fn create_plan_indicator(request: Request, body: Body<PlanIndicatorIn>) -> Result<Reply> {
    request
        .write(move |c, actor| {
            let printed = use_cases::create(c, actor, &body.0)?;
            Reply::created(&printed, Some(printed.version), format!("/api/v1/plan-indicators/{}", printed.id))
        })
        .await
}

/// One printed target
///
/// A printed target with what this caller may do with it.
#[utoipa::path(tag = "Indicators", extensions(("x-roles" = json!(["anonymous"]))), params(("id" = String, Path, description = "The printed target's id", format = "uuid")),
    responses((status = 200, description = "The printed target", body = PlanIndicatorOut)))]
#[get("/plan-indicators/{id}")]
pub async fn find_plan_indicator(request: Request, id: Id<PlanIndicatorId>) -> Result<Reply> {
    request
        .cached(For::Caller, READS, move |c, actor| {
            let printed = use_cases::find(c, actor, &id.0)?;
            Ok(Keepable::of(Reply::one(&printed, printed.version)?, ReadScope::Plan(printed.plan.id.to_string())))
        })
        .await
}

/// Change a printed target
///
/// A JSON Merge Patch (RFC 7396) of the printed target. The plan cannot be changed, nor the goal while indicators measure the target.
#[utoipa::path(tag = "Indicators", extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["code.taken", "reference.unknown", "reference.ambiguous", "field.immutable", "field.conflict"]))),
    params(("id" = String, Path, description = "The printed target's id", format = "uuid"), IfMatch),
    request_body(content = Patch<PlanIndicatorIn>, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The printed target as it is now", body = PlanIndicatorOut)))]
#[patch("/plan-indicators/{id}")]
pub async fn update_plan_indicator(
    request: Request,
    id: Id<PlanIndicatorId>,
    expected: Expected,
    body: Body<Patch<PlanIndicatorIn>>,
) -> Result<Reply> {
    request
        .write(move |c, actor| {
            let printed = use_cases::update(c, actor, &id.0, &expected, &body.0)?;
            Reply::one(&printed, printed.version)
        })
        .await
}

/// Delete a printed target
///
/// Only a printed target that no indicator measures can be deleted.
#[utoipa::path(tag = "Indicators", extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["plan_indicator.in_use"]))),
    params(("id" = String, Path, description = "The printed target's id", format = "uuid"), IfMatch),
    responses((status = 204, description = "It is gone")))]
#[delete("/plan-indicators/{id}")]
pub async fn delete_plan_indicator(request: Request, id: Id<PlanIndicatorId>, expected: Expected) -> Result<Reply> {
    request.write(move |c, actor| use_cases::delete(c, actor, &id.0, &expected).map(|()| Reply::no_content())).await
}
