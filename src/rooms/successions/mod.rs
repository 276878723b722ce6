//! Who takes whose place when a unit or a ward is dissolved: a merger names one successor, a split several, an abolition none.
//!
//! One successor takes over duties, tasks and what is owed in open periods; otherwise somebody has to assign them, as `gaps` of the
//! plan tells. Reports, people and figures of the dissolved unit stay its own. A ward's years stay under its name; periods that end when it
//! is no longer there are closed.

mod http;
mod use_cases;
mod wire;

pub use http::routes;
pub use use_cases::{carry_out, carry_out_jurisdiction, dissolve};
pub use wire::DissolutionIn;
