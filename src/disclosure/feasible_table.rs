//! Looks for a witness: another table that fits everything that is shown, in which one cell holds another number.
//!
//! One cell is changed; the sums that no longer add up are mended one after the other by changing a further cell that is
//! not shown, until all add up again or nothing more can be tried. Only whole tables are handed out, so a search that
//! misses a witness costs a cell that need not have been hidden, never a secret.

use super::system::{ONE, Pair, Part, System};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// How many ways to mend one sum are tried.
const WAYS: usize = 12;

/// The figures that differ from the truth.
pub(super) type Changes = BTreeMap<(usize, Part), i128>;

/// What a witness must obey.
pub(super) struct Question<'a> {
    pub(super) system: &'a System,
    /// The cells that may differ: those not shown.
    pub(super) open: &'a BTreeSet<usize>,
    /// Whether a cell may hold these figures, after what its mark tells.
    pub(super) allows: &'a dyn Fn(usize, Pair) -> bool,
    /// The unit that knows its own cells.
    pub(super) insider: Option<usize>,
    /// Mend sums by their totals first: always possible where everything is open.
    pub(super) upwards: bool,
    /// How many changes are tried before the search gives up.
    pub(super) fuel: u32,
}

struct Way {
    node: usize,
    part: Part,
    value: i128,
}

struct Search<'a> {
    question: &'a Question<'a>,
    changes: Changes,
    /// The sums that do not add up, and by how much their parts exceed the total.
    gaps: BTreeMap<usize, i128>,
    fuel: u32,
}

impl Question<'_> {
    /// A table in which `node` holds `wanted`.
    pub(super) fn answer(&self, node: usize, wanted: Pair) -> Option<Changes> {
        if !self.may_change(node) || wanted.first < 0 || wanted.second < 0 || !(self.allows)(node, wanted) {
            return None;
        }
        let mut search = Search { question: self, changes: Changes::new(), gaps: BTreeMap::new(), fuel: self.fuel };
        for part in [Part::First, Part::Second] {
            search.set(node, part, wanted.get(part));
        }
        search.mend().then_some(search.changes)
    }

    fn may_change(&self, node: usize) -> bool {
        self.open.contains(&node) && (self.insider.is_none() || self.system.owner(node) != self.insider)
    }
}

impl Search<'_> {
    fn now(&self, node: usize) -> Pair {
        let truth = self.question.system.pair(node);
        let of = |part| self.changes.get(&(node, part)).copied().unwrap_or_else(|| truth.get(part));
        Pair { first: of(Part::First), second: of(Part::Second) }
    }

    fn set(&mut self, node: usize, part: Part, value: i128) {
        let change = value - self.now(node).get(part);
        self.changes.insert((node, part), value);
        self.shift(node, part, change);
    }

    fn unset(&mut self, node: usize, part: Part) {
        let change = self.question.system.pair(node).get(part) - self.now(node).get(part);
        self.changes.remove(&(node, part));
        self.shift(node, part, change);
    }

    fn shift(&mut self, node: usize, part: Part, change: i128) {
        let system = self.question.system;
        for (equation, sign) in system.equations_of(node, part) {
            let gap = self.gaps.entry(equation).or_default();
            *gap += sign * change;
            if *gap == 0 {
                self.gaps.remove(&equation);
            }
        }
    }

    fn mend(&mut self) -> bool {
        let Some((equation, gap)) = self.gaps.first_key_value().map(|(e, g)| (*e, *g)) else { return true };
        for way in self.ways(equation, gap) {
            if self.fuel == 0 {
                return false;
            }
            self.fuel -= 1;
            self.set(way.node, way.part, way.value);
            if self.mend() {
                return true;
            }
            self.unset(way.node, way.part);
        }
        false
    }

    /// The ways to mend a sum, wholly or by a step, the most promising first.
    fn ways(&self, equation: usize, gap: i128) -> Vec<Way> {
        let Some(equation) = self.question.system.equations.get(equation) else { return Vec::new() };
        let mut ways = Vec::new();
        for (node, is_total) in &equation.members {
            if self.changes.contains_key(&(*node, equation.part)) || !self.question.may_change(*node) {
                continue;
            }
            let now = self.now(*node);
            let old = now.get(equation.part);
            for value in self.values(old, if *is_total { gap } else { -gap }) {
                if value >= 0 && (self.question.allows)(*node, now.with(equation.part, value)) {
                    let left = self.left(*node, equation.part, value - old);
                    let order = (self.question.upwards && !*is_total, left, Reverse((value - old).abs()), Reverse(old));
                    ways.push((order, Way { node: *node, part: equation.part, value }));
                }
            }
        }
        ways.sort_by_key(|(order, way)| (*order, way.node));
        ways.into_iter().take(WAYS).map(|(_, way)| way).collect()
    }

    /// The values to try for a cell that should change by `need`: the whole of it, or as far as a boundary lets it.
    fn values(&self, old: i128, need: i128) -> Vec<i128> {
        let limit = self.question.system.limit;
        let on_the_way = |v: &i128| if need > 0 { old < *v && *v < old + need } else { old + need < *v && *v < old };
        let mut values = vec![old + need];
        values.extend([0, ONE, limit - ONE, limit].into_iter().filter(on_the_way));
        values
    }

    /// How many sums would not add up after a change.
    fn left(&self, node: usize, part: Part, change: i128) -> usize {
        let mut left = self.gaps.len();
        for (equation, sign) in self.question.system.equations_of(node, part) {
            match self.gaps.get(&equation) {
                Some(gap) if gap + sign * change == 0 => left -= 1,
                Some(_) => {}
                None => left += 1,
            }
        }
        left
    }
}
