//! CSV as spreadsheets and statistics programs write it (RFC 4180 and its dialects).

use super::{Budget, MOST_COLUMNS, RowCell, RowSink, Stopped, Unreadable, column_at, columns};
use crate::formats::csv::text_of;
use crate::problem::Error;
use ::csv::{ByteRecord, ReaderBuilder};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

/// How much of a file is looked at to find out what stands between its cells.
const GLANCE: u64 = 64 * 1024;

pub(super) fn read(file: &mut File, sink: &mut dyn RowSink) -> Result<(), Stopped> {
    let Opening { skipped, delimiter, lines } = opening(file)?;
    file.seek(SeekFrom::Start(skipped))?;
    let budget = Budget::new();
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(1 << 16)
        .from_reader(budget.bound(file));
    let mut record = ByteRecord::new();
    let mut known: Option<Vec<usize>> = None;
    let mut number = lines;
    loop {
        let long = || Stopped::from(Unreadable::LongRow(number + 1));
        if !reader.read_byte_record(&mut record).map_err(|error| if budget.is_spent() { long() } else { Error::internal(error).into() })? {
            break;
        }
        if record.len() > MOST_COLUMNS {
            return Err(long());
        }
        budget.renew();
        let began = record.position().map_or(1, |place| place.line());
        let line = began + u64::from(lines);
        number += 1 + empty_before(&record, began, reader.position().line());
        let texts = texts(&record, line)?;
        let Some(columns_known) = &mut known else {
            known = Some(columns(sink, &texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>())?);
            continue;
        };
        let mut cells = Vec::with_capacity(texts.len());
        for (at, text) in texts.into_iter().enumerate() {
            let text = text_of(text.trim());
            if text.is_empty() {
                continue;
            }
            cells.push((column_at(sink, columns_known, at)?, RowCell::Text(text.into_owned())));
        }
        if !cells.is_empty() && sink.row(number, cells)?.is_break() {
            return Ok(());
        }
    }
    if known.is_none() { Err(Unreadable::Empty.into()) } else { Ok(()) }
}

/// How many empty lines the library left out before a record, which a spreadsheet counts as rows; a line break inside a cell is
/// no new row.
fn empty_before(record: &ByteRecord, began: u64, ended: u64) -> u32 {
    let inside = record.as_slice().iter().filter(|byte| **byte == b'\n').count();
    let own = 1 + u64::try_from(inside).unwrap_or_default();
    u32::try_from((ended - began).saturating_sub(own)).unwrap_or_default()
}

fn texts(record: &ByteRecord, line: u64) -> Result<Vec<&str>, Stopped> {
    record.iter().map(|cell| std::str::from_utf8(cell).map_err(|_| Unreadable::NotUtf8(line).into())).collect()
}

/// How a file begins.
struct Opening {
    /// How many bytes stand before the header.
    skipped: u64,
    delimiter: u8,
    /// How many lines stand before the header.
    lines: u32,
}

fn opening(file: &mut File) -> Result<Opening, Stopped> {
    file.seek(SeekFrom::Start(0))?;
    let mut beginning = Vec::new();
    file.take(GLANCE).read_to_end(&mut beginning)?;
    if is_utf16(&beginning) {
        return Err(Unreadable::Utf16.into());
    }
    let mark = if beginning.starts_with(&[0xef, 0xbb, 0xbf]) { 3 } else { 0 };
    let text = beginning.get(mark..).unwrap_or_default();
    let skipped = u64::try_from(mark).unwrap_or_default();
    // Excel's own way of saying it: a first line `sep=;`.
    let first = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if let Some(rest) = first.strip_prefix(b"sep=")
        && let Some(delimiter @ (b',' | b';' | b'\t')) = rest.first()
    {
        let length = u64::try_from(first.len() + 1).unwrap_or_default();
        return Ok(Opening { skipped: skipped + length, delimiter: *delimiter, lines: 1 });
    }
    Ok(Opening { skipped, delimiter: delimiter_of(text), lines: 0 })
}

/// By its mark or, without one, since every second byte of what is written in ASCII is 0 there.
fn is_utf16(beginning: &[u8]) -> bool {
    let header = beginning.get(..64).unwrap_or(beginning);
    let noughts = header.iter().filter(|byte| **byte == 0).count();
    beginning.starts_with(&[0xff, 0xfe]) || beginning.starts_with(&[0xfe, 0xff]) || noughts * 4 > header.len()
}

/// What stands most often outside quotation marks in the first line that says anything.
fn delimiter_of(text: &[u8]) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    let mut anything = false;
    for byte in text {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted && anything => break,
            _ if quoted => {}
            _ => {
                if let Some((_, count)) = counts.iter_mut().find(|(delimiter, _)| delimiter == byte) {
                    *count += 1;
                }
            }
        }
        anything |= !byte.is_ascii_whitespace();
    }
    counts.into_iter().max_by_key(|(delimiter, count)| (*count, *delimiter == b',')).map_or(b',', |(delimiter, _)| delimiter)
}
