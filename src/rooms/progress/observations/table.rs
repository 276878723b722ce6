//! Observations as a table: one row for each, one column for each member and each dimension.

use super::batches::Batches;
use super::wanted::{self, Wanted};
use super::wire::{FigureStatus, ObservationFilter, ObservationOut};
use crate::actor::Actor;
use crate::db::schema::dimensions;
use crate::db::{self, Conn};
use crate::formats::csv::{self, Cell};
use crate::problem::{Error, Result};
use crate::reading::layout::{HeaderWords, TableLayout};
use crate::rooms::reports::columns::{self, AFTER, BEFORE, Column};
use bytes::Bytes;
use diesel::prelude::*;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A dimension's column: its code, and what it is called.
type Dimension = (String, String);

/// Observations as a CSV file that is made piece by piece.
pub(in crate::rooms::progress) struct CsvFile {
    filter: ObservationFilter,
    query: Map<String, Value>,
    layout: TableLayout,
    begun: Option<(Batches, Vec<Dimension>)>,
}

impl CsvFile {
    /// The observations that fit a filter.
    pub(in crate::rooms::progress) fn of(filter: ObservationFilter, query: Map<String, Value>, layout: TableLayout) -> Self {
        Self { filter, query, layout, begun: None }
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// 400 for a filter that names what is not there.
    pub(in crate::rooms::progress) fn next(&mut self, c: &mut Conn, actor: &Actor) -> Result<Option<Bytes>> {
        let dialect = self.layout.dialect();
        let mut piece = Vec::new();
        if self.begun.is_none() {
            let wanted = wanted::read(c, &self.filter, &self.query)?;
            let dimensions = dimensions_of(c, &wanted, self.layout.headers)?;
            piece = csv::head(dialect, &header(&dimensions, self.layout.headers))?;
            self.begun = Some((Batches::of(wanted), dimensions));
        }
        let Some((batches, dimensions)) = &mut self.begun else { return Ok(None) };
        let batch = batches.next(c, actor)?;
        let rows = batch.iter().map(|observation| row(observation, dimensions)).collect::<Result<Vec<_>>>()?;
        csv::append(&mut piece, dialect, rows)?;
        Ok((!piece.is_empty()).then(|| piece.into()))
    }
}

/// The dimensions by which figures may be split in the plans that are wanted, by code.
fn dimensions_of(c: &mut Conn, wanted: &Wanted, words: Option<HeaderWords>) -> Result<Vec<Dimension>> {
    let mut query = dimensions::table.select((dimensions::code, dimensions::name_vi, dimensions::name_en)).distinct().into_boxed();
    if let Some(plan) = &wanted.plan {
        query = query.filter(dimensions::plan_id.eq(plan));
    }
    if let Some(area) = &wanted.area {
        query = query.filter(dimensions::jurisdiction.eq_any(area));
    }
    // Plans may call the same dimension differently: one name must do.
    let mut known = BTreeMap::new();
    for (code, vi, en) in query.order((dimensions::code, dimensions::name_vi)).load::<(String, String, Option<String>)>(c)? {
        known.entry(code).or_insert((vi, en));
    }
    let named = known.into_iter().map(|(code, (vi, en))| {
        let name = match words {
            None => columns::of_dimension(&code),
            Some(HeaderWords::Vi) => vi,
            Some(HeaderWords::En) => en.unwrap_or(vi),
        };
        (code, name)
    });
    Ok(named.collect())
}

fn header(dimensions: &[Dimension], words: Option<HeaderWords>) -> Vec<String> {
    let word = |(name, vi, en): &Column| match words {
        None => (*name).to_owned(),
        Some(HeaderWords::Vi) => (*vi).to_owned(),
        Some(HeaderWords::En) => (*en).to_owned(),
    };
    let split = dimensions.iter().map(|(_, name)| name.clone());
    BEFORE.iter().map(word).chain(split).chain(AFTER.iter().map(word)).collect()
}

fn row<'a>(observation: &'a ObservationOut, dimensions: &[Dimension]) -> Result<Vec<Cell<'a>>> {
    let ObservationOut {
        id,
        plan,
        jurisdiction,
        indicator,
        unit,
        period,
        reference,
        disaggregation,
        numerator,
        denominator,
        value,
        answer,
        status,
        not_applicable,
        note,
        extra,
        suppressed,
        definition_version,
        updated_at,
    } = observation;
    if disaggregation.keys().any(|code| !dimensions.iter().any(|(known, _)| known == code)) {
        return Err(Error::internal("a figure of a dimension that its plan does not have"));
    }
    let mut cells: Vec<Cell> = [id, &plan.code, jurisdiction, &unit.code, &period.label, &indicator.code].map(Cell::text).into();
    cells.extend(dimensions.iter().map(|(code, _)| Cell::optional(disaggregation.get(code).map(String::as_str))));
    cells.extend([
        Cell::number(*numerator),
        Cell::number(*denominator),
        Cell::number(*value),
        answer.map_or(Cell::Empty, Cell::Truth),
        Cell::text(FigureStatus::as_str(*status)),
        Cell::Truth(*suppressed),
        Cell::optional(not_applicable.as_deref()),
        Cell::optional(note.as_deref()),
        extra.as_ref().map(db::to_json).transpose()?.map_or(Cell::Empty, Cell::text),
        Cell::text(reference.from.to_string()),
        Cell::text(reference.to.to_string()),
        Cell::text(&reference.label),
        Cell::text(definition_version.to_string()),
        Cell::text(updated_at.to_string()),
    ]);
    Ok(cells)
}
