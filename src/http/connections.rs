//! The connections of clients: what each is doing, how long one may do nothing, and how much may wait to be sent. Below
//! HTTP and TLS a [`Stream`] tells of every byte that comes and goes, above HTTP a [`Sending`] hands out an answer in
//! slices, so that of a client who does not read hardly more than one of them is held.

mod sending;
mod stream;

pub(super) use sending::connection_of;
pub use sending::{ENOUGH, Sending};
pub use stream::Stream;

use futures_util::task::AtomicWaker;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How often it is looked for connections whose time is up.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// How long a connection that asks nothing counts as new: its first request, or the next one, may be on its way or wait to
/// be read.
const NEW_FOR: Duration = Duration::from_secs(1);

/// For how long a connection that is to end after its answer is read on, so that the client gets the answer before he is cut
/// (RFC 9112 section 9.6): the rest of a body that was refused may still be on its way, and need not ever end.
const LINGERING: Duration = Duration::from_secs(1);

/// The bounds of a server's connections.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// How many there may be. Before it is reached the connections idle longest are ended.
    pub most: usize,
    /// Bytes that may wait to be sent in all. Above, the connections that have waited longest are ended.
    pub unsent: usize,
    /// Time within which a client must take something of an answer that waits for it.
    pub taken_within: Duration,
    /// Time within which the head of a request must arrive once it has begun.
    pub asked_within: Duration,
}

/// The connections of a server.
#[derive(Debug)]
pub struct Connections {
    bounds: Bounds,
    open: Mutex<HashMap<u64, Arc<Connection>>>,
    opened: AtomicU64,
    unsent: AtomicUsize,
}

/// One connection. Its worker and the watch share it.
#[derive(Debug)]
pub struct Connection {
    id: u64,
    house: Arc<Connections>,
    state: Mutex<State>,
    ended: AtomicBool,
    waker: AtomicWaker,
}

/// What a connection is doing.
#[derive(Debug)]
struct State {
    /// Requests that are worked on or being answered.
    requests: usize,
    /// Whether the body of one of them is being read.
    reading: bool,
    /// Whether the head of a request has begun to arrive.
    asking: bool,
    /// Whether the answer that is being given is its last.
    last: bool,
    /// Bytes that wait because the client takes none.
    blocked: usize,
    /// Bytes of answers that nothing else in the process holds.
    own: usize,
    /// Since when it is so; of what is blocked, when the client last took something.
    since: Instant,
}

impl State {
    fn unsent(&self) -> usize {
        self.blocked + self.own
    }

    fn is_overdue(&self, now: Instant, bounds: &Bounds) -> bool {
        let waited = now.saturating_duration_since(self.since);
        (self.blocked > 0 && waited > bounds.taken_within)
            || (self.asking && waited > bounds.asked_within)
            || (self.last && self.requests == 0 && self.blocked == 0 && waited > LINGERING)
    }

    /// Whether it can be ended without harm to a client who behaves, and in which order: what is worked on goes on; what is
    /// idle goes first, and what is new last.
    fn dispensable(&self, now: Instant) -> Option<(u8, Instant)> {
        let rank = match (self.blocked, self.requests) {
            (0, 0) if now.saturating_duration_since(self.since) > NEW_FOR => 0,
            (0, 0) => 2,
            (0, _) => return None,
            _ => 1,
        };
        Some((rank, self.since))
    }
}

impl Connections {
    /// None yet.
    #[must_use]
    pub fn new(bounds: Bounds) -> Arc<Self> {
        Arc::new(Self { bounds, open: Mutex::default(), opened: AtomicU64::new(0), unsent: AtomicUsize::new(0) })
    }

    /// How many there may be.
    #[must_use]
    pub fn most(&self) -> usize {
        self.bounds.most
    }

    /// A new connection. Where there is hardly room, those idle longest make some.
    fn open(self: &Arc<Self>) -> Arc<Connection> {
        let now = Instant::now();
        let state = State { requests: 0, reading: false, asking: false, last: false, blocked: 0, own: 0, since: now };
        let id = self.opened.fetch_add(1, Ordering::Relaxed);
        let connection = Arc::new(Connection {
            id,
            house: self.clone(),
            state: Mutex::new(state),
            ended: AtomicBool::new(false),
            waker: AtomicWaker::new(),
        });
        let mut open = held(&self.open);
        let soft = self.bounds.most - self.bounds.most / 8;
        // Those that are being ended have made room already, though their workers may not have dropped them yet.
        if open.len() >= soft && running(&open).count() >= soft {
            // Several at once, so that a flood does not have all looked through for each.
            let mut idle: Vec<_> = running(&open).filter_map(|c| held(&c.state).dispensable(now).map(|rank| (rank, c))).collect();
            idle.sort_unstable_by_key(|(rank, _)| *rank);
            idle.iter().take(soft.div_ceil(32)).for_each(|(_, connection)| connection.end());
        }
        open.insert(id, connection.clone());
        connection
    }

    /// Ends the connections whose time is up, as long as the server runs.
    pub async fn watch(self: Arc<Self>) {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let now = Instant::now();
            running(&held(&self.open)).filter(|c| held(&c.state).is_overdue(now, &self.bounds)).for_each(|c| c.end());
        }
    }

    /// Takes note that so many bytes wait where there were others.
    fn recount(&self, before: usize, after: usize) {
        if after <= before {
            self.unsent.fetch_sub(before - after, Ordering::Relaxed);
        } else if self.unsent.fetch_add(after - before, Ordering::Relaxed) + after - before > self.bounds.unsent {
            self.relieve();
        }
    }

    /// Ends the connections that have waited longest for their clients, until a little less waits than may.
    fn relieve(&self) {
        let open = held(&self.open);
        let mut all = 0;
        let mut waiting = Vec::new();
        for connection in running(&open) {
            let state = held(&connection.state);
            all += state.unsent();
            if state.blocked > 0 {
                waiting.push((state.since, state.unsent(), connection));
            }
        }
        if all <= self.bounds.unsent {
            return;
        }
        waiting.sort_unstable_by_key(|(since, ..)| *since);
        for (_, unsent, connection) in waiting {
            if all <= self.bounds.unsent - self.bounds.unsent / 8 {
                break;
            }
            all = all.saturating_sub(unsent);
            connection.end();
        }
    }
}

/// Those that are not being ended already.
fn running(open: &HashMap<u64, Arc<Connection>>) -> impl Iterator<Item = &Arc<Connection>> {
    open.values().filter(|connection| !connection.ended.load(Ordering::Acquire))
}

/// What a lock holds. Nobody panics while he holds one of these.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Connection {
    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let (before, after, result) = {
            let mut state = held(&self.state);
            let before = state.unsent();
            let result = change(&mut state);
            (before, state.unsent(), result)
        };
        if before != after {
            self.house.recount(before, after);
        }
        result
    }

    /// Its worker is told to drop it.
    fn end(&self) {
        self.ended.store(true, Ordering::Release);
        self.waker.wake();
    }

    fn is_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }

    /// A request of it is worked on from now until what this answers is dropped.
    #[must_use]
    pub fn begin(self: &Arc<Self>) -> InFlight {
        self.change(|state| {
            state.requests += 1;
            state.asking = false;
            state.since = Instant::now();
        });
        InFlight { connection: self.clone(), own: 0 }
    }

    /// The body of a request is read until what this answers is dropped. As long as a request is worked on nothing else is
    /// read: a client who sends more requests than he takes answers must not have them pile up.
    #[must_use]
    pub fn reading(self: &Arc<Self>) -> Reading {
        self.change(|state| state.reading = true);
        self.waker.wake();
        Reading(self.clone())
    }

    /// The answer that is being given is its last: it ends a moment after it was given.
    pub fn ends_after_this(&self) {
        self.change(|state| state.last = true);
    }

    fn may_read(&self) -> MayRead {
        let state = held(&self.state);
        match (state.reading, state.requests) {
            (true, _) => MayRead::Body,
            (false, 0) => MayRead::Requests,
            (false, _) => MayRead::Nothing,
        }
    }

    /// Bytes came.
    fn heard(&self) {
        self.change(|state| {
            if state.requests == 0 && !state.asking && !state.last {
                state.asking = true;
                state.since = Instant::now();
            }
        });
    }

    /// The client took bytes.
    fn told(&self) {
        self.change(|state| {
            state.blocked = 0;
            state.since = Instant::now();
        });
    }

    /// The client takes none of so many bytes.
    fn blocked(&self, bytes: usize) {
        self.change(|state| {
            if state.blocked == 0 {
                state.since = Instant::now();
            }
            state.blocked = bytes;
        });
    }

    fn is_blocked(&self) -> bool {
        held(&self.state).blocked > 0
    }

    /// It is no more.
    fn closed(&self) {
        held(&self.house.open).remove(&self.id);
        self.change(|state| state.blocked = 0);
    }
}

/// What may be read of a connection.
#[derive(Debug, PartialEq, Eq)]
enum MayRead {
    Nothing,
    Body,
    Requests,
}

/// A request that is worked on or being answered.
#[derive(Debug)]
pub struct InFlight {
    connection: Arc<Connection>,
    own: usize,
}

impl InFlight {
    /// So many bytes of its answer are held for it alone now.
    fn owning(&mut self, bytes: usize) {
        let before = std::mem::replace(&mut self.own, bytes);
        self.connection.change(|state| state.own = state.own.saturating_sub(before) + bytes);
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.connection.change(|state| {
            state.requests = state.requests.saturating_sub(1);
            state.own = state.own.saturating_sub(self.own);
            state.since = Instant::now();
        });
        // The next request may be read.
        self.connection.waker.wake();
    }
}

/// The reading of a request's body.
#[derive(Debug)]
pub struct Reading(Arc<Connection>);

impl Drop for Reading {
    fn drop(&mut self) {
        self.0.change(|state| state.reading = false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn house(most: usize, unsent: usize) -> Arc<Connections> {
        let bounds = Bounds { most, unsent, taken_within: Duration::from_secs(20), asked_within: Duration::from_secs(22) };
        Connections::new(bounds)
    }

    fn age(connection: &Connection, seconds: u64) {
        held(&connection.state).since -= Duration::from_secs(seconds);
    }

    #[test]
    fn a_new_connection_gets_in_at_the_cost_of_the_one_idle_longest() {
        let house = house(8, 1000);
        let old: Vec<_> = (0..7).map(|_| house.open()).collect();
        let _working = old[0].begin();
        age(&old[0], 9);
        age(&old[3], 8);
        old[5].blocked(10);
        age(&old[5], 7);
        let _new = house.open();
        let ended: Vec<_> = old.iter().map(|c| c.is_ended()).collect();
        assert_eq!(ended, [false, false, false, true, false, false, false]);
    }

    #[test]
    fn whose_request_is_not_read_yet_stays_while_others_take_no_answer() {
        let house = house(8, 1000);
        let old: Vec<_> = (0..6).map(|_| house.open()).collect();
        old.iter().for_each(|c| c.blocked(10));
        let new = house.open();
        let another = house.open();
        assert!(!new.is_ended() && !another.is_ended());
        assert_eq!(old.iter().filter(|c| c.is_ended()).count(), 1);
        let third = house.open();
        assert!(!new.is_ended() && !third.is_ended());
        assert_eq!(old.iter().filter(|c| c.is_ended()).count(), 2, "one that is ended makes room for one");
    }

    #[test]
    fn what_waits_in_all_is_bounded_and_the_longest_wait_ends_first() {
        let house = house(100, 1000);
        let three: Vec<_> = (0..3).map(|_| house.open()).collect();
        three[0].blocked(400);
        three[1].blocked(400);
        age(&three[1], 5);
        assert!(three.iter().all(|c| !c.is_ended()));
        let mut request = three[2].begin();
        request.owning(100);
        request.owning(300);
        assert_eq!(three.iter().map(|c| c.is_ended()).collect::<Vec<_>>(), [false, true, false]);
        three[1].closed();
        assert_eq!(house.unsent.load(Ordering::Relaxed), 700);
        three[0].told();
        drop(request);
        assert_eq!(house.unsent.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn time_is_up_for_who_takes_nothing_and_who_does_not_finish_asking() {
        let house = house(100, 1000);
        let overdue = |connection: &Connection| held(&connection.state).is_overdue(Instant::now(), &house.bounds);
        let one = house.open();
        age(&one, 60);
        assert!(!overdue(&one), "idle");
        one.heard();
        age(&one, 21);
        assert!(!overdue(&one));
        age(&one, 2);
        assert!(overdue(&one), "half a head");
        let request = one.begin();
        age(&one, 60);
        assert!(!overdue(&one), "it is worked on");
        one.blocked(5);
        age(&one, 21);
        one.blocked(5);
        assert!(overdue(&one), "nothing is taken");
        one.told();
        assert!(!overdue(&one));
        let last = house.open();
        let answering = last.begin();
        last.ends_after_this();
        age(&last, 60);
        assert!(!overdue(&last), "it is answered");
        drop(answering);
        assert!(!overdue(&last), "the answer may be on its way");
        age(&last, 2);
        last.heard();
        assert!(overdue(&last), "the rest of a body keeps it open");
        assert_eq!(one.may_read(), MayRead::Nothing);
        let reading = one.reading();
        assert_eq!(one.may_read(), MayRead::Body);
        drop(reading);
        assert_eq!(one.may_read(), MayRead::Nothing);
        drop(request);
        assert_eq!(one.may_read(), MayRead::Requests);
    }
}
