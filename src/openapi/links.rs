//! Links lead from what was created to what can be done with it: read, changed, deleted.

use serde_json::{Map, Value, json};

/// An operation on a resource that a creation makes.
struct Target {
    id: String,
    link: Value,
}

/// Adds links to the answers 201.
pub(super) fn add(document: &mut Value) {
    let snapshot = document["paths"].clone();
    let mut links = Map::new();
    for (path, item) in document["paths"].as_object_mut().into_iter().flatten() {
        let Some(created) = item.pointer_mut("/post/responses/201") else { continue };
        let mut named = Map::new();
        for target in targets(&snapshot, path, created) {
            named.insert(target.id.clone(), json!({"$ref": format!("#/components/links/{}", target.id)}));
            links.insert(target.id, target.link);
        }
        if !named.is_empty() {
            created["links"] = Value::Object(named);
        }
    }
    document["components"]["links"] = Value::Object(links);
}

/// What can be done with what was created: it lives below the path of its creation, or where resources of its kind do.
fn targets(paths: &Value, path: &str, created: &Value) -> Vec<Target> {
    let schema = created.pointer("/content/application~1json/schema");
    let below = format!("{path}/{{id}}");
    let lives_at = |(known, item): &(&String, &Value)| {
        let one = item.pointer("/get/responses/200/content/application~1json/schema");
        **known == below || (known.ends_with("/{id}") && one.is_some() && one == schema)
    };
    let Some((_, home)) = paths.as_object().and_then(|all| all.iter().find(lives_at)) else { return Vec::new() };
    let wanted = ["get", "patch", "delete"].into_iter().filter_map(|method| home.get(method));
    wanted.filter_map(|operation| Some(Target { id: operation["operationId"].as_str()?.to_owned(), link: link(operation) })).collect()
}

fn link(operation: &Value) -> Value {
    let mut parameters = json!({"id": "$response.body#/id"});
    if operation["parameters"].as_array().into_iter().flatten().any(|p| p["name"] == "If-Match") {
        parameters["If-Match"] = json!("$response.header.ETag");
    }
    json!({"operationId": operation["operationId"], "parameters": parameters})
}
