//! Administrative units over HTTP.

use super::use_cases;
use super::wire::{JurisdictionFilter, JurisdictionIn, JurisdictionOut};
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
use crate::values::id::JurisdictionId;
use actix_web::{delete, get, patch, post};

/// What its answers are read of.
const READS: Kinds = Kinds::NONE;
/// And one of them: what may be done with it follows from what refers to it.
const ONE_READS: Kinds = READS.and(Kinds::PLAN.and(Kinds::UNIT).and(Kinds::ACCOUNT));

/// Mounts the room.
pub fn routes(routes: &mut Routes) {
    routes
        .service(list_jurisdictions)
        .service(create_jurisdiction)
        .service(find_jurisdiction)
        .service(update_jurisdiction)
        .service(delete_jurisdiction);
}

/// List administrative units
///
/// The administrative units (đơn vị hành chính) that this installation serves: the country, then each province followed
/// by its communes. Sort fields: `code`, `created_at`, `updated_at`.
#[utoipa::path(tag = "Jurisdictions", extensions(("x-roles" = json!(["anonymous"])), ("x-problems" = json!(["reference.unknown"]))), params(JurisdictionFilter, Paging),
    responses((status = 200, description = "A page of administrative units", body = Page<JurisdictionOut>)))]
#[get("/jurisdictions")]
pub async fn list_jurisdictions(request: Request, filter: Query<JurisdictionFilter>, paging: Query<Paging>) -> Result<Reply> {
    request
        .cached(For::Everybody, READS, move |c, _| {
            let page = use_cases::list(c, &filter.0, &paging.0)?;
            Ok(Keepable::of(Reply::page(&page)?, ReadScope::Everywhere))
        })
        .await
}

/// Create an administrative unit
///
/// Adds a commune below a province or a province below the country; the administrator's grant must hold there.
#[utoipa::path(tag = "Jurisdictions",
    extensions(("x-roles" = json!(["admin"])), ("x-problems" = json!(["code.taken", "reference.unknown", "field.conflict"]))),
    request_body = JurisdictionIn, responses((status = 201, description = "The new administrative unit", body = JurisdictionOut)))]
#[post("/jurisdictions")]
pub async fn create_jurisdiction(request: Request, body: Body<JurisdictionIn>) -> Result<Reply> {
    request
        .write(move |c, actor| {
            let there = use_cases::create(c, actor, &body.0)?;
            Reply::created(&there, Some(there.version), format!("/api/v1/jurisdictions/{}", there.id))
        })
        .await
}

/// One administrative unit
///
/// An administrative unit with what this caller may do with it.
#[utoipa::path(tag = "Jurisdictions", extensions(("x-roles" = json!(["anonymous"]))),
    params(("id" = String, Path, description = "The administrative unit's id", format = "uuid")),
    responses((status = 200, description = "The administrative unit", body = JurisdictionOut)))]
#[get("/jurisdictions/{id}")]
pub async fn find_jurisdiction(request: Request, id: Id<JurisdictionId>) -> Result<Reply> {
    request
        .cached(For::Caller, ONE_READS, move |c, actor| {
            let there = use_cases::find(c, actor, &id.0)?;
            Ok(Keepable::of(Reply::one(&there, there.version)?, ReadScope::Jurisdiction(there.code)))
        })
        .await
}

/// Change an administrative unit
///
/// A JSON Merge Patch (RFC 7396) of the administrative unit. Code and level cannot be changed. One of which something was sent moves
/// with the day of it, `parent_from`: periods that end before stay with the former parent, which acknowledges them and keeps them in
/// its sums; both read what was sent. A dissolution that lies ahead is taken back by making `valid_until` null.
#[utoipa::path(tag = "Jurisdictions",
    extensions(("x-roles" = json!(["admin"])), ("x-problems" = json!(["reference.unknown", "field.conflict", "field.immutable", "field.required", "jurisdiction.dissolved"]))),
    params(("id" = String, Path, description = "The administrative unit's id", format = "uuid"), IfMatch),
    request_body(content = Patch<JurisdictionIn>, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The administrative unit as it is now", body = JurisdictionOut)))]
#[patch("/jurisdictions/{id}")]
pub async fn update_jurisdiction(
    request: Request,
    id: Id<JurisdictionId>,
    expected: Expected,
    body: Body<Patch<JurisdictionIn>>,
) -> Result<Reply> {
    request
        .write(move |c, actor| {
            let there = use_cases::update(c, actor, &id.0, &expected, &body.0)?;
            Reply::one(&there, there.version)
        })
        .await
}

/// Delete an administrative unit
///
/// Only one that nothing refers to can be deleted; its webhooks go with it.
#[utoipa::path(tag = "Jurisdictions", extensions(("x-roles" = json!(["admin"])), ("x-problems" = json!(["jurisdiction.in_use"]))),
    params(("id" = String, Path, description = "The administrative unit's id", format = "uuid"), IfMatch),
    responses((status = 204, description = "It is gone")))]
#[delete("/jurisdictions/{id}")]
pub async fn delete_jurisdiction(request: Request, id: Id<JurisdictionId>, expected: Expected) -> Result<Reply> {
    request.write(move |c, actor| use_cases::delete(c, actor, &id.0, &expected).map(|()| Reply::no_content())).await
}
