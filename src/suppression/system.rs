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

    pub(super) fn with(self, part: Part, value: i128) -> Self {
        match part {
            Part::First => Self { first: value, ..self },
            Part::Second => Self { second: value, ..self },
        }
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
    /// The equations in which it stands, and whether as the total.
    pub(super) equations: Vec<(usize, bool)>,
}

/// Parts that add up to a total, in one of the two figures.
#[derive(Debug, Clone)]
pub(super) struct Equation {
    pub(super) part: Part,
    pub(super) members: Vec<(usize, bool)>,
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
        let figures: Vec<_> = table.cells.iter().map(|c| (scaled(c.figures.numerator), scaled(c.figures.denominator))).collect();
        let shares = figures.iter().all(|f| !matches!(f, (Some(n), Some(d)) if n > d));
        let mut owners = BTreeMap::new();
        let mut nodes = Vec::with_capacity(figures.len());
        for (cell, (numerator, denominator)) in table.cells.iter().zip(figures) {
            let first = numerator.unwrap_or_default();
            let second = denominator.map_or(0, |d| if shares { d - first } else { d });
            let next = owners.len();
            let owner = cell.owner.as_deref().map(|name| *owners.entry(name).or_insert(next));
            nodes.push(Node {
                pair: Pair { first, second },
                owner,
                known: cell.shown_before,
                remainder: false,
                equations: Vec::new(),
            });
        }
        let has = |any: bool| i128::from(any);
        let has = Pair {
            first: has(table.cells.iter().any(|c| c.figures.numerator.is_some())),
            second: has(table.cells.iter().any(|c| c.figures.denominator.is_some())),
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
                    node.equations.push((number, *is_total));
                }
            }
            self.equations.push(Equation { part, members: members.clone() });
        }
    }

    pub(super) fn pair(&self, node: usize) -> Pair {
        self.nodes.get(node).map(|n| n.pair).unwrap_or_default()
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
