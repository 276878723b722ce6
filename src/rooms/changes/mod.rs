//! The change feed: what happened to which resource, in the order of the commits, for those who keep a copy or wait for something
//! to happen. `change` writes a row for every event with its effect and gives it its place; here it is read.
//!
//! A change names a resource and never says what it holds: whoever wants to know reads the resource, by the rules that hold for
//! it. Whom a change is shown to follows from the caller's grants and from the row at the moment of reading, not from what was so
//! when it happened. Who follows is passed over by what he may not read; it is not told to him later either, but what comes
//! of it is: a leader is not told of a draft, and is told of its submission.
//!
//! Source: contract, section 9.

mod http;
mod rules;
mod table;
mod use_cases;
mod wire;

pub use http::routes;
pub use use_cases::{Part, after};
pub use wire::{Change, ChangeName};
