//! The checks of a body, cheapest first: its length, its coding and media type, its syntax, its shape.

use super::text_header;
use crate::http::HttpState;
use crate::http::body_stream::{too_large, unreadable};
use crate::http::connections::connection_of;
use crate::http::contract::Operation;
use crate::http::policy::BodyKind;
use crate::json_schema::{Written, cut};
use crate::problem::{Error, Problem, Result, codes, said, words};
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
        format!(
            "Nội dung được nén hay mã hoá ({coding}); chỉ nhận nội dung không nén. Hãy bỏ header «Content-Encoding» và gửi nguyên nội dung."
        ),
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
        return if absent { Ok(()) } else { Err(unsupported(body, None)) };
    };
    if request.method() == Method::GET {
        return Ok(());
    }
    let mut parts = header.split(';').map(|p| p.trim().to_ascii_lowercase());
    let essence = parts.next().unwrap_or_default();
    let utf8 = parts.all(|p| p.strip_prefix("charset=").is_none_or(|c| c.trim_matches('"') == "utf-8"));
    let fits = body.takes(&essence) || (absent && matches!(body, BodyKind::Nothing));
    if fits && utf8 { Ok(()) } else { Err(unsupported(body, Some(header))) }
}

/// Which media types a route takes in place of what was sent.
fn unsupported(body: &BodyKind, sent: Option<&str>) -> Error {
    let taken = words::either(body.media_types().into_iter().map(|name| words::value(name, &said("", ""))));
    let what = match sent {
        Some(sent) => {
            let sent = cut(sent, 80);
            said(format!("Địa chỉ này không nhận kiểu nội dung «{sent}»."), format!("This address does not take the media type '{sent}'."))
        }
        None => said("Yêu cầu có nội dung mà thiếu header «Content-Type».", "The request has a body, but no Content-Type."),
    };
    let cure = said(
        format!("Hãy gửi {}, mã hoá UTF-8, và ghi đúng kiểu đó trong header «Content-Type».", taken.vi),
        format!("Send {} in UTF-8, and name it in Content-Type.", taken.en),
    );
    Problem::new(codes::MEDIA_TYPE_UNSUPPORTED).told(what.and(&cure)).into()
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
    app.contract.body_schema(operation)?.parse(bytes).map(Some).map_err(|error| malformed(&error, bytes.is_empty()))
}

/// What is no JSON. Positions begin with 1, also that of a body that is not there.
fn malformed(error: &serde_json::Error, absent: bool) -> Error {
    let (line, column) = (error.line().max(1), error.column().max(1));
    let (vi, en) = if absent {
        (
            "Yêu cầu chưa có nội dung. Hãy gửi nội dung JSON theo tài liệu của địa chỉ này.".to_owned(),
            "The request has no body. Send the JSON that the contract of this address describes.".to_owned(),
        )
    } else {
        (
            format!(
                "Nội dung không phải JSON đúng cú pháp: sai ở dòng {line}, cột {column}. Hãy kiểm tra dấu phẩy, dấu ngoặc kép và dấu ngoặc ở gần đó."
            ),
            format!(
                "The body is no JSON: there is a syntax error at line {line} column {column}. Look for a comma, quotation mark or bracket near it."
            ),
        )
    };
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
