//! How long arrays may be and which members objects have, by the documented schema: what the parser goes by. It accepts
//! whatever the schema accepts; where alternatives differ, what any of them accepts.

use super::enforce::{kinds_of, resolve};
use super::rules::Kind;
use serde_json::Value;
use std::collections::HashMap;

/// Most items of an array, and most members of a map, where the schema states no bound.
pub(super) const MOST: usize = 1000;

/// How many schemas that merely point at others are followed.
const DEEPEST: u8 = 16;

/// The place in a frame of what no schema describes.
const OPEN: usize = 0;

/// The lengths and members that a body may have.
#[derive(Debug)]
pub(super) struct Frame {
    places: Vec<Place>,
    pub(super) root: usize,
}

/// What a value may be made of.
#[derive(Debug, Default)]
pub(super) struct Place {
    /// Most items, and what they are; `None` if no array may stand here.
    pub(super) list: Option<(usize, usize)>,
    /// The members; `None` if no object may stand here.
    pub(super) members: Option<Members>,
}

/// The members of an object.
#[derive(Debug, Default)]
pub(super) struct Members {
    pub(super) known: HashMap<String, usize>,
    /// What other members are; `None` if there are no others.
    pub(super) rest: Option<usize>,
}

impl Frame {
    /// The frame of a schema of the OpenAPI `document`.
    pub(super) fn of(document: &Value, schema: &Value) -> Self {
        let open = Place { list: Some((MOST, OPEN)), members: Some(Members { known: HashMap::new(), rest: Some(OPEN) }) };
        let mut builder = Builder { document, places: vec![open], known: HashMap::new() };
        let root = builder.place(&[schema]);
        Self { places: builder.places, root }
    }

    /// One of its places. One that it does not have is taken for what no schema describes.
    pub(super) fn at(&self, place: usize) -> Option<&Place> {
        self.places.get(place).or_else(|| self.places.first())
    }
}

struct Builder<'d> {
    document: &'d Value,
    places: Vec<Place>,
    /// The places already there, by the schemas that they follow from: a schema may hold itself.
    known: HashMap<Vec<*const Value>, usize>,
}

impl<'d> Builder<'d> {
    fn place(&mut self, schemas: &[&'d Value]) -> usize {
        let kinds: Option<Vec<_>> = schemas.iter().map(|schema| kinds_of(self.document, schema)).collect();
        let Some(kinds) = kinds.map(|kinds| kinds.concat()) else { return OPEN };
        let mut parts = Vec::new();
        schemas.iter().for_each(|schema| self.parts(schema, DEEPEST, &mut parts));
        let mut key: Vec<*const Value> = parts.iter().map(|part| std::ptr::from_ref(*part)).collect();
        key.sort_unstable();
        key.dedup();
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let index = self.places.len();
        self.known.insert(key, index);
        self.places.push(Place::default());
        let list = kinds.contains(&Kind::List).then(|| self.list(&parts));
        let members = kinds.contains(&Kind::Object).then(|| self.members(&parts));
        if let Some(slot) = self.places.get_mut(index) {
            *slot = Place { list, members };
        }
        index
    }

    /// The schemas that a schema consists of.
    fn parts(&self, schema: &'d Value, depth: u8, into: &mut Vec<&'d Value>) {
        let Some(depth) = depth.checked_sub(1) else { return };
        into.push(schema);
        if let Some(target) = schema.get("$ref").and_then(Value::as_str).and_then(|r| resolve(self.document, r)) {
            self.parts(target, depth, into);
        }
        for key in ["allOf", "oneOf", "anyOf"] {
            schema.get(key).and_then(Value::as_array).into_iter().flatten().for_each(|one| self.parts(one, depth, into));
        }
        for key in ["then", "else"] {
            schema.get(key).into_iter().for_each(|one| self.parts(one, depth, into));
        }
    }

    fn list(&mut self, parts: &[&'d Value]) -> (usize, usize) {
        let bounds = parts.iter().filter_map(|part| part.get("maxItems")).filter_map(Value::as_u64);
        let most = bounds.max().map_or(MOST, |most| usize::try_from(most).unwrap_or(usize::MAX));
        let items: Vec<&Value> = parts.iter().filter_map(|part| part.get("items")).collect();
        let first = parts.iter().any(|part| part.get("prefixItems").is_some());
        (most, if items.is_empty() || first { OPEN } else { self.place(&items) })
    }

    fn members(&mut self, parts: &[&'d Value]) -> Members {
        let mut named: HashMap<&str, Vec<&Value>> = HashMap::new();
        for (name, schema) in parts.iter().filter_map(|part| part.get("properties")?.as_object()).flatten() {
            named.entry(name).or_default().push(schema);
        }
        let known = named.into_iter().map(|(name, schemas)| (name.to_owned(), self.place(&schemas))).collect();
        let others = parts.iter().flat_map(|part| [part.get("additionalProperties"), part.get("unevaluatedProperties")]).flatten();
        let (closed, open): (Vec<&Value>, Vec<&Value>) = others.partition(|schema| **schema == Value::Bool(false));
        let patterned = parts.iter().any(|part| part.get("patternProperties").is_some());
        let rest = match (patterned, open.is_empty(), closed.is_empty()) {
            (true, ..) | (_, true, true) => Some(OPEN),
            (_, false, _) => Some(self.place(&open)),
            (_, true, false) => None,
        };
        Members { known, rest }
    }
}
