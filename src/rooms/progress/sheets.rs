//! Progress and completeness as tables.

use super::wire::{CompletenessOut, Progress};
use crate::formats::xlsx::Bars;
use crate::problem::{Error, Result};
use crate::reading::table_file::{Field, Sheet};
use serde_json::{Value, json};

/// What the columns of wards and indicators have in common: whose figures, and of when.
const JURISDICTION: Field = Field::of("jurisdiction", "Đơn vị hành chính", "Administrative unit", "/jurisdiction");
const PERIOD: Field = Field::of("period", "Kỳ báo cáo", "Period", "/period/label");
const INDICATOR: Field = Field::of("indicator", "Chỉ tiêu", "Indicator", "/indicator/code");
const NAME_VI: Field = Field::of("name.vi", "Tên", "Name in Vietnamese", "/name/vi");
const NAME_EN: Field = Field::of("name.en", "Tên tiếng Anh", "Name", "/name/en");
const VALUE: Field = Field::of("value", "Giá trị", "Value", "/value");
const NUMERATOR: Field = Field::of("numerator", "Tử số", "Numerator", "/numerator");
const DENOMINATOR: Field = Field::of("denominator", "Mẫu số", "Denominator", "/denominator");
const ANSWER: Field = Field::of("answer", "Trả lời", "Answer", "/answer");
const RESULT: Field = Field::of("result", "Kết quả", "Result", "/result");
const YEAR_RESULT: Field = Field::of("year_result", "Kết quả so với mốc năm", "Result of the year", "/year_result");
const PACE: Field = Field::of("pace", "Nhịp độ", "Pace", "/pace");
const EXPECTED_UNITS: Field = Field::of("coverage.expected", "Số đơn vị phải báo cáo", "Units that owe it", "/coverage/expected");
const REPORTED_UNITS: Field = Field::of("coverage.reported", "Số đơn vị đã báo cáo", "Units that gave it", "/coverage/reported");
const SUPPRESSED: Field = Field::of("suppressed", "Được che", "Suppressed", "/suppressed");

const INDICATORS: &[Field] = &[
    JURISDICTION,
    PERIOD,
    INDICATOR,
    NAME_VI,
    NAME_EN,
    Field::of("unit_of_measure.vi", "Đơn vị tính", "Unit of measure in Vietnamese", "/unit_of_measure/vi"),
    Field::of("unit_of_measure.en", "Đơn vị tính tiếng Anh", "Unit of measure", "/unit_of_measure/en"),
    Field::of("direction", "Chiều của mục tiêu", "Direction", "/direction"),
    VALUE,
    NUMERATOR,
    DENOMINATOR,
    ANSWER,
    Field::of("previous_value", "Giá trị kỳ trước", "Previous value", "/previous_value"),
    Field::of("change", "Thay đổi", "Change", "/change"),
    Field::of("target", "Mục tiêu của năm", "Target of the year", "/target"),
    Field::of("final_target", "Mục tiêu cuối kỳ", "Final target", "/final_target"),
    RESULT,
    YEAR_RESULT,
    PACE,
    EXPECTED_UNITS,
    REPORTED_UNITS,
    Field::of("partial", "Chưa đủ đơn vị", "Partial", "/partial"),
    SUPPRESSED,
];

const GOALS: &[Field] = &[
    Field::of("goal", "Mục tiêu", "Goal", "/goal/code"),
    RESULT,
    YEAR_RESULT,
    Field::of("counts.exceeded", "Vượt", "Exceeded", "/counts/exceeded"),
    Field::of("counts.achieved", "Đạt", "Achieved", "/counts/achieved"),
    Field::of("counts.partly_achieved", "Đạt một phần", "Partly achieved", "/counts/partly_achieved"),
    Field::of("counts.not_achieved", "Chưa đạt", "Not achieved", "/counts/not_achieved"),
    Field::of("counts.no_cases", "Không phát sinh", "No cases", "/counts/no_cases"),
    Field::of("counts.not_reported", "Chưa báo cáo", "Not reported", "/counts/not_reported"),
    Field::of("counts.not_applicable", "Không áp dụng", "Not applicable", "/counts/not_applicable"),
    Field::of("counts.no_target", "Không có mục tiêu", "No target", "/counts/no_target"),
    Field::of("counts.suppressed", "Được che", "Suppressed", "/counts/suppressed"),
];

/// The columns of the counts of goals, and the colours that say how things stand, also to those who don't see red and green apart:
/// the better the darker blue, what is not reached orange, what says nothing grey.
const COLOURS: [(u16, u32); 9] = [
    (3, 0x08_30_6B),
    (4, 0x21_71_B5),
    (5, 0x9E_CA_E1),
    (6, 0xE6_55_0D),
    (7, 0xC7_E9_C0),
    (8, 0xBD_BD_BD),
    (9, 0xE0_E0_E0),
    (10, 0xF0_F0_F0),
    (11, 0x63_63_63),
];

const PARTS: &[Field] = &[
    JURISDICTION,
    PERIOD,
    INDICATOR,
    Field::of("dimension", "Phân tổ", "Dimension", "/dimension"),
    Field::of("category", "Giá trị phân tổ", "Category", "/category"),
    VALUE,
    NUMERATOR,
    DENOMINATOR,
    RESULT,
    EXPECTED_UNITS,
    REPORTED_UNITS,
    SUPPRESSED,
];

const WARDS: &[Field] =
    &[JURISDICTION, NAME_VI, NAME_EN, PERIOD, INDICATOR, VALUE, NUMERATOR, DENOMINATOR, ANSWER, RESULT, YEAR_RESULT, PACE, SUPPRESSED];

const EXPECTED: Field = Field::of("expected", "Phải nộp", "Expected", "/expected");
const ON_TIME: Field = Field::of("on_time", "Đúng hạn", "On time", "/on_time");
const LATE: Field = Field::of("late", "Trễ hạn", "Late", "/late");
const MISSING: Field = Field::of("missing", "Chưa nộp", "Missing", "/missing");
const OVERDUE: Field = Field::of("overdue", "Quá hạn", "Overdue", "/overdue");
const STATUS: Field = Field::of("status", "Tình trạng", "Status", "/status");

const UNITS: &[Field] = &[
    Field::of("unit", "Đơn vị báo cáo", "Unit", "/unit/code"),
    NAME_VI,
    NAME_EN,
    STATUS,
    Field::instant("due_at", "Hạn nộp", "Due", "/due_at"),
    EXPECTED,
    Field::of("submitted", "Đã nộp", "Submitted", "/submitted"),
    ON_TIME,
    LATE,
    Field::of("accepted", "Được chấp nhận", "Accepted", "/accepted"),
    MISSING,
    OVERDUE,
    Field::instant("excused.at", "Được miễn từ", "Excused since", "/excused/at"),
];

const SENDINGS: &[Field] = &[
    JURISDICTION,
    NAME_VI,
    NAME_EN,
    Field::of("plan", "Kế hoạch", "Plan", "/plan/code"),
    PERIOD,
    STATUS,
    Field::instant("consolidated_due_at", "Hạn gửi tỉnh", "Due to the province", "/consolidated_due_at"),
    Field::instant("sent_at", "Gửi lần đầu", "First sent", "/sent_at"),
    EXPECTED,
    Field::of("sent", "Đã gửi", "Sent", "/sent"),
    ON_TIME,
    LATE,
    Field::of("acknowledged", "Được tiếp nhận", "Acknowledged", "/acknowledged"),
    Field::of("returned", "Bị trả lại", "Returned", "/returned"),
    MISSING,
    OVERDUE,
];

/// Progress: its indicators, goals, parts, and wards.
pub(super) fn of_progress(progress: &Progress) -> Result<Vec<Sheet>> {
    let whose = json!({"jurisdiction": progress.jurisdiction, "period": progress.period});
    let mut indicators = Sheet::of(("Chỉ tiêu", "Indicators"), INDICATORS, &progress.indicators)?;
    indicators.rows.iter_mut().for_each(|row| add(row, &whose));
    let mut goals = Sheet::of(("Mục tiêu", "Goals"), GOALS, &progress.goals)?;
    goals.bars = Some(Bars {
        title: ("Kết quả các chỉ tiêu theo mục tiêu", "Results of the indicators by goal"),
        labels: 0,
        series: COLOURS.to_vec(),
    });
    let mut parts = Sheet { name: ("Phân tổ", "Breakdowns"), fields: PARTS, rows: Vec::new(), bars: None };
    for indicator in &progress.indicators {
        for part in &indicator.breakdowns {
            let mut row = serde_json::to_value(part).map_err(Error::internal)?;
            let (dimension, category) = part.disaggregation.first_key_value().unzip();
            add(&mut row, &json!({"indicator": indicator.indicator, "dimension": dimension, "category": category}));
            add(&mut row, &whose);
            parts.rows.push(row);
        }
    }
    let mut sheets = vec![indicators, goals, parts];
    if !progress.wards.is_empty() {
        let mut wards = Sheet { name: ("Xã, phường", "Wards"), fields: WARDS, rows: Vec::new(), bars: None };
        for ward in &progress.wards {
            let of_ward = json!({"jurisdiction": ward.jurisdiction, "name": ward.name, "period": progress.period});
            for figure in &ward.indicators {
                let mut row = serde_json::to_value(figure).map_err(Error::internal)?;
                add(&mut row, &of_ward);
                wards.rows.push(row);
            }
        }
        sheets.push(wards);
    }
    Ok(sheets)
}

/// Puts what all rows share into one.
fn add(row: &mut Value, shared: &Value) {
    if let (Some(row), Some(shared)) = (row.as_object_mut(), shared.as_object()) {
        row.extend(shared.clone());
    }
}

/// Who has reported: units, or wards.
pub(super) fn of_completeness(told: &CompletenessOut) -> Result<Vec<Sheet>> {
    Ok(vec![match told {
        CompletenessOut::Units(of_units) => Sheet::of(("Đơn vị", "Units"), UNITS, &of_units.units)?,
        CompletenessOut::Wards(of_wards) => Sheet::of(("Xã, phường", "Wards"), SENDINGS, &of_wards.wards)?,
    }])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_is_of_the_counts() {
        let counted = COLOURS.map(|(column, _)| GOALS[usize::from(column)].heading(None));
        assert!(counted.iter().all(|name| name.starts_with("counts.")), "{counted:?}");
        assert_eq!(counted.len(), GOALS.iter().filter(|field| field.heading(None).starts_with("counts.")).count());
    }
}
