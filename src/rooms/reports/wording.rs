//! What there is to say of a figure that is missing, wrong or misplaced, in the words of who fills in the form: pure.

use crate::figures::{Amounts, Measure, MeasureKind, Observation};
use crate::problem::{Said, said, words};
use crate::rooms::indicators::{ExtraInput, ExtraType, IndicatorDimension, IndicatorSummary};
use crate::values::decimal::Decimal4;
use std::collections::BTreeMap;

/// An indicator, or a part of it, before a colon.
pub(super) fn of(known: &IndicatorSummary, part: &Said, what: &Said) -> Said {
    let (code, part) = (&known.code, part.bracketed());
    said(format!("Chỉ tiêu {code}{}: {}", part.vi, what.vi), format!("Indicator {code}{}: {}", part.en, what.en))
}

/// By which values a part is split; nothing of a total.
pub(super) fn part(known: &IndicatorSummary, disaggregation: &BTreeMap<String, String>) -> Said {
    words::listed(disaggregation.iter().map(|(dimension, value)| {
        let found = dimension_of(known, dimension).and_then(|d| d.values.iter().find(|v| v.code == *value));
        found.map_or_else(|| words::value(value, &said("", "")), |value| Said::from(&value.name))
    }))
}

/// The values of a dimension, as a clerk knows them: he never meets the dimension's code.
pub(super) fn values_of(dimension: &IndicatorDimension) -> Said {
    words::listed(dimension.values.iter().filter(|value| value.active).map(|value| Said::from(&value.name)))
}

fn dimension_of<'a>(known: &'a IndicatorSummary, code: &str) -> Option<&'a IndicatorDimension> {
    known.dimensions.iter().find(|dimension| dimension.code == code)
}

/// Why figures cannot be split by a value of a dimension.
pub(super) fn unknown_part(known: &IndicatorSummary, dimension: &str, value: &str) -> Said {
    let Some(found) = dimension_of(known, dimension) else {
        let there = words::listed(known.dimensions.iter().map(|d| words::value(&d.code, &values_of(d))));
        if known.dimensions.is_empty() {
            return said(
                "không phân tổ, chỉ có số tổng. Hãy bỏ phân tổ của dòng này.",
                "it is not broken down, there is the total alone. Leave the disaggregation out.",
            );
        }
        return said(
            format!("không phân tổ theo «{dimension}». Phân tổ dùng được: {}.", there.vi),
            format!("it is not broken down by '{dimension}'. It can be by: {}.", there.en),
        );
    };
    let there = words::listed(found.values.iter().filter(|value| value.active).map(|value| value.choice()));
    if there.vi.is_empty() {
        return said(
            format!(
                "phân tổ «{dimension}» chưa có giá trị nào. Hãy bỏ phân tổ của dòng này, hoặc để điều phối viên (Phòng Văn hoá - Xã hội) thêm giá trị."
            ),
            format!("the dimension '{dimension}' has no values yet. Leave the disaggregation out, or let the coordinator add values."),
        );
    }
    let gone = found.values.iter().any(|known| known.code == value);
    let (why_vi, why_en) = if gone { ("đã ngừng dùng", "is no longer used") } else { ("không có", "is not one of its values") };
    said(
        format!("phân tổ «{dimension}»: giá trị «{value}» {why_vi}. Giá trị dùng được: {}.", there.vi),
        format!("dimension '{dimension}': '{value}' {why_en}. Its values: {}.", there.en),
    )
}

/// What the parts of a figure are called.
fn member(measure: &Measure, name: &str) -> Said {
    let (vi, en) = match name {
        "numerator" if measure.kind == MeasureKind::Count => ("số lượng (tử số)", "the count (its numerator)"),
        "numerator" => ("tử số", "the numerator"),
        "denominator" => ("mẫu số", "the denominator"),
        "answer" => ("câu trả lời có hoặc không", "the answer yes or no"),
        _ => ("thông tin bổ sung", "the extra inputs"),
    };
    said(vi, en)
}

/// What the indicator wants: its figures, or its answer.
fn wanted(measure: &Measure) -> Said {
    if measure.is_qualitative() {
        return said("câu trả lời có hoặc không", "the answer yes or no");
    }
    if measure.is_quotient() {
        return said("tử số và mẫu số", "the numerator and the denominator");
    }
    said("số lượng (tử số)", "the count (its numerator)")
}

/// A member that is not to be given: beside a reason of not applying, or to an indicator of another kind.
pub(super) fn unexpected(measure: &Measure, name: &str, exempt: bool) -> Said {
    let it = member(measure, name);
    if exempt {
        return said(
            format!("đã ghi lý do không áp dụng nên không ghi kèm {}. Hãy bỏ {}, hoặc bỏ lý do không áp dụng.", it.vi, it.vi),
            format!("it is said not to apply, so {} cannot stand beside. Leave that out, or the reason of not applying.", it.en),
        );
    }
    let wanted = wanted(measure);
    said(
        format!("không dùng {}. Hãy bỏ đi và ghi {}.", it.vi, wanted.vi),
        format!("it does not take {}. Leave that out, and give {}.", it.en, wanted.en),
    )
}

/// Fewer than none.
pub(super) fn negative(measure: &Measure, name: &str, value: Decimal4) -> Said {
    let (it, value) = (member(measure, name), words::number(value));
    said(
        format!("{} là {}, mà số liệu không thể nhỏ hơn 0. Hãy kiểm tra lại dấu trừ.", it.vi, value.vi),
        format!("{} is {}, but a figure cannot be below 0. Check for a stray minus sign.", it.en, value.en),
    )
}

/// A fraction of what is counted.
pub(super) fn not_whole(measure: &Measure, name: &str, value: Decimal4) -> Said {
    let (it, value) = (member(measure, name), words::number(value));
    said(
        format!("{} là {}, mà chỉ tiêu này đếm người hoặc vụ việc nên phải là số nguyên. Hãy bỏ phần thập phân.", it.vi, value.vi),
        format!("{} is {}, but people or cases are counted, so it is a whole number. Remove the fraction.", it.en, value.en),
    )
}

/// A denominator of 0 where that is a mistake.
pub(super) fn zero_denominator() -> Said {
    said(
        "mẫu số không thể bằng 0. Hãy kiểm tra lại mẫu số; nếu đơn vị không có đối tượng nào thì ghi lý do không áp dụng.",
        "the denominator cannot be 0. Check it; if there is nobody to count, give the reason why it does not apply.",
    )
}

/// A part above its whole; `certain` says whether that is a mistake or only worth a look.
pub(super) fn above_whole(amounts: Amounts, certain: bool) -> Said {
    let figures = match (amounts.numerator, amounts.denominator) {
        (Some(numerator), Some(denominator)) => {
            let (n, d) = (words::number(numerator), words::number(denominator));
            said(format!(" ({} > {})", n.vi, d.vi), format!(" ({} > {})", n.en, d.en))
        }
        _ => said("", ""),
    };
    if certain {
        return said(
            format!("Tử số không thể lớn hơn mẫu số{}. Hãy kiểm tra lại hai số, có thể đã đổi chỗ cho nhau.", figures.vi),
            format!("the numerator cannot be above the denominator{}. Check both: they may have been swapped.", figures.en),
        );
    }
    said(
        format!(
            "tử số lớn hơn mẫu số{}. Hãy kiểm tra lại; nếu đúng (ví dụ có người chuyển đến), hãy giải thích trong ghi chú.",
            figures.vi
        ),
        format!(
            "the numerator is above the denominator{}. Check both; if they are right (people who moved here, say), explain it in the note.",
            figures.en
        ),
    )
}

/// A result that cannot be right.
pub(super) fn out_of_range(measure: &Measure, value: Decimal4) -> Said {
    let value = words::number(value);
    let bounds = match (measure.valid_min.map(words::number), measure.valid_max.map(words::number)) {
        (Some(least), Some(most)) => said(format!("từ {} đến {}", least.vi, most.vi), format!("between {} and {}", least.en, most.en)),
        (Some(least), None) => said(format!("từ {} trở lên", least.vi), format!("{} or more", least.en)),
        (None, Some(most)) => said(format!("không quá {}", most.vi), format!("{} or less", most.en)),
        (None, None) => said("khác", "another one"),
    };
    let wanted = wanted(measure);
    said(
        format!("kết quả tính được là {}, mà phải {}. Hãy kiểm tra lại {}.", value.vi, bounds.vi, wanted.vi),
        format!("the result is {}, but must be {}. Check {}.", value.en, bounds.en, wanted.en),
    )
}

/// Neither a total nor a reason.
pub(super) fn missing(measure: &Measure) -> Said {
    let wanted = wanted(measure);
    said(
        format!("chưa có số liệu. Hãy ghi {}, hoặc ghi lý do không áp dụng.", wanted.vi),
        format!("nothing is reported yet. Give {}, or the reason why it does not apply.", wanted.en),
    )
}

/// Half of a figure.
pub(super) fn missing_part(measure: &Measure, observation: &Observation) -> Said {
    let lacking = if measure.is_qualitative() {
        "answer"
    } else if observation.amounts.numerator.is_none() {
        "numerator"
    } else {
        "denominator"
    };
    let it = member(measure, lacking);
    said(format!("còn thiếu {}. Hãy ghi thêm.", it.vi), format!("{} is still missing. Give it too.", it.en))
}

/// An extra input that the indicator does not have.
pub(super) fn unknown_extra(inputs: &[ExtraInput], key: &str) -> Said {
    let there = words::listed(inputs.iter().map(|input| words::value(&input.key, &Said::from(&input.name))));
    if inputs.is_empty() {
        return said(
            format!("không có thông tin bổ sung nào, kể cả «{key}». Hãy bỏ phần đó."),
            format!("it takes no extra inputs, so not '{key}' either. Leave it out."),
        );
    }
    said(
        format!("không có thông tin bổ sung «{key}». Dùng được: {}.", there.vi),
        format!("it has no extra input '{key}'. It has: {}.", there.en),
    )
}

/// An extra input of the wrong kind.
pub(super) fn wrong_extra(input: &ExtraInput) -> Said {
    let name = Said::from(&input.name);
    let wanted = match input.kind {
        ExtraType::Enum => {
            let choices = words::listed(input.values.iter().flatten().map(|choice| words::choice(choice)));
            said(format!("phải là một trong các giá trị {}", choices.vi), format!("must be one of {}", choices.en))
        }
        ExtraType::Integer => said("phải là số nguyên không âm", "must be a whole number, not negative"),
        ExtraType::Number => {
            said("phải là số không âm, nhiều nhất 4 chữ số thập phân", "must be a number, not negative, with at most 4 fractional digits")
        }
        ExtraType::Text => said("phải là chữ, nhiều nhất 4000 ký tự", "must be a text of at most 4000 characters"),
        ExtraType::Boolean => said("phải là có («true») hoặc không («false»)", "must be true or false"),
    };
    let key = &input.key;
    said(format!("thông tin bổ sung «{key}» ({}) {}.", name.vi, wanted.vi), format!("the extra input '{key}' ({}) {}.", name.en, wanted.en))
}
