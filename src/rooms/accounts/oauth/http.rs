//! OAuth over HTTP.

use super::use_cases::{self, Client};
use super::wire::{self, Credentials, OAuthError, Outcome, Parameters, invalid_client, refuse};
use crate::actor::Actor;
use crate::app_state::AppState;
use crate::auth;
use crate::auth::caller::RESTRICTED_READ;
use crate::auth::token::{self, Claims};
use crate::db::Conn;
use crate::http::reply::Reply;
use crate::http::request::{Form, Request};
use crate::http::routes::Routes;
use crate::problem::Result;
use crate::rooms::accounts::auth_audit;
use crate::rooms::accounts::login_throttle::Attempt;
use crate::rooms::accounts::tokens::PEOPLE;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, post};
use serde::Serialize;
use serde_json::json;
use std::sync::Arc;
use utoipa::ToSchema;

/// Mounts it.
pub fn routes(routes: &mut Routes) {
    routes
        .service(issue_token)
        .service(revoke_token)
        .service(introspect_token)
        .service(find_authorization_server)
        .service(list_signing_keys);
}

/// A request for a token; credentials in the header, or in `client_id` and `client_secret`.
#[derive(ToSchema)]
#[schema(example = json!({"grant_type": "client_credentials"}))]
#[expect(dead_code, reason = "stands in the document alone; the form is read by hand, as RFC 6749 wants")]
pub struct TokenRequest {
    /// `client_credentials`.
    grant_type: String,
    /// Scopes, separated by blanks; all of the client's if left out.
    #[schema(required = false)]
    scope: Option<String>,
    /// The client's name, if it is not in the header.
    #[schema(required = false)]
    client_id: Option<String>,
    /// The client's secret, if it is not in the header.
    #[schema(required = false)]
    client_secret: Option<String>,
}

/// A token to be revoked or asked about; credentials in the header, or in `client_id` and `client_secret`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "stands in the document alone; the form is read by hand, as RFC 6749 wants")]
pub struct TokenForm {
    /// An access token or a refresh token.
    token: String,
    /// `access_token` or `refresh_token`; not needed.
    #[schema(required = false)]
    token_type_hint: Option<String>,
    /// The client's name, if it is not in the header.
    #[schema(required = false)]
    client_id: Option<String>,
    /// The client's secret, if it is not in the header.
    #[schema(required = false)]
    client_secret: Option<String>,
}

/// A machine's token (RFC 6749 section 5.1).
#[derive(Serialize, ToSchema)]
pub struct MachineToken {
    /// Sent as `Authorization: Bearer …`.
    #[schema(example = "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9.…")]
    pub access_token: String,
    /// `Bearer`.
    #[schema(example = "Bearer")]
    pub token_type: &'static str,
    /// For how many seconds it counts.
    #[schema(example = 600)]
    pub expires_in: i64,
    /// Its scopes, separated by blanks; left out if it has none.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schema(required = false, example = "restricted:read")]
    pub scope: String,
}

/// What is known of a token (RFC 7662 section 2.2). Of one that does not count only that.
#[derive(Default, Serialize, ToSchema)]
#[schema(example = json!({"active": false}))]
pub struct Introspection {
    /// Whether it counts now.
    pub active: bool,
    /// Its scopes, separated by blanks.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub scope: Option<String>,
    /// The client it was issued to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub client_id: Option<String>,
    /// `Bearer`, or `refresh_token`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub token_type: Option<&'static str>,
    /// When it ends, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub exp: Option<i64>,
    /// When it was issued, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub iat: Option<i64>,
    /// The account's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub sub: Option<String>,
    /// For whom it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub aud: Option<String>,
    /// Who issued it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub iss: Option<String>,
    /// Its own id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub jti: Option<String>,
    /// Names of the account's roles.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub roles: Option<Vec<String>>,
}

/// A request that has been read: who asks, with which parameters.
struct Asked {
    app: Arc<AppState>,
    actor: Actor,
    parameters: Parameters,
    client: Client,
}

/// Reads a form and lets the client prove who it is.
async fn asked(request: &Request, raw: &HttpRequest, form: &Form) -> Outcome<Asked> {
    let parameters = Parameters::read(&form.0)?;
    let authorization = raw.headers().get(header::AUTHORIZATION).map(|v| v.to_str().unwrap_or_default());
    let credentials = wire::credentials(authorization, &parameters)?;
    let (app, actor) = (request.app.clone(), request.actor().clone());
    let client = proven(&app, &actor, credentials).await?.ok_or_else(invalid_client)?;
    Ok(Asked { app, actor, parameters, client })
}

/// The client, if it proved who it is. Failures are slowed as those of people are, and no more at once are told than are
/// free; an unknown name and a wrong secret take the same steps.
async fn proven(app: &AppState, actor: &Actor, credentials: Credentials) -> Result<Option<Client>> {
    // The client without a secret has nothing to guess, and must not be held up for others.
    let guessable = credentials.secret.is_some();
    let attempt = Attempt::of_machine(app.config.sign_in, &credentials.id, &actor.address);
    let (asked, asking, name, now) = (attempt.clone(), actor.clone(), credentials.id.clone(), actor.now);
    let (client, failed_before) = app
        .db
        .read(move |c| {
            if guessable {
                asked.admit(c, asking.now)?;
            }
            Ok((use_cases::authenticate(c, &asking, &credentials)?, guessable && asked.has_failed(c)?))
        })
        .await?;
    if client.is_none() && guessable {
        let asking = actor.clone();
        let note = move |c: &mut Conn| {
            attempt.admit_failure(c, asking.now)?;
            if let Some(account) = use_cases::known(c, &name)? {
                auth_audit::failed(c, &asking, &account)?;
            }
            attempt.failed(c, asking.now)
        };
        app.db.write(note).await?;
    } else if failed_before {
        app.db.write(move |c| attempt.succeeded(c, now)).await?;
    }
    Ok(client)
}

fn json<T: Serialize>(body: &T) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::PRAGMA, "no-cache")).json(body)
}

/// A token for a machine
///
/// The client credentials grant (RFC 6749 section 4.4). Without `scope` the token has all scopes of the client; a scope
/// that the client lacks is `invalid_scope`.
#[utoipa::path(tag = "Sign-in", security(), extensions(("x-roles" = json!(["anonymous"]))),
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "The token", body = MachineToken),
        (status = 400, description = "`invalid_request`, `invalid_scope`, `unsupported_grant_type`, `unauthorized_client`", body = OAuthError),
        (status = 401, description = "`invalid_client`", body = OAuthError),
        (status = 429, description = "`temporarily_unavailable`: too many failures, or too many requests", body = OAuthError),
        (status = 500, description = "`server_error`", body = OAuthError),
        (status = 503, description = "`temporarily_unavailable`", body = OAuthError)))]
#[post("/oauth/token")]
pub async fn issue_token(request: Request, raw: HttpRequest, form: Form) -> std::result::Result<HttpResponse, wire::Refusal> {
    let Asked { app, actor, parameters, client } = asked(&request, &raw, &form).await?;
    if parameters.must("grant_type")? != "client_credentials" {
        return Err(refuse("unsupported_grant_type", "The grant type must be client_credentials."));
    }
    if !client.is_confidential() {
        return Err(refuse("unauthorized_client", "A client without a secret takes no token."));
    }
    let mut wanted = parameters.get("scope").unwrap_or_default().split(' ').filter(|s| !s.is_empty());
    if wanted.any(|scope| scope != RESTRICTED_READ || !client.restricted) {
        return Err(refuse("invalid_scope", "The client lacks this scope."));
    }
    let agent = raw.headers().get(header::USER_AGENT).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let (now, secrets) = (actor.now, app.auth.secrets.clone());
    let ticket =
        app.db.write(move |c| use_cases::issue(c, &actor, &secrets, &client, agent.as_deref())).await?.ok_or_else(invalid_client)?;
    let (access_token, expires_in) = ticket.sign(&app.auth, now)?;
    Ok(json(&MachineToken { access_token, token_type: "Bearer", expires_in, scope: ticket.scope }))
}

/// Revoke a token
///
/// RFC 7009. A machine revokes its own tokens; a person's front-end revokes a session's tokens with `client_id=binhdang`
/// and no secret. The whole session of the token ends. A token that does not count is answered alike.
#[utoipa::path(tag = "Sign-in", security(), extensions(("x-roles" = json!(["anonymous"]))),
    request_body(content = TokenForm, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "The token does not count any longer"),
        (status = 400, description = "`invalid_request`, `invalid_grant` for another client's token", body = OAuthError),
        (status = 401, description = "`invalid_client`", body = OAuthError),
        (status = 429, description = "`temporarily_unavailable`: too many failures, or too many requests", body = OAuthError),
        (status = 500, description = "`server_error`", body = OAuthError),
        (status = 503, description = "`temporarily_unavailable`", body = OAuthError)))]
#[post("/oauth/revoke")]
pub async fn revoke_token(request: Request, raw: HttpRequest, form: Form) -> std::result::Result<HttpResponse, wire::Refusal> {
    let Asked { app, actor, parameters, client } = asked(&request, &raw, &form).await?;
    let token = parameters.must("token")?.to_owned();
    let issuer = app.auth.issuer.clone();
    let own = app
        .db
        .write(move |c| {
            let claims = claims_of(c, &issuer, &actor, &token)?;
            match use_cases::issued_to(c, &token, claims.as_ref())? {
                None => Ok(true),
                Some((_, owner)) if owner != client.client_id => Ok(false),
                Some((session, _)) => auth_audit::end(c, &actor, &session).map(|()| true),
            }
        })
        .await?;
    if own { Ok(HttpResponse::Ok().finish()) } else { Err(refuse("invalid_grant", "The token was issued to another client.")) }
}

/// What a token says, if it was issued here and has not ended. The keys are read anew: another server may have made one.
fn claims_of(c: &mut Conn, issuer: &str, actor: &Actor, token: &str) -> Result<Option<Claims>> {
    let keys = auth::store::load_keys(c)?;
    Ok(token::verify(&keys, issuer, issuer, actor.now.unix(), token))
}

/// Ask about a token
///
/// RFC 7662, for machines with a secret: whether a token that somebody presented still counts, and what it says.
#[utoipa::path(tag = "Sign-in", security(), extensions(("x-roles" = json!(["anonymous"]))),
    request_body(content = TokenForm, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "What is known of the token", body = Introspection),
        (status = 400, description = "`invalid_request`", body = OAuthError),
        (status = 401, description = "`invalid_client`", body = OAuthError),
        (status = 429, description = "`temporarily_unavailable`: too many failures, or too many requests", body = OAuthError),
        (status = 500, description = "`server_error`", body = OAuthError),
        (status = 503, description = "`temporarily_unavailable`", body = OAuthError)))]
#[post("/oauth/introspect")]
pub async fn introspect_token(request: Request, raw: HttpRequest, form: Form) -> std::result::Result<HttpResponse, wire::Refusal> {
    let Asked { app, actor, parameters, client } = asked(&request, &raw, &form).await?;
    if !client.is_confidential() {
        return Err(invalid_client());
    }
    let token = parameters.must("token")?.to_owned();
    let issuer = app.auth.issuer.clone();
    Ok(json(&app.db.read(move |c| introspect(c, &issuer, &actor, &token)).await?))
}

fn introspect(c: &mut Conn, issuer: &str, actor: &Actor, token: &str) -> Result<Introspection> {
    if let Some((account, issued, until)) = use_cases::live_refresh(c, token, actor.now)? {
        return Ok(Introspection {
            active: true,
            client_id: Some(PEOPLE.to_owned()),
            token_type: Some("refresh_token"),
            exp: Some(until.unix()),
            iat: Some(issued.unix()),
            sub: Some(account.into()),
            iss: Some(issuer.to_owned()),
            ..Introspection::default()
        });
    }
    let Some(claims) = claims_of(c, issuer, actor, token)? else { return Ok(Introspection::default()) };
    if auth::store::caller(c, &claims, None, actor.now)?.is_none() {
        return Ok(Introspection::default());
    }
    let Claims { iss, aud, sub, client_id, iat, exp, jti, scope, roles, sid: _, ver: _ } = claims;
    Ok(Introspection {
        active: true,
        scope: (!scope.is_empty()).then_some(scope),
        client_id: Some(client_id),
        token_type: Some("Bearer"),
        exp: Some(exp),
        iat: Some(iat),
        sub: Some(sub),
        aud: Some(aud),
        iss: Some(iss),
        jti: Some(jti),
        roles: Some(roles),
    })
}

/// Where OAuth's endpoints are
///
/// The metadata of the authorization server (RFC 8414).
#[utoipa::path(tag = "Sign-in", security(), extensions(("x-roles" = json!(["anonymous"]))),
    responses((status = 200, description = "The metadata", body = inline(serde_json::Map<String, serde_json::Value>), content_type = "application/json",
        example = json!({"issuer": "https://binhdang.example", "token_endpoint": "https://binhdang.example/oauth/token"}))))]
#[get("/.well-known/oauth-authorization-server")]
pub async fn find_authorization_server(request: Request) -> Result<Reply> {
    let issuer = &request.app.auth.issuer;
    let methods = ["client_secret_basic", "client_secret_post"];
    let metadata = json!({
        "issuer": issuer,
        "token_endpoint": format!("{issuer}/oauth/token"),
        "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
        "revocation_endpoint": format!("{issuer}/oauth/revoke"),
        "introspection_endpoint": format!("{issuer}/oauth/introspect"),
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "scopes_supported": [RESTRICTED_READ],
        "token_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "introspection_endpoint_auth_methods_supported": methods,
        "service_documentation": format!("{issuer}/docs/"),
        "ui_locales_supported": ["vi", "en"],
    });
    Ok(Reply::ok(&metadata)?.header("Cache-Control", "public, max-age=3600"))
}

/// The public keys
///
/// The keys that sign access tokens, receipts and approved reports (RFC 7517, RFC 8037), retired ones too: old signatures
/// can be checked for ever.
#[utoipa::path(tag = "Sign-in", security(), extensions(("x-roles" = json!(["anonymous"]))),
    responses((status = 200, description = "The JWK set", body = inline(serde_json::Map<String, serde_json::Value>), content_type = "application/json",
        example = json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
            "kid": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", "use": "sig", "alg": "EdDSA"}]}))))]
#[get("/.well-known/jwks.json")]
pub async fn list_signing_keys(request: Request) -> Result<Reply> {
    // From the database: another server may have made a key since this one started.
    request.read(|c, _| Ok(Reply::ok(&auth::store::load_keys(c)?.jwks())?.header("Cache-Control", "public, max-age=300"))).await
}
