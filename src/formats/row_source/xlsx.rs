//! The first sheet of a workbook of Excel 2007 or later.

use super::{RowCell, RowSink, Stopped, Unreadable, column_at, columns};
use crate::problem::Error;
use calamine::{DataRef, ExcelDateTime, Reader, SheetVisible, Xlsx, XlsxError};
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use zip::ZipArchive;

/// How large the texts of a workbook may be unpacked: the library holds them in memory.
const MOST_TEXT: u64 = 48 * 1024 * 1024;
/// How large any other part of it may be.
const MOST: u64 = 1024 * 1024 * 1024;

pub(super) fn read(file: &mut File, sink: &mut dyn RowSink) -> Result<(), Stopped> {
    must_be_harmless(file)?;
    file.seek(SeekFrom::Start(0))?;
    let mut book: Xlsx<_> = Xlsx::new(BufReader::new(&mut *file)).map_err(unreadable)?;
    let visible = book.sheets_metadata().iter().find(|sheet| sheet.visible == SheetVisible::Visible).map(|sheet| sheet.name.clone());
    let name = visible.ok_or(Unreadable::Empty)?;
    let mut reader = book.worksheet_cells_reader(&name).map_err(unreadable)?;
    let mut row = Row::default();
    let mut known: Option<Vec<usize>> = None;
    while let Some(cell) = reader.next_cell().map_err(unreadable)? {
        let (at, column) = cell.get_position();
        if at != row.number && row.end(&mut known, sink)? {
            return Ok(());
        }
        row.number = at;
        if let Some(held) = held(cell.get_value()) {
            row.cells.push((usize::try_from(column).unwrap_or(usize::MAX), held));
        }
    }
    row.end(&mut known, sink)?;
    if known.is_none() { Err(Unreadable::Empty.into()) } else { Ok(()) }
}

/// A row as far as it was read: its number from 0, and what stands in which column.
#[derive(Default)]
struct Row {
    number: u32,
    cells: Vec<(usize, RowCell)>,
}

impl Row {
    /// Hands the row on, and begins another. Answers whether that was enough.
    fn end(&mut self, known: &mut Option<Vec<usize>>, sink: &mut dyn RowSink) -> Result<bool, Stopped> {
        let cells = std::mem::take(&mut self.cells);
        if cells.is_empty() {
            return Ok(false);
        }
        let Some(columns_known) = known else {
            let width = cells.iter().map(|(at, _)| at + 1).max().unwrap_or_default().min(16_384);
            let mut header = vec![String::new(); width];
            for (at, cell) in cells {
                if let (Some(name), RowCell::Text(text) | RowCell::Number(text) | RowCell::Day(text)) = (header.get_mut(at), cell) {
                    *name = text;
                }
            }
            *known = Some(columns(sink, &header)?);
            return Ok(false);
        };
        let place = |(at, cell)| Ok((column_at(sink, columns_known, at)?, cell));
        let cells = cells.into_iter().map(place).collect::<Result<Vec<_>, Stopped>>()?;
        Ok(sink.row(self.number + 1, cells)?.is_break())
    }
}

/// What a cell says, if anything.
fn held(value: &DataRef<'_>) -> Option<RowCell> {
    let text = |text: &str| Some(text.trim()).filter(|text| !text.is_empty()).map(|text| RowCell::Text(text.to_owned()));
    match value {
        DataRef::Empty => None,
        DataRef::Int(number) => Some(RowCell::Number(number.to_string())),
        DataRef::Float(number) => Some(RowCell::Number(shortest(*number))),
        DataRef::String(value) => text(value),
        DataRef::SharedString(value) => text(value),
        DataRef::Bool(truth) => Some(RowCell::Truth(*truth)),
        DataRef::DateTime(time) => Some(RowCell::Day(day(time))),
        DataRef::DateTimeIso(time) | DataRef::DurationIso(time) => Some(RowCell::Day(time.clone())),
        DataRef::Error(error) => Some(RowCell::Failure(error.to_string())),
    }
}

/// The shortest decimal that a spreadsheet means by a binary number. It shows 15 digits: what lies beyond is the noise of
/// computing.
fn shortest(number: f64) -> String {
    let plain = format!("{number}");
    if plain.bytes().filter(u8::is_ascii_digit).count() <= 15 {
        return plain;
    }
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    format!("{rounded}")
}

fn day(time: &ExcelDateTime) -> String {
    let (year, month, day, ..) = time.to_ymd_hms_milli();
    format!("{year:04}-{month:02}-{day:02}")
}

/// A workbook is an archive, whose parts may be a thousand times as large unpacked: they are unpacked here once, to nowhere.
fn must_be_harmless(file: &mut File) -> Result<(), Stopped> {
    file.seek(SeekFrom::Start(0))?;
    let mut magic = [0; 8];
    let length = file.read(&mut magic)?;
    if magic.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(Unreadable::OldOrLocked.into());
    }
    if length == 0 {
        return Err(Unreadable::Empty.into());
    }
    file.seek(SeekFrom::Start(0))?;
    let no_archive = |error: zip::result::ZipError| Unreadable::NoWorkbook(error.to_string());
    let mut archive = ZipArchive::new(BufReader::new(&mut *file)).map_err(no_archive)?;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(no_archive)?;
        let name = part.name().map_err(no_archive)?.into_owned();
        if name == "mimetype" || name == "content.xml" {
            return Err(Unreadable::OpenDocument.into());
        }
        let most = if name.ends_with("sharedStrings.xml") || name.ends_with("styles.xml") { MOST_TEXT } else { MOST };
        let size = io::copy(&mut part.take(most + 1), &mut io::sink()).map_err(|error| Unreadable::NoWorkbook(error.to_string()))?;
        if size > most {
            return Err(Unreadable::Swollen(most).into());
        }
    }
    Ok(())
}

fn unreadable(error: XlsxError) -> Stopped {
    match error {
        XlsxError::Io(error) => Error::internal(error).into(),
        XlsxError::Password => Unreadable::OldOrLocked.into(),
        other => Unreadable::NoWorkbook(other.to_string()).into(),
    }
}
