//! In which format an answer is to be: known before the handler, which makes no other.

use crate::formats::Format;
use crate::http::policy::{FORMAT, Policy};
use crate::problem::{Result, codes};
use crate::values::text;
use actix_web::HttpRequest;
use actix_web::http::header::{self, Accept, Header, Quality, QualityItem};
use actix_web::mime::Mime;

/// The format that `?format=` names, or else the one that `Accept` likes best; of several that it likes alike the one that
/// the route states first. What `?format=` names and the route does not have is left to the check of the query.
///
/// # Errors
/// 406 if `Accept` allows none of the route's formats.
pub(super) fn negotiate(request: &HttpRequest, policy: &Policy) -> Result<Format> {
    let first = policy.formats.first().copied().unwrap_or_default();
    if let Some(named) = policy.names_format.then(|| named(request.query_string())).flatten() {
        return Ok(policy.formats.iter().copied().find(|format| format.name() == named).unwrap_or(first));
    }
    if policy.formats.is_empty() || !request.headers().contains_key(header::ACCEPT) {
        return Ok(first);
    }
    // A header that is no list of media ranges says nothing.
    let Some(accept) = Accept::parse(request).ok().filter(|ranges| !ranges.is_empty()) else { return Ok(first) };
    let mut best = None;
    for format in policy.formats.iter().copied() {
        let quality = quality(&accept, format);
        if quality > best.map_or(Quality::ZERO, |(_, quality)| quality) {
            best = Some((format, quality));
        }
    }
    best.map(|(format, _)| format).ok_or_else(|| codes::NOT_ACCEPTABLE.into())
}

/// What the query names, read as the check of the query reads it.
fn named(query: &str) -> Option<String> {
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs.find(|(name, _)| name == FORMAT).map(|(_, value)| text::normalise(&value))
}

/// How much a client likes a format: what the most specific range that it falls under says (RFC 9110 section 12.5.1). A range that
/// names another version of it is another format.
fn quality(accept: &Accept, format: Format) -> Quality {
    let media_type = format.media_type();
    let (kind, sub) = media_type.split_once('/').unwrap_or((media_type, ""));
    let specific = |range: &QualityItem<Mime>| {
        let (t, s) = (range.item.type_().as_str(), range.item.essence_str().split_once('/').map_or("", |x| x.1));
        let version = range.item.get_param("version").zip(format.version());
        if version.is_some_and(|(wanted, own)| wanted.as_str() != own) {
            return None;
        }
        match (t == kind, s == sub, t, s) {
            (true, true, _, _) => Some(2),
            (true, _, _, "*") => Some(1),
            (_, _, "*", "*") => Some(0),
            _ => None,
        }
    };
    let fitting = accept.iter().filter_map(|range| specific(range).map(|rank| (rank, range.quality)));
    fitting.max_by_key(|(rank, _)| *rank).map_or(Quality::ZERO, |(_, quality)| quality)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::policy::BodyKind;
    use actix_web::test::TestRequest;

    #[test]
    fn the_query_wins_over_the_header_and_the_header_over_the_order() {
        let policy = Policy {
            public: true,
            knows_callers: true,
            roles: Vec::new(),
            if_match: false,
            takes_purpose: false,
            formats: vec![Format::Json, Format::Csv],
            names_format: true,
            body: BodyKind::Nothing,
        };
        let (json, csv) = (Some(Format::Json), Some(Format::Csv));
        for (query, accept, format) in [
            ("", "", json),
            ("", "*/*", json),
            ("", "text/csv", csv),
            ("", "text/*", csv),
            ("", "text/csv;q=0.5, application/json;q=0.4", csv),
            ("", "text/csv;q=0.5, application/json;q=0.5", json),
            ("", "*/*;q=0.1, application/json;q=0", csv),
            ("", "text/html, application/xhtml+xml, */*;q=0.8", json),
            ("", "text/html", None),
            ("", "text/csv;q=0", None),
            ("", "no media range", json),
            ("format=csv", "application/json", csv),
            ("format=json", "text/csv", json),
            ("x=1&form%61t=%20csv", "text/html", csv),
            ("format=xlsx", "text/html", json),
        ] {
            let request = TestRequest::with_uri(&format!("/x?{query}"));
            let request = if accept.is_empty() { request } else { request.insert_header((header::ACCEPT, accept)) };
            assert_eq!(negotiate(&request.to_http_request(), &policy).ok(), format, "{query:?} {accept:?}");
        }
    }
}
