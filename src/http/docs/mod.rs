//! Swagger UI. Its files are part of the program, so that each has one form for as long as the server runs.

use super::version;
use crate::problem::{Error, codes};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use bytes::Bytes;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use utoipa_swagger_ui::Config;

/// The page with its sign-in form, in place of Swagger UI's own.
const PAGE: [(&str, &str, &[u8]); 3] = [
    ("index.html", "text/html; charset=utf-8", include_bytes!("index.html")),
    ("page.css", "text/css; charset=utf-8", include_bytes!("page.css")),
    ("page.js", "text/javascript; charset=utf-8", include_bytes!("page.js")),
];

/// For how long a browser does not ask again for what hardly ever changes: a week.
const LASTING: &str = "public, max-age=604800";

/// The configuration of Swagger UI, and what is known of its files.
pub struct Docs {
    config: Arc<Config<'static>>,
    /// The hashes of files that were asked for.
    hashes: Mutex<HashMap<String, String>>,
}

impl Docs {
    /// With this configuration.
    #[must_use]
    pub fn new(config: Config<'static>) -> Self {
        Self { config: Arc::new(config), hashes: Mutex::default() }
    }

    fn hash(&self, path: &str, bytes: &[u8]) -> String {
        let mut hashes = self.hashes.lock().unwrap_or_else(PoisonError::into_inner);
        let made =
            || aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes).as_ref().iter().take(8).map(|b| format!("{b:02x}")).collect();
        hashes.entry(path.to_owned()).or_insert_with(made).clone()
    }
}

/// A file of Swagger UI. The page itself and what configures it are asked for again each time, by their tag; the program and
/// its styles stay with the browser for a week.
pub async fn file(path: web::Path<String>, docs: web::Data<Docs>, request: HttpRequest) -> HttpResponse {
    let own = PAGE.iter().find(|(name, ..)| *name == path.as_str() || (path.is_empty() && *name == "index.html"));
    let (bytes, content_type, gzipped) = match own {
        Some((_, content_type, bytes)) => (Cow::Borrowed(*bytes), (*content_type).to_owned(), false),
        None => match utoipa_swagger_ui::serve(&path, docs.config.clone()) {
            Ok(Some(file)) => (file.bytes, file.content_type, file.gzpipped),
            Ok(None) => return Error::from(codes::NOT_FOUND).error_response(),
            Err(cause) => return Error::internal(cause).error_response(),
        },
    };
    // Weak: the compressing layer codes the same file in several ways.
    let tag = format!("\"{}\"", docs.hash(&path, &bytes));
    let mut response = HttpResponse::Ok();
    response.insert_header((header::ETAG, format!("W/{tag}")));
    if own.is_none() {
        response.insert_header((header::CACHE_CONTROL, HeaderValue::from_static(LASTING)));
    }
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok());
    if known.is_some_and(|known| version::none_match_hits(known, &tag)) {
        return response.status(StatusCode::NOT_MODIFIED).finish();
    }
    if gzipped {
        response.insert_header((header::CONTENT_ENCODING, "gzip"));
    }
    let bytes = match bytes {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    };
    response.content_type(content_type).body(bytes)
}
