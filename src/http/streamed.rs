//! An answer that is made piece by piece: of any length in the memory of one piece.

use super::HttpState;
use super::reply::Reply;
use super::request::{Request, recorded};
use crate::actor::Actor;
use crate::change::Asked;
use crate::db::Conn;
use crate::formats::Format;
use crate::problem::{Error, Result};
use actix_web::body::BoxBody;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, Responder};
use bytes::Bytes;
use futures_util::stream::{self, LocalBoxStream, StreamExt};
use std::sync::Arc;

/// A file that is sent while it is made.
pub struct Streamed {
    format: Format,
    /// How the file is called where it is kept.
    name: String,
    pieces: LocalBoxStream<'static, Result<Bytes>>,
    /// Whether there is not even a first piece.
    empty: bool,
}

impl Request {
    /// Answers with a file of the chosen format, of which `next` makes one piece after the other, and `None` at the end. Each is
    /// read from one state of the data once the client has taken most of the one before: between two of them no connection to
    /// the database is held. What a piece shows exactly of restricted figures is in the audit trail before it goes out. What
    /// goes wrong after the first piece ends the connection, so that a part is never taken for the whole. Nothing at all is a 204.
    ///
    /// # Errors
    /// What `next` answers for the first piece.
    pub async fn stream<F>(self, name: impl Into<String>, next: F) -> Result<Streamed>
    where
        F: FnMut(&mut Conn, &Actor) -> Result<Option<Bytes>> + Send + 'static,
    {
        let format = self.format();
        let (http, actor, asked) = self.into_parts();
        let source = Source { http, actor, asked, next };
        let first = source.filled().await?;
        let empty = first.is_none();
        let (first, rest) = first.map_or((None, None), |(piece, source)| (Some(Ok(piece)), Some(source)));
        let rest = stream::try_unfold(rest, |source| async {
            match source {
                None => Ok(None),
                Some(source) => Ok(source.filled().await?.map(|(piece, source)| (piece, Some(source)))),
            }
        });
        Ok(Streamed { format, name: name.into(), pieces: stream::iter(first).chain(rest).boxed_local(), empty })
    }
}

/// What the pieces come from.
struct Source<F> {
    http: Arc<HttpState>,
    actor: Actor,
    asked: Arc<Asked>,
    next: F,
}

impl<F: FnMut(&mut Conn, &Actor) -> Result<Option<Bytes>> + Send + 'static> Source<F> {
    /// The next piece that holds anything, and what the others come from: a workbook goes out only once all its rows are read.
    async fn filled(mut self) -> Result<Option<(Bytes, Self)>> {
        loop {
            match self.piece().await? {
                Some((piece, source)) if piece.is_empty() => self = source,
                found => return Ok(found),
            }
        }
    }

    /// The next piece, and what the others come from.
    async fn piece(self) -> Result<Option<(Bytes, Self)>> {
        let Self { http, actor, asked, mut next } = self;
        let (reading, asking) = (actor.clone(), asked.clone());
        let work = move |c: &mut Conn| {
            let piece = next(c, &reading)?;
            // An answer without a body stands for what the piece shows.
            Ok((piece, next, Reply::no_content().complete(&asking, reading.take_exact_reads())))
        };
        let (piece, next, shown) = http.db.read(work).await?;
        recorded(&http, actor.clone(), asked.clone(), shown).await?;
        Ok(piece.map(|piece| (piece, Self { http, actor, asked, next })))
    }
}

impl Responder for Streamed {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        if self.empty {
            return HttpResponse::NoContent().finish();
        }
        let pieces = self.pieces.inspect(|piece| {
            if let Err(error) = piece {
                tracing::error!(?error, "an answer broke off in the middle");
            }
        });
        HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, self.format.content_type()))
            .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", self.name)))
            .streaming::<_, Error>(pieces)
    }
}
