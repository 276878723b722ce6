//! Read models: what is made of rows for one answer after another (what an indicator means, what is hidden of a plan's
//! figures), kept in memory as long as none of these rows changes.
//!
//! A kept answer serves the same question alone; a model serves every question, and the first reader after a write elsewhere.
//! A read sees one state of the data, its models included: one is used only if nothing that it was made of has changed up to
//! the look before the read, nor between that look and the state which the read's transaction sees.

use super::Conn;
use super::data_version::{self, DataVersion, DataVersions, Kinds, Reads};
use crate::problem::Result;
use quick_cache::sync::Cache;
use quick_cache::{Equivalent, Weighter};
use std::any::{Any, TypeId};
use std::collections::{BTreeMap, HashMap};
use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

/// Something made of rows of one administrative unit.
pub trait Model: Sized + Send + Sync + 'static {
    /// The kinds of rows it is made of: of that unit, of those below it or above it.
    const READS: Kinds;

    /// About how many bytes it takes.
    fn bytes(&self) -> usize;
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Key {
    model: TypeId,
    variant: u32,
    id: String,
}

/// The same, borrowed.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Looked<'a> {
    model: TypeId,
    variant: u32,
    id: &'a str,
}

impl Key {
    fn of<M: Model>(variant: u32, id: &str) -> Self {
        Self { model: TypeId::of::<M>(), variant, id: id.to_owned() }
    }

    fn looked(&self) -> Looked<'_> {
        Looked { model: self.model, variant: self.variant, id: &self.id }
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

#[derive(Clone)]
struct Kept {
    reads: Reads,
    bytes: usize,
    model: Arc<dyn Any + Send + Sync>,
}

#[derive(Clone)]
struct Bytes;

impl Weighter<Key, Kept> for Bytes {
    fn weight(&self, _: &Key, kept: &Kept) -> u64 {
        u64::try_from(256 + kept.bytes).unwrap_or(u64::MAX)
    }
}

/// The models kept by this process.
pub struct ModelCache(Cache<Key, Kept, Bytes>);

impl ModelCache {
    /// For at most so many bytes.
    #[must_use]
    pub fn new(bytes: u64) -> Self {
        let estimated = usize::try_from(bytes / 4096).unwrap_or(1024).max(16);
        Self(Cache::with_weighter(estimated, bytes, Bytes))
    }
}

/// The models as one read sees them. Without a cache behind it each is made anew.
#[derive(Clone, Default)]
pub struct Models(Option<Arc<View>>);

struct View {
    cache: Arc<ModelCache>,
    versions: DataVersions,
    looked: DataVersion,
    /// What has changed between the look and the state that the read sees.
    changed: OnceLock<Kinds>,
}

impl Models {
    /// For one read in one transaction, which begins after this look.
    #[must_use]
    pub fn after(cache: Arc<ModelCache>, versions: DataVersions, looked: DataVersion) -> Self {
        Self(Some(Arc::new(View { cache, versions, looked, changed: OnceLock::new() })))
    }

    /// The models of some rows, each named by its id with the administrative unit it belongs to; `load` makes those that are
    /// not kept. `variant` tells models of one row apart.
    ///
    /// # Errors
    /// What `load` answers; if the database fails.
    pub fn each<M: Model>(
        &self,
        c: &mut Conn,
        variant: u32,
        rows: BTreeMap<&str, &str>,
        load: impl FnOnce(&mut Conn, &[&str]) -> Result<Vec<(String, M)>>,
    ) -> Result<HashMap<String, Arc<M>>> {
        let mut found = HashMap::with_capacity(rows.len());
        let mut missing = Vec::new();
        for id in rows.keys() {
            match self.0.as_ref().map(|view| view.find::<M>(c, variant, id)).transpose()?.flatten() {
                Some(model) => drop(found.insert((*id).to_owned(), model)),
                None => missing.push(*id),
            }
        }
        if missing.is_empty() {
            return Ok(found);
        }
        for (id, model) in data_version::reading(M::READS, || load(c, &missing))? {
            let model = Arc::new(model);
            if let (Some(view), Some(unit)) = (&self.0, rows.get(id.as_str())) {
                view.keep(c, Key::of::<M>(variant, &id), unit, &model)?;
            }
            found.insert(id, model);
        }
        Ok(found)
    }
}

impl View {
    fn find<M: Model>(&self, c: &mut Conn, variant: u32, id: &str) -> Result<Option<Arc<M>>> {
        let Some(kept) =
            self.cache.0.get(&Looked { model: TypeId::of::<M>(), variant, id }).filter(|kept| self.versions.unchanged(&kept.reads))
        else {
            return Ok(None);
        };
        let changed = match self.changed.get() {
            Some(changed) => *changed,
            None => {
                let changed = data_version::changed_since(c, &self.looked)?;
                *self.changed.get_or_init(|| changed)
            }
        };
        if M::READS.meets(changed) {
            return Ok(None);
        }
        data_version::hangs_on(M::READS);
        Ok(kept.model.downcast().ok())
    }

    fn keep<M: Model>(&self, c: &mut Conn, key: Key, unit: &str, model: &Arc<M>) -> Result<()> {
        let seen = self.looked.seen();
        let path = self.versions.path_of(c, unit, seen)?;
        let kept = Kept { reads: self.versions.reads(M::READS, seen, path.as_ref()), bytes: model.bytes(), model: model.clone() };
        self.cache.0.insert(key, kept);
        Ok(())
    }
}
