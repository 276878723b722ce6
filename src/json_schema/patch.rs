//! The schema of a merge patch (RFC 7396), made from the schema of the resource that it changes.

use super::enforce::{is_null, kinds_of, resolve, target};
use super::rules::Kind;
use serde_json::{Map, Value, json};

/// The extension that marks a member which no patch removes, though a new resource may leave it out: to take it back is a
/// decision that must be spoken out.
const NEVER_REMOVED: &str = "x-never-removed";

/// The schema of the merge patches of a resource whose input has this `schema`: every member may be left out, a
/// required one may not be null, another may be (null removes it) unless it is marked; objects inside likewise; arrays are
/// whole. The patches of components inside are `made` components of their own, which the schema refers to.
#[must_use]
pub fn patch_schema(document: &Value, schema: &Value, made: &mut Map<String, Value>) -> Value {
    partial(document, schema, &mut Inside { names: Vec::new(), made })
}

/// The components that a schema stands in, and those that were made of them.
struct Inside<'m> {
    names: Vec<String>,
    made: &'m mut Map<String, Value>,
}

/// The name of the patch of a component.
fn patch_name(reference: &str) -> String {
    format!("Patch_{}", reference.rsplit('/').next().unwrap_or_default())
}

fn partial(document: &Value, schema: &Value, inside: &mut Inside) -> Value {
    if kinds_of(document, schema).is_some_and(|kinds| !kinds.contains(&Kind::Object)) {
        return without_default(schema);
    }
    let Value::Object(members) = schema else { return schema.clone() };
    if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
        let Some(mut made) = partial_of_reference(document, reference, inside) else { return schema.clone() };
        // What is said beside the reference is said of this very member.
        made.extend(
            members.iter().filter(|(key, _)| !matches!(key.as_str(), "$ref" | "default")).map(|(key, value)| (key.clone(), value.clone())),
        );
        return Value::Object(made);
    }
    let required: Vec<&str> = members.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let mut out = Map::new();
    for (key, value) in members {
        let made = match key.as_str() {
            "required" | "minProperties" | "default" => continue,
            "properties" => {
                let each = value.as_object().into_iter().flatten().map(|(name, property)| {
                    let changed = partial(document, property, inside);
                    let needed = required.contains(&name.as_str()) || property.get(NEVER_REMOVED) == Some(&Value::Bool(true));
                    (name.clone(), if needed { without_null(document, &changed) } else { with_null(&changed) })
                });
                Value::Object(each.collect())
            }
            "additionalProperties" if value.is_object() => with_null(&partial(document, value, inside)),
            "oneOf" | "anyOf" | "allOf" => {
                let each = value.as_array().into_iter().flatten().map(|way| partial(document, way, inside));
                Value::Array(each.collect())
            }
            _ => value.clone(),
        };
        out.insert(key.clone(), made);
    }
    let alternatives = out.get("oneOf").and_then(Value::as_array).map_or(0, |ways| ways.iter().filter(|way| !is_null(way)).count());
    if alternatives > 1 {
        // Parts of several objects look alike.
        let ways = out.shift_remove("oneOf").unwrap_or_default();
        out.insert("anyOf".to_owned(), ways);
    }
    Value::Object(out)
}

/// An object that holds itself is described once; below that the merged result is what gets checked.
fn partial_of_reference(document: &Value, reference: &str, inside: &mut Inside) -> Option<Map<String, Value>> {
    let name = patch_name(reference);
    if inside.names.contains(&name) {
        return Some(Map::from_iter([("type".to_owned(), json!("object"))]));
    }
    if !inside.made.contains_key(&name) {
        let target = resolve(document, reference)?;
        inside.names.push(name.clone());
        let made = partial(document, target, inside);
        inside.names.pop();
        inside.made.insert(name.clone(), made);
    }
    Some(Map::from_iter([("$ref".to_owned(), json!(format!("#/components/schemas/{name}")))]))
}

fn without_default(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Some(members) = schema.as_object_mut() {
        members.shift_remove("default");
    }
    schema
}

/// The same schema, null refused.
#[must_use]
pub fn without_null(document: &Value, schema: &Value) -> Value {
    let anything = || json!({"type": ["boolean", "number", "string", "array", "object"]});
    let Value::Object(members) = schema else { return if *schema == Value::Bool(true) { anything() } else { schema.clone() } };
    let mut out = members.clone();
    if members.contains_key("$ref") {
        let found = target(document, schema);
        let nullable = kinds_of(document, found).is_none_or(|kinds| kinds.contains(&Kind::Null));
        return if nullable && found.get("$ref").is_none() { without_null(document, found) } else { schema.clone() };
    }
    if let Some(Value::Array(kinds)) = out.get_mut("type") {
        kinds.retain(|kind| kind != "null");
        if let [only] = kinds.as_slice() {
            let only = only.clone();
            out.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(values)) = out.get_mut("enum") {
        values.retain(|value| !value.is_null());
    }
    for choice in ["oneOf", "anyOf"] {
        let Some(Value::Array(ways)) = out.get_mut(choice) else { continue };
        ways.retain(|way| !is_null(way));
        if let [Value::Object(only)] = ways.as_slice() {
            let only = only.clone();
            out.shift_remove(choice);
            for (key, value) in only {
                out.entry(key).or_insert(value);
            }
        }
    }
    let says_something =
        ["type", "enum", "const", "oneOf", "anyOf", "allOf", "$ref", "properties"].iter().any(|key| out.contains_key(*key));
    if !says_something && let Value::Object(kinds) = anything() {
        out.extend(kinds);
    }
    Value::Object(out)
}

/// The same schema, null allowed.
fn with_null(schema: &Value) -> Value {
    let wrapped = |schema: &Value| json!({"oneOf": [{"type": "null"}, schema]});
    let Value::Object(members) = schema else { return schema.clone() };
    let mut out = members.clone();
    if let Some(kinds) = out.get_mut("type") {
        match kinds {
            Value::Array(kinds) if kinds.iter().any(|kind| kind == "null") => {}
            Value::Array(kinds) => kinds.push(json!("null")),
            Value::String(_) => *kinds = json!([kinds, "null"]),
            _ => {}
        }
        if out.contains_key("const") {
            return wrapped(schema);
        }
        if let Some(Value::Array(values)) = out.get_mut("enum")
            && !values.contains(&Value::Null)
        {
            values.push(Value::Null);
        }
        return Value::Object(out);
    }
    for choice in ["oneOf", "anyOf"] {
        if let Some(Value::Array(ways)) = out.get_mut(choice) {
            if !ways.iter().any(is_null) {
                ways.insert(0, json!({"type": "null"}));
            }
            return Value::Object(out);
        }
    }
    let open = !["$ref", "allOf", "enum", "const", "properties"].iter().any(|key| out.contains_key(*key));
    if open { schema.clone() } else { wrapped(schema) }
}
