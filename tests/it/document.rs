//! The contract file: the same everywhere, complete, and true to itself.

use crate::house::contract::{Document, Operation};
use crate::house::json::walk;
use crate::house::{NOBODY, TestApp};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

on_both![the_served_document_is_the_committed_one];

fn told() -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_binhdang")).arg("openapi").output().expect("binhdang openapi");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn document() -> Document {
    Document::new(serde_json::from_str(&told()).expect("JSON"))
}

fn committed() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi/openapi.json");
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{path}: {e}; make it as CONTRIBUTING.md says"))
}

/// Fails with everything that is wrong, not with the first.
#[track_caller]
fn nothing(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.iter().take(40).cloned().collect::<Vec<_>>().join("\n"));
}

fn name(operation: &Operation) -> String {
    format!("{} {}", operation.method, operation.path)
}

async fn the_served_document_is_the_committed_one(app: TestApp) {
    let served = app.anonymous().get("/openapi.json").await.ok();
    let without_servers = |mut document: Value| {
        document.as_object_mut().expect("an object").shift_remove("servers");
        document
    };
    let file = serde_json::from_str(&committed()).expect("JSON");
    assert!(without_servers(served) == without_servers(file), "/openapi.json and openapi/openapi.json differ");
}

#[test]
fn the_committed_document_is_what_the_code_says() {
    let (file, code) = (committed(), told());
    if file != code {
        let line = file.lines().zip(code.lines()).position(|(a, b)| a != b).unwrap_or(0);
        let (a, b) = (file.lines().nth(line).unwrap_or_default(), code.lines().nth(line).unwrap_or_default());
        panic!(
            "openapi/openapi.json is stale from line {}: {a:?} is now {b:?}\nrun `cargo run -q -- openapi > target/openapi.json && mv target/openapi.json openapi/openapi.json`",
            line + 1
        );
    }
}

#[test]
fn every_operation_is_described() {
    let document = document();
    let tags: BTreeSet<&str> = document.value["tags"].as_array().into_iter().flatten().filter_map(|t| t["name"].as_str()).collect();
    let (mut wrong, mut ids) = (Vec::new(), BTreeSet::new());
    for operation in document.operations() {
        let value = &operation.value;
        let said = |member: &str| value[member].as_str().is_some_and(|s| !s.trim().is_empty());
        for member in ["summary", "description", "operationId"] {
            if !said(member) {
                wrong.push(format!("{} has no {member}", name(operation)));
            }
        }
        if value["summary"].as_str().is_some_and(|s| s.len() > 80 || s.ends_with('.')) {
            wrong.push(format!("{}: the summary is no title: {}", name(operation), value["summary"]));
        }
        if !ids.insert(value["operationId"].to_string()) {
            wrong.push(format!("{}: {} stands twice", name(operation), value["operationId"]));
        }
        let own: Vec<&str> = value["tags"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if own.is_empty() || own.iter().any(|t| !tags.contains(t)) {
            wrong.push(format!("{}: the tags {own:?} are not declared", name(operation)));
        }
        let security = value.get("security").unwrap_or(&document.value["security"]);
        if operation.roles().is_empty() || !security.is_array() {
            wrong.push(format!("{} lacks x-roles or security", name(operation)));
        }
        for parameter in value["parameters"].as_array().into_iter().flatten().map(|p| document.resolve(p)) {
            if parameter["description"].as_str().is_none_or(str::is_empty) || parameter["schema"].is_null() {
                wrong.push(format!("{}: the parameter {} is not described", name(operation), parameter["name"]));
            }
        }
        for segment in operation.path.split('/').filter_map(|s| s.strip_prefix('{')?.strip_suffix('}')) {
            if !operation.parameters("path").iter().any(|p| p["name"] == segment) {
                wrong.push(format!("{}: the path parameter {segment} is not described", name(operation)));
            }
        }
    }
    nothing(&wrong);
}

/// A schema has an example, or what it lists or chooses among has.
fn shows_example(document: &Document, schema: &Value) -> bool {
    let schema = document.resolve(schema);
    let within = schema["oneOf"].as_array().into_iter().flatten().chain(schema.pointer("/properties/items/items"));
    schema.get("example").is_some() || within.into_iter().any(|inner| document.resolve(inner).get("example").is_some())
}

#[test]
fn every_answer_is_described() {
    let document = document();
    let mut wrong = Vec::new();
    for operation in document.operations() {
        let responses = operation.value["responses"].as_object().expect("responses");
        if !responses.keys().any(|s| s.starts_with('2')) {
            wrong.push(format!("{} never succeeds", name(operation)));
        }
        for (status, response) in responses {
            let response = document.resolve(response);
            let at = format!("{} {status}", name(operation));
            if response["description"].as_str().is_none_or(str::is_empty) {
                wrong.push(format!("{at} has no description"));
            }
            let content = response["content"].as_object();
            if status.starts_with('2') {
                for (media, body) in content.into_iter().flatten().filter(|(m, _)| m.ends_with("json")) {
                    if body.get("example").is_none() && !shows_example(&document, &body["schema"]) {
                        wrong.push(format!("{at} {media} shows no example"));
                    }
                }
            } else if status == "default" || (!operation.path.starts_with("/oauth/") && !status.starts_with('3')) {
                let schema = content.and_then(|c| c.get("application/problem+json")).map(|b| &b["schema"]["$ref"]);
                if schema.is_none_or(|s| s != "#/components/schemas/Problem") {
                    wrong.push(format!("{at} is no problem"));
                }
            }
        }
        // What any request may be told.
        if !operation.path.starts_with("/oauth/") && responses.get("default").is_none_or(|r| r["$ref"] != "#/components/responses/Refused")
        {
            wrong.push(format!("{} does not say what any request may be told", name(operation)));
        }
    }
    nothing(&wrong);
}

#[test]
fn every_change_names_its_version() {
    let mut wrong = Vec::new();
    // These have no version of their own.
    let apart = ["/api/v1/me", "/sessions/", "/users/{id}/totp"];
    let steps =
        ["submit", "withdraw", "accept", "return", "reopen", "open", "close", "refresh", "approve", "reject", "send", "acknowledge"];
    let document = document();
    for operation in document.operations().iter().filter(|o| o.path.starts_with("/api/v1/")) {
        let is_step = operation.method == "POST"
            && operation.path.contains('{')
            && operation.path.rsplit('/').next().is_some_and(|s| steps.contains(&s));
        let changes = ["PATCH", "DELETE"].contains(&operation.method.as_str()) || is_step;
        if changes && !operation.if_match() && !apart.iter().any(|a| operation.path.contains(a)) {
            wrong.push(format!("{} does not take If-Match", name(operation)));
        }
        let says = |status: &str| operation.value["responses"].get(status).is_some();
        if operation.if_match() && !(says("412") && says("428")) {
            wrong.push(format!("{} does not say 412 and 428", name(operation)));
        }
        let keyed = operation.parameters("header").iter().any(|p| p["name"] == "Idempotency-Key");
        let should = operation.method == "POST" && !operation.public() && !operation.path.starts_with("/api/v1/auth/");
        if keyed != should {
            wrong.push(format!("{}: Idempotency-Key is {}", name(operation), if keyed { "not honoured" } else { "not told" }));
        }
    }
    nothing(&wrong);
}

/// Every property, however deep, of every component and of every body.
#[test]
fn every_property_is_described() {
    let document = document();
    let mut wrong = Vec::new();
    let mut look = |at: &str, schema: &Value| {
        walk(schema, &mut |v| {
            for (property, value) in v.get("properties").and_then(Value::as_object).into_iter().flatten() {
                // A property called `properties` is no schema of properties.
                if !value.is_object() {
                    continue;
                }
                let through = [value, document.resolve(value)];
                let choice = ["allOf", "oneOf", "anyOf"]
                    .iter()
                    .flat_map(|c| value[*c].as_array().into_iter().flatten())
                    .map(|s| document.resolve(s));
                if !through.into_iter().chain(choice).any(|s| s["description"].as_str().is_some_and(|d| !d.trim().is_empty())) {
                    wrong.push(format!("{at}: {property} has no description"));
                }
            }
        });
    };
    // The members of a patch are those of the form that it changes.
    let components = document.value["components"]["schemas"].as_object().expect("schemas");
    for (component, schema) in components.iter().filter(|(name, _)| !name.starts_with("Patch_")) {
        look(component, schema);
    }
    for operation in document.operations() {
        look(&name(operation), &operation.value["requestBody"]);
        look(&name(operation), &operation.value["responses"]);
    }
    nothing(&wrong);
}

#[test]
fn examples_keep_their_schemas() {
    let document = document();
    let (mut wrong, mut shown) = (Vec::new(), 0);
    let mut check = |at: String, holder: &Value, schema: &Value| {
        let one = holder.get("example").into_iter();
        let several = holder["examples"].as_object().into_iter().flatten().filter_map(|(_, e)| e.get("value"));
        let listed = holder["examples"].as_array().into_iter().flatten();
        for example in one.chain(several).chain(listed) {
            shown += 1;
            wrong.extend(document.faults(schema, example).into_iter().take(2).map(|f| format!("{at}: {f}")));
        }
    };
    for (component, schema) in document.value["components"]["schemas"].as_object().expect("schemas") {
        check(component.clone(), schema, schema);
        for (property, value) in schema["properties"].as_object().into_iter().flatten() {
            check(format!("{component}.{property}"), value, value);
        }
    }
    for operation in document.operations() {
        for parameter in operation.value["parameters"].as_array().into_iter().flatten().map(|p| document.resolve(p)) {
            check(format!("{} {}", name(operation), parameter["name"]), parameter, &parameter["schema"]);
            check(format!("{} {}", name(operation), parameter["name"]), &parameter["schema"], &parameter["schema"]);
        }
        let bodies = operation.value["responses"].as_object().into_iter().flatten().map(|(s, r)| (s.clone(), document.resolve(r)));
        for (status, body) in bodies.chain([("body".to_owned(), &operation.value["requestBody"])]) {
            for (media, content) in body["content"].as_object().into_iter().flatten().filter(|(m, _)| m.ends_with("json")) {
                check(format!("{} {status} {media}", name(operation)), content, &content["schema"]);
            }
        }
    }
    for (code, example) in document.value["components"]["examples"].as_object().expect("examples") {
        check(
            code.clone(),
            &serde_json::json!({"example": example["value"]}),
            &serde_json::json!({"$ref": "#/components/schemas/Problem"}),
        );
    }
    assert!(shown > 100, "only {shown} examples");
    nothing(&wrong);
}

/// The input form of a resource takes what its own example shows, and nothing unknown.
#[test]
fn inputs_are_closed() {
    let document = document();
    let mut wrong = Vec::new();
    for operation in document.operations() {
        for (media, content) in
            operation.value["requestBody"]["content"].as_object().into_iter().flatten().filter(|(m, _)| m.ends_with("json"))
        {
            if document.faults(&content["schema"], &serde_json::json!({"no_such_field": 1})).is_empty() {
                wrong.push(format!("{} {media} takes any field", name(operation)));
            }
        }
    }
    nothing(&wrong);
}

/// Paths that the contract fixes.
const PATHS: &[(&str, &[&str])] = &[
    (
        "GET POST",
        &[
            "/jurisdictions",
            "/plans",
            "/goals",
            "/plan-indicators",
            "/disaggregations",
            "/indicators",
            "/units",
            "/tasks",
            "/reporting-periods",
            "/users",
            "/clients",
            "/consolidated-reports",
            "/tasks/{}/updates",
        ],
    ),
    (
        "GET PATCH DELETE",
        &[
            "/jurisdictions/{}",
            "/plans/{}",
            "/goals/{}",
            "/plan-indicators/{}",
            "/disaggregations/{}",
            "/indicators/{}",
            "/units/{}",
            "/tasks/{}",
            "/reporting-periods/{}",
            "/users/{}",
            "/clients/{}",
            "/consolidated-reports/{}",
        ],
    ),
    ("GET PATCH", &["/reports/{}"]),
    (
        "GET",
        &[
            "/plans/{}/outline",
            "/plans/{}/trace/{}",
            "/plans/{}/gaps",
            "/reports",
            "/reports/{}/readiness",
            "/reports/{}/diff",
            "/reporting-periods/{}/completeness",
            "/observations",
            "/progress",
            "/completeness",
            "/me",
            "/me/sessions",
            "/audit-events",
            "/.well-known/jwks.json",
            "/.well-known/oauth-authorization-server",
            "/healthz",
            "/readyz",
            "/metrics",
            "/openapi.json",
            "/problems/{}",
            "/sdmx/v2/structure/{}/{}/{}/{}",
            "/sdmx/v2/data/{}/{}/{}/{}/{}",
            "/sdmx/v2/availability/{}/{}/{}/{}/{}/{}",
            "/sdmx/v2/schema/{}/{}/{}/{}",
            "/sdmx/2.1/data/{}/{}/{}",
            "/sdmx/2.1/{}/{}/{}/{}",
        ],
    ),
    ("PATCH", &["/reports/{}/observations"]),
    ("PUT", &["/me/password"]),
    (
        "POST",
        &[
            "/plans/{}/copy",
            "/reports/{}/submit",
            "/reports/{}/withdraw",
            "/reports/{}/return",
            "/reports/{}/accept",
            "/reports/{}/reopen",
            "/reporting-periods/{}/open",
            "/reporting-periods/{}/close",
            "/reporting-periods/{}/reopen",
            "/reporting-periods/{}/extensions",
            "/reporting-periods/{}/units",
            "/consolidated-reports/{}/refresh",
            "/consolidated-reports/{}/approve",
            "/consolidated-reports/{}/reject",
            "/consolidated-reports/{}/send",
            "/consolidated-reports/{}/acknowledge",
            "/consolidated-reports/{}/return",
            "/auth/login",
            "/auth/refresh",
            "/auth/logout",
            "/oauth/token",
            "/oauth/revoke",
            "/oauth/introspect",
        ],
    ),
];

#[test]
fn the_fixed_paths_are_there() {
    let document = document();
    let outside = ["/.well-known", "/oauth", "/healthz", "/readyz", "/metrics", "/openapi.json", "/problems", "/sdmx"];
    let mut wrong = Vec::new();
    for (methods, paths) in PATHS {
        for path in *paths {
            let path = path.replace("{}", NOBODY);
            let full = if outside.iter().any(|o| path.starts_with(o)) { path.clone() } else { format!("/api/v1{path}") };
            for method in methods.split(' ') {
                if document.find(method, &full).is_none() {
                    wrong.push(format!("no {method} {full}"));
                }
            }
        }
    }
    nothing(&wrong);
}

/// Those that the contract names: no access token is looked at there. A path that ends in `*` stands for all below it.
const NEED_NO_CALLER: [&str; 10] = [
    "/api/v1/auth/login",
    "/api/v1/auth/refresh",
    "/api/v1/auth/logout",
    "/oauth/*",
    "/.well-known/*",
    "/openapi.json",
    "/problems/*",
    "/healthz",
    "/readyz",
    "/metrics",
];

#[test]
fn what_needs_no_caller_is_what_the_contract_names() {
    let document = document();
    let listed = |path: &str| NEED_NO_CALLER.iter().any(|l| l.strip_suffix('*').map_or(*l == path, |above| path.starts_with(above)));
    let mut wrong = Vec::new();
    for operation in document.operations() {
        let needs_none = !operation.knows_callers();
        // The landing page and what leads to the documentation stand in no document, or here.
        let said = listed(&operation.path) || operation.path == "/" || operation.path.starts_with("/docs");
        if needs_none != said || (needs_none && !operation.public()) {
            wrong.push(format!("{}: {}", name(operation), operation.value["security"]));
        }
    }
    nothing(&wrong);
    for listed in NEED_NO_CALLER {
        let above = listed.trim_end_matches('*');
        assert!(document.operations().iter().any(|o| o.path.starts_with(above)), "nothing is {listed}");
    }
}

#[test]
fn the_document_says_what_it_is() {
    let document = document();
    assert!(document.value["openapi"].as_str().is_some_and(|v| v.starts_with("3.1.")), "{}", document.value["openapi"]);
    let kinds: BTreeMap<&String, &str> = document.value["components"]["securitySchemes"]
        .as_object()
        .expect("security schemes")
        .iter()
        .map(|(n, s)| (n, s["type"].as_str().unwrap_or_default()))
        .collect();
    assert!(kinds.values().any(|k| *k == "http") && kinds.values().any(|k| *k == "oauth2"), "{kinds:?}");
    for operation in document.operations() {
        let security = operation.value.get("security").unwrap_or(&document.value["security"]);
        for scheme in security.as_array().into_iter().flatten().flat_map(|s| s.as_object().into_iter().flatten()) {
            assert!(kinds.contains_key(scheme.0), "{}: no scheme {}", name(operation), scheme.0);
        }
    }
}
