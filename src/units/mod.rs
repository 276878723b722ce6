//! Responsible units (cơ quan, đơn vị thực hiện): those who carry out the plan and report on it. A group, such as the
//! schools, stands for its members.
//!
//! Source: section IV of the plan.

mod dto;
mod http;
mod keys;
mod rules;
mod store;

pub use dto::{UnitIn, UnitKind, UnitOut};
pub use http::routes;
pub use keys::{UnitKey, charged, fitting, key, of_jurisdiction, of_jurisdictions, references, reporting, resolve, with_members};
pub use store::{create, find, list_of_jurisdiction};
