//! The life of a unit's report: section 5 of the contract, and the deadlines of section 4.

use crate::house::json::{bi, code, codes, fault_codes, list, number, of_indicator, pointers, sorted, text};
use crate::house::steps::{Period, Report, answer, cell, in_days, in_minutes, instant, not_applicable, observation, part, schools};
use crate::house::{Actor, Grant, NOBODY, PLAN, PROVINCE, TestApp, WARD};
use serde_json::{Value, json};

on_both![
    a_draft_is_submitted,
    a_returned_report_is_submitted_again,
    a_submitted_report_is_withdrawn,
    a_submitted_report_is_accepted,
    a_submitted_report_is_returned_with_remarks,
    an_accepted_report_is_reopened,
    every_other_step_is_refused,
    only_drafts_and_returned_reports_are_edited,
    steps_belong_to_their_roles,
    a_reason_is_given,
    opening_makes_one_report_for_every_unit,
    a_group_is_replaced_by_its_members,
    cells_are_written_all_or_none,
    cells_are_created_updated_left_and_deleted,
    a_wrong_cell_is_told_by_its_place,
    values_are_computed_and_rounded_once,
    readiness_is_what_submit_refuses,
    parts_add_up_to_the_total,
    figures_that_do_not_agree_are_told,
    qualitative_indicators_take_an_answer,
    narrative_is_kept,
    two_rounds_are_compared,
    an_earlier_revision_stays_readable,
    a_late_report_is_marked,
    an_extension_moves_one_unit_s_deadline,
    a_closed_period_takes_nothing,
    a_period_grows_by_a_unit,
    completeness_is_counted,
    a_report_by_telephone_is_marked,
    readers_see_what_is_theirs,
    lists_are_narrowed_to_an_area,
    a_task_s_progress_is_told,
];

const ALL: [&str; 5] = ["draft", "submitted", "returned", "accepted", "consolidated"];
const STEPS: [&str; 5] = ["submit", "withdraw", "accept", "return", "reopen"];

fn allowed(status: &str) -> &'static [&'static str] {
    match status {
        "draft" | "returned" => &["submit"],
        "submitted" => &["accept", "return", "withdraw"],
        "accepted" => &["reopen"],
        _ => &[],
    }
}

async fn who_may(app: &TestApp, step: &str) -> Actor {
    if ["submit", "withdraw"].contains(&step) { app.reporter("U5").await } else { app.coordinator().await }
}

fn reason(step: &str) -> Value {
    if ["return", "reopen"].contains(&step) { json!({"reason": "Kiểm tra lại số liệu"}) } else { json!({}) }
}

async fn step(app: &TestApp, status: &str, step: &str) -> (Report, Value) {
    let report = Report::in_status(app, status).await;
    let done = who_may(app, step).await.act(&report.path, step, &reason(step)).await;
    let body = done.with_status(200);
    assert_eq!(done.etag().split('-').next(), report.etag().await.split('-').next(), "the new version's ETag");
    assert_eq!(format!("/reports/{}", text(&body, "id")), report.path);
    (report, body)
}

fn last(report: &Value) -> &Value {
    list(report, "history").last().expect("history")
}

// ---------------------------------------------------------------- the diagram

async fn a_draft_is_submitted(app: TestApp) {
    let (report, body) = step(&app, "draft", "submit").await;
    assert_eq!((text(&body, "status"), &body["revision"], &body["late"]), ("submitted", &json!(1), &json!(false)));
    assert!(body["submitted_at"].is_string() && !body["submitted_by"].is_null(), "{body}");
    let there = report.read().await;
    let event = last(&there);
    assert_eq!((text(event, "action"), text(event, "status"), &event["round"]), ("submit", "submitted", &json!(1)));
    assert_eq!(instant(&event["at"]), instant(&there["submitted_at"]));
}

async fn a_returned_report_is_submitted_again(app: TestApp) {
    let (report, body) = step(&app, "returned", "submit").await;
    assert_eq!((text(&body, "status"), &body["revision"]), ("submitted", &json!(1)), "a return makes a round, not a revision");
    let there = report.read().await;
    let rounds: Vec<(&str, i64)> = list(&there, "history").iter().map(|e| (text(e, "action"), e["round"].as_i64().unwrap())).collect();
    assert_eq!(rounds, [("submit", 1), ("return", 1), ("submit", 2)]);
}

async fn a_submitted_report_is_withdrawn(app: TestApp) {
    let (report, body) = step(&app, "submitted", "withdraw").await;
    assert_eq!(text(&body, "status"), "draft");
    report.fill(&[cell("4.1", 110, 100)]).await;
    report.submit(&[]).await;
}

async fn a_submitted_report_is_accepted(app: TestApp) {
    let (report, body) = step(&app, "submitted", "accept").await;
    assert_eq!(text(&body, "status"), "accepted");
    let by = app.coordinator().await;
    assert_eq!(text(last(&by.get(&report.path).await.ok()), "action"), "accept");
    let seen = by.find("/observations", &[("period", text(&body["period"], "id"))]).await.ok();
    assert_eq!(list(&seen, "items").len(), 1, "accepted data are to be read: {seen}");
}

async fn a_submitted_report_is_returned_with_remarks(app: TestApp) {
    let report = Report::in_status(&app, "submitted").await;
    let body = json!({"reason": "Số liệu chưa khớp\nvới tháng trước", "remarks": [{"indicator": "4.1", "remark": "Xem lại tử số"}]});
    app.coordinator().await.act(&report.path, "return", &body).await.with_status(200);
    let there = report.read().await;
    let event = last(&there);
    assert_eq!((text(event, "action"), text(event, "reason")), ("return", "Số liệu chưa khớp\nvới tháng trước"));
    let remark = of_indicator(list(event, "remarks"), "4.1");
    assert_eq!(text(remark, "remark"), "Xem lại tử số");
}

async fn an_accepted_report_is_reopened(app: TestApp) {
    let (report, body) = step(&app, "accepted", "reopen").await;
    assert_eq!((text(&body, "status"), &body["revision"]), ("returned", &json!(2)));
    let seen = app.coordinator().await.find("/observations", &[("period", text(&body["period"], "id"))]).await.ok();
    assert!(list(&seen, "items").is_empty(), "it counts as not accepted: {seen}");
    report.fill(&[cell("4.1", 108, 100)]).await;
    report.submit(&[]).await;
    report.accept().await;
    assert_eq!(report.read().await["revision"], 2);
}

async fn every_other_step_is_refused(app: TestApp) {
    for status in ALL {
        let report = Report::in_status(&app, status).await;
        let before = report.read().await;
        for step in STEPS.into_iter().filter(|s| !allowed(status).contains(s)) {
            let refused = who_may(&app, step).await.act(&report.path, step, &reason(step)).await;
            let problem = refused.problem(409, "report.invalid_transition");
            assert_eq!(text(&problem, "current"), status, "{step}");
            let told: Vec<String> = list(&problem, "allowed").iter().map(|a| a.as_str().unwrap().to_owned()).collect();
            assert_eq!(sorted(told), allowed(status), "{step} from {status}");
        }
        let after = report.read().await;
        assert_eq!((&after["status"], &after["version"], &after["history"]), (&before["status"], &before["version"], &before["history"]));
    }
}

async fn only_drafts_and_returned_reports_are_edited(app: TestApp) {
    for status in ALL {
        let report = Report::in_status(&app, status).await;
        let by = report.reporter().await;
        let cells = report.try_fill(&by, &[cell("4.1", 107, 100)]).await;
        let words = by.patch(&report.path, &json!({"narrative": {"results": "Đã tổ chức hai lớp tập huấn"}})).await;
        if ["draft", "returned"].contains(&status) {
            assert_eq!((cells.status, words.status), (200, 200), "{status}: {} {}", cells.excerpt(), words.excerpt());
        } else {
            cells.problem(409, "report.not_editable");
            words.problem(409, "report.not_editable");
        }
    }
}

async fn steps_belong_to_their_roles(app: TestApp) {
    let report = Report::in_status(&app, "submitted").await;
    let (u5, coordinator, supervisor) = (app.reporter("U5").await, app.coordinator().await, app.supervisor().await);
    let etag = report.etag().await;
    for step in ["accept", "return", "reopen"] {
        u5.act_on(&report.path, step, &etag, &reason(step)).await.problem(403, "access.denied");
    }
    for step in ["submit", "withdraw"] {
        coordinator.act_on(&report.path, step, &etag, &json!({})).await.problem(403, "access.denied");
        // Another unit may not even read it.
        app.reporter("U6").await.act_on(&report.path, step, &etag, &json!({})).await.problem(404, "resource.not_found");
    }
    for step in STEPS {
        supervisor.act_on(&report.path, step, &etag, &reason(step)).await.problem(403, "access.denied");
        app.anonymous().act_on(&report.path, step, &etag, &reason(step)).await.problem(401, "auth.required");
    }
    // A coordinator of another ward finds nothing.
    let elsewhere = json!({"code": "98003", "name": {"vi": "Phường khác", "en": null}, "level": "commune", "kind": "ward", "parent": "24"});
    app.admin().await.post("/jurisdictions", &elsewhere).await.with_status(201);
    let stranger = app.someone(Grant::of("coordinator").at("98003").restricted()).await;
    stranger.act_on(&report.path, "accept", &etag, &json!({})).await.problem(404, "resource.not_found");
}

async fn a_reason_is_given(app: TestApp) {
    let submitted = Report::in_status(&app, "submitted").await;
    let accepted = Report::in_status(&app, "accepted").await;
    let by = app.coordinator().await;
    for (report, step) in [(&submitted, "return"), (&accepted, "reopen")] {
        for body in [json!({}), json!({"reason": ""}), json!({"reason": "  "}), json!({"reason": null})] {
            assert_eq!(pointers(&by.act(&report.path, step, &body).await.refused(422)), ["/reason"], "{step} {body}");
        }
    }
}

// ---------------------------------------------------------------- what opening makes

async fn opening_makes_one_report_for_every_unit(app: TestApp) {
    let period = Period::planned(&app, &["U1", "U5", "U6"], &["1.1", "4.1", "3.3"], 30 * 24 * 60).await;
    assert!(period.reports().await.is_empty());
    period.open().await;
    let reports = period.reports().await;
    assert_eq!(sorted(reports.iter().map(|r| r.unit.clone()).collect()), ["U1", "U5", "U6"]);
    for report in reports {
        let there = app.coordinator().await.get(&report.path).await.ok();
        assert_eq!((text(&there, "status"), &there["revision"], &there["late"]), ("draft", &json!(1), &json!(false)));
        assert!(list(&there, "observations").is_empty() && list(&there, "history").is_empty());
    }
    // What is open is frozen.
    let by = app.coordinator().await;
    by.act(&period.path, "open", &json!({})).await.problem(409, "period.invalid_transition");
    by.patch(&period.path, &json!({"units": ["U1"]})).await.problem(409, "period.frozen");
    by.delete(&period.path).await.problem(409, "period.in_use");
}

async fn a_group_is_replaced_by_its_members(app: TestApp) {
    let alone = Period::ad_hoc(&app, &["U7"], &["5.2a"]).await;
    assert_eq!(alone.reports().await.len(), 1, "a group without members reports itself");
    let codes = schools(&app, &["Trường Tiểu học Đồng Nguyên", "Trường THCS Đồng Nguyên"]).await;
    let period = Period::ad_hoc(&app, &["U7"], &["5.2a"]).await;
    assert_eq!(sorted(period.reports().await.iter().map(|r| r.unit.clone()).collect()), codes);
    // Naming a member overrides the group: here 5.2b is the secondary school's alone.
    let by = app.coordinator().await;
    let indicator = format!("/indicators/{}", text(&by.by_code("/indicators", "5.2b").await, "id"));
    by.patch(&indicator, &json!({"units": [{"unit": "U7.2", "duty": "report", "basis": "explicit"}]})).await.with_status(200);
    let period = Period::ad_hoc(&app, &["U7"], &["5.2a", "5.2b"]).await;
    let primary = period.report("U7.1").await;
    primary.try_fill(&primary.reporter().await, &[cell("5.2b", 90, 100)]).await.problem(422, "indicator.not_due");
    primary.submit(&[cell("5.2a", 99, 100), part("5.2a", "sex", "male", 50, 50), part("5.2a", "sex", "female", 49, 50)]).await;
    let secondary = period.report("U7.2").await;
    let blockers = list(&secondary.readiness().await, "blockers").len();
    assert_eq!(blockers, 2, "it owes both");
}

// ---------------------------------------------------------------- cells

async fn cells_are_written_all_or_none(app: TestApp) {
    let report = Period::ad_hoc(&app, &["U5"], &["4.1", "4.2"]).await.report("U5").await;
    let by = report.reporter().await;
    let refused = report.try_fill(&by, &[cell("4.1", 109, 100), cell("4.2", -1, 100)]).await;
    assert_eq!(pointers(&refused.problem(422, "value.negative")), ["/observations/1/numerator"]);
    let there = report.read().await;
    assert!(list(&there, "observations").is_empty(), "half of it was written");
    assert_eq!(there["version"], 1);
}

async fn cells_are_created_updated_left_and_deleted(app: TestApp) {
    let report = Period::ad_hoc(&app, &["U5"], &["4.1", "4.3"]).await.report("U5").await;
    let counts = |v: &Value| ["created", "updated", "unchanged", "deleted"].map(|k| v[k].as_i64().unwrap());
    let first = report.fill(&[cell("4.1", 109, 100), cell("4.3", 5, 1000)]).await;
    assert_eq!(counts(&first), [2, 0, 0, 0]);
    let version = report.read().await["version"].clone();
    let second = report.fill(&[cell("4.1", 110, 100), cell("4.3", 5, 1000), part("4.1", "sex", "male", 57, 50)]).await;
    assert_eq!(counts(&second), [1, 1, 1, 0]);
    assert!(report.read().await["version"].as_i64() > version.as_i64());
    let third = report.fill(&[json!({"indicator": "4.1", "disaggregation": {"sex": "male"}, "delete": true})]).await;
    assert_eq!(counts(&third), [0, 0, 0, 1]);
    // A cell is replaced whole: what is absent is null.
    report.fill(&[json!({"indicator": "4.1", "numerator": 111})]).await;
    let there = report.read().await;
    let total = observation(&there, "4.1", &json!({})).expect("4.1");
    assert_eq!((number(&total["numerator"]), &total["denominator"], text(total, "status")), ("111".to_owned(), &Value::Null, "final"));
    assert_eq!(list(&there, "observations").len(), 2);
    // The precondition is the report's own version, and the answer carries the new one.
    let by = report.reporter().await;
    let path = format!("{}/observations", report.path);
    let body = json!({"observations": [cell("4.1", 112, 100)]});
    by.call("PATCH", &path).json(&body).send().await.problem(428, "version.required");
    let old = report.etag().await;
    let done = by.call("PATCH", &path).if_match(&old).json(&body).send().await;
    done.with_status(200);
    assert_eq!(done.etag().split('-').next(), report.etag().await.split('-').next());
    by.call("PATCH", &path).if_match(&old).json(&body).send().await.problem(412, "version.stale");
}

async fn a_wrong_cell_is_told_by_its_place(app: TestApp) {
    let u1 = Period::ad_hoc(&app, &["U1"], &["1.1", "6.2", "3.1"]).await.report("U1").await;
    let by = u1.reporter().await;
    let with = |mut cell: Value, member: &str, value: Value| {
        cell[member] = value;
        cell
    };
    for (bad, at, wrong) in [
        (cell("1.1", -1, 10), "/numerator", "value.negative"),
        (cell("1.1", 11, 10), "/numerator", "value.numerator_above_denominator"),
        (with(cell("1.1", 7, 10), "numerator", json!(7.5)), "/numerator", "value.not_whole"),
        (cell("1.1", 0, 0), "/denominator", "value.zero_denominator"),
        (with(cell("1.1", 7, 10), "numerator", json!("7")), "/numerator", "field.type"),
        (with(cell("1.1", 7, 10), "status", json!("perhaps")), "/status", "field.value"),
        (with(cell("1.1", 7, 10), "bogus", json!(1)), "/bogus", "field.unknown"),
        (with(cell("1.1", 7, 10), "answer", json!(true)), "/answer", "value.unexpected"),
        (cell("4.1", 109, 100), "/indicator", "indicator.not_due"),
        (cell("9.9", 1, 1), "/indicator", "reference.unknown"),
        (part("1.1", "sex", "female", 1, 1), "/disaggregation/sex", "disaggregation.unknown"),
        (part("1.1", "unit_type", "no_such", 1, 1), "/disaggregation/unit_type", "disaggregation.unknown"),
        (with(cell("6.2", 7, 10), "extra", json!({"bogus": 1})), "/extra/bogus", "extra.unknown"),
        (with(cell("6.2", 7, 10), "extra", json!({"informed_count": "many"})), "/extra/informed_count", "extra.invalid"),
        (json!({"indicator": "1.1", "delete": true}), "", "observation.absent"),
    ] {
        // The bad one stands second, so that its place is told and not guessed.
        let problem = u1.try_fill(&by, &[with(cell("3.1", 14, 10), "numerator", json!(1.4)), bad.clone()]).await.refused(422);
        assert!(fault_codes(&problem).contains(&wrong.to_owned()), "{bad}: {problem}");
        let told = pointers(&problem);
        assert!(told.iter().all(|p| p.starts_with("/observations/1")), "{bad}: {told:?}");
        assert!(told.iter().any(|p| p.starts_with(&format!("/observations/1{at}"))), "{bad}: {told:?}");
    }
    // The fraction is right for hours alone; a figure twice in one body is not.
    let twice = u1.try_fill(&by, &[cell("1.1", 7, 10), cell("1.1", 8, 10)]).await;
    assert!(pointers(&twice.problem(422, "observation.duplicate")).iter().any(|p| p.starts_with("/observations/1")));
    // All at once, each with its place.
    let problem = u1.try_fill(&by, &[cell("1.1", -1, 10), cell("4.1", 1, 1), cell("9.9", 1, 1)]).await.refused(422);
    let mut at: Vec<String> = pointers(&problem).iter().map(|p| p.split('/').take(3).collect::<Vec<_>>().join("/")).collect();
    at.sort();
    at.dedup();
    assert_eq!(at, ["/observations/0", "/observations/1", "/observations/2"]);
    assert!(list(&u1.read().await, "observations").is_empty());
}

async fn values_are_computed_and_rounded_once(app: TestApp) {
    let report = Period::ad_hoc(&app, &["U1", "U5"], &["1.1", "4.1", "4.2", "3.1"]).await;
    let (u1, u5) = (report.report("U1").await, report.report("U5").await);
    u1.fill(&[
        cell("1.1", 14, 30),
        json!({"indicator": "3.1", "numerator": 4.2, "denominator": 3, "extra": {"hours_unit": "day", "sample_size": 120}}),
    ])
    .await;
    u5.fill(&[cell("4.1", 109, 100), cell("4.2", 1, 3200)]).await;
    let (u1, u5) = (u1.read().await, u5.read().await);
    // 14/30 × 100 = 46.66…; 4.2/3 = 1.4; 109/100 × 100 = 109; 1/3200 × 100000 = 31.25.
    for (report, indicator, value) in [(&u1, "1.1", "46.6667"), (&u1, "3.1", "1.4"), (&u5, "4.1", "109"), (&u5, "4.2", "31.25")] {
        assert_eq!(number(&observation(report, indicator, &json!({})).expect(indicator)["value"]), value, "{indicator}");
    }
}

async fn readiness_is_what_submit_refuses(app: TestApp) {
    let report = Period::ad_hoc(&app, &["U1"], &["1.1", "2.1", "6.1"]).await.report("U1").await;
    let by = report.reporter().await;
    let compare = async |expected: usize| {
        let ready = report.readiness().await;
        let blockers = list(&ready, "blockers");
        assert_eq!(blockers.len(), expected, "{ready}");
        assert!(blockers.iter().all(|b| !text(b, "code").is_empty() && !text(b, "detail").is_empty()));
        if expected > 0 {
            let refused = by.act(&report.path, "submit", &json!({})).await.refused(422);
            let told = sorted(fault_codes(&refused));
            assert_eq!(told, sorted(blockers.iter().map(|b| text(b, "code").to_owned()).collect()), "{refused}");
        }
    };
    compare(3).await;
    report.fill(&[cell("1.1", 7, 10), json!({"indicator": "2.1", "numerator": 60}), part("6.1", "sex", "male", 40, 50)]).await;
    // 2.1 lacks its denominator, 6.1 its total.
    compare(2).await;
    report.fill(&[not_applicable("2.1", "Chưa có điều tra lao động năm nay"), cell("6.1", 80, 100)]).await;
    compare(0).await;
    report.submit(&[]).await;
}

async fn parts_add_up_to_the_total(app: TestApp) {
    let report = Period::ad_hoc(&app, &["U2"], &["2.3"]).await.report("U2").await;
    let by = report.reporter().await;
    report.fill(&[cell("2.3", 30, 100), part("2.3", "sex", "male", 10, 50)]).await;
    assert!(list(&report.readiness().await, "blockers").is_empty(), "one part alone proves nothing");
    report.fill(&[part("2.3", "sex", "female", 21, 50)]).await;
    by.act(&report.path, "submit", &json!({})).await.problem(422, "parts.not_total");
    report.fill(&[part("2.3", "sex", "female", 20, 51)]).await;
    by.act(&report.path, "submit", &json!({})).await.problem(422, "parts.not_total");
    report.fill(&[part("2.3", "sex", "female", 20, 50)]).await;
    report.submit(&[]).await;
}

/// By the seed's own rules and bounds.
async fn figures_that_do_not_agree_are_told(app: TestApp) {
    let report = Period::ad_hoc(&app, &["U5"], &["4.1", "4.2"]).await.report("U5").await;
    let warnings = async || {
        let ready = report.readiness().await;
        let all = list(&ready, "warnings").iter().filter(|w| w["code"] != "narrative.empty");
        all.map(|w| (text(w, "code").to_owned(), w["explained"] == true, text(w, "detail").to_owned())).collect::<Vec<_>>()
    };
    report.fill(&[cell("4.1", 110, 100), cell("4.2", 0, 210)]).await;
    assert_eq!(warnings().await, []);
    report.fill(&[cell("4.1", 150, 100), cell("4.2", 0, 210)]).await;
    let told = warnings().await;
    assert_eq!(
        told.iter().map(|(code, explained, _)| (code.as_str(), *explained)).collect::<Vec<_>>(),
        [("value.implausible", false), ("rule.broken", false)]
    );
    assert!(told[1].2.contains("4.1") && told[1].2.contains("250") && told[1].2.contains("210"), "{told:?}");
    let mut noted = cell("4.1", 150, 100);
    noted["note"] = json!("Đã đối chiếu sổ sinh");
    report.fill(&[noted]).await;
    assert!(warnings().await.iter().all(|(_, explained, _)| *explained));
    report.submit(&[]).await;
}

async fn qualitative_indicators_take_an_answer(app: TestApp) {
    let period = Period::ad_hoc(&app, &["U4", "U7"], &["6.4", "5.1"]).await;
    let (u4, u7) = (period.report("U4").await, period.report("U7").await);
    let by = u7.reporter().await;
    let spoken = u7.try_fill(&by, &[json!({"indicator": "5.1", "answer": "yes"})]).await;
    assert_eq!(pointers(&spoken.refused(422)), ["/observations/0/answer"]);
    u7.fill(&[json!({"indicator": "5.1", "answer": true, "extra": {"evidence": "Kế hoạch giáo dục nhà trường số 12"}})]).await;
    assert_eq!(observation(&u7.read().await, "5.1", &json!({})).expect("5.1")["answer"], true);
    u7.submit(&[]).await;
    // For 6.4 a numerator alone is enough: at least one column is a yes.
    for (columns, yes) in [(0, false), (3, true)] {
        u4.fill(&[json!({"indicator": "6.4", "numerator": columns})]).await;
        assert_eq!(observation(&u4.read().await, "6.4", &json!({})).expect("6.4")["answer"], yes, "{columns}");
    }
    u4.fill(&[answer("6.4", true)]).await;
    u4.submit(&[]).await;
}

async fn narrative_is_kept(app: TestApp) {
    let report = Report::of_health_station(&app).await;
    let by = report.reporter().await;
    let words = json!({"direction": "Ban hành kế hoạch số 15", "results": "Tổ chức 02 lớp tập huấn\nvới 120 người", "difficulties": "Thiếu kinh phí"});
    by.patch(&report.path, &json!({"narrative": words})).await.with_status(200);
    by.patch(&report.path, &json!({"narrative": {"difficulties": null, "proposals": "Bố trí kinh phí"}})).await.with_status(200);
    let there = report.read().await["narrative"].clone();
    assert_eq!((&there["direction"], &there["results"], &there["difficulties"]), (&words["direction"], &words["results"], &Value::Null));
    assert_eq!(there["proposals"], "Bố trí kinh phí");
    by.patch(&report.path, &json!({"narrative": {"poetry": "…"}})).await.problem(422, "field.unknown");
    by.patch(&report.path, &json!({"status": "accepted"})).await.refused(422);
}

// ---------------------------------------------------------------- rounds and revisions

async fn two_rounds_are_compared(app: TestApp) {
    let report = Report::in_status(&app, "returned").await;
    let by = report.reporter().await;
    by.patch(&report.path, &json!({"narrative": {"results": "Đã sửa số liệu"}})).await.with_status(200);
    report.submit(&[cell("4.1", 115, 100), part("4.1", "sex", "male", 60, 50)]).await;
    let diff = by.get(&format!("{}/diff?from=1&to=2", report.path)).await.ok();
    assert_eq!((&diff["from"], &diff["to"]), (&json!(1), &json!(2)));
    let changes = list(&diff, "observations");
    assert_eq!(changes.len(), 2, "{diff}");
    let total = changes.iter().find(|c| c["disaggregation"] == json!({})).expect("the total");
    assert_eq!(code(&total["indicator"]), "4.1");
    assert_eq!((number(&total["before"]["numerator"]), number(&total["after"]["numerator"])), ("109".to_owned(), "115".to_owned()));
    let new = changes.iter().find(|c| c["disaggregation"] == json!({"sex": "male"})).expect("the new part");
    assert!(new["before"].is_null() && new["after"].is_object(), "{new}");
    let words = list(&diff, "narrative");
    assert_eq!((words.len(), text(&words[0], "field"), text(&words[0], "after")), (1, "results", "Đã sửa số liệu"));
    by.get(&format!("{}/diff?from=1&to=9", report.path)).await.problem(400, "round.unknown");
}

async fn an_earlier_revision_stays_readable(app: TestApp) {
    let report = Report::in_status(&app, "accepted").await;
    report.reopen("Bổ sung số sinh tháng 12").await;
    report.submit(&[cell("4.1", 112, 100)]).await;
    let by = report.reporter().await;
    let of = async |revision: &str| {
        let body = by.get(&format!("{}?revision={revision}", report.path)).await.ok();
        number(&observation(&body, "4.1", &json!({})).expect("4.1")["numerator"])
    };
    assert_eq!((of("1").await, of("2").await), ("109".to_owned(), "112".to_owned()));
    by.get(&format!("{}?revision=3", report.path)).await.problem(400, "round.unknown");
}

// ---------------------------------------------------------------- deadlines

async fn a_late_report_is_marked(app: TestApp) {
    let report = Period::due(&app, &["U5"], &["4.1"], -60).await.report("U5").await;
    report.submit(&[cell("4.1", 109, 100)]).await;
    assert_eq!(report.read().await["late"], true);
    // The first submission is judged: sending it again after a return changes nothing.
    let on_time = Period::ad_hoc(&app, &["U5"], &["4.1"]).await.report("U5").await;
    on_time.submit(&[cell("4.1", 109, 100)]).await;
    on_time.send_back("Xem lại").await;
    on_time.submit(&[]).await;
    assert_eq!(on_time.read().await["late"], false);
    let late = app.coordinator().await.items("/reports", &[("late", "true")]).await;
    assert_eq!(late.len(), 1);
    assert_eq!(format!("/reports/{}", text(&late[0], "id")), report.path);
}

async fn an_extension_moves_one_unit_s_deadline(app: TestApp) {
    let period = Period::due(&app, &["U5", "U6"], &["4.1", "3.3"], -60).await;
    let by = app.coordinator().await;
    let path = format!("{}/extensions", period.path);
    let due = in_days(5);
    by.post(&path, &json!({"unit": "U5", "due_at": due, "reason": "Bão lụt"})).await.with_status(201);
    let (u5, u6) = (period.report("U5").await, period.report("U6").await);
    assert_eq!(instant(&u5.read().await["due_at"]), instant(&json!(due)));
    u5.submit(&[cell("4.1", 109, 100)]).await;
    u6.submit(&[cell("3.3", 5, 5)]).await;
    assert_eq!((u5.read().await["late"].clone(), u6.read().await["late"].clone()), (json!(false), json!(true)));
    let problem = by.post(&path, &json!({"unit": "U99", "due_at": "soon", "reason": ""})).await.refused(422);
    assert!(pointers(&problem).len() >= 2, "{problem}");
    app.reporter("U5").await.post(&path, &json!({"unit": "U5", "due_at": due, "reason": "Xin thêm"})).await.problem(403, "access.denied");
}

async fn a_closed_period_takes_nothing(app: TestApp) {
    let period = Period::ad_hoc(&app, &["U5"], &["4.1"]).await;
    let report = period.report("U5").await;
    report.fill(&[cell("4.1", 109, 100)]).await;
    period.close().await;
    let by = report.reporter().await;
    by.act(&report.path, "submit", &json!({})).await.problem(409, "period.closed");
    app.coordinator().await.act(&period.path, "close", &json!({})).await.problem(409, "period.invalid_transition");
    period.open().await;
    report.submit(&[]).await;
}

async fn a_period_grows_by_a_unit(app: TestApp) {
    let period = Period::ad_hoc(&app, &["U5"], &["4.1", "3.3"]).await;
    let by = app.coordinator().await;
    let path = format!("{}/units", period.path);
    let added = by.post(&path, &json!({"unit": "U6"})).await;
    assert!((200..300).contains(&added.status), "{}", added.excerpt());
    assert_eq!(sorted(period.reports().await.iter().map(|r| r.unit.clone()).collect()), ["U5", "U6"]);
    by.post(&path, &json!({"unit": "U6"})).await.problem(409, "period.unit_exists");
    by.post(&path, &json!({"unit": "U99"})).await.problem(422, "reference.unknown");
}

async fn completeness_is_counted(app: TestApp) {
    let period = Period::due(&app, &["U1", "U2", "U5", "U6"], &["1.1", "2.3", "4.1", "3.3"], 60).await;
    let counts = async || {
        let c = period.completeness().await;
        ["expected", "submitted", "on_time", "late", "accepted", "missing", "overdue"]
            .map(|k| c[k].as_i64().unwrap_or_else(|| panic!("{k} in {c}")))
    };
    assert_eq!(counts().await, [4, 0, 0, 0, 0, 4, 0]);
    period.deliver("U5", &[cell("4.1", 109, 100)]).await;
    let u6 = period.report("U6").await;
    u6.submit(&[cell("3.3", 5, 5)]).await;
    assert_eq!(counts().await, [4, 2, 2, 0, 1, 2, 0]);
    u6.send_back("Xem lại").await;
    assert_eq!(counts().await, [4, 2, 2, 0, 1, 2, 0], "a returned report counts as submitted");
    let u2 = period.report("U2").await;
    u2.submit(&[cell("2.3", 30, 100)]).await;
    u2.reporter().await.act(&u2.path, "withdraw", &json!({})).await.with_status(200);
    assert_eq!(counts().await, [4, 2, 2, 0, 1, 2, 0], "a withdrawn one does not");
    let body = period.completeness().await;
    let units = list(&body, "units");
    assert_eq!(codes(&units.iter().map(|u| u["unit"].clone()).collect::<Vec<_>>()), ["U1", "U2", "U5", "U6"]);
    let u5 = &units[2];
    assert_eq!((text(u5, "status"), &u5["accepted"], &u5["missing"]), ("accepted", &json!(1), &json!(0)));
    // What is overdue: the missing whose own deadline has passed.
    let past = Period::due(&app, &["U1", "U2", "U5"], &["1.1", "2.3", "4.1"], -60).await;
    let extension = json!({"unit": "U2", "due_at": in_minutes(600), "reason": "Thiếu số liệu"});
    app.coordinator().await.post(&format!("{}/extensions", past.path), &extension).await.with_status(201);
    past.deliver("U5", &[cell("4.1", 109, 100)]).await;
    let c = past.completeness().await;
    assert_eq!([&c["expected"], &c["late"], &c["missing"], &c["overdue"]], [&json!(3), &json!(1), &json!(2), &json!(1)]);
}

async fn a_report_by_telephone_is_marked(app: TestApp) {
    let period = Period::ad_hoc(&app, &["U5", "U6"], &["4.1", "3.3"]).await;
    let (u5, u6) = (period.report("U5").await, period.report("U6").await);
    // A grant without a unit holds for every unit of the ward.
    let clerk = app.someone(Grant::of("reporter")).await;
    u6.try_fill(&clerk, &[cell("3.3", 5, 5)]).await.with_status(200);
    clerk.act(&u6.path, "submit", &json!({})).await.with_status(200);
    assert_eq!(u6.read().await["on_behalf"], true);
    u5.submit(&[cell("4.1", 109, 100)]).await;
    assert_eq!(u5.read().await["on_behalf"], false);
}

// ---------------------------------------------------------------- who sees what

async fn readers_see_what_is_theirs(app: TestApp) {
    let draft = Report::in_status(&app, "draft").await;
    let submitted = Report::in_status(&app, "submitted").await;
    let machine = app.province_machine().await;
    for (who, name, may_draft, may_submitted) in [
        (app.coordinator().await, "coordinator", true, true),
        (app.reporter("U5").await, "its unit", true, true),
        (app.leader().await, "leader", false, true),
        (app.supervisor().await, "supervisor", false, true),
        (app.reporter("U6").await, "another unit", false, false),
    ] {
        for (report, may) in [(&draft, may_draft), (&submitted, may_submitted)] {
            let got = who.get(&report.path).await;
            assert_eq!(got.status, if may { 200 } else { 404 }, "{name}: {}", got.excerpt());
            let seen = who.items("/reports", &[("unit", "U5")]).await;
            assert_eq!(seen.iter().any(|r| report.path.ends_with(text(r, "id"))), may, "{name}'s list");
        }
    }
    for path in [submitted.path.as_str(), "/reports"] {
        let got = machine.get(path).await;
        assert!([403, 404].contains(&got.status) || list(&got.body, "items").is_empty(), "{}", got.excerpt());
        app.anonymous().get(path).await.problem(401, "auth.required");
    }
    app.coordinator().await.get(&format!("/reports/{NOBODY}")).await.problem(404, "resource.not_found");
}

/// Who looks after two wards finds units of the same code in both.
async fn lists_are_narrowed_to_an_area(app: TestApp) {
    let report = Report::in_status(&app, "draft").await;
    let period = text(&report.read().await["period"], "id").to_owned();
    let ward = json!({"code": "09367", "name": bi("Phường Từ Sơn", "Tu Son"), "level": "commune", "kind": "ward", "parent": PROVINCE});
    app.admin().await.post("/jurisdictions", &ward).await.with_status(201);
    let by = app.coordinator_of(&[WARD, "09367"]).await;
    let twin = json!({"jurisdiction": "09367", "code": "U5", "kind": "health", "name": bi("Trạm Y tế", "Health station"), "is_group": false,
        "reports": true, "active": true});
    by.post("/units", &twin).await.with_status(201);
    for (area, count) in [("VN", 1), (PROVINCE, 1), (WARD, 1), ("09367", 0)] {
        let found = by.items("/reports", &[("jurisdiction", area), ("status", "draft")]).await;
        assert_eq!(found.iter().filter(|r| report.path.ends_with(text(r, "id"))).count(), count, "{area}");
        let found = by.items("/reporting-periods", &[("jurisdiction", area)]).await;
        assert_eq!(found.iter().filter(|p| text(p, "id") == period).count(), count, "{area}");
    }
    for path in ["/reports", "/reporting-periods", "/consolidated-reports"] {
        by.get(&format!("{path}?jurisdiction=99999")).await.problem(400, "reference.unknown");
    }
    for named in [("status", "draft"), ("period", period.as_str()), ("plan", PLAN), ("jurisdiction", WARD)] {
        assert!(!by.items("/reports", &[("unit", "U5"), named]).await.is_empty(), "{named:?} tells which ward's");
    }
}

async fn a_task_s_progress_is_told(app: TestApp) {
    let (by, u5, u6) = (app.coordinator().await, app.reporter("U5").await, app.reporter("U6").await);
    let path = format!("/tasks/{}", text(&by.by_code("/tasks", "A5.1").await, "id"));
    let updates = format!("{path}/updates");
    for (status, percent) in [("in_progress", 40), ("done", 100)] {
        let body = json!({"status": status, "percent_complete": percent, "note": format!("Đã làm {percent} %\nCòn lại: tập huấn")});
        u5.post(&updates, &body).await.with_status(201);
        let there = u5.get(&path).await.ok();
        assert_eq!((text(&there, "status"), &there["percent_complete"]), (status, &json!(percent)));
    }
    assert_eq!(by.items(&updates, &[]).await.len(), 2);
    let body = json!({"status": "in_progress", "percent_complete": 10, "note": "x"});
    u6.post(&updates, &body).await.problem(403, "access.denied");
    app.anonymous().post(&updates, &body).await.problem(401, "auth.required");
    let problem = u5.post(&updates, &json!({"status": "finished", "percent_complete": 101})).await.refused(422);
    assert_eq!(sorted(pointers(&problem)), ["/percent_complete", "/status"]);
}
