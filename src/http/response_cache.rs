//! Answers kept while what they were read of does not change: rows of some kinds, of some administrative units. An answer is
//! as fresh as the last look at the data, also after a write of another server.

use super::reply::Reply;
use crate::auth::caller::Caller;
use crate::db::data_version::{DataVersions, Reads};
use crate::formats::Format;
use crate::problem::Language;
use crate::reading::read_scope::ReadScope;
use crate::values::clock::UtcTime;
use crate::values::id::AccountId;
use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, Equivalent, OptionsBuilder, Weighter};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// An answer that may be kept.
pub struct Keepable {
    pub(super) reply: Reply,
    pub(super) scope: ReadScope,
    pub(super) until: Option<UtcTime>,
}

impl Keepable {
    /// An answer that tells of this scope alone.
    #[must_use]
    pub fn of(reply: Reply, scope: ReadScope) -> Self {
        Self { reply, scope, until: None }
    }

    /// The clock changes it at this instant, whatever else happens.
    #[must_use]
    pub fn until(self, until: Option<UtcTime>) -> Self {
        Self { until, ..self }
    }
}

/// Whom an answer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum For {
    /// It is the same for everybody who may ask.
    Everybody,
    /// It depends on who asks: what he may do, or may see.
    Caller,
}

/// What is asked, and by whom where that matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Question<'a> {
    /// The path.
    pub path: &'a str,
    /// The query string.
    pub query: &'a str,
    /// The format of the answer.
    pub format: Format,
    /// The reader's language.
    pub language: Language,
    /// The account that asks, if any.
    pub account: Option<&'a AccountId>,
}

/// A question in the form under which its answer is found.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Key {
    path: String,
    query: String,
    format: Format,
    language: Language,
    whom: For,
    account: Option<AccountId>,
}

/// The same, borrowed: every request looks.
#[derive(PartialEq, Eq, Hash)]
struct Looked<'a>(Question<'a>, For);

impl<'a> Looked<'a> {
    fn of(question: Question<'a>, whom: For) -> Self {
        match whom {
            For::Everybody => Self(Question { account: None, ..question }, whom),
            For::Caller => Self(question, whom),
        }
    }

    fn to_key(&self) -> Key {
        let Self(Question { path, query, format, language, account }, whom) = self;
        Key {
            path: (*path).to_owned(),
            query: (*query).to_owned(),
            format: *format,
            language: *language,
            whom: *whom,
            account: account.cloned(),
        }
    }
}

impl Key {
    fn looked(&self) -> Looked<'_> {
        let Self { path, query, format, language, whom, account } = self;
        Looked(Question { path, query, format: *format, language: *language, account: account.as_ref() }, *whom)
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.looked().hash(state);
    }
}

impl Equivalent<Key> for Looked<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        *self == key.looked()
    }
}

/// An answer, and how long it is right.
#[derive(Clone)]
struct Answer {
    reads: Reads,
    /// The first instant at which it is wrong though nothing was committed.
    until: Option<UtcTime>,
    /// Who asked, where that matters: what he may see follows from his grants.
    caller: Option<Arc<Caller>>,
    reply: Reply,
}

impl Answer {
    fn is_right(&self, caller: Option<&Arc<Caller>>, versions: &DataVersions, now: UtcTime) -> bool {
        let same = |was: &Arc<Caller>| caller.is_some_and(|is| Arc::ptr_eq(was, is) || was.grants == is.grants);
        self.until.is_none_or(|until| now < until) && self.caller.as_ref().is_none_or(same) && versions.unchanged(&self.reads)
    }
}

#[derive(Clone)]
struct Bytes;

impl Weighter<Key, Answer> for Bytes {
    fn weight(&self, key: &Key, kept: &Answer) -> u64 {
        // Its coded forms are smaller, and come later.
        u64::try_from(256 + key.path.len() + key.query.len() + 2 * kept.reply.length()).unwrap_or(u64::MAX)
    }
}

/// How many parts the room for answers has, each with a lock of its own.
const PARTS: usize = 4;

/// The answers kept by this process.
pub struct ResponseCache(Cache<Key, Answer, Bytes>);

impl ResponseCache {
    /// For at most so many bytes.
    #[must_use]
    pub fn new(bytes: u64) -> Self {
        let estimated = usize::try_from(bytes / 4096).unwrap_or(1024).max(16);
        // An answer must fit into one part. The library would make more parts the more processors there are.
        let options = OptionsBuilder::new().shards(PARTS).estimated_items_capacity(estimated).weight_capacity(bytes).build();
        #[expect(clippy::expect_used, reason = "building fails only where one of these three is not given")]
        let options = options.expect("complete options");
        Self(Cache::with_options(options, Bytes, DefaultHashBuilder::default(), DefaultLifecycle::default()))
    }

    /// The answer to this question at this instant, if nothing that it hangs on has changed up to the last look: the caller's
    /// own, or everybody's.
    #[must_use]
    pub fn get(&self, question: Question<'_>, caller: Option<&Arc<Caller>>, versions: &DataVersions, now: UtcTime) -> Option<Reply> {
        let found =
            |whom| self.0.get(&Looked::of(question, whom)).filter(|kept| kept.is_right(caller, versions, now)).map(|kept| kept.reply);
        found(For::Caller).or_else(|| found(For::Everybody))
    }

    /// Keeps an answer; `reads` says after which look it was computed.
    pub fn put(
        &self,
        question: Question<'_>,
        (whom, caller): (For, Option<Arc<Caller>>),
        reads: Reads,
        until: Option<UtcTime>,
        reply: Reply,
    ) {
        let caller = caller.filter(|_| whom == For::Caller);
        self.0.insert(Looked::of(question, whom).to_key(), Answer { reads, until, caller, reply });
    }
}
