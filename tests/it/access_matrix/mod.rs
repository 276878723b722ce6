//! Who may do what: every operation of the document is tried by every role, at home, in another unit, in another ward and
//! from above, without a token and with one that no longer counts. An operation that is added is tried, too; what the
//! document cannot say of it must be said in `places`, or the matrix fails.

mod bodies;
mod figures;
mod places;
mod rows;
mod tokens;
mod world;

use crate::house::contract::{Document, Operation};
use crate::house::json::text;
use crate::house::{Actor, Answer, Grant, NOBODY, TestApp};
use serde_json::json;

on_both![
    every_role_may_do_what_the_document_says,
    every_row_is_for_whom_it_is,
    a_token_that_no_longer_counts_opens_nothing,
    a_bad_token_opens_nothing,
    roles_are_those_of_the_contract,
    a_disabled_account_is_out_at_once,
    a_changed_grant_holds_at_once,
    a_grant_reaches_downwards_only,
    an_administrator_gives_nothing_above_his_own_reach,
];

const ROLES: [&str; 6] = ["admin", "coordinator", "leader", "reporter", "supervisor", "province"];

/// A request that is of the right form so far as the role is looked at, and can do no harm: nothing has its ids, no version
/// is 0, and no body knows its field.
async fn probe(by: &Actor, operation: &Operation, authorization: Option<&str>) -> Answer {
    let path: Vec<&str> = operation
        .path
        .split('/')
        .map(|segment| match segment {
            "{code}" => "no.such",
            s if s.starts_with('{') => NOBODY,
            s => s,
        })
        .collect();
    let mut call = by.call(&operation.method, &path.join("/"));
    if operation.if_match() {
        call = call.if_match("\"0\"");
    }
    let media = operation.value["requestBody"]["content"].as_object().and_then(|c| c.keys().next());
    if let Some(media) = media {
        call = call.raw(media, json!({"no_such_field": 1}).to_string());
    }
    if let Some(authorization) = authorization {
        call = call.header("Authorization", authorization);
    }
    call.send().await
}

async fn people(app: &TestApp) -> Vec<(&'static str, Actor)> {
    let mut all = vec![("anonymous", app.anonymous())];
    for role in ROLES {
        let grant = match role {
            "admin" => Grant::of(role).at("VN"),
            "province" => Grant::of(role).at("24"),
            "reporter" => Grant::of(role).unit("U5"),
            "coordinator" | "leader" => Grant::of(role).restricted(),
            _ => Grant::of(role),
        };
        all.push((role, app.someone(grant).await));
    }
    all
}

/// `/oauth/*` has client authentication and errors of its own.
fn of_ours(operation: &&Operation) -> bool {
    !operation.path.starts_with("/oauth/")
}

async fn every_role_may_do_what_the_document_says(app: TestApp) {
    let document = app.document().await;
    let people = people(&app).await;
    let mut wrong = Vec::new();
    let mut tried = 0;
    for operation in document.operations().iter().filter(of_ours) {
        for (role, by) in &people {
            let answer = probe(by, operation, None).await;
            let may = operation.public() || operation.roles().contains(role);
            let expected = match (may, *role) {
                (true, _) => ![401, 403].contains(&answer.status),
                (false, "anonymous") => answer.status == 401 && text(&answer.body, "code") == "auth.required",
                (false, _) => answer.status == 403 && text(&answer.body, "code") == "access.denied",
            };
            if !expected {
                wrong.push(format!(
                    "{role}: {} {} → {} (x-roles {:?})",
                    operation.method,
                    operation.path,
                    answer.status,
                    operation.roles()
                ));
            }
            assert!(answer.status < 500, "{}", answer.excerpt());
            tried += 1;
        }
    }
    assert!(tried > 7 * 60, "only {tried} were tried");
    assert!(wrong.is_empty(), "{} of {tried}:\n{}", wrong.len(), wrong.join("\n"));
}

async fn a_bad_token_opens_nothing(app: TestApp) {
    let document = app.document().await;
    let by = app.reporter("U5").await;
    // The claims of a good token under `alg: none`; a good token with one character of its signature changed.
    let good = by.token();
    let (rest, signature) = good.rsplit_once('.').expect("a JWT");
    let claims = rest.split('.').nth(1).expect("claims");
    let flipped: String =
        signature.chars().rev().enumerate().map(|(n, c)| if n == 5 { if c == 'A' { 'B' } else { 'A' } } else { c }).collect();
    let flipped: String = flipped.chars().rev().collect();
    for token in [format!("eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.{claims}."), format!("{rest}.{flipped}"), "nonsense".to_owned()] {
        for operation in document.operations().iter().filter(|o| o.knows_callers() && o.path.starts_with("/api/v1/")).step_by(7) {
            let answer = probe(&app.anonymous(), operation, Some(&format!("Bearer {token}"))).await;
            answer.problem(401, "token.invalid");
            assert!(answer.header("www-authenticate").contains("error=\"invalid_token\""), "{}", answer.header("www-authenticate"));
        }
    }
}

async fn roles_are_those_of_the_contract(app: TestApp) {
    let document = app.document().await;
    let of = |method: &str, path: &str| {
        let operation = document.find(method, &format!("/api/v1{path}")).unwrap_or_else(|| panic!("no {method} {path}"));
        operation.roles().iter().map(|r| (*r).to_owned()).collect::<Vec<_>>()
    };
    let id = NOBODY;
    for room in ["plans", "goals", "plan-indicators", "disaggregations", "indicators", "units", "tasks", "jurisdictions"] {
        let writer = if room == "jurisdictions" { "admin" } else { "coordinator" };
        assert!(of("GET", &format!("/{room}")).contains(&"anonymous".to_owned()), "{room} is public");
        assert!(of("GET", &format!("/{room}/{id}")).contains(&"anonymous".to_owned()), "{room} is public");
        assert_eq!(of("POST", &format!("/{room}")), [writer]);
        for method in ["PATCH", "DELETE"] {
            assert_eq!(of(method, &format!("/{room}/{id}")), [writer], "{method} {room}");
        }
    }
    for (steps, resource, role) in [
        (&["submit", "withdraw"][..], "reports", "reporter"),
        (&["accept", "return", "reopen"], "reports", "coordinator"),
        (&["open", "close", "reopen"], "reporting-periods", "coordinator"),
        (&["approve", "reject"], "consolidated-reports", "leader"),
        (&["send", "refresh"], "consolidated-reports", "coordinator"),
        (&["acknowledge", "return"], "consolidated-reports", "province"),
    ] {
        for step in steps {
            assert_eq!(of("POST", &format!("/{resource}/{id}/{step}")), [role], "{resource} {step}");
        }
    }
    for (method, path) in [("GET", "/users"), ("POST", "/users"), ("GET", "/clients"), ("POST", "/clients"), ("GET", "/audit-events")] {
        assert_eq!(of(method, path), ["admin"], "{method} {path}");
    }
    for operation in document.operations() {
        for role in operation.roles() {
            assert!(role == "anonymous" || ROLES.contains(&role), "{} {}: {role}", operation.method, operation.path);
        }
    }
}

async fn user_path(by: &Actor) -> String {
    format!("/users/{}", text(&by.get("/me").await.ok(), "id"))
}

async fn a_disabled_account_is_out_at_once(app: TestApp) {
    let (admin, u5) = (app.admin().await, app.reporter("U5").await);
    let path = user_path(&u5).await;
    admin.patch(&path, &json!({"active": false})).await.with_status(200);
    u5.get("/me").await.problem(401, "token.invalid");
    let session = u5.session();
    let login = json!({"username": session.username, "password": session.password});
    app.anonymous().post("/auth/login", &login).await.problem(401, "login.failed");
    app.anonymous().post("/auth/refresh", &json!({"refresh_token": text(&session.answer, "refresh_token")})).await.refused(401);
    admin.patch(&path, &json!({"active": true})).await.with_status(200);
    app.anonymous().post("/auth/login", &login).await.ok();
    // Signing out ends the session at once, too.
    let again = app.again(&u5).await;
    again.get("/me").await.ok();
    again.post("/auth/logout", &json!({"refresh_token": text(&again.session().answer, "refresh_token")})).await.with_status(204);
    again.get("/me").await.problem(401, "token.invalid");
}

async fn a_changed_grant_holds_at_once(app: TestApp) {
    let (admin, person) = (app.admin().await, app.someone(Grant::of("supervisor").another(1)).await);
    let path = user_path(&person).await;
    person.get("/reports").await.with_status(200);
    admin.patch(&path, &json!({"grants": [{"role": "coordinator", "jurisdiction": "09385"}]})).await.with_status(200);
    let person = if person.get("/me").await.status == 200 { person } else { app.again(&person).await };
    person.post("/goals", &json!({"no_such_field": 1})).await.refused(422);
    admin.patch(&path, &json!({"grants": [{"role": "admin", "jurisdiction": "09385"}]})).await.with_status(200);
    let answer = person.post("/goals", &json!({"no_such_field": 1})).await;
    assert!([401, 403].contains(&answer.status), "{}", answer.excerpt());
}

async fn a_grant_reaches_downwards_only(app: TestApp) {
    let admin = app.admin().await;
    let ward = json!({"code": "98004", "name": {"vi": "Phường khác", "en": null}, "level": "commune", "kind": "ward", "parent": "24"});
    admin.post("/jurisdictions", &ward).await.with_status(201);
    let unit = |jurisdiction: &str| {
        json!({"jurisdiction": jurisdiction, "code": format!("U{}", crate::house::json::mark()), "kind": "school", "name": {"vi": "Trường", "en": null},
            "is_group": false, "reports": true, "active": true})
    };
    let own = app.coordinator().await;
    own.post("/units", &unit("09385")).await.with_status(201);
    own.post("/units", &unit("98004")).await.problem(403, "access.denied");
    let user = |jurisdiction: &str| {
        let name = format!("u-{}", crate::house::json::mark().to_lowercase());
        json!({"username": name, "display_name": "Ai đó", "grants": [{"role": "supervisor", "jurisdiction": jurisdiction}]})
    };
    let (ward, province) = (app.someone(Grant::of("admin")).await, app.someone(Grant::of("admin").at("24")).await);
    ward.post("/users", &user("98004")).await.problem(403, "access.denied");
    for jurisdiction in ["09385", "98004"] {
        province.post("/users", &user(jurisdiction)).await.with_status(201);
    }
    // A coordinator keeps the plan of his own level: one of the province has no say in a ward.
    let above = app.someone(Grant::of("coordinator").at("24")).await;
    above.post("/units", &unit("24")).await.with_status(201);
    for jurisdiction in ["09385", "98004"] {
        above.post("/units", &unit(jurisdiction)).await.problem(403, "access.denied");
    }
}

async fn an_administrator_gives_nothing_above_his_own_reach(app: TestApp) {
    let own = app.someone(Grant::of("admin")).await;
    let user = |jurisdiction: &str| {
        let name = format!("u-{}", crate::house::json::mark().to_lowercase());
        json!({"username": name, "display_name": "Người dùng", "grants": [{"role": "supervisor", "jurisdiction": jurisdiction}]})
    };
    let made = own.post("/users", &user("09385")).await.with_status(201);
    assert!(text(&made, "one_time_password").len() >= 12);
    for above in ["24", "VN"] {
        own.post("/users", &user(above)).await.problem(403, "access.denied");
    }
    let path = format!("/users/{}", text(&made, "id"));
    own.patch(&path, &json!({"grants": [{"role": "admin", "jurisdiction": "VN"}]})).await.problem(403, "access.denied");
}

/// What was tried, and what went otherwise than it should.
#[derive(Default)]
struct Findings {
    tried: usize,
    wrong: Vec<String>,
}

impl Findings {
    /// Compares an answer with what is due.
    fn compare(&mut self, whom: &str, what: &str, answer: &Answer, due: Due) {
        self.tried += 1;
        let code = answer.body["code"].as_str().unwrap_or_default();
        let fits = match due {
            Due::SignIn => (answer.status, code) == (401, "auth.required"),
            Due::Denied => (answer.status, code) == (403, "access.denied"),
            Due::Nothing => (answer.status, code) == (404, "resource.not_found"),
            Due::Answer(status) => answer.status == status,
        };
        if !fits {
            self.wrong.push(format!("{whom}: {} on {what} → {} {code}, not {due:?}", answer.name, answer.status));
        }
    }

    /// Says what is wrong about anything else.
    fn expect(&mut self, fits: bool, told: impl FnOnce() -> String) {
        self.tried += 1;
        if !fits {
            self.wrong.push(told());
        }
    }

    fn none(self, least: usize) {
        let Self { tried, wrong } = self;
        let shown = &wrong[..wrong.len().min(60)];
        assert!(wrong.is_empty(), "{} of {tried}:\n{}", wrong.len(), shown.join("\n"));
        assert!(tried >= least, "only {tried} were tried");
    }
}

/// What is due to a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Due {
    /// 401: he must sign in.
    SignIn,
    /// 403: neither his role nor his right here does it.
    Denied,
    /// 404: he may not even know of it.
    Nothing,
    /// What anybody who may gets.
    Answer(u16),
}

async fn every_row_is_for_whom_it_is(app: TestApp) {
    let document = app.document().await;
    let gaps = places::gaps(&document);
    assert!(gaps.is_empty(), "{}", gaps.join("\n"));
    let world = world::World::of(&app).await;
    let people = world.people().await;
    let mut findings = Findings::default();
    figures::tried(&world, &people, &mut findings).await;
    rows::tried(&world, &people, &mut findings).await;
    findings.none(9000);
}

async fn a_token_that_no_longer_counts_opens_nothing(app: TestApp) {
    let mut findings = Findings::default();
    tokens::tried(&app, &mut findings).await;
    tokens::with_one_time_password(&app, &mut findings).await;
    findings.none(3000);
}

#[test]
fn an_operation_without_roles_or_place_fails_the_matrix() {
    let gaps = |path: &str, method: &str, operation: serde_json::Value| {
        let document = Document::new(json!({"paths": {path: {method: operation}}}));
        let own: Vec<String> = document.operations().iter().filter_map(|o| places::place(o).err()).collect();
        assert!(own.iter().all(|gap| places::gaps(&document).contains(gap)));
        own.join("\n")
    };
    let admin = json!(["admin"]);
    assert!(gaps("/api/v1/goals/{id}", "get", json!({"operationId": "find_goal"})).contains("find_goal) has no x-roles"));
    assert!(gaps("/api/v1/goals/{id}", "get", json!({"operationId": "find_goal", "x-roles": []})).contains("has no x-roles"));
    assert_eq!(gaps("/api/v1/goals/{id}", "get", json!({"operationId": "find_goal", "x-roles": admin})), "");
    for (path, method, table) in [
        ("/api/v1/secrets", "get", "`RESOURCES`"),
        ("/api/v1/secrets/{id}", "get", "`RESOURCES`"),
        ("/api/v1/goals/{id}/praise", "post", "`answer_of`"),
        ("/api/v1/reports", "post", "`MAKING`"),
        ("/api/v1/reports/all", "get", "`OTHERS`"),
        ("/secrets", "get", "`OTHERS`"),
    ] {
        let told = gaps(path, method, json!({"operationId": "made_up", "x-roles": admin}));
        assert!(told.contains("made_up) has no place") && told.contains(table), "{path}: {told}");
    }
}
