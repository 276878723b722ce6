//! Tables: cells, and files of them that are written row by row.

use super::Format;
use super::csv::{self, Dialect};
use super::xlsx::Workbook;
use crate::problem::{Error, Result};
use crate::values::clock::UtcTime;
use crate::values::decimal::Decimal4;
use bytes::Bytes;
use chrono::NaiveDate;
use std::borrow::Cow;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::PathBuf;

/// How many bytes of a finished file are given out at a time.
const PIECE: usize = 64 * 1024;

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Nothing: null.
    Empty,
    /// A text.
    Text(Cow<'a, str>),
    /// An exact decimal.
    Number(Decimal4),
    /// A yes or no: `true`, `false`.
    Truth(bool),
    /// A day.
    Day(NaiveDate),
    /// An instant.
    Instant(UtcTime),
}

impl<'a> Cell<'a> {
    /// A text.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    /// A text that may be absent.
    #[must_use]
    pub fn optional(text: Option<&'a str>) -> Self {
        text.map_or(Self::Empty, Self::text)
    }

    /// A decimal that may be absent.
    #[must_use]
    pub fn number(number: Option<Decimal4>) -> Self {
        number.map_or(Self::Empty, Self::Number)
    }
}

/// A file of tables that is being written, in the one format or the other.
pub enum TableWriter {
    /// CSV, which goes out as it is written.
    Csv(Dialect, Vec<u8>),
    /// A workbook, which goes out once it is whole.
    Workbook(Box<Workbook>),
    /// The workbook, as far as it has not gone out yet.
    Finished(File),
}

impl TableWriter {
    /// An empty file: a workbook, whose rows are laid down in this folder meanwhile, or else CSV in this dialect.
    ///
    /// # Errors
    /// If nothing can be written there.
    pub fn of(format: Format, dialect: Dialect, folder: PathBuf) -> Result<Self> {
        Ok(if format == Format::Xlsx { Self::Workbook(Box::new(Workbook::new(folder)?)) } else { Self::Csv(dialect, Vec::new()) })
    }

    /// Begins a table: its name and its header row. CSV holds one table only.
    ///
    /// # Errors
    /// If the header cannot be written.
    pub fn begin(&mut self, name: &str, header: Vec<String>) -> Result<()> {
        match self {
            Self::Csv(dialect, file) => csv::head(*dialect, &header).map(|head| file.extend(head)),
            Self::Workbook(workbook) => workbook.begin(name, header),
            Self::Finished(_) => Err(Error::internal("a table after the end")),
        }
    }

    /// Appends rows to the table begun last.
    ///
    /// # Errors
    /// If they are not of one length, or cannot be written.
    pub fn append<'a>(&mut self, rows: impl IntoIterator<Item = Vec<Cell<'a>>>) -> Result<()> {
        match self {
            Self::Csv(dialect, file) => csv::append(file, *dialect, rows),
            Self::Workbook(workbook) => rows.into_iter().try_for_each(|row| workbook.append(&row)),
            Self::Finished(_) => Err(Error::internal("rows after the end")),
        }
    }

    /// What can go out by now.
    pub fn written(&mut self) -> Bytes {
        if let Self::Csv(_, file) = self { std::mem::take(file).into() } else { Bytes::new() }
    }

    /// The next piece of what is left once all was written; `None` at the end.
    ///
    /// # Errors
    /// If the file cannot be written or read.
    pub fn rest(&mut self) -> Result<Option<Bytes>> {
        if let Self::Workbook(workbook) = self {
            let mut file = workbook.finish()?;
            file.rewind().map_err(Error::internal)?;
            *self = Self::Finished(file);
        }
        match self {
            Self::Csv(_, file) => Ok((!file.is_empty()).then(|| std::mem::take(file).into())),
            Self::Workbook(_) => Ok(None),
            Self::Finished(file) => {
                let mut piece = Vec::with_capacity(PIECE);
                let most = u64::try_from(PIECE).unwrap_or(u64::MAX);
                file.take(most).read_to_end(&mut piece).map_err(Error::internal)?;
                Ok((!piece.is_empty()).then(|| piece.into()))
            }
        }
    }
}
