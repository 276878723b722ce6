//! Dissolutions over HTTP.

use super::use_cases;
use super::wire::{DissolutionIn, JurisdictionDissolutionIn};
use crate::change::Expected;
use crate::http::reply::Reply;
use crate::http::request::{Body, Id, Request};
use crate::http::routes::Routes;
use crate::http::version::IfMatch;
use crate::problem::Result;
use crate::rooms::jurisdictions::JurisdictionOut;
use crate::rooms::units::UnitOut;
use crate::values::id::{JurisdictionId, UnitId};
use actix_web::post;

/// Mounts the room.
pub fn routes(routes: &mut Routes) {
    routes.service(dissolve_unit).service(dissolve_jurisdiction);
}

/// Dissolve a unit
///
/// A merger names one successor: it takes over duties, tasks and, in open periods, each obligation for which nothing was handed in, as
/// by a transfer. A split names several, an abolition none: then `gaps` of the plan says what has to be assigned. The dissolved unit
/// is excused from what it has not handed in; its reports, people and figures stay its own. Where the day lies ahead all this happens
/// on that day, and until then making `valid_until` null takes it back.
#[utoipa::path(tag = "Units",
    extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["unit.dissolved", "reference.unknown", "field.conflict"]))),
    params(("id" = String, Path, description = "The unit's id", format = "uuid"), IfMatch),
    request_body = DissolutionIn, responses((status = 200, description = "The unit as it is now", body = UnitOut)))]
#[post("/units/{id}/dissolve")]
pub async fn dissolve_unit(request: Request, id: Id<UnitId>, expected: Expected, body: Body<DissolutionIn>) -> Result<Reply> {
    request
        .write(move |c, actor| {
            let unit = use_cases::dissolve(c, actor, &id.0, &expected, &body.0)?;
            Reply::one(&unit, unit.version)
        })
        .await
}

/// Dissolve an administrative unit
///
/// A merger names one successor, a split several, an abolition none. The years of a ward stay under its name: it is expected for the
/// periods that end before the day, which are reported, consolidated and acknowledged as usual, also afterwards. Later ones are closed on
/// that day and count nowhere; what was sent of them stays published. Where the day lies ahead no period that ends on it or later opens any
/// more, and until then making `valid_until` null takes the dissolution back. A unit with others below it is dissolved after they left.
#[utoipa::path(tag = "Jurisdictions",
    extensions(("x-roles" = json!(["admin"])),
        ("x-problems" = json!(["jurisdiction.dissolved", "jurisdiction.in_use", "reference.unknown", "field.conflict"]))),
    params(("id" = String, Path, description = "The administrative unit's id", format = "uuid"), IfMatch),
    request_body = JurisdictionDissolutionIn,
    responses((status = 200, description = "The administrative unit as it is now", body = JurisdictionOut)))]
#[post("/jurisdictions/{id}/dissolve")]
pub async fn dissolve_jurisdiction(
    request: Request,
    id: Id<JurisdictionId>,
    expected: Expected,
    body: Body<JurisdictionDissolutionIn>,
) -> Result<Reply> {
    request
        .write(move |c, actor| {
            let there = use_cases::dissolve_jurisdiction(c, actor, &id.0, &expected, &body.0)?;
            Reply::one(&there, there.version)
        })
        .await
}
