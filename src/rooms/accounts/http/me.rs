//! One's own account: who one is, the password, the sessions.

use crate::actor::Actor;
use crate::actor::actions::Actions;
use crate::app_state::AppState;
use crate::auth::caller::{Caller, Kind, RESTRICTED_READ};
use crate::auth::password;
use crate::change::{self, Event};
use crate::db::schema::accounts;
use crate::db::{self, Conn};
use crate::http::contract::Contract;
use crate::http::reply::Reply;
use crate::http::request::{Body, Id, Query, Request};
use crate::http::routes::Routes;
use crate::problem::{FieldError, Problem, Result, codes};
use crate::reading::paging::{Page, Paging};
use crate::rooms::accounts::login_throttle::Attempt;
use crate::rooms::accounts::table::login_key;
use crate::rooms::accounts::wire::{MeOut, PasswordChange, SessionOut};
use crate::rooms::accounts::{auth_audit, grants, sessions};
use crate::values::clock::UtcTime;
use crate::values::id::{AccountId, SessionId};
use actix_web::{delete, get, put};
use diesel::prelude::*;
use secrecy::SecretString;

/// Mounts it.
pub(super) fn routes(routes: &mut Routes) {
    routes.service(get_me).service(change_password).service(list_my_sessions).service(delete_my_session);
}

/// Goes on only for a person: a machine has a secret and no password.
///
/// # Errors
/// 403.
pub(super) fn has_password(caller: &Caller) -> Result<()> {
    if caller.kind == Kind::User { Ok(()) } else { Err(only_people().into()) }
}

fn only_people() -> Problem {
    Problem::new(codes::ACCESS_DENIED).saying(
        "Tài khoản phần mềm không có mật khẩu. Hãy nhờ quản trị viên đổi mã bí mật của tài khoản.",
        "A machine's account has no password. Ask an administrator to rotate its secret.",
    )
}

fn me(c: &mut Conn, actor: &Actor, contract: &Contract) -> Result<(MeOut, i64)> {
    let caller = actor.account()?;
    let version: i64 = accounts::table.find(&caller.id).select(accounts::version).first(c)?;
    let roles: Vec<_> = caller.grants.iter().map(|g| g.role).collect();
    let scopes = caller.grants.iter().any(|g| g.restricted).then_some(RESTRICTED_READ);
    let me = MeOut {
        id: caller.id.as_str().to_owned(),
        kind: caller.kind,
        username: caller.username.clone(),
        display_name: caller.display_name.clone(),
        grants: grants::of_account(c, &caller.id)?,
        permissions: contract.open_to(&roles).into_iter().chain(scopes).map(str::to_owned).collect(),
        must_change_password: caller.must_change_password,
        totp: caller.second_factor,
        actions: Actions::default().with(actor, "change_password", has_password(caller))?,
    };
    Ok((me, version))
}

/// Who is signed in
///
/// The account behind the token, its grants, and the operations that its roles may call.
#[utoipa::path(tag = "Accounts", extensions(("x-roles" = json!(["admin", "coordinator", "leader", "reporter", "supervisor", "province"]))),
    responses((status = 200, description = "The account", body = MeOut)))]
#[get("/me")]
pub async fn get_me(request: Request) -> Result<Reply> {
    let http = request.http.clone();
    request
        .read(move |c, actor| {
            let (me, version) = me(c, actor, &http.contract)?;
            Reply::one(&me, version)
        })
        .await
}

/// Change the own password
///
/// Needs the present password, and ends all other sessions of the account (đổi mật khẩu). The present session goes on.
#[utoipa::path(tag = "Accounts", extensions(("x-roles" = json!(["admin", "coordinator", "leader", "reporter", "supervisor", "province"])),
    ("x-problems" = json!(["password.wrong", "password.weak", "rate.limited", "server.busy"]))),
    request_body = PasswordChange, responses((status = 204, description = "The new password holds")))]
#[put("/me/password")]
pub async fn change_password(request: Request, body: Body<PasswordChange>) -> Result<Reply> {
    let caller = request.account()?.clone();
    has_password(&caller)?;
    let app = request.app.clone();
    let PasswordChange { current_password, new_password } = body.0;
    let mut faults = Vec::new();
    if let Err(weak) = password::check_strength(&new_password, &caller.username, "/new_password") {
        faults.push(weak);
    } else if new_password == current_password {
        faults.push(FieldError::new("/new_password", codes::PASSWORD_WEAK).saying(
            "Mật khẩu mới phải khác mật khẩu hiện tại. Hãy chọn mật khẩu khác.",
            "The new password must differ from the present one. Choose another.",
        ));
    }
    // Guessing the present password with somebody's token is slowed as signing in is.
    let (id, trying) = (caller.id.clone(), app.clone());
    let work = async move |attempt| proven(&trying, id, current_password, attempt).await;
    let old = Attempt::run(&app, &login_key(&caller.username), &request.address, work).await?;
    if old.is_none() {
        faults.push(FieldError::new("/current_password", codes::PASSWORD_WRONG));
    }
    let Some(old) = old.filter(|_| faults.is_empty()) else { return Err(Problem::invalid(faults).into()) };
    let new = app.auth.passwords.hash(SecretString::from(new_password)).await?;
    request.write(move |c, actor| store_password(c, actor, &caller, &old, new).map(|()| Reply::no_content())).await
}

/// The hash of the present password, if this is it; a failure has been counted.
async fn proven(app: &AppState, id: AccountId, password: String, attempt: Attempt) -> Result<Option<String>> {
    let hash: String = app.db.read(move |c| Ok(accounts::table.find(&id).select(accounts::secret_hash).first(c)?)).await?;
    let fits = app.auth.passwords.verify(SecretString::from(password), Some(hash.clone())).await?;
    app.db.write(move |c| if fits { attempt.end(c) } else { attempt.failed(c, UtcTime::now()) }).await?;
    Ok(fits.then_some(hash))
}

fn store_password(c: &mut Conn, actor: &Actor, caller: &Caller, old: &str, new: String) -> Result<()> {
    db::lock(c, "accounts", caller.id.as_str())?;
    // The password that was checked must still be the one in use.
    let unchanged = accounts::table.find(&caller.id).filter(accounts::secret_hash.eq(old));
    let version: Option<i64> = unchanged.select(accounts::version).first(c).optional()?;
    let version = version.ok_or_else(|| Problem::at("/current_password", codes::PASSWORD_WRONG))? + 1;
    let jurisdiction = caller.grants.first().map(|g| g.jurisdiction.as_str());
    let event = Event::new("user.password_changed", "user", caller.id.as_str(), version, jurisdiction);
    change::save(c, actor, &event, |w| {
        diesel::update(accounts::table.find(&caller.id))
            .set((
                accounts::secret_hash.eq(new),
                accounts::must_change_password.eq(false),
                accounts::version.eq(version),
                accounts::updated_at.eq(actor.now),
            ))
            .execute(w.conn())?;
        sessions::end_all(w.conn(), &caller.id, caller.session.as_ref(), actor.now)
    })
}

/// List the own sessions
///
/// The sessions of the account that still run: where and when each was begun. Sort fields: `created_at`, `last_used_at`.
#[utoipa::path(tag = "Accounts", extensions(("x-roles" = json!(["admin", "coordinator", "leader", "reporter", "supervisor", "province"]))),
    params(Paging), responses((status = 200, description = "A page of sessions", body = Page<SessionOut>)))]
#[get("/me/sessions")]
pub async fn list_my_sessions(request: Request, paging: Query<Paging>) -> Result<Reply> {
    request.read(move |c, actor| Reply::page(&sessions::list(c, actor, &actor.account()?.id, &paging.0)?)).await
}

/// End an own session
///
/// Every token of the session is refused from the next request on.
#[utoipa::path(tag = "Accounts", extensions(("x-roles" = json!(["admin", "coordinator", "leader", "reporter", "supervisor", "province"]))),
    params(("id" = String, Path, description = "The session's id", format = "uuid")),
    responses((status = 204, description = "The session has ended")))]
#[delete("/me/sessions/{id}")]
pub async fn delete_my_session(request: Request, id: Id<SessionId>) -> Result<Reply> {
    request
        .write(move |c, actor| {
            sessions::end_one(c, &actor.account()?.id, &id.0, actor.now)?;
            auth_audit::ended(c, actor, &id.0)?;
            Ok(Reply::no_content())
        })
        .await
}
