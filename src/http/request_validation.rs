//! What is checked of a request before its handler, in the order that the contract states: 404 and 405; 401; 403 for the role;
//! 413, 415, 406; 400; 428; 422 for the body's shape. By what the document says, so that document and behaviour cannot part.

mod body;
mod negotiation;

use super::HttpState;
use super::body_stream::hexadecimal;
use super::coding::Wanted;
use super::contract::{Found, Operation};
use super::policy::BodyKind;
use super::purpose;
use super::request::{self, Asking, Checked, actor_of, asked_of};
use super::response_cache::Question;
use super::short_paths;
use crate::actor::Origin;
use crate::auth;
use crate::auth::caller::{Caller, Role};
use crate::auth::denied::denied;
use crate::change::Expected;
use crate::change::idempotency::Key;
use crate::db::data_version::DataVersion;
use crate::formats::Format;
use crate::problem::{Error, Problem, Result, codes};
use crate::values::clock::UtcTime;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpResponse, ResponseError, web};
use aws_lc_rs::digest::{Context, SHA256};
use serde_json::{Map, Value};
use std::sync::Arc;

/// Longest path and query together, in bytes.
const LONGEST_ADDRESS: usize = 8192;

/// The paths of whoever watches the server: no limit, so that it can be seen when it is under siege.
pub const UNLIMITED: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

/// The middleware.
///
/// # Errors
/// None of its own: every refusal is a response.
pub async fn validate<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> std::result::Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let outcome = match request.app_data::<web::Data<HttpState>>().map(|h| h.clone().into_inner()) {
        Some(app) => pass(&mut request, app).await,
        None => Err(Error::internal("request validation without a state")),
    };
    match outcome {
        Ok(None) => Ok(next.call(request).await?.map_into_boxed_body()),
        Ok(Some(response)) => Ok(request.into_response(response)),
        Err(error) => {
            let response = error.error_response();
            Ok(request.into_response(response))
        }
    }
}

/// Either goes on, or answers at once. The order is the contract's.
async fn pass(request: &mut ServiceRequest, app: Arc<HttpState>) -> Result<Option<HttpResponse>> {
    address_length(request)?;
    short_paths::fill(request)?;
    if is_page(request) {
        return Ok(None);
    }
    let origin = request.extensions().get::<Arc<Origin>>().cloned().ok_or_else(|| Error::internal("a request without origin"))?;
    limit_address(request, &app, &origin)?;
    let operation = match route(request, &app)? {
        Routed::To(operation) => operation,
        Routed::Answered(response) => return Ok(Some(response)),
    };
    let (caller, mut data_version) = authenticate(request, &app, &operation, &origin.address).await?;
    allowed(request.path(), &app, &operation, caller.as_deref())?;
    limit_account(request, &app, caller.as_deref())?;
    let bytes = body::receive(request, &app, &operation).await?;
    body::content_coding(request)?;
    body::media_type(request, &operation, &bytes)?;
    let format = negotiation::negotiate(request.request(), &operation.policy)?;
    if request.method() == Method::GET && is_read_of_data(request.path()) {
        if data_version.is_none() {
            data_version = Some(app.db.data_version().await?);
        }
        if let Some(response) = kept(request, &app, &operation, &origin, (caller.as_ref(), format)).await? {
            return Ok(Some(response));
        }
    }
    let query = app.contract.query(&operation)?.check(request.query_string())?;
    let purpose = purpose_of(request, &operation)?;
    let key = idempotency_key(request, caller.as_deref(), &query, &bytes)?;
    let body = body::parse(&app, &operation, &bytes)?;
    let expected = expected_version(request, &operation)?;
    let body = body::shaped(&app, &operation, body)?;
    let (form, streamed) = match operation.policy.body {
        BodyKind::Form(_) => (bytes, None),
        BodyKind::Stream { most, .. } => (Vec::new(), Some(most)),
        BodyKind::Nothing | BodyKind::Json { .. } => (Vec::new(), None),
    };
    request.extensions_mut().insert(Checked {
        app,
        operation,
        caller,
        format,
        query,
        body,
        expected,
        key,
        form,
        streamed,
        purpose,
        data_version,
    });
    Ok(None)
}

/// Whether answers at this address may be kept.
fn is_read_of_data(path: &str) -> bool {
    path.starts_with("/api/v1/") || path.starts_with("/sdmx/")
}

/// 414.
fn address_length(request: &ServiceRequest) -> Result<()> {
    let fits = request.path().len() + request.query_string().len() <= LONGEST_ADDRESS;
    if fits { Ok(()) } else { Err(codes::URI_TOO_LONG.into()) }
}

/// Pages that the document does not describe: they take nothing and tell nothing.
fn is_page(request: &ServiceRequest) -> bool {
    let path = request.path();
    (path == "/" && request.method() == Method::GET) || path == "/docs" || path.starts_with("/docs/")
}

/// 429 for the address.
fn limit_address(request: &ServiceRequest, app: &HttpState, origin: &Origin) -> Result<()> {
    if let Some(limits) = app.limits.as_ref().filter(|_| !UNLIMITED.contains(&request.path())) {
        let standing = limits.of_address(&auth::address::network(&origin.address))?;
        request.extensions_mut().insert(standing);
    }
    Ok(())
}

/// 429 for the account.
fn limit_account(request: &ServiceRequest, app: &HttpState, caller: Option<&Caller>) -> Result<()> {
    if let (Some(limits), Some(caller)) = (app.limits.as_ref().filter(|_| !UNLIMITED.contains(&request.path())), caller) {
        let standing = limits.of_account(caller.id.as_str())?;
        request.extensions_mut().insert(standing);
    }
    Ok(())
}

fn method_not_allowed(method: &Method, allow: &str) -> Problem {
    let (vi, en) = (
        format!("Địa chỉ này không nhận phương thức «{method}»; chỉ nhận «{allow}». Hãy dùng một trong các phương thức đó."),
        format!("This address does not take {method}, but {allow}. Use one of these methods."),
    );
    Problem::new(codes::METHOD_NOT_ALLOWED).saying(vi, en).header("Allow", allow)
}

/// What a path and a method lead to.
enum Routed {
    /// An operation.
    To(Arc<Operation>),
    /// An answer that needs none.
    Answered(HttpResponse),
}

/// 404 and 405.
fn route(request: &ServiceRequest, app: &HttpState) -> Result<Routed> {
    match app.contract.find(request.method().as_str(), request.path()) {
        Found::Operation(operation) => Ok(Routed::To(operation)),
        Found::OtherMethods(allow) if request.method() == Method::OPTIONS => {
            Ok(Routed::Answered(HttpResponse::build(StatusCode::NO_CONTENT).insert_header((header::ALLOW, allow)).finish()))
        }
        Found::OtherMethods(allow) => Err(method_not_allowed(request.method(), &allow).into()),
        Found::Nothing => Err(codes::NOT_FOUND.into()),
    }
}

/// 401.
async fn authenticate(
    request: &ServiceRequest,
    app: &HttpState,
    operation: &Operation,
    address: &str,
) -> Result<(Option<Arc<Caller>>, Option<DataVersion>)> {
    // A token that has run out must not keep its holder from getting a new one; and RFC 6749 puts a client's name and secret
    // in this header.
    if !operation.policy.knows_callers {
        return Ok((None, None));
    }
    let Some(header) = text_header(request, header::AUTHORIZATION.as_str()) else {
        return if operation.policy.public { Ok((None, None)) } else { Err(auth::required()) };
    };
    let (caller, data_version) = app.auth.caller(&app.db, header, address).await?;
    // The log names him whatever comes of the request.
    request.extensions_mut().insert(Asking(caller.clone()));
    Ok((Some(caller), Some(data_version)))
}

/// 403 for the role, and for who must first see to his own account.
pub(super) fn allowed(path: &str, app: &HttpState, operation: &Operation, caller: Option<&Caller>) -> Result<()> {
    let Some(caller) = caller.filter(|_| !operation.policy.public) else { return Ok(()) };
    if caller.must_change_password && !matches!(operation.id.as_str(), "get_me" | "change_password") {
        return Err(codes::PASSWORD_CHANGE_REQUIRED.into());
    }
    let of_oneself = path == "/api/v1/me" || path.starts_with("/api/v1/me/");
    if app.auth.lacks_second_factor(caller) && !of_oneself {
        return Err(codes::TOTP_SETUP_REQUIRED.into());
    }
    // What every role may call is open to an account without any grant as well: its own particulars.
    let roles = &operation.policy.roles;
    if roles.len() == Role::ALL.len() || caller.has_any(roles) { Ok(()) } else { Err(denied(Some(caller), roles, None).into()) }
}

/// The answer that was kept for this question, if there is one and the data were looked at since the request began. It
/// passed the checks that follow when it was made, and they
/// look at nothing that the question does not say.
async fn kept(
    request: &ServiceRequest,
    app: &HttpState,
    operation: &Operation,
    origin: &Origin,
    (caller, format): (Option<&Arc<Caller>>, Format),
) -> Result<Option<HttpResponse>> {
    let account = caller.map(|c| &c.id);
    let question = Question { path: request.path(), query: request.query_string(), format, language: origin.language, account };
    let Some(reply) = app.responses.get(question, caller, app.db.data_versions(), UtcTime::now()) else { return Ok(None) };
    app.metrics.kept_answer();
    let purpose = purpose_of(request, operation)?;
    let reply =
        request::again(app, || Ok((actor_of(request.request(), app, caller.cloned(), purpose)?, asked_of(request.request()))), reply)
            .await?;
    let wanted = Wanted::of(request.request());
    Ok(Some(reply.coded_as(&wanted).await?.response(&wanted)))
}

fn purpose_of(request: &ServiceRequest, operation: &Operation) -> Result<Option<String>> {
    if operation.policy.takes_purpose { purpose::read(request.headers()) } else { Ok(None) }
}

fn text_header<'a>(request: &'a ServiceRequest, name: &str) -> Option<&'a str> {
    request.headers().get(name).map(|v| v.to_str().unwrap_or("\u{fffd}"))
}

/// The key that makes a retry safe, with the fingerprint of the request: of a body that its handler takes piece by piece the
/// fingerprint is yet to be completed. 400 for a key that is none.
fn idempotency_key(request: &ServiceRequest, caller: Option<&Caller>, query: &Map<String, Value>, bytes: &[u8]) -> Result<Option<Key>> {
    let Some(key) = request.headers().get("Idempotency-Key") else { return Ok(None) };
    let path = request.path();
    let honoured = request.method() == Method::POST && path.starts_with("/api/v1/") && !path.starts_with("/api/v1/auth/");
    let (true, Some(caller)) = (honoured, caller) else { return Ok(None) };
    let text = std::str::from_utf8(key.as_bytes()).unwrap_or_default();
    if text.is_empty() || text.len() > 255 || !text.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(codes::IDEMPOTENCY_KEY_INVALID.into());
    }
    let mut hasher = Context::new(&SHA256);
    hasher.update(Value::Object(query.clone()).to_string().as_bytes());
    hasher.update(bytes);
    let fingerprint = hexadecimal(hasher);
    Ok(Some(Key {
        account: caller.id.as_str().to_owned(),
        method: "POST".to_owned(),
        path: path.to_owned(),
        key: text.to_owned(),
        fingerprint,
    }))
}

/// 428.
fn expected_version(request: &ServiceRequest, operation: &Operation) -> Result<Option<Expected>> {
    let expected = Expected::parse(text_header(request, header::IF_MATCH.as_str()));
    if operation.policy.if_match && expected.is_none() { Err(codes::VERSION_REQUIRED.into()) } else { Ok(expected) }
}
