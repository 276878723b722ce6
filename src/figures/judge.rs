//! How a figure stands: against the target (`result`), and against the straight line that leads to it (`pace`).

use super::definition::{Direction, Measure, RollUp, Target, TargetValue, TimeframeType};
use super::rollup::{Rolled, State};
use super::shares::period_target;
use crate::values::decimal::{Decimal4, Fraction};
use crate::values::period::Label;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// How a figure stands against its target (đạt và vượt, đạt, đạt một phần, chưa đạt, không phát sinh, chưa báo cáo).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Strictly better than the target; of `at_least` and `at_most` indicators only.
    Exceeded,
    /// The target is met.
    Achieved,
    /// Of a printed target or a goal: some of its items are met.
    PartlyAchieved,
    /// The target is not met.
    NotAchieved,
    /// No case occurred.
    NoCases,
    /// There is nothing to judge yet.
    NotReported,
    /// The indicator does not apply.
    NotApplicable,
    /// There is a figure, and nothing is wanted of it.
    NoTarget,
    /// Hidden from this reader.
    Suppressed,
}

/// Whether the straight line from the baseline to the target is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Pace {
    /// Better than the line.
    Ahead,
    /// On the line, or the target is already met.
    OnTrack,
    /// Worse than the line.
    Behind,
    /// There is no line, and the target is not met.
    Unknown,
}

/// How many items stand how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"exceeded": 0, "achieved": 1, "partly_achieved": 0, "not_achieved": 1, "no_cases": 0, "not_reported": 0, "not_applicable": 0, "no_target": 0, "suppressed": 0}))]
pub struct Counts {
    /// Strictly better than the target.
    pub exceeded: u32,
    /// Met.
    pub achieved: u32,
    /// Met in part.
    pub partly_achieved: u32,
    /// Not met.
    pub not_achieved: u32,
    /// Without a case.
    pub no_cases: u32,
    /// Not yet reported.
    pub not_reported: u32,
    /// Not applicable.
    pub not_applicable: u32,
    /// Without a target.
    #[serde(default)]
    pub no_target: u32,
    /// Hidden from this reader.
    pub suppressed: u32,
}

impl Counts {
    /// Counts them.
    #[must_use]
    pub fn of(outcomes: impl IntoIterator<Item = Outcome>) -> Self {
        let mut counts = Self::default();
        for outcome in outcomes {
            *match outcome {
                Outcome::Exceeded => &mut counts.exceeded,
                Outcome::Achieved => &mut counts.achieved,
                Outcome::PartlyAchieved => &mut counts.partly_achieved,
                Outcome::NotAchieved => &mut counts.not_achieved,
                Outcome::NoCases => &mut counts.no_cases,
                Outcome::NotReported => &mut counts.not_reported,
                Outcome::NotApplicable => &mut counts.not_applicable,
                Outcome::NoTarget => &mut counts.no_target,
                Outcome::Suppressed => &mut counts.suppressed,
            } += 1;
        }
        counts
    }
}

/// What is wanted, and until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Goalpost {
    /// What is to be reached.
    pub value: TargetValue,
    /// When it holds.
    pub kind: TimeframeType,
    /// The year by which it is to be reached, of `by_year`.
    pub by_year: Option<i32>,
}

/// The target by which a period's figure is finally judged: of a year the one that reaches farthest, of a quarter or a
/// month its own. The yearly share of periods is judged against its yearly target, or 100 where the plan states none (6.4).
#[must_use]
pub fn final_target(measure: &Measure, period: Label) -> Option<Goalpost> {
    farthest(measure, period).map(|(goalpost, _)| goalpost)
}

/// The dimensions of whose every value the final target holds by itself.
pub(super) fn final_target_of_each(measure: &Measure, period: Label) -> &[String] {
    farthest(measure, period).map(|(_, each)| each).unwrap_or_default()
}

fn farthest(measure: &Measure, period: Label) -> Option<(Goalpost, &[String])> {
    if !matches!(period, Label::Year(_)) {
        return single(measure, period);
    }
    let reach = |g: &Goalpost, to: Option<i32>| if g.kind == TimeframeType::ByYear { g.by_year } else { to }.unwrap_or(i32::MAX);
    let found = yearly(measure).max_by_key(|(g, target)| (reach(g, target.timeframe.to), g.kind == TimeframeType::ByYear));
    found.map(|(goalpost, target)| (goalpost, target.applies_to_each.as_slice())).or_else(|| assumed(measure))
}

/// The target that is in force in a period: of a year the milestone (`by_year`) last come, which holds until the next one
/// does, else what holds every year; before the first milestone there is none.
#[must_use]
pub fn target_in_force(measure: &Measure, period: Label) -> Option<TargetValue> {
    in_force(measure, period).map(|(goalpost, _)| goalpost.value)
}

/// The dimensions of whose every value the target in force holds by itself.
pub(super) fn target_in_force_of_each(measure: &Measure, period: Label) -> &[String] {
    in_force(measure, period).map(|(_, each)| each).unwrap_or_default()
}

fn in_force(measure: &Measure, period: Label) -> Option<(Goalpost, &[String])> {
    if !matches!(period, Label::Year(_)) {
        return single(measure, period);
    }
    let found = yearly(measure).filter(|(_, target)| target.timeframe.holds_in(period.year())).max_by_key(|(g, _)| g.by_year);
    found.map(|(goalpost, target)| (goalpost, target.applies_to_each.as_slice())).or_else(|| assumed(measure))
}

/// The target of a single quarter or month.
fn single(measure: &Measure, period: Label) -> Option<(Goalpost, &[String])> {
    let goalpost = |target: &Target| Goalpost { value: target.value, kind: target.timeframe.kind, by_year: None };
    period_target(measure, period.year()).map(|target| (goalpost(target), target.applies_to_each.as_slice()))
}

/// The targets that speak of whole years.
fn yearly(measure: &Measure) -> impl Iterator<Item = (Goalpost, &Target)> {
    let shares = measure.roll_up == RollUp::ShareOfPeriods;
    measure.targets.iter().filter_map(move |target| {
        let frame = target.timeframe;
        let of_year = !matches!(frame.kind, TimeframeType::EveryQuarterFrom | TimeframeType::EveryMonthFrom);
        // The value of a share is a percentage; the answer or count wanted of the single period is no target of the year.
        let number = matches!(target.value, TargetValue::Number(_));
        let fits = if shares { number } else { number != measure.is_qualitative() };
        let by_year = if frame.kind == TimeframeType::ByYear { frame.to } else { None };
        (of_year && fits).then_some((Goalpost { value: target.value, kind: frame.kind, by_year }, target))
    })
}

fn assumed(measure: &Measure) -> Option<(Goalpost, &[String])> {
    let hundred = Decimal4::from_int(100).filter(|_| measure.roll_up == RollUp::ShareOfPeriods)?;
    Some((Goalpost { value: TargetValue::Number(hundred), kind: TimeframeType::EveryYearFrom, by_year: None }, &[]))
}

/// Whether a value meets what is wanted. It may miss it by the tolerance.
pub(super) fn meets(direction: Direction, value: Fraction, wanted: Decimal4, tolerance: Decimal4) -> bool {
    let Some(over) = value.minus(Fraction::from(wanted)) else { return false };
    let slack = Fraction::from(tolerance);
    let Some(from_below) = slack.minus(negative(over)).map(Fraction::numerator) else { return false };
    let Some(from_above) = slack.minus(over).map(Fraction::numerator) else { return false };
    match direction {
        Direction::AtLeast | Direction::Maintain => from_below >= 0,
        Direction::AtMost => from_above >= 0,
        Direction::Below => from_above > 0,
        Direction::Exactly => from_below >= 0 && from_above >= 0,
    }
}

fn negative(f: Fraction) -> Fraction {
    f.times(-1).unwrap_or(f)
}

/// How a figure stands against the final target, also before its year.
#[must_use]
pub fn judge(measure: &Measure, period: Label, rolled: &Rolled) -> Outcome {
    against(measure, final_target(measure, period).map(|target| target.value), rolled)
}

/// How a figure stands against the target in force in its period; `None` where there is none.
#[must_use]
pub fn year_result(measure: &Measure, period: Label, rolled: &Rolled) -> Option<Outcome> {
    target_in_force(measure, period).map(|target| against(measure, Some(target), rolled))
}

fn against(measure: &Measure, target: Option<TargetValue>, rolled: &Rolled) -> Outcome {
    match rolled.state {
        State::NoCases => return Outcome::NoCases,
        State::NotApplicable => return Outcome::NotApplicable,
        State::NotReported | State::Conflict => return Outcome::NotReported,
        State::Reported => {}
    }
    let Some(target) = target else { return Outcome::NoTarget };
    match (target, rolled.answer, rolled.value) {
        (TargetValue::Boolean(wanted), Some(answer), _) if answer == wanted => Outcome::Achieved,
        (TargetValue::Boolean(_), Some(_), _) => Outcome::NotAchieved,
        (TargetValue::Number(wanted), _, Some(value)) => {
            if !meets(measure.direction, value, wanted, measure.tolerance) {
                Outcome::NotAchieved
            } else if is_better(measure.direction, value, Fraction::from(wanted)) {
                Outcome::Exceeded
            } else {
                Outcome::Achieved
            }
        }
        _ => Outcome::NotReported,
    }
}

/// Whether a value is strictly better than another, where more (or less) is a merit.
fn is_better(direction: Direction, value: Fraction, than: Fraction) -> bool {
    let over = value.minus(than).map_or(0, Fraction::numerator);
    match direction {
        Direction::AtLeast => over > 0,
        Direction::AtMost => over < 0,
        Direction::Below | Direction::Exactly | Direction::Maintain => false,
    }
}

/// How a yearly figure stands against the line from the baseline through the milestones to the final target, or from the
/// first reported year where the plan gives no baseline. A baseline without a year stands at `start_year - 1`. `result` is how the
/// figure stands against the final target.
#[must_use]
pub fn pace(
    measure: &Measure,
    period: Label,
    rolled: &Rolled,
    result: Outcome,
    start_year: i32,
    first_reported: Option<(i32, Fraction)>,
) -> Pace {
    let met = match result {
        Outcome::Exceeded | Outcome::Achieved => true,
        Outcome::NotAchieved => false,
        _ => return Pace::Unknown,
    };
    let Some(target) = final_target(measure, period) else { return Pace::Unknown };
    let against = line(measure, target, period.year(), start_year, first_reported).zip(rolled.value).map(|(line, value)| {
        // What is nearer to an exact target is better; elsewhere the direction says it.
        match (measure.direction, target.value) {
            (Direction::Exactly, TargetValue::Number(wanted)) => {
                let off = |f: Fraction| f.minus(Fraction::from(wanted)).map(Fraction::abs);
                off(line).zip(off(value)).and_then(|(line, value)| line.minus(value)).map_or(0, Fraction::numerator)
            }
            (Direction::AtMost | Direction::Below, _) => line.minus(value).map_or(0, Fraction::numerator),
            _ => value.minus(line).map_or(0, Fraction::numerator),
        }
    });
    match (met, against) {
        (true, Some(better)) if better > 0 => Pace::Ahead,
        (true, _) => Pace::OnTrack,
        (false, Some(better)) if better > 0 => Pace::Ahead,
        (false, Some(0)) => Pace::OnTrack,
        (false, Some(_)) => Pace::Behind,
        (false, None) => match target.kind {
            TimeframeType::ByYear | TimeframeType::NoneStated => Pace::Unknown,
            _ => Pace::Behind,
        },
    }
}

/// The height of the line in a year, straight between its points; `None` if the target has no line, or if there is none yet:
/// the first reported year of an indicator without a baseline is compared with nothing but a milestone of that very year.
fn line(measure: &Measure, target: Goalpost, year: i32, start_year: i32, first_reported: Option<(i32, Fraction)>) -> Option<Fraction> {
    let last = target.by_year.filter(|_| matches!(target.value, TargetValue::Number(_)))?;
    let milestones: BTreeMap<i32, Fraction> = yearly(measure)
        .filter_map(|(g, ..)| match (g.by_year?, g.value) {
            (at, TargetValue::Number(wanted)) if at <= last => Some((at, Fraction::from(wanted))),
            _ => None,
        })
        .collect();
    let year = year.min(last);
    if let Some(height) = milestones.get(&year) {
        return Some(*height);
    }
    let baseline = measure.baseline.map(|b| (b.year.unwrap_or(start_year - 1), Fraction::from(b.value)));
    let (start, height) = baseline.or(first_reported.filter(|(first, _)| *first < year))?;
    if start >= last {
        return None;
    }
    let year = year.max(start);
    let passed = milestones.range(start..=year).next_back().map(|(at, height)| (*at, *height));
    let (from, low) = passed.unwrap_or((start, height));
    let (to, high) = milestones.range(year..).find(|(at, _)| **at > from).map(|(at, height)| (*at, *height))?;
    let rise = high.minus(low)?.times(i128::from(year - from))?;
    let risen = Fraction::new(rise.numerator(), rise.denominator().checked_mul(i128::from(to - from))?)?;
    low.minus(negative(risen))
}

/// Whether the figures of two indicators can be added up: they are of one kind, by one multiplier and one roll-up.
#[must_use]
pub fn can_be_added(one: &Measure, other: &Measure) -> bool {
    (one.kind, one.multiplier, one.roll_up) == (other.kind, other.multiplier, other.roll_up)
}

/// Whether a series breaks between two versions of a definition, so that their values are not compared. `same_words` says
/// whether what is counted above and below is worded alike.
#[must_use]
pub fn breaks(one: &Measure, other: &Measure, same_words: bool) -> bool {
    !same_words || !can_be_added(one, other)
}

/// The difference between two years, rounded once.
#[must_use]
pub fn change(now: &Rolled, before: &Rolled) -> Option<Decimal4> {
    now.value?.minus(before.value?)?.round4()
}

/// How a printed target or a goal stands, from its items: met if all that count are. What is hidden hides the whole, for
/// the rest would give it away.
#[must_use]
pub fn combine(items: impl IntoIterator<Item = Outcome>) -> Outcome {
    let counts = Counts::of(items);
    let met = counts.exceeded + counts.achieved;
    let open = counts.not_achieved + counts.not_reported;
    match () {
        () if counts.suppressed > 0 => Outcome::Suppressed,
        () if counts.partly_achieved > 0 || (met > 0 && open > 0) => Outcome::PartlyAchieved,
        () if met > 0 && counts.achieved == 0 => Outcome::Exceeded,
        () if met > 0 => Outcome::Achieved,
        () if counts.not_achieved > 0 => Outcome::NotAchieved,
        () if open > 0 => Outcome::NotReported,
        () if counts.no_cases > 0 => Outcome::NoCases,
        () if counts.no_target > 0 => Outcome::NoTarget,
        () => Outcome::NotApplicable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::samples::{decimal, measure, observation};
    use crate::figures::{Baseline, Target, Timeframe, value_of};
    use proptest::prelude::*;

    const Y2027: Label = Label::Year(2027);

    fn paced(measure: &Measure, period: Label, rolled: &Rolled, start_year: i32, first: Option<(i32, Fraction)>) -> Pace {
        pace(measure, period, rolled, judge(measure, period, rolled), start_year, first)
    }

    fn figure(code: &str, numerator: &str, denominator: &str) -> Rolled {
        value_of(&measure(code), &observation(numerator, denominator, None))
    }

    #[test]
    fn exactly_25_is_not_below_25() {
        assert_eq!(judge(&measure("2.2"), Y2027, &figure("2.2", "1", "4")), Outcome::NotAchieved);
        assert_eq!(judge(&measure("2.2"), Y2027, &figure("2.2", "24999999", "100000000")), Outcome::Achieved);
    }

    #[test]
    fn better_than_the_target_counts_only_in_two_directions() {
        assert_eq!(judge(&measure("1.1"), Y2027, &figure("1.1", "70", "100")), Outcome::Achieved);
        assert_eq!(judge(&measure("1.1"), Y2027, &figure("1.1", "71", "100")), Outcome::Exceeded);
        assert_eq!(judge(&measure("4.1"), Y2027, &figure("4.1", "108", "100")), Outcome::Exceeded);
        assert_eq!(judge(&measure("2.2"), Y2027, &figure("2.2", "1", "100")), Outcome::Achieved);
    }

    #[test]
    fn a_tolerance_is_allowed_for() {
        let about = Measure { tolerance: decimal("0.5"), ..measure("5.2b") };
        assert_eq!(judge(&about, Y2027, &figure("5.2b", "995", "1000")), Outcome::Achieved);
        assert_eq!(judge(&about, Y2027, &figure("5.2b", "994", "1000")), Outcome::NotAchieved);
    }

    #[test]
    fn a_quarter_has_its_own_target_and_the_year_another() {
        let news = measure("6.3");
        let quarter = value_of(&news, &observation("4", "-", None));
        assert_eq!(judge(&news, Label::Quarter(2027, 1), &quarter), Outcome::Achieved);
        assert_eq!(final_target(&news, Y2027).map(|g| g.value), Some(TargetValue::Number(decimal("100"))));
        assert_eq!(final_target(&measure("6.4"), Y2027).map(|g| g.value), Some(TargetValue::Number(decimal("100"))));
        assert_eq!(target_in_force(&measure("6.4"), Label::Month(2027, 3)), Some(TargetValue::Boolean(true)));
    }

    /// 1.1 with a milestone of 60 in 2028 on its way to 70 in 2030.
    fn with_milestone() -> Measure {
        let plain = measure("1.1");
        let milestone = |target: &Target| Target {
            value: TargetValue::Number(decimal("60")),
            timeframe: Timeframe { to: Some(2028), ..target.timeframe },
            ..target.clone()
        };
        Measure { targets: plain.targets.iter().flat_map(|t| [t.clone(), milestone(t)]).collect(), ..plain }
    }

    #[test]
    fn a_milestone_is_in_force_until_the_next_one() {
        let in_force = |year| match target_in_force(&with_milestone(), Label::Year(year)) {
            Some(TargetValue::Number(wanted)) => wanted.to_string(),
            _ => "-".to_owned(),
        };
        assert_eq!([2027, 2028, 2029, 2030, 2031].map(in_force), ["-", "60", "60", "70", "70"]);
        assert_eq!(target_in_force(&measure("6.2"), Y2027), Some(TargetValue::Number(decimal("100"))));
    }

    #[test]
    fn the_year_is_judged_by_what_is_in_force_and_the_result_by_the_final_target() {
        let results = |year, n: &str| {
            let (measure, figure) = (with_milestone(), figure("1.1", n, "100"));
            (judge(&measure, Label::Year(year), &figure), year_result(&measure, Label::Year(year), &figure))
        };
        assert_eq!(results(2027, "65"), (Outcome::NotAchieved, None));
        assert_eq!(results(2028, "60"), (Outcome::NotAchieved, Some(Outcome::Achieved)));
        assert_eq!(results(2029, "59"), (Outcome::NotAchieved, Some(Outcome::NotAchieved)));
        assert_eq!(results(2030, "70"), (Outcome::Achieved, Some(Outcome::Achieved)));
        let nothing = Rolled::of_state(State::NotReported, 1);
        assert_eq!(year_result(&with_milestone(), Label::Year(2028), &nothing), Some(Outcome::NotReported));
    }

    #[test]
    fn a_figure_of_which_nothing_is_wanted_has_no_target() {
        let plain = Measure { targets: Vec::new(), ..measure("1.1") };
        let figure = figure("1.1", "1", "2");
        assert_eq!((judge(&plain, Y2027, &figure), year_result(&plain, Y2027, &figure)), (Outcome::NoTarget, None));
    }

    #[test]
    fn the_line_goes_through_the_milestones() {
        // 51 in 2025 over 60 in 2028 to 70 in 2030: 57 in 2027, 65 in 2029.
        let based = Measure { baseline: Some(Baseline { value: decimal("51"), year: None }), ..with_milestone() };
        let pace_at = |year, n: &str| paced(&based, Label::Year(year), &figure("1.1", n, "100"), 2026, None);
        assert_eq!([pace_at(2027, "56"), pace_at(2027, "57"), pace_at(2027, "58")], [Pace::Behind, Pace::OnTrack, Pace::Ahead]);
        assert_eq!([pace_at(2028, "59"), pace_at(2028, "60")], [Pace::Behind, Pace::OnTrack]);
        assert_eq!([pace_at(2029, "64"), pace_at(2029, "65"), pace_at(2029, "66")], [Pace::Behind, Pace::OnTrack, Pace::Ahead]);
        // Without a baseline the line begins where the reports do, also between two milestones.
        let first = Fraction::new(66, 1).map(|f| (2029, f));
        let unbased = |year, n: &str, first| paced(&with_milestone(), Label::Year(year), &figure("1.1", n, "100"), 2026, first);
        assert_eq!([unbased(2030, "69", first), unbased(2029, "66", first)], [Pace::Behind, Pace::Unknown]);
        let first = Fraction::new(50, 1).map(|f| (2026, f));
        assert_eq!([unbased(2027, "55", first), unbased(2027, "54", first)], [Pace::OnTrack, Pace::Behind]);
    }

    #[test]
    fn the_first_reported_year_is_compared_with_nothing_but_its_own_milestone() {
        let own = |measure: &Measure, year, n: i64| {
            let first = Fraction::new(n.into(), 1).map(|f| (year, f));
            paced(measure, Label::Year(year), &figure("1.1", &n.to_string(), "100"), 2026, first)
        };
        assert_eq!([own(&measure("1.1"), 2026, 50), own(&measure("1.1"), 2026, 70)], [Pace::Unknown, Pace::OnTrack]);
        assert_eq!(own(&measure("1.1"), 2030, 60), Pace::Behind);
        assert_eq!([own(&with_milestone(), 2028, 59), own(&with_milestone(), 2028, 61)], [Pace::Behind, Pace::Ahead]);
        assert_eq!(own(&with_milestone(), 2029, 66), Pace::Unknown);
    }

    #[test]
    fn what_can_be_added_and_where_a_series_breaks() {
        let plain = measure("1.1");
        let others = [
            Measure { kind: super::super::MeasureKind::Ratio, ..plain.clone() },
            Measure { multiplier: decimal("1000"), ..plain.clone() },
            Measure { roll_up: RollUp::SingleSource, ..plain.clone() },
        ];
        for other in &others {
            assert!(!can_be_added(&plain, other) && breaks(&plain, other, true));
        }
        let aimed_elsewhere = Measure { targets: Vec::new(), direction: Direction::Below, ..plain.clone() };
        assert!(can_be_added(&plain, &aimed_elsewhere) && !breaks(&plain, &aimed_elsewhere, true) && breaks(&plain, &plain, false));
    }

    #[test]
    fn the_line_leads_from_the_baseline_to_the_target() {
        // 4.3: 55 in 2025 to 50 in 2030, so 53 in 2027.
        let pace_at = |n: &str| paced(&measure("4.3"), Y2027, &figure("4.3", n, "1000"), 2026, None);
        assert_eq!([pace_at("52.9"), pace_at("53"), pace_at("53.1")], [Pace::Ahead, Pace::OnTrack, Pace::Behind]);
        assert_eq!(pace_at("50"), Pace::Ahead);
        assert_eq!(paced(&measure("4.3"), Label::Year(2031), &figure("4.3", "50", "1000"), 2026, None), Pace::OnTrack);
    }

    #[test]
    fn without_a_baseline_the_first_reported_year_begins_the_line() {
        // 1.1: 50 in 2026 to 70 in 2030, so 55 in 2027.
        let first = Fraction::new(50, 1).map(|f| (2026, f));
        let pace_at = |n: &str, first| paced(&measure("1.1"), Y2027, &figure("1.1", n, "100"), 2026, first);
        assert_eq!([pace_at("56", first), pace_at("55", first), pace_at("54", first)], [Pace::Ahead, Pace::OnTrack, Pace::Behind]);
        assert_eq!(pace_at("54", None), Pace::Unknown);
        assert_eq!(pace_at("70", None), Pace::OnTrack);
    }

    #[test]
    fn what_holds_every_year_has_no_line() {
        assert_eq!(paced(&measure("6.2"), Y2027, &figure("6.2", "1", "1"), 2026, None), Pace::OnTrack);
        assert_eq!(paced(&measure("6.2"), Y2027, &figure("6.2", "1", "2"), 2026, None), Pace::Behind);
        let no = value_of(&measure("5.1"), &observation("-", "-", Some(false)));
        assert_eq!(paced(&measure("5.1"), Y2027, &no, 2026, None), Pace::Unknown);
    }

    #[test]
    fn items_make_a_whole() {
        use Outcome::*;
        for (items, whole) in [
            (vec![Exceeded, Exceeded], Exceeded),
            (vec![Exceeded, Achieved], Achieved),
            (vec![Achieved, NotAchieved], PartlyAchieved),
            (vec![Achieved, NotReported], PartlyAchieved),
            (vec![Achieved, NoCases], Achieved),
            (vec![NotAchieved, NotReported], NotAchieved),
            (vec![NoCases, NotApplicable], NoCases),
            (vec![Achieved, NoTarget], Achieved),
            (vec![NoTarget, NotApplicable], NoTarget),
            (vec![Achieved, Suppressed], Suppressed),
            (vec![], NotApplicable),
        ] {
            assert_eq!(combine(items.clone()), whole, "{items:?}");
        }
    }

    proptest! {
        #[test]
        fn judging_agrees_with_whole_numbers(n in 0_i64..2000, d in 1_i64..2000) {
            let rolled = figure("1.1", &n.to_string(), &d.to_string());
            let met = 100 * n >= 70 * d;
            let outcome = judge(&measure("1.1"), Y2027, &rolled);
            prop_assert_eq!(matches!(outcome, Outcome::Achieved | Outcome::Exceeded), met);
        }

        #[test]
        fn the_line_lies_between_its_ends(base in 0_i32..70, year in 2025_i32..2032) {
            let based = Measure { baseline: Some(Baseline { value: decimal(&base.to_string()), year: None }), ..with_milestone() };
            let target = final_target(&based, Y2027).unwrap();
            let height = line(&based, target, year, 2026, None).unwrap();
            let (low, high) = (decimal(&base.min(60).to_string()), decimal("70"));
            prop_assert!(height.minus(Fraction::from(low)).unwrap().numerator() >= 0);
            prop_assert!(Fraction::from(high).minus(height).unwrap().numerator() >= 0);
        }

        #[test]
        fn every_item_is_counted_once(items in proptest::collection::vec(0_usize..9, 0..30)) {
            use Outcome::*;
            let all = [Exceeded, Achieved, PartlyAchieved, NotAchieved, NoCases, NotReported, NotApplicable, NoTarget, Suppressed];
            let c = Counts::of(items.iter().map(|i| all[*i]));
            let sum = c.exceeded + c.achieved + c.partly_achieved + c.not_achieved + c.no_cases + c.not_reported + c.not_applicable + c.no_target + c.suppressed;
            prop_assert_eq!(usize::try_from(sum).unwrap(), items.len());
        }
    }
}
