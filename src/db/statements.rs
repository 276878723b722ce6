//! How many statements a piece of work costs: counted in debug builds alone, for the test that bounds them.

#[cfg(debug_assertions)]
use diesel::connection::InstrumentationEvent;
use std::cell::Cell;

thread_local! {
    /// Those that this thread has sent: work on the database does not change threads.
    static SENT: Cell<u64> = const { Cell::new(0) };
}

/// Counts what a connection is given to do.
#[cfg(debug_assertions)]
pub(super) fn note(event: &InstrumentationEvent<'_>) {
    if let InstrumentationEvent::StartQuery { query, .. } = event {
        tracing::trace!(%query, "a statement");
        SENT.set(SENT.get() + 1);
    }
}

/// Does some work for a request and says in the log how many statements it took: its own, not those around it that begin
/// and commit, look at the caller and at the versions of the data, or keep an idempotency key.
pub fn counted<T>(request_id: &str, work: impl FnOnce() -> T) -> T {
    let before = SENT.get();
    let done = work();
    if cfg!(debug_assertions) {
        tracing::debug!(request_id, statements = SENT.get() - before, "what it cost");
    }
    done
}

/// Does some work whose statements count nowhere.
pub(super) fn uncounted<T>(work: impl FnOnce() -> T) -> T {
    let before = SENT.get();
    let done = work();
    SENT.set(before);
    done
}
