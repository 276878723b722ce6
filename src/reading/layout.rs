//! Lists that are tables too: the format, and how a table is laid out.

use crate::formats::csv::{DecimalMark, Delimiter, Dialect};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// The parameters of a list that is answered as JSON or as a table.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TableLayout {
    /// The format; it wins over `Accept`. JSON without either.
    #[param(inline)]
    #[expect(dead_code, reason = "stands in the document; which format it is to be is known before the handler")]
    format: Option<TableFormat>,
    /// CSV only: the header row in Vietnamese or English words in place of the API's field names.
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
    /// Pages of JSON.
    Json,
    /// All rows as CSV.
    Csv,
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
    /// The parameters that mean something in CSV alone.
    pub const OF_CSV: [&str; 3] = ["headers", "delimiter", "decimal"];

    /// How cells and numbers are set apart.
    #[must_use]
    pub fn dialect(self) -> Dialect {
        Dialect { delimiter: self.delimiter.unwrap_or_default(), decimal: self.decimal.unwrap_or_default() }
    }
}
