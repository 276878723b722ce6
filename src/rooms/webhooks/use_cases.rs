//! What is done with webhooks.

use super::rules::OVERLAP;
use super::table::{self, WebhookRow};
use super::wire::{DeliveryFilter, DeliveryOut, DeliveryStatus, WebhookFilter, WebhookIn, WebhookOut};
use super::{outbox, target};
use crate::actor::Actor;
use crate::actor::actions::Actions;
use crate::auth::caller::Role;
use crate::auth::secret;
use crate::auth::secret_encryption::{SecretCipher, of_previous_webhook_secret, of_webhook_secret};
use crate::change::patch::Patch;
use crate::change::{self, Event, Expected, Update, order};
use crate::db::{self, Conn};
use crate::problem::{Error, Faults, FieldError, Place, Problem, Result, codes};
use crate::reading::paging::{Page, Paging};
use crate::reading::references::{JurisdictionKey, Scope};
use crate::values::id::{DeliveryId, WebhookId};
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeSet;
use url::Url;

/// How many an administrative unit has at most: each is told of every change.
const MOST: i64 = 20;

/// By what webhooks are written: the key to their secrets, and whether they may send into private networks.
#[derive(Debug, Clone)]
pub(super) struct Terms {
    pub secrets: SecretCipher,
    pub allow_private: bool,
}

/// A page of the webhooks within the caller's reach.
///
/// # Errors
/// 400 for a sort field or cursor that fits nothing.
pub(super) fn list(c: &mut Conn, actor: &Actor, filter: &WebhookFilter, paging: &Paging) -> Result<Page<WebhookOut>> {
    let area = actor.reach(&[Role::Admin]).codes();
    table::page(c, area.as_deref(), filter, paging)?.try_map(|row| row.into_out(actor.now))
}

/// One, with what the caller may do with it.
///
/// # Errors
/// 404.
pub(super) fn find(c: &mut Conn, actor: &Actor, id: &WebhookId) -> Result<WebhookOut> {
    with_actions(actor, readable(c, actor, id)?)
}

/// Adds one and makes its secret, which is told this once.
///
/// # Errors
/// 422 for an address that will not do or an unknown administrative unit, 403 above the caller's reach, 409 where there are many.
pub(super) fn create(c: &mut Conn, actor: &Actor, terms: &Terms, input: &WebhookIn) -> Result<(WebhookOut, SecretString)> {
    let url = target_of(&input.url, terms)?;
    let jurisdiction = match &input.jurisdiction {
        Some(code) => Scope::default().one::<JurisdictionKey>(c, code, &Place::body("/jurisdiction"))?.code,
        None => own_jurisdiction(actor)?,
    };
    actor.must(&[Role::Admin], &jurisdiction)?;
    if table::count_in(c, &jurisdiction)? >= MOST {
        return Err(codes::WEBHOOK_TOO_MANY.into());
    }
    let (id, secret) = (WebhookId::new(), secret::webhook_secret()?);
    let row = WebhookRow {
        secret: terms.secrets.seal(&of_webhook_secret(id.as_str()), &secret)?,
        id,
        jurisdiction: jurisdiction.clone(),
        url: url.into(),
        types: db::to_json(&input.types)?,
        description: input.description.clone(),
        active: input.active.unwrap_or(true),
        disabled_because: None,
        previous_secret: None,
        previous_until: None,
        position: order::places(c)?.last,
        version: 1,
        created_at: actor.now,
        updated_at: actor.now,
    };
    let said = WebhookIn { jurisdiction: Some(jurisdiction), active: Some(row.active), ..input.clone() };
    change::create(c, actor, &row, &said, |w| table::insert(w, &row))?;
    Ok((with_actions(actor, row)?, secret))
}

/// Where messages may be sent to.
fn target_of(text: &str, terms: &Terms) -> Result<Url> {
    target::read(text, terms.allow_private).map_err(|fault| {
        let mut faults = Faults::default();
        faults.add(fault);
        faults.check().err().unwrap_or_else(|| Error::internal("a fault that is none"))
    })
}

/// The administrative unit in which somebody administers, if it is one.
fn own_jurisdiction(actor: &Actor) -> Result<String> {
    let grants = actor.account()?.grants.iter().filter(|grant| grant.role == Role::Admin);
    let places: BTreeSet<&str> = grants.map(|grant| grant.jurisdiction.as_str()).collect();
    match places.iter().collect::<Vec<_>>().as_slice() {
        [only] => Ok((**only).to_owned()),
        _ => Err(Problem::new(codes::FIELD_REQUIRED).with_errors(vec![FieldError::new("/jurisdiction", codes::FIELD_REQUIRED)]).into()),
    }
}

/// Changes one. One that is made active again is told what happened meanwhile.
///
/// # Errors
/// 404, 412, 422.
pub(super) fn update(
    c: &mut Conn,
    actor: &Actor,
    terms: &Terms,
    (id, expected): (&WebhookId, &Expected),
    patch: &Patch<WebhookIn>,
) -> Result<WebhookOut> {
    let mut row = change::begin(c, id.as_str(), Some(expected), |c| readable(c, actor, id), |_, _| Ok(()))?;
    let before = row.to_input()?;
    let after = patch.merge(&before)?;
    let decide = |c: &mut Conn, row: &mut WebhookRow, after: &mut WebhookIn| {
        if after.url != row.url {
            row.url = target_of(&after.url, terms)?.into();
        }
        if let Some(code) = after.jurisdiction.as_ref().filter(|code| **code != row.jurisdiction) {
            row.jurisdiction = Scope::default().one::<JurisdictionKey>(c, code, &Place::body("/jurisdiction"))?.code;
            actor.must(&[Role::Admin], &row.jurisdiction)?;
        }
        let active = after.active.unwrap_or(true);
        if active && !row.active {
            row.disabled_because = None;
        }
        row.active = active;
        row.types = db::to_json(&after.types)?;
        row.description.clone_from(&after.description);
        *after = row.to_input()?;
        Ok(())
    };
    change::update(c, actor, &mut row, Update::new(&before, after), decide, |w, row, ()| table::update(w, row))?;
    with_actions(actor, row)
}

/// Deletes one, with its deliveries.
///
/// # Errors
/// 404, 412.
pub(super) fn delete(c: &mut Conn, actor: &Actor, id: &WebhookId, expected: &Expected) -> Result<()> {
    let row = change::begin(c, id.as_str(), Some(expected), |c| readable(c, actor, id), |_, _| Ok(()))?;
    let before = row.to_input()?;
    change::delete(c, actor, &row, &before, |w| table::delete(w, id))
}

/// Gives one a new secret, told this once. For a day messages are signed by the one before as well, so that no receiver misses any
/// while it is put in.
///
/// # Errors
/// 404.
pub(super) fn rotate_secret(c: &mut Conn, actor: &Actor, terms: &Terms, id: &WebhookId) -> Result<(WebhookOut, SecretString)> {
    let mut row = change::begin(c, id.as_str(), None, |c| readable(c, actor, id), |_, _| Ok(()))?;
    let secret = secret::webhook_secret()?;
    let (place, place_before) = (of_webhook_secret(id.as_str()), of_previous_webhook_secret(id.as_str()));
    // One that was lost with its key signs nothing more.
    let before = terms.secrets.open(&place, &row.secret).ok();
    row.previous_secret = before.as_ref().map(|before| terms.secrets.seal(&place_before, before)).transpose()?;
    row.previous_until = before.map(|_| actor.now.plus(OVERLAP));
    row.secret = terms.secrets.seal(&place, &secret)?;
    (row.version, row.updated_at) = (row.version + 1, actor.now);
    let event = Event::of("secret_rotated", &row);
    change::save(c, actor, &event, |w| table::update(w, &row))?;
    Ok((with_actions(actor, row)?, secret))
}

/// A page of what one was told, or is to be.
///
/// # Errors
/// 404; 400 for a sort field or cursor that fits nothing.
pub(super) fn list_deliveries(
    c: &mut Conn,
    actor: &Actor,
    id: &WebhookId,
    filter: &DeliveryFilter,
    paging: &Paging,
) -> Result<Page<DeliveryOut>> {
    readable(c, actor, id)?;
    table::deliveries(c, id, filter, paging)?.try_map(table::DeliveryRow::into_out)
}

/// Sends a message once more, under its id, from now on as often as a new one.
///
/// # Errors
/// 404.
pub(super) fn replay(c: &mut Conn, actor: &Actor, id: &WebhookId, delivery: &DeliveryId) -> Result<DeliveryOut> {
    let row = readable(c, actor, id)?;
    let mut sent = table::find_delivery(c, id, delivery)?;
    (sent.attempts, sent.next_attempt_at, sent.finished_at) = (0, Some(actor.now), None);
    DeliveryStatus::Pending.as_str().clone_into(&mut sent.status);
    let event = Event::of("replayed", &row).change(None, Some(serde_json::json!({"delivery": delivery})));
    change::save(c, actor, &event, |w| outbox::begin_again(w.conn(), &sent))?;
    sent.into_out()
}

/// One that the caller may know of: whoever administers where it belongs.
fn readable(c: &mut Conn, actor: &Actor, id: &WebhookId) -> Result<WebhookRow> {
    let row = table::find(c, id)?;
    if actor.may(&[Role::Admin], &row.jurisdiction) { Ok(row) } else { Err(Error::from(codes::NOT_FOUND)) }
}

fn with_actions(actor: &Actor, row: WebhookRow) -> Result<WebhookOut> {
    let jurisdiction = row.jurisdiction.clone();
    let may = || actor.must(&[Role::Admin], &jurisdiction);
    let actions = Actions::of_editing(actor, may, || Ok(()))?.with(actor, "rotate_secret", may())?;
    Ok(WebhookOut { actions: Some(actions), ..row.into_out(actor.now)? })
}

impl WebhookOut {
    /// The same with the secret that is told once.
    pub(super) fn with_secret(self, secret: &SecretString) -> Self {
        Self { secret: Some(secret.expose_secret().to_owned()), ..self }
    }
}
