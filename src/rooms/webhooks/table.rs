//! Webhooks and their deliveries in the database: rows and statements.

use super::wire::{Attempt, DeliveryFilter, DeliveryOut, DeliveryStatus, DisabledBecause, WebhookFilter, WebhookIn, WebhookOut};
use crate::db::schema::{webhook_deliveries, webhooks};
use crate::db::sort::{Key, Kind, SortField};
use crate::db::{self, Conn};
use crate::problem::{Error, Result, codes};
use crate::reading::paging::{Page, Paging};
use crate::values::clock::UtcTime;
use crate::values::id::{DeliveryId, WebhookId};
use crate::{page_of, versioned, writes_rows};
use diesel::prelude::*;

/// A row of `webhooks`.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = webhooks, treat_none_as_null = true)]
pub(super) struct WebhookRow {
    pub id: WebhookId,
    pub jurisdiction: String,
    pub url: String,
    pub types: String,
    pub description: Option<String>,
    pub active: bool,
    pub disabled_because: Option<String>,
    pub secret: String,
    pub previous_secret: Option<String>,
    pub previous_until: Option<UtcTime>,
    pub position: i64,
    pub version: i64,
    pub created_at: UtcTime,
    pub updated_at: UtcTime,
}

versioned!(WebhookRow, "webhook", "webhooks");
writes_rows!(WebhookRow, WebhookId, webhooks, codes::CODE_TAKEN);

impl WebhookRow {
    /// As clients read it; every column is spoken of.
    pub(super) fn into_out(self, now: UtcTime) -> Result<WebhookOut> {
        let Self {
            id,
            jurisdiction,
            url,
            types,
            description,
            active,
            disabled_because,
            secret: _,
            previous_secret: _,
            previous_until,
            position: _,
            version,
            created_at,
            updated_at,
        } = self;
        Ok(WebhookOut {
            id: id.into(),
            version,
            url,
            types: db::from_json(&types)?,
            jurisdiction,
            description,
            active,
            disabled_because: disabled_because.as_deref().and_then(DisabledBecause::parse),
            secret: None,
            previous_secret_until: previous_until.filter(|until| now < *until),
            created_at,
            updated_at,
            actions: None,
        })
    }

    /// As it would be written.
    pub(super) fn to_input(&self) -> Result<WebhookIn> {
        Ok(WebhookIn {
            url: self.url.clone(),
            types: db::from_json(&self.types)?,
            jurisdiction: Some(self.jurisdiction.clone()),
            description: self.description.clone(),
            active: Some(self.active),
        })
    }
}

const FIELDS: &[SortField] = &[
    SortField { name: "created_at", sql: "webhooks.created_at", kind: Kind::Time },
    SortField { name: "updated_at", sql: "webhooks.updated_at", kind: Kind::Time },
];
const TIE: SortField = SortField { name: "id", sql: "webhooks.id", kind: Kind::Text };

fn key(row: &WebhookRow, field: &str) -> Key {
    match field {
        "created_at" => Key::time(row.created_at),
        "updated_at" => Key::time(row.updated_at),
        _ => Key::from(row.id.as_str()),
    }
}

/// A page of those of some administrative units; `None` for all.
///
/// # Errors
/// 400 for a sort field or cursor that fits nothing.
pub(super) fn page(c: &mut Conn, area: Option<&[String]>, filter: &WebhookFilter, paging: &Paging) -> Result<Page<WebhookRow>> {
    let window = paging.window(FIELDS, "created_at", TIE)?;
    let wanted = || {
        let mut query = webhooks::table.into_boxed();
        if let Some(area) = area {
            query = query.filter(webhooks::jurisdiction.eq_any(area));
        }
        if let Some(active) = filter.active {
            query = query.filter(webhooks::active.eq(active));
        }
        query
    };
    Ok(page_of!(c, &window, webhooks::table, wanted(), key))
}

/// One.
///
/// # Errors
/// 404.
pub(super) fn find(c: &mut Conn, id: &WebhookId) -> Result<WebhookRow> {
    webhooks::table.find(id).select(WebhookRow::as_select()).first(c).optional()?.ok_or_else(|| codes::NOT_FOUND.into())
}

/// How many there are in an administrative unit.
///
/// # Errors
/// If the database fails.
pub(super) fn count_in(c: &mut Conn, jurisdiction: &str) -> Result<i64> {
    Ok(webhooks::table.filter(webhooks::jurisdiction.eq(jurisdiction)).count().get_result(c)?)
}

/// Those that send, by id.
///
/// # Errors
/// If the database fails.
pub(super) fn active(c: &mut Conn) -> Result<Vec<WebhookRow>> {
    Ok(webhooks::table.filter(webhooks::active.eq(true)).order(webhooks::id).select(WebhookRow::as_select()).load(c)?)
}

/// A row of `webhook_deliveries`.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, Identifiable)]
#[diesel(table_name = webhook_deliveries)]
pub(super) struct DeliveryRow {
    pub id: DeliveryId,
    pub webhook_id: WebhookId,
    pub position: i64,
    pub change_type: String,
    pub payload: String,
    pub status: String,
    pub attempts: i32,
    pub attempt_log: String,
    pub next_attempt_at: Option<UtcTime>,
    pub held_until: UtcTime,
    pub created_at: UtcTime,
    pub finished_at: Option<UtcTime>,
}

impl DeliveryRow {
    /// As clients read it; every column is spoken of.
    pub(super) fn into_out(self) -> Result<DeliveryOut> {
        let Self {
            id,
            webhook_id,
            position: _,
            change_type: _,
            payload,
            status,
            attempts,
            attempt_log,
            next_attempt_at,
            held_until: _,
            created_at,
            finished_at,
        } = self;
        Ok(DeliveryOut {
            id: id.into(),
            webhook: webhook_id.into(),
            status: DeliveryStatus::parse(&status).ok_or_else(|| Error::internal("a delivery of unknown status"))?,
            message: db::from_json(&payload)?,
            attempts,
            attempt_log: db::from_json::<Vec<Attempt>>(&attempt_log)?,
            next_attempt_at,
            created_at,
            finished_at,
        })
    }
}

const OF_DELIVERIES: &[SortField] = &[SortField { name: "created_at", sql: "webhook_deliveries.created_at", kind: Kind::Time }];
const TIE_OF_DELIVERIES: SortField = SortField { name: "id", sql: "webhook_deliveries.id", kind: Kind::Text };

fn key_of_delivery(row: &DeliveryRow, field: &str) -> Key {
    match field {
        "created_at" => Key::time(row.created_at),
        _ => Key::from(row.id.as_str()),
    }
}

/// A page of a webhook's deliveries.
///
/// # Errors
/// 400 for a sort field or cursor that fits nothing.
pub(super) fn deliveries(c: &mut Conn, webhook: &WebhookId, filter: &DeliveryFilter, paging: &Paging) -> Result<Page<DeliveryRow>> {
    let window = paging.window(OF_DELIVERIES, "created_at", TIE_OF_DELIVERIES)?;
    let wanted = || {
        let query = webhook_deliveries::table.filter(webhook_deliveries::webhook_id.eq(webhook)).into_boxed();
        match filter.status {
            Some(status) => query.filter(webhook_deliveries::status.eq(status.as_str())),
            None => query,
        }
    };
    Ok(page_of!(c, &window, webhook_deliveries::table, wanted(), key_of_delivery))
}

/// One of a webhook's deliveries.
///
/// # Errors
/// 404.
pub(super) fn find_delivery(c: &mut Conn, webhook: &WebhookId, id: &DeliveryId) -> Result<DeliveryRow> {
    let found = webhook_deliveries::table.find(id).filter(webhook_deliveries::webhook_id.eq(webhook));
    found.select(DeliveryRow::as_select()).first(c).optional()?.ok_or_else(|| codes::NOT_FOUND.into())
}
