//! What a figure means: how the parts that units report become one value, and how that value stands against the plan's
//! target. Pure rules, without database, clock or chance, so that every reader of figures comes to the same result.

pub mod definition;
pub mod judge;
pub mod observation;
pub mod parts;
mod projection;
pub mod rollup;
pub mod shares;
pub mod wards;

#[cfg(test)]
mod samples;

pub use definition::{Baseline, Direction, Measure, MeasureKind, RollUp, Target, TargetValue, Timeframe, TimeframeType, ZeroDenominator};
pub use judge::{
    Counts, Goalpost, Outcome, Pace, breaks, can_be_added, change, combine, final_target, judge, pace, target_in_force, year_result,
};
pub use observation::{Amounts, Observation, ObservationStatus, without_reason};
pub use parts::{Coverage, Part, judge_part, judge_with_parts, said_of_part, year_result_with_parts};
pub use projection::needed;
pub use rollup::{Rolled, State, roll_up, sources, value_of};
pub use shares::{PeriodOutcome, period_met, period_target, share_of_periods};
pub use wards::across_wards;
