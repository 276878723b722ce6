//! Versions of resources: `If-Match` names the one that a change is meant for.

use crate::problem::{Result, codes};
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

/// The versions that `If-Match` names. An ETag is `"<version>-<hash of the representation>"`; a change depends on the
/// version alone, so an ETag of any representation and the bare `"<version>"` will do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen(Vec<i64>);

impl Seen {
    /// This version alone.
    #[must_use]
    pub fn version(version: i64) -> Self {
        Self(vec![version])
    }

    /// Reads the header. `None` if it is absent, empty or `*`: none of them says what the client has seen.
    #[must_use]
    pub fn parse(header: Option<&str>) -> Option<Self> {
        let header = header?.trim();
        if header.is_empty() || header.split(',').any(|tag| tag.trim() == "*") {
            return None;
        }
        // A weak tag never matches (RFC 9110 section 13.1.1); what is no tag of ours matches nothing.
        Some(Self(
            header
                .split(',')
                .filter_map(|tag| {
                    let inner = tag.trim().strip_prefix('"')?.strip_suffix('"')?;
                    let digits = inner.split_once('-').map_or(inner, |(version, _)| version);
                    if digits.bytes().all(|b| b.is_ascii_digit()) { digits.parse().ok() } else { None }
                })
                .collect(),
        ))
    }

    /// Goes on only if the present version is one that the client has seen.
    ///
    /// # Errors
    /// 412 `version.stale`.
    pub fn must_match(&self, version: i64) -> Result<()> {
        if self.0.contains(&version) { Ok(()) } else { Err(codes::VERSION_STALE.into()) }
    }
}

/// Whether `If-None-Match` names this ETag; the comparison is weak (RFC 9110 section 13.1.2).
#[must_use]
pub fn none_match_hits(header: &str, etag: &str) -> bool {
    header.split(',').map(str::trim).any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_version_counts() {
        let seen = Seen::parse(Some("\"3-abc\", \"5\", W/\"7-x\", \"x\", \"-9\"")).expect("tags");
        assert!(seen.must_match(3).is_ok() && seen.must_match(5).is_ok());
        assert!(seen.must_match(7).is_err() && seen.must_match(9).is_err());
        assert_eq!(Seen::parse(Some("*")), None);
        assert_eq!(Seen::parse(None), None);
    }
}
