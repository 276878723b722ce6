//! Responsible units (cơ quan, đơn vị thực hiện): those who carry out the plan and report on it. A group, such as the
//! schools, stands for its members.
//!
//! Source: section IV of the plan.

mod dissolution;
mod http;
mod keys;
mod rules;
mod table;
mod use_cases;
mod wire;

pub use dissolution::{Dissolved, announce, dissolve_if_due, due_dissolutions, turn, turning};
pub use http::routes;
pub use keys::{UnitKey, and_members, beside_plan, charged, of_jurisdiction, of_jurisdictions, references, reporting, with_members};
pub use use_cases::{create, find, list_of_jurisdiction};
pub use wire::{UnitIn, UnitKind, UnitOut};
