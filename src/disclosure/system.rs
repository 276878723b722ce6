//! The table as numbers: each cell a pair of figures that add up independently of each other.

use super::table::Table;
use std::collections::BTreeMap;

/// One whole, in the units of `Decimal4`.
pub(super) const ONE: i128 = 10_000;

/// Which figure of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    First,
    Second,
}

/// Both.
pub(super) const PARTS: [Part; 2] = [Part::First, Part::Second];

/// The two figures of a cell. Numerator and difference, since neither bounds the other: "numerator ≤ denominator" is then
/// nothing but "not negative". Where a table has numerators above their denominators, numerator and denominator.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) first: i128,
    pub(super) second: i128,
}

impl Pair {
    pub(super) fn get(self, part: Part) -> i128 {
        match part {
            Part::First => self.first,
            Part::Second => self.second,
        }
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self { first: self.first + other.first, second: self.second + other.second }
    }

    pub(super) fn with(self, part: Part, value: i128) -> Self {
        match part {
            Part::First => Self { first: value, ..self },
            Part::Second => Self { second: value, ..self },
        }
    }
}

/// From where to where a figure may lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    low: i128,
    high: i128,
}

/// The ranges of all figures.
pub(super) type Bounds = BTreeMap<(usize, Part), Range>;

/// Higher than any sum of quantities.
const NO_END: i128 = 1 << 100;
const ANY: Range = Range { low: 0, high: NO_END };
/// How often the sums are gone through to narrow the bounds.
const ROUNDS: usize = 12;

impl Range {
    pub(super) fn holds(self, value: i128) -> bool {
        self.low <= value && value <= self.high
    }
}

/// A cell of the system.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) pair: Pair,
    pub(super) owner: Option<usize>,
    /// Known from an earlier revision.
    pub(super) known: bool,
    /// What is missing between parts and total: no cell of the table, seen by nobody.
    pub(super) remainder: bool,
    equations: Vec<Place>,
}

/// Where a node stands: in which equation, as a part (1) or as the total (-1).
#[derive(Debug, Clone, Copy)]
struct Place {
    number: usize,
    part: Part,
    sign: i128,
}

/// Parts that add up to a total, in one of the two figures.
#[derive(Debug, Clone)]
pub(super) struct Equation {
    pub(super) part: Part,
    pub(super) members: Vec<(usize, bool)>,
}

impl Equation {
    /// A total is at least and at most what its parts are together, and a part what the total leaves to it.
    fn narrow(&self, bounds: &mut Bounds) {
        let of = |node: &usize| bounds.get(&(*node, self.part)).copied().unwrap_or(ANY);
        let parts = self.members.iter().filter(|(_, is_total)| !is_total).map(|(node, _)| of(node));
        let sum = parts.fold(Range { low: 0, high: 0 }, |sum, part| Range { low: sum.low + part.low, high: sum.high + part.high });
        let total = self.members.iter().find(|(_, is_total)| *is_total).map_or(ANY, |(node, _)| of(node));
        for (node, is_total) in &self.members {
            if let Some(range) = bounds.get_mut(&(*node, self.part)) {
                let (low, high) = match is_total {
                    true => (sum.low, sum.high),
                    false => (total.low - (sum.high - range.high), total.high - (sum.low - range.low)),
                };
                *range = Range { low: range.low.max(low), high: range.high.min(high) };
            }
        }
    }
}

/// The table as a system of equations over pairs.
#[derive(Debug, Clone)]
pub(super) struct System {
    pub(super) nodes: Vec<Node>,
    pub(super) equations: Vec<Equation>,
    /// Numerators are shares of their denominators.
    pub(super) shares: bool,
    /// The first count that is not small.
    pub(super) limit: i128,
    /// Which figures the table has at all: a count has no second. Not 0 where it has.
    pub(super) has: Pair,
}

impl System {
    pub(super) fn new<K>(table: &Table<K>, threshold: u32) -> Self {
        let scaled = |n: Option<crate::values::decimal::Decimal4>| n.map(|n| i128::from(n.scaled()));
        let figures: Vec<_> = table.cells.iter().map(|c| (scaled(c.amounts.numerator), scaled(c.amounts.denominator))).collect();
        let shares = figures.iter().all(|f| !matches!(f, (Some(n), Some(d)) if n > d));
        let mut owners = BTreeMap::new();
        let mut nodes = Vec::with_capacity(figures.len());
        for (cell, (numerator, denominator)) in table.cells.iter().zip(figures) {
            let first = numerator.unwrap_or_default();
            let second = denominator.map_or(0, |d| if shares { d - first } else { d });
            let next = owners.len();
            let owner = cell.owner.as_deref().map(|name| *owners.entry(name).or_insert(next));
            nodes.push(Node { pair: Pair { first, second }, owner, known: cell.shown_before, remainder: false, equations: Vec::new() });
        }
        let has = |any: bool| i128::from(any);
        let has = Pair {
            first: has(table.cells.iter().any(|c| c.amounts.numerator.is_some())),
            second: has(table.cells.iter().any(|c| c.amounts.denominator.is_some())),
        };
        let mut system = Self { nodes, equations: Vec::new(), shares, limit: i128::from(threshold) * ONE, has };
        for sum in &table.sums {
            system.add(sum.total, &sum.parts);
        }
        system
    }

    /// Adds a sum for each figure that obeys it; where parts fall short in one, with a remainder. A sum whose parts exceed
    /// the total is none, and tells nobody anything.
    fn add(&mut self, total: usize, parts: &[usize]) {
        let sum = |part| parts.iter().map(|p| self.pair(*p).get(part)).sum::<i128>();
        let whole = self.pair(total);
        let rest = Pair { first: whole.first - sum(Part::First), second: whole.second - sum(Part::Second) };
        let mut members: Vec<(usize, bool)> = parts.iter().map(|part| (*part, false)).collect();
        members.push((total, true));
        if rest.first > 0 || rest.second > 0 {
            members.push((self.nodes.len(), false));
            let pair = Pair { first: rest.first.max(0), second: rest.second.max(0) };
            self.nodes.push(Node { pair, owner: None, known: false, remainder: true, equations: Vec::new() });
        }
        for part in PARTS.into_iter().filter(|part| rest.get(*part) >= 0) {
            let number = self.equations.len();
            for (node, is_total) in &members {
                if let Some(node) = self.nodes.get_mut(*node) {
                    node.equations.push(Place { number, part, sign: if *is_total { -1 } else { 1 } });
                }
            }
            self.equations.push(Equation { part, members: members.clone() });
        }
    }

    /// Within what bounds each figure lies for one who knows nothing but his own cells and those that can never be hidden:
    /// narrowed sum by sum. Outside them no search is worth its while. `small_only`: small cells are known to be small.
    pub(super) fn bounds(&self, may_hide: impl Fn(usize) -> bool, insider: Option<usize>, small_only: bool) -> Bounds {
        let counts = self.has.second == 0;
        let mut bounds = Bounds::new();
        for (number, node) in self.nodes.iter().enumerate() {
            let fixed = !may_hide(number) || (insider.is_some() && node.owner == insider);
            for part in PARTS {
                let value = node.pair.get(part);
                let high = if small_only && counts && !node.remainder && self.is_small(node.pair) { self.limit - ONE } else { NO_END };
                bounds.insert((number, part), if fixed { Range { low: value, high: value } } else { Range { low: 0, high } });
            }
        }
        for _ in 0..ROUNDS {
            let before = bounds.clone();
            self.equations.iter().for_each(|equation| equation.narrow(&mut bounds));
            if bounds == before {
                break;
            }
        }
        bounds
    }

    pub(super) fn pair(&self, node: usize) -> Pair {
        self.nodes.get(node).map(|n| n.pair).unwrap_or_default()
    }

    /// The equations in which a figure stands, and with which sign.
    pub(super) fn equations_of(&self, node: usize, part: Part) -> impl Iterator<Item = (usize, i128)> {
        let all = self.nodes.get(node).map(|n| n.equations.as_slice()).unwrap_or_default();
        all.iter().filter(move |e| e.part == part).map(|e| (e.number, e.sign))
    }

    pub(super) fn owner(&self, node: usize) -> Option<usize> {
        self.nodes.get(node).and_then(|n| n.owner)
    }

    /// What follows from the two figures: the denominator, or the difference.
    pub(super) fn third(&self, pair: Pair) -> i128 {
        if self.shares { pair.first + pair.second } else { (pair.second - pair.first).abs() }
    }

    pub(super) fn is_small_count(&self, count: i128) -> bool {
        0 < count && count < self.limit
    }

    /// Whether numerator, denominator or difference is a small count. A count without a denominator is a number of its own.
    pub(super) fn is_small(&self, pair: Pair) -> bool {
        [pair.first, pair.second, self.third(pair)].into_iter().any(|count| self.is_small_count(count))
    }
}

/// 0 of 0: nothing happened, and so nothing to hide.
pub(super) fn is_nothing(pair: Pair) -> bool {
    pair.first == 0 && pair.second == 0
}
