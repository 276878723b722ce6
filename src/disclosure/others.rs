//! "All others than this unit": what a unit finds when it takes its own figure from a total.

use super::system::{PARTS, Pair, System, is_nothing};
use super::table::{Sum, Table};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// A total in which all units but one have so little together that they would be found by this one.
#[derive(Debug, Clone)]
pub(super) struct Others {
    /// The total.
    pub(super) total: usize,
    /// The unit that knows its own cells.
    pub(super) insider: usize,
    /// What of the total is its own.
    pub(super) own: Pair,
    /// What the others have together: a small cell that stands nowhere.
    pub(super) rest: Pair,
}

/// By unit, its own cells in a total, as few as there are.
type Shares = BTreeMap<usize, Vec<usize>>;

struct Looking<'a> {
    system: &'a System,
    sums: HashMap<usize, Vec<&'a Sum>>,
    known: HashMap<usize, Rc<Shares>>,
}

/// Every total over several units of which one sees that the others are few. What was shown before is no secret any more.
pub(super) fn few_others<K>(table: &Table<K>, system: &System) -> Vec<Others> {
    let mut sums: HashMap<usize, Vec<&Sum>> = HashMap::new();
    for sum in &table.sums {
        sums.entry(sum.total).or_default().push(sum);
    }
    let mut totals: Vec<usize> = sums.keys().copied().collect();
    totals.sort_unstable();
    let mut looking = Looking { system, sums, known: HashMap::new() };
    let mut found = Vec::new();
    for total in totals {
        let node = system.nodes.get(total);
        if node.is_none_or(|node| node.known || node.owner.is_some()) {
            continue;
        }
        let whole = system.pair(total);
        for (insider, cells) in looking.shares(total).iter() {
            let own = cells.iter().fold(Pair::default(), |sum, cell| sum.plus(system.pair(*cell)));
            let rest = Pair { first: whole.first - own.first, second: whole.second - own.second };
            // Where the parts exceed their total there is nothing to be had by subtraction.
            if PARTS.into_iter().all(|part| rest.get(part) >= 0) && !is_nothing(rest) && system.is_small(rest) {
                found.push(Others { total, insider: *insider, own, rest });
            }
        }
    }
    found
}

impl Looking<'_> {
    /// Whose cells a total is made of, directly or by totals below it. A unit stands in it by its own total rather than by
    /// the parts of that.
    fn shares(&mut self, total: usize) -> Rc<Shares> {
        if let Some(known) = self.known.get(&total) {
            return known.clone();
        }
        // Of a total that is part of itself nothing is found in its own depths.
        self.known.insert(total, Rc::default());
        let mut best = Shares::new();
        for sum in self.sums.get(&total).cloned().unwrap_or_default() {
            let mut shares = Shares::new();
            for part in &sum.parts {
                match self.system.owner(*part) {
                    Some(owner) => shares.entry(owner).or_default().push(*part),
                    None => {
                        for (owner, cells) in self.shares(*part).iter() {
                            shares.entry(*owner).or_default().extend(cells);
                        }
                    }
                }
            }
            for (owner, cells) in shares {
                if best.get(&owner).is_none_or(|known| cells.len() < known.len()) {
                    best.insert(owner, cells);
                }
            }
        }
        let best = Rc::new(best);
        self.known.insert(total, best.clone());
        best
    }
}
