//! The catalogue over the years: until when an indicator is asked, what it goes on from, and to what it answers (contract, section 3a).

use crate::house::json::{bi, code, list, mark, text, with};
use crate::house::steps::{Period, cell};
use crate::house::{Actor, Grant, PLAN, PROVINCE, TestApp};
use serde_json::{Value, json};

on_both![
    an_indicator_begins_and_ends,
    a_year_that_was_opened_is_not_cut_off,
    what_others_name_is_not_deleted,
    quarters_end_with_what_they_ask,
    a_sum_is_judged_by_the_province,
    without_a_plan_of_the_province_a_sum_has_no_target,
    a_province_has_indicators_of_its_own,
    the_provinces_code_stands_for_what_answers_to_it,
    what_is_made_later_is_in_no_count_of_a_sent_year,
    a_change_names_the_amendment_that_made_it,
];

/// A new indicator of G2 that the police reports.
fn indicator(code: &str) -> Value {
    json!({
        "plan": PLAN, "goal": "G2", "code": code, "name": bi("Tỷ lệ thử", "Trial share"), "statement": bi("Đạt 30%", "30%"),
        "measure_kind": "percentage", "unit_of_measure": bi("%", "%"), "direction": "at_least",
        "targets": [{"value": 30, "timeframe": {"type": "by_year", "from": null, "to": 2030}, "wording": {"vi": "đạt 30%", "en": null}}],
        "units": [{"unit": "U2", "duty": "report"}]
    })
}

async fn path_of(by: &Actor, code: &str) -> String {
    format!("/indicators/{}", text(&by.by_code("/indicators", code).await, "id"))
}

/// The codes that a planned or opened annual period asks.
async fn asked(by: &Actor, year: &str) -> Vec<String> {
    let found = by.items("/reporting-periods", &[("plan", PLAN), ("frequency", "annual"), ("label", year)]).await;
    list(&found[0], "indicators").iter().map(|i| code(i).to_owned()).collect()
}

/// The codes of which progress of a year speaks, and the counts of a goal.
async fn told(by: &Actor, year: &str, goal: &str) -> (Vec<String>, Value) {
    let progress = by.find("/progress", &[("plan", PLAN), ("period", year)]).await.ok();
    let of_goal = list(&progress, "goals").iter().find(|g| code(&g["goal"]) == goal).cloned().expect("the goal");
    (list(&progress, "indicators").iter().map(|i| code(&i["indicator"]).to_owned()).collect(), of_goal["counts"].clone())
}

/// How many a count speaks of.
fn sum(counts: &Value) -> i64 {
    counts.as_object().unwrap().values().filter_map(Value::as_i64).sum()
}

async fn an_indicator_begins_and_ends(app: TestApp) {
    let by = app.coordinator().await;
    let new = format!("I{}", mark());
    let before = told(&by, "2028", "G2").await;
    let body = with(&indicator(&new), &json!({"effective_from": 2028, "last_year": 2029, "continues": "2.3"}));
    let there = by.post("/indicators", &body).await.with_status(201);
    let path = format!("/indicators/{}", text(&there, "id"));
    assert_eq!((code(&there["continues"]), &there["counterpart"], &there["last_year"]), ("2.3", &Value::Null, &json!(2029)));
    let old = by.by_code("/indicators", "2.3").await;
    assert_eq!((&there["in_force"], &old["in_force"], &old["last_year"]), (&json!(false), &json!(true), &Value::Null));
    assert_eq!((&by.get(&path).await.ok()["in_force"], &by.by_code("/indicators", &new).await["in_force"]), (&json!(false), &json!(false)));
    let outline = app.anonymous().get(&format!("/plans/{}/outline", text(&old["plan"], "id"))).await.ok();
    let of_g2 = list(&outline, "goals").iter().find(|g| code(g) == "G2").unwrap();
    let in_tree = list(of_g2, "plan_indicators").iter().flat_map(|p| list(p, "indicators")).find(|i| code(i) == new).unwrap();
    assert_eq!((&in_tree["in_force"], &in_tree["effective_from"], &in_tree["last_year"]), (&json!(false), &json!(2028), &json!(2029)));
    for (year, is_asked) in [("2027", false), ("2028", true), ("2029", true), ("2030", false)] {
        assert_eq!(asked(&by, year).await.contains(&new), is_asked, "{year}");
        let (codes, counts) = told(&by, year, "G2").await;
        assert_eq!(codes.contains(&new), is_asked, "{year}");
        assert_eq!(sum(&counts) - sum(&before.1), i64::from(is_asked), "{year}: a printed target without an indicator is in no count");
    }
    // One that is named by hand is not asked either.
    Period::regular(&app, &by, PLAN, "2027", &["U2"], &["2.3", &new]).await;
    assert_eq!(asked(&by, "2027").await, ["2.3"]);
    for (changes, pointer) in
        [(json!({"last_year": 2031}), "/last_year"), (json!({"last_year": 2027}), "/last_year"), (json!({"continues": new}), "/continues")]
    {
        let refused = by.patch(&path, &changes).await.refused(422);
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{changes}");
    }
    by.patch(&path, &json!({"continues": "9.9"})).await.problem(422, "reference.unknown");
    let open = by.patch(&path, &json!({"last_year": null, "continues": null})).await.ok();
    assert_eq!((&open["last_year"], &open["continues"], &open["definition_version"]), (&Value::Null, &Value::Null, &json!(1)));
    assert!(asked(&by, "2030").await.contains(&new));
    let same = by.patch(&path, &json!({"last_year": null})).await.ok();
    assert_eq!(same["version"], open["version"], "what changes nothing makes no version");
}

async fn a_year_that_was_opened_is_not_cut_off(app: TestApp) {
    let by = app.coordinator().await;
    let path = path_of(&by, "4.1").await;
    for year in ["2026", "2027"] {
        let period = Period::regular(&app, &by, PLAN, year, &["U5"], &["4.1", "4.2"]).await;
        period.deliver("U5", &[cell("4.1", 114, 100), cell("4.2", 20, 214)]).await;
    }
    let refused = by.patch(&path, &json!({"last_year": 2026})).await.problem(409, "indicator.frozen");
    assert_eq!(refused["first_free_year"], json!(2028));
    let counted = sum(&told(&by, "2028", "G4").await.1);
    let ended = by.patch(&path, &json!({"last_year": 2027})).await.ok();
    assert_eq!((&ended["last_year"], &ended["definition_version"], &ended["in_force"]), (&json!(2027), &json!(1), &json!(true)));
    let (codes, counts) = told(&by, "2028", "G4").await;
    assert_eq!((codes.iter().any(|c| c == "4.1"), sum(&counts)), (false, counted - 1));
    assert!(told(&by, "2027", "G4").await.0.iter().any(|c| c == "4.1"), "what was asked stays");
    let period = Period::regular(&app, &by, PLAN, "2028", &["U5"], &["4.2"]).await;
    period.report("U5").await.try_fill(&app.reporter("U5").await, &[cell("4.1", 1, 1)]).await.problem(422, "indicator.not_due");
    let whole = period.consolidate().await.read().await;
    assert!(list(&whole, "results").iter().all(|r| code(&r["indicator"]) != "4.1"));
    // 2028 was opened without it, so it does not come back.
    let refused = by.patch(&path, &json!({"last_year": null})).await.problem(409, "indicator.frozen");
    assert_eq!(refused["first_free_year"], json!(2029));
    let versions = app.anonymous().get(&format!("{path}/versions")).await.ok();
    assert_eq!(list(&versions, "items")[0]["effective_until"], json!(2027));
}

async fn what_others_name_is_not_deleted(app: TestApp) {
    let by = app.coordinator().await;
    let (old, new) = (format!("I{}", mark()), format!("I{}", mark()));
    let there = by.post("/indicators", &indicator(&old)).await.with_status(201);
    let path = format!("/indicators/{}", text(&there, "id"));
    let next = by.post("/indicators", &with(&indicator(&new), &json!({"continues": text(&there, "id")}))).await.with_status(201);
    assert_eq!(code(&next["continues"]), old);
    assert_eq!(by.get(&path).await.ok()["_actions"]["delete"]["allowed"], json!(false));
    let refused = by.delete(&path).await.problem(409, "indicator.in_use");
    assert_eq!(refused["referrers"], json!({"indicators": 1}));
    by.patch(&format!("/indicators/{}", text(&next, "id")), &json!({"continues": null})).await.with_status(200);
    by.delete(&path).await.with_status(204);
}

async fn quarters_end_with_what_they_ask(app: TestApp) {
    let by = app.coordinator().await;
    let path = path_of(&by, "6.3").await;
    let found = by.items("/reporting-periods", &[("plan", PLAN), ("frequency", "quarterly"), ("label", "2029-Q2")]).await;
    let quarter = format!("/reporting-periods/{}", text(&found[0], "id"));
    by.delete(&quarter).await.problem(409, "period.implied");
    by.patch(&path, &json!({"last_year": 2028})).await.with_status(200);
    by.delete(&quarter).await.with_status(204);
    let plan = text(&found[0]["plan"], "id").to_owned();
    let gone = by.items("/reporting-periods", &[("plan", &plan), ("frequency", "quarterly"), ("label", "2029-Q2")]).await;
    assert!(gone.is_empty());
}

/// A plan of the province with the ward's indicators, and its coordinator.
async fn plan_of_province(app: &TestApp) -> (Actor, String) {
    let by = app.someone(Grant::of("coordinator").at(PROVINCE).restricted()).await;
    let ward = by.by_code("/plans", PLAN).await;
    let copy = json!({"jurisdiction": PROVINCE, "title": bi("Kế hoạch tỉnh Bắc Ninh", "Plan of the province")});
    let made = by.post(&format!("/plans/{}/copy", text(&ward, "id")), &copy).await.with_status(201);
    let id = text(&made, "id").to_owned();
    by.patch(&format!("/plans/{id}"), &json!({"status": "active"})).await.with_status(200);
    (by, id)
}

/// An indicator of a plan.
async fn of_plan(by: &Actor, plan: &str, code: &str) -> (String, Value) {
    let found = by.items("/indicators", &[("plan", plan), ("code", code)]).await;
    (format!("/indicators/{}", text(&found[0], "id")), found[0].clone())
}

/// What progress of the province says of an indicator.
async fn of_province(by: &Actor, year: &str, code_of: &str) -> Value {
    let progress = by.find("/progress", &[("jurisdiction", PROVINCE), ("period", year)]).await.ok();
    let found: Vec<&Value> = list(&progress, "indicators").iter().filter(|i| code(&i["indicator"]) == code_of).collect();
    assert_eq!(found.len(), 1, "{code_of} in {year}");
    found[0].clone()
}

async fn births(app: &TestApp, year: &str) {
    let by = app.coordinator().await;
    let period = Period::regular(app, &by, PLAN, year, &["U5"], &["4.1"]).await;
    period.deliver("U5", &[cell("4.1", 114, 100)]).await;
    period.consolidate().await.send().await;
}

/// The first target of an indicator with another value.
fn wanting(indicator: &Value, value: i64) -> Value {
    json!({"targets": [with(&indicator["targets"][0], &json!({"value": value}))]})
}

async fn a_sum_is_judged_by_the_province(app: TestApp) {
    let (above, plan) = plan_of_province(&app).await;
    let (by, public) = (app.coordinator().await, app.anonymous());
    let (path, there) = of_plan(&above, &plan, "4.1").await;
    let changed = above.patch(&path, &wanting(&there, 115)).await.ok();
    assert_eq!(changed["definition_version"], json!(1), "nobody was asked it yet");
    births(&app, "2026").await;
    let row = of_province(&public, "2026", "4.1").await;
    assert_eq!((&row["indicator"]["id"], &row["final_target"]), (&there["id"], &json!(115)));
    assert!(["achieved", "exceeded"].contains(&text(&row, "result")), "{row}");
    assert_eq!((&row["series"][0]["definition_version"], &row["not_comparable"]), (&json!(1), &json!([])));
    let named = public.find("/progress", &[("plan", &plan), ("period", "2026")]).await.ok();
    let whole = public.find("/progress", &[("jurisdiction", PROVINCE), ("period", "2026")]).await.ok();
    assert_eq!((&named, code(&named["plan"]), list(&named, "wards").len()), (&whole, code(&changed["plan"]), 1));
    // Whatever a ward wants of itself, the sum is held against what the province wants.
    let (own, of_ward) = of_plan(&by, PLAN, "4.1").await;
    by.patch(&own, &wanting(&of_ward, 50)).await.with_status(200);
    assert_eq!(of_province(&public, "2026", "4.1").await, row);
    births(&app, "2027").await;
    let next = of_province(&public, "2027", "4.1").await;
    assert_eq!((&next["final_target"], &next["result"], list(&next, "series").len()), (&json!(115), &row["result"], 2));
    // The years that wards opened are opened for the province.
    let refused = above.patch(&path, &with(&wanting(&there, 110), &json!({"effective_from": 2027}))).await.problem(409, "indicator.frozen");
    assert_eq!(refused["first_free_year"], json!(2028));
    assert_eq!(above.patch(&path, &wanting(&there, 110)).await.ok()["effective_from"], json!(2028));
    assert_eq!(of_province(&public, "2027", "4.1").await["final_target"], json!(115));
    let refused = above.patch(&path, &json!({"code": "4.1x"})).await.problem(409, "indicator.in_use");
    assert_eq!(refused["referrers"]["reporting_periods"], json!(2));
    let refused = above.delete(&path).await.problem(409, "indicator.in_use");
    assert_eq!(refused["referrers"], json!({"reporting_periods": 2, "indicators": 1, "tasks": 2}));
    above.patch(&path, &json!({"last_year": 2026})).await.problem(409, "indicator.frozen");
    // It implies no periods and is no ward.
    assert!(above.items("/reporting-periods", &[("plan", &plan)]).await.is_empty());
    let complete = public.find("/completeness", &[("jurisdiction", PROVINCE), ("period", "2026")]).await.ok();
    assert_eq!((&complete["expected"], &complete["sent"]), (&json!(1), &json!(1)));
}

async fn without_a_plan_of_the_province_a_sum_has_no_target(app: TestApp) {
    births(&app, "2026").await;
    let public = app.anonymous();
    let row = of_province(&public, "2026", "4.1").await;
    for (member, want) in [("target", Value::Null), ("final_target", Value::Null), ("result", json!("no_target")), ("value", json!(114))] {
        assert_eq!(row[member], want, "{member}");
    }
    // A plan that the province makes later does not judge what was asked before.
    let (above, plan) = plan_of_province(&app).await;
    let rows = public.find("/progress", &[("jurisdiction", PROVINCE), ("period", "2026")]).await.ok();
    let rows: Vec<&Value> = list(&rows, "indicators").iter().filter(|i| code(&i["indicator"]) == "4.1").collect();
    let told: Vec<(&Value, &str)> = rows.iter().map(|row| (&row["value"], text(row, "result"))).collect();
    assert_eq!(told, [(&Value::Null, "not_reported"), (&json!(114), "no_target")]);
    above.delete(&of_plan(&above, &plan, "4.1").await.0).await.problem(409, "indicator.in_use");
}

async fn a_province_has_indicators_of_its_own(app: TestApp) {
    let (above, plan) = plan_of_province(&app).await;
    let by = app.coordinator().await;
    let (path, there) = of_plan(&by, PLAN, "4.1").await;
    by.patch(&path, &json!({"counterpart": "9.9"})).await.problem(422, "reference.unknown");
    let (_, named) = of_plan(&above, &plan, "4.2").await;
    let changed = by.patch(&path, &json!({"counterpart": text(&named, "id")})).await.ok();
    assert_eq!((&changed["counterpart"]["id"], code(&changed["counterpart"])), (&named["id"], "4.2"));
    let versions = app.anonymous().get(&format!("{path}/versions")).await.ok();
    assert_eq!(list(&versions, "items")[0]["counterpart"], changed["counterpart"]);
    let period = Period::regular(&app, &by, PLAN, "2026", &["U5"], &["4.1"]).await;
    let owed = period.read().await["obligations"].clone();
    let owed: Vec<(&str, &str)> = list(&owed[0], "indicators").iter().map(|i| (text(i, "code"), code(&i["counterpart"]))).collect();
    assert_eq!(owed, [("4.1", "4.2")]);
    // It is a part of the meaning: another one holds from the next year on.
    let back = by.patch(&path, &json!({"counterpart": null})).await.ok();
    assert_eq!((&back["definition_version"], &back["effective_from"], &back["counterpart"]), (&json!(2), &json!(2027), &Value::Null));
    let refused = above.delete(&format!("/indicators/{}", text(&named, "id"))).await.problem(409, "indicator.in_use");
    assert_eq!(refused["referrers"], json!({"reporting_periods": 1, "indicators": 2, "tasks": 2}), "by name in one version, and by code");
    // What counts something else cannot be added.
    by.patch(&path, &json!({"multiplier": 1})).await.with_status(200);
    births(&app, "2027").await;
    let row = of_province(&by, "2027", "4.1").await;
    assert_eq!((&row["value"], &row["result"]), (&Value::Null, &json!("not_reported")));
    assert_eq!(row["not_comparable"], json!([{"jurisdiction": "09385", "indicator": {"id": there["id"], "code": "4.1"}}]));
}

async fn what_is_made_later_is_in_no_count_of_a_sent_year(app: TestApp) {
    births(&app, "2026").await;
    let (by, public, new) = (app.coordinator().await, app.anonymous(), format!("I{}", mark()));
    let read = async || {
        let figures = [("plan", PLAN), ("period", "2026")];
        let of_ward = public.find("/progress", &figures).await.ok();
        let of_province = public.find("/progress", &[("jurisdiction", PROVINCE), ("period", "2026")]).await.ok();
        [of_ward, of_province]
    };
    let before = read().await;
    by.post("/indicators", &indicator(&new)).await.with_status(201);
    assert_eq!(read().await, before);
    assert!(told(&by, "2026", "G2").await.0.contains(&new), "the ward's own people have it before them");
}

async fn a_change_names_the_amendment_that_made_it(app: TestApp) {
    let (by, public) = (app.coordinator().await, app.anonymous());
    let plan = by.by_code("/plans", PLAN).await;
    let all = format!("/plans/{}/amendments", text(&plan, "id"));
    let body = json!({"document_number": "15/QĐ-UBND", "document_date": "2027-03-01", "in_force_on": "2027-03-15",
        "title": bi("Quyết định điều chỉnh", "Amending decision"), "summary": bi("Điều chỉnh chỉ tiêu 4.1", "Changes 4.1")});
    app.reporter("U5").await.post(&all, &body).await.problem(403, "access.denied");
    by.post(&all, &json!({"document_number": "15"})).await.refused(422);
    let answer = by.post(&all, &body).await;
    let made = answer.with_status(201);
    let (id, one) = (text(&made, "id").to_owned(), format!("{all}/{}", text(&made, "id")));
    assert_eq!(answer.header("location"), format!("/api/v1{one}"));
    for (member, said) in body.as_object().unwrap() {
        assert_eq!(&made[member], said, "{member}");
    }
    assert_eq!((code(&made["plan"]), &made["version"]), (PLAN, &json!(1)));
    assert_eq!(list(&public.get(&all).await.ok(), "items").iter().map(|a| text(a, "id")).collect::<Vec<_>>(), [id.as_str()]);
    assert_eq!(public.get(&one).await.ok()["_actions"]["update"]["allowed"], json!(false));
    assert_eq!(by.patch(&one, &json!({"summary": null})).await.ok()["summary"], Value::Null);
    by.call("PATCH", &one).json(&json!({"document_number": "16/QĐ-UBND"})).send().await.refused(428);
    public.get(&format!("/plans/{}/amendments/{}", crate::house::NOBODY, id)).await.problem(404, "resource.not_found");
    // Each kind names it; of an indicator the version that it made.
    Period::regular(&app, &by, PLAN, "2026", &["U5"], &["4.1"]).await;
    let path = path_of(&by, "4.1").await;
    by.patch(&path, &json!({"tolerance": 1, "amendment": crate::house::NOBODY})).await.problem(422, "reference.unknown");
    let changed = by.patch(&path, &json!({"tolerance": 1, "amendment": id})).await.ok();
    assert_eq!(changed["amendment"], json!({"id": id}));
    Period::regular(&app, &by, PLAN, "2027", &["U5"], &["4.1"]).await;
    assert_eq!(by.patch(&path, &json!({"tolerance": 2})).await.ok()["definition_version"], json!(3));
    let versions = public.get(&format!("{path}/versions")).await.ok();
    let by_whom: Vec<&Value> = list(&versions, "items").iter().map(|v| &v["amendment"]).collect();
    assert_eq!(by_whom, [&Value::Null, &json!({"id": id}), &Value::Null]);
    let refused = by.delete(&one).await.problem(409, "amendment.in_use");
    assert_eq!(refused["referrers"], json!({"indicators": 1}));
    for (room, of) in [("/goals", "G4"), ("/units", "U5"), ("/tasks", "A5.1")] {
        let path = format!("{room}/{}", text(&by.by_code(room, of).await, "id"));
        assert_eq!(by.patch(&path, &json!({"amendment": id})).await.ok()["amendment"], json!({"id": id}), "{room}");
    }
    let goal = json!({"plan": PLAN, "code": mark(), "ordinal": 90, "field": bi("Lĩnh vực", "Field"), "title": bi("Mục tiêu", "Goal"), "amendment": id});
    assert_eq!(by.post("/goals", &goal).await.with_status(201)["amendment"], json!({"id": id}));
    let refused = by.delete(&one).await.problem(409, "amendment.in_use");
    assert_eq!(refused["referrers"], json!({"indicators": 1, "goals": 2, "tasks": 1, "units": 1}));
    // One that nothing names goes.
    let other = by.post(&all, &body).await.with_status(201);
    by.delete(&format!("{all}/{}", text(&other, "id"))).await.with_status(204);
}

async fn the_provinces_code_stands_for_what_answers_to_it(app: TestApp) {
    let (above, plan) = plan_of_province(&app).await;
    let (by, public) = (app.coordinator().await, app.anonymous());
    let body = json!({"plan": plan, "goal": "G4", "code": "P41", "name": bi("Tỷ số giới tính khi sinh", "Sex ratio at birth"),
        "statement": bi("109 bé trai/100 bé gái", "109 boys per 100 girls"), "measure_kind": "ratio", "multiplier": 100,
        "unit_of_measure": bi("bé trai/100 bé gái", "boys per 100 girls"), "direction": "at_most", "targets": [],
        "numerator_definition": bi("Số bé trai", "Boys"), "denominator_definition": bi("Số bé gái", "Girls")});
    let wanted = above.post("/indicators", &body).await.with_status(201);
    let (path, _) = of_plan(&by, PLAN, "4.1").await;
    by.patch(&path, &json!({"counterpart": text(&wanted, "id")})).await.with_status(200);
    births(&app, "2026").await;
    let figures = async |named: &[(&str, &str)]| -> Vec<String> {
        let found = public.find("/observations", &[&[("jurisdiction", PROVINCE)], named].concat()).await.ok();
        list(&found, "items").iter().map(|o| code(&o["indicator"]).to_owned()).collect()
    };
    let own = figures(&[("indicator", "4.1"), ("period", "2026")]).await;
    assert_eq!(own, ["4.1"]);
    for named in ["P41", text(&wanted, "id")] {
        assert_eq!(figures(&[("indicator", named), ("period", "2026")]).await, own, "{named}");
        assert_eq!(figures(&[("indicator", named)]).await, own, "{named} in any period");
        let tasks = |named: &str| [("jurisdiction", PROVINCE.to_owned()), ("indicator", named.to_owned())];
        let found = public.find("/tasks", &tasks(named).each_ref().map(|(key, value)| (*key, value.as_str()))).await.ok();
        assert!(!list(&found, "items").is_empty(), "{named}: {found}");
    }
    // What answers by its code alone is found by the id of the province's.
    let (_, same) = of_plan(&above, &plan, "3.3").await;
    let tasks = public.find("/tasks", &[("plan", PLAN), ("indicator", text(&same, "id"))]).await.ok();
    assert_eq!(
        list(&tasks, "items").len(),
        list(&public.find("/tasks", &[("plan", PLAN), ("indicator", "3.3")]).await.ok(), "items").len()
    );
    public.find("/observations", &[("jurisdiction", PROVINCE), ("indicator", "P42")]).await.problem(400, "reference.unknown");
}
