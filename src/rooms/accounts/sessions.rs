//! Sessions in the database: a person's sign-in with its family of refresh tokens, or a machine's single token. To end
//! one is to end every token in it at the next request.

use super::wire::SessionOut;
use crate::actor::Actor;
use crate::auth::secret_encryption::SecretCipher;
use crate::auth::{secret, secret_encryption};
use crate::db::schema::{accounts, refresh_tokens, sessions};
use crate::db::sort::{Key, Kind as SortKind, SortField};
use crate::db::{self, Backend, Conn};
use crate::forget;
use crate::page_of;
use crate::problem::{Result, codes};
use crate::reading::paging::{Page, Paging};
use crate::values::clock::UtcTime;
use crate::values::id::{AccountId, SessionId};
use chrono::TimeDelta;
use diesel::prelude::*;
use secrecy::{ExposeSecret, SecretString};

/// For how long a sign-in can be refreshed.
pub(super) const FAMILY: TimeDelta = TimeDelta::hours(12);
/// For how long a session is kept after its end, so that reuse of its tokens is still recognised.
const KEPT: TimeDelta = TimeDelta::days(7);
/// For how long a spent refresh token is answered as when it was spent: two tabs may send it, or the answer may be lost.
const REPEATABLE: TimeDelta = TimeDelta::seconds(10);
/// How much of a program's name is kept, in characters.
const LONGEST_AGENT: usize = 300;

/// A row of `sessions`.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions)]
struct SessionRow {
    id: SessionId,
    account_id: AccountId,
    address: String,
    user_agent: Option<String>,
    created_at: UtcTime,
    last_used_at: UtcTime,
    expires_at: UtcTime,
    ended_at: Option<UtcTime>,
}

/// A session that tokens can be issued in.
pub(super) struct Open {
    pub id: SessionId,
    pub account: AccountId,
    pub expires_at: UtcTime,
}

/// What became of a refresh token.
pub(super) enum Spending {
    /// It was good and is now spent, or was so a moment ago: its session, and the token that follows it.
    Good(Open, SecretString),
    /// It had been spent before: its whole family has been ended.
    Reused,
    /// It names no session that counts.
    Invalid,
}

/// Begins a session. The account's row must be held.
///
/// # Errors
/// If the database fails.
pub(super) fn begin(c: &mut Conn, actor: &Actor, account: &AccountId, until: UtcTime, agent: Option<&str>) -> Result<Open> {
    let row = SessionRow {
        id: SessionId::new(),
        account_id: account.clone(),
        address: actor.address.clone(),
        user_agent: agent.map(|a| a.chars().take(LONGEST_AGENT).collect()),
        created_at: actor.now,
        last_used_at: actor.now,
        expires_at: until,
        ended_at: None,
    };
    diesel::insert_into(sessions::table).values(&row).execute(c)?;
    Ok(Open { id: row.id, account: row.account_id, expires_at: row.expires_at })
}

/// The first refresh token of a session.
///
/// # Errors
/// If the database fails or there is no randomness.
pub(super) fn issue_refresh(c: &mut Conn, session: &SessionId, now: UtcTime) -> Result<SecretString> {
    let token = secret::refresh_token()?;
    keep(c, session, &token, now)?;
    Ok(token)
}

fn keep(c: &mut Conn, session: &SessionId, token: &SecretString, now: UtcTime) -> Result<()> {
    diesel::insert_into(refresh_tokens::table)
        .values((
            refresh_tokens::token_hash.eq(secret::hash_token(token.expose_secret())),
            refresh_tokens::session_id.eq(session),
            refresh_tokens::issued_at.eq(now),
        ))
        .execute(c)?;
    Ok(())
}

/// Spends a refresh token. Of many that try at once just one spends it, since only one statement finds it unspent; the
/// others are given the same successor. The account's row must be held.
///
/// # Errors
/// If the database fails or there is no randomness.
pub(super) fn spend(c: &mut Conn, actor: &Actor, secrets: &SecretCipher, token: &str) -> Result<Spending> {
    let (hash, now) = (secret::hash_token(token), actor.now);
    let salt = secret::salt()?;
    let sealed = secrets.seal(&secret_encryption::of_refresh_token(&hash), &salt)?;
    let unspent = refresh_tokens::spent_at.is_null();
    let spending = (refresh_tokens::spent_at.eq(now), refresh_tokens::successor_salt.eq(sealed));
    let spent = diesel::update(refresh_tokens::table.find(&hash).filter(unspent)).set(spending).execute(c)? == 1;
    let Some(row) = of_refresh_token(c, token)? else { return Ok(Spending::Invalid) };
    let again = if spent { None } else { successor_again(c, actor, secrets, token)? };
    if !spent && again.is_none() {
        end(c, &row.id, now)?;
        return Ok(Spending::Reused);
    }
    if row.ended_at.is_some() || row.expires_at <= now {
        return Ok(Spending::Invalid);
    }
    let successor = match again {
        Some(successor) => successor,
        None => {
            let successor = secret::refresh_token_after(token, &salt);
            keep(c, &row.id, &successor, now)?;
            successor
        }
    };
    diesel::update(sessions::table.find(&row.id)).set(sessions::last_used_at.eq(now)).execute(c)?;
    Ok(Spending::Good(Open { id: row.id, account: row.account_id, expires_at: row.expires_at }, successor))
}

/// The successor of a token that was spent a moment ago, if it was not spent in its turn.
fn successor_again(c: &mut Conn, actor: &Actor, secrets: &SecretCipher, token: &str) -> Result<Option<SecretString>> {
    let hash = secret::hash_token(token);
    let row: (Option<UtcTime>, Option<String>) =
        refresh_tokens::table.find(&hash).select((refresh_tokens::spent_at, refresh_tokens::successor_salt)).first(c)?;
    let (Some(spent_at), Some(sealed)) = row else { return Ok(None) };
    if !is_repeatable(spent_at, actor.now) {
        return Ok(None);
    }
    // One that was sealed by another key than the present one is as good as none.
    let Ok(salt) = secrets.open(&secret_encryption::of_refresh_token(&hash), &sealed) else { return Ok(None) };
    let successor = secret::refresh_token_after(token, &salt);
    let unspent = refresh_tokens::table
        .find(secret::hash_token(successor.expose_secret()))
        .filter(refresh_tokens::spent_at.is_null())
        .count()
        .get_result::<i64>(c)?;
    Ok((unspent == 1).then_some(successor))
}

/// Whether a token that was spent then is still answered as it was. Another server's clock may be a little ahead.
fn is_repeatable(spent_at: UtcTime, now: UtcTime) -> bool {
    now < spent_at.plus(REPEATABLE)
}

/// Forgets, a batch at a time, sessions that ended long ago, and their tokens first: a family may be large. Answers whether
/// there are more.
///
/// # Errors
/// If the database fails.
pub(super) fn expire(c: &mut Conn, now: UtcTime) -> Result<bool> {
    // No token is issued earlier than this before its session ends, so none of theirs is left when sessions go.
    let before = now.plus(-(KEPT + FAMILY));
    if forget!(c, refresh_tokens::table, refresh_tokens::issued_at, before) {
        return Ok(true);
    }
    Ok(forget!(c, sessions::table, sessions::expires_at, before))
}

fn of_refresh_token(c: &mut Conn, token: &str) -> Result<Option<SessionRow>> {
    let joined = sessions::table.inner_join(refresh_tokens::table);
    let found = joined.filter(refresh_tokens::token_hash.eq(secret::hash_token(token))).select(SessionRow::as_select());
    Ok(found.first(c).optional()?)
}

/// The session of a refresh token, spent or not, and its account.
///
/// # Errors
/// If the database fails.
pub(super) fn of_token(c: &mut Conn, token: &str) -> Result<Option<(SessionId, AccountId)>> {
    Ok(of_refresh_token(c, token)?.map(|row| (row.id, row.account_id)))
}

/// Ends a session; answers whether it was still running.
///
/// # Errors
/// If the database fails.
pub(super) fn end(c: &mut Conn, session: &SessionId, now: UtcTime) -> Result<bool> {
    let running = sessions::table.find(session).filter(sessions::ended_at.is_null());
    Ok(diesel::update(running).set(sessions::ended_at.eq(now)).execute(c)? == 1)
}

/// Ends all sessions of an account, or all but one.
///
/// # Errors
/// If the database fails.
pub(super) fn end_all(c: &mut Conn, account: &AccountId, but: Option<&SessionId>, now: UtcTime) -> Result<()> {
    let open = sessions::table.filter(sessions::account_id.eq(account)).filter(sessions::ended_at.is_null());
    match but {
        None => diesel::update(open).set(sessions::ended_at.eq(now)).execute(c)?,
        Some(own) => diesel::update(open.filter(sessions::id.ne(own))).set(sessions::ended_at.eq(now)).execute(c)?,
    };
    Ok(())
}

/// Ends one session of an account.
///
/// # Errors
/// 404 if the account has no such session that still runs.
pub(super) fn end_one(c: &mut Conn, account: &AccountId, session: &SessionId, now: UtcTime) -> Result<()> {
    let running = sessions::table.find(session).filter(sessions::account_id.eq(account)).filter(sessions::ended_at.is_null());
    match diesel::update(running).set(sessions::ended_at.eq(now)).execute(c)? {
        0 => Err(codes::NOT_FOUND.into()),
        _ => Ok(()),
    }
}

const FIELDS: &[SortField] = &[
    SortField { name: "created_at", sql: "sessions.created_at", kind: SortKind::Time },
    SortField { name: "last_used_at", sql: "sessions.last_used_at", kind: SortKind::Time },
];
const TIE: SortField = SortField { name: "id", sql: "sessions.id", kind: SortKind::Text };

fn key(row: &SessionRow, field: &str) -> Key {
    match field {
        "created_at" => Key::time(row.created_at),
        "last_used_at" => Key::time(row.last_used_at),
        _ => Key::from(row.id.as_str()),
    }
}

fn running<'a>(account: &'a AccountId, now: UtcTime) -> sessions::BoxedQuery<'a, Backend> {
    let open = sessions::table.filter(sessions::account_id.eq(account)).filter(sessions::ended_at.is_null());
    open.filter(sessions::expires_at.gt(now)).into_boxed()
}

/// A page of an account's sessions that still run.
///
/// # Errors
/// 400 for a sort field or cursor that fits nothing.
pub(super) fn list(c: &mut Conn, actor: &Actor, account: &AccountId, paging: &Paging) -> Result<Page<SessionOut>> {
    let window = paging.window(FIELDS, "created_at", TIE)?;
    let page: Page<SessionRow> = page_of!(c, &window, sessions::table, running(account, actor.now), key);
    let own = actor.caller.as_ref().and_then(|caller| caller.session.clone());
    page.try_map(|row| {
        let SessionRow { id, account_id: _, address, user_agent, created_at, last_used_at, expires_at, ended_at: _ } = row;
        let current = own.as_ref() == Some(&id);
        Ok(SessionOut { id: id.into(), address, user_agent, created_at, last_used_at, expires_at, current })
    })
}

/// What a token of an account says: its name to sign in with and its `auth_version`, if the account counts now. Its row is
/// held until the transaction ends.
///
/// # Errors
/// If the database fails.
pub(super) fn lock_active(c: &mut Conn, account: &AccountId, now: UtcTime) -> Result<Option<(String, i64)>> {
    db::lock(c, "accounts", account.as_str())?;
    let row: Option<(String, i64, bool, Option<UtcTime>)> = accounts::table
        .find(account)
        .select((accounts::login, accounts::auth_version, accounts::active, accounts::expires_at))
        .first(c)
        .optional()?;
    Ok(row
        .filter(|(_, _, active, expires_at)| *active && expires_at.is_none_or(|t| t > now))
        .map(|(login, version, _, _)| (login, version)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spent_token_is_answered_again_for_ten_seconds() {
        let spent = UtcTime::parse("2026-11-24T17:00:00Z").expect("an instant");
        let after = |milliseconds| is_repeatable(spent, spent.plus(TimeDelta::milliseconds(milliseconds)));
        assert!(after(-500) && after(0) && after(9_999));
        assert!(!after(10_000) && !after(3_600_000));
    }
}
