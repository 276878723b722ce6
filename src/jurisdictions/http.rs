//! Administrative units over HTTP.

use super::dto::{JurisdictionFilter, JurisdictionIn, JurisdictionOut};
use super::store;
use crate::http::cache::For;
use crate::http::ctx::{Body, Ctx, Id, Query};
use crate::http::paging::{Page, Paging};
use crate::http::patch::Patch;
use crate::http::reply::Reply;
use crate::http::routes::Routes;
use crate::http::version::IfMatch;
use crate::problem::Result;
use crate::values::id::JurisdictionId;
use actix_web::{delete, get, patch, post};

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
#[utoipa::path(tag = "Jurisdictions", extensions(("x-roles" = json!(["anonymous"]))), params(JurisdictionFilter, Paging),
    responses((status = 200, description = "A page of administrative units", body = Page<JurisdictionOut>)))]
#[get("/jurisdictions")]
pub async fn list_jurisdictions(cx: Ctx, filter: Query<JurisdictionFilter>, paging: Query<Paging>) -> Result<Reply> {
    cx.cached(For::Everybody, move |c, by| Reply::page(by, &store::list(c, &filter.0, &paging.0)?)).await
}

/// Create an administrative unit
///
/// Adds a commune below a province or a province below the country; the administrator's grant must hold there.
#[utoipa::path(tag = "Jurisdictions",
    extensions(("x-roles" = json!(["admin"])), ("x-problems" = json!(["code.taken", "reference.unknown", "field.conflict"]))),
    request_body = JurisdictionIn, responses((status = 201, description = "The new administrative unit", body = JurisdictionOut)))]
#[post("/jurisdictions")]
pub async fn create_jurisdiction(cx: Ctx, body: Body<JurisdictionIn>) -> Result<Reply> {
    cx.write(move |c, by| {
        let there = store::create(c, by, &body.0)?;
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
pub async fn find_jurisdiction(cx: Ctx, id: Id<JurisdictionId>) -> Result<Reply> {
    cx.cached(For::Caller, move |c, by| {
        let there = store::find(c, by, &id.0)?;
        Reply::one(&there, there.version)
    })
    .await
}

/// Change an administrative unit
///
/// A JSON Merge Patch (RFC 7396) of the administrative unit. Code and level cannot be changed.
#[utoipa::path(tag = "Jurisdictions",
    extensions(("x-roles" = json!(["admin"])), ("x-problems" = json!(["reference.unknown", "field.conflict", "field.immutable"]))),
    params(("id" = String, Path, description = "The administrative unit's id", format = "uuid"), IfMatch),
    request_body(content((Patch<JurisdictionIn> = "application/merge-patch+json"), (Patch<JurisdictionIn> = "application/json"))),
    responses((status = 200, description = "The administrative unit as it is now", body = JurisdictionOut)))]
#[patch("/jurisdictions/{id}")]
pub async fn update_jurisdiction(cx: Ctx, id: Id<JurisdictionId>, body: Body<Patch<JurisdictionIn>>) -> Result<Reply> {
    cx.write(move |c, by| {
        let there = store::update(c, by, &id.0, &body.0)?;
        Reply::one(&there, there.version)
    })
    .await
}

/// Delete an administrative unit
///
/// Only one that nothing refers to can be deleted.
#[utoipa::path(tag = "Jurisdictions", extensions(("x-roles" = json!(["admin"])), ("x-problems" = json!(["jurisdiction.in_use"]))),
    params(("id" = String, Path, description = "The administrative unit's id", format = "uuid"), IfMatch),
    responses((status = 204, description = "It is gone")))]
#[delete("/jurisdictions/{id}")]
pub async fn delete_jurisdiction(cx: Ctx, id: Id<JurisdictionId>) -> Result<Reply> {
    cx.write(move |c, by| store::delete(c, by, &id.0).map(|()| Reply::no_content())).await
}
