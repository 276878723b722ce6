//! The gate before every handler. It checks a request by the document, in the order that the contract states: 404 and
//! 405; 401; 403 for the role; 413, 415, 406; 400; 428; 422 for the body's shape. So document and behaviour cannot part.

use super::HttpState;
use super::coding::Wanted;
use super::connections::connection_of;
use super::contract::{Found, Operation, Takes};
use super::purpose;
use super::request::{self, Asking, Checked, actor_of, asked_of};
use super::response_cache::Question;
use crate::actor::Origin;
use crate::auth;
use crate::auth::caller::{Caller, Role};
use crate::change::Expected;
use crate::change::idempotency::Key;
use crate::db::data_version::DataVersion;
use crate::json_schema::{Written, cut};
use crate::problem::{Error, Problem, Result, codes};
use crate::values::clock::UtcTime;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, Accept, Header};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpResponse, ResponseError, web};
use futures_util::StreamExt;
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
        None => Err(Error::internal("the gate has no house")),
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

/// Either goes on, or answers at once.
async fn pass(request: &mut ServiceRequest, app: Arc<HttpState>) -> Result<Option<HttpResponse>> {
    let path = request.path().to_owned();
    if path.len() + request.query_string().len() > LONGEST_ADDRESS {
        return Err(codes::URI_TOO_LONG.into());
    }
    let root = path == "/" && request.method() == Method::GET;
    if root || path == "/docs" || path.starts_with("/docs/") {
        return Ok(None);
    }
    let origin = request.extensions().get::<Arc<Origin>>().cloned().ok_or_else(|| Error::internal("a request without origin"))?;
    let limits = app.limits.as_ref().filter(|_| !UNLIMITED.contains(&path.as_str()));
    if let Some(limits) = limits {
        let standing = limits.of_address(&auth::address::network(&origin.address))?;
        request.extensions_mut().insert(standing);
    }
    let operation = match app.contract.find(request.method().as_str(), &path) {
        Found::Operation(operation) => operation,
        Found::OtherMethods(allow) if request.method() == Method::OPTIONS => {
            return Ok(Some(HttpResponse::build(StatusCode::NO_CONTENT).insert_header((header::ALLOW, allow)).finish()));
        }
        Found::OtherMethods(allow) => return Err(Problem::new(codes::METHOD_NOT_ALLOWED).header("Allow", allow).into()),
        Found::Nothing => return Err(codes::NOT_FOUND.into()),
    };
    let (caller, mut data_version) = authenticate(request, &app, &operation, &origin.address).await?;
    if let (Some(limits), Some(caller)) = (limits, &caller) {
        let standing = limits.of_account(caller.id.as_str())?;
        request.extensions_mut().insert(standing);
    }
    let bytes = read_body(request, &app, &operation).await?;
    content_coding(request)?;
    media_type(request, &operation, &bytes)?;
    acceptable(request, &operation)?;
    if request.method() == Method::GET && path.starts_with("/api/v1/") {
        if data_version.is_none() {
            data_version = Some(app.db.data_version().await?);
        }
        if let Some(response) = kept(request, &app, &operation, &origin, caller.as_ref()).await? {
            return Ok(Some(response));
        }
    }
    let query = app.contract.query(&operation)?.check(request.query_string())?;
    let purpose = purpose_of(request, &operation)?;
    let key = idempotency_key(request, caller.as_deref(), &query, &bytes)?;
    let body = parse(&app, &operation, &bytes)?;
    let expected = Expected::parse(text_header(request, header::IF_MATCH.as_str()));
    if operation.if_match && expected.is_none() {
        return Err(codes::VERSION_REQUIRED.into());
    }
    let body = shaped(&app, &operation, body)?;
    let form = if matches!(operation.takes, Takes::Raw(_)) { bytes } else { Vec::new() };
    request.extensions_mut().insert(Checked { app, caller, query, body, expected, key, form, purpose, data_version });
    Ok(None)
}

/// The answer that was kept for this question, if there is one and the data were looked at since the request began. It passed the checks that follow when it was made, and they
/// look at nothing that the question does not say.
async fn kept(
    request: &ServiceRequest,
    app: &HttpState,
    operation: &Operation,
    origin: &Origin,
    caller: Option<&Arc<Caller>>,
) -> Result<Option<HttpResponse>> {
    let account = caller.map(|c| &c.id);
    let question = Question { path: request.path(), query: request.query_string(), language: origin.language, account };
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
    if operation.takes_purpose { purpose::read(request.headers()) } else { Ok(None) }
}

fn text_header<'a>(request: &'a ServiceRequest, name: &str) -> Option<&'a str> {
    request.headers().get(name).map(|v| v.to_str().unwrap_or("\u{fffd}"))
}

async fn authenticate(
    request: &ServiceRequest,
    app: &HttpState,
    operation: &Operation,
    address: &str,
) -> Result<(Option<Arc<Caller>>, Option<DataVersion>)> {
    // A token that has run out must not keep its holder from getting a new one; and RFC 6749 puts a client's name and secret
    // in this header.
    if !operation.knows_callers {
        return Ok((None, None));
    }
    let Some(header) = text_header(request, header::AUTHORIZATION.as_str()) else {
        return if operation.public { Ok((None, None)) } else { Err(auth::required()) };
    };
    let (caller, data_version) = app.auth.caller(&app.db, header, address).await?;
    // The log names him whatever comes of the request.
    request.extensions_mut().insert(Asking(caller.clone()));
    if caller.must_change_password && !operation.public && !matches!(operation.id.as_str(), "get_me" | "change_password") {
        return Err(codes::PASSWORD_CHANGE_REQUIRED.into());
    }
    let of_oneself = request.path() == "/api/v1/me" || request.path().starts_with("/api/v1/me/");
    if app.auth.lacks_second_factor(&caller) && !operation.public && !of_oneself {
        return Err(codes::TOTP_SETUP_REQUIRED.into());
    }
    // What every role may call is open to an account without any grant as well: its own particulars.
    let own = operation.roles.len() == Role::ALL.len();
    if operation.public || own || caller.has_any(&operation.roles) {
        Ok((Some(caller), Some(data_version)))
    } else {
        Err(codes::ACCESS_DENIED.into())
    }
}

async fn read_body(request: &mut ServiceRequest, app: &HttpState, operation: &Operation) -> Result<Vec<u8>> {
    let limit = app.config.max_body;
    let announced = text_header(request, header::CONTENT_LENGTH.as_str()).and_then(|l| l.parse::<u64>().ok());
    if announced.is_some_and(|length| usize::try_from(length).map_or(true, |l| l > limit)) {
        return Err(too_large(limit));
    }
    if request.method() == Method::GET && matches!(operation.takes, Takes::Nothing) {
        return Ok(Vec::new());
    }
    let _reading = connection_of(request.request()).map(|connection| connection.reading());
    let mut payload = request.take_payload();
    let reading = async {
        let mut bytes = Vec::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| malformed("Nội dung không đọc được.", "The body cannot be read.", 1, 1))?;
            if bytes.len() + chunk.len() > limit {
                return Err(too_large(limit));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    };
    match tokio::time::timeout(app.config.body_time, reading).await {
        Ok(bytes) => bytes,
        Err(_) => Err(Problem::new(codes::REQUEST_TIMEOUT).header("Connection", "close").into()),
    }
}

fn too_large(limit: usize) -> Error {
    Problem::new(codes::BODY_TOO_LARGE)
        .saying(format!("Nội dung vượt quá {limit} byte."), format!("The body is larger than {limit} bytes."))
        .member("limit", limit)
        .header("Connection", "close")
        .into()
}

/// A coded body is refused, whatever it is coded with: its size would say nothing of what it costs.
fn content_coding(request: &ServiceRequest) -> Result<()> {
    let mut codings = request.headers().get_all(header::CONTENT_ENCODING).flat_map(|value| value.to_str().unwrap_or("?").split(','));
    let Some(coding) = codings.find(|coding| !matches!(coding.trim().to_ascii_lowercase().as_str(), "" | "identity")) else {
        return Ok(());
    };
    let coding = cut(coding.trim(), 40);
    let (vi, en) = (
        format!("Nội dung được nén hay mã hoá ({coding}); chỉ nhận nội dung không nén. Hãy bỏ Content-Encoding và gửi nguyên nội dung."),
        format!("The body is coded ({coding}); only plain bodies are taken. Leave out Content-Encoding and send the body as it is."),
    );
    // RFC 9110 section 15.5.16: so a client tells it from a wrong media type.
    Err(Problem::new(codes::MEDIA_TYPE_UNSUPPORTED).saying(vi, en).header("Accept-Encoding", "identity").into())
}

fn media_type(request: &ServiceRequest, operation: &Operation, bytes: &[u8]) -> Result<()> {
    let Some(header) = text_header(request, header::CONTENT_TYPE.as_str()) else {
        return if bytes.is_empty() { Ok(()) } else { Err(codes::MEDIA_TYPE_UNSUPPORTED.into()) };
    };
    if request.method() == Method::GET {
        return Ok(());
    }
    let mut parts = header.split(';').map(|p| p.trim().to_ascii_lowercase());
    let essence = parts.next().unwrap_or_default();
    let utf8 = parts.all(|p| p.strip_prefix("charset=").is_none_or(|c| c.trim_matches('"') == "utf-8"));
    let fits = match &operation.takes {
        Takes::Nothing => bytes.is_empty() || essence == "application/json",
        Takes::Json { merge_patch, .. } => essence == "application/json" || (*merge_patch && essence == "application/merge-patch+json"),
        Takes::Raw(media) => media.contains(&essence),
    };
    if fits && utf8 { Ok(()) } else { Err(codes::MEDIA_TYPE_UNSUPPORTED.into()) }
}

fn acceptable(request: &ServiceRequest, operation: &Operation) -> Result<()> {
    if operation.produces.is_empty() || !request.headers().contains_key(header::ACCEPT) {
        return Ok(());
    }
    // A header that is no list of media ranges says nothing.
    let Ok(accept) = Accept::parse(request.request()) else { return Ok(()) };
    let quality = |media: &str| {
        let (kind, sub) = media.split_once('/').unwrap_or((media, ""));
        let rank = |range: &header::QualityItem<actix_web::mime::Mime>| {
            let (t, s) = (range.item.type_().as_str(), range.item.essence_str().split_once('/').map_or("", |x| x.1));
            match (t == kind, s == sub, t, s) {
                (true, true, _, _) => Some(2),
                (true, _, _, "*") => Some(1),
                (_, _, "*", "*") => Some(0),
                _ => None,
            }
        };
        accept.iter().filter_map(|r| rank(r).map(|rank| (rank, r.quality))).max_by_key(|(rank, _)| *rank).map(|(_, q)| q)
    };
    let fits = operation.produces.iter().any(|media| quality(media).is_some_and(|q| q > header::Quality::ZERO));
    if fits { Ok(()) } else { Err(codes::NOT_ACCEPTABLE.into()) }
}

fn idempotency_key(request: &ServiceRequest, caller: Option<&Caller>, query: &Map<String, Value>, bytes: &[u8]) -> Result<Option<Key>> {
    let Some(key) = request.headers().get("Idempotency-Key") else { return Ok(None) };
    let path = request.path();
    let honoured = request.method() == Method::POST && path.starts_with("/api/v1/") && !path.starts_with("/api/v1/auth/");
    let (true, Some(caller)) = (honoured, caller) else { return Ok(None) };
    let text = std::str::from_utf8(key.as_bytes()).unwrap_or_default();
    if text.is_empty() || text.len() > 255 || !text.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(codes::IDEMPOTENCY_KEY_INVALID.into());
    }
    let mut hasher = aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256);
    hasher.update(Value::Object(query.clone()).to_string().as_bytes());
    hasher.update(bytes);
    let fingerprint = hasher.finish().as_ref().iter().map(|b| format!("{b:02x}")).collect();
    Ok(Some(Key {
        account: caller.id.as_str().to_owned(),
        method: "POST".to_owned(),
        path: path.to_owned(),
        key: text.to_owned(),
        fingerprint,
    }))
}

fn parse(app: &HttpState, operation: &Operation, bytes: &[u8]) -> Result<Option<Written>> {
    let optional = match &operation.takes {
        Takes::Raw(_) => return Ok(None),
        Takes::Nothing => true,
        Takes::Json { optional, .. } => *optional,
    };
    if bytes.is_empty() && optional {
        return Ok(Some(Written::nothing()));
    }
    let written = app.contract.body_schema(operation)?.parse(bytes).map_err(|e| {
        let (line, column) = (e.line(), e.column());
        malformed(
            &format!("Lỗi cú pháp JSON ở dòng {line}, cột {column}."),
            &format!("JSON syntax error at line {line} column {column}."),
            line,
            column,
        )
    })?;
    Ok(Some(written))
}

fn malformed(vi: &str, en: &str, line: usize, column: usize) -> Error {
    Problem::new(codes::JSON_MALFORMED).saying(vi, en).member("line", line).member("column", column).into()
}

fn shaped(app: &HttpState, operation: &Operation, body: Option<Written>) -> Result<Option<Value>> {
    let Some(body) = body else { return Ok(None) };
    app.contract.body_schema(operation)?.accept(body).map(Some).map_err(|faults| Problem::invalid(faults).into())
}
