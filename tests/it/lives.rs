//! Plans, units and wards over their years: who takes whose place, and what stays as it was (contract, section 3a).

use crate::house::json::{code, list, number, text, with};
use crate::house::steps::{Period, cell, schools};
use crate::house::{Actor, Grant, PLAN, PROVINCE, TestApp, WARD};
use crate::kept_by_ward::write_beside;
use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};
use std::time::Duration;

on_both![
    one_plan_a_year,
    a_plan_takes_another_one_s_place,
    the_years_of_a_plan_may_become_fewer,
    an_office_is_merged_into_another,
    what_was_handed_in_lacks_those_who_come_later,
    a_unit_without_a_successor_leaves_its_work_to_be_assigned,
    a_dissolution_that_lies_ahead_is_taken_back,
    a_dissolution_is_carried_out_on_its_day,
    a_unit_is_asked_while_it_is_there,
    a_ward_moves_to_another_province,
];

/// A plan without anything in it.
pub fn plan(code: &str, start_year: i32, end_year: i32) -> Value {
    json!({"code": code, "jurisdiction": WARD, "title": {"vi": "Kế hoạch", "en": null}, "start_year": start_year, "end_year": end_year})
}

pub async fn path_of(by: &Actor, list: &str, code: &str) -> String {
    format!("{list}/{}", text(&by.by_code(list, code).await, "id"))
}

/// The labels of the annual periods of a plan.
async fn years_of(by: &Actor, plan: &str) -> Vec<String> {
    let found = by.items("/reporting-periods", &[("plan", plan), ("frequency", "annual"), ("sort", "label")]).await;
    found.iter().map(|p| text(p, "label").to_owned()).collect()
}

async fn one_plan_a_year(app: TestApp) {
    let by = app.coordinator().await;
    let draft = by.post("/plans", &plan("KH-2029", 2029, 2033)).await.with_status(201);
    assert_eq!(draft["replaces"], Value::Null);
    let path = format!("/plans/{}", text(&draft, "id"));
    let refused = by.patch(&path, &json!({"status": "active"})).await.problem(409, "plan.overlap");
    assert_eq!(code(&refused["plan"]), PLAN);
    by.post("/plans", &with(&plan("KH-2030", 2030, 2030), &json!({"status": "active"}))).await.problem(409, "plan.overlap");
    by.patch(&path, &json!({"status": "active", "start_year": 2031})).await.with_status(200);
    by.patch(&path, &json!({"start_year": 2030})).await.problem(409, "plan.overlap");
    by.patch(&path_of(&by, "/plans", PLAN).await, &json!({"end_year": 2031})).await.problem(409, "plan.overlap");
    by.patch(&path, &json!({"replaces": PLAN})).await.problem(422, "field.immutable");
    // A plan that is over holds no year against another.
    by.patch(&path, &json!({"status": "closed"})).await.with_status(200);
    by.post("/plans", &with(&plan("KH-2031", 2031, 2035), &json!({"status": "active"}))).await.with_status(201);
}

/// What a province reads of an indicator in a year: its numerator, the wards in the sum, and how many are expected and have sent.
async fn of_province(by: &Actor, year: &str) -> (String, usize, i64, i64) {
    let query = [("jurisdiction", PROVINCE), ("period", year)];
    let progress = by.find("/progress", &query).await.ok();
    let births = list(&progress, "indicators").iter().find(|i| code(&i["indicator"]) == "4.1").map(|i| number(&i["numerator"]));
    let complete = by.find("/completeness", &query).await.ok();
    let count = |member: &str| complete[member].as_i64().expect("a count");
    (births.expect("4.1"), list(&progress, "wards").len(), count("expected"), count("sent"))
}

async fn a_plan_takes_another_one_s_place(app: TestApp) {
    let (by, public) = (app.coordinator().await, app.anonymous());
    let first = Period::regular(&app, &by, PLAN, "2026", &["U5"], &["4.1"]).await;
    first.deliver("U5", &[cell("4.1", 114, 100)]).await;
    first.consolidate().await.send().await;
    let begun = Period::regular(&app, &by, PLAN, "2027", &["U5"], &["4.1"]).await;
    let old = path_of(&by, "/plans", PLAN).await;
    let body = json!({"jurisdiction": WARD, "title": {"vi": "Kế hoạch mới", "en": null}});
    let new = by.post(&format!("{old}/copy"), &body).await.with_status(201);
    let (id, new) = (text(&new, "id").to_owned(), format!("/plans/{}", text(&new, "id")));
    let named = by.patch(&new, &json!({"replaces": PLAN})).await.ok();
    assert_eq!(code(&named["replaces"]), PLAN);
    for early in [2025, 2026] {
        let refused = by.patch(&new, &json!({"start_year": early, "status": "active"})).await.problem(409, "plan.in_use");
        assert_eq!(refused["first_free_year"], json!(2027));
    }
    by.patch(&new, &json!({"start_year": 2027, "status": "active"})).await.with_status(200);
    let ended = by.get(&old).await.ok();
    assert_eq!((&ended["end_year"], text(&ended, "status")), (&json!(2026), "active"));
    assert_eq!(years_of(&by, PLAN).await, ["2026", "2027"], "nobody is asked for what comes after");
    assert_eq!(text(&begun.read().await, "status"), "closed", "nor twice for what had begun");
    by.patch(&new, &json!({"replaces": null})).await.problem(422, "field.immutable");
    by.patch(&old, &json!({"end_year": 2027})).await.problem(409, "plan.overlap");
    let next = Period::regular(&app, &by, &id, "2027", &["U5"], &["4.1"]).await;
    next.deliver("U5", &[cell("4.1", 221, 200)]).await;
    assert_eq!(of_province(&public, "2026").await, ("114".to_owned(), 1, 1, 1));
    assert_eq!(of_province(&by, "2027").await, ("221".to_owned(), 1, 1, 0));
    next.consolidate().await.send().await;
    assert_eq!(of_province(&public, "2026").await, ("114".to_owned(), 1, 1, 1), "each year is read from the plan that held it");
    assert_eq!(of_province(&public, "2027").await, ("221".to_owned(), 1, 1, 1));
    let refused = by.delete(&old).await.problem(409, "plan.in_use");
    assert_eq!(refused["referrers"]["plans"], json!(1));
}

async fn the_years_of_a_plan_may_become_fewer(app: TestApp) {
    let by = app.coordinator().await;
    Period::regular(&app, &by, PLAN, "2027", &["U5"], &["4.1"]).await;
    let path = path_of(&by, "/plans", PLAN).await;
    by.patch(&path, &json!({"end_year": 2026})).await.problem(409, "plan.in_use");
    by.patch(&path, &json!({"end_year": 2028})).await.with_status(200);
    assert_eq!(years_of(&by, PLAN).await, ["2026", "2027", "2028"]);
    by.patch(&path, &json!({"end_year": 2030})).await.with_status(200);
    for _ in 0..100 {
        if years_of(&by, PLAN).await.len() == 5 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("what went with its year comes back with it");
}

/// Today by the calendar on a wall in Việt Nam, and some days.
pub fn day(days: i64) -> String {
    (Utc::now() + TimeDelta::hours(7) + TimeDelta::days(days)).format("%Y-%m-%d").to_string()
}

/// Who owes an indicator in a period, the excused ones left out.
fn owing(period: &Value, indicator: &str) -> Vec<String> {
    let owes =
        |o: &&Value| o.get("excused").is_none_or(Value::is_null) && list(o, "indicators").iter().any(|i| text(i, "code") == indicator);
    list(period, "obligations").iter().filter(owes).map(|o| code(&o["unit"]).to_owned()).collect()
}

fn gaps_of(gaps: &Value, kind: &str) -> Vec<String> {
    list(gaps, "items").iter().filter(|gap| text(gap, "kind") == kind).map(|gap| text(gap, "code").to_owned()).collect()
}

async fn an_office_is_merged_into_another(app: TestApp) {
    let by = app.coordinator().await;
    let period = Period::regular(&app, &by, PLAN, "2026", &["U1", "U2", "U5"], &["2.3", "1.1", "2.1", "4.1"]).await;
    let earlier = Period::ad_hoc(&app, &["U2"], &["2.3"]).await;
    earlier.deliver("U2", &[cell("2.3", 129, 468)]).await;
    period.report("U2").await.fill(&[cell("2.3", 1, 2)]).await;
    let (path, body) = (path_of(&by, "/units", "U2").await, json!({"on": day(0), "successors": ["U1"], "reason": "Sáp nhập"}));
    app.reporter("U5").await.act(&path, "dissolve", &body).await.problem(403, "access.denied");
    by.call("POST", &format!("{path}/dissolve")).json(&body).send().await.refused(428);
    let itself = by.act(&path, "dissolve", &with(&body, &json!({"successors": ["U1", "U2"]}))).await.problem(422, "field.conflict");
    assert_eq!(itself["errors"][0]["pointer"], "/successors/1");
    let gone = by.act(&path, "dissolve", &body).await.ok();
    assert_eq!((text(&gone, "valid_until"), code(&gone["successors"][0])), (day(-1).as_str(), "U1"));
    assert_eq!(gone["_actions"]["dissolve"]["allowed"], json!(false));
    let next = by.by_code("/units", "U1").await;
    assert_eq!(code(&next["predecessors"][0]), "U2");
    let read = period.read().await;
    assert_eq!(owing(&read, "2.3"), ["U1"]);
    assert_eq!(owing(&read, "2.1"), ["U1"], "once, where both were charged with it");
    let told = period.completeness().await;
    assert_eq!((&told["expected"], &told["excused"]), (&json!(2), &json!(1)));
    assert_eq!(text(&period.report("U2").await.read().await, "status"), "draft");
    let figures = by.items("/observations", &[("plan", PLAN), ("unit", "U2")]).await;
    assert_eq!(figures.len(), 1, "what it handed in stays its own");
    assert_eq!(owing(&earlier.read().await, "2.3"), ["U2"]);
    for (indicator, want) in [("2.3", vec![("U1", "report")]), ("2.1", vec![("U1", "report")])] {
        let there = by.by_code("/indicators", indicator).await;
        let duties: Vec<(&str, &str)> = list(&there, "units").iter().map(|u| (code(&u["unit"]), text(u, "duty"))).collect();
        assert_eq!(duties, want, "{indicator}");
    }
    let assigned = by.items("/tasks", &[("plan", PLAN), ("unit", "U2")]).await;
    assert!(assigned.iter().all(|task| text(task, "status") == "done"), "{assigned:?}");
    let later = by.items("/reporting-periods", &[("plan", PLAN), ("label", "2028")]).await;
    assert!(list(&later[0], "units").iter().all(|u| code(u) != "U2"));
    let gaps = by.get(&format!("{}/gaps", path_of(&by, "/plans", PLAN).await)).await.ok();
    assert_eq!(gaps_of(&gaps, "unit_not_in_force"), Vec::<String>::new());
    by.act(&path, "dissolve", &body).await.problem(409, "unit.dissolved");
    by.patch(&path, &json!({"valid_until": null})).await.problem(409, "unit.dissolved");
    let refused = by.delete(&path_of(&by, "/units", "U1").await).await.problem(409, "unit.in_use");
    assert_eq!(refused["referrers"]["predecessors"], json!(1));
}

async fn a_unit_without_a_successor_leaves_its_work_to_be_assigned(app: TestApp) {
    let by = app.coordinator().await;
    let period = Period::regular(&app, &by, PLAN, "2026", &["U5", "U6"], &["4.1", "3.3"]).await;
    period.report("U6").await.fill(&[cell("3.3", 0, 0)]).await;
    assert_eq!(period.completeness().await["expected"], json!(2));
    let plan = path_of(&by, "/plans", PLAN).await;
    let gaps = async || by.get(&format!("{plan}/gaps")).await.ok();
    assert!(gaps_of(&gaps().await, "no_active_unit").is_empty());
    let path = path_of(&by, "/units", "U6").await;
    by.act(&path, "dissolve", &json!({"on": day(0), "reason": "Giải thể"})).await.with_status(200);
    let told = period.completeness().await;
    assert_eq!((&told["expected"], &told["missing"], &told["excused"]), (&json!(1), &json!(1), &json!(1)));
    let row = list(&told, "units").iter().find(|u| code(&u["unit"]) == "U6").unwrap();
    assert_eq!(text(&row["excused"], "reason"), "Giải thể");
    assert_eq!(gaps_of(&gaps().await, "no_active_unit"), ["3.2a", "3.2b", "3.3"]);
    assert!(!gaps_of(&gaps().await, "unit_not_in_force").is_empty(), "its tasks");
}

async fn a_dissolution_that_lies_ahead_is_taken_back(app: TestApp) {
    let by = app.coordinator().await;
    let period = Period::regular(&app, &by, PLAN, "2026", &["U1", "U2"], &["2.3", "1.1"]).await;
    let path = path_of(&by, "/units", "U2").await;
    let body = json!({"on": day(30), "successors": ["U1"], "reason": "Sáp nhập"});
    let there = by.act(&path, "dissolve", &body).await.ok();
    assert_eq!((text(&there, "valid_until"), list(&there, "successors").len()), (day(29).as_str(), 1));
    assert_eq!(owing(&period.read().await, "2.3"), ["U2"], "until then nothing changes");
    by.act(&path, "dissolve", &body).await.problem(409, "unit.dissolved");
    let back = by.patch(&path, &json!({"valid_until": null})).await.ok();
    assert_eq!((&back["valid_until"], &back["successors"]), (&Value::Null, &json!([])));
    by.act(&path, "dissolve", &body).await.with_status(200);
}

async fn a_dissolution_is_carried_out_on_its_day(app: TestApp) {
    let by = app.coordinator().await;
    let period = Period::regular(&app, &by, PLAN, "2026", &["U1", "U2"], &["2.3", "1.1"]).await;
    let path = path_of(&by, "/units", "U2").await;
    by.act(&path, "dissolve", &json!({"on": day(30), "successors": ["U1"], "reason": "Sáp nhập"})).await.with_status(200);
    // A month goes by.
    let (last, on) = (day(-1), day(0));
    let passed = format!("UPDATE units SET valid_until = '{last}' WHERE code = 'U2'; UPDATE unit_dissolutions SET dissolves_on = '{on}'");
    write_beside(&app, &passed);
    for _ in 0..100 {
        if owing(&period.read().await, "2.3") == ["U1"] {
            let told = period.completeness().await;
            assert_eq!((&told["expected"], &told["excused"]), (&json!(1), &json!(1)));
            by.patch(&path, &json!({"valid_until": null})).await.problem(409, "unit.dissolved");
            return;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("nobody carried it out");
}

async fn a_unit_is_asked_while_it_is_there(app: TestApp) {
    let by = app.coordinator().await;
    let asked = async |unit: &str| {
        let found = by.items("/reporting-periods", &[("plan", PLAN), ("label", "2028")]).await;
        list(&found[0], "units").iter().any(|u| code(u) == unit)
    };
    let path = path_of(&by, "/units", "U5").await;
    let wrong = by.patch(&path, &json!({"valid_from": day(9), "valid_until": day(8)})).await.problem(422, "field.conflict");
    assert_eq!(wrong["errors"][0]["pointer"], "/valid_until");
    for (days, want) in [
        (json!({"valid_from": day(1)}), false),
        (json!({"valid_from": day(0)}), true),
        (json!({"valid_from": null, "valid_until": day(-1)}), false),
        (json!({"valid_until": day(0)}), true),
    ] {
        by.patch(&path, &days).await.with_status(200);
        assert_eq!(asked("U5").await, want, "{days}");
    }
}

async fn a_ward_moves_to_another_province(app: TestApp) {
    let (by, admin, public) = (app.coordinator().await, app.admin().await, app.anonymous());
    let province = json!({"code": "19", "name": {"vi": "Tỉnh bên", "en": null}, "level": "province", "kind": "province", "parent": "VN"});
    admin.post("/jurisdictions", &province).await.with_status(201);
    let period = Period::regular(&app, &by, PLAN, "2026", &["U5"], &["4.1"]).await;
    period.deliver("U5", &[cell("4.1", 114, 100)]).await;
    period.consolidate().await.send().await;
    let before = of_province(&public, "2026").await;
    assert_eq!(before, ("114".to_owned(), 1, 1, 1));
    let path = path_of(&admin, "/jurisdictions", WARD).await;
    let bare = admin.patch(&path, &json!({"parent": "19"})).await.problem(422, "field.required");
    assert_eq!(bare["errors"][0]["pointer"], "/parent_from");
    admin.patch(&path, &json!({"parent_from": "2027-07-01"})).await.problem(422, "field.conflict");
    let moved = admin.patch(&path, &json!({"parent": "19", "parent_from": "2027-07-01"})).await.ok();
    let parents = json!([{"parent": PROVINCE, "from": null, "until": "2027-06-30"}, {"parent": "19", "from": "2027-07-01", "until": null}]);
    assert_eq!(moved["parents"], parents);
    assert_eq!(admin.by_code("/jurisdictions", WARD).await["parents"], parents);
    let back = admin.patch(&path, &json!({"parent": PROVINCE, "parent_from": "2027-07-01"})).await;
    back.problem(422, "field.required");
    admin.patch(&path, &json!({"parent": PROVINCE, "parent_from": "2027-06-01"})).await.problem(422, "field.conflict");
    // The year that ended before stays with the province of then, which acknowledges it; the new one reads it.
    assert_eq!(of_province(&public, "2026").await, before);
    let of_the_new = public.find("/completeness", &[("jurisdiction", "19"), ("period", "2026")]).await.ok();
    assert_eq!(of_the_new["expected"], json!(0));
    let later = public.find("/completeness", &[("jurisdiction", "19"), ("period", "2028")]).await.ok();
    assert_eq!(later["expected"], json!(1));
    let sent = by.items("/consolidated-reports", &[("plan", PLAN), ("period", "2026")]).await;
    let report = format!("/consolidated-reports/{}", text(&sent[0], "id"));
    let (old, new) = (app.province_machine().await, app.machine(Grant::of("province").at("19")).await);
    for reader in [&old, &new] {
        assert_eq!(text(&reader.get(&report).await.ok(), "status"), "sent");
        assert_eq!(reader.items("/consolidated-reports", &[("period", "2026"), ("plan", PLAN)]).await.len(), 1);
    }
    new.act(&report, "acknowledge", &json!({})).await.problem(403, "access.denied");
    old.act(&report, "acknowledge", &json!({})).await.with_status(200);
    let complete = public.find("/completeness", &[("jurisdiction", PROVINCE), ("period", "2026")]).await.ok();
    assert_eq!((&complete["expected"], &complete["acknowledged"]), (&json!(1), &json!(1)));
    let refused = admin.delete(&path_of(&admin, "/jurisdictions", PROVINCE).await).await.problem(409, "jurisdiction.in_use");
    assert_eq!(refused["referrers"]["former_jurisdictions"], json!(1));
}

async fn what_was_handed_in_lacks_those_who_come_later(app: TestApp) {
    let by = app.coordinator().await;
    let units = schools(&app, &["Trường một", "Trường hai"]).await;
    let named: Vec<&str> = units.iter().map(String::as_str).collect();
    let period = Period::regular(&app, &by, PLAN, "2026", &named, &["5.2a"]).await;
    let stays = period.report(named[0]).await;
    stays.submit(&[cell("5.2a", 48, 48)]).await;
    let path = path_of(&by, "/units", named[1]).await;
    let merged = json!({"on": day(0), "successors": [named[0]], "reason": "Sáp nhập trường"});
    by.act(&path, "dissolve", &merged).await.with_status(200);
    let back = stays.read().await;
    assert_eq!(text(&back, "status"), "returned", "its figure is without the other one's pupils");
    assert_eq!(list(&back, "history").last().unwrap()["reason"], "Sáp nhập trường");
    let told = period.completeness().await;
    assert_eq!((&told["expected"], &told["excused"]), (&json!(1), &json!(1)));
}
