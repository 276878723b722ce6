//! Reporting periods from outside: who makes them, what is fixed when, what the province may set.

use crate::house::json::{bi, codes, list, pointers, text, with};
use crate::house::steps::{Period, body, in_days, in_minutes, in_seconds, instant};
use crate::house::{Grant, NOBODY, PLAN, PROVINCE, TestApp, WARD};
use serde_json::{Value, json};
use std::time::Duration;

on_both![
    labels_tell_days_and_instants,
    what_contradicts_itself_is_told_at_once,
    lists_follow_the_plan_until_opening,
    a_deadline_moves_the_reports,
    the_province_asks_many_wards,
    the_province_sets_one_thing,
    time_opens_a_period,
    an_implied_period_is_closed_for_a_reason,
    only_the_signed_in_read_periods,
    a_deadline_may_lie_in_the_past,
];

const PATH: &str = "/reporting-periods";

async fn labels_tell_days_and_instants(app: TestApp) {
    let by = app.coordinator().await;
    let bare = json!({"plan": PLAN, "kind": "periodic", "frequency": "quarterly", "label": "2031-Q1"});
    let made = by.post(PATH, &bare).await.with_status(201);
    let told = ["starts_on", "ends_on", "opens_at", "due_at", "status"].map(|m| text(&made, m));
    assert_eq!(told, ["2031-01-01", "2031-03-31", "2031-03-31T17:00:00Z", "2031-04-10T17:00:00Z", "planned"]);
    assert_eq!((codes(list(&made, "units")), codes(list(&made, "indicators"))), (vec!["U4".to_owned()], vec!["6.3".to_owned()]));
    by.post(PATH, &bare).await.problem(409, "period.exists");
    // The other kinds may repeat a label.
    let again = with(&body(&["U5"], &["4.1"], 60), &json!({"label": "2031-Q1"}));
    by.post(PATH, &again).await.with_status(201);
    by.post(PATH, &again).await.with_status(201);
}

async fn what_contradicts_itself_is_told_at_once(app: TestApp) {
    let by = app.coordinator().await;
    let wrong = json!({"plan": PLAN, "kind": "periodic", "frequency": "annual", "label": "2031-Q1", "starts_on": "2031-02-01",
        "ends_on": "2031-01-01", "opens_at": in_days(2), "due_at": in_days(1), "units": ["U5", "U99"], "indicators": ["9.9"]});
    let problem = by.post(PATH, &wrong).await.problem(422, "body.invalid");
    let mut told = pointers(&problem);
    told.sort();
    assert_eq!(told, ["/due_at", "/ends_on", "/indicators/0", "/label", "/units/1"]);
    by.post(PATH, &json!({"kind": "ad_hoc"})).await.problem(422, "field.missing");
    let both = with(&body(&["U5"], &["4.1"], 60), &json!({"jurisdictions": [WARD]}));
    by.post(PATH, &both).await.problem(422, "field.conflict");
}

async fn lists_follow_the_plan_until_opening(app: TestApp) {
    let by = app.coordinator().await;
    let found = by.items(PATH, &[("plan", PLAN), ("frequency", "annual"), ("label", "2029")]).await;
    let period = Period::of(&app, text(&found[0], "id"));
    let school = json!({"jurisdiction": WARD, "code": "U7.1", "parent": "U7", "kind": "school", "name": bi("Trường", "School"),
        "is_group": false, "reports": true, "active": true});
    by.post("/units", &school).await.with_status(201);
    let units = codes(list(&period.read().await, "units"));
    assert!(units.contains(&"U7.1".to_owned()) && !units.contains(&"U7".to_owned()), "{units:?}");
    period.open().await;
    by.post("/units", &with(&school, &json!({"code": "U7.2"}))).await.with_status(201);
    assert_eq!(codes(list(&period.read().await, "units")), units, "frozen");
    let same: Vec<Value> = units.iter().rev().map(|u| json!(u)).collect();
    by.patch(&period.path, &json!({"units": same})).await.with_status(200);
    by.patch(&period.path, &json!({"kind": "ad_hoc"})).await.problem(409, "period.frozen");
    for changed in
        [json!({"label": "2031"}), json!({"ends_on": "2026-06-30"}), json!({"starts_on": "2026-02-01"}), json!({"indicators": ["4.1"]})]
    {
        by.patch(&period.path, &changed).await.problem(409, "period.frozen");
    }
    by.patch(&period.path, &json!({"plan": NOBODY})).await.refused(422);
    by.patch(&period.path, &json!({"title": bi("Báo cáo năm", "The year")})).await.with_status(200);
}

async fn a_deadline_moves_the_reports(app: TestApp) {
    let period = Period::ad_hoc(&app, &["U5", "U6"], &["4.1", "3.3"]).await;
    let by = app.coordinator().await;
    let (later, latest) = (in_days(40), in_days(50));
    let extensions = format!("{}/extensions", period.path);
    by.post(&extensions, &json!({"unit": "U5", "due_at": latest, "reason": "Bão lụt"})).await.with_status(201);
    by.post(&extensions, &json!({"unit": "U5", "due_at": in_days(1), "reason": "Sớm hơn"})).await.problem(422, "extension.earlier");
    by.post(&extensions, &json!({"unit": "U1", "due_at": latest, "reason": "Không có"})).await.problem(422, "reference.unknown");
    let bare = by.patch(&period.path, &json!({"due_at": later})).await.problem(422, "field.required");
    assert_eq!(pointers(&bare), ["/reason"]);
    by.patch(&period.path, &json!({"due_at": later, "reason": "Bão lụt"})).await.with_status(200);
    let due = async || {
        let told = period.completeness().await;
        list(&told, "units").iter().map(|u| instant(&u["due_at"])).collect::<Vec<_>>()
    };
    assert_eq!(due().await, [instant(&json!(latest)), instant(&json!(later))], "an extension stays");
    assert_eq!(list(&period.read().await, "extensions").len(), 1);
    // Also to a day before the one that was planned for the opening: it was opened early.
    by.patch(&period.path, &json!({"due_at": in_minutes(-5), "reason": "Sở yêu cầu sớm hơn"})).await.with_status(200);
    assert_eq!(period.completeness().await["overdue"], 1);
    period.close().await;
    by.post(&extensions, &json!({"unit": "U6", "due_at": latest, "reason": "Muộn"})).await.problem(409, "period.closed");
}

async fn the_province_asks_many_wards(app: TestApp) {
    let province = app.province_machine().await;
    let asked = json!({"jurisdictions": [PROVINCE], "kind": "ad_hoc", "label": "DX-TINH", "starts_on": "2026-01-01", "ends_on": "2026-12-31",
        "opens_at": in_days(1), "due_at": in_days(9), "indicators": ["3.3"], "requested_by": {"organisation": "Sở Nội vụ", "basis": "Công văn 123"}});
    let made = province.post(PATH, &asked).await.with_status(201);
    let item = &list(&made, "items")[0];
    assert_eq!((text(item, "jurisdiction"), codes(list(item, "units"))), (WARD, vec!["U6".to_owned()]));
    assert_eq!(text(&item["requested_by"], "organisation"), "Sở Nội vụ");
    let found = province.items(PATH, &[("inquiry", text(item, "inquiry"))]).await;
    assert_eq!(found.len(), list(&made, "items").len());
    let unknown = with(&asked, &json!({"jurisdictions": [WARD, "99999"]}));
    assert_eq!(pointers(&province.post(PATH, &unknown).await.problem(422, "reference.unknown")), ["/jurisdictions/1"]);
    province.post(PATH, &with(&asked, &json!({"kind": "thematic"}))).await.problem(422, "field.conflict");
    let periodic = json!({"plan": PLAN, "kind": "periodic", "frequency": "annual", "label": "2031"});
    province.post(PATH, &periodic).await.problem(403, "access.denied");
}

async fn the_province_sets_one_thing(app: TestApp) {
    let period = Period::planned(&app, &["U5"], &["4.1"], 30 * 24 * 60).await;
    let province = app.province_machine().await;
    assert_eq!(period.read().await["consolidated_due_at"], Value::Null);
    let owed = in_days(45);
    let told = province.patch(&period.path, &json!({"consolidated_due_at": owed})).await.with_status(200);
    assert_eq!(instant(&told["consolidated_due_at"]), instant(&json!(owed)));
    province.patch(&period.path, &json!({"label": "khác"})).await.problem(403, "access.denied");
    province.act(&period.path, "open", &json!({})).await.problem(403, "access.denied");
}

async fn time_opens_a_period(app: TestApp) {
    let by = app.coordinator().await;
    let now = with(&body(&["U5"], &["4.1"], 60), &json!({"opens_at": in_minutes(-1)}));
    let period = Period::of(&app, text(&by.post(PATH, &now).await.with_status(201), "id"));
    assert_eq!(period.read().await["status"], "open", "at once");
    let soon = with(&body(&["U5"], &["4.1"], 60), &json!({"opens_at": in_seconds(1)}));
    let period = Period::of(&app, text(&by.post(PATH, &soon).await.with_status(201), "id"));
    for _ in 0..100 {
        if period.read().await["status"] == "open" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert_eq!(period.read().await["status"], "open");
    assert_eq!(period.reports().await.len(), 1);
}

async fn a_deadline_may_lie_in_the_past(app: TestApp) {
    // Long before the day on which such a period opens by rule.
    let body = json!({"plan": PLAN, "kind": "periodic", "frequency": "annual", "label": "2041", "due_at": in_days(-1)});
    let made = app.coordinator().await.post(PATH, &body).await.with_status(201);
    assert_eq!(made["status"], "open");
    let period = Period::of(&app, text(&made, "id"));
    let told = period.completeness().await;
    assert_eq!((&told["expected"], &told["overdue"]), (&json!(8), &json!(8)));
}

async fn an_implied_period_is_closed_for_a_reason(app: TestApp) {
    let by = app.coordinator().await;
    let found = by.items(PATH, &[("plan", PLAN), ("label", "2030-12")]).await;
    let path = format!("{PATH}/{}", text(&found[0], "id"));
    by.delete(&path).await.problem(409, "period.implied");
    let told = by.get(&path).await.ok()["_actions"]["delete"].clone();
    assert_eq!(told["allowed"], false, "{told}");
    assert!(text(&told, "reason").contains("không xoá được"), "{told}");
    assert_eq!(pointers(&by.act(&path, "close", &json!({})).await.problem(422, "field.required")), ["/reason"]);
    let closed = by.act(&path, "close", &json!({"reason": "Phường đã sáp nhập"})).await.with_status(200);
    assert_eq!(closed["status"], "closed");
    let expected = by.get(&format!("{path}/completeness")).await.ok()["expected"].clone();
    assert_eq!(expected, 0, "it counts nowhere");
    let consolidate = json!({"period": found[0]["id"]});
    let refused = by.post("/consolidated-reports", &consolidate).await.problem(409, "period.not_open");
    assert_eq!((text(&refused, "current"), &refused["allowed"]), ("closed", &json!(["reopen"])));
    assert_eq!(by.act(&path, "reopen", &json!({})).await.with_status(200)["status"], "open", "its first opening");
    by.post("/consolidated-reports", &consolidate).await.with_status(201);
    assert_eq!(by.get(&format!("{path}/completeness")).await.ok()["expected"], 1);
}

async fn only_the_signed_in_read_periods(app: TestApp) {
    let period = Period::planned(&app, &["U5"], &["4.1"], 60).await;
    app.anonymous().get(PATH).await.problem(401, "auth.required");
    for reader in [app.reporter("U6").await, app.supervisor().await, app.province_machine().await] {
        reader.get(&period.path).await.ok();
    }
    app.province_machine().await.get(&format!("{}/completeness", period.path)).await.problem(403, "access.denied");
    let ward = json!({"code": "09367", "name": bi("Phường Từ Sơn", "Tu Son"), "level": "commune", "kind": "ward", "parent": PROVINCE});
    app.admin().await.post("/jurisdictions", &ward).await.with_status(201);
    let elsewhere = app.someone(Grant::of("coordinator").at("09367")).await;
    elsewhere.get(&period.path).await.problem(404, "resource.not_found");
    assert!(elsewhere.items(PATH, &[]).await.is_empty());
}
