//! Which cells are hidden, and how each is marked.

use super::feasible_table::{Changes, Question};
use super::node_set::NodeSet;
use super::others::{Others, few_others};
use super::system::{Bounds, ONE, PARTS, Pair, Part, System, is_nothing};
use super::table::Table;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// How many changes a search for a witness may try. A search that gives up too early hides a cell too many.
const FUEL: u32 = 80;
/// The same where giving up means that nothing can be done.
const LAST_FUEL: u32 = 1_000;

/// Why a cell is hidden, as a reader may be told (SDMX `CONF_STATUS`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// `C`: confidential. Every small cell; and a cell hidden to protect others where the mark `D`, which says that it is
    /// not small, would tell too much.
    Primary,
    /// `D`: hidden to protect others, and not small itself.
    Secondary,
}

/// The cells that a reader without the scope does not see. All others are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hidden<K> {
    marks: BTreeMap<K, Mark>,
}

impl<K: Ord> Hidden<K> {
    /// Whether a cell is hidden.
    #[must_use]
    pub fn hides(&self, key: &K) -> bool {
        self.marks.contains_key(key)
    }

    /// How a hidden cell is marked; `None` if it is shown.
    #[must_use]
    pub fn mark(&self, key: &K) -> Option<Mark> {
        self.marks.get(key).copied()
    }

    /// The hidden cells. Kept with a published revision, they are the `already` of the next.
    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.marks.keys()
    }

    /// Whether everything is shown.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.marks.is_empty()
    }
}

/// Decides about a whole table. `threshold` is the first count that may be shown (5: 1 to 4 are hidden); `already` are the
/// cells that an earlier published revision hid: they stay hidden.
#[must_use]
pub fn decide<K: Ord + Clone>(table: &Table<K>, threshold: u32, already: &BTreeSet<K>) -> Hidden<K> {
    decide_by(Rules { complement: true, insiders: true, others: true }, table, threshold, already)
}

/// The rules that tests switch off to see that they are needed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    pub(super) complement: bool,
    pub(super) insiders: bool,
    pub(super) others: bool,
}

pub(super) fn decide_by<K: Ord + Clone>(rules: Rules, table: &Table<K>, threshold: u32, already: &BTreeSet<K>) -> Hidden<K> {
    let table = table.in_order();
    let system = System::new(&table, threshold);
    let kept = table.cells.iter().enumerate().filter(|(_, cell)| already.contains(&cell.key)).map(|(node, _)| node).collect();
    let mut decision = Decision::new(&system, rules, &kept);
    let others = if rules.others { few_others(&table, &system) } else { Vec::new() };
    others.iter().for_each(|few| decision.close(few.total));
    if rules.complement {
        decision.protect();
        others.iter().for_each(|few| decision.protect_others(few));
    }
    let marks = table.cells.iter().enumerate().filter_map(|(node, cell)| {
        let mark = match decision.reason(node)? {
            Reason::Small | Reason::Masked => Mark::Primary,
            Reason::Complement => Mark::Secondary,
        };
        Some((cell.key.clone(), mark))
    });
    Hidden { marks: marks.collect() }
}

/// Why a cell is hidden, as the rule itself knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    /// It is small.
    Small,
    /// It protects others and may be known not to be small.
    Complement,
    /// It protects others, or an earlier revision hid it; whether it is small is not told.
    Masked,
}

/// What an attacker is taken to know of marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Law {
    /// What the marks say.
    Marks,
    /// The same, had no complement been marked as one.
    Masks,
    /// Nothing.
    None,
}

/// Something that must stay possible: that a cell holds one of these figures instead.
struct Need {
    node: usize,
    others: Vec<Pair>,
    /// Whether it must stay so in spite of the marks.
    marked: bool,
}

struct Decision<'a> {
    system: &'a System,
    rules: Rules,
    /// By node.
    hidden: Vec<Option<Reason>>,
    /// The cells that are not shown, and remainders.
    open: NodeSet,
    /// The cells that may be hidden to protect others, the smallest first.
    candidates: Vec<usize>,
    work: VecDeque<usize>,
    /// What is possible at all, by insider and by whether marks count.
    bounds: BTreeMap<(Option<usize>, bool), Bounds>,
}

impl<'a> Decision<'a> {
    fn new(system: &'a System, rules: Rules, kept: &BTreeSet<usize>) -> Self {
        let mut decision = Self {
            system,
            rules,
            hidden: vec![None; system.nodes.len()],
            open: NodeSet::default(),
            candidates: Vec::new(),
            work: VecDeque::new(),
            bounds: BTreeMap::new(),
        };
        for (number, node) in system.nodes.iter().enumerate() {
            if node.remainder {
                decision.open.insert(number);
            } else if system.is_small(node.pair) {
                decision.hide(number, Reason::Small);
            } else if kept.contains(&number) {
                decision.hide(number, Reason::Masked);
            } else if !is_nothing(node.pair) && !node.known {
                decision.candidates.push(number);
            }
        }
        decision.candidates.sort_by_key(|node| (system.pair(*node).first + system.pair(*node).second, *node));
        decision
    }

    /// Why a cell is hidden; `None` if it is shown.
    fn reason(&self, node: usize) -> Option<Reason> {
        self.hidden.get(node).copied().flatten()
    }

    fn hide(&mut self, node: usize, reason: Reason) {
        if let Some(hidden) = self.hidden.get_mut(node) {
            *hidden = Some(reason);
        }
        if self.system.nodes.get(node).is_some_and(|n| !n.known) {
            self.open.insert(node);
            self.work.push_back(node);
        }
    }

    /// Hides a total from which a unit would have what all others have together.
    fn close(&mut self, total: usize) {
        if self.reason(total).is_none() {
            self.candidates.retain(|node| *node != total);
            self.hide(total, Reason::Complement);
        }
    }

    /// Hides what it takes that a unit cannot tell from the hidden total what all others have together. As it knows its own
    /// part of it, this may be another number just as the total may.
    fn protect_others(&mut self, few: &Others) {
        for need in self.needs_of(few.total, few.rest) {
            let others = need.others.iter().map(|rest| rest.plus(few.own)).collect();
            self.secure(&Need { others, ..need }, Some(few.insider));
            self.protect();
        }
    }

    /// Hides what it takes that every hidden cell keeps what it needs. A witness once found holds for ever, since cells
    /// hidden later do not differ in it; so each need is looked at once.
    fn protect(&mut self) {
        while let Some(node) = self.work.pop_front() {
            for need in self.needs(node) {
                let Some(feasible_table) = self.secure(&need, None) else { continue };
                if self.rules.insiders {
                    // A witness that leaves a unit's own cells alone convinces this unit too.
                    let own = self.system.owner(need.node);
                    let touched: BTreeSet<usize> = feasible_table.keys().filter_map(|(node, _)| self.system.owner(*node)).collect();
                    for insider in touched.into_iter().filter(|owner| Some(*owner) != own) {
                        self.secure(&need, Some(insider));
                    }
                }
            }
        }
    }

    /// What must stay possible for a hidden cell, the most demanding first.
    fn needs(&self, node: usize) -> Vec<Need> {
        self.needs_of(node, self.system.pair(node))
    }

    /// The same of figures that are to be had by way of a cell.
    fn needs_of(&self, node: usize, pair: Pair) -> Vec<Need> {
        let system = self.system;
        let limit = system.limit;
        let mut needs = Vec::new();
        let mut need = |others: Vec<Pair>, marked| needs.push(Need { node, others, marked });
        let counts = std::iter::successors(Some(limit - ONE), |count| Some(count - ONE)).take_while(|count| *count > 0);
        for count in counts {
            for part in PARTS.into_iter().filter(|part| system.is_small_count(pair.get(*part)) && pair.get(*part) != count) {
                need(vec![pair.with(part, count)], true);
            }
            if system.is_small_count(system.third(pair)) && system.third(pair) != count {
                need(self.with_third(pair, count), true);
            }
        }
        for part in PARTS {
            let old = pair.get(part);
            if system.is_small_count(old) {
                need([0, limit].into_iter().map(|value| pair.with(part, value)).collect(), false);
            }
            if system.has.get(part) != 0 {
                let steps = [old + ONE, old - ONE, old + limit, old - limit, 0];
                need(steps.into_iter().filter(|value| *value != old).map(|value| pair.with(part, value)).collect(), true);
            }
        }
        if system.is_small_count(system.third(pair)) {
            need([0, limit].into_iter().flat_map(|third| self.with_third(pair, third)).collect(), false);
        }
        needs
    }

    /// Figures like these from which `third` follows, the nearest first.
    fn with_third(&self, pair: Pair, third: i128) -> Vec<Pair> {
        let Pair { first, second } = pair;
        if !self.system.shares {
            let moved = [(second - third, second), (second + third, second), (first, first + third), (first, first - third)];
            return moved.into_iter().map(|(first, second)| Pair { first, second }).collect();
        }
        let firsts = std::iter::successors(Some(0), |f| Some(f + ONE)).take_while(|f| *f <= third);
        let mut pairs: Vec<Pair> = firsts.map(|first| Pair { first, second: third - first }).collect();
        pairs.sort_by_key(|p| (p.first - first).abs() + (p.second - second).abs());
        pairs
    }

    /// Finds a witness for a need, and hides further cells if it takes that. `None`: it is impossible even were all hidden.
    fn secure(&mut self, need: &Need, insider: Option<usize>) -> Option<Changes> {
        if need.marked {
            let marked = self.possible(need, insider, true);
            for law in [Law::Marks, Law::Masks] {
                if let Some(feasible_table) = self.ask(&marked, insider, law, &self.open) {
                    self.mask(law, &feasible_table);
                    return Some(feasible_table);
                }
            }
            if let Some(feasible_table) = self.widen(&marked, insider, Law::Masks) {
                return Some(feasible_table);
            }
        }
        // Where the marks alone rule it out, whatever were hidden, it must be possible without them.
        let plain = self.possible(need, insider, false);
        self.ask(&plain, insider, Law::None, &self.open).or_else(|| self.widen(&plain, insider, Law::None))
    }

    /// Hides the smallest cells with which a witness exists, and returns it.
    fn widen(&mut self, need: &Need, insider: Option<usize>, law: Law) -> Option<Changes> {
        let with = |count: usize| {
            let mut open = self.open.clone();
            self.candidates.iter().take(count).for_each(|node| open.insert(*node));
            self.ask(need, insider, law, &open)
        };
        let (mut low, mut high) = (0, self.candidates.len());
        let mut feasible_table = with(high)?;
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            match with(middle) {
                Some(found) => (high, feasible_table) = (middle, found),
                None => low = middle,
            }
        }
        let further: BTreeSet<usize> = feasible_table.keys().map(|(node, _)| *node).filter(|node| !self.open.contains(*node)).collect();
        self.candidates.retain(|node| !further.contains(node));
        for node in further {
            self.hide(node, Reason::Complement);
        }
        self.mask(law, &feasible_table);
        Some(feasible_table)
    }

    /// Takes the mark `D` from cells that are small in a witness: with it the witness would convince nobody.
    fn mask(&mut self, law: Law, feasible_table: &Changes) {
        if law != Law::Masks {
            return;
        }
        for (node, _) in feasible_table.keys() {
            let truth = self.system.pair(*node);
            let of = |part| feasible_table.get(&(*node, part)).copied().unwrap_or_else(|| truth.get(part));
            let small = self.system.is_small(Pair { first: of(Part::First), second: of(Part::Second) });
            if let Some(hidden) = self.hidden.get_mut(*node).filter(|hidden| small && **hidden == Some(Reason::Complement)) {
                *hidden = Some(Reason::Masked);
            }
        }
    }

    /// Leaves of a need what is possible at all.
    fn possible(&mut self, need: &Need, insider: Option<usize>, marked: bool) -> Need {
        let may_hide = |node: usize| self.open.contains(node) || self.candidates.contains(&node);
        let bounds = self.bounds.entry((insider, marked)).or_insert_with(|| self.system.bounds(may_hide, insider, marked));
        let fits = |pair: &Pair| PARTS.into_iter().all(|part| bounds.get(&(need.node, part)).is_none_or(|b| b.holds(pair.get(part))));
        Need { node: need.node, others: need.others.iter().copied().filter(fits).collect(), marked }
    }

    fn ask(&self, need: &Need, insider: Option<usize>, law: Law, open: &NodeSet) -> Option<Changes> {
        let remainder = |node: usize| self.system.nodes.get(node).is_some_and(|n| n.remainder);
        let allows = |node: usize, pair: Pair| match (law, self.reason(node)) {
            (Law::None, _) | (_, Some(Reason::Masked)) | (Law::Masks, Some(Reason::Complement) | None) => true,
            (_, Some(Reason::Small)) => self.system.is_small(pair),
            (Law::Marks, Some(Reason::Complement)) => !self.system.is_small(pair),
            (Law::Marks, None) => remainder(node) || !self.system.is_small(pair),
        };
        // With all open a sum is always mended by its total; among few the nearest way round is the likelier.
        let all = open.len() == self.open.len() + self.candidates.len();
        let fuel = if all && law == Law::None { LAST_FUEL } else { FUEL };
        [false, true].into_iter().filter(|upwards| all || !upwards).find_map(|upwards| {
            let question = Question { system: self.system, open, allows: &allows, insider, upwards, fuel };
            need.others.iter().find_map(|other| question.answer(need.node, *other))
        })
    }
}
