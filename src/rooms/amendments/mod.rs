//! Amendments (quyết định điều chỉnh, bổ sung kế hoạch): the decisions by which a plan was changed while it ran. A change of an
//! indicator, a goal, a task or a unit may name the one that made it.

mod http;
mod keys;
mod table;
mod use_cases;
mod wire;

pub use http::routes;
pub use keys::named;
pub use use_cases::create;
pub use wire::{AmendmentIn, AmendmentOut};
