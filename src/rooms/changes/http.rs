//! The change feed over HTTP.

mod follower;

use super::rules::Wanted;
use super::wire::{ChangeFilter, Changes};
use crate::formats::Format;
use crate::http::access::Access;
use crate::http::events::{Events, LastEventId, Resumed};
use crate::http::query;
use crate::http::reply::Reply;
use crate::http::request::{Query, Request};
use crate::http::routes::Routes;
use crate::problem::Result;
use actix_web::{Either, get};
use follower::Follower;
use serde_json::{Map, Value};
use std::time::Duration;

/// What means nothing of a stream of events.
const OF_PAGES: [&str; 2] = ["limit", "wait"];

/// Mounts the room.
pub fn routes(routes: &mut Routes) {
    routes.service(list_changes);
}

/// Follow what changes
///
/// The change feed (dòng thay đổi): which resources changed, in the order of the commits, kept for 400 days. Ask again with
/// `after=<next_cursor>`: who does so misses nothing, also while many write at once. Without `after` it begins with the oldest change,
/// with `after=now` at the end. With `wait` the answer comes as soon as there is a change for the caller, or without one when the time is up.
///
/// A change says which resource it is about; what it says now is read there. A request that writes figures is one change of its report.
/// An administrator is told of the accounts, administrative units and webhooks of his reach; leaders, supervisors and coordinators
/// of everything else of their wards that they may read; a unit of its own reports, of the periods and the plan; the province of the plan, the
/// periods, and of consolidated reports that were sent, acknowledged or returned. Who lacks the right by the time he reads is not told.
///
/// As `text/event-stream` (`Accept`) the same comes as server-sent events while it happens: `id` is the cursor, `data` one change.
/// `Last-Event-ID` resumes. A stream ends when the token does: come back with a new one.
#[utoipa::path(tag = "Changes",
    extensions(("x-roles" = json!(["admin", "coordinator", "leader", "reporter", "supervisor", "province"])), ("x-problems" = json!(["cursor.expired"]))),
    params(ChangeFilter, Resumed), responses((status = 200, description = "A part of the feed, or events while they happen", content(
        (Changes = "application/json"),
        (String = "text/event-stream", example = json!("id: eyJzIjoiY2hhbmdlcyIsImsiOlsxMjA3XX0\ndata: {\"cursor\":\"eyJzIjoiY2hhbmdlcyIsImsiOlsxMjA3XX0\",\"at\":\"2026-11-24T09:30:00Z\",\"type\":\"report.submitted\",\"resource\":\"report\",\"id\":\"0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65\",\"version\":4,\"jurisdiction\":\"09385\"}\n\n"))))))]
#[get("/changes")]
pub async fn list_changes(
    request: Request,
    access: Access,
    filter: Query<ChangeFilter>,
    asked: Query<Map<String, Value>>,
    resumed: LastEventId,
) -> Result<Either<Reply, Events>> {
    let (Query(filter), format) = (filter, request.format());
    if format == Format::Events {
        query::without(&asked.0, &OF_PAGES, format)?;
        let wanted = Wanted::read(&filter, resumed.0.as_deref())?;
        return Follower::new(access, wanted).events(request.account()?.id.clone()).await.map(Either::Right);
    }
    let wanted = Wanted::read(&filter, None)?;
    let wait = Duration::from_secs(filter.wait.unwrap_or_default());
    let changes = Follower::new(access, wanted).page(&request.account()?.id, wait).await?;
    let reply = Reply::follow(&changes, &changes.next_cursor)?;
    request.answer(reply).await.map(Either::Left)
}
