//! Figures, progress and completeness as files.

use super::observations::{ObservationFilter, ObservationTable};
use super::wire::{ProgressFilter, WhereAndWhen};
use super::{completeness, overview, sheets};
use crate::actor::Actor;
use crate::db::Conn;
use crate::formats::table::TableWriter;
use crate::reading::layout::HeaderWords;
use crate::reading::table_file::{Pieces, SheetsFile, TableFile};
use serde_json::{Map, Value};

/// The figures that fit a filter; `query` holds the parameters of which only the beginning is documented.
pub fn observations(filter: ObservationFilter, query: Map<String, Value>, words: Option<HeaderWords>, writer: TableWriter) -> Pieces {
    TableFile::of(ObservationTable::of(filter, query), ObservationTable::NAME, words, writer).pieces()
}

/// How things stand.
pub fn progress(asked: ProgressFilter, words: Option<HeaderWords>, writer: TableWriter) -> Pieces {
    let read = move |c: &mut Conn, actor: &Actor| sheets::of_progress(&overview::find(c, actor, &asked)?.0);
    SheetsFile::of(read, words, writer).pieces()
}

/// Who has reported.
pub fn completeness(asked: WhereAndWhen, words: Option<HeaderWords>, writer: TableWriter) -> Pieces {
    let read = move |c: &mut Conn, actor: &Actor| sheets::of_completeness(&completeness::find(c, actor, &asked)?.0);
    SheetsFile::of(read, words, writer).pieces()
}
