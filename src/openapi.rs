//! The contract: one OpenAPI 3.1 document, made from the handlers, used by the server, by `binhdang openapi` and by the
//! drift test.
//!
//! Handlers say what is their own: path, roles, parameters, bodies, the successful answer. What every operation has in
//! common is added here: security, standard problems, headers, examples.

use crate::http::gate::UNLIMITED;
use crate::http::patch::PATCH_OF;
use crate::http::shape;
use crate::problem::codes;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use utoipa::OpenApi;

/// The tags whose answers may show restricted figures exactly, so that they must be recorded.
const SHOWS_RESTRICTED: [&str; 3] = ["Reports", "Consolidated reports", "Data"];

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Binhdang",
        description = "Goals, indicators, responsible units, tasks and periodic reports of a ward's gender-equality plan (kế hoạch bình đẳng giới), \
                       their consolidation and the progress that they show. Vietnamese is authoritative, English a courtesy.",
        license(name = "MIT", identifier = "MIT")
    ),
    servers((url = "/", description = "This server")),
    tags(
        (name = "Sign-in", description = "People sign in with a password, machines by OAuth 2 client credentials"),
        (name = "Accounts", description = "People and machines and what they may do"),
        (name = "Jurisdictions", description = "Administrative units (đơn vị hành chính)"),
        (name = "Plans", description = "Plans (kế hoạch)"),
        (name = "Goals", description = "Goals (mục tiêu)"),
        (name = "Indicators", description = "Printed targets (chỉ tiêu), measured indicators and their dimensions"),
        (name = "Units", description = "Responsible units (cơ quan, đơn vị thực hiện)"),
        (name = "Tasks", description = "Tasks, solutions and assignments (nhiệm vụ, giải pháp, phân công)"),
        (name = "Reporting periods", description = "Reporting periods (kỳ báo cáo)"),
        (name = "Reports", description = "Reports of the units (báo cáo của đơn vị)"),
        (name = "Consolidated reports", description = "The ward's reports to the province (báo cáo tổng hợp)"),
        (name = "Data", description = "Figures, progress and completeness"),
        (name = "Audit", description = "The audit trail (nhật ký kiểm toán)"),
        (name = "Service", description = "Health, figures and the contract itself")
    )
)]
struct Base;

/// The document, from what the handlers say of themselves.
#[must_use]
pub fn document(handlers: utoipa::openapi::OpenApi) -> Value {
    let mut api = Base::openapi();
    api.merge(handlers);
    let mut document = serde_json::to_value(&api).unwrap_or_default();
    finish(&mut document);
    document
}

fn finish(document: &mut Value) {
    hoist(document);
    patches(document);
    let mut paths = document.get_mut("paths").map(Value::take).unwrap_or_default();
    for (path, item) in paths.as_object_mut().into_iter().flatten() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            complete(path, method, operation);
        }
    }
    if let Some(all) = document.as_object_mut() {
        all.insert("paths".to_owned(), paths);
        let components = all.entry("components").or_insert_with(|| json!({}));
        if let Some(components) = components.as_object_mut() {
            components.insert("responses".to_owned(), problem_responses());
            components.insert("securitySchemes".to_owned(), security_schemes());
            components.entry("schemas").or_insert_with(|| json!({}))["Problem"] = problem_schema();
        }
    }
    examples(document);
}

/// What is said of a member that may be null stands beside its alternatives, not inside one of them.
fn hoist(value: &mut Value) {
    match value {
        Value::Object(members) => {
            let said = members.get_mut("oneOf").and_then(Value::as_array_mut).and_then(|ways| match ways.as_mut_slice() {
                [Value::Object(one), other] | [other, Value::Object(one)] if other.get("type").is_some_and(|t| t == "null") => {
                    one.contains_key("$ref").then(|| one.shift_remove("description")).flatten()
                }
                _ => None,
            });
            if let Some(said) = said {
                members.entry("description").or_insert(said);
            }
            members.values_mut().for_each(hoist);
        }
        Value::Array(items) => items.iter_mut().for_each(hoist),
        _ => {}
    }
}

/// Replaces the placeholders of merge patches by the schema that follows from the input form.
fn patches(document: &mut Value) {
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object).cloned().unwrap_or_default();
    for (name, schema) in &schemas {
        let of = schema.get(PATCH_OF).and_then(Value::as_str).and_then(|of| schemas.get(of));
        if let Some(input) = of {
            let mut patch = shape::patch_schema(document, input);
            if let Some(members) = patch.as_object_mut() {
                let meaning = "A JSON Merge Patch (RFC 7396): what is absent stays, null removes, lists are replaced whole.";
                members.insert("description".to_owned(), json!(meaning));
                members.shift_remove("example");
            }
            if let Some(slot) = document.pointer_mut(&format!("/components/schemas/{name}")) {
                *slot = patch;
            }
        }
    }
}

fn complete(path: &str, method: &str, operation: &mut Value) {
    let roles: Vec<String> = strings(operation.get("x-roles"));
    let public = roles.iter().any(|r| r == "anonymous");
    if public {
        let all = ["anonymous", "admin", "coordinator", "leader", "reporter", "supervisor", "province"];
        operation["x-roles"] = json!(all);
    }
    operation["security"] = match (path.starts_with("/oauth/"), public) {
        (true, _) => json!([{"client": []}, {}]),
        (_, true) => json!([{}, {"bearer": []}, {"machine": []}]),
        _ => json!([{"bearer": []}, {"machine": []}]),
    };
    let keyed = method == "post" && !public && path.starts_with("/api/v1/") && !path.starts_with("/api/v1/auth/");
    if keyed {
        parameters(operation).push(json!({
            "name": "Idempotency-Key", "in": "header", "required": false, "example": "9f0c2c1e-3f0e-4b8a-9c57-0d6f6f7a2b11",
            "description": "Makes a retry safe: the answer of the first request is stored for 24 hours and given again. 1 to 255 visible ASCII characters.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255}
        }));
    }
    if path.starts_with("/oauth/") {
        return;
    }
    problems(path, method, operation, public, keyed);
}

fn parameters(operation: &mut Value) -> &mut Vec<Value> {
    if !operation["parameters"].is_array() {
        operation["parameters"] = json!([]);
    }
    match &mut operation["parameters"] {
        Value::Array(list) => list,
        // Made an array two lines above.
        _ => unreachable!("parameters is an array"),
    }
}

fn strings(value: Option<&Value>) -> Vec<String> {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The problems that follow from an operation's form, and those that its handler names in `x-problems`.
fn problems(path: &str, method: &str, operation: &mut Value, public: bool, keyed: bool) {
    let has = |location: &str, name: Option<&str>| {
        operation["parameters"]
            .as_array()
            .is_some_and(|list| list.iter().any(|p| p["in"] == location && name.is_none_or(|n| p["name"] == n)))
    };
    let body = operation.get("requestBody").is_some();
    let mut told: Vec<&str> = vec!["internal", "database.unavailable"];
    if path.starts_with("/api/v1/") && strings(operation.get("tags")).iter().any(|t| SHOWS_RESTRICTED.contains(&t.as_str())) {
        told.push("audit.unavailable");
    }
    if !public {
        told.extend(["auth.required", "access.denied", "password.change_required"]);
    }
    // The gate checks these for every path: also a public answer is refused to a token that does not count.
    told.extend(["query.unknown", "token.invalid", "media_type.not_acceptable"]);
    if !UNLIMITED.contains(&path) {
        told.push("rate.limited");
    }
    if has("query", None) {
        told.extend(["query.invalid", "cursor.invalid"]);
    }
    if has("path", None) {
        told.push("resource.not_found");
    }
    if body || matches!(method, "post" | "patch" | "put") {
        told.extend(["json.malformed", "body.too_large", "media_type.unsupported", "request.timeout", "body.invalid"]);
    }
    if has("header", Some("If-Match")) {
        told.extend(["version.stale", "version.required"]);
    }
    if keyed {
        told.extend(["idempotency.key_invalid", "idempotency.in_progress", "idempotency.key_reused"]);
    }
    let own = strings(operation.get("x-problems"));
    told.extend(own.iter().map(String::as_str));
    let mut by_status: BTreeMap<u16, Vec<&str>> = BTreeMap::new();
    for name in told {
        if let Some(code) = codes::find(name) {
            // A fault of one field is told by the body's problem or by itself; in a query it is 400.
            let status = if method == "get" && code.status == 422 { 400 } else { code.status };
            by_status.entry(status).or_default().push(name);
        }
    }
    let mut answers = Map::new();
    for (status, mut names) in by_status {
        names.sort_unstable();
        names.dedup();
        let description = names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
        let answer = json!({
            "description": description,
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        });
        answers.insert(status.to_string(), answer);
    }
    if let Some(members) = operation.as_object_mut() {
        members.shift_remove("x-problems");
        if let Some(responses) = members.entry("responses").or_insert_with(|| json!({})).as_object_mut() {
            responses.extend(answers);
        }
    }
}

fn problem_responses() -> Value {
    json!({"Problem": {
        "description": "What went wrong (RFC 9457)",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    }})
}

fn security_schemes() -> Value {
    json!({
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "The `access_token` of `POST /api/v1/auth/login`."},
        "machine": {"type": "oauth2", "description": "Machines sign in with their client id and secret.",
            "flows": {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": {"restricted:read": "Restricted figures exactly"}}}},
        "client": {"type": "http", "scheme": "basic", "description": "A client's id and secret (RFC 6749 section 2.3.1)."}
    })
}

fn problem_schema() -> Value {
    json!({
        "type": "object",
        "description": "What went wrong and how to mend it (RFC 9457). Some problems have further members, such as `current` and `allowed`.",
        "required": ["type", "title", "status", "detail", "instance", "code", "request_id"],
        "properties": {
            "type": {"type": "string", "description": "The page that explains it."},
            "title": {"type": "string", "description": "What is wrong, in the reader's language."},
            "status": {"type": "integer", "description": "The HTTP status."},
            "detail": {"type": "string", "description": "What is wrong here and what to do about it."},
            "instance": {"type": "string", "description": "The path asked for."},
            "code": {"type": "string", "description": "The stable name of the problem; never translated."},
            "request_id": {"type": "string", "description": "Names this request in the log."},
            "errors": {"type": "array", "description": "Every field that is wrong.", "items": {
                "type": "object", "required": ["pointer", "code", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "RFC 6901 pointer into the body, or the name of a query parameter."},
                    "code": {"type": "string", "description": "The stable name of the fault."},
                    "detail": {"type": "string", "description": "The fault in words."}
                }}}
        },
        "example": {
            "type": "/problems/report.not_editable", "title": "Báo cáo không còn sửa được", "status": 409,
            "detail": "Báo cáo đã nộp. Hãy rút lại hoặc chờ trả lại rồi sửa.", "instance": "/api/v1/reports/0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65",
            "code": "report.not_editable", "request_id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a70"
        }
    })
}

/// Gives every component and every JSON answer an example, put together from the examples of its parts.
fn examples(document: &mut Value) {
    let snapshot = document.clone();
    for (_, schema) in document.pointer_mut("/components/schemas").and_then(Value::as_object_mut).into_iter().flatten() {
        if let Some(members) = schema.as_object_mut()
            && !members.contains_key("example")
        {
            let example = example_of(&snapshot, &Value::Object(members.clone()), 0);
            members.insert("example".to_owned(), example);
        }
    }
    for (_, item) in document["paths"].as_object_mut().into_iter().flatten() {
        for (_, operation) in item.as_object_mut().into_iter().flatten() {
            for (_, response) in operation["responses"].as_object_mut().into_iter().flatten() {
                let Some(json) = response.pointer_mut("/content/application~1json") else { continue };
                if json.get("example").is_none() && json.get("examples").is_none() {
                    let example = example_of(&snapshot, &json["schema"], 0);
                    json["example"] = example;
                }
            }
        }
    }
}

fn example_of(document: &Value, schema: &Value, depth: usize) -> Value {
    if let Some(example) = schema.get("example").or_else(|| schema.pointer("/examples/0")) {
        return example.clone();
    }
    if let Some(target) = schema.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix('#')) {
        return document.pointer(target).map_or(Value::Null, |s| example_of(document, s, depth));
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        if let Some(first) = schema.get(choice).and_then(Value::as_array).and_then(|l| l.iter().find(|s| s["type"] != "null")) {
            return example_of(document, first, depth);
        }
    }
    if let Some(first) = schema.get("enum").and_then(Value::as_array).and_then(|l| l.first()) {
        return first.clone();
    }
    match type_of(schema) {
        "object" => {
            let properties = schema.get("properties").and_then(Value::as_object);
            let members: Map<String, Value> =
                properties.into_iter().flatten().map(|(name, s)| (name.clone(), example_of(document, s, depth + 1))).collect();
            Value::Object(members)
        }
        // Trees may refer to themselves.
        "array" if depth < 8 => json!([example_of(document, &schema["items"], depth + 1)]),
        "array" => json!([]),
        "integer" | "number" => schema.get("minimum").cloned().unwrap_or_else(|| json!(1)),
        "boolean" => json!(false),
        "null" => Value::Null,
        _ => match schema.get("format").and_then(Value::as_str) {
            Some("date-time") => json!("2026-11-24T09:30:00Z"),
            Some("date") => json!("2026-12-31"),
            Some("uuid") => json!("0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65"),
            _ => json!("…"),
        },
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
