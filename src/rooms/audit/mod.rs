//! The audit trail: who did what, from what to what, why, from where and under which request.
//!
//! `change` writes an event with its effect. [`chain`] then links it to the one before by a hash, signs how the chain
//! ends and keeps that end outside of the database too; [`verify`] finds what was edited, removed, reordered or cut off.

mod chain;
mod event;
mod head;
mod http;
mod list;
mod verify;
mod wire;

pub use chain::extend;
pub use head::{FILE as HEAD_FILE, Head};
pub use http::routes;
pub use verify::{Verdict, verify};
