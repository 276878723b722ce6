//! Indicators over HTTP.

use super::wire::{IndicatorFilter, IndicatorIn, IndicatorOut, IndicatorVersions};
use super::{use_cases, versions};
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
use crate::values::id::IndicatorId;
use crate::values::period::next_new_year;
use actix_web::web::Path;
use actix_web::{delete, get, patch, post};

/// What its answers are read of.
const READS: Kinds = Kinds::PLAN.and(Kinds::GOAL).and(Kinds::PLAN_INDICATOR).and(Kinds::DIMENSION).and(Kinds::INDICATOR).and(Kinds::UNIT);
/// And one of them: what may be done with it follows from what refers to it.
const ONE_READS: Kinds = READS.and(Kinds::TASK.and(Kinds::PERIOD).and(Kinds::REPORT).and(Kinds::CONSOLIDATED));

/// Mounts the resource.
pub fn routes(routes: &mut Routes) {
    routes.service(list_indicators).service(create_indicator).service(find_indicator).service(update_indicator).service(delete_indicator);
    routes.service(list_indicator_versions).service(delete_indicator_version);
}

/// List indicators
///
/// The measured indicators (chỉ tiêu đo lường), each whole: targets, units, dimensions and all. Sort fields: `code`, `created_at`, `updated_at`.
#[utoipa::path(tag = "Indicators", extensions(("x-roles" = json!(["anonymous"])), ("x-problems" = json!(["reference.unknown", "reference.ambiguous"]))), params(IndicatorFilter, Paging),
    responses((status = 200, description = "A page of indicators", body = Page<IndicatorOut>)))]
#[get("/indicators")]
pub async fn list_indicators(request: Request, filter: Query<IndicatorFilter>, paging: Query<Paging>) -> Result<Reply> {
    let reads = if filter.0.period.is_some() { READS.and(Kinds::PERIOD) } else { READS };
    request
        .cached(For::Everybody, reads, move |c, actor| {
            let page = use_cases::list(c, actor, &filter.0, &paging.0)?;
            Ok(Keepable::of(Reply::page(&page)?, ReadScope::named(filter.0.plan.as_deref(), filter.0.jurisdiction.as_deref()))
                .until(Some(next_new_year(actor.now))))
        })
        .await
}

/// Create an indicator
///
/// Adds an indicator to a goal. Its code must be new in the plan. Left out, its printed target is the one with its code, which is made if there is none; other fields that are left out take the values that the body's schema tells.
#[utoipa::path(tag = "Indicators", extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["code.taken", "field.conflict", "reference.unknown", "reference.ambiguous"]))),
    request_body = IndicatorIn, responses((status = 201, description = "The new indicator", body = IndicatorOut)))]
#[post("/indicators")]
pub async fn create_indicator(request: Request, body: Body<IndicatorIn>) -> Result<Reply> {
    request
        .write(move |c, actor| {
            let indicator = use_cases::create(c, actor, &body.0)?;
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
pub async fn find_indicator(request: Request, id: Id<IndicatorId>) -> Result<Reply> {
    request
        .cached(For::Caller, ONE_READS, move |c, actor| {
            let indicator = use_cases::find(c, actor, &id.0)?;
            let scope = ReadScope::Plan(indicator.plan.id.to_string());
            Ok(Keepable::of(Reply::one(&indicator, indicator.version)?, scope).until(Some(next_new_year(actor.now))))
        })
        .await
}

/// Change an indicator
///
/// A JSON Merge Patch (RFC 7396) of the indicator; `targets`, `units`, `disaggregations` and `extra_inputs` are replaced whole. A change of its meaning holds from `effective_from`, by default the first year of which no regular period that asks it was opened, and makes a new `definition_version` once a period was opened with the newest; names, statements, notes and sources are mended at any time. It ends with `last_year`, which cuts off no year of which a period that asks it was opened. Making it `restricted` holds at once, in every year. Code and frequency stay once a period with it was opened.
#[utoipa::path(tag = "Indicators", extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["code.taken", "access.restricted", "indicator.in_use", "indicator.frozen", "effective_from.order", "field.conflict", "field.immutable", "reference.unknown", "reference.ambiguous"]))),
    params(("id" = String, Path, description = "The indicator's id", format = "uuid"), IfMatch),
    request_body(content = Patch<IndicatorIn>, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The indicator as it is now", body = IndicatorOut)))]
#[patch("/indicators/{id}")]
pub async fn update_indicator(request: Request, id: Id<IndicatorId>, expected: Expected, body: Body<Patch<IndicatorIn>>) -> Result<Reply> {
    request
        .write(move |c, actor| {
            let indicator = use_cases::update(c, actor, &id.0, &expected, &body.0)?;
            Reply::one(&indicator, indicator.version)
        })
        .await
}

/// Delete an indicator
///
/// Only an indicator without figures, tasks and opened periods, that no other goes on from or answers to, can be deleted; end any other with `last_year`. Its printed target stays.
#[utoipa::path(tag = "Indicators", extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["indicator.in_use"]))),
    params(("id" = String, Path, description = "The indicator's id", format = "uuid"), IfMatch),
    responses((status = 204, description = "It is gone")))]
#[delete("/indicators/{id}")]
pub async fn delete_indicator(request: Request, id: Id<IndicatorId>, expected: Expected) -> Result<Reply> {
    request.write(move |c, actor| use_cases::delete(c, actor, &id.0, &expected).map(|()| Reply::no_content())).await
}

/// What an indicator meant through the years
///
/// Every version of its meaning, the oldest first, with the years in which it holds. Each year is reported, rolled up and judged by its own.
#[utoipa::path(tag = "Indicators", extensions(("x-roles" = json!(["anonymous"]))), params(("id" = String, Path, description = "The indicator's id", format = "uuid")),
    responses((status = 200, description = "Its versions", body = IndicatorVersions)))]
#[get("/indicators/{id}/versions")]
pub async fn list_indicator_versions(request: Request, id: Id<IndicatorId>) -> Result<Reply> {
    request
        .cached(For::Caller, READS, move |c, actor| {
            let (plan, versions) = versions::list(c, actor, &id.0)?;
            Ok(Keepable::of(Reply::ok(&versions)?, ReadScope::Plan(plan.to_string())))
        })
        .await
}

/// Take back the newest version of an indicator
///
/// It means again what it did before. Only a version that no period was opened with can be taken back, and never the first.
#[utoipa::path(tag = "Indicators", extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["indicator.in_use"]))),
    params(("id" = String, Path, description = "The indicator's id", format = "uuid"), ("n" = i32, Path, description = "The version's number"), IfMatch),
    responses((status = 200, description = "The indicator as it is now", body = IndicatorOut)))]
#[delete("/indicators/{id}/versions/{n}")]
pub async fn delete_indicator_version(
    request: Request,
    id: Id<IndicatorId>,
    path: Path<(String, String)>,
    expected: Expected,
) -> Result<Reply> {
    let (_, number) = path.into_inner();
    request
        .write(move |c, actor| {
            let indicator = versions::take_back(c, actor, &id.0, &number, &expected)?;
            Reply::one(&indicator, indicator.version)
        })
        .await
}
