//! Data as SDMX-CSV 2.0.0: a comma between cells, no byte order mark, and the first three columns that say what a row is. This is the
//! dialect that readers in use agree on.

use super::model::{AGENCY, FLOW, VERSION};
use super::observation::{Cell as Told, Columns, Observation, SERIES_DIMENSIONS};
use crate::formats::csv::{self, Dialect};
use crate::formats::table::Cell;
use crate::problem::Result;

/// The header row.
///
/// # Errors
/// Internal, which writing to memory does not lead to.
pub fn head(columns: &Columns) -> Result<Vec<u8>> {
    let first = ["STRUCTURE", "STRUCTURE_ID", "ACTION"].into_iter().chain(SERIES_DIMENSIONS).chain(["TIME_PERIOD"]);
    let mut file = Vec::new();
    csv::append(&mut file, Dialect::default(), [first.chain(columns.0.iter().copied()).map(Cell::text).collect()])?;
    Ok(file)
}

/// Appends observations.
///
/// # Errors
/// Internal, which writing to memory does not lead to.
pub fn append(file: &mut Vec<u8>, columns: &Columns, observations: &[Observation]) -> Result<()> {
    let flow = format!("{AGENCY}:{FLOW}({VERSION})");
    let row = |observation: &Observation| -> Vec<Cell<'static>> {
        let mut cells = vec![Cell::text("dataflow"), Cell::text(flow.clone()), Cell::text("I")];
        cells.extend(observation.series.codes().map(|code| Cell::text(code.to_owned())));
        cells.push(Cell::text(observation.period.to_string()));
        cells.extend(columns.0.iter().map(|id| match observation.cell(id) {
            None => Cell::Empty,
            Some(Told::Text(text)) => Cell::text(text.to_owned()),
            Some(Told::Number(number)) => Cell::Number(number),
        }));
        cells
    };
    csv::append(file, Dialect::default(), observations.iter().map(row))
}
