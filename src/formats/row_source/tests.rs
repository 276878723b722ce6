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

/// An archive whose entries all name the bytes of its only one: 42.zip's way.
fn overlapping(name: &str, part: &[u8], entries: u16) -> Vec<u8> {
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    to.start_file(name, zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated)).unwrap();
    to.write_all(part).unwrap();
    let bytes = to.finish().unwrap().into_inner();
    // APPNOTE 4.3.12 and 4.3.16: the directory's entries, and at the end how many there are, how long that is and where it begins.
    let end = bytes.len() - 22;
    let begins = usize::try_from(u32::from_le_bytes(bytes[end + 16..end + 20].try_into().unwrap())).unwrap();
    let entry = bytes[begins..end].to_vec();
    let mut all = bytes[..begins].to_vec();
    for n in 0..entries {
        let mut one = entry.clone();
        one[46..50].copy_from_slice(format!("{n:04}").as_bytes());
        all.extend(one);
    }
    let length = u32::try_from(all.len() - begins).unwrap();
    let mut last = bytes[end..].to_vec();
    last[8..10].copy_from_slice(&entries.to_le_bytes());
    last[10..12].copy_from_slice(&entries.to_le_bytes());
    last[12..16].copy_from_slice(&length.to_le_bytes());
    all.extend(last);
    all
}

#[test]
fn parts_that_share_their_bytes_count_by_themselves() {
    // 15 MiB each, which by itself may be, and 615 MiB together.
    let file = overlapping("0000.xml", &vec![b' '; 15 * 1024 * 1024], 41);
    assert!(file.len() < 64 * 1024, "{}", file.len());
    assert!(matches!(refusal(RowFormat::Xlsx, &file), Unreadable::Swollen(_)));
    let fewer = overlapping("0000.xml", b"<x/>", 3);
    assert!(matches!(refusal(RowFormat::Xlsx, &fewer), Unreadable::NoWorkbook(_)));
}

#[test]
fn a_cell_beyond_the_sheet_is_refused() {
    let good = made("calc.xlsx");
    assert!(rows_of(RowFormat::Xlsx, &good).is_some());
    for beyond in ["XFE2", "ZZZZZZZ2", "A1048577", "A4294967295", "A99999999999", "A0", "2", ""] {
        let moved = with_part(
            &good,
            |name| name == "xl/worksheets/sheet1.xml",
            |part| {
                let text = std::str::from_utf8(part).unwrap();
                assert!(text.contains("r=\"A2\""), "{text}");
                *part = text.replace("r=\"A2\"", &format!("r=\"{beyond}\"")).into_bytes();
            },
        );
        assert!(matches!(refusal(RowFormat::Xlsx, &moved), Unreadable::NoWorkbook(_)), "{beyond}");
    }
}

#[test]
fn what_calls_itself_a_day_is_one_or_a_text() {
    for (value, cell) in
        [("2026-03-02".to_owned(), RowCell::Day("2026-03-02".to_owned())), ("9".repeat(1000), RowCell::Text("9".repeat(1000)))]
    {
        let sheet = format!(
            "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>a</t></is></c></row>\
             <row r=\"2\"><c r=\"A2\" t=\"d\"><v>{value}</v></c></row></sheetData></worksheet>"
        );
        let book = with_part(&made("calc.xlsx"), |name| name == "xl/worksheets/sheet1.xml", |part| *part = sheet.clone().into_bytes());
        assert_eq!(rows_of(RowFormat::Xlsx, &book).unwrap().rows, [(2, vec![(0, cell)])]);
    }
}

#[test]
fn what_is_held_in_memory_counts_together() {
    let texts = vec![b' '; 9 * 1024 * 1024];
    let part = |name| (name, texts.as_slice());
    assert!(matches!(refusal(RowFormat::Xlsx, &book(&[part("xl/sharedStrings.xml"), part("xl/styles.xml")])), Unreadable::Swollen(_)));
    // Sheets are read cell by cell.
    let sheets = book(&[part("xl/worksheets/sheet1.xml"), part("xl/worksheets/sheet2.xml"), part("xl/styles.xml")]);
    assert!(matches!(refusal(RowFormat::Xlsx, &sheets), Unreadable::NoWorkbook(_)));
}

#[test]
fn a_nought_among_the_text_is_no_other_coding() {
    let read = rows_of(RowFormat::Csv, b"unit,note\nU5,a\0b\n").unwrap();
    assert_eq!(read.rows, [(2, vec![(0, RowCell::Text("U5".to_owned())), (1, RowCell::Text("a\0b".to_owned()))])]);
    let utf16: Vec<u8> = "unit,note\nU5,ab\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(refusal(RowFormat::Csv, &utf16), Unreadable::Utf16);
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

/// The same workbook, with some of its parts changed: so that what unpacks it has nothing to complain of.
fn with_part(book: &[u8], which: impl Fn(&str) -> bool, change: impl Fn(&mut Vec<u8>)) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for n in 0..from.len() {
        let mut part = from.by_index(n).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        let name = part.name().unwrap().into_owned();
        if which(&name) {
            change(&mut bytes);
        }
        to.start_file(name, zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored)).unwrap();
        to.write_all(&bytes).unwrap();
    }
    to.finish().unwrap().into_inner()
}

/// The name of one of its parts.
fn part_of(book: &[u8], which: Index) -> String {
    let mut book = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    let at = which.index(book.len());
    let part = book.by_index(at).unwrap();
    part.name().unwrap().into_owned()
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
        let book = made(name);
        let which = part_of(&book, which);
        let spoilt = with_part(&book, |part| part == which, |part| spoil(part, &others, twice, end));
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
