//! The audit trail over HTTP.

use super::wire::{AuditEvent, AuditFilter};
use super::{chain, list};
use crate::http::reply::Reply;
use crate::http::request::{Query, Request};
use crate::http::routes::Routes;
use crate::problem::Result;
use crate::reading::paging::{Page, Paging};
use actix_web::get;

/// Mounts the room.
pub fn routes(routes: &mut Routes) {
    routes.service(list_audit_events);
}

/// List audit events
///
/// What happened (nhật ký kiểm toán): who did what, what it said before and says now, why, from where and under which request;
/// also signing in, and every exact reading of restricted figures. An administrator sees the events of his administrative
/// units; those that belong to none are for administrators of the country. Sort fields: `sequence`, `at`.
#[utoipa::path(tag = "Audit", extensions(("x-roles" = json!(["admin"])), ("x-problems" = json!(["reference.unknown"]))),
    params(AuditFilter, Paging), responses((status = 200, description = "A page of events", body = Page<AuditEvent>)))]
#[get("/audit-events")]
pub async fn list_audit_events(request: Request, filter: Query<AuditFilter>, paging: Query<Paging>) -> Result<Reply> {
    // What was committed before this request is linked first, so that he sees all of it.
    chain::extend(&request.app).await?;
    request.read(move |c, actor| Reply::page(&list::list(c, actor, &filter.0, &paging.0)?)).await
}
