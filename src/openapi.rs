//! The contract: one OpenAPI 3.1 document, made from the handlers, used by the server, by `binhdang openapi` and by the
//! drift test.
//!
//! Handlers say what is their own: path, roles, parameters, bodies, the successful answer. What every operation has in
//! common is added here: security, standard problems, headers, examples.

mod answers;
mod examples;
mod reachable;

use crate::change::patch::PATCH_OF;
use crate::json_schema;
use serde_json::{Value, json};
use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Binhdang",
        description = "Goals, indicators, responsible units, tasks and periodic reports of a ward's gender-equality plan (kế hoạch bình đẳng giới), \
                       their consolidation and the progress that they show. Vietnamese is authoritative, English a courtesy.\n\n\
                       Every refusal is a problem (RFC 9457), but for those of the protocol layer, which come before there is a request to answer: \
                       400 to a head that is no HTTP, 431 to one of more than 128 KiB, and 408 to the first of a connection if it does not arrive \
                       in time, have no body, and the connection ends. A connection ends without an answer if a further head does not arrive in \
                       time, or if a client takes nothing of an answer for 20 seconds.",
        contact(name = "Phòng Văn hóa - Xã hội, UBND phường Đồng Nguyên"),
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

/// The document as it is committed: what the server goes by and publishes. A test compares it with the handlers.
pub const COMMITTED: &str = include_str!("../openapi/openapi.json");

/// The document, from what the handlers say of themselves.
#[must_use]
pub fn document(handlers: utoipa::openapi::OpenApi) -> Value {
    let mut api = Base::openapi();
    api.merge(handlers);
    let mut document = serde_json::to_value(&api).unwrap_or_default();
    finish(&mut document);
    reachable::only(&mut document);
    document
}

fn finish(document: &mut Value) {
    hoist(document);
    patches(document);
    let mut paths = document.get_mut("paths").map(Value::take).unwrap_or_default();
    let mut shared = answers::Shared::default();
    for (path, item) in paths.as_object_mut().into_iter().flatten() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            complete(path, method, operation, &mut shared);
        }
    }
    if let Some(all) = document.as_object_mut() {
        all.insert("paths".to_owned(), paths);
        let components = all.entry("components").or_insert_with(|| json!({}));
        components["responses"] = shared.into_components();
        components["headers"] = answers::headers();
        components["securitySchemes"] = security_schemes();
        if !components["schemas"].is_object() {
            components["schemas"] = json!({});
        }
        if let Some(schemas) = components["schemas"].as_object_mut() {
            schemas.insert("Problem".to_owned(), answers::problem_schema());
        }
    }
    answers::describe_headers(document);
    examples::fill(document);
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
            let mut patch = json_schema::patch_schema(document, input);
            if let Some(members) = patch.as_object_mut() {
                let meaning = "A JSON Merge Patch (RFC 7396): what is absent stays, null removes, lists are replaced whole.";
                members.insert("description".to_owned(), json!(meaning));
                if let Some(example) = members.shift_remove("example") {
                    members.insert("example".to_owned(), examples::of_patch(&example));
                }
            }
            if let Some(slot) = document.pointer_mut(&format!("/components/schemas/{name}")) {
                *slot = patch;
            }
        }
    }
}

fn complete(path: &str, method: &str, operation: &mut Value, shared: &mut answers::Shared) {
    let roles: Vec<String> = strings(operation.get("x-roles"));
    let public = roles.iter().any(|r| r == "anonymous");
    if public {
        let all = ["anonymous", "admin", "coordinator", "leader", "reporter", "supervisor", "province"];
        operation["x-roles"] = json!(all);
    }
    // A handler says `security()` where it needs no caller; the gate then looks at no access token.
    if operation.get("security").is_none() {
        operation["security"] =
            if public { json!([{}, {"bearer": []}, {"machine": []}]) } else { json!([{"bearer": []}, {"machine": []}]) };
    }
    let keyed = method == "post" && !public && path.starts_with("/api/v1/") && !path.starts_with("/api/v1/auth/");
    if keyed {
        parameters(operation).push(json!({
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "Makes a retry safe: the answer of the first request is stored for 24 hours and given again. A new one, such as a UUID, for each new request; 1 to 255 visible ASCII characters.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"}
        }));
    }
    name_sort_fields(operation);
    if !path.starts_with("/oauth/") {
        answers::problems(path, method, operation, public, keyed, shared);
    }
}

/// The fields that a list may be sorted by stand in its description; the parameter shows them too.
fn name_sort_fields(operation: &mut Value) {
    let told = operation["description"].as_str().unwrap_or_default();
    let Some((_, told)) = told.split_once("Sort field") else { return };
    let told = told.split_once('.').map_or(told, |(sentence, _)| sentence);
    let fields: Vec<String> = told.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    let sort = operation["parameters"].as_array_mut().into_iter().flatten().find(|p| p["name"] == "sort");
    if let (Some(sort), Some(first)) = (sort, fields.first()) {
        let said = sort["description"].as_str().unwrap_or_default();
        sort["description"] = json!(format!("{said} Fields: `{}`.", fields.join("`, `")));
        sort["example"] = json!(first);
    }
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

fn security_schemes() -> Value {
    json!({
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "The `access_token` of `POST /api/v1/auth/login`."},
        "machine": {"type": "oauth2", "description": "Machines sign in with their client id and secret.",
            "flows": {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": {"restricted:read": "Restricted figures exactly"}}}}
    })
}
