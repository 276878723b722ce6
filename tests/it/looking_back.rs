//! What a published year says of other years and by which words: as they were known when it was computed (contract, section 3a).

use crate::house::json::{bi, code, list, text, with};
use crate::house::steps::{Consolidated, Period, cell};
use crate::house::{Actor, PLAN, TestApp, WARD};
use serde_json::{Value, json};

on_both![a_published_year_looks_back_as_it_did];

/// What the births of a year look like beside those of the year before, under their name.
async fn looking_back(by: &Actor, named: (&str, &str), year: &str) -> (Value, Value, Value, Value) {
    let progress = by.find("/progress", &[named, ("period", year)]).await.ok();
    let row = list(&progress, "indicators").iter().find(|i| code(&i["indicator"]) == "4.1").unwrap();
    (row["previous_value"].clone(), row["change"].clone(), row["pace"].clone(), row["name"]["vi"].clone())
}

/// The births of a year, reported and sent.
async fn births(app: &TestApp, year: &str, boys: i64) -> (Period, Consolidated) {
    let period = Period::regular(app, &app.coordinator().await, PLAN, year, &["U5"], &["4.1"]).await;
    period.deliver("U5", &[cell("4.1", boys, 100)]).await;
    let whole = period.consolidate().await;
    whole.send().await;
    (period, whole)
}

async fn corrected(app: &TestApp, period: &Period, boys: Option<i64>) {
    let whole = period.correct("Số liệu chính thức").await;
    if let Some(boys) = boys {
        let report = period.report("U5").await;
        report.reopen("Số liệu chính thức").await;
        report.submit(&[cell("4.1", boys, 100)]).await;
        report.accept().await;
    }
    whole.try_step(&app.coordinator().await, "refresh", &json!({})).await.with_status(200);
    whole.send().await;
}

async fn a_published_year_looks_back_as_it_did(app: TestApp) {
    let (by, public) = (app.coordinator().await, app.anonymous());
    let (first, _) = births(&app, "2026", 114).await;
    let (second, whole) = births(&app, "2027", 112).await;
    let places = [("plan", PLAN), ("jurisdiction", WARD)];
    let before = looking_back(&public, places[0], "2027").await;
    assert_eq!((&before.0, &before.1), (&json!(114), &json!(-2)));
    assert_eq!(looking_back(&public, places[1], "2027").await, before);
    // What the year did not ask is free in it, and changes nothing of what was sent.
    let unasked = async || {
        let progress = public.find("/progress", &[places[0], ("period", "2027")]).await.ok();
        list(&progress, "indicators").iter().find(|i| code(&i["indicator"]) == "1.1").unwrap().clone()
    };
    let free = by.by_code("/indicators", "1.1").await;
    let told = unasked().await;
    let lower = json!({"targets": [with(&free["targets"][0], &json!({"value": 50}))]});
    by.patch(&format!("/indicators/{}", text(&free, "id")), &lower).await.ok();
    assert_eq!((&told["final_target"], unasked().await), (&json!(70), told.clone()));
    corrected(&app, &first, Some(110)).await;
    let path = format!("/indicators/{}", text(&by.by_code("/indicators", "4.1").await, "id"));
    by.patch(&path, &json!({"name": bi("Tên mới", "New name")})).await.ok();
    for place in places {
        assert_eq!(looking_back(&public, place, "2027").await, before, "as it was signed");
    }
    let signed = whole.result("4.1").await;
    assert_eq!((&signed["previous_value"], &signed["change"]), (&before.0, &before.1), "as its content says");
    // The ward's own people compare with what is accepted by now.
    assert_eq!(looking_back(&by, places[0], "2027").await.0, json!(110));
    corrected(&app, &second, None).await;
    let now = looking_back(&public, places[0], "2027").await;
    assert_eq!((&now.0, &now.1, &now.3), (&json!(110), &json!(2), &json!("Tên mới")));
}
