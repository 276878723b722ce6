//! Lists refer to their items: a page holds no copy of an item's schema, and where a list shows less of a resource than the
//! resource itself does, the item has a schema of its own.

use serde_json::{Map, Value, json};

/// How members that a list leaves out say so.
const SINGLE_ONLY: &str = "single resources only";

/// What callers may do stands in single resources alone, which is said once for all of them.
const ACTIONS: &str = "_actions";

/// Makes the items of pages references.
pub(super) fn refer(document: &mut Value) {
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else { return };
    let pages: Vec<String> = schemas.keys().filter(|name| name.starts_with("Page_")).cloned().collect();
    for page in pages {
        let item = page.trim_start_matches("Page_").to_owned();
        let Some(slot) = schemas.get_mut(&page).and_then(|p| p.pointer_mut("/properties/items/items")) else { continue };
        let found = slot.take();
        let whole = if found.get("$ref").is_none() { schemas.entry(item.clone()).or_insert(found).clone() } else { schemas[&item].clone() };
        let left_out = left_out(&whole);
        let named = if left_out.iter().any(|member| member != ACTIONS) {
            let summary = format!("{}Summary", item.trim_end_matches("Out"));
            schemas.insert(summary.clone(), without(&whole, &left_out));
            require(schemas, &item, &left_out);
            summary
        } else {
            item
        };
        schemas[&page]["properties"]["items"]["items"] = json!({"$ref": format!("#/components/schemas/{named}")});
    }
}

/// Members that many components have alike, and what their schemas are called.
const ALIKE: [(&str, &str); 3] = [("transcription", "Transcription"), ("next_cursor", "NextCursor"), ("total", "PageTotal")];

/// What says no more of a member than its name and its component do.
const IMPLIED: [&str; 13] = [
    "Its name.",
    "Its title.",
    "The indicator.",
    "The period.",
    "The plan.",
    "The unit.",
    "What the transcriber remarked upon.",
    "What this caller may do with it now; in single resources only.",
    "When it was last changed.",
    "When it was made.",
    "When.",
    "Where in the printed plan it stands.",
    "Who.",
];

/// Leaves out what a reference says already.
pub(super) fn leave_out_implied(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            let implied = members.get("description").and_then(Value::as_str).is_some_and(|said| IMPLIED.contains(&said));
            if implied && (members.contains_key("$ref") || members.contains_key("oneOf")) {
                members.shift_remove("description");
            }
            members.values_mut().for_each(leave_out_implied);
        }
        Value::Array(items) => items.iter_mut().for_each(leave_out_implied),
        _ => {}
    }
}

/// Describes once what many components have alike.
pub(super) fn share_members(document: &mut Value) {
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else { return };
    let mut made = Map::new();
    for (name, schema) in schemas.iter_mut() {
        for (member, component) in ALIKE {
            // `total` is a count of other things elsewhere, and `next_cursor` of what goes on for ever is never null.
            if member != "transcription" && !name.starts_with("Page_") {
                continue;
            }
            let Some(found) = schema.get_mut("properties").and_then(|members| members.get_mut(member)) else { continue };
            let known = made.entry(component).or_insert_with(|| {
                let mut shared = found.clone();
                shared["example"] = if component == "PageTotal" { json!(21) } else { Value::Null };
                shared
            });
            let same =
                ["type", "additionalProperties", "propertyNames", "oneOf", "$ref"].iter().all(|key| known.get(*key) == found.get(*key));
            if same {
                *found = json!({"$ref": format!("#/components/schemas/{component}")});
            }
        }
    }
    schemas.extend(made.into_iter().map(|(name, schema)| (name.to_owned(), schema)));
}

/// The members that only a single resource has.
fn left_out(schema: &Value) -> Vec<String> {
    let members = schema["properties"].as_object().into_iter().flatten();
    let single = |value: &Value| {
        let said = value["description"].as_str().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        said.contains(SINGLE_ONLY)
    };
    members.filter(|(_, value)| single(value)).map(|(name, _)| name.clone()).collect()
}

fn without(schema: &Value, left_out: &[String]) -> Value {
    let mut summary = schema.clone();
    if let Some(members) = summary["properties"].as_object_mut() {
        members.retain(|name, _| !left_out.contains(name));
    }
    if let Some(example) = summary.get_mut("example").and_then(Value::as_object_mut) {
        example.retain(|name, _| !left_out.contains(name));
    }
    let said = summary["description"].as_str().unwrap_or_default().trim_end_matches('.').to_owned();
    summary["description"] = json!(format!("{said}, as lists show it."));
    summary
}

/// A single resource always has them.
fn require(schemas: &mut Map<String, Value>, item: &str, members: &[String]) {
    let Some(required) = schemas.get_mut(item).and_then(|schema| schema["required"].as_array_mut()) else { return };
    for member in members {
        if !required.iter().any(|known| known == member) {
            required.push(json!(member));
        }
    }
}
