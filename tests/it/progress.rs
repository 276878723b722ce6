//! Figures, completeness and progress for those who read (contract, section 7).

use crate::house::json::{code, codes, list, number, of_indicator, text};
use crate::house::steps::{Consolidated, Period, Report, cell, in_days, part};
use crate::house::{Actor, Grant, PLAN, PROVINCE, TestApp, WARD};
use serde_json::{Value, json};
use std::collections::BTreeSet;

on_both![
    figures_stand_beside_target_and_line,
    printed_targets_and_goals_are_counted,
    a_quarter_speaks_of_what_is_asked_quarterly,
    a_province_sums_before_it_divides,
    own_figures_and_published_ones_share_a_list,
    observations_are_filtered,
    paging_neither_skips_nor_repeats,
    a_ward_s_own_people_see_its_units,
    a_province_sees_who_has_sent,
    queries_must_name_something,
    progress_changes_with_every_write,
];

/// Phường Từ Sơn, a second ward of the province.
pub const NEIGHBOUR: &str = "09367";

/// The second ward with a copy of the plan, active; answers the ids of both plans, whose codes are the same.
pub async fn neighbour(app: &TestApp) -> (String, String) {
    let ward =
        json!({"code": NEIGHBOUR, "name": {"vi": "Phường Từ Sơn", "en": null}, "level": "commune", "kind": "ward", "parent": PROVINCE});
    app.admin().await.post("/jurisdictions", &ward).await.with_status(201);
    let by = above(app).await;
    let plan = by.by_code("/plans", PLAN).await;
    let body = json!({"jurisdiction": NEIGHBOUR, "title": {"vi": "Kế hoạch phường Từ Sơn", "en": null}});
    let copy = by.post(&format!("/plans/{}/copy", text(&plan, "id")), &body).await.with_status(201);
    let id = text(&copy, "id").to_owned();
    by.patch(&format!("/plans/{id}"), &json!({"status": "active"})).await.with_status(200);
    (text(&plan, "id").to_owned(), id)
}

/// A coordinator of both wards.
pub async fn above(app: &TestApp) -> Actor {
    app.coordinator_of(&[WARD, NEIGHBOUR]).await
}

/// One unit's figures in any ward, written, submitted and accepted.
pub async fn deliver(app: &TestApp, ward: &str, period: &Period, unit: &str, cells: &[Value]) {
    let (by, reporter) = (above(app).await, app.someone(Grant::of("reporter").at(ward).unit(unit)).await);
    let found = by.items("/reports", &[("period", &period.id)]).await;
    let report = found.iter().find(|r| code(&r["unit"]) == unit).unwrap_or_else(|| panic!("no report of {unit}"));
    let path = format!("/reports/{}", text(report, "id"));
    reporter.patch_of(&path, &format!("{path}/observations"), &json!({"observations": cells})).await.with_status(200);
    reporter.act(&path, "submit", &json!({})).await.with_status(200);
    by.act(&path, "accept", &json!({})).await.with_status(200);
}

async fn progress(by: &Actor, period: &str) -> Value {
    by.find("/progress", &[("plan", PLAN), ("period", period)]).await.ok()
}

async fn figures_stand_beside_target_and_line(app: TestApp) {
    let by = app.coordinator().await;
    let first = Period::regular(&app, &by, PLAN, "2026", &["U5"], &["4.1", "4.3"]).await;
    first.deliver("U5", &[cell("4.1", 114, 100), cell("4.3", 55, 1000)]).await;
    let second = Period::regular(&app, &by, PLAN, "2027", &["U5"], &["4.1", "4.3"]).await;
    second.deliver("U5", &[cell("4.1", 221, 200), cell("4.3", 50, 1000)]).await;
    let there = progress(&by, "2027").await;
    assert_eq!((code(&there["plan"]), code(&there["period"]), text(&there, "jurisdiction")), (PLAN, "2027", WARD));
    let births = of_indicator(list(&there, "indicators"), "4.1");
    // 100 × 221 / 200 = 110.5; in 2026 100 × 114 / 100 = 114.
    assert_eq!(
        (number(&births["value"]), number(&births["previous_value"]), number(&births["change"])),
        ("110.5".into(), "114".into(), "-3.5".into())
    );
    // The target of 109 is one by 2030, so that none is in force in 2027.
    assert_eq!((&births["target"], number(&births["final_target"])), (&Value::Null, "109".into()));
    // From 114 in 2026 to 109 in 2030 the line stands at 112.75 in 2027: 110.5 misses the target, and is better than the line.
    assert_eq!((text(births, "result"), text(births, "pace")), ("not_achieved", "ahead"));
    let points: Vec<(&str, String)> = list(births, "series").iter().map(|p| (text(p, "period"), number(&p["value"]))).collect();
    assert_eq!(points, [("2026", "114".to_owned()), ("2027", "110.5".to_owned())]);
    let silent = of_indicator(list(&there, "indicators"), "1.1");
    assert_eq!((&silent["value"], text(silent, "result"), list(silent, "series").len()), (&Value::Null, "not_reported", 0));
    assert_eq!(list(&there, "indicators").len(), 21);
}

async fn printed_targets_and_goals_are_counted(app: TestApp) {
    let by = app.coordinator().await;
    let period = Period::regular(&app, &by, PLAN, "2027", &["U1"], &["5.4a", "5.4b", "5.3"]).await;
    // 5.4a: 12 of 30 are 40 %, at least 30 wanted: exceeded. 5.4b: 3 of 30 are 10 %, at least 20 wanted: not. 5.3: 50 of 100.
    period.deliver("U1", &[cell("5.4a", 12, 30), cell("5.4b", 3, 30), cell("5.3", 50, 100)]).await;
    let there = progress(&by, "2027").await;
    let printed =
        |wanted: &str| list(&there, "plan_indicators").iter().find(|p| code(&p["plan_indicator"]) == wanted).expect("a printed target");
    let doctors = printed("5.4");
    assert_eq!((text(doctors, "result"), code(&doctors["goal"])), ("partly_achieved", "G5"));
    assert_eq!((&doctors["counts"]["exceeded"], &doctors["counts"]["not_achieved"]), (&json!(1), &json!(1)));
    assert_eq!(text(printed("5.3"), "result"), "achieved");
    assert_eq!(text(printed("1.1"), "result"), "not_reported");
    let goals = list(&there, "goals");
    assert_eq!(codes(&goals.iter().map(|g| g["goal"].clone()).collect::<Vec<_>>()), ["G1", "G2", "G3", "G4", "G5", "G6"]);
    // Of goal 5's four printed targets one is met, one in part, and 5.1 and 5.2 are not reported.
    let counts = &goals[4]["counts"];
    assert_eq!([&counts["achieved"], &counts["partly_achieved"], &counts["not_reported"]], [&json!(1), &json!(1), &json!(2)]);
    assert_eq!(text(&goals[4], "result"), "partly_achieved");
    assert_eq!(list(&there, "plan_indicators").len(), 18);
}

async fn a_quarter_speaks_of_what_is_asked_quarterly(app: TestApp) {
    let by = app.coordinator().await;
    let period = Period::regular(&app, &by, PLAN, "2027-Q1", &["U4"], &["6.3"]).await;
    period.deliver("U4", &[json!({"indicator": "6.3", "numerator": 5, "status": "final"})]).await;
    let quarter = progress(&by, "2027-Q1").await;
    let indicators = list(&quarter, "indicators");
    assert_eq!(codes(&indicators.iter().map(|i| i["indicator"].clone()).collect::<Vec<_>>()), ["6.3"]);
    assert_eq!((number(&indicators[0]["value"]), text(&indicators[0], "result")), ("5".into(), "exceeded"));
    // Of the year one quarter is accepted, and none is due yet: 100 × 1 / 1.
    let year = progress(&by, "2027").await;
    let share = of_indicator(list(&year, "indicators"), "6.3");
    assert_eq!((number(&share["value"]), text(share, "result")), ("100".into(), "achieved"));
}

async fn a_province_sums_before_it_divides(app: TestApp) {
    let (plan, copy) = neighbour(&app).await;
    let by = above(&app).await;
    let here = Period::regular(&app, &by, &plan, "2027", &["U5", "U6"], &["4.1", "3.2a"]).await;
    let there = Period::regular(&app, &by, &copy, "2027", &["U5", "U6"], &["4.1", "3.2a"]).await;
    deliver(&app, WARD, &here, "U5", &[cell("4.1", 221, 200)]).await;
    deliver(&app, NEIGHBOUR, &there, "U5", &[cell("4.1", 90, 100)]).await;
    deliver(&app, WARD, &here, "U6", &[cell("3.2a", 9, 10)]).await;
    let ask = [("jurisdiction", PROVINCE), ("period", "2027")];
    let whole = by.find("/progress", &ask).await.ok();
    let births = of_indicator(list(&whole, "indicators"), "4.1");
    // 100 × (221 + 90) / (200 + 100) = 103.6667; the mean of 110.5 and 90 would be 100.25.
    assert_eq!(
        (number(&births["value"]), number(&births["numerator"]), number(&births["denominator"])),
        ("103.6667".into(), "311".into(), "300".into())
    );
    assert_eq!((text(births, "result"), &whole["plan"], &whole["period"]["id"]), ("no_target", &Value::Null, &Value::Null));
    let wards = list(&whole, "wards");
    let rows: Vec<(&str, String)> =
        wards.iter().map(|w| (text(w, "jurisdiction"), number(&of_indicator(list(w, "indicators"), "4.1")["value"]))).collect();
    assert_eq!(rows, [(NEIGHBOUR, "90".to_owned()), (WARD, "110.5".to_owned())]);
    assert_eq!((&wards[0]["counts"]["exceeded"], &wards[1]["counts"]["not_achieved"]), (&json!(1), &json!(1)));
    // Somebody without the scope: hidden, and counted as such.
    let supervisor = app.someone(Grant::of("supervisor").at(PROVINCE)).await;
    let hidden = supervisor.find("/progress", &ask).await.ok();
    let victims = of_indicator(list(&hidden, "indicators"), "3.2a");
    assert_eq!((&victims["value"], text(victims, "result"), &victims["pace"]), (&Value::Null, "suppressed", &Value::Null));
    assert!(list(&hidden, "wards")[1]["counts"]["suppressed"].as_i64().is_some_and(|n| n > 0));
    // The province reads what was published: nothing yet.
    let published = app.province_machine().await.find("/progress", &ask).await.ok();
    assert_eq!(text(of_indicator(list(&published, "indicators"), "4.1"), "result"), "not_reported");
}

async fn own_figures_and_published_ones_share_a_list(app: TestApp) {
    let (plan, copy) = neighbour(&app).await;
    let by = above(&app).await;
    let here = Period::regular(&app, &by, &plan, "2027", &["U5"], &["4.1"]).await;
    let there = Period::regular(&app, &by, &copy, "2027", &["U5"], &["4.1"]).await;
    let mut noted = cell("4.1", 221, 200);
    noted["note"] = json!("Số liệu của Trạm y tế");
    deliver(&app, WARD, &here, "U5", &[noted]).await;
    deliver(&app, NEIGHBOUR, &there, "U5", &[cell("4.1", 90, 100)]).await;
    let seen = async |who: &Actor| {
        let found = who.items("/observations", &[("jurisdiction", PROVINCE), ("period", "2027")]).await;
        found.iter().map(|o| (text(o, "jurisdiction").to_owned(), o["note"].as_str().map(str::to_owned))).collect::<BTreeSet<_>>()
    };
    let own = (WARD.to_owned(), Some("Số liệu của Trạm y tế".to_owned()));
    assert_eq!(seen(&app.coordinator().await).await, BTreeSet::from([own.clone()]));
    assert!(seen(&app.anonymous()).await.is_empty());
    here.consolidate().await.send().await;
    assert_eq!(seen(&app.anonymous()).await, BTreeSet::from([(WARD.to_owned(), None)]), "published, without the note");
    assert_eq!(seen(&app.coordinator().await).await, BTreeSet::from([own.clone()]), "not twice");
    // A coordinator of the other ward: its own accepted figure, and what was published here.
    let other = app.someone(Grant::of("coordinator").at(NEIGHBOUR)).await;
    assert_eq!(seen(&other).await, BTreeSet::from([(NEIGHBOUR.to_owned(), None), (WARD.to_owned(), None)]));
    assert_eq!(seen(&by).await, BTreeSet::from([(NEIGHBOUR.to_owned(), None), own]));
}

async fn observations_are_filtered(app: TestApp) {
    let by = app.coordinator().await;
    let period = Period::regular(&app, &by, PLAN, "2027", &["U1", "U5"], &["1.1", "4.1", "6.1"]).await;
    period.deliver("U5", &[cell("4.1", 221, 200)]).await;
    let mut estimate = cell("1.1", 14, 20);
    estimate["status"] = json!("estimate");
    period.deliver("U1", &[estimate, cell("6.1", 610, 1000), part("6.1", "sex", "female", 300, 500)]).await;
    let seen = async |query: &[(&str, &str)]| {
        let mut query = query.to_vec();
        query.push(("plan", PLAN));
        let found = by.items("/observations", &query).await;
        let mut codes: Vec<String> = found.iter().map(|o| code(&o["indicator"]).to_owned()).collect();
        codes.sort();
        codes
    };
    assert_eq!(seen(&[]).await, ["1.1", "4.1", "6.1", "6.1"]);
    assert_eq!(seen(&[("unit", "U5")]).await, ["4.1"]);
    assert_eq!(seen(&[("goal", "G6")]).await, ["6.1", "6.1"]);
    assert_eq!(seen(&[("indicator", "1.1")]).await, ["1.1"]);
    assert_eq!(seen(&[("status", "estimate")]).await, ["1.1"]);
    assert_eq!(seen(&[("disaggregation.sex", "female")]).await, ["6.1"]);
    assert!(seen(&[("disaggregation.sex", "male")]).await.is_empty());
    assert_eq!(seen(&[("period", "2027"), ("from", "2027-01-01"), ("to", "2027")]).await.len(), 4);
    assert!(seen(&[("from", "2027-01-02")]).await.is_empty() && seen(&[("to", "2027-Q3")]).await.is_empty());
    let since = by.items("/observations", &[("plan", PLAN)]).await;
    let last = text(since.last().expect("the newest last"), "updated_at").to_owned();
    assert_eq!(seen(&[("updated_since", &last)]).await.len(), 3, "the whole report was accepted at once");
    let one = &by.items("/observations", &[("indicator", "4.1"), ("plan", PLAN)]).await[0];
    assert_eq!((text(&one["reference"], "from"), text(&one["reference"], "label")), ("2027-01-01", "2027"));
    assert_eq!((code(&one["unit"]), number(&one["value"]), &one["suppressed"]), ("U5", "110.5".into(), &json!(false)));
}

async fn paging_neither_skips_nor_repeats(app: TestApp) {
    let by = app.coordinator().await;
    let period = Period::regular(&app, &by, PLAN, "2027", &["U1", "U5", "U6"], &["1.1", "6.1", "4.1", "3.3"]).await;
    period.deliver("U1", &[cell("1.1", 14, 20), cell("6.1", 610, 1000), part("6.1", "sex", "female", 300, 500)]).await;
    period.deliver("U5", &[cell("4.1", 221, 200)]).await;
    for sort in ["updated_at", "-updated_at"] {
        let mut ids = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let mut query = vec![("plan", PLAN), ("limit", "1"), ("sort", sort), ("include_total", "true")];
            query.extend(cursor.as_deref().map(|c| ("cursor", c)));
            let page = by.find("/observations", &query).await.ok();
            ids.extend(list(&page, "items").iter().map(|o| text(o, "id").to_owned()));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => break,
            }
        }
        let distinct: BTreeSet<&String> = ids.iter().collect();
        assert_eq!((ids.len(), distinct.len()), (4, 4), "{sort}");
    }
    let first = by.find("/observations", &[("plan", PLAN), ("limit", "2")]).await.ok();
    // Accepted meanwhile: it comes last, and once.
    period.deliver("U6", &[cell("3.3", 5, 5)]).await;
    let next = text(&first, "next_cursor");
    let rest = by.find("/observations", &[("plan", PLAN), ("limit", "50"), ("cursor", next)]).await.ok();
    let rest: Vec<&str> = list(&rest, "items").iter().map(|o| code(&o["indicator"])).collect();
    assert_eq!((rest.len(), rest.last()), (3, Some(&"3.3")));
}

async fn a_ward_s_own_people_see_its_units(app: TestApp) {
    let by = app.coordinator().await;
    let period = Period::regular(&app, &by, PLAN, "2027", &["U1", "U5"], &["1.1", "4.1"]).await;
    period.deliver("U5", &[cell("4.1", 221, 200)]).await;
    let ask = [("plan", PLAN), ("period", "2027")];
    let there = by.find("/completeness", &ask).await.ok();
    assert_eq!(there, period.completeness().await, "as the period's own");
    assert_eq!([&there["expected"], &there["accepted"], &there["missing"]], [&json!(2), &json!(1), &json!(1)]);
    // The province sees whether the ward has sent, not which units have reported.
    let sent = app.province_machine().await.find("/completeness", &ask).await.ok();
    assert_eq!([&sent["expected"], &sent["sent"], &sent["missing"]], [&json!(1), &json!(0), &json!(1)]);
    assert!(sent.get("units").is_none());
    // So does the public.
    assert_eq!(app.anonymous().find("/completeness", &ask).await.ok(), sent);
    // What was sent says it unit by unit, and why one was excused to nobody outside.
    by.post(&format!("{}/excusals", period.path), &json!({"unit": "U1", "reason": "Đã sáp nhập"})).await.with_status(201);
    period.consolidate().await.send().await;
    let told = app.anonymous().find("/completeness", &ask).await.ok();
    assert_eq!([&told["expected"], &told["accepted"], &told["excused"]], [&json!(1); 3]);
    let units: Vec<(&str, bool)> = list(&told, "units").iter().map(|u| (code(&u["unit"]), u["excused"].is_object())).collect();
    assert_eq!(units, [("U1", true), ("U5", false)]);
    assert!(!told.to_string().contains("Đã sáp nhập"), "{told}");
    assert_eq!((&told["under_revision"], &told["unpublished_changes"]), (&json!(false), &json!(false)));
}

async fn a_province_sees_who_has_sent(app: TestApp) {
    let (plan, copy) = neighbour(&app).await;
    let (by, machine) = (above(&app).await, app.province_machine().await);
    let here = Period::regular(&app, &by, &plan, "2027", &["U5"], &["4.1"]).await;
    let there = Period::regular(&app, &by, &copy, "2027", &["U5"], &["4.1"]).await;
    machine.patch(&here.path, &json!({"consolidated_due_at": in_days(5)})).await.with_status(200);
    machine.patch(&there.path, &json!({"consolidated_due_at": in_days(-5)})).await.with_status(200);
    let counts = async || {
        let c = machine.find("/completeness", &[("jurisdiction", PROVINCE), ("period", "2027")]).await.ok();
        let of = ["expected", "sent", "on_time", "late", "acknowledged", "missing", "overdue"].map(|k| c[k].as_i64().expect("a count"));
        (of, c)
    };
    // The neighbour's deadline is over.
    assert_eq!(counts().await.0, [2, 0, 0, 0, 0, 2, 1]);
    deliver(&app, WARD, &here, "U5", &[cell("4.1", 109, 100)]).await;
    let whole: Consolidated = here.consolidate().await;
    whole.send().await;
    assert_eq!(counts().await.0, [2, 1, 1, 0, 0, 1, 1]);
    whole.try_step(&machine, "acknowledge", &json!({})).await.with_status(200);
    let (of, body) = counts().await;
    assert_eq!(of, [2, 1, 1, 0, 1, 1, 1]);
    let wards: Vec<(&str, &str)> = list(&body, "wards").iter().map(|w| (text(w, "jurisdiction"), text(w, "status"))).collect();
    assert_eq!(wards, [(NEIGHBOUR, "missing"), (WARD, "acknowledged")]);
}

async fn queries_must_name_something(app: TestApp) {
    let by = app.coordinator().await;
    for (path, code) in [
        ("/completeness", "query.invalid"),
        ("/progress?plan=none&period=2027", "reference.unknown"),
        ("/progress?jurisdiction=99999&period=2027", "reference.unknown"),
        ("/progress?plan=KH-BDG-DN-2026-2030&period=2099", "reference.unknown"),
        ("/progress?plan=KH-BDG-DN-2026-2030&jurisdiction=09385&period=2027&bogus=1", "query.unknown"),
        ("/completeness?period=2027", "query.invalid"),
        ("/completeness?jurisdiction=24&period=next", "reference.unknown"),
        ("/observations?unit=U99", "reference.unknown"),
        ("/observations?from=yesterday", "query.invalid"),
        ("/observations?from=2026-02-30", "query.invalid"),
        ("/observations?status=guess", "query.invalid"),
        ("/observations?sort=value", "query.invalid"),
        ("/observations?disaggregation.colour=red", "reference.unknown"),
        ("/observations?disaggregation.sex=neither", "reference.unknown"),
    ] {
        by.get(path).await.problem(400, code);
    }
}

async fn progress_changes_with_every_write(app: TestApp) {
    let by = app.coordinator().await;
    let period = Period::regular(&app, &by, PLAN, "2027", &["U5"], &["4.1"]).await;
    let value = async || of_indicator(list(&progress(&by, "2027").await, "indicators"), "4.1")["value"].clone();
    assert_eq!((value().await, value().await), (Value::Null, Value::Null));
    let report: Report = period.deliver("U5", &[cell("4.1", 109, 100)]).await;
    assert_eq!(number(&value().await), "109");
    report.reopen("Sửa số liệu").await;
    assert_eq!(value().await, Value::Null, "it counts as not accepted");
    report.submit(&[cell("4.1", 110, 100)]).await;
    report.accept().await;
    assert_eq!(number(&value().await), "110");
}
