//! One's own second factor over HTTP, and its removal by an administrator.

use super::me;
use crate::actor::Actor;
use crate::auth::caller::Kind;
use crate::auth::totp as code;
use crate::change::Versioned;
use crate::db::Conn;
use crate::http::reply::Reply;
use crate::http::request::{Body, Id, Request};
use crate::http::routes::Routes;
use crate::problem::{Error, Result, codes};
use crate::rooms::accounts::login_throttle::Attempt;
use crate::rooms::accounts::table::login_key;
use crate::rooms::accounts::totp;
use crate::rooms::accounts::use_cases;
use crate::values::clock::UtcTime;
use crate::values::id::AccountId;
use actix_web::{delete, post};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Mounts it.
pub(super) fn routes(routes: &mut Routes) {
    routes.service(begin_totp).service(confirm_totp).service(disable_totp).service(reset_user_totp);
}

/// What an authenticator app is set up with.
#[derive(Serialize, ToSchema)]
pub struct TotpSetup {
    /// The secret in base32, to be typed into the app. Told once.
    #[schema(required = false, example = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")]
    pub secret: String,
    /// The same as an address, mostly shown as a QR code. Told once.
    #[schema(required = false, example = "otpauth://totp/Binhdang:lan.nguyen?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Binhdang")]
    pub otpauth_url: String,
}

/// A code of the authenticator app.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TotpCode {
    /// The six digits that the app shows; to take the second factor away, a recovery code will do.
    #[schema(min_length = 6, max_length = 64, example = "287082")]
    pub code: String,
}

/// What a person needs on the day on which the telephone is lost.
#[derive(Serialize, ToSchema)]
#[schema(as = RecoveryCodesOut)]
pub struct RecoveryCodes {
    /// Each is good once, in place of a code of the app. Told once.
    #[schema(required = false, max_items = 10, example = json!(["k7m2p-x9dqr-3wvbn"]))]
    pub recovery_codes: Vec<String>,
}

/// Begin to set up a second factor
///
/// Answers with a new secret for an authenticator app (xác thực hai bước). It asks for nothing until it is confirmed by a
/// code; until then each call makes another secret.
#[utoipa::path(tag = "Accounts", extensions(("x-roles" = json!(["admin", "coordinator", "leader", "reporter", "supervisor", "province"])),
    ("x-problems" = json!(["totp.enabled"]))),
    responses((status = 200, description = "The secret, told once", body = TotpSetup)))]
#[post("/me/totp")]
pub async fn begin_totp(request: Request) -> Result<Reply> {
    me::has_password(request.account()?)?;
    let secrets = request.app.auth.secrets.clone();
    request
        .write(move |c, actor| {
            let caller = actor.account()?;
            let secret = totp::begin(c, actor, &secrets, &caller.id)?;
            let otpauth_url = code::url(secret.expose_secret(), &caller.username)?;
            let setup = TotpSetup { secret: secret.expose_secret().to_owned(), otpauth_url };
            Ok(Reply::ok(&setup)?.secret(&["secret", "otpauth_url"]))
        })
        .await
}

/// Runs what takes a code; a wrong one is counted as a failure to sign in.
async fn with_code<F>(request: Request, work: F) -> Result<Reply>
where
    F: FnOnce(&mut Conn, &Actor) -> Result<Reply> + Send + 'static,
{
    let caller = request.account()?;
    me::has_password(caller)?;
    let (app, name, address) = (request.app.clone(), login_key(&caller.username), request.address.clone());
    let trying = app.clone();
    let try_code = async move |attempt: Attempt| {
        let outcome = request.write(work).await;
        let wrong = outcome.as_ref().is_err_and(is_wrong);
        trying.db.write(move |c| if wrong { attempt.failed(c, UtcTime::now()) } else { attempt.end(c) }).await?;
        Ok(outcome)
    };
    Attempt::run(&app, &name, &address, try_code).await?
}

fn is_wrong(error: &Error) -> bool {
    matches!(error, Error::Problem(problem) if problem.errors().iter().any(|fault| fault.code == codes::TOTP_WRONG))
}

/// Confirm the second factor
///
/// By the first code that the app shows. From now on signing in needs a code as well. Answers with ten recovery codes.
#[utoipa::path(tag = "Accounts", extensions(("x-roles" = json!(["admin", "coordinator", "leader", "reporter", "supervisor", "province"])),
    ("x-problems" = json!(["totp.enabled", "totp.not_enabled", "totp.wrong", "rate.limited"]))),
    request_body = TotpCode, responses((status = 200, description = "The recovery codes, told once", body = RecoveryCodes)))]
#[post("/me/totp/confirm")]
pub async fn confirm_totp(request: Request, body: Body<TotpCode>) -> Result<Reply> {
    let secrets = request.app.auth.secrets.clone();
    with_code(request, move |c, actor| {
        let recovery_codes = totp::confirm(c, actor, &secrets, actor.account()?, &body.0.code)?;
        Ok(Reply::ok(&RecoveryCodes { recovery_codes })?.secret(&["recovery_codes"]))
    })
    .await
}

/// Take the own second factor away
///
/// It takes a code of the app or a recovery code. Signing in needs the password alone again.
#[utoipa::path(tag = "Accounts", extensions(("x-roles" = json!(["admin", "coordinator", "leader", "reporter", "supervisor", "province"])),
    ("x-problems" = json!(["totp.not_enabled", "totp.wrong", "rate.limited"]))),
    request_body = TotpCode, responses((status = 204, description = "It is gone")))]
#[delete("/me/totp")]
pub async fn disable_totp(request: Request, body: Body<TotpCode>) -> Result<Reply> {
    let secrets = request.app.auth.secrets.clone();
    with_code(request, move |c, actor| totp::disable(c, actor, &secrets, actor.account()?, &body.0.code).map(|()| Reply::no_content()))
        .await
}

/// Take a person's second factor away
///
/// For somebody who lost the telephone and the recovery codes. Ends all sessions of the account.
#[utoipa::path(tag = "Accounts", extensions(("x-roles" = json!(["admin"])), ("x-problems" = json!(["totp.not_enabled"]))),
    params(("id" = String, Path, description = "The account's id", format = "uuid")),
    responses((status = 204, description = "It is gone")))]
#[delete("/users/{id}/totp")]
pub async fn reset_user_totp(request: Request, id: Id<AccountId>) -> Result<Reply> {
    request
        .write(move |c, actor| {
            let account = use_cases::locked(c, actor, Kind::User, &id.0, None)?;
            totp::reset(c, actor, &id.0, account.jurisdiction()).map(|()| Reply::no_content())
        })
        .await
}
