//! Instants in UTC, to the microsecond that both databases keep.

use chrono::{DateTime, NaiveDateTime, SecondsFormat, SubsecRound, Utc};
use diesel_derive_newtype::DieselNewType;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use utoipa::openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, Type};

/// An instant, RFC 3339 in UTC on the wire (`2026-11-24T17:00:00Z`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, DieselNewType)]
pub struct UtcTime(NaiveDateTime);

impl UtcTime {
    /// The present instant, cut to microseconds so that what is read back equals what was written.
    #[must_use]
    pub fn now() -> Self {
        Self(Utc::now().naive_utc().trunc_subsecs(6))
    }

    /// An instant given as a date and time in UTC.
    #[must_use]
    pub fn from_naive(utc: NaiveDateTime) -> Self {
        Self(utc.trunc_subsecs(6))
    }

    /// The date and time in UTC.
    #[must_use]
    pub fn naive(self) -> NaiveDateTime {
        self.0
    }

    /// Reads RFC 3339 (section 5.6) with any offset; `None` if it is something else, or an instant that cannot be kept: a
    /// leap second, or a part of a microsecond.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let parts = text.as_bytes();
        // chrono would take a blank for the T, and a minus that is not ASCII.
        let written_so = text.is_ascii() && matches!(parts.get(10), Some(b'T' | b't')) && parts.get(17..19)? != b"60";
        let fraction = parts.get(19..)?.strip_prefix(b".").unwrap_or_default().iter().take_while(|b| b.is_ascii_digit());
        let kept = fraction.skip(6).all(|digit| *digit == b'0');
        let read = DateTime::parse_from_rfc3339(text).ok().filter(|_| written_so && kept)?;
        Some(Self::from_naive(read.naive_utc()))
    }

    /// This instant moved by a duration.
    #[must_use]
    pub fn plus(self, duration: chrono::TimeDelta) -> Self {
        Self(self.0.checked_add_signed(duration).unwrap_or(self.0))
    }

    /// Whole seconds since 1970.
    #[must_use]
    pub fn unix(self) -> i64 {
        self.0.and_utc().timestamp()
    }
}

impl std::fmt::Display for UtcTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.and_utc().to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl Serialize for UtcTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for UtcTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("not an RFC 3339 time"))
    }
}

impl utoipa::PartialSchema for UtcTime {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .description(Some("An instant (RFC 3339), in UTC."))
            .into()
    }
}
impl utoipa::ToSchema for UtcTime {}

#[cfg(test)]
mod tests {
    use super::UtcTime;

    #[test]
    fn offsets_become_utc() {
        let deadline = UtcTime::parse("2026-11-25T00:00:00+07:00").map(|t| t.to_string());
        assert_eq!(deadline.as_deref(), Some("2026-11-24T17:00:00Z"));
    }

    #[test]
    fn what_cannot_be_kept_or_is_no_time_is_refused() {
        let good = ["2026-11-24t17:00:00z", "2026-11-24T17:00:00.123456Z", "2026-11-24T17:00:00.1234560000Z", "2026-11-24T17:00:59-00:00"];
        for text in good {
            assert!(UtcTime::parse(text).is_some(), "{text}");
        }
        for text in [
            "2026-11-24T12:00:60Z",
            "2016-12-31T23:59:60Z",
            "2026-11-24T24:00:00Z",
            "2026-11-24T12:60:00Z",
            "2026-02-30T12:00:00Z",
            "2026-11-24 12:00:00Z",
            "2026-11-24T12:00:00.1234567Z",
            "2026-11-24T12:00:00.Z",
            "2026-11-24T12:00:00,5Z",
            "2026-11-24T12:00:00+99:99",
            "2026-11-24T12:00:00+24:00",
            "2026-11-24T12:00:00+0700",
            "2026-11-24T12:00:00+07",
            "2026-11-24T12:00:00\u{2212}07:00",
            "2026-11-24T12:00:00",
            "2026-11-24T12:00Z",
            "12026-11-24T12:00:00Z",
            "2026-11-24T12:00:00Z ",
            "",
        ] {
            assert_eq!(UtcTime::parse(text), None, "{text}");
        }
    }
}
