//! What was so at another instant: observations, progress and completeness with `as_of` (contract, section 7).

use crate::house::json::{code, list, number, of_indicator, text};
use crate::house::steps::{Period, cell};
use crate::house::{Actor, PLAN, PROVINCE, TestApp};
use chrono::{SecondsFormat, Utc};
use serde_json::{Value, json};
use std::time::Duration;

on_both![
    what_was_accepted_is_read_as_it_was,
    what_was_published_is_read_as_it_was,
    completeness_is_read_as_it_was,
    an_obligation_counts_where_it_was,
    restricted_figures_of_another_instant_are_hidden,
    tomorrow_is_not_read,
];

/// This instant, between what was done and what will be.
pub async fn now() -> String {
    tokio::time::sleep(Duration::from_millis(20)).await;
    let at = Utc::now().to_rfc3339_opts(SecondsFormat::Micros, true);
    tokio::time::sleep(Duration::from_millis(20)).await;
    at
}

async fn figure(by: &Actor, period: &str, indicator: &str, as_of: Option<&str>) -> Value {
    let mut query = vec![("plan", PLAN), ("period", period)];
    query.extend(as_of.map(|at| ("as_of", at)));
    of_indicator(list(&by.find("/progress", &query).await.ok(), "indicators"), indicator).clone()
}

async fn numerators(by: &Actor, query: &[(&str, &str)]) -> Vec<String> {
    by.items("/observations", &[&[("indicator", "4.1")], query].concat()).await.iter().map(|item| number(&item["numerator"])).collect()
}

async fn what_was_accepted_is_read_as_it_was(app: TestApp) {
    let by = app.coordinator().await;
    let period = Period::regular(&app, &by, PLAN, "2027", &["U5"], &["4.1"]).await;
    let before = now().await;
    let report = period.deliver("U5", &[cell("4.1", 221, 200)]).await;
    let first = now().await;
    report.reopen("Đối chiếu lại").await;
    let open = now().await;
    report.submit(&[cell("4.1", 218, 200)]).await;
    report.accept().await;
    for (as_of, figures) in [(&before, vec![]), (&first, vec!["221"]), (&open, vec![])] {
        assert_eq!(numerators(&by, &[("as_of", as_of)]).await, figures, "{as_of}");
    }
    assert_eq!(numerators(&by, &[]).await, ["218"]);
    assert_eq!(numerators(&by, &[("as_of", &now().await)]).await, ["218"]);
    let value = async |as_of: Option<&str>| {
        let row = figure(&by, "2027", "4.1", as_of).await;
        (number(&row["value"]), text(&row, "result").to_owned())
    };
    assert_eq!(value(None).await, ("109".to_owned(), "achieved".to_owned()));
    assert_eq!(value(Some(&first)).await, ("110.5".to_owned(), "not_achieved".to_owned()));
    for as_of in [&before, &open] {
        assert_eq!(text(&figure(&by, "2027", "4.1", Some(as_of)).await, "result"), "not_reported");
    }
    // Files say the same.
    let file = by.find("/observations", &[("indicator", "4.1"), ("as_of", &first), ("format", "csv")]).await;
    let rows: Vec<csv::StringRecord> =
        csv::Reader::from_reader(file.text.trim_start_matches('\u{feff}').as_bytes()).records().map(Result::unwrap).collect();
    assert!(rows.len() == 1 && rows[0].iter().any(|cell| cell == "221"), "{rows:?}");
    // Nobody outside was told anything.
    assert!(numerators(&app.anonymous(), &[("as_of", &first)]).await.is_empty());
}

async fn what_was_published_is_read_as_it_was(app: TestApp) {
    let by = app.coordinator().await;
    let period = Period::regular(&app, &by, PLAN, "2027", &["U5"], &["4.1"]).await;
    let report = period.deliver("U5", &[cell("4.1", 221, 200)]).await;
    let accepted = now().await;
    period.consolidate().await.send().await;
    let sent = now().await;
    let again = period.correct("Số liệu của trạm y tế sai").await;
    report.reopen("Đối chiếu lại").await;
    report.submit(&[cell("4.1", 218, 200)]).await;
    report.accept().await;
    by.act(&format!("/consolidated-reports/{}", text(&again.read().await, "id")), "refresh", &json!({})).await.with_status(200);
    again.send().await;
    let everybody = app.anonymous();
    let value = async |as_of: Option<&str>| number(&figure(&everybody, "2027", "4.1", as_of).await["value"]);
    assert_eq!(value(None).await, "109");
    assert_eq!(value(Some(&sent)).await, "110.5");
    assert_eq!(text(&figure(&everybody, "2027", "4.1", Some(&accepted)).await, "result"), "not_reported");
    assert_eq!(numerators(&everybody, &[("as_of", &sent)]).await, ["221"]);
    assert_eq!(numerators(&everybody, &[]).await, ["218"]);
    let told = everybody.find("/progress", &[("jurisdiction", PROVINCE), ("period", "2027"), ("as_of", &sent)]).await.ok();
    let births = of_indicator(list(&told, "indicators"), "4.1");
    assert_eq!((number(&births["numerator"]), code(&births["indicator"])), ("221".to_owned(), "4.1"));
}

async fn completeness_is_read_as_it_was(app: TestApp) {
    let by = app.coordinator().await;
    let period = Period::regular(&app, &by, PLAN, "2027", &["U5", "U6"], &["4.1"]).await;
    let opened = now().await;
    let report = period.report("U5").await;
    report.submit(&[cell("4.1", 221, 200)]).await;
    let submitted = now().await;
    report.accept().await;
    let accepted = now().await;
    report.reopen("Đối chiếu lại").await;
    let told = async |as_of: &str| {
        let told = by.find("/completeness", &[("plan", PLAN), ("period", "2027"), ("as_of", as_of)]).await.ok();
        ["expected", "submitted", "accepted", "missing"].map(|count| told[count].as_i64().expect("a count"))
    };
    let expected = told(&opened).await[0];
    assert_eq!(told(&opened).await, [expected, 0, 0, expected]);
    assert_eq!(told(&submitted).await, [expected, 1, 0, expected - 1]);
    assert_eq!(told(&accepted).await, [expected, 1, 1, expected - 1]);
    assert_eq!(told(&now().await).await, [expected, 1, 0, expected - 1]);
    // Which wards have sent.
    report.submit(&[]).await;
    report.accept().await;
    let unsent = now().await;
    period.consolidate().await.send().await;
    let sent = now().await;
    let wards = async |as_of: &str| {
        let told = app.anonymous().find("/completeness", &[("jurisdiction", PROVINCE), ("period", "2027"), ("as_of", as_of)]).await.ok();
        (told["sent"].clone(), told["missing"].clone())
    };
    assert_eq!(wards(&unsent).await, (json!(0), json!(1)));
    assert_eq!(wards(&sent).await, (json!(1), json!(0)));
}

async fn an_obligation_counts_where_it_was(app: TestApp) {
    let by = app.coordinator().await;
    let period = Period::regular(&app, &by, PLAN, "2027", &["U5", "U6"], &["4.1"]).await;
    let report = period.deliver("U5", &[cell("4.1", 221, 200)]).await;
    let before = now().await;
    report.reopen("Bàn giao nhiệm vụ").await;
    let body = json!({"indicator": "4.1", "from_unit": "U5", "to_unit": "U6", "reason": "Bàn giao nhiệm vụ"});
    by.act(&format!("/reporting-periods/{}", period.id), "transfers", &body).await.with_status(201);
    period.deliver("U6", &[cell("4.1", 218, 200)]).await;
    let after = figure(&by, "2027", "4.1", None).await;
    assert_eq!(number(&after["numerator"]), "218");
    assert_eq!(number(&figure(&by, "2027", "4.1", Some(&now().await)).await["numerator"]), "218");
    assert_eq!(number(&figure(&by, "2027", "4.1", Some(&before)).await["numerator"]), "221");
}

async fn restricted_figures_of_another_instant_are_hidden(app: TestApp) {
    let by = app.coordinator().await;
    let period = Period::regular(&app, &by, PLAN, "2027", &["U5"], &["4.2"]).await;
    period.deliver("U5", &[cell("4.2", 30, 412)]).await;
    period.consolidate().await.send().await;
    let sent = now().await;
    assert_eq!(number(&figure(&by, "2027", "4.2", Some(&sent)).await["numerator"]), "30");
    for reader in [app.supervisor().await, app.anonymous()] {
        assert_eq!(number(&figure(&reader, "2027", "4.2", None).await["numerator"]), "30");
        let then = figure(&reader, "2027", "4.2", Some(&sent)).await;
        assert_eq!((&then["numerator"], &then["suppressed"]), (&Value::Null, &json!(true)));
        let items = reader.items("/observations", &[("indicator", "4.2"), ("as_of", &sent)]).await;
        assert!(items.iter().all(|item| item["numerator"].is_null() && item["suppressed"] == true), "{items:?}");
    }
}

async fn tomorrow_is_not_read(app: TestApp) {
    let by = app.coordinator().await;
    for path in ["/observations?", "/progress?plan=KH-BDG-DN-2026-2030&", "/completeness?plan=KH-BDG-DN-2026-2030&period=2026&"] {
        by.get(&format!("{path}as_of=2099-01-01T00:00:00Z")).await.problem(400, "query.invalid");
        by.get(&format!("{path}as_of=2026")).await.problem(400, "query.invalid");
    }
}
