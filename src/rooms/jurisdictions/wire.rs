//! Administrative units on the wire.

use crate::actor::actions::Actions;
use crate::values::clock::UtcTime;
use crate::values::text::Bilingual;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// The levels of government (cấp hành chính): two of local government since 1 July 2025, and the country.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JurisdictionLevel {
    /// Ward, commune or special zone (cấp xã).
    Commune,
    /// Province or city under the central government (cấp tỉnh).
    Province,
    /// The country.
    Country,
}

impl JurisdictionLevel {
    /// The word on the wire and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Commune => "commune",
            Self::Province => "province",
            Self::Country => "country",
        }
    }

    /// The level that a word names.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Commune, Self::Province, Self::Country].into_iter().find(|l| l.as_str() == word)
    }

    /// The level right above, which the parent has.
    #[must_use]
    pub fn above(self) -> Option<Self> {
        match self {
            Self::Commune => Some(Self::Province),
            Self::Province => Some(Self::Country),
            Self::Country => None,
        }
    }
}

/// What an administrative unit is called by law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JurisdictionKind {
    /// Phường.
    Ward,
    /// Xã.
    Commune,
    /// Đặc khu.
    SpecialZone,
    /// Tỉnh.
    Province,
    /// Thành phố trực thuộc trung ương.
    City,
    /// The country.
    Country,
}

impl JurisdictionKind {
    const ALL: [Self; 6] = [Self::Ward, Self::Commune, Self::SpecialZone, Self::Province, Self::City, Self::Country];

    /// The word on the wire and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ward => "ward",
            Self::Commune => "commune",
            Self::SpecialZone => "special_zone",
            Self::Province => "province",
            Self::City => "city",
            Self::Country => "country",
        }
    }

    /// The kind that a word names.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == word)
    }

    /// The level at which there are such units.
    #[must_use]
    pub fn level(self) -> JurisdictionLevel {
        match self {
            Self::Ward | Self::Commune | Self::SpecialZone => JurisdictionLevel::Commune,
            Self::Province | Self::City => JurisdictionLevel::Province,
            Self::Country => JurisdictionLevel::Country,
        }
    }
}

/// An administrative unit as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JurisdictionIn {
    /// Its official code, the same for ever; the country is `VN`.
    #[schema(pattern = "^(VN|[0-9]{1,10})$", example = "09385")]
    pub code: String,
    /// Its name with its kind.
    #[schema(example = json!({"vi": "Phường Đồng Nguyên", "en": "Đồng Nguyên Ward"}))]
    pub name: Bilingual,
    /// Its level; set at creation.
    pub level: JurisdictionLevel,
    /// What it is called by law.
    pub kind: JurisdictionKind,
    /// The official code of the unit that it belongs to; none for the country.
    #[serde(default)]
    #[schema(pattern = "^(VN|[0-9]{1,10})$", example = "24")]
    pub parent: Option<String>,
    /// Since which day it belongs to that one; null where it always did. Needed to move a unit of which something was sent.
    #[serde(default)]
    #[schema(example = json!(null))]
    pub parent_from: Option<NaiveDate>,
    /// The first day on which it exists; null where it always did.
    #[serde(default)]
    #[schema(example = json!(null))]
    pub valid_from: Option<NaiveDate>,
    /// The last day on which it exists; null where no end is known. Made null again it takes a dissolution back that lies ahead.
    #[serde(default)]
    #[schema(example = json!(null))]
    pub valid_until: Option<NaiveDate>,
}

/// To what an administrative unit belongs, or did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ParentOut {
    /// The official code.
    #[schema(example = "24")]
    pub parent: String,
    /// The first day; null where it always did.
    #[schema(required, example = json!(null))]
    pub from: Option<NaiveDate>,
    /// The last day; null of the present one.
    #[schema(required, example = json!(null))]
    pub until: Option<NaiveDate>,
}

/// An administrative unit (đơn vị hành chính).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct JurisdictionOut {
    /// Its id, a UUIDv7.
    #[schema(format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a51")]
    pub id: String,
    /// Its official code; the country is `VN`.
    #[schema(example = "09385")]
    pub code: String,
    /// Raised by every change; `If-Match` names it.
    #[schema(example = 1)]
    pub version: i64,
    /// Its name with its kind.
    #[schema(example = json!({"vi": "Phường Đồng Nguyên", "en": "Đồng Nguyên Ward"}))]
    pub name: Bilingual,
    /// Its level.
    pub level: JurisdictionLevel,
    /// What it is called by law.
    pub kind: JurisdictionKind,
    /// The official code of the unit that it belongs to; null for the country.
    #[schema(required, example = "24")]
    pub parent: Option<String>,
    /// The same with all to which it belonged before, the earliest first.
    pub parents: Vec<ParentOut>,
    /// The first day on which it exists; null where it always did.
    #[schema(required, example = json!(null))]
    pub valid_from: Option<NaiveDate>,
    /// The last day on which it exists; null where no end is known. For periods that end later nothing is expected of it.
    #[schema(required, example = json!(null))]
    pub valid_until: Option<NaiveDate>,
    /// The units that take its place when it is dissolved, by official code.
    #[schema(example = json!([]))]
    pub successors: Vec<String>,
    /// The units in whose place it came, by official code.
    #[schema(example = json!([]))]
    pub predecessors: Vec<String>,
    /// When it was made.
    pub created_at: UtcTime,
    /// When it was last changed.
    pub updated_at: UtcTime,
    /// What this caller may do with it now; in single resources only.
    #[serde(rename = "_actions", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub actions: Option<Actions>,
}

/// Filters of the list of administrative units.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct JurisdictionFilter {
    /// The unit with this official code.
    #[param(max_length = 16, example = "09385")]
    pub code: Option<String>,
    /// Units of this level.
    #[param(inline, example = "commune")]
    pub level: Option<JurisdictionLevel>,
    /// Units of this kind.
    #[param(inline, example = "ward")]
    pub kind: Option<JurisdictionKind>,
    /// Units right below this one, by official code.
    #[param(max_length = 16, example = "24")]
    pub parent: Option<String>,
    /// Units whose code or name holds this, without regard to case and marks.
    #[param(max_length = 200, example = "dong nguyen")]
    pub q: Option<String>,
    /// Units changed at or after this instant.
    pub updated_since: Option<UtcTime>,
}

impl JurisdictionOut {
    /// The input form that this resource would have been made from.
    #[must_use]
    pub fn to_input(&self) -> JurisdictionIn {
        JurisdictionIn {
            code: self.code.clone(),
            name: self.name.clone(),
            level: self.level,
            kind: self.kind,
            parent: self.parent.clone(),
            parent_from: self.parents.last().and_then(|present| present.from),
            valid_from: self.valid_from,
            valid_until: self.valid_until,
        }
    }
}
