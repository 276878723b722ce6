//! Printed targets (chỉ tiêu): what the plan calls a target, in its own words. Some ask for two things of different people
//! and are measured by two indicators (3.2 by 3.2a and 3.2b).

pub(super) mod http;
mod table;
mod use_cases;
mod wire;

pub(super) use use_cases::{add, with_code};
pub use use_cases::{create as create_printed, list_of_plan as printed_of_plan};
pub use wire::{PlanIndicatorIn, PlanIndicatorOut};
