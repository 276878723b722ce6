//! What answers are written in: a read model in, bytes out. Knows neither requests nor rooms.

pub mod csv;
pub mod row_source;
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
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 6] = [Self::Json, Self::Csv, Self::Xlsx, Self::Html, Self::Text, Self::Events];

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
        }
    }

    /// The format of this media type.
    #[must_use]
    pub fn of_media_type(media_type: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.media_type() == media_type)
    }
}
