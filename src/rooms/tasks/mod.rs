//! Tasks, solutions and assignments of a plan (nhiệm vụ, giải pháp, phân công): who does what for which goal, and how far
//! it is. A task goes from `not_started` over `in_progress` to `done`, or is `cancelled`; its history keeps every step.
//!
//! Source: sections II and IV of the plan.

mod handing_over;
mod http;
mod links;
mod rules;
mod table;
mod updates;
mod use_cases;
mod wire;

pub use handing_over::hand_assignments_over;
pub use http::routes;
pub use updates::add as add_update;
pub use use_cases::{add, list_of_plan};
pub use wire::{AssignmentIn, AssignmentOut, BudgetLine, TaskIn, TaskKind, TaskOut, TaskRole, TaskStatus, TaskUpdateIn};
