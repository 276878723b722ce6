//! The yearly value of what is asked every quarter or every month (6.3, 6.4): in what share of the periods it was done.

use super::definition::{Measure, Target, TargetValue, TimeframeType};
use super::judge::meets;
use super::rollup::{Rolled, State};
use crate::values::decimal::{Decimal4, Fraction, Quantity};
use crate::values::period::{Frequency, Label};

/// How one quarter or month counts towards its year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeriodOutcome {
    /// The period.
    pub label: Label,
    /// Whether its target was met; `None` while its figure is not accepted.
    pub met: Option<bool>,
    /// Whether its deadline has passed. A period that was over before the plan was loaded, and never reopened, is not due.
    pub due: bool,
    /// The figure is accepted and says that the indicator does not apply: the period does not count.
    pub not_applicable: bool,
}

impl PeriodOutcome {
    /// How a period counts, from its accepted figures; `None` if the indicator asks nothing of that period (its target
    /// begins later or has ended), so that it counts neither way.
    #[must_use]
    pub fn of(measure: &Measure, label: Label, rolled: &Rolled, due: bool) -> Option<Self> {
        period_target(measure, label.year())?;
        let not_applicable = matches!(rolled.state, State::NotApplicable | State::NoCases);
        Some(Self { label, met: period_met(measure, rolled, label.year()), due, not_applicable })
    }
}

/// The target of a single quarter or month in a year: of a qualitative indicator the answer, of any other the number.
#[must_use]
pub fn period_target(measure: &Measure, year: i32) -> Option<&Target> {
    let kind = match measure.frequency {
        Frequency::Annual => return None,
        Frequency::Quarterly => TimeframeType::EveryQuarterFrom,
        Frequency::Monthly => TimeframeType::EveryMonthFrom,
    };
    measure.targets.iter().find(|target| {
        let fits = matches!(target.value, TargetValue::Boolean(_)) == measure.is_qualitative();
        fits && target.timeframe.kind == kind && target.timeframe.holds_in(year)
    })
}

/// Whether a quarter or month met its own target; `None` if that cannot be said: nothing was accepted, no target holds
/// in that year, or a figure that is still missing could turn a miss into a success.
#[must_use]
pub fn period_met(measure: &Measure, rolled: &Rolled, year: i32) -> Option<bool> {
    let target = period_target(measure, year)?;
    let met = match (rolled.state, target.value) {
        (State::Reported, TargetValue::Boolean(wanted)) => rolled.answer? == wanted,
        (State::Reported, TargetValue::Number(wanted)) => meets(measure.direction, rolled.value?, wanted, measure.tolerance),
        _ => return None,
    };
    (met || rolled.missing == 0).then_some(met)
}

/// A year's value: 100 × the periods that met their target / the periods that are due or accepted. One that is due and
/// not accepted is not met. Numerator and denominator are the two numbers of periods.
///
/// The same over the periods of several wards gives the share for a single quarter or month.
#[must_use]
pub fn share_of_periods(periods: &[PeriodOutcome]) -> Rolled {
    let counted = periods.iter().filter(|period| !period.not_applicable && (period.due || period.met.is_some()));
    let (met, all) = counted.fold((0_u32, 0_u32), |(met, all), period| (met + u32::from(period.met == Some(true)), all + 1));
    if all == 0 {
        let exempt = !periods.is_empty() && periods.iter().all(|period| period.not_applicable);
        return Rolled::of_state(if exempt { State::NotApplicable } else { State::NotReported }, 0);
    }
    let missing = periods.iter().filter(|period| !period.not_applicable && period.due && period.met.is_none()).count();
    share(Quantity::from_int(met), Quantity::from_int(all), missing)
}

/// A share of periods as a figure. Its multiplier is 100 whatever the indicator's own, which belongs to the single period.
pub(super) fn share(met: Quantity, all: Quantity, missing: usize) -> Rolled {
    let value = Decimal4::from_int(100).and_then(|hundred| Fraction::of(met, all, hundred));
    let state = if value.is_some() { State::Reported } else { State::NotReported };
    Rolled { numerator: Some(met), denominator: Some(all), value, ..Rolled::of_state(state, missing) }
}
