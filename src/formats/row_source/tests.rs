//! Files with anything in them: what is no table is refused as such, and nothing breaks.

use super::*;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::io::{Cursor, Read, Seek, Write};
use std::path::PathBuf;

/// Takes whatever comes.
#[derive(Default)]
struct Anything {
    columns: usize,
    rows: Vec<(u32, Vec<(usize, RowCell)>)>,
}

impl RowSink for Anything {
    fn column(&mut self, _: &str, _: Option<usize>) -> Result<usize> {
        self.columns += 1;
        Ok(self.columns - 1)
    }

    fn header_read(&mut self) -> Result<()> {
        Ok(())
    }

    fn row(&mut self, number: u32, cells: Vec<(usize, RowCell)>) -> Result<ControlFlow<()>> {
        self.rows.push((number, cells));
        Ok(ControlFlow::Continue(()))
    }
}

/// What is read of these bytes, if they are a table.
fn rows_of(format: RowFormat, bytes: &[u8]) -> Option<Anything> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file.rewind().unwrap();
    let mut sink = Anything::default();
    match read(format, &mut file, &mut sink) {
        Ok(()) => Some(sink),
        Err(Stopped::Unreadable(_)) => None,
        Err(Stopped::Error(error)) => panic!("{error:?}"),
    }
}

/// Why these bytes cannot be read.
fn refusal(format: RowFormat, bytes: &[u8]) -> Unreadable {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    match read(format, &mut file, &mut Anything::default()) {
        Err(Stopped::Unreadable(why)) => why,
        other => panic!("{other:?}"),
    }
}

/// A workbook of these parts.
fn book(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        to.start_file(*name, zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored)).unwrap();
        to.write_all(bytes).unwrap();
    }
    to.finish().unwrap().into_inner()
}

#[test]
fn a_row_that_does_not_end_is_refused_before_it_is_in_memory() {
    let much = 2 * 1024 * 1024;
    let separators = ";".repeat(much);
    for (row, text) in [
        (1, format!("a;b{separators}\n1;2\n")),
        (2, format!("a;b\n1;2{separators}\n")),
        (2, format!("a;b\n\"{}", "x\n".repeat(much))),
        (1, "x".repeat(much)),
        (3, format!("a;b\n1;2\n{}\n", ";".repeat(20_000))),
    ] {
        assert_eq!(refusal(RowFormat::Csv, text.as_bytes()), Unreadable::LongRow(row));
    }
    for (row, text) in [
        (2, format!("{{\"rows\":[{{}},{{\"unit\":[{}1]}}]}}", "{},".repeat(much))),
        (1, format!("{{\"rows\":[{{\"{}\":1}}]}}", "x".repeat(much))),
        (1, format!("{{\"{}\":1}}", "x".repeat(much))),
    ] {
        assert_eq!(refusal(RowFormat::Json, text.as_bytes()), Unreadable::LongRow(row));
    }
    // Rows that end are as many as they are.
    let many = "1;2\n".repeat(much);
    assert_eq!(rows_of(RowFormat::Csv, format!("a;b\n{many}").as_bytes()).unwrap().rows.len(), much);
}

#[test]
fn what_a_workbook_says_of_its_size_is_not_believed() {
    let big = vec![b' '; 17 * 1024 * 1024];
    let cell = [b"<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>".as_slice(), &big, b"</t></is></c></row></sheetData></worksheet>"]
        .concat();
    let pieces = [b"<worksheet><c>".as_slice(), &b"<t>x</t>".repeat(3 * 1024 * 1024), b"</c></worksheet>"].concat();
    let nested = [b"<worksheet><c><is>".as_slice(), &b"<c>x</c>".repeat(3 * 1024 * 1024), b"</is></c></worksheet>"].concat();
    for (name, part) in [("xl/worksheets/sheet1.xml", &cell), ("xl/worksheets/sheet1.xml", &pieces), ("xl/SharedStrings.XML", &big)] {
        assert!(matches!(refusal(RowFormat::Xlsx, &book(&[(name, part)])), Unreadable::Swollen(_)), "{name}");
    }
    assert!(matches!(refusal(RowFormat::Xlsx, &book(&[("xl/worksheets/sheet1.xml", &nested)])), Unreadable::NoWorkbook(_)));
    let names: Vec<String> = (0..1001).map(|n| format!("xl/media/{n}")).collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"x".as_slice())).collect();
    assert!(matches!(refusal(RowFormat::Xlsx, &book(&parts)), Unreadable::NoWorkbook(_)));
}

/// Files that people and programs have made.
fn made(name: &str) -> Vec<u8> {
    std::fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/files").join(name)).unwrap()
}

/// What becomes of bytes on a bad way: some are others, some are there twice, the end is missing.
fn spoil(bytes: &mut Vec<u8>, others: &[(Index, u8)], twice: (Index, usize), end: Option<Index>) {
    for (at, byte) in others.iter().filter(|_| !bytes.is_empty()).map(|(at, byte)| (at.index(bytes.len()), *byte)).collect::<Vec<_>>() {
        bytes[at] = byte;
    }
    if !bytes.is_empty() {
        let from = twice.0.index(bytes.len());
        let piece = bytes[from..(from + twice.1).min(bytes.len())].to_vec();
        bytes.splice(from..from, piece);
    }
    if let Some(end) = end.filter(|_| !bytes.is_empty()) {
        bytes.truncate(end.index(bytes.len()));
    }
}

/// The same workbook, with one of its parts spoilt: so that what unpacks it has nothing to complain of.
fn with_part_spoilt(book: &[u8], which: Index, spoil: impl Fn(&mut Vec<u8>)) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let spoilt = which.index(from.len());
    for n in 0..from.len() {
        let mut part = from.by_index(n).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        if n == spoilt {
            spoil(&mut bytes);
        }
        let name = part.name().unwrap().into_owned();
        to.start_file(name, zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored)).unwrap();
        to.write_all(&bytes).unwrap();
    }
    to.finish().unwrap().into_inner()
}

fn others() -> impl Strategy<Value = Vec<(Index, u8)>> {
    // What means something to a parser, and anything.
    let telling = select(b"<>&;\"'=/,\n\r\t{}[]:0-9eE+.\0\xff".to_vec());
    vec((any::<Index>(), prop_oneof![telling, any::<u8>()]), 0..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes_are_a_table_or_refused(bytes in vec(any::<u8>(), 0..400), format in select(RowFormat::ALL.to_vec())) {
        rows_of(format, &bytes);
    }

    #[test]
    fn any_text_is_a_table_or_refused(text in "[a-c\"',;\\n\\r\\t=0-9.{}\\[\\]:\u{feff}ệ]{0,200}", format in select(RowFormat::ALL.to_vec())) {
        rows_of(format, text.as_bytes());
        rows_of(RowFormat::Json, format!("{{\"rows\":[{text}]}}").as_bytes());
    }

    #[test]
    fn a_spoilt_file_is_a_table_or_refused(
        name in select(vec!["calc_semicolon.csv", "pandas.csv", "write_csv2.csv", "calc.xlsx", "openpyxl.xlsx", "calc.ods"]),
        others in others(), twice in (any::<Index>(), 0..300_usize), end in proptest::option::of(any::<Index>()),
    ) {
        let mut bytes = made(name);
        spoil(&mut bytes, &others, twice, end);
        rows_of(if name.ends_with("csv") { RowFormat::Csv } else { RowFormat::Xlsx }, &bytes);
    }

    #[test]
    fn a_workbook_with_a_spoilt_part_is_a_table_or_refused(
        name in select(vec!["calc.xlsx", "openpyxl.xlsx", "pandas.xlsx", "merged.xlsx", "spoilt.xlsx"]), which in any::<Index>(),
        others in others(), twice in (any::<Index>(), 0..300_usize), end in proptest::option::of(any::<Index>()),
    ) {
        let spoilt = with_part_spoilt(&made(name), which, |part| spoil(part, &others, twice, end));
        rows_of(RowFormat::Xlsx, &spoilt);
    }

    #[test]
    fn what_is_quoted_by_the_rules_is_read_as_it_was(cells in vec(vec("[a-c0-9ệ ,;=.\\t\\n\"]{1,12}", 3), 1..6), separator in select(b",;\t".to_vec())) {
        let mark = char::from(separator);
        let quoted = |cells: &[String]| cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect::<Vec<_>>().join(&mark.to_string());
        let mut file = format!("a{mark}b{mark}c\r\n");
        for row in &cells {
            file += &quoted(row);
            file += "\r\n";
        }
        let read = rows_of(RowFormat::Csv, file.as_bytes()).unwrap();
        let texts = |row: &[(usize, RowCell)]| row.iter().map(|(at, cell)| match cell {
            RowCell::Text(text) => (*at, text.clone()),
            other => panic!("{other:?}"),
        }).collect::<Vec<_>>();
        let told: Vec<_> = read.rows.iter().map(|(_, row)| texts(row)).collect();
        let said = |row: &Vec<String>| row.iter().map(|text| text.trim().to_owned()).enumerate().filter(|(_, text)| !text.is_empty()).collect::<Vec<_>>();
        let expected: Vec<Vec<(usize, String)>> = cells.iter().map(said).filter(|row| !row.is_empty()).collect();
        prop_assert_eq!(told, expected);
    }
}
