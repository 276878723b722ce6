//! When what was last changed: by kind and administrative unit, counted in looks at the database.
//!
//! Each look that finds something committed gets the next number, and what it finds is marked with it. An answer remembers
//! the number of the look before it was read: it is right as long as nothing that it hangs on bears a later one.

use super::kinds::{Kinds, Told, of_resource};
use quick_cache::sync::Cache;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

/// How many places are remembered by name.
const PATHS: usize = 10_000;

/// An administrative unit by official code, followed by those above it.
pub type Path = Arc<[String]>;

/// What was committed, as a look finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Committed {
    /// The event's resource.
    pub resource: String,
    /// Where; `None` if it belongs to no administrative unit.
    pub path: Option<Vec<String>>,
}

/// When each kind was last changed.
#[derive(Debug, Default)]
struct Ticks([AtomicU64; Kinds::COUNT]);

impl Ticks {
    fn mark(&self, kinds: Kinds, tick: u64) {
        kinds.of(&self.0).for_each(|at| at.store(tick, Ordering::Release));
    }

    fn unchanged(&self, kinds: Kinds, seen: u64) -> bool {
        kinds.of(&self.0).all(|at| at.load(Ordering::Acquire) <= seen)
    }
}

/// An administrative unit.
#[derive(Debug, Default)]
struct Place {
    /// What belongs to it itself.
    own: Ticks,
    /// The same and what belongs to those below it.
    with_below: Ticks,
}

/// What an answer hangs on.
#[derive(Debug, Clone)]
pub struct Reads {
    kinds: Kinds,
    seen: u64,
    /// The administrative unit, and those above it; `None` stands for all.
    around: Option<Vec<Arc<Place>>>,
    /// Kinds of which it hangs on rows wherever they are.
    anywhere: Kinds,
}

impl Reads {
    /// The number of the look after which it was read.
    #[must_use]
    pub fn seen(&self) -> u64 {
        self.seen
    }

    /// Hangs on rows of these kinds as well, wherever they are.
    #[must_use]
    pub fn and_anywhere(self, kinds: Kinds) -> Self {
        Self { anywhere: self.anywhere.and(kinds), ..self }
    }
}

#[derive(Default)]
struct Shared {
    last: AtomicU64,
    everything: AtomicU64,
    anywhere: Ticks,
    nowhere: Ticks,
    places: RwLock<HashMap<String, Arc<Place>>>,
}

/// When what was last changed. Clones are the same.
#[derive(Clone)]
pub struct DataVersions {
    shared: Arc<Shared>,
    paths: Arc<Cache<String, (u64, Path)>>,
}

impl DataVersions {
    /// Nothing was looked at yet.
    pub(super) fn new() -> Self {
        Self { shared: Arc::default(), paths: Arc::new(Cache::new(PATHS)) }
    }

    /// The number of the last look that found something.
    pub(super) fn last(&self) -> u64 {
        self.shared.last.load(Ordering::Acquire)
    }

    /// Marks what a look has found, and answers its number. One at a time looks.
    pub(super) fn found(&self, committed: &[Committed]) -> u64 {
        let tick = self.last() + 1;
        for Committed { resource, path } in committed {
            match (of_resource(resource), path) {
                (Told::Everything, _) => self.shared.everything.store(tick, Ordering::Release),
                (Told::Anywhere(kinds), _) | (Told::Kinds(kinds), None) => {
                    self.shared.nowhere.mark(kinds, tick);
                    self.shared.anywhere.mark(kinds, tick);
                }
                (Told::Kinds(kinds), Some(path)) => {
                    self.shared.anywhere.mark(kinds, tick);
                    path.iter().for_each(|code| self.place(code).with_below.mark(kinds, tick));
                    path.iter().take(1).for_each(|code| self.place(code).own.mark(kinds, tick));
                }
            }
        }
        self.shared.last.store(tick, Ordering::Release);
        tick
    }

    /// Marks everything: nobody knows what was committed since the last look.
    pub(super) fn lost(&self) -> u64 {
        let tick = self.last() + 1;
        self.shared.everything.store(tick, Ordering::Release);
        self.shared.last.store(tick, Ordering::Release);
        tick
    }

    fn place(&self, code: &str) -> Arc<Place> {
        if let Some(place) = self.shared.places.read().unwrap_or_else(PoisonError::into_inner).get(code) {
            return place.clone();
        }
        self.shared.places.write().unwrap_or_else(PoisonError::into_inner).entry(code.to_owned()).or_default().clone()
    }

    /// What an answer hangs on that was read after a look: rows of these kinds, of the administrative unit at the head of
    /// `path`, of those below it and of those above it; without a path, of all.
    #[must_use]
    pub fn reads(&self, kinds: Kinds, seen: u64, path: Option<&Path>) -> Reads {
        let around = path.map(|path| path.iter().map(|code| self.place(code)).collect());
        Reads { kinds, seen, around, anywhere: Kinds::NONE }
    }

    /// Whether nothing of it has changed up to the last look.
    #[must_use]
    pub fn unchanged(&self, Reads { kinds, seen, around, anywhere }: &Reads) -> bool {
        let (kinds, seen, shared) = (*kinds, *seen, &self.shared);
        if shared.last.load(Ordering::Acquire) <= seen {
            return true;
        }
        if shared.everything.load(Ordering::Acquire) > seen || !shared.anywhere.unchanged(*anywhere, seen) {
            return false;
        }
        let Some(around) = around else { return shared.anywhere.unchanged(kinds, seen) };
        let (there, above) = (around.iter().take(1), around.iter().skip(1));
        shared.nowhere.unchanged(kinds, seen)
            && there.map(|place| &place.with_below).chain(above.map(|place| &place.own)).all(|ticks| ticks.unchanged(kinds, seen))
    }

    /// The path of what is named, if it is remembered and right up to the last look. What changes it later also changes
    /// what is read of that place.
    #[must_use]
    pub fn path(&self, name: &str) -> Option<Path> {
        let (since, path) = self.paths.get(name)?;
        // Places are found by plans and by the tree of administrative units.
        self.unchanged(&self.reads(Kinds::PLAN, since, None)).then_some(path)
    }

    /// Remembers a path that was read after this look.
    pub fn remember(&self, name: String, seen: u64, path: Path) {
        self.paths.insert(name, (seen, path));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn path(codes: &[&str]) -> Path {
        codes.iter().map(|c| (*c).to_owned()).collect()
    }

    fn committed(resource: &str, path: Option<&Path>) -> Committed {
        Committed { resource: resource.to_owned(), path: path.map(|p| p.to_vec()) }
    }

    #[test]
    fn a_change_tells_upon_its_place_what_is_above_and_what_is_below() {
        let versions = DataVersions::new();
        let (a, b, province, other) = (path(&["a", "24", "VN"]), path(&["b", "24", "VN"]), path(&["24", "VN"]), path(&["c", "01", "VN"]));
        let country = path(&["VN"]);
        let all = [Some(&a), Some(&b), Some(&province), Some(&other), Some(&country), None];
        let told = |event: Committed, kinds: Kinds| {
            let reads = all.map(|at| versions.reads(kinds, versions.last(), at));
            versions.found(&[event]);
            reads.map(|reads| !versions.unchanged(&reads))
        };
        assert_eq!(told(committed("goal", Some(&a)), Kinds::GOAL), [true, false, true, false, true, true]);
        assert_eq!(told(committed("goal", Some(&a)), Kinds::PLAN), [false; 6]);
        assert_eq!(told(committed("goal", Some(&province)), Kinds::GOAL.and(Kinds::PLAN)), [true, true, true, false, true, true]);
        assert_eq!(told(committed("goal", Some(&country)), Kinds::GOAL), [true; 6]);
        assert_eq!(told(committed("goal", None), Kinds::GOAL), [true; 6]);
        assert_eq!(told(committed("jurisdiction", Some(&a)), Kinds::GOAL), [true; 6]);
        assert_eq!(told(committed("signing_key", None), Kinds::ALL), [false; 6]);
    }

    #[test]
    fn a_path_is_remembered_until_a_plan_changes_or_everything_may_have() {
        let versions = DataVersions::new();
        let a = path(&["a", "24", "VN"]);
        let remembered = || {
            versions.remember("plan".to_owned(), versions.last(), a.clone());
            assert_eq!(versions.path("plan"), Some(a.clone()));
        };
        remembered();
        versions.found(&[committed("goal", Some(&a))]);
        assert_eq!(versions.path("plan"), Some(a.clone()));
        versions.found(&[committed("plan", Some(&path(&["b", "24", "VN"])))]);
        assert_eq!(versions.path("plan"), None);
        remembered();
        versions.lost();
        assert_eq!(versions.path("plan"), None);
    }

    proptest! {
        /// Whatever is committed between looks: an answer is given out only if nothing that it read was, after the look
        /// before it was read.
        #[test]
        fn no_answer_is_given_out_after_what_it_read_has_changed(
            looks in proptest::collection::vec(proptest::collection::vec((0_usize..6, 0_usize..3), 0..4), 1..12),
            at in 0_usize..6,
            kind in 0_usize..3,
            before in 0_usize..12,
        ) {
            let places = [Some(path(&["a", "24", "VN"])), Some(path(&["b", "24", "VN"])), Some(path(&["c", "01", "VN"])), Some(path(&["24", "VN"])), Some(path(&["VN"])), None];
            let kinds = [("goal", Kinds::GOAL), ("unit", Kinds::UNIT), ("report", Kinds::REPORT)];
            let concerns = |there: usize| match (&places[at], &places[there]) {
                (Some(mine), Some(other)) => mine.contains(&other[0]) || other.contains(&mine[0]),
                _ => true,
            };
            let versions = DataVersions::new();
            let mut reads = None;
            let mut changed = false;
            for (n, look) in looks.iter().enumerate() {
                if n == before {
                    reads = Some(versions.reads(kinds[kind].1, versions.last(), places[at].as_ref()));
                }
                let found: Vec<Committed> = look.iter().map(|(there, what)| committed(kinds[*what].0, places[*there].as_ref())).collect();
                if !found.is_empty() {
                    versions.found(&found);
                }
                if let Some(reads) = &reads {
                    changed |= look.iter().any(|(there, what)| *what == kind && concerns(*there));
                    prop_assert_eq!(versions.unchanged(reads), !changed);
                }
            }
        }
    }
}
