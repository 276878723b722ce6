//! Accounts and signing keys as the authentication of each request needs them.

use super::address;
use super::caller::{Caller, Grant, Kind, RESTRICTED_READ, Reach, Role};
use super::keys::{KeySet, SigningKey, Stored};
use super::secret_encryption::{self, SecretCipher};
use super::token::Claims;
use super::validity::Validity;
use crate::db::schema::{accounts, grants, jurisdictions, second_factors, sessions, signing_keys};
use crate::db::{self, Conn};
use crate::problem::{Error, Result};
use crate::values::clock::UtcTime;
use crate::values::id::{AccountId, SessionId, UnitId};
use chrono::NaiveDate;
use diesel::prelude::*;
use secrecy::ExposeSecret;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

type AccountColumns = (String, String, String, bool, bool, Option<UtcTime>, String, i64);

/// The account behind a token, if it still counts: active, not expired, its rights unchanged since the token was
/// issued, its session not ended, and allowed to come from this address where one is given.
///
/// # Errors
/// If the database fails.
pub fn caller(c: &mut Conn, claims: &Claims, address: Option<&str>, now: UtcTime) -> Result<Option<Caller>> {
    let row: Option<AccountColumns> = accounts::table
        .find(&claims.sub)
        .select((
            accounts::kind,
            accounts::login,
            accounts::name,
            accounts::must_change_password,
            accounts::active,
            accounts::expires_at,
            accounts::allowed_addresses,
            accounts::auth_version,
        ))
        .first(c)
        .optional()?;
    let Some((kind, username, display_name, must_change_password, active, expires_at, addresses, version)) = row else { return Ok(None) };
    if !active || version != claims.ver || expires_at.is_some_and(|t| t <= now) {
        return Ok(None);
    }
    let addresses: Vec<String> = db::from_json(&addresses)?;
    if address.is_some_and(|from| !address::allowed(&addresses, from)) {
        return Ok(None);
    }
    let mut counts_until = expires_at;
    if let Some(session) = &claims.sid {
        let ended: Option<(Option<UtcTime>, UtcTime)> =
            sessions::table.find(session).select((sessions::ended_at, sessions::expires_at)).first(c).optional()?;
        match ended {
            Some((None, until)) if until > now => counts_until = Some(counts_until.map_or(until, |end| end.min(until))),
            _ => return Ok(None),
        }
    }
    let factor = second_factors::table.find(&claims.sub).filter(second_factors::confirmed_at.is_not_null());
    let second_factor: i64 = factor.count().get_result(c)?;
    let rights = rights_of(c, &claims.sub, now)?;
    Ok(Some(Caller {
        id: AccountId::from_text(&claims.sub),
        kind: if kind == "client" { Kind::Client } else { Kind::User },
        username,
        display_name,
        session: claims.sid.as_deref().map(SessionId::from_text),
        must_change_password,
        second_factor: second_factor > 0,
        grants: rights.grants,
        counts_until: [counts_until, rights.until].into_iter().flatten().min(),
    }))
}

/// An account as if it had signed in at this instant: for what is done in its name without a token. `None` if there is none.
///
/// # Errors
/// If the database fails.
pub fn unsigned(c: &mut Conn, id: &AccountId, now: UtcTime) -> Result<Option<Caller>> {
    let row: Option<(String, String, String, bool)> = accounts::table
        .find(id)
        .select((accounts::kind, accounts::login, accounts::name, accounts::must_change_password))
        .first(c)
        .optional()?;
    let Some((kind, username, display_name, must_change_password)) = row else { return Ok(None) };
    Ok(Some(Caller {
        id: id.clone(),
        kind: if kind == "client" { Kind::Client } else { Kind::User },
        username,
        display_name,
        session: None,
        must_change_password,
        second_factor: false,
        grants: rights_of(c, id.as_str(), now)?.grants,
        counts_until: None,
    }))
}

/// The same if the account may still act: it is active and has not run out.
///
/// # Errors
/// If the database fails.
pub fn acting(c: &mut Conn, id: &AccountId, now: UtcTime) -> Result<Option<Caller>> {
    let counts = accounts::active.eq(true).and(accounts::expires_at.is_null().or(accounts::expires_at.gt(now)));
    let counts: i64 = accounts::table.find(id).filter(counts).count().get_result(c)?;
    if counts == 1 { unsigned(c, id, now) } else { Ok(None) }
}

/// What an account may do at an instant.
pub struct Rights {
    /// The grants that hold, each with its reach.
    pub grants: Vec<Grant>,
    /// The next instant at which a grant begins or ends.
    pub until: Option<UtcTime>,
}

/// What an account may do at this instant.
///
/// # Errors
/// If the database fails.
pub fn rights_of(c: &mut Conn, account: &str, now: UtcTime) -> Result<Rights> {
    type Row = (String, String, Option<UnitId>, String, (Option<NaiveDate>, Option<NaiveDate>));
    let rows: Vec<Row> = grants::table
        .filter(grants::account_id.eq(account))
        .order(grants::position)
        .select((grants::role, grants::jurisdiction, grants::unit_id, grants::scopes, (grants::valid_from, grants::valid_until)))
        .load(c)?;
    let mut reaches: HashMap<(bool, String), Reach> = HashMap::new();
    let mut list = Vec::with_capacity(rows.len());
    let mut next: Option<UtcTime> = None;
    for (role, jurisdiction, unit, scopes, (from, until)) in rows {
        let days = Validity { from, until };
        next = [next, days.next_change(now)].into_iter().flatten().min();
        if !days.holds(now) {
            continue;
        }
        let role = Role::parse(&role).ok_or_else(|| Error::internal("a grant with an unknown role"))?;
        let reach = match reaches.entry((role.reaches_below(), jurisdiction.clone())) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(new) => new.insert(reach_of_grant(c, role, &jurisdiction)?).clone(),
        };
        let scopes: Vec<String> = db::from_json(&scopes)?;
        list.push(Grant { role, jurisdiction, reach, unit, restricted: scopes.iter().any(|s| s == RESTRICTED_READ) });
    }
    Ok(Rights { grants: list, until: next })
}

/// Where a grant of this role for this administrative unit holds.
///
/// # Errors
/// If the database fails.
pub fn reach_of_grant(c: &mut Conn, role: Role, code: &str) -> Result<Reach> {
    if role.reaches_below() { reach_of(c, code) } else { Ok(Reach::only(code)) }
}

/// An administrative unit and all below it. The tree has three levels: country, province, commune.
///
/// # Errors
/// If the database fails.
pub fn reach_of(c: &mut Conn, code: &str) -> Result<Reach> {
    Ok(find_reach(c, code)?.unwrap_or_else(|| Reach::only(code)))
}

/// The same; `None` if there is no administrative unit of this code.
///
/// # Errors
/// If the database fails.
pub fn find_reach(c: &mut Conn, code: &str) -> Result<Option<Reach>> {
    let itself_and_below = jurisdictions::code.eq(code).or(jurisdictions::parent.eq(code));
    let found: Vec<(String, String)> =
        jurisdictions::table.filter(itself_and_below).select((jurisdictions::code, jurisdictions::level)).load(c)?;
    Ok(match found.iter().find(|(own, _)| own == code).map(|(_, level)| level.as_str()) {
        None => None,
        Some("country") => Some(Reach::Everything),
        Some(_) => Some(Reach::Codes(Arc::new(found.into_iter().map(|(code, _)| code).collect()))),
    })
}

/// The signing keys; the first start makes one. Servers that start at once agree on it.
///
/// # Errors
/// If the database fails, a stored key is broken, or the vault does not open the one that signs.
pub fn keys(c: &mut Conn, secrets: &SecretCipher) -> Result<KeySet> {
    db::lock_name(c, "signing_keys")?;
    if current_key(c, secrets)?.is_none() {
        add_key(c, secrets, UtcTime::now())?;
    }
    load_keys(c)
}

fn add_key(c: &mut Conn, secrets: &SecretCipher, now: UtcTime) -> Result<String> {
    let key = SigningKey::generate()?;
    let private_key = secrets.seal(&secret_encryption::of_signing_key(key.kid()), &key.private_b64())?;
    diesel::insert_into(signing_keys::table)
        .values((
            signing_keys::kid.eq(key.kid()),
            signing_keys::public_key.eq(key.public_b64()),
            signing_keys::private_key.eq(private_key),
            signing_keys::created_at.eq(now),
        ))
        .execute(c)?;
    Ok(key.kid().to_owned())
}

/// Puts a new key in the place of the one that signs, whose private half is destroyed. Answers with the name of the new
/// key and those of the keys it retired.
///
/// # Errors
/// If the database fails.
pub fn rotate_keys(c: &mut Conn, secrets: &SecretCipher, now: UtcTime) -> Result<(String, Vec<String>)> {
    db::lock_name(c, "signing_keys")?;
    let signing = signing_keys::table.filter(signing_keys::retired_at.is_null());
    let old: Vec<String> = signing.select(signing_keys::kid).load(c)?;
    diesel::update(signing).set((signing_keys::retired_at.eq(now), signing_keys::private_key.eq(None::<String>))).execute(c)?;
    Ok((add_key(c, secrets, now)?, old))
}

/// The key that signs now. Whoever signs reads it in the transaction whose outcome is signed: so a rotation holds at every
/// server at once.
///
/// # Errors
/// If the database fails, there is none, or the vault does not open it.
pub fn signing_key(c: &mut Conn, secrets: &SecretCipher) -> Result<SigningKey> {
    current_key(c, secrets)?.ok_or_else(|| Error::internal("there is no signing key"))
}

/// The same where there may be none yet.
///
/// # Errors
/// If the database fails or the vault does not open it.
pub fn current_key(c: &mut Conn, secrets: &SecretCipher) -> Result<Option<SigningKey>> {
    let row: Option<(String, String, Option<String>)> = signing_keys::table
        .filter(signing_keys::retired_at.is_null())
        .order((signing_keys::created_at.desc(), signing_keys::kid.desc()))
        .select((signing_keys::kid, signing_keys::public_key, signing_keys::private_key))
        .first(c)
        .optional()?;
    let Some((kid, public_key, Some(sealed))) = row else { return Ok(None) };
    let private_key = secrets.open(&secret_encryption::of_signing_key(&kid), &sealed)?;
    SigningKey::from_stored(&kid, &public_key, private_key.expose_secret()).map(Some)
}

/// Which keys there are and when they were retired, in the order of [`load_keys`].
///
/// # Errors
/// If the database fails.
pub fn keys_standing(c: &mut Conn) -> Result<Vec<(String, Option<UtcTime>)>> {
    let ordered = signing_keys::table.order((signing_keys::created_at, signing_keys::kid));
    Ok(ordered.select((signing_keys::kid, signing_keys::retired_at)).load(c)?)
}

/// The public halves of all signing keys, newest last.
///
/// # Errors
/// If the database fails or a stored key is broken.
pub fn load_keys(c: &mut Conn) -> Result<KeySet> {
    let rows: Vec<(String, String, Option<UtcTime>)> = signing_keys::table
        .order((signing_keys::created_at, signing_keys::kid))
        .select((signing_keys::kid, signing_keys::public_key, signing_keys::retired_at))
        .load(c)?;
    let public = |(kid, public_key, retired_at)| Stored { kid, public_key, private_key: None, retired_at };
    KeySet::from_stored(rows.into_iter().map(public))
}
