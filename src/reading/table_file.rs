//! Answers as files of tables: read piece by piece, or made of what is answered as JSON.

use super::layout::HeaderWords;
use crate::actor::Actor;
use crate::db::{self, Conn};
use crate::formats::table::{Cell, TableWriter};
use crate::formats::xlsx::Bars;
use crate::problem::{Error, Language, Result};
use crate::values::clock::UtcTime;
use crate::values::decimal::Decimal4;
use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;

/// A column: its name, and what it is called in Vietnamese and English.
pub type Column = (&'static str, &'static str, &'static str);

/// What a header calls a column.
#[must_use]
pub fn heading((name, vi, en): &Column, words: Option<HeaderWords>) -> String {
    let called = match words {
        None => name,
        Some(HeaderWords::Vi) => vi,
        Some(HeaderWords::En) => en,
    };
    (*called).to_owned()
}

/// Rows that are read in batches.
pub trait Table {
    /// A row as it is read.
    type Row;

    /// The header row, asked for once and first.
    ///
    /// # Errors
    /// 400 for a filter that names what is not there.
    fn header(&mut self, c: &mut Conn, actor: &Actor, words: Option<HeaderWords>) -> Result<Vec<String>>;

    /// The next rows; none is left when there are none.
    ///
    /// # Errors
    /// If the database fails.
    fn batch(&mut self, c: &mut Conn, actor: &Actor) -> Result<Vec<Self::Row>>;

    /// A row's cells, in the order of the header.
    ///
    /// # Errors
    /// Internal, of a row that does not fit the header.
    fn cells<'a>(&self, row: &'a Self::Row) -> Result<Vec<Cell<'a>>>;
}

/// A file piece by piece: the next one, which may be empty, and `None` at the end. Each call may have a connection of its own.
pub type Pieces = Box<dyn FnMut(&mut Conn, &Actor) -> Result<Option<Bytes>> + Send>;

/// A table of any length as a file that is made piece by piece.
pub struct TableFile<T> {
    table: T,
    name: (&'static str, &'static str),
    words: Option<HeaderWords>,
    writer: TableWriter,
    begun: bool,
    ended: bool,
}

impl<T: Table> TableFile<T> {
    /// A table, which is called so in Vietnamese and English.
    pub fn of(table: T, name: (&'static str, &'static str), words: Option<HeaderWords>, writer: TableWriter) -> Self {
        Self { table, name, words, writer, begun: false, ended: false }
    }

    /// The file.
    pub fn pieces(mut self) -> Pieces
    where
        T: Send + 'static,
    {
        Box::new(move |c, actor| self.next(c, actor))
    }

    fn next(&mut self, c: &mut Conn, actor: &Actor) -> Result<Option<Bytes>> {
        if !self.begun {
            let header = self.table.header(c, actor, self.words)?;
            self.writer.begin(called(self.name, self.words, actor), header)?;
            self.begun = true;
        }
        if !self.ended {
            let batch = self.table.batch(c, actor)?;
            self.ended = batch.is_empty();
            let rows = batch.iter().map(|row| self.table.cells(row)).collect::<Result<Vec<_>>>()?;
            self.writer.append(rows)?;
            if !self.ended {
                return Ok(Some(self.writer.written()));
            }
        }
        self.writer.rest()
    }
}

/// What a table is called in the language of its header, or else in the caller's.
fn called((vi, en): (&'static str, &'static str), words: Option<HeaderWords>, actor: &Actor) -> &'static str {
    match words.unwrap_or(if actor.language == Language::En { HeaderWords::En } else { HeaderWords::Vi }) {
        HeaderWords::Vi => vi,
        HeaderWords::En => en,
    }
}

/// A column of a table made of what is answered as JSON.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    column: Column,
    /// Where its value stands in a row (RFC 6901).
    pointer: &'static str,
    holds: Holds,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    Value,
    Day,
    Instant,
}

impl Field {
    /// A text, a number, or yes or no.
    #[must_use]
    pub const fn of(name: &'static str, vi: &'static str, en: &'static str, pointer: &'static str) -> Self {
        Self { column: (name, vi, en), pointer, holds: Holds::Value }
    }

    /// A day.
    #[must_use]
    pub const fn day(name: &'static str, vi: &'static str, en: &'static str, pointer: &'static str) -> Self {
        Self { column: (name, vi, en), pointer, holds: Holds::Day }
    }

    /// An instant.
    #[must_use]
    pub const fn instant(name: &'static str, vi: &'static str, en: &'static str, pointer: &'static str) -> Self {
        Self { column: (name, vi, en), pointer, holds: Holds::Instant }
    }

    /// What a header calls it.
    #[must_use]
    pub fn heading(&self, words: Option<HeaderWords>) -> String {
        heading(&self.column, words)
    }

    /// Its cell in a row.
    ///
    /// # Errors
    /// Internal, of a value that is not what the column holds.
    pub fn cell<'a>(&self, row: &'a Value) -> Result<Cell<'a>> {
        let wrong = || Error::internal(format!("no cell of {} can be made", self.column.0));
        Ok(match (row.pointer(self.pointer), self.holds) {
            (None | Some(Value::Null), _) => Cell::Empty,
            (Some(Value::Bool(truth)), _) => Cell::Truth(*truth),
            (Some(Value::Number(number)), _) => Cell::Number(Decimal4::parse(number.as_str()).map_err(|_| wrong())?),
            (Some(Value::String(text)), Holds::Value) => Cell::text(text.as_str()),
            (Some(Value::String(text)), Holds::Day) => Cell::Day(text.parse().map_err(|_| wrong())?),
            (Some(Value::String(text)), Holds::Instant) => Cell::Instant(UtcTime::parse(text).ok_or_else(wrong)?),
            (Some(several @ (Value::Array(_) | Value::Object(_))), _) => Cell::text(listed(several)?),
        })
    }
}

/// Several values in one cell: the codes of what a list refers to, or as JSON.
fn listed(several: &Value) -> Result<String> {
    let code = |item: &Value| item.get("code").and_then(Value::as_str).map(str::to_owned);
    let codes: Option<Vec<String>> = several.as_array().and_then(|items| items.iter().map(code).collect());
    codes.map_or_else(|| db::to_json(several), |codes| Ok(codes.join(", ")))
}

/// A table made of what is answered as JSON.
pub struct Sheet {
    /// What it is called in Vietnamese and English.
    pub name: (&'static str, &'static str),
    /// Its columns.
    pub fields: &'static [Field],
    /// Its rows.
    pub rows: Vec<Value>,
    /// What a workbook pictures of it.
    pub bars: Option<Bars>,
}

impl Sheet {
    /// A table of these items.
    ///
    /// # Errors
    /// Internal, of an item that is no JSON.
    pub fn of<T: Serialize>(name: (&'static str, &'static str), fields: &'static [Field], items: &[T]) -> Result<Self> {
        let rows = items.iter().map(serde_json::to_value).collect::<serde_json::Result<_>>().map_err(Error::internal)?;
        Ok(Self { name, fields, rows, bars: None })
    }
}

/// Tables that are read at once, the one that CSV holds first.
pub struct SheetsFile<F> {
    read: Option<F>,
    words: Option<HeaderWords>,
    writer: TableWriter,
}

impl<F: FnOnce(&mut Conn, &Actor) -> Result<Vec<Sheet>> + Send + 'static> SheetsFile<F> {
    /// What this reads, in one file.
    pub fn of(read: F, words: Option<HeaderWords>, writer: TableWriter) -> Self {
        Self { read: Some(read), words, writer }
    }

    /// The file.
    pub fn pieces(mut self) -> Pieces {
        Box::new(move |c, actor| self.next(c, actor))
    }

    fn next(&mut self, c: &mut Conn, actor: &Actor) -> Result<Option<Bytes>> {
        if let Some(read) = self.read.take() {
            let most = if matches!(self.writer, TableWriter::Csv(..)) { 1 } else { usize::MAX };
            for Sheet { name, fields, rows, bars } in read(c, actor)?.into_iter().take(most) {
                let name = called(name, self.words, actor);
                self.writer.begin(name, fields.iter().map(|field| field.heading(self.words)).collect())?;
                let cells = |row| fields.iter().map(|field: &Field| field.cell(row)).collect::<Result<Vec<_>>>();
                self.writer.append(rows.iter().map(cells).collect::<Result<Vec<_>>>()?)?;
                if let (TableWriter::Workbook(workbook), Some(bars)) = (&mut self.writer, &bars) {
                    workbook.picture(bars, called(bars.title, self.words, actor))?;
                }
            }
        }
        self.writer.rest()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_cell_is_what_stands_at_its_place() {
        let row = json!({"unit": {"code": "U5"}, "at": "2026-11-24T17:00:00Z", "on": "2026-11-24", "n": 1.5, "units": [{"code": "U1"}, {"code": "U2"}], "x": [1]});
        let cell = |field: Field| field.cell(&row).unwrap();
        assert_eq!(cell(Field::of("unit", "", "", "/unit/code")), Cell::text("U5"));
        assert_eq!(cell(Field::of("none", "", "", "/none")), Cell::Empty);
        assert_eq!(cell(Field::of("n", "", "", "/n")), Cell::Number(Decimal4::parse("1.5").unwrap()));
        assert_eq!(cell(Field::of("units", "", "", "/units")), Cell::text("U1, U2"));
        assert_eq!(cell(Field::of("x", "", "", "/x")), Cell::text("[1]"));
        assert!(matches!(cell(Field::day("on", "", "", "/on")), Cell::Day(_)));
        assert!(matches!(cell(Field::instant("at", "", "", "/at")), Cell::Instant(_)));
        assert!(Field::instant("on", "", "", "/on").cell(&row).is_err());
    }
}
