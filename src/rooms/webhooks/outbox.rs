//! What is to be sent: deliveries made from the change feed, and what became of them. These rows are no resources of which anybody
//! is told: they tell of changes themselves.

use super::rules::Verdict;
use super::table::{self, DeliveryRow, WebhookRow};
use super::wire::{Attempt, DeliveryStatus, WebhookData, WebhookMessage};
use crate::actor::Actor;
use crate::app_state::AppState;
use crate::auth::caller::{Caller, Grant, Kind, Role};
use crate::auth::store;
use crate::change::order;
use crate::db::schema::{webhook_deliveries, webhooks};
use crate::db::{self, BATCH, Conn};
use crate::problem::Result;
use crate::rooms::changes::{self, ChangeName};
use crate::values::clock::UtcTime;
use crate::values::id::{AccountId, DeliveryId, WebhookId};
use chrono::TimeDelta;
use diesel::prelude::*;
use std::sync::Arc;

/// How many deliveries are made in one transaction.
const AT_ONCE: usize = 200;
/// How far a webhook may lag behind what is of no interest to it before that is written down.
const LAG: i64 = 1000;
/// For how long it is told what became of a delivery; one that was given up waits longer for its replay.
const KEPT: TimeDelta = TimeDelta::days(30);
const KEPT_DEAD: TimeDelta = TimeDelta::days(90);
/// How many attempts are remembered of each.
const REMEMBERED: usize = 20;

/// Makes deliveries of everything that active webhooks are to be told by now.
///
/// # Errors
/// If the database fails.
pub async fn fill(app: &AppState) -> Result<()> {
    let all = app.db.read(table::active).await?;
    if all.is_empty() {
        return Ok(());
    }
    order::settle(&app.db).await?;
    for webhook in all {
        let actor = Actor::system(&app.config, "webhooks");
        while fill_one(app, &actor, &webhook.id).await? {}
    }
    Ok(())
}

/// Makes the next deliveries of one webhook; answers whether there may be more.
async fn fill_one(app: &AppState, actor: &Actor, id: &WebhookId) -> Result<bool> {
    let (looking, looked) = (actor.clone(), id.clone());
    // Most of the time there is nothing to write.
    let (found, last) = app
        .db
        .read(move |c| {
            let webhook = table::find(c, &looked)?;
            let told = told(c, &looking, &webhook)?;
            Ok((told.position > webhook.position && (!told.items.is_empty() || told.position - webhook.position > LAG), told.more))
        })
        .await?;
    if !found {
        return Ok(false);
    }
    let (actor, id) = (actor.clone(), id.clone());
    app.db.write(move |c| advance(c, &actor, &id)).await?;
    Ok(last)
}

/// Writes down the deliveries of what comes next together with the new position. Of two servers one does it.
fn advance(c: &mut Conn, actor: &Actor, id: &WebhookId) -> Result<()> {
    db::lock(c, "webhooks", id.as_str())?;
    let webhook = table::find(c, id)?;
    if !webhook.active {
        return Ok(());
    }
    let told = told(c, actor, &webhook)?;
    let rows = told.items.iter().map(|(position, message)| delivery(&webhook, *position, message, actor.now));
    let rows = rows.collect::<Result<Vec<_>>>()?;
    for row in &rows {
        diesel::insert_into(webhook_deliveries::table).values(row).execute(c)?;
    }
    diesel::update(webhooks::table.find(id)).set(webhooks::position.eq(told.position)).execute(c)?;
    Ok(())
}

/// What a webhook is to be told next.
struct Told {
    items: Vec<(i64, WebhookMessage)>,
    position: i64,
    more: bool,
}

fn told(c: &mut Conn, actor: &Actor, webhook: &WebhookRow) -> Result<Told> {
    let types: Vec<ChangeName> = db::from_json(&webhook.types)?;
    let reader = province_at(c, actor, &webhook.jurisdiction)?;
    let found = changes::after(c, &reader, webhook.position, &types, AT_ONCE)?;
    let message = |change: changes::Change| WebhookMessage {
        change_type: change.change_type.0.name.to_owned(),
        timestamp: change.at,
        data: WebhookData {
            cursor: change.cursor,
            resource: change.resource,
            id: change.id,
            version: change.version,
            jurisdiction: change.jurisdiction,
        },
    };
    let items = found.items.into_iter().map(|(position, change)| (position, message(change))).collect();
    Ok(Told { items, position: found.position, more: found.more })
}

/// Who reads what the province would there, and nothing exactly.
fn province_at(c: &mut Conn, actor: &Actor, jurisdiction: &str) -> Result<Actor> {
    let reach = store::reach_of_grant(c, Role::Province, jurisdiction)?;
    let grant = Grant { role: Role::Province, jurisdiction: jurisdiction.to_owned(), reach, unit: None, restricted: false };
    let caller = Caller {
        id: AccountId::from_text("webhooks"),
        kind: Kind::Client,
        username: "webhooks".to_owned(),
        display_name: "webhooks".to_owned(),
        session: None,
        must_change_password: false,
        second_factor: false,
        grants: vec![grant],
        counts_until: None,
    };
    Ok(actor.clone().done_by(Arc::new(caller)))
}

fn delivery(webhook: &WebhookRow, position: i64, message: &WebhookMessage, now: UtcTime) -> Result<DeliveryRow> {
    Ok(DeliveryRow {
        id: DeliveryId::new(),
        webhook_id: webhook.id.clone(),
        position,
        change_type: message.change_type.clone(),
        payload: db::to_json(message)?,
        status: DeliveryStatus::Pending.as_str().to_owned(),
        attempts: 0,
        attempt_log: db::to_json(&Vec::<Attempt>::new())?,
        next_attempt_at: Some(now),
        held_until: now,
        created_at: now,
        finished_at: None,
    })
}

/// Lets a delivery begin anew.
pub(super) fn begin_again(c: &mut Conn, row: &DeliveryRow) -> Result<()> {
    use webhook_deliveries as d;
    let anew = (d::status.eq(&row.status), d::attempts.eq(row.attempts), d::next_attempt_at.eq(row.next_attempt_at));
    diesel::update(d::table.find(&row.id)).set((anew, d::finished_at.eq(row.finished_at))).execute(c)?;
    Ok(())
}

/// Takes deliveries that are due, at most so many of one webhook, and holds them until an instant: nobody else sends them meanwhile.
pub(super) fn claim(c: &mut Conn, webhook: &WebhookId, most: i64, now: UtcTime, until: UtcTime) -> Result<Vec<DeliveryRow>> {
    use webhook_deliveries as d;
    db::lock(c, "webhooks", webhook.as_str())?;
    let due = d::table
        .filter(d::webhook_id.eq(webhook).and(d::status.eq(DeliveryStatus::Pending.as_str())))
        .filter(d::next_attempt_at.le(now).and(d::held_until.le(now)));
    let rows: Vec<DeliveryRow> = due.order((d::next_attempt_at, d::position)).limit(most).select(DeliveryRow::as_select()).load(c)?;
    let ids: Vec<&DeliveryId> = rows.iter().map(|row| &row.id).collect();
    diesel::update(d::table.filter(d::id.eq_any(ids))).set(d::held_until.eq(until)).execute(c)?;
    Ok(rows)
}

/// Whether any delivery of a webhook is due.
pub(super) fn any_due(c: &mut Conn, now: UtcTime) -> Result<Vec<WebhookId>> {
    use webhook_deliveries as d;
    let due = d::table
        .inner_join(webhooks::table)
        .filter(webhooks::active.eq(true).and(d::status.eq(DeliveryStatus::Pending.as_str())))
        .filter(d::next_attempt_at.le(now).and(d::held_until.le(now)));
    Ok(due.select(d::webhook_id).distinct().load(c)?)
}

/// Writes down what became of an attempt. One that was replayed meanwhile stays due.
pub(super) fn note(c: &mut Conn, sent: &DeliveryRow, attempt: Attempt, verdict: Verdict, now: UtcTime) -> Result<()> {
    use webhook_deliveries as d;
    let Some((attempts, log)): Option<(i32, String)> = d::table.find(&sent.id).select((d::attempts, d::attempt_log)).first(c).optional()?
    else {
        return Ok(());
    };
    let mut log: Vec<Attempt> = db::from_json(&log)?;
    log.push(attempt);
    log.drain(..log.len().saturating_sub(REMEMBERED));
    let log = d::attempt_log.eq(db::to_json(&log)?);
    if attempts != sent.attempts {
        diesel::update(d::table.find(&sent.id)).set((log, d::held_until.eq(now))).execute(c)?;
        return Ok(());
    }
    let over = verdict.status != DeliveryStatus::Pending;
    let became = (
        d::status.eq(verdict.status.as_str()),
        d::attempts.eq(attempts + 1),
        d::next_attempt_at.eq(verdict.next_attempt_at),
        d::finished_at.eq(over.then_some(now)),
        d::held_until.eq(now),
        log,
    );
    diesel::update(d::table.find(&sent.id)).set(became).execute(c)?;
    Ok(())
}

/// Forgets, a batch at a time, what is older than is kept. Answers whether there is more.
///
/// # Errors
/// If the database fails.
pub fn forget(c: &mut Conn, now: UtcTime) -> Result<bool> {
    use webhook_deliveries as d;
    let delivered = d::status.eq(DeliveryStatus::Delivered.as_str()).and(d::finished_at.lt(now.plus(-KEPT)));
    let dead = d::status.eq(DeliveryStatus::DeadLettered.as_str()).and(d::finished_at.lt(now.plus(-KEPT_DEAD)));
    let old: Vec<DeliveryId> = d::table.filter(delivered.or(dead)).select(d::id).limit(BATCH).load(c)?;
    diesel::delete(d::table.filter(d::id.eq_any(&old))).execute(c)?;
    Ok(i64::try_from(old.len()).is_ok_and(|gone| gone == BATCH))
}
