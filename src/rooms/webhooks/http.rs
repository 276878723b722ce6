//! Webhooks over HTTP.

use super::use_cases::{self, Terms};
use super::wire::{DeliveryFilter, DeliveryOut, WebhookFilter, WebhookIn, WebhookOut};
use crate::change::Expected;
use crate::change::patch::Patch;
use crate::http::reply::Reply;
use crate::http::request::{Body, Id, Query, Request};
use crate::http::routes::Routes;
use crate::http::version::IfMatch;
use crate::problem::Result;
use crate::reading::paging::{Page, Paging};
use crate::values::id::{DeliveryId, WebhookId};
use actix_web::web::Path;
use actix_web::{delete, get, patch, post};

/// Mounts the room.
pub fn routes(routes: &mut Routes) {
    routes
        .service(list_webhooks)
        .service(create_webhook)
        .service(find_webhook)
        .service(update_webhook)
        .service(delete_webhook)
        .service(rotate_webhook_secret)
        .service(list_webhook_deliveries)
        .service(replay_webhook_delivery);
}

fn terms(request: &Request) -> Terms {
    Terms { secrets: request.app.auth.secrets.clone(), allow_private: request.app.config.webhook_allow_private }
}

/// List webhooks
///
/// The addresses to which changes are sent, within the caller's reach. Sort fields: `created_at`, `updated_at`.
#[utoipa::path(tag = "Webhooks", extensions(("x-roles" = json!(["admin"]))), params(WebhookFilter, Paging),
    responses((status = 200, description = "A page of webhooks", body = Page<WebhookOut>)))]
#[get("/webhooks")]
pub async fn list_webhooks(request: Request, filter: Query<WebhookFilter>, paging: Query<Paging>) -> Result<Reply> {
    request.read(move |c, actor| Reply::page(&use_cases::list(c, actor, &filter.0, &paging.0)?)).await
}

/// Add a webhook
///
/// From now on, changes are sent there as they happen (Standard Webhooks): `POST` with `webhook-id`, `webhook-timestamp` and
/// `webhook-signature`, and `{type, timestamp, data: {cursor, resource, id, version, jurisdiction}}` as its body, never a figure: of what the
/// province sees in the administrative unit, that is its plans and periods, and consolidated reports that were sent, acknowledged or
/// returned. Answers with the `secret` by which they are signed, told this once.
///
/// A message counts as delivered when the receiver answers 2xx within 15 seconds; anything else, 3xx as well, is tried again under the same
/// `webhook-id` for three days. 410 makes the webhook inactive.
#[utoipa::path(tag = "Webhooks", extensions(("x-roles" = json!(["admin"])), ("x-problems" = json!(["reference.unknown", "webhook.address", "webhook.too_many"]))),
    request_body = WebhookIn, responses((status = 201, description = "The new webhook with its secret", body = WebhookOut)))]
#[post("/webhooks")]
pub async fn create_webhook(request: Request, body: Body<WebhookIn>) -> Result<Reply> {
    let terms = terms(&request);
    request
        .write(move |c, actor| {
            let (webhook, secret) = use_cases::create(c, actor, &terms, &body.0)?;
            let webhook = webhook.with_secret(&secret);
            let at = format!("/api/v1/webhooks/{}", webhook.id);
            Ok(Reply::created(&webhook, Some(webhook.version), at)?.secret(&["secret"]))
        })
        .await
}

/// One webhook
///
/// A webhook with what this caller may do with it.
#[utoipa::path(tag = "Webhooks", extensions(("x-roles" = json!(["admin"]))),
    params(("id" = String, Path, description = "The webhook's id", format = "uuid")),
    responses((status = 200, description = "The webhook", body = WebhookOut)))]
#[get("/webhooks/{id}")]
pub async fn find_webhook(request: Request, id: Id<WebhookId>) -> Result<Reply> {
    request
        .read(move |c, actor| {
            let webhook = use_cases::find(c, actor, &id.0)?;
            Reply::one(&webhook, webhook.version)
        })
        .await
}

/// Change a webhook
///
/// A JSON Merge Patch (RFC 7396). One that is made active again is told what happened meanwhile.
#[utoipa::path(tag = "Webhooks", extensions(("x-roles" = json!(["admin"])), ("x-problems" = json!(["reference.unknown", "webhook.address"]))),
    params(("id" = String, Path, description = "The webhook's id", format = "uuid"), IfMatch),
    request_body(content = Patch<WebhookIn>, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The webhook as it is now", body = WebhookOut)))]
#[patch("/webhooks/{id}")]
pub async fn update_webhook(request: Request, id: Id<WebhookId>, expected: Expected, body: Body<Patch<WebhookIn>>) -> Result<Reply> {
    let terms = terms(&request);
    request
        .write(move |c, actor| {
            let webhook = use_cases::update(c, actor, &terms, (&id.0, &expected), &body.0)?;
            Reply::one(&webhook, webhook.version)
        })
        .await
}

/// Delete a webhook
///
/// With what was to be sent there. To stop for a while, make it inactive.
#[utoipa::path(tag = "Webhooks", extensions(("x-roles" = json!(["admin"]))),
    params(("id" = String, Path, description = "The webhook's id", format = "uuid"), IfMatch), responses((status = 204, description = "It is gone")))]
#[delete("/webhooks/{id}")]
pub async fn delete_webhook(request: Request, id: Id<WebhookId>, expected: Expected) -> Result<Reply> {
    request.write(move |c, actor| use_cases::delete(c, actor, &id.0, &expected).map(|()| Reply::no_content())).await
}

/// Rotate a webhook's secret
///
/// Answers with a new `secret`, told this once. For 24 hours messages bear two signatures, by the new one and by the one before.
#[utoipa::path(tag = "Webhooks", extensions(("x-roles" = json!(["admin"]))), params(("id" = String, Path, description = "The webhook's id", format = "uuid")),
    responses((status = 200, description = "The webhook with its new secret", body = WebhookOut)))]
#[post("/webhooks/{id}/rotate-secret")]
pub async fn rotate_webhook_secret(request: Request, id: Id<WebhookId>) -> Result<Reply> {
    let terms = terms(&request);
    request
        .write(move |c, actor| {
            let (webhook, secret) = use_cases::rotate_secret(c, actor, &terms, &id.0)?;
            let webhook = webhook.with_secret(&secret);
            Ok(Reply::one(&webhook, webhook.version)?.secret(&["secret"]))
        })
        .await
}

/// List what was sent
///
/// The messages of a webhook and what became of them, newest last: delivered ones are told of for 30 days, those that were given up for
/// 90. Sort field: `created_at`.
#[utoipa::path(tag = "Webhooks", extensions(("x-roles" = json!(["admin"]))),
    params(("id" = String, Path, description = "The webhook's id", format = "uuid"), DeliveryFilter, Paging),
    responses((status = 200, description = "A page of deliveries", body = Page<DeliveryOut>)))]
#[get("/webhooks/{id}/deliveries")]
pub async fn list_webhook_deliveries(
    request: Request,
    id: Id<WebhookId>,
    filter: Query<DeliveryFilter>,
    paging: Query<Paging>,
) -> Result<Reply> {
    request.read(move |c, actor| Reply::page(&use_cases::list_deliveries(c, actor, &id.0, &filter.0, &paging.0)?)).await
}

/// Send a message again
///
/// Under the same `webhook-id`, also one that was delivered or given up: from now on it is tried as a new one is.
#[utoipa::path(tag = "Webhooks", extensions(("x-roles" = json!(["admin"]))),
    params(("id" = String, Path, description = "The webhook's id", format = "uuid"), ("delivery" = String, Path, description = "The delivery's id", format = "uuid")),
    responses((status = 200, description = "The delivery as it is now", body = DeliveryOut)))]
#[post("/webhooks/{id}/deliveries/{delivery}/replay")]
pub async fn replay_webhook_delivery(request: Request, id: Id<WebhookId>, path: Path<(String, String)>) -> Result<Reply> {
    let delivery = DeliveryId::from_text(path.into_inner().1.to_ascii_lowercase());
    request.write(move |c, actor| Reply::ok(&use_cases::replay(c, actor, &id.0, &delivery)?)).await
}
