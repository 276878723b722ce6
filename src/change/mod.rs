//! The one way by which a resource changes: lock, load, authorise, expected version, decide, stop if nothing differs, write
//! with the next version, and one event, from which the audit trail and the change feed follow.
//!
//! Rows of resources are written through a [`Write`], and only the functions of this module hand one out, each for one
//! event: nobody can write a row and forget to tell of it. `tests/it/architecture.rs` names the files that write what is no
//! resource: sessions, attempts to sign in, the links of the audit chain.

mod event;
mod exact_reads;
mod expected;
pub mod idempotency;
pub mod order;
pub mod patch;
pub mod types;
mod write;

pub use event::{Event, RecordedActor, note};
pub use exact_reads::{Asked, ExactReads, exact_read};
pub use expected::Expected;
pub use write::{Update, Versioned, Write, begin, create, delete, save, save_further, save_if, update};
