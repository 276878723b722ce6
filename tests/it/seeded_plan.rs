//! The first start, and the plan of phường Đồng Nguyên that it seeds: sections 3, 4 and 10 of the contract.

use crate::house::json::{bi, code, codes, list, number, sorted, strings, text, walk};
use crate::house::{Actor, PLAN, PROVINCE, TestApp, WARD};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::os::unix::fs::PermissionsExt;

on_both![
    the_plan_is_counted,
    nothing_of_the_seed_is_lost,
    everything_says_where_it_stands,
    indicators_mean_what_the_plan_says,
    duties_fall_to_the_units_that_the_plan_names,
    restricted_indicators_are_marked,
    dimensions_have_their_standard_values,
    dimensions_add_up_where_they_split,
    the_outline_is_one_tree,
    any_item_can_be_traced,
    gaps_are_told,
    the_rules_imply_their_periods,
    a_second_start_changes_nothing,
    a_plan_can_be_copied,
    the_first_administrator_changes_the_password,
    a_start_without_the_seed,
    filters_pick_items_of_the_plan,
];

/// The seed as the project keeps it.
fn seed() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/seed/dong-nguyen.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{path}: {e}"))).expect("JSON")
}

const LISTS: [(&str, usize); 7] = [
    ("/goals", 6),
    ("/plan-indicators", 18),
    ("/indicators", 21),
    ("/tasks", 47),
    ("/units", 10),
    ("/disaggregations", 15),
    ("/jurisdictions", 3),
];

async fn plan(by: &Actor) -> Value {
    let id = text(&by.by_code("/plans", PLAN).await, "id").to_owned();
    by.get(&format!("/plans/{id}")).await.ok()
}

async fn plan_path(by: &Actor) -> String {
    format!("/plans/{}", text(&plan(by).await, "id"))
}

/// Every item of a list, each as the single resource shows it.
async fn whole(by: &Actor, path: &str) -> Vec<Value> {
    let mut all = Vec::new();
    for item in by.items(path, &[]).await {
        all.push(by.get(&format!("{path}/{}", text(&item, "id"))).await.ok());
    }
    all
}

async fn the_plan_is_counted(app: TestApp) {
    let public = app.anonymous();
    for (path, count) in LISTS {
        assert_eq!(public.items(path, &[]).await.len(), count, "{path}");
    }
    let kinds = async |kind| public.items("/tasks", &[("kind", kind)]).await.len();
    assert_eq!((kinds("task").await, kinds("solution").await, kinds("assignment").await), (6, 25, 16));
    let plan = plan(&public).await;
    assert_eq!((text(&plan, "code"), text(&plan, "jurisdiction"), text(&plan, "status")), (PLAN, WARD, "active"));
    assert_eq!((&plan["start_year"], &plan["end_year"]), (&json!(2026), &json!(2030)));
    for (member, count) in [
        ("legal_bases", 2),
        ("recipients", 9),
        ("reporting_rules", 3),
        ("events", 1),
        ("budget_sources", 2),
        ("outline", 28),
        ("measurement_rules", 2),
        ("solution_groups", 6),
    ] {
        assert_eq!(list(&plan, member).len(), count, "{member}");
    }
    assert_eq!(list(&plan, "transcription_notes").len(), 23);
    let slip = |line: i64| list(&plan, "transcription_notes").iter().find(|note| note["line"] == line).cloned().unwrap_or_default();
    assert_eq!(slip(235)["likely_intended"], "bảo hiểm xã hội tự nguyện");
    assert_eq!(slip(522)["as_in_plan"], "hành vi đối xử, phân biệt giới");
    assert!(strings(&plan["signer"]).contains(&"Ngô Quang Huy"), "{}", plan["signer"]);
    let there: BTreeMap<String, Value> =
        public.items("/jurisdictions", &[]).await.into_iter().map(|j| (text(&j, "code").to_owned(), j)).collect();
    for (code, level, kind, parent) in [
        (WARD, "commune", "ward", json!(PROVINCE)),
        (PROVINCE, "province", "province", json!("VN")),
        ("VN", "country", "country", Value::Null),
    ] {
        let j = &there[code];
        assert_eq!((text(j, "level"), text(j, "kind"), &j["parent"]), (level, kind, &parent), "{code}");
    }
}

/// Walks every string of the project's own seed file: it must stand in some answer of the API.
async fn nothing_of_the_seed_is_lost(app: TestApp) {
    let public = app.anonymous();
    let path = plan_path(&public).await;
    let mut answers = Vec::new();
    for below in ["", "/outline", "/gaps"] {
        answers.push(public.get(&format!("{path}{below}")).await.ok());
    }
    for (list, _) in LISTS {
        answers.extend(whole(&public, list).await);
    }
    answers.extend(app.coordinator().await.items("/reporting-periods", &[("plan", PLAN)]).await);
    let told: HashSet<&str> = answers.iter().flat_map(strings).collect();
    let all = told.iter().copied().collect::<Vec<_>>().join("\u{0}");

    let seed = seed();
    let mut lost = BTreeSet::new();
    // What the file says of itself, its form and its counts, is no part of the plan.
    let of_the_file = ["$comment", "schema_version", "source_document", "conventions", "counts"];
    for (name, value) in seed.as_object().expect("an object").iter().filter(|(n, _)| !of_the_file.contains(&n.as_str())) {
        for (at, words) in named_strings(value, name) {
            if !told.contains(words) && !all.contains(words) {
                lost.insert(format!("{at}: {}", words.chars().take(80).collect::<String>()));
            }
        }
    }
    assert!(lost.is_empty(), "{} texts are lost: {:#?}", lost.len(), lost.iter().take(25).collect::<Vec<_>>());
}

/// Every string with the path of member names that leads to it.
fn named_strings<'a>(value: &'a Value, at: &str) -> Vec<(String, &'a str)> {
    match value {
        Value::String(words) if !words.is_empty() => vec![(at.to_owned(), words)],
        Value::Array(items) => items.iter().flat_map(|v| named_strings(v, at)).collect(),
        Value::Object(members) => members.iter().flat_map(|(n, v)| named_strings(v, &format!("{at}.{n}"))).collect(),
        _ => Vec::new(),
    }
}

async fn everything_says_where_it_stands(app: TestApp) {
    let public = app.anonymous();
    for path in ["/goals", "/plan-indicators", "/indicators", "/tasks"] {
        for item in whole(&public, path).await {
            let source = &item["source"];
            assert!(!text(source, "section").is_empty(), "{path} {}: {source}", code(&item));
            assert!(!source["lines"].is_null() && source.get("quote").is_some(), "{path} {}: {source}", code(&item));
            assert!(item.get("editorial_note").is_some(), "{path} {}", code(&item));
        }
    }
}

/// Code, measure, multiplier, direction, frequency, zero denominator, roll-up, the last target's value and year.
type Meaning = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

const MEANINGS: [Meaning; 21] = [
    ("1.1", "percentage", "100", "at_least", "annual", "not_allowed", "ratio_of_sums", "70 by_year 2030"),
    ("2.1", "percentage", "100", "at_least", "annual", "not_allowed", "ratio_of_sums", "60 by_year 2030"),
    ("2.2", "percentage", "100", "below", "annual", "not_allowed", "ratio_of_sums", "25 by_year 2030"),
    ("2.3", "percentage", "100", "at_least", "annual", "not_allowed", "ratio_of_sums", "30 by_year 2030"),
    ("3.1", "ratio", "1", "at_most", "annual", "not_applicable", "single_source", "1.4 by_year 2030"),
    ("3.2a", "percentage", "100", "at_least", "annual", "no_cases", "ratio_of_sums", "90 by_year 2030"),
    ("3.2b", "percentage", "100", "at_least", "annual", "no_cases", "ratio_of_sums", "70 by_year 2030"),
    ("3.3", "percentage", "100", "at_least", "annual", "no_cases", "ratio_of_sums", "100 every_year_from 2030"),
    ("4.1", "ratio", "100", "at_most", "annual", "not_applicable", "ratio_of_sums", "109 by_year 2030"),
    ("4.2", "rate_per_n", "100000", "at_most", "annual", "not_applicable", "ratio_of_sums", "30 by_year 2030"),
    ("4.3", "rate_per_n", "1000", "at_most", "annual", "not_applicable", "ratio_of_sums", "50 by_year 2030"),
    ("5.1", "qualitative", "", "exactly", "annual", "not_applicable", "all", "true none_stated "),
    ("5.2a", "percentage", "100", "at_least", "annual", "not_applicable", "ratio_of_sums", "100 by_year 2030"),
    ("5.2b", "percentage", "100", "at_least", "annual", "not_applicable", "ratio_of_sums", "100 by_year 2030"),
    ("5.3", "percentage", "100", "at_least", "annual", "not_applicable", "ratio_of_sums", "50 by_year 2030"),
    ("5.4a", "percentage", "100", "at_least", "annual", "not_applicable", "ratio_of_sums", "30 every_year_from 2030"),
    ("5.4b", "percentage", "100", "at_least", "annual", "not_applicable", "ratio_of_sums", "20 by_year 2030"),
    ("6.1", "percentage", "100", "at_least", "annual", "not_allowed", "ratio_of_sums", "80 by_year 2030"),
    ("6.2", "percentage", "100", "at_least", "annual", "not_allowed", "ratio_of_sums", "100 every_year_from 2030"),
    ("6.3", "count", "1", "at_least", "quarterly", "not_allowed", "share_of_periods", "4 every_quarter_from 2030"),
    ("6.4", "qualitative", "", "maintain", "monthly", "not_allowed", "share_of_periods", "true every_month_from 2030"),
];

async fn indicators_mean_what_the_plan_says(app: TestApp) {
    let there = whole(&app.anonymous(), "/indicators").await;
    assert_eq!(there.iter().map(code).collect::<Vec<_>>(), MEANINGS.iter().map(|m| m.0).collect::<Vec<_>>(), "the plan's order");
    for (i, (_, kind, multiplier, direction, frequency, zero, roll_up, target)) in there.iter().zip(MEANINGS) {
        let at = code(i);
        assert_eq!(
            [text(i, "measure_kind"), text(i, "direction"), text(i, "frequency"), text(i, "zero_denominator"), text(i, "roll_up")],
            [kind, direction, frequency, zero, roll_up],
            "{at}"
        );
        if !multiplier.is_empty() && !i["multiplier"].is_null() {
            assert_eq!(number(&i["multiplier"]), multiplier, "{at}");
        }
        let t = &list(i, "targets")[0];
        let value = if t["value"].is_boolean() { t["value"].to_string() } else { number(&t["value"]) };
        let frame = &t["timeframe"];
        let year = if frame["to"].is_null() { String::new() } else { frame["to"].to_string() };
        assert_eq!(format!("{value} {} {year}", text(frame, "type")), target, "{at}");
        assert!(text(frame, "type") != "by_year" || frame["from"].is_null(), "{at}");
        assert_eq!(i["integer_parts"], at != "3.1", "{at}");
        assert_eq!((i["definition_version"].clone(), i["plan_indicator"].is_object()), (json!(1), true), "{at}");
    }
    // 6.4's numeric 1 is the threshold of its yes; 6.3 has a target for the quarter and one for the year.
    let second = |c: &str| number(&list(there.iter().find(|i| code(i) == c).unwrap(), "targets")[1]["value"]);
    assert_eq!((second("6.4"), second("6.3")), ("1".to_owned(), "100".to_owned()));
    let baseline = &there.iter().find(|i| code(i) == "4.3").unwrap()["baseline"];
    assert_eq!((number(&baseline["value"]), &baseline["year"]), ("55".to_owned(), &Value::Null));
}

async fn duties_fall_to_the_units_that_the_plan_names(app: TestApp) {
    let public = app.anonymous();
    let mut due: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for i in whole(&public, "/indicators").await {
        let duties: Vec<(&str, &str)> = list(&i, "units").iter().map(|u| (code(&u["unit"]), text(u, "duty"))).collect();
        assert_eq!(duties.iter().filter(|d| d.1 == "report").count(), 1, "{}", code(&i));
        assert!(duties.iter().all(|d| ["report", "support"].contains(&d.1)));
        let reporting = duties.iter().find(|d| d.1 == "report").unwrap().0;
        due.entry(reporting.to_owned()).or_default().push(code(&i).to_owned());
    }
    let want: [(&str, &[&str]); 6] = [
        ("U1", &["1.1", "2.1", "2.2", "3.1", "5.3", "5.4a", "5.4b", "6.1", "6.2"]),
        ("U2", &["2.3"]),
        ("U4", &["6.3", "6.4"]),
        ("U5", &["4.1", "4.2", "4.3"]),
        ("U6", &["3.2a", "3.2b", "3.3"]),
        ("U7", &["5.1", "5.2a", "5.2b"]),
    ];
    let want: BTreeMap<String, Vec<String>> =
        want.iter().map(|(u, list)| ((*u).to_owned(), list.iter().map(|i| (*i).to_owned()).collect())).collect();
    assert_eq!(due, want);
    for unit in public.items("/units", &[]).await {
        let (at, reports) = (code(&unit), unit["reports"] == true);
        assert_eq!(reports, at.starts_with('U') && at != "UBND", "{at}");
        assert_eq!(unit["is_group"], ["U7", "U8"].contains(&at), "{at}");
        assert_eq!(text(&unit, "jurisdiction"), WARD);
    }
    assert_eq!(codes(&public.items("/tasks", &[("unit", "U3")]).await), ["A3.1", "A3.2"]);
}

async fn restricted_indicators_are_marked(app: TestApp) {
    let found = codes(&app.anonymous().items("/indicators", &[("restricted", "true")]).await);
    assert_eq!(found, ["3.2a", "3.2b", "3.3", "4.2", "4.3"]);
}

async fn dimensions_have_their_standard_values(app: TestApp) {
    let public = app.anonymous();
    let of = async |dimension: &str| {
        let found = public.by_code("/disaggregations", dimension).await;
        let codes: Vec<String> = list(&found, "values").iter().map(|value| text(value, "code").to_owned()).collect();
        (codes, found["note"].clone())
    };
    let months: Vec<String> = (1..=12).map(|month| format!("{month:02}")).collect();
    assert_eq!(of("month").await, (months, Value::Null));
    let ages = of("age_group").await.0;
    assert_eq!((ages.len(), ages[0].as_str(), ages[3].as_str(), ages[16].as_str()), (17, "0-4", "15-19", "80+"));
    assert_eq!(of("education_level").await.0, ["0", "1", "2", "3", "4", "5", "6", "7", "8"]);
    assert_eq!(of("birth_order").await.0, ["1", "2", "3+"]);
    assert_eq!(of("disability").await.0, ["yes", "no"]);
    // The ward's own come empty, and say so.
    for own in ["residential_group", "service_type"] {
        assert_eq!(
            of(own).await,
            (Vec::new(), bi("Danh mục riêng của phường: phường tự lập các giá trị.", "Values to be set by the ward."))
        );
    }
}

async fn dimensions_add_up_where_they_split(app: TestApp) {
    let splitting = [
        "age_group",
        "unit_type",
        "economic_sector",
        "enterprise_type",
        "birth_order",
        "ethnicity",
        "disability",
        "education_level",
        "residential_group",
        "month",
    ];
    for i in whole(&app.anonymous(), "/indicators").await {
        for d in list(&i, "disaggregations") {
            let (at, name) = (code(&i), code(&d["dimension"]));
            let sex_splits = name == "sex" && !["4.1", "5.3", "5.4a", "5.4b"].contains(&at);
            assert_eq!(d["additive"], at != "3.1" && (splitting.contains(&name) || sex_splits), "{at} by {name}");
            assert_eq!(d["expected"], name == "sex" && ["5.2a", "5.2b"].contains(&at), "{at} by {name}");
        }
    }
}

async fn the_outline_is_one_tree(app: TestApp) {
    let public = app.anonymous();
    let tree = public.get(&format!("{}/outline", plan_path(&public).await)).await.ok();
    let mut under: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    walk(&tree, &mut |v| {
        if let Some(own) = v["code"].as_str() {
            let mut below = BTreeSet::new();
            walk(v, &mut |w| below.extend(w["code"].as_str().map(str::to_owned)));
            under.entry(own.to_owned()).or_default().extend(below);
        }
    });
    for i in public.items("/indicators", &[]).await {
        let (goal, printed, own) = (code(&i["goal"]), code(&i["plan_indicator"]), code(&i));
        assert!(under[goal].contains(printed) && under[goal].contains(own) && under[printed].contains(own), "{own} hangs nowhere");
    }
    for path in ["/tasks", "/units"] {
        for own in codes(&public.items(path, &[]).await) {
            assert!(under.contains_key(&own), "no {own} in the outline");
        }
    }
    let mut targets = 0;
    walk(&tree, &mut |v| targets += v["targets"].as_array().map_or(0, Vec::len));
    assert!(targets >= 23, "{targets} targets");
}

async fn any_item_can_be_traced(app: TestApp) {
    let public = app.anonymous();
    let path = plan_path(&public).await;
    for (item, words, hangs) in [
        ("G3", "đời sống gia đình", Some("3.2a")),
        ("3.2", "90%", Some("3.2b")),
        ("3.2a", "90%", Some("A6.1")),
        ("S3.2", "Tháng hành động", Some("G3")),
        ("A6.1", "Chủ trì", Some("U6")),
        ("T4", "Tháng hành động", None),
        ("U5", "Trạm y tế", Some("A5.1")),
    ] {
        let trace = public.get(&format!("{path}/trace/{item}")).await.ok();
        let said = strings(&trace);
        assert!(said.iter().any(|s| s.contains(words)), "{item}: {trace}");
        assert!(hangs.is_none_or(|h| said.contains(&h)), "{hangs:?} does not hang on {item}: {trace}");
    }
    public.get(&format!("{path}/trace/Z9.9")).await.problem(404, "resource.not_found");
}

async fn gaps_are_told(app: TestApp) {
    let by = app.coordinator().await;
    let path = format!("{}/gaps", plan_path(&by).await);
    let told = async || {
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for gap in list(&by.get(&path).await.ok(), "items") {
            assert!(!text(gap, "detail").is_empty(), "{gap}");
            found.entry(text(gap, "kind").to_owned()).or_default().insert(text(gap, "code").to_owned());
        }
        found
    };
    let set = |codes: &[&str]| codes.iter().map(|c| (*c).to_owned()).collect::<BTreeSet<_>>();
    let found = told().await;
    assert_eq!(found["no_explicit_unit"], set(&["2.1", "2.2", "2.3", "3.1", "5.3", "5.4a", "5.4b", "6.1", "6.2"]));
    assert_eq!(found["two_leads"], set(&["5.1", "5.2a", "5.2b", "3.2a", "3.2b", "6.1", "6.3", "6.4"]));
    assert_eq!(found["no_timeframe"], set(&["5.1"]));
    assert_eq!(found["note"], set(&["2.3", "5.4a", "6.3"]));
    for (language, word) in [("vi", "Kế hoạch bỏ sót"), ("en", "The plan omits")] {
        let told = by.call("GET", &path).header("Accept-Language", language).send().await.ok();
        let note = list(&told, "items").iter().find(|gap| gap["kind"] == "note" && gap["code"] == "2.3").cloned().unwrap_or_default();
        assert!(text(&note, "detail").starts_with(word), "{note}");
    }
    // They are read from the plan as it is now: a unit charged explicitly closes one.
    let indicator = format!("/indicators/{}", text(&by.by_code("/indicators", "6.2").await, "id"));
    by.patch(&indicator, &json!({"units": [{"unit": "U1", "duty": "report", "basis": "explicit"}]})).await.with_status(200);
    assert!(!told().await["no_explicit_unit"].contains("6.2"));
}

async fn the_rules_imply_their_periods(app: TestApp) {
    let by = app.coordinator().await;
    let mut seen = BTreeSet::new();
    for p in by.items("/reporting-periods", &[("plan", PLAN)]).await {
        assert_eq!((text(&p, "kind"), &p["consolidated_due_at"]), ("periodic", &Value::Null));
        assert!(seen.insert((text(&p, "frequency").to_owned(), text(&p, "label").to_owned())), "twice: {p}");
    }
    let mut want = BTreeSet::new();
    for year in 2026..=2030 {
        want.insert(("annual".to_owned(), year.to_string()));
        want.extend((1..=4).map(|q| ("quarterly".to_owned(), format!("{year}-Q{q}"))));
        want.extend((1..=12).map(|m| ("monthly".to_owned(), format!("{year}-{m:02}"))));
    }
    assert_eq!(seen, want);
    // "Trước ngày 25/11", local time; quarters and months open the day after they end.
    for (frequency, label, starts, ends, opens, due, units) in [
        ("annual", "2027", "2027-01-01", "2027-12-31", "2027-10-31T17:00:00Z", "2027-11-24T17:00:00Z", 8),
        ("quarterly", "2027-Q3", "2027-07-01", "2027-09-30", "2027-09-30T17:00:00Z", "2027-10-10T17:00:00Z", 1),
        ("quarterly", "2030-Q4", "2030-10-01", "2030-12-31", "2030-12-31T17:00:00Z", "2031-01-10T17:00:00Z", 1),
        ("monthly", "2028-02", "2028-02-01", "2028-02-29", "2028-02-29T17:00:00Z", "2028-03-10T17:00:00Z", 1),
    ] {
        let found = by.items("/reporting-periods", &[("plan", PLAN), ("frequency", frequency), ("label", label)]).await;
        let p = by.get(&format!("/reporting-periods/{}", text(&found[0], "id"))).await.ok();
        assert_eq!(
            [text(&p, "starts_on"), text(&p, "ends_on"), text(&p, "opens_at"), text(&p, "due_at")],
            [starts, ends, opens, due],
            "{label}"
        );
        assert_eq!((list(&p, "units").len(), text(&p, "status")), (units, "planned"), "{label}");
        let indicators = codes(list(&p, "indicators"));
        let all = codes(&by.items("/indicators", &[("frequency", frequency)]).await);
        assert_eq!(sorted(indicators), sorted(all), "{label}");
    }
}

async fn a_second_start_changes_nothing(app: TestApp) {
    let by = app.coordinator().await;
    let all = async || {
        let mut found = BTreeMap::new();
        for path in [
            "/plans",
            "/goals",
            "/plan-indicators",
            "/indicators",
            "/tasks",
            "/units",
            "/disaggregations",
            "/jurisdictions",
            "/reporting-periods",
        ] {
            let items = by.items(path, &[]).await;
            found.insert(path, items.iter().map(|i| (text(i, "id").to_owned(), i["version"].to_string())).collect::<BTreeSet<_>>());
        }
        found
    };
    let before = all().await;
    app.restart().await;
    assert_eq!(all().await, before, "a restart");
    app.cli(&["migrate"], "");
    app.cli(&["seed"], "");
    assert_eq!(all().await, before, "migrate and seed");
}

async fn a_plan_can_be_copied(app: TestApp) {
    let ward =
        json!({"code": "09367", "name": {"vi": "Phường Từ Sơn", "en": null}, "level": "commune", "kind": "ward", "parent": PROVINCE});
    app.admin().await.post("/jurisdictions", &ward).await.with_status(201);
    let by = app.coordinator_of(&["09367"]).await;
    let path = plan_path(&by).await;
    let body = json!({"jurisdiction": "09367", "title": {"vi": "Kế hoạch phường Từ Sơn", "en": null}});
    let copy = by.post(&format!("{path}/copy"), &body).await.with_status(201);
    assert_eq!((text(&copy, "status"), text(&copy, "jurisdiction"), &copy["title"]), ("draft", "09367", &body["title"]));
    for list in ["/goals", "/plan-indicators", "/indicators", "/tasks", "/disaggregations"] {
        let of = async |plan: &str| by.items(list, &[("plan", plan)]).await;
        let (old, new) = (of(path.trim_start_matches("/plans/")).await, of(text(&copy, "id")).await);
        assert_eq!(codes(&old), codes(&new), "{list}");
        let ids: HashSet<&str> = old.iter().map(|i| text(i, "id")).collect();
        assert!(new.iter().all(|i| !ids.contains(text(i, "id"))), "{list}");
    }
    // Its duties lie with units of its own ward.
    for i in by.items("/indicators", &[("plan", text(&copy, "id"))]).await {
        for u in list(&i, "units") {
            let unit = by.get(&format!("/units/{}", text(&u["unit"], "id"))).await.ok();
            assert_eq!(text(&unit, "jurisdiction"), "09367", "{}", code(&i));
        }
    }
}

async fn the_first_administrator_changes_the_password(app: TestApp) {
    let anew = TestApp::start_anew(app.backend(), &[]).await;
    let file = anew.data().join("first-admin.txt");
    let told = std::fs::read_to_string(&file).expect("first-admin.txt");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let public = anew.anonymous();
    let words: Vec<&str> = told.split(|c: char| c.is_whitespace() || ":=\"'`,;()".contains(c)).filter(|w| w.len() >= 12).collect();
    let mut session = None;
    for word in &words {
        let answer = public.post("/auth/login", &json!({"username": "admin", "password": word})).await;
        if answer.status == 200 {
            session = Some((answer.ok(), (*word).to_owned()));
            break;
        }
    }
    let (session, password) = session.unwrap_or_else(|| panic!("nothing in first-admin.txt signs in: {told:?}"));
    assert!(!file.exists(), "it is still there after the first sign-in");
    assert!(!anew.log().contains(&password), "the password is in the log");
    let bearer = format!("Bearer {}", text(&session, "access_token"));
    let ask = async |path: &str| public.call("GET", path).header("Authorization", &bearer).send().await;
    let me = ask("/me").await.ok();
    assert_eq!((text(&me, "username"), &me["must_change_password"]), ("admin", &json!(true)));
    ask("/users").await.problem(403, "password.change_required");
    let change = async |new: &str| {
        let body = json!({"current_password": password, "new_password": new});
        public.call("PUT", "/me/password").header("Authorization", &bearer).json(&body).send().await
    };
    change("short").await.problem(422, "password.weak");
    change("password123456").await.problem(422, "password.weak");
    change("Hoa sen trong ao 2026").await.with_status(204);
    let login = async |password: &str| public.post("/auth/login", &json!({"username": "admin", "password": password})).await;
    login(&password).await.problem(401, "login.failed");
    let session = login("Hoa sen trong ao 2026").await.ok();
    let bearer = format!("Bearer {}", text(&session, "access_token"));
    public.call("GET", "/users").header("Authorization", &bearer).send().await.with_status(200);
}

async fn a_start_without_the_seed(app: TestApp) {
    let empty = TestApp::start_anew(app.backend(), &[("BINHDANG_SEED", "none")]).await;
    for path in ["/plans", "/goals", "/indicators", "/tasks", "/units"] {
        assert!(empty.anonymous().items(path, &[]).await.is_empty(), "{path}");
    }
    empty.cli(&["doctor"], "");
    let refused = empty.try_cli(&["--no-such-option"], "");
    assert!(!refused.status.success());
}

/// A list, a query, and the codes that it finds.
type Picked = (&'static str, &'static [(&'static str, &'static str)], &'static [&'static str]);

async fn filters_pick_items_of_the_plan(app: TestApp) {
    let public = app.anonymous();
    let cases: [Picked; 11] = [
        ("/indicators", &[("goal", "G3")], &["3.1", "3.2a", "3.2b", "3.3"]),
        ("/indicators", &[("frequency", "quarterly")], &["6.3"]),
        ("/indicators", &[("code", "3.2a")], &["3.2a"]),
        ("/indicators", &[("plan", PLAN), ("goal", "G6"), ("frequency", "annual")], &["6.1", "6.2"]),
        ("/indicators", &[("unit", "U6")], &["3.2a", "3.2b", "3.3"]),
        ("/tasks", &[("kind", "task")], &["T1", "T2", "T3", "T4", "T5", "T6"]),
        ("/tasks", &[("status", "done")], &[]),
        ("/units", &[("kind", "school")], &["U7"]),
        ("/goals", &[("updated_since", "2100-01-01T00:00:00Z")], &[]),
        ("/goals", &[("updated_since", "2020-01-01T00:00:00Z")], &["G1", "G2", "G3", "G4", "G5", "G6"]),
        ("/goals", &[("plan", PLAN), ("code", "G4")], &["G4"]),
    ];
    for (path, query, want) in cases {
        assert_eq!(codes(&public.items(path, query).await), want, "{path} {query:?}");
    }
}
