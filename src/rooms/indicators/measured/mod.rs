//! Measured indicators: what is counted, how it becomes a value, what the plan wants of it, who reports it and by what it
//! may be split. A change of its meaning after figures exist makes a new version of its definition; figures keep theirs.

mod asked;
pub(super) mod handing_over;
pub(super) mod http;
mod links;
mod rules;
mod table;
mod use_cases;
mod versions;
mod wire;
mod written;

pub use use_cases::{create, find, list_of_plan, under_one_province, update};
pub use wire::{Basis, Duty, IndicatorIn, IndicatorOut, SplitIn, SplitOut, UnitDutyIn, UnitDutyOut};
