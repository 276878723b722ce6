//! Goals (mục tiêu): the six fields in which the plan wants equality, each with its printed targets.
//!
//! Source: section I.2 of the plan; the national strategy's goals in Resolution 28/NQ-CP of 3 March 2021.

mod http;
mod table;
mod use_cases;
mod wire;

pub use http::routes;
pub use use_cases::{create, list_of_plan};
pub use wire::{GoalIn, GoalOut};
