//! What is done in a transaction, without its type: what runs it is compiled once, and not for each of its hundreds of callers.

use super::Conn;
use crate::problem::{Error, Result};
use std::sync::{Arc, Mutex, PoisonError};

/// What is done in a transaction.
pub(super) type Work = Box<dyn FnOnce(&mut Conn) -> Result<()> + Send>;

/// What some work has answered, once it is done.
pub(super) struct Answer<T>(Arc<Mutex<Option<T>>>);

/// Some work, and where its answer will be.
pub(super) fn of<T: Send + 'static>(f: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static) -> (Work, Answer<T>) {
    let answer = Arc::new(Mutex::new(None));
    let place = answer.clone();
    let work = move |c: &mut Conn| {
        let value = f(c)?;
        *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
        Ok(())
    };
    (Box::new(work), Answer(answer))
}

impl<T> Answer<T> {
    /// The answer of work that went well.
    ///
    /// # Errors
    /// Internal, if it did not.
    pub(super) fn take(self) -> Result<T> {
        let answer = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        answer.ok_or_else(|| Error::internal("work that was not done has no answer"))
    }
}
