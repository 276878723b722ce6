//! Clients and their tokens in the database.

use super::super::tokens::{LIFE, PEOPLE, Ticket};
use super::super::{auth_audit, sessions};
use super::wire::Credentials;
use crate::actor::Actor;
use crate::auth::caller::Kind;
use crate::auth::secret_encryption::SecretCipher;
use crate::auth::store::rights_of;
use crate::auth::token::Claims;
use crate::auth::{address, secret};
use crate::db::schema::{accounts, refresh_tokens, sessions as session_rows};
use crate::db::{self, Conn};
use crate::problem::Result;
use crate::values::clock::UtcTime;
use crate::values::id::{AccountId, SessionId};
use diesel::prelude::*;

/// Stands for the secret of a client that there is not.
const NOTHING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A client that proved who it is, or the public client under which people sign in, which has no account.
pub(super) struct Client {
    pub client_id: String,
    /// Whether it may see restricted figures somewhere.
    pub restricted: bool,
    account: Option<AccountId>,
}

impl Client {
    /// Whether it has a secret.
    pub fn is_confidential(&self) -> bool {
        self.account.is_some()
    }
}

/// The machine with this id, whether it counts or not.
///
/// # Errors
/// If the database fails.
pub(super) fn known(c: &mut Conn, id: &str) -> Result<Option<AccountId>> {
    let machine = accounts::table.filter(accounts::login.eq(id)).filter(accounts::kind.eq(Kind::Client.as_str()));
    Ok(machine.select(accounts::id).first(c).optional()?)
}

/// The client with these credentials, if it counts now and may come from this address.
///
/// # Errors
/// If the database fails.
pub(super) fn authenticate(c: &mut Conn, actor: &Actor, given: &Credentials) -> Result<Option<Client>> {
    let Some(given_secret) = &given.secret else {
        return Ok((given.id == PEOPLE).then(|| Client { client_id: PEOPLE.to_owned(), restricted: false, account: None }));
    };
    let row: Option<(AccountId, String, bool, Option<UtcTime>, String)> = accounts::table
        .filter(accounts::login_key.eq(given.id.to_lowercase()))
        .filter(accounts::kind.eq(Kind::Client.as_str()).and(accounts::login.eq(&given.id)))
        .select((accounts::id, accounts::secret_hash, accounts::active, accounts::expires_at, accounts::allowed_addresses))
        .first(c)
        .optional()?;
    let stored = row.as_ref().map_or(NOTHING, |row| row.1.as_str());
    let fits = secret::equal(secret::hash_token(given_secret), stored);
    let Some((id, _, active, expires_at, addresses)) = row.filter(|_| fits) else { return Ok(None) };
    let addresses: Vec<String> = db::from_json(&addresses)?;
    let counts = active && expires_at.is_none_or(|t| t > actor.now) && address::allowed(&addresses, &actor.address);
    if !counts {
        return Ok(None);
    }
    let restricted = rights_of(c, id.as_str(), actor.now)?.grants.iter().any(|g| g.restricted);
    Ok(Some(Client { client_id: given.id.clone(), restricted, account: Some(id) }))
}

/// What a new token of a client says; it has a session of its own, so that it can be revoked by itself.
///
/// # Errors
/// If the database fails.
pub(super) fn issue(c: &mut Conn, actor: &Actor, secrets: &SecretCipher, client: &Client, agent: Option<&str>) -> Result<Option<Ticket>> {
    let Some(account) = &client.account else { return Ok(None) };
    let Some((_, version)) = sessions::lock_active(c, account, actor.now)? else { return Ok(None) };
    let expires: Option<UtcTime> = accounts::table.find(account).select(accounts::expires_at).first(c)?;
    let life = actor.now.plus(LIFE);
    // Tokens of a machine are many and cannot be refreshed: ended ones need not be kept.
    let ended = session_rows::account_id.eq(account).and(session_rows::expires_at.le(actor.now));
    diesel::delete(session_rows::table.filter(ended)).execute(c)?;
    let session = sessions::begin(c, actor, account, expires.map_or(life, |t| t.min(life)), agent)?;
    auth_audit::started(c, actor, &session)?;
    Ticket::of(c, actor, secrets, &session, &client.client_id, version).map(Some)
}

/// The session of a token that somebody sent, and the client it was issued to: a refresh token, or an access token with
/// these claims.
///
/// # Errors
/// If the database fails.
pub(super) fn issued_to(c: &mut Conn, token: &str, claims: Option<&Claims>) -> Result<Option<(SessionId, String)>> {
    if let Some(claims) = claims {
        return Ok(claims.sid.as_deref().map(|sid| (SessionId::from_text(sid), claims.client_id.clone())));
    }
    Ok(sessions::of_token(c, token)?.map(|(session, _)| (session, PEOPLE.to_owned())))
}

/// A refresh token that would still be taken: its account, and when it was issued and ends.
///
/// # Errors
/// If the database fails.
pub(super) fn live_refresh(c: &mut Conn, token: &str, now: UtcTime) -> Result<Option<(AccountId, UtcTime, UtcTime)>> {
    let joined = refresh_tokens::table.inner_join(session_rows::table.inner_join(accounts::table));
    Ok(joined
        .filter(refresh_tokens::token_hash.eq(secret::hash_token(token)).and(refresh_tokens::spent_at.is_null()))
        .filter(session_rows::ended_at.is_null().and(session_rows::expires_at.gt(now)).and(accounts::active.eq(true)))
        .select((session_rows::account_id, refresh_tokens::issued_at, session_rows::expires_at))
        .first(c)
        .optional()?)
}
