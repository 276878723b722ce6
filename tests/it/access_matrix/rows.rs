//! Every operation by everybody on every row of the world.

use super::places::{self, Place, Row, calls, covers, does, name, permitted, reads};
use super::world::{HERE, Person, THERE, World};
use super::{Due, Findings, bodies};
use crate::house::contract::{Document, Operation};
use crate::house::json::text;
use crate::house::{Answer, NOBODY, PROVINCE, TestApp};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Tries them all.
pub async fn tried(world: &World, people: &[Person], findings: &mut Findings) {
    let document = world.app.document().await;
    // Lists first: later a permitted caller may add to them.
    for operation in document.operations() {
        if let Ok(Place::List(resource)) = places::place(operation) {
            listed(world, people, operation, resource, findings).await;
        }
    }
    for operation in document.operations() {
        match places::place(operation) {
            Ok(Place::Open(answer)) => open(world, people, &document, operation, answer, findings).await,
            Ok(Place::Row(resource)) => on_rows(world, people, &document, operation, resource, findings).await,
            Ok(Place::Made(answer)) => made(world, people, &document, operation, answer, findings).await,
            _ => {}
        }
    }
}

/// What is due before any row is looked at.
pub fn at_the_gate(person: &Person, operation: &Operation) -> Option<Due> {
    if !person.signed_in && !operation.public() {
        Some(Due::SignIn)
    } else if person.signed_in && !calls(&person.grants, operation) {
        Some(Due::Denied)
    } else {
        None
    }
}

/// The path of an operation on a row.
pub fn path(operation: &Operation, id: &str, session: &str) -> String {
    let code = if operation.path.starts_with("/problems/") { "access.denied" } else { "G1" };
    operation.path.replace("{id}", id).replace("{session_id}", session).replace("{code}", code).replace("{label}", "2029")
}

/// A request that changes nothing: of the right form, for a version that is long gone.
async fn ask(person: &Person, document: &Document, operation: &Operation, path: &str, body: Option<(String, Value)>) -> Answer {
    let mut call = person.by.call(&operation.method, &format!("{path}{}", bodies::query(document, operation)));
    if operation.if_match() {
        call = call.if_match("\"0\"");
    }
    if let Some((media, body)) = body {
        call = call.raw(&media, body.to_string());
    }
    call.send().await
}

async fn open(world: &World, people: &[Person], document: &Document, operation: &Operation, answer: u16, findings: &mut Findings) {
    let others = world.rows_of("users").find(|row| row.login.is_some()).expect("somebody with a session");
    let session = session(&world.app, others).await;
    let body = match bodies::least(document, operation, &json!({})) {
        Some((media, _)) if operation.public() => Some((media, json!({}))),
        body => body,
    };
    for person in people {
        let got = ask(person, document, operation, &path(operation, &session, NOBODY), body.clone()).await;
        findings.compare(&person.name, "nobody's row", &got, at_the_gate(person, operation).unwrap_or(Due::Answer(answer)));
    }
}

/// A session of somebody, begun for this.
async fn session(app: &TestApp, row: &Row) -> String {
    let (name, password) = row.login.as_ref().expect("somebody who signs in");
    let sessions = app.sign_in(name, password).await.find("/me/sessions", &[("sort", "-created_at")]).await.ok();
    text(&sessions["items"][0], "id").to_owned()
}

/// What is due to somebody on a row.
fn due(person: &Person, operation: &Operation, row: &Row) -> Due {
    if let Some(due) = at_the_gate(person, operation) {
        return due;
    }
    match (reads(&person.grants, row), does(&person.grants, operation, row)) {
        (false, _) => Due::Nothing,
        (true, false) => Due::Denied,
        (true, true) => Due::Answer(permitted(operation, row).expect("a place")),
    }
}

async fn on_rows(world: &World, people: &[Person], document: &Document, operation: &Operation, resource: &str, findings: &mut Findings) {
    let body = bodies::least(document, operation, &json!({}));
    let of_session = operation.path.contains("{session_id}");
    let rows: Vec<&Row> = world.rows_of(resource).filter(|row| resource != "users" || row.login.is_some() == of_session).collect();
    assert!(!rows.is_empty(), "the world has no {resource}");
    for (number, row) in rows.iter().enumerate() {
        if of_session {
            ending(world, people, document, operation, row, findings).await;
            continue;
        }
        // Whom the gate refuses, it refuses before any row is looked at: one row in every ward is enough to see that.
        let first = rows.iter().position(|other| other.places == row.places) == Some(number);
        let trying: Vec<&Person> = people.iter().filter(|person| first || at_the_gate(person, operation).is_none()).collect();
        let path = path(operation, &row.id, NOBODY);
        let all = trying.iter().map(|person| ask(person, document, operation, &path, body.clone()));
        for (person, got) in trying.iter().zip(join_all(all).await) {
            findings.compare(&person.name, &row.name, &got, due(person, operation, row));
            if got.status == 200 {
                offered(document, person, row, &path, &got, findings);
            }
        }
    }
}

/// What a resource offers in its `_actions` is what the caller may do.
fn offered(document: &Document, person: &Person, row: &Row, path: &str, got: &Answer, findings: &mut Findings) {
    for (action, told) in got.body["_actions"].as_object().into_iter().flatten() {
        let operation = match action.as_str() {
            "update" => document.find("PATCH", path),
            "delete" => document.find("DELETE", path),
            step => document.find("POST", &format!("{path}/{}", step.replace('_', "-"))),
        };
        let may = operation.is_none_or(|o| calls(&person.grants, o) && does(&person.grants, o, row));
        findings.expect(may || told["allowed"] == false, || format!("{}: {} offers {action} on {}", person.name, got.name, row.name));
    }
}

/// The same for a session, of which there must be another when it has ended.
async fn ending(world: &World, people: &[Person], document: &Document, operation: &Operation, row: &Row, findings: &mut Findings) {
    let mut running = session(&world.app, row).await;
    for person in people {
        let got = ask(person, document, operation, &path(operation, &row.id, &running), None).await;
        findings.compare(&person.name, &row.name, &got, due(person, operation, row));
        if got.status == 204 {
            running = session(&world.app, row).await;
        }
    }
}

async fn made(world: &World, people: &[Person], document: &Document, operation: &Operation, answer: u16, findings: &mut Findings) {
    for ward in &world.wards {
        let row = Row { places: vec![ward.code], ..Row::default() };
        for members in world.body(name(operation), ward) {
            let body = bodies::least(document, operation, &members);
            let path = path(operation, &ward.bare_plan, NOBODY);
            let all = people.iter().map(|person| ask(person, document, operation, &path, body.clone()));
            for (person, got) in people.iter().zip(join_all(all).await) {
                let due = match at_the_gate(person, operation) {
                    Some(due) => due,
                    None if does(&person.grants, operation, &row) => Due::Answer(answer),
                    None => Due::Denied,
                };
                findings.compare(&person.name, ward.code, &got, due);
            }
        }
    }
}

/// A list holds the rows that may be read and no others, as it is and for each administrative unit.
async fn listed(world: &World, people: &[Person], operation: &Operation, resource: &str, findings: &mut Findings) {
    // Where everybody reads everything there is nothing to be had by a filter.
    let below = !operation.public() && operation.parameters("query").iter().any(|p| p["name"] == "jurisdiction");
    let exact = matches!(resource, "users" | "clients");
    let mut areas = vec![None];
    areas.extend([HERE, THERE, PROVINCE, "VN"].into_iter().filter(|_| below).map(Some));
    for person in people {
        if let Some(due) = at_the_gate(person, operation) {
            let got = person.by.get(&operation.path).await;
            findings.compare(&person.name, "the list", &got, due);
            continue;
        }
        for area in &areas {
            let query: Vec<(&str, &str)> = area.iter().map(|code| ("jurisdiction", *code)).collect();
            let items = person.by.items(&operation.path, &query).await;
            let ids: BTreeSet<&str> = items.iter().map(|item| text(item, "id")).collect();
            for row in world.rows_of(resource) {
                let within = |code: &&str| row.places.iter().any(|place| if exact { place == code } else { covers(code, place) });
                let due = reads(&person.grants, row) && area.as_ref().is_none_or(within);
                findings.expect(ids.contains(row.id.as_str()) == due, || {
                    format!("{}: GET {} {query:?} {} {}", person.name, operation.path, if due { "lacks" } else { "shows" }, row.name)
                });
            }
        }
    }
}
