//! Answers that are tables too: the format, and how a table is laid out.

use crate::formats::Format;
use crate::formats::csv::{DecimalMark, Delimiter, Dialect};
use crate::formats::table::TableWriter;
use crate::problem::Result;
use serde::Deserialize;
use std::path::PathBuf;
use utoipa::{IntoParams, ToSchema};

/// The parameters of what is answered as JSON or as a table.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TableLayout {
    /// The format; it wins over `Accept`. JSON without either.
    #[param(inline)]
    #[expect(dead_code, reason = "stands in the document; which format it is to be is known before the handler")]
    format: Option<TableFormat>,
    /// CSV and XLSX only: the header row in Vietnamese or English words in place of the API's field names.
    #[param(inline)]
    pub headers: Option<HeaderWords>,
    /// CSV only: what stands between cells; a comma by default.
    #[param(inline, example = ";")]
    delimiter: Option<Delimiter>,
    /// CSV only: what stands before the fraction of a number; a point by default.
    #[param(inline, example = ",")]
    decimal: Option<DecimalMark>,
}

/// A format of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TableFormat {
    /// JSON.
    Json,
    /// All rows as CSV.
    Csv,
    /// All rows as a workbook of Excel.
    Xlsx,
}

/// The language of a header row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum HeaderWords {
    /// Vietnamese.
    Vi,
    /// English.
    En,
}

impl TableLayout {
    /// The parameters that mean something in tables alone.
    pub const OF_TABLES: [&str; 3] = ["headers", "delimiter", "decimal"];
    /// Those of them that mean something in CSV alone.
    pub const OF_CSV: [&str; 2] = ["delimiter", "decimal"];

    /// An empty file of a format of tables; `folder` is where a workbook is laid down while it is written.
    ///
    /// # Errors
    /// If nothing can be written there.
    pub fn writer(self, format: Format, folder: PathBuf) -> Result<TableWriter> {
        let dialect = Dialect { delimiter: self.delimiter.unwrap_or_default(), decimal: self.decimal.unwrap_or_default() };
        TableWriter::of(format, dialect, folder)
    }
}
