//! The server is killed under load, again and again, and nothing that it acknowledged is lost or there by halves.
//!
//! `tests/chaos [kills]` runs this alone with as many kills as one likes; the suite does ten.

use crate::house::json::{bi, list, mark, number, text};
use crate::house::steps::{Report, cell, observation};
use crate::house::{Actor, PLAN, TestApp};
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

on_both![nothing_acknowledged_is_lost];

/// How many kills, unless `BINHDANG_CHAOS_KILLS` says otherwise.
const KILLS: u32 = 10;
/// How long the load lasts before each kill, in milliseconds: from the first answers to full groups of writes.
const LOAD: [u64; 5] = [40, 90, 150, 260, 400];
const WRITERS: usize = 6;

/// What writers were told, and what they were not told but may be there.
#[derive(Default)]
struct Told {
    /// Codes of tasks that were acknowledged; each was written with one assignment.
    tasks: Vec<String>,
    /// Key and code of goals: one acknowledged, or left in the air by the kill.
    goals: Vec<(String, String, bool)>,
    /// The last figure of the report that was acknowledged, and the last that was sent.
    figure: Option<(u32, u32)>,
    /// The last refresh token that was given; it may have been spent on an answer that was lost.
    refresh: Option<String>,
}

impl Told {
    fn and(&mut self, more: Self) {
        self.tasks.extend(more.tasks);
        self.goals.extend(more.goals);
        self.figure = more.figure.or(self.figure);
        self.refresh = more.refresh.or(self.refresh.take());
    }

    fn acknowledged(&self) -> usize {
        self.tasks.len() + self.goals.iter().filter(|(_, _, told)| *told).count()
    }
}

/// Somebody who writes until the server is gone.
#[derive(Clone)]
struct Writer {
    app: TestApp,
    token: String,
    stop: Arc<AtomicBool>,
}

impl Writer {
    fn of(app: &TestApp, by: &Actor, stop: &Arc<AtomicBool>) -> Self {
        Self { app: app.clone(), token: by.token().to_owned(), stop: stop.clone() }
    }

    /// Status, ETag and body; `None` once the server is gone. Under a kill nothing but success is expected.
    async fn send(&self, method: Method, path: &str, header: (&str, &str), body: &Value) -> Option<(String, Value)> {
        if self.stop.load(Ordering::Acquire) {
            return None;
        }
        let request = self.app.http().request(method, format!("{}/api/v1{path}", self.app.base())).bearer_auth(&self.token);
        let answer = request.header(header.0, header.1).json(body).send().await.ok()?;
        let (status, etag) = (answer.status(), answer.headers().get("etag").and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned());
        let body = answer.text().await.ok()?;
        assert!(status.is_success(), "{path}: {status} {body}");
        Some((etag, serde_json::from_str(&body).expect("JSON")))
    }

    async fn tasks(self) -> Told {
        let mut told = Told::default();
        loop {
            let code = format!("K-{}", mark());
            let task = json!({"plan": PLAN, "code": code, "kind": "task", "goals": ["G1"], "text": bi("Việc", "Task"), "status": "not_started",
                "assignments": [{"unit": "U5", "role": "lead"}], "percent_complete": 0});
            match self.send(Method::POST, "/tasks", ("Idempotency-Key", &mark()), &task).await {
                Some(_) => told.tasks.push(code),
                None => return told,
            }
        }
    }

    async fn goals(self) -> Told {
        let mut told = Told::default();
        loop {
            let (key, code) = (mark(), format!("G{}", mark()));
            let acknowledged = self.send(Method::POST, "/goals", ("Idempotency-Key", &key), &goal(&code)).await.is_some();
            told.goals.push((key, code, acknowledged));
            if !acknowledged {
                return told;
            }
        }
    }

    async fn refreshes(self, mut token: String) -> Told {
        loop {
            let body = json!({"refresh_token": token});
            match self.send(Method::POST, "/auth/refresh", ("Accept", "application/json"), &body).await {
                Some((_, tokens)) => token = text(&tokens, "refresh_token").to_owned(),
                None => return Told { refresh: Some(token), ..Told::default() },
            }
        }
    }

    async fn figures(self, report: String, mut etag: String, last: u32) -> Told {
        let mut figure = (last, last);
        loop {
            figure.1 += 1;
            let cells = json!({"observations": [cell("4.1", i64::from(figure.1), 100)]});
            match self.send(Method::PATCH, &format!("{report}/observations"), ("If-Match", &etag), &cells).await {
                Some((next, _)) => (etag, figure.0) = (next, figure.1),
                None => return Told { figure: Some(figure), ..Told::default() },
            }
        }
    }
}

fn goal(code: &str) -> Value {
    json!({"plan": PLAN, "code": code, "ordinal": 9, "field": bi("thử", "trial"), "title": bi("Mục tiêu", "Goal")})
}

async fn nothing_acknowledged_is_lost(app: TestApp) {
    let kills = std::env::var("BINHDANG_CHAOS_KILLS").map_or(KILLS, |n| n.parse().expect("a number of kills"));
    let report = Report::of_health_station(&app).await;
    let mut told = Told::default();
    for (kill, load) in (1..=kills).zip(LOAD.into_iter().cycle()) {
        // Access tokens outlive the server, but not a long run.
        let (office, station) = (app.again(&app.coordinator().await).await, app.again(&report.reporter().await).await);
        let stop = Arc::new(AtomicBool::new(false));
        let (etag, last) = (report.etag().await, told.figure.map_or(100, |figure| figure.1));
        let mut running = vec![tokio::spawn(Writer::of(&app, &station, &stop).figures(report.path.clone(), etag, last))];
        let token = told.refresh.clone().unwrap_or_else(|| text(&office.session().answer, "refresh_token").to_owned());
        running.push(tokio::spawn(Writer::of(&app, &office, &stop).refreshes(token)));
        for n in 0..WRITERS {
            let writer = Writer::of(&app, &office, &stop);
            running.push(if n % 2 == 0 { tokio::spawn(writer.tasks()) } else { tokio::spawn(writer.goals()) });
        }
        tokio::time::sleep(Duration::from_millis(load)).await;
        app.kill_hard();
        stop.store(true, Ordering::Release);
        for writer in running {
            told.and(writer.await.expect("a writer"));
        }
        app.restart().await;
        compare(&app, &office, &report, &mut told, kill).await;
    }
    assert!(told.acknowledged() > usize::try_from(kills).expect("a small number"), "hardly anything was written");
    eprintln!("chaos: {kills} kills, {} rows acknowledged and found", told.acknowledged());
    app.cli(&["audit", "verify"], "");
    app.cli(&["doctor"], "");
}

/// What is there against what was told.
async fn compare(app: &TestApp, office: &Actor, report: &Report, told: &mut Told, kill: u32) {
    let there = office.items("/tasks", &[("kind", "task")]).await;
    let own: Vec<&Value> = there.iter().filter(|t| text(t, "code").starts_with("K-")).collect();
    for code in &told.tasks {
        assert!(own.iter().any(|t| text(t, "code") == code), "kill {kill}: task {code} was acknowledged and is lost");
    }
    for task in own {
        // A task and its assignment were written together.
        assert_eq!(list(task, "assignments").len(), 1, "kill {kill}: {task} is there by halves");
    }
    let goals = office.items("/goals", &[]).await;
    for (key, code, acknowledged) in &mut told.goals {
        let there = goals.iter().filter(|g| text(g, "code") == code).count();
        assert!(
            there == 1 || (!*acknowledged && there == 0),
            "kill {kill}: goal {code}, acknowledged: {acknowledged}, is there {there} times"
        );
        if !*acknowledged {
            // The claim of a key outlives its server for a minute at most; an effect always has its answer.
            let again = office.call("POST", "/goals").header("Idempotency-Key", key).json(&goal(code)).send().await;
            assert!(again.status == 201 || (again.status == 409 && there == 0), "kill {kill}: {}", again.excerpt());
            assert!(again.status == 409 || again.replayed() == (there == 1), "kill {kill}: {}", again.excerpt());
            *acknowledged = again.status == 201;
        }
    }
    told.goals.retain(|(_, _, acknowledged)| *acknowledged);
    let there = report.read().await;
    let total = observation(&there, "4.1", &json!({}));
    if let (Some((acknowledged, sent)), Some(total)) = (&mut told.figure, total) {
        let found: u32 = number(&total["numerator"]).parse().expect("a whole number");
        assert!((*acknowledged..=*sent).contains(&found), "kill {kill}: {found} is neither {acknowledged} nor {sent}");
        (*acknowledged, *sent) = (found, found);
    }
    if let Some(token) = &mut told.refresh {
        // An answer that the kill has swallowed costs nobody a sign-in.
        let tokens = app.anonymous().post("/auth/refresh", &json!({"refresh_token": token})).await.with_status(200);
        text(&tokens, "refresh_token").clone_into(token);
    }
}
