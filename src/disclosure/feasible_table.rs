//! Looks for a witness: another table that fits everything that is shown, in which one cell holds another number.
//!
//! One cell is changed; the sums that no longer add up are mended one after the other by changing a further cell that is
//! not shown, until all add up again or nothing more can be tried. Only whole tables are handed out, so a search that
//! misses a witness costs a cell that need not have been hidden, never a secret.

use super::node_set::NodeSet;
use super::system::{Node, ONE, PARTS, Pair, Part, System};
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
    pub(super) open: &'a NodeSet,
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

/// A cell as the search has it.
#[derive(Clone, Copy)]
struct Cell {
    now: Pair,
    /// Which of its figures were set, be it to what they are.
    first_set: bool,
    second_set: bool,
}

impl Cell {
    fn is_set(&self, part: Part) -> bool {
        match part {
            Part::First => self.first_set,
            Part::Second => self.second_set,
        }
    }

    fn mark(&mut self, part: Part, set: bool) {
        match part {
            Part::First => self.first_set = set,
            Part::Second => self.second_set = set,
        }
    }
}

/// Cells and gaps stand at their numbers: they are looked at for every way that is thought of.
struct Search<'a> {
    question: &'a Question<'a>,
    cells: Vec<Cell>,
    /// By how much the parts of each sum exceed its total.
    gaps: Vec<i128>,
    /// The sums that do not add up.
    uneven: BTreeSet<usize>,
    fuel: u32,
}

impl Question<'_> {
    /// A table in which `node` holds `wanted`.
    pub(super) fn answer(&self, node: usize, wanted: Pair) -> Option<Changes> {
        if !self.may_change(node) || wanted.first < 0 || wanted.second < 0 || !(self.allows)(node, wanted) {
            return None;
        }
        let cell = |node: &Node| Cell { now: node.pair, first_set: false, second_set: false };
        let mut search = Search {
            question: self,
            cells: self.system.nodes.iter().map(cell).collect(),
            gaps: vec![0; self.system.equations.len()],
            uneven: BTreeSet::new(),
            fuel: self.fuel,
        };
        for part in PARTS {
            search.set(node, part, wanted.get(part));
        }
        search.mend().then(|| search.changes())
    }

    fn may_change(&self, node: usize) -> bool {
        self.open.contains(node) && (self.insider.is_none() || self.system.owner(node) != self.insider)
    }
}

impl Search<'_> {
    /// The figures that were set.
    fn changes(&self) -> Changes {
        let set = |(node, cell): (usize, &Cell)| {
            let cell = *cell;
            PARTS.into_iter().filter(move |part| cell.is_set(*part)).map(move |part| ((node, part), cell.now.get(part)))
        };
        self.cells.iter().enumerate().flat_map(set).collect()
    }

    fn set(&mut self, node: usize, part: Part, value: i128) {
        self.put(node, part, value, true);
    }

    fn unset(&mut self, node: usize, part: Part) {
        self.put(node, part, self.question.system.pair(node).get(part), false);
    }

    fn put(&mut self, node: usize, part: Part, value: i128, set: bool) {
        let Some(cell) = self.cells.get_mut(node) else { return };
        let change = value - cell.now.get(part);
        cell.now = cell.now.with(part, value);
        cell.mark(part, set);
        self.shift(node, part, change);
    }

    fn shift(&mut self, node: usize, part: Part, change: i128) {
        let system = self.question.system;
        for (equation, sign) in system.equations_of(node, part) {
            let Some(gap) = self.gaps.get_mut(equation) else { continue };
            *gap += sign * change;
            if *gap == 0 {
                self.uneven.remove(&equation);
            } else {
                self.uneven.insert(equation);
            }
        }
    }

    fn mend(&mut self) -> bool {
        let Some(equation) = self.uneven.first().copied() else { return true };
        let gap = self.gaps.get(equation).copied().unwrap_or_default();
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
            let Some(cell) = self.cells.get(*node) else { continue };
            if cell.is_set(equation.part) || !self.question.may_change(*node) {
                continue;
            }
            let now = cell.now;
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
        let mut left = self.uneven.len();
        for (equation, sign) in self.question.system.equations_of(node, part) {
            match self.gaps.get(equation).copied().unwrap_or_default() {
                0 => left += 1,
                gap if gap + sign * change == 0 => left -= 1,
                _ => {}
            }
        }
        left
    }
}
