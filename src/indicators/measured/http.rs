//! Indicators over HTTP.

use super::dto::{IndicatorIn, IndicatorOut};
use super::filter::IndicatorFilter;
use super::{change, filter, store};
use crate::http::cache::For;
use crate::http::ctx::{Body, Ctx, Id, Query};
use crate::http::paging::{Page, Paging};
use crate::http::patch::Patch;
use crate::http::reply::Reply;
use crate::http::routes::Routes;
use crate::http::version::IfMatch;
use crate::problem::Result;
use crate::values::id::IndicatorId;
use actix_web::{delete, get, patch, post};

/// Mounts the resource.
pub fn routes(routes: &mut Routes) {
    routes.service(list_indicators).service(create_indicator).service(find_indicator).service(update_indicator).service(delete_indicator);
}

/// List indicators
///
/// The measured indicators (chỉ tiêu đo lường), each whole: targets, units, dimensions and all. Sort fields: `code`, `created_at`, `updated_at`.
#[utoipa::path(tag = "Indicators", extensions(("x-roles" = json!(["anonymous"])), ("x-problems" = json!(["reference.unknown", "reference.ambiguous"]))), params(IndicatorFilter, Paging),
    responses((status = 200, description = "A page of indicators", body = Page<IndicatorOut>)))]
#[get("/indicators")]
pub async fn list_indicators(cx: Ctx, wanted: Query<IndicatorFilter>, paging: Query<Paging>) -> Result<Reply> {
    cx.cached(For::Everybody, move |c, by| Reply::page(by, &filter::list(c, &wanted.0, &paging.0)?)).await
}

/// Create an indicator
///
/// Adds an indicator to a goal. Its code must be new in the plan. Left out, its printed target is the one with its code, which is made if there is none; other fields that are left out take the values that the body's schema tells.
#[utoipa::path(tag = "Indicators", extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["code.taken", "field.conflict", "reference.unknown", "reference.ambiguous"]))),
    request_body = IndicatorIn, responses((status = 201, description = "The new indicator", body = IndicatorOut)))]
#[post("/indicators")]
pub async fn create_indicator(cx: Ctx, body: Body<IndicatorIn>) -> Result<Reply> {
    cx.write(move |c, by| {
        let indicator = change::create(c, by, &body.0)?;
        Reply::created(&indicator, Some(indicator.version), format!("/api/v1/indicators/{}", indicator.id))
    })
    .await
}

/// One indicator
///
/// An indicator with what this caller may do with it.
#[utoipa::path(tag = "Indicators", extensions(("x-roles" = json!(["anonymous"]))), params(("id" = String, Path, description = "The indicator's id", format = "uuid")),
    responses((status = 200, description = "The indicator", body = IndicatorOut)))]
#[get("/indicators/{id}")]
pub async fn find_indicator(cx: Ctx, id: Id<IndicatorId>) -> Result<Reply> {
    cx.cached(For::Caller, move |c, by| {
        let indicator = store::find(c, by, &id.0)?;
        Reply::one(&indicator, indicator.version)
    })
    .await
}

/// Change an indicator
///
/// A JSON Merge Patch (RFC 7396) of the indicator; `targets`, `units`, `disaggregations` and `extra_inputs` are replaced whole. The plan cannot be changed. A change of its meaning after figures exist makes a new `definition_version`.
#[utoipa::path(tag = "Indicators", extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["code.taken", "access.restricted", "disaggregation.in_use", "indicator.in_use", "field.conflict", "field.immutable", "reference.unknown", "reference.ambiguous"]))),
    params(("id" = String, Path, description = "The indicator's id", format = "uuid"), IfMatch),
    request_body(content((Patch<IndicatorIn> = "application/merge-patch+json"), (Patch<IndicatorIn> = "application/json"))),
    responses((status = 200, description = "The indicator as it is now", body = IndicatorOut)))]
#[patch("/indicators/{id}")]
pub async fn update_indicator(cx: Ctx, id: Id<IndicatorId>, body: Body<Patch<IndicatorIn>>) -> Result<Reply> {
    cx.write(move |c, by| {
        let indicator = change::update(c, by, &id.0, &body.0)?;
        Reply::one(&indicator, indicator.version)
    })
    .await
}

/// Delete an indicator
///
/// Only an indicator without figures, tasks and opened periods can be deleted. Its printed target stays.
#[utoipa::path(tag = "Indicators", extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["indicator.in_use"]))),
    params(("id" = String, Path, description = "The indicator's id", format = "uuid"), IfMatch),
    responses((status = 204, description = "It is gone")))]
#[delete("/indicators/{id}")]
pub async fn delete_indicator(cx: Ctx, id: Id<IndicatorId>) -> Result<Reply> {
    cx.write(move |c, by| change::delete(c, by, &id.0).map(|()| Reply::no_content())).await
}
