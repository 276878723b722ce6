//! What a consolidated report says in words, who signs it, and what two revisions give differently: section 6 of the contract.

use crate::house::json::{code, list, number, text};
use crate::house::steps::{Consolidated, Period, cell};
use crate::house::{Actor, Grant, TestApp, WARD};
use serde_json::{Value, json};

on_both![
    words_begin_as_the_units_wrote_them,
    words_are_the_office_s_from_then_on,
    words_can_be_left_empty,
    the_units_words_are_read_in_one_call,
    who_approves_signs,
    a_deputy_signs_in_the_chairman_s_place,
    two_revisions_are_compared,
    hidden_figures_make_no_difference,
];

/// The health station, the statistics office and the police deliver, each with words; the police owe a restricted indicator.
async fn with_words(app: &TestApp) -> Period {
    let period = Period::ad_hoc(app, &["U5", "U2", "U6"], &["4.1", "2.3", "3.3"]).await;
    let said = [
        ("U5", json!({"results": "Khám 1.200 lượt", "causes": "Thiếu bác sĩ"}), cell("4.1", 109, 100)),
        ("U2", json!({"results": "Tập huấn 120 người"}), cell("2.3", 3, 10)),
        ("U6", json!({"results": "Có 3 nạn nhân"}), cell("3.3", 3, 4)),
    ];
    for (unit, narrative, figure) in said {
        let report = period.report(unit).await;
        report.reporter().await.patch(&report.path, &json!({"narrative": narrative})).await.with_status(200);
        period.deliver(unit, &[figure]).await;
    }
    period
}

async fn name_of(app: &TestApp, unit: &str) -> String {
    let found = app.coordinator().await.by_code("/units", unit).await;
    text(&found["name"], "vi").to_owned()
}

fn left_out(whole: &Value) -> Vec<&str> {
    list(whole, "warnings").iter().filter(|w| w["code"] == "narrative.by_hand").map(|w| code(&w["unit"])).collect()
}

async fn words_begin_as_the_units_wrote_them(app: TestApp) {
    let whole = with_words(&app).await.consolidate().await.read().await;
    let (second, fifth) = (name_of(&app, "U2").await, name_of(&app, "U5").await);
    // In the plan's order, whoever handed in first; without the words of those who may tell a restricted figure.
    assert_eq!(whole["narrative"]["results"], format!("{second}:\nTập huấn 120 người\n\n{fifth}:\nKhám 1.200 lượt"));
    assert_eq!(whole["narrative"]["causes"], format!("{fifth}:\nThiếu bác sĩ"));
    assert!(whole["narrative"]["proposals"].is_null());
    assert_eq!(left_out(&whole), ["U6"]);
    assert!(!whole.to_string().contains("nạn nhân"));
}

async fn words_are_the_office_s_from_then_on(app: TestApp) {
    let (period, by) = (with_words(&app).await, app.coordinator().await);
    let first = period.consolidate().await;
    let compiled = first.read().await["narrative"].clone();
    by.patch(&first.path, &json!({"narrative": {"results": "Đạt kế hoạch", "causes": null}})).await.with_status(200);
    let edited = first.read().await["narrative"].clone();
    for body in [json!({}), json!({"compile_narrative": false})] {
        first.try_step(&by, "refresh", &body).await.with_status(200);
        assert_eq!(first.read().await["narrative"], edited);
    }
    let anew = first.try_step(&by, "refresh", &json!({"compile_narrative": true})).await.with_status(200);
    assert_eq!((&anew["narrative"], left_out(&anew)), (&compiled, vec!["U6"]));
    by.patch(&first.path, &json!({"narrative": edited})).await.with_status(200);
    first.send().await;
    // What corrects it begins with its words.
    assert_eq!(period.correct("Số liệu chính thức").await.read().await["narrative"], edited);
}

async fn words_can_be_left_empty(app: TestApp) {
    let (period, by) = (with_words(&app).await, app.coordinator().await);
    let body = json!({"period": period.id, "compile_narrative": false});
    let made = by.post("/consolidated-reports", &body).await.with_status(201);
    assert!(made["narrative"].as_object().unwrap().values().all(Value::is_null), "{made}");
}

async fn the_units_words_are_read_in_one_call(app: TestApp) {
    let period = Period::ad_hoc(&app, &["U5", "U2"], &["4.1", "2.3"]).await;
    for (unit, words) in [("U5", "Khám 1.200 lượt"), ("U2", "Tập huấn 120 người")] {
        let report = period.report(unit).await;
        report.reporter().await.patch(&report.path, &json!({"narrative": {"results": words}})).await.with_status(200);
    }
    period.report("U5").await.submit(&[cell("4.1", 109, 100)]).await;
    let path = format!("{}/narratives", period.path);
    let seen = async |by: Actor| {
        let all = by.get(&path).await.ok();
        assert_eq!((text(&all["period"], "id"), list(&all, "proposals").len()), (period.id.as_str(), 0));
        let row = |row: &Value| (code(&row["unit"]).to_owned(), text(row, "status").to_owned(), text(row, "text").to_owned());
        list(&all, "results").iter().map(row).collect::<Vec<_>>()
    };
    let submitted = ("U5".to_owned(), "submitted".to_owned(), "Khám 1.200 lượt".to_owned());
    let draft = ("U2".to_owned(), "draft".to_owned(), "Tập huấn 120 người".to_owned());
    assert_eq!(seen(app.coordinator().await).await, [draft.clone(), submitted.clone()]);
    assert_eq!(seen(app.supervisor().await).await, [submitted]);
    assert_eq!(seen(app.reporter("U2").await).await, [draft]);
    app.province_machine().await.get(&path).await.problem(403, "access.denied");
    app.anonymous().get(&path).await.problem(401, "auth.required");
    app.someone(Grant::of("coordinator").at("24")).await.get(&path).await.refused(404);
}

async fn one_unit(app: &TestApp) -> (Period, Consolidated) {
    let period = Period::ad_hoc(app, &["U5"], &["4.1"]).await;
    period.deliver("U5", &[cell("4.1", 109, 100)]).await;
    let whole = period.consolidate().await;
    (period, whole)
}

async fn who_approves_signs(app: TestApp) {
    let (_, whole) = one_unit(&app).await;
    let (admin, leader) = (app.admin().await, app.leader().await);
    let me = leader.get("/me").await.ok();
    let account = format!("/users/{}", text(&me, "id"));
    assert!(whole.read().await["signatory"].is_null());
    let unnamed = json!({"name": me["display_name"], "position": null, "signing_capacity": []});
    assert_eq!(whole.approve().await["signatory"], unnamed);
    let draft = whole.try_step(&leader, "reject", &json!({"reason": "Thiếu chức vụ"})).await.with_status(200);
    assert!(draft["signatory"].is_null());
    admin.patch(&account, &json!({"position": "Phó Chủ tịch"})).await.with_status(200);
    assert_eq!(admin.get(&account).await.ok()["position"], "Phó Chủ tịch");
    let approved = whole.approve().await;
    assert_eq!(approved["signatory"]["position"], "Phó Chủ tịch");
    assert_eq!(approved["content"]["signatory"], approved["signatory"]);
    // What was signed stays, whatever office its signatory holds later.
    admin.patch(&account, &json!({"position": null})).await.with_status(200);
    assert_eq!(whole.read().await["signatory"]["position"], "Phó Chủ tịch");
}

async fn a_deputy_signs_in_the_chairman_s_place(app: TestApp) {
    let (_, whole) = one_unit(&app).await;
    let leader = app.leader().await;
    let capacity = |kind: &str| json!([{"kind": "TM", "of": "Ủy ban nhân dân"}, {"kind": kind, "of": "Chủ tịch"}]);
    let signatory = |kind: &str| json!({"name": "Trần Thị Bình", "position": "Phó Chủ tịch", "signing_capacity": capacity(kind)});
    let refused = whole.try_step(&leader, "approve", &json!({"signatory": signatory("KY")})).await.refused(422);
    assert_eq!(refused["errors"][0]["pointer"], "/signatory/signing_capacity/1/kind");
    let approved = whole.try_step(&leader, "approve", &json!({"signatory": signatory("KT")})).await.with_status(200);
    assert_eq!((&approved["signatory"], &approved["content"]["signatory"]), (&signatory("KT"), &signatory("KT")));
    assert_eq!(approved["approved_by"]["id"], leader.get("/me").await.ok()["id"]);
}

/// A second revision of what was sent, its report corrected to these figures.
async fn corrected(period: &Period, unit: &str, figures: &[Value]) -> Consolidated {
    let second = period.correct("Số liệu chính thức").await;
    let report = period.report(unit).await;
    report.reopen("Sửa số liệu").await;
    report.submit(figures).await;
    report.accept().await;
    second
}

async fn two_revisions_are_compared(app: TestApp) {
    let by = app.coordinator().await;
    let period = Period::ad_hoc(&app, &["U5", "U2"], &["4.1", "2.3"]).await;
    period.deliver("U5", &[cell("4.1", 109, 100)]).await;
    period.deliver("U2", &[cell("2.3", 3, 10)]).await;
    let first = period.consolidate().await;
    first.send().await;
    let second = corrected(&period, "U5", &[cell("4.1", 110, 100)]).await;
    second.try_step(&by, "refresh", &json!({})).await.with_status(200);
    by.patch(&second.path, &json!({"narrative": {"causes": "Sinh bù tháng 12"}})).await.with_status(200);
    for path in [&first.path, &second.path] {
        let diff = by.find(&format!("{path}/diff"), &[("from", "1"), ("to", "2")]).await.ok();
        let [change] = list(&diff, "results") else { panic!("{diff}") };
        assert_eq!((code(&change["indicator"]), number(&change["before"]["value"])), ("4.1", "109".to_owned()));
        assert_eq!(number(&change["after"]["value"]), "110");
        assert_eq!(diff["narrative"], json!([{"field": "causes", "before": null, "after": "Sinh bù tháng 12"}]));
    }
    by.find(&format!("{}/diff", first.path), &[("from", "1"), ("to", "3")]).await.problem(400, "revision.unknown");
    // The province knows of no draft, nor of what differs in it.
    let machine = app.province_machine().await;
    machine.find(&format!("{}/diff", first.path), &[("from", "1"), ("to", "2")]).await.problem(400, "revision.unknown");
    machine.find(&format!("{}/diff", second.path), &[("from", "1"), ("to", "2")]).await.refused(404);
    let same = machine.find(&format!("{}/diff", first.path), &[("from", "1"), ("to", "1")]).await.ok();
    assert_eq!((list(&same, "results").len(), list(&same, "narrative").len()), (0, 0));
}

async fn hidden_figures_make_no_difference(app: TestApp) {
    let period = Period::ad_hoc(&app, &["U6"], &["3.3"]).await;
    period.deliver("U6", &[cell("3.3", 3, 4)]).await;
    let first = period.consolidate().await;
    first.send().await;
    let second = corrected(&period, "U6", &[cell("3.3", 2, 4)]).await;
    second.try_step(&app.coordinator().await, "refresh", &json!({})).await.with_status(200);
    second.send().await;
    let path = format!("{}/diff", second.path);
    let seen = async |by: Actor| list(&by.find(&path, &[("from", "1"), ("to", "2")]).await.ok(), "results").to_vec();
    let full = seen(app.coordinator().await).await;
    assert_eq!(number(&full[0]["after"]["value"]), "50");
    assert!(seen(app.supervisor().await).await.is_empty());
    assert!(seen(app.someone(Grant::of("reporter").unit("U5").at(WARD)).await).await.is_empty());
}
