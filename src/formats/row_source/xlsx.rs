//! The first sheet of a workbook of Excel 2007 or later.

use super::{Budget, MOST_COLUMNS, MOST_OF_A_ROW, RowCell, RowSink, Stopped, Unreadable, column_at, columns};
use crate::problem::Error;
use calamine::{DataRef, ExcelDateTime, Reader, SheetVisible, Xlsx, XlsxError};
use quick_xml::events::Event;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::panic::{self, AssertUnwindSafe};
use zip::ZipArchive;

/// How large what the library holds in memory of a workbook may be unpacked, all together: its texts, its styles, the list of its sheets.
const MOST_TEXT: u64 = 16 * 1024 * 1024;
/// How large the whole of it may be.
const MOST: u64 = 512 * 1024 * 1024;
/// How many parts it may have: a sheet, a picture and a chart are one each.
const MOST_PARTS: usize = 1000;
/// How many bytes a day or an instant takes, to the nanosecond and with its zone.
const LONGEST_DAY: usize = 40;
/// How many rows a sheet has.
const MOST_ROWS: u32 = 1_048_576;

pub(super) fn read(file: &mut File, sink: &mut dyn RowSink) -> Result<(), Stopped> {
    must_be_harmless(file)?;
    // The library computes with what a file says, and panics on some of it.
    let read = panic::catch_unwind(AssertUnwindSafe(|| read_rows(file, sink)));
    read.unwrap_or_else(|_| Err(Unreadable::NoWorkbook("what reads workbooks broke".to_owned()).into()))
}

fn read_rows(file: &mut File, sink: &mut dyn RowSink) -> Result<(), Stopped> {
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
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if at >= MOST_ROWS || column >= MOST_COLUMNS {
            return Err(Unreadable::NoWorkbook("a cell beyond the sheet".to_owned()).into());
        }
        if let Some(held) = held(cell.get_value()) {
            row.take(column, held)?;
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
    /// How many bytes of text they hold.
    bytes: usize,
}

impl Row {
    fn take(&mut self, column: usize, cell: RowCell) -> Result<(), Stopped> {
        self.bytes += match &cell {
            RowCell::Text(text) | RowCell::Number(text) | RowCell::Day(text) | RowCell::Failure(text) | RowCell::Json(text) => text.len(),
            RowCell::Truth(_) => 1,
        };
        if self.cells.len() == MOST_COLUMNS || u64::try_from(self.bytes).map_or(true, |bytes| bytes > MOST_OF_A_ROW) {
            return Err(Unreadable::LongRow(self.number + 1).into());
        }
        self.cells.push((column, cell));
        Ok(())
    }

    /// Hands the row on, and begins another. Answers whether that was enough.
    fn end(&mut self, known: &mut Option<Vec<usize>>, sink: &mut dyn RowSink) -> Result<bool, Stopped> {
        let cells = std::mem::take(&mut self.cells);
        self.bytes = 0;
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
        DataRef::DateTimeIso(time) | DataRef::DurationIso(time) if time.len() <= LONGEST_DAY => Some(RowCell::Day(time.clone())),
        DataRef::DateTimeIso(time) | DataRef::DurationIso(time) => text(time),
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
    if archive.len() > MOST_PARTS {
        return Err(Unreadable::NoWorkbook("so many parts".to_owned()).into());
    }
    // Of all together: several entries may name the same bytes.
    let (mut left, mut held_left) = (MOST, MOST_TEXT);
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(no_archive)?;
        let name = part.name().map_err(no_archive)?.to_ascii_lowercase();
        if name == "mimetype" || name == "content.xml" {
            return Err(Unreadable::OpenDocument.into());
        }
        let held = ["sharedstrings.xml", "styles.xml", "workbook.xml"].iter().any(|end| name.ends_with(end));
        let in_memory = held || part.size() <= MOST_TEXT;
        let most = match (held, in_memory) {
            (true, _) => held_left.min(left),
            (false, true) => MOST_TEXT.min(left),
            (false, false) => left,
        };
        let mut unpacked = part.take(most + 1);
        if in_memory {
            io::copy(&mut unpacked, &mut io::sink()).map_err(|error| Unreadable::NoWorkbook(error.to_string()))?;
        } else {
            has_small_cells(&mut unpacked)?;
        }
        if unpacked.limit() == 0 {
            return Err(Unreadable::Swollen(most).into());
        }
        let unpacked = most + 1 - unpacked.limit();
        left = left.saturating_sub(unpacked);
        held_left = if held { held_left.saturating_sub(unpacked) } else { held_left };
    }
    Ok(())
}

/// A part that is too large for memory must be a sheet, which is read cell by cell: so no cell, and nothing between two, may be larger
/// than a row.
fn has_small_cells(part: &mut impl Read) -> Result<(), Stopped> {
    let budget = Budget::new();
    let mut xml = quick_xml::Reader::from_reader(BufReader::with_capacity(1 << 16, budget.bound(part)));
    let mut buffer = Vec::new();
    let mut inside = false;
    loop {
        match xml.read_event_into(&mut buffer) {
            Ok(Event::Eof) => return Ok(()),
            Ok(Event::Start(tag)) if tag.local_name().as_ref() == "c" => {
                if inside {
                    return Err(Unreadable::NoWorkbook("a cell within a cell".to_owned()).into());
                }
                inside = true;
            }
            Ok(Event::End(tag)) if tag.local_name().as_ref() == "c" => inside = false,
            Ok(_) => {}
            Err(_) if budget.is_spent() => return Err(Unreadable::Swollen(MOST_OF_A_ROW).into()),
            Err(error) => return Err(Unreadable::NoWorkbook(error.to_string()).into()),
        }
        buffer.clear();
        if !inside {
            budget.renew();
        }
    }
}

fn unreadable(error: XlsxError) -> Stopped {
    match error {
        XlsxError::Io(error) => Error::internal(error).into(),
        XlsxError::Password => Unreadable::OldOrLocked.into(),
        other => Unreadable::NoWorkbook(other.to_string()).into(),
    }
}
