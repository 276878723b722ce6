//! How fast files are imported, and figures read when there are many: rows a second beside the same rows written straight into
//! the database, and what memory it takes.

use crate::server::Server;
use crate::{PLAN, Work, against_bare};
use chrono::{SecondsFormat, TimeDelta, Utc};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// Values of the two dimensions by which the indicators are parted.
const PARTS: [usize; 2] = [100, 40];

/// How many figures an indicator has.
const OF_EACH: usize = PARTS[0] * PARTS[1];

/// The service as one person sees it.
struct Person {
    client: Client,
    base: String,
    token: String,
}

impl Person {
    async fn of(server: &Server, name: &str) -> Self {
        Self { client: Client::new(), base: format!("http://127.0.0.1:{}/api/v1", server.port), token: server.sign_in(name).await }
    }

    fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base)).bearer_auth(&self.token)
    }

    async fn answer(request: RequestBuilder) -> (Value, String) {
        let answer = request.send().await.expect("an answer");
        let (status, etag) = (answer.status(), answer.headers().get("etag").cloned());
        let body: Value = answer.json().await.expect("JSON");
        assert!(status.is_success(), "{status}: {body}");
        (body, etag.and_then(|tag| tag.to_str().ok().map(str::to_owned)).unwrap_or_default())
    }

    async fn get(&self, path: &str) -> (Value, String) {
        Self::answer(self.ask(Method::GET, path)).await
    }

    /// A transition of what is now as it is read first.
    async fn step(&self, path: &str, verb: &str) {
        let (_, etag) = self.get(path).await;
        self.post(&format!("{path}/{verb}"), &json!({}), Some(&etag)).await;
    }

    async fn post(&self, path: &str, body: &Value, etag: Option<&str>) -> Value {
        let request = self.ask(Method::POST, path).json(body);
        Self::answer(etag.into_iter().fold(request, |request, etag| request.header("If-Match", etag))).await.0
    }
}

/// Makes two dimensions of [`PARTS`] values, and counts by them that the health station reports: their codes.
async fn indicators(by: &Person, label: &str, how_many: usize, frequency: &str) -> Vec<String> {
    let dimensions = dimensions(label);
    for (code, size) in dimensions.iter().zip(PARTS) {
        let values: Vec<Value> = (0..size).map(|n| json!({"code": format!("v{n}"), "name": said(&format!("Tổ {n}"))})).collect();
        by.post("/disaggregations", &json!({"plan": PLAN, "code": code, "name": said(code), "values": values}), None).await;
    }
    let codes: Vec<String> = (0..how_many).map(|n| format!("{label}{n}")).collect();
    for code in &codes {
        let indicator = json!({"plan": PLAN, "goal": "G4", "code": code, "name": said(code), "statement": said(code),
            "measure_kind": "count", "unit_of_measure": said("người"), "direction": "at_least", "frequency": frequency,
            "units": [{"unit": "U5", "duty": "report"}],
            "disaggregations": dimensions.each_ref().map(|code| json!({"dimension": code}))});
        by.post("/indicators", &indicator, None).await;
    }
    codes
}

fn said(text: &str) -> Value {
    json!({"vi": text, "en": text})
}

/// An open period that asks the health station for these indicators: its id. Its figures stay out of progress.
async fn ad_hoc(by: &Person, label: &str, indicators: &[String]) -> String {
    let day = |days| (Utc::now() + TimeDelta::days(days)).to_rfc3339_opts(SecondsFormat::Secs, true);
    let year = (Utc::now() - TimeDelta::days(90)).format("%Y").to_string();
    let period = json!({"plan": PLAN, "kind": "ad_hoc", "label": label, "title": said(label), "starts_on": format!("{year}-01-01"),
        "ends_on": format!("{year}-12-31"), "opens_at": day(1), "due_at": day(20), "units": ["U5"], "indicators": indicators});
    let made = by.post("/reporting-periods", &period, None).await;
    let id = made["id"].as_str().expect("an id");
    open(by, id).await;
    id.to_owned()
}

async fn open(by: &Person, period: &str) {
    by.step(&format!("/reporting-periods/{period}"), "open").await;
}

/// The file; each hundredth row is bad if that is asked for.
fn file(period: &str, label: &str, indicators: usize, bad: bool) -> String {
    let mut file = header(label);
    for row in 0..indicators * OF_EACH {
        let number = if bad && row % 100 == 0 { "-1".to_owned() } else { (row + 1).to_string() };
        let (indicator, part) = (row / OF_EACH, row % OF_EACH);
        writeln!(file, "U5,{period},{label}{indicator},v{},v{},{number}", part / PARTS[1], part % PARTS[1]).expect("memory");
    }
    file
}

fn dimensions(label: &str) -> [String; 2] {
    ["to", "nhom"].map(|dimension| format!("{dimension}_{}", label.to_lowercase()))
}

fn header(label: &str) -> String {
    format!("unit,period,indicator,{},numerator\n", dimensions(label).join(","))
}

/// The totals that belong to the parts in [`file`].
fn totals(period: &str, label: &str, indicators: usize) -> String {
    let mut file = header(label);
    for indicator in 0..indicators {
        let total: usize = (indicator * OF_EACH..(indicator + 1) * OF_EACH).map(|row| row + 1).sum();
        writeln!(file, "U5,{period},{label}{indicator},,,{total}").expect("memory");
    }
    file
}

/// Imports a file to its end: what became of it, and how long it took.
async fn import(by: &Person, query: &str, file: String) -> (Value, Duration) {
    let began = Instant::now();
    let request = by.ask(Method::POST, &format!("/imports{query}")).header("Content-Type", "text/csv").body(file);
    let (mut told, _) = Person::answer(request).await;
    while matches!(told["status"].as_str(), Some("queued" | "running")) {
        tokio::time::sleep(Duration::from_millis(50)).await;
        (told, _) = by.get(&format!("/imports/{}", told["id"].as_str().expect("an id"))).await;
    }
    assert_eq!(told["status"], "completed", "{told}");
    (told, began.elapsed())
}

/// Imports 200,000 rows, the same again, and with one bad row in a hundred in both modes; then the same rows raw.
pub async fn large(server: &Server) {
    const INDICATORS: usize = 50;
    let coordinator = Person::of(server, "vhxh").await;
    let indicators = indicators(&coordinator, "Z", INDICATORS, "annual").await;
    let period = ad_hoc(&coordinator, "Z", &indicators).await;
    let by = Person::of(server, "tramyte").await;
    println!("\nmemory before: {:.0} MiB", server.memory());
    println!(
        "{:<34} {:>9} {:>9} {:>9} {:>9} {:>9} {:>11}",
        "import of 200,000", "rows/s", "created", "updated", "same", "refused", "peak MiB"
    );
    let mut first = 0.0;
    for (name, query, bad) in [
        ("all new", "", false),
        ("the same again", "", false),
        ("1 % bad, atomic", "?mode=atomic", true),
        ("1 % bad, partial", "?mode=partial", true),
    ] {
        let (told, took) = import(&by, query, file(&period, "Z", INDICATORS, bad)).await;
        let count = |what: &str| told[what].as_u64().expect("a count");
        let [created, updated, unchanged, rejected] = ["created", "updated", "unchanged", "rejected"].map(count);
        assert_eq!(created + updated + unchanged + rejected, count("rows"), "{told}");
        let rate = 200_000.0 / took.as_secs_f64();
        if created > 0 {
            first = rate;
        }
        println!("{name:<34} {rate:>9.0} {created:>9} {updated:>9} {unchanged:>9} {rejected:>9} {:>11.0}", server.peak_memory());
    }
    let (rows, raw) = server.raw(&period);
    println!("{:<34} {raw:>9.0} {rows:>9}; the import has {:.2} of it", "straight into the database", first / raw);
}

/// Figures of which there are 20,000 imported ones, in a report that was accepted.
pub async fn progress(server: &Server) {
    const INDICATORS: usize = 5;
    /// A month that the demonstration has not come to.
    const MONTH: &str = "2028-03";
    let (coordinator, by) = (Person::of(server, "vhxh").await, Person::of(server, "tramyte").await);
    indicators(&coordinator, "Y", INDICATORS, "monthly").await;
    let (found, _) = coordinator.get(&format!("/reporting-periods?plan={PLAN}&label={MONTH}")).await;
    open(&coordinator, found["items"][0]["id"].as_str().expect("an id")).await;
    import(&by, "", file(MONTH, "Y", INDICATORS, false)).await;
    import(&by, "", totals(MONTH, "Y", INDICATORS)).await;
    let (found, _) = by.get(&format!("/reports?plan={PLAN}&period={MONTH}&unit=U5")).await;
    let report = format!("/reports/{}", found["items"][0]["id"].as_str().expect("an id"));
    by.step(&report, "submit").await;
    coordinator.step(&report, "accept").await;
    let path = format!("/api/v1/progress?plan={PLAN}&period={MONTH}");
    let reader = server.sign_in("giamsat").await;
    let began = Instant::now();
    let answer = server.body_of(&path, &reader).await;
    assert_eq!(answer["period"]["label"], MONTH, "{answer}");
    println!("\nover 20,000 imported observations; the first answer after {:.0} ms", began.elapsed().as_secs_f64() * 1000.0);
    let works = [
        Work::get("progress", &reader, path.clone()),
        Work::get("progress, exact and recorded", &coordinator.token, path.clone()),
        Work::get("progress, each of another instant", &reader, path).anew("as_of"),
    ];
    against_bare(server, works).await;
}
