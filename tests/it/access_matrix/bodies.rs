//! Bodies of the right form for any operation, made from the document.

use crate::house::contract::{Document, Operation};
use crate::house::json::with;
use serde_json::{Map, Value, json};

/// The media type and the schema of an operation's body.
fn taken(operation: &Operation) -> Option<(&str, &Value)> {
    let content = operation.value["requestBody"]["content"].as_object()?;
    content.iter().next().map(|(media, of)| (media.as_str(), &of["schema"]))
}

/// The media type and the least body that an operation takes, with these members.
pub fn least(document: &Document, operation: &Operation, members: &Value) -> Option<(String, Value)> {
    let (media, schema) = taken(operation)?;
    let body = with(&sample(document, schema), members);
    let faults = document.faults(schema, &body);
    assert!(faults.is_empty(), "the examples of {} {} make no body: {faults:?}\n{body}", operation.method, operation.path);
    Some((media.to_owned(), body))
}

/// A query with all that an operation demands.
pub fn query(document: &Document, operation: &Operation) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    for parameter in operation.parameters("query").into_iter().filter(|p| p["required"] == true) {
        let value = match &parameter["example"] {
            Value::Null => sample(document, &parameter["schema"]),
            example => example.clone(),
        };
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        form.append_pair(parameter["name"].as_str().expect("a name"), &text);
    }
    let query = form.finish();
    if query.is_empty() { query } else { format!("?{query}") }
}

/// The least value that a schema allows: what it requires, by its examples.
fn sample(document: &Document, schema: &Value) -> Value {
    let schema = document.resolve(schema);
    if let Some(first) = schema["enum"].as_array().and_then(|all| all.first()) {
        return first.clone();
    }
    for several in ["oneOf", "anyOf"] {
        if let Some(of) = schema[several].as_array() {
            return of.iter().find(|s| s["type"] != "null").map_or(Value::Null, |s| sample(document, s));
        }
    }
    if let Some(all) = schema["allOf"].as_array() {
        return all.iter().map(|s| sample(document, s)).fold(json!({}), |whole, part| with(&whole, &part));
    }
    if let Some(example) = schema["example"].as_object() {
        let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let required = required.filter_map(|name| Some((name.to_owned(), example.get(name)?.clone())));
        return Value::Object(required.collect());
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"].as_array().and_then(|all| all.first()?.as_str()));
    if kind == Some("object") || schema["properties"].is_object() {
        let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        return Value::Object(required.map(|name| (name.to_owned(), sample(document, &schema["properties"][name]))).collect::<Map<_, _>>());
    }
    if !schema["example"].is_null() {
        return schema["example"].clone();
    }
    match kind {
        Some("array") => {
            let least = schema["minItems"].as_u64().unwrap_or(0);
            (0..least).map(|_| sample(document, &schema["items"])).collect()
        }
        Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or_else(|| json!(1)),
        Some("boolean") => json!(true),
        _ => json!("x"),
    }
}
