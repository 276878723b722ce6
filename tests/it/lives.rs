//! Plans, units and wards over their years: who takes whose place, and what stays as it was (contract, section 3a).

use crate::house::json::{code, list, number, text, with};
use crate::house::steps::{Period, cell};
use crate::house::{Actor, PLAN, PROVINCE, TestApp, WARD};
use serde_json::{Value, json};
use std::time::Duration;

on_both![one_plan_a_year, a_plan_takes_another_one_s_place, the_years_of_a_plan_may_become_fewer];

/// A plan without anything in it.
fn plan(code: &str, start_year: i32, end_year: i32) -> Value {
    json!({"code": code, "jurisdiction": WARD, "title": {"vi": "Kế hoạch", "en": null}, "start_year": start_year, "end_year": end_year})
}

async fn path_of(by: &Actor, list: &str, code: &str) -> String {
    format!("{list}/{}", text(&by.by_code(list, code).await, "id"))
}

/// The labels of the annual periods of a plan.
async fn years_of(by: &Actor, plan: &str) -> Vec<String> {
    let found = by.items("/reporting-periods", &[("plan", plan), ("frequency", "annual"), ("sort", "label")]).await;
    found.iter().map(|p| text(p, "label").to_owned()).collect()
}

async fn one_plan_a_year(app: TestApp) {
    let by = app.coordinator().await;
    let draft = by.post("/plans", &plan("KH-2029", 2029, 2033)).await.with_status(201);
    assert_eq!(draft["replaces"], Value::Null);
    let path = format!("/plans/{}", text(&draft, "id"));
    let refused = by.patch(&path, &json!({"status": "active"})).await.problem(409, "plan.overlap");
    assert_eq!(code(&refused["plan"]), PLAN);
    by.post("/plans", &with(&plan("KH-2030", 2030, 2030), &json!({"status": "active"}))).await.problem(409, "plan.overlap");
    by.patch(&path, &json!({"status": "active", "start_year": 2031})).await.with_status(200);
    by.patch(&path, &json!({"start_year": 2030})).await.problem(409, "plan.overlap");
    by.patch(&path_of(&by, "/plans", PLAN).await, &json!({"end_year": 2031})).await.problem(409, "plan.overlap");
    by.patch(&path, &json!({"replaces": PLAN})).await.problem(422, "field.immutable");
    // A plan that is over holds no year against another.
    by.patch(&path, &json!({"status": "closed"})).await.with_status(200);
    by.post("/plans", &with(&plan("KH-2031", 2031, 2035), &json!({"status": "active"}))).await.with_status(201);
}

/// What a province reads of an indicator in a year: its numerator, the wards in the sum, and how many are expected and have sent.
async fn of_province(by: &Actor, year: &str) -> (String, usize, i64, i64) {
    let query = [("jurisdiction", PROVINCE), ("period", year)];
    let progress = by.find("/progress", &query).await.ok();
    let births = list(&progress, "indicators").iter().find(|i| code(&i["indicator"]) == "4.1").map(|i| number(&i["numerator"]));
    let complete = by.find("/completeness", &query).await.ok();
    let count = |member: &str| complete[member].as_i64().expect("a count");
    (births.expect("4.1"), list(&progress, "wards").len(), count("expected"), count("sent"))
}

async fn a_plan_takes_another_one_s_place(app: TestApp) {
    let (by, public) = (app.coordinator().await, app.anonymous());
    let first = Period::regular(&app, &by, PLAN, "2026", &["U5"], &["4.1"]).await;
    first.deliver("U5", &[cell("4.1", 114, 100)]).await;
    first.consolidate().await.send().await;
    let begun = Period::regular(&app, &by, PLAN, "2027", &["U5"], &["4.1"]).await;
    let old = path_of(&by, "/plans", PLAN).await;
    let body = json!({"jurisdiction": WARD, "title": {"vi": "Kế hoạch mới", "en": null}});
    let new = by.post(&format!("{old}/copy"), &body).await.with_status(201);
    let (id, new) = (text(&new, "id").to_owned(), format!("/plans/{}", text(&new, "id")));
    let named = by.patch(&new, &json!({"replaces": PLAN})).await.ok();
    assert_eq!(code(&named["replaces"]), PLAN);
    for early in [2025, 2026] {
        let refused = by.patch(&new, &json!({"start_year": early, "status": "active"})).await.problem(409, "plan.in_use");
        assert_eq!(refused["first_free_year"], json!(2027));
    }
    by.patch(&new, &json!({"start_year": 2027, "status": "active"})).await.with_status(200);
    let ended = by.get(&old).await.ok();
    assert_eq!((&ended["end_year"], text(&ended, "status")), (&json!(2026), "active"));
    assert_eq!(years_of(&by, PLAN).await, ["2026", "2027"], "nobody is asked for what comes after");
    assert_eq!(text(&begun.read().await, "status"), "closed", "nor twice for what had begun");
    by.patch(&new, &json!({"replaces": null})).await.problem(422, "field.immutable");
    by.patch(&old, &json!({"end_year": 2027})).await.problem(409, "plan.overlap");
    let next = Period::regular(&app, &by, &id, "2027", &["U5"], &["4.1"]).await;
    next.deliver("U5", &[cell("4.1", 221, 200)]).await;
    assert_eq!(of_province(&public, "2026").await, ("114".to_owned(), 1, 1, 1));
    assert_eq!(of_province(&by, "2027").await, ("221".to_owned(), 1, 1, 0));
    next.consolidate().await.send().await;
    assert_eq!(of_province(&public, "2026").await, ("114".to_owned(), 1, 1, 1), "each year is read from the plan that held it");
    assert_eq!(of_province(&public, "2027").await, ("221".to_owned(), 1, 1, 1));
    let refused = by.delete(&old).await.problem(409, "plan.in_use");
    assert_eq!(refused["referrers"]["plans"], json!(1));
}

async fn the_years_of_a_plan_may_become_fewer(app: TestApp) {
    let by = app.coordinator().await;
    Period::regular(&app, &by, PLAN, "2027", &["U5"], &["4.1"]).await;
    let path = path_of(&by, "/plans", PLAN).await;
    by.patch(&path, &json!({"end_year": 2026})).await.problem(409, "plan.in_use");
    by.patch(&path, &json!({"end_year": 2028})).await.with_status(200);
    assert_eq!(years_of(&by, PLAN).await, ["2026", "2027", "2028"]);
    by.patch(&path, &json!({"end_year": 2030})).await.with_status(200);
    for _ in 0..100 {
        if years_of(&by, PLAN).await.len() == 5 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("what went with its year comes back with it");
}
