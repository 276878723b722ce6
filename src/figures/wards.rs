//! From the wards' figures to those of a province or the country, by the same rules.

use super::definition::{Measure, RollUp};
use super::rollup::{Rolled, State, combine};
use super::shares::share;
use crate::values::decimal::Quantity;

/// Makes one figure of the wards' figures for the same indicator and year.
///
/// - A ward that has not reported is missing; one to which the indicator does not apply is left out.
/// - A single-source figure (a survey) is not rolled up: [`State::NotApplicable`] without a value; each ward's own row is shown.
/// - A share of periods counts the periods of all wards. `wards` must then hold yearly figures, as
///   [`share_of_periods`](super::share_of_periods) makes them.
#[must_use]
pub fn across_wards(measure: &Measure, wards: &[Rolled]) -> Rolled {
    let missing = wards.iter().filter(|ward| ward.state == State::NotReported).count();
    if measure.roll_up == RollUp::SingleSource && missing < wards.len() {
        return Rolled::of_state(State::NotApplicable, missing);
    }
    let figures = wards.iter().filter(|ward| matches!(ward.state, State::Reported | State::NoCases));
    if figures.clone().next().is_none() {
        let exempt = missing == 0 && !wards.is_empty();
        return Rolled::of_state(if exempt { State::NotApplicable } else { State::NotReported }, missing);
    }
    if measure.roll_up != RollUp::ShareOfPeriods {
        return combine(measure, figures, missing);
    }
    let met: Quantity = figures.clone().filter_map(|ward| ward.numerator).sum();
    let all: Quantity = figures.clone().filter_map(|ward| ward.denominator).sum();
    Rolled { estimate: figures.clone().any(|ward| ward.estimate), ..share(met, all, missing) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::samples::{decimal, measure, observation, shown};
    use crate::figures::{State, value_of};

    #[test]
    fn wards_are_summed_before_dividing() {
        let percentage = measure("1.1");
        let ward = |n, d| value_of(&percentage, &observation(n, d, None));
        let province = across_wards(&percentage, &[ward("1", "2"), ward("90", "100"), Rolled::of_state(State::NotReported, 1)]);
        assert_eq!((shown(&province).as_str(), province.missing), ("89.2157", 1));
    }

    #[test]
    fn wards_without_cases_leave_the_others_as_they_are() {
        let victims = measure("3.2a");
        let ward = |n, d| value_of(&victims, &observation(n, d, None));
        assert_eq!(shown(&across_wards(&victims, &[ward("0", "0"), ward("9", "10")])), "90");
        assert_eq!(across_wards(&victims, &[ward("0", "0"), ward("0", "0")]).state, State::NoCases);
    }

    #[test]
    fn a_survey_is_not_rolled_up() {
        let survey = measure("3.1");
        let ward = value_of(&survey, &observation("3", "1.7", None));
        let province = across_wards(&survey, &[ward]);
        assert_eq!((province.state, province.value), (State::NotApplicable, None));
        let silent = Rolled::of_state(State::NotReported, 1);
        assert_eq!(across_wards(&survey, &[silent, silent]).state, State::NotReported, "nobody has asked yet");
    }

    #[test]
    fn shares_count_the_periods_of_all_wards() {
        let quarterly = measure("6.3");
        let ward = |met, all| share(Quantity::from_int(met), Quantity::from_int(all), 0);
        let province = across_wards(&quarterly, &[ward(4, 4), ward(1, 2), Rolled::of_state(State::NotReported, 0)]);
        assert_eq!((shown(&province).as_str(), province.missing), ("83.3333", 1));
        assert_eq!(province.exact_denominator(), Some(decimal("6")));
    }

    #[test]
    fn a_province_says_yes_when_every_ward_does() {
        let gender_lessons = measure("5.1");
        let ward = |answer| value_of(&gender_lessons, &observation("-", "-", Some(answer)));
        assert_eq!(across_wards(&gender_lessons, &[ward(true), ward(true)]).answer, Some(true));
        assert_eq!(across_wards(&gender_lessons, &[ward(true), ward(false)]).answer, Some(false));
        let silent = Rolled::of_state(State::NotReported, 1);
        assert_eq!(across_wards(&gender_lessons, &[ward(true), silent]).state, State::NotReported);
        assert_eq!(across_wards(&gender_lessons, &[silent, ward(false)]).answer, Some(false));
    }

    #[test]
    fn nothing_from_nobody() {
        let percentage = measure("1.1");
        assert_eq!(across_wards(&percentage, &[]).state, State::NotReported);
        assert_eq!(across_wards(&percentage, &[Rolled::of_state(State::NotApplicable, 0)]).state, State::NotApplicable);
    }
}
