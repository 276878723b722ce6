//! Many at once: of a hundred who act on the same version exactly one succeeds, and the others are told why.

use crate::house::json::{bi, list, mark, number, sorted, text};
use crate::house::steps::{Period, Report, cell, observation};
use crate::house::{self, Actor, Answer, PLAN, TestApp};
use serde_json::{Value, json};

on_both![
    of_a_hundred_submits_one_succeeds,
    of_a_hundred_accepts_one_succeeds,
    of_a_hundred_patches_one_succeeds,
    accepting_and_returning_exclude_each_other,
    withdrawing_and_accepting_exclude_each_other,
    a_period_opens_once,
    a_code_is_taken_once,
    a_period_is_consolidated_once,
    approving_and_reopening_exclude_each_other,
    a_key_takes_effect_once,
    a_refresh_token_has_one_successor,
    different_reports_do_not_hinder_each_other,
    what_is_deleted_is_not_referred_to,
];

/// Who, method, path, headers, body.
type Request = (Actor, &'static str, String, Vec<(&'static str, String)>, Value);

/// All requests at the same moment.
async fn at_once(calls: Vec<Request>) -> Vec<Answer> {
    let call = |(by, method, path, headers, body): Request| {
        headers.iter().fold(by.call(method, &path), |call, (name, value)| call.header(name, value)).json(&body)
    };
    house::at_once(calls.into_iter().map(call).collect()).await
}

/// The same request by the same person so many times, on the same version.
async fn crowd(by: &Actor, count: usize, method: &'static str, path: &str, etag: &str, body: impl Fn(usize) -> Value) -> Vec<Answer> {
    let one = |n| (by.clone(), method, path.to_owned(), vec![("If-Match", etag.to_owned())], body(n));
    at_once((0..count).map(one).collect()).await
}

/// The places of those that succeeded; the others were told of a conflict or of a stale version, never of a failure.
fn winners(answers: &[Answer]) -> Vec<usize> {
    for refused in answers.iter().filter(|a| a.status >= 300) {
        assert!([409, 412].contains(&refused.status), "{}", refused.excerpt());
        refused.refused(refused.status);
    }
    (0..answers.len()).filter(|n| answers[*n].status < 300).collect()
}

async fn of_a_hundred_submits_one_succeeds(app: TestApp) {
    let report = Report::in_status(&app, "draft").await;
    let (by, etag) = (report.reporter().await, report.etag().await);
    let answers = crowd(&by, 100, "POST", &format!("{}/submit", report.path), &etag, |_| json!({})).await;
    assert_eq!(winners(&answers).len(), 1);
    let there = report.read().await;
    assert_eq!((text(&there, "status"), list(&there, "history").len()), ("submitted", 1));
}

async fn of_a_hundred_accepts_one_succeeds(app: TestApp) {
    let report = Report::in_status(&app, "submitted").await;
    let (by, etag) = (app.coordinator().await, report.etag().await);
    let answers = crowd(&by, 100, "POST", &format!("{}/accept", report.path), &etag, |_| json!({})).await;
    assert_eq!(winners(&answers).len(), 1);
    let there = by.get(&report.path).await.ok();
    assert_eq!((text(&there, "status"), list(&there, "history").len()), ("accepted", 2));
}

async fn of_a_hundred_patches_one_succeeds(app: TestApp) {
    let report = Report::of_health_station(&app).await;
    let (by, etag) = (report.reporter().await, report.etag().await);
    let version = report.read().await["version"].as_i64().unwrap();
    let body = |n: usize| json!({"observations": [cell("4.1", 100 + i64::try_from(n).unwrap(), 100)]});
    let answers = crowd(&by, 100, "PATCH", &format!("{}/observations", report.path), &etag, body).await;
    let won = winners(&answers);
    assert_eq!(won.len(), 1);
    let there = report.read().await;
    assert_eq!(number(&observation(&there, "4.1", &json!({})).expect("4.1")["numerator"]), (100 + won[0]).to_string());
    assert_eq!(there["version"], version + 1);
    let narrative =
        crowd(&by, 60, "PATCH", &report.path, &report.etag().await, |n| json!({"narrative": {"results": format!("Bản {n}")}})).await;
    let won = winners(&narrative);
    assert_eq!(won.len(), 1);
    assert_eq!(report.read().await["narrative"]["results"], format!("Bản {}", won[0]));
}

async fn exclude(app: &TestApp, first: (&Actor, &'static str), second: (&Actor, &'static str)) {
    for _ in 0..5 {
        let report = Report::in_status(app, "submitted").await;
        let etag = report.etag().await;
        let call = |(by, verb): (&Actor, &str)| {
            let body = if verb == "return" { json!({"reason": "Xem lại"}) } else { json!({}) };
            (by.clone(), "POST", format!("{}/{verb}", report.path), vec![("If-Match", etag.clone())], body)
        };
        let calls = (0..20).map(|n| call(if n % 2 == 0 { first } else { second })).collect();
        let answers = at_once(calls).await;
        let won = winners(&answers);
        assert_eq!(won.len(), 1);
        let there = report.read().await;
        assert_eq!(there["status"], answers[won[0]].body["status"]);
        assert_eq!(list(&there, "history").len(), 2);
    }
}

async fn accepting_and_returning_exclude_each_other(app: TestApp) {
    let by = app.coordinator().await;
    exclude(&app, (&by, "accept"), (&by, "return")).await;
}

async fn withdrawing_and_accepting_exclude_each_other(app: TestApp) {
    let (by, u5) = (app.coordinator().await, app.reporter("U5").await);
    exclude(&app, (&by, "accept"), (&u5, "withdraw")).await;
}

async fn a_period_opens_once(app: TestApp) {
    let period = Period::planned(&app, &["U1", "U2", "U5", "U6"], &["1.1", "2.3", "4.1", "3.3"], 30 * 24 * 60).await;
    let by = app.coordinator().await;
    let etag = by.etag(&period.path).await;
    let answers = crowd(&by, 50, "POST", &format!("{}/open", period.path), &etag, |_| json!({})).await;
    assert_eq!(winners(&answers).len(), 1);
    assert_eq!(sorted(period.reports().await.iter().map(|r| r.unit.clone()).collect()), ["U1", "U2", "U5", "U6"]);
}

async fn a_code_is_taken_once(app: TestApp) {
    let by = app.coordinator().await;
    let code = format!("G{}", mark());
    let goal = json!({"plan": PLAN, "code": code, "ordinal": 7, "field": bi("thử", "trial"), "title": bi("Mục tiêu", "Goal")});
    let answers = crowd(&by, 50, "POST", "/goals", "\"1\"", |_| goal.clone()).await;
    assert_eq!(winners(&answers).len(), 1);
    assert_eq!(by.items("/goals", &[("code", &code)]).await.len(), 1);
}

async fn a_period_is_consolidated_once(app: TestApp) {
    let period = Period::ad_hoc(&app, &["U5"], &["4.1"]).await;
    period.deliver("U5", &[cell("4.1", 109, 100)]).await;
    let by = app.coordinator().await;
    let answers = crowd(&by, 30, "POST", "/consolidated-reports", "\"1\"", |_| json!({"period": period.id})).await;
    assert_eq!(winners(&answers).len(), 1);
    assert_eq!(by.items("/consolidated-reports", &[("period", &period.id)]).await.len(), 1);
}

/// What is approved holds what is accepted: a report reopened at the same moment is either still held, or the approval is
/// stale.
async fn approving_and_reopening_exclude_each_other(app: TestApp) {
    let (by, leader) = (app.coordinator().await, app.leader().await);
    for _ in 0..8 {
        let period = Period::ad_hoc(&app, &["U5"], &["4.1"]).await;
        let report = period.deliver("U5", &[cell("4.1", 109, 100)]).await;
        let whole = period.consolidate().await;
        let (mine, theirs) = (by.etag(&report.path).await, leader.etag(&whole.path).await);
        let calls = vec![
            (leader.clone(), "POST", format!("{}/approve", whole.path), vec![("If-Match", theirs)], json!({})),
            (by.clone(), "POST", format!("{}/reopen", report.path), vec![("If-Match", mine)], json!({"reason": "Bổ sung"})),
        ];
        let answers = at_once(calls).await;
        assert_eq!(winners(&answers).len(), 1, "{}\n{}", answers[0].excerpt(), answers[1].excerpt());
        let (whole, report) = (whole.read().await, by.get(&report.path).await.ok());
        assert_eq!(whole["status"] == "approved", report["status"] != "returned", "{whole} {report}");
    }
}

async fn a_key_takes_effect_once(app: TestApp) {
    let by = app.reporter("U5").await;
    let task = app.coordinator().await.by_code("/tasks", "A5.1").await;
    let path = format!("/tasks/{}/updates", text(&task, "id"));
    let (key, body) = (mark(), json!({"status": "in_progress", "percent_complete": 5, "note": "x"}));
    let one = |_| (by.clone(), "POST", path.clone(), vec![("Idempotency-Key", key.clone())], body.clone());
    let answers = at_once((0..40).map(one).collect()).await;
    for answer in &answers {
        if answer.status != 201 {
            answer.problem(409, "idempotency.in_progress");
        }
    }
    let done: Vec<&Answer> = answers.iter().filter(|a| a.status == 201).collect();
    assert_eq!(done.iter().filter(|a| !a.replayed()).count(), 1);
    assert!(done.iter().all(|a| a.text == done[0].text));
    assert_eq!(by.items(&path, &[]).await.len(), 1);
}

async fn a_refresh_token_has_one_successor(app: TestApp) {
    let by = app.reporter("U5").await;
    let login = json!({"username": by.session().username, "password": by.session().password});
    let session = app.anonymous().post("/auth/login", &login).await.ok();
    let refresh = json!({"refresh_token": text(&session, "refresh_token")});
    let other = app.beside().await;
    let one =
        |n| (if n % 2 == 0 { app.anonymous() } else { other.anonymous() }, "POST", "/auth/refresh".to_owned(), vec![], refresh.clone());
    let answers = at_once((0..10).map(one).collect()).await;
    let told: Vec<Value> = answers.iter().map(|a| a.with_status(200)).collect();
    assert!(told.iter().all(|t| t["refresh_token"] == told[0]["refresh_token"]), "{told:?}");
    for tokens in &told {
        let bearer = format!("Bearer {}", text(tokens, "access_token"));
        app.anonymous().call("GET", "/me").header("Authorization", &bearer).send().await.ok();
    }
    // Once the successor is spent, the first is used again: the whole family is revoked.
    let next = app.anonymous().post("/auth/refresh", &json!({"refresh_token": told[0]["refresh_token"]})).await.ok();
    other.anonymous().post("/auth/refresh", &refresh).await.problem(401, "token.reused");
    app.anonymous().post("/auth/refresh", &json!({"refresh_token": next["refresh_token"]})).await.refused(401);
    let bearer = format!("Bearer {}", text(&next, "access_token"));
    app.anonymous().call("GET", "/me").header("Authorization", &bearer).send().await.problem(401, "token.invalid");
}

async fn different_reports_do_not_hinder_each_other(app: TestApp) {
    let units = ["U1", "U2", "U5", "U6"];
    let cells = [cell("1.1", 7, 10), cell("2.3", 30, 100), cell("4.1", 109, 100), cell("3.3", 5, 5)];
    let mut calls = Vec::new();
    for _ in 0..10 {
        let period = Period::ad_hoc(&app, &units, &["1.1", "2.3", "4.1", "3.3"]).await;
        for (unit, cell) in units.iter().zip(&cells) {
            let report = period.report(unit).await;
            let etag = report.etag().await;
            calls.push((
                report.reporter().await,
                "PATCH",
                format!("{}/observations", report.path),
                vec![("If-Match", etag)],
                json!({"observations": [cell]}),
            ));
        }
    }
    for answer in at_once(calls).await {
        assert_eq!(answer.ok()["created"], 1);
    }
}

/// Whoever comes second hears of the other: deleting that it is in use, or referring that there is nothing.
async fn what_is_deleted_is_not_referred_to(app: TestApp) {
    let by = app.coordinator().await;
    for _ in 0..10 {
        let goal = json!({"plan": PLAN, "code": format!("G{}", mark()), "ordinal": 90, "field": bi("thử", "trial"), "title": bi("Mục tiêu mới", "New goal")});
        let goal = by.post("/goals", &goal).await.with_status(201);
        let path = format!("/goals/{}", text(&goal, "id"));
        let refer = |n: usize| {
            let body =
                json!({"plan": PLAN, "code": format!("T{}{n}", mark()), "kind": "task", "text": bi("Việc", "Work"), "goals": [goal["id"]]});
            (by.clone(), "POST", "/tasks".to_owned(), vec![], body)
        };
        let mut calls: Vec<Request> = (0..6).map(refer).collect();
        calls.insert(3, (by.clone(), "DELETE", path.clone(), vec![("If-Match", by.etag(&path).await)], json!({})));
        let mut answers = at_once(calls).await;
        let deleted = answers.remove(3);
        let made = answers.iter().filter(|a| a.status == 201).count();
        for refused in answers.iter().filter(|a| a.status != 201) {
            refused.problem(422, if deleted.status == 204 { "reference.unknown" } else { unreachable!("{}", refused.excerpt()) });
        }
        if deleted.status == 204 {
            assert_eq!(made, 0);
        } else {
            deleted.problem(409, "goal.in_use");
            assert!(made > 0);
        }
    }
}
