//! People and machines over HTTP, for administrators.

use super::wire::{AccountFilter, ClientIn, ClientOut, SessionOut, UserIn, UserOut};
use super::{clients, sessions, use_cases, users};
use crate::auth::caller::Kind;
use crate::auth::secret;
use crate::change::Expected;
use crate::change::patch::Patch;
use crate::http::reply::Reply;
use crate::http::request::{Body, Id, Query, Request};
use crate::http::routes::Routes;
use crate::http::version::IfMatch;
use crate::problem::{Result, codes};
use crate::reading::paging::{Page, Paging};
use crate::values::id::{AccountId, SessionId, looks_like_id};
use actix_web::{delete, get, patch, post, web};
use secrecy::SecretString;

mod me;
mod second_factor;
mod sign_in;

/// Mounts the room.
pub fn routes(routes: &mut Routes) {
    sign_in::routes(routes);
    me::routes(routes);
    second_factor::routes(routes);
    routes
        .service(list_users)
        .service(create_user)
        .service(find_user)
        .service(update_user)
        .service(delete_user)
        .service(reset_user_password)
        .service(list_user_sessions)
        .service(delete_user_session)
        .service(list_clients)
        .service(create_client)
        .service(find_client)
        .service(update_client)
        .service(delete_client)
        .service(rotate_client_secret);
}

/// A one-time password and its hash, made before the transaction.
async fn one_time_password(request: &Request) -> Result<(SecretString, String)> {
    let password = secret::one_time_password()?;
    let hash = request.app.auth.passwords.hash(password.clone()).await?;
    Ok((password, hash))
}

/// List people
///
/// The people's accounts within the caller's reach. Sort fields: `username`, `name`, `created_at`, `updated_at`.
#[utoipa::path(tag = "Accounts", extensions(("x-roles" = json!(["admin"])), ("x-problems" = json!(["reference.unknown"]))), params(AccountFilter, Paging),
    responses((status = 200, description = "A page of people", body = Page<UserOut>)))]
#[get("/users")]
pub async fn list_users(request: Request, filter: Query<AccountFilter>, paging: Query<Paging>) -> Result<Reply> {
    request.read(move |c, actor| Reply::page(&users::list(c, actor, &filter.0, &paging.0)?)).await
}

/// Create a person's account
///
/// Answers with a one-time password (mật khẩu một lần), told this once; it must be changed at the first sign-in. Nobody
/// grants anything above his own reach. Each grant that reads figures is noted in the audit trail as `grant.added`.
#[utoipa::path(tag = "Accounts", extensions(("x-roles" = json!(["admin"])),
    ("x-problems" = json!(["user.username_taken", "grant.required", "reference.unknown", "reference.ambiguous", "server.busy"]))),
    request_body = UserIn, responses((status = 201, description = "The new account with its one-time password", body = UserOut)))]
#[post("/users")]
pub async fn create_user(request: Request, body: Body<UserIn>) -> Result<Reply> {
    let (password, hash) = one_time_password(&request).await?;
    request
        .write(move |c, actor| {
            let user = users::add(c, actor, &body.0, hash)?.with_password(&password);
            let at = format!("/api/v1/users/{}", user.id);
            Ok(Reply::created(&user, Some(user.version), at)?.secret(&["one_time_password"]))
        })
        .await
}

/// One person's account
///
/// The account with what this caller may do with it.
#[utoipa::path(tag = "Accounts", extensions(("x-roles" = json!(["admin"]))),
    params(("id" = String, Path, description = "The account's id", format = "uuid")),
    responses((status = 200, description = "The account", body = UserOut)))]
#[get("/users/{id}")]
pub async fn find_user(request: Request, id: Id<AccountId>) -> Result<Reply> {
    request
        .read(move |c, actor| {
            let user = users::find(c, actor, &id.0)?;
            Reply::one(&user, user.version)
        })
        .await
}

/// Change a person's account
///
/// A JSON Merge Patch (RFC 7396). Changed grants hold at the next request; a disabled account's sessions end. Nobody gives
/// himself the scope `restricted:read`.
#[utoipa::path(tag = "Accounts", extensions(("x-roles" = json!(["admin"])),
    ("x-problems" = json!(["user.username_taken", "user.last_admin", "grant.required", "reference.unknown", "reference.ambiguous"]))),
    params(("id" = String, Path, description = "The account's id", format = "uuid"), IfMatch),
    request_body(content = Patch<UserIn>, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The account as it is now", body = UserOut)))]
#[patch("/users/{id}")]
pub async fn update_user(request: Request, id: Id<AccountId>, expected: Expected, body: Body<Patch<UserIn>>) -> Result<Reply> {
    request
        .write(move |c, actor| {
            let user = users::update(c, actor, &id.0, &expected, &body.0)?;
            Reply::one(&user, user.version)
        })
        .await
}

/// Delete a person's account
///
/// Only an account that has done nothing yet; make others inactive.
#[utoipa::path(tag = "Accounts", extensions(("x-roles" = json!(["admin"])), ("x-problems" = json!(["user.in_use", "user.last_admin"]))),
    params(("id" = String, Path, description = "The account's id", format = "uuid"), IfMatch),
    responses((status = 204, description = "It is gone")))]
#[delete("/users/{id}")]
pub async fn delete_user(request: Request, id: Id<AccountId>, expected: Expected) -> Result<Reply> {
    request.write(move |c, actor| users::delete(c, actor, &id.0, &expected).map(|()| Reply::no_content())).await
}

/// Reset a person's password
///
/// Answers with a one-time password, told this once, and ends all sessions of the account.
#[utoipa::path(tag = "Accounts", extensions(("x-roles" = json!(["admin"])), ("x-problems" = json!(["server.busy"]))),
    params(("id" = String, Path, description = "The account's id", format = "uuid")),
    responses((status = 200, description = "The account with its one-time password", body = UserOut)))]
#[post("/users/{id}/reset-password")]
pub async fn reset_user_password(request: Request, id: Id<AccountId>) -> Result<Reply> {
    let (password, hash) = one_time_password(&request).await?;
    request
        .write(move |c, actor| {
            let user = users::reset(c, actor, &id.0, hash)?.with_password(&password);
            Ok(Reply::one(&user, user.version)?.secret(&["one_time_password"]))
        })
        .await
}

/// List a person's sessions
///
/// The sessions that still run: where and when each was begun. Sort fields: `created_at`, `last_used_at`.
#[utoipa::path(tag = "Accounts", extensions(("x-roles" = json!(["admin"]))),
    params(("id" = String, Path, description = "The account's id", format = "uuid"), Paging),
    responses((status = 200, description = "A page of sessions", body = Page<SessionOut>)))]
#[get("/users/{id}/sessions")]
pub async fn list_user_sessions(request: Request, id: Id<AccountId>, paging: Query<Paging>) -> Result<Reply> {
    request
        .read(move |c, actor| {
            use_cases::readable(c, actor, Kind::User, &id.0)?;
            Reply::page(&sessions::list(c, actor, &id.0, &paging.0)?)
        })
        .await
}

/// End a person's session
///
/// Every token of the session is refused from the next request on.
#[utoipa::path(tag = "Accounts", extensions(("x-roles" = json!(["admin"]))),
    params(("id" = String, Path, description = "The account's id", format = "uuid"),
        ("session_id" = String, Path, description = "The session's id", format = "uuid")),
    responses((status = 204, description = "The session has ended")))]
#[delete("/users/{id}/sessions/{session_id}")]
pub async fn delete_user_session(request: Request, id: Id<AccountId>, path: web::Path<(String, String)>) -> Result<Reply> {
    let session = path.into_inner().1.to_ascii_lowercase();
    if !looks_like_id(&session) {
        return Err(codes::NOT_FOUND.into());
    }
    request
        .write(move |c, actor| {
            use_cases::locked(c, actor, Kind::User, &id.0, None)?;
            sessions::end_one(c, &id.0, &SessionId::from_text(session), actor.now).map(|()| Reply::no_content())
        })
        .await
}

/// List machines
///
/// The machines' accounts within the caller's reach. Sort fields: `username`, `name`, `created_at`, `updated_at`.
#[utoipa::path(tag = "Accounts", extensions(("x-roles" = json!(["admin"])), ("x-problems" = json!(["reference.unknown"]))), params(AccountFilter, Paging),
    responses((status = 200, description = "A page of machines", body = Page<ClientOut>)))]
#[get("/clients")]
pub async fn list_clients(request: Request, filter: Query<AccountFilter>, paging: Query<Paging>) -> Result<Reply> {
    request.read(move |c, actor| Reply::page(&clients::list(c, actor, &filter.0, &paging.0)?)).await
}

/// Create a machine's account
///
/// Answers with `client_id` and `client_secret`, told this once: the machine takes tokens with them at `/oauth/token`.
#[utoipa::path(tag = "Accounts", extensions(("x-roles" = json!(["admin"])), ("x-problems" = json!(["grant.required", "reference.unknown", "reference.ambiguous"]))),
    request_body = ClientIn, responses((status = 201, description = "The new account with its secret", body = ClientOut)))]
#[post("/clients")]
pub async fn create_client(request: Request, body: Body<ClientIn>) -> Result<Reply> {
    request
        .write(move |c, actor| {
            let (client, secret) = clients::add(c, actor, &body.0)?;
            let client = client.with_secret(&secret);
            let at = format!("/api/v1/clients/{}", client.id);
            Ok(Reply::created(&client, Some(client.version), at)?.secret(&["client_secret"]))
        })
        .await
}

/// One machine's account
///
/// The account with what this caller may do with it.
#[utoipa::path(tag = "Accounts", extensions(("x-roles" = json!(["admin"]))),
    params(("id" = String, Path, description = "The account's id", format = "uuid")),
    responses((status = 200, description = "The account", body = ClientOut)))]
#[get("/clients/{id}")]
pub async fn find_client(request: Request, id: Id<AccountId>) -> Result<Reply> {
    request
        .read(move |c, actor| {
            let client = clients::find(c, actor, &id.0)?;
            Reply::one(&client, client.version)
        })
        .await
}

/// Change a machine's account
///
/// A JSON Merge Patch (RFC 7396). What is changed holds at the machine's next request. Nobody gives himself the scope
/// `restricted:read`.
#[utoipa::path(tag = "Accounts", extensions(("x-roles" = json!(["admin"])), ("x-problems" = json!(["grant.required", "reference.unknown", "reference.ambiguous"]))),
    params(("id" = String, Path, description = "The account's id", format = "uuid"), IfMatch),
    request_body(content = Patch<ClientIn>, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The account as it is now", body = ClientOut)))]
#[patch("/clients/{id}")]
pub async fn update_client(request: Request, id: Id<AccountId>, expected: Expected, body: Body<Patch<ClientIn>>) -> Result<Reply> {
    request
        .write(move |c, actor| {
            let client = clients::update(c, actor, &id.0, &expected, &body.0)?;
            Reply::one(&client, client.version)
        })
        .await
}

/// Delete a machine's account
///
/// Only an account that has done nothing yet; make others inactive.
#[utoipa::path(tag = "Accounts", extensions(("x-roles" = json!(["admin"])), ("x-problems" = json!(["client.in_use"]))),
    params(("id" = String, Path, description = "The account's id", format = "uuid"), IfMatch),
    responses((status = 204, description = "It is gone")))]
#[delete("/clients/{id}")]
pub async fn delete_client(request: Request, id: Id<AccountId>, expected: Expected) -> Result<Reply> {
    request.write(move |c, actor| clients::delete(c, actor, &id.0, &expected).map(|()| Reply::no_content())).await
}

/// Rotate a machine's secret
///
/// Answers with a new `client_secret`, told this once. The old one and the tokens taken with it no longer count.
#[utoipa::path(tag = "Accounts", extensions(("x-roles" = json!(["admin"]))),
    params(("id" = String, Path, description = "The account's id", format = "uuid")),
    responses((status = 200, description = "The account with its new secret", body = ClientOut)))]
#[post("/clients/{id}/rotate-secret")]
pub async fn rotate_client_secret(request: Request, id: Id<AccountId>) -> Result<Reply> {
    request
        .write(move |c, actor| {
            let (client, secret) = clients::rotate(c, actor, &id.0)?;
            let client = client.with_secret(&secret);
            Ok(Reply::one(&client, client.version)?.secret(&["client_secret"]))
        })
        .await
}
