//! What answers are made with is kept in memory. A debug build compares each use of it with what it would be made of at that
//! moment, and answers 500 where they differ: here under writes at the same time, at one server and at two.

use crate::house::json::{bi, list, text};
use crate::house::steps::{Period, cell};
use crate::house::{Actor, TestApp, WARD};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};

on_both![answers_follow_writes_at_the_same_time, every_question_shows_the_last_write];

/// A question that nobody has asked yet.
fn another(path: &str) -> String {
    static ASKED: AtomicUsize = AtomicUsize::new(0);
    let n = ASKED.fetch_add(1, Ordering::Relaxed);
    format!("{path}&limit={}&updated_since=2020-01-01T00:00:00.{n:06}Z", 30 + n % 400)
}

async fn furnished(app: &TestApp) -> Period {
    let period = Period::ad_hoc(app, &["U5", "U6"], &["4.1", "4.2", "3.3"]).await;
    period.deliver("U5", &[cell("4.1", 109, 100), cell("4.2", 3, 400)]).await;
    period.deliver("U6", &[cell("3.3", 5, 5)]).await;
    period
}

async fn answers_follow_writes_at_the_same_time(app: TestApp) {
    furnished(&app).await;
    let by = app.coordinator().await;
    let beside = app.beside().await;
    let there = beside.sign_in(&by.session().username, &by.session().password).await;
    let supervisor = app.supervisor().await;
    let find = |path: &'static str, code: &'static str| {
        let by = by.clone();
        async move { format!("{path}/{}", text(&by.by_code(path, code).await, "id")) }
    };
    let rows = [find("/indicators", "4.1").await, find("/goals", "G4").await, find("/units", "U5").await];
    let write = |row: String, change: fn(usize) -> Value| {
        let by = by.clone();
        async move {
            for n in 0..25 {
                by.patch(&row, &change(n)).await.ok();
            }
        }
    };
    let read = |reader: &Actor, path: &'static str| {
        let reader = reader.clone();
        async move {
            for _ in 0..40 {
                reader.get(&another(path)).await.ok();
            }
        }
    };
    let [indicator, goal, unit] = rows;
    let tasks = [
        tokio::spawn(write(indicator, |n| json!({"name": bi(&format!("Tên {n}"), "Name")}))),
        tokio::spawn(write(goal, |n| json!({"code": if n % 2 == 0 { "G4x" } else { "G4" }}))),
        tokio::spawn(write(unit, |n| json!({"code": if n % 2 == 0 { "U5x" } else { "U5" }}))),
        tokio::spawn(read(&by, "/indicators?jurisdiction=09385")),
        tokio::spawn(read(&there, "/indicators?jurisdiction=09385")),
        tokio::spawn(read(&there, "/observations?jurisdiction=09385")),
        tokio::spawn(read(&supervisor, "/observations?jurisdiction=09385")),
    ];
    for task in tasks {
        task.await.expect("all answers are right");
    }
}

async fn every_question_shows_the_last_write(app: TestApp) {
    let period = furnished(&app).await;
    let by = app.coordinator().await;
    let beside = app.beside().await;
    let there = beside.sign_in(&by.session().username, &by.session().password).await;
    let (lists, figures) = (format!("/indicators?jurisdiction={WARD}"), format!("/observations?jurisdiction={WARD}"));
    let item = |answer: Value, code: &str| list(&answer, "items").iter().find(|item| item["code"] == code).cloned().expect("it is there");
    let indicator = by.by_code("/indicators", "4.1").await;
    let path = format!("/indicators/{}", text(&indicator, "id"));
    for n in 0..4 {
        let name = bi(&format!("Tên {n}"), "Name");
        by.patch(&path, &json!({"name": name})).await.ok();
        for reader in [&by, &there] {
            assert_eq!(item(reader.get(&another(&lists)).await.ok(), "4.1")["name"], name, "{n}");
        }
        let unit = by.by_code("/units", if n % 2 == 0 { "U5" } else { "U5x" }).await;
        let code = if n % 2 == 0 { "U5x" } else { "U5" };
        by.patch(&format!("/units/{}", text(&unit, "id")), &json!({"code": code})).await.ok();
        for reader in [&by, &there] {
            let found = reader.get(&another(&figures)).await.ok();
            assert!(list(&found, "items").iter().any(|item| item["unit"]["code"] == code), "{n}: {found}");
        }
    }
    // What is hidden follows from what is accepted.
    let supervisor = app.supervisor().await;
    let shown =
        |answer: Value| list(&answer, "items").iter().any(|item| item["suppressed"] == json!(false) && item["numerator"] == json!(3));
    let of_period = format!("/observations?period={}", period.id);
    assert!(!shown(supervisor.get(&another(&of_period)).await.ok()), "three cases are too few to be shown");
}
