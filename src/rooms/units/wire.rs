//! Units on the wire.

use crate::actor::actions::Actions;
use crate::values::clock::UtcTime;
use crate::values::text::{Bilingual, Prose};
use crate::values::{AmendmentRef, Ref, Source};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

/// What kind of body a unit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// The issuer of the plan: the People's Committee (Uỷ ban nhân dân).
    Issuer,
    /// An office of the People's Committee (phòng chuyên môn, văn phòng).
    SpecialisedOffice,
    /// A public service unit (đơn vị sự nghiệp công).
    PublicServiceUnit,
    /// A health station, clinic or hospital (trạm y tế, cơ sở y tế).
    Health,
    /// The police (công an).
    Police,
    /// The military command (ban chỉ huy quân sự).
    Military,
    /// A school or kindergarten (trường học).
    School,
    /// A body of the Party (cơ quan Đảng).
    PartyOrganisation,
    /// The Fatherland Front and the socio-political organisations (MTTQ, tổ chức chính trị - xã hội).
    PoliticalOrganisation,
    /// Another association (hội quần chúng).
    MassOrganisation,
    /// A residential group or village (tổ dân phố, thôn).
    ResidentialGroup,
    /// An enterprise or cooperative (doanh nghiệp, hợp tác xã).
    Enterprise,
    /// Who receives the consolidated report: the Department of Home Affairs (Sở Nội vụ).
    ExternalRecipient,
    /// Anything else.
    Other,
}

impl UnitKind {
    const ALL: [Self; 14] = [
        Self::Issuer,
        Self::SpecialisedOffice,
        Self::PublicServiceUnit,
        Self::Health,
        Self::Police,
        Self::Military,
        Self::School,
        Self::PartyOrganisation,
        Self::PoliticalOrganisation,
        Self::MassOrganisation,
        Self::ResidentialGroup,
        Self::Enterprise,
        Self::ExternalRecipient,
        Self::Other,
    ];

    /// The word on the wire and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Issuer => "issuer",
            Self::SpecialisedOffice => "specialised_office",
            Self::PublicServiceUnit => "public_service_unit",
            Self::Health => "health",
            Self::Police => "police",
            Self::Military => "military",
            Self::School => "school",
            Self::PartyOrganisation => "party_organisation",
            Self::PoliticalOrganisation => "political_organisation",
            Self::MassOrganisation => "mass_organisation",
            Self::ResidentialGroup => "residential_group",
            Self::Enterprise => "enterprise",
            Self::ExternalRecipient => "external_recipient",
            Self::Other => "other",
        }
    }

    /// The kind that a word names.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == word)
    }
}

fn yes() -> bool {
    true
}

/// A unit as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitIn {
    /// Its jurisdiction, by official code; set at creation.
    #[schema(max_length = 16, example = "09385")]
    pub jurisdiction: String,
    /// Its code, unique within the jurisdiction.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", example = "U7.1")]
    pub code: String,
    /// The group that it is a member of, by id or code.
    #[serde(default)]
    #[schema(max_length = 64, example = "U7")]
    pub parent: Option<String>,
    /// What kind of body it is.
    pub kind: UnitKind,
    /// Its name.
    #[schema(example = json!({"vi": "Trường Tiểu học Đồng Nguyên 1", "en": "Đồng Nguyên 1 Primary School"}))]
    pub name: Bilingual,
    /// The short name by which colleagues know it.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200, example = "TH Đồng Nguyên 1")]
    pub short_name: Option<String>,
    /// Whether it stands for its members.
    #[serde(default)]
    #[schema(default = false)]
    pub is_group: bool,
    /// Whether it owes reports.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub reports: bool,
    /// Its identification code among agencies (mã định danh, Decision 20/2020/QĐ-TTg), unique in the country.
    #[serde(default)]
    #[schema(pattern = "^[0-9A-Z]+(\\.[0-9A-Z]+)*$", max_length = 35, example = "000.01.24.H05")]
    pub agency_code: Option<String>,
    /// The first day on which it exists; null where it always did.
    #[serde(default)]
    #[schema(example = json!(null))]
    pub valid_from: Option<NaiveDate>,
    /// The last day on which it exists; null where no end is known. Made null again it takes a dissolution back that lies ahead.
    #[serde(default)]
    #[schema(example = json!(null))]
    pub valid_until: Option<NaiveDate>,
    /// False while it pauses: then it is asked for nothing.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub active: bool,
    /// The amendment of the plan that made this change, by id.
    #[serde(default)]
    #[schema(max_length = 64, example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a71")]
    pub amendment: Option<String>,
    /// What the transcriber remarked upon.
    #[serde(default)]
    pub editorial_note: Option<Prose>,
    /// Where in the printed plan it stands.
    #[serde(default)]
    pub source: Option<Source>,
    /// Further particulars of the transcription, as the transcriber named them.
    #[serde(default)]
    pub transcription: Option<Map<String, Value>>,
}

/// A responsible unit (cơ quan, đơn vị thực hiện).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnitOut {
    /// Its id, a UUIDv7.
    #[schema(format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65")]
    pub id: String,
    /// Its code, unique within the jurisdiction.
    #[schema(example = "U5")]
    pub code: String,
    /// Raised by every change; `If-Match` names it.
    #[schema(example = 1)]
    pub version: i64,
    /// Its jurisdiction, by official code.
    #[schema(example = "09385")]
    pub jurisdiction: String,
    /// The group that it is a member of.
    #[schema(required, example = json!(null))]
    pub parent: Option<Ref>,
    /// What kind of body it is.
    #[schema(example = "health")]
    pub kind: UnitKind,
    /// Its name.
    #[schema(example = json!({"vi": "Trạm y tế phường", "en": "Ward Health Station"}))]
    pub name: Bilingual,
    /// The short name by which colleagues know it.
    #[schema(required, example = "Trạm y tế")]
    pub short_name: Option<String>,
    /// Whether it stands for its members.
    pub is_group: bool,
    /// Whether it owes reports.
    #[schema(example = true)]
    pub reports: bool,
    /// Its identification code among agencies (mã định danh), unique in the country.
    #[schema(required, example = json!(null))]
    pub agency_code: Option<String>,
    /// The first day on which it exists; null where it always did.
    #[schema(required, example = json!(null))]
    pub valid_from: Option<NaiveDate>,
    /// The last day on which it exists; null where no end is known.
    #[schema(required, example = json!(null))]
    pub valid_until: Option<NaiveDate>,
    /// The units that take its place when it is dissolved.
    #[schema(example = json!([]))]
    pub successors: Vec<Ref>,
    /// The units in whose place it came.
    #[schema(example = json!([]))]
    pub predecessors: Vec<Ref>,
    /// False while it pauses: then it is asked for nothing.
    #[schema(example = true)]
    pub active: bool,
    /// What the transcriber remarked upon.
    #[schema(required, example = json!(null))]
    pub editorial_note: Option<Prose>,
    /// Where in the printed plan it stands.
    #[schema(required)]
    pub source: Option<Source>,
    /// Further particulars of the transcription, as the transcriber named them.
    #[schema(required, example = json!({"plan_order": 5, "full_name_vi": "Trạm y tế phường Đồng Nguyên"}))]
    pub transcription: Option<Map<String, Value>>,
    /// The amendment that made the last change which names one.
    #[schema(required, example = json!(null))]
    pub amendment: Option<AmendmentRef>,
    /// When it was made.
    pub created_at: UtcTime,
    /// When it was last changed.
    pub updated_at: UtcTime,
    /// What this caller may do with it now; in single resources only.
    #[serde(rename = "_actions", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub actions: Option<Actions>,
}

/// Filters of the list of units.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UnitFilter {
    /// Units of this jurisdiction and all below it, by official code.
    #[param(max_length = 16, example = "09385")]
    pub jurisdiction: Option<String>,
    /// Units of the jurisdiction of this plan, by id or code.
    #[param(max_length = 64, example = "KH-BDG-DN-2026-2030")]
    pub plan: Option<String>,
    /// Members of this group, by id or code.
    #[param(max_length = 64, example = "U7")]
    pub parent: Option<String>,
    /// Units of this kind.
    #[param(inline, example = "school")]
    pub kind: Option<UnitKind>,
    /// Units with this code.
    #[param(max_length = 64, example = "U5")]
    pub code: Option<String>,
    /// Units that do, or do not, stand for members.
    pub is_group: Option<bool>,
    /// Units that do, or do not, owe reports.
    pub reports: Option<bool>,
    /// Units that do not pause, or that do.
    pub active: Option<bool>,
    /// Units whose code or name holds this, without regard to case and marks.
    #[param(max_length = 200, example = "tram y te")]
    pub q: Option<String>,
    /// Units changed at or after this instant.
    pub updated_since: Option<UtcTime>,
}

impl UnitOut {
    /// The input form that this resource would have been made from.
    #[must_use]
    pub fn to_input(&self) -> UnitIn {
        UnitIn {
            jurisdiction: self.jurisdiction.clone(),
            code: self.code.clone(),
            parent: self.parent.as_ref().map(|p| p.id.clone()),
            kind: self.kind,
            name: self.name.clone(),
            short_name: self.short_name.clone(),
            is_group: self.is_group,
            reports: self.reports,
            agency_code: self.agency_code.clone(),
            valid_from: self.valid_from,
            valid_until: self.valid_until,
            active: self.active,
            editorial_note: self.editorial_note.clone(),
            source: self.source.clone(),
            transcription: self.transcription.clone(),
            amendment: self.amendment.as_ref().map(|amendment| amendment.id.clone()),
        }
    }
}
