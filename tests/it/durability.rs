//! What was acknowledged is there after `kill -9`, and nothing is there by halves.

use crate::house::json::{bi, list, mark, number, text};
use crate::house::steps::{Period, Report, cell, observation};
use crate::house::{Actor, PLAN, TestApp};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

on_both![
    what_was_acknowledged_survives_a_kill,
    a_transition_survives_with_its_history,
    a_retry_after_a_kill_finds_its_answer,
    sessions_survive_a_restart,
    a_stop_lets_running_requests_end,
];

/// Written, answered, killed at once, read back: twenty times.
async fn what_was_acknowledged_survives_a_kill(app: TestApp) {
    let report = Report::of_health_station(&app).await;
    let by = report.reporter().await;
    for n in 0..20 {
        report.try_fill(&by, &[cell("4.1", 100 + n, 100)]).await.with_status(200);
        app.kill_hard();
        app.restart().await;
        let there = report.read().await;
        let total = observation(&there, "4.1", &json!({})).unwrap_or_else(|| panic!("kill {n}: lost"));
        assert_eq!(number(&total["numerator"]), (100 + n).to_string(), "kill {n}");
    }
    app.cli(&["doctor"], "");
}

async fn a_transition_survives_with_its_history(app: TestApp) {
    for n in 0..4 {
        let report = Report::in_status(&app, "draft").await;
        report.submit(&[]).await;
        app.kill_hard();
        app.restart().await;
        let there = report.read().await;
        assert_eq!((text(&there, "status"), list(&there, "history").len()), ("submitted", 1), "kill {n}");
        report.accept().await;
        app.kill_hard();
        app.restart().await;
        let there = report.read().await;
        assert_eq!((text(&there, "status"), list(&there, "history").len()), ("accepted", 2), "kill {n}");
    }
    // The same of an approval: frozen content, digest and signature come together or not at all.
    let period = Period::ad_hoc(&app, &["U5"], &["4.1"]).await;
    period.deliver("U5", &[cell("4.1", 109, 100)]).await;
    let whole = period.consolidate().await;
    let approved = whole.approve().await;
    app.kill_hard();
    app.restart().await;
    let there = whole.read().await;
    for member in ["status", "content", "digest", "signature"] {
        assert!(!there[member].is_null(), "{member}");
        assert_eq!(there[member], approved[member], "{member}");
    }
}

async fn a_retry_after_a_kill_finds_its_answer(app: TestApp) {
    let by = app.coordinator().await;
    for _ in 0..4 {
        let (code, key) = (format!("G{}", mark()), mark());
        let goal = json!({"plan": PLAN, "code": code, "ordinal": 7, "field": bi("thử", "trial"), "title": bi("Mục tiêu", "Goal")});
        let send = async |by: &Actor| by.call("POST", "/goals").header("Idempotency-Key", &key).json(&goal).send().await;
        let first = send(&by).await;
        first.with_status(201);
        app.kill_hard();
        app.restart().await;
        let again = send(&by).await;
        assert_eq!((again.status, &again.text, again.replayed()), (201, &first.text, true));
        assert_eq!(by.items("/goals", &[("code", &code)]).await.len(), 1);
    }
}

async fn sessions_survive_a_restart(app: TestApp) {
    let by = app.reporter("U5").await;
    by.get("/me").await.ok();
    app.kill_hard();
    app.restart().await;
    by.get("/me").await.with_status(200);
    let refresh = json!({"refresh_token": text(&by.session().answer, "refresh_token")});
    let fresh = app.anonymous().post("/auth/refresh", &refresh).await.with_status(200);
    app.kill_hard();
    app.restart().await;
    // That it was spent survives as well, and what followed it: had the answer been lost, it would be given again.
    let again = app.anonymous().post("/auth/refresh", &refresh).await.with_status(200);
    assert_eq!(again["refresh_token"], fresh["refresh_token"]);
    let next = app.anonymous().post("/auth/refresh", &json!({"refresh_token": fresh["refresh_token"]})).await.with_status(200);
    app.kill_hard();
    app.restart().await;
    app.anonymous().post("/auth/refresh", &refresh).await.problem(401, "token.reused");
    app.anonymous().post("/auth/refresh", &json!({"refresh_token": next["refresh_token"]})).await.refused(401);
}

/// SIGTERM: `/readyz` says so first, what runs is finished, and nobody is cut off in the middle of an answer.
async fn a_stop_lets_running_requests_end(app: TestApp) {
    let public = app.anonymous();
    let stop = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = (0..8)
        .map(|_| {
            let (app, stop) = (app.clone(), stop.clone());
            tokio::spawn(async move {
                while !stop.load(Ordering::Acquire) {
                    // Once the port is closed a connection is refused; an answer that has begun must come whole.
                    let Ok(answer) = app.http().get(format!("{}/api/v1/indicators", app.base())).send().await else { break };
                    let status = answer.status().as_u16();
                    let body = answer.bytes().await.expect("an answer broke off");
                    assert!(status == 200 && body.ends_with(b"}") || status == 503, "{status}");
                }
            })
        })
        .collect();
    public.get("/readyz").await.with_status(200);
    tokio::time::sleep(Duration::from_millis(200)).await;
    let stopping = app.clone();
    let stopped = tokio::task::spawn_blocking(move || stopping.stop());
    // On a busy machine the signal takes its time.
    let mut told = false;
    for _ in 0..500 {
        tokio::time::sleep(Duration::from_millis(10)).await;
        let probe = app.http().get(format!("{}/readyz", app.base())).send().await;
        told = probe.is_err() || probe.is_ok_and(|p| p.status().as_u16() == 503);
        if told {
            break;
        }
    }
    assert!(told, "it says that it is ready while it stops");
    stopped.await.expect("it stops");
    stop.store(true, Ordering::Release);
    for reader in readers {
        reader.await.expect("a reader");
    }
}
