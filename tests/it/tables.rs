//! Answers as CSV and as workbooks of Excel, and projections (contract, section 7).

use crate::house::json::{code, list, number, of_indicator, text};
use crate::house::steps::{Period, cell, part};
use crate::house::{Actor, Answer, PLAN, PROVINCE, TestApp, WARD};
use calamine::{Data, Reader, Xlsx};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::Cursor;

on_both![
    a_workbook_says_what_json_says,
    progress_is_a_table_of_its_indicators,
    completeness_is_a_table_of_units_or_wards,
    reports_are_a_table,
    the_plan_is_a_table,
    what_is_hidden_in_json_is_hidden_in_every_table,
    what_means_nothing_in_a_format_is_refused,
    an_export_is_imported_again,
    how_much_more_is_needed,
    a_projection_of_what_is_not_there_is_refused,
];

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A row by the names in the header row.
type Row = HashMap<String, Data>;

fn workbook(answer: &Answer) -> Xlsx<Cursor<Vec<u8>>> {
    assert_eq!((answer.status, answer.header("content-type")), (200, XLSX), "{}", answer.excerpt());
    calamine::open_workbook_from_rs(Cursor::new(answer.bytes.to_vec())).expect("a workbook")
}

fn sheet(answer: &Answer, name: &str) -> Vec<Row> {
    let mut book = workbook(answer);
    let range = book.worksheet_range(name).unwrap_or_else(|e| panic!("{name}: {e}; {:?}", book.sheet_names()));
    let mut rows = range.rows();
    let names: Vec<String> = rows.next().expect("a header row").iter().map(ToString::to_string).collect();
    rows.map(|row| names.iter().cloned().zip(row.iter().cloned()).collect()).collect()
}

fn csv(answer: &Answer) -> Vec<HashMap<String, String>> {
    let file = answer.text.strip_prefix('\u{feff}').unwrap_or_else(|| panic!("no byte order mark: {}", answer.excerpt()));
    csv::Reader::from_reader(file.as_bytes()).deserialize().collect::<Result<_, _>>().expect("rows as long as the header")
}

/// What a cell of a workbook must be of a member.
fn cell_of(value: &Value) -> Data {
    match value {
        Value::Null => Data::Empty,
        Value::Bool(truth) => Data::Bool(*truth),
        Value::Number(number) => Data::Float(number.to_string().parse().expect("a number")),
        Value::String(text) => Data::String(text.clone()),
        other => Data::String(code(other).to_owned()),
    }
}

/// What a cell of CSV must say of a member.
fn written(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Object(_) => code(value).to_owned(),
        other => other.to_string(),
    }
}

async fn a_workbook_says_what_json_says(app: TestApp) {
    let period = Period::ad_hoc(&app, &["U5"], &["4.1"]).await;
    let mut cells = vec![cell("4.1", 109, 100), part("4.1", "sex", "female", 55, 50)];
    cells[0]["note"] = json!("=1+1");
    period.deliver("U5", &cells).await;
    let by = app.coordinator().await;
    let items = by.items("/observations", &[]).await;
    let answer = by.get("/observations?format=xlsx").await;
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"observations.xlsx\"");
    let rows = sheet(&answer, "Số liệu");
    assert_eq!(rows.len(), items.len());
    for item in &items {
        let id = cell_of(&item["id"]);
        let row = rows.iter().find(|row| row["id"] == id).unwrap_or_else(|| panic!("no row of {item}"));
        for name in
            ["plan", "jurisdiction", "unit", "indicator", "numerator", "denominator", "value", "answer", "status", "suppressed", "note"]
        {
            assert_eq!(row[name], cell_of(&item[name]), "{name} of {item}");
        }
        assert_eq!(row["sex"], item["disaggregation"].get("sex").map_or(Data::Empty, cell_of));
        assert!(matches!(row["reference.from"], Data::DateTime(_)) && matches!(row["updated_at"], Data::DateTime(_)), "{row:?}");
    }
    let words = sheet(&by.get("/observations?format=xlsx&headers=vi").await, "Số liệu");
    assert_eq!((&words[0]["Chỉ tiêu"], &words[0]["Tử số"]), (&Data::String("4.1".to_owned()), &rows[0]["numerator"]));
    // By what the client accepts, and in its language.
    let call = by.call("GET", "/observations").header("Accept", XLSX).header("Accept-Language", "en");
    assert!(!sheet(&call.send().await, "Observations").is_empty());
    // Who may read nothing gets a header row alone.
    assert!(sheet(&app.anonymous().get("/observations?format=xlsx").await, "Số liệu").is_empty());
}

async fn reported(app: &TestApp) -> Actor {
    let by = app.coordinator().await;
    let period = Period::regular(app, &by, PLAN, "2027", &["U5", "U6"], &["4.1", "4.3"]).await;
    period.deliver("U5", &[cell("4.1", 221, 200), part("4.1", "sex", "female", 100, 90), cell("4.3", 50, 1000)]).await;
    by
}

async fn progress_is_a_table_of_its_indicators(app: TestApp) {
    let by = reported(&app).await;
    let query = format!("/progress?plan={PLAN}&period=2027");
    let there = by.get(&query).await.ok();
    let rows = csv(&by.get(&format!("{query}&format=csv")).await);
    let book = by.get(&format!("{query}&format=xlsx")).await;
    let sheets = sheet(&book, "Chỉ tiêu");
    let indicators = list(&there, "indicators");
    assert_eq!((rows.len(), sheets.len()), (indicators.len(), indicators.len()));
    for ((item, row), cells) in indicators.iter().zip(&rows).zip(&sheets) {
        for name in
            ["indicator", "direction", "value", "numerator", "denominator", "change", "target", "final_target", "result", "pace", "partial"]
        {
            assert_eq!(row[name], written(&item[name]), "{name} of {item}");
            assert_eq!(cells[name], cell_of(&item[name]), "{name} of {item}");
        }
        assert_eq!(
            (row["name.vi"].as_str(), row["coverage.expected"].clone()),
            (text(&item["name"], "vi"), item["coverage"]["expected"].to_string())
        );
        assert_eq!((row["period"].as_str(), row["jurisdiction"].as_str()), ("2027", WARD));
    }
    let goals = sheet(&book, "Mục tiêu");
    assert_eq!(goals.len(), list(&there, "goals").len());
    assert_eq!(goals[0]["counts.not_reported"], cell_of(&there["goals"][0]["counts"]["not_reported"]));
    let parts: usize = indicators.iter().map(|item| list(item, "breakdowns").len()).sum();
    assert_eq!(sheet(&book, "Phân tổ").len(), parts);
    // The picture is drawn by the spreadsheet itself.
    let mut archive = zip::ZipArchive::new(Cursor::new(book.bytes.to_vec())).expect("an archive");
    assert!(archive.by_name("xl/charts/chart1.xml").is_ok(), "no chart");
    // Of a province: its wards beside.
    let call = by.get(&format!("/progress?jurisdiction={PROVINCE}&period=2027&format=xlsx&headers=en")).await;
    assert!(!sheet(&call, "Wards").is_empty());
}

async fn completeness_is_a_table_of_units_or_wards(app: TestApp) {
    let by = reported(&app).await;
    let query = format!("/completeness?plan={PLAN}&period=2027");
    let there = by.get(&query).await.ok();
    let rows = csv(&by.get(&format!("{query}&format=csv")).await);
    let units = list(&there, "units");
    assert_eq!(rows.len(), units.len());
    for (item, row) in units.iter().zip(&rows) {
        for name in ["unit", "status", "due_at", "expected", "submitted", "on_time", "accepted", "missing"] {
            assert_eq!(row[name], written(&item[name]), "{name} of {item}");
        }
    }
    assert!(matches!(sheet(&by.get(&format!("{query}&format=xlsx")).await, "Đơn vị")[0]["due_at"], Data::DateTime(_)));
    let outside = csv(&app.anonymous().get(&format!("/completeness?jurisdiction={PROVINCE}&period=2027&format=csv")).await);
    assert_eq!((outside[0]["jurisdiction"].as_str(), outside[0]["missing"].as_str()), (WARD, "1"));
}

async fn reports_are_a_table(app: TestApp) {
    let by = reported(&app).await;
    let items = by.items("/reports", &[]).await;
    let rows = csv(&by.get("/reports?format=csv").await);
    assert_eq!(rows.len(), items.len());
    for item in &items {
        let row = rows.iter().find(|row| row["id"] == text(item, "id")).unwrap_or_else(|| panic!("no row of {item}"));
        for name in ["plan", "jurisdiction", "unit", "status", "revision", "due_at", "submitted_at", "late", "updated_at"] {
            assert_eq!(row[name], written(&item[name]), "{name} of {item}");
        }
        assert_eq!(row["period"], text(&item["period"], "label"));
    }
    // Filters hold, and nobody is shown another's.
    let accepted = csv(&by.get("/reports?format=csv&status=accepted").await);
    assert!(!accepted.is_empty() && accepted.len() < rows.len() && accepted.iter().all(|row| row["status"] == "accepted"));
    let own = csv(&app.reporter("U5").await.get("/reports?format=csv").await);
    assert!(!own.is_empty() && own.iter().all(|row| row["unit"] == "U5"));
    assert_eq!(sheet(&by.get("/reports?format=xlsx").await, "Báo cáo").len(), items.len());
    app.anonymous().get("/reports?format=csv").await.problem(401, "auth.required");
}

async fn the_plan_is_a_table(app: TestApp) {
    let plan = app.anonymous().by_code("/plans", PLAN).await;
    let path = format!("/plans/{}/outline", text(&plan, "id"));
    let there = app.anonymous().get(&path).await.ok();
    let all: Vec<Value> = list(&there, "goals")
        .iter()
        .flat_map(|goal| list(goal, "plan_indicators").iter().flat_map(|printed| list(printed, "indicators").iter().cloned()))
        .collect();
    let rows = csv(&app.anonymous().get(&format!("{path}?format=csv")).await);
    assert_eq!(rows.len(), all.len());
    for (item, row) in all.iter().zip(&rows) {
        assert_eq!((row["indicator"].as_str(), row["direction"].as_str()), (text(item, "code"), text(item, "direction")));
        assert_eq!(row["target"], item["targets"].get(0).map_or_else(String::new, |target| written(&target["value"])));
    }
    let book = app.anonymous().get(&format!("{path}?format=xlsx")).await;
    assert_eq!(sheet(&book, "Nhiệm vụ, giải pháp").len(), list(&there, "tasks").len());
    assert_eq!(sheet(&book, "Đơn vị").len(), list(&there, "units").len());
}

async fn what_is_hidden_in_json_is_hidden_in_every_table(app: TestApp) {
    let by = app.coordinator().await;
    let period = Period::regular(&app, &by, PLAN, "2026", &["U5"], &["4.2"]).await;
    period.deliver("U5", &[cell("4.2", 3, 412)]).await;
    period.consolidate().await.send().await;
    for reader in [app.supervisor().await, app.anonymous()] {
        let rows = sheet(&reader.get("/observations?indicator=4.2&format=xlsx").await, "Số liệu");
        assert_eq!((&rows[0]["numerator"], &rows[0]["suppressed"]), (&Data::Empty, &Data::Bool(true)));
        let query = format!("/progress?plan={PLAN}&period=2026");
        let book = reader.get(&format!("{query}&format=xlsx")).await;
        let births = sheet(&book, "Chỉ tiêu").into_iter().find(|row| row["indicator"] == Data::String("4.2".to_owned())).expect("4.2");
        assert_eq!((&births["numerator"], &births["value"], &births["suppressed"]), (&Data::Empty, &Data::Empty, &Data::Bool(true)));
        let row = csv(&reader.get(&format!("{query}&format=csv")).await).into_iter().find(|row| row["indicator"] == "4.2").expect("4.2");
        assert_eq!((row["numerator"].as_str(), row["value"].as_str(), row["suppressed"].as_str()), ("", "", "true"));
        let asked = reader.post("/projections", &json!({"plan": PLAN, "indicator": "4.2", "period": "2026"})).await.ok();
        assert_eq!((&asked["numerator"], &asked["needed"], &asked["suppressed"]), (&Value::Null, &Value::Null, &json!(true)));
    }
    let exact = sheet(&by.get(&format!("/progress?plan={PLAN}&period=2026&format=xlsx")).await, "Chỉ tiêu");
    let births = exact.into_iter().find(|row| row["indicator"] == Data::String("4.2".to_owned())).expect("4.2");
    assert_eq!(births["numerator"], Data::Float(3.0));
    let readings = app.admin().await.items("/audit-events", &[("action", "restricted.read")]).await;
    assert!(!readings.is_empty(), "an exact workbook is in the audit trail");
}

async fn what_means_nothing_in_a_format_is_refused(app: TestApp) {
    let by = app.coordinator().await;
    for query in ["format=xlsx&delimiter=;", "format=xlsx&decimal=,", "format=xlsx&limit=5", "headers=vi", "format=docx"] {
        by.get(&format!("/observations?{query}")).await.problem(400, "query.invalid");
    }
    for query in ["format=xlsx&delimiter=;", "headers=vi", "format=pdf"] {
        by.get(&format!("/progress?plan={PLAN}&{query}")).await.problem(400, "query.invalid");
    }
    by.get(&format!("/progress?plan={PLAN}&period=1999&format=csv")).await.problem(400, "reference.unknown");
}

async fn an_export_is_imported_again(app: TestApp) {
    let period = Period::regular(&app, &app.coordinator().await, PLAN, "2027", &["U5"], &["4.1"]).await;
    let report = period.report("U5").await;
    report.fill(&[cell("4.1", 109, 100), part("4.1", "sex", "female", 55, 50)]).await;
    report.submit(&[]).await;
    report.accept().await;
    let by = app.coordinator().await;
    for (query, media) in
        [("format=xlsx&headers=vi", XLSX), ("format=xlsx", XLSX), ("format=csv&delimiter=;&decimal=,&headers=vi", "text/csv")]
    {
        let file = by.get(&format!("/observations?indicator=4.1&{query}")).await;
        assert_eq!(file.status, 200);
        report.reopen("Đối chiếu lại").await;
        let told = app.reporter("U5").await.call("POST", "/imports").raw(media, file.bytes.to_vec()).send().await.ok();
        assert_eq!((&told["rows"], &told["unchanged"]), (&json!(2), &json!(2)), "{query}: {told}");
        report.submit(&[]).await;
        report.accept().await;
    }
}

async fn how_much_more_is_needed(app: TestApp) {
    let by = reported(&app).await;
    let asked = by.post("/projections", &json!({"plan": PLAN, "indicator": "4.1", "period": "2027"})).await.ok();
    // 221 boys to 200 girls; 218 would be the 109 of the plan.
    assert_eq!((number(&asked["numerator"]), number(&asked["denominator"])), ("221".to_owned(), "200".to_owned()));
    assert_eq!((number(&asked["target"]), &asked["needed"], text(&asked, "direction")), ("109".to_owned(), &json!(3), "at_most"));
    let there = by.get(&format!("/progress?plan={PLAN}&period=2027")).await.ok();
    assert_eq!(asked["value"], of_indicator(list(&there, "indicators"), "4.1")["value"]);
    // Nobody outside reads what was not sent.
    let outside = app.anonymous().post("/projections", &json!({"plan": PLAN, "indicator": "4.1", "period": "2027"})).await.ok();
    assert_eq!((&outside["numerator"], &outside["needed"], text(&outside, "result")), (&Value::Null, &Value::Null, "not_reported"));
    // Without a period: the last year with figures.
    let last = by.post("/projections", &json!({"plan": PLAN, "indicator": "4.1"})).await.ok();
    assert_eq!((text(&last["period"], "label"), &last["needed"]), ("2027", &json!(3)));
}

async fn a_projection_of_what_is_not_there_is_refused(app: TestApp) {
    let by = app.coordinator().await;
    for (body, pointer) in [
        (json!({"plan": "KH-X", "indicator": "4.1"}), "/plan"),
        (json!({"plan": PLAN, "indicator": "9.9"}), "/indicator"),
        (json!({"plan": PLAN, "indicator": "4.1", "period": "2050"}), "/period"),
        (json!({"plan": PLAN, "indicator": "4.1", "period": "năm ngoái"}), "/period"),
    ] {
        let problem = by.post("/projections", &body).await.problem(422, "reference.unknown");
        assert_eq!(text(&problem["errors"][0], "pointer"), pointer, "{problem}");
    }
    by.post("/projections", &json!({"plan": PLAN})).await.refused(422);
}
