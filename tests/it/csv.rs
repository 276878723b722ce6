//! Observations as CSV: what a spreadsheet opens says what JSON says, however much there is of it.

use crate::house::json::text;
use crate::house::steps::{Period, cell, part};
use crate::house::{Actor, Answer, TestApp, WARD};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

on_both![
    cells_say_what_json_says,
    the_layout_is_as_asked_for,
    the_format_is_chosen_before_the_answer,
    what_is_hidden_in_json_is_hidden_in_csv,
    what_is_shown_exactly_is_recorded_first,
    rows_without_number_pass_in_little_memory,
    an_error_in_the_middle_ends_the_connection,
];

/// Texts that a spreadsheet would run, or that break a careless file.
const HOSTILE: [&str; 6] = ["=1+1", "@x", "+84 912", "-", "'=\"a\"", "một; hai, \"ba\"\n\tbốn"];

/// A report on the girls and boys of a school, with hostile notes, accepted.
async fn reported(app: &TestApp) -> Period {
    let period = Period::ad_hoc(app, &["U4", "U5"], &["4.1", "3.1"]).await;
    let mut cells = vec![cell("4.1", 109, 100), part("4.1", "sex", "female", 55, 50)];
    for (cell, note) in cells.iter_mut().zip(HOSTILE) {
        cell["note"] = json!(note);
    }
    period.deliver("U5", &cells).await;
    period
}

/// The rows of a file, by the names in its header row.
fn rows(answer: &Answer, delimiter: u8) -> Vec<Vec<(String, String)>> {
    let file = answer.text.strip_prefix('\u{feff}').unwrap_or_else(|| panic!("no byte order mark: {}", answer.excerpt()));
    assert!(file.ends_with("\r\n"), "{}", answer.excerpt());
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(file.as_bytes());
    let names: Vec<String> = reader.headers().expect("a header row").iter().map(str::to_owned).collect();
    let row = |row: csv::StringRecord| names.iter().cloned().zip(row.iter().map(str::to_owned)).collect();
    reader.records().map(|r| row(r.expect("a row as long as the header"))).collect()
}

fn of<'r>(row: &'r [(String, String)], name: &str) -> &'r str {
    row.iter().find(|(known, _)| known == name).map(|(_, cell)| cell.as_str()).unwrap_or_else(|| panic!("no column {name}: {row:?}"))
}

/// What a cell must say of a member.
fn said(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => {
            let formula = text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r']);
            format!("{}{text}", if formula { "'" } else { "" })
        }
        Value::Object(reference) if reference.contains_key("code") => text(value, "code").to_owned(),
        Value::Object(reference) if reference.contains_key("id") => text(value, "label").to_owned(),
        other => other.to_string(),
    }
}

/// Every row says what the item of its id says.
fn compare(rows: &[Vec<(String, String)>], items: &[Value]) {
    assert_eq!(rows.len(), items.len());
    for item in items {
        let row = rows.iter().find(|row| of(row, "id") == text(item, "id")).unwrap_or_else(|| panic!("no row of {item}"));
        for (name, value) in item.as_object().expect("an observation") {
            match name.as_str() {
                "disaggregation" => assert_eq!(of(row, "sex"), value["sex"].as_str().unwrap_or_default()),
                "reference" => {
                    for part in ["from", "to", "label"] {
                        assert_eq!(of(row, &format!("reference.{part}")), text(value, part));
                    }
                }
                _ => assert_eq!(of(row, name), said(value), "{name} of {item}"),
            }
        }
    }
}

async fn cells_say_what_json_says(app: TestApp) {
    reported(&app).await;
    for note in &HOSTILE[2..] {
        let period = Period::ad_hoc(&app, &["U5"], &["4.1"]).await;
        let mut total = cell("4.1", 1, 3);
        total["note"] = json!(note);
        period.deliver("U5", &[total]).await;
    }
    let by = app.coordinator().await;
    let items = by.items("/observations", &[]).await;
    assert!(HOSTILE.iter().all(|note| items.iter().any(|item| item["note"] == *note)), "{items:?}");
    compare(&rows(&by.get("/observations?format=csv").await, b','), &items);
    // Filters hold for both.
    let filter = [("indicator", "4.1"), ("disaggregation.sex", "female")];
    let items = by.items("/observations", &filter).await;
    assert_eq!(items.len(), 1);
    let answer = by.find("/observations", &[&filter[..], &[("format", "csv")]].concat()).await;
    compare(&rows(&answer, b','), &items);
    by.find("/observations", &[("indicator", "9.9"), ("format", "csv")]).await.problem(400, "reference.unknown");
    // Who may read nothing gets a header row alone.
    assert!(rows(&app.anonymous().get("/observations?format=csv").await, b',').is_empty());
}

async fn the_layout_is_as_asked_for(app: TestApp) {
    let period = Period::ad_hoc(&app, &["U5"], &["4.1"]).await;
    period.deliver("U5", &[cell("4.1", 25, 200)]).await;
    let by = app.coordinator().await;
    let answer = by.get("/observations?format=csv&delimiter=;&decimal=,&headers=vi").await;
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"observations.csv\"");
    assert_eq!(answer.header("cache-control"), "private, no-cache");
    assert!(answer.header_list("vary").contains(&"accept".to_owned()));
    let all = rows(&answer, b';');
    assert_eq!((of(&all[0], "Chỉ tiêu"), of(&all[0], "Tử số"), of(&all[0], "Giá trị")), ("4.1", "25", "12,5"));
    assert!(all[0].iter().any(|(name, _)| name == "Giới tính"), "{all:?}");
    let english = rows(&by.get("/observations?format=csv&headers=en").await, b',');
    assert_eq!((of(&english[0], "Indicator"), of(&english[0], "Value")), ("4.1", "12.5"));
    let plain = rows(&by.get("/observations?format=csv").await, b',');
    let names: Vec<&str> = plain[0].iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names[..6], ["id", "plan", "jurisdiction", "unit", "period", "indicator"]);
    assert_eq!(names[names.len() - 14..][..4], ["numerator", "denominator", "value", "answer"]);
    assert!(names.contains(&"sex"));
    for coding in ["gzip", "br", "zstd"] {
        let coded = by.call("GET", "/observations?format=csv").header("Accept-Encoding", coding).send().await;
        assert_eq!(coded.header("content-encoding"), coding);
        assert!(!coded.bytes.is_empty());
    }
    let head = by.call("HEAD", "/observations?format=csv").send().await;
    assert_eq!((head.status, head.header("content-type"), head.bytes.len()), (200, "text/csv; charset=utf-8", 0));
}

async fn the_format_is_chosen_before_the_answer(app: TestApp) {
    reported(&app).await;
    let by = app.coordinator().await;
    let accepting = |accept: &str, query: &str| by.call("GET", &format!("/observations{query}")).header("Accept", accept).send();
    for (accept, query, media) in [
        ("*/*", "", "application/json"),
        ("text/csv", "", "text/csv"),
        ("application/json", "", "application/json"),
        ("text/csv, application/json;q=0.9", "", "text/csv"),
        ("text/csv;q=0.1, */*", "", "application/json"),
        ("text/csv", "?format=json", "application/json"),
        ("text/html", "?format=csv", "text/csv"),
    ] {
        // Twice: what is kept is kept by its format.
        for _ in 0..2 {
            let answer = accepting(accept, query).await;
            assert!(answer.status == 200 && answer.header("content-type").starts_with(media), "{accept} {query}: {}", answer.excerpt());
        }
    }
    accepting("text/html", "").await.problem(406, "media_type.not_acceptable");
    accepting("application/json;q=0", "").await.problem(406, "media_type.not_acceptable");
    accepting("text/html", "?format=docx").await.problem(400, "query.invalid");
    for query in ["format=csv&limit=5", "format=csv&cursor=x", "format=csv&sort=updated_at", "format=csv&include_total=true"] {
        by.get(&format!("/observations?{query}")).await.problem(400, "query.invalid");
    }
    for query in
        ["delimiter=;", "format=json&headers=vi", "decimal=,", "format=csv&delimiter=x", "format=csv&headers=fr", "format=csv&format=json"]
    {
        by.get(&format!("/observations?{query}")).await.problem(400, "query.invalid");
    }
    by.get("/goals?format=csv").await.problem(400, "query.unknown");
    by.call("GET", "/goals").header("Accept", "text/csv").send().await.problem(406, "media_type.not_acceptable");
}

async fn what_is_hidden_in_json_is_hidden_in_csv(app: TestApp) {
    let period = Period::ad_hoc(&app, &["U5"], &["4.2"]).await;
    period.deliver("U5", &[cell("4.2", 1, 400)]).await;
    period.consolidate().await.send().await;
    for by in [app.supervisor().await, app.anonymous()] {
        let items = by.items("/observations", &[("indicator", "4.2")]).await;
        let all = rows(&by.get("/observations?indicator=4.2&format=csv").await, b',');
        compare(&all, &items);
        let hidden = ["numerator", "denominator", "value", "status", "suppressed"].map(|name| of(&all[0], name));
        assert_eq!(hidden, ["", "", "", "final", "true"]);
    }
    let exact = rows(&app.coordinator().await.get("/observations?indicator=4.2&format=csv").await, b',');
    assert_eq!((of(&exact[0], "numerator"), of(&exact[0], "suppressed")), ("1", "false"));
}

async fn what_is_shown_exactly_is_recorded_first(app: TestApp) {
    let period = Period::ad_hoc(&app, &["U5"], &["4.2"]).await;
    period.deliver("U5", &[cell("4.2", 1, 400)]).await;
    let readings = async || app.admin().await.items("/audit-events", &[("action", "restricted.read")]).await;
    let by = app.coordinator().await;
    let before = readings().await.len();
    by.call("GET", "/observations?format=csv").header("X-Purpose", "Đối chiếu").send().await.ok();
    let after = readings().await;
    assert_eq!(after.len(), before + 1);
    assert_eq!((&after[before]["purpose"], &after[before]["after"]["indicators"]), (&json!("Đối chiếu"), &json!(["4.2"])));
    app.supervisor().await.get("/observations?format=csv").await.ok();
    assert_eq!(readings().await.len(), before + 1);
    run(
        &app,
        [
            "CREATE TRIGGER full_disk BEFORE INSERT ON audit_events WHEN NEW.action = 'restricted.read' BEGIN SELECT RAISE(ABORT, 'full'); END;",
            "ALTER TABLE audit_events ADD CONSTRAINT full_disk CHECK (action <> 'restricted.read') NOT VALID",
        ],
    );
    by.get("/observations?format=csv").await.problem(503, "audit.unavailable");
}

/// Runs statements, each written for SQLite and for PostgreSQL.
fn run(app: &TestApp, [sqlite, postgres]: [&str; 2]) {
    match app.database_url() {
        Some(url) => PgConnection::establish(&url).unwrap().batch_execute(postgres).unwrap(),
        None => {
            let file = app.data().join("binhdang.sqlite3");
            let mut c = SqliteConnection::establish(&file.to_string_lossy()).unwrap();
            c.batch_execute("PRAGMA busy_timeout = 5000; PRAGMA synchronous = OFF;").unwrap();
            c.batch_execute(sqlite).unwrap();
        }
    }
}

/// Adds so many rows to an accepted report, like the one that it has, each of another value of a dimension.
async fn multiply(app: &TestApp, rows: usize, dimension: &str) {
    let period = Period::ad_hoc(app, &["U5"], &["4.1"]).await;
    period.deliver("U5", &[cell("4.1", 109, 100)]).await;
    let columns = |id: &str| {
        format!(
            "INSERT INTO observations (id, jurisdiction, plan_id, period_id, report_id, unit_id, indicator_id, disaggregation, numerator, denominator, \
             answer, status, not_applicable, note, extra, definition_version, updated_at, since) \
             SELECT {id}, jurisdiction, plan_id, period_id, report_id, unit_id, indicator_id, '{{\"{dimension}\":\"v' || n || '\"}}', numerator, denominator, \
             answer, status, not_applicable, 'Ghi chú', extra, definition_version, updated_at, since FROM observations, numbers"
        )
    };
    let sqlite = columns("printf('00000000-0000-7000-8000-%012d', n)");
    let postgres = columns("'00000000-0000-7000-8000-' || lpad(n::text, 12, '0')");
    run(
        app,
        [
            &format!(
                "CREATE TEMP TABLE numbers (n INTEGER); \
             WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x WHERE n < {rows}) INSERT INTO numbers SELECT n FROM x; {sqlite}"
            ),
            &format!("CREATE TEMP TABLE numbers AS SELECT generate_series(1, {rows}) AS n; {postgres}; ANALYZE observations"),
        ],
    );
}

/// Asks as somebody signed in, and reads until the connection ends: the last bytes, how many there were, and the most memory
/// that the server held meanwhile.
fn take(app: &TestApp, by: &Actor) -> (Vec<u8>, usize, usize) {
    let mut stream = TcpStream::connect(("127.0.0.1", app.port())).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a time limit");
    let head = format!(
        "GET /api/v1/observations?format=csv HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\r\n",
        by.token()
    );
    stream.write_all(head.as_bytes()).expect("a request");
    let (mut tail, mut buffer, mut length, mut most, mut looked) = (Vec::new(), vec![0; 256 * 1024], 0, 0, Instant::now());
    loop {
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return (tail, length, most),
            Ok(got) => {
                length += got;
                tail.extend_from_slice(&buffer[..got]);
                tail.drain(..tail.len().saturating_sub(4096));
            }
        }
        if looked.elapsed() > Duration::from_millis(20) {
            (most, looked) = (most.max(app.memory()), Instant::now());
        }
    }
}

async fn rows_without_number_pass_in_little_memory(app: TestApp) {
    // PostgreSQL takes longer to be given rows than to give them.
    let rows = if app.database_url().is_some() { 100_000 } else { 250_000 };
    let began = Instant::now();
    multiply(&app, rows, "sex").await;
    let inserted = began.elapsed();
    let by = app.coordinator().await;
    by.get("/observations?format=csv&indicator=3.1").await.ok();
    by.get("/observations?limit=500").await.ok();
    let before = app.memory();
    let began = Instant::now();
    let (tail, length, most) = take(&app, &by);
    let mib = |bytes: usize| bytes / 1024 / 1024;
    eprintln!("{inserted:?} to insert, {:?} to send {} MiB; {} MiB grew to {} MiB", began.elapsed(), mib(length), mib(before), mib(most));
    assert!(tail.ends_with(b"\r\n0\r\n\r\n"), "it broke off: {}", app.log().lines().last().unwrap_or_default());
    assert!(length > rows * 100, "{length} bytes");
    assert!(most < before + 20 * 1024 * 1024, "{} MiB grew to {} MiB", mib(before), mib(most));
}

async fn an_error_in_the_middle_ends_the_connection(app: TestApp) {
    // The last of them is of a dimension that no plan has.
    multiply(&app, 3000, "sex").await;
    let broken = "UPDATE observations SET disaggregation = '{\"zzz\":\"x\"}' WHERE id = '00000000-0000-7000-8000-000000003000'";
    run(&app, [broken, broken]);
    let (tail, length, _) = take(&app, &app.coordinator().await);
    assert!(length > 100_000, "some of it came: {length} bytes");
    assert!(!tail.ends_with(b"0\r\n\r\n"), "a part that looks like the whole");
    // Others are served.
    app.anonymous().find("/plans", &[("jurisdiction", WARD)]).await.ok();
    let told = app.log();
    assert!(told.contains("an answer broke off in the middle"), "{told}");
}
