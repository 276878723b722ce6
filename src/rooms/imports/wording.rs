//! What is said of files and of cells that only files have.

use super::columns::Place;
use crate::formats::row_source::{RowCell, RowFormat, Unreadable};
use crate::problem::{FieldError, Problem, codes, said, words};
use crate::reading::references;
use crate::values::text;

/// A file that cannot be read.
pub(super) fn unreadable(format: RowFormat, why: &Unreadable) -> Problem {
    let (vi, en) = match why {
        Unreadable::Empty => (
            "Tệp không có hàng nào. Hàng đầu tiên phải là hàng tiêu đề, các hàng sau là số liệu.".to_owned(),
            "The file has no row. The first row must be the header, the rows after it the figures.".to_owned(),
        ),
        Unreadable::Utf16 => (
            "Tệp «CSV» lưu ở mã UTF-16 («Unicode text»). Hãy lưu lại bằng lựa chọn «CSV UTF-8» rồi gửi lại.".to_owned(),
            "The CSV file is UTF-16 (\"Unicode text\"). Save it again as \"CSV UTF-8\" and send it again.".to_owned(),
        ),
        Unreadable::NotUtf8(line) => (
            format!("Tệp «CSV» không ở mã UTF-8: dòng {line} có ký tự không đọc được. Hãy lưu lại bằng lựa chọn «CSV UTF-8» rồi gửi lại."),
            format!("The CSV file is not UTF-8: line {line} cannot be read. Save it again as \"CSV UTF-8\" and send it again."),
        ),
        Unreadable::Json(line, column, found) => {
            let (vi, en) = (
                format!(
                    "Nội dung không đọc được ở dòng {line}, cột {column}. Nội dung JSON phải là một đối tượng có danh sách «rows», mỗi hàng là một đối tượng."
                ),
                format!(
                    "The body cannot be read at line {line} column {column} ({}). It must be {{\"rows\": [{{…}}, …]}}.",
                    words_of(found)
                ),
            );
            return Problem::new(codes::JSON_MALFORMED).saying(vi, en).member("line", *line).member("column", *column);
        }
        Unreadable::OpenDocument => (
            "Đây là tệp «OpenDocument» («.ods»), không phải tệp «Excel». Hãy lưu lại ở dạng «Excel 2007-365 (.xlsx)» rồi gửi lại."
                .to_owned(),
            "This is an OpenDocument file (.ods), no Excel file. Save it as \"Excel 2007-365 (.xlsx)\" and send it again.".to_owned(),
        ),
        Unreadable::OldOrLocked => (
            "Tệp «Excel» này là bản cũ («.xls») hoặc được đặt mật khẩu. Hãy bỏ mật khẩu, lưu lại ở dạng «.xlsx» rồi gửi lại.".to_owned(),
            "This Excel file is of the old kind (.xls) or locked by a password. Unlock it, save it as .xlsx and send it again.".to_owned(),
        ),
        Unreadable::NoWorkbook(_) => (
            "Tệp không phải là tệp «Excel» («.xlsx») đọc được. Hãy mở bằng bảng tính, lưu lại ở dạng «.xlsx» rồi gửi lại.".to_owned(),
            "The file is no Excel workbook (.xlsx) that can be read. Open it in a spreadsheet, save it as .xlsx and send it again."
                .to_owned(),
        ),
        Unreadable::Swollen(most) => (
            format!(
                "Tệp «Excel» giải nén ra quá lớn (một phần vượt {most} byte). Hãy xoá các trang và cột không cần, hoặc gửi ở dạng «CSV»."
            ),
            format!(
                "The Excel file is too large when unpacked (a part of it has more than {most} bytes). Delete what is not needed, or send it as CSV."
            ),
        ),
        Unreadable::LongRow(row) => (
            format!(
                "Hàng {row} dài hơn mức cho phép (1.048.576 byte hoặc 16.384 cột). Có thể thiếu dấu ngoặc kép đóng, hoặc tệp không phải là bảng số liệu. Hãy kiểm tra từ hàng đó rồi gửi lại."
            ),
            format!(
                "Row {row} is longer than allowed (1 MB, or 16,384 columns). Perhaps a quotation mark is not closed, or the file is no table. Check it from that row on and send it again."
            ),
        ),
    };
    if let Unreadable::NoWorkbook(found) = why {
        tracing::info!(?format, %found, "a workbook cannot be read");
    }
    Problem::new(codes::IMPORT_UNREADABLE).saying(vi, en)
}

/// What a parser found, without its own words for the place.
fn words_of(found: &str) -> &str {
    found.split(" at line ").next().unwrap_or(found)
}

/// A header row that lacks what every figure needs.
pub(super) fn missing_columns(missing: &[&str]) -> Problem {
    let named = words::codes(missing.iter().copied());
    Problem::new(codes::IMPORT_HEADER).saying(
        format!("Hàng đầu tiên của tệp phải là hàng tiêu đề; chưa thấy cột {}. Hãy xoá các hàng tên biểu, ô gộp phía trên và ghi đủ tiêu đề.", named.vi),
        format!("The first row of the file must be the header; it does not name {}. Delete titles and merged cells above it and name the columns.", named.en),
    )
}

/// Two columns of one meaning.
pub(super) fn column_twice(name: &str) -> Problem {
    Problem::new(codes::IMPORT_HEADER).saying(
        format!("Tệp có hai cột cùng nghĩa «{name}». Hãy xoá hoặc đổi tiêu đề một cột."),
        format!("Two columns mean the same: '{name}'. Delete or rename one of them."),
    )
}

/// A file about more reports than one import takes.
pub(super) fn too_many_reports(most: usize) -> Problem {
    Problem::new(codes::IMPORT_UNREADABLE).saying(
        format!("Tệp nói về hơn {most} báo cáo khác nhau. Hãy chia thành nhiều tệp."),
        format!("The file speaks of more than {most} reports. Split it."),
    )
}

/// That a file has more rows than may be.
pub(super) fn too_many_rows(most: usize) -> Problem {
    Problem::new(codes::IMPORT_UNREADABLE).saying(
        format!("Tệp có hơn {most} hàng, hoặc quá nhiều chữ. Hãy chia thành nhiều tệp."),
        format!("The file has more than {most} rows, or too much text. Split it."),
    )
}

/// How many characters of what names a report are looked at.
const LONGEST_NAME: usize = 200;

/// What a cell names in a column that names a report, in the form in which it is looked for; `None` if nothing.
pub(super) fn name_in(place: Place, cell: &RowCell) -> Option<String> {
    let text = match cell {
        RowCell::Text(text) | RowCell::Number(text) => text::normalise(text),
        // A month that a sheet took for its first day.
        RowCell::Day(day) if place == Place::Period => day.strip_suffix("-01").unwrap_or(day).to_owned(),
        RowCell::Day(text) | RowCell::Failure(text) | RowCell::Json(text) => text.clone(),
        RowCell::Truth(truth) => truth.to_string(),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let text = match place {
        // A program that reads the column as numbers takes the noughts from the code, or gives the year a fraction.
        Place::Jurisdiction if digits(&text) && (3..5).contains(&text.len()) => format!("{text:0>5}"),
        Place::Period => text.strip_suffix(".0").filter(|year| digits(year)).map(str::to_owned).unwrap_or(text),
        _ => text,
    };
    // Nothing has such a name; it is shown to whoever reads what is wrong.
    let text = if text.chars().nth(LONGEST_NAME).is_some() { text.chars().take(LONGEST_NAME).chain(['…']).collect() } else { text };
    Some(text).filter(|text| !text.is_empty() && text != "NA")
}

/// A row of an export whose figures were hidden.
pub(super) fn suppressed() -> FieldError {
    FieldError::new("/numerator", codes::VALUE_UNEXPECTED).saying(
        "Hàng này được xuất ra khi số liệu bị che («suppressed»), nên không có số để nhập. Hãy xoá hàng này.",
        "This row was exported with its figures hidden (suppressed), so there is nothing to import. Delete the row.",
    )
}

/// A cell in a column without a header.
pub(super) fn nameless(letters: &str) -> FieldError {
    FieldError::new(format!("/{letters}"), codes::FIELD_UNKNOWN).saying(
        format!("Cột {letters} không có tiêu đề nhưng có dữ liệu. Hãy ghi tiêu đề cho cột, bỏ ô gộp, hoặc xoá dữ liệu trong cột."),
        format!("Column {letters} has no header, but something stands in it. Name it, undo merged cells, or empty it."),
    )
}

/// A cell that a sheet could not compute.
pub(super) fn failure(member: &str, shown: &str) -> FieldError {
    FieldError::new(format!("/{member}"), codes::FIELD_TYPE).saying(
        format!("Ô này hiện lỗi của bảng tính «{shown}», không có giá trị. Hãy sửa công thức hoặc ghi thẳng giá trị."),
        format!("The cell shows a spreadsheet's error {shown} in place of a value. Mend the formula or type the value."),
    )
}

/// A cell that a sheet turned into a date.
pub(super) fn day(member: &str, day: &str) -> FieldError {
    let wanted = if member == "indicator" { ("mã chỉ tiêu", "the indicator's code") } else { ("một số", "a number") };
    let detail = said(
        format!("Ô này chứa ngày {day}, không phải {}: bảng tính đã tự đổi. Hãy đặt định dạng cột là văn bản rồi gõ lại.", wanted.0),
        format!(
            "The cell holds the date {day}, not {}: the spreadsheet has changed it. Format the column as text and type it again.",
            wanted.1
        ),
    );
    let pointer = format!("/{member}");
    if member == "indicator" { references::mistaken(&pointer, detail) } else { FieldError::new(pointer, codes::FIELD_TYPE).told(detail) }
}

/// The same where the file no longer knows that it is a date.
pub(super) fn perhaps_a_day(fault: FieldError) -> FieldError {
    let told = fault.detail.clone().and(&said(
        "Nếu bảng tính đã tự đổi mã thành ngày, hãy đặt định dạng cột là văn bản rồi gõ lại.",
        "If the spreadsheet has made a date of the code, format the column as text and type it again.",
    ));
    fault.told(told)
}

/// A number that could be one or a thousand times as much.
pub(super) fn ambiguous(member: &str, written: &str) -> FieldError {
    FieldError::new(format!("/{member}"), codes::NUMBER_AMBIGUOUS).saying(
        format!("«{written}» có thể hiểu theo hai cách: dấu chấm hoặc phẩy là phân cách hàng nghìn hay phần thập phân. Hãy ghi không có dấu phân cách hàng nghìn."),
        format!("'{written}' can be read in two ways: the mark may group thousands or begin the fraction. Write it without grouping thousands."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_a_report_is_read_as_sheets_write_it() {
        let text = |text: &str| RowCell::Text(text.to_owned());
        for (place, cell, name) in [
            (Place::Jurisdiction, RowCell::Number("9385".to_owned()), Some("09385")),
            (Place::Jurisdiction, text("24"), Some("24")),
            (Place::Period, text(" 2026.0 "), Some("2026")),
            (Place::Period, RowCell::Day("2026-03-01".to_owned()), Some("2026-03")),
            (Place::Unit, RowCell::Day("2026-03-01".to_owned()), Some("2026-03-01")),
            (Place::Plan, text("NA"), None),
            (Place::Plan, text("  "), None),
        ] {
            assert_eq!(name_in(place, &cell).as_deref(), name, "{cell:?}");
        }
    }

    #[test]
    fn a_long_name_is_cut_and_shows_it() {
        let name = |length: usize| name_in(Place::Unit, &RowCell::Text("ệ".repeat(length))).unwrap_or_default();
        assert_eq!(name(LONGEST_NAME), "ệ".repeat(LONGEST_NAME));
        assert_eq!(name(LONGEST_NAME + 1), format!("{}…", "ệ".repeat(LONGEST_NAME)));
        assert_eq!(name(1_000_000).chars().count(), LONGEST_NAME + 1);
    }
}
