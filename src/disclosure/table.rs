//! The table about which is decided: cells by key, whose they are, and which cells add up to which.

use crate::figures::Amounts;
use std::collections::BTreeMap;

/// How many steps upwards from a cell are tried: units in groups in wards in provinces are four.
const HEIGHT: usize = 16;

/// Every cell of one restricted indicator that anybody could ask for, with what adds up to what.
///
/// `K` names a cell: say (place, dimension values, period). Put in the whole table, not the rows that were asked for:
/// units, groups, ward and province; totals and splits; months, quarters and year.
#[derive(Debug, Clone)]
pub struct Table<K> {
    pub(super) cells: Vec<Cell<K>>,
    pub(super) sums: Vec<Sum>,
    places: BTreeMap<K, usize>,
}

#[derive(Debug, Clone)]
pub(super) struct Cell<K> {
    pub(super) key: K,
    pub(super) amounts: Amounts,
    pub(super) owner: Option<String>,
    pub(super) shown_before: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Sum {
    pub(super) total: usize,
    pub(super) parts: Vec<usize>,
}

impl<K> Default for Table<K> {
    fn default() -> Self {
        Self { cells: Vec::new(), sums: Vec::new(), places: BTreeMap::new() }
    }
}

impl<K: Ord + Clone> Table<K> {
    /// A table without cells.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a cell in, in place of one of that key. `owner` is the unit that reported it and so knows it; totals over
    /// several units have none. What nobody reported is no cell.
    pub fn put(&mut self, key: K, amounts: Amounts, owner: Option<&str>) {
        let cell = Cell { key: key.clone(), amounts, owner: owner.map(str::to_owned), shown_before: false };
        match self.places.get(&key).and_then(|place| self.cells.get_mut(*place)) {
            Some(old) => *old = cell,
            None => {
                self.places.insert(key, self.cells.len());
                self.cells.push(cell);
            }
        }
    }

    /// Notes that an earlier revision showed this very cell with these very figures: who kept it knows it, so that
    /// hiding it now would hide nothing.
    pub fn shown_before(&mut self, key: &K) {
        if let Some(cell) = self.places.get(key).and_then(|place| self.cells.get_mut(*place)) {
            cell.shown_before = true;
        }
    }

    /// Says that cells add up to another. Keys that are not in the table are left out; parts that fall short of the total
    /// (a unit is missing, a sex unknown) are made up by a remainder that nobody sees.
    pub fn sum<'a>(&mut self, total: &K, parts: impl IntoIterator<Item = &'a K>)
    where
        K: 'a,
    {
        let Some(total) = self.places.get(total).copied() else { return };
        let parts = parts.into_iter().filter_map(|key| self.places.get(key).copied()).filter(|part| *part != total);
        let mut parts: Vec<usize> = parts.collect();
        parts.sort_unstable();
        parts.dedup();
        let sum = Sum { total, parts };
        if !sum.parts.is_empty() && !self.sums.contains(&sum) {
            self.sums.push(sum);
        }
    }

    /// Says the sums along one dimension at once: `parent` names the total to which a cell adds (a unit its group, a group
    /// its ward; a sex the total; a quarter its year), `None` where there is none. A parent that is not in the table is
    /// passed over for its own parent. Call it once for each dimension, after all cells are in.
    pub fn nest(&mut self, parent: impl Fn(&K) -> Option<K>) {
        let mut families: BTreeMap<K, Vec<K>> = BTreeMap::new();
        for cell in &self.cells {
            let ancestors = std::iter::successors(parent(&cell.key), |key| parent(key));
            if let Some(total) = ancestors.take(HEIGHT).find(|key| self.places.contains_key(key)) {
                families.entry(total).or_default().push(cell.key.clone());
            }
        }
        for (total, parts) in &families {
            self.sum(total, parts);
        }
    }

    /// The same table in the order of its keys, so that nothing depends on the order in which it was put together.
    pub(super) fn in_order(&self) -> Self {
        let rank: BTreeMap<usize, usize> = self.places.values().enumerate().map(|(rank, place)| (*place, rank)).collect();
        let ranked = |place: &usize| rank.get(place).copied().unwrap_or(*place);
        let mut sums: Vec<Sum> =
            self.sums.iter().map(|s| Sum { total: ranked(&s.total), parts: s.parts.iter().map(ranked).collect() }).collect();
        sums.iter_mut().for_each(|sum| sum.parts.sort_unstable());
        sums.sort();
        let mut cells = self.cells.clone();
        cells.sort_by(|a, b| a.key.cmp(&b.key));
        let places = cells.iter().enumerate().map(|(place, cell)| (cell.key.clone(), place)).collect();
        Self { cells, sums, places }
    }
}
