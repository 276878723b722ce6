//! What readers without the scope learn by comparing what was shown at different times (contract, section 8): years, quarters, drafts that
//! were taken back.

use crate::access::execute;
use crate::as_of::now;
use crate::consolidation::two_surveys;
use crate::house::json::{bi, code, list, number, of_indicator, text, with};
use crate::house::steps::{Consolidated, Period, cell};
use crate::house::{Actor, Grant, PLAN, TestApp, WARD};
use crate::migrations::migrate;
use serde_json::{Value, json};

on_both![
    a_year_does_not_tell_what_another_one_was_for_a_while,
    nor_what_it_was_in_a_year_that_does_not_ask_it,
    nor_once_an_indicator_is_restricted,
    that_several_sources_agree_is_not_told,
    a_restriction_that_is_taken_back_uncovers_nothing,
    what_is_restricted_meanwhile_is_drawn_up_anew,
    words_from_before_a_restriction_are_looked_at_again,
    words_outlive_the_report_they_were_written_for,
    what_was_not_restricted_then_is_looked_back_at,
    the_words_of_a_decision_are_hidden_with_the_figures,
    a_form_does_not_tell_what_was_restricted_then,
    the_value_of_a_restricted_year_is_read_beside_a_later_one,
    a_quarter_is_read_from_one_report,
    parts_of_several_dimensions_stay_hidden,
    what_was_approved_and_rejected_is_not_forgotten,
    nor_if_its_draft_is_deleted,
    nor_if_it_was_rejected_by_a_version_before,
    remarks_on_restricted_figures_are_not_for_everybody,
];

const INDICATOR: &str = "3.2a";

/// A report of the unit is corrected and accepted again.
async fn corrected(period: &Period, unit: &str, cells: &[Value]) {
    let report = period.report(unit).await;
    report.reopen("Số liệu chính thức").await;
    report.submit(cells).await;
    report.accept().await;
}

async fn figures(by: &Actor, period: &Period, indicator: &str) -> Vec<Value> {
    by.items("/observations", &[("plan", PLAN), ("period", &period.id), ("indicator", indicator)]).await
}

async fn a_year_does_not_tell_what_another_one_was_for_a_while(app: TestApp) {
    let (by, public) = (app.coordinator().await, app.anonymous());
    let first = Period::regular(&app, &by, PLAN, "2026", &["U6"], &[INDICATOR]).await;
    first.deliver("U6", &[cell(INDICATOR, 20, 40)]).await;
    first.consolidate().await.send().await;
    let correction = first.correct("Số liệu chính thức").await;
    corrected(&first, "U6", &[cell(INDICATOR, 2, 40)]).await;
    // Drawn up while the year before had a small figure that was never sent.
    let second = Period::regular(&app, &by, PLAN, "2027", &["U6"], &[INDICATOR]).await;
    second.deliver("U6", &[cell(INDICATOR, 30, 40)]).await;
    let drawn_up = second.consolidate().await;
    corrected(&first, "U6", &[cell(INDICATOR, 21, 40)]).await;
    correction.try_step(&by, "refresh", &json!({})).await.with_status(200);
    correction.send().await;
    drawn_up.send().await;
    let machine = app.province_machine().await;
    let signed = machine.get(&drawn_up.path).await.ok();
    let progress = public.find("/progress", &[("plan", PLAN), ("period", "2027")]).await.ok();
    for rows in [&signed["results"], &signed["content"]["results"], &progress["indicators"]] {
        let row = of_indicator(rows.as_array().unwrap(), INDICATOR);
        assert_eq!((&row["previous_value"], &row["change"]), (&Value::Null, &Value::Null), "{row}");
    }
}

/// What everybody reads of the year before in a year's progress: of the plan, of the ward, now and as of now.
async fn year_before(app: &TestApp, year: &str, indicator: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let now = now().await;
    for by in [app.anonymous(), app.supervisor().await, app.province_machine().await] {
        for (place, of) in [("plan", PLAN), ("jurisdiction", WARD)] {
            for as_of in [&[][..], &[("as_of", now.as_str())]] {
                let asked: Vec<(&str, &str)> = [&[(place, of), ("period", year)], as_of].concat();
                let progress = by.find("/progress", &asked).await.ok();
                found.extend(
                    ["previous_value", "change"]
                        .map(|member| of_indicator(progress["indicators"].as_array().unwrap(), indicator)[member].clone()),
                );
            }
        }
    }
    found
}

async fn nor_what_it_was_in_a_year_that_does_not_ask_it(app: TestApp) {
    let by = app.coordinator().await;
    let first = Period::regular(&app, &by, PLAN, "2026", &["U6"], &[INDICATOR]).await;
    first.deliver("U6", &[cell(INDICATOR, 2, 7)]).await;
    first.consolidate().await.send().await;
    let second = Period::regular(&app, &by, PLAN, "2027", &["U5"], &["4.1"]).await;
    second.deliver("U5", &[cell("4.1", 112, 100)]).await;
    let sent = second.consolidate().await;
    sent.send().await;
    let seen = year_before(&app, "2027", INDICATOR).await;
    assert!(seen.iter().all(Value::is_null), "{seen:?}");
    // As an earlier version of the service kept it: whole, and not saying whether it was decided about.
    app.stop();
    execute(
        &app,
        "UPDATE consolidated_reports SET looking_back_public = replace(replace(looking_back_public, \
         '\"guarded\":true', '\"guarded\":false'), '\"previous_value\":null', '\"previous_value\":28.5714')",
    );
    app.restart().await;
    let seen = year_before(&app, "2027", INDICATOR).await;
    assert!(seen.iter().all(Value::is_null), "{seen:?}");
}

async fn nor_once_an_indicator_is_restricted(app: TestApp) {
    let by = app.coordinator().await;
    let first = Period::regular(&app, &by, PLAN, "2026", &["U5"], &["4.1"]).await;
    first.deliver("U5", &[cell("4.1", 3, 100)]).await;
    first.consolidate().await.send().await;
    // It asks it, and nobody gives it.
    let second = Period::regular(&app, &by, PLAN, "2027", &["U5", "U6"], &["4.1", INDICATOR]).await;
    second.deliver("U6", &[cell(INDICATOR, 30, 40)]).await;
    second.consolidate().await.send().await;
    let seen = year_before(&app, "2027", "4.1").await;
    assert!(seen.iter().any(|value| *value == 3), "{seen:?}");
    restrict(&by, "4.1", true).await;
    let seen = year_before(&app, "2027", "4.1").await;
    assert!(seen.iter().all(Value::is_null), "{seen:?}");
}

async fn that_several_sources_agree_is_not_told(app: TestApp) {
    let by = app.coordinator().await;
    restrict(&by, "3.1", true).await;
    let (_, whole) = two_surveys(&app, 4.2).await;
    // Approved without more ado, it would say to each of the two what the other one gave.
    whole.try_step(&app.leader().await, "approve", &json!({})).await.problem(409, "consolidated_report.unresolved");
    let reason = "Cả hai cùng cho 4,2 giờ";
    let chosen = json!({"resolutions": [{"indicator": "3.1", "unit": "U1", "reason": reason}]});
    by.patch(&whole.path, &chosen).await.with_status(200);
    assert_eq!(number(&whole.result("3.1").await["value"]), "1.4");
    // Who reads no reason gives none either.
    let plain = app.someone(Grant::of("coordinator")).await;
    let not_told = plain.get(&whole.path).await.ok()["resolutions"][0]["reason"].clone();
    let other = json!({"resolutions": [{"indicator": "3.1", "unit": "U8", "reason": not_told}]});
    let refused = plain.patch(&whole.path, &other).await.problem(422, "field.value");
    assert_eq!(refused["errors"][0]["pointer"], "/resolutions/0/reason");
    whole.send().await;
    for other in [app.supervisor().await, app.province_machine().await] {
        let seen = other.get(&whole.path).await.ok().to_string();
        assert!(!seen.contains(reason) && !seen.contains("khác nhau"), "{seen}");
    }
    let seen = by.get(&whole.path).await.ok();
    assert_eq!(seen["content"]["resolutions"][0]["reason"], reason);
}

async fn restrict(by: &Actor, indicator: &str, restricted: bool) {
    let path = format!("/indicators/{}", text(&by.by_code("/indicators", indicator).await, "id"));
    by.patch(&path, &json!({"restricted": restricted})).await.with_status(200);
}

async fn a_restriction_that_is_taken_back_uncovers_nothing(app: TestApp) {
    let (by, machine) = (app.coordinator().await, app.province_machine().await);
    let period = Period::ad_hoc(&app, &["U5"], &["4.1"]).await;
    period.deliver("U5", &[cell("4.1", 3, 100)]).await;
    let whole = period.consolidate().await;
    whole.send().await;
    let seen = async || {
        let whole = machine.get(&whole.path).await.ok();
        [&whole["results"], &whole["content"]["results"], &whole["content"]["observations"]].map(|rows| rows[0]["numerator"].clone())
    };
    assert!(seen().await.iter().all(|n| *n == 3));
    for restricted in [true, false] {
        restrict(&by, "4.1", restricted).await;
        assert!(seen().await.iter().all(Value::is_null), "{restricted}");
    }
}

async fn what_is_restricted_meanwhile_is_drawn_up_anew(app: TestApp) {
    let by = app.coordinator().await;
    let period = Period::ad_hoc(&app, &["U5"], &["4.1"]).await;
    period.deliver("U5", &[cell("4.1", 3, 100)]).await;
    let whole = period.consolidate().await;
    let leader = app.leader().await;
    let approve = async || leader.get(&whole.path).await.ok()["_actions"]["approve"].clone();
    assert_eq!(approve().await["allowed"], true);
    restrict(&by, "4.1", true).await;
    let stale = whole.try_step(&leader, "approve", &json!({})).await.problem(409, "consolidated_report.stale");
    assert!(text(&stale, "detail").contains("số liệu hạn chế"), "{stale}");
    assert_eq!((&approve().await["allowed"], &approve().await["reason"]), (&json!(false), &stale["detail"]));
    whole.try_step(&by, "refresh", &json!({})).await.with_status(200);
    assert_eq!(approve().await["allowed"], true);
    whole.approve().await;
}

/// An ad hoc period whose compiled words name a figure of 4.1, which nobody has restricted yet.
async fn named_in_words(app: &TestApp) -> (Period, Consolidated) {
    let period = Period::ad_hoc(app, &["U1", "U5"], &["3.1", "4.1"]).await;
    let hours = json!({"indicator": "3.1", "numerator": 4.2, "denominator": 3, "extra": {"hours_unit": "day", "sample_size": 200}});
    period.deliver("U1", &[hours]).await;
    let report = period.report("U5").await;
    let words = json!({"narrative": {"results": "Có 3 ca"}});
    report.reporter().await.patch(&report.path, &words).await.with_status(200);
    period.deliver("U5", &[cell("4.1", 3, 100)]).await;
    let whole = period.consolidate().await;
    assert!(text(&whole.read().await["narrative"], "results").contains("Có 3 ca"));
    (period, whole)
}

async fn words_from_before_a_restriction_are_looked_at_again(app: TestApp) {
    let (by, leader) = (app.coordinator().await, app.leader().await);
    let drafts = [named_in_words(&app).await.1, named_in_words(&app).await.1];
    restrict(&by, "4.1", true).await;
    let approve = async |whole: &Consolidated| leader.get(&whole.path).await.ok()["_actions"]["approve"]["allowed"].clone();
    for (whole, compiled_anew) in drafts.iter().zip([false, true]) {
        whole.try_step(&by, "refresh", &json!({})).await.with_status(200);
        let stale = whole.try_step(&leader, "approve", &json!({})).await.problem(409, "consolidated_report.stale");
        assert!(text(&stale, "detail").contains("thuyết minh"), "{stale}");
        assert_eq!(approve(whole).await, false);
        match compiled_anew {
            true => whole.try_step(&by, "refresh", &json!({"compile_narrative": true})).await.with_status(200),
            false => {
                // The same words sent again beside something else are no other words.
                let decided = json!([{"indicator": "3.1", "unit": "U1", "reason": "Một nguồn"}]);
                let same = json!({"narrative": whole.read().await["narrative"], "resolutions": decided});
                let kept = by.patch(&whole.path, &same).await.with_status(200);
                assert_eq!(text(&kept["resolutions"][0], "reason"), "Một nguồn");
                assert_eq!(approve(whole).await, false);
                by.patch(&whole.path, &json!({"narrative": {"results": "Đã tư vấn"}})).await.with_status(200)
            }
        };
        assert_eq!(approve(whole).await, true);
        whole.try_step(&by, "refresh", &json!({})).await.with_status(200);
        whole.send().await;
        assert!(!app.province_machine().await.get(&whole.path).await.ok().to_string().contains("3 ca"));
    }
}

async fn words_outlive_the_report_they_were_written_for(app: TestApp) {
    let (by, leader, machine) = (app.coordinator().await, app.leader().await, app.province_machine().await);
    let (_, rejected) = named_in_words(&app).await;
    rejected.approve().await;
    let (period, sent) = named_in_words(&app).await;
    sent.send().await;
    restrict(&by, "4.1", true).await;
    reject(&app, &rejected).await;
    let correction = period.correct("Số liệu chính thức").await;
    corrected(&period, "U5", &[cell("4.1", 4, 100)]).await;
    for whole in [&rejected, &correction] {
        whole.try_step(&by, "refresh", &json!({})).await.with_status(200);
        let stale = whole.try_step(&leader, "approve", &json!({})).await.problem(409, "consolidated_report.stale");
        assert!(text(&stale, "detail").contains("thuyết minh"), "{stale}");
        by.patch(&whole.path, &json!({"narrative": {"results": "Đã tư vấn"}})).await.with_status(200);
        whole.send().await;
        assert!(!machine.get(&whole.path).await.ok().to_string().contains("3 ca"));
    }
}

async fn what_was_not_restricted_then_is_looked_back_at(app: TestApp) {
    let (by, public) = (app.coordinator().await, app.anonymous());
    let first = Period::regular(&app, &by, PLAN, "2026", &["U5", "U6"], &["4.1", INDICATOR]).await;
    first.deliver("U6", &[cell(INDICATOR, 20, 40)]).await;
    first.deliver("U5", &[cell("4.1", 109, 100)]).await;
    first.consolidate().await.send().await;
    // Accepted anew and not sent: not what points at persons.
    first.correct("Số liệu chính thức").await;
    corrected(&first, "U5", &[cell("4.1", 110, 100)]).await;
    let second = Period::regular(&app, &by, PLAN, "2027", &["U6"], &[INDICATOR]).await;
    second.deliver("U6", &[cell(INDICATOR, 30, 40)]).await;
    second.consolidate().await.send().await;
    let progress = public.find("/progress", &[("plan", PLAN), ("period", "2027")]).await.ok();
    let row = of_indicator(list(&progress, "indicators"), INDICATOR);
    assert_eq!((number(&row["previous_value"]), number(&row["change"])), ("50".to_owned(), "25".to_owned()));
}

async fn the_words_of_a_decision_are_hidden_with_the_figures(app: TestApp) {
    let (by, machine) = (app.coordinator().await, app.province_machine().await);
    let (_, whole) = two_surveys(&app, 4.5).await;
    let reason = "U1 hỏi 3 hộ, U8 hỏi 5 hộ";
    let chosen = json!({"resolutions": [{"indicator": "3.1", "unit": "U1", "reason": reason}]});
    by.patch(&whole.path, &chosen).await.with_status(200);
    whole.send().await;
    assert!(machine.get(&whole.path).await.ok().to_string().contains(reason));
    restrict(&by, "3.1", true).await;
    let seen = machine.get(&whole.path).await.ok();
    assert!(!seen.to_string().contains(reason) && !seen.to_string().contains("khác nhau"), "{seen}");
    assert_eq!(text(&seen["content"]["resolutions"][0]["unit"], "code"), "U1");
    assert!(by.get(&whole.path).await.ok().to_string().contains(reason));
}

/// How often somebody read restricted figures.
async fn readings(app: &TestApp) -> usize {
    app.admin().await.items("/audit-events", &[("action", "restricted.read")]).await.len()
}

async fn a_form_does_not_tell_what_was_restricted_then(app: TestApp) {
    let by = app.coordinator().await;
    let first = Period::regular(&app, &by, PLAN, "2026", &["U6"], &[INDICATOR]).await;
    first.deliver("U6", &[cell(INDICATOR, 20, 90)]).await;
    restrict(&by, INDICATOR, false).await;
    let estimated = with(&cell(INDICATOR, 2, 90), &json!({"status": "estimate"}));
    let report = Period::regular(&app, &by, PLAN, "2027", &["U6"], &[INDICATOR]).await.deliver("U6", &[estimated]).await;
    let plain = app.someone(Grant::of("coordinator")).await;
    for (reader, recorded) in [(&by, 1), (&plain, 0), (&report.reporter().await, 0)] {
        let before = readings(&app).await;
        reader.get(&format!("{}/readiness", report.path)).await.ok();
        assert_eq!(readings(&app).await - before, recorded, "what was restricted then is read beside what no longer is");
    }
    for (reader, told) in [(&by, true), (&plain, false)] {
        let form = reader.get(&format!("{}/form", report.path)).await.ok();
        let item = list(&form, "items").iter().find(|item| item["indicator"]["code"] == INDICATOR);
        let item = item.expect("the indicator");
        assert_eq!(item["observations"][0]["numerator"], 2);
        assert_eq!(!item["previous"].is_null(), told, "{item}");
        assert_eq!(item["warnings"].to_string().contains("là 20"), told, "{item}");
        let readiness = reader.get(&format!("{}/readiness", report.path)).await.ok();
        assert_eq!(readiness["warnings"].to_string().contains("là 20"), told, "{readiness}");
        assert!(readiness["warnings"].to_string().contains("value.estimate"), "what this figure alone says is told: {readiness}");
    }
    // What was not restricted then is told later on.
    let last = Period::regular(&app, &by, PLAN, "2028", &["U6"], &[INDICATOR]).await.report("U6").await;
    for reader in [&by, &plain] {
        let form = reader.get(&format!("{}/form", last.path)).await.ok();
        assert_eq!((text(&form["items"][0]["previous"], "label"), &form["items"][0]["previous"]["numerator"]), ("2027", &json!(2)));
    }
    // Each reading of a figure that was restricted in its year is told, and no other.
    let read = async |period: &str| {
        let before = readings(&app).await;
        by.find("/progress", &[("plan", PLAN), ("period", period)]).await.ok();
        readings(&app).await - before
    };
    assert_eq!((read("2026").await, read("2027").await), (1, 1), "2027 beside 2026");
}

async fn the_value_of_a_restricted_year_is_read_beside_a_later_one(app: TestApp) {
    let by = app.coordinator().await;
    let first = Period::regular(&app, &by, PLAN, "2026", &["U6"], &[INDICATOR]).await;
    first.deliver("U6", &[cell(INDICATOR, 2, 40)]).await;
    restrict(&by, INDICATOR, false).await;
    let second = Period::regular(&app, &by, PLAN, "2027", &["U6"], &[INDICATOR]).await;
    second.deliver("U6", &[cell(INDICATOR, 30, 40)]).await;
    let whole = second.consolidate().await;
    let plain = app.someone(Grant::of("coordinator")).await;
    for (reader, before, recorded) in [(&by, "5", 1), (&plain, "", 0)] {
        let so_far = readings(&app).await;
        let seen = reader.get(&whole.path).await.ok();
        let result = of_indicator(list(&seen, "results"), INDICATOR);
        let shown = if result["previous_value"].is_null() { String::new() } else { number(&result["previous_value"]) };
        assert_eq!((number(&result["value"]).as_str(), shown.as_str()), ("75", before), "{result}");
        assert_eq!(readings(&app).await - so_far, recorded);
    }
}

async fn a_quarter_is_read_from_one_report(app: TestApp) {
    let (by, public) = (app.coordinator().await, app.anonymous());
    let duties: Vec<Value> = ["U1", "U2", "U6"].iter().map(|unit| json!({"unit": unit, "duty": "report"})).collect();
    let asked = json!({"plan": PLAN, "goal": "G3", "code": "Q9", "name": bi("Tỷ lệ quý", "Share of the quarter"),
        "statement": bi("Đạt 50%", "50%"), "measure_kind": "percentage", "unit_of_measure": bi("%", "%"), "direction": "at_least",
        "targets": [{"value": 50, "timeframe": {"type": "by_year", "from": null, "to": 2026}, "wording": bi("đạt 50%", "50%")}],
        "numerator_definition": bi("Số được hỗ trợ", "Supported"), "denominator_definition": bi("Tổng số", "All"),
        "frequency": "quarterly", "restricted": true, "units": duties});
    by.post("/indicators", &asked).await.with_status(201);
    let quarter = Period::regular(&app, &by, PLAN, "2026-Q1", &["U1", "U2", "U6"], &["Q9"]).await;
    for (unit, numerator, denominator) in [("U1", 120, 300), ("U2", 400, 900), ("U6", 200, 900)] {
        quarter.deliver(unit, &[cell("Q9", numerator, denominator)]).await;
    }
    quarter.consolidate().await.send().await;
    let year = Period::regular(&app, &by, PLAN, "2026", &["U5"], &["4.1"]).await;
    year.deliver("U5", &[cell("4.1", 112, 100)]).await;
    let correction = quarter.correct("Số liệu chính thức").await;
    quarter.report("U6").await.reopen("Số liệu chính thức").await;
    corrected(&quarter, "U1", &[cell("Q9", 150, 330)]).await;
    year.consolidate().await.send().await;
    let units = |found: &[Value]| found.iter().map(|o| code(&o["unit"]).to_owned()).collect::<Vec<_>>();
    let mut told = units(&figures(&public, &quarter, "Q9").await);
    told.sort();
    assert_eq!(told, ["U1", "U2"], "each once, and none that the year's report leaves out");
    for period in ["2026-Q1", "2026"] {
        let progress = public.find("/progress", &[("plan", PLAN), ("period", period)]).await.ok();
        let row = of_indicator(list(&progress, "indicators"), "Q9");
        let mixed = (json!(750), json!(2130));
        assert_ne!((&row["numerator"], &row["denominator"]), (&mixed.0, &mixed.1), "{period}: a sum that no report has");
    }
    // A quarter that is sent after its year says nothing before the year does.
    let second = Period::regular(&app, &by, PLAN, "2026-Q2", &["U1", "U2"], &["Q9"]).await;
    for unit in ["U1", "U2"] {
        second.deliver(unit, &[cell("Q9", 300, 400)]).await;
    }
    second.consolidate().await.send().await;
    let progress = public.find("/progress", &[("plan", PLAN), ("period", "2026-Q2")]).await.ok();
    let row = of_indicator(list(&progress, "indicators"), "Q9");
    for member in ["value", "year_result", "change"] {
        assert_eq!(row[member], Value::Null, "{member}: {row}");
    }
    // The quarter's own correction, sent after the year's, waits for that of the year.
    corrected(&quarter, "U2", &[cell("Q9", 410, 910)]).await;
    correction.try_step(&by, "refresh", &json!({})).await.with_status(200);
    correction.send().await;
    let mut told = units(&figures(&public, &quarter, "Q9").await);
    told.sort();
    assert_eq!(told, ["U1", "U2"]);
}

async fn parts_of_several_dimensions_stay_hidden(app: TestApp) {
    let (by, public) = (app.coordinator().await, app.anonymous());
    let period = Period::regular(&app, &by, PLAN, "2026", &["U6"], &[INDICATOR]).await;
    let crossed =
        json!({"indicator": INDICATOR, "disaggregation": {"sex": "female", "age_group": "20-24"}, "numerator": 38, "denominator": 86});
    let overlapping = json!({"indicator": INDICATOR, "disaggregation": {"violence_type": "physical"}, "numerator": 38, "denominator": 86});
    period.deliver("U6", &[cell(INDICATOR, 40, 90), crossed, overlapping]).await;
    period.consolidate().await.send().await;
    let told = figures(&public, &period, INDICATOR).await;
    assert_eq!(told.len(), 3);
    for figure in told.iter().filter(|o| o["disaggregation"] != json!({})) {
        assert_eq!((&figure["suppressed"], &figure["numerator"]), (&json!(true), &Value::Null), "{figure}");
    }
}

/// A period of four units of which U6 has a small figure, drawn up and approved.
async fn approved_with_a_small_figure(app: &TestApp, by: &Actor) -> (Period, Consolidated) {
    let there = by.by_code("/indicators", INDICATOR).await;
    let units = ["U1", "U2", "U4", "U6"];
    let duties: Vec<Value> = units.iter().map(|unit| json!({"unit": unit, "duty": "report"})).collect();
    by.patch(&format!("/indicators/{}", text(&there, "id")), &json!({"units": duties})).await.with_status(200);
    let period = Period::regular(app, by, PLAN, "2026", &units, &[INDICATOR]).await;
    for (unit, (numerator, denominator)) in units.iter().zip([(12, 30), (20, 50), (30, 70), (2, 9)]) {
        period.deliver(unit, &[cell(INDICATOR, numerator, denominator)]).await;
    }
    let whole = period.consolidate().await;
    whole.approve().await;
    (period, whole)
}

/// The units whose figures a consolidated report hides from who lacks the scope.
async fn hidden(supervisor: &Actor, whole: &Consolidated) -> Vec<String> {
    let told = supervisor.get(&whole.path).await.ok();
    let row = of_indicator(list(&told, "results"), INDICATOR).clone();
    list(&row, "contributors").iter().filter(|c| c["numerator"].is_null()).map(|c| code(&c["unit"]).to_owned()).collect()
}

async fn reject(app: &TestApp, whole: &Consolidated) {
    whole.try_step(&app.leader().await, "reject", &json!({"reason": "Kiểm tra lại"})).await.with_status(200);
}

async fn what_was_approved_and_rejected_is_not_forgotten(app: TestApp) {
    let (by, supervisor) = (app.coordinator().await, app.supervisor().await);
    let (period, whole) = approved_with_a_small_figure(&app, &by).await;
    let before = hidden(&supervisor, &whole).await;
    assert!(before.contains(&"U6".to_owned()) && before.len() >= 2, "{before:?}");
    // Twice, so that the second approval does not stand in for the first.
    for numerator in [22, 24] {
        reject(&app, &whole).await;
        corrected(&period, "U6", &[cell(INDICATOR, numerator, 90)]).await;
        whole.try_step(&by, "refresh", &json!({})).await.with_status(200);
        whole.approve().await;
        let after = hidden(&supervisor, &whole).await;
        assert!(before.iter().all(|unit| after.contains(unit)), "hidden before: {before:?}, now: {after:?}");
    }
    whole.try_step(&by, "send", &json!({})).await.with_status(200);
    // A draft that goes leaves nothing behind that would keep it.
    let next = period.correct("Số liệu chính thức").await;
    corrected(&period, "U6", &[cell(INDICATOR, 23, 90)]).await;
    next.try_step(&by, "refresh", &json!({})).await.with_status(200);
    next.approve().await;
    reject(&app, &next).await;
    by.delete(&next.path).await.with_status(204);
}

async fn nor_if_its_draft_is_deleted(app: TestApp) {
    let (by, supervisor) = (app.coordinator().await, app.supervisor().await);
    let (period, whole) = approved_with_a_small_figure(&app, &by).await;
    let before = hidden(&supervisor, &whole).await;
    reject(&app, &whole).await;
    by.delete(&whole.path).await.with_status(204);
    corrected(&period, "U6", &[cell(INDICATOR, 22, 90)]).await;
    let anew = period.consolidate().await;
    anew.approve().await;
    let after = hidden(&supervisor, &anew).await;
    assert!(before.iter().all(|unit| after.contains(unit)), "hidden before: {before:?}, now: {after:?}");
}

/// There what a rejected one had shown stayed with it.
async fn nor_if_it_was_rejected_by_a_version_before(app: TestApp) {
    let (by, supervisor) = (app.coordinator().await, app.supervisor().await);
    let (period, whole) = approved_with_a_small_figure(&app, &by).await;
    let before = hidden(&supervisor, &whole).await;
    let migration = "2026-11-29-000080_rejected_approvals";
    app.stop();
    migrate(&app, migration, "down");
    execute(
        &app,
        "UPDATE consolidated_reports SET status = 'draft', content_full = NULL, digest_full = NULL, signature_full = NULL, \
         content_public = NULL, digest_public = NULL, signature_public = NULL, looking_back_full = NULL, looking_back_public = NULL, \
         approved_by = NULL, approved_by_name = NULL, approved_at = NULL, signatory = NULL",
    );
    migrate(&app, migration, "up");
    app.restart().await;
    let (by, supervisor) = (app.again(&by).await, app.again(&supervisor).await);
    corrected(&period, "U6", &[cell(INDICATOR, 22, 90)]).await;
    whole.try_step(&by, "refresh", &json!({})).await.with_status(200);
    whole.approve().await;
    let after = hidden(&supervisor, &whole).await;
    assert!(before.iter().all(|unit| after.contains(unit)), "hidden before: {before:?}, now: {after:?}");
}

async fn remarks_on_restricted_figures_are_not_for_everybody(app: TestApp) {
    let by = app.coordinator().await;
    let period = Period::regular(&app, &by, PLAN, "2026", &["U6"], &[INDICATOR, "3.3"]).await;
    let report = period.report("U6").await;
    report.submit(&[cell(INDICATOR, 2, 9), cell("3.3", 0, 0)]).await;
    let remarks = json!({"reason": "Xem lại", "remarks": [{"indicator": INDICATOR, "remark": "2 nạn nhân trong 9"}]});
    by.act(&report.path, "return", &remarks).await.with_status(200);
    let told = async |by: &Actor| {
        let there = by.get(&report.path).await.ok();
        list(list(&there, "history").last().unwrap(), "remarks").len()
    };
    assert_eq!((told(&report.reporter().await).await, told(&by).await), (1, 1));
    assert_eq!(told(&app.supervisor().await).await, 0);
}
