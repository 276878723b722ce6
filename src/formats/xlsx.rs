//! Workbooks of Excel (ECMA-376): numbers are numbers, days are days, the header stays in view. Rows are laid down on disk as
//! they come, so that a workbook of any length needs the memory of one row.

use super::table::Cell;
use crate::problem::{Error, Result};
use rust_xlsxwriter::{
    Chart, ChartAxisCrossing, ChartFormat, ChartLegendPosition, ChartSolidFill, ChartType, Color, DocProperties, Format, FormatAlign,
    FormatBorder, Worksheet, XlsxError,
};
use std::fs::File;
use std::path::PathBuf;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

/// How many rows a sheet has at most, its header among them.
const MOST_ROWS: u32 = 1_048_576;
/// How many characters a cell holds at most.
const MOST_CHARACTERS: usize = 32_767;
/// The widest that a column becomes by itself, in characters; what is longer goes on in the next line.
const WIDEST: usize = 60;
/// The narrowest.
const NARROWEST: usize = 8;
/// After how many characters a header goes on in the next line, so that a column is no wider than what stands in it.
const HEADER_LINE: usize = 16;
/// How high a line of text is, in points.
const LINE: usize = 15;
/// The highest that a row can be.
const HIGHEST: usize = 409;
/// A4, by its number in ECMA-376 (18.3.1.63).
const A4: u8 = 9;
/// What a header needs beside its text: the arrow of the filter.
const FOR_THE_ARROW: usize = 3;
/// Việt Nam's time, in which a clerk reads instants: seven hours ahead of UTC all year.
const VIETNAM: chrono::TimeDelta = chrono::TimeDelta::hours(7);

/// A workbook of Excel, as a file of bytes.
pub struct Spreadsheet;

impl PartialSchema for Spreadsheet {
    fn schema() -> RefOr<Schema> {
        let bytes = ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)));
        bytes.description(Some("A workbook of Excel (ECMA-376).")).into()
    }
}

impl ToSchema for Spreadsheet {}

/// A workbook that is being written.
pub struct Workbook {
    book: rust_xlsxwriter::Workbook,
    folder: PathBuf,
    sheets: usize,
    now: Option<Sheet>,
    formats: Formats,
}

/// Rows drawn as bars that are made of several parts.
#[derive(Debug, Clone)]
pub struct Bars {
    /// What they show, in Vietnamese and English.
    pub title: (&'static str, &'static str),
    /// The column that names a bar.
    pub labels: u16,
    /// The columns of the parts, and their colours (RGB).
    pub series: Vec<(u16, u32)>,
}

/// The sheet that is being written.
struct Sheet {
    name: String,
    /// Which of the sheets over which the table goes.
    part: u32,
    header: Vec<String>,
    rows: u32,
    widths: Vec<usize>,
}

struct Formats {
    header: Format,
    plain: Format,
    long: Format,
    day: Format,
    instant: Format,
}

impl Workbook {
    /// An empty workbook, whose rows are laid down in this folder meanwhile.
    ///
    /// # Errors
    /// If nothing can be written there.
    pub fn new(folder: PathBuf) -> Result<Self> {
        let mut book = rust_xlsxwriter::Workbook::new();
        book.set_tempdir(&folder).map_err(internal)?;
        // Who made it and when is not said: the same figures make the same file.
        book.set_properties(&DocProperties::new().set_creation_datetime(&epoch()?));
        // In a row of several lines all cells begin in the first.
        let top = || Format::new().set_align(FormatAlign::Top);
        let formats = Formats {
            header: Format::new()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter)
                .set_background_color(Color::RGB(0xE2_E8_F0))
                .set_border_bottom(FormatBorder::Thin),
            long: top().set_text_wrap(),
            day: top().set_num_format("dd/mm/yyyy"),
            instant: top().set_num_format("dd/mm/yyyy hh:mm:ss"),
            plain: top(),
        };
        Ok(Self { book, folder, sheets: 0, now: None, formats })
    }

    /// Begins a sheet: its name and its header row.
    ///
    /// # Errors
    /// If the header cannot be written.
    pub fn begin(&mut self, name: &str, header: Vec<String>) -> Result<()> {
        self.begin_part(name.to_owned(), header, 1)
    }

    fn begin_part(&mut self, name: String, header: Vec<String>, part: u32) -> Result<()> {
        self.end()?;
        let sheet = self.book.add_worksheet_with_constant_memory().map_err(internal)?;
        let called = if part == 1 { name.clone() } else { format!("{name} ({part})") };
        sheet.set_name(&called).map_err(internal)?;
        sheet.set_freeze_panes(1, 0).map_err(internal)?;
        sheet.set_repeat_rows(0, 0).map_err(internal)?;
        sheet.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0);
        let lines = header.iter().map(|word| header_lines(word).0).max().unwrap_or(1);
        sheet.set_row_height(0, height(lines)?).map_err(internal)?;
        for (column, word) in (0..).zip(&header) {
            sheet.write_string_with_format(0, column, word, &self.formats.header).map_err(internal)?;
        }
        let widths = header.iter().map(|word| header_lines(word).1 + FOR_THE_ARROW).collect();
        self.now = Some(Sheet { name, part, header, rows: 1, widths });
        self.sheets += 1;
        Ok(())
    }

    /// Appends a row to the sheet begun last; a sheet that is full goes on in another.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn append(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        if let Some(Sheet { name, part, header, .. }) = self.now.as_ref().filter(|sheet| sheet.rows == MOST_ROWS) {
            let (name, header, part) = (name.clone(), header.clone(), part + 1);
            self.begin_part(name, header, part)?;
        }
        let Some(now) = &mut self.now else { return Err(Error::internal("a row without a sheet")) };
        let sheet = self.book.worksheet_from_index(self.sheets - 1).map_err(internal)?;
        // Not every program that opens it finds out by itself how high a row of several lines is.
        let lines = cells.iter().map(lines).max().unwrap_or(1);
        if lines > 1 {
            sheet.set_row_height(now.rows, height(lines)?).map_err(internal)?;
        }
        for ((column, cell), width) in (0..).zip(cells).zip(&mut now.widths) {
            let length = write(sheet, (now.rows, column), cell, &self.formats).map_err(internal)?;
            *width = length.max(*width);
        }
        now.rows += 1;
        Ok(())
    }

    /// Draws the sheet's rows as bars, below its last one; nothing of a sheet without rows.
    ///
    /// # Errors
    /// If there is no sheet.
    pub fn picture(&mut self, bars: &Bars, title: &str) -> Result<()> {
        let Some(Sheet { rows, name, .. }) = &self.now else { return Err(Error::internal("a chart without a sheet")) };
        let (last, name) = (*rows - 1, name.as_str());
        if last == 0 {
            return Ok(());
        }
        let mut chart = Chart::new(ChartType::BarStacked);
        chart.title().set_name(title);
        for (column, colour) in &bars.series {
            let series = chart.add_series().set_name((name, 0, *column)).set_gap(60);
            series.set_categories((name, 1, bars.labels, last, bars.labels)).set_values((name, 1, *column, last, *column));
            series.set_format(ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(Color::RGB(*colour))));
        }
        // The first row on top, as in the sheet. The axis of the bars' names is the upright one.
        chart.y_axis().set_reverse().set_crossing(ChartAxisCrossing::Max);
        chart.x_axis().set_major_unit(1).set_num_format("0");
        chart.legend().set_position(ChartLegendPosition::Bottom);
        chart.set_width(720).set_height(160 + 34 * last);
        let sheet = self.book.worksheet_from_index(self.sheets - 1).map_err(internal)?;
        sheet.insert_chart(last + 2, 0, &chart).map(drop).map_err(internal)
    }

    /// The whole file, of which nothing is in memory.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn finish(&mut self) -> Result<File> {
        self.end()?;
        let file = tempfile::tempfile_in(&self.folder).map_err(Error::internal)?;
        self.book.save_to_writer(file.try_clone().map_err(Error::internal)?).map_err(internal)?;
        Ok(file)
    }

    fn end(&mut self) -> Result<()> {
        let Some(Sheet { widths, rows, header, .. }) = self.now.take() else { return Ok(()) };
        let sheet = self.book.worksheet_from_index(self.sheets - 1).map_err(internal)?;
        for (column, width) in (0..).zip(widths) {
            let width = u32::try_from(width.clamp(NARROWEST, WIDEST) + 1).map_err(Error::internal)?;
            sheet.set_column_width(column, width).map_err(internal)?;
        }
        let last = u16::try_from(header.len().saturating_sub(1)).map_err(Error::internal)?;
        if rows > 1 {
            sheet.autofilter(0, 0, rows - 1, last).map_err(internal)?;
        }
        Ok(())
    }
}

/// Writes a cell, and says how many characters wide it is.
fn write(sheet: &mut Worksheet, (row, column): (u32, u16), cell: &Cell<'_>, formats: &Formats) -> std::result::Result<usize, XlsxError> {
    match cell {
        Cell::Empty => Ok(0),
        Cell::Text(text) if text.is_empty() => Ok(0),
        Cell::Text(text) => {
            let length = text.chars().count();
            let text = kept(text);
            let long = length > WIDEST || text.contains('\n');
            if long {
                sheet.write_string_with_format(row, column, text, &formats.long)?
            } else {
                sheet.write_string_with_format(row, column, text, &formats.plain)?
            };
            Ok(length)
        }
        Cell::Number(number) => {
            // Digits are always a number, and no more than the 15 that a spreadsheet keeps.
            let written = number.to_string();
            sheet.write_number_with_format(row, column, written.parse::<f64>().unwrap_or_default(), &formats.plain)?;
            Ok(written.len())
        }
        Cell::Truth(truth) => sheet.write_boolean_with_format(row, column, *truth, &formats.plain).map(|_| 5),
        Cell::Day(day) => sheet.write_datetime_with_format(row, column, *day, &formats.day).map(|_| 10),
        Cell::Instant(instant) => {
            let local = instant.plus(VIETNAM).naive();
            sheet.write_datetime_with_format(row, column, local, &formats.instant).map(|_| 19)
        }
    }
}

/// How many lines a cell takes in a column of the greatest width: letters are wider than digits.
fn lines(cell: &Cell<'_>) -> usize {
    let Cell::Text(text) = cell else { return 1 };
    text.lines().map(|line| line.chars().count().div_ceil(WIDEST - 6).max(1)).sum::<usize>().max(1)
}

/// Over how many lines a header goes, and how long the longest is.
fn header_lines(header: &str) -> (usize, usize) {
    let (mut lines, mut longest, mut line) = (1, 0, 0);
    for word in header.split_whitespace().map(|word| word.chars().count()) {
        let longer = if line == 0 { word } else { line + 1 + word };
        (lines, line) = if longer > HEADER_LINE && line > 0 { (lines + 1, word) } else { (lines, longer) };
        longest = longest.max(line);
    }
    (lines, longest)
}

/// The height of a row of some lines, in points.
fn height(lines: usize) -> Result<u32> {
    u32::try_from((lines * LINE).min(HIGHEST)).map_err(Error::internal)
}

/// A text as far as a cell holds it; that it goes on is said.
fn kept(text: &str) -> String {
    if text.encode_utf16().count() <= MOST_CHARACTERS {
        return text.to_owned();
    }
    // Two units a character at the most.
    text.chars().take(MOST_CHARACTERS / 2 - 1).chain(['…']).collect()
}

fn epoch() -> Result<rust_xlsxwriter::ExcelDateTime> {
    rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 1, 1).map_err(internal)
}

fn internal(error: XlsxError) -> Error {
    Error::internal(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::clock::UtcTime;
    use crate::values::decimal::Decimal4;
    use calamine::{Data, Reader, Xlsx};
    use chrono::NaiveDate;

    fn read_back(book: &mut Workbook, sheet: &str) -> Vec<Vec<Data>> {
        let mut read: Xlsx<_> = calamine::open_workbook_from_rs(std::io::BufReader::new(book.finish().unwrap())).unwrap();
        read.worksheet_range(sheet).unwrap().rows().map(<[Data]>::to_vec).collect()
    }

    fn book() -> Workbook {
        Workbook::new(std::env::temp_dir()).unwrap()
    }

    #[test]
    fn a_cell_is_what_it_says() {
        let mut book = book();
        book.begin("Số liệu", ["a", "b", "c", "d", "e"].map(str::to_owned).to_vec()).unwrap();
        let (number, big) = (Decimal4::parse("-12.5").unwrap(), Decimal4::parse("99999999999.9999").unwrap());
        let instant = UtcTime::parse("2026-11-24T17:30:00Z").unwrap();
        let day = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        book.append(&[Cell::text("=1+1"), Cell::Number(number), Cell::Truth(true), Cell::Day(day), Cell::Instant(instant)]).unwrap();
        book.append(&[Cell::Empty, Cell::Number(big), Cell::Empty, Cell::Empty, Cell::text("x".repeat(40_000))]).unwrap();
        let rows = read_back(&mut book, "Số liệu");
        let [head, first, second] = rows.as_slice() else { panic!("{rows:?}") };
        assert_eq!(head[0], Data::String("a".to_owned()));
        assert_eq!(first[..3], [Data::String("=1+1".to_owned()), Data::Float(-12.5), Data::Bool(true)], "a text is no formula");
        let (Data::DateTime(on), Data::DateTime(at)) = (&first[3], &first[4]) else { panic!("{first:?}") };
        // The 24th of November 2026 is the 46,350th day of spreadsheets.
        assert_eq!(on.as_f64(), 46_350.0);
        assert!((at.as_f64() - 46_351.0 - 0.5 / 24.0).abs() < 1e-6, "00:30 of the next day in Việt Nam: {at:?}");
        assert_eq!(second[1], Data::Float(99_999_999_999.999_9), "the largest keeps every digit");
        assert!(matches!(&second[4], Data::String(text) if text.ends_with('…')));
    }

    #[test]
    fn a_header_goes_over_as_many_lines_as_it_needs() {
        for (header, expected) in
            [("", (1, 0)), ("Đơn vị", (1, 6)), ("Kết quả so với mốc năm", (2, 14)), ("disaggregation.employment_status", (1, 32))]
        {
            assert_eq!(header_lines(header), expected, "{header}");
        }
    }

    #[test]
    fn a_long_text_has_the_lines_it_needs() {
        for (text, expected) in [("Tổ 1", 1), ("một\nhai", 2), (&"x".repeat(60), 2), (&"x".repeat(200), 4)] {
            assert_eq!(lines(&Cell::text(text)), expected, "{text}");
        }
        assert_eq!(height(1000).unwrap(), 409, "no program knows a higher row");
    }

    #[test]
    fn a_workbook_holds_several_sheets() {
        let mut book = book();
        for name in ["Một", "Hai"] {
            book.begin(name, vec!["x".to_owned()]).unwrap();
            book.append(&[Cell::text(name)]).unwrap();
        }
        assert_eq!(read_back(&mut book, "Hai")[1], [Data::String("Hai".to_owned())]);
    }
}
