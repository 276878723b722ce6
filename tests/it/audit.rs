//! The audit trail from outside: what it tells, to whom, and that nobody changes it unseen.

use crate::house::json::{list, text};
use crate::house::steps::{Period, Report, cell};
use crate::house::{Actor, Grant, NOBODY, PLAN, TestApp, WARD};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use serde_json::{Value, json};

on_both![
    a_change_tells_who_what_and_why,
    the_trail_is_for_administrators_within_their_reach,
    signing_in_and_failing_to_is_told,
    an_exact_reading_is_told_once_a_request,
    a_purpose_has_an_end,
    what_cannot_be_recorded_is_not_shown,
    many_writers_leave_one_chain,
    nobody_may_change_the_trail,
    verify_finds_what_was_changed,
    verify_finds_a_last_row_cut_off,
    the_doctor_looks_at_the_trail_as_well,
];

async fn events(app: &TestApp, query: &[(&str, &str)]) -> Vec<Value> {
    app.admin().await.items("/audit-events", query).await
}

/// Rights over the database that the service itself does not have.
fn tamper(app: &TestApp, statements: &str) -> Result<(), diesel::result::Error> {
    match app.database_url() {
        Some(url) => {
            let mut c = PgConnection::establish(&url).expect("PostgreSQL");
            // Neither triggers nor references hold a superuser who wants to.
            c.batch_execute(&format!("SET session_replication_role = replica; {statements}"))
        }
        None => {
            let file = app.data().join("binhdang.sqlite3");
            let mut c = SqliteConnection::establish(&file.to_string_lossy()).expect("SQLite");
            let kinds =
                ["audit_events_never_updated", "audit_events_never_deleted", "audit_chain_never_updated", "audit_chain_never_deleted"];
            let free: String = kinds.map(|name| format!("DROP TRIGGER IF EXISTS {name};")).concat();
            c.batch_execute(&format!("PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = OFF; {free} {statements}"))
        }
    }
}

/// What `audit verify` finds wrong; nothing if it is content.
fn wrong(app: &TestApp) -> Option<String> {
    let output = app.try_cli(&["audit", "verify"], "");
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.success(), told.starts_with("ok "), "{told}{}", String::from_utf8_lossy(&output.stderr));
    (!output.status.success()).then_some(told)
}

/// An event's place in the chain.
fn place(event: &Value) -> i64 {
    event["sequence"].as_i64().unwrap_or_else(|| panic!("no place in the chain: {event}"))
}

/// A stopped server whose trail is linked to the end.
async fn stopped(app: &TestApp) -> i64 {
    let last = app.admin().await.find("/audit-events", &[("sort", "-sequence"), ("limit", "1")]).await.ok();
    app.kill_hard();
    place(&list(&last, "items")[0])
}

async fn a_change_tells_who_what_and_why(app: TestApp) {
    let goal = app.coordinator().await.by_code("/goals", "G3").await;
    let path = format!("/goals/{}", text(&goal, "id"));
    let etag = app.coordinator().await.etag(&path).await;
    let changed = app.coordinator().await.call("PATCH", &path).if_match(&etag).header("X-Request-Id", "kiem-toan-0001");
    changed.json(&json!({"letter": "x"})).send().await.with_status(200);
    let found = events(&app, &[("request_id", "kiem-toan-0001")]).await;
    assert_eq!(found.len(), 1, "{found:?}");
    let event = &found[0];
    assert_eq!((text(event, "action"), text(event, "resource"), text(event, "resource_id")), ("goal.updated", "goal", text(&goal, "id")));
    assert_eq!(text(event, "jurisdiction"), WARD);
    assert_eq!((event["before"]["letter"].clone(), event["after"]["letter"].clone()), (goal["letter"].clone(), json!("x")));
    assert_eq!((text(&event["actor"], "kind"), text(event, "address")), ("user", "127.0.0.1"));
    let report = Report::in_status(&app, "submitted").await;
    report.send_back("Thiếu số liệu").await;
    let id = report.path.rsplit('/').next().expect("an id");
    let of_report = events(&app, &[("resource", "report"), ("resource_id", id)]).await;
    let actions: Vec<&str> = of_report.iter().map(|e| text(e, "action")).collect();
    assert_eq!(actions, ["report.created", "report.updated", "report.submitted", "report.returned"]);
    assert_eq!(of_report[3]["reason"], "Thiếu số liệu");
    let actor = text(&of_report[3]["actor"], "id");
    let his = events(&app, &[("actor", actor), ("action", "report.returned")]).await;
    assert_eq!(his, [of_report[3].clone()]);
    let before = text(&of_report[3], "at");
    assert!(events(&app, &[("to", before), ("resource_id", id)]).await.len() < 4);
    assert!(events(&app, &[("from", before), ("resource_id", id)]).await.contains(&of_report[3]));
    let admin = app.admin().await;
    admin.find("/audit-events", &[("actor", "nobody-of-this-name")]).await.problem(400, "reference.unknown");
    admin.find("/audit-events", &[("jurisdiction", "99999")]).await.problem(400, "reference.unknown");
    admin.find("/audit-events", &[("sort", "action")]).await.problem(400, "query.invalid");
    assert!(events(&app, &[("actor", NOBODY)]).await.is_empty());
}

async fn the_trail_is_for_administrators_within_their_reach(app: TestApp) {
    app.coordinator().await.get("/audit-events").await.refused(403);
    app.anonymous().get("/audit-events").await.refused(401);
    let ward = app.someone(Grant::of("admin")).await;
    let seen = ward.items("/audit-events", &[]).await;
    assert!(!seen.is_empty() && seen.iter().all(|e| e["jurisdiction"] == WARD), "{seen:?}");
    let all = events(&app, &[]).await;
    assert!(all.len() > seen.len());
    let places: Vec<i64> = all.iter().map(place).collect();
    assert_eq!(places, (1..).take(places.len()).collect::<Vec<i64>>(), "gaps");
    assert!(ward.items("/audit-events", &[("jurisdiction", "VN")]).await.len() >= seen.len());
}

async fn signing_in_and_failing_to_is_told(app: TestApp) {
    let person = app.someone(Grant::of("supervisor").another(7)).await;
    let wrong = json!({"username": person.session().username, "password": "Wrong-Horse-Battery-9"});
    app.anonymous().post("/auth/login", &wrong).await.problem(401, "login.failed");
    let me = person.get("/me").await.ok();
    let began = events(&app, &[("actor", text(&me, "id")), ("action", "session.started")]).await;
    assert_eq!(began.len(), 1);
    let failed = events(&app, &[("action", "login.failed"), ("resource_id", text(&me, "id"))]).await;
    assert_eq!(failed.len(), 1);
    assert_eq!((failed[0]["actor"]["id"].clone(), text(&failed[0]["actor"], "kind")), (Value::Null, "anonymous"));
    assert!(!failed[0].to_string().contains("Wrong-Horse"));
    // Who has only signed in has done nothing that the record must keep.
    app.admin().await.delete(&format!("/users/{}", text(&me, "id"))).await.with_status(204);
}

/// A report of the health station on maternal deaths, submitted.
async fn restricted(app: &TestApp) -> (Period, Report) {
    let period = Period::ad_hoc(app, &["U5"], &["4.2"]).await;
    let report = period.report("U5").await;
    report.submit(&[cell("4.2", 1, 400)]).await;
    (period, report)
}

async fn readings(app: &TestApp) -> Vec<Value> {
    events(app, &[("action", "restricted.read")]).await
}

async fn a_purpose_has_an_end(app: TestApp) {
    let coordinator = app.coordinator().await;
    let with = async |path: &str, length: usize| coordinator.call("GET", path).header("X-Purpose", &"ữ".repeat(length)).send().await;
    with("/observations", 500).await.ok();
    with("/observations", 501).await.problem(400, "header.invalid");
    // Where nothing restricted can be read nobody asks why.
    with("/plans", 501).await.ok();
}

/// A purpose can be said wherever an answer may hold restricted figures.
#[test]
fn every_answer_with_figures_takes_a_purpose() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi/openapi.json")).expect("the document");
    let document = crate::house::contract::Document::new(serde_json::from_str(&text).expect("JSON"));
    let figures = [
        "Report",
        "ReportDiff",
        "ConsolidatedOut",
        "ConsolidatedDiff",
        "InquiryAnswers",
        "ObservationOut",
        "Progress",
        "ProjectionOut",
        "ReportForm",
    ]
    .map(|n| format!("#/components/schemas/{n}"));
    for operation in document.operations() {
        let mut shows = false;
        for (_, answer) in operation.value["responses"].as_object().expect("answers").iter().filter(|(s, _)| s.starts_with('2')) {
            crate::house::json::walk(answer, &mut |v| shows |= v["$ref"].as_str().is_some_and(|r| figures.iter().any(|f| f == r)));
            let page = answer.pointer("/content/application~1json/schema/$ref").and_then(Value::as_str).unwrap_or_default();
            shows |= ["Page_ConsolidatedOut", "Page_ObservationOut"].iter().any(|p| page.ends_with(p));
        }
        let takes = operation.parameters("header").iter().any(|p| p["name"] == "X-Purpose");
        assert_eq!(takes, shows, "{} {}", operation.method, operation.path);
    }
}

async fn read(by: &Actor, path: &str, purpose: &str) {
    by.call("GET", path).header("X-Purpose", purpose).send().await.with_status(200);
}

async fn an_exact_reading_is_told_once_a_request(app: TestApp) {
    let (period, report) = restricted(&app).await;
    let unit = report.reporter().await;
    unit.get(&report.path).await.ok();
    app.supervisor().await.get(&report.path).await.ok();
    assert!(readings(&app).await.is_empty(), "the unit reads its own, the supervisor reads nothing");
    read(&app.coordinator().await, &report.path, "Kiểm tra trước khi tiếp nhận").await;
    let told = readings(&app).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!((text(&told[0], "resource"), text(&told[0], "jurisdiction")), ("report", WARD));
    assert!(report.path.ends_with(text(&told[0], "resource_id")));
    assert_eq!(told[0]["purpose"], "Kiểm tra trước khi tiếp nhận");
    assert_eq!(told[0]["after"]["indicators"], json!(["4.2"]));
    // The step answers with the figures: that is a reading too, beside the step itself.
    report.accept().await;
    assert_eq!(readings(&app).await.len(), 3, "the ETag was read, and the report accepted");
    for path in ["/observations?indicator=4.2", "/observations?indicator=4.2"] {
        let before = readings(&app).await.len();
        read(&app.coordinator().await, path, "Đối chiếu").await;
        assert_eq!(readings(&app).await.len(), before + 1, "{path}, also when the answer was kept");
    }
    let last = readings(&app).await.pop().expect("an event");
    assert_eq!((text(&last, "resource"), text(&last["after"], "query")), ("observation", "indicator=4.2"));
    let consolidated = period.consolidate().await;
    let before = readings(&app).await.len();
    consolidated.read().await;
    app.supervisor().await.get(&consolidated.path).await.ok();
    let after = readings(&app).await;
    assert_eq!(after.len(), before + 1);
    assert_eq!(text(&after[before], "resource"), "consolidated_report");
    app.anonymous().find("/progress", &[("plan", PLAN), ("period", "2026")]).await.ok();
    assert_eq!(readings(&app).await.len(), before + 1);
    assert_eq!(wrong(&app), None);
}

async fn what_cannot_be_recorded_is_not_shown(app: TestApp) {
    let (_, report) = restricted(&app).await;
    let coordinator = app.coordinator().await;
    coordinator.get(&report.path).await.ok();
    match app.backend() {
        crate::house::Backend::Sqlite => tamper(
            &app,
            "CREATE TRIGGER full_disk BEFORE INSERT ON audit_events WHEN NEW.action = 'restricted.read' BEGIN SELECT RAISE(ABORT, 'full'); END;",
        ),
        crate::house::Backend::Postgres => {
            tamper(&app, "ALTER TABLE audit_events ADD CONSTRAINT full_disk CHECK (action <> 'restricted.read') NOT VALID")
        }
    }
    .expect("a trail that takes no more");
    let refused = coordinator.get(&report.path).await;
    refused.problem(503, "audit.unavailable");
    assert!(!refused.header("retry-after").is_empty());
    report.reporter().await.get(&report.path).await.ok();
}

async fn many_writers_leave_one_chain(app: TestApp) {
    let goal = app.coordinator().await.by_code("/goals", "G1").await;
    let writers: Vec<_> = (0..8)
        .map(|n| {
            let (app, plan) = (app.clone(), text(&goal["plan"], "id").to_owned());
            tokio::spawn(async move {
                let by = app.coordinator().await;
                for m in 0..5 {
                    let body =
                        json!({"plan": plan, "code": format!("X{n}-{m}"), "ordinal": 90, "field": {"vi": "Thử"}, "title": {"vi": "Thử"}});
                    by.post("/goals", &body).await.with_status(201);
                    if m % 2 == 0 {
                        app.admin().await.find("/audit-events", &[("limit", "1")]).await.ok();
                    }
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.expect("a writer");
    }
    let all = events(&app, &[]).await;
    let places: Vec<i64> = all.iter().map(place).collect();
    assert_eq!(places, (1..).take(all.len()).collect::<Vec<i64>>());
    assert_eq!(all.iter().filter(|e| e["action"] == "goal.created" && text(&e["after"], "code").starts_with('X')).count(), 40);
    assert_eq!(wrong(&app), None);
}

async fn nobody_may_change_the_trail(app: TestApp) {
    events(&app, &[]).await;
    let tries = [
        "UPDATE audit_events SET reason = 'x'",
        "DELETE FROM audit_events",
        "UPDATE audit_chain SET hash = 'x'",
        "DELETE FROM audit_chain",
    ];
    for statement in tries {
        let refused = match app.database_url() {
            Some(url) => PgConnection::establish(&url).expect("PostgreSQL").batch_execute(statement),
            None => SqliteConnection::establish(&app.data().join("binhdang.sqlite3").to_string_lossy())
                .expect("SQLite")
                .batch_execute(&format!("PRAGMA busy_timeout = 10000; {statement}")),
        };
        assert!(refused.expect_err(statement).to_string().contains("append-only"), "{statement}");
    }
    assert_eq!(wrong(&app), None);
}

async fn verify_finds_what_was_changed(app: TestApp) {
    let last = stopped(&app).await;
    assert_eq!(wrong(&app), None);
    let nth = |n: i64| format!("(SELECT event_id FROM audit_chain WHERE sequence = {n})");
    let columns = "id, at, actor_id, actor_kind, actor_name, action, resource, resource_id, jurisdiction, before, after, reason, purpose, address, request_id";
    // Edited, and mended again.
    tamper(&app, &format!("UPDATE audit_events SET reason = 'x' WHERE id = {}", nth(5))).expect("an edit");
    assert!(wrong(&app).is_some_and(|w| w.lines().count() == 1 && w.contains("5: ") && w.contains("edited")));
    tamper(&app, &format!("UPDATE audit_events SET reason = NULL WHERE id = {}", nth(5))).expect("an edit");
    assert_eq!(wrong(&app), None);
    // Reordered, and mended again.
    let swap = "UPDATE audit_chain SET sequence = -1 WHERE sequence = 7; UPDATE audit_chain SET sequence = 7 WHERE sequence = 8;
        UPDATE audit_chain SET sequence = 8 WHERE sequence = -1;";
    tamper(&app, swap).expect("an exchange");
    assert!(wrong(&app).is_some_and(|w| w.contains("7: ")));
    tamper(&app, swap).expect("an exchange");
    assert_eq!(wrong(&app), None);
    // Added beside the chain, and taken away.
    let forged = format!("INSERT INTO audit_events ({columns}) SELECT 'forged', {} FROM audit_events WHERE id = {}", &columns[4..], nth(3));
    tamper(&app, &forged).expect("a forgery");
    assert!(wrong(&app).is_some_and(|w| w.contains("forged")));
    tamper(&app, "DELETE FROM audit_events WHERE id = 'forged'").expect("a removal");
    assert_eq!(wrong(&app), None);
    // Removed from the middle: the event, then its link.
    tamper(&app, &format!("DELETE FROM audit_events WHERE id = {}", nth(last - 1))).expect("a removal");
    assert!(wrong(&app).is_some_and(|w| w.contains("removed")));
    tamper(&app, &format!("DELETE FROM audit_chain WHERE sequence = {}", last - 1)).expect("a removal");
    assert!(wrong(&app).is_some_and(|w| w.contains("missing")));
}

async fn verify_finds_a_last_row_cut_off(app: TestApp) {
    let last = stopped(&app).await;
    let kept = std::fs::read_to_string(app.data().join("audit-head.json")).expect("the end in the data folder");
    let hash = text(&serde_json::from_str(&kept).expect("JSON"), "hash").to_owned();
    // The event and its link.
    let cut = format!("DELETE FROM audit_events WHERE id = (SELECT event_id FROM audit_chain WHERE sequence = {last});");
    tamper(&app, &cut).expect("a removal");
    assert!(wrong(&app).is_some_and(|w| w.contains("removed")));
    tamper(&app, &format!("DELETE FROM audit_chain WHERE sequence = {last}")).expect("a removal");
    assert!(wrong(&app).is_some_and(|w| w.contains("cut off")));
    // The end in the database as well: the folder still knows it.
    tamper(
        &app,
        &format!(
            "UPDATE audit_head SET sequence = {0}, hash = (SELECT hash FROM audit_chain WHERE sequence = {0}), signature = NULL",
            last - 1
        ),
    )
    .expect("another end");
    assert!(wrong(&app).is_some_and(|w| w.contains("cut off") && w.contains("audit-head.json")));
    // And without the folder whoever has the log.
    std::fs::remove_file(app.data().join("audit-head.json")).expect("the file is gone");
    assert_eq!(wrong(&app), None);
    let known = app.try_cli(&["audit", "verify", "--head", &format!("{last}:{hash}")], "");
    assert!(!known.status.success() && String::from_utf8_lossy(&known.stdout).contains("cut off"));
}

async fn the_doctor_looks_at_the_trail_as_well(app: TestApp) {
    stopped(&app).await;
    assert!(app.cli(&["doctor"], "").contains("ok    the audit trail: "));
    tamper(&app, "UPDATE audit_events SET reason = 'x' WHERE id = (SELECT event_id FROM audit_chain WHERE sequence = 3)").expect("an edit");
    let told = app.try_cli(&["doctor"], "");
    let lines = String::from_utf8_lossy(&told.stdout).into_owned();
    assert!(!told.status.success() && lines.contains("WRONG the audit trail: 1 faults") && lines.contains("; 3: the event "), "{lines}");
}
