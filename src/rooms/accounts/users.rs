//! People in the database.

use super::table::{self, AccountRow};
use super::use_cases::{self, Account, Before};
use super::wire::{AccountFilter, UserIn, UserOut};
use super::{grants, rules, sessions};
use crate::actor::Actor;
use crate::actor::actions::Actions;
use crate::auth::caller::Kind;
use crate::change::patch::Patch;
use crate::change::{self, Event, Expected, Update, Versioned};
use crate::db::schema::accounts;
use crate::db::{self, Conn};
use crate::problem::{Result, codes};
use crate::reading::paging::{Page, Paging};
use crate::values::id::AccountId;
use diesel::prelude::*;
use serde_json::json;

fn wire(account: Account) -> UserOut {
    let Account { row, grants, second_factor } = account;
    let AccountRow {
        id,
        kind: _,
        login,
        login_key: _,
        name,
        email,
        phone,
        position,
        secret_hash: _,
        must_change_password,
        active,
        expires_at: _,
        allowed_addresses: _,
        auth_version: _,
        fold: _,
        name_key: _,
        version,
        created_at,
        updated_at,
    } = row;
    UserOut {
        id: id.into(),
        version,
        username: login,
        display_name: name,
        position,
        email,
        phone,
        active,
        must_change_password,
        totp: second_factor,
        grants,
        one_time_password: None,
        created_at,
        updated_at,
        actions: None,
    }
}

fn input_of(account: &Account) -> UserIn {
    let row = &account.row;
    UserIn {
        username: row.login.clone(),
        display_name: row.name.clone(),
        position: row.position.clone(),
        email: row.email.clone(),
        phone: row.phone.clone(),
        active: Some(row.active),
        must_change_password: Some(row.must_change_password),
        grants: account.grants.iter().map(super::wire::GrantOut::to_input).collect(),
    }
}

/// A page of people.
///
/// # Errors
/// 400 for a sort field or cursor that fits nothing.
pub(super) fn list(c: &mut Conn, actor: &Actor, filter: &AccountFilter, paging: &Paging) -> Result<Page<UserOut>> {
    use_cases::list(c, actor, Kind::User, filter, paging)?.try_map(|account| Ok(wire(account)))
}

/// One person, with what the caller may do with the account.
///
/// # Errors
/// 404.
pub(super) fn find(c: &mut Conn, actor: &Actor, id: &AccountId) -> Result<UserOut> {
    let account = use_cases::readable(c, actor, Kind::User, id)?;
    let manage = || grants::manageable(actor, &account.jurisdictions());
    let delete = match manage() {
        Ok(()) => deletable(c, actor, &account),
        refused => refused,
    };
    let reset_totp = match manage() {
        Ok(()) if !account.second_factor => Err(codes::TOTP_NOT_ENABLED.into()),
        may => may,
    };
    let actions = Actions::default()
        .with(actor, "update", manage())?
        .with(actor, "reset_password", manage())?
        .with(actor, "reset_totp", reset_totp)?
        .with(actor, "delete", delete)?;
    Ok(UserOut { actions: Some(actions), ..wire(account) })
}

fn deletable(c: &mut Conn, actor: &Actor, account: &Account) -> Result<()> {
    grants::others_administer(c, &account.row.id, &rules::admin_lost(&account.roles(actor.now), &[]), actor.now)?;
    use_cases::has_not_acted(c, Kind::User, &account.row.id)
}

fn fill(row: &mut AccountRow, input: &UserIn) {
    row.login.clone_from(&input.username);
    row.login_key = table::login_key(&input.username);
    row.name.clone_from(&input.display_name);
    row.position.clone_from(&input.position);
    row.email.clone_from(&input.email);
    row.phone.clone_from(&input.phone);
    row.active = input.active.unwrap_or(true);
    row.fold_names();
}

/// Adds a person. `password_hash` is the hash of a password that the caller tells him.
///
/// # Errors
/// 422 for an unknown reference or no grant, 403 above the caller's reach, 409 if the name is taken.
pub fn add(c: &mut Conn, actor: &Actor, input: &UserIn, password_hash: String) -> Result<UserOut> {
    let wanted = grants::wanted(c, actor, None, &input.grants)?;
    let mut row = AccountRow::new(Kind::User, &input.username, password_hash, actor.now);
    fill(&mut row, input);
    row.must_change_password = input.must_change_password.unwrap_or(true);
    let event = Event::new("user.created", "user", row.id.as_str(), row.version, wanted.first().map(|g| g.jurisdiction.as_str()));
    let event = event.change(None, Some(json!(input)));
    change::save(c, actor, &event, |w| {
        use_cases::insert(w, &row, &wanted)?;
        grants::note_added(w.conn(), actor, &event, &[], &wanted)
    })?;
    find(c, actor, &row.id)
}

/// Changes a person's account.
///
/// # Errors
/// 404, 403, 412, 409 for the last administrator or a taken name, 422.
pub(super) fn update(c: &mut Conn, actor: &Actor, id: &AccountId, expected: &Expected, patch: &Patch<UserIn>) -> Result<UserOut> {
    let mut account = use_cases::locked(c, actor, Kind::User, id, Some(expected))?;
    let before = input_of(&account);
    let after = patch.merge(&before)?;
    let said = Update::new(&before, after);
    let decide = |c: &mut Conn, account: &mut Account, after: &mut UserIn| {
        let wanted = grants::wanted(c, actor, Some((&account.row.id, &account.grants)), &after.grants)?;
        after.grants = wanted.iter().map(grants::Resolved::to_input).collect();
        let remembered = Before::of(account, actor.now);
        fill(&mut account.row, after);
        account.row.must_change_password = after.must_change_password.unwrap_or(false);
        Ok((wanted, remembered))
    };
    change::update(c, actor, &mut account, said, decide, |w, account, (wanted, remembered)| {
        remembered.save(w, actor, account, &wanted)?;
        grants::note_added(w.conn(), actor, &Event::of("updated", account), &account.grants, &wanted)
    })?;
    find(c, actor, id)
}

/// Deletes the account of a person who has done nothing with it.
///
/// # Errors
/// 404, 403, 412, 409 for the last administrator or one who has acted.
pub(super) fn delete(c: &mut Conn, actor: &Actor, id: &AccountId, expected: &Expected) -> Result<()> {
    let account = use_cases::locked(c, actor, Kind::User, id, Some(expected))?;
    db::lock_name(c, "administrators")?;
    deletable(c, actor, &account)?;
    change::delete(c, actor, &account, &input_of(&account), |w| table::remove(w, id))
}

/// Gives a person a one-time password, whose hash this is, and ends all sessions.
///
/// # Errors
/// 404, 403.
pub fn reset(c: &mut Conn, actor: &Actor, id: &AccountId, password_hash: String) -> Result<UserOut> {
    let mut account = use_cases::locked(c, actor, Kind::User, id, None)?;
    account.row.secret_hash = password_hash;
    account.row.must_change_password = true;
    account.row.auth_version += 1;
    account.touch(account.row.version + 1, actor.now);
    change::save(c, actor, &Event::of("password_reset", &account), |w| {
        table::update(w, &account.row)?;
        sessions::end_all(w.conn(), id, None, actor.now)
    })?;
    find(c, actor, id)
}

/// The person with this name to sign in with.
///
/// # Errors
/// 404.
pub fn named(c: &mut Conn, username: &str) -> Result<AccountId> {
    accounts::table
        .filter(accounts::login_key.eq(table::login_key(username)).and(accounts::kind.eq(Kind::User.as_str())))
        .select(accounts::id)
        .first(c)
        .optional()?
        .ok_or_else(|| codes::NOT_FOUND.into())
}
