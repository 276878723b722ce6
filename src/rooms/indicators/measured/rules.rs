//! What an indicator must be to make sense, what its fields are when they are left out, and which of its changes change
//! its meaning. Pure.

use super::wire::IndicatorIn;
use crate::figures::{MeasureKind, RollUp, TargetValue, ZeroDenominator};
use crate::problem::{Faults, FieldError, Problem, Result, codes};
use crate::rooms::indicators::definition::{Definition, ExtraInput, ExtraType, Plausible};
use crate::values::Ref;
use crate::values::decimal::Decimal4;
use crate::values::id::GoalId;
use crate::values::period::{Frequency, ReferencePeriod};
use std::collections::HashSet;

/// How often an indicator is reported.
pub(super) fn frequency(input: &IndicatorIn) -> Frequency {
    input.frequency.unwrap_or(Frequency::Annual)
}

/// What an indicator means, with the fields that were left out.
pub(super) fn definition(input: &IndicatorIn) -> Definition {
    Definition {
        name: input.name.clone(),
        statement: input.statement.clone(),
        measure_kind: input.measure_kind,
        multiplier: input.multiplier.or_else(|| usual_multiplier(input.measure_kind)),
        unit_of_measure: input.unit_of_measure.clone(),
        direction: input.direction,
        baseline: input.baseline,
        targets: input.targets.clone(),
        reference_period: input.reference_period.unwrap_or(match frequency(input) {
            Frequency::Annual => ReferencePeriod::CalendarYear,
            Frequency::Quarterly => ReferencePeriod::Quarter,
            Frequency::Monthly => ReferencePeriod::Month,
        }),
        numerator_definition: input.numerator_definition.clone(),
        denominator_definition: input.denominator_definition.clone(),
        integer_parts: input.integer_parts.unwrap_or(true),
        valid_min: input.valid_min,
        valid_max: input.valid_max,
        tolerance: input.tolerance.unwrap_or(Decimal4::ZERO),
        extra_inputs: input.extra_inputs.clone(),
        zero_denominator: input.zero_denominator.unwrap_or(ZeroDenominator::NotAllowed),
        roll_up: input.roll_up.unwrap_or(match input.measure_kind {
            MeasureKind::Count => RollUp::Sum,
            MeasureKind::Qualitative => RollUp::All,
            MeasureKind::Percentage | MeasureKind::Ratio | MeasureKind::RatePerN => RollUp::RatioOfSums,
        }),
        official_definition: input.official_definition.clone(),
        national_comparison: input.national_comparison.clone(),
        plausible: input.plausible,
        codes: input.codes.clone(),
        editorial_note: input.editorial_note.clone(),
        source: input.source.clone(),
        transcription: input.transcription.clone(),
    }
}

/// A rate has no usual multiplier: per how many people is what it says.
fn usual_multiplier(kind: MeasureKind) -> Option<Decimal4> {
    match kind {
        MeasureKind::Percentage => Decimal4::from_int(100),
        MeasureKind::Ratio | MeasureKind::Count => Decimal4::from_int(1),
        MeasureKind::RatePerN | MeasureKind::Qualitative => None,
    }
}

/// Whether two definitions make the same value of the same figures and hold it against the same target. Names, notes and
/// sources may differ.
pub(super) fn same_meaning(one: &Definition, other: &Definition) -> bool {
    *one == other.clone().in_words_of(one)
}

/// Which years are free for another meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Years {
    /// The first year of which no regular period that asks the indicator was opened.
    pub first_free: i32,
    /// Whether a period of any kind was opened with the newest version.
    pub newest_is_asked: bool,
    /// The latest year of which a regular period of its frequency was opened, whether or not it asked the indicator.
    pub opened: Option<i32>,
}

/// Goes on only if an indicator may end with another year than so far; without one it ends with the plan.
///
/// # Errors
/// 409 `indicator.frozen` with `first_free_year`, if years were opened that would be cut off, or that it would come back into.
pub(super) fn ends(before: Option<i32>, after: Option<i32>, years: &Years) -> Result<()> {
    let first_free = years.first_free;
    if after.is_some_and(|last| last < first_free - 1) && after != before {
        return Err(Problem::new(codes::INDICATOR_FROZEN)
            .saying(
                format!("Kỳ báo cáo đến năm {} đã mở và hỏi chỉ tiêu này, nên chỉ tiêu không thể kết thúc sớm hơn. Hãy chọn năm cuối từ năm đó trở đi.", first_free - 1),
                format!("A period of {} that asks the indicator has been opened, so it cannot end before. Choose that year or a later one.", first_free - 1),
            )
            .member("first_free_year", first_free)
            .into());
    }
    match (before, years.opened) {
        (Some(last), Some(opened)) if opened > last && after.is_none_or(|after| after > last) => Err(Problem::new(codes::INDICATOR_FROZEN)
            .saying(
                format!(
                    "Chỉ tiêu đã kết thúc năm {last} và kỳ báo cáo năm {opened} đã mở không có chỉ tiêu này. Hãy lập chỉ tiêu mới từ năm {}, nối tiếp chỉ tiêu này («continues»).",
                    opened + 1
                ),
                format!(
                    "The indicator ended with {last}, and a period of {opened} has been opened without it. Make a new one from {} on that continues it.",
                    opened + 1
                ),
            )
            .member("first_free_year", opened + 1)
            .into()),
        _ => Ok(()),
    }
}

/// The version under which a change of meaning stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NextVersion {
    pub effective_from: i32,
    /// Whether it is one more; else the newest is changed in place.
    pub is_new: bool,
}

/// From when on a change of meaning holds: from the year that was named, else from the first that is free. A version that holds from
/// that very year and was not asked yet is changed in place. A year that comes `alone`, without another meaning, moves such a version.
///
/// # Errors
/// 422 `effective_from.order` for a year before the newest version's, 409 `indicator.frozen` with `first_free_year` for one that is not free.
pub(super) fn next_version(newest: i32, years: &Years, named: Option<i32>, alone: bool) -> Result<NextVersion> {
    let Years { first_free, newest_is_asked, .. } = *years;
    let wanted = named.unwrap_or(first_free.max(newest));
    if wanted < newest {
        let fault = FieldError::new("/effective_from", codes::EFFECTIVE_FROM_ORDER).saying(
            format!("Định nghĩa mới nhất của chỉ tiêu áp dụng từ năm {newest}; định nghĩa mới phải áp dụng từ năm đó trở đi, không phải từ năm {wanted}."),
            format!("The newest definition holds from {newest} on; another one must hold from that year or later, not from {wanted}."),
        );
        return Err(Problem::invalid(vec![fault]).into());
    }
    if wanted < first_free {
        return Err(Problem::new(codes::INDICATOR_FROZEN)
            .saying(
                format!("Kỳ báo cáo của năm {wanted} đã mở nên định nghĩa của năm đó được giữ nguyên. Năm sớm nhất còn đổi được là {first_free}."),
                format!("A period of {wanted} has been opened, so its definition stays as it was. The first year that is free is {first_free}."),
            )
            .member("first_free_year", first_free)
            .into());
    }
    Ok(NextVersion { effective_from: wanted, is_new: newest_is_asked || (wanted != newest && !alone) })
}

/// Notes it if an indicator and the printed target that it measures belong to different goals.
pub(super) fn same_goal(goal: &GoalId, of_printed: &GoalId, faults: &mut Faults) {
    if goal != of_printed {
        faults.add(FieldError::new("/goal", codes::FIELD_CONFLICT).saying(
            "Chỉ tiêu in trong kế hoạch thuộc mục tiêu khác; hai mục tiêu phải là một. Hãy sửa mục tiêu, hoặc chọn chỉ tiêu in khác.",
            "The printed target belongs to another goal; the two must be the same.",
        ));
    }
}

/// Notes what a list names a second time; `found` are the things themselves, so that an id and a code of the same one count as
/// one.
pub(super) fn once(found: &[Option<Ref>], named: &[&str], pointer: impl Fn(usize) -> String, faults: &mut Faults) {
    let mut seen = HashSet::new();
    for (at, (thing, name)) in found.iter().zip(named).enumerate() {
        if thing.as_ref().is_some_and(|thing| !seen.insert(thing)) {
            faults.add(twice(pointer(at), name));
        }
    }
}

/// Notes all that does not go together in a definition, at its place in the body.
pub(super) fn coherent(it: &Definition, frequency: Frequency, faults: &mut Faults) {
    numbers(it, faults);
    targets(it, faults);
    if !fits(it.roll_up, it.measure_kind, frequency) {
        faults.add(FieldError::new("/roll_up", codes::FIELD_CONFLICT).saying(
            "Cách tổng hợp không hợp với loại chỉ tiêu: «ratio_of_sums» cho tỷ lệ, «sum» cho số lượng, «all» cho chỉ tiêu định tính, \
             «share_of_periods» cho chỉ tiêu quý hoặc tháng.",
            "The roll-up does not fit the measure: ratio_of_sums is for quotients, sum for counts, all for what is qualitative, \
             share_of_periods for quarterly or monthly indicators.",
        ));
    }
    extra_inputs(&it.extra_inputs, faults);
    believable(it, faults);
}

/// Notes what makes no sense of the bounds of belief, and a code that stands twice.
fn believable(it: &Definition, faults: &mut Faults) {
    if let Some(Plausible { min, max, max_factor }) = it.plausible {
        if min.zip(max).is_some_and(|(min, max)| min > max) {
            faults.add(FieldError::new("/plausible/max", codes::FIELD_CONFLICT).saying(
                "Giá trị lớn nhất («max») không được nhỏ hơn giá trị nhỏ nhất («min»). Hãy sửa một trong hai.",
                "max is at least min.",
            ));
        }
        if max_factor.is_some_and(|factor| Decimal4::from_int(1).is_some_and(|one| factor <= one)) {
            faults.add(
                FieldError::new("/plausible/max_factor", codes::FIELD_RANGE)
                    .saying("Hệ số chênh lệch («max_factor») phải lớn hơn 1.", "max_factor is above 1."),
            );
        }
    }
    let mut seen = HashSet::new();
    for (at, code) in it.codes.iter().enumerate().filter(|(_, code)| !seen.insert(*code)) {
        faults.add(FieldError::new(format!("/codes/{at}"), codes::FIELD_CONFLICT).saying(
            format!("Mã «{}» của «{}» xuất hiện hai lần. Hãy bỏ một dòng.", code.code, code.scheme),
            format!("The code '{}' of '{}' stands twice.", code.code, code.scheme),
        ));
    }
}

fn numbers(it: &Definition, faults: &mut Faults) {
    match it.multiplier {
        Some(multiplier) if multiplier.is_negative() || multiplier.is_zero() => {
            faults.add(FieldError::new("/multiplier", codes::FIELD_RANGE).saying("Hệ số phải lớn hơn 0.", "A multiplier is above 0."));
        }
        None if it.measure_kind == MeasureKind::RatePerN => {
            faults.add(FieldError::new("/multiplier", codes::FIELD_MISSING).saying(
                "Tỷ suất phải nêu tính trên bao nhiêu người («multiplier»), ví dụ 1000 hoặc 100000.",
                "A rate must say per how many people it is, 1000 or 100000 say.",
            ));
        }
        _ => {}
    }
    if it.tolerance.is_negative() {
        faults.add(FieldError::new("/tolerance", codes::FIELD_RANGE).saying("Sai số không được âm.", "A tolerance is not negative."));
    }
    if let (Some(least), Some(greatest)) = (it.valid_min, it.valid_max)
        && least > greatest
    {
        faults.add(FieldError::new("/valid_max", codes::FIELD_CONFLICT).saying(
            "Giá trị hợp lệ lớn nhất («valid_max») không được nhỏ hơn giá trị hợp lệ nhỏ nhất («valid_min»). Hãy sửa một trong hai.",
            "valid_max is at least valid_min.",
        ));
    }
}

fn targets(it: &Definition, faults: &mut Faults) {
    for (at, target) in it.targets.iter().enumerate() {
        if matches!(target.value, TargetValue::Boolean(_)) && it.measure_kind != MeasureKind::Qualitative {
            faults.add(FieldError::new(format!("/targets/{at}/value"), codes::FIELD_CONFLICT).saying(
                "Chỉ chỉ tiêu định tính mới có mục tiêu là có hoặc không. Hãy ghi một con số.",
                "Only a qualitative indicator is to be answered with yes or no.",
            ));
        }
        if !target.timeframe.is_coherent() {
            faults.add(FieldError::new(format!("/targets/{at}/timeframe"), codes::FIELD_CONFLICT).saying(
                "Năm không hợp với loại thời hạn: «by_year» chỉ có năm cuối («to»); «every_…_from» có năm đầu («from») và có thể có năm cuối không sớm hơn; «none_stated» không có năm.",
                "The years do not fit the type: by_year has `to` alone, every_…_from has `from` and perhaps a `to` not before it, none_stated has neither.",
            ));
        }
    }
}

fn fits(roll_up: RollUp, kind: MeasureKind, frequency: Frequency) -> bool {
    match roll_up {
        RollUp::RatioOfSums => matches!(kind, MeasureKind::Percentage | MeasureKind::Ratio | MeasureKind::RatePerN),
        RollUp::Sum => kind == MeasureKind::Count,
        RollUp::All => kind == MeasureKind::Qualitative,
        RollUp::SingleSource => true,
        RollUp::ShareOfPeriods => frequency != Frequency::Annual,
    }
}

fn extra_inputs(inputs: &[ExtraInput], faults: &mut Faults) {
    let mut keys = HashSet::new();
    for (at, input) in inputs.iter().enumerate() {
        if !keys.insert(input.key.as_str()) {
            faults.add(twice(format!("/extra_inputs/{at}/key"), &input.key));
        }
        let choices = input.values.as_deref().unwrap_or_default();
        let mut seen = HashSet::new();
        for (value, choice) in choices.iter().enumerate().filter(|(_, choice)| !seen.insert(choice.as_str())) {
            faults.add(twice(format!("/extra_inputs/{at}/values/{value}"), choice));
        }
        if (input.kind == ExtraType::Enum) == choices.is_empty() {
            faults.add(FieldError::new(format!("/extra_inputs/{at}/values"), codes::FIELD_CONFLICT).saying(
                "Thông tin bổ sung kiểu lựa chọn («enum») phải có danh sách giá trị («values»); kiểu khác thì không.",
                "An input of the type enum has values to choose from; another has none.",
            ));
        }
    }
}

/// A name that stands in its list already.
fn twice(pointer: String, named: &str) -> FieldError {
    FieldError::new(pointer, codes::FIELD_VALUE)
        .saying(format!("«{named}» xuất hiện hai lần. Hãy bỏ một."), format!("'{named}' stands there twice. Leave one of them out."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn input(changes: &Value) -> IndicatorIn {
        let mut body = json!({
            "plan": "KH-BDG-DN-2026-2030", "goal": "G2", "code": "2.3", "name": {"vi": "Tỷ lệ nữ giám đốc", "en": null},
            "statement": {"vi": "Đến năm 2030 đạt ít nhất 30%", "en": null}, "measure_kind": "percentage",
            "unit_of_measure": {"vi": "%", "en": "%"}, "direction": "at_least"
        });
        for (name, value) in changes.as_object().expect("an object") {
            body[name] = value.clone();
        }
        serde_json::from_value(body).expect("an indicator")
    }

    /// The pointers of what does not go together.
    fn faults(changes: &Value) -> Vec<String> {
        let input = input(changes);
        let mut faults = Faults::default();
        coherent(&definition(&input), frequency(&input), &mut faults);
        let problem = faults.check().err().map(crate::problem::Error::into_problem);
        problem.map(|p| p.errors().iter().map(|e| e.pointer.clone()).collect()).unwrap_or_default()
    }

    fn target(value: &Value, timeframe: &Value) -> Value {
        json!({"targets": [{"value": value, "timeframe": timeframe, "wording": {"vi": "đạt", "en": null}}]})
    }

    #[test]
    fn what_is_left_out_follows_from_the_measure() {
        let of = |changes: Value| {
            let d = definition(&input(&changes));
            (d.multiplier.map(|m| m.to_string()), json!([d.roll_up, d.reference_period, d.zero_denominator, d.integer_parts, d.tolerance]))
        };
        let annual = |roll_up: &str| json!([roll_up, "calendar_year", "not_allowed", true, 0]);
        assert_eq!(of(json!({})), (Some("100".to_owned()), annual("ratio_of_sums")));
        assert_eq!(of(json!({"measure_kind": "ratio"})), (Some("1".to_owned()), annual("ratio_of_sums")));
        assert_eq!(of(json!({"measure_kind": "count"})), (Some("1".to_owned()), annual("sum")));
        assert_eq!(of(json!({"measure_kind": "qualitative"})), (None, annual("all")));
        assert_eq!(of(json!({"frequency": "monthly"})).1[1], json!("month"));
        assert_eq!(of(json!({"frequency": "quarterly"})).1[1], json!("quarter"));
    }

    #[test]
    fn numbers_must_make_sense() {
        assert!(faults(&json!({"valid_min": 0, "valid_max": 0, "tolerance": 0.5})).is_empty());
        assert_eq!(faults(&json!({"multiplier": 0})), ["/multiplier"]);
        assert_eq!(faults(&json!({"measure_kind": "rate_per_n"})), ["/multiplier"], "per how many?");
        assert!(faults(&json!({"measure_kind": "rate_per_n", "multiplier": 100_000})).is_empty());
        assert_eq!(faults(&json!({"valid_min": 100, "valid_max": 0, "tolerance": -1})), ["/tolerance", "/valid_max"]);
    }

    #[test]
    fn bounds_of_belief_make_sense_and_codes_stand_once() {
        let given = |min: Value, max: Value, factor: Value| faults(&json!({"plausible": {"min": min, "max": max, "max_factor": factor}}));
        assert!(given(json!(5), json!(5), json!(1.1)).is_empty() && given(Value::Null, json!(5), Value::Null).is_empty());
        assert_eq!(given(json!(6), json!(5), json!(1)), ["/plausible/max", "/plausible/max_factor"]);
        let code = |scheme: &str| json!({"scheme": scheme, "code": "5.5.2"});
        assert_eq!(faults(&json!({"codes": [code("SDG"), code("TT10"), code("SDG")]})), ["/codes/2"]);
        let plain = definition(&input(&json!({})));
        assert!(same_meaning(&plain, &definition(&input(&json!({"codes": [code("SDG")], "plausible": {"min": 1}})))));
    }

    #[test]
    fn a_yes_is_a_target_of_qualitative_indicators_alone() {
        let by_2030 = json!({"type": "by_year", "from": null, "to": 2030});
        let mut yes = target(&json!(true), &by_2030);
        assert_eq!(faults(&yes), ["/targets/0/value"]);
        yes["measure_kind"] = json!("qualitative");
        assert!(faults(&yes).is_empty());
        let mut threshold = target(&json!(1), &by_2030);
        threshold["measure_kind"] = json!("qualitative");
        assert!(faults(&threshold).is_empty(), "the threshold of its yes");
        assert_eq!(faults(&target(&json!(30), &json!({"type": "by_year", "from": 2026, "to": 2030}))), ["/targets/0/timeframe"]);
    }

    #[test]
    fn roll_ups_fit_their_measure() {
        let fits = |kind: &str, frequency: &str, roll_up: &str| {
            faults(&json!({"measure_kind": kind, "multiplier": 1, "frequency": frequency, "roll_up": roll_up})).is_empty()
        };
        assert!(fits("ratio", "annual", "single_source"), "3.1");
        assert!(fits("count", "quarterly", "share_of_periods"), "6.3");
        assert!(fits("qualitative", "monthly", "share_of_periods"), "6.4");
        assert!(!fits("count", "annual", "share_of_periods") && !fits("count", "annual", "ratio_of_sums"));
        assert!(!fits("percentage", "annual", "sum") && !fits("percentage", "annual", "all") && !fits("qualitative", "annual", "sum"));
    }

    #[test]
    fn further_inputs_are_told_apart() {
        let key =
            |key: &str, kind: &str, values: Value| json!({"key": key, "name": {"vi": key, "en": null}, "type": kind, "values": values});
        let given = |inputs: Value| faults(&json!({"extra_inputs": inputs}));
        assert!(given(json!([key("hours_unit", "enum", json!(["day", "week"])), key("sample_size", "integer", Value::Null)])).is_empty());
        assert_eq!(given(json!([key("hours_unit", "enum", Value::Null)])), ["/extra_inputs/0/values"]);
        assert_eq!(given(json!([key("a", "text", json!(["x"]))])), ["/extra_inputs/0/values"]);
        assert_eq!(
            given(json!([key("a", "enum", json!(["x", "x"])), key("a", "text", json!([]))])),
            ["/extra_inputs/0/values/1", "/extra_inputs/1/key"]
        );
    }

    #[test]
    fn a_change_holds_from_the_first_year_that_is_free() {
        let years = |first_free, newest_is_asked| Years { first_free, newest_is_asked, opened: None };
        let next = |newest, years: Years, named: Option<i32>| {
            next_version(newest, &years, named, false).map(|n| (n.effective_from, n.is_new)).map_err(|e| e.code().map(|code| code.code))
        };
        assert_eq!(next(2026, years(2026, false), None), Ok((2026, false)), "nothing was asked yet: in place");
        assert_eq!(next(2026, years(2027, true), None), Ok((2027, true)));
        assert_eq!(next(2026, years(2027, true), Some(2029)), Ok((2029, true)));
        assert_eq!(next(2028, years(2027, false), None), Ok((2028, false)), "a version whose year has not come");
        assert_eq!(next(2028, years(2027, false), Some(2029)), Ok((2029, true)), "2028 keeps its own");
        assert_eq!(next(2026, years(2026, false), Some(2028)), Ok((2028, true)), "2026 and 2027 are asked the first");
        assert_eq!(next(2028, years(2027, false), Some(2027)), Err(Some("effective_from.order")));
        let moved = next_version(2028, &years(2027, false), Some(2029), true).expect("a year that is free");
        assert_eq!(moved, NextVersion { effective_from: 2029, is_new: false });
        assert_eq!(next(2026, years(2028, true), Some(2027)), Err(Some("indicator.frozen")));
        assert_eq!(next(2026, years(2028, true), Some(2025)), Err(Some("effective_from.order")));
    }

    #[test]
    fn a_list_names_a_thing_once_whatever_it_is_called() {
        let unit = Ref::new("id-U5", "U5");
        let mut found = Faults::default();
        once(&[Some(unit.clone()), None, None, Some(unit)], &["U5", "U99", "U99", "id-U5"], |at| format!("/units/{at}/unit"), &mut found);
        let problem = found.check().expect_err("a fault").into_problem();
        assert_eq!(problem.errors().iter().map(|e| e.pointer.as_str()).collect::<Vec<_>>(), ["/units/3/unit"]);
    }

    #[test]
    fn names_and_notes_are_no_meaning() {
        let plain = definition(&input(&json!({"source": {"section": "I.2.b", "lines": [50, 52], "quote": null}})));
        let same = |changes: Value| same_meaning(&plain, &definition(&input(&changes)));
        assert!(same(
            json!({"name": {"vi": "Khác", "en": "Other"}, "statement": {"vi": "Viết lại", "en": null}, "editorial_note": {"vi": "x", "en": null}, "restricted": true, "transcription": {"decimals": 2}})
        ));
        assert!(same(json!({"multiplier": 100, "tolerance": 0, "roll_up": "ratio_of_sums"})), "what is left out and said are one");
        for changes in [
            json!({"numerator_definition": {"vi": "Số nữ giám đốc", "en": null}}),
            target(&json!(31), &json!({"type": "by_year", "from": null, "to": 2030})),
            json!({"direction": "below"}),
            json!({"valid_max": 100}),
            json!({"baseline": {"value": 20, "year": 2025}}),
            json!({"reference_period": "school_year"}),
        ] {
            assert!(!same(changes.clone()), "{changes}");
        }
    }
}
