//! Makes a documented schema strict. What it accepts stays the same but for the text and number rules that hold
//! everywhere; what it refuses is refused with one exact fault.

use super::rules::{KEYWORD, Kind, TAKEN, kinds_named};
use serde_json::{Map, Value, json};

/// Where a strict schema keeps the rules of members that no schema describes.
pub(super) const FREE: &str = "#/x-free";

/// How many references to references are followed.
const DEEPEST: u8 = 16;

/// The kinds of value that a schema may accept; `None` if any.
pub(crate) type Kinds = Option<Vec<Kind>>;

/// What a reference of the document means.
pub(crate) fn resolve<'a>(document: &'a Value, reference: &str) -> Option<&'a Value> {
    document.pointer(reference.strip_prefix('#')?)
}

/// The schema behind a bare reference, or the schema itself.
pub(super) fn target<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let mut schema = schema;
    for _ in 0..DEEPEST {
        match schema.get("$ref").and_then(Value::as_str).and_then(|r| resolve(document, r)) {
            Some(found) => schema = found,
            None => break,
        }
    }
    schema
}

/// The kinds of value that a schema may accept.
pub(crate) fn kinds_of(document: &Value, schema: &Value) -> Kinds {
    kinds_to_depth(document, schema, DEEPEST)
}

fn kinds_to_depth(document: &Value, schema: &Value, depth: u8) -> Kinds {
    let depth = depth.checked_sub(1)?;
    let schema = target(document, schema);
    let named = kinds_named(schema.get("type"));
    if !named.is_empty() {
        return Some(named);
    }
    if let Some(value) = schema.get("const") {
        return Some(vec![Kind::of(value)]);
    }
    if let Some(values) = list(schema, "enum") {
        return Some(values.iter().map(Kind::of).collect());
    }
    for choice in ["oneOf", "anyOf"] {
        if let Some(ways) = list(schema, choice) {
            let each: Option<Vec<Vec<Kind>>> = ways.iter().map(|way| kinds_to_depth(document, way, depth)).collect();
            return each.map(|kinds| kinds.concat());
        }
    }
    list(schema, "allOf")?.iter().find_map(|part| kinds_to_depth(document, part, depth))
}

fn list<'a>(schema: &'a Value, key: &str) -> Option<&'a Vec<Value>> {
    schema.get(key).and_then(Value::as_array)
}

/// Whether a schema accepts null and nothing else.
pub(super) fn is_null(schema: &Value) -> bool {
    kinds_named(schema.get("type")) == [Kind::Null]
}

/// The rules of members that no schema describes: their texts may have several lines, but not be endless.
pub(super) fn free() -> Value {
    json!({
        KEYWORD: {"x-multiline": true},
        "propertyNames": names(),
        "additionalProperties": {"$ref": FREE},
        "items": {"$ref": FREE}
    })
}

fn names() -> Value {
    json!({KEYWORD: {"maxLength": 200}})
}

/// The strict form of a schema.
pub(super) fn enforce(document: &Value, schema: &Value) -> Value {
    strict(document, schema, false)
}

/// `part` says that the schema is one of several that hold together: it does not speak of what it does not mention.
fn strict(document: &Value, schema: &Value, part: bool) -> Value {
    let Value::Object(members) = schema else {
        return if *schema == Value::Bool(false) { json!(false) } else { json!({"$ref": FREE}) };
    };
    let mut out = Map::new();
    let mut rule = Map::new();
    let mut together = Vec::new();
    for (key, value) in members {
        match key.as_str() {
            key if TAKEN.contains(&key) => drop(rule.insert(key.to_owned(), value.clone())),
            "oneOf" | "anyOf" => together.push(choose(document, key, value)),
            "allOf" => together.extend(value.as_array().into_iter().flatten().map(|one| strict(document, one, true))),
            "properties" | "patternProperties" | "dependentSchemas" => {
                let inner = value.as_object().into_iter().flatten().map(|(name, one)| (name.clone(), strict(document, one, false)));
                out.insert(key.clone(), Value::Object(inner.collect()));
            }
            "items" | "additionalProperties" | "unevaluatedProperties" | "then" | "else" => {
                out.insert(key.clone(), strict(document, value, false));
            }
            "propertyNames" => {
                out.insert(key.clone(), json!({"allOf": [names(), strict(document, value, true)]}));
            }
            "prefixItems" => {
                let inner = value.as_array().into_iter().flatten().map(|one| strict(document, one, false));
                out.insert(key.clone(), Value::Array(inner.collect()));
            }
            "$ref" | "required" | "enum" | "const" | "pattern" | "minItems" | "maxItems" | "uniqueItems" | "minProperties"
            | "maxProperties" | "multipleOf" | "dependentRequired" | "not" | "if" | "contains" | "minContains" | "maxContains" => {
                out.insert(key.clone(), value.clone());
            }
            // The others only describe.
            _ => {}
        }
    }
    if out.get("additionalProperties") == Some(&Value::Bool(false)) {
        // Without it the validator would blame the object for its members.
        out.entry("properties").or_insert_with(|| json!({}));
    }
    if !together.is_empty() {
        out.insert("allOf".to_owned(), Value::Array(together));
    }
    if !part {
        open(&mut out, &rule);
    }
    if !rule.is_empty() {
        out.insert(KEYWORD.to_owned(), Value::Object(rule));
    }
    Value::Object(out)
}

/// Brings what the schema leaves open under the rules of [`free`].
fn open(out: &mut Map<String, Value>, rule: &Map<String, Value>) {
    let kinds = kinds_named(rule.get("type"));
    if kinds.is_empty() && out.is_empty() && rule.is_empty() {
        out.insert("$ref".to_owned(), json!(FREE));
        return;
    }
    if kinds.contains(&Kind::Object) && !out.contains_key("unevaluatedProperties") {
        let rest = out.entry("additionalProperties").or_insert_with(|| json!({"$ref": FREE}));
        if rest.is_object() {
            out.entry("propertyNames").or_insert_with(names);
        }
    }
    if kinds.contains(&Kind::List) {
        out.entry("items").or_insert_with(|| json!({"$ref": FREE}));
    }
}

/// Turns alternatives into conditions wherever the value itself tells which one is meant, since "none of these fits"
/// would hide the fault inside.
fn choose(document: &Value, key: &str, ways: &Value) -> Value {
    let ways = ways.as_array().map_or(&[][..], Vec::as_slice);
    let others: Vec<&Value> = ways.iter().filter(|way| !is_null(way)).collect();
    let strict_choice = match others.as_slice() {
        [only] => strict(document, only, false),
        several => by_kind(document, several)
            .or_else(|| by_value(several))
            .or_else(|| by_tag(document, several))
            .unwrap_or_else(|| json!({key: several.iter().map(|way| strict(document, way, false)).collect::<Vec<_>>()})),
    };
    let nullable = others.len() < ways.len();
    if nullable { json!({"if": {"type": "null"}, "else": strict_choice}) } else { strict_choice }
}

/// Alternatives of different kinds, such as a number or a boolean.
fn by_kind(document: &Value, ways: &[&Value]) -> Option<Value> {
    let mut seen: Vec<Kind> = Vec::new();
    let mut conditions = Vec::new();
    for way in ways {
        let kinds = kinds_of(document, way)?;
        let plain: Vec<Kind> = kinds.iter().map(|k| if *k == Kind::Integer { Kind::Number } else { *k }).collect();
        if plain.iter().any(|kind| seen.contains(kind)) {
            return None;
        }
        seen.extend(&plain);
        let names: std::collections::BTreeSet<&str> = plain.iter().map(|k| k.name()).collect();
        conditions.push(json!({"if": {"type": names}, "then": strict(document, way, false)}));
    }
    let names: Vec<&str> = seen.iter().map(|k| k.name()).collect();
    // Of the texts themselves the conditions speak.
    Some(json!({KEYWORD: {"type": names, "x-multiline": true, "maxLength": u32::MAX}, "allOf": conditions}))
}

/// Alternatives that are each a list of values.
fn by_value(ways: &[&Value]) -> Option<Value> {
    let mut values = Vec::new();
    for way in ways {
        match (list(way, "enum"), way.get("const")) {
            (Some(several), None) => values.extend(several.iter().cloned()),
            (None, Some(one)) => values.push(one.clone()),
            _ => return None,
        }
    }
    let mut kinds: Vec<Kind> = values.iter().map(Kind::of).collect();
    kinds.sort_unstable();
    kinds.dedup();
    Some(json!({KEYWORD: {"type": kinds.iter().map(|k| k.name()).collect::<Vec<_>>()}, "enum": values}))
}

/// Alternatives that are objects told apart by the value of one member.
fn by_tag(document: &Value, ways: &[&Value]) -> Option<Value> {
    let first = tags(document, ways.first()?);
    let (tag, values) = first.keys().find_map(|tag| {
        let values: Option<Vec<Value>> = ways.iter().map(|way| tags(document, way).remove(tag)).collect();
        values.map(|values| (tag.clone(), values))
    })?;
    let conditions: Vec<Value> = ways
        .iter()
        .zip(&values)
        .map(|(way, value)| json!({"if": {"required": [&tag], "properties": {&tag: {"const": value}}}, "then": strict(document, way, false)}))
        .collect();
    let outer = json!({
        KEYWORD: {"type": "object"},
        "required": [&tag],
        "properties": {&tag: {KEYWORD: {"type": "string"}, "enum": values}}
    });
    Some(json!({"allOf": [outer, {"if": {"type": "object"}, "then": {"allOf": conditions}}]}))
}

/// The required members of an object that have one value only.
fn tags(document: &Value, schema: &Value) -> Map<String, Value> {
    let schema = target(document, schema);
    let mut found = Map::new();
    for part in list(schema, "allOf").into_iter().flatten() {
        found.extend(tags(document, part));
    }
    let required: Vec<&str> = list(schema, "required").into_iter().flatten().filter_map(Value::as_str).collect();
    for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let property = target(document, property);
        let only = match list(property, "enum").map(Vec::as_slice) {
            Some([only]) => Some(only),
            _ => property.get("const"),
        };
        if let Some(value) = only.filter(|value| value.is_string() && required.contains(&name.as_str())) {
            found.insert(name.clone(), value.clone());
        }
    }
    found
}
