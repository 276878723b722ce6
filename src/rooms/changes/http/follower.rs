//! Somebody who follows the feed, by one request or by a stream.

use crate::change::order;
use crate::http::access::Access;
use crate::http::events::{self, Events, HEARTBEAT};
use crate::http::followers::{LOOK_EVERY, Seat};
use crate::problem::Result;
use crate::rooms::changes::rules::{self, Start, Wanted};
use crate::rooms::changes::use_cases::{self, Found};
use crate::rooms::changes::wire::{Change, Changes};
use crate::values::id::AccountId;
use bytes::Bytes;
use futures_util::stream;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// How often it is looked whether there is something new.
const PAUSE: Duration = Duration::from_millis(150);
/// How often it is looked whether who waits may still do so.
const STILL_ALLOWED: Duration = Duration::from_secs(1);
/// How many events are sent in one piece.
const PIECE: usize = 100;

/// Why a wait ended.
#[derive(Debug, PartialEq, Eq)]
enum Woken {
    /// There is something new.
    News,
    /// The time is up.
    Late,
    /// The server is about to stop.
    Draining,
}

/// Somebody who follows the feed, and where he is.
pub(super) struct Follower {
    access: Access,
    wanted: Wanted,
    start: Start,
    /// For how many of them there is a place.
    seat: Option<Seat>,
    /// The id that the client of a stream has last.
    told: Option<i64>,
}

impl Follower {
    pub(super) fn new(access: Access, wanted: Wanted) -> Self {
        let start = wanted.start;
        Self { access, wanted, start, seat: None, told: None }
    }

    /// What there is for him now. What was committed before he asked is in it.
    async fn look(&mut self) -> Result<Found> {
        order::settle(&self.access.http.db).await?;
        let (wanted, start) = (self.wanted.clone(), self.start);
        let found = self.access.read(move |c, actor| use_cases::look(c, actor, &wanted, start)).await?;
        self.start = Start::After(found.position);
        Ok(found)
    }

    /// A part of the feed, for which he waits no longer than this. Holds nothing of the database while it waits.
    pub(super) async fn page(mut self, account: &AccountId, wait: Duration) -> Result<Changes> {
        let until = Instant::now() + wait;
        if !wait.is_zero() {
            self.seat = Some(self.access.http.followers.seat(account)?);
        }
        loop {
            let found = self.look().await?;
            let over = Instant::now() >= until;
            if !found.items.is_empty() || over || (!found.more && self.wait(found.position, until).await? != Woken::News) {
                return Ok(Changes { items: found.items, next_cursor: rules::cursor(found.position) });
            }
        }
    }

    /// Waits until there is something behind this place, perhaps not for him.
    async fn wait(&self, position: i64, until: Instant) -> Result<Woken> {
        let http = &self.access.http;
        let mut checked = Instant::now();
        loop {
            if http.draining.load(Ordering::Acquire) {
                return Ok(Woken::Draining);
            }
            let now = Instant::now();
            let recent = now.checked_sub(LOOK_EVERY).unwrap_or(now);
            if http.followers.last(http, recent).await? > position {
                return Ok(Woken::News);
            }
            if now >= until {
                return Ok(Woken::Late);
            }
            if now.duration_since(checked) >= STILL_ALLOWED {
                self.access.renewed().await?;
                checked = now;
            }
            tokio::time::sleep(PAUSE.min(until.saturating_duration_since(now))).await;
        }
    }

    /// Events as long as he stays, may read them and the server runs. What stands against it from the beginning is told as a
    /// problem; later the stream ends, and he is told when he comes back.
    pub(super) async fn events(mut self, account: AccountId) -> Result<Events> {
        self.seat = Some(self.access.http.followers.seat(&account)?);
        self.wanted.limit = PIECE;
        let first = self.look().await?;
        let mut text = events::beginning();
        text.push_str(&self.piece(&first.items)?);
        let begun = stream::once(async move { Bytes::from(text) });
        let rest = stream::unfold(self, |mut follower| async move {
            match follower.next().await {
                Ok(Some(text)) => Some((Bytes::from(text), follower)),
                Ok(None) => None,
                Err(error) => {
                    tracing::info!(?error, "a stream of changes ends");
                    None
                }
            }
        });
        Ok(Events::new(futures_util::StreamExt::chain(begun, rest)))
    }

    /// The next events, or a sign of life; `None` if the server is about to stop.
    async fn next(&mut self) -> Result<Option<String>> {
        let until = Instant::now() + HEARTBEAT;
        loop {
            let found = self.look().await?;
            if !found.items.is_empty() {
                return self.piece(&found.items).map(Some);
            }
            if found.more && Instant::now() < until {
                continue;
            }
            match self.wait(found.position, until).await? {
                Woken::News if Instant::now() < until => {}
                Woken::Draining => return Ok(None),
                // What he was not told of he need not look through again.
                _ => return Ok(Some(self.heartbeat(found.position))),
            }
        }
    }

    fn piece(&mut self, items: &[Change]) -> Result<String> {
        let mut text = String::new();
        for change in items {
            events::event(&mut text, &change.cursor, change)?;
        }
        if let (Start::After(position), false) = (self.start, items.is_empty()) {
            self.told = Some(position);
        }
        Ok(text)
    }

    fn heartbeat(&mut self, position: i64) -> String {
        let moved = self.told.replace(position) != Some(position);
        let cursor = rules::cursor(position);
        events::heartbeat(moved.then_some(&cursor))
    }
}
