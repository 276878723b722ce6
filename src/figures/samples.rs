//! Indicators of the real plan, for the tests of the rules.

use super::{
    Amounts, Baseline, Direction, Measure, MeasureKind, Observation, ObservationStatus, RollUp, Rolled, Target, TargetValue, Timeframe,
    TimeframeType, ZeroDenominator,
};
use crate::values::decimal::Decimal4;
use crate::values::period::Frequency;
use crate::values::text::Bilingual;

/// A decimal from its digits.
pub fn decimal(text: &str) -> Decimal4 {
    Decimal4::parse(text).expect("a decimal")
}

/// What a unit says: a numerator and a denominator (`-` for none), or an answer.
pub fn observation(numerator: &str, denominator: &str, answer: Option<bool>) -> Observation {
    let number = |text: &str| (text != "-").then(|| decimal(text));
    Observation {
        amounts: Amounts { numerator: number(numerator), denominator: number(denominator) },
        answer,
        status: ObservationStatus::Final,
        not_applicable: None,
        definition_version: 1,
    }
}

/// The value of a figure as the wire shows it.
pub fn shown(rolled: &Rolled) -> String {
    rolled.rounded_value().map_or_else(|| "-".to_owned(), |v| v.to_string())
}

/// The measure of an indicator of the plan.
pub fn measure(code: &str) -> Measure {
    use Direction::{AtLeast, AtMost, Below, Exactly, Maintain};
    use MeasureKind::{Count, Percentage, Qualitative, RatePerN, Ratio};
    use ZeroDenominator::{NoCases, NotAllowed, NotApplicable};
    let (kind, direction, multiplier, zero, value) = match code {
        "1.1" => (Percentage, AtLeast, "100", NotAllowed, "70"),
        "2.2" => (Percentage, Below, "100", NotAllowed, "25"),
        "3.1" => (Ratio, AtMost, "1", NotApplicable, "1.4"),
        "3.2a" => (Percentage, AtLeast, "100", NoCases, "90"),
        "4.1" => (Ratio, AtMost, "100", NotApplicable, "109"),
        "4.3" => (RatePerN, AtMost, "1000", NotApplicable, "50"),
        "5.1" => (Qualitative, Exactly, "1", NotApplicable, "true"),
        "5.2b" => (Percentage, AtLeast, "100", NotApplicable, "100"),
        "6.2" => (Percentage, AtLeast, "100", NotAllowed, "100"),
        "6.3" => (Count, AtLeast, "1", NotAllowed, "4"),
        "6.4" => (Qualitative, Maintain, "1", NotAllowed, "true"),
        other => panic!("no sample of {other}"),
    };
    let target = |value: &str, kind, from, to| Target {
        value: if value == "true" { TargetValue::Boolean(true) } else { TargetValue::Number(decimal(value)) },
        applies_to_each: Vec::new(),
        timeframe: Timeframe { kind, from, to },
        wording: Bilingual { vi: value.to_owned(), en: None },
    };
    let every = |value, kind| target(value, kind, Some(2026), Some(2030));
    let targets = match code {
        "5.1" => vec![target(value, TimeframeType::NoneStated, None, None)],
        "6.2" => vec![every(value, TimeframeType::EveryYearFrom)],
        "6.3" => vec![every(value, TimeframeType::EveryQuarterFrom), every("100", TimeframeType::EveryYearFrom)],
        "6.4" => vec![every(value, TimeframeType::EveryMonthFrom), every("1", TimeframeType::EveryMonthFrom)],
        _ => vec![target(value, TimeframeType::ByYear, None, Some(2030))],
    };
    Measure {
        kind,
        multiplier: decimal(multiplier),
        direction,
        roll_up: match code {
            "3.1" => RollUp::SingleSource,
            "5.1" => RollUp::All,
            "6.3" | "6.4" => RollUp::ShareOfPeriods,
            _ => RollUp::RatioOfSums,
        },
        zero_denominator: zero,
        tolerance: Decimal4::ZERO,
        frequency: match code {
            "6.3" => Frequency::Quarterly,
            "6.4" => Frequency::Monthly,
            _ => Frequency::Annual,
        },
        baseline: (code == "4.3").then(|| Baseline { value: decimal("55"), year: None }),
        targets,
        valid_min: Some(Decimal4::ZERO),
        valid_max: matches!(code, "1.1" | "2.2" | "3.2a" | "6.2").then(|| decimal("100")),
        integer_parts: code != "3.1",
    }
}
