//! The definition of an indicator, as far as the rules need it. Definitions are data, not code: the plan's own 21
//! indicators differ in these fields only.

use crate::values::decimal::Decimal4;
use crate::values::period::Frequency;
use crate::values::text::Bilingual;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use utoipa::ToSchema;
use utoipa::openapi::schema::OneOfBuilder;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};

/// What kind of number an indicator is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MeasureKind {
    /// A part of a whole: numerator / denominator × 100.
    Percentage,
    /// One quantity against another: numerator / denominator × multiplier.
    Ratio,
    /// Cases per so many people: numerator / denominator × multiplier.
    RatePerN,
    /// A number of things: the numerator.
    Count,
    /// A yes or a no.
    Qualitative,
}

/// Which values meet the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The target or more.
    AtLeast,
    /// The target or less.
    AtMost,
    /// Less than the target, which itself does not meet it.
    Below,
    /// The target itself.
    Exactly,
    /// What has been reached is kept: the target or more, but more is no merit.
    Maintain,
}

/// How the figures of several units, or of several periods, become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RollUp {
    /// Sum the numerators, sum the denominators, then divide; percentages are never averaged.
    RatioOfSums,
    /// Sum the numerators.
    Sum,
    /// Yes if every reporting unit says yes.
    All,
    /// One unit gives it; two that differ need a resolution. Not rolled up over wards.
    SingleSource,
    /// The year's value is 100 × periods that met their target / periods due or accepted so far.
    ShareOfPeriods,
}

/// What a denominator of 0 means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ZeroDenominator {
    /// A mistake: it is refused.
    NotAllowed,
    /// The indicator does not apply.
    NotApplicable,
    /// No case occurred, which is neither 0 nor 100 percent.
    NoCases,
}

/// When a target holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TimeframeType {
    /// To be reached by the year `to`.
    ByYear,
    /// In every year from `from` on.
    EveryYearFrom,
    /// In every quarter from the year `from` on.
    EveryQuarterFrom,
    /// In every month from the year `from` on.
    EveryMonthFrom,
    /// The plan states no time.
    NoneStated,
}

/// When a target holds, with its years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"type": "by_year", "from": null, "to": 2030}))]
pub struct Timeframe {
    /// When it holds.
    #[serde(rename = "type")]
    pub kind: TimeframeType,
    /// The first year, of the `every_…_from` types only.
    #[schema(required = false)]
    pub from: Option<i32>,
    /// The last year; for `by_year` the year itself.
    #[schema(required = false)]
    pub to: Option<i32>,
}

impl Timeframe {
    /// Whether the years fit the type: `by_year` has `to` alone, `every_…_from` has `from` and perhaps a later `to`,
    /// `none_stated` has none.
    #[must_use]
    pub fn is_coherent(&self) -> bool {
        match self.kind {
            TimeframeType::ByYear => self.from.is_none() && self.to.is_some(),
            TimeframeType::NoneStated => self.from.is_none() && self.to.is_none(),
            TimeframeType::EveryYearFrom | TimeframeType::EveryQuarterFrom | TimeframeType::EveryMonthFrom => {
                self.from.is_some_and(|from| self.to.is_none_or(|to| from <= to))
            }
        }
    }

    /// Whether the target is to be met in a year: `by_year` from that year on (until the next milestone), `none_stated` in
    /// every year.
    #[must_use]
    pub fn holds_in(&self, year: i32) -> bool {
        match self.kind {
            TimeframeType::ByYear => self.to.is_some_and(|to| to <= year),
            TimeframeType::NoneStated => true,
            TimeframeType::EveryYearFrom | TimeframeType::EveryQuarterFrom | TimeframeType::EveryMonthFrom => {
                self.from.is_none_or(|from| from <= year) && self.to.is_none_or(|to| year <= to)
            }
        }
    }
}

/// The value of a target: a number, or the yes or no of a qualitative indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum TargetValue {
    /// A number in the indicator's unit of measure. For a qualitative indicator the numerator from which on the answer is yes.
    Number(Decimal4),
    /// The answer that meets the target.
    Boolean(bool),
}

impl<'de> Deserialize<'de> for TargetValue {
    /// Through a JSON value: an untagged enum would not hand on the digits of a number.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::Bool(answer) => Ok(Self::Boolean(answer)),
            serde_json::Value::Number(number) => Decimal4::parse(number.as_str()).map(Self::Number).map_err(D::Error::custom),
            _ => Err(D::Error::custom("neither a number nor a boolean")),
        }
    }
}

impl utoipa::PartialSchema for TargetValue {
    fn schema() -> RefOr<Schema> {
        OneOfBuilder::new()
            .item(<Decimal4 as utoipa::PartialSchema>::schema())
            .item(ObjectBuilder::new().schema_type(Type::Boolean).description(Some("The answer that meets the target.")))
            .description(Some("A number, or the yes or no of a qualitative indicator."))
            .into()
    }
}
impl ToSchema for TargetValue {}

/// A target of an indicator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"value": 70, "timeframe": {"type": "by_year", "from": null, "to": 2030}, "wording": {"vi": "Phấn đấu đến năm 2030 đạt 70%", "en": null}}))]
pub struct Target {
    /// What is to be reached.
    pub value: TargetValue,
    /// The dimensions, by code, of whose every value the target holds by itself (girls and boys, each): the whole is then no
    /// better than its worst part. Left out where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20, example = json!([]))]
    pub applies_to_each: Vec<String>,
    /// When.
    pub timeframe: Timeframe,
    /// In the plan's words.
    pub wording: Bilingual,
}

/// Where an indicator started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"value": 55, "year": null}))]
pub struct Baseline {
    /// The value at the start.
    pub value: Decimal4,
    /// Its year; left out, the year before the plan starts.
    #[schema(required = false)]
    pub year: Option<i32>,
}

/// What the rules need to know of an indicator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// What kind of number it is.
    pub kind: MeasureKind,
    /// By what a quotient is multiplied: 100, 1,000, 100,000 or 1.
    pub multiplier: Decimal4,
    /// Which values meet the target.
    pub direction: Direction,
    /// How several figures become one.
    pub roll_up: RollUp,
    /// What a denominator of 0 means.
    pub zero_denominator: ZeroDenominator,
    /// By how much a value may miss the target and still meet it, in the unit of measure ("khoảng 100 %").
    pub tolerance: Decimal4,
    /// How often it is reported.
    pub frequency: Frequency,
    /// Where it started.
    pub baseline: Option<Baseline>,
    /// Its targets, as the plan prints them.
    pub targets: Vec<Target>,
    /// The least value that can be right.
    pub valid_min: Option<Decimal4>,
    /// The greatest value that can be right.
    pub valid_max: Option<Decimal4>,
    /// Whether numerator and denominator are whole numbers.
    pub integer_parts: bool,
}

impl Measure {
    /// Whether a value comes from a numerator and a denominator.
    #[must_use]
    pub fn is_quotient(&self) -> bool {
        matches!(self.kind, MeasureKind::Percentage | MeasureKind::Ratio | MeasureKind::RatePerN)
    }

    /// Whether it is answered with yes or no.
    #[must_use]
    pub fn is_qualitative(&self) -> bool {
        self.kind == MeasureKind::Qualitative
    }

    /// Whether one of its targets holds for each part by itself.
    #[must_use]
    pub fn is_judged_by_parts(&self) -> bool {
        self.targets.iter().any(|target| !target.applies_to_each.is_empty())
    }

    /// The numerator from which on a qualitative indicator is a yes: its numeric target (6.4: 1). Without one a count
    /// beside the answer is auxiliary and answers nothing (5.1).
    #[must_use]
    pub fn answer_threshold(&self) -> Option<Decimal4> {
        self.targets.iter().filter(|_| self.is_qualitative()).find_map(|target| match target.value {
            TargetValue::Number(threshold) => Some(threshold),
            TargetValue::Boolean(_) => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::samples::{decimal, measure};
    use serde_json::json;

    #[test]
    fn target_values_are_exact_numbers_or_answers() {
        let read = |text: &str| serde_json::from_str::<TargetValue>(text).ok();
        assert_eq!(read("1.4"), Some(TargetValue::Number(decimal("1.4"))));
        assert_eq!(read("true"), Some(TargetValue::Boolean(true)));
        for refused in ["1.00001", "\"1\"", "null", "[1]", "1e12"] {
            assert_eq!(read(refused), None, "{refused}");
        }
        assert_eq!(json!([TargetValue::Number(decimal("70")), TargetValue::Boolean(false)]), json!([70, false]));
    }

    #[test]
    fn targets_refuse_what_they_do_not_know() {
        let target = json!({"value": 4, "timeframe": {"type": "every_quarter_from", "from": 2026, "to": 2030}, "wording": {"vi": "mỗi quý có ít nhất 04 tin, bài"}});
        let read: Target = serde_json::from_value(target.clone()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap()["timeframe"], target["timeframe"]);
        let mut unknown = target;
        unknown["timeframe"]["year"] = json!(2030);
        assert!(serde_json::from_value::<Target>(unknown).is_err());
    }

    #[test]
    fn years_must_fit_the_type() {
        let frame = |kind, from, to| Timeframe { kind, from, to }.is_coherent();
        assert!(frame(TimeframeType::ByYear, None, Some(2030)));
        assert!(!frame(TimeframeType::ByYear, Some(2026), Some(2030)));
        assert!(!frame(TimeframeType::ByYear, None, None));
        assert!(frame(TimeframeType::EveryYearFrom, Some(2025), None));
        assert!(!frame(TimeframeType::EveryMonthFrom, Some(2031), Some(2030)));
        assert!(!frame(TimeframeType::NoneStated, None, Some(2030)));
    }

    #[test]
    fn only_6_4_is_answered_by_its_count() {
        assert_eq!(measure("6.4").answer_threshold(), Some(decimal("1")));
        assert_eq!(measure("5.1").answer_threshold(), None);
        assert_eq!(measure("6.3").answer_threshold(), None);
    }

    #[test]
    fn the_document_offers_a_number_or_a_boolean() {
        let schema = serde_json::to_value(<TargetValue as utoipa::PartialSchema>::schema()).unwrap();
        let types: Vec<_> = schema["oneOf"].as_array().unwrap().iter().map(|item| item["type"].clone()).collect();
        assert_eq!(types, ["number", "boolean"]);
    }
}
