//! Measured indicators: what is counted, how it becomes a value, what the plan wants of it, who reports it and by what it
//! may be split. A change of its meaning after figures exist makes a new version of its definition; figures keep theirs.

mod change;
mod filter;
pub(super) mod http;
mod parts;
mod rules;
mod store;
mod versions;
mod wire;
mod written;

pub use change::create;
pub use store::list_of_plan;
pub use versions::definitions;
pub use wire::{Basis, Duty, IndicatorIn, IndicatorOut, SplitIn, SplitOut, UnitDutyIn, UnitDutyOut};
