//! What answers are written in: a read model in, bytes out. Knows neither requests nor rooms.

pub mod csv;
pub mod row_source;
pub mod sdmx;
pub mod table;
pub mod xlsx;

/// A format of answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Format {
    /// JSON (RFC 8259).
    #[default]
    Json,
    /// Comma-separated values (RFC 4180), for spreadsheets and statistics.
    Csv,
    /// A workbook of Excel (ECMA-376).
    Xlsx,
    /// A page.
    Html,
    /// The OpenMetrics text format.
    Text,
    /// Server-sent events (HTML standard, section 9.2).
    Events,
    /// SDMX-JSON 2.0.0, structures.
    SdmxStructureJson,
    /// SDMX-CSV 2.0.0, data.
    SdmxDataCsv,
    /// SDMX-ML 2.1, structures.
    SdmxStructureXml,
    /// SDMX-ML 2.1, generic data.
    SdmxGenericData,
    /// SDMX-ML 2.1, structure-specific data.
    SdmxSpecificData,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 11] = [
        Self::Json,
        Self::Csv,
        Self::Xlsx,
        Self::Html,
        Self::Text,
        Self::Events,
        Self::SdmxStructureJson,
        Self::SdmxDataCsv,
        Self::SdmxStructureXml,
        Self::SdmxGenericData,
        Self::SdmxSpecificData,
    ];

    /// Its name in `?format=`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Html => "html",
            Self::Text => "text",
            Self::Events => "events",
            Self::SdmxStructureJson => "sdmx-json",
            Self::SdmxDataCsv => "sdmx-csv",
            Self::SdmxStructureXml => "sdmx-ml",
            Self::SdmxGenericData => "sdmx-generic-data",
            Self::SdmxSpecificData => "sdmx-structure-specific-data",
        }
    }

    /// Its media type, by which the document and `Accept` name it.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Csv => "text/csv",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Html => "text/html",
            Self::Text => "text/plain",
            Self::Events => "text/event-stream",
            Self::SdmxStructureJson => "application/vnd.sdmx.structure+json",
            Self::SdmxDataCsv => "application/vnd.sdmx.data+csv",
            Self::SdmxStructureXml => "application/vnd.sdmx.structure+xml",
            Self::SdmxGenericData => "application/vnd.sdmx.genericdata+xml",
            Self::SdmxSpecificData => "application/vnd.sdmx.structurespecificdata+xml",
        }
    }

    /// The version of a format whose media type has one as its parameter (SDMX REST, representations).
    #[must_use]
    pub const fn version(self) -> Option<&'static str> {
        match self {
            Self::SdmxStructureJson | Self::SdmxDataCsv => Some("2.0.0"),
            Self::SdmxStructureXml | Self::SdmxGenericData | Self::SdmxSpecificData => Some("2.1"),
            Self::Json | Self::Csv | Self::Xlsx | Self::Html | Self::Text | Self::Events => None,
        }
    }

    /// What `Content-Type` says of it.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Json | Self::Xlsx => self.media_type(),
            Self::Csv => "text/csv; charset=utf-8",
            Self::Html => "text/html; charset=utf-8",
            Self::Text => "text/plain; version=0.0.4; charset=utf-8",
            // Always UTF-8.
            Self::Events => "text/event-stream",
            Self::SdmxStructureJson => "application/vnd.sdmx.structure+json; version=2.0.0; charset=utf-8",
            Self::SdmxDataCsv => "application/vnd.sdmx.data+csv; version=2.0.0; charset=utf-8",
            Self::SdmxStructureXml => "application/vnd.sdmx.structure+xml; version=2.1; charset=utf-8",
            Self::SdmxGenericData => "application/vnd.sdmx.genericdata+xml; version=2.1; charset=utf-8",
            Self::SdmxSpecificData => "application/vnd.sdmx.structurespecificdata+xml; version=2.1; charset=utf-8",
        }
    }

    /// The format of this media type.
    #[must_use]
    pub fn of_media_type(media_type: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.media_type() == media_type)
    }
}
