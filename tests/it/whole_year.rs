//! A ward's whole year: seven offices and four schools report, one is returned and corrects itself, one reports by
//! telephone, one is late; the figures are consolidated, approved, signed, sent and acknowledged.
//!
//! The year is 2027, opened early with its deadline moved to yesterday and extended for all but one, so that the test
//! means the same whenever it runs.

use crate::house::json::{code, codes, list, number, of_indicator, sorted, text};
use crate::house::steps::{Consolidated, Period, Report, answer, cell, in_days, not_applicable, observation, part, schools};
use crate::house::{Grant, PLAN, TestApp, WARD, seal};
use serde_json::{Value, json};

on_both![a_ward_reports_its_year];

/// Indicator, numerator, denominator, value and result of the ward, worked out by hand.
const BY_HAND: [(&str, &str, &str, &str, &str); 15] = [
    // 14 / 20 × 100 = 70; at least 70.
    ("1.1", "14", "20", "70", "achieved"),
    // 610 / 1000 × 100 = 61; at least 60, and better.
    ("2.1", "610", "1000", "61", "exceeded"),
    // 250 / 1000 × 100 = 25, which is not below 25.
    ("2.2", "250", "1000", "25", "not_achieved"),
    // 27 / 88 × 100 = 30.681818…
    ("2.3", "27", "88", "30.6818", "exceeded"),
    // 4.2 / 3 = 1.4 hours for one; at most 1.4.
    ("3.1", "4.2", "3", "1.4", "achieved"),
    // 9 / 10 × 100 = 90, after the correction.
    ("3.2a", "9", "10", "90", "achieved"),
    // 218 boys / 200 girls × 100 = 109; at most 109.
    ("4.1", "218", "200", "109", "achieved"),
    // No death in 3200 births.
    ("4.2", "0", "3200", "0", "exceeded"),
    // 3 / 1200 × 1000 = 2.5; at most 50.
    ("4.3", "3", "1200", "2.5", "exceeded"),
    // (100 + 99) / (100 + 100) × 100 = 99.5; at least 100.
    ("5.2a", "199", "200", "99.5", "not_achieved"),
    // (60 + 50) / (60 + 50) × 100 = 100.
    ("5.2b", "110", "110", "100", "achieved"),
    ("5.3", "45", "90", "50", "achieved"),
    ("5.4a", "12", "30", "40", "exceeded"),
    ("6.1", "8000", "10000", "80", "achieved"),
    // 19 / 20 × 100 = 95; at least 100.
    ("6.2", "19", "20", "95", "not_achieved"),
];

async fn a_ward_reports_its_year(app: TestApp) {
    let period = open_the_year(&app).await;
    let by = app.coordinator().await;

    the_offices_report(&app, &period).await;
    the_schools_report(&period).await;
    the_police_corrects_itself(&app, &period.report("U6").await).await;
    the_office_telephones(&app, &period.report("U3").await).await;

    for report in period.reports().await {
        if by.get(&report.path).await.ok()["status"] == "submitted" {
            report.accept().await;
        }
    }
    let c = period.completeness().await;
    for (member, count) in
        [("expected", 11), ("submitted", 11), ("on_time", 10), ("late", 1), ("accepted", 11), ("missing", 0), ("overdue", 0)]
    {
        assert_eq!(c[member], count, "{member}: {c}");
    }

    let whole = period.consolidate().await;
    the_figures_are_right(&whole.read().await);
    let sent = whole.send().await;
    the_seal_holds(&app, &sent).await;
    the_province_takes_it(&app, &period, &whole).await;
    progress_says_the_same(&app).await;
}

/// The annual period of 2027 with four schools in place of their group: due yesterday, for all but U2 in three weeks.
async fn open_the_year(app: &TestApp) -> Period {
    let by = app.coordinator().await;
    let schools =
        schools(app, &["Trường Tiểu học Đồng Nguyên", "Trường Tiểu học Trang Hạ", "Trường THCS Đồng Nguyên", "Trường THCS Đồng Kỵ"]).await;
    assert_eq!(schools, ["U7.1", "U7.2", "U7.3", "U7.4"]);
    // A primary school owes no figure of lower secondary education, nor the other way round.
    for (indicator, members) in [("5.2a", ["U7.1", "U7.2"]), ("5.2b", ["U7.3", "U7.4"])] {
        let path = format!("/indicators/{}", text(&by.by_code("/indicators", indicator).await, "id"));
        let units = members.map(|u| json!({"unit": u, "duty": "report", "basis": "explicit"}));
        by.patch(&path, &json!({"units": units})).await.with_status(200);
    }
    let found = by.items("/reporting-periods", &[("plan", PLAN), ("frequency", "annual"), ("label", "2027")]).await;
    let period = Period::of(app, text(&found[0], "id"));
    by.patch(&period.path, &json!({"opens_at": in_days(-30), "due_at": in_days(-1)})).await.with_status(200);
    period.open().await;
    let units = sorted(period.reports().await.iter().map(|r| r.unit.clone()).collect());
    assert_eq!(units, ["U1", "U2", "U3", "U4", "U5", "U6", "U7.1", "U7.2", "U7.3", "U7.4", "U8"]);
    for unit in units.iter().filter(|u| *u != "U2") {
        let body = json!({"unit": unit, "due_at": in_days(21), "reason": "Gia hạn chung"});
        by.post(&format!("{}/extensions", period.path), &body).await.with_status(201);
    }
    period
}

async fn the_offices_report(app: &TestApp, period: &Period) {
    let hours = json!({"indicator": "3.1", "numerator": 4.2, "denominator": 3, "extra": {"hours_unit": "day", "sample_size": 300}});
    let mut committed = cell("6.2", 19, 20);
    committed["extra"] = json!({"informed_count": 20, "committed_count": 19});
    let u1 = period.report("U1").await;
    u1.fill(&[
        cell("1.1", 14, 20),
        cell("2.1", 610, 1000),
        cell("2.2", 250, 1000),
        hours,
        cell("5.3", 45, 90),
        cell("5.4a", 12, 30),
        not_applicable("5.4b", "Phường không có người có trình độ tiến sĩ"),
        cell("6.1", 8000, 10000),
        part("6.1", "sex", "male", 3900, 4900),
        part("6.1", "sex", "female", 4100, 5100),
        committed,
    ])
    .await;
    u1.submit(&[]).await;

    let u2 = period.report("U2").await;
    u2.submit(&[cell("2.3", 27, 88)]).await;
    assert_eq!(u2.read().await["late"], true, "its deadline was yesterday");

    let u5 = period.report("U5").await;
    u5.submit(&[cell("4.1", 218, 200), cell("4.2", 0, 3200), cell("4.3", 3, 1200)]).await;
    assert_eq!(u5.read().await["late"], false, "its deadline was extended");

    // These owe no annual indicator, but the narrative.
    for unit in ["U4", "U8"] {
        let report = period.report(unit).await;
        assert!(list(&report.readiness().await, "blockers").iter().all(|b| b["indicator"].is_null()), "{unit} owes no figure");
        let words = json!({"narrative": {"results": "Tổ chức 04 hội nghị tuyên truyền", "next_steps": "Tiếp tục tuyên truyền"}});
        app.reporter(unit).await.patch(&report.path, &words).await.with_status(200);
        report.submit(&[]).await;
    }
}

async fn the_schools_report(period: &Period) {
    for (school, indicator, boys, girls) in [
        ("U7.1", "5.2a", (50, 50), (50, 50)),
        ("U7.2", "5.2a", (51, 52), (48, 48)),
        ("U7.3", "5.2b", (30, 30), (30, 30)),
        ("U7.4", "5.2b", (26, 26), (24, 24)),
    ] {
        let report = period.report(school).await;
        let mut taught = answer("5.1", true);
        taught["extra"] = json!({"evidence": "Kế hoạch giáo dục nhà trường năm học 2026-2027"});
        report
            .submit(&[
                taught,
                cell(indicator, boys.0 + girls.0, boys.1 + girls.1),
                part(indicator, "sex", "male", boys.0, boys.1),
                part(indicator, "sex", "female", girls.0, girls.1),
            ])
            .await;
    }
}

/// Submitted, returned with a remark, corrected, submitted again.
async fn the_police_corrects_itself(app: &TestApp, report: &Report) {
    report.submit(&[cell("3.2a", 10, 10), cell("3.2b", 0, 0), cell("3.3", 0, 0)]).await;
    let remarks =
        json!({"reason": "Đề nghị đối chiếu sổ theo dõi", "remarks": [{"indicator": "3.2a", "remark": "Trạm y tế ghi nhận 9 người"}]});
    app.coordinator().await.act(&report.path, "return", &remarks).await.with_status(200);
    report.submit(&[cell("3.2a", 9, 10)]).await;
    let there = report.read().await;
    assert_eq!((&there["revision"], &there["late"]), (&json!(1), &json!(false)));
    let diff = report.reporter().await.get(&format!("{}/diff?from=1&to=2", report.path)).await.ok();
    assert_eq!(list(&diff, "observations").len(), 1, "{diff}");
}

/// A clerk of the coordinating office writes down what U3 says on the telephone.
async fn the_office_telephones(app: &TestApp, report: &Report) {
    let clerk = app.someone(Grant::of("reporter")).await;
    clerk.patch(&report.path, &json!({"narrative": {"results": "Đã thẩm định 03 văn bản"}})).await.with_status(200);
    clerk.act(&report.path, "submit", &json!({})).await.with_status(200);
    let there = report.read().await;
    assert_eq!((text(&there, "status"), &there["on_behalf"]), ("submitted", &json!(true)));
    assert!(observation(&there, "1.1", &json!({})).is_none());
}

fn the_figures_are_right(whole: &Value) {
    let results = list(whole, "results");
    for (indicator, numerator, denominator, value, result) in BY_HAND {
        let got = of_indicator(results, indicator);
        assert_eq!(
            [number(&got["numerator"]), number(&got["denominator"]), number(&got["value"])],
            [numerator, denominator, value],
            "{indicator}"
        );
        assert_eq!(text(got, "result"), result, "{indicator}");
    }
    for (indicator, result) in [("3.2b", "no_cases"), ("3.3", "no_cases"), ("5.4b", "not_applicable"), ("5.1", "achieved")] {
        let got = of_indicator(results, indicator);
        assert_eq!((text(got, "result"), &got["value"]), (result, &Value::Null), "{indicator}");
    }
    assert_eq!(of_indicator(results, "5.1")["answer"], true);
    let all = sorted(results.iter().map(|r| code(&r["indicator"]).to_owned()).collect());
    assert_eq!(all.len(), 21, "an annual one holds the quarterly and monthly indicators too: {all:?}");
    assert_eq!((&whole["completeness"]["accepted"], &whole["revision"]), (&json!(11), &json!(1)));
}

async fn the_seal_holds(app: &TestApp, sent: &Value) {
    let keys = app.anonymous().get("/.well-known/jwks.json").await.ok();
    let bytes = seal::canonical(&sent["content"]);
    assert_eq!(text(sent, "digest"), seal::sha256(&bytes));
    seal::verify_detached(&keys, &bytes, text(sent, "signature"));
}

async fn the_province_takes_it(app: &TestApp, period: &Period, whole: &Consolidated) {
    let machine = app.machine(Grant::of("province").at("24").restricted()).await;
    let listed = machine.items("/consolidated-reports", &[("jurisdiction", "24"), ("status", "sent")]).await;
    assert_eq!(listed.len(), 1, "{listed:?}");
    let seen = machine.get(&whole.path).await.ok();
    the_seal_holds(app, &seen).await;
    assert_eq!(number(&of_indicator(list(&seen, "results"), "3.2a")["value"]), "90", "it has the scope");
    whole.try_step(&machine, "acknowledge", &json!({})).await.with_status(200);
    for report in period.reports().await {
        let there = app.coordinator().await.get(&report.path).await.ok();
        assert_eq!(there["status"], "consolidated", "{}", report.unit);
    }
    assert_eq!(whole.read().await["status"], "acknowledged");
}

async fn progress_says_the_same(app: &TestApp) {
    let by = app.coordinator().await;
    let progress = by.find("/progress", &[("plan", PLAN), ("period", "2027")]).await.ok();
    let of_ward = by.find("/progress", &[("jurisdiction", WARD), ("period", "2027")]).await.ok();
    for (indicator, _, _, value, result) in BY_HAND {
        for progress in [&progress, &of_ward] {
            let got = of_indicator(list(progress, "indicators"), indicator);
            assert_eq!((number(&got["value"]), text(got, "result")), (value.to_owned(), result), "{indicator}");
        }
    }
    assert_eq!(
        codes(&list(&progress, "goals").iter().map(|g| g.get("goal").unwrap_or(g).clone()).collect::<Vec<_>>()),
        ["G1", "G2", "G3", "G4", "G5", "G6"]
    );
    // The public reads the same, but for what is restricted.
    let public = app.anonymous().find("/progress", &[("plan", PLAN), ("period", "2027")]).await.ok();
    assert_eq!(number(&of_indicator(list(&public, "indicators"), "2.3")["value"]), "30.6818");
    let hidden = of_indicator(list(&public, "indicators"), "3.2a");
    assert!(hidden["value"].is_null() && hidden["result"] == "suppressed", "{hidden}");
}
