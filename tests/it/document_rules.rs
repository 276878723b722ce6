//! What generators of clients and readers of the document need of it, each rule by itself.

use crate::house::contract::{Document, Operation};
use crate::house::json::walk;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

fn document() -> Document {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi/openapi.json");
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{path}: {e}"));
    Document::new(serde_json::from_str(&text).expect("JSON"))
}

#[track_caller]
fn nothing(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.iter().take(40).cloned().collect::<Vec<_>>().join("\n"));
}

fn name(operation: &Operation) -> String {
    format!("{} {}", operation.method, operation.path)
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn components<'a>(document: &'a Document, kind: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    members(&document.value["components"][kind])
}

fn codes() -> Vec<(String, u64)> {
    let source = include_str!("../../src/problem/codes.rs");
    let of = |line: &str| {
        let (_, rest) = line.split_once(" = \"")?;
        let (code, rest) = rest.split_once("\" => ")?;
        Some((code.to_owned(), rest.split(',').next()?.parse().ok()?))
    };
    source.lines().filter_map(of).collect()
}

/// So that a person can read it and a tool can hold it.
#[test]
fn an_operation_stays_small() {
    let document = document();
    let (bytes, operations) = (document.value.to_string().len(), document.operations().len());
    assert!(bytes <= 4500 * operations, "{} bytes an operation", bytes / operations);
}

#[test]
fn components_have_short_plain_names_and_are_used() {
    let document = document();
    let text = document.value.to_string();
    let mut wrong = Vec::new();
    for (kind, all) in members(&document.value["components"]).filter(|(kind, _)| *kind != "securitySchemes") {
        for (component, _) in members(all) {
            let plain = component.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
            if component.len() > 60 || !plain {
                wrong.push(format!("{kind} {component}: no name for a type"));
            }
            if !text.contains(&format!("\"#/components/{kind}/{component}\"")) {
                wrong.push(format!("{kind} {component}: nothing refers to it"));
            }
        }
    }
    nothing(&wrong);
}

/// A code is an example of its own, or is told among the faults of one, and stands at an answer of the same status.
#[test]
fn every_problem_code_has_an_example() {
    let document = document();
    let examples: Vec<&Value> = components(&document, "examples").map(|(_, e)| &e["value"]).collect();
    let faults: BTreeSet<&str> =
        examples.iter().flat_map(|e| e["errors"].as_array().into_iter().flatten()).filter_map(|f| f["code"].as_str()).collect();
    let known = codes();
    assert!(known.len() > 100, "{known:?}");
    // What an import tells of its rows and its end is in no problem, but in its own answer.
    let of_imports = |code: &str| code == "number.ambiguous" || code == "import.interrupted";
    let told = |code: &str| of_imports(code) && document.value.to_string().contains(&format!("\"code\":\"{code}\""));
    let missing =
        |(code, _): &&(String, u64)| !examples.iter().any(|e| e["code"] == **code) && !faults.contains(code.as_str()) && !told(code);
    nothing(&known.iter().filter(missing).map(|(code, _)| format!("{code} has no example")).collect::<Vec<_>>());
    let statuses: BTreeMap<&str, u64> = known.iter().map(|(code, status)| (code.as_str(), *status)).collect();
    let mut wrong = Vec::new();
    for operation in document.operations() {
        for (status, response) in members(&operation.value["responses"]) {
            let response = document.resolve(response);
            for (key, example) in members(&response["content"]["application/problem+json"]["examples"]) {
                let at = format!("{} {status} {key}", name(operation));
                let value = &document.resolve(example)["value"];
                let code = value["code"].as_str().unwrap_or_default();
                // Met in a query, a fault of a body is a 400.
                let real = [Some(&value["status"]), None].contains(&statuses.get(code).map(|s| Value::from(*s)).as_ref())
                    || (value["status"] == 400 && statuses.get(code) == Some(&422));
                if example.get("$ref").is_none() || !real || value["type"] != format!("/problems/{code}") {
                    wrong.push(format!("{at}: {value}"));
                }
                if status != "default" && value["status"].as_u64() != status.parse().ok() {
                    wrong.push(format!("{at}: the example says {}", value["status"]));
                }
            }
            let refused = status == "default" || status.starts_with(['4', '5']);
            if refused && response["content"]["application/problem+json"]["examples"].is_null() && !operation.path.starts_with("/oauth/") {
                wrong.push(format!("{} {status} shows no problem", name(operation)));
            }
        }
    }
    nothing(&wrong);
}

#[test]
fn problems_are_typed() {
    let document = document();
    let schema = &document.value["components"]["schemas"]["Problem"]["properties"];
    for member in ["current", "allowed", "errors"] {
        assert!(schema[member]["type"].is_string(), "{member}: {}", schema[member]);
    }
    let code = document.resolve(&schema["code"]);
    let known: BTreeSet<&str> = code["anyOf"][0]["enum"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let table = codes();
    assert_eq!(known, table.iter().map(|(code, _)| code.as_str()).collect());
    assert_eq!(code["anyOf"][1], serde_json::json!({"type": "string"}), "another code must be no error");
    let content = document.value.pointer("/components/schemas/ConsolidatedOut/properties/content").expect("content");
    assert!(content.to_string().contains("#/components/schemas/ConsolidatedContent"), "{content}");
}

/// Each step of a life shows the state that it leads to.
#[test]
fn steps_show_the_state_after_them() {
    let document = document();
    let mut wrong = Vec::new();
    for (id, state) in [
        ("submit_report", "submitted"),
        ("withdraw_report", "draft"),
        ("accept_report", "accepted"),
        ("return_report", "returned"),
        ("reopen_report", "returned"),
        ("open_reporting_period", "open"),
        ("close_reporting_period", "closed"),
        ("reopen_reporting_period", "open"),
        ("refresh_consolidated_report", "draft"),
        ("approve_consolidated_report", "approved"),
        ("reject_consolidated_report", "draft"),
        ("send_consolidated_report", "sent"),
        ("acknowledge_consolidated_report", "acknowledged"),
        ("return_consolidated_report", "returned"),
    ] {
        let operation = document.operations().iter().find(|o| o.value["operationId"] == id).unwrap_or_else(|| panic!("no {id}"));
        let shown = &operation.value["responses"]["200"]["content"]["application/json"]["example"];
        let last = shown["history"].as_array().and_then(|all| all.last());
        if shown["status"] != state || last.is_some_and(|event| event["status"] != state) {
            wrong.push(format!("{id} shows {} {last:?}", shown["status"]));
        }
    }
    nothing(&wrong);
}

#[test]
fn pages_and_queries_refer_to_components() {
    let document = document();
    let mut wrong = Vec::new();
    for (page, schema) in components(&document, "schemas").filter(|(name, _)| name.starts_with("Page_")) {
        if !schema.pointer("/properties/items/items").is_some_and(|items| items["$ref"].is_string()) {
            wrong.push(format!("{page} describes its items itself"));
        }
    }
    for operation in document.operations() {
        for parameter in operation.parameters("query") {
            if parameter["schema"].get("enum").is_some() {
                wrong.push(format!("{} lists the values of {} itself", name(operation), parameter["name"]));
            }
        }
    }
    nothing(&wrong);
    let of = |name: &str| document.value["components"]["schemas"][name]["properties"].as_object().unwrap_or_else(|| panic!("no {name}"));
    assert!(of("Report").contains_key("observations") && !of("ReportSummary").contains_key("observations"));
    let required = document.value["components"]["schemas"]["Report"]["required"].as_array().expect("required");
    assert!(required.iter().any(|r| r == "observations"), "{required:?}");
}

/// `id` and what ends in `_id` are UUIDs, but for the names that others choose.
#[test]
fn ids_are_uuids() {
    let document = document();
    // What an event is about may be a signing key, whose id is its thumbprint (RFC 7638).
    let chosen = ["client_id", "request_id", "resource_id"];
    let mut wrong = Vec::new();
    for (component, schema) in components(&document, "schemas") {
        for (member, value) in members(&schema["properties"]) {
            let is_id = (member == "id" || member.ends_with("_id")) && !chosen.contains(&member.as_str());
            if is_id && document.resolve(value)["format"] != "uuid" {
                wrong.push(format!("{component}.{member}: {value}"));
            }
        }
    }
    nothing(&wrong);
}

#[test]
fn nothing_is_said_beside_a_reference_among_alternatives() {
    let document = document();
    let mut wrong = Vec::new();
    walk(&document.value, &mut |value| {
        for way in ["oneOf", "anyOf"].iter().flat_map(|choice| value[*choice].as_array().into_iter().flatten()) {
            if way.get("$ref").is_some() && way.as_object().is_some_and(|members| members.len() > 1) {
                wrong.push(way.to_string());
            }
        }
    });
    nothing(&wrong);
}

#[test]
fn bodies_have_one_media_type_and_headers_no_null() {
    let document = document();
    let mut wrong = Vec::new();
    for operation in document.operations() {
        let media: Vec<&String> = members(&operation.value["requestBody"]["content"]).map(|(media, _)| media).collect();
        let wanted = if operation.method == "PATCH" && !operation.path.ends_with("/observations") {
            Some("application/merge-patch+json")
        } else {
            media.first().map(|m| m.as_str())
        };
        // A file that is read piece by piece may be of several kinds.
        let file = operation.value["x-max-body-bytes"].is_number();
        if (media.len() > 1 && !file) || media.first().map(|m| m.as_str()) != wanted {
            wrong.push(format!("{} takes {media:?}", name(operation)));
        }
        for place in ["header", "query", "path"] {
            for parameter in operation.parameters(place) {
                if parameter["schema"].to_string().contains("\"null\"") {
                    wrong.push(format!("{}: {} may be null", name(operation), parameter["name"]));
                }
                let named = parameter["name"].as_str().unwrap_or_default();
                if named.contains(['<', '{', ' ']) {
                    wrong.push(format!("{}: no client can send {named}", name(operation)));
                }
                // Who tries an operation out would send it without having meant it.
                if parameter["required"] != true && parameter.get("example").is_some() && parameter["schema"]["type"] != "object" {
                    wrong.push(format!("{}: {named} is filled in beforehand", name(operation)));
                }
            }
        }
    }
    nothing(&wrong);
}

#[test]
fn what_is_kept_can_be_asked_for_again() {
    let document = document();
    let mut wrong = Vec::new();
    for operation in document.operations() {
        let takes = |header: &str| operation.parameters("header").iter().any(|p| p["name"] == header);
        let tagged = members(&operation.value["responses"]).any(|(s, r)| s.starts_with('2') && r["headers"].get("ETag").is_some());
        let not_modified = operation.value["responses"].get("304").is_some();
        let asks = operation.method == "GET" && tagged;
        if asks != takes("If-None-Match") || asks != not_modified {
            wrong.push(format!("{}: ETag {tagged}, 304 {not_modified}", name(operation)));
        }
        if !takes("Accept-Language") && !operation.path.starts_with("/oauth/") {
            wrong.push(format!("{} does not say in which languages it answers", name(operation)));
        }
    }
    assert!(document.operations().iter().filter(|o| o.value["responses"].get("304").is_some()).count() > 10);
    nothing(&wrong);
}

/// People read who may call it; what needs no caller says so.
#[test]
fn descriptions_name_the_roles() {
    let document = document();
    let mut wrong = Vec::new();
    for operation in document.operations() {
        let said = operation.value["description"].as_str().unwrap_or_default();
        let (told, public) = (said.rsplit("\n\n").next().unwrap_or_default(), operation.public());
        let fits = match (public, operation.knows_callers()) {
            (true, false) => told.starts_with("Anybody; no access token"),
            (true, true) => told == "Anybody.",
            (false, _) => told.starts_with("Roles: ") && operation.roles().iter().all(|role| told.contains(&format!("`{role}`"))),
        };
        if !fits {
            wrong.push(format!("{}: {told}", name(operation)));
        }
    }
    nothing(&wrong);
    let about = document.value["info"]["description"].as_str().expect("a description");
    for chapter in ["## Signing in", "## Paging", "## Changing", "## Errors"] {
        assert!(about.contains(chapter), "nothing about {chapter}");
    }
}

/// From what was created to what can be done with it.
#[test]
fn creations_link_to_what_they_made() {
    let document = document();
    let mut wrong = Vec::new();
    for operation in document.operations().iter().filter(|o| o.method == "POST") {
        let created = &operation.value["responses"]["201"];
        let below = format!("{}/{{id}}", operation.path);
        let linked: BTreeSet<&String> = members(&created["links"]).map(|(id, _)| id).collect();
        for target in document.operations().iter().filter(|o| o.path == below && ["GET", "PATCH", "DELETE"].contains(&o.method.as_str())) {
            let id = target.value["operationId"].as_str().unwrap_or_default();
            if !created.is_null() && !linked.contains(&id.to_owned()) {
                wrong.push(format!("{} does not lead to {id}", name(operation)));
            }
        }
        for (id, link) in members(&created["links"]) {
            let link = document.resolve(link);
            let target = document.operations().iter().find(|o| o.value["operationId"] == link["operationId"]);
            let takes = |name: &str| target.is_some_and(|o| o.value["parameters"].to_string().contains(&format!("\"name\":\"{name}\"")));
            if link["operationId"] != **id || !members(&link["parameters"]).all(|(name, _)| takes(name)) {
                wrong.push(format!("{}: {link}", name(operation)));
            }
        }
    }
    assert!(components(&document, "links").count() > 20);
    nothing(&wrong);
}
