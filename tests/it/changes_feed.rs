//! The change feed: what it tells, to whom, in which order, and for how long.

use crate::access::execute;
use crate::house::json::{bi, list, mark, text};
use crate::house::steps::{Period, cell, part};
use crate::house::{Actor, Answer, Backend, Grant, PLAN, PROVINCE, TestApp, WARD};
use crate::progress::{NEIGHBOUR, neighbour};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

on_both![
    a_year_is_told_in_the_order_of_what_was_done,
    pages_and_types_tell_the_same_in_parts,
    each_role_is_told_of_what_is_its_own,
    of_what_may_not_be_read_nothing_is_told,
    what_was_deleted_is_told_where_it_was,
    a_grant_holds_from_the_next_answer_on,
    what_cannot_be_meant_is_refused,
    a_wait_ends_when_something_happens_for_the_caller,
    a_wait_is_over_when_the_server_stops,
    who_commits_late_is_told_late,
    what_is_forgotten_is_not_passed_over_in_silence,
];

/// A province with nothing of ours in it.
const ELSEWHERE: &str = "19";

async fn elsewhere(app: &TestApp) {
    let province = json!({"code": ELSEWHERE, "name": bi("Tỉnh bên", "Beside"), "level": "province", "kind": "province", "parent": "VN"});
    app.admin().await.post("/jurisdictions", &province).await.with_status(201);
}

/// The end of the feed.
pub async fn tail(by: &Actor) -> String {
    let now = by.find("/changes", &[("after", "now")]).await.ok();
    assert_eq!(now["items"], json!([]));
    text(&now, "next_cursor").to_owned()
}

/// All that somebody is told after a cursor.
pub async fn after(by: &Actor, cursor: &str) -> Vec<Value> {
    let (mut items, mut cursor) = (Vec::new(), cursor.to_owned());
    loop {
        let page = by.find("/changes", &[("after", &cursor), ("limit", "500")]).await.ok();
        let next = text(&page, "next_cursor").to_owned();
        items.extend(list(&page, "items").iter().cloned());
        if next == cursor {
            return items;
        }
        cursor = next;
    }
}

fn types(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| text(item, "type")).collect()
}

fn resources(items: &[Value]) -> BTreeSet<&str> {
    items.iter().map(|item| text(item, "resource")).collect()
}

fn about<'a>(items: &'a [Value], path: &str) -> Vec<&'a str> {
    let id = path.rsplit('/').next().unwrap_or_default();
    types(&items.iter().filter(|item| item["id"] == id).cloned().collect::<Vec<_>>()).into_iter().map(|t| find(items, t)).collect()
}

/// The same text where it stands in the items.
fn find<'a>(items: &'a [Value], name: &str) -> &'a str {
    items.iter().map(|item| text(item, "type")).find(|t| *t == name).expect("it is there")
}

async fn a_year_is_told_in_the_order_of_what_was_done(app: TestApp) {
    let by = app.coordinator().await;
    let start = tail(&by).await;
    let period = Period::ad_hoc(&app, &["U5"], &["4.1"]).await;
    let report = period.report("U5").await;
    // Three figures in one request are one change.
    report.fill(&[cell("4.1", 209, 200), part("4.1", "sex", "female", 100, 100), part("4.1", "sex", "male", 109, 100)]).await;
    report.submit(&[]).await;
    report.send_back("Bổ sung số liệu").await;
    report.submit(&[cell("4.1", 210, 200), part("4.1", "sex", "male", 110, 100)]).await;
    report.accept().await;
    let consolidated = period.consolidate().await;
    consolidated.send().await;
    let told = after(&by, &start).await;
    assert_eq!(
        about(&told, &report.path),
        [
            "report.created",
            "report.updated",
            "report.submitted",
            "report.returned",
            "report.updated",
            "report.submitted",
            "report.accepted",
            "report.consolidated"
        ],
        "{told:?}"
    );
    assert_eq!(about(&told, &period.path), ["reporting_period.created", "reporting_period.opened"]);
    assert_eq!(
        about(&told, &consolidated.path),
        ["consolidated_report.created", "consolidated_report.approved", "consolidated_report.sent"]
    );
    let last = told.iter().rfind(|item| item["resource"] == "report").expect("the report's last change");
    let now = by.get(&report.path).await.ok();
    assert_eq!((&last["id"], &last["version"], &last["jurisdiction"]), (&now["id"], &now["version"], &json!(WARD)));
    assert_eq!(text(last, "at"), text(&now, "updated_at"));
    // What would change nothing tells nothing.
    let end = tail(&by).await;
    by.patch(&period.path, &json!({})).await.ok();
    assert_eq!(after(&by, &end).await, Vec::<Value>::new());
}

async fn pages_and_types_tell_the_same_in_parts(app: TestApp) {
    let by = app.coordinator().await;
    let whole = by.find("/changes", &[("limit", "60")]).await.ok();
    let whole = list(&whole, "items");
    assert_eq!(whole.len(), 60, "the seed makes more than that");
    let (mut parts, mut query) = (Vec::new(), vec![("limit", "7".to_owned())]);
    while parts.len() < 60 {
        let asked: Vec<(&str, &str)> = query.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = by.find("/changes", &asked).await;
        let page = answer.ok();
        let cursor = text(&page, "next_cursor").to_owned();
        assert_eq!(list(&page, "items").last().map(|last| text(last, "cursor")), Some(cursor.as_str()));
        assert_eq!(answer.header("link"), format!("</api/v1/changes?limit=7&after={cursor}>; rel=\"next\""));
        parts.extend(list(&page, "items").iter().cloned());
        query = vec![("limit", "7".to_owned()), ("after", cursor)];
    }
    assert_eq!(parts[..60], *whole);
    // After the cursor of any change the next one follows.
    let from = by.find("/changes", &[("after", text(&whole[20], "cursor")), ("limit", "1")]).await.ok();
    assert_eq!(from["items"], json!([whole[21]]));
    let goals = by.find("/changes", &[("types", "goal.created,goal.deleted"), ("limit", "500")]).await.ok();
    let created = by.items("/goals", &[("plan", PLAN)]).await.len();
    assert_eq!(list(&goals, "items").len(), created);
    assert!(list(&goals, "items").iter().all(|item| item["type"] == "goal.created"));
    // Where nothing fits, the cursor moves on all the same.
    let none = by.find("/changes", &[("types", "report.withdrawn")]).await.ok();
    assert_eq!((&none["items"], text(&none, "next_cursor")), (&json!([]), tail(&by).await.as_str()));
}

async fn each_role_is_told_of_what_is_its_own(app: TestApp) {
    let (admin, coordinator, leader) = (app.admin().await, app.coordinator().await, app.leader().await);
    let (u5, u6) = (app.reporter("U5").await, app.reporter("U6").await);
    let every_unit = app.someone(Grant::of("reporter")).await;
    let (supervisor, province) = (app.supervisor().await, app.province_machine().await);
    let (_, there) = neighbour(&app).await;
    elsewhere(&app).await;
    let (other, other_province) =
        (app.someone(Grant::of("coordinator").at(NEIGHBOUR)).await, app.machine(Grant::of("province").at(ELSEWHERE)).await);
    let above = app.someone(Grant::of("coordinator").at(PROVINCE)).await;
    let start = tail(&admin).await;
    let period = Period::ad_hoc(&app, &["U5", "U6"], &["4.1", "3.3"]).await;
    let report = period.deliver("U5", &[cell("4.1", 109, 100)]).await;
    let draft = period.report("U6").await;
    draft.fill(&[cell("3.3", 5, 5)]).await;
    period.consolidate().await.send().await;
    coordinator
        .patch(&format!("/plans/{}", text(&coordinator.by_code("/plans", PLAN).await, "id")), &json!({"title": bi("Tên", "x")}))
        .await
        .ok();
    let user = json!({"username": mark().to_lowercase(), "display_name": "Lan", "grants": [{"role": "supervisor", "jurisdiction": WARD}]});
    admin.post("/users", &user).await.with_status(201);

    let told = after(&admin, &start).await;
    assert_eq!(types(&told), ["user.created"]);
    let told = after(&coordinator, &start).await;
    assert_eq!(resources(&told), BTreeSet::from(["reporting_period", "report", "consolidated_report", "plan"]));
    assert!(!about(&told, &draft.path).is_empty());
    for overseer in [&leader, &supervisor] {
        let told = after(overseer, &start).await;
        assert!(about(&told, &report.path).contains(&"report.accepted"));
        assert_eq!(about(&told, &draft.path), Vec::<&str>::new(), "a draft is not theirs to read");
        assert!(types(&told).contains(&"consolidated_report.created") && types(&told).contains(&"plan.updated"));
    }
    for (reporter, own, others) in [(&u5, &report, &draft), (&u6, &draft, &report)] {
        let told = after(reporter, &start).await;
        assert_eq!(resources(&told), BTreeSet::from(["reporting_period", "report", "plan"]));
        assert!(!about(&told, &own.path).is_empty());
        assert_eq!(about(&told, &others.path), Vec::<&str>::new());
    }
    let told = after(&every_unit, &start).await;
    assert!(!about(&told, &report.path).is_empty() && !about(&told, &draft.path).is_empty());
    let told = after(&province, &start).await;
    assert_eq!(resources(&told), BTreeSet::from(["reporting_period", "consolidated_report", "plan"]));
    assert_eq!(types(&told).into_iter().filter(|t| t.starts_with("consolidated")).collect::<Vec<_>>(), ["consolidated_report.sent"]);
    for stranger in [&other_province, &above] {
        assert_eq!(after(stranger, &start).await, Vec::<Value>::new());
    }
    let told = after(&other, "eyJzIjoiY2hhbmdlcyIsImsiOlswXX0").await;
    assert!(told.iter().all(|item| item["jurisdiction"] == NEIGHBOUR) && told.iter().any(|item| item["id"] == json!(there)), "{told:?}");
    app.anonymous().get("/changes").await.problem(401, "auth.required");
}

async fn of_what_may_not_be_read_nothing_is_told(app: TestApp) {
    let (coordinator, supervisor) = (app.coordinator().await, app.supervisor().await);
    let blind = app.someone(Grant::of("coordinator")).await;
    let province = app.province_machine().await;
    let start = tail(&coordinator).await;
    let period = Period::ad_hoc(&app, &["U6"], &["3.3"]).await;
    let report = period.report("U6").await;
    report.submit(&[cell("3.3", 5, 5)]).await;
    // What is said of a restricted figure is for those who see it.
    let comments = format!("{}/comments", report.path);
    coordinator.post(&comments, &json!({"text": "Chỉ một ca?", "indicator": "3.3"})).await.with_status(201);
    let open = coordinator.post(&comments, &json!({"text": "Cảm ơn"})).await.with_status(201);
    let said = |told: &[Value]| told.iter().filter(|item| item["type"] == "report_comment.created").count();
    assert_eq!(said(&after(&coordinator, &start).await), 2);
    assert_eq!(said(&after(&app.reporter("U6").await, &start).await), 2);
    for by in [&supervisor, &blind] {
        let told = after(by, &start).await;
        assert_eq!((said(&told), &told.iter().find(|item| item["type"] == "report_comment.created").expect("one")["id"]), (1, &open["id"]));
    }
    assert_eq!(said(&after(&app.reporter("U5").await, &start).await) + said(&after(&province, &start).await), 0);
    // A report that is drawn back is a draft again, and none of an overseer's.
    report.reporter().await.act(&report.path, "withdraw", &json!({})).await.ok();
    assert_eq!(about(&after(&supervisor, &start).await, &report.path), Vec::<&str>::new());
    assert_eq!(said(&after(&supervisor, &start).await), 0);
    // Before it is sent a consolidated report is the ward's own.
    report.submit(&[]).await;
    report.accept().await;
    let consolidated = period.consolidate().await;
    consolidated.approve().await;
    assert_eq!(about(&after(&province, &start).await, &consolidated.path), Vec::<&str>::new());
    consolidated.try_step(&coordinator, "send", &json!({})).await.ok();
    consolidated.try_step(&province, "return", &json!({"reason": "Thiếu số liệu"})).await.ok();
    assert_eq!(about(&after(&province, &start).await, &consolidated.path), ["consolidated_report.sent", "consolidated_report.returned"]);
}

async fn what_was_deleted_is_told_where_it_was(app: TestApp) {
    let (admin, coordinator) = (app.admin().await, app.coordinator().await);
    let of_province = app.someone(Grant::of("admin").at(PROVINCE)).await;
    let of_ward = app.someone(Grant::of("admin")).await;
    elsewhere(&app).await;
    let stranger = app.someone(Grant::of("admin").at(ELSEWHERE)).await;
    let start = tail(&admin).await;
    let ward = json!({"code": NEIGHBOUR, "name": bi("Phường Từ Sơn", "x"), "level": "commune", "kind": "ward", "parent": PROVINCE});
    let ward = admin.post("/jurisdictions", &ward).await.with_status(201);
    admin.delete(&format!("/jurisdictions/{}", text(&ward, "id"))).await.with_status(204);
    let user = json!({"username": mark().to_lowercase(), "display_name": "Lan", "grants": [{"role": "supervisor", "jurisdiction": WARD}]});
    let user = admin.post("/users", &user).await.with_status(201);
    admin.delete(&format!("/users/{}", text(&user, "id"))).await.with_status(204);
    let goal =
        json!({"plan": PLAN, "code": "G99", "ordinal": 99, "letter": "z", "field": bi("Khác", "Other"), "title": bi("Mục tiêu", "Goal")});
    let goal = coordinator.post("/goals", &goal).await.with_status(201);
    coordinator.delete(&format!("/goals/{}", text(&goal, "id"))).await.with_status(204);
    let of_both = ["jurisdiction.created", "jurisdiction.deleted", "user.created", "user.deleted"];
    assert_eq!(types(&after(&admin, &start).await), of_both);
    assert_eq!(types(&after(&of_province, &start).await), of_both);
    assert_eq!(types(&after(&of_ward, &start).await), of_both[2..]);
    assert_eq!(types(&after(&stranger, &start).await), Vec::<&str>::new());
    let told = after(&app.reporter("U5").await, &start).await;
    assert_eq!(types(&told), ["goal.created", "goal.deleted"]);
    assert_eq!((&told[1]["id"], &told[1]["version"]), (&goal["id"], &json!(1)));
}

async fn a_grant_holds_from_the_next_answer_on(app: TestApp) {
    let (admin, coordinator) = (app.admin().await, app.coordinator().await);
    let start = tail(&admin).await;
    let grant = |role: &str, unit: Value| json!([{"role": role, "jurisdiction": WARD, "unit": unit}]);
    let name = mark().to_lowercase();
    let body = json!({"username": name, "display_name": "Lan", "must_change_password": false, "grants": grant("coordinator", Value::Null)});
    let user = admin.post("/users", &body).await.with_status(201);
    let by = app.sign_in(&name, text(&user, "one_time_password")).await;
    let report = Period::ad_hoc(&app, &["U5"], &["4.1"]).await.report("U5").await;
    assert_eq!(about(&after(&by, &start).await, &report.path), ["report.created"]);
    let path = format!("/users/{}", text(&user, "id"));
    for (role, unit, told) in
        [("supervisor", Value::Null, 0), ("reporter", json!("U6"), 0), ("reporter", json!("U5"), 1), ("province", Value::Null, 0)]
    {
        admin.patch(&path, &json!({"grants": grant(role, unit.clone())})).await.ok();
        let by = app.sign_in(&name, text(&user, "one_time_password")).await;
        assert_eq!(about(&after(&by, &start).await, &report.path).len(), told, "{role} {unit}");
    }
    let by = app.sign_in(&name, text(&user, "one_time_password")).await;
    admin.patch(&path, &json!({"active": false})).await.ok();
    by.get("/changes").await.problem(401, "token.invalid");
    assert!(!after(&coordinator, &start).await.is_empty());
}

async fn what_cannot_be_meant_is_refused(app: TestApp) {
    let by = app.coordinator().await;
    let list = by.find("/goals", &[("limit", "1")]).await.ok();
    for cursor in ["garbage", "eyJ9", text(&list, "next_cursor"), "eyJzIjoiY2hhbmdlcyIsImsiOlstMV19", "0"] {
        by.find("/changes", &[("after", cursor)]).await.problem(400, "cursor.invalid");
    }
    // No such place was ever given: the database was put back.
    by.find("/changes", &[("after", "eyJzIjoiY2hhbmdlcyIsImsiOls5OTk5OTk5OV19")]).await.problem(410, "cursor.expired");
    for (name, value) in [("types", "report.sent"), ("types", "goal"), ("types", "signing_key.rotated"), ("wait", "31"), ("limit", "0")] {
        by.find("/changes", &[(name, value)]).await.problem(400, "query.invalid");
    }
    by.find("/changes", &[("cursor", "x")]).await.problem(400, "query.unknown");
    let events = |query: &str, id: &str| {
        by.call("GET", &format!("/changes{query}")).header("Accept", "text/event-stream").header("Last-Event-ID", id)
    };
    for query in ["?limit=5", "?wait=5"] {
        events(query, "").send().await.problem(400, "query.invalid");
    }
    events("", "garbage").send().await.problem(400, "cursor.invalid");
    events("", &"x".repeat(300)).send().await.problem(400, "cursor.invalid");
    by.call("GET", "/changes").header("Accept", "text/csv").send().await.problem(406, "media_type.not_acceptable");
}

async fn waiting(by: &Actor, cursor: &str, seconds: u64) -> (Answer, Duration) {
    let asked = Instant::now();
    let answer = by.find("/changes", &[("after", cursor), ("wait", &seconds.to_string())]).await;
    (answer, asked.elapsed())
}

async fn a_wait_ends_when_something_happens_for_the_caller(app: TestApp) {
    let other = app.beside().await;
    let (coordinator, admin) = (app.coordinator().await, app.admin().await);
    let there = other.sign_in(&coordinator.session().username, &coordinator.session().password).await;
    let goal = format!("/goals/{}", text(&coordinator.by_code("/goals", "G1").await, "id"));
    let cursor = tail(&coordinator).await;
    // There is something at once.
    coordinator.patch(&goal, &json!({"title": bi("Một", "One")})).await.ok();
    let (answer, took) = waiting(&there, &cursor, 20).await;
    assert!(types(list(&answer.ok(), "items")) == ["goal.updated"] && took < Duration::from_secs(3), "{took:?}");
    // It happens while they wait, at another server too; what is for others wakes nobody. Many wait with few connections.
    let cursor = tail(&coordinator).await;
    let (mut waits, coordinator_, cursor_) = (Vec::new(), coordinator.clone(), cursor.clone());
    for by in [&coordinator, &there] {
        for _ in 0..9 {
            let (by, cursor) = (by.clone(), cursor.clone());
            waits.push(tokio::spawn(async move { waiting(&by, &cursor, 20).await }));
        }
    }
    let written = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let user =
            json!({"username": mark().to_lowercase(), "display_name": "Lan", "grants": [{"role": "supervisor", "jurisdiction": WARD}]});
        admin.post("/users", &user).await.with_status(201);
        tokio::time::sleep(Duration::from_secs(1)).await;
        coordinator_.patch(&goal, &json!({"title": bi("Hai", "Two")})).await.ok();
    });
    for wait in waits {
        let (answer, took) = wait.await.expect("an answer");
        assert_eq!(types(list(&answer.ok(), "items")), ["goal.updated"]);
        assert!((Duration::from_millis(1800)..Duration::from_secs(8)).contains(&took), "{took:?}");
    }
    written.await.expect("written");
    // Nothing happens for whoever waits; he goes on behind what he was not told of.
    let (answer, took) = waiting(&app.someone(Grant::of("coordinator").at(PROVINCE)).await, &cursor_, 2).await;
    assert_eq!(answer.ok()["items"], json!([]));
    assert_ne!(answer.ok()["next_cursor"], json!(cursor_));
    assert!((Duration::from_secs(2)..Duration::from_secs(5)).contains(&took), "{took:?}");
}

async fn a_wait_is_over_when_the_server_stops(app: TestApp) {
    let by = app.coordinator().await;
    let cursor = tail(&by).await;
    let (waiter, from) = (by.clone(), cursor.clone());
    let wait = tokio::spawn(async move { waiting(&waiter, &from, 30).await });
    tokio::time::sleep(Duration::from_secs(1)).await;
    let began = Instant::now();
    tokio::task::block_in_place(|| app.stop());
    assert!(began.elapsed() < Duration::from_secs(6), "{:?}", began.elapsed());
    let (answer, took) = wait.await.expect("an answer");
    assert_eq!((&answer.ok()["items"], &answer.ok()["next_cursor"]), (&json!([]), &json!(cursor)));
    assert!(took < Duration::from_secs(8), "{took:?}");
    app.restart().await;
}

/// The id of a resource of this name.
fn id(name: &str) -> String {
    format!("00000000-0000-7000-8000-{:0>12}", name.bytes().map(u64::from).fold(0, |all, byte| (all * 31 + byte) % 1_000_000_000))
}

/// A change of the plan, written as a server does.
fn inserted(name: &str) -> String {
    format!(
        "INSERT INTO changes (id, at, type, resource, resource_id, version, jurisdiction)
         VALUES ('{0}', '2026-11-28 00:00:00', 'goal.updated', 'goal', '{0}', 1, '{WARD}');",
        id(name)
    )
}

async fn who_commits_late_is_told_late(app: TestApp) {
    let by = app.coordinator().await;
    let cursor = tail(&by).await;
    let ids = |items: &[Value]| items.iter().map(|item| text(item, "id").to_owned()).collect::<Vec<_>>();
    if app.backend() == Backend::Sqlite {
        // There is one writer: whoever inserts first commits first.
        execute(&app, &inserted("first"));
        execute(&app, &inserted("second"));
        tokio::time::sleep(Duration::from_millis(5)).await;
        assert_eq!(ids(&after(&by, &cursor).await), [id("first"), id("second")]);
        return;
    }
    let url = app.database_url().expect("PostgreSQL");
    let mut slow: Vec<PgConnection> = (0..2).map(|_| PgConnection::establish(&url).expect("PostgreSQL")).collect();
    slow[0].batch_execute(&format!("BEGIN; {}", inserted("slowest"))).expect("a write");
    slow[1].batch_execute(&format!("BEGIN; {}", inserted("slow"))).expect("a write");
    execute(&app, &inserted("fast"));
    let first = after(&by, &cursor).await;
    assert_eq!(ids(&first), [id("fast")]);
    let cursor = text(&first[0], "cursor").to_owned();
    slow[1].batch_execute("COMMIT").expect("committed");
    let second = after(&by, &cursor).await;
    assert_eq!(ids(&second), [id("slow")], "who has passed the later number is told of the earlier one");
    let cursor = text(&second[0], "cursor").to_owned();
    slow[0].batch_execute("COMMIT").expect("committed");
    execute(&app, &inserted("last"));
    assert_eq!(ids(&after(&by, &cursor).await), [id("slowest"), id("last")]);
    // What is rolled back leaves no gap that anybody would wait at.
    let cursor = tail(&by).await;
    slow[0].batch_execute(&format!("BEGIN; {} ROLLBACK", inserted("never"))).expect("rolled back");
    execute(&app, &inserted("after all"));
    assert_eq!(ids(&after(&by, &cursor).await), [id("after all")]);
}

async fn what_is_forgotten_is_not_passed_over_in_silence(app: TestApp) {
    let by = app.coordinator().await;
    let all = by.find("/changes", &[("limit", "100")]).await.ok();
    let cursor = |at: usize| text(&list(&all, "items")[at], "cursor").to_owned();
    let (third, fortieth, sixtieth) = (cursor(2), cursor(39), cursor(59));
    let next = list(&all, "items")[60].clone();
    let last = &list(&all, "items")[59];
    let (id, what, version) = (text(last, "id"), text(last, "type"), &last["version"]);
    let until_it = format!("SELECT position FROM changes WHERE resource_id = '{id}' AND type = '{what}' AND version = {version}");
    // So many days, and one more, have passed since the first of them.
    let old = "2024-01-01 00:00:00";
    execute(&app, &format!("UPDATE changes SET at = '{old}' WHERE position <= ({until_it})"));
    app.restart().await;
    let by = app.again(&by).await;
    let until = Instant::now() + Duration::from_secs(20);
    while by.find("/changes", &[("after", &third)]).await.status == 200 {
        assert!(Instant::now() < until, "nothing is forgotten");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    for expired in [&third, &fortieth] {
        by.find("/changes", &[("after", expired)]).await.problem(410, "cursor.expired");
        let events = by.call("GET", &format!("/changes?after={expired}")).header("Accept", "text/event-stream");
        events.send().await.problem(410, "cursor.expired");
    }
    // Whoever had just read the last of them misses nothing, and the feed begins with what is left.
    assert_eq!(by.find("/changes", &[("after", &sixtieth), ("limit", "1")]).await.ok()["items"], json!([next]));
    assert_eq!(by.find("/changes", &[("limit", "1")]).await.ok()["items"], json!([next]));
    // No place is given twice, though nothing is left.
    let end = tail(&by).await;
    execute(&app, &format!("UPDATE changes SET at = '{old}'"));
    app.restart().await;
    let by = app.again(&by).await;
    let until = Instant::now() + Duration::from_secs(20);
    while by.get("/changes").await.ok()["items"] != json!([]) {
        assert!(Instant::now() < until, "nothing is forgotten");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let goal = format!("/goals/{}", text(&by.by_code("/goals", "G1").await, "id"));
    by.patch(&goal, &json!({"title": bi("Sau cùng", "At last")})).await.ok();
    let told = after(&by, &end).await;
    assert_eq!(types(&told), ["goal.updated"]);
    assert_eq!(by.get("/changes").await.ok()["items"], json!(told));
}
