//! Units over HTTP.

use super::use_cases;
use super::wire::{UnitFilter, UnitIn, UnitOut};
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
use crate::values::id::UnitId;
use actix_web::{delete, get, patch, post};

/// What its answers are read of.
const READS: Kinds = Kinds::PLAN.and(Kinds::UNIT);
/// And one of them: what may be done with it follows from what refers to it.
const ONE_READS: Kinds = READS.and(Kinds::INDICATOR.and(Kinds::TASK).and(Kinds::PERIOD).and(Kinds::REPORT).and(Kinds::ACCOUNT));

/// Mounts the room.
pub fn routes(routes: &mut Routes) {
    routes.service(list_units).service(create_unit).service(find_unit).service(update_unit).service(delete_unit);
}

/// List units
///
/// The responsible units (cơ quan, đơn vị thực hiện) in the plan's order, members after their group. Sort fields:
/// `code`, `created_at`, `updated_at`.
#[utoipa::path(tag = "Units", extensions(("x-roles" = json!(["anonymous"])),
        ("x-problems" = json!(["reference.unknown", "reference.ambiguous"]))), params(UnitFilter, Paging),
    responses((status = 200, description = "A page of units", body = Page<UnitOut>)))]
#[get("/units")]
pub async fn list_units(request: Request, filter: Query<UnitFilter>, paging: Query<Paging>) -> Result<Reply> {
    request
        .cached(For::Everybody, READS, move |c, _| {
            let page = use_cases::list(c, &filter.0, &paging.0)?;
            Ok(Keepable::of(Reply::page(&page)?, ReadScope::named(filter.0.plan.as_deref(), filter.0.jurisdiction.as_deref())))
        })
        .await
}

/// Create a unit
///
/// Adds a unit to a jurisdiction. Its code must be new there, its agency code new in the country; a group cannot be a
/// member of another.
#[utoipa::path(tag = "Units",
    extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["code.taken", "reference.unknown", "field.conflict"]))),
    request_body = UnitIn, responses((status = 201, description = "The new unit", body = UnitOut)))]
#[post("/units")]
pub async fn create_unit(request: Request, body: Body<UnitIn>) -> Result<Reply> {
    request
        .write(move |c, actor| {
            let unit = use_cases::create(c, actor, &body.0)?;
            Reply::created(&unit, Some(unit.version), format!("/api/v1/units/{}", unit.id))
        })
        .await
}

/// One unit
///
/// A unit with what this caller may do with it.
#[utoipa::path(tag = "Units", extensions(("x-roles" = json!(["anonymous"]))),
    params(("id" = String, Path, description = "The unit's id", format = "uuid")),
    responses((status = 200, description = "The unit", body = UnitOut)))]
#[get("/units/{id}")]
pub async fn find_unit(request: Request, id: Id<UnitId>) -> Result<Reply> {
    request
        .cached(For::Caller, ONE_READS, move |c, actor| {
            let unit = use_cases::find(c, actor, &id.0)?;
            Ok(Keepable::of(Reply::one(&unit, unit.version)?, ReadScope::Jurisdiction(unit.jurisdiction)))
        })
        .await
}

/// Change a unit
///
/// A JSON Merge Patch (RFC 7396) of the unit. The jurisdiction cannot be changed; a group with members stays a group.
#[utoipa::path(tag = "Units",
    extensions(("x-roles" = json!(["coordinator"])),
        ("x-problems" = json!(["unit.dissolved", "code.taken", "reference.unknown", "field.conflict", "field.immutable"]))),
    params(("id" = String, Path, description = "The unit's id", format = "uuid"), IfMatch),
    request_body(content = Patch<UnitIn>, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The unit as it is now", body = UnitOut)))]
#[patch("/units/{id}")]
pub async fn update_unit(request: Request, id: Id<UnitId>, expected: Expected, body: Body<Patch<UnitIn>>) -> Result<Reply> {
    request
        .write(move |c, actor| {
            let unit = use_cases::update(c, actor, &id.0, &expected, &body.0)?;
            Reply::one(&unit, unit.version)
        })
        .await
}

/// Delete a unit
///
/// Only a unit that nothing refers to can be deleted; one that no longer exists is made inactive.
#[utoipa::path(tag = "Units", extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["unit.in_use"]))),
    params(("id" = String, Path, description = "The unit's id", format = "uuid"), IfMatch),
    responses((status = 204, description = "It is gone")))]
#[delete("/units/{id}")]
pub async fn delete_unit(request: Request, id: Id<UnitId>, expected: Expected) -> Result<Reply> {
    request.write(move |c, actor| use_cases::delete(c, actor, &id.0, &expected).map(|()| Reply::no_content())).await
}
