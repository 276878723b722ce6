//! What the answers of every operation have in common: the problems that follow from its form, and the headers.

use super::strings;
use crate::http::purpose;
use crate::http::request_validation::UNLIMITED;
use crate::problem::codes;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The answers that several operations have in common, each described once.
#[derive(Default)]
pub(super) struct Shared(BTreeMap<String, Value>);

impl Shared {
    /// A reference to the answer that tells one of these problems, all of one status.
    fn refer(&mut self, status: u16, names: &[&str]) -> Value {
        let name = names.iter().map(|n| title(n)).collect::<Vec<_>>().join("Or");
        let reference = json!({"$ref": format!("#/components/responses/{name}")});
        self.0.entry(name).or_insert_with(|| problem_response(status, names));
        reference
    }

    /// All of them.
    pub(super) fn into_components(self) -> Value {
        Value::Object(self.0.into_iter().collect())
    }
}

/// `auth.required` as `AuthRequired`.
fn title(code: &str) -> String {
    let words = code.split(['.', '_']).filter(|w| !w.is_empty());
    words.map(|word| word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1)).collect::<String>()).collect()
}

fn problem_response(status: u16, names: &[&str]) -> Value {
    json!({
        "description": names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", "),
        "headers": refer_to_headers(of_refusal(&status.to_string()).iter().copied().chain(["X-Request-Id"])),
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    })
}

fn of_refusal(status: &str) -> &'static [&'static str] {
    match status {
        "401" => &["WWW-Authenticate"],
        "415" => &["Accept-Encoding"],
        "429" => &["Retry-After", "RateLimit", "RateLimit-Policy"],
        "503" => &["Retry-After"],
        _ => &[],
    }
}

fn refer_to_headers<'a>(names: impl IntoIterator<Item = &'a str>) -> Value {
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
        "Idempotency-Replayed": {
            "description": "Present if this is the stored answer of an earlier request with the same `Idempotency-Key`.",
            "schema": {"type": "string", "enum": ["true"]}, "example": "true"
        },
        "Retry-After": {"description": "Seconds to wait before the next attempt.", "schema": {"type": "integer", "minimum": 0}, "example": 5},
        "Accept-Encoding": text("Present if the body was coded: the codings that are taken (RFC 9110 section 15.5.16).", "identity"),
        "RateLimit": text("How much of the allowance is left and when it is renewed.", "\"sign-in\";r=0;t=30"),
        "RateLimit-Policy": text("The allowance.", "\"sign-in\";q=10;w=60"),
        "WWW-Authenticate": text("How to sign in, and what was wrong with the token (RFC 6750 section 3).", "Bearer error=\"invalid_token\""),
        "X-Request-Id": text("Names this request in the log, in problems and in the audit trail.", "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a70")
    })
}

/// Says which headers the successful answers have.
pub(super) fn describe_headers(document: &mut Value) {
    let schemas = document.pointer("/components/schemas").cloned().unwrap_or_default();
    for (_, item) in document["paths"].as_object_mut().into_iter().flatten() {
        for (_, operation) in item.as_object_mut().into_iter().flatten() {
            let keyed = operation["parameters"].as_array().into_iter().flatten().any(|p| p["name"] == "Idempotency-Key");
            for (status, response) in operation["responses"].as_object_mut().into_iter().flatten() {
                if response.get("$ref").is_none() {
                    let names = of_success(&schemas, status, response, keyed).into_iter();
                    response["headers"] = refer_to_headers(of_refusal(status).iter().copied().chain(names));
                }
            }
        }
    }
}

fn of_success(schemas: &Value, status: &str, response: &Value, keyed: bool) -> Vec<&'static str> {
    let reference = response.pointer("/content/application~1json/schema/$ref").and_then(Value::as_str);
    let schema = reference.and_then(|r| r.rsplit('/').next()).and_then(|name| schemas.get(name));
    let holds = |member: &str| schema.is_some_and(|s| s["properties"].get(member).is_some());
    let mut names = Vec::new();
    let mut when = |is_so: bool, name| {
        if is_so {
            names.push(name);
        }
    };
    when(holds("version"), "ETag");
    when(status == "201", "Location");
    when(holds("next_cursor"), "Link");
    when(response.pointer("/content/text~1csv").is_some(), "Content-Disposition");
    when(keyed, "Idempotency-Replayed");
    when(true, "X-Request-Id");
    names
}

/// The problems that follow from an operation's form, and those that its handler names in `x-problems`.
pub(super) fn problems(path: &str, method: &str, operation: &mut Value, public: bool, keyed: bool, shared: &mut Shared) {
    let has = |location: &str, name: Option<&str>| {
        operation["parameters"]
            .as_array()
            .is_some_and(|list| list.iter().any(|p| p["in"] == location && name.is_none_or(|n| p["name"] == n)))
    };
    let mut told: Vec<&str> = vec!["internal", "database.unavailable", "database.busy", "query.unknown", "uri.too_long"];
    if operation["security"].as_array().is_some_and(|ways| !ways.is_empty()) {
        told.push("token.invalid");
    }
    // What shows restricted figures exactly must be recorded.
    if has("header", Some(purpose::NAME)) {
        told.extend(["audit.unavailable", "database.full", "header.invalid"]);
    }
    if !UNLIMITED.contains(&path) {
        told.push("rate.limited");
    }
    if !public {
        told.extend(["auth.required", "access.denied", "password.change_required"]);
    }
    if produces(operation) {
        told.push("media_type.not_acceptable");
    }
    if has("query", None) {
        told.extend(["query.invalid", "cursor.invalid"]);
    }
    if has("path", None) {
        told.push("resource.not_found");
    }
    if method != "get" {
        told.extend(["database.full", "json.malformed", "body.too_large", "media_type.unsupported", "request.timeout", "body.invalid"]);
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
    let answers: Map<String, Value> = by_status
        .into_iter()
        .map(|(status, mut names)| {
            names.sort_unstable();
            names.dedup();
            (status.to_string(), shared.refer(status, &names))
        })
        .collect();
    if let Some(members) = operation.as_object_mut() {
        members.shift_remove("x-problems");
        if let Some(responses) = members.entry("responses").or_insert_with(|| json!({})).as_object_mut() {
            responses.extend(answers);
        }
    }
}

fn produces(operation: &Value) -> bool {
    let won = operation["responses"].as_object().into_iter().flatten().filter(|(status, _)| status.starts_with('2'));
    won.into_iter().any(|(_, response)| response.get("content").is_some())
}

/// The schema of every problem.
pub(super) fn problem_schema() -> Value {
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
                    "detail": {"type": "string", "description": "The fault in words."},
                    "indicator": {"type": "object", "description": "The indicator it is about, if it is about one.", "required": ["id", "code"],
                        "properties": {
                            "id": {"type": "string", "description": "Its id."},
                            "code": {"type": "string", "description": "Its code."}
                        }}
                }}}
        },
        "example": {
            "type": "/problems/report.not_editable", "title": "Báo cáo không còn sửa được", "status": 409,
            "detail": "Báo cáo đã nộp. Hãy rút lại hoặc chờ trả lại rồi sửa.", "instance": "/api/v1/reports/0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65",
            "code": "report.not_editable", "request_id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a70"
        }
    })
}
