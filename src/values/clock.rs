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

    /// Reads RFC 3339 with any offset; `None` if it is something else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        DateTime::parse_from_rfc3339(text).ok().map(|t| Self::from_naive(t.naive_utc()))
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
        ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime))).into()
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
}
