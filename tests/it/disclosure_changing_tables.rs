//! Tables of restricted indicators that grow, or whose units come and go, after somebody read them (contract, section 8): who noted what
//! they showed learns nothing from what they show next.

use crate::house::json::{code, list, of_indicator, text};
use crate::house::steps::{Period, cell, not_applicable, part};
use crate::house::{Actor, PLAN, TestApp};
use serde_json::{Value, json};

on_both![
    who_was_excused_is_not_found_by_the_new_total,
    a_reopened_report_is_not_found_by_the_new_total,
    who_takes_over_gives_nobody_away,
    who_takes_over_gives_no_part_away,
    a_reopened_report_that_leaves_is_not_forgotten,
    what_no_longer_counts_is_hidden,
    words_about_what_does_not_apply_are_not_for_everybody,
];

const INDICATOR: &str = "3.2a";

/// The regular period of 2026, in which these units owe the indicator.
async fn period(app: &TestApp, units: &[&str]) -> Period {
    let by = app.coordinator().await;
    let there = by.by_code("/indicators", INDICATOR).await;
    let duties: Vec<Value> = units.iter().map(|unit| json!({"unit": unit, "duty": "report"})).collect();
    by.patch(&format!("/indicators/{}", text(&there, "id")), &json!({"units": duties})).await.with_status(200);
    Period::regular(app, &by, PLAN, "2026", units, &[INDICATOR]).await
}

/// What a reader is told of the indicator: its total, and of each unit its figure.
async fn told(by: &Actor, period: &Period) -> (Value, Vec<(String, Value)>) {
    let progress = by.find("/progress", &[("plan", PLAN), ("period", "2026")]).await.ok();
    let total = of_indicator(list(&progress, "indicators"), INDICATOR)["numerator"].clone();
    let figures = by.items("/observations", &[("plan", PLAN), ("period", &period.id), ("indicator", INDICATOR)]).await;
    (total, figures.iter().map(|o| (code(&o["unit"]).to_owned(), o["numerator"].clone())).collect())
}

async fn who_was_excused_is_not_found_by_the_new_total(app: TestApp) {
    let (by, supervisor, public) = (app.coordinator().await, app.supervisor().await, app.anonymous());
    let period = period(&app, &["U1", "U2", "U4", "U6"]).await;
    let excusals = format!("{}/excusals", period.path);
    by.post(&excusals, &json!({"unit": "U6", "reason": "Đã sáp nhập"})).await.with_status(201);
    for (unit, numerator, denominator) in [("U1", 20, 50), ("U2", 30, 70), ("U4", 40, 90)] {
        period.deliver(unit, &[cell(INDICATOR, numerator, denominator)]).await;
    }
    assert_eq!(told(&supervisor, &period).await.0, json!(90), "complete, and large");
    let etag = by.get(&period.path).await.header("etag").to_owned();
    by.call("DELETE", &format!("{excusals}/U6")).header("If-Match", &etag).send().await.with_status(204);
    period.deliver("U6", &[cell(INDICATOR, 6, 40)]).await;
    assert_eq!(told(&supervisor, &period).await.0, json!(96), "many are no secret");
    // The same with few of them.
    let report = period.report("U6").await;
    report.reopen("Số liệu chính thức").await;
    report.submit(&[cell(INDICATOR, 2, 40)]).await;
    report.accept().await;
    period.consolidate().await.send().await;
    for reader in [&supervisor, &public] {
        assert_eq!(told(reader, &period).await.0, Value::Null, "92 less 90 is what the one unit said");
    }
}

async fn a_reopened_report_is_not_found_by_the_new_total(app: TestApp) {
    let (supervisor, public) = (app.supervisor().await, app.anonymous());
    let period = period(&app, &["U1", "U2", "U4", "U6"]).await;
    for (unit, numerator, denominator) in [("U1", 20, 50), ("U2", 30, 70), ("U4", 40, 90), ("U6", 50, 90)] {
        period.deliver(unit, &[cell(INDICATOR, numerator, denominator)]).await;
    }
    assert_eq!(told(&supervisor, &period).await.0, json!(140));
    let report = period.report("U6").await;
    report.reopen("Số liệu chính thức").await;
    report.submit(&[cell(INDICATOR, 3, 90)]).await;
    report.accept().await;
    period.consolidate().await.send().await;
    let (total, figures) = told(&public, &period).await;
    assert_eq!(total, Value::Null, "the other three are known");
    assert_eq!(figures.iter().filter(|(_, numerator)| numerator.is_null()).map(|(unit, _)| unit).collect::<Vec<_>>(), ["U6"]);
}

async fn who_takes_over_gives_nobody_away(app: TestApp) {
    let (by, public) = (app.coordinator().await, app.anonymous());
    let period = period(&app, &["U1", "U2", "U4", "U6"]).await;
    for (unit, numerator, denominator) in [("U1", 20, 50), ("U2", 30, 70), ("U4", 40, 90), ("U6", 3, 40)] {
        period.deliver(unit, &[cell(INDICATOR, numerator, denominator)]).await;
    }
    period.consolidate().await.send().await;
    let (_, before) = told(&public, &period).await;
    let shown_before: Vec<&str> = before.iter().filter(|(_, numerator)| !numerator.is_null()).map(|(unit, _)| unit.as_str()).collect();
    assert!(!shown_before.contains(&"U6") && shown_before.contains(&"U4"), "{before:?}");
    let correction = period.correct("Sáp nhập").await;
    period.report("U6").await.reopen("Sáp nhập").await;
    let u4 = period.report("U4").await;
    u4.reopen("Sáp nhập").await;
    let handed_over = json!({"indicator": INDICATOR, "from_unit": "U6", "to_unit": "U4", "reason": "Sáp nhập"});
    by.post(&format!("{}/transfers", period.path), &handed_over).await;
    by.post(&format!("{}/excusals", period.path), &json!({"unit": "U6", "reason": "Sáp nhập"})).await.with_status(201);
    u4.submit(&[cell(INDICATOR, 43, 130)]).await;
    u4.accept().await;
    correction.try_step(&by, "refresh", &json!({})).await.with_status(200);
    correction.send().await;
    let (_, after) = told(&public, &period).await;
    let of_successor = after.iter().find(|(unit, _)| unit == "U4").map(|(_, numerator)| numerator);
    assert_eq!(of_successor, Some(&Value::Null), "43 less 40 is what the other one said");
}

async fn who_takes_over_gives_no_part_away(app: TestApp) {
    let (by, public) = (app.coordinator().await, app.anonymous());
    let period = period(&app, &["U1", "U2", "U4", "U6"]).await;
    for (unit, numerator, denominator) in [("U1", 20, 50), ("U2", 30, 70), ("U6", 4, 50)] {
        period.deliver(unit, &[cell(INDICATOR, numerator, denominator)]).await;
    }
    let by_sex =
        |numerator, denominator, women| [cell(INDICATOR, numerator, denominator), part(INDICATOR, "sex", "female", women, women * 2)];
    let u4 = period.deliver("U4", &by_sex(60, 130, 30)).await;
    period.consolidate().await.send().await;
    let correction = period.correct("Sáp nhập").await;
    period.report("U6").await.reopen("Sáp nhập").await;
    by.post(&format!("{}/excusals", period.path), &json!({"unit": "U6", "reason": "Sáp nhập"})).await.with_status(201);
    u4.reopen("Sáp nhập").await;
    u4.submit(&by_sex(64, 180, 34)).await;
    u4.accept().await;
    correction.try_step(&by, "refresh", &json!({})).await.with_status(200);
    correction.send().await;
    let figures = public.items("/observations", &[("plan", PLAN), ("period", &period.id), ("indicator", INDICATOR), ("unit", "U4")]).await;
    assert_eq!(figures.len(), 2);
    assert!(figures.iter().all(|figure| figure["numerator"].is_null()), "34 less 30 women are among the other one's few: {figures:?}");
}

async fn a_reopened_report_that_leaves_is_not_forgotten(app: TestApp) {
    let (by, supervisor) = (app.coordinator().await, app.supervisor().await);
    let period = period(&app, &["U1", "U2", "U4", "U6"]).await;
    let leaving = period.deliver("U6", &[cell(INDICATOR, 30, 60)]).await;
    leaving.reopen("Kiểm tra lại").await;
    let excusals = format!("{}/excusals", period.path);
    by.post(&excusals, &json!({"unit": "U6", "reason": "Đã sáp nhập"})).await.with_status(201);
    for (unit, numerator, denominator) in [("U1", 20, 50), ("U2", 30, 70), ("U4", 40, 90)] {
        period.deliver(unit, &[cell(INDICATOR, numerator, denominator)]).await;
    }
    assert_eq!(told(&supervisor, &period).await.0, Value::Null, "something of it was reopened: it waits for the approval");
    let etag = by.get(&period.path).await.header("etag").to_owned();
    by.call("DELETE", &format!("{excusals}/U6")).header("If-Match", &etag).send().await.with_status(204);
    leaving.submit(&[cell(INDICATOR, 3, 9)]).await;
    leaving.accept().await;
    period.consolidate().await.approve().await;
    let (total, figures) = told(&supervisor, &period).await;
    assert!(figures.iter().any(|(unit, numerator)| unit == "U6" && numerator.is_null()), "{total} {figures:?}");
}

async fn what_no_longer_counts_is_hidden(app: TestApp) {
    let (by, supervisor) = (app.coordinator().await, app.supervisor().await);
    let there = by.by_code("/indicators", INDICATOR).await;
    let duties: Vec<Value> = ["U1", "U6"].iter().map(|unit| json!({"unit": unit, "duty": "report"})).collect();
    by.patch(&format!("/indicators/{}", text(&there, "id")), &json!({"units": duties})).await.with_status(200);
    let period = Period::regular(&app, &by, PLAN, "2026", &["U1", "U4", "U6"], &[INDICATOR, "3.3"]).await;
    period.deliver("U1", &[cell(INDICATOR, 20, 50)]).await;
    let giving = period.deliver("U6", &[cell(INDICATOR, 3, 9), cell("3.3", 20, 40)]).await;
    giving.reopen("Sáp nhập").await;
    let handed_over = json!({"indicator": INDICATOR, "from_unit": "U6", "to_unit": "U4", "reason": "Sáp nhập"});
    by.post(&format!("{}/transfers", period.path), &handed_over).await.with_status(201);
    giving.submit(&[]).await;
    giving.accept().await;
    for reader in [&supervisor, &period.report("U1").await.reporter().await] {
        let seen = reader.items("/observations", &[("plan", PLAN), ("period", &period.id), ("indicator", INDICATOR), ("unit", "U6")]).await;
        assert!(seen.iter().all(|figure| figure["numerator"].is_null()), "{seen:?}");
    }
    let seen = supervisor.get(&giving.path).await.ok();
    let figure = list(&seen, "observations").iter().find(|o| code(&o["indicator"]) == INDICATOR).unwrap();
    assert_eq!((&figure["numerator"], &figure["suppressed"]), (&Value::Null, &json!(true)));
}

async fn words_about_what_does_not_apply_are_not_for_everybody(app: TestApp) {
    let (by, public) = (app.coordinator().await, app.anonymous());
    let period = period(&app, &["U1", "U6"]).await;
    let why = "Cả năm chỉ có 2 nạn nhân, đã chuyển phường khác";
    period.deliver("U6", &[not_applicable(INDICATOR, why)]).await;
    period.deliver("U1", &[cell(INDICATOR, 20, 50)]).await;
    let whole = period.consolidate().await;
    whole.send().await;
    let machine = app.province_machine().await;
    let reasons = async |reader: &Actor| -> Vec<Value> {
        let figures = reader.items("/observations", &[("plan", PLAN), ("period", &period.id), ("indicator", INDICATOR)]).await;
        figures.iter().filter(|o| code(&o["unit"]) == "U6").map(|o| o["not_applicable"].clone()).collect()
    };
    assert_eq!(reasons(&public).await, ["Không áp dụng"]);
    assert_eq!(reasons(&by).await, [why]);
    let report = period.report("U6").await;
    let seen = app.supervisor().await.get(&report.path).await.ok();
    assert_eq!(seen["observations"][0]["not_applicable"], "Không áp dụng");
    assert_eq!(report.reporter().await.get(&report.path).await.ok()["observations"][0]["not_applicable"], why);
    let content = machine.get(&whole.path).await.ok();
    let frozen = list(&content["content"], "observations").iter().find(|o| code(&o["unit"]) == "U6").unwrap();
    assert_eq!(frozen["not_applicable"], "Không áp dụng");
}
