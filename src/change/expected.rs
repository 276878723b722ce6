//! Which version a change is meant for.

use crate::problem::{Result, codes};

/// The versions that `If-Match` names. An ETag is `"<version>-<hash of the representation>"`; a change depends on the
/// version alone, so an ETag of any representation and the bare `"<version>"` will do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expected(Vec<i64>);

impl Expected {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_version_counts() {
        let seen = Expected::parse(Some("\"3-abc\", \"5\", W/\"7-x\", \"x\", \"-9\"")).expect("tags");
        assert!(seen.must_match(3).is_ok() && seen.must_match(5).is_ok());
        assert!(seen.must_match(7).is_err() && seen.must_match(9).is_err());
        assert_eq!(Expected::parse(Some("*")), None);
        assert_eq!(Expected::parse(None), None);
    }
}
