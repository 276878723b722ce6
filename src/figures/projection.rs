//! How much more, or less, of what is counted above would meet a target.

use super::judge::meets;
use super::rollup::divide;
use super::{Direction, Measure, MeasureKind, RollUp};
use crate::values::decimal::{Decimal4, Fraction, Quantity};
use crate::values::period::Label;

/// More than this is not looked for: no ward has so many people.
const MOST: i64 = 1_000_000_000;

/// How many whole people or cases more in the numerator, or fewer where less is a merit, would meet what is wanted, with the
/// denominator as it is ("how many more agencies led by women for 70 %"); 0 if it is met. `None` if no whole number would: a part is
/// no larger than its whole, and nothing is less than none.
#[must_use]
pub fn needed(measure: &Measure, period: Label, wanted: Decimal4, (numerator, denominator): (Decimal4, Option<Decimal4>)) -> Option<i64> {
    let value = |steps: i64| value(measure, period, numerator, denominator, steps);
    let now = value(0)?;
    let below = now.minus(Fraction::from(wanted))?.numerator() < 0;
    let more = match measure.direction {
        Direction::AtLeast | Direction::Maintain => true,
        Direction::AtMost | Direction::Below => false,
        Direction::Exactly => below,
    };
    let step = if more { 1 } else { -1 };
    // What is wanted exactly is first reached from one side, and then looked at as a whole.
    let side = match (measure.direction, more) {
        (Direction::Exactly, true) => Direction::AtLeast,
        (Direction::Exactly, false) => Direction::AtMost,
        (direction, _) => direction,
    };
    let reached = |count: i64| value(count * step).is_some_and(|value| meets(side, value, wanted, measure.tolerance));
    let most = most(is_part(measure, period), numerator, denominator, more)?;
    let (mut low, mut high) = (0, most);
    if !reached(high) {
        return None;
    }
    while low < high {
        let middle = low + (high - low) / 2;
        if reached(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    value(low * step).filter(|value| meets(measure.direction, *value, wanted, measure.tolerance)).map(|_| low)
}

/// How many steps there are at most.
fn most(of_a_whole: bool, numerator: Decimal4, denominator: Option<Decimal4>, more: bool) -> Option<i64> {
    let whole = |amount: Decimal4| amount.scaled().div_euclid(Decimal4::from_int(1).map_or(1, Decimal4::scaled));
    if !more {
        return Some(whole(numerator).max(0));
    }
    match denominator.filter(|_| of_a_whole) {
        Some(denominator) => Some(whole(Decimal4::from_scaled(denominator.scaled().checked_sub(numerator.scaled())?)?).max(0)),
        None => Some(MOST),
    }
}

/// The value with so many more above.
fn value(measure: &Measure, period: Label, numerator: Decimal4, denominator: Option<Decimal4>, steps: i64) -> Option<Fraction> {
    let above = Decimal4::from_int(steps).and_then(|steps| Decimal4::from_scaled(numerator.scaled().checked_add(steps.scaled())?))?;
    let (above, below) = (Quantity::from(above), denominator.map(Quantity::from));
    if is_share(measure, period) {
        return Fraction::of(above, below.filter(|below| !below.is_zero())?, Decimal4::from_int(100)?);
    }
    divide(measure, Some(above), below, measure.multiplier).value
}

/// Whether the value is a share of a whole: of what is counted, or of the periods of a year.
fn is_part(measure: &Measure, period: Label) -> bool {
    measure.kind == MeasureKind::Percentage || is_share(measure, period)
}

fn is_share(measure: &Measure, period: Label) -> bool {
    measure.roll_up == RollUp::ShareOfPeriods && matches!(period, Label::Year(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::samples::{decimal, measure};
    use proptest::prelude::*;

    fn steps(code: &str, wanted: &str, numerator: &str, denominator: &str) -> Option<i64> {
        let below = (denominator != "-").then(|| decimal(denominator));
        needed(&measure(code), Label::Year(2027), decimal(wanted), (decimal(numerator), below))
    }

    #[test]
    fn how_many_more_agencies_led_by_women() {
        assert_eq!(steps("1.1", "70", "53", "87"), Some(8), "61 of 87 are 70.1 %, 60 are 69 %");
        assert_eq!(steps("1.1", "60", "53", "87"), Some(0));
        assert_eq!(steps("1.1", "70", "0", "0"), None, "nothing of nothing");
    }

    #[test]
    fn where_less_is_a_merit_fewer() {
        assert_eq!(steps("4.1", "109", "221", "200"), Some(3), "218 boys to 200 girls");
        assert_eq!(steps("2.2", "25", "1", "4"), Some(1), "below is not at");
    }

    #[test]
    fn of_the_periods_of_a_year_so_many_more() {
        assert_eq!(steps("6.3", "100", "3", "4"), Some(1));
    }

    #[test]
    fn what_cannot_be_reached_is_not_promised() {
        assert_eq!(steps("1.1", "70", "0.5", "1"), None, "no half agency");
    }

    proptest! {
        #[test]
        fn one_step_less_would_not_do(numerator in 0..500_i64, denominator in 1..500_i64, wanted in 1..100_i64) {
            prop_assume!(numerator <= denominator);
            let of = |whole: i64| Decimal4::from_int(whole).unwrap();
            let measure = measure("1.1");
            let found = needed(&measure, Label::Year(2027), of(wanted), (of(numerator), Some(of(denominator)))).unwrap();
            let met = |above: i64| above * 100 >= wanted * denominator;
            prop_assert!(met(numerator + found));
            prop_assert!(found == 0 || !met(numerator + found - 1));
        }
    }
}
