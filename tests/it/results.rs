//! Results that a gender plan needs: who has given a figure, and women and men beside the whole (contract, sections 6 and 7).

use crate::house::json::{code, list, number, of_indicator, text, with};
use crate::house::steps::{Period, cell, not_applicable, part};
use crate::house::{Actor, PLAN, PROVINCE, TestApp, WARD};
use crate::progress::{NEIGHBOUR, above, deliver, neighbour};
use serde_json::{Value, json};

on_both![
    a_result_says_who_has_given_it,
    women_and_men_stand_beside_the_whole,
    what_is_asked_is_listed_whoever_answers,
    a_target_for_each_sex_is_met_by_both,
    a_province_adds_up_its_wards_women_and_men,
    the_newest_revision_counts_whole,
];

/// An indicator asked of these units.
async fn asked_of(by: &Actor, indicator: &str, units: &[&str]) {
    let found = by.by_code("/indicators", indicator).await;
    let units: Vec<Value> = units.iter().map(|unit| json!({"unit": unit, "duty": "report", "basis": "inferred"})).collect();
    by.patch(&format!("/indicators/{}", text(&found, "id")), &json!({"units": units})).await.with_status(200);
}

async fn row(by: &Actor, query: [(&str, &str); 2], indicator: &str) -> Value {
    let progress = by.find("/progress", &query).await.ok();
    of_indicator(list(&progress, "indicators"), indicator).clone()
}

/// Numerator, denominator, and who gave it, of the part of a sex.
fn part_of(row: &Value, sex: &str) -> (String, String, Value) {
    let found = list(row, "breakdowns").iter().find(|b| b["disaggregation"] == json!({"sex": sex}));
    let found = found.unwrap_or_else(|| panic!("no {sex} in {row}"));
    let told = |member: &str| if found[member].is_null() { "null".to_owned() } else { number(&found[member]) };
    (told("numerator"), told("denominator"), found["coverage"].clone())
}

fn covered(reported: u32, expected: u32) -> Value {
    json!({"expected": expected, "reported": reported})
}

async fn a_result_says_who_has_given_it(app: TestApp) {
    let by = app.coordinator().await;
    asked_of(&by, "2.3", &["U1", "U2", "U4"]).await;
    let period = Period::regular(&app, &by, PLAN, "2026", &["U1", "U2", "U4"], &["2.3"]).await;
    let told = async || {
        let row = row(&by, [("plan", PLAN), ("period", "2026")], "2.3").await;
        (row["coverage"].clone(), row["partial"].clone())
    };
    assert_eq!(told().await, (covered(0, 3), json!(true)));
    period.deliver("U1", &[cell("2.3", 10, 30)]).await;
    assert_eq!(told().await, (covered(1, 3), json!(true)));
    period.deliver("U2", &[not_applicable("2.3", "Không có doanh nghiệp")]).await;
    assert_eq!(told().await, (covered(2, 3), json!(true)), "a reason is an answer too");
    let excusals = format!("{}/excusals", period.path);
    by.post(&excusals, &json!({"unit": "U4", "reason": "Đã giải thể"})).await.with_status(201);
    assert_eq!(told().await, (covered(2, 2), json!(false)), "who is excused owes nothing");
    by.post(&excusals, &json!({"unit": "U1", "reason": "Đã sáp nhập"})).await.with_status(201);
    assert_eq!(told().await, (covered(2, 2), json!(false)), "but what was accepted of him stands on both sides");
    let whole = period.consolidate().await;
    assert_eq!(whole.result("2.3").await["coverage"], covered(2, 2));
    whole.send().await;
    assert_eq!(of_indicator(list(&whole.read().await["content"], "results"), "2.3")["coverage"], covered(2, 2));
    let public = row(&app.anonymous(), [("plan", PLAN), ("period", "2026")], "2.3").await;
    assert_eq!((&public["coverage"], &public["partial"]), (&covered(2, 2), &json!(false)));
}

async fn women_and_men_stand_beside_the_whole(app: TestApp) {
    let by = app.coordinator().await;
    asked_of(&by, "2.3", &["U1", "U2", "U4", "U5"]).await;
    let period = Period::regular(&app, &by, PLAN, "2026", &["U1", "U2", "U4", "U5"], &["2.3"]).await;
    let sexes = |women: (i64, i64), men: (i64, i64)| {
        let whole = cell("2.3", women.0 + men.0, women.1 + men.1);
        [whole, part("2.3", "sex", "female", women.0, women.1), part("2.3", "sex", "male", men.0, men.1)]
    };
    period.deliver("U1", &sexes((10, 30), (20, 40))).await;
    period.deliver("U2", &sexes((5, 10), (0, 7))).await;
    // Nobody says who these are, and nothing is found by subtraction.
    period.deliver("U4", &[cell("2.3", 8, 16)]).await;
    period.deliver("U5", &[not_applicable("2.3", "Không có doanh nghiệp")]).await;
    let here = row(&by, [("plan", PLAN), ("period", "2026")], "2.3").await;
    assert_eq!((number(&here["numerator"]), number(&here["denominator"])), ("43".to_owned(), "103".to_owned()));
    assert_eq!(part_of(&here, "female"), ("15".to_owned(), "40".to_owned(), covered(3, 4)));
    assert_eq!(part_of(&here, "male"), ("20".to_owned(), "47".to_owned(), covered(3, 4)));
    let women = list(&here, "breakdowns").iter().find(|b| b["disaggregation"]["sex"] == "female").unwrap();
    // 100 × 15 / 40, as the whole is computed; the target speaks of all together.
    assert_eq!((number(&women["value"]), women.get("result"), &women["suppressed"]), ("37.5".to_owned(), None, &json!(false)));
    let whole = period.consolidate().await;
    assert_eq!(whole.result("2.3").await["breakdowns"], here["breakdowns"]);
    whole.send().await;
    assert_eq!(of_indicator(list(&whole.read().await["content"], "results"), "2.3")["breakdowns"], here["breakdowns"]);
    let public = row(&app.anonymous(), [("plan", PLAN), ("period", "2026")], "2.3").await;
    assert_eq!(public["breakdowns"], here["breakdowns"]);
}

async fn what_is_asked_is_listed_whoever_answers(app: TestApp) {
    let by = app.coordinator().await;
    let period = Period::regular(&app, &by, PLAN, "2026", &["U2"], &["2.3"]).await;
    let names = async |label: &str| {
        let row = row(&by, [("plan", PLAN), ("period", label)], "2.3").await;
        let name =
            |b: &Value| b["disaggregation"].as_object().unwrap().iter().map(|(d, v)| format!("{d}:{}", v.as_str().unwrap())).collect();
        list(&row, "breakdowns").iter().map(name).collect::<Vec<String>>()
    };
    let asked = names("2026").await;
    assert!(["sex:female", "sex:male"].iter().all(|name| asked.contains(&(*name).to_owned())), "{asked:?}");
    let of_type = asked.iter().find(|name| name.starts_with("enterprise_type:")).expect("a type of enterprise").clone();
    period.deliver("U2", &[cell("2.3", 129, 468)]).await;
    let there = row(&by, [("plan", PLAN), ("period", "2026")], "2.3").await;
    let women = list(&there, "breakdowns").iter().find(|b| b["disaggregation"]["sex"] == "female").unwrap();
    assert_eq!([&women["numerator"], &women["denominator"], &women["value"]], [&Value::Null; 3]);
    assert_eq!(women["coverage"], covered(0, 1));
    // A value that is given up later was asked all the same.
    let dimension = by.by_code("/disaggregations", "enterprise_type").await;
    let value = of_type.split_once(':').unwrap().1;
    let values: Vec<Value> = list(&dimension, "values")
        .iter()
        .map(|v| if text(v, "code") == value { with(v, &json!({"active": false})) } else { v.clone() })
        .collect();
    by.patch(&format!("/disaggregations/{}", text(&dimension, "id")), &json!({"values": values})).await.with_status(200);
    assert_eq!(names("2026").await, asked);
    let later = names("2027").await;
    assert!(!later.contains(&of_type) && later.len() + 1 == asked.len(), "{later:?}");
    // A dimension that does not split, and a share of quarters, have no parts.
    let nothing = async |indicator| list(&row(&by, [("plan", PLAN), ("period", "2026")], indicator).await, "breakdowns").len();
    assert_eq!((nothing("3.1").await, nothing("6.3").await), (0, 0));
}

async fn a_target_for_each_sex_is_met_by_both(app: TestApp) {
    let by = app.coordinator().await;
    asked_of(&by, "5.2a", &["U1"]).await;
    let of = |girls: (i64, i64), boys: (i64, i64)| {
        let whole = cell("5.2a", girls.0 + boys.0, girls.1 + boys.1);
        [whole, part("5.2a", "sex", "female", girls.0, girls.1), part("5.2a", "sex", "male", boys.0, boys.1)]
    };
    for (label, cells, whole, [girls, boys]) in [
        ("2026", of((52, 50), (48, 50)), "not_achieved", ["exceeded", "not_achieved"]),
        ("2027", of((52, 50), (50, 50)), "achieved", ["exceeded", "achieved"]),
    ] {
        let period = Period::regular(&app, &by, PLAN, label, &["U1"], &["5.2a"]).await;
        period.deliver("U1", &cells).await;
        let told = row(&by, [("plan", PLAN), ("period", label)], "5.2a").await;
        let result = |sex: &str| list(&told, "breakdowns").iter().find(|b| b["disaggregation"]["sex"] == sex).unwrap()["result"].clone();
        assert_eq!((text(&told, "result"), result("female"), result("male")), (whole, json!(girls), json!(boys)), "{label}");
        assert!(list(&told, "breakdowns").iter().all(|b| b["disaggregation"].get("sex").is_some() || b.get("result").is_none()));
        let point = list(&told, "series").iter().find(|p| text(p, "period") == label).unwrap().clone();
        assert_eq!(text(&point, "result"), whole, "the series says the same");
        let province = row(&by, [("jurisdiction", PROVINCE), ("period", label)], "5.2a").await;
        // Without a plan of its own the province has no target by which they could be judged.
        let unjudged = |b: &Value| {
            Value::Object(b.as_object().unwrap().iter().filter(|(m, _)| *m != "result").map(|(m, v)| (m.clone(), v.clone())).collect())
        };
        let parts: Vec<Value> = list(&told, "breakdowns").iter().map(unjudged).collect();
        assert_eq!((text(&province, "result"), &province["breakdowns"]), ("no_target", &json!(parts)));
    }
    // Together they are 100 %, which would be on time: the milestone of the very year is missed as well.
    let found = by.by_code("/indicators", "5.2a").await;
    let target = with(&list(&found, "targets")[0], &json!({"timeframe": {"type": "by_year", "from": null, "to": 2028}}));
    by.patch(&format!("/indicators/{}", text(&found, "id")), &json!({"targets": [target], "effective_from": 2028})).await.with_status(200);
    let period = Period::regular(&app, &by, PLAN, "2028", &["U1"], &["5.2a"]).await;
    period.deliver("U1", &of((52, 50), (48, 50))).await;
    let told = row(&by, [("plan", PLAN), ("period", "2028")], "5.2a").await;
    assert_eq!((text(&told, "year_result"), number(&told["value"])), ("not_achieved", "100".to_owned()));
}

async fn a_province_adds_up_its_wards_women_and_men(app: TestApp) {
    let (plan, copy) = neighbour(&app).await;
    let by = above(&app).await;
    let here = Period::regular(&app, &by, &plan, "2027", &["U2"], &["2.3"]).await;
    let there = Period::regular(&app, &by, &copy, "2027", &["U2"], &["2.3"]).await;
    let ask = [("jurisdiction", PROVINCE), ("period", "2027")];
    deliver(&app, WARD, &here, "U2", &[cell("2.3", 30, 90), part("2.3", "sex", "female", 10, 40), part("2.3", "sex", "male", 20, 50)])
        .await;
    let told = row(&by, ask, "2.3").await;
    assert_eq!((&told["coverage"], &told["partial"]), (&covered(1, 2), &json!(true)));
    deliver(&app, NEIGHBOUR, &there, "U2", &[cell("2.3", 9, 30), part("2.3", "sex", "female", 5, 10)]).await;
    let told = row(&by, ask, "2.3").await;
    assert_eq!((&told["coverage"], &told["partial"]), (&covered(2, 2), &json!(false)));
    assert_eq!(part_of(&told, "female"), ("15".to_owned(), "50".to_owned(), covered(2, 2)));
    assert_eq!(part_of(&told, "male"), ("20".to_owned(), "50".to_owned(), covered(1, 2)));
    assert_eq!(code(&told["indicator"]), "2.3");
}

async fn the_newest_revision_counts_whole(app: TestApp) {
    let by = app.coordinator().await;
    let period = Period::regular(&app, &by, PLAN, "2026", &["U2"], &["2.3"]).await;
    let women = part("2.3", "sex", "female", 10, 40);
    period.deliver("U2", &[cell("2.3", 30, 90), women.clone()]).await;
    period.consolidate().await.send().await;
    let public = app.anonymous();
    let told = async || row(&public, [("plan", PLAN), ("period", "2026")], "2.3").await;
    assert_eq!(part_of(&told().await, "female"), ("10".to_owned(), "40".to_owned(), covered(1, 1)));
    let before = told().await;
    let correction = period.correct("Số liệu chính thức").await;
    let report = period.report("U2").await;
    report.reopen("Số liệu chính thức").await;
    report.submit(&[cell("2.3", 31, 90), with(&women, &json!({"delete": true}))]).await;
    report.accept().await;
    assert_eq!(told().await, before, "until it is sent");
    by.act(&correction.path, "refresh", &json!({})).await.with_status(200);
    correction.send().await;
    assert_eq!(part_of(&told().await, "female"), ("null".to_owned(), "null".to_owned(), covered(0, 1)));
}
