//! Versions of resources: `If-Match` names the one that a change is meant for.

use utoipa::IntoParams;

/// `If-Match`: names the version that a change is meant for.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "stands in the document alone; the gate reads the header")]
pub struct IfMatch {
    /// An ETag of the present version, or the bare `"<version>"`; absent or `*` is refused with 428, an older one with 412.
    #[param(rename = "If-Match", pattern = r#"^(W/)?"[!#-~]*"( *, *(W/)?"[!#-~]*")*$"#, example = "\"1\"")]
    if_match: String,
}

/// Whether `If-None-Match` names this ETag; the comparison is weak (RFC 9110 section 13.1.2).
#[must_use]
pub fn none_match_hits(header: &str, etag: &str) -> bool {
    header.split(',').map(str::trim).any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}
