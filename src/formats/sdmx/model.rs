//! The structures as a message tells them, whatever it is written in.

use crate::problem::Language;
use crate::values::clock::UtcTime;
use crate::values::text::Bilingual;

/// The agency that maintains everything here.
pub const AGENCY: &str = "BINHDANG";
/// The agency above all agencies.
pub const SDMX: &str = "SDMX";
/// The version of everything here.
pub const VERSION: &str = "1.0";
/// The dataflow.
pub const FLOW: &str = "DF_GE";
/// The data structure definition.
pub const STRUCTURE: &str = "DSD_GE";
/// The concept scheme.
pub const CONCEPTS: &str = "CS_GE";

/// What the dataflow and its structure are called.
pub(super) const NAMES: [(&str, (&str, &str)); 3] = [
    (FLOW, ("Số liệu đã công bố về bình đẳng giới", "Published gender equality figures")),
    (STRUCTURE, ("Cấu trúc số liệu bình đẳng giới", "Structure of gender equality figures")),
    (CONCEPTS, ("Khái niệm của số liệu bình đẳng giới", "Concepts of gender equality figures")),
];

/// A name of [`NAMES`].
pub(super) fn name_of(id: &str) -> Bilingual {
    NAMES.iter().find(|(known, _)| *known == id).map_or_else(|| bilingual((id, id)), |(_, names)| bilingual(*names))
}

/// Both words of a fixed name.
pub(super) fn bilingual((vi, en): (&str, &str)) -> Bilingual {
    Bilingual { vi: vi.to_owned(), en: Some(en.to_owned()) }
}

/// What a component is to the cube.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A part of a series' key.
    Dimension,
    /// The period.
    Time,
    /// The value.
    Measure,
    /// Said of each observation; of some it must be.
    Attribute {
        /// Whether it must.
        mandatory: bool,
    },
}

/// What a component's values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Representation {
    /// Codes of this list.
    Codes(&'static str),
    /// Of this type of SDMX.
    Text(&'static str),
}

/// A component of the data structure definition, and the concept of the same id behind it.
#[derive(Debug, Clone, Copy)]
pub struct Component {
    /// Its id.
    pub id: &'static str,
    /// Its name in Vietnamese and English.
    pub name: (&'static str, &'static str),
    /// What it is.
    pub kind: Kind,
    /// What its values are.
    pub values: Representation,
}

const fn coded(id: &'static str, name: (&'static str, &'static str), kind: Kind, list: &'static str) -> Component {
    Component { id, name, kind, values: Representation::Codes(list) }
}

const fn plain(id: &'static str, name: (&'static str, &'static str), kind: Kind, text: &'static str) -> Component {
    Component { id, name, kind, values: Representation::Text(text) }
}

const OPTIONAL: Kind = Kind::Attribute { mandatory: false };
const MANDATORY: Kind = Kind::Attribute { mandatory: true };

/// What the cube consists of, in the order of its keys and columns.
pub const COMPONENTS: [Component; 12] = [
    coded("FREQ", ("Tần suất", "Frequency"), Kind::Dimension, "CL_FREQ"),
    coded("REF_AREA", ("Địa bàn", "Reference area"), Kind::Dimension, "CL_AREA"),
    coded("UNIT", ("Đơn vị thực hiện", "Responsible unit"), Kind::Dimension, "CL_UNIT"),
    coded("INDICATOR", ("Chỉ tiêu", "Indicator"), Kind::Dimension, "CL_INDICATOR"),
    coded("SEX", ("Giới tính", "Sex"), Kind::Dimension, "CL_SEX"),
    plain("TIME_PERIOD", ("Kỳ số liệu", "Time period"), Kind::Time, "ObservationalTimePeriod"),
    plain("OBS_VALUE", ("Giá trị", "Observation value"), Kind::Measure, "Double"),
    coded("OBS_STATUS", ("Tình trạng số liệu", "Observation status"), MANDATORY, "CL_OBS_STATUS"),
    coded("CONF_STATUS", ("Mức bảo mật", "Confidentiality status"), MANDATORY, "CL_CONF_STATUS"),
    plain("NUMERATOR", ("Tử số", "Numerator"), OPTIONAL, "Double"),
    plain("DENOMINATOR", ("Mẫu số", "Denominator"), OPTIONAL, "Double"),
    plain("UNIT_MEASURE", ("Đơn vị tính", "Unit of measure"), OPTIONAL, "String"),
];

/// How much of an artefact a message tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// All of it.
    Full,
    /// Its id and names: a stub.
    Stub,
}

/// A code, or an agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its id.
    pub id: String,
    /// Its names.
    pub name: Bilingual,
    /// The code above it in the same list.
    pub parent: Option<String>,
}

/// A code list, or a list of agencies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemScheme {
    /// The agency that maintains it.
    pub agency: &'static str,
    /// Its id.
    pub id: &'static str,
    /// Its names.
    pub name: Bilingual,
    /// What is in it, in its order.
    pub items: Vec<Item>,
    /// How much of it is told.
    pub shown: Shown,
    /// Whether items were left out.
    pub partial: bool,
}

/// For which values of each dimension there are figures.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Availability {
    /// The dimensions that were asked for, each with its values in order.
    pub values: Vec<(&'static str, Vec<String>)>,
    /// How many observations.
    pub observations: usize,
    /// How many series.
    pub series: usize,
}

/// A structure message.
#[derive(Debug, Clone)]
pub struct Message {
    /// Names the message.
    pub id: String,
    /// When it was made.
    pub prepared: UtcTime,
    /// In which language the names come first.
    pub language: Language,
    /// Lists of agencies.
    pub agencies: Vec<ItemScheme>,
    /// Code lists.
    pub codelists: Vec<ItemScheme>,
    /// The concept scheme.
    pub concepts: Option<Shown>,
    /// The data structure definition.
    pub structure: Option<Shown>,
    /// The dataflow.
    pub flow: Option<Shown>,
    /// What there are figures for.
    pub availability: Option<Availability>,
}

impl Message {
    /// Whether it tells nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let lists = self.agencies.is_empty() && self.codelists.is_empty();
        lists && self.concepts.is_none() && self.structure.is_none() && self.flow.is_none() && self.availability.is_none()
    }
}

/// The name by which SDMX refers to an artefact of this agency: `class` with its package, `codelist.Codelist`.
#[must_use]
pub fn urn(class: &str, id: &str) -> String {
    format!("urn:sdmx:org.sdmx.infomodel.{class}={AGENCY}:{id}({VERSION})")
}

/// A name in the language that is wanted: Vietnamese where there is no English.
pub(super) fn in_language(name: &Bilingual, language: Language) -> &str {
    match (language, &name.en) {
        (Language::En, Some(en)) => en,
        _ => &name.vi,
    }
}
