//! The successful answers: which headers they have.

use serde_json::{Value, json};

/// References to headers of the components.
pub(super) fn refer_to_headers<'a>(names: impl IntoIterator<Item = &'a str>) -> Value {
    let each = names.into_iter().map(|name| (name.to_owned(), json!({"$ref": format!("#/components/headers/{name}")})));
    Value::Object(each.collect())
}

/// The headers of answers.
pub(super) fn headers() -> Value {
    let text = |description: &str, example: &str| json!({"description": description, "schema": {"type": "string"}, "example": example});
    json!({
        "ETag": text("The version of the resource and a hash of this representation. `If-Match` takes it, or the bare `\"<version>\"`; `If-None-Match` spares a repeated download.", "\"3-5f1c0a9be2d4473c\""),
        "Location": text("Where the new resource lives.", "/api/v1/goals/0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a63"),
        "Link": text("The next page, if there is one (RFC 8288).", "</api/v1/goals?cursor=eyJ2IjoxfQ>; rel=\"next\""),
        "Content-Disposition": text("Says that the answer is a file, and how it may be called (RFC 6266).", "attachment; filename=\"observations.csv\""),
        "Retry-After": {"description": "Seconds to wait before the next attempt.", "schema": {"type": "integer", "minimum": 0}, "example": 5},
        "Allow": text("The methods of this path, if it does not have the one asked for.", "GET, HEAD, OPTIONS"),
        "Accept-Encoding": text("Present if the body was coded: the codings that are taken (RFC 9110 section 15.5.16).", "identity"),
        "RateLimit": text("How much of the allowance is left and when it is renewed.", "\"sign-in\";r=0;t=30"),
        "RateLimit-Policy": text("The allowance.", "\"sign-in\";q=10;w=60"),
        "WWW-Authenticate": text("How to sign in, and what was wrong with the token (RFC 6750 section 3).", "Bearer error=\"invalid_token\""),
        "X-Request-Id": text("Names this request in the log, in problems and in the audit trail.", "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a70")
    })
}

/// The answer to `If-None-Match` that names the present state.
pub(super) fn not_modified() -> Value {
    json!({"description": "It is still what `If-None-Match` names.", "headers": refer_to_headers(["ETag"])})
}

/// Where an answer says that it is a problem.
const PROBLEM: &str = "/content/application~1problem+json";

/// Operations that send an `ETag` with what shows no `version`.
const TAGGED: [&str; 5] = ["create_reporting_period", "find_report_form", "get_me", "openapi", "update_report_observations"];

/// Says which headers the answers have that operations do not share.
pub(super) fn describe_headers(document: &mut Value) {
    let schemas = document.pointer("/components/schemas").cloned().unwrap_or_default();
    for (_, item) in document["paths"].as_object_mut().into_iter().flatten() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            let tagged = operation["operationId"].as_str().is_some_and(|id| TAGGED.contains(&id));
            for (status, response) in operation["responses"].as_object_mut().into_iter().flatten() {
                if response.get("$ref").is_none() && response.pointer(PROBLEM).is_none() {
                    let names = of_success(&schemas, status, response, tagged);
                    if !names.is_empty() {
                        response["headers"] = refer_to_headers(names);
                    }
                }
            }
            let tagged = method == "get" && operation.pointer("/responses/200/headers/ETag").is_some();
            if tagged && let Some(responses) = operation["responses"].as_object_mut() {
                responses.insert("304".to_owned(), json!({"$ref": "#/components/responses/NotModified"}));
            }
        }
    }
}

fn of_success(schemas: &Value, status: &str, response: &Value, tagged: bool) -> Vec<&'static str> {
    let reference = response.pointer("/content/application~1json/schema/$ref").and_then(Value::as_str);
    let schema = reference.and_then(|r| r.rsplit('/').next()).and_then(|name| schemas.get(name));
    let holds = |member: &str| schema.is_some_and(|s| s["properties"].get(member).is_some());
    let mut names = Vec::new();
    let mut when = |is_so: bool, name| {
        if is_so {
            names.push(name);
        }
    };
    when(tagged || holds("version"), "ETag");
    when(status == "201", "Location");
    when(holds("next_cursor"), "Link");
    let is_file = |media: &String| media == "text/csv" || media.ends_with("data+csv") || media.ends_with("data+xml");
    when(response["content"].as_object().is_some_and(|all| all.keys().any(is_file)), "Content-Disposition");
    names
}
