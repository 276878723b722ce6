//! Signing in, refreshing and signing out of people.

use crate::actor::Actor;
use crate::app_state::AppState;
use crate::auth::caller::Kind;
use crate::auth::secret_encryption::SecretCipher;
use crate::auth::{self, secret};
use crate::db::Conn;
use crate::db::schema::accounts;
use crate::http::reply::Reply;
use crate::http::request::{Body, Request};
use crate::http::routes::Routes;
use crate::problem::codes::Code;
use crate::problem::{Result, codes};
use crate::rooms::accounts::auth_audit;
use crate::rooms::accounts::bootstrap_admin;
use crate::rooms::accounts::login_throttle::Attempt;
use crate::rooms::accounts::sessions::{self, Spending};
use crate::rooms::accounts::table::login_key;
use crate::rooms::accounts::tokens::{PEOPLE, Ticket};
use crate::rooms::accounts::totp::{self, Proof};
use crate::values::clock::UtcTime;
use crate::values::id::AccountId;
use actix_web::http::header;
use actix_web::{HttpRequest, post};
use diesel::prelude::*;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Mounts it.
pub(super) fn routes(routes: &mut Routes) {
    routes.service(login).service(refresh_session).service(logout);
}

/// What a person signs in with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// The user name, in capitals or not.
    #[schema(min_length = 1, max_length = 256, example = "lan.nguyen")]
    pub username: String,
    /// The password.
    #[schema(min_length = 1, max_length = 1024, format = "password")]
    pub password: String,
    /// For an account with a second factor: the six digits that the app shows, or a recovery code.
    #[serde(default)]
    #[schema(min_length = 6, max_length = 64, example = "287082")]
    pub totp: Option<String>,
}

/// What a person got at the last sign-in or refresh.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshToken {
    /// The refresh token.
    #[schema(min_length = 1, max_length = 512, example = "bdr_…")]
    pub refresh_token: String,
}

/// The tokens of a session.
#[derive(Serialize, ToSchema)]
pub struct Tokens {
    /// Sent as `Authorization: Bearer …`.
    #[schema(example = "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9.…")]
    pub access_token: String,
    /// `Bearer`.
    #[schema(example = "Bearer")]
    pub token_type: &'static str,
    /// For how many seconds the access token counts.
    #[schema(example = 600)]
    pub expires_in: i64,
    /// Good once, for the next tokens.
    #[schema(example = "bdr_…")]
    pub refresh_token: String,
    /// For how many seconds the session can be refreshed.
    #[schema(example = 43200)]
    pub refresh_expires_in: i64,
}

/// What was made inside the transaction and is signed after it.
struct Issued {
    ticket: Ticket,
    refresh: SecretString,
    until: UtcTime,
}

impl Issued {
    fn reply(self, app: &AppState, now: UtcTime) -> Result<Reply> {
        let (access_token, expires_in) = self.ticket.sign(&app.auth, now)?;
        Reply::ok(&Tokens {
            access_token,
            token_type: "Bearer",
            expires_in,
            refresh_token: self.refresh.expose_secret().to_owned(),
            refresh_expires_in: self.until.unix() - now.unix(),
        })
    }
}

/// Sign in
///
/// A person signs in with user name and password (đăng nhập). An unknown name, a wrong password and an account that is
/// not active get the same answer in the same time. After repeated failures the name and the address are slowed. An account
/// with a second factor gives a code as well: without one the answer is `totp.required`. A code is good once.
#[utoipa::path(tag = "Sign-in", security(), extensions(("x-roles" = json!(["anonymous"])), ("x-problems" = json!(["login.failed", "totp.required", "totp.invalid", "rate.limited", "server.busy"]))),
    request_body = Login, responses((status = 200, description = "The tokens of a new session", body = Tokens)))]
#[post("/auth/login")]
pub async fn login(request: Request, raw: HttpRequest, body: Body<Login>) -> Result<Reply> {
    let (app, actor, now) = (request.app.clone(), request.actor().clone(), request.now);
    let agent = raw.headers().get(header::USER_AGENT).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let name = login_key(&body.0.username);
    let (address, trying, looked_up) = (actor.address.clone(), app.clone(), name.clone());
    let work = async move |attempt| sign_in(&trying, actor, looked_up, body.0, agent, attempt).await;
    let reply = match Attempt::run(&app, &name, &address, work).await? {
        Outcome::Issued(issued) => issued.reply(&app, now)?,
        Outcome::Refused(code) => return Err(code.into()),
    };
    if name == bootstrap_admin::NAME {
        bootstrap_admin::forget(&app.config);
    }
    Ok(reply)
}

/// What became of an attempt, once it has been counted.
enum Outcome {
    Issued(Box<Issued>),
    Refused(&'static Code),
}

async fn sign_in(app: &AppState, actor: Actor, name: String, given: Login, agent: Option<String>, attempt: Attempt) -> Result<Outcome> {
    let known = app.db.read(move |c| credentials(c, &name)).await?;
    // The hash is computed outside of every transaction; for an unknown name a hash that nothing fits is tried.
    let hash = known.as_ref().map(|(_, hash)| hash.clone());
    let fits = app.auth.passwords.verify(SecretString::from(given.password), hash).await?;
    let whose = known.as_ref().map(|(account, _)| account.clone());
    let Some((account, hash)) = known.filter(|_| fits) else { return failed(app, actor, whose, attempt, codes::LOGIN_FAILED).await };
    let (asking, ending, secrets) = (actor.clone(), attempt.clone(), app.auth.secrets.clone());
    let opened = app
        .db
        .write(move |c| {
            let opened = open(c, &asking, &secrets, &account, &hash, given.totp.as_deref(), agent.as_deref())?;
            match opened {
                Opened::Issued(_) => ending.succeeded(c, asking.now)?,
                Opened::CodeMissing => ending.end(c)?,
                Opened::Refused | Opened::CodeWrong => {}
            }
            Ok(opened)
        })
        .await?;
    match opened {
        Opened::Issued(issued) => Ok(Outcome::Issued(issued)),
        Opened::Refused => failed(app, actor, whose, attempt, codes::LOGIN_FAILED).await,
        Opened::CodeMissing => Ok(Outcome::Refused(codes::TOTP_REQUIRED)),
        Opened::CodeWrong => failed(app, actor, whose, attempt, codes::TOTP_INVALID).await,
    }
}

/// Counts a failure; the answer is the same whatever was wrong.
async fn failed(app: &AppState, actor: Actor, whose: Option<AccountId>, attempt: Attempt, code: &'static Code) -> Result<Outcome> {
    app.db
        .write(move |c| {
            if let Some(account) = &whose {
                auth_audit::failed(c, &actor, account)?;
            }
            // The hash took its time: the slowing begins now.
            attempt.failed(c, UtcTime::now())
        })
        .await?;
    Ok(Outcome::Refused(code))
}

/// What became of a sign-in whose password was right.
enum Opened {
    Issued(Box<Issued>),
    Refused,
    CodeMissing,
    CodeWrong,
}

fn credentials(c: &mut Conn, name: &str) -> Result<Option<(AccountId, String)>> {
    let person = accounts::table.filter(accounts::login_key.eq(name)).filter(accounts::kind.eq(Kind::User.as_str()));
    Ok(person.select((accounts::id, accounts::secret_hash)).first(c).optional()?)
}

/// Begins a session, if the account still counts, still has the password that was checked, and its second factor is given.
fn open(
    c: &mut Conn,
    actor: &Actor,
    secrets: &SecretCipher,
    account: &AccountId,
    hash: &str,
    totp: Option<&str>,
    agent: Option<&str>,
) -> Result<Opened> {
    let Some((_, version)) = sessions::lock_active(c, account, actor.now)? else { return Ok(Opened::Refused) };
    let present: String = accounts::table.find(account).select(accounts::secret_hash).first(c)?;
    if !secret::equal(&present, hash) {
        return Ok(Opened::Refused);
    }
    match totp::prove(c, actor, secrets, account, totp)? {
        Proof::Given => {}
        Proof::Missing => return Ok(Opened::CodeMissing),
        Proof::Wrong => return Ok(Opened::CodeWrong),
    }
    let session = sessions::begin(c, actor, account, actor.now.plus(sessions::FAMILY), agent)?;
    auth_audit::started(c, actor, &session)?;
    let refresh = sessions::issue_refresh(c, &session.id, actor.now)?;
    issue(c, actor, secrets, &session, version, refresh).map(Opened::Issued)
}

fn issue(
    c: &mut Conn,
    actor: &Actor,
    secrets: &SecretCipher,
    session: &sessions::Open,
    version: i64,
    refresh: SecretString,
) -> Result<Box<Issued>> {
    let ticket = Ticket::of(c, actor, secrets, session, PEOPLE, version)?;
    Ok(Box::new(Issued { ticket, refresh, until: session.expires_at }))
}

enum Refreshed {
    Fresh(Box<Issued>),
    Reused,
    Invalid,
}

/// Refresh a session
///
/// Gives new tokens for a refresh token, which is good once (làm mới phiên). If it is used again, whoever has it, the
/// whole session ends. But within 10 seconds, and as long as the new refresh token has not been used, it is given again with
/// a fresh access token: two tabs may refresh at once, and an answer may be lost on the way.
#[utoipa::path(tag = "Sign-in", security(), extensions(("x-roles" = json!(["anonymous"])), ("x-problems" = json!(["token.reused", "token.invalid"]))),
    request_body = RefreshToken, responses((status = 200, description = "The next tokens of the session", body = Tokens)))]
#[post("/auth/refresh")]
pub async fn refresh_session(request: Request, body: Body<RefreshToken>) -> Result<Reply> {
    let (app, actor, now) = (request.app.clone(), request.actor().clone(), request.now);
    let secrets = app.auth.secrets.clone();
    // A refusal must be committed as well: it may have ended the session.
    let outcome = app
        .db
        .write(move |c| {
            let token = &body.0.refresh_token;
            let Some((session, account)) = sessions::of_token(c, token)? else { return Ok(Refreshed::Invalid) };
            // The account is held first, as everywhere: it may be losing its sessions at this instant.
            let active = sessions::lock_active(c, &account, now)?;
            match (sessions::spend(c, &actor, &secrets, token)?, active) {
                (Spending::Good(session, successor), Some((_, version))) => {
                    issue(c, &actor, &secrets, &session, version, successor).map(Refreshed::Fresh)
                }
                (Spending::Reused, _) => auth_audit::reused(c, &actor, &session, &account).map(|()| Refreshed::Reused),
                _ => Ok(Refreshed::Invalid),
            }
        })
        .await?;
    match outcome {
        Refreshed::Fresh(issued) => issued.reply(&app, now),
        Refreshed::Reused => {
            tracing::warn!(request.id = %request.request_id, client.address = %request.address, "a refresh token was used twice; its session has been ended");
            Err(codes::TOKEN_REUSED.into())
        }
        Refreshed::Invalid => Err(auth::invalid_token()),
    }
}

/// Sign out
///
/// Ends the session of a refresh token, and with it every token of the session (đăng xuất). A token that names nothing is
/// answered alike.
#[utoipa::path(tag = "Sign-in", security(), extensions(("x-roles" = json!(["anonymous"]))), request_body = RefreshToken,
    responses((status = 204, description = "The session has ended")))]
#[post("/auth/logout")]
pub async fn logout(request: Request, body: Body<RefreshToken>) -> Result<Reply> {
    request
        .write(move |c, actor| {
            if let Some((session, _)) = sessions::of_token(c, &body.0.refresh_token)? {
                auth_audit::end(c, actor, &session)?;
            }
            Ok(Reply::no_content())
        })
        .await
}
