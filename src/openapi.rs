//! The contract: one OpenAPI 3.1 document, made from the handlers, used by the server, by `binhdang openapi` and by the
//! drift test.
//!
//! Handlers say what is their own: path, roles, parameters, bodies, the successful answer. What every operation has in
//! common is added here: security, standard problems, headers, examples.

#![expect(
    clippy::indexing_slicing,
    reason = "JSON that is read by a name is null where nothing is; what is written to is an object that was made here"
)]

mod answers;
mod examples;
mod lifecycle;
mod links;
mod pages;
mod parameters;
mod problems;
mod reachable;

use crate::change::patch::PATCH_OF;
use crate::json_schema;
use serde_json::{Map, Value, json};
use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Binhdang",
        description = include_str!("openapi/about.md"),
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
        (name = "SDMX", description = "Published figures in the standard of statistics offices (ISO 17369), read by their tools"),
        (name = "Changes", description = "What changed, for those who keep a copy (dòng thay đổi)"),
        (name = "Webhooks", description = "Addresses to which changes are sent while they happen (Standard Webhooks)"),
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
    pages::refer(document);
    patches(document);
    hoist(document);
    parameters::expand(document);
    parameters::refer_to_enums(document);
    let mut paths = document.get_mut("paths").map(Value::take).unwrap_or_default();
    let mut shared = problems::Shared::default();
    for (path, item) in paths.as_object_mut().into_iter().flatten() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            complete(path, method, operation, &mut shared);
        }
    }
    document["paths"] = paths;
    // What most operations need; the others say what they need.
    document["security"] = json!([{"bearer": []}, {"machine": []}]);
    let components = &mut document["components"];
    shared.place(components);
    components["responses"]["NotModified"] = answers::not_modified();
    components["headers"] = answers::headers();
    components["securitySchemes"] = security_schemes();
    if let Some(schemas) = components["schemas"].as_object_mut() {
        schemas.extend(problems::schemas());
    }
    answers::describe_headers(document);
    links::add(document);
    parameters::add_headers(document);
    parameters::share(document);
    examples::fill(document);
    pages::share_members(document);
    pages::leave_out_implied(&mut document["components"]["schemas"]);
    lifecycle::show(document);
}

/// What is said beside a reference among alternatives: of a member that may be null it is said of the member itself; of
/// others the component says it.
fn hoist(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for choice in ["oneOf", "anyOf"] {
                let Some(ways) = members.get_mut(choice).and_then(Value::as_array_mut) else { continue };
                let nullable = ways.len() == 2 && ways.iter().any(|way| way["type"] == "null");
                let referring = ways.iter_mut().filter_map(Value::as_object_mut).filter(|way| way.contains_key("$ref"));
                let said = referring.filter_map(|way| way.shift_remove("description")).last();
                if let Some(said) = said.filter(|_| nullable) {
                    members.entry("description").or_insert(said);
                }
            }
            members.values_mut().for_each(hoist);
        }
        Value::Array(items) => items.iter_mut().for_each(hoist),
        _ => {}
    }
}

/// Replaces the placeholders of merge patches by the schema that follows from the input form. What several of them say of
/// an object inside has a component of its own.
fn patches(document: &mut Value) {
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut made = Map::new();
    for (name, schema) in &schemas {
        let of = schema.get(PATCH_OF).and_then(Value::as_str).and_then(|of| schemas.get(of));
        if let Some(input) = of {
            let mut patch = json_schema::patch_schema(document, input, &mut made);
            if let Some(members) = patch.as_object_mut() {
                let input = name.trim_start_matches("Patch_");
                members.insert(
                    "description".to_owned(),
                    json!(format!(
                        "A JSON Merge Patch (RFC 7396) of `{input}`: what is absent stays, null removes, lists are replaced whole."
                    )),
                );
            }
            made.insert(name.clone(), patch);
        }
    }
    // What its members mean is said at the input form.
    let members = made.values_mut().filter_map(|patch| patch.get_mut("properties")).filter_map(Value::as_object_mut).flatten();
    members.filter_map(|(_, member)| member.as_object_mut()).for_each(|member| drop(member.shift_remove("description")));
    if let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        schemas.extend(made);
    }
}

fn complete(path: &str, method: &str, operation: &mut Value, shared: &mut problems::Shared) {
    let roles: Vec<String> = strings(operation.get("x-roles"));
    let public = roles.iter().any(|r| r == "anonymous");
    // A handler says `security()` where it needs no caller; the gate then looks at no access token.
    if public && operation.get("security").is_none() {
        operation["security"] = json!([{}, {"bearer": []}, {"machine": []}]);
    }
    let keyed = method == "post" && !public && path.starts_with("/api/v1/") && !path.starts_with("/api/v1/auth/");
    if keyed {
        parameters_of(operation).push(json!({
            "name": "Idempotency-Key", "in": "header",
            "description": "Makes a retry safe: the answer of the first request is stored for 24 hours and given again with `Idempotency-Replayed: true`. A new one, such as a UUID, for each new request; 1 to 255 visible ASCII characters.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"}
        }));
    }
    name_sort_fields(operation);
    name_roles(operation, &roles);
    if !path.starts_with("/oauth/") {
        problems::describe(method, operation, shared);
    }
}

/// Who may call it stands in the description too, where people read it.
fn name_roles(operation: &mut Value, roles: &[String]) {
    let needs_none = operation["security"].as_array().is_some_and(Vec::is_empty);
    let who = match roles {
        _ if needs_none => "Anybody; no access token is looked at.".to_owned(),
        named if named.iter().any(|r| r == "anonymous") => "Anybody.".to_owned(),
        named => format!("Roles: {}.", named.iter().map(|r| format!("`{r}`")).collect::<Vec<_>>().join(", ")),
    };
    let said = operation["description"].as_str().unwrap_or_default().trim_end();
    operation["description"] = json!(format!("{said}\n\n{who}"));
}

/// The fields that a list may be sorted by stand in its description; the parameter shows them too.
fn name_sort_fields(operation: &mut Value) {
    let told = operation["description"].as_str().unwrap_or_default();
    let Some((_, told)) = told.split_once("Sort field") else { return };
    let told = told.split_once('.').map_or(told, |(sentence, _)| sentence);
    let fields: Vec<String> = told.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    let sort = operation["parameters"].as_array_mut().into_iter().flatten().find(|p| p["name"] == "sort");
    if let (Some(sort), false) = (sort, fields.is_empty()) {
        let said = sort["description"].as_str().unwrap_or_default();
        sort["description"] = json!(format!("{said}: `{}`.", fields.join("`, `")));
    }
}

fn parameters_of(operation: &mut Value) -> &mut Vec<Value> {
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
