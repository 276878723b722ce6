//! How fast the service answers, beside a bare actix-web handler that sends the same bytes: `cargo bench --bench http`; and how fast
//! it imports, beside the same rows written straight into the database, and answers over what was imported:
//! `cargo bench --bench http -- imports`.
//!
//! Server, bare handler and load share this machine, so only the ratios mean something. Both are loaded in turn, several
//! rounds each, and the medians are printed. The data are those of `binhdang demo`, on SQLite and, where
//! `BENCH_DATABASE_URL` names a PostgreSQL server, in a database made there and dropped at the end. Nothing here fails on a time.

#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::print_stdout, reason = "a bench that meets something unexpected ends")]

mod imports;
mod load;
mod raw;
mod server;

use load::{Load, load, median};
use serde_json::Value;
use server::{Bare, Server};
use std::sync::Arc;

const ROUNDS: usize = 3;
const PLAN: &str = "KH-BDG-DN-2026-2030";

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|a| a == "--bare") {
        return server::bare(arguments[at + 1].parse().expect("a port"), std::fs::read(&arguments[at + 2]).expect("the bytes"));
    }
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(async {
        let only_imports = arguments.iter().any(|a| a == "imports");
        measure("SQLite", None, only_imports).await;
        match std::env::var("BENCH_DATABASE_URL") {
            Ok(url) => measure("PostgreSQL", Some(url), only_imports).await,
            Err(_) => println!("\nPostgreSQL: not measured, for BENCH_DATABASE_URL names no server"),
        }
    });
}

/// A kind of work: requests that are all alike, or none like another.
struct Work {
    name: &'static str,
    token: String,
    method: &'static str,
    paths: Vec<String>,
    body: &'static str,
    /// A parameter, with an instant as its value, that makes each request ask what nobody has asked before.
    anew: Option<&'static str>,
}

impl Work {
    fn get(name: &'static str, token: &str, path: String) -> Self {
        Self { name, token: token.to_owned(), method: "GET", paths: vec![path], body: "", anew: None }
    }

    fn anew(self, parameter: &'static str) -> Self {
        Self { anew: Some(parameter), ..self }
    }

    /// The request of this number.
    fn request(&self, n: usize) -> Vec<u8> {
        let path = &self.paths[n % self.paths.len()];
        let path = match self.anew {
            Some(parameter) => format!("{path}&{parameter}=2026-11-01T00:00:00.{:06}Z", n % 1_000_000),
            None => path.clone(),
        };
        load::request(self.method, &path, &self.token, &self.body.replace("{n}", &n.to_string()))
    }
}

async fn measure(database: &str, url: Option<String>, only_imports: bool) {
    println!("\n{database}");
    let server = Server::start(url).await;
    if only_imports {
        imports::large(&server).await;
        return imports::progress(&server).await;
    }
    println!("start: {:.0} ms on an empty database, {:.0} ms after; memory idle: {:.0} MiB", server.cold, server.warm, server.memory());
    // The supervisor sees restricted figures suppressed; the coordinator sees them exactly, and each reading is recorded.
    let (reader, exact) = (server.sign_in("giamsat").await, server.sign_in("vhxh").await);
    let listed: Value = server.body_of(&format!("/api/v1/indicators?plan={PLAN}&limit=100"), &reader).await;
    let one = format!("/api/v1/indicators/{}", listed["items"][0]["id"].as_str().expect("an id"));
    let tasks: Value = server.body_of(&format!("/api/v1/tasks?plan={PLAN}&limit=100"), &exact).await;
    let assigned = |task: &&Value| task["assignments"].as_array().is_some_and(|units| !units.is_empty());
    let updates = tasks["items"].as_array().expect("tasks").iter().filter(assigned);
    let updates: Vec<String> = updates.map(|task| format!("/api/v1/tasks/{}/updates", task["id"].as_str().expect("an id"))).collect();
    let list = format!("/api/v1/indicators?plan={PLAN}&limit=100");
    let progress = format!("/api/v1/progress?plan={PLAN}&period=2026");
    let works = [
        Work::get("list of indicators", &reader, list.clone()),
        Work::get("one indicator", &reader, one),
        Work::get("progress", &reader, progress.clone()),
        Work::get("progress, exact and recorded", &exact, progress),
        Work::get("list of indicators, nothing kept", &reader, list).anew("updated_since"),
        Work::get("50 observations, nothing kept", &reader, format!("/api/v1/observations?plan={PLAN}")).anew("updated_since"),
        Work {
            name: "a task's update, durable",
            token: exact.clone(),
            method: "POST",
            paths: updates,
            body: r#"{"status":"in_progress","percent_complete":40,"note":"{n}"}"#,
            anew: None,
        },
    ];
    against_bare(&server, works).await;
}

async fn against_bare(server: &Server, works: impl IntoIterator<Item = Work>) {
    println!("{:<34} {:>9} {:>9} {:>9} {:>6} {:>8} {:>11}", "", "bytes", "a second", "bare", "ratio", "p99 ms", "memory MiB");
    for work in works {
        one_against_bare(server, work).await;
    }
}

async fn one_against_bare(server: &Server, work: Work) {
    let (_, bytes) = load::ask(server.port, &work.request(0)).await.expect("an answer");
    let limit = Bare::start(&bytes).await;
    let work = Arc::new(work);
    let (mut ours, mut bare, mut p99) = (Vec::new(), Vec::new(), Vec::new());
    // Where to go on, so that what is asked anew is new in each round.
    let mut asked = 1;
    for _ in 0..ROUNDS {
        let requests = work.clone();
        let Load { rate, p99: slowest, answers } = load(server.port, asked, move |n| requests.request(n)).await;
        asked += answers;
        ours.push(rate);
        p99.push(slowest);
        let same = work.request(0);
        bare.push(load(limit.port, 0, move |_| same.clone()).await.rate);
    }
    let ratio = median(ours.iter().zip(&bare).map(|(a, b)| a / b).collect());
    println!(
        "{:<34} {:>9} {:>9.0} {:>9.0} {ratio:>6.2} {:>8.1} {:>11.0}",
        work.name,
        bytes.len(),
        median(ours),
        median(bare),
        median(p99),
        server.memory()
    );
}
