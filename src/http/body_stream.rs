//! A body that its handler takes piece by piece: never whole in memory, bounded by what its route states, and read from the
//! connection no faster than the handler takes it.

use super::connections::{Connection, connection_of};
use super::request::Checked;
use crate::problem::{Error, Problem, Result, codes};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use aws_lc_rs::digest::{Context, SHA256};
use bytes::Bytes;
use futures_util::StreamExt;
use std::future::{Ready, ready};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How slowly a client may send on the average, in bytes a second, once the time for a short body is over: the line of a
/// commune with many people on it.
const SLOWEST: u64 = 16 * 1024;

/// A body on its way.
pub struct BodyStream {
    payload: Payload,
    connection: Option<Arc<Connection>>,
    /// Its media type, in lower case, without parameters.
    media_type: String,
    most: u64,
    received: u64,
    /// How long a short body may take.
    patience: Duration,
    /// How long the client was waited for.
    waited: Duration,
    digest: Context,
    ended: bool,
}

impl BodyStream {
    /// Its media type, in lower case, without parameters.
    #[must_use]
    pub fn media_type(&self) -> &str {
        &self.media_type
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// 413 once it is longer than the route takes; 408 for a client who is too slow; 400 if the connection breaks.
    pub async fn next(&mut self) -> Result<Option<Bytes>> {
        if self.ended {
            return Ok(None);
        }
        let allowed = self.patience + Duration::from_secs(self.received / SLOWEST);
        // Between two pieces nothing is read of the connection: who sends faster than he is listened to waits.
        let reading = self.connection.as_ref().map(|connection| connection.reading());
        let began = Instant::now();
        let piece = tokio::time::timeout(allowed.saturating_sub(self.waited), self.payload.next()).await;
        drop(reading);
        self.waited += began.elapsed();
        let piece = piece.map_err(|_| Problem::new(codes::REQUEST_TIMEOUT).header("Connection", "close"))?;
        let Some(piece) = piece.transpose().map_err(|_| unreadable())? else {
            self.ended = true;
            return Ok(None);
        };
        self.received += u64::try_from(piece.len()).unwrap_or(u64::MAX);
        if self.received > self.most {
            return Err(too_large(self.most));
        }
        self.digest.update(&piece);
        Ok(Some(piece))
    }

    /// What tells this body from others, once it has come to its end: a retry with an idempotency key must bring the same.
    pub(super) fn fingerprint(self) -> Option<String> {
        self.ended.then(|| hexadecimal(self.digest))
    }
}

/// What was hashed, in hexadecimal digits.
pub(super) fn hexadecimal(digest: Context) -> String {
    digest.finish().as_ref().iter().map(|b| format!("{b:02x}")).collect()
}

impl FromRequest for BodyStream {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let extensions = request.extensions();
        let Some(Checked { streamed: Some(most), app, .. }) = extensions.get::<Checked>() else {
            return ready(Err(Error::internal("an operation whose document does not say that its body is a stream")));
        };
        ready(Ok(Self {
            payload: payload.take(),
            connection: connection_of(request).cloned(),
            media_type: request.content_type().to_ascii_lowercase(),
            most: *most,
            received: 0,
            patience: app.config.body_time,
            waited: Duration::ZERO,
            digest: Context::new(&SHA256),
            ended: false,
        }))
    }
}

/// A body longer than it may be. The connection ends, since the rest is not read.
pub(super) fn too_large(most: u64) -> Error {
    Problem::new(codes::BODY_TOO_LARGE)
        .saying(
            format!("Nội dung vượt quá {most} byte. Hãy chia thành nhiều yêu cầu nhỏ hơn."),
            format!("The body is larger than {most} bytes. Split it into smaller requests."),
        )
        .member("limit", most)
        .header("Connection", "close")
        .into()
}

/// A body that broke off, or whose chunks are none.
pub(super) fn unreadable() -> Error {
    let (vi, en) = (
        "Nội dung gửi lên bị ngắt giữa chừng nên không đọc được. Hãy kiểm tra đường truyền rồi gửi lại.",
        "The body broke off and cannot be read. Check the connection and send it again.",
    );
    Problem::new(codes::JSON_MALFORMED).saying(vi, en).member("line", 1).member("column", 1).into()
}
