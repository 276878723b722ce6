//! Steps in the life of a resource answer with the resource as it is after the step: their examples show that state.

use serde_json::{Map, Value, json};
use std::sync::LazyLock;

/// What a step leaves otherwise than the example of its resource shows it, by operation; `content`, beside them, is what an
/// approval freezes.
static AFTER: LazyLock<Map<String, Value>> = LazyLock::new(|| serde_json::from_str(include_str!("lifecycle.json")).unwrap_or_default());

/// The member of a consolidated report that is frozen.
const CONTENT: &str = "content";

/// Gives the answers of steps their examples.
pub(super) fn show(document: &mut Value) {
    let schemas = document.pointer("/components/schemas").cloned().unwrap_or_default();
    for (_, item) in document["paths"].as_object_mut().into_iter().flatten() {
        for (_, operation) in item.as_object_mut().into_iter().flatten() {
            let Some(after) = operation["operationId"].as_str().and_then(|id| AFTER.get(id)) else { continue };
            let Some(answer) = operation.pointer_mut("/responses/200/content/application~1json") else { continue };
            let component = answer["schema"]["$ref"].as_str().and_then(|r| r.rsplit('/').next()).unwrap_or_default();
            let Some(mut example) = schemas.get(component).and_then(|schema| schema.get("example")).cloned() else { continue };
            // What a step does not touch is shown by the resource's own example.
            empty_lists(&mut example);
            for (member, value) in after.as_object().into_iter().flatten() {
                let frozen = AFTER.get(CONTENT).filter(|_| member == CONTENT && *value == json!(true));
                example[member] = frozen.unwrap_or(value).clone();
            }
            answer["example"] = json!(example);
        }
    }
}

fn empty_lists(value: &mut Value) {
    match value {
        Value::Array(items) => items.clear(),
        Value::Object(members) => members.values_mut().for_each(empty_lists),
        _ => {}
    }
}
