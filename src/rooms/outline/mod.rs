//! The plan as a whole: one tree, any item by its code, the gaps that it leaves open, and a copy for another ward.

mod copy;
mod gaps;
mod http;
mod sheets;
mod trace;
mod tree;
mod use_cases;
mod whole_plan;
mod wire;

pub use copy::copy;
pub use http::routes;
pub use sheets::export;
pub use wire::OutlineFilter;
pub use wire::PlanCopyIn;
