//! Indicators, the targets that the plan prints and the dimensions that split their figures: section 3 of the contract.

use crate::house::json::{bi, code, codes, list, mark, number, of_indicator, pointers, text, with};
use crate::house::steps::{Period, cell, part};
use crate::house::{Actor, Grant, PLAN, TestApp, WARD};
use serde_json::{Value, json};

on_both![
    an_indicator_is_what_was_sent,
    what_is_left_out_has_a_usual_value,
    a_printed_target_is_made_where_none_is_named,
    a_printed_target_names_its_indicators,
    the_goal_is_that_of_the_printed_target,
    what_does_not_go_together_is_told_at_once,
    units_and_dimensions_are_replaced_whole,
    what_is_left_out_of_a_list_is_no_change,
    what_is_read_can_be_sent_back,
    a_change_of_meaning_after_data_is_a_new_definition,
    before_data_a_definition_is_corrected_in_place,
    an_indicator_with_data_is_not_deleted,
    a_printed_target_with_indicators_is_not_deleted,
    a_value_with_data_is_made_inactive,
    values_have_codes_of_their_own,
    filters_pick_indicators,
    who_clears_a_restriction_must_see_what_it_covers,
    what_protects_figures_stays_once_they_were_asked_for,
    a_restriction_holds_at_once_for_what_is_published,
    a_member_shares_the_duties_of_its_group,
];

/// A new indicator of G2, in most things like 2.3.
fn indicator(code: &str) -> Value {
    json!({
        "plan": PLAN, "goal": "G2", "code": code, "name": bi("Tỷ lệ thử", "Trial share"), "statement": bi("Đạt 30%", "30%"),
        "measure_kind": "percentage", "unit_of_measure": bi("%", "%"), "direction": "at_least",
        "targets": [{"value": 30, "timeframe": {"type": "by_year", "from": null, "to": 2030}, "wording": {"vi": "đạt 30%", "en": null}}],
        "numerator_definition": bi("Số nữ", "Women"), "denominator_definition": bi("Tổng số", "All"), "valid_min": 0, "valid_max": 100
    })
}

/// One that the health station reports, split by sex.
fn split_by_sex(code: &str) -> Value {
    let more = json!({"units": [{"unit": "U5", "duty": "report", "basis": "explicit"}], "disaggregations": [{"dimension": "sex", "additive": true, "expected": false}]});
    with(&indicator(code), &more)
}

fn dimension(code: &str) -> Value {
    json!({"plan": PLAN, "code": code, "name": bi("Nhóm", "Group"), "values": [{"code": "one", "name": bi("Một", "One")}, {"code": "two", "name": bi("Hai", "Two")}]})
}

async fn made(by: &Actor, path: &str, body: &Value) -> (String, Value) {
    let there = by.post(path, body).await.with_status(201);
    (format!("{path}/{}", text(&there, "id")), there)
}

async fn an_indicator_is_what_was_sent(app: TestApp) {
    let by = app.coordinator().await;
    let body = split_by_sex(&format!("I{}", mark()));
    let (path, there) = made(&by, "/indicators", &body).await;
    for member in
        ["name", "statement", "measure_kind", "unit_of_measure", "direction", "targets", "numerator_definition", "denominator_definition"]
    {
        assert_eq!(there[member], body[member], "{member}");
    }
    assert_eq!((code(&there["plan"]), code(&there["goal"]), there["version"].clone()), (PLAN, "G2", json!(1)));
    assert_eq!((code(&there["units"][0]["unit"]), text(&there["units"][0], "duty")), ("U5", "report"));
    assert_eq!((code(&there["disaggregations"][0]["dimension"]), &there["disaggregations"][0]["additive"]), ("sex", &json!(true)));
    assert_eq!(by.get(&path).await.ok()["targets"], there["targets"]);
    by.post("/indicators", &body).await.problem(409, "code.taken");
}

async fn what_is_left_out_has_a_usual_value(app: TestApp) {
    let by = app.coordinator().await;
    let there = made(&by, "/indicators", &indicator(&format!("I{}", mark()))).await.1;
    for (member, want) in [
        ("multiplier", json!(100)),
        ("frequency", json!("annual")),
        ("reference_period", json!("calendar_year")),
        ("integer_parts", json!(true)),
        ("tolerance", json!(0)),
        ("zero_denominator", json!("not_allowed")),
        ("roll_up", json!("ratio_of_sums")),
        ("restricted", json!(false)),
        ("extra_inputs", json!([])),
        ("units", json!([])),
        ("disaggregations", json!([])),
        ("baseline", Value::Null),
        ("definition_version", json!(1)),
    ] {
        assert_eq!(there[member], want, "{member}");
    }
}

async fn a_printed_target_is_made_where_none_is_named(app: TestApp) {
    let by = app.coordinator().await;
    let (path, there) = made(&by, "/indicators", &indicator(&format!("I{}", mark()))).await;
    let printed = by.get(&format!("/plan-indicators/{}", text(&there["plan_indicator"], "id"))).await.ok();
    assert_eq!((code(&printed), &printed["statement"], code(&printed["goal"])), (code(&there), &there["statement"], "G2"));
    assert!(!text(&printed, "label").is_empty());
    // Nothing cascades: the printed target outlives the indicator, and is taken again by the next of its code.
    by.delete(&path).await.with_status(204);
    let again = made(&by, "/indicators", &indicator(code(&there))).await.1;
    assert_eq!(again["plan_indicator"]["id"], printed["id"]);
}

async fn a_printed_target_names_its_indicators(app: TestApp) {
    let by = app.coordinator().await;
    let printed = by.by_code("/plan-indicators", "3.2").await;
    assert_eq!(codes(list(&printed, "indicators")), ["3.2a", "3.2b"]);
    let body =
        json!({"plan": PLAN, "goal": "G3", "code": format!("P{}", mark()), "label": "Chỉ tiêu 9", "statement": bi("Phấn đấu", "Strive")});
    let (path, there) = made(&by, "/plan-indicators", &body).await;
    assert_eq!((text(&there, "label"), list(&there, "indicators").len()), ("Chỉ tiêu 9", 0));
    by.patch(&path, &json!({"indicators": []})).await.problem(422, "field.unknown");
    let changed = by.patch(&path, &json!({"statement": {"en": "Another"}, "editorial_note": {"vi": "Dòng một\nDòng hai"}})).await.ok();
    assert_eq!((&changed["statement"], text(&changed["editorial_note"], "vi")), (&bi("Phấn đấu", "Another"), "Dòng một\nDòng hai"));
    by.delete(&path).await.with_status(204);
}

async fn the_goal_is_that_of_the_printed_target(app: TestApp) {
    let by = app.coordinator().await;
    let body = with(&indicator(&format!("I{}", mark())), &json!({"plan_indicator": "3.2"}));
    assert_eq!(pointers(&by.post("/indicators", &body).await.problem(422, "field.conflict")), ["/goal"]);
    let (path, there) = made(&by, "/indicators", &with(&body, &json!({"goal": "G3"}))).await;
    by.patch(&path, &json!({"goal": "G2"})).await.problem(422, "field.conflict");
    let printed = format!("/plan-indicators/{}", text(&there["plan_indicator"], "id"));
    by.patch(&printed, &json!({"goal": "G2"})).await.problem(422, "field.conflict");
    by.patch(&path, &json!({"plan": "no-such-plan"})).await.problem(422, "reference.unknown");
}

async fn what_does_not_go_together_is_told_at_once(app: TestApp) {
    let by = app.coordinator().await;
    let unsound = json!({
        "goal": "G99", "multiplier": 0, "tolerance": -1, "valid_min": 3, "valid_max": 1, "roll_up": "sum",
        "targets": [{"value": true, "timeframe": {"type": "by_year", "from": 2026, "to": 2030}, "wording": {"vi": "x", "en": null}}],
        "extra_inputs": [{"key": "a", "name": bi("a", "a"), "type": "enum"}, {"key": "a", "name": bi("a", "a"), "type": "text"}],
        "units": [{"unit": "U5", "duty": "report"}, {"unit": "U99", "duty": "report"}, {"unit": "U5", "duty": "support"}],
        "disaggregations": [{"dimension": "no_such"}]
    });
    let body = with(&indicator(&format!("I{}", mark())), &unsound);
    let told = pointers(&by.post("/indicators", &body).await.problem(422, "body.invalid"));
    for place in [
        "/goal",
        "/multiplier",
        "/tolerance",
        "/valid_max",
        "/roll_up",
        "/targets/0/value",
        "/targets/0/timeframe",
        "/extra_inputs/0/values",
        "/extra_inputs/1/key",
        "/units/1/unit",
        "/units/2/unit",
        "/disaggregations/0/dimension",
    ] {
        assert!(told.iter().any(|p| p == place), "{place} is not in {told:?}");
    }
    let rate = with(&indicator(&format!("I{}", mark())), &json!({"measure_kind": "rate_per_n"}));
    assert_eq!(pointers(&by.post("/indicators", &rate).await.problem(422, "field.missing")), ["/multiplier"]);
}

async fn units_and_dimensions_are_replaced_whole(app: TestApp) {
    let by = app.coordinator().await;
    let (path, _) = made(&by, "/indicators", &split_by_sex(&format!("I{}", mark()))).await;
    let duties = json!({"units": [{"unit": "U2", "duty": "report", "basis": "inferred", "why": {"vi": "IV.2"}}, {"unit": "U5", "duty": "support", "basis": "explicit"}]});
    let there = by.patch(&path, &duties).await.ok();
    let told: Vec<_> = list(&there, "units").iter().map(|u| (code(&u["unit"]), text(u, "duty"), text(u, "basis"))).collect();
    assert_eq!(told, [("U2", "report", "inferred"), ("U5", "support", "explicit")]);
    assert_eq!(list(&there, "disaggregations").len(), 1, "what the patch does not name stays");
    let there = by.patch(&path, &json!({"units": [], "disaggregations": []})).await.ok();
    assert!(list(&there, "units").is_empty() && list(&there, "disaggregations").is_empty());
}

async fn what_is_left_out_of_a_list_is_no_change(app: TestApp) {
    let by = app.coordinator().await;
    let (path, there) = made(&by, "/indicators", &split_by_sex(&format!("I{}", mark()))).await;
    let patch = json!({"units": [{"unit": "U2", "duty": "report"}], "disaggregations": [{"dimension": "sex", "additive": true}]});
    let once = by.patch(&path, &patch).await.ok();
    assert_ne!(once["version"], there["version"]);
    let again = by.patch(&path, &patch).await.ok();
    assert_eq!(again["version"], once["version"], "a basis that is left out is explicit, as it was");
    assert_eq!((&again["units"], &again["disaggregations"]), (&once["units"], &once["disaggregations"]));
}

async fn what_is_read_can_be_sent_back(app: TestApp) {
    let by = app.coordinator().await;
    let references = [
        "id",
        "code",
        "version",
        "plan",
        "goal",
        "plan_indicator",
        "units",
        "disaggregations",
        "definition_version",
        "in_force",
        "created_at",
        "updated_at",
    ];
    for there in by.items("/indicators", &[("plan", PLAN)]).await {
        let mut body = there.clone();
        let members = body.as_object_mut().unwrap();
        members.retain(|name, _| !references.contains(&name.as_str()));
        let named = json!({"plan": PLAN, "goal": code(&there["goal"]), "plan_indicator": code(&there["plan_indicator"]), "code": format!("C{}", mark())});
        let copy = made(&by, "/indicators", &with(&body, &named)).await.1;
        for (name, value) in body.as_object().unwrap() {
            assert_eq!(&copy[name], value, "{} {name}", code(&there));
        }
    }
}

async fn a_change_of_meaning_after_data_is_a_new_definition(app: TestApp) {
    let by = app.coordinator().await;
    let body = split_by_sex(&format!("I{}", mark()));
    let (path, there) = made(&by, "/indicators", &body).await;
    let report = Period::ad_hoc(&app, &["U5"], &[code(&there)]).await.deliver("U5", &[cell(code(&there), 30, 100)]).await;
    let version = async |patch: Value| by.patch(&path, &patch).await.ok()["definition_version"].clone();
    assert_eq!(version(json!({"name": {"en": "Another"}, "restricted": true, "editorial_note": {"vi": "x"}})).await, json!(1));
    let believable = json!({"plausible": {"min": 5, "max": 80, "max_factor": 2.5}, "codes": [{"scheme": "SDG", "code": "5.5.2"}]});
    assert_eq!(version(believable.clone()).await, json!(1), "words, not meaning");
    let words = by.get(&path).await.ok();
    assert_eq!((&words["plausible"], &words["codes"]), (&believable["plausible"], &believable["codes"]));
    assert_eq!(version(json!({"numerator_definition": bi("Số nữ giám đốc", "Women directors")})).await, json!(2));
    let raised = with(&there["targets"][0], &json!({"value": 31}));
    // Nobody was asked the new version yet.
    assert_eq!(version(json!({"targets": [raised]})).await, json!(2));
    let read = report.read().await;
    assert_eq!(read["observations"][0]["definition_version"], json!(1), "figures keep theirs");
}

async fn before_data_a_definition_is_corrected_in_place(app: TestApp) {
    let by = app.coordinator().await;
    let (path, there) = made(&by, "/indicators", &indicator(&format!("I{}", mark()))).await;
    let corrected = by.patch(&path, &json!({"targets": [with(&there["targets"][0], &json!({"value": 35}))]})).await.ok();
    assert_eq!((corrected["definition_version"].clone(), number(&corrected["targets"][0]["value"])), (json!(1), "35".to_owned()));
}

async fn an_indicator_with_data_is_not_deleted(app: TestApp) {
    let by = app.coordinator().await;
    let (path, there) = made(&by, "/indicators", &split_by_sex(&format!("I{}", mark()))).await;
    Period::ad_hoc(&app, &["U5"], &[code(&there)]).await.deliver("U5", &[cell(code(&there), 30, 100)]).await;
    let refused = by.delete(&path).await.problem(409, "indicator.in_use");
    assert_eq!((&refused["referrers"]["observations"], &refused["referrers"]["reporting_periods"]), (&json!(1), &json!(1)));
    let actions = by.get(&path).await.ok()["_actions"].clone();
    assert_eq!((&actions["delete"]["allowed"], &actions["update"]["allowed"]), (&json!(false), &json!(true)));
    // Periods that have not opened do not hold an indicator.
    let (path, there) = made(&by, "/indicators", &split_by_sex(&format!("I{}", mark()))).await;
    Period::planned(&app, &["U5"], &[code(&there), "4.1"], 60 * 24 * 30).await;
    by.delete(&path).await.with_status(204);
    by.get(&path).await.problem(404, "resource.not_found");
}

async fn a_printed_target_with_indicators_is_not_deleted(app: TestApp) {
    let by = app.coordinator().await;
    let path = format!("/plan-indicators/{}", text(&by.by_code("/plan-indicators", "3.2").await, "id"));
    let refused = by.delete(&path).await.problem(409, "plan_indicator.in_use");
    assert_eq!(refused["referrers"]["indicators"], json!(2));
}

async fn a_value_with_data_is_made_inactive(app: TestApp) {
    let by = app.coordinator().await;
    let group = format!("g{}", mark().to_lowercase());
    let (path, there) = made(&by, "/disaggregations", &dimension(&group)).await;
    let values = list(&there, "values").to_vec();
    let body = with(&split_by_sex(&format!("I{}", mark())), &json!({"disaggregations": [{"dimension": group}]}));
    let (split, indicator) = made(&by, "/indicators", &body).await;
    let (own, total) = (code(&indicator), cell(code(&indicator), 30, 100));
    Period::ad_hoc(&app, &["U5"], &[own]).await.deliver("U5", &[total, part(own, &group, "one", 10, 40)]).await;

    let refused = by.patch(&path, &json!({"values": [values[1]]})).await.problem(409, "disaggregation.in_use");
    assert_eq!(refused["referrers"]["observations"], json!(1));
    by.patch(&path, &json!({"code": "renamed"})).await.problem(409, "disaggregation.in_use");
    // Another version may do without; the figures keep theirs.
    assert_eq!(by.patch(&split, &json!({"disaggregations": []})).await.ok()["definition_version"], json!(2));
    by.delete(&path).await.problem(409, "disaggregation.in_use");
    // A value without data goes; one with data stays, inactive.
    let quiet = with(&values[0], &json!({"active": false}));
    let there = by.patch(&path, &json!({"values": [quiet]})).await.ok();
    assert_eq!(there["values"], json!([quiet]));
}

async fn values_have_codes_of_their_own(app: TestApp) {
    let by = app.coordinator().await;
    let one = json!({"code": "one", "name": bi("Một", "One"), "active": true});
    let body = with(&dimension(&format!("g{}", mark().to_lowercase())), &json!({"values": [one, one]}));
    assert_eq!(pointers(&by.post("/disaggregations", &body).await.problem(422, "field.value")), ["/values/1/code"]);
    let (path, there) = made(&by, "/disaggregations", &with(&body, &json!({"values": []}))).await;
    assert!(list(&there, "values").is_empty());
    by.delete(&path).await.with_status(204);
}

async fn filters_pick_indicators(app: TestApp) {
    let public = app.anonymous();
    type Query<'a> = &'a [(&'a str, &'a str)];
    let cases: [(Query<'_>, &[&str]); 6] = [
        (&[("goal", "G3")], &["3.1", "3.2a", "3.2b", "3.3"]),
        (&[("plan_indicator", "3.2")], &["3.2a", "3.2b"]),
        (&[("restricted", "true"), ("goal", "G4")], &["4.2", "4.3"]),
        (&[("unit", "U6"), ("restricted", "false")], &[]),
        (&[("frequency", "monthly")], &["6.4"]),
        (&[("code", "6.3"), ("q", "tin")], &["6.3"]),
    ];
    for (query, want) in cases {
        assert_eq!(codes(&public.items("/indicators", query).await), want, "{query:?}");
    }
    for query in ["unit=U99", "goal=G99", "plan_indicator=9.9", "frequency=weekly", "restricted=perhaps", "sort=name", "kind=x"] {
        public.call("GET", &format!("/indicators?{query}")).send().await.refused(400);
    }
    let down = codes(&public.items("/indicators", &[("sort", "-code")]).await);
    assert_eq!(down.first().map(String::as_str), Some("6.4"));
}

/// A restricted indicator that nobody was asked for yet.
async fn of_persons(by: &Actor) -> (String, Value) {
    made(by, "/indicators", &with(&split_by_sex(&format!("I{}", mark())), &json!({"restricted": true}))).await
}

async fn who_clears_a_restriction_must_see_what_it_covers(app: TestApp) {
    let (by, plain) = (app.coordinator().await, app.someone(Grant::of("coordinator")).await);
    let (path, there) = of_persons(&by).await;
    plain.patch(&path, &json!({"restricted": false})).await.problem(403, "access.restricted");
    for patcher in [&plain, &by] {
        let problem = patcher.patch(&path, &json!({"restricted": null})).await.problem(422, "field.type");
        assert_eq!(pointers(&problem), ["/restricted"]);
    }
    plain.patch(&path, &json!({"name": {"en": "Another"}, "restricted": true})).await.with_status(200);
    // Nobody was asked for it yet: who has the scope may. A planned period asks nobody.
    Period::planned(&app, &["U5"], &[code(&there)], 60 * 24 * 30).await;
    by.patch(&path, &json!({"restricted": false})).await.with_status(200);
    plain.patch(&path, &json!({"restricted": true})).await.with_status(200);
}

async fn what_protects_figures_stays_once_they_were_asked_for(app: TestApp) {
    let (by, plain) = (app.coordinator().await, app.someone(Grant::of("coordinator")).await);
    let (path, there) = of_persons(&by).await;
    let period = Period::ad_hoc(&app, &["U5"], &[code(&there)]).await;
    for status in ["open", "closed"] {
        if status == "closed" {
            period.close().await;
        }
        plain.patch(&path, &json!({"restricted": false})).await.problem(403, "access.restricted");
    }
    // Words may change.
    by.patch(&path, &json!({"editorial_note": {"vi": "x"}})).await.with_status(200);
    // A copy of the plan keeps the restriction.
    let plan = format!("/plans/{}/copy", text(&there["plan"], "id"));
    let copy = by.post(&plan, &json!({"jurisdiction": WARD, "title": bi("Bản sao", "A copy")})).await.with_status(201);
    let copied = by.items("/indicators", &[("plan", text(&copy, "id")), ("restricted", "true")]).await;
    assert!([code(&there), "3.2a"].iter().all(|kept| codes(&copied).iter().any(|c| c == kept)), "{:?}", codes(&copied));
}

async fn a_restriction_holds_at_once_for_what_is_published(app: TestApp) {
    let (by, plain) = (app.coordinator().await, app.someone(Grant::of("coordinator")).await);
    let (path, there) = made(&by, "/indicators", &split_by_sex(&format!("I{}", mark()))).await;
    let period = Period::regular(&app, &by, PLAN, "2027", &["U5"], &[code(&there)]).await;
    period.deliver("U5", &[cell(code(&there), 30, 100)]).await;
    let whole = period.consolidate().await;
    whole.send().await;
    let province = app.province_machine().await;
    let before = province.get(&whole.path).await.ok();
    assert_eq!(of_indicator(list(&before, "results"), code(&there))["numerator"], json!(30));
    let full = by.get(&whole.path).await.ok();
    plain.patch(&path, &json!({"restricted": true})).await.with_status(200);
    let anybody = app.anonymous();
    for (who, reader) in [("anybody", &anybody), ("the coordinator", &plain), ("the province", &province)] {
        let progress = reader.find("/progress", &[("plan", PLAN), ("period", "2027")]).await.ok();
        assert_eq!(text(of_indicator(list(&progress, "indicators"), code(&there)), "result"), "suppressed", "{who}");
        for told in reader.items("/observations", &[("plan", PLAN), ("indicator", code(&there))]).await {
            assert_eq!((&told["suppressed"], &told["numerator"]), (&json!(true), &Value::Null), "{who}");
        }
    }
    for (who, reader) in [("the coordinator", &plain), ("the province", &province)] {
        let after = reader.get(&whole.path).await.ok();
        for results in [&after["results"], &after["content"]["results"]] {
            let told = of_indicator(results.as_array().expect("results"), code(&there));
            assert_eq!(
                (&told["suppressed"], &told["numerator"], text(told, "result")),
                (&json!(true), &Value::Null, "suppressed"),
                "{who}"
            );
            assert!(list(told, "contributors").iter().all(|c| c["numerator"].is_null()), "{who}");
        }
        let goal = |whole: &Value| {
            list(&whole["content"], "plan_indicators").iter().map(|p| p["counts"]["suppressed"].clone()).collect::<Vec<_>>()
        };
        assert_ne!(goal(&after), goal(&before), "{who}: it is a class of its own in the counts");
        for told in list(&after["content"], "observations")
            .iter()
            .filter(|o| o["indicator"] == of_indicator(list(&after, "results"), code(&there))["indicator"])
        {
            assert_eq!((&told["suppressed"], &told["numerator"]), (&json!(true), &Value::Null), "{who}");
        }
        // What is given out is sealed for itself, the same each time, also in the list.
        assert!(after["digest"] != before["digest"] && after["signature"] != before["signature"], "{who}");
        assert_eq!(after["digest"], reader.get(&whole.path).await.ok()["digest"], "{who}");
        let listed = reader.items("/consolidated-reports", &[("period", &period.id)]).await;
        assert_eq!(listed[0]["digest"], after["digest"], "{who}");
        assert!(of_indicator(list(&listed[0], "results"), code(&there))["numerator"].is_null(), "{who}");
    }
    let exact = by.get(&whole.path).await.ok();
    assert_eq!((&exact["digest"], &exact["content"]), (&full["digest"], &full["content"]), "the full one keeps its bytes");
}

async fn a_member_shares_the_duties_of_its_group(app: TestApp) {
    let by = app.coordinator().await;
    let unit = |code: &str| json!({"jurisdiction": WARD, "code": code, "parent": "U7", "kind": "school", "name": bi("Trường", "School"), "reports": true});
    for code in ["U7.1", "U7.2"] {
        by.post("/units", &unit(code)).await.with_status(201);
    }
    let charged = async |unit: &str| -> Vec<String> {
        let found = by.find("/indicators", &[("plan", PLAN), ("unit", unit)]).await.ok();
        list(&found, "items").iter().map(|i| text(i, "code").to_owned()).collect()
    };
    let group = charged("U7").await;
    assert!(!group.is_empty());
    assert_eq!(charged("U7.2").await, group);
    // Naming members in place of the group.
    let there = by.by_code("/indicators", "5.2a").await;
    let path = format!("/indicators/{}", text(&there, "id"));
    by.patch(&path, &json!({"units": [{"unit": "U7", "duty": "report"}, {"unit": "U7.1", "duty": "report"}]})).await.ok();
    assert_eq!(charged("U7.1").await, group);
    assert_eq!(charged("U7.2").await, group.iter().filter(|code| *code != "5.2a").cloned().collect::<Vec<_>>());
}
