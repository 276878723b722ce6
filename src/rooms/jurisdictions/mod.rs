//! Administrative units of the country (đơn vị hành chính): communes, provinces, the country, by official code.
//!
//! The tree has three levels: the country `VN`, its provinces, their communes. A grant given for one holds for all below.
//!
//! Source: the list of administrative units of Decision 19/2025/QĐ-TTg.

mod history;
mod http;
mod rules;
mod table;
mod use_cases;
mod wire;

pub use history::elsewhere_on;
pub use http::routes;
pub use use_cases::create;
pub use wire::{JurisdictionIn, JurisdictionKind, JurisdictionLevel, JurisdictionOut};
