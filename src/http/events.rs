//! Server-sent events (HTML standard, section 9.2): an answer that goes on as long as its client stays.

use crate::formats::Format;
use crate::problem::{Error, Problem, Result, codes};
use actix_web::body::BoxBody;
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, HttpResponse, Responder};
use bytes::Bytes;
use futures_util::stream::{LocalBoxStream, Stream, StreamExt};
use std::fmt::Write;
use std::future::{Ready, ready};
use std::time::Duration;
use utoipa::IntoParams;

/// How long a client waits before it comes back, in milliseconds.
const RETRY: u32 = 2000;

/// After so long a silence a comment is sent: proxies cut what says nothing for half a minute or a minute, and a client that is gone
/// shows when it is written to.
pub const HEARTBEAT: Duration = Duration::from_secs(10);

/// The header of resumed streams.
const NAME: &str = "Last-Event-ID";
/// The longest that is read, in bytes.
const LONGEST: usize = 200;

/// What a stream of events is begun with.
#[must_use]
pub fn beginning() -> String {
    format!("retry: {RETRY}\n\n")
}

/// Adds an event. JSON has no line breaks of its own.
pub fn event(to: &mut String, id: &str, data: &impl serde::Serialize) -> Result<()> {
    let data = serde_json::to_string(data)?;
    write!(to, "id: {id}\ndata: {data}\n\n").map_err(Error::internal)
}

/// A sign of life. With an id the client goes on from there when it comes back, though there was no event.
#[must_use]
pub fn heartbeat(id: Option<&str>) -> String {
    id.map_or_else(|| ":\n\n".to_owned(), |id| format!(":\nid: {id}\n\n"))
}

/// Events that are sent while they happen.
pub struct Events(LocalBoxStream<'static, Bytes>);

impl Events {
    /// Of these pieces; the answer ends with them. The next one is made when the client has taken most of the one before.
    #[must_use]
    pub fn new(pieces: impl Stream<Item = Bytes> + 'static) -> Self {
        Self(pieces.boxed_local())
    }
}

impl Responder for Events {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, Format::Events.content_type()))
            .insert_header((header::CACHE_CONTROL, "private, no-store"))
            // A coder would keep an event until more of them fill its block; the outermost layer takes this out again.
            .insert_header((header::CONTENT_ENCODING, "identity"))
            // Nginx would gather them as well.
            .insert_header(("X-Accel-Buffering", "no"))
            .streaming::<_, Error>(self.0.map(Ok))
    }
}

/// Where a stream of events broke off.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "stands in the document alone; the header is read by `LastEventId`")]
pub struct Resumed {
    /// Of a stream of events, the `id` of the last event that arrived: it goes on after that, whatever `after` says.
    #[param(rename = "Last-Event-ID", value_type = String, required = false, max_length = 200, example = "eyJzIjoiY2hhbmdlcyIsImsiOlsxMjA3XX0")]
    last_event_id: Option<String>,
}

/// What `Last-Event-ID` says, if it is sent.
#[derive(Debug)]
pub struct LastEventId(pub Option<String>);

impl FromRequest for LastEventId {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(value) = request.headers().get(NAME) else { return ready(Ok(Self(None))) };
        let text = value.to_str().ok().map(str::trim).filter(|text| text.len() <= LONGEST);
        ready(match text {
            // Browsers send nothing at all before the first event, others an empty one.
            Some(text) => Ok(Self(Some(text.to_owned()).filter(|text| !text.is_empty()))),
            None => Err(Problem::new(codes::CURSOR_INVALID)
                .saying(
                    format!("Header «{NAME}» không phải là «id» của một sự kiện đã nhận. Hãy gửi nguyên «id» của sự kiện cuối cùng, hoặc bỏ header này."),
                    format!("{NAME} is not the id of an event. Send the id of the last one as it is, or leave the header out."),
                )
                .into()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_have_the_form_of_the_standard() {
        let mut text = String::new();
        event(&mut text, "abc", &serde_json::json!({"note": "hai\ndòng"})).unwrap();
        assert_eq!(text, "id: abc\ndata: {\"note\":\"hai\\ndòng\"}\n\n");
        assert_eq!((heartbeat(None).as_str(), heartbeat(Some("abc")).as_str()), (":\n\n", ":\nid: abc\n\n"));
        assert_eq!(beginning(), "retry: 2000\n\n");
    }
}
