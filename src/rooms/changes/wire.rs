//! Changes on the wire.

use crate::change::types::{self, ChangeType};
use crate::values::clock::UtcTime;
use serde::{Deserialize, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{IntoParams, ToSchema};

/// Something that happened to a resource (thay đổi).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Change {
    /// Its place in the feed: `after` it begins with the next one.
    #[schema(example = "eyJzIjoiY2hhbmdlcyIsImsiOlsxMjA3XX0")]
    pub cursor: String,
    /// When.
    pub at: UtcTime,
    /// What.
    #[serde(rename = "type")]
    pub change_type: ChangeName,
    /// The kind of resource.
    #[schema(example = "report")]
    pub resource: String,
    /// The resource's id.
    #[schema(format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65")]
    pub id: String,
    /// Its version afterwards; of one that was deleted the last.
    #[schema(example = 4)]
    pub version: i64,
    /// The administrative unit it belongs to, by official code.
    #[schema(required, example = "09385")]
    pub jurisdiction: Option<String>,
}

/// What a change is called: `<resource>.<past verb>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeName(pub ChangeType);

impl Serialize for ChangeName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name)
    }
}

impl<'de> Deserialize<'de> for ChangeName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        types::find(&name).map(Self).ok_or_else(|| serde::de::Error::custom("no type of changes"))
    }
}

impl utoipa::PartialSchema for ChangeName {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("What happened, as `<resource>.<past verb>`. More may be added."))
            .enum_values(Some(types::told().map(|one| one.name)))
            .examples(["report.submitted"])
            .into()
    }
}

impl ToSchema for ChangeName {
    fn name() -> std::borrow::Cow<'static, str> {
        "ChangeType".into()
    }
}

/// A part of the feed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Changes {
    /// What happened, in the order of the commits.
    pub items: Vec<Change>,
    /// Where to go on: behind all that was looked at for this answer, also what the caller is not shown. Never null.
    #[schema(example = "eyJzIjoiY2hhbmdlcyIsImsiOlsxMjA3XX0")]
    pub next_cursor: String,
}

/// Which changes are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ChangeFilter {
    /// Changes after this cursor; `now` for what is yet to happen. Without it the feed begins with the oldest that is kept.
    #[param(max_length = 200, example = "now")]
    pub after: Option<String>,
    /// Changes of these types alone, comma-separated.
    #[param(max_length = 4000, example = "consolidated_report.sent,consolidated_report.acknowledged")]
    pub types: Option<String>,
    /// How many changes an answer holds at most.
    #[param(minimum = 1, maximum = 500, default = 50)]
    pub limit: Option<usize>,
    /// For how many seconds to wait for a change if there is none yet.
    #[param(minimum = 0, maximum = 30, default = 0)]
    pub wait: Option<u64>,
}
