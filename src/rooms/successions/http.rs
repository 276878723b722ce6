//! Dissolutions over HTTP.

use super::use_cases;
use super::wire::DissolutionIn;
use crate::change::Expected;
use crate::http::reply::Reply;
use crate::http::request::{Body, Id, Request};
use crate::http::routes::Routes;
use crate::http::version::IfMatch;
use crate::problem::Result;
use crate::rooms::units::UnitOut;
use crate::values::id::UnitId;
use actix_web::post;

/// Mounts the room.
pub fn routes(routes: &mut Routes) {
    routes.service(dissolve_unit);
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
