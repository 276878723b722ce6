//! The plan over its years: what was reported, judged and published stays as it was (contract, section 3a).

use crate::house::json::{code, list, number, text, with};
use crate::house::steps::{Period, cell, in_days};
use crate::house::{Actor, PLAN, PROVINCE, TestApp};
use serde_json::{Value, json};

on_both![
    what_was_sent_stays_whatever_the_plan_becomes,
    a_year_that_was_opened_is_not_free,
    who_owes_is_fixed_at_the_opening,
    an_obligation_is_handed_over,
    a_unit_is_excused,
    lateness_is_judged_when_it_happens,
    what_the_province_returns_stays_published,
    whom_nobody_reports_is_told,
    a_closed_plan_keeps_its_years,
    what_was_sent_says_who_owed_it_then,
    a_year_has_its_own_target_and_result,
    what_an_indicator_meant_is_told_and_taken_back,
    what_is_under_revision_says_so,
    progress_finds_its_plan_and_year,
    a_period_tells_what_it_asks,
];

async fn path_of(by: &Actor, code: &str) -> (String, Value) {
    let there = by.by_code("/indicators", code).await;
    (format!("/indicators/{}", text(&there, "id")), there)
}

/// What progress of a year says of an indicator, without what lies in other years.
async fn said(by: &Actor, year: &str, indicator: &str) -> Value {
    let progress = by.find("/progress", &[("plan", PLAN), ("period", year)]).await.ok();
    let found = list(&progress, "indicators").iter().find(|i| code(&i["indicator"]) == indicator).cloned();
    let mut said = found.unwrap_or_else(|| panic!("nothing of {indicator} in {year}"));
    said.as_object_mut().unwrap().remove("series");
    said
}

/// The births of 2026, delivered by the health station and sent to the province.
async fn births_of_2026(app: &TestApp) -> Period {
    let by = app.coordinator().await;
    let period = Period::regular(app, &by, PLAN, "2026", &["U5"], &["4.1"]).await;
    period.deliver("U5", &[cell("4.1", 114, 100)]).await;
    let whole = period.consolidate().await;
    whole.send().await;
    period
}

async fn what_was_sent_stays_whatever_the_plan_becomes(app: TestApp) {
    births_of_2026(&app).await;
    let (by, public) = (app.coordinator().await, app.anonymous());
    let before = (said(&public, "2026", "4.1").await, said(&by, "2026", "4.1").await);
    assert_eq!((text(&before.0, "result"), number(&before.0["value"])), ("not_achieved", "114".to_owned()));
    let (path, there) = path_of(&by, "4.1").await;
    let raised = with(&there["targets"][0], &json!({"value": 120}));
    for change in [
        json!({"targets": [raised]}),
        json!({"multiplier": 1}),
        json!({"multiplier": 100, "tolerance": 9}),
        json!({"direction": "at_least"}),
        json!({"zero_denominator": "no_cases", "disaggregations": []}),
    ] {
        let changed = by.patch(&path, &change).await.ok();
        assert_eq!((&changed["definition_version"], &changed["effective_from"]), (&json!(2), &json!(2027)), "{change}");
        let now = (said(&public, "2026", "4.1").await, said(&by, "2026", "4.1").await);
        assert_eq!(now, before, "{change}");
    }
    assert_eq!(said(&by, "2027", "4.1").await["final_target"], json!(120), "the next year is judged by what is wanted then");
}

async fn a_year_that_was_opened_is_not_free(app: TestApp) {
    births_of_2026(&app).await;
    let by = app.coordinator().await;
    let (path, there) = path_of(&by, "4.1").await;
    let raised = json!({"targets": [with(&there["targets"][0], &json!({"value": 120}))]});
    let refused = by.patch(&path, &with(&raised, &json!({"effective_from": 2025}))).await.problem(422, "field.range");
    assert_eq!(refused["errors"][0]["pointer"], "/effective_from");
    // As it is it means nothing beside words; beside another meaning it asks for a year that is not free.
    let refused = by.patch(&path, &with(&raised, &json!({"effective_from": 2026}))).await.problem(409, "indicator.frozen");
    assert_eq!(refused["first_free_year"], json!(2027));
    let words = by.patch(&path, &json!({"editorial_note": {"vi": "Đã đối chiếu", "en": null}, "effective_from": 2026})).await.ok();
    assert_eq!((&words["definition_version"], &words["effective_from"]), (&json!(1), &json!(2026)));
    let changed = by.patch(&path, &raised).await.ok();
    assert_eq!(changed["effective_from"], json!(2027));
    by.patch(&path, &json!({"tolerance": 1, "effective_from": 2026})).await.problem(422, "effective_from.order");
    Period::regular(&app, &by, PLAN, "2027", &["U5"], &["4.1"]).await;
    Period::regular(&app, &by, PLAN, "2028", &["U5"], &["4.1"]).await;
    let refused = by.patch(&path, &json!({"tolerance": 1, "effective_from": 2028})).await.problem(409, "indicator.frozen");
    assert_eq!(refused["first_free_year"], json!(2029));
    let later = by.patch(&path, &json!({"tolerance": 1})).await.ok();
    assert_eq!((&later["definition_version"], &later["effective_from"]), (&json!(3), &json!(2029)), "2027 and 2028 keep the second");
    for fixed in [json!({"frequency": "quarterly"}), json!({"code": "4.1x"})] {
        let refused = by.patch(&path, &fixed).await.problem(409, "indicator.in_use");
        assert_eq!(refused["referrers"]["reporting_periods"], json!(3));
    }
    // Words are mended at any time.
    let mended = by.patch(&path, &json!({"name": {"en": "Sex ratio at birth"}, "editorial_note": {"vi": "x"}})).await.ok();
    assert_eq!(mended["definition_version"], json!(3));
    let moved = by.patch(&path, &json!({"effective_from": 2030})).await.ok();
    assert_eq!((&moved["definition_version"], &moved["effective_from"]), (&json!(3), &json!(2030)), "nobody was asked it yet");
    by.patch(&path, &json!({"tolerance": 2, "effective_from": 2028})).await.problem(422, "effective_from.order");
}

/// Who owes an indicator, as a period says.
fn owing(period: &Value, indicator: &str) -> Vec<String> {
    let owes = |o: &&Value| list(o, "indicators").iter().any(|i| text(i, "code") == indicator);
    list(period, "obligations").iter().filter(owes).map(|o| code(&o["unit"]).to_owned()).collect()
}

async fn who_owes_is_fixed_at_the_opening(app: TestApp) {
    let by = app.coordinator().await;
    let period = Period::regular(&app, &by, PLAN, "2026", &["U1", "U2"], &["2.3"]).await;
    let before = period.read().await;
    assert_eq!(owing(&before, "2.3"), ["U2"]);
    assert_eq!(list(&before, "obligations").len(), 2, "a row for every unit");
    assert!(list(&before, "obligations").iter().all(|o| o["narrative"] == true));
    let (path, _) = path_of(&by, "2.3").await;
    by.patch(&path, &json!({"units": [{"unit": "U1", "duty": "report"}]})).await.with_status(200);
    assert_eq!(period.read().await["obligations"], before["obligations"]);
    let (u1, u2) = (period.report("U1").await, period.report("U2").await);
    let refused = u1.try_fill(&u1.reporter().await, &[cell("2.3", 118, 452)]).await;
    refused.problem(422, "indicator.not_due");
    u2.submit(&[cell("2.3", 129, 468)]).await;
    u2.accept().await;
    u2.reopen("Sửa số liệu").await;
    assert!(list(&u2.readiness().await, "warnings").iter().all(|w| text(w, "code") != "indicator.not_due"));
    u2.submit(&[cell("2.3", 130, 468)]).await;
    u2.accept().await;
    assert_eq!(number(&said(&by, "2026", "2.3").await["numerator"]), "130");
}

async fn an_obligation_is_handed_over(app: TestApp) {
    let by = app.coordinator().await;
    let period = Period::regular(&app, &by, PLAN, "2026", &["U1", "U2"], &["2.3", "1.1"]).await;
    let transfers = format!("{}/transfers", period.path);
    let (u1, u2) = (period.report("U1").await, period.report("U2").await);
    u1.submit(&[cell("1.1", 14, 20)]).await;
    u2.submit(&[cell("2.3", 129, 468)]).await;
    u2.accept().await;
    let body = json!({"indicator": "2.3", "from_unit": "U2", "to_unit": "U1", "reason": "Sáp nhập phòng"});
    by.post(&transfers, &body).await.problem(409, "transfer.accepted");
    u2.reopen("Chuyển giao").await;
    let bare = by.post(&transfers, &json!({"indicator": "2.3", "to_unit": "U1", "reason": "x"})).await.problem(422, "field.required");
    assert_eq!(bare["errors"][0]["pointer"], "/from_unit");
    let made = by.post(&transfers, &body).await.with_status(201);
    assert_eq!((code(&made["from_unit"]), code(&made["to_unit"]), code(&made["indicator"])), ("U2", "U1", "2.3"));
    for again in [body.clone(), with(&body, &json!({"from_unit": "U1"}))] {
        by.post(&transfers, &again).await.problem(409, "transfer.duplicate");
    }
    let handed_over = u2.read().await["observations"][0].clone();
    assert_eq!((code(&handed_over["indicator"]), &handed_over["counted"]), ("2.3", &json!(false)));
    assert_eq!(owing(&period.read().await, "2.3"), ["U1"]);
    assert_eq!(text(&u1.read().await, "status"), "returned", "it has more to say now");
    u1.submit(&[cell("2.3", 118, 452)]).await;
    u1.accept().await;
    // In an annual period the other one still owes its words; what it wrote is no longer counted.
    let words = json!({"narrative": {"results": "Đã bàn giao"}});
    u2.reporter().await.patch(&u2.path, &words).await.with_status(200);
    u2.submit(&[]).await;
    u2.accept().await;
    assert_eq!(number(&said(&by, "2026", "2.3").await["denominator"]), "452");
    period.close().await;
    by.post(&transfers, &body).await.problem(409, "period.closed");
}

async fn a_unit_is_excused(app: TestApp) {
    let by = app.coordinator().await;
    let period = Period::regular(&app, &by, PLAN, "2026", &["U5", "U6"], &["4.1", "3.3"]).await;
    let excusals = format!("{}/excusals", period.path);
    let u6 = period.report("U6").await;
    by.post(&excusals, &json!({"unit": "U6", "reason": "Đã sáp nhập"})).await.with_status(201);
    by.post(&excusals, &json!({"unit": "U6", "reason": "Lần nữa"})).await.problem(409, "excusal.exists");
    let told = period.completeness().await;
    assert_eq!((&told["expected"], &told["missing"], &told["excused"]), (&json!(1), &json!(1), &json!(1)));
    let row = list(&told, "units").iter().find(|u| code(&u["unit"]) == "U6").unwrap();
    assert_eq!((&row["expected"], text(&row["excused"], "reason")), (&json!(0), "Đã sáp nhập"));
    u6.fill(&[cell("3.3", 0, 0)]).await;
    u6.reporter().await.act(&u6.path, "submit", &json!({})).await.problem(409, "report.excused");
    let warned: Vec<&str> = list(&period.read().await, "warnings").iter().map(|w| code(&w["indicator"])).map(|_| "3.3").collect();
    assert_eq!(warned, ["3.3"]);
    by.call("DELETE", &format!("{excusals}/U6")).send().await.refused(428);
    let etag = by.get(&period.path).await.header("etag").to_owned();
    by.call("DELETE", &format!("{excusals}/U5")).header("If-Match", &etag).send().await.problem(404, "resource.not_found");
    by.call("DELETE", &format!("{excusals}/U6")).header("If-Match", &etag).send().await.with_status(204);
    let warnings = async || {
        let whole = period.consolidate().await;
        let told = whole.read().await;
        by.delete(&whole.path).await.with_status(204);
        list(&told, "warnings").iter().filter(|w| w["code"] == "report.missing").map(|w| code(&w["unit"]).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(warnings().await, ["U5", "U6"]);
    by.post(&excusals, &json!({"unit": "U6", "reason": "Đã sáp nhập"})).await.with_status(201);
    assert_eq!(warnings().await, ["U5"], "nobody waits for one that is excused");
    let etag = by.get(&period.path).await.header("etag").to_owned();
    by.call("DELETE", &format!("{excusals}/U6")).header("If-Match", &etag).send().await.with_status(204);
    u6.submit(&[]).await;
}

async fn lateness_is_judged_when_it_happens(app: TestApp) {
    let by = app.coordinator().await;
    let period = Period::regular(&app, &by, PLAN, "2026", &["U5", "U6"], &["4.1", "3.3"]).await;
    period.deliver("U5", &[cell("4.1", 114, 100)]).await;
    by.patch(&period.path, &json!({"due_at": in_days(-2)})).await.problem(422, "field.required");
    by.patch(&period.path, &json!({"due_at": in_days(-2), "reason": "Sở yêu cầu sớm hơn"})).await.with_status(200);
    let told = period.completeness().await;
    assert_eq!((&told["on_time"], &told["late"], &told["overdue"]), (&json!(1), &json!(0), &json!(1)), "what came in time did so");
    period.deliver("U6", &[cell("3.3", 0, 0)]).await;
    assert_eq!(period.completeness().await["late"], json!(1));
    by.patch(&period.path, &json!({"due_at": in_days(9), "reason": "Bão lụt"})).await.with_status(200);
    assert_eq!(period.completeness().await["late"], json!(1), "and what came late");
    let extension = json!({"unit": "U6", "due_at": in_days(12), "reason": "Bão lụt"});
    by.post(&format!("{}/extensions", period.path), &extension).await.with_status(201);
    assert_eq!(period.completeness().await["late"], json!(0), "unless its unit is given time for a reason");
}

async fn what_the_province_returns_stays_published(app: TestApp) {
    let period = births_of_2026(&app).await;
    let (public, machine) = (app.anonymous(), app.province_machine().await);
    let before = said(&public, "2026", "4.1").await;
    let sent = machine.items("/consolidated-reports", &[("plan", PLAN), ("period", "2026")]).await;
    let path = format!("/consolidated-reports/{}", text(&sent[0], "id"));
    machine.act(&path, "return", &json!({"reason": "Sửa câu chữ"})).await.with_status(200);
    assert_eq!(said(&public, "2026", "4.1").await, before);
    let figures = public.items("/observations", &[("plan", PLAN), ("period", "2026")]).await;
    assert_eq!(figures.len(), 1, "its figures are read as before");
    let u5 = period.report("U5").await;
    u5.reopen("Sửa số liệu").await;
    u5.submit(&[cell("4.1", 109, 100)]).await;
    u5.accept().await;
    assert_eq!(said(&public, "2026", "4.1").await, before, "until the next one is sent");
    let next = period.consolidate().await;
    next.send().await;
    assert_eq!(number(&said(&public, "2026", "4.1").await["value"]), "109");
}

async fn whom_nobody_reports_is_told(app: TestApp) {
    let by = app.coordinator().await;
    let unit = by.by_code("/units", "U2").await;
    by.patch(&format!("/units/{}", text(&unit, "id")), &json!({"active": false})).await.with_status(200);
    let found = by.items("/reporting-periods", &[("plan", PLAN), ("label", "2028")]).await;
    let warned: Vec<&str> = list(&found[0], "warnings").iter().map(|w| code(&w["indicator"])).collect();
    assert!(warned.contains(&"2.3"), "{warned:?}");
    assert!(list(&found[0], "warnings").iter().all(|w| text(w, "code") == "no_active_unit"));
}

async fn a_closed_plan_keeps_its_years(app: TestApp) {
    births_of_2026(&app).await;
    let (by, public) = (app.coordinator().await, app.anonymous());
    let plan = by.by_code("/plans", PLAN).await;
    let path = format!("/plans/{}", text(&plan, "id"));
    let refused = by.patch(&path, &json!({"start_year": 2027})).await.problem(409, "plan.in_use");
    // Besides the year itself, what the calendar has open today.
    let opened = by.items("/reporting-periods", &[("plan", PLAN), ("status", "open")]).await;
    let of_2026 = opened.iter().filter(|p| text(p, "label").starts_with("2026")).count();
    assert!(opened.iter().any(|p| text(p, "label") == "2026"));
    assert_eq!(refused["referrers"]["reporting_periods"], json!(of_2026));
    let of_province = async || {
        let progress = public.find("/progress", &[("jurisdiction", PROVINCE), ("period", "2026")]).await.ok();
        let found = list(&progress, "indicators").iter().find(|i| code(&i["indicator"]) == "4.1").cloned();
        (number(&found.expect("4.1")["numerator"]), list(&progress, "wards").len())
    };
    let before = of_province().await;
    assert_eq!(before, ("114".to_owned(), 1));
    by.patch(&path, &json!({"status": "closed"})).await.with_status(200);
    assert_eq!(of_province().await, before, "closing it changes no figure");
    let complete = public.find("/completeness", &[("jurisdiction", PROVINCE), ("period", "2026")]).await.ok();
    assert_eq!((&complete["expected"], &complete["sent"]), (&json!(1), &json!(1)));
    let later = by.items("/reporting-periods", &[("plan", PLAN), ("label", "2028")]).await;
    let later = format!("/reporting-periods/{}", text(&later[0], "id"));
    by.act(&later, "open", &json!({})).await.problem(409, "plan.closed");
}

async fn what_was_sent_says_who_owed_it_then(app: TestApp) {
    let (by, public) = (app.coordinator().await, app.anonymous());
    let period = Period::regular(&app, &by, PLAN, "2026", &["U1", "U2"], &["2.3", "1.1"]).await;
    period.deliver("U2", &[cell("2.3", 129, 468)]).await;
    let whole = period.consolidate().await;
    let excusals = format!("{}/excusals", period.path);
    by.post(&excusals, &json!({"unit": "U1", "reason": "Tạm dừng hoạt động"})).await.with_status(201);
    let leader = app.leader().await;
    leader.act(&whole.path, "approve", &json!({})).await.problem(409, "consolidated_report.stale");
    by.act(&whole.path, "refresh", &json!({})).await.with_status(200);
    whole.send().await;
    let both = async |by: &Actor| (said(by, "2026", "2.3").await, said(by, "2026", "1.1").await);
    let before = both(&public).await;
    assert_eq!(before.1["coverage"], json!({"expected": 0, "reported": 0}), "one that is excused owes nothing");
    by.post(&excusals, &json!({"unit": "U1", "reason": "x"})).await.problem(409, "consolidated_report.exists");
    // Under correction it changes for the ward's own people, not for those who read what was sent.
    by.post("/consolidated-reports", &json!({"period": period.id, "reason": "Bổ sung"})).await.with_status(201);
    let etag = by.etag(&period.path).await;
    by.call("DELETE", &format!("{excusals}/U1")).if_match(&etag).send().await.with_status(204);
    assert_eq!(both(&public).await, before);
    assert_eq!(said(&by, "2026", "1.1").await["coverage"], json!({"expected": 1, "reported": 0}));
}

async fn a_year_has_its_own_target_and_result(app: TestApp) {
    let by = app.coordinator().await;
    let (path, there) = path_of(&by, "1.1").await;
    let milestone = with(&there["targets"][0], &json!({"value": 60, "timeframe": {"type": "by_year", "from": null, "to": 2027}}));
    by.patch(&path, &json!({"targets": [milestone, there["targets"][0]]})).await.with_status(200);
    for (year, target, result, of_year) in
        [("2026", Value::Null, "not_achieved", Value::Null), ("2027", json!(60), "not_achieved", json!("exceeded"))]
    {
        Period::regular(&app, &by, PLAN, year, &["U1"], &["1.1"]).await.deliver("U1", &[cell("1.1", 65, 100)]).await;
        let said = said(&by, year, "1.1").await;
        assert_eq!((&said["target"], &said["result"], &said["year_result"]), (&target, &json!(result), &of_year), "{year}");
    }
    let progress = by.find("/progress", &[("plan", PLAN), ("period", "2027")]).await.ok();
    let row = list(&progress, "indicators").iter().find(|i| code(&i["indicator"]) == "1.1").unwrap();
    let points: Vec<_> = list(row, "series").iter().map(|p| (text(p, "period"), &p["definition_version"], &p["break"])).collect();
    assert_eq!(points, [("2026", &json!(1), &json!(false)), ("2027", &json!(1), &json!(false))]);
}

async fn what_an_indicator_meant_is_told_and_taken_back(app: TestApp) {
    births_of_2026(&app).await;
    let (by, public) = (app.coordinator().await, app.anonymous());
    let (path, first) = path_of(&by, "4.1").await;
    let versions = format!("{path}/versions");
    let take_back = async |n: &str| {
        let etag = by.etag(&path).await;
        by.call("DELETE", &format!("{versions}/{n}")).if_match(&etag).send().await
    };
    take_back("1").await.problem(409, "indicator.in_use");
    let raised = with(&first["targets"][0], &json!({"value": 120}));
    let change = json!({"targets": [raised], "disaggregations": [], "effective_from": 2028, "name": {"vi": "Tỷ số giới tính khi sinh", "en": "Sex ratio"}});
    let second = by.patch(&path, &change).await.ok();
    let told = public.get(&versions).await.ok();
    let told = list(&told, "items");
    let years: Vec<_> = told.iter().map(|v| (&v["definition_version"], &v["effective_from"], &v["effective_until"])).collect();
    assert_eq!(years, [(&json!(1), &json!(2026), &json!(2027)), (&json!(2), &json!(2028), &Value::Null)]);
    assert_eq!((&told[0]["targets"], &told[1]["targets"]), (&first["targets"], &second["targets"]));
    for member in ["goal", "plan_indicator", "measure_kind", "direction", "disaggregations", "restricted"] {
        assert_eq!(told[0][member], first[member], "{member}");
    }
    assert!(told.iter().all(|v| v.get("changed_by").is_none()), "who it was is for the ward's own people");
    assert!(list(&by.get(&versions).await.ok(), "items")[1]["changed_by"]["name"].is_string());
    take_back("1").await.problem(409, "indicator.in_use");
    take_back("3").await.problem(404, "resource.not_found");
    take_back("x").await.problem(404, "resource.not_found");
    by.call("DELETE", &format!("{versions}/2")).send().await.refused(428);
    app.reporter("U5")
        .await
        .call("DELETE", &format!("{versions}/2"))
        .if_match(&by.etag(&path).await)
        .send()
        .await
        .problem(403, "access.denied");
    let back = take_back("2").await.ok();
    for member in ["definition_version", "effective_from", "targets", "disaggregations"] {
        assert_eq!(back[member], first[member], "{member}");
    }
    assert_eq!(back["name"], second["name"], "words are no part of it");
    assert_eq!(list(&public.get(&versions).await.ok(), "items").len(), 1);
    assert_eq!(by.get(&path).await.ok()["version"], back["version"]);
    // One that a period was opened with stays.
    by.patch(&path, &json!({"tolerance": 1})).await.with_status(200);
    Period::regular(&app, &by, PLAN, "2027", &["U5"], &["4.1"]).await;
    let refused = take_back("2").await.problem(409, "indicator.in_use");
    assert_eq!(refused["referrers"]["reporting_periods"], json!(1));
}

/// What progress and completeness of 2026, and the consolidated report, say of themselves: under revision, unpublished changes.
async fn standing(by: &Actor, whole: &str) -> Vec<(bool, bool)> {
    let mut told = Vec::new();
    for path in ["/progress", "/completeness"] {
        let answer = by.find(path, &[("plan", PLAN), ("period", "2026")]).await.ok();
        told.push((answer["under_revision"] == true, answer["unpublished_changes"] == true));
        assert!(answer["under_revision"].is_boolean() && answer["unpublished_changes"].is_boolean(), "{path}: {answer}");
    }
    if !whole.is_empty() {
        let answer = by.get(whole).await.ok();
        told.push((answer["under_revision"] == true, answer["unpublished_changes"] == true));
    }
    told
}

async fn what_is_under_revision_says_so(app: TestApp) {
    let (by, public) = (app.coordinator().await, app.anonymous());
    let period = Period::regular(&app, &by, PLAN, "2026", &["U5"], &["4.1"]).await;
    period.deliver("U5", &[cell("4.1", 114, 100)]).await;
    let first = period.consolidate().await;
    let years = async |by: &Actor| by.find("/progress", &[("plan", PLAN), ("period", "2026")]).await.ok()["years"].clone();
    assert_eq!((text(&years(&by).await[0], "status"), years(&public).await), ("accepted", json!([])), "accepted, not yet sent");
    first.send().await;
    let sent = first.read().await["sent_at"].clone();
    let want = json!([{"label": "2026", "status": "published", "under_revision": false, "published_at": sent, "revision": 1}]);
    assert_eq!((&years(&by).await, &years(&public).await), (&want, &want));
    assert_eq!(standing(&by, &first.path).await, [(false, false); 3]);
    // A correction is being made: everybody is told; what is accepted meanwhile only the ward's own people read.
    let second = period.correct("Số liệu chính thức").await;
    assert_eq!(standing(&by, &first.path).await, [(true, false); 3]);
    assert_eq!(standing(&public, "").await, [(true, false); 2]);
    let report = period.report("U5").await;
    report.reopen("Số liệu chính thức").await;
    report.submit(&[cell("4.1", 112, 100)]).await;
    report.accept().await;
    assert_eq!(standing(&by, &first.path).await, [(true, true); 3]);
    assert_eq!(standing(&public, "").await, [(true, false); 2]);
    assert_eq!(
        (said(&by, "2026", "4.1").await["numerator"].clone(), said(&public, "2026", "4.1").await["numerator"].clone()),
        (json!(112), json!(114))
    );
    second.try_step(&by, "refresh", &json!({})).await.with_status(200);
    second.send().await;
    assert_eq!(standing(&by, &second.path).await, [(false, false); 3]);
    assert_eq!(first.read().await["under_revision"], json!(false), "nobody reads it any more");
    assert_eq!(years(&public).await[0]["revision"], json!(2));
    // What the province returns stays what everybody reads.
    second.try_step(&app.province_machine().await, "return", &json!({"reason": "Sửa lời văn"})).await.with_status(200);
    assert_eq!(standing(&public, "").await, [(true, false); 2]);
    assert_eq!(standing(&by, &second.path).await, [(true, false); 3]);
    assert_eq!(said(&public, "2026", "4.1").await["numerator"], json!(112));
}

async fn progress_finds_its_plan_and_year(app: TestApp) {
    let (by, public) = (app.coordinator().await, app.anonymous());
    let first = public.get("/progress").await.ok();
    assert_eq!((code(&first["plan"]), &first["years"]), (PLAN, &json!([])));
    births_of_2026(&app).await;
    let period = Period::regular(&app, &by, PLAN, "2027", &["U5"], &["4.1"]).await;
    period.deliver("U5", &[cell("4.1", 112, 100)]).await;
    for (who, year) in [(&public, "2026"), (&by, "2027")] {
        for query in [&[][..], &[("plan", PLAN)][..], &[("jurisdiction", "09385")][..]] {
            let told = who.find("/progress", query).await.ok();
            assert_eq!(text(&told["period"], "label"), year, "{query:?}");
        }
    }
    let row = public.get("/progress").await.ok();
    let births = list(&row, "indicators").iter().find(|i| code(&i["indicator"]) == "4.1").cloned().expect("4.1");
    let there = by.by_code("/indicators", "4.1").await;
    for member in ["name", "unit_of_measure", "direction"] {
        assert_eq!(births[member], there[member], "{member}");
    }
    // Where two plans are in force, one is to be named.
    let other = json!({"code": "KH-2", "jurisdiction": "09385", "title": {"vi": "Kế hoạch khác"}, "start_year": 2031, "end_year": 2035, "status": "active"});
    by.post("/plans", &other).await.with_status(201);
    public.get("/progress").await.problem(400, "reference.ambiguous");
}

/// Of each indicator of a list or a tree what a period asks it as.
fn versions(found: &[Value]) -> Vec<(&str, &Value, &Value)> {
    found.iter().map(|i| (text(i, "code"), &i["definition_version"], &i["targets"][0]["value"])).collect()
}

async fn a_period_tells_what_it_asks(app: TestApp) {
    let period = births_of_2026(&app).await;
    let (by, public) = (app.coordinator().await, app.anonymous());
    let (path, there) = path_of(&by, "4.1").await;
    by.patch(&path, &json!({"targets": [with(&there["targets"][0], &json!({"value": 107}))]})).await.ok();
    let asked = async |query: &[(&str, &str)]| public.find("/indicators", query).await.ok();
    let of_2026 = asked(&[("plan", PLAN), ("period", "2026")]).await;
    let births = (json!(1), json!(109));
    assert_eq!(versions(list(&of_2026, "items")), [("4.1", &births.0, &births.1)], "what it asked, as it asked it");
    assert_eq!(asked(&[("period", &period.id)]).await["items"], of_2026["items"]);
    assert_eq!(asked(&[("jurisdiction", PROVINCE), ("period", "2026")]).await["items"], of_2026["items"]);
    let of_unit = async |unit: &str, year: &str| list(&asked(&[("plan", PLAN), ("period", year), ("unit", unit)]).await, "items").len();
    assert_eq!((of_unit("U5", "2026").await, of_unit("U6", "2026").await), (1, 0), "of whom it asks it");
    assert!(of_unit("U6", "2027").await > 0);
    let of_2027 = asked(&[("plan", PLAN), ("period", "2027")]).await;
    let annual = list(&of_2027, "items");
    assert_eq!(annual.len(), 19, "all that are reported yearly");
    let births = annual.iter().find(|i| text(i, "code") == "4.1").unwrap();
    assert_eq!((&births["definition_version"], &births["targets"][0]["value"]), (&json!(2), &json!(107)));
    let quarter = asked(&[("plan", PLAN), ("period", "2027-Q1")]).await;
    assert_eq!(list(&quarter, "items").iter().map(|i| text(i, "code")).collect::<Vec<_>>(), ["6.3"]);
    public.find("/indicators", &[("plan", PLAN), ("period", "2031")]).await.problem(400, "reference.unknown");

    let plan = format!("/plans/{}/outline", text(&by.by_code("/plans", PLAN).await, "id"));
    let tree = public.find(&plan, &[("period", "2026")]).await.ok();
    let printed = list(&tree, "goals").iter().flat_map(|goal| list(goal, "plan_indicators"));
    let asked: Vec<Value> = printed.flat_map(|printed| list(printed, "indicators").to_vec()).collect();
    assert_eq!(versions(&asked), [("4.1", &json!(1), &json!(109))]);
    public.find(&plan, &[("period", "2031")]).await.problem(400, "reference.unknown");
}
