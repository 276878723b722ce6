//! The answer of a handler: its bytes, its version, its headers.

use super::coding::{self, CODINGS, Wanted};
use crate::actor::restricted_access::RestrictedAccess;
use crate::change::Asked;
use crate::change::idempotency::Replayable;
use crate::formats::Format;
use crate::problem::{Error, Result};
use crate::reading::paging::Page;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, ContentEncoding};
use actix_web::{HttpRequest, HttpResponse, Responder};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::{Arc, OnceLock};

/// A body of at most so many bytes is coded in less time than it takes to hand it over.
const SHORT: usize = 2048;

/// Marks a replay.
const REPLAYED: &str = "Idempotency-Replayed";

/// A successful answer, ready to be sent and, with an idempotency key, to be stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Reply {
    status: u16,
    /// What is stored with an idempotency key is JSON.
    #[serde(skip)]
    format: Format,
    #[serde(with = "as_text")]
    body: Option<Bytes>,
    version: Option<i64>,
    headers: Vec<(String, String)>,
    /// The restricted figures that it shows exactly: a replay shows them again.
    #[serde(default, rename = "revealed", skip_serializing_if = "RestrictedAccess::is_empty")]
    exact_reads: RestrictedAccess,
    /// Names the next page: the link to it depends on what was asked.
    #[serde(skip)]
    next_cursor: Option<(&'static str, String)>,
    #[serde(skip)]
    secrets: Vec<&'static str>,
    #[serde(skip)]
    forms: Arc<Forms>,
}

/// What follows from a body, once somebody has asked for it; shared by all copies of the answer.
#[derive(Debug, Default)]
struct Forms {
    hash: OnceLock<String>,
    coded: [OnceLock<Bytes>; CODINGS],
}

/// A stored body is text.
mod as_text {
    use bytes::Bytes;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::Error as _};

    pub fn serialize<S: Serializer>(body: &Option<Bytes>, serializer: S) -> Result<S::Ok, S::Error> {
        let text = body.as_ref().map(|b| std::str::from_utf8(b)).transpose().map_err(S::Error::custom)?;
        text.serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Bytes>, D::Error> {
        Ok(Option::<String>::deserialize(deserializer)?.map(Bytes::from))
    }
}

impl Reply {
    fn bare(status: u16) -> Self {
        Self {
            status,
            format: Format::Json,
            body: None,
            version: None,
            headers: Vec::new(),
            exact_reads: RestrictedAccess::default(),
            next_cursor: None,
            secrets: Vec::new(),
            forms: Arc::default(),
        }
    }

    fn with_body<T: Serialize>(status: u16, body: &T) -> Result<Self> {
        let body = serde_json::to_vec(body).map_err(Error::internal)?;
        Ok(Self { body: Some(body.into_boxed_slice().into()), ..Self::bare(status) })
    }

    /// 200 with a text that is JSON already.
    #[must_use]
    pub fn json(text: &'static str) -> Self {
        Self { body: Some(Bytes::from_static(text.as_bytes())), ..Self::bare(200) }
    }

    /// The same with a tag of its own, though it is no resource that changes: the client need not fetch it again.
    #[must_use]
    pub fn tagged(self) -> Self {
        Self { version: Some(1), ..self }
    }

    /// 200 with a text in another format.
    #[must_use]
    pub fn written(format: Format, text: String) -> Self {
        Self { format, body: Some(text.into()), ..Self::bare(200) }
    }

    /// 200 with something that has no version of its own.
    ///
    /// # Errors
    /// Internal, if it has no JSON form.
    pub fn ok<T: Serialize>(body: &T) -> Result<Self> {
        Self::with_body(200, body)
    }

    /// 200 with a resource; its version becomes the ETag.
    ///
    /// # Errors
    /// Internal, if it has no JSON form.
    pub fn one<T: Serialize>(body: &T, version: i64) -> Result<Self> {
        Ok(Self { version: Some(version), ..Self::with_body(200, body)? })
    }

    /// 201 with a new resource that lives at `location`.
    ///
    /// # Errors
    /// Internal, if it has no JSON form.
    pub fn created<T: Serialize>(body: &T, version: Option<i64>, location: impl Into<String>) -> Result<Self> {
        Ok(Self { version, ..Self::with_body(201, body)? }.header("Location", location))
    }

    /// 202 with work that has begun, of which is told at `location`.
    ///
    /// # Errors
    /// Internal, if it has no JSON form.
    pub fn accepted<T: Serialize>(body: &T, location: impl Into<String>) -> Result<Self> {
        Ok(Self::with_body(202, body)?.header("Location", location))
    }

    /// 200 with a page of a list and the link to the next.
    ///
    /// # Errors
    /// Internal, if it has no JSON form.
    pub fn page<T: Serialize>(page: &Page<T>) -> Result<Self> {
        let next_cursor = page.next_cursor.clone().map(|cursor| ("cursor", cursor));
        Ok(Self { next_cursor, ..Self::with_body(200, page)? })
    }

    /// 200 with a part of something that goes on for ever, and the link to what follows: that `after` the cursor.
    ///
    /// # Errors
    /// Internal, if it has no JSON form.
    pub fn follow<T: Serialize>(body: &T, after: &str) -> Result<Self> {
        Ok(Self { next_cursor: Some(("after", after.to_owned())), ..Self::with_body(200, body)? })
    }

    /// 204.
    #[must_use]
    pub fn no_content() -> Self {
        Self::bare(204)
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Names members that are shown once and never stored.
    #[must_use]
    pub fn secret(mut self, members: &[&'static str]) -> Self {
        self.secrets = members.to_vec();
        self.header("Cache-Control", "private, no-cache, no-store")
    }

    /// Whether it is a replay.
    #[must_use]
    pub fn is_replay(&self) -> bool {
        self.headers.iter().any(|(name, _)| name == REPLAYED)
    }

    /// The answer to what was asked: with the link to the next page, and with what it shows exactly.
    #[must_use]
    pub(super) fn complete(mut self, asked: &Asked, exact_reads: RestrictedAccess) -> Self {
        self.exact_reads = exact_reads;
        match self.next_cursor.take() {
            Some((parameter, cursor)) => self.header("Link", next_link(asked, parameter, &cursor)),
            None => self,
        }
    }

    /// The restricted figures that it shows exactly.
    #[must_use]
    pub(super) fn exact_reads(&self) -> &RestrictedAccess {
        &self.exact_reads
    }

    /// How many bytes its body has.
    #[must_use]
    pub fn length(&self) -> usize {
        self.body.as_ref().map_or(0, Bytes::len)
    }

    /// The answer with its body in the wanted coding as well, for it and all its copies, unless the client has it already.
    /// A long body is coded away from the worker, which others wait for.
    ///
    /// # Errors
    /// Internal, if the coder fails.
    pub(super) async fn coded_as(self, wanted: &Wanted) -> Result<Self> {
        let coding = wanted.coding;
        let slot = coding::place(coding).and_then(|at| self.forms.coded.get(at));
        let (Some(body), Some(slot)) = (&self.body, slot) else { return Ok(self) };
        if self.etag(coding).is_some_and(|etag| wanted.has(&etag)) {
            return Ok(self);
        }
        if slot.get().is_none() {
            let coded = if body.len() <= SHORT {
                coding::apply(coding, body)
            } else {
                let body = body.clone();
                tokio::task::spawn_blocking(move || coding::apply(coding, &body)).await.map_err(Error::internal)?
            };
            // Who comes second has the same.
            let _ = slot.set(coded.map_err(Error::internal)?);
        }
        Ok(self)
    }

    fn coded(&self, coding: ContentEncoding) -> Option<&Bytes> {
        self.forms.coded.get(coding::place(coding)?)?.get()
    }

    fn hash(&self) -> &str {
        self.forms.hash.get_or_init(|| {
            let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, self.body.as_deref().unwrap_or_default());
            digest.as_ref().iter().take(8).map(|b| format!("{b:02x}")).collect()
        })
    }

    /// `"<version>-<hash of this representation, coding included>"`.
    fn etag(&self, coding: ContentEncoding) -> Option<String> {
        let (version, _) = (self.version?, self.body.as_ref()?);
        let suffix = coding::place(coding).map(|_| format!("-{}", coding.as_str())).unwrap_or_default();
        Some(format!("\"{version}-{}{suffix}\"", self.hash()))
    }

    /// The response in the wanted form.
    pub(super) fn response(self, wanted: &Wanted) -> HttpResponse {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let mut response = HttpResponse::build(status);
        for (name, value) in &self.headers {
            response.insert_header((name.as_str(), value.as_str()));
        }
        if let Some(etag) = self.etag(wanted.coding) {
            response.insert_header((header::ETAG, etag.as_str()));
            if status == StatusCode::OK && wanted.has(&etag) {
                return response.status(StatusCode::NOT_MODIFIED).finish();
            }
        }
        let content_type = (header::CONTENT_TYPE, self.format.content_type());
        if let Some(coded) = self.coded(wanted.coding) {
            response.insert_header((header::CONTENT_ENCODING, wanted.coding.as_str()));
            return response.insert_header(content_type).body(coded.clone());
        }
        match self.body {
            Some(body) => response.insert_header(content_type).body(body),
            None => response.finish(),
        }
    }
}

/// The `Link` header to the next page (RFC 8288).
fn next_link(asked: &Asked, parameter: &str, cursor: &str) -> String {
    let kept = url::form_urlencoded::parse(asked.query.as_bytes()).filter(|(name, _)| name != parameter);
    let next = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).append_pair(parameter, cursor).finish();
    format!("<{}?{next}>; rel=\"next\"", asked.path)
}

impl Replayable for Reply {
    fn stored(&self) -> Result<String> {
        let mut kept = self.clone();
        if let (Some(body), false) = (&self.body, self.secrets.is_empty()) {
            let mut value: Value = serde_json::from_slice(body)?;
            if let Some(members) = value.as_object_mut() {
                for secret in &self.secrets {
                    members.shift_remove(*secret);
                }
            }
            kept.body = Some(value.to_string().into());
        }
        serde_json::to_string(&kept).map_err(Error::internal)
    }

    fn replayed(stored: &str) -> Result<Self> {
        let reply: Self = serde_json::from_str(stored)?;
        Ok(reply.header(REPLAYED, "true"))
    }
}

impl Responder for Reply {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        self.response(&Wanted::of(request))
    }
}
