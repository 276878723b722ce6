//! The parts of a figure: what units say of women and of men, of each age, each kind of enterprise. A part is made of what was
//! given for it and rolled up as its whole is; nothing is found by taking other parts from the whole.

use super::definition::Measure;
use super::judge::{self, Outcome};
use super::observation::Observation;
use super::rollup::Rolled;
use crate::values::period::Label;
use serde::{Deserialize, Serialize};
use std::iter::Sum;
use utoipa::ToSchema;

/// How many of those who owe a figure have given it. Over several periods, and over wards, each obligation counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"expected": 4, "reported": 3}))]
pub struct Coverage {
    /// The units that owe it; one that is excused only if it has given it.
    pub expected: u32,
    /// Those of them that have given a figure, or a reason why it does not concern them.
    pub reported: u32,
}

impl Coverage {
    /// So many of so many.
    #[must_use]
    pub fn of(reported: usize, expected: usize) -> Self {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { expected: count(expected), reported: count(reported) }
    }

    /// How many have not given what they owe.
    #[must_use]
    pub fn missing(self) -> usize {
        usize::try_from(self.expected.saturating_sub(self.reported)).unwrap_or(usize::MAX)
    }
}

impl Sum for Coverage {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, one| Self { expected: sum.expected + one.expected, reported: sum.reported + one.reported })
    }
}

/// What is said of one value of a dimension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The dimension, by code.
    pub dimension: String,
    /// The value, by code.
    pub value: String,
    /// The figure.
    pub rolled: Rolled,
    /// Who gave it.
    pub coverage: Coverage,
    /// Whether it is hidden from the reader.
    pub hidden: bool,
}

/// What a unit says of a part: what it gave for it, or its total where that leaves nothing to split (0, or not applicable).
#[must_use]
pub fn said_of_part<'a>(total: &'a Observation, given: Option<&'a Observation>) -> Option<&'a Observation> {
    given.or_else(|| (total.not_applicable.is_some() || total.amounts.are_zero()).then_some(total))
}

/// How a figure stands against the final target. Where that holds for each part by itself the whole is no better than its worst
/// part.
#[must_use]
pub fn judge_with_parts(measure: &Measure, period: Label, rolled: &Rolled, parts: &[Part]) -> Outcome {
    let each = judge::final_target_of_each(measure, period);
    worst(judge::judge(measure, period, rolled), parts, each, |part| judge::judge(measure, period, part))
}

/// How a part stands against the final target, if that holds for each by itself.
#[must_use]
pub fn judge_part(measure: &Measure, period: Label, part: &Part) -> Option<Outcome> {
    judge::final_target_of_each(measure, period).contains(&part.dimension).then(|| judge::judge(measure, period, &part.rolled))
}

/// How the whole stands against the target in force in its period; `None` where there is none.
#[must_use]
pub fn year_result_with_parts(measure: &Measure, period: Label, rolled: &Rolled, parts: &[Part]) -> Option<Outcome> {
    let each = judge::target_in_force_of_each(measure, period);
    let of_part = |part: &Rolled| judge::year_result(measure, period, part).unwrap_or(Outcome::NoTarget);
    judge::year_result(measure, period, rolled).map(|whole| worst(whole, parts, each, of_part))
}

/// A part that is hidden may be the worst, so that what the whole came to would tell of it, unless one that is shown fails already.
fn worst(whole: Outcome, parts: &[Part], each: &[String], judge: impl Fn(&Rolled) -> Outcome) -> Outcome {
    let judged = parts.iter().filter(|part| each.contains(&part.dimension));
    let outcome = |part: &Part| if part.hidden { Outcome::Suppressed } else { judge(&part.rolled) };
    // What nobody has said anything about makes nothing worse.
    let rank = |outcome: &Outcome| match outcome {
        Outcome::NotAchieved => Some(0),
        Outcome::Suppressed => Some(1),
        Outcome::Achieved => Some(2),
        Outcome::Exceeded => Some(3),
        _ => None,
    };
    if rank(&whole).is_none() {
        return whole;
    }
    judged.map(outcome).chain([whole]).filter(|outcome| rank(outcome).is_some()).min_by_key(rank).unwrap_or(whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::samples::{measure, observation};
    use crate::figures::{Target, value_of};

    const Y2027: Label = Label::Year(2027);

    /// 5.2b, whose target holds for girls and boys each.
    fn each_sex() -> Measure {
        let measure = measure("5.2b");
        let targets = measure.targets.iter().cloned().map(|target| Target { applies_to_each: vec!["sex".to_owned()], ..target });
        Measure { targets: targets.collect(), ..measure }
    }

    fn part(dimension: &str, numerator: &str, denominator: &str) -> Part {
        let rolled = value_of(&each_sex(), &observation(numerator, denominator, None));
        Part { dimension: dimension.to_owned(), value: "x".to_owned(), rolled, coverage: Coverage::of(1, 1), hidden: false }
    }

    fn judged(parts: &[Part]) -> (Outcome, Option<Outcome>) {
        let (measure, whole) = (each_sex(), part("", "100", "100").rolled);
        (judge_with_parts(&measure, Y2027, &whole, parts), year_result_with_parts(&measure, Y2027, &whole, parts))
    }

    #[test]
    fn the_whole_is_no_better_than_its_worst_part() {
        let (good, bad, silent) = (part("sex", "50", "50"), part("sex", "20", "50"), part("sex", "-", "-"));
        let alone = judged(&[]).0;
        assert!(matches!(alone, Outcome::Achieved | Outcome::Exceeded));
        assert_eq!(judged(&[good.clone(), good.clone()]).0, alone);
        assert_eq!(judged(&[good.clone(), bad.clone()]).0, Outcome::NotAchieved);
        assert_eq!(judged(&[good.clone(), silent]).0, alone, "what nobody said makes nothing worse");
        assert_eq!(judged(&[part("ethnicity", "20", "50")]).0, alone, "the target names sexes");
    }

    #[test]
    fn what_is_hidden_is_not_told_by_the_whole() {
        let hidden = |part: Part| Part { hidden: true, ..part };
        let (good, bad) = (part("sex", "50", "50"), part("sex", "20", "50"));
        assert_eq!(judged(&[good.clone(), hidden(bad.clone())]).0, Outcome::Suppressed);
        assert_eq!(judged(&[good.clone(), hidden(good)]).0, Outcome::Suppressed);
        assert_eq!(judged(&[bad.clone(), hidden(bad)]).0, Outcome::NotAchieved);
    }

    #[test]
    fn a_total_without_anything_to_split_is_every_part_of_it() {
        let nothing = observation("0", "0", None);
        let some = observation("3", "4", None);
        let none_of_some = observation("0", "4", None);
        assert_eq!(said_of_part(&nothing, None), Some(&nothing));
        assert_eq!(said_of_part(&observation("0", "-", None), None), Some(&observation("0", "-", None)));
        assert_eq!(said_of_part(&some, Some(&none_of_some)), Some(&none_of_some));
        assert_eq!((said_of_part(&some, None), said_of_part(&none_of_some, None)), (None, None), "nobody says which 4 these are");
        let exempt = Observation { not_applicable: Some("Không có".to_owned()), ..observation("-", "-", None) };
        assert_eq!(said_of_part(&exempt, None), Some(&exempt));
    }

    #[test]
    fn coverage_adds_up() {
        let all: Coverage = [Coverage::of(1, 2), Coverage::of(3, 3)].into_iter().sum();
        assert_eq!((all, all.missing(), Coverage::of(3, 3).missing()), (Coverage { expected: 5, reported: 4 }, 1, 0));
    }
}
