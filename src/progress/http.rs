//! Figures, completeness and progress over HTTP.

use super::observations::{self, ObservationFilter, ObservationOut};
use crate::http::cache::For;
use crate::http::ctx::{Ctx, Query};
use crate::http::paging::{Page, Paging};
use crate::http::reply::Reply;
use crate::problem::Result;
use actix_web::get;
use serde_json::{Map, Value};
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the room.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list_observations);
}

/// List observations
///
/// Figures (số liệu) across units and periods: for a ward's own people those of accepted reports, for everybody else those of
/// consolidated reports that were sent; one list may hold both. A filter by `jurisdiction` covers all below it. Sort field:
/// `updated_at`; newest last without `sort`.
#[utoipa::path(tag = "Progress", extensions(("x-roles" = json!(["anonymous"])), ("x-problems" = json!(["reference.unknown", "reference.ambiguous"]))),
    params(ObservationFilter,
        ("disaggregation.<dimension>" = Option<String>, Query, description = "Figures with this value of a dimension: `disaggregation.sex=female`; several narrow further.", max_length = 64),
        Paging),
    responses((status = 200, description = "A page of observations", body = Page<ObservationOut>)))]
#[get("/observations")]
pub async fn list_observations(
    cx: Ctx,
    filter: Query<ObservationFilter>,
    asked: Query<Map<String, Value>>,
    paging: Query<Paging>,
) -> Result<Reply> {
    cx.cached(For::Caller, move |c, by| Reply::page(by, &observations::list(c, by, &filter.0, &asked.0, &paging.0)?)).await
}
