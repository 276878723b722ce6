//! Administrative units of the country (đơn vị hành chính): communes, provinces, the country, by official code.
//!
//! The tree has three levels: the country `VN`, its provinces, their communes. A grant given for one holds for all below.
//!
//! Source: the list of administrative units of Decision 19/2025/QĐ-TTg.

mod dissolution;
mod existence;
mod history;
mod http;
mod rules;
mod table;
mod use_cases;
mod wire;

pub use dissolution::{Dissolved, announce, dissolve_if_due, due_dissolutions};
pub(crate) use existence::there_on;
pub use existence::{code_of, days_of, exists, must_exist, not_dissolved};
pub use history::elsewhere_on;
pub use http::routes;
pub use use_cases::{create, find};
pub use wire::{JurisdictionIn, JurisdictionKind, JurisdictionLevel, JurisdictionOut};
