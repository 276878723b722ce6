//! The attacker: takes all that is shown and tries to find what is not, by means of its own. It shares no code with the
//! rule, knows the sums from the layout of the ward and not from the table, and comes in two kinds: one that solves the
//! equations and narrows intervals, for wards of any size; one that tries out every table, for small wards.

use super::decide::{Rules, decide_by};
use super::{Hidden, Mark, Table};
use crate::figures::Amounts;
use crate::values::decimal::Decimal4;
use std::collections::{BTreeMap, BTreeSet};

/// Place, sex, quarter; 0 is the total of each. Units are 1.. and groups 100.. ; from [`OTHERS`] on stands what all units of
/// the ward or a group but the attacker's have together.
pub(super) type Key = (u8, u8, u8);

const OTHERS: u8 = 200;

/// Cases and the others; with `None` a mere count.
pub(crate) type Leaf = (i64, Option<i64>);

#[derive(Debug, Clone)]
pub(super) struct Ward {
    /// The group of each unit, 0 for none.
    pub(super) groups: Vec<u8>,
    pub(super) sexes: u8,
    pub(super) quarters: u8,
    /// By unit, sex and quarter.
    pub(super) leaves: Vec<Leaf>,
}

impl Ward {
    pub(super) fn places(&self) -> Vec<u8> {
        let groups: BTreeSet<u8> = self.groups.iter().copied().filter(|g| *g > 0).collect();
        std::iter::once(0).chain(self.units()).chain(groups).collect()
    }

    pub(super) fn units(&self) -> std::ops::RangeInclusive<u8> {
        1..=u8::try_from(self.groups.len()).unwrap()
    }

    fn group(&self, unit: u8) -> u8 {
        self.groups[usize::from(unit) - 1]
    }

    fn holds(&self, place: u8, unit: u8) -> bool {
        place == 0 || place == unit || (place >= 100 && self.group(unit) == place)
    }

    /// The finest cells, in the order of `leaves`.
    pub(super) fn leaf_keys(&self) -> Vec<Key> {
        let ones = |n: u8| if n == 0 { 0..=0 } else { 1..=n };
        let units = self.units();
        units.flat_map(|u| ones(self.sexes).flat_map(move |s| ones(self.quarters).map(move |q| (u, s, q)))).collect()
    }

    /// Every cell, added up from given leaves.
    pub(super) fn cells(&self, leaves: &[Leaf]) -> BTreeMap<Key, Leaf> {
        let mut cells: BTreeMap<Key, Leaf> = BTreeMap::new();
        for ((unit, sex, quarter), leaf) in self.leaf_keys().into_iter().zip(leaves) {
            for place in self.places().into_iter().filter(|p| self.holds(*p, unit)) {
                for key in BTreeSet::from([(place, sex, quarter), (place, 0, quarter), (place, sex, 0), (place, 0, 0)]) {
                    let sum = cells.entry(key).or_insert((0, leaf.1.map(|_| 0)));
                    *sum = (sum.0 + leaf.0, sum.1.zip(leaf.1).map(|(a, b)| a + b));
                }
            }
        }
        cells
    }

    /// For each total over several units in which a unit stands: what all others have together, the total, and its own cell.
    fn others(&self, unit: u8) -> Vec<(Key, Key, Key)> {
        let totals = self.places().into_iter().filter(|place| *place != unit && self.holds(*place, unit));
        let place = |total: u8| OTHERS + total.saturating_sub(99);
        let splits = (0..=self.sexes).flat_map(|sex| (0..=self.quarters).map(move |quarter| (sex, quarter)));
        let all = totals.flat_map(|total| splits.clone().map(move |(sex, quarter)| (total, sex, quarter)));
        all.map(|(total, sex, quarter)| ((place(total), sex, quarter), (total, sex, quarter), (unit, sex, quarter))).collect()
    }

    /// These cells with those that a unit would find by subtraction.
    fn with_others(&self, mut cells: BTreeMap<Key, Leaf>, unit: Option<u8>) -> BTreeMap<Key, Leaf> {
        for (others, total, own) in unit.into_iter().flat_map(|unit| self.others(unit)) {
            let rest = less(cells[&total], cells[&own]);
            cells.insert(others, rest);
        }
        cells
    }

    pub(super) fn truth(&self) -> BTreeMap<Key, Leaf> {
        self.cells(&self.leaves)
    }

    pub(super) fn table(&self) -> Table<Key> {
        let whole = |n| Decimal4::from_int(n);
        let mut table = Table::new();
        for (key, (cases, others)) in self.truth() {
            let amounts = Amounts { numerator: whole(cases), denominator: others.and_then(|o| whole(cases + o)) };
            let owner = key.0.to_string();
            table.put(key, amounts, (1..100).contains(&key.0).then_some(owner.as_str()));
        }
        table.nest(|(place, sex, quarter)| match place {
            0 => None,
            1..100 => Some((self.group(*place), *sex, *quarter)),
            _ => Some((0, *sex, *quarter)),
        });
        table.nest(|(place, sex, quarter)| (*sex > 0).then_some((*place, 0, *quarter)));
        table.nest(|(place, sex, quarter)| (*quarter > 0).then_some((*place, *sex, 0)));
        table
    }

    pub(super) fn hidden(&self, threshold: u32, rules: Rules) -> Hidden<Key> {
        decide_by(rules, &self.table(), threshold, &BTreeSet::new())
    }

    /// The sums, total first, written out from the layout.
    fn sums(&self) -> Vec<Vec<Key>> {
        let keys: Vec<Key> = self.truth().into_keys().collect();
        let mut sums = Vec::new();
        for (place, sex, quarter) in &keys {
            let units = self.units().filter(|u| place != u && self.holds(*place, *u));
            sums.push(units.map(|u| (u, *sex, *quarter)).collect::<Vec<_>>());
            sums.push(if *sex == 0 { (1..=self.sexes).map(|s| (*place, s, *quarter)).collect() } else { Vec::new() });
            sums.push(if *quarter == 0 { (1..=self.quarters).map(|q| (*place, *sex, q)).collect() } else { Vec::new() });
            for sum in sums.iter_mut().rev().take(3) {
                if !sum.is_empty() {
                    sum.insert(0, (*place, *sex, *quarter));
                }
            }
        }
        sums.retain(|sum| sum.len() > 1);
        sums
    }
}

pub(crate) fn less(a: Leaf, b: Leaf) -> Leaf {
    (a.0 - b.0, a.1.zip(b.1).map(|(a, b)| a - b))
}

/// Numerator, difference, denominator.
fn parts(leaf: Leaf) -> [i64; 3] {
    [leaf.0, leaf.1.unwrap_or(0), leaf.0 + leaf.1.unwrap_or(0)]
}

pub(crate) fn is_small(leaf: Leaf, threshold: u32) -> bool {
    parts(leaf).into_iter().any(|n| (1..i64::from(threshold)).contains(&n))
}

pub(crate) fn is_nothing(leaf: Leaf) -> bool {
    parts(leaf) == [0; 3]
}

/// Whether nobody may find what others have together.
pub(crate) fn is_secret(leaf: Leaf, threshold: u32) -> bool {
    is_small(leaf, threshold) && !is_nothing(leaf)
}

/// What an attacker knows to begin with.
fn known(ward: &Ward, shown: impl Fn(&Key) -> bool, insider: Option<u8>) -> BTreeMap<Key, Leaf> {
    ward.truth().into_iter().filter(|(key, leaf)| shown(key) || is_nothing(*leaf) || Some(key.0) == insider).collect()
}

/// What he finds: for each part of each cell the lowest and the highest value.
type Found<K> = BTreeMap<K, [(i64, i64); 3]>;

const NO_END: i64 = 1 << 40;
const PRIME: i128 = (1 << 61) - 1;

/// The cells whose figures the equations determine: reduced row echelon form over a large prime field.
fn solved<K: Ord + Clone>(sums: &[Vec<K>], known: &BTreeMap<K, Leaf>, unknown: &[K]) -> BTreeSet<K> {
    let column: BTreeMap<&K, usize> = unknown.iter().enumerate().map(|(i, k)| (k, i)).collect();
    let mut rows: Vec<Vec<i128>> = Vec::new();
    for sum in sums.iter().filter(|sum| sum.iter().any(|k| !known.contains_key(k))) {
        let mut row = vec![0; unknown.len()];
        for (at, key) in sum.iter().enumerate() {
            if let Some(column) = column.get(key) {
                row[*column] = if at == 0 { PRIME - 1 } else { 1 };
            }
        }
        rows.push(row);
    }
    let inverse = |n: i128| {
        let (mut result, mut base, mut power) = (1_i128, n, PRIME - 2);
        while power > 0 {
            result = if power % 2 == 1 { result * base % PRIME } else { result };
            base = base * base % PRIME;
            power /= 2;
        }
        result
    };
    let mut rank = 0;
    for column in 0..unknown.len() {
        let Some(pivot) = (rank..rows.len()).find(|r| rows[*r][column] != 0) else { continue };
        rows.swap(rank, pivot);
        let actor = inverse(rows[rank][column]);
        let lead: Vec<i128> = rows[rank].iter().map(|n| n * actor % PRIME).collect();
        for (at, row) in rows.iter_mut().enumerate() {
            let factor = row[column];
            if at == rank {
                row.clone_from(&lead);
            } else if factor != 0 {
                row.iter_mut().zip(&lead).filter(|(_, l)| **l != 0).for_each(|(n, l)| *n = (*n + (PRIME - factor) * l) % PRIME);
            }
        }
        rank += 1;
    }
    let alone = |row: &Vec<i128>| {
        let mut filled = row.iter().enumerate().filter(|(_, n)| **n != 0).map(|(i, _)| i);
        filled.next().filter(|_| filled.next().is_none())
    };
    rows.iter().filter_map(alone).map(|column| unknown[column].clone()).collect()
}

/// Solves the equations, then narrows intervals by them until nothing moves.
fn find<K: Ord + Clone>(truth: &BTreeMap<K, Leaf>, sums: &[Vec<K>], known: &BTreeMap<K, Leaf>) -> Found<K> {
    let unknown: Vec<K> = truth.keys().filter(|key| !known.contains_key(key)).cloned().collect();
    let solved = solved(sums, known, &unknown);
    let start = |key: &K, leaf: &Leaf| {
        if known.contains_key(key) || solved.contains(key) { parts(*leaf).map(|n| (n, n)) } else { [(0, NO_END); 3] }
    };
    let mut found: Found<K> = truth.iter().map(|(key, leaf)| (key.clone(), start(key, leaf))).collect();
    // That a denominator is the sum of the two others is one more equation, in every cell.
    loop {
        let before = found.clone();
        for part in 0..3 {
            for sum in sums {
                let mut bounds: Vec<(i64, i64)> = sum.iter().map(|key| found[key][part]).collect();
                narrow(&mut bounds);
                sum.iter().zip(bounds).for_each(|(key, bound)| found.get_mut(key).unwrap()[part] = bound);
            }
        }
        for [cases, others, all] in found.values_mut() {
            let mut bounds = [*all, *cases, *others];
            narrow(&mut bounds);
            [*all, *cases, *others] = bounds;
        }
        if before == found {
            return found;
        }
    }
}

/// Narrows the intervals of a total (first) and its parts.
fn narrow(bounds: &mut [(i64, i64)]) {
    let low: i64 = bounds[1..].iter().map(|b| b.0).sum();
    let high: i64 = bounds[1..].iter().map(|b| b.1).sum();
    bounds[0] = (bounds[0].0.max(low), bounds[0].1.min(high));
    let total = bounds[0];
    for part in &mut bounds[1..] {
        let (others_low, others_high) = (low - part.0, high - part.1);
        *part = (part.0.max(total.0 - others_high), part.1.min(total.1 - others_low));
    }
}

/// What the attacker (a unit, or one from outside) finds that he would not find were everything hidden.
pub(super) fn attack(ward: &Ward, threshold: u32, hidden: &Hidden<Key>, insider: Option<u8>) -> Option<String> {
    let own = |key: &Key| Some(key.0) == insider;
    let mut truth = ward.with_others(ward.truth(), insider);
    truth.retain(|key, leaf| key.0 < OTHERS || is_secret(*leaf, threshold));
    let mut sums = ward.sums();
    let others = insider.into_iter().flat_map(|unit| ward.others(unit)).filter(|(others, ..)| truth.contains_key(others));
    sums.extend(others.map(|(others, total, own)| vec![total, own, others]));
    attack_cells(&truth, &sums, threshold, &|key| key.0 < OTHERS && !hidden.hides(key), &|_| false, &own)
        .map(|found| format!("{insider:?}: {found}"))
}

/// The same of any cells: `sums` name a total and then its parts, `shown` says what is shown, `before` what was shown
/// already and so is known whatever is hidden now, and `own` what the attacker knows of himself.
pub(crate) fn attack_cells<K: Ord + Clone + std::fmt::Debug>(
    truth: &BTreeMap<K, Leaf>,
    sums: &[Vec<K>],
    threshold: u32,
    shown: &dyn Fn(&K) -> bool,
    before: &dyn Fn(&K) -> bool,
    own: &dyn Fn(&K) -> bool,
) -> Option<String> {
    let known = |knows: &dyn Fn(&K, Leaf) -> bool| -> BTreeMap<K, Leaf> {
        truth.iter().filter(|(key, leaf)| own(key) || knows(key, **leaf)).map(|(key, leaf)| (key.clone(), *leaf)).collect()
    };
    let found = find(truth, sums, &known(&|key, _| shown(key)));
    // That nothing happened is never a reason to hide, so where it is shown it is known whatever else is hidden.
    let best = find(truth, sums, &known(&|key, leaf| before(key) || (shown(key) && is_nothing(leaf))));
    let limit = i64::from(threshold);
    for (key, leaf) in truth.iter().filter(|(key, _)| !shown(key) && !own(key)).map(|(key, leaf)| (key.clone(), *leaf)) {
        let present = if leaf.1.is_some() { 3 } else { 1 };
        for part in 0..present {
            let ((low, high), (best_low, best_high), truth) = (found[&key][part], best[&key][part], parts(leaf)[part]);
            assert!(low <= truth && truth <= high, "the attacker is wrong about {key:?}");
            if low == high && best_low < best_high {
                return Some(format!("part {part} of {key:?} is {truth}"));
            }
            if !(1..limit).contains(&truth) {
                continue;
            }
            let wanted = |n: &i64| (best_low..=best_high).contains(n) && !(low..=high).contains(n);
            let inside = |low: i64, high: i64| low >= 1 && high < limit;
            if (1..limit).any(|n| wanted(&n)) || (inside(low, high) && !inside(best_low, best_high)) {
                return Some(format!("part {part} of {key:?} is {low} to {high}"));
            }
        }
    }
    None
}

/// The attack from outside and by each unit.
pub(super) fn attack_by_all(ward: &Ward, threshold: u32, hidden: &Hidden<Key>) -> Option<String> {
    let units = ward.units().map(Some);
    std::iter::once(None).chain(units).find_map(|insider| attack(ward, threshold, hidden, insider))
}

/// The values that each part of each cell takes in all tables that fit.
type Seen = BTreeMap<Key, [BTreeSet<i64>; 3]>;

/// Tries every table whose leaves are at most `cap`. `fits` judges cells that are not known, by their marks.
fn try_all(ward: &Ward, cap: i64, insider: Option<u8>, known: &BTreeMap<Key, Leaf>, fits: &dyn Fn(&Key, Leaf) -> bool) -> Seen {
    let keys = ward.leaf_keys();
    let others = ward.leaves.iter().any(|leaf| leaf.1.is_some());
    let any: Vec<Leaf> =
        (0..=cap).flat_map(|n| if others { (0..=cap).map(|o| (n, Some(o))).collect::<Vec<_>>() } else { vec![(n, None)] }).collect();
    let choices: Vec<Vec<Leaf>> = keys.iter().map(|key| known.get(key).map_or(any.clone(), |leaf| vec![*leaf])).collect();
    let mut seen = Seen::new();
    let mut at = vec![0; keys.len()];
    loop {
        let leaves: Vec<Leaf> = choices.iter().zip(&at).map(|(choice, i)| choice[*i]).collect();
        let cells = ward.cells(&leaves);
        if cells.iter().all(|(key, leaf)| known.get(key).map_or_else(|| fits(key, *leaf), |truth| truth == leaf)) {
            for (key, leaf) in ward.with_others(cells, insider) {
                let all = seen.entry(key).or_default();
                parts(leaf).into_iter().zip(all).for_each(|(n, values)| values.extend([n]));
            }
        }
        let Some(next) = (0..at.len()).find(|i| at[*i] + 1 < choices[*i].len()) else { return seen };
        at[next] += 1;
        at[..next].fill(0);
    }
}

/// The same attack by trying out every table, with and without what the marks tell.
pub(super) fn exhaust(ward: &Ward, threshold: u32, cap: i64, hidden: &Hidden<Key>, insider: Option<u8>) -> Option<String> {
    let truth = ward.with_others(ward.truth(), insider);
    // Whoever holds a mark C to mean "small" is right about the cells that are.
    let told = |key: &Key, leaf: Leaf| match hidden.mark(key) {
        Some(Mark::Secondary) => !is_small(leaf, threshold),
        Some(Mark::Primary) if is_small(truth[key], threshold) => is_small(leaf, threshold),
        _ => true,
    };
    let told_at_best = |key: &Key, leaf: Leaf| !is_small(truth[key], threshold) || is_small(leaf, threshold);
    let (shown, nothing) = (known(ward, |key| !hidden.hides(key), insider), known(ward, |_| false, insider));
    let (marked, best_marked) = (try_all(ward, cap, insider, &shown, &told), try_all(ward, cap, insider, &nothing, &told_at_best));
    let (plain, best_plain) = (try_all(ward, cap, insider, &shown, &|_, _| true), try_all(ward, cap, insider, &nothing, &|_, _| true));
    let small = |n: &i64| (1..i64::from(threshold)).contains(n);
    let secret = |(key, leaf): &(&Key, &Leaf)| {
        if key.0 < OTHERS { hidden.hides(key) && Some(key.0) != insider } else { is_secret(**leaf, threshold) }
    };
    for (key, leaf) in truth.iter().filter(secret) {
        for part in 0..if leaf.1.is_some() { 3 } else { 1 } {
            let of = |seen: &Seen| seen[key][part].clone();
            let (with, best_with, without, best) = (of(&marked), of(&best_marked), of(&plain), of(&best_plain));
            let alone = |set: &BTreeSet<i64>| set.len() == 1;
            let place = format!("{insider:?}, part {part} of {key:?}");
            if (alone(&with) && !alone(&best_with)) || (alone(&without) && !alone(&best)) {
                return Some(format!("{place} is {with:?}, without marks {without:?}"));
            }
            if !small(&parts(*leaf)[part]) {
                continue;
            }
            for n in 1..i64::from(threshold) {
                if !with.contains(&n) && best_with.contains(&n) {
                    return Some(format!("{place} is not {n} but {with:?}"));
                }
                if !without.contains(&n) && best.contains(&n) {
                    return Some(format!("{place} is not {n} but {without:?}, without marks"));
                }
            }
            if without.iter().all(small) && !best.iter().all(small) {
                return Some(format!("{place} is surely small: {without:?}"));
            }
        }
    }
    None
}
