//! Observations as a table: one row for each, one column for each member and each dimension.

use super::batches::Batches;
use super::wanted::{self, Wanted};
use super::wire::{FigureStatus, ObservationFilter, ObservationOut};
use crate::actor::Actor;
use crate::db::schema::dimensions;
use crate::db::{self, Conn};
use crate::formats::table::Cell;
use crate::problem::{Error, Result};
use crate::reading::layout::HeaderWords;
use crate::reading::table_file::{Column, Table, heading};
use crate::rooms::reports::columns::{self, AFTER, BEFORE};
use crate::values::decimal::Decimal4;
use diesel::prelude::*;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A dimension's column: its code, and what it is called.
type Dimension = (String, String);

/// Observations as a table.
pub(in crate::rooms::progress) struct ObservationTable {
    filter: ObservationFilter,
    query: Map<String, Value>,
    begun: Option<(Batches, Vec<Dimension>)>,
}

impl ObservationTable {
    /// What the table is called, in Vietnamese and English.
    pub(in crate::rooms::progress) const NAME: (&'static str, &'static str) = ("Số liệu", "Observations");

    /// The observations that fit a filter.
    pub(in crate::rooms::progress) fn of(filter: ObservationFilter, query: Map<String, Value>) -> Self {
        Self { filter, query, begun: None }
    }
}

impl Table for ObservationTable {
    type Row = ObservationOut;

    fn header(&mut self, c: &mut Conn, actor: &Actor, words: Option<HeaderWords>) -> Result<Vec<String>> {
        let wanted = wanted::read(c, actor, &self.filter, &self.query)?;
        let dimensions = dimensions_of(c, &wanted, words)?;
        let header = header(&dimensions, words);
        self.begun = Some((Batches::of(wanted), dimensions));
        Ok(header)
    }

    fn batch(&mut self, c: &mut Conn, actor: &Actor) -> Result<Vec<ObservationOut>> {
        self.begun.as_mut().map_or_else(|| Ok(Vec::new()), |(batches, _)| batches.next(c, actor))
    }

    fn cells<'a>(&self, observation: &'a ObservationOut) -> Result<Vec<Cell<'a>>> {
        row(observation, self.begun.as_ref().map_or(&[][..], |(_, dimensions)| dimensions))
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
    let word = |column: &Column| heading(column, words);
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
        Cell::Day(reference.from),
        Cell::Day(reference.to),
        Cell::text(&reference.label),
        Cell::number(Decimal4::from_int(i64::from(*definition_version))),
        Cell::Instant(*updated_at),
    ]);
    Ok(cells)
}
