//! Amendments over HTTP.

use super::use_cases;
use super::wire::{AmendmentIn, AmendmentOut};
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
use crate::values::id::{AmendmentId, PlanId};
use actix_web::web::Path;
use actix_web::{delete, get, patch, post};

/// What its answers are read of.
const READS: Kinds = Kinds::PLAN;
/// And one of them: what may be done with it follows from what names it.
const ONE_READS: Kinds = READS.and(Kinds::GOAL).and(Kinds::INDICATOR).and(Kinds::TASK).and(Kinds::UNIT);

/// Mounts the room.
pub fn routes(routes: &mut Routes) {
    routes.service(list_amendments).service(create_amendment).service(find_amendment).service(update_amendment).service(delete_amendment);
}

/// The amendment that a path names after its plan.
fn named(path: Path<(String, String)>) -> AmendmentId {
    AmendmentId::from_text(path.into_inner().1.to_ascii_lowercase())
}

/// List a plan's amendments
///
/// The decisions by which the plan was changed while it ran, newest last. Sort fields: `created_at`, `updated_at`.
#[utoipa::path(tag = "Plans", extensions(("x-roles" = json!(["anonymous"]))),
    params(("id" = String, Path, description = "The plan's id", format = "uuid"), Paging),
    responses((status = 200, description = "A page of amendments", body = Page<AmendmentOut>)))]
#[get("/plans/{id}/amendments")]
pub async fn list_amendments(request: Request, id: Id<PlanId>, paging: Query<Paging>) -> Result<Reply> {
    request
        .cached(For::Everybody, READS, move |c, _| {
            let page = use_cases::list(c, &id.0, &paging.0)?;
            Ok(Keepable::of(Reply::page(&page)?, ReadScope::Plan(id.0.into())))
        })
        .await
}

/// Enter an amendment
///
/// A decision by which the plan was changed. What it changes of an indicator, a goal, a task or a unit names it by `amendment`.
#[utoipa::path(tag = "Plans", extensions(("x-roles" = json!(["coordinator"]))),
    params(("id" = String, Path, description = "The plan's id", format = "uuid")),
    request_body = AmendmentIn, responses((status = 201, description = "The new amendment", body = AmendmentOut)))]
#[post("/plans/{id}/amendments")]
pub async fn create_amendment(request: Request, id: Id<PlanId>, body: Body<AmendmentIn>) -> Result<Reply> {
    request
        .write(move |c, actor| {
            let amendment = use_cases::create(c, actor, &id.0, &body.0)?;
            Reply::created(&amendment, Some(amendment.version), format!("/api/v1/plans/{}/amendments/{}", id.0, amendment.id))
        })
        .await
}

/// One amendment
///
/// An amendment with what this caller may do with it.
#[utoipa::path(tag = "Plans", extensions(("x-roles" = json!(["anonymous"]))),
    params(("id" = String, Path, description = "The plan's id", format = "uuid"), ("amendment" = String, Path, description = "The amendment's id", format = "uuid")),
    responses((status = 200, description = "The amendment", body = AmendmentOut)))]
#[get("/plans/{id}/amendments/{amendment}")]
pub async fn find_amendment(request: Request, id: Id<PlanId>, path: Path<(String, String)>) -> Result<Reply> {
    let amendment = named(path);
    request
        .cached(For::Caller, ONE_READS, move |c, actor| {
            let amendment = use_cases::find(c, actor, &id.0, &amendment)?;
            Ok(Keepable::of(Reply::one(&amendment, amendment.version)?, ReadScope::Plan(id.0.into())))
        })
        .await
}

/// Change an amendment
///
/// A JSON Merge Patch (RFC 7396) of the amendment.
#[utoipa::path(tag = "Plans", extensions(("x-roles" = json!(["coordinator"]))),
    params(("id" = String, Path, description = "The plan's id", format = "uuid"), ("amendment" = String, Path, description = "The amendment's id", format = "uuid"), IfMatch),
    request_body(content = Patch<AmendmentIn>, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The amendment as it is now", body = AmendmentOut)))]
#[patch("/plans/{id}/amendments/{amendment}")]
pub async fn update_amendment(
    request: Request,
    id: Id<PlanId>,
    path: Path<(String, String)>,
    expected: Expected,
    body: Body<Patch<AmendmentIn>>,
) -> Result<Reply> {
    let amendment = named(path);
    request
        .write(move |c, actor| {
            let amendment = use_cases::update(c, actor, &id.0, &amendment, &expected, &body.0)?;
            Reply::one(&amendment, amendment.version)
        })
        .await
}

/// Delete an amendment
///
/// Only one that no change names can be deleted.
#[utoipa::path(tag = "Plans", extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["amendment.in_use"]))),
    params(("id" = String, Path, description = "The plan's id", format = "uuid"), ("amendment" = String, Path, description = "The amendment's id", format = "uuid"), IfMatch),
    responses((status = 204, description = "It is gone")))]
#[delete("/plans/{id}/amendments/{amendment}")]
pub async fn delete_amendment(request: Request, id: Id<PlanId>, path: Path<(String, String)>, expected: Expected) -> Result<Reply> {
    let amendment = named(path);
    request.write(move |c, actor| use_cases::delete(c, actor, &id.0, &amendment, &expected).map(|()| Reply::no_content())).await
}
