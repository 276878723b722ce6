//! Read models: what is made of rows for one answer after another (what an indicator means, what is hidden of a plan's
//! figures), kept in memory as long as none of these rows changes.
//!
//! A kept answer serves the same question alone; a model serves every question, and the first reader after a write elsewhere.
//! A read sees one state of the data, its models included: one is used only if nothing that it was made of has changed up to
//! the look before the read, nor between that look and the state which the read's transaction sees.

use super::Conn;
use super::data_version::{self, DataVersion, DataVersions, Kinds, Reads};
use crate::problem::{Error, Result};
use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, Equivalent, OptionsBuilder, Weighter};
use std::any::{Any, TypeId, type_name};
use std::collections::{BTreeMap, HashMap};
use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

/// Something made of rows of one administrative unit, and of nothing else: neither of the clock nor of who asks.
pub trait Model: PartialEq + Sized + Send + Sync + 'static {
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

struct Kept {
    reads: Reads,
    bytes: usize,
    model: Arc<dyn Any + Send + Sync>,
}

#[derive(Clone)]
struct Bytes;

impl Weighter<Key, Arc<Kept>> for Bytes {
    fn weight(&self, _: &Key, kept: &Arc<Kept>) -> u64 {
        u64::try_from(256 + kept.bytes).unwrap_or(u64::MAX)
    }
}

/// How many parts the room for models has, each with a lock of its own.
const PARTS: usize = 2;

/// The models kept by this process.
pub struct ModelCache(Cache<Key, Arc<Kept>, Bytes>);

impl ModelCache {
    /// For at most so many bytes.
    #[must_use]
    pub fn new(bytes: u64) -> Self {
        let estimated = usize::try_from(bytes / 4096).unwrap_or(1024).max(16);
        // A model must fit into one part. The library would make more parts the more processors there are.
        let options = OptionsBuilder::new().shards(PARTS).estimated_items_capacity(estimated).weight_capacity(bytes).build();
        #[expect(clippy::expect_used, reason = "building fails only where one of these three is not given")]
        let options = options.expect("complete options");
        Self(Cache::with_options(options, Bytes, DefaultHashBuilder::default(), DefaultLifecycle::default()))
    }
}

/// The models as one read sees them. Without a cache behind it each is made anew.
#[derive(Clone, Default)]
pub struct Models(Option<Arc<View>>);

struct View {
    cache: Arc<ModelCache>,
    versions: DataVersions,
    looked: DataVersion,
    /// What has changed between the look and the state that the read sees: asked once, for one transaction sees one state.
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
        let mut found: HashMap<String, Arc<M>> = HashMap::with_capacity(rows.len());
        let mut missing = Vec::new();
        for id in rows.keys() {
            match self.0.as_ref().map(|view| view.find::<M>(c, variant, id)).transpose()?.flatten() {
                Some(model) => drop(found.insert((*id).to_owned(), model)),
                None => missing.push(*id),
            }
        }
        if missing.is_empty() && !cfg!(debug_assertions) {
            return Ok(found);
        }
        let wanted: Vec<&str> = if cfg!(debug_assertions) { rows.keys().copied().collect() } else { missing.clone() };
        let models = data_version::reading(M::READS, || load(c, &wanted))?;
        let models = if cfg!(debug_assertions) { compared(&found, models)? } else { models };
        let models: Vec<(String, Arc<M>)> = models.into_iter().map(|(id, model)| (id, Arc::new(model))).collect();
        if let Some(view) = &self.0 {
            view.keep(c, variant, &rows, &models)?;
        }
        found.extend(models);
        Ok(found)
    }
}

/// In debug builds, and so in all tests, all are made anew, and every kept model is compared with what it would be now: none
/// may differ. Answers those that were not kept.
fn compared<M: Model>(kept: &HashMap<String, Arc<M>>, now: Vec<(String, M)>) -> Result<Vec<(String, M)>> {
    if let Some((id, _)) = now.iter().find(|(id, model)| kept.get(id).is_some_and(|kept| **kept != *model)) {
        return Err(Error::internal(format!("a kept {} of {id} is not what it would be now", type_name::<M>())));
    }
    Ok(now.into_iter().filter(|(id, _)| !kept.contains_key(id)).collect())
}

impl View {
    /// What has changed between the look and the state that this read sees.
    fn changed(&self, c: &mut Conn) -> Result<Kinds> {
        if let Some(changed) = self.changed.get() {
            return Ok(*changed);
        }
        let changed = data_version::changed_since(c, &self.looked)?;
        Ok(*self.changed.get_or_init(|| changed))
    }

    /// A model that is right at the look and for what the read sees. One made after a later look may tell of what was
    /// committed since, which the read does not see.
    fn find<M: Model>(&self, c: &mut Conn, variant: u32, id: &str) -> Result<Option<Arc<M>>> {
        let right = |kept: &Arc<Kept>| kept.reads.seen() <= self.looked.seen() && self.versions.unchanged(&kept.reads);
        let Some(kept) = self.cache.0.get(&Looked { model: TypeId::of::<M>(), variant, id }).filter(right) else { return Ok(None) };
        if M::READS.meets(self.changed(c)?) {
            return Ok(None);
        }
        data_version::hangs_on(M::READS);
        Ok(kept.model.clone().downcast().ok())
    }

    /// Keeps models that were made in this read, if what it sees of them is what there was at the look.
    fn keep<M: Model>(&self, c: &mut Conn, variant: u32, rows: &BTreeMap<&str, &str>, models: &[(String, Arc<M>)]) -> Result<()> {
        if models.is_empty() || M::READS.meets(self.changed(c)?) {
            return Ok(());
        }
        let seen = self.looked.seen();
        let units = models.iter().filter_map(|(id, _)| rows.get(id.as_str()).copied()).collect();
        let paths = self.versions.paths_of(c, units, seen)?;
        for (id, model) in models {
            let key = Key { model: TypeId::of::<M>(), variant, id: id.clone() };
            // Who reads slowly does not take the place of who looked later.
            if self.cache.0.peek(&key).is_some_and(|kept| kept.reads.seen() > seen) {
                continue;
            }
            let path = rows.get(id.as_str()).and_then(|unit| paths.get(*unit));
            let kept = Kept { reads: self.versions.reads(M::READS, seen, path), bytes: model.bytes(), model: model.clone() };
            self.cache.0.insert(key, Arc::new(kept));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::schema::goals;
    use super::super::{Database, Target, migrate};
    use super::*;
    use crate::db::schema::changes;
    use crate::values::clock::UtcTime;
    use diesel::prelude::*;

    /// How many goals there are.
    #[derive(Debug, PartialEq)]
    struct Goals(i64);

    impl Model for Goals {
        const READS: Kinds = Kinds::GOAL;

        fn bytes(&self) -> usize {
            8
        }
    }

    fn event(c: &mut Conn, id: &str, resource: &str) -> Result<()> {
        let row = (
            changes::id.eq(id),
            changes::at.eq(UtcTime::now()),
            changes::change_type.eq("thing.changed"),
            changes::resource.eq(resource),
            changes::resource_id.eq("1"),
            changes::version.eq(1),
        );
        diesel::insert_into(changes::table).values(row).execute(c)?;
        Ok(())
    }

    struct House {
        _folder: tempfile::TempDir,
        db: Database,
        cache: Arc<ModelCache>,
    }

    impl House {
        async fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let db = Database::open(&Target::in_folder(folder.path()), 2).unwrap();
            migrate::run(&db).await.unwrap();
            Self { _folder: folder, db, cache: Arc::new(ModelCache::new(1 << 20)) }
        }

        async fn look(&self) -> Models {
            Models::after(self.cache.clone(), self.db.data_versions().clone(), self.db.data_version().await.unwrap())
        }

        /// Whether the model was at hand in a read that had looked before.
        async fn is_kept(&self, models: Models) -> bool {
            let read = move |c: &mut Conn| {
                let kept = models.0.as_ref().map(|view| view.find::<Goals>(c, 0, "G1")).transpose()?.flatten().is_some();
                models.each(c, 0, BTreeMap::from([("G1", "09385")]), |c, _| {
                    Ok(vec![("G1".to_owned(), Goals(goals::table.count().get_result(c)?))])
                })?;
                Ok(kept)
            };
            self.db.read(read).await.unwrap()
        }
    }

    #[tokio::test]
    async fn a_model_is_kept_until_what_it_is_made_of_changes() {
        let house = House::new().await;
        assert!(!house.is_kept(house.look().await).await);
        assert!(house.is_kept(house.look().await).await);
        house.db.write(|c| event(c, "1", "report")).await.unwrap();
        assert!(house.is_kept(house.look().await).await, "no goal has changed");
        house.db.write(|c| event(c, "2", "goal")).await.unwrap();
        assert!(!house.is_kept(house.look().await).await);
        assert!(house.is_kept(house.look().await).await);
    }

    #[tokio::test]
    async fn what_changes_between_the_look_and_the_read_is_seen() {
        let house = House::new().await;
        house.is_kept(house.look().await).await;
        let (before_report, before_goal) = (house.look().await, house.look().await);
        house.db.write(|c| event(c, "1", "report")).await.unwrap();
        assert!(house.is_kept(before_report).await, "no goal has changed");
        house.db.write(|c| event(c, "2", "goal")).await.unwrap();
        assert!(!house.is_kept(before_goal).await, "the look knows nothing of it, and the read sees it");
        assert!(!house.is_kept(house.look().await).await, "what was made in a read that looked before is not kept beyond it");
    }

    #[tokio::test]
    async fn a_read_uses_nothing_that_was_made_of_a_later_state() {
        let house = House::new().await;
        let earlier = house.look().await;
        house.db.write(|c| event(c, "1", "goal")).await.unwrap();
        // Made by somebody who looked before, and read after, the write.
        let between = house.look().await;
        house.db.write(|c| event(c, "2", "goal")).await.unwrap();
        house.is_kept(between).await;
        assert!(!house.is_kept(house.look().await).await, "what was made of more than the look knew is not kept");
        assert!(house.is_kept(house.look().await).await);
        assert!(!house.is_kept(earlier).await, "what was made later may tell of more than this read sees");
    }

    #[tokio::test]
    async fn without_a_cache_each_is_made_anew() {
        let house = House::new().await;
        assert!(!house.is_kept(Models::default()).await);
        assert!(!house.is_kept(Models::default()).await);
        assert!(!house.is_kept(house.look().await).await);
    }
}
