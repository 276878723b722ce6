//! Machines in the database.

use super::table::{self, AccountRow};
use super::use_cases::{self, Account, Before};
use super::wire::{AccountFilter, AddressText, ClientIn, ClientOut};
use super::{grants, sessions};
use crate::actor::Actor;
use crate::actor::actions::Actions;
use crate::auth::address::AddressRange;
use crate::auth::caller::Kind;
use crate::auth::secret;
use crate::change::patch::Patch;
use crate::change::{self, Event, Expected, Update, Versioned};
use crate::db::{self, Conn};
use crate::problem::{Faults, FieldError, Result, codes};
use crate::reading::paging::{Page, Paging};
use crate::values::id::AccountId;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

fn wire(account: Account) -> Result<ClientOut> {
    let Account { row, grants, second_factor: _ } = account;
    let AccountRow {
        id,
        kind: _,
        login,
        login_key: _,
        name,
        email: _,
        phone: _,
        position: _,
        secret_hash: _,
        must_change_password: _,
        active,
        expires_at,
        allowed_addresses,
        auth_version: _,
        fold: _,
        name_key: _,
        version,
        created_at,
        updated_at,
    } = row;
    Ok(ClientOut {
        id: id.into(),
        version,
        client_id: login,
        client_secret: None,
        name,
        active,
        grants,
        expires_at,
        allowed_addresses: db::from_json(&allowed_addresses)?,
        created_at,
        updated_at,
        actions: None,
    })
}

fn input_of(account: &Account) -> Result<ClientIn> {
    let row = &account.row;
    Ok(ClientIn {
        name: row.name.clone(),
        active: Some(row.active),
        grants: account.grants.iter().map(super::wire::GrantOut::to_input).collect(),
        expires_at: row.expires_at,
        allowed_addresses: Some(db::from_json(&row.allowed_addresses)?),
    })
}

/// A page of machines.
///
/// # Errors
/// 400 for a sort field or cursor that fits nothing.
pub(super) fn list(c: &mut Conn, actor: &Actor, filter: &AccountFilter, paging: &Paging) -> Result<Page<ClientOut>> {
    use_cases::list(c, actor, Kind::Client, filter, paging)?.try_map(wire)
}

/// One machine, with what the caller may do with the account.
///
/// # Errors
/// 404.
pub(super) fn find(c: &mut Conn, actor: &Actor, id: &AccountId) -> Result<ClientOut> {
    let account = use_cases::readable(c, actor, Kind::Client, id)?;
    let manage = || grants::manageable(actor, &account.jurisdictions());
    let delete = match manage() {
        Ok(()) => use_cases::has_not_acted(c, Kind::Client, id),
        refused => refused,
    };
    let actions =
        Actions::default().with(actor, "update", manage())?.with(actor, "rotate_secret", manage())?.with(actor, "delete", delete)?;
    Ok(ClientOut { actions: Some(actions), ..wire(account)? })
}

fn fill(row: &mut AccountRow, input: &ClientIn) -> Result<()> {
    let addresses = input.allowed_addresses.as_deref().unwrap_or_default();
    let mut faults = Faults::default();
    for (n, AddressText(text)) in addresses.iter().enumerate() {
        if AddressRange::parse(text).is_none() {
            faults.add(FieldError::new(format!("/allowed_addresses/{n}"), codes::FIELD_FORMAT).saying(
                "Cần một địa chỉ IP, hoặc một dải địa chỉ như «10.0.0.0/8».",
                "Must be an IP address or a range such as 10.0.0.0/8.",
            ));
        }
    }
    faults.check()?;
    row.name.clone_from(&input.name);
    row.active = input.active.unwrap_or(true);
    row.expires_at = input.expires_at;
    row.allowed_addresses = db::to_json(&addresses)?;
    row.fold_names();
    Ok(())
}

/// Adds a machine and makes its secret, which is told this once.
///
/// # Errors
/// 422 for an unknown reference or no grant, 403 above the caller's reach.
pub fn add(c: &mut Conn, actor: &Actor, input: &ClientIn) -> Result<(ClientOut, SecretString)> {
    let wanted = grants::wanted(c, actor, None, &input.grants)?;
    let secret = secret::client_secret()?;
    let mut row = AccountRow::new(Kind::Client, &secret::client_id()?, secret::hash_token(secret.expose_secret()), actor.now);
    fill(&mut row, input)?;
    let event = Event::new("client.created", "client", row.id.as_str(), row.version, wanted.first().map(|g| g.jurisdiction.as_str()));
    let event = event.change(None, Some(json!(input)));
    change::save(c, actor, &event, |w| {
        use_cases::insert(w, &row, &wanted)?;
        grants::note_added(w.conn(), actor, &event, &[], &wanted)
    })?;
    Ok((find(c, actor, &row.id)?, secret))
}

/// Changes a machine's account.
///
/// # Errors
/// 404, 403, 412, 422.
pub(super) fn update(c: &mut Conn, actor: &Actor, id: &AccountId, expected: &Expected, patch: &Patch<ClientIn>) -> Result<ClientOut> {
    let mut account = use_cases::locked(c, actor, Kind::Client, id, Some(expected))?;
    let before = input_of(&account)?;
    let after = patch.merge(&before)?;
    let said = Update::new(&before, after);
    let decide = |c: &mut Conn, account: &mut Account, after: &mut ClientIn| {
        let wanted = grants::wanted(c, actor, Some((&account.row.id, &account.grants)), &after.grants)?;
        after.grants = wanted.iter().map(grants::Resolved::to_input).collect();
        let remembered = Before::of(account, actor.now);
        fill(&mut account.row, after)?;
        Ok((wanted, remembered))
    };
    change::update(c, actor, &mut account, said, decide, |w, account, (wanted, remembered)| {
        remembered.save(w, actor, account, &wanted)?;
        grants::note_added(w.conn(), actor, &Event::of("updated", account), &account.grants, &wanted)
    })?;
    find(c, actor, id)
}

/// Deletes a machine that has done nothing.
///
/// # Errors
/// 404, 403, 412, 409.
pub(super) fn delete(c: &mut Conn, actor: &Actor, id: &AccountId, expected: &Expected) -> Result<()> {
    let account = use_cases::locked(c, actor, Kind::Client, id, Some(expected))?;
    use_cases::has_not_acted(c, Kind::Client, id)?;
    change::delete(c, actor, &account, &input_of(&account)?, |w| table::remove(w, id))
}

/// Gives a machine a new secret, told this once. The old one and the tokens taken with it no longer count.
///
/// # Errors
/// 404, 403.
pub(super) fn rotate(c: &mut Conn, actor: &Actor, id: &AccountId) -> Result<(ClientOut, SecretString)> {
    let mut account = use_cases::locked(c, actor, Kind::Client, id, None)?;
    let secret = secret::client_secret()?;
    account.row.secret_hash = secret::hash_token(secret.expose_secret());
    account.row.auth_version += 1;
    account.touch(account.row.version + 1, actor.now);
    change::save(c, actor, &Event::of("secret_rotated", &account), |w| {
        table::update(w, &account.row)?;
        sessions::end_all(w.conn(), id, None, actor.now)
    })?;
    Ok((find(c, actor, id)?, secret))
}
