//! What a front-end's screens need, each in one call (contract, sections 4 and 5): a unit's form, the coordinator's desk, and what people
//! say to each other about a report.

use crate::house::json::{code, list, text};
use crate::house::steps::{Period, cell, not_applicable, part, schools};
use crate::house::{Actor, Grant, PLAN, TestApp};
use serde_json::{Value, json};

on_both![
    a_form_has_everything_in_one_answer,
    a_form_follows_what_is_filled_in,
    a_form_speaks_the_callers_language,
    a_form_hides_what_is_hidden,
    the_desk_says_what_to_do_about_each_report,
    the_desk_is_for_those_who_work_at_it,
    people_talk_about_a_figure_without_sending_the_report_back,
    remarks_of_a_return_are_open_until_resolved,
    what_is_said_of_restricted_indicators_is_not_for_everybody,
    reports_of_a_group_are_those_of_its_members,
];

async fn form(by: &Actor, path: &str) -> Value {
    by.get(&format!("{path}/form")).await.ok()
}

fn item<'a>(form: &'a Value, indicator: &str) -> &'a Value {
    let found = list(form, "items").iter().find(|item| item["indicator"]["code"] == indicator);
    found.unwrap_or_else(|| panic!("{indicator} is not in the form"))
}

fn codes<'a>(items: &'a Value, name: &str) -> Vec<&'a str> {
    list(items, name).iter().map(|it| text(it, "code")).collect()
}

async fn a_form_has_everything_in_one_answer(app: TestApp) {
    let by = app.coordinator().await;
    let before = Period::regular(&app, &by, PLAN, "2026", &["U5", "U8"], &["4.1", "4.2"]).await;
    before.deliver("U5", &[cell("4.1", 109, 100), cell("4.2", 0, 209)]).await;
    let period = Period::regular(&app, &by, PLAN, "2027", &["U5", "U8"], &["4.1", "4.2", "5.1"]).await;
    let report = period.report("U5").await;
    let unit = report.reporter().await;
    let answer = unit.get(&format!("{}/form", report.path)).await;
    assert_eq!(answer.header("etag").split('-').next(), report.etag().await.split('-').next(), "its version is the report's");
    let told = answer.ok();
    assert_eq!((format!("/reports/{}", text(&told["report"], "id")), text(&told["report"], "status")), (report.path.clone(), "draft"));
    assert_eq!(told["report"]["_actions"]["update"]["allowed"], true);
    assert_eq!((text(&told["period"], "label"), code(&told["unit"]), text(&told["unit"], "name")), ("2027", "U5", "Trạm y tế phường"));
    let owed: Vec<&str> = list(&told, "items").iter().map(|item| code(&item["indicator"])).collect();
    assert_eq!(owed, ["4.1", "4.2"], "exactly what is owed, in the plan's order");
    let birth = item(&told, "4.1");
    assert_eq!(birth["indicator"]["measure_kind"], "ratio");
    assert!(birth["indicator"]["name"].is_string() && birth["indicator"]["numerator_definition"].is_string(), "{birth}");
    let inputs: Vec<(&str, bool, bool)> = list(birth, "inputs")
        .iter()
        .map(|input| (text(input, "field"), input["integer"].as_bool().unwrap(), input["required"].as_bool().unwrap()))
        .collect();
    assert_eq!(inputs, [("numerator", true, true), ("denominator", true, true)]);
    assert_eq!(birth["previous"], json!({"label": "2026", "value": 109, "numerator": 109, "denominator": 100, "answer": null}));
    assert_eq!((codes(birth, "blockers"), list(birth, "observations").len()), (vec!["indicator.missing"], 0));
    let fields: Vec<&str> = list(&told, "narrative").iter().map(|field| text(field, "field")).collect();
    assert_eq!(fields, ["direction", "results", "difficulties", "causes", "next_steps", "proposals"]);
    assert!(list(&told, "narrative").iter().all(|field| field["required"] == false), "it owes figures");
    assert_eq!(codes(&told, "warnings"), ["narrative.empty"]);
    // One that owes no figure owes its results in words.
    let words = period.report("U8").await;
    let told = form(&words.reporter().await, &words.path).await;
    assert_eq!((list(&told, "items").len(), codes(&told, "blockers")), (0, vec!["narrative.missing"]));
    let required: Vec<&str> = list(&told, "narrative").iter().filter(|f| f["required"] == true).map(|f| text(f, "field")).collect();
    assert_eq!(required, ["results"]);
}

async fn a_form_follows_what_is_filled_in(app: TestApp) {
    let by = app.coordinator().await;
    let period = Period::regular(&app, &by, PLAN, "2026", &["U2"], &["2.3"]).await;
    let report = period.report("U2").await;
    let unit = report.reporter().await;
    report.fill(&[cell("2.3", 129, 468), part("2.3", "sex", "female", 130, 468)]).await;
    let told = form(&unit, &report.path).await;
    let filled = item(&told, "2.3");
    assert_eq!((list(filled, "observations").len(), &filled["observations"][0]["numerator"]), (2, &json!(129)));
    assert!(codes(filled, "blockers").contains(&"parts.above_total"), "{filled}");
    report
        .fill(&[
            not_applicable("2.3", "Không có cơ quan thuộc diện"),
            json!({"indicator": "2.3", "disaggregation": {"sex": "female"}, "delete": true}),
        ])
        .await;
    let told = form(&unit, &report.path).await;
    let filled = item(&told, "2.3");
    assert_eq!((text(filled, "not_applicable"), codes(filled, "blockers").len()), ("Không có cơ quan thuộc diện", 0));
    // What the readiness says and what the form says is the same.
    let readiness = report.readiness().await;
    let of_items: usize = list(&told, "items").iter().map(|item| list(item, "blockers").len()).sum();
    assert_eq!(of_items + list(&told, "blockers").len(), list(&readiness, "blockers").len());
}

async fn a_form_speaks_the_callers_language(app: TestApp) {
    let period = Period::due(&app, &["U5"], &["4.1"], 60).await;
    let report = period.report("U5").await;
    let unit = report.reporter().await;
    let told = form(&unit, &report.path).await;
    let english = unit.call("GET", &format!("{}/form", report.path)).header("Accept-Language", "en").send().await.ok();
    let labels = |form: &Value| (text(&item(form, "4.1")["indicator"], "name").to_owned(), text(&form["narrative"][1], "label").to_owned());
    assert_eq!(labels(&told).1, "Kết quả đạt được");
    assert_eq!(labels(&english).1, "Results");
    assert_ne!(labels(&told).0, labels(&english).0);
}

async fn a_form_hides_what_is_hidden(app: TestApp) {
    let by = app.coordinator().await;
    let before = Period::regular(&app, &by, PLAN, "2026", &["U6"], &["3.3"]).await;
    before.deliver("U6", &[cell("3.3", 3, 4)]).await;
    let period = Period::regular(&app, &by, PLAN, "2027", &["U6"], &["3.3"]).await;
    let report = period.report("U6").await;
    report.submit(&[cell("3.3", 2, 4)]).await;
    let exact = form(&report.reporter().await, &report.path).await;
    assert_eq!(
        (&item(&exact, "3.3")["previous"]["numerator"], &item(&exact, "3.3")["observations"][0]["numerator"]),
        (&json!(3), &json!(2))
    );
    let hidden = form(&app.supervisor().await, &report.path).await;
    let seen = item(&hidden, "3.3");
    assert_eq!((&seen["previous"], &seen["observations"][0]["numerator"]), (&Value::Null, &Value::Null));
    assert_eq!(seen["observations"][0]["suppressed"], true);
}

fn desk<'a>(told: &'a Value, unit: &str) -> &'a Value {
    list(told, "units").iter().find(|row| code(&row["unit"]) == unit).unwrap_or_else(|| panic!("{unit} is not on the desk"))
}

async fn the_desk_says_what_to_do_about_each_report(app: TestApp) {
    let by = app.coordinator().await;
    let period = Period::regular(&app, &by, PLAN, "2026", &["U2", "U5", "U8"], &["2.3", "4.1"]).await;
    let (u2, u5) = (period.report("U2").await, period.report("U5").await);
    u5.submit(&[json!({"indicator": "4.1", "numerator": 109, "denominator": 100, "status": "estimate"})]).await;
    u5.reporter().await.post(&format!("{}/comments", u5.path), &json!({"indicator": "4.1", "text": "Số ước tính"})).await.with_status(201);
    u2.submit(&[cell("2.3", 129, 468)]).await;
    u2.accept().await;
    for told in [period.completeness().await, by.find("/completeness", &[("plan", PLAN), ("period", "2026")]).await.ok()] {
        let submitted = desk(&told, "U5");
        assert_eq!((format!("/reports/{}", text(submitted, "report")), text(submitted, "status")), (u5.path.clone(), "submitted"));
        assert_eq!(submitted["version"], u5.read().await["version"]);
        assert_eq!((&submitted["blockers"], &submitted["open_comments"]), (&json!(0), &json!(1)));
        assert!(submitted["warnings"].as_u64().unwrap() >= 1, "an estimate that no note explains: {submitted}");
        assert_eq!(submitted["_actions"]["accept"]["allowed"], true);
        assert_eq!(submitted["_actions"]["reopen"]["allowed"], false);
        assert_eq!(desk(&told, "U2")["_actions"]["reopen"]["allowed"], true);
        let draft = desk(&told, "U8");
        assert_eq!((text(draft, "status"), &draft["blockers"]), ("draft", &json!(1)), "its results are missing");
    }
    // What the desk says of a report the report says itself.
    let told = period.completeness().await;
    for report in [&u2, &u5] {
        let alone = by.get(&report.path).await.ok();
        let row = list(&told, "units").iter().find(|row| row["report"] == alone["id"]).unwrap();
        assert_eq!(row["_actions"], alone["_actions"]);
    }
    // A note explains.
    u5.reporter().await.act(&u5.path, "withdraw", &json!({})).await.with_status(200);
    u5.fill(&[json!({"indicator": "4.1", "numerator": 109, "denominator": 100, "status": "estimate", "note": "Chờ số tháng 12"})]).await;
    let explained = list(&u5.readiness().await, "warnings").iter().filter(|w| w["explained"] == false).count();
    assert_eq!(desk(&period.completeness().await, "U5")["warnings"], json!(explained));
}

async fn the_desk_is_for_those_who_work_at_it(app: TestApp) {
    let by = app.coordinator().await;
    let period = Period::regular(&app, &by, PLAN, "2026", &["U5", "U6"], &["4.1", "3.3"]).await;
    let path = format!("{}/completeness", period.path);
    let unit = period.report("U5").await.reporter().await;
    let told = unit.get(&path).await.ok();
    assert!(desk(&told, "U5")["_actions"]["submit"].is_object() && desk(&told, "U6").get("report").is_none(), "{told}");
    for reader in [app.leader().await, app.supervisor().await] {
        let told = reader.get(&path).await.ok();
        assert!(list(&told, "units").iter().all(|row| row.get("_actions").is_none() && row.get("blockers").is_none()));
    }
    period.deliver("U5", &[cell("4.1", 109, 100)]).await;
    period.deliver("U6", &[cell("3.3", 8, 9)]).await;
    let whole = period.consolidate().await;
    whole.send().await;
    let sent = app.anonymous().find("/completeness", &[("plan", PLAN), ("period", "2026")]).await.ok();
    assert!(list(&sent, "units").iter().all(|row| row.get("_actions").is_none() && row.get("report").is_none()));
    assert!(whole.read().await["completeness"]["units"][0].get("report").is_none(), "nothing of it is frozen");
}

async fn people_talk_about_a_figure_without_sending_the_report_back(app: TestApp) {
    let by = app.coordinator().await;
    let period = Period::regular(&app, &by, PLAN, "2026", &["U5", "U6"], &["4.1", "3.3"]).await;
    let report = period.report("U5").await;
    let (unit, other, leader) = (report.reporter().await, period.report("U6").await.reporter().await, app.leader().await);
    let comments = format!("{}/comments", report.path);
    leader.post(&comments, &json!({"text": "?"})).await.refused(404);
    report.submit(&[cell("4.1", 109, 100)]).await;
    let version = report.read().await["version"].clone();
    let asked = by.post(&comments, &json!({"indicator": "4.1", "text": "Số sinh tháng 12 đã có chưa?"})).await;
    let address = asked.header("location").to_owned();
    let asked = asked.with_status(201);
    assert_eq!((code(&asked["indicator"]), &asked["resolved"]), ("4.1", &json!(false)));
    unit.post(&comments, &json!({"text": "Đã có đủ."})).await.with_status(201);
    leader.post(&comments, &json!({"text": "Cảm ơn."})).await.with_status(201);
    for stranger in [&other, &app.supervisor().await] {
        let refused = stranger.post(&comments, &json!({"text": "…"})).await;
        assert!([403, 404].contains(&refused.status), "{}", refused.excerpt());
    }
    other.get(&comments).await.refused(404);
    app.anonymous().get(&comments).await.refused(401);
    let said = unit.items(&comments, &[]).await;
    assert_eq!(said.iter().map(|c| text(c, "text")).collect::<Vec<_>>(), ["Số sinh tháng 12 đã có chưa?", "Đã có đủ.", "Cảm ơn."]);
    assert_eq!(report.read().await["version"], version, "none of it changes the report");
    by.post(&comments, &json!({"indicator": "2.3", "text": "?"})).await.problem(422, "indicator.not_due");
    by.post(&comments, &json!({"indicator": "9.9", "text": "?"})).await.problem(422, "reference.unknown");
    by.post(&comments, &json!({"text": ""})).await.refused(422);
    // Resolved by the coordinator or by whoever said it, under its own version.
    let path = address.trim_start_matches("/api/v1").to_owned();
    let seen = unit.get(&path).await;
    let etag = seen.header("etag").to_owned();
    assert_eq!(seen.ok()["_actions"]["update"]["allowed"], false);
    let resolve =
        async |by: &Actor, etag: &str| by.call("PATCH", &path).header("If-Match", etag).json(&json!({"resolved": true})).send().await;
    resolve(&unit, &etag).await.refused(403);
    by.call("PATCH", &path).json(&json!({"resolved": true})).send().await.refused(428);
    let resolved = resolve(&by, &etag).await.with_status(200);
    assert_eq!((&resolved["resolved"], text(&resolved["resolved_by"], "name").is_empty()), (&json!(true), false));
    resolve(&by, &etag).await.refused(412);
    assert_eq!(resolve(&by, "\"2\"").await.with_status(200)["version"], 2, "the same again changes nothing");
    assert_eq!(form(&unit, &report.path).await["items"][0]["open_comments"], 0);
    assert_eq!(form(&unit, &report.path).await["open_comments"], 2);
}

async fn remarks_of_a_return_are_open_until_resolved(app: TestApp) {
    let by = app.coordinator().await;
    let period = Period::due(&app, &["U5"], &["4.1"], 60).await;
    let report = period.report("U5").await;
    report.submit(&[cell("4.1", 109, 100)]).await;
    let remarks = json!({"reason": "Đối chiếu lại", "remarks": [{"indicator": "4.1", "remark": "Thiếu tháng 12"}]});
    by.act(&report.path, "return", &remarks).await.with_status(200);
    let unit = report.reporter().await;
    let said = unit.get(&format!("{}/comments", report.path)).await.ok();
    let remark = &said["items"][0];
    assert_eq!((code(&remark["indicator"]), text(remark, "text"), &remark["resolved"]), ("4.1", "Thiếu tháng 12", &json!(false)));
    assert_eq!(form(&unit, &report.path).await["items"][0]["open_comments"], 1);
    report.submit(&[cell("4.1", 110, 100)]).await;
    assert_eq!(desk(&period.completeness().await, "U5")["open_comments"], 1);
    let path = format!("{}/comments/{}", report.path, text(remark, "id"));
    by.patch(&path, &json!({"resolved": true})).await.with_status(200);
    assert_eq!(desk(&period.completeness().await, "U5")["open_comments"], 0);
    let history = report.read().await["history"].clone();
    assert_eq!(history[1]["remarks"][0]["remark"], "Thiếu tháng 12", "the history keeps it all the same");
}

async fn what_is_said_of_restricted_indicators_is_not_for_everybody(app: TestApp) {
    let by = app.coordinator().await;
    let period = Period::due(&app, &["U6"], &["3.3"], 60).await;
    let report = period.report("U6").await;
    report.submit(&[cell("3.3", 3, 4)]).await;
    let comments = format!("{}/comments", report.path);
    let said = by.post(&comments, &json!({"indicator": "3.3", "text": "Cả 3 nạn nhân đều ở tổ 5?"})).await.with_status(201);
    by.post(&comments, &json!({"text": "Cảm ơn"})).await.with_status(201);
    let (leader, supervisor) = (app.someone(Grant::of("leader")).await, app.supervisor().await);
    for reader in [&leader, &supervisor] {
        assert_eq!(list(&reader.get(&comments).await.ok(), "items").len(), 1);
        reader.get(&format!("{comments}/{}", text(&said, "id"))).await.refused(404);
        assert_eq!(form(reader, &report.path).await["items"][0]["open_comments"], 0);
    }
    leader.post(&comments, &json!({"indicator": "3.3", "text": "…"})).await.problem(403, "access.restricted");
    assert_eq!(list(&report.reporter().await.get(&comments).await.ok(), "items").len(), 2);
    let events = app.admin().await.items("/audit-events", &[("resource", "report_comment")]).await;
    assert!(!events.is_empty() && !json!(events).to_string().contains("tổ 5"), "{events:?}");
}

async fn reports_of_a_group_are_those_of_its_members(app: TestApp) {
    let by = app.coordinator().await;
    schools(&app, &["Trường Tiểu học Đồng Nguyên 1", "Trường THCS Đồng Nguyên"]).await;
    let period = Period::due(&app, &["U7", "U5"], &["5.2a"], 60).await;
    let of = async |unit: &str| -> Vec<String> {
        let found = by.items("/reports", &[("plan", PLAN), ("period", &period.id), ("unit", unit)]).await;
        found.iter().map(|report| code(&report["unit"]).to_owned()).collect()
    };
    let mut members = of("U7").await;
    members.sort();
    assert_eq!(members, ["U7.1", "U7.2"]);
    assert_eq!(of("U7.2").await, ["U7.2"]);
}
