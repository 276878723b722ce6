//! The plan as a whole: one tree, any item by its code, the gaps that it leaves open, and a copy for another ward.

mod copy;
mod gaps;
mod http;
mod trace;
mod tree;
mod whole_plan;

pub use copy::{PlanCopyIn, copy};
pub use http::routes;
