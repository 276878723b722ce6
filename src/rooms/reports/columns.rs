//! The columns of figures as a table: what an export heads them with, an import knows them by.

use crate::reading::table_file::Column;
use crate::values::text;

/// The columns before those of the dimensions.
pub const BEFORE: [Column; 6] = [
    ("id", "Mã số liệu", "Observation"),
    ("plan", "Kế hoạch", "Plan"),
    ("jurisdiction", "Đơn vị hành chính", "Administrative unit"),
    ("unit", "Đơn vị báo cáo", "Unit"),
    ("period", "Kỳ báo cáo", "Period"),
    ("indicator", "Chỉ tiêu", "Indicator"),
];

/// The columns after those of the dimensions.
pub const AFTER: [Column; 14] = [
    ("numerator", "Tử số", "Numerator"),
    ("denominator", "Mẫu số", "Denominator"),
    ("value", "Giá trị", "Value"),
    ("answer", "Trả lời", "Answer"),
    ("status", "Tình trạng số liệu", "Status"),
    ("suppressed", "Được che", "Suppressed"),
    ("not_applicable", "Lý do không áp dụng", "Not applicable because"),
    ("note", "Ghi chú", "Note"),
    ("extra", "Số liệu kèm theo", "Further inputs"),
    ("reference.from", "Số liệu từ ngày", "About the time from"),
    ("reference.to", "Số liệu đến ngày", "About the time to"),
    ("reference.label", "Số liệu của", "About"),
    ("definition_version", "Phiên bản định nghĩa", "Definition version"),
    ("updated_at", "Đọc được từ", "Readable since"),
];

/// What stands before the code of a dimension whose name another column has.
pub const OF_DIMENSIONS: &str = "disaggregation.";

/// The name of the column that a header calls so, in whatever language, case and spelling of marks.
#[must_use]
pub fn named(header: &str) -> Option<&'static str> {
    let folded = text::fold(header);
    let fits = |(name, vi, en): &&Column| [*name, *vi, *en].iter().any(|word| text::fold(word) == folded);
    BEFORE.iter().chain(&AFTER).find(fits).map(|(name, ..)| *name)
}

/// The header of a dimension's column: its code, unless another column has that name.
#[must_use]
pub fn of_dimension(code: &str) -> String {
    let taken = BEFORE.iter().chain(&AFTER).any(|(name, ..)| *name == code);
    if taken { format!("{OF_DIMENSIONS}{code}") } else { code.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn a_dimension_named_as_a_column_is_told_apart() {
        assert_eq!(of_dimension("sex"), "sex");
        assert_eq!(of_dimension("status"), "disaggregation.status");
    }

    #[test]
    fn a_header_names_one_column_in_every_language() {
        let mut by_word = BTreeMap::new();
        for (name, vi, en) in BEFORE.iter().chain(&AFTER) {
            for word in [name, vi, en] {
                assert_eq!(named(word), Some(*name), "{word}");
                let other = by_word.insert(text::fold(word), name);
                assert!(other.is_none_or(|other| other == name), "{word}");
            }
        }
        assert_eq!((named(" TỬ SỐ "), named("tu so"), named("sex")), (Some("numerator"), Some("numerator"), None));
    }
}
