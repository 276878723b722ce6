//! Consolidation, approval, sending and the province's answer: section 6 of the contract. Expected figures are worked out
//! by hand in the comments.

use crate::house::json::{bi, code, list, number, of_indicator, sorted, strings, text};
use crate::house::steps::{Consolidated, Period, answer, cell, not_applicable, observation, part, schools};
use crate::house::{Actor, Grant, PLAN, TestApp, seal};
use serde_json::{Value, json};

on_both![
    percentages_are_ratios_of_sums,
    a_group_is_the_sum_of_its_schools,
    a_single_unit_s_figure_stands,
    qualitative_answers_must_all_be_yes,
    a_zero_denominator_is_a_result_of_its_own,
    the_year_is_a_share_of_its_quarters,
    only_accepted_reports_count,
    estimates_are_warned_of,
    differing_single_sources_are_resolved,
    only_the_last_revision_decides_and_for_who_gave_a_figure,
    equal_single_sources_agree,
    what_is_stale_is_refreshed_first,
    nobody_approves_what_he_prepared,
    restricted_figures_need_the_scope,
    every_step_has_its_state,
    a_draft_can_be_edited_and_deleted,
    a_digest_and_a_signature_seal_the_approved,
    readers_without_the_scope_get_a_seal_of_their_own,
    the_frozen_content_explains_itself,
    the_province_acknowledges,
    the_province_returns_and_gets_a_second_revision,
    a_correction_replaces_what_was_sent,
    what_is_approved_holds_its_reports,
    the_public_reads_what_was_sent,
];

/// Four schools deliver 5.2a: 98 of 100, 47 of 50, 120 of 120, 75 of 80.
async fn four_schools(app: &TestApp) -> Period {
    let schools = schools(app, &["TH Đồng Nguyên", "TH Trang Hạ", "TH Đồng Kỵ", "TH Hoa Sen"]).await;
    let period = Period::ad_hoc(app, &["U7"], &["5.2a"]).await;
    for (school, (n, d)) in schools.iter().zip([(98, 100), (47, 50), (120, 120), (75, 80)]) {
        period.deliver(school, &[cell("5.2a", n, d)]).await;
    }
    period
}

/// The health station's report alone, consolidated.
async fn one_unit(app: &TestApp) -> (Period, Consolidated) {
    let period = Period::ad_hoc(app, &["U5"], &["4.1"]).await;
    period.deliver("U5", &[cell("4.1", 109, 100)]).await;
    let whole = period.consolidate().await;
    (period, whole)
}

fn contributors(result: &Value) -> Vec<String> {
    sorted(list(result, "contributors").iter().map(|c| code(c.get("unit").unwrap_or(c)).to_owned()).collect())
}

// ---------------------------------------------------------------- roll-up

async fn percentages_are_ratios_of_sums(app: TestApp) {
    let by = app.coordinator().await;
    let indicator = format!("/indicators/{}", text(&by.by_code("/indicators", "6.1").await, "id"));
    let units = ["U1", "U4"].map(|u| json!({"unit": u, "duty": "report", "basis": "explicit"}));
    by.patch(&indicator, &json!({"units": units})).await.with_status(200);
    let period = Period::ad_hoc(&app, &["U1", "U4"], &["6.1"]).await;
    period.deliver("U1", &[cell("6.1", 9, 10)]).await;
    period.deliver("U4", &[cell("6.1", 400, 1000)]).await;
    let result = period.consolidate().await.result("6.1").await;
    // (9 + 400) / (10 + 1000) × 100 = 40.495049…; the mean of 90 % and 40 % would be 65.
    assert_eq!((number(&result["numerator"]), number(&result["denominator"])), ("409".to_owned(), "1010".to_owned()));
    assert_eq!(number(&result["value"]), "40.495");
    assert_eq!((text(&result, "result"), contributors(&result)), ("not_achieved", vec!["U1".to_owned(), "U4".to_owned()]));
    assert_eq!(number(&result["final_target"]), "80");
}

async fn a_group_is_the_sum_of_its_schools(app: TestApp) {
    let result = four_schools(&app).await.consolidate().await.result("5.2a").await;
    // 98 + 47 + 120 + 75 = 340; 100 + 50 + 120 + 80 = 350; 340 / 350 × 100 = 97.142857…
    assert_eq!((number(&result["numerator"]), number(&result["denominator"])), ("340".to_owned(), "350".to_owned()));
    assert_eq!((number(&result["value"]), text(&result, "result")), ("97.1429".to_owned(), "not_achieved"));
    assert_eq!(contributors(&result), ["U7.1", "U7.2", "U7.3", "U7.4"]);
}

async fn a_single_unit_s_figure_stands(app: TestApp) {
    let period = Period::ad_hoc(&app, &["U5", "U2"], &["4.1", "2.3"]).await;
    period.deliver("U5", &[cell("4.1", 327, 300), part("4.1", "sex", "male", 327, 300)]).await;
    period.deliver("U2", &[cell("2.3", 3, 10)]).await;
    let whole = period.consolidate().await;
    // 327 / 300 × 100 = 109: at most 109 is met, and not better than it. The part is no second figure.
    let births = whole.result("4.1").await;
    assert_eq!((number(&births["value"]), text(&births, "result")), ("109".to_owned(), "achieved"));
    // 3 / 10 × 100 = 30: at least 30.
    let women = whole.result("2.3").await;
    assert_eq!((number(&women["value"]), text(&women, "result")), ("30".to_owned(), "achieved"));
}

async fn qualitative_answers_must_all_be_yes(app: TestApp) {
    let schools = schools(&app, &["TH Đồng Nguyên", "TH Trang Hạ", "TH Đồng Kỵ"]).await;
    for (answers, all, result) in [([true, true, false], false, "not_achieved"), ([true, true, true], true, "achieved")] {
        let period = Period::ad_hoc(&app, &["U7"], &["5.1"]).await;
        for (school, yes) in schools.iter().zip(answers) {
            let mut cell = answer("5.1", yes);
            cell["extra"] = json!({"evidence": "Kế hoạch giáo dục nhà trường"});
            period.deliver(school, &[cell]).await;
        }
        let got = period.consolidate().await.result("5.1").await;
        assert_eq!((&got["answer"], text(&got, "result")), (&json!(all), result));
    }
}

async fn a_zero_denominator_is_a_result_of_its_own(app: TestApp) {
    let period = Period::ad_hoc(&app, &["U5", "U6", "U1"], &["4.1", "3.2a", "5.4b"]).await;
    period.deliver("U5", &[cell("4.1", 0, 0)]).await;
    period.deliver("U6", &[cell("3.2a", 0, 0)]).await;
    period.deliver("U1", &[not_applicable("5.4b", "Phường không có tiến sĩ")]).await;
    let whole = period.consolidate().await;
    for (indicator, want) in [("4.1", "not_applicable"), ("3.2a", "no_cases"), ("5.4b", "not_applicable")] {
        let result = whole.result(indicator).await;
        assert_eq!((text(&result, "result"), &result["value"]), (want, &Value::Null), "{indicator}");
    }
}

async fn the_year_is_a_share_of_its_quarters(app: TestApp) {
    // Three items in one quarter, five in another, four being asked for: one of two quarters met its target, 50 %. The
    // other two are neither due nor accepted.
    for (label, items) in [("2029-Q1", 3), ("2029-Q2", 5)] {
        let quarter = Period::periodic(&app, "quarterly", label).await;
        quarter.deliver("U4", &[json!({"indicator": "6.3", "numerator": items})]).await;
    }
    // Two months with a column, one without: two of three, 66.666…
    for (label, columns) in [("2029-01", 1), ("2029-02", 2), ("2029-03", 0)] {
        let month = Period::periodic(&app, "monthly", label).await;
        month.deliver("U4", &[json!({"indicator": "6.4", "numerator": columns})]).await;
    }
    let year = Period::periodic(&app, "annual", "2029").await;
    let whole = year.consolidate().await;
    let (news, columns) = (whole.result("6.3").await, whole.result("6.4").await);
    assert_eq!([number(&news["numerator"]), number(&news["denominator"]), number(&news["value"])], ["1", "2", "50"]);
    assert_eq!([number(&columns["numerator"]), number(&columns["denominator"]), number(&columns["value"])], ["2", "3", "66.6667"]);
    assert_eq!((text(&news, "result"), text(&columns, "result")), ("not_achieved", "not_achieved"));
}

async fn only_accepted_reports_count(app: TestApp) {
    let schools = schools(&app, &["TH Đồng Nguyên", "TH Trang Hạ"]).await;
    let period = Period::ad_hoc(&app, &["U7"], &["5.2a"]).await;
    period.deliver(&schools[0], &[cell("5.2a", 98, 100)]).await;
    period.report(&schools[1]).await.submit(&[cell("5.2a", 1, 100)]).await;
    let whole = period.consolidate().await.read().await;
    let result = of_indicator(list(&whole, "results"), "5.2a");
    assert_eq!((number(&result["value"]), contributors(result)), ("98".to_owned(), vec!["U7.1".to_owned()]));
    assert!(strings(&whole["warnings"]).iter().any(|w| w.contains("U7.2")), "nobody says that U7.2 is missing: {}", whole["warnings"]);
    assert_eq!((&whole["completeness"]["expected"], &whole["completeness"]["accepted"]), (&json!(2), &json!(1)));
}

async fn estimates_are_warned_of(app: TestApp) {
    let period = Period::ad_hoc(&app, &["U5"], &["4.1"]).await;
    let mut estimate = cell("4.1", 109, 100);
    estimate["status"] = json!("estimate");
    period.deliver("U5", &[estimate]).await;
    let whole = period.consolidate().await.read().await;
    assert!(!list(&whole, "warnings").is_empty());
    assert!(whole["warnings"].to_string().contains("4.1"), "{}", whole["warnings"]);
}

/// Two units that both give the survey of 3.1.
pub async fn two_surveys(app: &TestApp, second: f64) -> (Period, Consolidated) {
    let by = app.coordinator().await;
    let indicator = format!("/indicators/{}", text(&by.by_code("/indicators", "3.1").await, "id"));
    let units = ["U1", "U8"].map(|u| json!({"unit": u, "duty": "report", "basis": "explicit"}));
    by.patch(&indicator, &json!({"units": units})).await.with_status(200);
    let period = Period::ad_hoc(app, &["U1", "U8"], &["3.1"]).await;
    for (unit, hours) in [("U1", 4.2), ("U8", second)] {
        let figure = json!({"indicator": "3.1", "numerator": hours, "denominator": 3, "extra": {"hours_unit": "day", "sample_size": 200}});
        period.deliver(unit, &[figure]).await;
    }
    let whole = period.consolidate().await;
    (period, whole)
}

async fn differing_single_sources_are_resolved(app: TestApp) {
    // 4.2 / 3 = 1.4 of U1, 4.5 / 3 = 1.5 of U8.
    let (_, whole) = two_surveys(&app, 4.5).await;
    let leader = app.leader().await;
    assert!(!list(&whole.read().await, "warnings").is_empty());
    whole.try_step(&leader, "approve", &json!({})).await.problem(409, "consolidated_report.unresolved");
    let by = app.coordinator().await;
    let resolve = |unit: &str| json!({"resolutions": [{"indicator": "3.1", "unit": unit, "reason": "Mẫu khảo sát của Mặt trận lớn hơn"}]});
    by.patch(&whole.path, &resolve("U5")).await.refused(422);
    for (unit, value, result) in [("U8", "1.5", "not_achieved"), ("U1", "1.4", "achieved")] {
        by.patch(&whole.path, &resolve(unit)).await.with_status(200);
        let got = whole.result("3.1").await;
        assert_eq!((number(&got["value"]), text(&got, "result")), (value.to_owned(), result), "{unit}");
    }
    assert_eq!(whole.approve().await["status"], "approved");
}

async fn only_the_last_revision_decides_and_for_who_gave_a_figure(app: TestApp) {
    let by = app.coordinator().await;
    let duties: Vec<Value> = ["U1", "U2", "U8"].iter().map(|unit| json!({"unit": unit, "duty": "report"})).collect();
    let asked = json!({"plan": PLAN, "goal": "G3", "code": "Q8", "name": bi("Khảo sát quý", "Survey of the quarter"),
        "statement": bi("Đạt 50%", "50%"), "measure_kind": "percentage", "unit_of_measure": bi("%", "%"), "direction": "at_least",
        "targets": [], "numerator_definition": bi("Số hài lòng", "Content"), "denominator_definition": bi("Số hỏi", "Asked"),
        "frequency": "quarterly", "roll_up": "single_source", "units": duties});
    by.post("/indicators", &asked).await.with_status(201);
    let quarter = Period::regular(&app, &by, PLAN, "2026-Q1", &["U1", "U2", "U8"], &["Q8"]).await;
    quarter.deliver("U1", &[cell("Q8", 42, 100)]).await;
    quarter.deliver("U8", &[cell("Q8", 45, 100)]).await;
    quarter.deliver("U2", &[json!({"indicator": "Q8", "not_applicable": "Không khảo sát"})]).await;
    let of_quarter = quarter.consolidate().await;
    let decided = |unit: &str| json!({"resolutions": [{"indicator": "Q8", "unit": unit, "reason": "Mẫu lớn hơn"}]});
    let refused = by.patch(&of_quarter.path, &decided("U2")).await.problem(422, "reference.unknown");
    assert_eq!(refused["errors"][0]["pointer"], "/resolutions/0/unit", "who gave no figure decides nothing");
    by.patch(&of_quarter.path, &decided("U8")).await.with_status(200);
    of_quarter.send().await;
    let said = async || {
        let progress = by.find("/progress", &[("plan", PLAN), ("period", "2026-Q1")]).await.ok();
        of_indicator(list(&progress, "indicators"), "Q8")["value"].clone()
    };
    assert_eq!(said().await, 45);
    // What is no longer decided is not decided by what an earlier revision said.
    let again = quarter.correct("Xem lại").await;
    by.patch(&again.path, &json!({"resolutions": []})).await.with_status(200);
    assert_eq!(said().await, Value::Null);
    again.try_step(&app.leader().await, "approve", &json!({})).await.problem(409, "consolidated_report.unresolved");
}

async fn equal_single_sources_agree(app: TestApp) {
    let (_, whole) = two_surveys(&app, 4.2).await;
    assert_eq!(number(&whole.result("3.1").await["value"]), "1.4", "taken once, not added up");
    whole.approve().await;
}

// ---------------------------------------------------------------- approval

async fn what_is_stale_is_refreshed_first(app: TestApp) {
    let period = Period::ad_hoc(&app, &["U5", "U2"], &["4.1", "2.3"]).await;
    period.deliver("U5", &[cell("4.1", 109, 100)]).await;
    let whole = period.consolidate().await;
    let (by, leader) = (app.coordinator().await, app.leader().await);
    assert_eq!(whole.result("2.3").await["result"], "not_reported");
    let late = period.deliver("U2", &[cell("2.3", 30, 100)]).await;
    whole.try_step(&leader, "approve", &json!({})).await.problem(409, "consolidated_report.stale");
    whole.try_step(&by, "refresh", &json!({})).await.with_status(200);
    assert_eq!(number(&whole.result("2.3").await["value"]), "30");
    late.reopen("Kiểm tra lại").await;
    whole.try_step(&leader, "approve", &json!({})).await.problem(409, "consolidated_report.stale");
    whole.try_step(&by, "refresh", &json!({})).await.with_status(200);
    assert_eq!(whole.result("2.3").await["result"], "not_reported");
    assert_eq!(whole.approve().await["status"], "approved");
}

/// Somebody who holds both offices.
async fn coordinator_and_leader(app: &TestApp) -> Actor {
    let person = app.someone(Grant::of("leader").restricted().another(1)).await;
    let admin = app.admin().await;
    let me = person.get("/me").await.ok();
    let path = format!("/users/{}", text(&me, "id"));
    let grant = |role: &str| json!({"role": role, "jurisdiction": "09385", "scopes": ["restricted:read"]});
    admin.patch(&path, &json!({"grants": [grant("leader"), grant("coordinator")]})).await.with_status(200);
    // Changed grants may end the session: in that case a new one is begun.
    if person.get("/me").await.status == 200 { person } else { app.again(&person).await }
}

async fn nobody_approves_what_he_prepared(app: TestApp) {
    let both = coordinator_and_leader(&app).await;
    let period = Period::ad_hoc(&app, &["U5"], &["4.1"]).await;
    period.deliver("U5", &[cell("4.1", 109, 100)]).await;
    let made = both.post("/consolidated-reports", &json!({"period": period.id})).await.with_status(201);
    let path = format!("/consolidated-reports/{}", text(&made, "id"));
    both.act(&path, "approve", &json!({})).await.problem(403, "access.denied");
    // Who last touched it is who prepared it.
    app.coordinator().await.act(&path, "refresh", &json!({})).await.with_status(200);
    both.patch(&path, &json!({"narrative": {"results": "Đã tổng hợp"}})).await.with_status(200);
    both.act(&path, "approve", &json!({})).await.problem(403, "access.denied");
    app.coordinator().await.act(&path, "refresh", &json!({})).await.with_status(200);
    let approved = both.act(&path, "approve", &json!({})).await.with_status(200);
    assert!(approved["approved_by"].is_object() && approved["prepared_by"] != approved["approved_by"], "{approved}");
}

async fn restricted_figures_need_the_scope(app: TestApp) {
    let period = Period::ad_hoc(&app, &["U6"], &["3.3"]).await;
    let report = period.report("U6").await;
    report.submit(&[cell("3.3", 7, 7)]).await;
    let plain = app.someone(Grant::of("coordinator")).await;
    plain.act(&report.path, "accept", &json!({})).await.problem(403, "access.restricted");
    let seen = plain.get(&report.path).await.ok();
    let hidden = observation(&seen, "3.3", &json!({})).expect("3.3");
    assert_eq!((&hidden["numerator"], &hidden["value"], &hidden["suppressed"]), (&Value::Null, &Value::Null, &json!(true)));
    let own = report.read().await;
    assert_eq!(number(&observation(&own, "3.3", &json!({})).expect("3.3")["numerator"]), "7", "a unit sees what it reported");
    report.accept().await;
    let whole = period.consolidate().await;
    let leader = app.someone(Grant::of("leader")).await;
    leader.act(&whole.path, "approve", &json!({})).await.problem(403, "access.restricted");
    whole.approve().await;
}

async fn every_step_has_its_state(app: TestApp) {
    let (by, leader, machine) = (app.coordinator().await, app.leader().await, app.province_machine().await);
    let who = |verb: &str| match verb {
        "approve" | "reject" => &leader,
        "acknowledge" | "return" => &machine,
        _ => &by,
    };
    let body = |verb: &str| if ["reject", "return"].contains(&verb) { json!({"reason": "Chưa đúng mẫu"}) } else { json!({}) };
    let (_, whole) = one_unit(&app).await;
    let refused = async |status: &str, verbs: &[&str]| {
        for verb in verbs {
            let answer = who(verb).act_on(&whole.path, verb, &by.etag(&whole.path).await, &body(verb)).await;
            // Before it is sent the province cannot even see it.
            if ["acknowledge", "return"].contains(verb) && ["draft", "approved"].contains(&status) {
                answer.problem(404, "resource.not_found");
                continue;
            }
            let problem = answer.problem(409, "consolidated_report.invalid_transition");
            assert_eq!(text(&problem, "current"), status, "{verb}");
            assert!(!list(&problem, "allowed").contains(&json!(verb)), "{verb} in {status}");
        }
    };
    refused("draft", &["send", "acknowledge", "return"]).await;
    let told = whole.try_step(&leader, "reject", &body("reject")).await.with_status(200);
    assert_eq!(told["status"], "draft", "the leader gives a draft back");
    whole.approve().await;
    refused("approved", &["approve", "refresh", "acknowledge"]).await;
    whole.try_step(&leader, "reject", &json!({})).await.refused(422);
    assert_eq!(whole.try_step(&leader, "reject", &body("reject")).await.with_status(200)["status"], "draft");
    assert!(whole.read().await["signature"].is_null(), "a draft is not signed");
    whole.send().await;
    refused("sent", &["approve", "reject", "refresh", "send"]).await;
    whole.try_step(&machine, "acknowledge", &json!({})).await.with_status(200);
    refused("acknowledged", &["approve", "reject", "refresh", "send", "acknowledge"]).await;
}

async fn a_draft_can_be_edited_and_deleted(app: TestApp) {
    let (period, whole) = one_unit(&app).await;
    let by = app.coordinator().await;
    by.patch(&whole.path, &json!({"narrative": {"results": "Kết quả chung\nđạt khá"}})).await.with_status(200);
    by.patch(&whole.path, &json!({"document_number": "15/BC-UBND"})).await.problem(409, "consolidated_report.not_editable");
    by.delete(&whole.path).await.with_status(204);
    by.get(&whole.path).await.problem(404, "resource.not_found");
    let whole = period.consolidate().await;
    assert_eq!(whole.read().await["revision"], 1, "what was deleted left no trace");
    let approved = whole.approve().await;
    by.patch(&whole.path, &json!({"narrative": {"results": "Khác"}})).await.problem(409, "consolidated_report.not_editable");
    by.delete(&whole.path).await.problem(409, "consolidated_report.not_editable");
    // The clerk's number and date are outside the digest.
    let numbered = by.patch(&whole.path, &json!({"document_number": "15/BC-UBND", "document_date": "2026-12-05"})).await.with_status(200);
    assert_eq!((text(&numbered, "document_number"), &numbered["digest"]), ("15/BC-UBND", &approved["digest"]));
}

// ---------------------------------------------------------------- the seal

async fn jwks(app: &TestApp) -> Value {
    app.anonymous().get("/.well-known/jwks.json").await.ok()
}

fn check_seal(jwks: &Value, whole: &Value) {
    let bytes = seal::canonical(&whole["content"]);
    assert_eq!(text(whole, "digest"), seal::sha256(&bytes));
    seal::verify_detached(jwks, &bytes, text(whole, "signature"));
}

async fn a_digest_and_a_signature_seal_the_approved(app: TestApp) {
    let (_, whole) = one_unit(&app).await;
    let draft = whole.read().await;
    assert!(draft["digest"].is_null() && draft["signature"].is_null() && draft["content"].is_null(), "{draft}");
    whole.approve().await;
    let approved = whole.read().await;
    check_seal(&jwks(&app).await, &approved);
    let frozen = of_indicator(list(&approved["content"], "results"), "4.1");
    assert_eq!(number(&frozen["value"]), "109");
    // Retired keys stay published: the seal holds after a rotation.
    app.cli(&["keys", "rotate"], "");
    app.restart().await;
    let keys = jwks(&app).await;
    assert!(list(&keys, "keys").len() >= 2, "{keys}");
    check_seal(&keys, &whole.read().await);
}

async fn readers_without_the_scope_get_a_seal_of_their_own(app: TestApp) {
    let period = Period::ad_hoc(&app, &["U5", "U6"], &["4.1", "3.3"]).await;
    period.deliver("U5", &[cell("4.1", 109, 100)]).await;
    period.deliver("U6", &[cell("3.3", 3, 4)]).await;
    let whole = period.consolidate().await;
    whole.send().await;
    let full = whole.read().await;
    let machine = app.province_machine().await.get(&whole.path).await.ok();
    let keys = jwks(&app).await;
    for seen in [&full, &machine] {
        check_seal(&keys, seen);
    }
    assert_ne!((text(&full, "digest"), text(&full, "signature")), (text(&machine, "digest"), text(&machine, "signature")));
    for place in ["/results", "/content/results"] {
        let of = |whole: &Value| of_indicator(whole.pointer(place).and_then(Value::as_array).expect(place), "3.3").clone();
        let (exact, hidden) = (of(&full), of(&machine));
        assert_eq!(number(&exact["value"]), "75");
        for member in ["value", "numerator", "denominator"] {
            assert!(hidden[member].is_null(), "{place}: {member} shows: {hidden}");
        }
        assert_eq!((&hidden["suppressed"], text(&hidden, "result")), (&json!(true), "suppressed"));
    }
    assert!(!machine.to_string().contains(text(&full, "digest")), "the digest of the full version would let the figures be guessed");
}

/// What the public reads of a year besides what lies in other years: how every indicator, printed target and goal stands.
async fn read_by(reader: &Actor, year: &str) -> (Vec<Value>, Value, Value) {
    let progress = reader.find("/progress", &[("plan", PLAN), ("period", year)]).await.ok();
    let told = |row: &Value| {
        let members = ["value", "numerator", "denominator", "answer", "target", "final_target", "result", "year_result", "suppressed"];
        Value::Object(
            members
                .iter()
                .map(|m| ((*m).to_owned(), row[*m].clone()))
                .chain([("indicator".to_owned(), row["indicator"].clone())])
                .collect(),
        )
    };
    (list(&progress, "indicators").iter().map(told).collect(), progress["plan_indicators"].clone(), progress["goals"].clone())
}

async fn the_frozen_content_explains_itself(app: TestApp) {
    let by = app.coordinator().await;
    let period = Period::regular(&app, &by, PLAN, "2026", &["U5", "U6"], &["4.1", "3.3"]).await;
    period.deliver("U5", &[cell("4.1", 114, 100), part("4.1", "sex", "male", 60, 50)]).await;
    period.deliver("U6", &[cell("3.3", 2, 4)]).await;
    let whole = period.consolidate().await;
    whole.send().await;
    let exact = whole.read().await;
    let content = &exact["content"];
    assert_eq!((&content["content_version"], text(&content["jurisdiction_name"], "vi")), (&json!(2), "Phường Đồng Nguyên"));
    assert_eq!(content["plan"]["document_number"], by.by_code("/plans", PLAN).await["document_number"]);
    let births = of_indicator(list(content, "results"), "4.1");
    let meant = by.by_code("/indicators", "4.1").await;
    for member in ["name", "statement", "unit_of_measure", "direction", "targets", "definition_version", "plan_indicator"] {
        assert_eq!(births[member], meant[member], "{member}");
    }
    let station = list(content, "units").iter().find(|u| text(u, "code") == "U5").expect("U5");
    assert_eq!(station["name"], by.by_code("/units", "U5").await["name"]);
    assert_eq!(content["obligations"], period.read().await["obligations"]);
    // The published rows say what the content says, for every reader the version that is his.
    for (who, reader) in [("the public", app.anonymous()), ("the province", app.province_machine().await)] {
        let seen =
            if who == "the public" { app.province_machine().await.get(&whole.path).await.ok() } else { reader.get(&whole.path).await.ok() };
        let content = &seen["content"];
        let (rows, printed, goals) = read_by(&reader, "2026").await;
        // The period asks for two of the year's indicators; the others are not reported.
        let asked = |row: &&Value| ["4.1", "3.3"].contains(&code(&row["indicator"]));
        for row in rows.iter().filter(asked) {
            let frozen = of_indicator(list(content, "results"), code(&row["indicator"]));
            for (member, value) in row.as_object().expect("a row") {
                assert_eq!(&frozen[member], value, "{who}: {member} of {}", code(&row["indicator"]));
            }
        }
        assert_eq!((&content["plan_indicators"], &content["goals"]), (&printed, &goals), "{who}");
        let published = reader.items("/observations", &[("plan", PLAN), ("period", "2026")]).await;
        assert_eq!(list(content, "observations").len(), published.len(), "{who}");
        for told in &published {
            let same = |o: &&Value| ["unit", "indicator", "disaggregation"].iter().all(|m| o[*m] == told[*m]);
            let frozen = list(content, "observations").iter().find(same).expect("the figure");
            for member in
                ["numerator", "denominator", "value", "answer", "status", "not_applicable", "extra", "suppressed", "definition_version"]
            {
                assert_eq!(frozen[member], told[member], "{who}: {member}");
            }
        }
    }
    let hidden = app.province_machine().await.get(&whole.path).await.ok();
    let deaths = list(&hidden["content"], "observations").iter().find(|o| code(&o["indicator"]) == "3.3").expect("3.3");
    assert_eq!((&deaths["suppressed"], &deaths["numerator"]), (&json!(true), &Value::Null));
    let exact = list(content, "observations").iter().find(|o| code(&o["indicator"]) == "3.3").expect("3.3");
    assert_eq!(exact["numerator"], json!(2));
}

// ---------------------------------------------------------------- the province

async fn the_province_acknowledges(app: TestApp) {
    let (period, whole) = one_unit(&app).await;
    let machine = app.province_machine().await;
    let seen = async || {
        let items = machine.items("/consolidated-reports", &[("period", &period.id)]).await;
        (items.len(), machine.get(&whole.path).await.status)
    };
    assert_eq!(seen().await, (0, 404), "a draft");
    whole.approve().await;
    assert_eq!(seen().await, (0, 404), "approved, not sent");
    whole.try_step(&app.coordinator().await, "send", &json!({})).await.with_status(200);
    assert_eq!(seen().await, (1, 200));
    check_seal(&jwks(&app).await, &machine.get(&whole.path).await.ok());
    whole.try_step(&app.coordinator().await, "acknowledge", &json!({})).await.problem(403, "access.denied");
    assert_eq!(whole.try_step(&machine, "acknowledge", &json!({})).await.with_status(200)["status"], "acknowledged");
    let report = period.report("U5").await;
    assert_eq!(report.read().await["status"], "consolidated");
}

async fn the_province_returns_and_gets_a_second_revision(app: TestApp) {
    let (period, first) = one_unit(&app).await;
    first.send().await;
    let machine = app.province_machine().await;
    let body = json!({"period": period.id});
    let by = app.coordinator().await;
    by.post("/consolidated-reports", &body).await.problem(409, "consolidated_report.exists");
    first.try_step(&machine, "return", &json!({"reason": ""})).await.refused(422);
    let returned = first.try_step(&machine, "return", &json!({"reason": "Đề nghị kiểm tra chỉ tiêu 4.1"})).await.with_status(200);
    assert_eq!(returned["status"], "returned");
    // The reports inside are the units' again.
    let report = period.report("U5").await;
    assert_eq!(report.read().await["status"], "accepted");
    report.reopen("Tỉnh đề nghị kiểm tra").await;
    report.submit(&[cell("4.1", 218, 200), part("4.1", "sex", "male", 114, 100)]).await;
    report.accept().await;
    let second = period.consolidate().await;
    let there = second.read().await;
    assert_eq!(there["revision"], 2);
    assert!(first.path.ends_with(text(&there["supersedes"], "id")), "{there}");
    second.send().await;
    assert!(second.path.ends_with(text(&first.read().await["superseded_by"], "id")));
    let seen = machine.items("/consolidated-reports", &[("period", &period.id)]).await;
    assert!(seen.iter().any(|r| r["revision"] == 2 && r["status"] == "sent"), "{seen:?}");
    second.try_step(&machine, "acknowledge", &json!({})).await.with_status(200);
}

async fn a_correction_replaces_what_was_sent(app: TestApp) {
    let (period, first) = one_unit(&app).await;
    first.send().await;
    let machine = app.province_machine().await;
    first.try_step(&machine, "acknowledge", &json!({})).await.with_status(200);
    let second = period.correct("Số liệu chính thức của tháng 12").await;
    let there = second.read().await;
    assert_eq!((&there["revision"], there["supersedes"].is_null()), (&json!(2), false));
    app.coordinator()
        .await
        .post("/consolidated-reports", &json!({"period": period.id, "reason": "Thêm"}))
        .await
        .problem(409, "consolidated_report.exists");
    // The first stays published until the new one is sent.
    let published = async || {
        let seen = machine.items("/observations", &[("period", &period.id)]).await;
        seen.len()
    };
    assert_eq!(published().await, 1);
    second.approve().await;
    assert_eq!((machine.get(&second.path).await.status, published().await), (404, 1));
    second.try_step(&app.coordinator().await, "send", &json!({})).await.with_status(200);
    assert_eq!((machine.get(&second.path).await.status, published().await), (200, 1));
}

async fn what_is_approved_holds_its_reports(app: TestApp) {
    let (period, whole) = one_unit(&app).await;
    let report = period.report("U5").await;
    whole.approve().await;
    let by = app.coordinator().await;
    by.act(&report.path, "reopen", &json!({"reason": "Sửa"})).await.problem(409, "report.held");
    whole.try_step(&app.leader().await, "reject", &json!({"reason": "Sửa báo cáo của Trạm y tế"})).await.with_status(200);
    report.reopen("Sửa").await;
    report.submit(&[cell("4.1", 110, 100)]).await;
    report.accept().await;
    whole.try_step(&by, "refresh", &json!({})).await.with_status(200);
    whole.send().await;
    by.act(&report.path, "reopen", &json!({"reason": "Sửa"})).await.problem(409, "report.invalid_transition");
}

async fn the_public_reads_what_was_sent(app: TestApp) {
    let (period, whole) = one_unit(&app).await;
    let public = app.anonymous();
    let seen = async || public.items("/observations", &[("period", &period.id)]).await;
    assert!(seen().await.is_empty());
    whole.approve().await;
    assert!(seen().await.is_empty(), "approved is not yet published");
    whole.try_step(&app.coordinator().await, "send", &json!({})).await.with_status(200);
    let there = seen().await;
    assert_eq!(there.len(), 1);
    assert_eq!((code(&there[0]["indicator"]), number(&there[0]["value"])), ("4.1", "109".to_owned()));
    assert!(there[0].get("note").is_none_or(Value::is_null), "notes are never public");
}
