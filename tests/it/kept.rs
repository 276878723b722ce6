//! Answers that are kept are given out again: the same bytes, to the same people, for as long as nothing has changed.

use crate::house::json::{bi, list, text};
use crate::house::steps::{Period, cell, in_seconds};
use crate::house::{Actor, Answer, Grant, PLAN, TestApp};
use crate::kept_by_ward::given_out;
use serde_json::{Value, json};
use std::io::Read;
use std::time::Duration;

on_both![
    a_second_answer_is_the_first,
    everybody_gets_his_own,
    a_change_shows_at_once,
    who_may_no_longer_ask_gets_nothing,
    the_checks_hold_for_what_is_kept,
    who_has_reported_is_kept_until_it_changes_or_a_deadline_passes,
];

const PROGRESS: &str = "/progress?plan=KH-BDG-DN-2026-2030&period=2026";

async fn asked(by: &Actor, path: &str, coding: &str) -> Answer {
    by.call("GET", path).header("Accept-Encoding", coding).unchecked().send().await
}

fn decoded(answer: &Answer) -> Vec<u8> {
    let mut plain = Vec::new();
    match answer.header("content-encoding") {
        "" => plain.extend_from_slice(&answer.bytes),
        "br" => drop(brotli::Decompressor::new(&answer.bytes[..], 4096).read_to_end(&mut plain).expect("br")),
        "gzip" => drop(flate2::read::GzDecoder::new(&answer.bytes[..]).read_to_end(&mut plain).expect("gzip")),
        "zstd" => plain = zstd::decode_all(&answer.bytes[..]).expect("zstd"),
        other => panic!("{other}"),
    }
    plain
}

/// All headers but those of the very request, and the list whose order the CORS layer leaves to chance.
fn lasting(answer: &Answer) -> Vec<(String, String)> {
    let own = ["x-request-id", "date", "access-control-expose-headers"];
    let mut headers: Vec<(String, String)> = answer
        .headers
        .iter()
        .filter(|(name, _)| !own.contains(&name.as_str()))
        .map(|(name, value)| (name.to_string(), value.to_str().expect("text").to_owned()))
        .collect();
    headers.sort();
    headers
}

async fn a_second_answer_is_the_first(app: TestApp) {
    let by = app.coordinator().await;
    let one = format!("/indicators/{}", text(&by.by_code("/indicators", "3.1").await, "id"));
    for path in ["/indicators?limit=500", one.as_str(), "/goals?limit=1", PROGRESS] {
        let plain = asked(&by, path, "identity").await;
        assert_eq!(plain.status, 200, "{}", plain.excerpt());
        for coding in ["identity", "gzip", "br", "zstd"] {
            let (first, second) = (asked(&by, path, coding).await, asked(&by, path, coding).await);
            assert_eq!(first.header("content-encoding"), if coding == "identity" { "" } else { coding }, "{path}");
            assert!(decoded(&first) == plain.bytes, "{path} {coding}");
            assert!(second.bytes == first.bytes, "{path} {coding}");
            assert_eq!(lasting(&second), lasting(&first), "{path} {coding}");
            if path == one {
                let unchanged = by.call("GET", path).header("Accept-Encoding", coding).header("If-None-Match", first.etag());
                let unchanged = unchanged.unchecked().send().await;
                assert_eq!((unchanged.status, unchanged.etag(), unchanged.bytes.len()), (304, first.etag(), 0), "{coding}");
            }
        }
        let head = by.call("HEAD", path).unchecked().send().await;
        assert_eq!(
            (head.status, head.header("content-length"), head.bytes.len()),
            (200, plain.bytes.len().to_string().as_str(), 0),
            "{path}"
        );
    }
}

async fn everybody_gets_his_own(app: TestApp) {
    let (coordinator, leader, public) = (app.coordinator().await, app.leader().await, app.anonymous());
    let one = format!("/indicators/{}", text(&leader.by_code("/indicators", "3.1").await, "id"));
    for _ in 0..3 {
        for (by, may) in [(&public, false), (&coordinator, true), (&leader, false), (&coordinator, true), (&public, false)] {
            let shown = by.get(&one).await.ok();
            assert_eq!(shown["_actions"]["update"]["allowed"], may, "{shown}");
        }
    }
    let period = Period::ad_hoc(&app, &["U5", "U6"], &["4.1"]).await;
    let (u5, u6) = (app.reporter("U5").await, app.reporter("U6").await);
    let path = format!("/reports?period={}", period.id);
    for _ in 0..3 {
        for (by, units) in [(&coordinator, vec!["U5", "U6"]), (&u5, vec!["U5"]), (&u6, vec!["U6"])] {
            let shown = by.get(&path).await.ok();
            let seen: Vec<&str> = list(&shown, "items").iter().map(|r| text(&r["unit"], "code")).collect();
            assert_eq!(seen, units);
        }
        public.get(&path).await.problem(401, "auth.required");
    }
    let path = format!("/plans/{}/gaps", text(&public.by_code("/plans", PLAN).await, "id"));
    let told = async |language: &str| public.call("GET", &path).header("Accept-Language", language).send().await.text;
    let (vi, en) = (told("vi").await, told("en").await);
    assert!(vi != en && told("vi").await == vi && told("en").await == en);
}

async fn a_change_shows_at_once(app: TestApp) {
    let (by, public) = (app.coordinator().await, app.anonymous());
    let goal = by.by_code("/goals", "G3").await;
    let path = format!("/goals/{}", text(&goal, "id"));
    for n in 0..20 {
        let title = bi(&format!("Mục tiêu {n}"), "Goal");
        by.patch(&path, &json!({"title": title})).await.ok();
        for reader in [&by, &public] {
            assert_eq!(reader.get(&path).await.ok()["title"], title);
            let all = reader.get("/goals").await.ok();
            assert!(list(&all, "items").iter().any(|g| g["title"] == title), "{n}");
        }
    }
}

async fn who_may_no_longer_ask_gets_nothing(app: TestApp) {
    let (admin, person) = (app.admin().await, app.someone(Grant::of("supervisor").another(9)).await);
    let account = text(&person.get("/me").await.ok(), "id").to_owned();
    for path in ["/reports", "/goals", PROGRESS] {
        person.get(path).await.ok();
        person.get(path).await.ok();
    }
    admin.patch(&format!("/users/{account}"), &json!({"grants": [{"role": "admin", "jurisdiction": "09385"}]})).await.ok();
    person.get("/reports").await.refused(401);
    let person = app.again(&person).await;
    person.get("/reports").await.problem(403, "access.denied");
    person.get("/goals").await.ok();
    admin.patch(&format!("/users/{account}"), &json!({"active": false})).await.ok();
    for path in ["/reports", "/goals", PROGRESS] {
        person.get(path).await.problem(401, "token.invalid");
    }
}

async fn the_checks_hold_for_what_is_kept(app: TestApp) {
    let by = app.coordinator().await;
    for path in ["/goals", PROGRESS] {
        by.get(path).await.ok();
        by.call("GET", path).header("Accept", "text/html").send().await.problem(406, "media_type.not_acceptable");
        by.call("GET", path).header("Authorization", "Bearer nothing").send().await.problem(401, "token.invalid");
        by.call("PUT", path).raw("application/json", "{}").send().await.problem(405, "method.not_allowed");
    }
    by.call("GET", PROGRESS).header("X-Purpose", &"x".repeat(501)).send().await.problem(400, "header.invalid");
    by.get("/goals?limit=0").await.problem(400, "query.invalid");
    by.get("/goals?nothing=1").await.problem(400, "query.unknown");
}

async fn who_has_reported_is_kept_until_it_changes_or_a_deadline_passes(app: TestApp) {
    let (by, machine) = (app.coordinator().await, app.province_machine().await);
    let period = Period::regular(&app, &by, PLAN, "2026", &["U5"], &["4.1"]).await;
    let report = period.report("U5").await;
    let of_plan = format!("/completeness?plan={PLAN}&period=2026");
    let desks = [format!("{}/completeness", period.path), of_plan.clone()];
    let of_unit = async |member: &str| -> Vec<Value> {
        let mut told = Vec::new();
        for path in &desks {
            told.push(by.get(path).await.ok()["units"][0][member].clone());
        }
        told
    };
    let mut kept = false;
    for _ in 0..20 {
        let before = given_out(&app).await;
        of_unit("version").await;
        kept = given_out(&app).await == before + 2;
        if kept {
            break;
        }
        // The server may be making periods yet.
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    assert!(kept, "nothing has changed");
    assert_eq!(of_unit("open_comments").await, [0, 0]);
    report
        .reporter()
        .await
        .post(&format!("{}/comments", report.path), &json!({"indicator": "4.1", "text": "Số ước tính"}))
        .await
        .with_status(201);
    assert_eq!(of_unit("open_comments").await, [1, 1]);
    assert_eq!(of_unit("blockers").await, [1, 1]);
    report.fill(&[cell("4.1", 109, 100)]).await;
    assert_eq!(of_unit("blockers").await, [0, 0]);
    // Nobody does anything but wait.
    by.patch(&period.path, &json!({"due_at": in_seconds(4), "reason": "Sở yêu cầu sớm hơn"})).await.with_status(200);
    machine.patch(&period.path, &json!({"consolidated_due_at": in_seconds(4)})).await.with_status(200);
    let of_wards = async || machine.get(&of_plan).await.ok()["overdue"].clone();
    assert_eq!((of_unit("overdue").await, of_wards().await), (vec![json!(0), json!(0)], json!(0)));
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!((of_unit("overdue").await, of_wards().await), (vec![json!(1), json!(1)], json!(1)));
}
