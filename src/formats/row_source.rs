//! Reading tables that people and programs made: CSV in the dialects of spreadsheets, XLSX, JSON. Row by row, so that memory does
//! not grow with their number; what a cell says is kept as it was written, for only who knows its column can tell what it means.

mod csv;
mod json;
mod xlsx;

#[cfg(test)]
mod tests;

use crate::problem::{Error, Result};
use serde::{Deserialize, Serialize};
use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::rc::Rc;

/// What a file of rows is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowFormat {
    /// `{"rows": [{…}, …]}`
    Json,
    /// Comma, semicolon or tab between cells, UTF-8 with or without a byte order mark.
    Csv,
    /// A workbook of Excel 2007 or later (ECMA-376); its first sheet counts.
    Xlsx,
}

impl RowFormat {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Json, Self::Csv, Self::Xlsx];

    /// Its media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Csv => "text/csv",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// What a cell holds. An empty one is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum RowCell {
    /// A text.
    Text(String),
    /// A number that was stored as one, as JSON writes it.
    Number(String),
    /// A yes or no that was stored as one.
    Truth(bool),
    /// A day, as a spreadsheet makes one of what looks to it like a date: `2026-02-03`.
    Day(String),
    /// What a spreadsheet shows in place of a value that it could not compute: `#REF!`.
    Failure(String),
    /// JSON of another kind: an object or an array.
    Json(String),
}

/// Takes the rows.
pub trait RowSink {
    /// Learns of a column; answers the number by which rows name it. `position` counts the columns of a sheet from 0; JSON has
    /// none.
    ///
    /// # Errors
    /// If it cannot be taken.
    fn column(&mut self, name: &str, position: Option<usize>) -> Result<usize>;

    /// Learns that a sheet has no further columns.
    ///
    /// # Errors
    /// If one is missing.
    fn header_read(&mut self) -> Result<()>;

    /// Takes a row by its number: that of a sheet, or in JSON from 1.
    ///
    /// # Errors
    /// If it cannot be kept.
    fn row(&mut self, number: u32, cells: Vec<(usize, RowCell)>) -> Result<ControlFlow<()>>;
}

/// Why a file cannot be read. In which line, from 1, where that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// It has no header row.
    Empty,
    /// UTF-16, as spreadsheets call "Unicode text".
    Utf16,
    /// Some other coding than UTF-8.
    NotUtf8(u64),
    /// JSON with an error of syntax, or that is not `{"rows": […]}`: line, column, and what was found.
    Json(usize, usize, String),
    /// A workbook of OpenDocument.
    OpenDocument,
    /// A workbook of Excel before 2007, or one that is locked by a password.
    OldOrLocked,
    /// It is no workbook: what was found.
    NoWorkbook(String),
    /// It would be larger than allowed when unpacked; how much is.
    Swollen(u64),
    /// A row longer than any sheet has: which.
    LongRow(u32),
}

/// What stopped the reading.
#[derive(Debug)]
pub enum Stopped {
    /// The file.
    Unreadable(Unreadable),
    /// The sink, or the disk.
    Error(Error),
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<Unreadable> for Stopped {
    fn from(unreadable: Unreadable) -> Self {
        Self::Unreadable(unreadable)
    }
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Self {
        Self::Error(Error::internal(error))
    }
}

/// Reads a file from its beginning.
///
/// # Errors
/// What stopped it.
pub fn read(format: RowFormat, file: &mut File, sink: &mut dyn RowSink) -> std::result::Result<(), Stopped> {
    match format {
        RowFormat::Json => json::read(file, sink),
        RowFormat::Csv => csv::read(file, sink),
        RowFormat::Xlsx => xlsx::read(file, sink),
    }
}

/// How many bytes a row may have: a sheet's cells hold 32,767 characters each, and nobody fills them.
const MOST_OF_A_ROW: u64 = 1024 * 1024;
/// How many columns a sheet has.
const MOST_COLUMNS: usize = 16_384;

/// How much may still be read before a row has to end: what reads a file holds a row in memory, however long it is.
#[derive(Clone)]
struct Budget(Rc<Cell<Option<u64>>>);

impl Budget {
    fn new() -> Self {
        Self(Rc::new(Cell::new(Some(MOST_OF_A_ROW))))
    }

    /// A row has ended.
    fn renew(&self) {
        self.0.set(Some(MOST_OF_A_ROW));
    }

    /// Whether a row did not end in time.
    fn is_spent(&self) -> bool {
        self.0.get().is_none()
    }

    /// What is read within this budget.
    fn bound<R: Read>(&self, from: R) -> Bounded<R> {
        Bounded { from, budget: self.clone() }
    }
}

/// Reads until its budget is spent.
struct Bounded<R> {
    from: R,
    budget: Budget,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(into)?;
        let left = self.budget.0.get().and_then(|left| left.checked_sub(u64::try_from(read).ok()?));
        self.budget.0.set(left);
        if left.is_none() { Err(io::Error::other("a row is too long")) } else { Ok(read) }
    }
}

/// The columns that a header row names.
fn columns(sink: &mut dyn RowSink, header: &[String]) -> Result<Vec<usize>> {
    let width = header.iter().rposition(|name| !name.trim().is_empty()).map_or(0, |last| last + 1);
    let columns = header.iter().take(width).enumerate().map(|(at, name)| sink.column(name, Some(at))).collect::<Result<_>>()?;
    sink.header_read()?;
    Ok(columns)
}

/// The column of a cell, which may lie beyond those that the header names.
fn column_at(sink: &mut dyn RowSink, known: &mut Vec<usize>, at: usize) -> Result<usize> {
    while known.len() <= at {
        known.push(sink.column("", Some(known.len()))?);
    }
    known.get(at).copied().ok_or_else(|| Error::internal("a column that was just named"))
}
