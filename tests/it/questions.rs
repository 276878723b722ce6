//! What thematic and ad hoc periods ask beside their indicators, of one ward and of many, and by when wards owe the province: sections 4
//! to 6 of the contract.

use crate::house::json::{bi, code, codes, fault_codes, list, number, pointers, text, with};
use crate::house::steps::{Period, Report, body, cell, in_days, instant};
use crate::house::{Actor, PLAN, PROVINCE, TestApp, WARD};
use serde_json::{Value, json};

on_both![
    answers_are_checked_and_taken_back,
    a_required_answer_is_waited_for,
    answers_are_consolidated_with_their_sums,
    restricted_answers_are_hidden,
    questions_are_fixed_at_the_opening,
    an_inquiry_is_answered_ward_by_ward,
    wards_are_asked_what_they_have,
    the_province_sets_a_deadline_for_all,
    the_first_sending_is_judged_by_the_deadline_of_then,
];

const PERIODS: &str = "/reporting-periods";

fn question(code: &str, kind: &str, changes: Value) -> Value {
    with(&json!({"code": code, "text": bi("Số cuộc tuyên truyền", "Campaigns"), "type": kind, "required": false}), &changes)
}

/// An open ad hoc period of these units with these questions and no indicator.
async fn asking(app: &TestApp, units: &[&str], questions: &[Value]) -> Period {
    let body = with(&body(units, &[], 30 * 24 * 60), &json!({"questions": questions}));
    let made = app.coordinator().await.post(PERIODS, &body).await.with_status(201);
    let period = Period::of(app, text(&made, "id"));
    period.open().await;
    period
}

async fn answer(report: &Report, answers: Value) -> Value {
    report.reporter().await.patch(&report.path, &json!({"answers": answers})).await.with_status(200)
}

async fn answers_are_checked_and_taken_back(app: TestApp) {
    let questions = [question("q1", "number", json!({})), question("q2", "text", json!({})), question("q3", "boolean", json!({}))];
    let period = asking(&app, &["U5"], &questions).await;
    assert_eq!(list(&period.read().await, "questions").len(), 3);
    let report = period.report("U5").await;
    let by = report.reporter().await;
    let given = json!({"q1": 12.5, "q2": "Đã tổ chức\nở tổ dân phố", "q3": false});
    assert_eq!(answer(&report, given.clone()).await["answers"].to_string(), given.to_string());
    let same = by.patch(&report.path, &json!({"answers": {"q1": 12.5}})).await;
    assert_eq!(same.with_status(200)["version"], report.read().await["version"]);
    assert_eq!(answer(&report, json!({"q1": null})).await["answers"], json!({"q2": given["q2"], "q3": false}));
    for (wrong, code, pointer) in [
        (json!({"q9": 1}), "field.unknown", "/answers/q9"),
        (json!({"q1": "mười"}), "field.type", "/answers/q1"),
        (json!({"q2": true}), "field.type", "/answers/q2"),
    ] {
        let refused = by.patch(&report.path, &json!({"answers": wrong})).await.refused(422);
        assert_eq!((fault_codes(&refused), pointers(&refused)), (vec![code.to_owned()], vec![pointer.to_owned()]));
    }
    // What an earlier round said can be compared.
    report.submit(&[]).await;
    report.send_back("Sửa").await;
    answer(&report, json!({"q2": "Đã tổ chức"})).await;
    report.submit(&[]).await;
    let diff = by.find(&format!("{}/diff", report.path), &[("from", "1"), ("to", "2")]).await.ok();
    assert_eq!(diff["answers"], json!([{"code": "q2", "before": given["q2"], "after": "Đã tổ chức"}]));
}

async fn a_required_answer_is_waited_for(app: TestApp) {
    let period = asking(&app, &["U5"], &[question("q1", "number", json!({"required": true})), question("q2", "text", json!({}))]).await;
    let report = period.report("U5").await;
    let blockers = report.readiness().await["blockers"].clone();
    assert_eq!(blockers.as_array().map(Vec::len), Some(1), "{blockers}");
    assert_eq!(blockers[0]["code"], "answer.missing");
    let refused = report.reporter().await.act(&report.path, "submit", &json!({})).await.problem(422, "report.not_ready");
    assert_eq!((fault_codes(&refused), pointers(&refused)), (vec!["answer.missing".to_owned()], vec!["/answers/q1".to_owned()]));
    answer(&report, json!({"q1": 0})).await;
    report.submit(&[]).await;
}

async fn answers_are_consolidated_with_their_sums(app: TestApp) {
    let period = asking(&app, &["U5", "U2", "U4"], &[question("q1", "number", json!({})), question("q2", "boolean", json!({}))]).await;
    for (unit, answers) in [("U5", json!({"q1": 0.1, "q2": true})), ("U2", json!({"q1": 0.2})), ("U4", json!({"q1": 7}))] {
        let report = period.report(unit).await;
        answer(&report, answers).await;
        report.submit(&[]).await;
        if unit != "U4" {
            report.accept().await;
        }
    }
    let sent = period.consolidate().await;
    sent.send().await;
    let whole = sent.read().await;
    let told: Vec<(&str, &str, String)> =
        list(&whole, "answers").iter().map(|a| (text(a, "code"), code(&a["unit"]), a["value"].to_string())).collect();
    assert_eq!(told, [("q1", "U2", "0.2".to_owned()), ("q1", "U5", "0.1".to_owned()), ("q2", "U5", "true".to_owned())]);
    assert_eq!(whole["answer_totals"].to_string(), json!([{"code": "q1", "sum": 0.3, "suppressed": false}]).to_string());
    for member in ["answers", "answer_totals"] {
        assert_eq!(whole["content"][member], whole[member]);
    }
}

async fn restricted_answers_are_hidden(app: TestApp) {
    let period = asking(&app, &["U6", "U5"], &[question("q1", "number", json!({"restricted": true}))]).await;
    let report = period.report("U6").await;
    answer(&report, json!({"q1": 3})).await;
    let words = json!({"narrative": {"results": "Tư vấn cho 3 nạn nhân"}});
    report.reporter().await.patch(&report.path, &words).await.with_status(200);
    report.submit(&[]).await;
    let supervisor = app.supervisor().await;
    assert_eq!(report.read().await["answers"], json!({"q1": 3}), "its unit's own");
    assert_eq!(supervisor.get(&report.path).await.ok()["answers"], json!({}));
    report.accept().await;
    let whole = period.consolidate().await;
    let draft = whole.read().await;
    assert_eq!(draft["narrative"]["results"], Value::Null, "the words beside it may tell it");
    let by_hand = list(&draft, "warnings").iter().filter(|w| w["code"] == "narrative.by_hand");
    assert_eq!(by_hand.map(|w| code(&w["unit"])).collect::<Vec<_>>(), ["U6"]);
    whole.send().await;
    assert_eq!(number(&whole.read().await["answer_totals"][0]["sum"]), "3");
    for reader in [supervisor, app.province_machine().await] {
        let seen = reader.get(&whole.path).await.ok();
        for of in [&seen, &seen["content"]] {
            assert_eq!(of["answers"][0]["value"], Value::Null);
            assert_eq!(of["answers"][0]["suppressed"], true);
            assert_eq!(of["answer_totals"], json!([{"code": "q1", "sum": null, "suppressed": true}]));
        }
    }
    let id = report.path.trim_start_matches("/reports/");
    let events = app.admin().await.items("/audit-events", &[("resource_id", id), ("action", "report.updated")]).await;
    assert_eq!(events[0]["after"]["answers"], json!({"q1": {"suppressed": true}}));
}

async fn questions_are_fixed_at_the_opening(app: TestApp) {
    let by = app.coordinator().await;
    let first = question("q1", "number", json!({}));
    let period = asking(&app, &["U5"], std::slice::from_ref(&first)).await;
    by.patch(&period.path, &json!({"questions": [question("q2", "number", json!({}))]})).await.problem(409, "period.frozen");
    by.patch(&period.path, &json!({"questions": period.read().await["questions"]})).await.with_status(200);
    let twice = with(&body(&["U5"], &[], 60), &json!({"questions": [first.clone(), first.clone()]}));
    assert_eq!(pointers(&by.post(PERIODS, &twice).await.problem(422, "field.conflict")), ["/questions/1/code"]);
    let regular = json!({"plan": PLAN, "kind": "periodic", "frequency": "annual", "label": "2041", "questions": [first]});
    assert_eq!(pointers(&by.post(PERIODS, &regular).await.problem(422, "field.conflict")), ["/questions"]);
    // With questions alone nobody is asked until the coordinator says whom.
    let alone = json!({"plan": PLAN, "kind": "thematic", "label": "CD-1", "starts_on": "2026-01-01", "ends_on": "2026-06-30",
        "opens_at": in_days(3), "due_at": in_days(9), "questions": [question("q1", "text", json!({}))]});
    let made = by.post(PERIODS, &alone).await.with_status(201);
    assert_eq!((list(&made, "units").len(), list(&made, "indicators").len()), (0, 0));
}

fn inquiry(changes: Value) -> Value {
    let asked = json!({"jurisdictions": [PROVINCE], "kind": "ad_hoc", "label": "DX-TINH", "starts_on": "2026-01-01", "ends_on": "2026-12-31",
        "due_at": in_days(9)});
    with(&asked, &changes)
}

async fn an_inquiry_is_answered_ward_by_ward(app: TestApp) {
    let province = app.province_machine().await;
    let asked = inquiry(
        json!({"indicators": ["4.1"], "questions": [question("q1", "number", json!({})), question("q2", "text", json!({"restricted": true}))]}),
    );
    let made = province.post(PERIODS, &asked).await.with_status(201);
    let item = &list(&made, "items")[0];
    let answers = format!("/inquiries/{}/answers", text(item, "inquiry"));
    let period = Period::of(&app, text(item, "id"));
    let report = period.report("U5").await;
    answer(&report, json!({"q1": 12, "q2": "Một vụ"})).await;
    period.deliver("U5", &[cell("4.1", 109, 100)]).await;
    let whole = period.consolidate().await;
    assert!(list(&province.get(&answers).await.ok(), "items").is_empty(), "nothing is sent yet");
    whole.send().await;
    let told = province.get(&answers).await.ok();
    let row = |row: &Value| {
        (text(row, "jurisdiction").to_owned(), code(&row["unit"]).to_owned(), text(row, "code").to_owned(), row["value"].to_string())
    };
    let rows: Vec<_> = list(&told, "items").iter().map(row).collect();
    let of = |code: &str, value: &str| (WARD.to_owned(), "U5".to_owned(), code.to_owned(), value.to_owned());
    assert_eq!(rows, [of("q1", "12"), of("q2", "null")]);
    app.coordinator().await.get(&answers).await.problem(403, "access.denied");
    app.anonymous().get(&answers).await.problem(401, "auth.required");
    province.get(&format!("/inquiries/{}/answers", period.id)).await.problem(404, "resource.not_found");
}

/// Another ward with a copy of the plan, active; answers the copy's id.
async fn neighbour(app: &TestApp) -> (Actor, String) {
    let ward = json!({"code": "09367", "name": bi("Phường Từ Sơn", "Tu Son"), "level": "commune", "kind": "ward", "parent": PROVINCE});
    app.admin().await.post("/jurisdictions", &ward).await.with_status(201);
    let by = app.coordinator_of(&[WARD, "09367"]).await;
    let plan = by.by_code("/plans", PLAN).await;
    let body = json!({"jurisdiction": "09367", "title": bi("Kế hoạch", "Plan")});
    let copy = by.post(&format!("/plans/{}/copy", text(&plan, "id")), &body).await.with_status(201);
    (by, text(&copy, "id").to_owned())
}

async fn wards_are_asked_what_they_have(app: TestApp) {
    let (by, copy) = neighbour(&app).await;
    let lacking = by.items("/indicators", &[("plan", &copy), ("code", "5.4b")]).await;
    by.delete(&format!("/indicators/{}", text(&lacking[0], "id"))).await.with_status(204);
    by.patch(&format!("/plans/{copy}"), &json!({"status": "active"})).await.with_status(200);
    let province = app.province_machine().await;
    let lacks = json!({"jurisdiction": "09367", "indicator": "5.4b"});
    let both = province.post(PERIODS, &inquiry(json!({"indicators": ["5.4b", "4.1"]}))).await.with_status(201);
    let asked: Vec<_> = list(&both, "items").iter().map(|p| (text(p, "jurisdiction"), codes(list(p, "indicators")))).collect();
    assert_eq!(asked, [("09367", vec!["4.1".to_owned()]), (WARD, vec!["4.1".to_owned(), "5.4b".to_owned()])], "in the plan's order");
    assert_eq!(both["not_asked"], json!([lacks]));
    assert_eq!(both["items"][0]["inquiry"], both["items"][1]["inquiry"]);
    // A ward with none of them gets no period.
    let one = province.post(PERIODS, &inquiry(json!({"indicators": ["5.4b"]}))).await.with_status(201);
    assert_eq!((list(&one, "items").len(), &one["not_asked"]), (1, &json!([lacks])));
    let unknown = province.post(PERIODS, &inquiry(json!({"indicators": ["4.1", "9.9"]}))).await.problem(422, "reference.unknown");
    assert_eq!(pointers(&unknown), ["/indicators/1"]);
}

async fn deadline_of(by: &Actor, label: &str) -> Value {
    let found = by.items(PERIODS, &[("plan", PLAN), ("label", label)]).await;
    found[0]["consolidated_due_at"].clone()
}

async fn place(by: &Actor, code: &str) -> String {
    let found = by.items("/jurisdictions", &[("code", code)]).await;
    format!("/jurisdictions/{}/consolidation-deadlines", text(&found[0], "id"))
}

async fn set(by: &Actor, path: &str, due_at: &str) -> Value {
    by.call("PUT", path).json(&json!({"due_at": due_at})).send().await.with_status(200)
}

async fn the_province_sets_a_deadline_for_all(app: TestApp) {
    let (by, province) = (app.coordinator().await, app.province_machine().await);
    let path = place(&by, PROVINCE).await;
    let (due, later) = (in_days(40), in_days(50));
    let unset = province.get(&format!("{path}/2029")).await.ok();
    assert_eq!((text(&unset, "jurisdiction"), text(&unset, "label"), &unset["due_at"]), (PROVINCE, "2029", &Value::Null));
    for due in [&due, &later] {
        let told = set(&province, &format!("{path}/2029"), due).await;
        assert_eq!(instant(&told["due_at"]), instant(&json!(due)));
        assert_eq!(instant(&deadline_of(&by, "2029").await), instant(&json!(due)));
    }
    assert_eq!(deadline_of(&by, "2030").await, Value::Null, "of this label alone");
    // And for a period that is made later.
    set(&province, &format!("{path}/2041"), &due).await;
    let body = json!({"plan": PLAN, "kind": "periodic", "frequency": "annual", "label": "2041"});
    let made = by.post(PERIODS, &body).await.with_status(201);
    assert_eq!(instant(&made["consolidated_due_at"]), instant(&json!(due)));
    province.call("PUT", &format!("{path}/dot-xuat")).json(&json!({"due_at": due})).send().await.problem(404, "resource.not_found");
    by.call("PUT", &format!("{path}/2029")).json(&json!({"due_at": due})).send().await.problem(403, "access.denied");
    let country = place(&by, "VN").await;
    province.call("PUT", &format!("{country}/2029")).json(&json!({"due_at": due})).send().await.problem(403, "access.denied");
}

async fn the_first_sending_is_judged_by_the_deadline_of_then(app: TestApp) {
    let (by, province) = (app.coordinator().await, app.province_machine().await);
    let path = place(&by, PROVINCE).await;
    let standing = async |label: &str| {
        let told = province.find("/completeness", &[("jurisdiction", PROVINCE), ("period", label)]).await.ok();
        (number(&told["sent"]), number(&told["on_time"]), number(&told["late"]))
    };
    let is = |sent: &str, on_time: &str, late: &str| (sent.to_owned(), on_time.to_owned(), late.to_owned());
    set(&province, &format!("{path}/2029"), &in_days(-1)).await;
    for label in ["2029", "2030"] {
        Period::periodic(&app, "annual", label).await.consolidate().await.send().await;
    }
    assert_eq!(standing("2029").await, is("1", "0", "1"));
    assert_eq!(standing("2030").await, is("1", "0", "0"), "without a deadline it is neither");
    // Moved afterwards, it judges nothing that was sent.
    for label in ["2029", "2030"] {
        set(&province, &format!("{path}/{label}"), &in_days(9)).await;
    }
    assert_eq!(standing("2029").await, is("1", "0", "1"));
    assert_eq!(standing("2030").await, is("1", "0", "0"));
}
