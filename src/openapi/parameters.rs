//! Parameters: those that operations share are described once, and headers that every operation understands are named.

use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Headers that are described once and referred to.
const HEADERS: [(&str, &str); 5] = [
    ("Accept-Language", "Language"),
    ("Idempotency-Key", "IdempotencyKey"),
    ("If-Match", "IfMatch"),
    ("If-None-Match", "IfNoneMatch"),
    ("X-Purpose", "Purpose"),
];

/// Query parameters that mean the same wherever they are.
const QUERIES: [(&str, &str); 9] = [
    ("cursor", "Cursor"),
    ("decimal", "CsvDecimal"),
    ("delimiter", "CsvDelimiter"),
    ("format", "Format"),
    ("headers", "CsvHeaders"),
    ("include_total", "IncludeTotal"),
    ("limit", "Limit"),
    ("q", "Search"),
    ("updated_since", "UpdatedSince"),
];

/// Adds the headers that every operation, or every one whose answer has an `ETag`, understands.
pub(super) fn add_headers(document: &mut Value) {
    for (path, item) in document["paths"].as_object_mut().into_iter().flatten() {
        for (_, operation) in item.as_object_mut().into_iter().flatten() {
            let tagged = operation.pointer("/responses/304").is_some();
            let list = super::parameters_of(operation);
            if tagged {
                list.push(json!({
                    "name": "If-None-Match", "in": "header",
                    "description": "ETags that the client has: the answer is 304 without a body if one of them is still right.",
                    "schema": {"type": "string"}
                }));
            }
            // OAuth has answers of its own, in English (RFC 6749).
            if !path.starts_with("/oauth/") {
                list.push(json!({
                    "name": "Accept-Language", "in": "header",
                    "description": "The language of problems and of texts that the service words: `vi`, which is the default, or `en`.",
                    "schema": {"type": "string"}
                }));
            }
        }
    }
}

/// A parameter that stands for several whose names begin alike (`disaggregation.<dimension>`) becomes an object whose members
/// are sent as parameters of their own: what a client is generated from can say that.
pub(super) fn expand(document: &mut Value) {
    for (_, item) in document["paths"].as_object_mut().into_iter().flatten() {
        for (_, operation) in item.as_object_mut().into_iter().flatten() {
            for parameter in operation["parameters"].as_array_mut().into_iter().flatten() {
                let named = parameter["name"].as_str().and_then(|name| name.split_once(".<")).map(|(begins, _)| begins.to_owned());
                let Some(begins) = named else { continue };
                let each = parameter["schema"].take();
                parameter["name"] = json!(begins);
                parameter["style"] = json!("form");
                parameter["explode"] = json!(true);
                parameter["schema"] = json!({
                    "type": "object", "propertyNames": {"pattern": format!(r"^{begins}\.[0-9A-Za-z_.-]{{1,64}}$")}, "additionalProperties": each
                });
            }
        }
    }
}

/// What may be left out says so by saying nothing, and has no example: who tries an operation out would send it.
fn tidy(parameter: &mut Value) {
    let (is_id, is_instant) = (parameter["in"] == "path" && parameter["name"] == "id", parameter["name"] == "updated_since");
    if let Some(members) = parameter.as_object_mut().filter(|members| members.get("required") != Some(&Value::Bool(true))) {
        members.shift_remove("required");
        members.shift_remove("example");
    }
    if is_id {
        parameter["description"] = json!("The id of what the path names before it.");
    } else if is_instant {
        parameter["description"] = json!("What was changed at or after this instant.");
    }
}

/// Replaces what operations share by references. A parameter that differs from its namesake stays where it is.
pub(super) fn share(document: &mut Value) {
    let mut shared: BTreeMap<&str, Value> = BTreeMap::new();
    for (_, item) in document["paths"].as_object_mut().into_iter().flatten() {
        for (_, operation) in item.as_object_mut().into_iter().flatten() {
            for parameter in operation["parameters"].as_array_mut().into_iter().flatten() {
                tidy(parameter);
                let names: &[(&str, &'static str)] = match parameter["in"].as_str() {
                    Some("header") => &HEADERS,
                    Some("query") => &QUERIES,
                    Some("path") => &[("id", "Id")],
                    _ => &[],
                };
                let Some((_, name)) = names.iter().find(|(known, _)| parameter["name"] == *known) else { continue };
                let known = shared.entry(name).or_insert_with(|| parameter.clone());
                if known == parameter {
                    *parameter = json!({"$ref": format!("#/components/parameters/{name}")});
                }
            }
        }
    }
    document["components"]["parameters"] = Value::Object(shared.into_iter().map(|(name, value)| (name.to_owned(), value)).collect());
}

/// What the values of a query parameter are called where nothing else has them.
const ENUMS: [(&str, &str); 4] =
    [("decimal", "DecimalMark"), ("delimiter", "CellDelimiter"), ("format", "TableFormat"), ("headers", "HeaderLanguage")];

/// The values of a query parameter are told by a component, so that a client has one type for them.
pub(super) fn refer_to_enums(document: &mut Value) {
    let mut schemas = document.pointer("/components/schemas").and_then(Value::as_object).cloned().unwrap_or_default();
    for (_, item) in document["paths"].as_object_mut().into_iter().flatten() {
        for (_, operation) in item.as_object_mut().into_iter().flatten() {
            for parameter in operation["parameters"].as_array_mut().into_iter().flatten() {
                let schema = &parameter["schema"];
                if schema.get("enum").is_none() {
                    continue;
                }
                let same = |found: &Value| found["enum"] == schema["enum"] && found["description"] == schema["description"];
                let known = schemas.iter().find(|(_, found)| same(found)).map(|(name, _)| name.clone());
                let new = || ENUMS.iter().find(|(known, _)| parameter["name"] == *known).map(|(_, name)| (*name).to_owned());
                let Some(name) = known.or_else(new) else { continue };
                let reference = json!({"$ref": format!("#/components/schemas/{name}")});
                let schema = std::mem::replace(&mut parameter["schema"], reference);
                schemas.entry(name).or_insert(schema);
            }
        }
    }
    document["components"]["schemas"] = Value::Object(schemas);
}
