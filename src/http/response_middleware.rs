//! The outermost layer: request id, log line, figures, problems in the reader's language, and the headers that every
//! answer has.

use super::HttpState;
use super::connections::{Sending, connection_of};
use super::limit::Standing;
use super::problem_response::status_of;
use super::request::Asking;
use crate::actor::Origin;
use crate::problem::{Language, Problem, codes};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpResponse, web};
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Swagger UI takes scripts and styles from this host alone; its pictures are inline.
const DOCS_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; \
                           connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const PAGE_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Headers that keep a browser from making more of an answer than it is.
const PROTECTIVE: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::CROSS_ORIGIN_OPENER_POLICY, "same-origin"),
    (header::CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"),
];

/// The middleware.
///
/// # Errors
/// Only after a panic, with a body of its own.
pub async fn finish<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<Sending>, actix_web::Error> {
    let connection = connection_of(request.request()).cloned();
    let worked_on = connection.as_ref().map(|connection| connection.begin());
    let began = Instant::now();
    let app = request.app_data::<web::Data<HttpState>>().map(|h| h.clone().into_inner());
    let origin = Arc::new(Origin {
        request_id: request_id(request.headers()),
        address: origin(&request, app.as_deref()),
        language: language(request.headers()),
    });
    let method = request.method().clone();
    if method == Method::HEAD {
        // Answered as GET; the protocol layer leaves the body out.
        request.head_mut().method = Method::GET;
    }
    let path = request.path().to_owned();
    request.extensions_mut().insert(origin.clone());
    if let Some(app) = &app {
        app.metrics.begin();
    }
    let outcome = AssertUnwindSafe(next.call(request)).catch_unwind().await;
    let mut response = match outcome {
        Ok(Ok(response)) => response.map_into_boxed_body(),
        Ok(Err(error)) => {
            tracing::error!(%error, request.id = %origin.request_id, "a request failed below the gate");
            return Err(broken(&origin, &path));
        }
        Err(_) => {
            tracing::error!(request.id = %origin.request_id, "a handler panicked");
            return Err(broken(&origin, &path));
        }
    };
    response = render(response, &origin, &path);
    let secure = app.as_ref().is_some_and(|h| h.config.public_url.starts_with("https:"));
    headers(&mut response, &origin, &path, secure);
    let status = response.status().as_u16();
    let took = began.elapsed();
    if let Some(app) = &app {
        app.metrics.end(&method, status, took);
    }
    let asking = response.request().extensions().get::<Asking>().cloned();
    tracing::info!(
        request.id = %origin.request_id,
        http.method = %method,
        http.path = %path,
        http.status = status,
        duration_ms = took.as_secs_f64() * 1000.0,
        client.address = %origin.address,
        account.id = asking.as_ref().map_or("-", |asking| asking.0.id.as_str()),
        "request answered"
    );
    // The protocol layer would read over the rest of a refused body for as long as it comes.
    if let Some(connection) = connection.filter(|_| response.headers().get(header::CONNECTION).is_some_and(|v| v == "close")) {
        connection.ends_after_this();
    }
    let sending = if method == Method::HEAD { Sending::head } else { Sending::new };
    Ok(response.map_body(|_, body| sending(body, worked_on)))
}

/// The client's address: that of the connection, or the one a trusted proxy tells.
fn origin(request: &ServiceRequest, app: Option<&HttpState>) -> String {
    let Some(peer) = request.peer_addr().map(|a| a.ip()) else { return String::new() };
    let lines: Vec<&str> = request.headers().get_all(header::X_FORWARDED_FOR).map(|v| v.to_str().unwrap_or_default()).collect();
    app.map_or(peer, |app| app.auth.origin(peer, lines.into_iter())).to_string()
}

fn request_id(headers: &HeaderMap) -> String {
    let given = headers.get(&REQUEST_ID).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let well_formed = !given.is_empty() && given.len() <= 128 && given.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-:".contains(&b));
    if well_formed { given.to_owned() } else { uuid::Uuid::now_v7().to_string() }
}

/// The language asked for (RFC 9110 section 12.5.4): Vietnamese unless English is preferred.
fn language(headers: &HeaderMap) -> Language {
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let mut best = (0, Language::Vi);
    for range in asked.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let tag = parts.next().unwrap_or_default().to_ascii_lowercase();
        let weight = parts.find_map(|p| p.strip_prefix("q=")).map_or(Some(1.0), |q| q.parse::<f32>().ok()).unwrap_or(0.0);
        let weight = (weight.clamp(0.0, 1.0) * 1000.0).round();
        let language = match tag.split('-').next() {
            Some("vi" | "*") => Language::Vi,
            Some("en") => Language::En,
            _ => continue,
        };
        #[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "between 0 and 1000")]
        let weight = weight as i32;
        if weight > best.0 {
            best = (weight, language);
        }
    }
    best.1
}

/// What a browser may not ask from a page of another origin. Nothing but CORS refuses a request with an origin without
/// saying why.
fn foreign_origin() -> Problem {
    Problem::new(codes::HEADER_INVALID).saying(
        "Trang web gửi yêu cầu chưa được phép dùng dịch vụ này từ trình duyệt, hoặc dùng phương thức hay header không được phép. Hãy nhờ người vận hành thêm địa chỉ của trang vào thiết đặt «BINHDANG_CORS_ORIGINS».",
        "The page that sends this may not use the service from a browser, or asks for a method or header that is not allowed. Let the operator add its origin to the setting BINHDANG_CORS_ORIGINS.",
    )
}

/// Turns what went wrong into a problem document, also what the framework refused by itself.
fn render(mut response: ServiceResponse<BoxBody>, origin: &Origin, path: &str) -> ServiceResponse<BoxBody> {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let told = response.response_mut().extensions_mut().remove::<Problem>();
    let foreign = response.request().headers().contains_key(header::ORIGIN);
    let own = response.headers().get(header::CONTENT_TYPE).is_some_and(|v| v.as_bytes().starts_with(b"application/"));
    let problem = match told {
        Some(problem) => problem,
        None if own => return response,
        None if status == StatusCode::BAD_REQUEST && foreign => foreign_origin(),
        None => Problem::new(match status {
            StatusCode::NOT_FOUND => codes::NOT_FOUND,
            StatusCode::METHOD_NOT_ALLOWED => codes::METHOD_NOT_ALLOWED,
            StatusCode::NOT_ACCEPTABLE => codes::NOT_ACCEPTABLE,
            StatusCode::PAYLOAD_TOO_LARGE => codes::BODY_TOO_LARGE,
            StatusCode::BAD_REQUEST => codes::HEADER_INVALID,
            _ => codes::INTERNAL,
        }),
    };
    // A path or method that does not exist is no matter of OAuth.
    let oauth = path.starts_with("/oauth/") && !matches!(problem.status(), 404 | 405);
    let (document, media) = if oauth {
        (oauth_error(&problem), "application/json")
    } else {
        (problem.to_json(origin.language, path, &origin.request_id).to_string(), "application/problem+json")
    };
    let (request, old) = response.into_parts();
    let mut new = HttpResponse::build(status_of(&problem));
    // The problem is a body of its own: what was said of the old one's form does not hold for it.
    let of_the_body = [header::CONTENT_ENCODING, header::CONTENT_LENGTH, header::TRANSFER_ENCODING];
    for (name, value) in old.headers().iter().filter(|(name, _)| !of_the_body.contains(name)) {
        new.append_header((name.clone(), value.clone()));
    }
    let mut new = new.body(document);
    if problem.status() == StatusCode::UNAUTHORIZED && !oauth {
        // RFC 9110 section 15.5.2: a 401 always says how to sign in, also to somebody who just tried.
        new.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"binhdang\""));
    }
    for (name, value) in problem.headers() {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(*name), HeaderValue::try_from(value.as_str())) {
            new.headers_mut().insert(name, value);
        }
    }
    let fixed = [
        (header::CONTENT_TYPE, media),
        (
            header::CONTENT_LANGUAGE,
            match origin.language {
                Language::Vi if !oauth => "vi",
                _ => "en",
            },
        ),
    ];
    for (name, value) in fixed {
        new.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    ServiceResponse::new(request, new)
}

/// RFC 6749 section 5.2: below `/oauth/` errors have the form that OAuth's clients know, in ASCII.
fn oauth_error(problem: &Problem) -> String {
    let error = match problem.status() {
        429 | 503 => "temporarily_unavailable",
        500.. => "server_error",
        _ => "invalid_request",
    };
    serde_json::json!({"error": error, "error_description": problem.code().title_en}).to_string()
}

fn headers(response: &mut ServiceResponse<BoxBody>, origin: &Origin, path: &str, secure: bool) {
    let signed_in = response.request().headers().contains_key(header::AUTHORIZATION);
    let docs = path.starts_with("/docs");
    let cache = match path {
        p if p.starts_with("/oauth/") || p.starts_with("/api/v1/auth/") => "no-store",
        _ if signed_in => "private, no-cache",
        _ => "no-cache",
    };
    let standing = response.request().extensions().get::<Standing>().copied();
    let headers = response.headers_mut();
    for (name, value) in standing.iter().flat_map(Standing::headers) {
        if let (Some(value), false) = (value, headers.contains_key(&name)) {
            headers.insert(name, value);
        }
    }
    if secure {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000; includeSubDomains"));
    }
    if let Ok(id) = HeaderValue::try_from(origin.request_id.as_str()) {
        headers.insert(REQUEST_ID, id);
    }
    // It only kept the layer below from coding the answer (RFC 9110 section 8.4: no coding is not named).
    if headers.get(header::CONTENT_ENCODING).is_some_and(|coding| coding == "identity") {
        headers.remove(header::CONTENT_ENCODING);
    }
    headers.insert(header::VARY, vary(headers));
    let own = [(header::CACHE_CONTROL, cache), (header::CONTENT_SECURITY_POLICY, if docs { DOCS_POLICY } else { PAGE_POLICY })];
    for (name, value) in own.into_iter().chain(PROTECTIVE) {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}

/// What every answer depends on, and what the layers below have added to that.
fn vary(headers: &HeaderMap) -> HeaderValue {
    const ALWAYS: [&str; 5] = ["accept", "accept-encoding", "accept-language", "authorization", "origin"];
    let named = || headers.get_all(header::VARY).filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(',')).map(str::trim);
    let usual = HeaderValue::from_static("accept, accept-encoding, accept-language, authorization, origin");
    if named().all(|name| ALWAYS.iter().any(|always| always.eq_ignore_ascii_case(name))) {
        return usual;
    }
    let all: std::collections::BTreeSet<String> = named().chain(ALWAYS).map(str::to_ascii_lowercase).collect();
    HeaderValue::try_from(all.into_iter().collect::<Vec<_>>().join(", ")).unwrap_or(usual)
}

/// A 500 that can be made without the request, which a panic takes with it.
fn broken(origin: &Origin, path: &str) -> actix_web::Error {
    let document = Problem::new(codes::INTERNAL).to_json(origin.language, path, &origin.request_id).to_string();
    let mut response = HttpResponse::InternalServerError();
    for header in PROTECTIVE.into_iter().chain([(header::CONTENT_SECURITY_POLICY, PAGE_POLICY), (header::CACHE_CONTROL, "no-store")]) {
        response.insert_header(header);
    }
    let response = response
        .insert_header((header::CONTENT_TYPE, "application/problem+json"))
        .insert_header((REQUEST_ID, origin.request_id.as_str()))
        .body(document);
    actix_web::error::InternalError::from_response("internal", response).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_preferred_of_two_languages() {
        for (asked, want) in [
            ("", Language::Vi),
            ("fr", Language::Vi),
            ("*", Language::Vi),
            ("en", Language::En),
            ("en;q=0.4, vi;q=0.9", Language::Vi),
            ("vi;q=0.1, en-GB;q=0.8", Language::En),
            ("en;q=0", Language::Vi),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(asked));
            assert_eq!(language(&headers), want, "{asked}");
        }
    }
}
