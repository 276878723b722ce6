//! Those who wait for changes, by a request that is answered late or by a stream of events: how many there may be, and when there
//! is something new. Each holds a connection and a few kilobytes, and neither a worker nor a connection to the database while
//! it waits.
//!
//! However many wait, the database is asked once for all of them, at most every [`LOOK_EVERY`], and only what the sign of its state
//! says has moved.

use crate::app_state::AppState;
use crate::change::order;
use crate::db::data_version::DataVersion;
use crate::problem::{Problem, Result, codes};
use crate::values::id::AccountId;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a look for something new holds for those who wait: so much later, at most, they hear of it.
pub const LOOK_EVERY: Duration = Duration::from_millis(100);

/// How many of one account may wait at once: several services may share it, and a client that came back may still have
/// waiting requests whose end nobody has noticed.
pub const OF_ONE_ACCOUNT: usize = 20;

/// Seconds after which a place may be free again.
const LATER: &str = "10";

/// Those who wait at this server.
pub struct Followers {
    most: AtomicUsize,
    seats: Mutex<Seats>,
    last: tokio::sync::Mutex<Option<Look>>,
}

#[derive(Debug, Default)]
struct Seats {
    taken: usize,
    by_account: HashMap<String, usize>,
}

/// What was found when somebody looked.
struct Look {
    began: Instant,
    data_version: DataVersion,
    position: i64,
}

impl Followers {
    /// At most so many at once.
    #[must_use]
    pub fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { most: AtomicUsize::new(most), seats: Mutex::default(), last: tokio::sync::Mutex::default() })
    }

    /// Not more than so many, whatever was said before: connections are for others as well.
    pub fn at_most(&self, most: usize) {
        self.most.fetch_min(most, Ordering::Relaxed);
    }

    /// A place for one more, until it is dropped.
    ///
    /// # Errors
    /// 429 if too many of this account wait, 503 `server.busy` if too many in all do.
    pub fn seat(self: &Arc<Self>, account: &AccountId) -> Result<Seat> {
        let mut seats = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        let own = seats.by_account.get(account.as_str()).copied().unwrap_or_default();
        if own >= OF_ONE_ACCOUNT {
            return Err(too_many_of_one().into());
        }
        if seats.taken >= self.most.load(Ordering::Relaxed) {
            return Err(too_many().into());
        }
        seats.taken += 1;
        seats.by_account.insert(account.as_str().to_owned(), own + 1);
        Ok(Seat { followers: self.clone(), account: account.clone() })
    }

    /// The last place in the feed, as of this instant or later. What was committed before has its place then.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn last(&self, app: &AppState, not_before: Instant) -> Result<i64> {
        // Of all who ask at once one looks.
        let mut last = self.last.lock().await;
        if let Some(look) = last.as_ref()
            && look.began >= not_before
        {
            return Ok(look.position);
        }
        let began = Instant::now();
        let data_version = app.db.data_version().await?;
        if let Some(look) = last.as_mut()
            && look.data_version == data_version
        {
            look.began = began;
            return Ok(look.position);
        }
        order::settle(&app.db).await?;
        let position = app.db.read(|c| Ok(order::places(c)?.last)).await?;
        *last = Some(Look { began, data_version, position });
        Ok(position)
    }
}

/// Somebody's place among those who wait.
pub struct Seat {
    followers: Arc<Followers>,
    account: AccountId,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seats = self.followers.seats.lock().unwrap_or_else(PoisonError::into_inner);
        seats.taken = seats.taken.saturating_sub(1);
        if let Some(own) = seats.by_account.get_mut(self.account.as_str()) {
            *own = own.saturating_sub(1);
            if *own == 0 {
                seats.by_account.remove(self.account.as_str());
            }
        }
    }
}

fn too_many_of_one() -> Problem {
    Problem::new(codes::TOO_MANY_REQUESTS)
        .saying(
            format!(
                "Tài khoản này đang có {OF_ONE_ACCOUNT} kết nối chờ thay đổi, không mở thêm được. Hãy đóng bớt, hoặc hỏi không kèm «wait»."
            ),
            format!("{OF_ONE_ACCOUNT} connections of this account wait for changes already. Close some of them, or ask without wait."),
        )
        .header("Retry-After", LATER)
}

fn too_many() -> Problem {
    Problem::new(codes::SERVER_BUSY)
        .saying(
            "Máy chủ này đang có quá nhiều kết nối chờ thay đổi. Hãy thử lại sau số giây nêu ở header «Retry-After», hoặc hỏi không kèm «wait».",
            "Too many connections wait for changes at this server. Try again after the seconds in Retry-After, or ask without wait.",
        )
        .header("Retry-After", LATER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_may_wait_of_one_account_and_in_all() {
        let followers = Followers::new(OF_ONE_ACCOUNT + 1);
        let [a, b, c] = ["a", "b", "c"].map(AccountId::from_text);
        let mut of_a: Vec<Seat> = (0..OF_ONE_ACCOUNT).map(|_| followers.seat(&a).ok().unwrap()).collect();
        let refused = |account: &AccountId| followers.seat(account).err().and_then(|e| e.code()).map(|code| code.status);
        assert_eq!(refused(&a), Some(429));
        let of_b = followers.seat(&b).ok().unwrap();
        assert_eq!(refused(&c), Some(503));
        of_a.pop();
        assert_eq!(refused(&c), None, "a place that was given back is free, and so is one that is dropped at once");
        drop((of_a, of_b));
        let seats = followers.seats.lock().unwrap();
        assert_eq!((seats.taken, seats.by_account.len()), (0, 0));
    }

    #[test]
    fn there_are_never_more_than_connections_allow() {
        let followers = Followers::new(500);
        followers.at_most(1);
        followers.at_most(9);
        let _one = followers.seat(&AccountId::from_text("a")).ok().unwrap();
        assert!(followers.seat(&AccountId::from_text("b")).is_err());
    }
}
