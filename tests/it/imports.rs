//! Imports: many figures at once, each with a fate of its own, by the rules of a `PATCH`. Section 9 of the contract.

use crate::house::json::{bi, list, mark, number, text};
use crate::house::steps::{Period, cell, part};
use crate::house::{Actor, Answer, Grant, PLAN, TestApp};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

on_both![
    rows_become_figures_in_every_format,
    files_of_other_programs_are_read,
    what_sheets_spoil_is_named,
    values_are_known_by_their_names,
    what_is_exported_can_be_imported,
    a_bad_row_gets_what_a_patch_gets,
    a_bad_row_stops_an_atomic_import_only,
    rows_of_others_are_refused,
    unreadable_files_say_why,
    a_long_import_is_a_job,
    jobs_are_stopped_and_never_half_in_silence,
    a_retry_with_the_same_key_imports_once,
    a_report_of_two_names_is_one_report,
    what_changes_while_an_import_is_checked_is_checked_again,
    short_imports_into_one_report_take_their_turns,
    imports_into_several_reports_take_their_turns,
    long_letters_are_no_long_text,
    long_cells_are_refused_in_few_words,
];

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

async fn send(by: &Actor, query: &str, media: &str, body: impl Into<Vec<u8>>) -> Answer {
    by.call("POST", &format!("/imports{query}")).raw(media, body).send().await
}

async fn rows(by: &Actor, query: &str, rows: &Value) -> Value {
    send(by, query, "application/json", json!({ "rows": rows }).to_string()).await.with_status(200)
}

/// `created`, `updated`, `unchanged`, `rejected`, which add up to the rows.
fn counts(answer: &Value) -> [u64; 4] {
    let counts = ["created", "updated", "unchanged", "rejected"].map(|name| answer[name].as_u64().expect("a count"));
    assert_eq!(counts.iter().sum::<u64>(), answer["rows"].as_u64().expect("rows"), "{answer}");
    counts
}

/// Row, column and code of each conflict.
fn conflicts(answer: &Value) -> Vec<(u64, String, String)> {
    let one = |c: &Value| (c["row"].as_u64().expect("a row"), text(c, "column").to_owned(), text(c, "code").to_owned());
    list(answer, "conflicts").iter().map(one).collect()
}

fn file(name: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/files").join(name);
    std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// What a report says: indicator, part, numerator, denominator.
async fn figures(by: &Actor, path: &str) -> Vec<(String, String, String, String)> {
    let report = by.get(path).await.ok();
    let amount = |value: &Value| if value.is_null() { String::new() } else { number(value) };
    let one = |o: &Value| {
        (text(&o["indicator"], "code").to_owned(), o["disaggregation"].to_string(), amount(&o["numerator"]), amount(&o["denominator"]))
    };
    let mut all: Vec<_> = list(&report, "observations").iter().map(one).collect();
    all.sort();
    all
}

fn figure(part: &str, numerator: &str, denominator: &str) -> (String, String, String, String) {
    ("4.1".to_owned(), part.to_owned(), numerator.to_owned(), denominator.to_owned())
}

const FEMALE: &str = r#"{"sex":"female"}"#;

async fn rows_become_figures_in_every_format(app: TestApp) {
    let period = Period::ad_hoc(&app, &["U5"], &["4.1", "3.1"]).await;
    let report = period.report("U5").await;
    let by = report.reporter().await;
    let id = &period.id;
    let version = report.etag().await;
    let both = json!([
        {"unit": "U5", "period": id, "indicator": "4.1", "numerator": 109, "denominator": 100, "note": "Sổ theo dõi sinh"},
        {"unit": "U5", "period": id, "indicator": "4.1", "sex": "female", "numerator": "55", "denominator": "50,0"},
    ]);
    let dry = rows(&by, "?dry_run=true", &both).await;
    assert_eq!((counts(&dry), &dry["dry_run"]), ([2, 0, 0, 0], &json!(true)));
    assert_eq!((figures(&by, &report.path).await.len(), report.etag().await), (0, version.clone()), "a dry run writes nothing");
    assert_eq!(counts(&rows(&by, "", &both).await), [2, 0, 0, 0]);
    let written = figures(&by, &report.path).await;
    assert_eq!(written, [figure(FEMALE, "55", "50"), figure("{}", "109", "100")]);
    let raised = report.etag().await;
    assert_ne!(raised, version);
    assert_eq!(counts(&rows(&by, "", &both).await), [0, 0, 2, 0]);
    assert_eq!(report.etag().await, raised, "what says the same raises no version");

    // A file without the column `note` leaves remarks as they are; one that has it and says nothing takes them away.
    for (media, body, expected) in [
        ("text/csv", format!("unit,period,indicator,sex,numerator,denominator\nU5,{id},4.1,,110,100\n"), [0, 1, 0, 0]),
        (
            "text/csv",
            format!("\u{feff}unit;period;indicator;sex;numerator;denominator\r\nU5;{id};4.1;male;55;50\r\n\r\n;;;;;\r\n"),
            [1, 0, 0, 0],
        ),
        (
            "text/csv",
            format!("sep=;\r\nĐơn vị báo cáo;Kỳ báo cáo;Chỉ tiêu;Giới tính;Tử số;Mẫu số\r\nU5;{id};4.1;;\"110\";\"100\"\r\n"),
            [0, 0, 1, 0],
        ),
    ] {
        let answer = send(&by, "", media, body.clone()).await.with_status(200);
        assert_eq!(counts(&answer), expected, "{body}: {answer}");
    }
    let note =
        |report: &Value| list(report, "observations").iter().find(|o| o["disaggregation"] == json!({})).expect("the total")["note"].clone();
    assert_eq!(note(&report.read().await), "Sổ theo dõi sinh");
    let without = json!([{"unit": "U5", "period": id, "indicator": "4.1", "numerator": 110, "denominator": 100, "note": ""}]);
    assert_eq!(counts(&rows(&by, "", &without).await), [0, 1, 0, 0]);
    assert_eq!(note(&report.read().await), Value::Null);
}

async fn files_of_other_programs_are_read(app: TestApp) {
    let period = Period::periodic(&app, "annual", "2026").await;
    let report = period.report("U5").await;
    let by = report.reporter().await;
    let empty = json!([{"unit": "U5", "period": "2026", "indicator": "4.1", "numerator": 1, "denominator": 1}]);
    for (name, media, expected) in [
        ("openpyxl.xlsx", XLSX, 3),
        ("pandas.xlsx", XLSX, 3),
        ("pandas.csv", "text/csv", 3),
        ("write_csv2.csv", "text/csv; charset=utf-8", 3),
        ("words.xlsx", XLSX, 2),
        ("calc.xlsx", XLSX, 3),
        ("calc_semicolon.csv", "text/csv", 3),
    ] {
        rows(&by, "", &empty).await;
        let answer = send(&by, "", media, file(name)).await.with_status(200);
        assert_eq!(answer["rejected"], 0, "{name}: {answer}");
        assert_eq!(answer["rows"], expected, "{name}: {answer}");
        let written = figures(&by, &report.path).await;
        assert!(written.contains(&figure("{}", "109", "100")) && written.contains(&figure(FEMALE, "55", "50")), "{name}: {written:?}");
    }
}

async fn what_sheets_spoil_is_named(app: TestApp) {
    let period = Period::periodic(&app, "annual", "2026").await;
    let by = period.report("U5").await.reporter().await;
    let answer = send(&by, "?mode=partial", XLSX, file("spoilt.xlsx")).await.with_status(200);
    let found = |row: u64, column: &str, code: &str| (row, column.to_owned(), code.to_owned());
    assert_eq!(
        conflicts(&answer),
        [
            found(2, "indicator", "reference.unknown"),
            found(3, "I", "field.unknown"),
            found(3, "numerator", "field.type"),
            found(4, "numerator", "number.ambiguous")
        ],
        "{answer}"
    );
    assert_eq!(counts(&answer), [1, 0, 0, 3]);
    let told = list(&answer, "conflicts").iter().map(|c| text(c, "detail")).collect::<Vec<_>>().join("\n");
    assert!(told.contains("2026-02-03") && told.contains("2026-01-09") && told.contains("1.000") && told.contains("Cột I"), "{told}");
    let merged = send(&by, "", XLSX, file("merged.xlsx")).await.with_status(200);
    assert_eq!(counts(&merged), [0, 0, 0, 1]);
    assert!(conflicts(&merged).contains(&found(2, "E", "field.unknown")), "{merged}");
    send(&by, "", XLSX, file("title.xlsx")).await.problem(422, "import.header");
    let dates = "unit,period,indicator,numerator,denominator\nU5,2026,03/02,109,100\nU5,2026,2-Mar,109,100\n";
    let answer = send(&by, "", "text/csv", dates).await.with_status(200);
    assert!(list(&answer, "conflicts").iter().all(|c| text(c, "detail").contains("định dạng cột là văn bản")), "{answer}");
    let comma = "unit;period;indicator;numerator;denominator\nU5;2026;4,1;109;100\n";
    assert_eq!(counts(&send(&by, "", "text/csv", comma).await.with_status(200))[3], 0, "a code that became a number with a comma");
}

async fn values_are_known_by_their_names(app: TestApp) {
    let report = Period::periodic(&app, "annual", "2026").await.report("U5").await;
    let by = report.reporter().await;
    let named =
        "unit,period,indicator,Giới tính,numerator,denominator\nU5,2026,4.1,,109,100\nU5,2026,4.1,Nữ,55,50\nU5,2026,4.1,MALE,54,50\n";
    assert_eq!(counts(&send(&by, "", "text/csv", named).await.with_status(200)), [3, 0, 0, 0]);
    let written = figures(&by, &report.path).await;
    assert!(written.contains(&figure(FEMALE, "55", "50")), "{written:?}");
    let twice = "unit,period,indicator,sex,numerator,denominator\nU5,2026,4.1,female,55,50\nU5,2026,4.1,nữ,55,50\nU5,2026,4.1,girl,1,1\n";
    let answer = send(&by, "?mode=partial", "text/csv", twice).await.with_status(200);
    let found = |row: u64, column: &str, code: &str| (row, column.to_owned(), code.to_owned());
    assert_eq!(conflicts(&answer), [found(3, "indicator", "observation.duplicate"), found(4, "sex", "disaggregation.unknown")], "{answer}");
}

async fn what_is_exported_can_be_imported(app: TestApp) {
    let period = Period::ad_hoc(&app, &["U5"], &["4.1", "3.1"]).await;
    let mut total = cell("4.1", 109, 100);
    total["note"] = json!("=1+1");
    let report = period.deliver("U5", &[total, part("4.1", "sex", "female", 55, 50)]).await;
    for query in ["format=csv", "format=csv&delimiter=;&decimal=,", "format=csv&headers=vi", "format=csv&headers=en&delimiter=;"] {
        let exported = app.coordinator().await.get(&format!("/observations?period={}&{query}", period.id)).await;
        assert_eq!(exported.status, 200);
        // A thematic or ad hoc period is named by its id alone.
        let label = text(&period.read().await, "label").to_owned();
        let exported = exported.text.replace(&label, &period.id);
        app.coordinator().await.act(&report.path, "reopen", &json!({"reason": "Kiểm thử"})).await.ok();
        let by = report.reporter().await;
        let answer = send(&by, "", "text/csv", exported.clone()).await.with_status(200);
        assert_eq!(counts(&answer), [0, 0, 2, 0], "{query}: {answer}\n{exported}");
        report.submit(&[]).await;
        report.accept().await;
    }
}

async fn a_bad_row_gets_what_a_patch_gets(app: TestApp) {
    let period = Period::ad_hoc(&app, &["U5"], &["4.1", "3.1"]).await;
    let report = period.report("U5").await;
    let by = report.reporter().await;
    let long = "x".repeat(4001);
    let cells = [
        json!({"indicator": "9.9", "numerator": 1, "denominator": 1}),
        json!({"indicator": "1.1", "numerator": 1, "denominator": 1}),
        json!({"indicator": "4.1", "numerator": -1, "denominator": 100}),
        json!({"indicator": "4.1", "numerator": 1.5, "denominator": 100}),
        json!({"indicator": "4.1", "numerator": 1, "denominator": 100, "answer": true}),
        json!({"indicator": "4.1", "numerator": "abc", "denominator": 100}),
        json!({"indicator": "4.1", "numerator": 1.23456, "denominator": 100}),
        json!({"indicator": "4.1", "numerator": 1, "denominator": 100, "status": "sure"}),
        json!({"indicator": "4.1", "numerator": 1, "denominator": 100, "note": long}),
        json!({"indicator": "4.1", "numerator": 1, "denominator": 100, "extra": {"x": 1}}),
        json!({"indicator": "4.1", "disaggregation": {"sex": "other"}, "numerator": 1, "denominator": 100}),
        json!({"indicator": "4.1", "disaggregation": {"age": "old"}, "numerator": 1, "denominator": 100}),
        json!({"numerator": 1, "denominator": 100}),
    ];
    for cell in cells {
        let refused =
            by.patch_of(&report.path, &format!("{}/observations", report.path), &json!({"observations": [cell]})).await.refused(422);
        let mut row = cell.clone();
        let members = row.as_object_mut().expect("a cell");
        let parts = members.remove("disaggregation").unwrap_or(json!({}));
        members.extend(parts.as_object().expect("parts").clone());
        members.extend([("unit".to_owned(), json!("U5")), ("period".to_owned(), json!(period.id))]);
        let answer = rows(&by, "", &json!([row])).await;
        let faults: Vec<(String, String, String)> = list(&refused, "errors")
            .iter()
            .map(|e| {
                let column = text(e, "pointer").trim_start_matches("/observations/0").trim_start_matches('/');
                let column = column.strip_prefix("disaggregation/").or(column.strip_suffix("/x")).unwrap_or(column);
                (column.to_owned(), text(e, "code").to_owned(), text(e, "detail").to_owned())
            })
            .collect();
        let told: Vec<(String, String, String)> = list(&answer, "conflicts")
            .iter()
            .map(|c| (text(c, "column").to_owned(), text(c, "code").to_owned(), text(c, "detail").to_owned()))
            .collect();
        assert_eq!(told, faults, "{cell}");
        assert_eq!(counts(&answer), [0, 0, 0, 1]);
    }
    let english = by.call("POST", "/imports").header("Accept-Language", "en");
    let english =
        english.json(&json!({"rows": [{"unit": "U5", "period": period.id, "indicator": "9.9", "numerator": 1}]})).send().await.ok();
    assert!(text(&list(&english, "conflicts")[0], "detail").starts_with("There is no indicator"), "{english}");
}

async fn a_bad_row_stops_an_atomic_import_only(app: TestApp) {
    let period = Period::ad_hoc(&app, &["U5"], &["4.1", "3.1"]).await;
    let report = period.report("U5").await;
    let by = report.reporter().await;
    let row = |sex: Value, numerator: i64| json!({"unit": "U5", "period": period.id, "indicator": "4.1", "sex": sex, "numerator": numerator, "denominator": 100});
    let three = json!([row(Value::Null, 109), row(json!("female"), -1), row(Value::Null, 110)]);
    let version = report.etag().await;
    for query in ["", "?mode=atomic&dry_run=true", "?mode=partial&dry_run=true"] {
        let answer = rows(&by, query, &three).await;
        let expected = if query.contains("partial") { [1, 0, 0, 2] } else { [0, 0, 0, 3] };
        assert_eq!(counts(&answer), expected, "{query}");
        let codes: Vec<_> = conflicts(&answer).into_iter().map(|(row, _, code)| (row, code)).collect();
        assert_eq!(codes, [(2, "value.negative".to_owned()), (3, "observation.duplicate".to_owned())], "{query}");
        assert_eq!(report.etag().await, version, "{query}");
    }
    assert_eq!(counts(&rows(&by, "?mode=partial", &three).await), [1, 0, 0, 2]);
    assert_eq!(figures(&by, &report.path).await, [figure("{}", "109", "100")]);
    assert_eq!(counts(&rows(&by, "", &json!([])).await), [0, 0, 0, 0]);
}

async fn rows_of_others_are_refused(app: TestApp) {
    let period = Period::ad_hoc(&app, &["U4", "U5"], &["4.1"]).await;
    let (own, other) = (period.report("U5").await, period.report("U4").await);
    let by = own.reporter().await;
    let row = |unit: &str, period: &str| json!({"unit": unit, "period": period, "indicator": "4.1", "numerator": 1, "denominator": 1});
    let asked = json!([
        row("U4", &period.id),
        row("U99", &period.id),
        row("U5", "1999"),
        row("U1", &period.id),
        {"unit": "U5", "indicator": "4.1"},
        {"unit": "U5", "period": period.id, "plan": "KH-0", "indicator": "4.1"},
        {"unit": "U5", "period": period.id, "jurisdiction": "99999", "indicator": "4.1"},
        {"unit": "U5", "period": period.id, "plan": PLAN, "jurisdiction": "09385", "indicator": "4.1", "numerator": 1, "denominator": 1},
    ]);
    let answer = rows(&by, "?mode=partial", &asked).await;
    let found = |row: u64, column: &str, code: &str| (row, column.to_owned(), code.to_owned());
    assert_eq!(
        conflicts(&answer),
        [
            found(1, "unit", "access.denied"),
            found(2, "unit", "reference.unknown"),
            found(3, "period", "reference.unknown"),
            found(4, "unit", "access.denied"),
            found(5, "period", "field.missing"),
            found(6, "plan", "reference.unknown"),
            found(7, "jurisdiction", "reference.unknown"),
        ],
        "{answer}"
    );
    assert_eq!(counts(&answer), [1, 0, 0, 7]);
    assert_eq!(figures(&other.reporter().await, &other.path).await, []);
    own.submit(&[cell("4.1", 109, 100)]).await;
    let late = rows(&by, "", &json!([row("U5", &period.id)])).await;
    assert_eq!(conflicts(&late), [found(1, "period", "report.not_editable")]);
    for actor in [app.coordinator().await, app.leader().await, app.supervisor().await, app.admin().await, app.province_machine().await] {
        send(&actor, "", "application/json", "{\"rows\": []}").await.problem(403, "access.denied");
    }
    send(&app.anonymous(), "", "application/json", "{\"rows\": []}").await.problem(401, "auth.required");
}

async fn unreadable_files_say_why(app: TestApp) {
    let by = app.reporter("U5").await;
    for (media, body, status, code, word) in [
        ("application/json", b"{\"rows\": [{]}".to_vec(), 400, "json.malformed", "dòng 1"),
        ("application/json", b"[]".to_vec(), 400, "json.malformed", "rows"),
        ("application/json", b"{\"rows\": [1]}".to_vec(), 400, "json.malformed", "rows"),
        ("application/json", b"{\"row\": []}".to_vec(), 400, "json.malformed", "rows"),
        ("text/csv", Vec::new(), 422, "import.unreadable", "hàng tiêu đề"),
        ("text/csv", "unit,period,indicator\nU5".encode_utf16().flat_map(u16::to_le_bytes).collect(), 422, "import.unreadable", "UTF-16"),
        ("text/csv", b"unit,period,indicator\nTr\xe1m,2026,4.1\n".to_vec(), 422, "import.unreadable", "dòng 2"),
        ("text/csv", b"a,b,c\n1,2,3\n".to_vec(), 422, "import.header", "unit, period, indicator"),
        ("text/csv", b"unit,period,indicator,numerator,Numerator\n".to_vec(), 422, "import.header", "Numerator"),
        (XLSX, b"unit,period\n".to_vec(), 422, "import.unreadable", ".xlsx"),
        (XLSX, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more".to_vec(), 422, "import.unreadable", "«.xls»"),
        (XLSX, file("calc.ods"), 422, "import.unreadable", "OpenDocument"),
        ("application/vnd.oasis.opendocument.spreadsheet", file("calc.ods"), 415, "media_type.unsupported", "spreadsheetml"),
        ("text/csv; charset=utf-16", b"x".to_vec(), 415, "media_type.unsupported", "UTF-8"),
    ] {
        let problem = send(&by, "", media, body).await.problem(status, code);
        assert!(text(&problem, "detail").contains(word), "{problem}");
    }
}

/// A period on indicators of a dimension so large that there are thousands of cells, and rows for `rows` of them.
async fn large(app: &TestApp, rows: usize) -> (Period, Vec<Value>) {
    let by = app.coordinator().await;
    let code = format!("d{}", mark());
    let values: Vec<Value> =
        (0..500).map(|n| json!({"code": format!("v{n}"), "name": bi(&format!("Tổ {n}"), &format!("Group {n}"))})).collect();
    by.post("/disaggregations", &json!({"plan": PLAN, "code": code, "name": bi("Tổ dân phố", "Groups"), "values": values}))
        .await
        .with_status(201);
    let mut indicators = Vec::new();
    for n in 0..rows.div_ceil(500) {
        let indicator = format!("I{n}{}", mark());
        let body = json!({
            "plan": PLAN, "goal": "G4", "code": indicator, "name": bi("Thử", "Try"), "statement": bi("Ít nhất 1", "1 at least"),
            "measure_kind": "count", "unit_of_measure": bi("người", "people"), "direction": "at_least",
            "units": [{"unit": "U5", "duty": "report"}], "disaggregations": [{"dimension": code}],
        });
        by.post("/indicators", &body).await.with_status(201);
        indicators.push(indicator);
    }
    let named: Vec<&str> = indicators.iter().map(String::as_str).collect();
    let period = Period::ad_hoc(app, &["U5"], &named).await;
    let row = |n: usize| json!({"unit": "U5", "period": period.id, "indicator": indicators[n / 500], code.as_str(): format!("v{}", n % 500), "numerator": n});
    let all = (0..rows).map(row).collect();
    (period, all)
}

async fn over(by: &Actor, path: &str) -> Value {
    let began = Instant::now();
    loop {
        let import = by.get(path).await.ok();
        if !["queued", "running"].contains(&text(&import, "status")) {
            return import;
        }
        assert!(began.elapsed() < Duration::from_secs(120), "it does not end: {import}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn location(answer: &Answer) -> String {
    answer.header("location").strip_prefix("/api/v1").expect("a path").to_owned()
}

async fn a_long_import_is_a_job(app: TestApp) {
    let (period, mut all) = large(&app, 1500).await;
    let report = period.report("U5").await;
    let by = report.reporter().await;
    for (query, expected) in [("?dry_run=true", [1500, 0, 0, 0]), ("", [1500, 0, 0, 0]), ("", [0, 0, 1500, 0])] {
        let accepted = by.call("POST", &format!("/imports{query}")).json(&json!({ "rows": all })).send().await;
        let began = accepted.with_status(202);
        assert_eq!(began["progress"]["total"], 1500);
        let import = over(&by, &location(&accepted)).await;
        assert_eq!((text(&import, "status"), counts(&import)), ("completed", expected), "{query}: {import}");
        app.reporter("U4").await.get(&location(&accepted)).await.problem(404, "resource.not_found");
    }
    assert_eq!(figures(&by, &report.path).await.len(), 1500);
    let history = report.etag().await;
    for n in (0..1500).step_by(100) {
        all[n]["numerator"] = json!(-1);
    }
    all[1]["numerator"] = json!(77);
    for (query, expected) in [("", [0, 0, 0, 1500]), ("?mode=partial", [0, 1, 1484, 15])] {
        let accepted = by.call("POST", &format!("/imports{query}")).json(&json!({ "rows": all })).send().await;
        let import = over(&by, &location(&accepted)).await;
        assert_eq!((text(&import, "status"), counts(&import)), ("completed", expected), "{query}");
        let bad: Vec<u64> = conflicts(&import).into_iter().map(|(row, ..)| row).collect();
        assert_eq!(bad, (0..15).map(|n| n * 100 + 1).collect::<Vec<_>>());
        assert_eq!(report.etag().await == history, query.is_empty());
    }
}

async fn jobs_are_stopped_and_never_half_in_silence(app: TestApp) {
    let (period, all) = large(&app, 4000).await;
    let report = period.report("U5").await;
    let by = report.reporter().await;
    let body = json!({ "rows": all });
    let accepted = by.call("POST", "/imports").json(&body).send().await;
    let path = location(&accepted);
    by.post(&format!("{path}/cancel"), &json!({})).await.with_status(200);
    let import = over(&by, &path).await;
    assert!(["cancelled", "completed"].contains(&text(&import, "status")), "{import}");
    assert_eq!(json!(figures(&by, &report.path).await.len()), import["created"], "{import}");
    by.post(&format!("{path}/cancel"), &json!({})).await.problem(409, "import.over");
    let before = counts(&import)[0];

    let accepted = by.call("POST", "/imports?mode=partial").json(&body).send().await;
    let path = location(&accepted);
    app.kill_hard();
    app.restart().await;
    let by = app.again(&by).await;
    let import = over(&by, &path).await;
    let [created, updated, unchanged, _] = counts(&import);
    let there = u64::try_from(figures(&by, &report.path).await.len()).expect("a number");
    // What is counted was written, and what was written is counted.
    assert_eq!((before.max(created), updated), (there, 0), "{import}");
    assert!(unchanged <= before, "{import}");
    if text(&import, "status") == "failed" {
        assert_eq!(text(&import["problem"], "code"), "import.interrupted");
    }
    let accepted = by.call("POST", "/imports").json(&body).send().await;
    let import = over(&by, &location(&accepted)).await;
    assert_eq!((text(&import, "status"), counts(&import)[3]), ("completed", 0), "{import}");
    assert_eq!(figures(&by, &report.path).await.len(), 4000);
}

async fn a_retry_with_the_same_key_imports_once(app: TestApp) {
    let (period, all) = large(&app, 1100).await;
    let by = period.report("U5").await.reporter().await;
    let key = mark();
    let call = |rows: &[Value]| by.call("POST", "/imports").header("Idempotency-Key", &key).json(&json!({ "rows": rows }));
    let first = call(&all).send().await;
    let second = call(&all).send().await;
    assert_eq!((first.status, second.status, second.replayed()), (202, 202, true));
    assert_eq!(location(&first), location(&second));
    assert_eq!(counts(&over(&by, &location(&first)).await), [1100, 0, 0, 0]);
    call(&all[1..]).send().await.refused(422);
}

async fn a_report_of_two_names_is_one_report(app: TestApp) {
    let (period, all) = large(&app, 4).await;
    let report = period.report("U5").await;
    let by = report.reporter().await;
    let unit = text(&by.get(&report.path).await.ok()["unit"], "id").to_owned();
    for (query, expected) in [("", [0, 0, 0, 3]), ("?mode=partial", [2, 0, 0, 1]), ("?dry_run=true&mode=partial", [0, 0, 2, 1])] {
        let mut three = all[..3].to_vec();
        three[1]["unit"] = json!(unit);
        three[2]["unit"] = json!(unit);
        let first = three[0].as_object().expect("a row").clone();
        for (name, value) in first.into_iter().filter(|(name, _)| name != "unit") {
            three[2][name] = value;
        }
        let answer = rows(&by, query, &json!(three)).await;
        assert_eq!(counts(&answer), expected, "{query}: {answer}");
        assert_eq!(
            conflicts(&answer).iter().map(|(row, _, code)| (*row, code.as_str())).collect::<Vec<_>>(),
            [(3, "observation.duplicate")],
            "{query}"
        );
    }
    // Different cells under both names, all at once.
    let mut four = all.clone();
    four[2]["unit"] = json!(unit);
    four[1]["numerator"] = json!(88);
    assert_eq!(counts(&rows(&by, "", &json!(four)).await), [2, 1, 1, 0]);
    assert_eq!(figures(&by, &report.path).await.len(), 4);
}

async fn what_changes_while_an_import_is_checked_is_checked_again(app: TestApp) {
    let (period, all) = large(&app, 1500).await;
    let report = period.report("U5").await;
    let by = report.reporter().await;
    let accepted = by.call("POST", "/imports").json(&json!({ "rows": all })).send().await;
    let path = location(&accepted);
    // As often as it begins anew it is disturbed: each time a cell is written that it has perhaps found absent.
    let mut by_hand = 0;
    for row in &all[..4] {
        let split: serde_json::Map<String, Value> =
            row.as_object().expect("a row").clone().into_iter().filter(|(name, _)| name.starts_with('d')).collect();
        let cell = json!({"indicator": row["indicator"], "disaggregation": split, "numerator": 4321});
        let answer = report.try_fill(&by, &[cell]).await;
        // 412: the import wrote between the reading of the version and this.
        assert!([200, 412, 503].contains(&answer.status), "{}", answer.status);
        by_hand += u64::from(answer.status == 200);
        tokio::time::sleep(Duration::from_millis(150)).await;
    }
    let import = over(&by, &path).await;
    assert_eq!(text(&import, "status"), "completed", "{import}");
    let [created, updated, unchanged, rejected] = counts(&import);
    assert_eq!((created + updated, unchanged, rejected), (1500, 0, 0), "{import}");
    // Each cell says what the last one wrote who wrote it, and the import knows which it found.
    let there = figures(&by, &report.path).await;
    let left = there.iter().filter(|(.., numerator, _)| numerator == "4321").count();
    assert_eq!((there.len(), u64::try_from(left).expect("few") + updated), (1500, by_hand), "{import}");
}

async fn short_imports_into_one_report_take_their_turns(app: TestApp) {
    let (period, all) = large(&app, 200).await;
    let report = period.report("U5").await;
    let by = report.reporter().await;
    let before = number(&report.read().await["version"]).parse::<usize>().expect("a version");
    let pieces: Vec<Value> = all.chunks(20).map(|rows| json!({ "rows": rows })).collect();
    let answers = futures_util::future::join_all(pieces.iter().map(|piece| send(&by, "", "application/json", piece.to_string()))).await;
    for answer in answers {
        let told = answer.with_status(200);
        assert_eq!(counts(&told), [20, 0, 0, 0], "{told}");
    }
    let after = report.read().await;
    assert_eq!(number(&after["version"]).parse::<usize>().expect("a version"), before + pieces.len());
    assert_eq!(list(&after, "observations").len(), 200);
}

async fn imports_into_several_reports_take_their_turns(app: TestApp) {
    let coordinator = app.coordinator().await;
    let code = format!("I{}", mark());
    let indicator = json!({
        "plan": PLAN, "goal": "G4", "code": code, "name": bi("Thử", "Try"), "statement": bi("Ít nhất 1", "1 at least"),
        "measure_kind": "count", "unit_of_measure": bi("người", "people"), "direction": "at_least",
        "units": [{"unit": "U4", "duty": "report"}, {"unit": "U5", "duty": "report"}],
    });
    coordinator.post("/indicators", &indicator).await.with_status(201);
    let period = Period::ad_hoc(&app, &["U4", "U5"], &[&code]).await;
    let by = app.someone(Grant::of("reporter")).await;
    let row = |unit: &str, n: usize| json!({"unit": unit, "period": period.id, "indicator": code, "numerator": n});
    // Each names both reports, in the one order or in the other.
    let files: Vec<String> = (1..=12)
        .map(|n| if n % 2 == 0 { [row("U4", n), row("U5", n)] } else { [row("U5", n), row("U4", n)] })
        .map(|rows| json!({ "rows": rows }).to_string())
        .collect();
    let answers = futures_util::future::join_all(files.iter().map(|file| send(&by, "", "application/json", file.clone()))).await;
    for answer in answers {
        let told = answer.with_status(200);
        assert_eq!(counts(&told)[3], 0, "{told}");
    }
    // All or nothing: both say what the last one wrote.
    let [four, five] = [figures(&by, &period.report("U4").await.path).await, figures(&by, &period.report("U5").await.path).await];
    assert_eq!((four.len(), &four), (1, &five));
}

async fn long_letters_are_no_long_text(app: TestApp) {
    let period = Period::ad_hoc(&app, &["U5"], &["4.1"]).await;
    let report = period.report("U5").await;
    let by = report.reporter().await;
    let row = |note: &str| json!({"unit": "U5", "period": period.id, "indicator": "4.1", "numerator": 1, "denominator": 2, "note": note});
    // "ệ" as a letter and two marks: 12,000 characters that count as 4,000.
    let note = "e\u{323}\u{302}".repeat(4000);
    assert_eq!(counts(&rows(&by, "", &json!([row(&note)])).await), [1, 0, 0, 0]);
    let kept = report.read().await;
    assert_eq!(text(&list(&kept, "observations")[0], "note"), "ệ".repeat(4000));
    let refused = rows(&by, "", &json!([row(&note.repeat(2))])).await;
    assert_eq!(conflicts(&refused).iter().map(|(_, column, _)| column.as_str()).collect::<Vec<_>>(), ["note"], "{refused}");
    // What is left of a long number is not another number.
    let long =
        json!([{"unit": "U5", "period": period.id, "indicator": "4.1", "numerator": format!("{}7", "0".repeat(30_000)), "denominator": 9}]);
    assert_eq!(counts(&rows(&by, "", &long).await), [0, 0, 0, 1]);
}

async fn long_cells_are_refused_in_few_words(app: TestApp) {
    let period = Period::ad_hoc(&app, &["U5"], &["4.1"]).await;
    let by = period.report("U5").await.reporter().await;
    let long = "ệ".repeat(200_000);
    let rows = [
        format!("U5,{},4.1,female,1,2,{long}", period.id),
        format!("U5,{},4.1,{long},1,2,", period.id),
        format!("U5,{},{long},female,1,2,", period.id),
        format!("U5,{},4.1,female,{},2,", period.id, "9".repeat(600_000)),
        format!("{long},{},4.1,female,1,2,", period.id),
    ];
    let csv = format!("unit,period,indicator,sex,numerator,denominator,note\n{}\n", rows.join("\n"));
    let answer = send(&by, "", "text/csv", csv).await.with_status(200);
    assert_eq!(counts(&answer), [0, 0, 0, 5]);
    let told: Vec<(u64, String)> = conflicts(&answer).into_iter().map(|(row, column, _)| (row, column)).collect();
    assert_eq!(
        told,
        [(2, "note"), (3, "sex"), (4, "indicator"), (5, "numerator"), (6, "unit")].map(|(row, column)| (row, column.to_owned()))
    );
    assert!(list(&answer, "conflicts").iter().all(|c| text(c, "detail").chars().count() <= 1000));
}
