//! Wards that come and go: for which periods they are expected, and what stays of what they sent (contract, section 3a).

use crate::house::json::{bi, list, text, with};
use crate::house::steps::{Period, body, cell, in_days};
use crate::house::{Actor, PLAN, PROVINCE, TestApp, WARD};
use crate::kept_by_ward::write_beside;
use crate::lives::{day, path_of, plan};
use serde_json::{Value, json};
use std::time::Duration;

on_both![
    a_ward_is_merged_into_another,
    until_its_day_a_dissolution_is_taken_back,
    the_periods_of_a_dissolved_ward_are_closed_on_the_day,
    what_a_ward_sent_stays_published,
    a_ward_is_asked_from_its_first_day_on,
    an_inquiry_leaves_out_the_wards_that_are_gone,
    a_plan_does_not_outlast_its_ward,
];

/// The ward that takes the place of the other one.
const NEXT: &str = "09388";

/// Makes it, and tells its path.
async fn neighbour(admin: &Actor) -> String {
    let ward = json!({"code": NEXT, "name": bi("Phường bên", "Next Ward"), "level": "commune", "kind": "ward", "parent": PROVINCE});
    format!("/jurisdictions/{}", text(&admin.post("/jurisdictions", &ward).await.with_status(201), "id"))
}

fn merged(on: &str) -> Value {
    json!({"on": on, "successors": [NEXT], "reason": "Sáp nhập phường"})
}

/// How many wards the province expects for a period, how many have sent, and how many are in its sums.
async fn of_province(by: &Actor, label: &str) -> (i64, i64, usize) {
    let query = [("jurisdiction", PROVINCE), ("period", label)];
    let complete = by.find("/completeness", &query).await.ok();
    let count = |member: &str| complete[member].as_i64().expect("a count");
    assert_eq!(list(&complete, "wards").len(), usize::try_from(count("expected")).unwrap());
    let progress = by.find("/progress", &query).await.ok();
    (count("expected"), count("sent"), list(&progress, "wards").len())
}

/// A regular period that the server made by itself.
async fn made(by: &Actor, label: &str) -> String {
    let found = by.items("/reporting-periods", &[("plan", PLAN), ("kind", "periodic"), ("label", label)]).await;
    format!("/reporting-periods/{}", text(&found[0], "id"))
}

/// The year 2026, which the ward saw the end of, as its period says: open, with a figure accepted.
async fn first_year(app: &TestApp, by: &Actor) -> Period {
    by.patch(&made(by, "2026").await, &json!({"ends_on": "2026-10-31"})).await.with_status(200);
    let period = Period::regular(app, by, PLAN, "2026", &["U5"], &["4.1"]).await;
    period.deliver("U5", &[cell("4.1", 114, 100)]).await;
    period
}

async fn a_ward_is_merged_into_another(app: TestApp) {
    let (by, admin, public) = (app.coordinator().await, app.admin().await, app.anonymous());
    let next = neighbour(&admin).await;
    let first = Period::regular(&app, &by, PLAN, "2026", &["U5"], &["4.1"]).await;
    first.deliver("U5", &[cell("4.1", 114, 100)]).await;
    first.consolidate().await.send().await;
    Period::regular(&app, &by, PLAN, "2027", &["U5"], &["4.1"]).await.deliver("U5", &[cell("4.1", 115, 100)]).await;
    assert_eq!((of_province(&public, "2026").await, of_province(&public, "2027").await), ((1, 1, 1), (1, 0, 1)));
    let (path, body) = (path_of(&admin, "/jurisdictions", WARD).await, merged("2027-07-01"));
    by.act(&path, "dissolve", &body).await.problem(403, "access.denied");
    admin.call("POST", &format!("{path}/dissolve")).json(&body).send().await.refused(428);
    admin.act_on(&path, "dissolve", "\"99\"", &body).await.refused(412);
    let wrong = admin.act(&path, "dissolve", &with(&body, &json!({"successors": [NEXT, WARD, PROVINCE, NEXT]}))).await;
    let pointers: Vec<Value> = list(&wrong.problem(422, "field.conflict"), "errors").iter().map(|e| e["pointer"].clone()).collect();
    assert_eq!(pointers, ["/successors/1", "/successors/2", "/successors/3"]);
    let gone = admin.act(&path, "dissolve", &body).await;
    let (tag, gone) = (gone.etag().to_owned(), gone.ok());
    assert_eq!((&gone["valid_until"], &gone["successors"]), (&json!("2027-06-30"), &json!([NEXT])));
    assert_eq!(gone["_actions"]["dissolve"]["allowed"], json!(false));
    assert_eq!(admin.etag(&path).await, tag);
    assert_eq!(admin.get(&next).await.ok()["predecessors"], json!([WARD]));
    let listed = public.by_code("/jurisdictions", WARD).await;
    assert_eq!((&listed["valid_until"], &listed["successors"]), (&json!("2027-06-30"), &json!([NEXT])));
    admin.act(&path, "dissolve", &body).await.problem(409, "jurisdiction.dissolved");
    // The half year belongs to nobody's count; the year before and the quarter that ends with the ward are as they were.
    assert_eq!((of_province(&public, "2026").await, of_province(&public, "2027").await), ((1, 1, 1), (0, 0, 0)));
    assert_eq!((of_province(&public, "2027-Q2").await, of_province(&public, "2027-Q3").await), ((1, 0, 1), (0, 0, 0)));
    let refused = admin.delete(&next).await.problem(409, "jurisdiction.in_use");
    assert_eq!(refused["referrers"]["predecessors"], json!(1));
    let trail = admin.items("/audit-events", &[("resource", "jurisdiction"), ("jurisdiction", WARD)]).await;
    let told = trail.iter().find(|e| text(e, "action") == "jurisdiction.dissolution_announced").expect("it is told of");
    assert_eq!((text(told, "reason"), &told["after"]["successors"]), ("Sáp nhập phường", &json!([NEXT])));
    let above = path_of(&admin, "/jurisdictions", PROVINCE).await;
    let refused = admin.act(&above, "dissolve", &json!({"on": "2027-06-01", "reason": "x"})).await.problem(409, "jurisdiction.in_use");
    assert_eq!(refused["referrers"]["jurisdictions"], json!(2));
}

async fn until_its_day_a_dissolution_is_taken_back(app: TestApp) {
    let (by, admin) = (app.coordinator().await, app.admin().await);
    let next = neighbour(&admin).await;
    let later = made(&by, "2028").await;
    let path = path_of(&admin, "/jurisdictions", WARD).await;
    admin.act(&path, "dissolve", &merged("2027-07-01")).await.with_status(200);
    assert_eq!(text(&by.get(&later).await.ok(), "status"), "planned", "until then nothing is closed");
    let refused = by.act(&later, "open", &json!({})).await.problem(409, "jurisdiction.dissolved");
    assert!(text(&refused, "detail").contains("30/06/2027"), "{refused}");
    let actions = by.get(&later).await.ok();
    assert!(text(&actions["_actions"]["open"], "reason").contains("31/12/2028"), "{actions}");
    // What comes due by the clock does not open by itself either.
    by.patch(&later, &json!({"opens_at": in_days(-1), "due_at": in_days(20)})).await.with_status(200);
    // The province asks no deadline of a ward that is not there then.
    let province = app.province_machine().await;
    let above = path_of(&admin, "/jurisdictions", PROVINCE).await;
    for label in ["2028", "2027-Q2"] {
        let by_when = json!({"due_at": "2028-12-14T17:00:00Z"});
        province.call("PUT", &format!("{above}/consolidation-deadlines/{label}")).json(&by_when).send().await.with_status(200);
    }
    assert_eq!(by.get(&later).await.ok()["consolidated_due_at"], Value::Null);
    assert_eq!(by.get(&made(&by, "2027-Q2").await).await.ok()["consolidated_due_at"], json!("2028-12-14T17:00:00Z"));
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(text(&by.get(&later).await.ok(), "status"), "planned");
    let back = admin.patch(&path, &json!({"valid_until": null})).await.ok();
    assert_eq!((&back["valid_until"], &back["successors"]), (&Value::Null, &json!([])));
    assert_eq!(admin.get(&next).await.ok()["predecessors"], json!([]));
    assert_eq!(of_province(&by, "2028").await.0, 1);
    for _ in 0..100 {
        if text(&by.get(&later).await.ok(), "status") == "open" {
            admin.act(&path, "dissolve", &merged("2027-07-01")).await.with_status(200);
            return;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("the period opens when the ward stays");
}

async fn the_periods_of_a_dissolved_ward_are_closed_on_the_day(app: TestApp) {
    let (by, admin, public) = (app.coordinator().await, app.admin().await, app.anonymous());
    neighbour(&admin).await;
    let first = first_year(&app, &by).await;
    let begun = Period::regular(&app, &by, PLAN, "2030", &["U5"], &["4.1"]).await;
    begun.deliver("U5", &[cell("4.1", 115, 100)]).await;
    let asked = by.post("/reporting-periods", &with(&body(&["U5"], &["4.1"], 30 * 24 * 60), &json!({"ends_on": "2030-06-30"}))).await;
    let asked = Period::of(&app, text(&asked.with_status(201), "id"));
    let path = path_of(&admin, "/jurisdictions", WARD).await;
    admin.act(&path, "dissolve", &merged(&day(30))).await.with_status(200);
    assert_eq!(text(&begun.read().await, "status"), "open");
    // A month goes by.
    let passed = format!(
        "UPDATE jurisdictions SET valid_until = '{}' WHERE code = '{WARD}'; UPDATE jurisdiction_dissolutions SET dissolves_on = '{}'",
        day(-1),
        day(0)
    );
    write_beside(&app, &passed);
    for _ in 0..100 {
        if text(&begun.read().await, "status") == "closed" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let status = async |path: String| text(&by.get(&path).await.ok(), "status").to_owned();
    let closed = [begun.path.clone(), asked.path.clone(), made(&by, "2028").await, made(&by, "2029-Q3").await];
    for path in &closed {
        assert_eq!(status(path.clone()).await, "closed", "{path}");
        by.act(path, "reopen", &json!({})).await.problem(409, "jurisdiction.dissolved");
        assert_eq!(by.get(path).await.ok()["_actions"]["reopen"]["allowed"], json!(false));
    }
    assert_eq!(text(&first.read().await, "status"), "open", "what ended before goes on");
    by.post("/consolidated-reports", &json!({"period": begun.id})).await.problem(409, "jurisdiction.dissolved");
    admin.patch(&path, &json!({"valid_until": null})).await.problem(409, "jurisdiction.dissolved");
    admin.act(&path, "dissolve", &merged(&day(0))).await.problem(409, "jurisdiction.dissolved");
    let trail = admin.items("/audit-events", &[("action", "jurisdiction.dissolved")]).await;
    assert_eq!(trail.len(), 1);
    // The year that ended before is reported, sent and acknowledged as if nothing had happened.
    first.report("U5").await.reopen("Sửa số liệu").await;
    first.report("U5").await.submit(&[cell("4.1", 116, 100)]).await;
    first.report("U5").await.accept().await;
    first.close().await;
    first.open().await;
    let sent = first.consolidate().await;
    sent.send().await;
    app.province_machine().await.act(&sent.path, "acknowledge", &json!({})).await.with_status(200);
    assert_eq!((of_province(&public, "2026").await, of_province(&public, "2030").await), ((1, 1, 1), (0, 0, 0)));
    assert_eq!(of_province(&by, "2030").await, (0, 0, 0), "nor for its own people");
    // The server would not make it again, so it can go; and it does not come back.
    let gone = made(&by, "2029").await;
    by.delete(&gone).await.with_status(204);
    tokio::time::sleep(Duration::from_secs(3)).await;
    by.get(&gone).await.problem(404, "resource.not_found");
    assert!(by.items("/reporting-periods", &[("plan", PLAN), ("label", "2029")]).await.is_empty());
    assert!(by.items("/reporting-periods", &[("plan", PLAN), ("status", "planned")]).await.is_empty());
}

/// What everybody reads of a year.
async fn published(by: &Actor, year: &str) -> Vec<Value> {
    let mut told = Vec::new();
    for (name, of) in [("plan", PLAN), ("jurisdiction", PROVINCE), ("jurisdiction", WARD)] {
        let query = [(name, of), ("period", year)];
        told.push(by.find("/progress", &query).await.ok());
        told.push(by.find("/completeness", &query).await.ok());
    }
    told.push(json!(by.items("/observations", &[("plan", PLAN), ("period", year)]).await));
    told
}

async fn what_a_ward_sent_stays_published(app: TestApp) {
    let (by, admin, public) = (app.coordinator().await, app.admin().await, app.anonymous());
    let period = Period::regular(&app, &by, PLAN, "2030", &["U5"], &["4.1"]).await;
    period.deliver("U5", &[cell("4.1", 114, 100)]).await;
    let sent = period.consolidate().await;
    sent.send().await;
    let waiting = Period::regular(&app, &by, PLAN, "2029", &["U5"], &["4.1"]).await;
    waiting.deliver("U5", &[cell("4.1", 113, 100)]).await;
    let unsent = waiting.consolidate().await;
    app.leader().await.act(&unsent.path, "approve", &json!({})).await.with_status(200);
    let before = published(&public, "2030").await;
    let path = path_of(&admin, "/jurisdictions", WARD).await;
    let gone = admin.act(&path, "dissolve", &json!({"on": day(0), "reason": "Giải thể"})).await.ok();
    assert_eq!((&gone["valid_until"], &gone["successors"]), (&json!(day(-1)), &json!([])));
    assert_eq!(text(&period.read().await, "status"), "closed");
    assert_eq!(published(&public, "2030").await, before);
    assert_eq!(of_province(&public, "2030").await, (1, 1, 1));
    // What had not been sent is sent no more.
    by.act(&unsent.path, "send", &json!({})).await.problem(409, "jurisdiction.dissolved");
    let actions = by.get(&unsent.path).await.ok();
    assert_eq!(actions["_actions"]["send"]["allowed"], json!(false));
    assert_eq!(of_province(&public, "2029").await, (0, 0, 0));
    // The province answers to what was sent, and the ward to the province.
    let province = app.province_machine().await;
    province.act(&sent.path, "return", &json!({"reason": "Sửa lời văn"})).await.with_status(200);
    let again = period.consolidate().await;
    again.send().await;
    province.act(&again.path, "acknowledge", &json!({})).await.with_status(200);
    assert_eq!(of_province(&public, "2030").await, (1, 1, 1));
}

async fn a_ward_is_asked_from_its_first_day_on(app: TestApp) {
    let (by, admin) = (app.coordinator().await, app.admin().await);
    let path = path_of(&admin, "/jurisdictions", WARD).await;
    let days = json!({"valid_from": "2027-07-01", "valid_until": "2027-06-30"});
    let wrong = admin.patch(&path, &days).await.problem(422, "field.conflict");
    assert_eq!(wrong["errors"][0]["pointer"], "/valid_until");
    let begun = admin.patch(&path, &json!({"valid_from": "2027-08-01"})).await.ok();
    assert_eq!(begun["valid_from"], json!("2027-08-01"));
    let wrong = admin.act(&path, "dissolve", &json!({"on": "2027-08-01", "reason": "x"})).await.problem(422, "field.conflict");
    assert_eq!(wrong["errors"][0]["pointer"], "/on");
    for (label, expected) in [("2027-Q2", 0), ("2027-Q3", 1), ("2027", 1)] {
        assert_eq!(of_province(&by, label).await.0, expected, "{label}");
    }
    let early = made(&by, "2027-Q2").await;
    let refused = by.act(&early, "open", &json!({})).await.problem(409, "jurisdiction.dissolved");
    assert!(text(&refused, "detail").contains("01/08/2027"), "{refused}");
    let ends = by.patch(&made(&by, "2027-Q3").await, &json!({"ends_on": "2027-07-31"})).await;
    ends.problem(409, "jurisdiction.dissolved");
}

async fn an_inquiry_leaves_out_the_wards_that_are_gone(app: TestApp) {
    let (by, admin, province) = (app.coordinator().await, app.admin().await, app.province_machine().await);
    let path = path_of(&admin, "/jurisdictions", WARD).await;
    admin.act(&path, "dissolve", &json!({"on": "2027-07-01", "reason": "Giải thể"})).await.with_status(200);
    let asking = |of: &str, ends_on: &str| {
        let mut asked = with(&body(&[], &["4.1"], 30 * 24 * 60), &json!({"jurisdictions": [of], "ends_on": ends_on}));
        let members = asked.as_object_mut().unwrap();
        members.retain(|name, _| name != "plan" && name != "units");
        asked
    };
    province.post("/reporting-periods", &asking(WARD, "2027-07-01")).await.problem(409, "jurisdiction.dissolved");
    // Of a province it is left out, and here nobody is left.
    let none = province.post("/reporting-periods", &asking(PROVINCE, "2027-07-01")).await.problem(422, "reference.unknown");
    assert_eq!(none["errors"][0]["pointer"], "/jurisdictions/0");
    for of in [WARD, PROVINCE] {
        let made = province.post("/reporting-periods", &asking(of, "2027-06-30")).await.with_status(201);
        assert_eq!(list(&made, "items").len(), 1);
    }
    let alone = with(&body(&["U5"], &["4.1"], 30 * 24 * 60), &json!({"ends_on": "2027-07-01"}));
    by.post("/reporting-periods", &alone).await.problem(409, "jurisdiction.dissolved");
}

async fn a_plan_does_not_outlast_its_ward(app: TestApp) {
    let (by, admin) = (app.coordinator().await, app.admin().await);
    let copied = json!({"jurisdiction": WARD, "title": bi("Kế hoạch mới", "New plan")});
    let copied = by.post(&format!("{}/copy", path_of(&by, "/plans", PLAN).await), &copied).await.with_status(201);
    let id = text(&copied, "id");
    let draft = format!("/plans/{id}");
    by.patch(&draft, &json!({"start_year": 2031, "end_year": 2032})).await.with_status(200);
    let path = path_of(&admin, "/jurisdictions", WARD).await;
    admin.act(&path, "dissolve", &json!({"on": "2031-07-01", "reason": "Giải thể"})).await.with_status(200);
    let refused = by.patch(&draft, &json!({"status": "active"})).await.problem(409, "jurisdiction.dissolved");
    assert_eq!(refused["last_year"], json!(2031));
    by.post("/plans", &with(&plan("KH-2033", 2033, 2034), &json!({"status": "active"}))).await.problem(409, "jurisdiction.dissolved");
    by.patch(&draft, &json!({"status": "active", "end_year": 2031})).await.with_status(200);
    by.patch(&draft, &json!({"end_year": 2032})).await.problem(409, "jurisdiction.dissolved");
    // Of its last year the server makes what ends while the ward is there.
    for _ in 0..100 {
        let made = by.items("/reporting-periods", &[("plan", id), ("sort", "label")]).await;
        if !made.is_empty() {
            let labels: Vec<&str> = made.iter().map(|period| text(period, "label")).collect();
            let months = ["2031-01", "2031-02", "2031-03", "2031-04", "2031-05", "2031-06"];
            assert_eq!(labels, [&months[..], &["2031-Q1", "2031-Q2"]].concat());
            return;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("the quarters of the last half year are made");
}
