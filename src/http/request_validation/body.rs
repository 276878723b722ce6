//! The checks of a body, cheapest first: its length, its coding and media type, its syntax, its shape.

use super::text_header;
use crate::http::HttpState;
use crate::http::body_stream::{too_large, unreadable};
use crate::http::connections::connection_of;
use crate::http::contract::Operation;
use crate::http::policy::BodyKind;
use crate::json_schema::{Written, cut};
use crate::problem::{Error, Problem, Result, codes};
use actix_web::HttpMessage;
use actix_web::dev::ServiceRequest;
use actix_web::http::{Method, header};
use futures_util::StreamExt;
use serde_json::Value;

/// The body, if it is short enough; of one that its handler takes piece by piece nothing yet.
///
/// # Errors
/// 413, also in the middle of it; 408 if it does not arrive in time.
pub(super) async fn receive(request: &mut ServiceRequest, app: &HttpState, operation: &Operation) -> Result<Vec<u8>> {
    let most = match &operation.policy.body {
        BodyKind::Stream { most, .. } => *most,
        _ => u64::try_from(app.config.max_body).unwrap_or(u64::MAX),
    };
    let announced = text_header(request, header::CONTENT_LENGTH.as_str()).and_then(|l| l.parse::<u64>().ok());
    if announced.is_some_and(|length| length > most) {
        return Err(too_large(most));
    }
    let nothing = request.method() == Method::GET && matches!(operation.policy.body, BodyKind::Nothing);
    if nothing || matches!(operation.policy.body, BodyKind::Stream { .. }) {
        return Ok(Vec::new());
    }
    let _reading = connection_of(request.request()).map(|connection| connection.reading());
    let mut payload = request.take_payload();
    let reading = async {
        let mut bytes = Vec::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| unreadable())?;
            if bytes.len() + chunk.len() > app.config.max_body {
                return Err(too_large(most));
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

/// A coded body is refused, whatever it is coded with: its size would say nothing of what it costs.
///
/// # Errors
/// 415.
pub(super) fn content_coding(request: &ServiceRequest) -> Result<()> {
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

/// A body is of a media type that the route takes.
///
/// # Errors
/// 415.
pub(super) fn media_type(request: &ServiceRequest, operation: &Operation, bytes: &[u8]) -> Result<()> {
    let body = &operation.policy.body;
    let absent = bytes.is_empty() && !matches!(body, BodyKind::Stream { .. });
    let Some(header) = text_header(request, header::CONTENT_TYPE.as_str()) else {
        return if absent { Ok(()) } else { Err(codes::MEDIA_TYPE_UNSUPPORTED.into()) };
    };
    if request.method() == Method::GET {
        return Ok(());
    }
    let mut parts = header.split(';').map(|p| p.trim().to_ascii_lowercase());
    let essence = parts.next().unwrap_or_default();
    let utf8 = parts.all(|p| p.strip_prefix("charset=").is_none_or(|c| c.trim_matches('"') == "utf-8"));
    let fits = body.takes(&essence) || (absent && matches!(body, BodyKind::Nothing));
    if fits && utf8 { Ok(()) } else { Err(codes::MEDIA_TYPE_UNSUPPORTED.into()) }
}

/// What JSON a body holds; `None` of one that is no JSON to the route.
///
/// # Errors
/// 400 `json.malformed`.
pub(super) fn parse(app: &HttpState, operation: &Operation, bytes: &[u8]) -> Result<Option<Written>> {
    let optional = match &operation.policy.body {
        BodyKind::Form(_) | BodyKind::Stream { .. } => return Ok(None),
        BodyKind::Nothing => true,
        BodyKind::Json { optional, .. } => *optional,
    };
    if bytes.is_empty() && optional {
        return Ok(Some(Written::nothing()));
    }
    app.contract.body_schema(operation)?.parse(bytes).map(Some).map_err(malformed)
}

fn malformed(error: serde_json::Error) -> Error {
    let (line, column) = (error.line(), error.column());
    let (vi, en) = (format!("Lỗi cú pháp JSON ở dòng {line}, cột {column}."), format!("JSON syntax error at line {line} column {column}."));
    Problem::new(codes::JSON_MALFORMED).saying(vi, en).member("line", line).member("column", column).into()
}

/// The body in the shape that the document demands.
///
/// # Errors
/// 422 with all its faults.
pub(super) fn shaped(app: &HttpState, operation: &Operation, body: Option<Written>) -> Result<Option<Value>> {
    let Some(body) = body else { return Ok(None) };
    app.contract.body_schema(operation)?.accept(body).map(Some).map_err(|faults| Problem::invalid(faults).into())
}
