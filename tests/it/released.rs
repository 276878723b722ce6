//! What a client of the released document relies on is still there: no path, operation, parameter, member of an answer or value
//! of a request vanishes, and nothing becomes required. What is new, such as a problem's code, is no break.
//!
//! With each version what is new becomes what clients rely on: `RENEW_RELEASED=1 tests/run -E 'test(/released/)'`.

use crate::house::contract::{Document, Operation};
use serde_json::Value;
use std::collections::BTreeSet;

fn read(name: &str) -> Document {
    let path = format!("{}/openapi/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
    Document::new(serde_json::from_str(&text).expect("JSON"))
}

/// Which way values go: a request may be asked for less and be allowed more, an answer may say more.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    Request,
    Answer,
}

struct Compared<'d> {
    before: &'d Document,
    after: &'d Document,
    breaks: Vec<String>,
    seen: BTreeSet<(String, String, bool)>,
}

impl Compared<'_> {
    fn lost(&mut self, what: String) {
        self.breaks.push(what);
    }

    fn operations(&mut self) {
        let (before, after) = (self.before, self.after);
        for old in before.operations() {
            let at = format!("{} {}", old.method, old.path);
            let Some(new) = after.operations().iter().find(|o| o.method == old.method && o.path == old.path) else {
                self.lost(format!("{at} is gone"));
                continue;
            };
            if old.value["operationId"] != new.value["operationId"] {
                self.lost(format!("{at} is called {} now", new.value["operationId"]));
            }
            self.parameters(&at, old, new);
            self.bodies(&at, old, new);
            for (status, answer) in members(&old.value["responses"]).filter(|(status, _)| status.starts_with('2')) {
                let Some(now) = new.value["responses"].get(status) else {
                    self.lost(format!("{at} answers no {status}"));
                    continue;
                };
                for (media, content) in members(&answer["content"]) {
                    match now["content"].get(media) {
                        Some(now) => self.schemas(&format!("{at} {status}"), &content["schema"], &now["schema"], Way::Answer),
                        None => self.lost(format!("{at} {status} is no {media}")),
                    }
                }
            }
        }
    }

    fn parameters(&mut self, at: &str, old: &Operation, new: &Operation) {
        for place in ["path", "query", "header"] {
            let (had, has) = (old.parameters(place), new.parameters(place));
            for parameter in &had {
                match has.iter().find(|p| p["name"] == parameter["name"]) {
                    Some(now) => self.schemas(&format!("{at} {}", parameter["name"]), &parameter["schema"], &now["schema"], Way::Request),
                    None => self.lost(format!("{at} does not take {}", parameter["name"])),
                }
            }
            for parameter in has.iter().filter(|p| p["required"] == true) {
                if !had.iter().any(|p| p["name"] == parameter["name"] && p["required"] == true) {
                    self.lost(format!("{at} demands {}", parameter["name"]));
                }
            }
        }
    }

    fn bodies(&mut self, at: &str, old: &Operation, new: &Operation) {
        let (had, has) = (&old.value["requestBody"], &new.value["requestBody"]);
        if has["required"] == true && had["required"] != true {
            self.lost(format!("{at} demands a body"));
        }
        for (media, content) in members(&had["content"]) {
            match has["content"].get(media) {
                Some(now) => self.schemas(at, &content["schema"], &now["schema"], Way::Request),
                None => self.lost(format!("{at} takes no {media}")),
            }
        }
    }

    fn schemas(&mut self, at: &str, old: &Value, new: &Value, way: Way) {
        let names = |schema: &Value| schema["$ref"].as_str().unwrap_or_default().to_owned();
        let (old_name, new_name) = (names(old), names(new));
        // What refers to a component was compared where it was met first.
        if !old_name.is_empty() && !self.seen.insert((old_name, new_name, way == Way::Request)) {
            return;
        }
        let (old, new) = (alone(self.before, old), alone(self.after, new));
        let list = |schema: &Value, key: &str| schema[key].as_array().cloned().unwrap_or_default();
        if way == Way::Request {
            let values = list(&new, "enum");
            for value in list(&old, "enum").iter().filter(|value| !values.is_empty() && !values.contains(value)) {
                self.lost(format!("{at}: {value} is refused"));
            }
            for member in list(&new, "required").iter().filter(|member| !list(&old, "required").contains(member)) {
                self.lost(format!("{at}: {member} is demanded"));
            }
        } else {
            for member in list(&old, "required").iter().filter(|member| !list(&new, "required").contains(member)) {
                self.lost(format!("{at}: {member} may be absent"));
            }
        }
        for (member, schema) in members(&old["properties"]) {
            match new["properties"].get(member) {
                Some(now) => self.schemas(&format!("{at}/{member}"), schema, now, way),
                None => self.lost(format!("{at}/{member} is gone")),
            }
        }
        for key in ["items", "additionalProperties"] {
            if old[key].is_object() && new[key].is_object() {
                self.schemas(&format!("{at}/*"), &old[key], &new[key], way);
            }
        }
    }
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// A schema without what says that it may be null, or the first of its alternatives.
fn alone(document: &Document, schema: &Value) -> Value {
    let schema = document.resolve(schema);
    let way =
        ["oneOf", "anyOf"].iter().flat_map(|choice| schema[*choice].as_array().into_iter().flatten()).find(|way| way["type"] != "null");
    way.map_or_else(|| schema.clone(), |way| alone(document, way))
}

fn breaks(before: &Document, after: &Document) -> Vec<String> {
    let mut compared = Compared { before, after, breaks: Vec::new(), seen: BTreeSet::new() };
    compared.operations();
    compared.breaks
}

#[test]
fn nothing_that_was_released_is_broken() {
    let breaks = breaks(&read("released.json"), &read("openapi.json"));
    assert!(breaks.is_empty(), "{} breaks:\n{}", breaks.len(), breaks.join("\n"));
    if std::env::var_os("RENEW_RELEASED").is_some() {
        let path = format!("{}/openapi/released.json", env!("CARGO_MANIFEST_DIR"));
        let text = serde_json::to_string_pretty(&bare(read("openapi.json").value)).expect("JSON");
        std::fs::write(&path, text + "\n").unwrap_or_else(|e| panic!("{path}: {e}"));
    }
}

/// The document without what is for people: that may be reworded.
fn bare(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.into_iter().filter(|(name, _)| !FOR_PEOPLE.contains(&name.as_str()));
            let each = |(name, member): (String, Value)| {
                // These have names of their own as members, which may read like the words above.
                let member = match member {
                    Value::Object(named) if NAMED.contains(&name.as_str()) => {
                        named.into_iter().map(|(name, of)| (name, bare(of))).collect()
                    }
                    member => bare(member),
                };
                (name, member)
            };
            kept.map(each).collect()
        }
        Value::Array(items) => items.into_iter().map(bare).collect(),
        other => other,
    }
}

const FOR_PEOPLE: [&str; 8] = ["description", "summary", "example", "examples", "links", "tags", "headers", "x-problems"];
const NAMED: [&str; 6] = ["properties", "schemas", "responses", "parameters", "paths", "content"];

/// The comparison sees what it is for.
#[test]
fn breaks_are_seen() {
    let of = |value: Value| Document::new(value);
    let document = |parameters: Value, input: Value, output: Value| {
        serde_json::json!({"paths": {"/a": {"post": {"operationId": "a", "parameters": parameters,
            "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/In"}}}},
            "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Out"}}}}}}}},
            "components": {"schemas": {"In": input, "Out": output}}})
    };
    let text = |names: &[&str], required: &[&str]| {
        let each = names.iter().map(|name| ((*name).to_owned(), serde_json::json!({"type": "string", "enum": ["x", "y"]})));
        serde_json::json!({"type": "object", "required": required, "properties": Value::Object(each.collect())})
    };
    let query = serde_json::json!([{"name": "q", "in": "query", "schema": {"type": "string"}}]);
    let before = of(document(query.clone(), text(&["a"], &[]), text(&["a", "b"], &["a"])));
    assert_eq!(breaks(&before, &before), Vec::<String>::new());
    let grown = of(document(query.clone(), text(&["a", "c"], &[]), text(&["a", "b", "c"], &["a", "b"])));
    assert_eq!(breaks(&before, &grown), Vec::<String>::new());
    let mut less = text(&["a"], &["a"]);
    less["properties"]["a"]["enum"] = serde_json::json!(["x"]);
    let broken = of(document(serde_json::json!([]), less, text(&["b"], &[])));
    let told = breaks(&before, &broken);
    assert_eq!(told.len(), 5, "{told:#?}");
    assert_eq!(breaks(&before, &of(serde_json::json!({"paths": {}}))), ["POST /a is gone"]);
}
