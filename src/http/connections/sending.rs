//! An answer's body on its way.

use super::{Connection, InFlight};
use actix_web::body::{BodySize, BoxBody, MessageBody};
use bytes::Bytes;
use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

/// How much of a body is handed over at a time, in bytes: the protocol layer copies it. Most answers are one piece.
pub const SLICE: usize = 128 * 1024;

/// The protocol layer asks for the next piece when less than this waits to be sent, in bytes.
pub const ENOUGH: usize = 16 * 1024;

/// A body that is handed over in slices, and tells its connection when it is done with.
pub struct Sending {
    size: BodySize,
    rest: Bytes,
    more: Option<BoxBody>,
    request: Option<InFlight>,
}

impl Sending {
    /// The body of the answer to this request.
    #[must_use]
    pub fn new(body: BoxBody, mut request: Option<InFlight>) -> Self {
        let size = body.size();
        match body.try_into_bytes() {
            Ok(rest) => {
                owning(&mut request, &rest);
                Self { size, rest, more: None, request }
            }
            Err(body) => Self { size, rest: Bytes::new(), more: Some(body), request },
        }
    }

    /// The head of an answer without its body, of which nothing more is made.
    #[must_use]
    pub fn head(body: BoxBody, request: Option<InFlight>) -> Self {
        match body.size() {
            BodySize::Stream => Self { size: BodySize::None, rest: Bytes::new(), more: None, request },
            _ => Self::new(body, request),
        }
    }
}

/// What others hold as well is not held for this client.
fn owning(request: &mut Option<InFlight>, bytes: &Bytes) {
    if let Some(request) = request {
        request.owning(if bytes.is_unique() { bytes.len() } else { 0 });
    }
}

impl MessageBody for Sending {
    type Error = Box<dyn Error>;

    fn size(&self) -> BodySize {
        self.size
    }

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        while self.rest.is_empty() {
            let Some(more) = &mut self.more else { return Poll::Ready(None) };
            match ready!(Pin::new(more).poll_next(cx)) {
                Some(Ok(bytes)) => {
                    owning(&mut self.request, &bytes);
                    self.rest = bytes;
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => self.more = None,
            }
        }
        let length = self.rest.len().min(SLICE);
        Poll::Ready(Some(Ok(self.rest.split_to(length))))
    }
}

/// The connection of a request, where it came over one.
pub(in crate::http) fn connection_of(request: &actix_web::HttpRequest) -> Option<&Arc<Connection>> {
    request.conn_data::<Arc<Connection>>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;

    #[actix_web::test]
    async fn a_body_comes_in_slices_and_whole() {
        let whole: Vec<u8> = (0..300_000_u32).map(|n| n.to_le_bytes()[0]).collect();
        let mut sending = Sending::new(BoxBody::new(whole.clone()), None);
        assert_eq!(sending.size(), BodySize::Sized(300_000));
        let (mut got, mut longest) = (Vec::new(), 0);
        while let Some(slice) = poll_fn(|cx| Pin::new(&mut sending).poll_next(cx)).await {
            let slice = slice.unwrap();
            longest = longest.max(slice.len());
            got.extend_from_slice(&slice);
        }
        assert!(got == whole);
        assert_eq!(longest, SLICE);
        assert_eq!(Sending::new(BoxBody::new(()), None).size(), BodySize::Sized(0));
    }

    #[actix_web::test]
    async fn of_a_stream_whose_head_alone_is_asked_for_nothing_is_made() {
        let never = actix_web::body::BodyStream::new(futures_util::stream::poll_fn(|_| -> Poll<Option<Result<Bytes, std::io::Error>>> {
            panic!("it is made")
        }));
        let mut head = Sending::head(BoxBody::new(never), None);
        assert_eq!(head.size(), BodySize::None);
        assert!(poll_fn(|cx| Pin::new(&mut head).poll_next(cx)).await.is_none());
        assert_eq!(Sending::head(BoxBody::new("whole"), None).size(), BodySize::Sized(5));
    }
}
