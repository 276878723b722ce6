//! Audit events on the wire.

use super::event::EventRow;
use crate::db;
use crate::problem::Result;
use crate::values::clock::UtcTime;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

/// Who acted.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AuditActor {
    /// The account; null for the public and for the service's own work.
    #[schema(required, format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65")]
    pub id: Option<String>,
    /// `user`, `client`, `system` (the service itself) or `anonymous`.
    #[schema(example = "user")]
    pub kind: String,
    /// Its name at that time.
    #[schema(example = "Nguyễn Thị Lan")]
    pub name: String,
}

/// Something that happened (sự kiện kiểm toán).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AuditEvent {
    /// Its id, a UUIDv7.
    #[schema(format = "uuid")]
    pub id: String,
    /// Its place in the chain, from 1 and without gaps.
    #[schema(example = 1207)]
    pub sequence: i64,
    /// When.
    pub at: UtcTime,
    /// Who.
    pub actor: AuditActor,
    /// What, as `<resource>.<past verb>`.
    #[schema(example = "report.accepted")]
    pub action: String,
    /// The kind of resource.
    #[schema(example = "report")]
    pub resource: String,
    /// Its id; null where one request read several.
    #[schema(required, example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65")]
    pub resource_id: Option<String>,
    /// The administrative unit it belongs to, by official code.
    #[schema(required, example = "09385")]
    pub jurisdiction: Option<String>,
    /// What it said before.
    #[schema(required)]
    pub before: Option<Map<String, Value>>,
    /// What it says now; of an exact reading, what was asked for and shown.
    #[schema(required)]
    pub after: Option<Map<String, Value>>,
    /// The reason given.
    #[schema(required, example = "Bổ sung số liệu quý IV")]
    pub reason: Option<String>,
    /// Why an exact figure was read (`X-Purpose`).
    #[schema(required, example = "Kiểm tra trước khi phê duyệt")]
    pub purpose: Option<String>,
    /// The client's address.
    #[schema(required, example = "10.24.9.17")]
    pub address: Option<String>,
    /// The request's id.
    #[schema(required, example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a70")]
    pub request_id: Option<String>,
}

/// Which events are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditFilter {
    /// What this account did, by id or by the name it signs in with.
    #[param(max_length = 256, example = "lan.nguyen")]
    pub actor: Option<String>,
    /// Events with this action.
    #[param(max_length = 100, example = "report.accepted")]
    pub action: Option<String>,
    /// What happened to resources of this kind.
    #[param(max_length = 100, example = "report")]
    pub resource: Option<String>,
    /// What happened to the resource with this id.
    #[param(max_length = 100, example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65")]
    pub resource_id: Option<String>,
    /// Events of this administrative unit and of all below it, by official code.
    #[param(max_length = 16, example = "09385")]
    pub jurisdiction: Option<String>,
    /// Events at or after this instant.
    pub from: Option<UtcTime>,
    /// Events before this instant.
    pub to: Option<UtcTime>,
    /// What happened in the request with this id.
    #[param(max_length = 200, example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a70")]
    pub request_id: Option<String>,
}

impl AuditEvent {
    /// The wire form of a row; every column is spoken of.
    pub(super) fn of(sequence: i64, row: EventRow) -> Result<Self> {
        let EventRow {
            id,
            at,
            actor_id,
            actor_kind,
            actor_name,
            action,
            resource,
            resource_id,
            jurisdiction,
            before,
            after,
            reason,
            purpose,
            address,
            request_id,
        } = row;
        Ok(Self {
            id,
            sequence,
            at,
            actor: AuditActor { id: actor_id, kind: actor_kind, name: actor_name },
            action,
            resource,
            resource_id: Some(resource_id).filter(|id| !id.is_empty()),
            jurisdiction,
            before: db::from_json_opt(before.as_deref())?,
            after: db::from_json_opt(after.as_deref())?,
            reason,
            purpose,
            // The service's own work comes from nowhere.
            address: address.filter(|a| !a.is_empty()),
            request_id,
        })
    }
}
