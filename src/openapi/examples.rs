//! Examples: every component and every answer has one, put together from those of its parts and from the real plan.

use serde_json::{Map, Value, json};
use std::collections::HashSet;
use std::sync::LazyLock;

/// Examples of members whose type is a component, which cannot bear one of their own: by `Component.member` without the
/// component's `In`, `Out` or `Summary`, else by the member's name alone.
static KNOWN: LazyLock<Map<String, Value>> = LazyLock::new(|| serde_json::from_str(include_str!("examples.json")).unwrap_or_default());

/// What the table says of a member of this very component.
fn known_of(component: &str, member: &str) -> Option<&'static Value> {
    let stem = ["In", "Out", "Summary"].iter().find_map(|form| component.strip_suffix(form)).unwrap_or(component);
    KNOWN.get(&format!("{stem}.{member}"))
}

/// The example of a merge patch: one change of what an input shows.
pub(super) fn of_patch(input: &Value) -> Value {
    let usual = ["title", "name", "display_name"];
    let first = || input.as_object().and_then(|members| members.iter().find(|(_, value)| !value.is_null()));
    let changed = usual.iter().find_map(|member| input.as_object()?.get_key_value(*member)).or_else(first);
    changed.map_or_else(|| json!({}), |(member, value)| json!({ member: value }))
}

/// Parts that no body's example shows filled in, and what is sent to others.
const ALONE: [&str; 6] = ["Breakdown", "ConsolidatedContent", "Contributor", "OutlinePlanIndicator", "SeriesPoint", "WebhookMessage"];

/// How much an example shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// Every member, and one item of each list.
    Whole,
    /// What must be there: nothing that may be null, and empty lists.
    Least,
}

/// Gives every component and every answer an example. Where a resource is read, it stands whole; other answers and the parts of
/// bodies show the least that is valid, or much of the document would be repetitions. What is in lists alone is shown whole there.
pub(super) fn fill(document: &mut Value) {
    let snapshot = document.clone();
    let sent = sent(&snapshot);
    for (name, schema) in document.pointer_mut("/components/schemas").and_then(Value::as_object_mut).into_iter().flatten() {
        let whole = sent.contains(name) || ALONE.contains(&name.as_str());
        let mut example = example_of(&snapshot, schema, name, 0, if whole { Extent::Whole } else { Extent::Least });
        if name.ends_with("In") {
            only_usual(&mut example, schema);
        }
        if let Some(input) = name.strip_prefix("Patch_") {
            let shown = snapshot.pointer(&format!("/components/schemas/{input}"));
            example = of_patch(&shown.map_or(example, |s| example_of(&snapshot, s, input, 0, Extent::Whole)));
        }
        // What its members show stands in its own example.
        forget(schema);
        if let Some(members) = schema.as_object_mut() {
            members.insert("example".to_owned(), example);
        }
    }
    let mut shown = HashSet::new();
    for (reading, listing) in [(true, false), (false, false), (true, true), (false, true)] {
        answers(document, reading, |answer| {
            if answer.get("example").is_none() && is_page(&answer["schema"]) == listing {
                answer["example"] = of_answer(&snapshot, &answer["schema"], &mut shown);
            }
        });
    }
}

/// Does something with each answer in JSON of the operations that read, or of the others.
fn answers(document: &mut Value, reading: bool, mut with: impl FnMut(&mut Value)) {
    for (_, item) in document["paths"].as_object_mut().into_iter().flatten() {
        for (_, operation) in item.as_object_mut().into_iter().flatten().filter(|(method, _)| (*method == "get") == reading) {
            for (_, response) in operation["responses"].as_object_mut().into_iter().flatten() {
                if let Some(json) = response.pointer_mut("/content/application~1json") {
                    with(json);
                }
            }
        }
    }
}

/// The component to which a schema refers, or nothing.
fn component_of(schema: &Value) -> &str {
    schema["$ref"].as_str().and_then(|r| r.rsplit('/').next()).unwrap_or_default()
}

fn is_page(schema: &Value) -> bool {
    component_of(schema).starts_with("Page_")
}

/// The example of an answer, whole the first time that its component is shown. A page has one item.
fn of_answer(document: &Value, schema: &Value, shown: &mut HashSet<String>) -> Value {
    let component = component_of(schema);
    if is_page(schema) {
        let mut page = example_of(document, schema, component, 0, Extent::Least);
        let item = document.pointer(&format!("/components/schemas/{component}/properties/items/items")).unwrap_or(&Value::Null);
        page["items"] = json!([of_answer(document, item, shown)]);
        return page;
    }
    let whole = component.is_empty() || shown.insert(component.to_owned());
    example_of(document, schema, component, 0, if whole { Extent::Whole } else { Extent::Least })
}

/// The components that are sent, as one of several forms too.
fn sent(document: &Value) -> HashSet<String> {
    let operations = document["paths"].as_object().into_iter().flatten().flat_map(|(_, item)| item.as_object().into_iter().flatten());
    let bodies = operations.filter_map(|(_, operation)| operation.get("requestBody"));
    let schemas = bodies.flat_map(|body| body["content"].as_object().into_iter().flatten()).map(|(_, body)| &body["schema"]);
    let forms = schemas.flat_map(|schema| std::iter::once(schema).chain(schema["oneOf"].as_array().into_iter().flatten()));
    forms.filter_map(|form| form["$ref"].as_str()?.rsplit('/').next()).map(str::to_owned).collect()
}

/// An input shows what it must have, and what else is short: who tries an operation out writes the rest himself.
fn only_usual(example: &mut Value, schema: &Value) {
    let required = super::strings(schema.get("required"));
    if let Some(members) = example.as_object_mut() {
        members.retain(|name, value| required.contains(name) || !(value.is_null() || value.is_object() || value.is_array()));
        if members.is_empty() {
            *example = schema.get("example").cloned().unwrap_or_else(|| json!({}));
        }
    }
}

/// Takes the examples out of a schema.
fn forget(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            members.shift_remove("example");
            for (name, value) in members {
                match name.as_str() {
                    // Names here are those of members.
                    "properties" => value.as_object_mut().into_iter().flatten().for_each(|(_, member)| forget(member)),
                    _ => forget(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(forget),
        _ => {}
    }
}

/// How deep inside an example lists are still filled.
const DEEPEST: usize = 3;

/// Puts an example of a schema together; `component` is the one that it belongs to.
fn example_of(document: &Value, schema: &Value, component: &str, depth: usize, extent: Extent) -> Value {
    if let Some(example) = schema.get("example").or_else(|| schema.pointer("/examples/0")) {
        return example.clone();
    }
    if let Some(target) = schema.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix('#')) {
        let component = target.rsplit('/').next().unwrap_or_default();
        return document.pointer(target).map_or(Value::Null, |s| example_of(document, s, component, depth, extent));
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        if let Some(first) = schema.get(choice).and_then(Value::as_array).and_then(|l| l.iter().find(|s| s["type"] != "null")) {
            return example_of(document, first, component, depth, extent);
        }
    }
    if let Some(first) = schema.get("enum").and_then(Value::as_array).and_then(|l| l.first()) {
        return first.clone();
    }
    let fills = extent == Extent::Whole && depth < DEEPEST;
    match type_of(schema) {
        "object" => {
            let required = super::strings(schema.get("required"));
            let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
            let shown = properties.filter(|(name, _)| extent == Extent::Whole || required.contains(name));
            Value::Object(shown.map(|(name, s)| (name.clone(), member(document, s, component, name, depth + 1, extent))).collect())
        }
        // What is further inside would make examples too long to read; trees may refer to themselves.
        "array" if fills || schema.get("minItems").is_some() => {
            json!([example_of(document, &schema["items"], component, depth + 1, extent)])
        }
        "array" => json!([]),
        "integer" | "number" => schema.get("minimum").cloned().unwrap_or_else(|| json!(1)),
        "boolean" => json!(false),
        "null" => Value::Null,
        _ => text(schema),
    }
}

fn member(document: &Value, schema: &Value, component: &str, name: &str, depth: usize, extent: Extent) -> Value {
    if extent == Extent::Least && may_be_null(document, schema) {
        return Value::Null;
    }
    if extent == Extent::Least && type_of(schema) == "array" && schema.get("minItems").is_none() {
        return json!([]);
    }
    let shown = |example: &Value| if extent == Extent::Least { in_one_language(example) } else { example.clone() };
    if let Some(example) = known_of(component, name) {
        return shown(example);
    }
    // Texts and the like bear their own; what stands in the table is for members whose type is a component.
    match KNOWN.get(name) {
        Some(example) if schema.get("example").is_none() && (schema.get("type").is_none() || example.is_array()) => shown(example),
        _ => example_of(document, schema, component, depth, extent),
    }
}

/// A text without its translation, which may always be missing.
fn in_one_language(example: &Value) -> Value {
    let mut one = example.clone();
    if let Some(translation) = one.get_mut("en").filter(|_| example.get("vi").is_some()) {
        *translation = Value::Null;
    }
    one
}

/// Whether null is a value of it.
fn may_be_null(document: &Value, schema: &Value) -> bool {
    let named = |type_: &Value| *type_ == "null" || type_.as_array().is_some_and(|types| types.iter().any(|t| t == "null"));
    let target = schema.get("$ref").and_then(Value::as_str).and_then(|r| document.pointer(r.trim_start_matches('#')));
    let ways = ["oneOf", "anyOf"].into_iter().filter_map(|choice| schema[choice].as_array()).flatten();
    named(&schema["type"]) || target.is_some_and(|target| named(&target["type"])) || ways.into_iter().any(|way| named(&way["type"]))
}

fn text(schema: &Value) -> Value {
    let nullable = schema["type"].as_array().is_some_and(|types| types.iter().any(|t| t == "null"));
    match schema.get("format").and_then(Value::as_str) {
        Some("date-time") => json!("2026-11-24T09:30:00Z"),
        Some("date") => json!("2026-12-31"),
        Some("uuid") => json!("0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65"),
        _ if nullable => Value::Null,
        _ => json!("…"),
    }
}

fn type_of(schema: &Value) -> &str {
    match &schema["type"] {
        Value::String(one) => one,
        Value::Array(several) => several.iter().filter_map(Value::as_str).find(|t| *t != "null").unwrap_or("null"),
        _ if schema.get("properties").is_some() => "object",
        _ => "string",
    }
}
