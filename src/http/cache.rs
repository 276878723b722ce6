//! Answers kept while nothing changes. An answer is served again only under the very stamp of the data under which it
//! was computed, so it is never stale, not even after a write of another server.

use super::reply::Reply;
use crate::db::stamp::Stamp;
use crate::problem::Language;
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

#[derive(Clone)]
struct Bytes;

impl Weighter<Asked, (Stamp, Reply)> for Bytes {
    fn weight(&self, asked: &Asked, kept: &(Stamp, Reply)) -> u64 {
        u64::try_from(256 + asked.path.len() + asked.query.len() + kept.1.length()).unwrap_or(u64::MAX)
    }
}

/// The answers kept by this process.
pub struct Kept(Cache<Asked, (Stamp, Reply), Bytes>);

impl Kept {
    /// For at most so many bytes.
    #[must_use]
    pub fn new(bytes: u64) -> Self {
        let estimated = usize::try_from(bytes / 4096).unwrap_or(1024).max(16);
        Self(Cache::with_weighter(estimated, bytes, Bytes))
    }

    /// The answer to this question under this stamp.
    #[must_use]
    pub fn get(&self, asked: &Asked, stamp: &Stamp) -> Option<Reply> {
        self.0.get(asked).filter(|(kept, _)| kept == stamp).map(|(_, reply)| reply)
    }

    /// Keeps an answer that was computed after this stamp was read.
    pub fn put(&self, asked: Asked, stamp: Stamp, reply: Reply) {
        self.0.insert(asked, (stamp, reply));
    }
}
