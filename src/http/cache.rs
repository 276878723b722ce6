//! Answers kept while nothing changes. An answer is served again only under the very stamp of the data under which it
//! was computed, so it is never stale, not even after a write of another server.

use super::reply::Reply;
use crate::db::stamp::Stamp;
use crate::problem::Language;
use crate::values::clock::UtcTime;
use crate::values::id::AccountId;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use std::hash::{Hash, Hasher};

/// Whom an answer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum For {
    /// It is the same for everybody who may ask.
    Everybody,
    /// It depends on who asks: what he may do, or may see.
    Caller,
}

/// What was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The path.
    pub path: String,
    /// The query string.
    pub query: String,
    /// The reader's language.
    pub language: Language,
    /// Who asked, where that matters.
    pub account: Option<AccountId>,
}

impl Hash for Asked {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.path, &self.query, self.language == Language::En, &self.account).hash(state);
    }
}

/// An answer, and how long it is right.
#[derive(Clone)]
struct Answer {
    stamp: Stamp,
    /// The first instant at which it is wrong though nothing was committed.
    until: Option<UtcTime>,
    reply: Reply,
}

#[derive(Clone)]
struct Bytes;

impl Weighter<Asked, Answer> for Bytes {
    fn weight(&self, asked: &Asked, kept: &Answer) -> u64 {
        u64::try_from(256 + asked.path.len() + asked.query.len() + kept.reply.length()).unwrap_or(u64::MAX)
    }
}

/// The answers kept by this process.
pub struct Kept(Cache<Asked, Answer, Bytes>);

impl Kept {
    /// For at most so many bytes.
    #[must_use]
    pub fn new(bytes: u64) -> Self {
        let estimated = usize::try_from(bytes / 4096).unwrap_or(1024).max(16);
        Self(Cache::with_weighter(estimated, bytes, Bytes))
    }

    /// The answer to this question under this stamp, at this instant.
    #[must_use]
    pub fn get(&self, asked: &Asked, stamp: &Stamp, now: UtcTime) -> Option<Reply> {
        let right = |kept: &Answer| kept.stamp == *stamp && kept.until.is_none_or(|until| now < until);
        self.0.get(asked).filter(right).map(|kept| kept.reply)
    }

    /// Keeps an answer that was computed after this stamp was read.
    pub fn put(&self, asked: Asked, stamp: Stamp, until: Option<UtcTime>, reply: Reply) {
        self.0.insert(asked, Answer { stamp, until, reply });
    }
}
