//! Dimensions over HTTP.

use super::use_cases;
use super::wire::{DimensionFilter, DimensionIn, DimensionOut};
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
use crate::values::id::DimensionId;
use actix_web::{delete, get, patch, post};

/// What its answers are read of.
const READS: Kinds = Kinds::PLAN.and(Kinds::DIMENSION);
/// And one of them: what may be done with it follows from what refers to it.
const ONE_READS: Kinds = READS.and(Kinds::INDICATOR.and(Kinds::REPORT).and(Kinds::CONSOLIDATED));

/// Mounts the resource.
pub fn routes(routes: &mut Routes) {
    routes
        .service(list_disaggregations)
        .service(create_disaggregation)
        .service(find_disaggregation)
        .service(update_disaggregation)
        .service(delete_disaggregation);
}

/// List dimensions
///
/// The dimensions (phân tổ) by which figures may be split. Sort fields: `code`, `created_at`, `updated_at`.
#[utoipa::path(tag = "Indicators", extensions(("x-roles" = json!(["anonymous"])), ("x-problems" = json!(["reference.unknown", "reference.ambiguous"]))), params(DimensionFilter, Paging),
    responses((status = 200, description = "A page of dimensions", body = Page<DimensionOut>)))]
#[get("/disaggregations")]
pub async fn list_disaggregations(request: Request, filter: Query<DimensionFilter>, paging: Query<Paging>) -> Result<Reply> {
    request
        .cached(For::Everybody, READS, move |c, _| {
            let page = use_cases::list(c, &filter.0, &paging.0)?;
            Ok(Keepable::of(Reply::page(&page)?, ReadScope::named(filter.0.plan.as_deref(), filter.0.jurisdiction.as_deref())))
        })
        .await
}

/// Create a dimension
///
/// Adds a dimension to a plan. Its code must be new in the plan, and each value's code in the dimension.
#[utoipa::path(tag = "Indicators", extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["code.taken", "reference.unknown", "reference.ambiguous"]))),
    request_body = DimensionIn, responses((status = 201, description = "The new dimension", body = DimensionOut)))]
#[post("/disaggregations")]
pub async fn create_disaggregation(request: Request, body: Body<DimensionIn>) -> Result<Reply> {
    request
        .write(move |c, actor| {
            let dimension = use_cases::create(c, actor, &body.0)?;
            Reply::created(&dimension, Some(dimension.version), format!("/api/v1/disaggregations/{}", dimension.id))
        })
        .await
}

/// One dimension
///
/// A dimension with what this caller may do with it.
#[utoipa::path(tag = "Indicators", extensions(("x-roles" = json!(["anonymous"]))), params(("id" = String, Path, description = "The dimension's id", format = "uuid")),
    responses((status = 200, description = "The dimension", body = DimensionOut)))]
#[get("/disaggregations/{id}")]
pub async fn find_disaggregation(request: Request, id: Id<DimensionId>) -> Result<Reply> {
    request
        .cached(For::Caller, ONE_READS, move |c, actor| {
            let dimension = use_cases::find(c, actor, &id.0)?;
            Ok(Keepable::of(Reply::one(&dimension, dimension.version)?, ReadScope::Plan(dimension.plan.id.to_string())))
        })
        .await
}

/// Change a dimension
///
/// A JSON Merge Patch (RFC 7396) of the dimension; `values` is replaced whole. A value that figures bear can be made inactive, not left out, and the code of a dimension that figures bear stays.
#[utoipa::path(tag = "Indicators", extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["code.taken", "disaggregation.in_use", "reference.unknown", "reference.ambiguous", "field.immutable"]))),
    params(("id" = String, Path, description = "The dimension's id", format = "uuid"), IfMatch),
    request_body(content = Patch<DimensionIn>, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The dimension as it is now", body = DimensionOut)))]
#[patch("/disaggregations/{id}")]
pub async fn update_disaggregation(
    request: Request,
    id: Id<DimensionId>,
    expected: Expected,
    body: Body<Patch<DimensionIn>>,
) -> Result<Reply> {
    request
        .write(move |c, actor| {
            let dimension = use_cases::update(c, actor, &id.0, &expected, &body.0)?;
            Reply::one(&dimension, dimension.version)
        })
        .await
}

/// Delete a dimension
///
/// Only a dimension that no indicator has and no figure bears can be deleted.
#[utoipa::path(tag = "Indicators", extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["disaggregation.in_use"]))),
    params(("id" = String, Path, description = "The dimension's id", format = "uuid"), IfMatch),
    responses((status = 204, description = "It is gone")))]
#[delete("/disaggregations/{id}")]
pub async fn delete_disaggregation(request: Request, id: Id<DimensionId>, expected: Expected) -> Result<Reply> {
    request.write(move |c, actor| use_cases::delete(c, actor, &id.0, &expected).map(|()| Reply::no_content())).await
}
