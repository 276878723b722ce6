//! Signing in and out in the audit trail. These events say nothing of the data, so an account that has no others may still
//! be deleted.

use super::sessions::{self, Open};
use crate::actor::Actor;
use crate::change::{self, Event, RecordedActor};
use crate::db::Conn;
use crate::db::schema::{accounts, grants, sessions as session_rows};
use crate::problem::Result;
use crate::values::id::{AccountId, SessionId};
use diesel::prelude::*;

const STARTED: &str = "session.started";
const ENDED: &str = "session.ended";
const REUSED: &str = "token.reused";

/// What an account does by signing in and out alone.
pub(super) const ACTIONS: [&str; 3] = [STARTED, ENDED, REUSED];

/// A session began.
///
/// # Errors
/// If the database fails.
pub(super) fn started(c: &mut Conn, actor: &Actor, session: &Open) -> Result<()> {
    note(c, actor, STARTED, &session.id, &session.account)
}

/// Ends a session, if it still runs.
///
/// # Errors
/// If the database fails.
pub(super) fn end(c: &mut Conn, actor: &Actor, session: &SessionId) -> Result<()> {
    if sessions::end(c, session, actor.now)? { ended(c, actor, session) } else { Ok(()) }
}

/// A session was ended by its owner, or by whoever holds its refresh token.
///
/// # Errors
/// If the database fails.
pub(super) fn ended(c: &mut Conn, actor: &Actor, session: &SessionId) -> Result<()> {
    let account: AccountId = session_rows::table.find(session).select(session_rows::account_id).first(c)?;
    note(c, actor, ENDED, session, &account)
}

/// A refresh token was used twice, which ended its session.
///
/// # Errors
/// If the database fails.
pub(super) fn reused(c: &mut Conn, actor: &Actor, session: &SessionId, account: &AccountId) -> Result<()> {
    note(c, actor, REUSED, session, account)
}

/// Somebody could not prove that he is this account. Names that there are not stay out: one of them may be a password
/// typed in the wrong place.
///
/// # Errors
/// If the database fails.
pub(super) fn failed(c: &mut Conn, actor: &Actor, account: &AccountId) -> Result<()> {
    let Some((kind, _)) = kind_and_name(c, account)? else { return Ok(()) };
    let jurisdiction = jurisdiction_of(c, account)?;
    let resource = if kind == "client" { "client" } else { "user" };
    let event = Event::new("login.failed", resource, account.as_str(), 0, jurisdiction.as_deref());
    change::note(c, actor, RecordedActor::of(actor), &event)
}

fn note(c: &mut Conn, actor: &Actor, action: &'static str, session: &SessionId, account: &AccountId) -> Result<()> {
    let Some((kind, name)) = kind_and_name(c, account)? else { return Ok(()) };
    let jurisdiction = jurisdiction_of(c, account)?;
    let event = Event::new(action, "session", session.as_str(), 0, jurisdiction.as_deref());
    change::note(c, actor, RecordedActor { id: Some(account.as_str()), kind: &kind, name: &name }, &event)
}

fn kind_and_name(c: &mut Conn, account: &AccountId) -> Result<Option<(String, String)>> {
    Ok(accounts::table.find(account).select((accounts::kind, accounts::name)).first(c).optional()?)
}

/// Where an account belongs: where its first grant holds.
fn jurisdiction_of(c: &mut Conn, account: &AccountId) -> Result<Option<String>> {
    Ok(grants::table.filter(grants::account_id.eq(account)).order(grants::position).select(grants::jurisdiction).first(c).optional()?)
}
