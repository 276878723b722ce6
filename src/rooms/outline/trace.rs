//! Any item of a plan by its code: its printed words and what hangs on it. The plan is read as a graph; what is linked in
//! either direction hangs on one another.

use super::whole_plan::WholePlan;
use super::wire::{ItemKind, LinkedItem, Trace, TracedItem};
use crate::rooms::plans::PlanOut;
use crate::rooms::tasks::{TaskKind, TaskOut};
use crate::values::text::{Bilingual, Prose};
use crate::values::{Ref, Source};
use std::collections::{BTreeSet, HashMap};

struct Node {
    kind: ItemKind,
    id: Option<String>,
    code: String,
    name: Option<Bilingual>,
    text: Bilingual,
    source: Option<Source>,
    editorial_note: Option<Prose>,
}

#[derive(Default)]
struct Graph {
    nodes: Vec<Node>,
    /// Where a resource is, by id.
    by_id: HashMap<String, usize>,
    links: BTreeSet<(usize, usize)>,
}

impl Graph {
    fn add(&mut self, node: Node) -> usize {
        let at = self.nodes.len();
        if let Some(id) = &node.id {
            self.by_id.insert(id.clone(), at);
        }
        self.nodes.push(node);
        at
    }

    fn link(&mut self, a: usize, b: usize) {
        if a != b {
            self.links.insert((a, b));
            self.links.insert((b, a));
        }
    }

    /// Links a node to a resource by id; one that lies outside the plan is passed over.
    fn link_id(&mut self, a: usize, id: &str) {
        if let Some(b) = self.by_id.get(id).copied() {
            self.link(a, b);
        }
    }

    /// Links a node to all of these kinds that bear a code, as the plan's own content names them.
    fn link_code(&mut self, a: usize, kinds: &[ItemKind], code: &str) {
        let found: Vec<usize> = self.places(code).filter(|(_, n)| kinds.contains(&n.kind)).map(|(b, _)| b).collect();
        for b in found {
            self.link(a, b);
        }
    }

    fn places<'a>(&'a self, code: &'a str) -> impl Iterator<Item = (usize, &'a Node)> {
        self.nodes.iter().enumerate().filter(move |(_, n)| n.code == code)
    }

    fn linked(&self, at: usize) -> Vec<LinkedItem> {
        let neighbours = self.links.range((at, 0)..(at + 1, 0)).filter_map(|(_, other)| self.nodes.get(*other));
        neighbours
            .map(|n| LinkedItem {
                kind: n.kind,
                id: n.id.clone(),
                code: n.code.clone(),
                text: n.name.clone().unwrap_or_else(|| n.text.clone()),
            })
            .collect()
    }
}

/// Finds what a code stands for; `None` if it stands for nothing.
pub(super) fn of(whole: &WholePlan, code: &str) -> Option<Trace> {
    let mut graph = Graph::default();
    resources(&mut graph, whole);
    content(&mut graph, whole);
    sections(&mut graph, &whole.plan);
    let items: Vec<TracedItem> = graph
        .places(code)
        .map(|(at, n)| TracedItem {
            kind: n.kind,
            id: n.id.clone(),
            code: n.code.clone(),
            name: n.name.clone(),
            text: n.text.clone(),
            source: n.source.clone(),
            editorial_note: n.editorial_note.clone(),
            linked: graph.linked(at),
        })
        .collect();
    let plan = Ref::new(whole.plan.id.clone(), whole.plan.code.clone());
    if items.is_empty() { None } else { Some(Trace { plan, code: code.to_owned(), items }) }
}

/// Resources in an order in which one refers to earlier ones only.
fn resources(graph: &mut Graph, whole: &WholePlan) {
    for u in &whole.units {
        graph.add(Node {
            kind: ItemKind::Unit,
            id: Some(u.id.clone()),
            code: u.code.clone(),
            name: None,
            text: u.name.clone(),
            source: u.source.clone(),
            editorial_note: u.editorial_note.clone(),
        });
    }
    for u in &whole.units {
        if let (Some(parent), Some(at)) = (&u.parent, graph.by_id.get(&u.id).copied()) {
            graph.link_id(at, &parent.id);
        }
    }
    for g in &whole.goals {
        graph.add(Node {
            kind: ItemKind::Goal,
            id: Some(g.id.clone()),
            code: g.code.clone(),
            name: None,
            text: g.title.clone(),
            source: g.source.clone(),
            editorial_note: g.editorial_note.clone(),
        });
    }
    for d in &whole.dimensions {
        graph.add(Node {
            kind: ItemKind::Disaggregation,
            id: Some(d.id.clone()),
            code: d.code.clone(),
            name: None,
            text: d.name.clone(),
            source: None,
            editorial_note: d.note.clone(),
        });
    }
    for p in &whole.printed {
        let at = graph.add(Node {
            kind: ItemKind::PlanIndicator,
            id: Some(p.id.clone()),
            code: p.code.clone(),
            name: None,
            text: p.statement.clone(),
            source: p.source.clone(),
            editorial_note: p.editorial_note.clone(),
        });
        graph.link_id(at, &p.goal.id);
    }
    measured(graph, whole);
}

fn measured(graph: &mut Graph, whole: &WholePlan) {
    for i in &whole.indicators {
        let at = graph.add(Node {
            kind: ItemKind::Indicator,
            id: Some(i.id.clone()),
            code: i.code.clone(),
            name: Some(i.name.clone()),
            text: i.statement.clone(),
            source: i.source.clone(),
            editorial_note: i.editorial_note.clone(),
        });
        let parents_and_units = [&i.goal, &i.plan_indicator].into_iter().chain(i.units.iter().map(|u| &u.unit));
        for other in parents_and_units.chain(i.disaggregations.iter().map(|d| &d.dimension)) {
            graph.link_id(at, &other.id);
        }
    }
    for t in &whole.tasks {
        let kind = match t.kind {
            TaskKind::Task => ItemKind::Task,
            TaskKind::Solution => ItemKind::Solution,
            TaskKind::Assignment => ItemKind::Assignment,
        };
        let at = graph.add(Node {
            kind,
            id: Some(t.id.clone()),
            code: t.code.clone(),
            name: None,
            text: t.text.clone(),
            source: t.source.clone(),
            editorial_note: t.editorial_note.clone(),
        });
        for other in t.goals.iter().chain(&t.indicators).chain(t.assignments.iter().map(|a| &a.unit)) {
            graph.link_id(at, &other.id);
        }
    }
}

/// What the plan prints beside its resources; it names them by their printed codes.
fn content(graph: &mut Graph, whole: &WholePlan) {
    const WORK: [ItemKind; 3] = [ItemKind::Task, ItemKind::Solution, ItemKind::Assignment];
    let node = |kind, code: &str, name: Option<&Bilingual>, text: &Bilingual, source: Option<&Source>, note: Option<&Prose>| Node {
        kind,
        id: None,
        code: code.to_owned(),
        name: name.cloned(),
        text: text.clone(),
        source: source.cloned(),
        editorial_note: note.cloned(),
    };
    for b in &whole.plan.legal_bases {
        graph.add(node(ItemKind::LegalBasis, &b.code, None, &b.text, b.source.as_ref(), b.editorial_note.as_ref()));
    }
    for b in &whole.plan.budget_sources {
        let at = graph.add(node(ItemKind::BudgetSource, &b.code, None, &b.text, b.source.as_ref(), b.editorial_note.as_ref()));
        for t in whole.tasks.iter().filter(|t| t.budget.iter().any(|line| line.source == b.code)) {
            graph.link_id(at, &t.id);
        }
    }
    for g in &whole.plan.solution_groups {
        let at = graph.add(node(ItemKind::SolutionGroup, &g.code, None, &g.name, g.source.as_ref(), g.editorial_note.as_ref()));
        if let Some(goal) = &g.goal_code {
            graph.link_code(at, &[ItemKind::Goal], goal);
            let served = |t: &&TaskOut| t.kind == TaskKind::Solution && t.goals.iter().any(|g| g.code == *goal);
            for t in whole.tasks.iter().filter(served) {
                graph.link_id(at, &t.id);
            }
        }
    }
    for r in &whole.plan.reporting_rules {
        let wording = r.deadline.as_ref().and_then(|d| d.wording.as_ref()).unwrap_or(&r.name);
        let at = graph.add(node(ItemKind::ReportingRule, &r.code, Some(&r.name), wording, r.source.as_ref(), r.editorial_note.as_ref()));
        for unit in r.from_unit_codes.iter().chain(&r.to_unit_code) {
            graph.link_code(at, &[ItemKind::Unit], unit);
        }
    }
    for m in &whole.plan.measurement_rules {
        let Some(text) = m.wording.as_ref().or(m.unit_of_measure.as_ref()) else { continue };
        let at = graph.add(node(ItemKind::MeasurementRule, &m.code, None, text, m.source.as_ref(), m.editorial_note.as_ref()));
        graph.link_code(at, &[ItemKind::Indicator], &m.indicator_code);
    }
    for e in &whole.plan.events {
        let text = e.wording.as_ref().unwrap_or(&e.name);
        let at = graph.add(node(ItemKind::Event, &e.code, Some(&e.name), text, e.sources.first(), e.editorial_note.as_ref()));
        for task in e.task_codes.iter().chain(&e.solution_codes) {
            graph.link_code(at, &WORK, task);
        }
    }
}

/// Headings, each with what stands under it.
fn sections(graph: &mut Graph, plan: &PlanOut) {
    let items = graph.nodes.len();
    for s in &plan.outline {
        let at = graph.add(Node {
            kind: ItemKind::Section,
            id: None,
            code: s.code.clone(),
            name: None,
            text: s.heading.clone(),
            source: s.source.clone(),
            editorial_note: s.editorial_note.clone(),
        });
        let is_under = |n: &Node| n.source.as_ref().is_some_and(|place| place.section == s.code);
        let under: Vec<usize> = graph.nodes.iter().take(items).enumerate().filter(|(_, n)| is_under(n)).map(|(b, _)| b).collect();
        for b in under {
            graph.link(at, b);
        }
    }
}
