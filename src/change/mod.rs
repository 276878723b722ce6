//! How anything changes.

mod event;
mod expected;
pub mod idempotency;
pub mod patch;

pub use event::{Asked, Event, RecordedActor, exact_read, note, record};
pub use expected::Expected;
