//! Webhooks on the wire.

use crate::actor::actions::Actions;
use crate::rooms::changes::ChangeName;
use crate::values::clock::UtcTime;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A webhook as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"url": "https://tiepnhan.bacninh.example/binhdang", "types": ["consolidated_report.sent"], "jurisdiction": "24"}))]
pub struct WebhookIn {
    /// Where to send to: `https`, or `http`. Addresses of private networks are refused.
    #[schema(min_length = 8, max_length = 2000, format = "uri")]
    pub url: String,
    /// Of which types of changes to tell.
    #[schema(min_items = 1, max_items = 200)]
    pub types: Vec<ChangeName>,
    /// The administrative unit, by official code: it is told what the province would see there and below. Left out, that in which the caller
    /// administers, if it is one.
    #[serde(default)]
    #[schema(max_length = 16, nullable = false)]
    pub jurisdiction: Option<String>,
    /// What it is for.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub description: Option<String>,
    /// Whether anything is sent; yes if left out.
    #[serde(default)]
    #[schema(nullable = false)]
    pub active: Option<bool>,
}

/// A webhook.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WebhookOut {
    /// Its id, a UUIDv7.
    #[schema(format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a80")]
    pub id: String,
    /// Raised by every change; `If-Match` names it.
    #[schema(example = 1)]
    pub version: i64,
    /// Where it sends to.
    #[schema(example = "https://tiepnhan.bacninh.example/binhdang")]
    pub url: String,
    /// Of which types of changes it tells.
    #[schema(example = json!(["consolidated_report.sent"]))]
    pub types: Vec<ChangeName>,
    /// The administrative unit, by official code.
    #[schema(example = "24")]
    pub jurisdiction: String,
    /// What it is for.
    #[schema(required, example = "Hệ thống báo cáo của tỉnh")]
    pub description: Option<String>,
    /// Whether anything is sent. What happens meanwhile is sent once it is active again.
    #[schema(example = true)]
    pub active: bool,
    /// Why the service itself made it inactive; null if it did not.
    #[schema(required, example = json!(null))]
    pub disabled_because: Option<DisabledBecause>,
    /// The secret by which its messages are signed. Told once, by the request that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "whsec_…")]
    pub secret: Option<String>,
    /// Until when messages are signed by the secret before as well; null if they are not.
    #[schema(required, example = json!(null))]
    pub previous_secret_until: Option<UtcTime>,
    /// When it was made.
    pub created_at: UtcTime,
    /// When it was last changed.
    pub updated_at: UtcTime,
    /// What this caller may do with it now; in single resources only.
    #[serde(rename = "_actions", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub actions: Option<Actions>,
}

/// Why the service made a webhook inactive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DisabledBecause {
    /// The receiver answered 410.
    Gone,
    /// The key to its secret was lost: give it a new one.
    SecretLost,
}

impl DisabledBecause {
    /// The word in the database.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::SecretLost => "secret_lost",
        }
    }

    /// Reads the word in the database.
    pub(super) fn parse(text: &str) -> Option<Self> {
        [Self::Gone, Self::SecretLost].into_iter().find(|one| one.as_str() == text)
    }
}

/// Filters of the list of webhooks.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WebhookFilter {
    /// Webhooks that send, or those that do not.
    pub active: Option<bool>,
}

/// How far a delivery is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryStatus {
    /// It is yet to be sent, or to be sent again.
    Pending,
    /// The receiver has answered 2xx.
    Delivered,
    /// It was tried for three days: it waits for a replay.
    DeadLettered,
}

impl DeliveryStatus {
    /// The word in the database.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::DeadLettered => "dead_lettered",
        }
    }

    /// Reads the word in the database.
    pub(super) fn parse(text: &str) -> Option<Self> {
        [Self::Pending, Self::Delivered, Self::DeadLettered].into_iter().find(|one| one.as_str() == text)
    }
}

/// What is told of a change: the body of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WebhookMessage {
    /// What happened.
    #[serde(rename = "type")]
    #[schema(example = "consolidated_report.sent")]
    pub change_type: String,
    /// When.
    pub timestamp: UtcTime,
    /// To what.
    pub data: WebhookData,
}

/// To what it happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WebhookData {
    /// Its place in the change feed: `GET /changes?after=` goes on behind it.
    #[schema(example = "eyJzIjoiY2hhbmdlcyIsImsiOlsxMjA3XX0")]
    pub cursor: String,
    /// The kind of resource.
    #[schema(example = "consolidated_report")]
    pub resource: String,
    /// The resource's id.
    #[schema(format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a69")]
    pub id: String,
    /// Its version afterwards.
    #[schema(example = 4)]
    pub version: i64,
    /// The administrative unit it belongs to, by official code.
    #[schema(required, example = "09385")]
    pub jurisdiction: Option<String>,
}

/// One attempt to deliver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"at": "2026-11-26T03:00:02Z", "duration_ms": 85, "status": 503, "error": null}))]
pub struct Attempt {
    /// When.
    pub at: UtcTime,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
    /// The status that the receiver answered; null if it did not answer.
    #[schema(required)]
    pub status: Option<u16>,
    /// What went wrong; null if nothing did.
    #[schema(required)]
    pub error: Option<AttemptError>,
}

/// What went wrong with an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AttemptError {
    /// The receiver answered something else than 2xx; 3xx is not followed.
    Status,
    /// There was no answer in time.
    Timeout,
    /// The name could not be resolved, or stands for an address of a private network alone.
    Address,
    /// There was no connection, or it broke.
    Connection,
}

/// A message and what became of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DeliveryOut {
    /// Its id, a UUIDv7: `webhook-id` in every attempt.
    #[schema(format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a81")]
    pub id: String,
    /// The webhook.
    #[schema(format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a80")]
    pub webhook: String,
    /// How far it is.
    pub status: DeliveryStatus,
    /// What is sent.
    pub message: WebhookMessage,
    /// How often it was tried since it was made or last replayed.
    #[schema(example = 1)]
    pub attempts: i32,
    /// The last attempts, the latest last.
    pub attempt_log: Vec<Attempt>,
    /// When it is tried next; null if it is not.
    #[schema(required)]
    pub next_attempt_at: Option<UtcTime>,
    /// When it was made.
    pub created_at: UtcTime,
    /// When it was delivered or given up; null while it is pending.
    #[schema(required)]
    pub finished_at: Option<UtcTime>,
}

/// Filters of the list of deliveries.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DeliveryFilter {
    /// Deliveries that are so far.
    #[param(inline)]
    pub status: Option<DeliveryStatus>,
}
