//! How anything changes.

mod event;
mod exact_reads;
mod expected;
pub mod idempotency;
pub mod patch;

pub use event::{Event, RecordedActor, note, record};
pub use exact_reads::{Asked, ExactReads, exact_read};
pub use expected::Expected;
