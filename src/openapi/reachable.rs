//! A merge patch is made from the form that its result must fit, but clients never send that form: it is not published.

use serde_json::Value;
use std::collections::BTreeSet;

/// Leaves out the components that no operation leads to.
pub fn only(document: &mut Value) {
    let mut reached = BTreeSet::new();
    let mut open = Vec::new();
    references(document.get("paths"), &mut open);
    while let Some(reference) = open.pop() {
        let target = reference.strip_prefix('#').and_then(|pointer| document.pointer(pointer));
        if reached.insert(reference) {
            references(target, &mut open);
        }
    }
    if let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        schemas.retain(|name, _| reached.contains(&format!("#/components/schemas/{name}")));
    }
}

fn references(value: Option<&Value>, found: &mut Vec<String>) {
    match value {
        Some(Value::Object(members)) => {
            found.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|v| references(Some(v), found));
        }
        Some(Value::Array(items)) => items.iter().for_each(|v| references(Some(v), found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::only;
    use serde_json::json;

    #[test]
    fn what_no_operation_leads_to_is_left_out() {
        let mut document = json!({
            "paths": {"/a": {"get": {"responses": {"200": {"$ref": "#/components/responses/A"}}}}},
            "components": {
                "responses": {"A": {"schema": {"$ref": "#/components/schemas/Tree"}}},
                "schemas": {"Tree": {"items": {"$ref": "#/components/schemas/Tree"}}, "Own": {"items": {"$ref": "#/components/schemas/Tree"}}}
            }
        });
        only(&mut document);
        let schemas = &document["components"]["schemas"];
        assert!(schemas.get("Tree").is_some() && schemas.get("Own").is_none());
    }
}
