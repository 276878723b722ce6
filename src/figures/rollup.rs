//! From the figures of units to one figure. Numerators and denominators are summed before anything is divided, so the
//! result does not depend on the order of the units, nor on how a ward is cut into units.

use super::definition::{Measure, MeasureKind, RollUp, ZeroDenominator};
use super::observation::{Observation, ObservationStatus};
use crate::values::decimal::{Decimal4, Fraction, Quantity};

/// What there is to say about an indicator in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// There is a value or an answer.
    Reported,
    /// No case occurred.
    NoCases,
    /// The indicator does not apply.
    NotApplicable,
    /// Nothing that could be judged was reported.
    NotReported,
    /// Two units gave differing figures for what one alone should give.
    Conflict,
}

/// One figure, exact: either what a single observation amounts to or what several of them do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rolled {
    /// What there is to say.
    pub state: State,
    /// The numerator, where every figure that counts has one.
    pub numerator: Option<Quantity>,
    /// The denominator, where every figure that counts has one.
    pub denominator: Option<Quantity>,
    /// The answer of a qualitative indicator.
    pub answer: Option<bool>,
    /// The value of any other, or of a share of periods.
    pub value: Option<Fraction>,
    /// An estimate is among the figures that count.
    pub estimate: bool,
    /// How many of those who owe the figure have not given it.
    pub missing: usize,
}

impl Rolled {
    /// A figure that says nothing but its state.
    #[must_use]
    pub fn of_state(state: State, missing: usize) -> Self {
        Self { state, numerator: None, denominator: None, answer: None, value: None, estimate: false, missing }
    }

    /// The value for the wire: rounded once, half away from zero, to 4 digits.
    #[must_use]
    pub fn rounded_value(&self) -> Option<Decimal4> {
        self.value.and_then(Fraction::round4)
    }

    /// The numerator for the wire.
    #[must_use]
    pub fn exact_numerator(&self) -> Option<Decimal4> {
        self.numerator.and_then(Quantity::to_decimal)
    }

    /// The denominator for the wire.
    #[must_use]
    pub fn exact_denominator(&self) -> Option<Decimal4> {
        self.denominator.and_then(Quantity::to_decimal)
    }
}

/// What one observation amounts to: the same rule by which a roll-up divides. An observation that lacks a half is
/// [`State::NotReported`].
#[must_use]
pub fn value_of(measure: &Measure, observation: &Observation) -> Rolled {
    let numerator = observation.amounts.numerator.map(Quantity::from);
    let denominator = observation.amounts.denominator.map(Quantity::from);
    if measure.is_qualitative() {
        let answer = observation.answer.or_else(|| counted_answer(measure, numerator));
        let state = if answer.is_some() { State::Reported } else { State::NotReported };
        return Rolled { numerator, denominator, answer, ..Rolled::of_state(state, 0) };
    }
    divide(measure, numerator, denominator, measure.multiplier)
}

/// The answer that a count alone gives.
fn counted_answer(measure: &Measure, numerator: Option<Quantity>) -> Option<bool> {
    Some(numerator? >= Quantity::from(measure.answer_threshold()?))
}

/// The value of summed parts; the only place where a numerator meets its denominator.
pub(super) fn divide(measure: &Measure, numerator: Option<Quantity>, denominator: Option<Quantity>, multiplier: Decimal4) -> Rolled {
    let figure = |state, value| Rolled { numerator, denominator, value, ..Rolled::of_state(state, 0) };
    match (numerator, denominator) {
        (Some(count), _) if measure.kind == MeasureKind::Count => figure(State::Reported, Some(count.into())),
        (Some(_), Some(whole)) if whole.is_zero() => figure(zero_state(measure.zero_denominator), None),
        (Some(part), Some(whole)) => match Fraction::of(part, whole, multiplier) {
            Some(value) => figure(State::Reported, Some(value)),
            None => figure(State::NotReported, None),
        },
        _ => figure(State::NotReported, None),
    }
}

/// What a denominator of 0 says. Where it is not allowed it was refused on entry, but a definition may have changed
/// since: there is then no value, and no failure that somebody could be blamed for.
fn zero_state(rule: ZeroDenominator) -> State {
    match rule {
        ZeroDenominator::NoCases => State::NoCases,
        ZeroDenominator::NotApplicable | ZeroDenominator::NotAllowed => State::NotApplicable,
    }
}

/// Makes one figure of what several units reported in one period.
///
/// Each observation comes with its source, the unit. `missing` says how many units owe the figure and have not had it
/// accepted; an observation that is incomplete is missing too.
/// A unit to which the indicator does not apply is left out beside others; if it applies to none, it does not apply.
/// `chosen` is the unit whose single-source figure somebody decided to count; a unit that gave none decides nothing.
///
/// Numbers count as soon as one unit reported. A yes takes every unit, so while one is missing it stays unknown; a no
/// is certain at once. Within one period of a `share_of_periods` indicator counts add up and one unit's yes is enough:
/// what is asked there is whether it was done in the ward.
#[must_use]
pub fn roll_up<S: PartialEq + Copy>(measure: &Measure, observations: &[(S, &Observation)], missing: usize, chosen: Option<S>) -> Rolled {
    let mut figures = Vec::with_capacity(observations.len());
    let mut missing = missing;
    let mut exempt = false;
    for (source, observation) in observations {
        let estimate = observation.status == ObservationStatus::Estimate;
        let figure = Rolled { estimate, ..value_of(measure, observation) };
        match figure.state {
            _ if observation.not_applicable.is_some() => exempt = true,
            State::NotReported => missing += 1,
            _ => figures.push((*source, figure)),
        }
    }
    if figures.is_empty() {
        let state = if exempt && missing == 0 { State::NotApplicable } else { State::NotReported };
        return Rolled::of_state(state, missing);
    }
    let rolled = match measure.roll_up {
        RollUp::SingleSource => only_one(&figures, chosen),
        _ => combine(measure, figures.iter().map(|(_, figure)| figure), missing),
    };
    Rolled { missing, ..rolled }
}

/// Who of several units gave a figure that can count.
#[must_use]
pub fn sources<S: Copy>(measure: &Measure, observations: &[(S, &Observation)]) -> Vec<S> {
    let counts =
        |observation: &Observation| observation.not_applicable.is_none() && value_of(measure, observation).state != State::NotReported;
    observations.iter().filter(|(_, observation)| counts(observation)).map(|(source, _)| *source).collect()
}

/// The one figure that a single source gives.
fn only_one<S: PartialEq + Copy>(figures: &[(S, Rolled)], chosen: Option<S>) -> Rolled {
    let of_chosen = figures.iter().find(|(source, _)| Some(*source) == chosen);
    let parts = |figure: &Rolled| (figure.numerator, figure.denominator, figure.answer);
    match (of_chosen, figures) {
        (Some((_, figure)), _) => *figure,
        (None, [(_, first), others @ ..]) if others.iter().all(|(_, other)| parts(other) == parts(first)) => {
            // Somebody who knows the same figure for certain makes it more than an estimate.
            Rolled { estimate: figures.iter().all(|(_, figure)| figure.estimate), ..*first }
        }
        _ => Rolled::of_state(State::Conflict, 0),
    }
}

/// Sums numbers, or joins answers. Kinds decide, not the name of the roll-up, so that no setting of an indicator can
/// make percentages be averaged.
pub(super) fn combine<'a>(measure: &Measure, figures: impl Iterator<Item = &'a Rolled> + Clone, missing: usize) -> Rolled {
    let numerator = figures.clone().map(|figure| figure.numerator).sum::<Option<Quantity>>();
    let denominator = figures.clone().map(|figure| figure.denominator).sum::<Option<Quantity>>();
    let estimate = figures.clone().any(|figure| figure.estimate);
    if !measure.is_qualitative() {
        return Rolled { estimate, missing, ..divide(measure, numerator, denominator, measure.multiplier) };
    }
    let decisive = measure.roll_up == RollUp::ShareOfPeriods;
    let decided =
        figures.clone().any(|figure| figure.answer == Some(decisive)) || (decisive && counted_answer(measure, numerator) == Some(true));
    let answer = if decided { Some(decisive) } else { (missing == 0).then_some(!decisive) };
    let state = if answer.is_some() { State::Reported } else { State::NotReported };
    Rolled { numerator, denominator, answer, estimate, ..Rolled::of_state(state, missing) }
}

#[cfg(test)]
mod tests;
