//! A person's second factor in the database: the secret of an authenticator app, and recovery codes for the day on which
//! the telephone is lost. Every code is good once.

use crate::actor::Actor;
use crate::auth::caller::Caller;
use crate::auth::secret_encryption::SecretCipher;
use crate::auth::{secret, secret_encryption, totp};
use crate::change::{self, Event};
use crate::db::schema::{accounts, recovery_codes, second_factors};
use crate::db::{self, Conn};
use crate::problem::{Error, Problem, Result, codes};
use crate::values::clock::UtcTime;
use crate::values::id::AccountId;
use diesel::prelude::*;
use secrecy::{ExposeSecret, SecretString};

const RECOVERY_CODES: usize = 10;

/// A row of `second_factors`. It holds a secret, so it has no `Debug`.
#[derive(Queryable, Selectable)]
#[diesel(table_name = second_factors)]
struct FactorRow {
    /// Sealed.
    secret: String,
    confirmed_at: Option<UtcTime>,
    last_step: i64,
}

/// What became of a code that was to prove who signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    /// The account has no second factor, or the code was good and is now spent.
    Given,
    /// A code is needed.
    Missing,
    /// It is wrong or was used before.
    Wrong,
}

fn load(c: &mut Conn, account: &AccountId) -> Result<Option<FactorRow>> {
    Ok(second_factors::table.find(account).select(FactorRow::as_select()).first(c).optional()?)
}

/// Those of these accounts that have a second factor.
///
/// # Errors
/// If the database fails.
pub(super) fn confirmed(c: &mut Conn, accounts: &[AccountId]) -> Result<Vec<AccountId>> {
    let confirmed =
        second_factors::table.filter(second_factors::account_id.eq_any(accounts).and(second_factors::confirmed_at.is_not_null()));
    Ok(confirmed.select(second_factors::account_id).load(c)?)
}

/// The interval whose code this is, if it is one of this account that was not taken before.
fn interval_of(actor: &Actor, secrets: &SecretCipher, account: &AccountId, row: &FactorRow, code: &str) -> Result<Option<i64>> {
    let secret = secrets.open(&secret_encryption::of_second_factor(account.as_str()), &row.secret)?;
    totp::interval_of(secret.expose_secret(), code, actor.now.unix(), row.last_step)
}

fn wrong() -> Error {
    Problem::at("/code", codes::TOTP_WRONG).into()
}

/// Makes a secret that asks for nothing until it is confirmed; one that was not confirmed is forgotten.
///
/// # Errors
/// 409 `totp.enabled`.
pub(super) fn begin(c: &mut Conn, actor: &Actor, secrets: &SecretCipher, account: &AccountId) -> Result<SecretString> {
    db::lock(c, "accounts", account.as_str())?;
    if load(c, account)?.is_some_and(|row| row.confirmed_at.is_some()) {
        return Err(codes::TOTP_ENABLED.into());
    }
    let secret = totp::new_secret()?;
    let sealed = secrets.seal(&secret_encryption::of_second_factor(account.as_str()), &secret)?;
    diesel::delete(second_factors::table.find(account)).execute(c)?;
    diesel::insert_into(second_factors::table)
        .values((
            second_factors::account_id.eq(account),
            second_factors::secret.eq(sealed),
            second_factors::last_step.eq(0_i64),
            second_factors::created_at.eq(actor.now),
        ))
        .execute(c)?;
    Ok(secret)
}

/// Confirms the secret by its first code; from now on signing in needs one. Answers with the recovery codes.
///
/// # Errors
/// 409 `totp.enabled` or `totp.not_enabled`, 422 `totp.wrong`.
pub(super) fn confirm(c: &mut Conn, actor: &Actor, secrets: &SecretCipher, caller: &Caller, code: &str) -> Result<Vec<String>> {
    db::lock(c, "accounts", caller.id.as_str())?;
    let row = load(c, &caller.id)?.ok_or(codes::TOTP_NOT_ENABLED)?;
    if row.confirmed_at.is_some() {
        return Err(codes::TOTP_ENABLED.into());
    }
    let step = interval_of(actor, secrets, &caller.id, &row, code)?.ok_or_else(wrong)?;
    diesel::update(second_factors::table.find(&caller.id))
        .set((second_factors::confirmed_at.eq(actor.now), second_factors::last_step.eq(step)))
        .execute(c)?;
    let mut told = Vec::with_capacity(RECOVERY_CODES);
    for _ in 0..RECOVERY_CODES {
        let code = secret::recovery_code()?;
        diesel::insert_into(recovery_codes::table)
            .values((recovery_codes::code_hash.eq(secret::hash_token(code.expose_secret())), recovery_codes::account_id.eq(&caller.id)))
            .execute(c)?;
        told.push(code.expose_secret().to_owned());
    }
    changed(c, actor, &caller.id, "user.totp_enabled", caller.grants.first().map(|g| g.jurisdiction.as_str()))?;
    Ok(told)
}

/// Spends the code of an account whose row is held.
///
/// # Errors
/// If the database fails.
pub(super) fn prove(c: &mut Conn, actor: &Actor, secrets: &SecretCipher, account: &AccountId, code: Option<&str>) -> Result<Proof> {
    let Some(row) = load(c, account)?.filter(|row| row.confirmed_at.is_some()) else { return Ok(Proof::Given) };
    let Some(code) = code else { return Ok(Proof::Missing) };
    if let Some(step) = interval_of(actor, secrets, account, &row, code)? {
        diesel::update(second_factors::table.find(account)).set(second_factors::last_step.eq(step)).execute(c)?;
        return Ok(Proof::Given);
    }
    let unused = recovery_codes::table
        .find(secret::hash_token(&code.to_lowercase()))
        .filter(recovery_codes::account_id.eq(account).and(recovery_codes::used_at.is_null()));
    let used = diesel::update(unused).set(recovery_codes::used_at.eq(actor.now)).execute(c)?;
    Ok(if used == 1 { Proof::Given } else { Proof::Wrong })
}

/// Takes the own second factor away; it takes a code of it.
///
/// # Errors
/// 409 `totp.not_enabled`, 422 `totp.wrong`.
pub(super) fn disable(c: &mut Conn, actor: &Actor, secrets: &SecretCipher, caller: &Caller, code: &str) -> Result<()> {
    db::lock(c, "accounts", caller.id.as_str())?;
    load(c, &caller.id)?.and_then(|row| row.confirmed_at).ok_or(codes::TOTP_NOT_ENABLED)?;
    if prove(c, actor, secrets, &caller.id, Some(code))? != Proof::Given {
        return Err(wrong());
    }
    forget(c, &caller.id)?;
    changed(c, actor, &caller.id, "user.totp_disabled", caller.grants.first().map(|g| g.jurisdiction.as_str()))
}

/// Takes a person's second factor away, as an administrator does for somebody who lost it. The account's row is held.
///
/// # Errors
/// 409 `totp.not_enabled`.
pub(super) fn reset(c: &mut Conn, actor: &Actor, account: &AccountId, jurisdiction: Option<&str>) -> Result<()> {
    load(c, account)?.and_then(|row| row.confirmed_at).ok_or(codes::TOTP_NOT_ENABLED)?;
    forget(c, account)?;
    super::sessions::end_all(c, account, None, actor.now)?;
    changed(c, actor, account, "user.totp_reset", jurisdiction)
}

fn forget(c: &mut Conn, account: &AccountId) -> Result<()> {
    diesel::delete(second_factors::table.find(account)).execute(c)?;
    diesel::delete(recovery_codes::table.filter(recovery_codes::account_id.eq(account))).execute(c)?;
    Ok(())
}

/// Tells of a change of an account's second factor. Its row is held.
fn changed(c: &mut Conn, actor: &Actor, account: &AccountId, action: &'static str, jurisdiction: Option<&str>) -> Result<()> {
    let version = accounts::table.find(account).select(accounts::version).first::<i64>(c)? + 1;
    change::save(c, actor, &Event::new(action, "user", account.as_str(), version, jurisdiction), |w| {
        diesel::update(accounts::table.find(account))
            .set((accounts::version.eq(version), accounts::updated_at.eq(actor.now)))
            .execute(w.conn())?;
        Ok(())
    })
}
