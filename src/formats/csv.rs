//! CSV as a spreadsheet opens it: UTF-8 with a byte order mark, lines that end in CRLF (RFC 4180), a delimiter and a decimal
//! mark of choice, and no cell that would be run as a formula (OWASP, CSV injection).

use super::table::Cell;
use crate::problem::{Error, Result};
use ::csv::{QuoteStyle, Terminator, WriterBuilder};
use serde::Deserialize;
use std::borrow::Cow;
use utoipa::ToSchema;

/// The byte order mark, by which a spreadsheet knows UTF-8.
const MARK: &str = "\u{feff}";

/// With one of these at its beginning a cell is a formula to some spreadsheet: the full-width ones are read as the others in
/// East Asia.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// What stands between the cells of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
pub enum Delimiter {
    /// As RFC 4180 has it.
    #[default]
    #[serde(rename = ",")]
    Comma,
    /// As spreadsheets have it where the comma is the decimal mark.
    #[serde(rename = ";")]
    Semicolon,
}

/// What stands before the fraction of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
pub enum DecimalMark {
    /// As in JSON.
    #[default]
    #[serde(rename = ".")]
    Point,
    /// As in Vietnam.
    #[serde(rename = ",")]
    Comma,
}

/// How cells and numbers are set apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dialect {
    /// Between cells.
    pub delimiter: Delimiter,
    /// Within numbers.
    pub decimal: DecimalMark,
}

/// A cell as it is written.
fn written<'a>(cell: &'a Cell<'_>, decimal: DecimalMark) -> Cow<'a, str> {
    match cell {
        Cell::Empty => Cow::Borrowed(""),
        Cell::Text(text) => inert(text),
        Cell::Number(number) if decimal == DecimalMark::Comma => Cow::Owned(number.to_string().replace('.', ",")),
        Cell::Number(number) => Cow::Owned(number.to_string()),
        Cell::Truth(truth) => Cow::Borrowed(if *truth { "true" } else { "false" }),
        Cell::Day(day) => Cow::Owned(day.to_string()),
        Cell::Instant(instant) => Cow::Owned(instant.to_string()),
    }
}

/// What may end a cell where a file is read by another delimiter than it was written by: quotation marks count at the beginning of
/// a cell alone, so that inside of one they do not hold it together.
const ENDS: [char; 5] = [',', ';', '\t', '\r', '\n'];

/// A text that no spreadsheet runs: one that would be a formula gets an apostrophe before it, and so does one that would
/// become a formula if a single apostrophe were taken away; the same behind what may end a cell. So whoever takes away one
/// apostrophe before each formula, however many there are, has the text itself again.
fn inert(text: &str) -> Cow<'_, str> {
    let text = if text.trim_start_matches('\'').starts_with(FORMULA) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) };
    let formulas = formulas_within(&text);
    if formulas.is_empty() {
        return text;
    }
    let mut safe = String::with_capacity(text.len() + formulas.len());
    let mut done = 0;
    for at in formulas {
        safe.push_str(text.get(done..at).unwrap_or_default());
        safe.push('\'');
        done = at;
    }
    safe.push_str(text.get(done..).unwrap_or_default());
    Cow::Owned(safe)
}

/// The text that a cell was made from, which was made inert if it would be run.
#[must_use]
pub fn text_of(cell: &str) -> Cow<'_, str> {
    let plain = cell.strip_prefix('\'').unwrap_or(cell);
    let cell = if plain.trim_start_matches('\'').starts_with(FORMULA) { plain } else { cell };
    let formulas = formulas_within(cell);
    let mut text = String::with_capacity(cell.len());
    let mut done = 0;
    for at in formulas {
        let before = cell.get(done..at).unwrap_or_default();
        text.push_str(before.strip_suffix('\'').unwrap_or(before));
        done = at;
    }
    if done == 0 {
        return Cow::Borrowed(cell);
    }
    text.push_str(cell.get(done..).unwrap_or_default());
    Cow::Owned(text)
}

/// Where in a text, behind what may end a cell, a formula would begin. Marks of quotation and apostrophes may stand between.
fn formulas_within(text: &str) -> Vec<usize> {
    let mut begins = false;
    let mut found = Vec::new();
    for (at, c) in text.char_indices() {
        if begins && FORMULA.contains(&c) && !ENDS.contains(&c) {
            found.push(at);
        }
        begins = ENDS.contains(&c) || (begins && matches!(c, '"' | '\''));
    }
    found
}

/// The beginning of a file: the mark and the header row.
///
/// # Errors
/// Internal, which writing to memory does not lead to.
pub fn head(dialect: Dialect, names: &[String]) -> Result<Vec<u8>> {
    let names: Vec<Cell> = names.iter().map(|name| Cell::text(name.as_str())).collect();
    let mut file = MARK.as_bytes().to_vec();
    append(&mut file, dialect, [names])?;
    Ok(file)
}

/// Appends rows to a file.
///
/// # Errors
/// Internal, if the rows are not of one length.
pub fn append<'a>(file: &mut Vec<u8>, dialect: Dialect, rows: impl IntoIterator<Item = Vec<Cell<'a>>>) -> Result<()> {
    let (delimiter, other) = match dialect.delimiter {
        Delimiter::Comma => (b',', b';'),
        Delimiter::Semicolon => (b';', b','),
    };
    let mut writer = WriterBuilder::new()
        .delimiter(delimiter)
        // A cell that holds the other delimiter is quoted as well: a spreadsheet that goes by that one would else split a row's
        // first cell. The library has this bound for marks of comments, of which there are none here.
        .comment(Some(other))
        .quote_style(QuoteStyle::Necessary)
        .terminator(Terminator::CRLF)
        .from_writer(file);
    for row in rows {
        writer.write_record(row.iter().map(|cell| written(cell, dialect.decimal)).map(Bytes)).map_err(Error::internal)?;
    }
    writer.flush().map_err(Error::internal)
}

/// What the library takes as a cell.
struct Bytes<'a>(Cow<'a, str>);

impl AsRef<[u8]> for Bytes<'_> {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::decimal::Decimal4;
    use proptest::prelude::*;

    fn file(dialect: Dialect, rows: &[Vec<&str>]) -> String {
        let mut file = Vec::new();
        append(&mut file, dialect, rows.iter().map(|row| row.iter().map(|text| Cell::text(*text)).collect())).unwrap();
        String::from_utf8(file).unwrap()
    }

    fn read(delimiter: u8, file: &str) -> Vec<Vec<String>> {
        let mut reader = ::csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(file.as_bytes());
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn a_file_as_a_spreadsheet_opens_it() {
        let dialect = Dialect { delimiter: Delimiter::Semicolon, decimal: DecimalMark::Comma };
        let mut file = head(dialect, &["unit".to_owned(), "value".to_owned(), "note".to_owned()]).unwrap();
        let value = Cell::Number(Decimal4::parse("-12.5").unwrap());
        append(
            &mut file,
            dialect,
            [vec![Cell::text("U5"), value, Cell::Empty], vec![Cell::Truth(true), Cell::text("a,b"), Cell::text("-")]],
        )
        .unwrap();
        assert_eq!(String::from_utf8(file).unwrap(), "\u{feff}unit;value;note\r\nU5;\"-12,5\";\r\ntrue;\"a,b\";'-\r\n");
    }

    #[test]
    fn hostile_texts_are_inert() {
        for text in ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "＝1+1", "'=1+1", "''@x"] {
            let cell = inert(text);
            assert!(cell.starts_with('\'') && text_of(&cell) == text, "{text:?}: {cell:?}");
        }
        for text in ["", "'", "'quoted'", "a=1", "1-1", "Tổ 5", "\"x\"", " =1"] {
            assert_eq!(inert(text), text);
        }
        for (text, expected) in [
            ("x;=1+1", "x;'=1+1"),
            ("a,=1,b", "a,'=1,b"),
            ("một\n=cmd|' /C calc'!A0;hai", "một\n'=cmd|' /C calc'!A0;hai"),
            ("a;'\"@b", "a;'\"'@b"),
            ("=1;=2", "'=1;'=2"),
            ("a; b, c\nd", "a; b, c\nd"),
            ("2026-11-24, 1=1", "2026-11-24, 1=1"),
        ] {
            assert_eq!((inert(text).as_ref(), text_of(expected).as_ref()), (expected, text));
        }
        let split = file(Dialect::default(), &[vec!["y", "x;=1+1"]]);
        assert_eq!(read(b';', &split), [["y,\"x", "'=1+1\""]], "also where another delimiter is expected");
    }

    proptest! {
        #[test]
        fn cells_read_back_are_the_texts(
            rows in prop::collection::vec(prop::collection::vec("['=@+;,\"\r\n\t\\-a-cđ＝ ]{0,6}", 3), 1..5),
            semicolon: bool,
        ) {
            let delimiter = if semicolon { Delimiter::Semicolon } else { Delimiter::Comma };
            let texts: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
            let written = file(Dialect { delimiter, decimal: DecimalMark::Point }, &texts);
            let cells = read(if semicolon { b';' } else { b',' }, &written);
            for row in &cells {
                prop_assert!(row.iter().all(|cell| !cell.starts_with(FORMULA)), "{:?}", written);
            }
            let back: Vec<Vec<_>> = cells.iter().map(|row| row.iter().map(|cell| text_of(cell)).collect()).collect();
            prop_assert_eq!(back, texts);
            // Nor if it is read by another delimiter than it was written by.
            for other in *b",;\t" {
                let formula = |cell: &String| cell.starts_with(|c| FORMULA.contains(&c) && !ENDS.contains(&c));
                prop_assert!(!read(other, &written).iter().flatten().any(formula), "{:?}", written);
            }
        }
    }
}
