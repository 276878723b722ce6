//! What a server tells about itself: health, readiness, figures, the contract, the meaning of problems.

use super::HttpState;
use super::coding::Wanted;
use super::reply::Reply;
use crate::formats::Format;
use crate::http::routes::Routes;
use crate::problem::codes;
use crate::problem::{Error, Result, page};
use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::Serialize;
use std::sync::atomic::Ordering;
use utoipa::ToSchema;

/// How the server is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// `ok`.
    #[schema(example = "ok")]
    pub status: &'static str,
}

/// Mounts them.
pub fn routes(routes: &mut Routes) {
    routes.service(healthz).service(readyz).service(metrics).service(openapi).service(problem_page);
}

/// Whether the process lives
///
/// Answers as long as the process does, whatever the state of its database.
#[utoipa::path(tag = "Service", security(), extensions(("x-roles" = json!(["anonymous"]))), responses((status = 200, description = "It lives", body = Health)))]
#[get("/healthz")]
pub async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(Health { status: "ok" })
}

/// Whether the server takes requests
///
/// 503 while the server is about to stop or its database is out of reach: a load balancer sends requests elsewhere.
#[utoipa::path(tag = "Service", security(), extensions(("x-roles" = json!(["anonymous"])), ("x-problems" = json!(["database.unavailable", "server.draining"]))),
    responses((status = 200, description = "It takes requests", body = Health)))]
#[get("/readyz")]
pub async fn readyz(app: web::Data<HttpState>) -> Result<HttpResponse> {
    if app.draining.load(Ordering::Acquire) {
        return Err(codes::SERVER_DRAINING.into());
    }
    // Requests need both the connection that watches and one of the pool's.
    app.db.data_version().await?;
    app.db.read(|c| Ok(diesel::RunQueryDsl::execute(diesel::sql_query("SELECT 1"), c).map(|_| ())?)).await?;
    Ok(HttpResponse::Ok().json(Health { status: "ok" }))
}

/// Figures about the server
///
/// Requests by method and status, their duration, and how many run now, in the OpenMetrics text format.
#[utoipa::path(tag = "Service", security(), extensions(("x-roles" = json!(["anonymous"]))),
    responses((status = 200, description = "The figures", body = String, content_type = "text/plain")))]
#[get("/metrics")]
pub async fn metrics(app: web::Data<HttpState>) -> Reply {
    Reply::written(Format::Text, app.metrics.text())
}

/// This contract
///
/// The OpenAPI 3.1 document by which the server checks requests.
#[utoipa::path(tag = "Service", security(), extensions(("x-roles" = json!(["anonymous"]))),
    responses((status = 200, description = "The document", body = inline(serde_json::Map<String, serde_json::Value>), content_type = "application/json",
        example = json!({"openapi": "3.1.0", "info": {"title": "Binhdang"}}))))]
#[get("/openapi.json")]
pub async fn openapi(app: web::Data<HttpState>, request: HttpRequest) -> Result<Reply> {
    app.contract.published().coded_as(&Wanted::of(&request)).await
}

/// What a problem means
///
/// The page behind the `type` of a problem: what it means and what to do about it, in Vietnamese and English.
#[utoipa::path(tag = "Service", security(), extensions(("x-roles" = json!(["anonymous"]))),
    params(("code" = String, Path, description = "A problem's code", example = "goal.in_use")),
    responses((status = 200, description = "The page", body = String, content_type = "text/html")))]
#[get("/problems/{code}")]
pub async fn problem_page(code: web::Path<String>) -> Result<Reply> {
    let found = codes::find(&code).ok_or_else(|| Error::from(codes::NOT_FOUND))?;
    Ok(Reply::written(Format::Html, page::html(found)))
}
