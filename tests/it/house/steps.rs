//! Steps of a ward's year, so that tests read like the contract: periods, reports, consolidation.

use super::json::{bi, code, list, mark, text};
use super::{Actor, Answer, PLAN, TestApp, WARD};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};
use std::time::Duration;

/// Now and some days, in the form of the wire.
pub fn in_days(days: i64) -> String {
    wire(Utc::now() + TimeDelta::days(days))
}

/// Now and some minutes.
pub fn in_minutes(minutes: i64) -> String {
    wire(Utc::now() + TimeDelta::minutes(minutes))
}

/// Now and some seconds.
pub fn in_seconds(seconds: i64) -> String {
    wire(Utc::now() + TimeDelta::seconds(seconds))
}

fn wire(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// An instant of the wire.
pub fn instant(value: &Value) -> DateTime<Utc> {
    value.as_str().and_then(|t| t.parse().ok()).unwrap_or_else(|| panic!("no instant: {value}"))
}

/// A total: numerator and denominator.
pub fn cell(indicator: &str, numerator: i64, denominator: i64) -> Value {
    json!({"indicator": indicator, "numerator": numerator, "denominator": denominator, "status": "final"})
}

/// One part of a disaggregation.
pub fn part(indicator: &str, dimension: &str, value: &str, numerator: i64, denominator: i64) -> Value {
    json!({"indicator": indicator, "disaggregation": {dimension: value}, "numerator": numerator, "denominator": denominator, "status": "final"})
}

/// A yes or no.
pub fn answer(indicator: &str, yes: bool) -> Value {
    json!({"indicator": indicator, "answer": yes, "status": "final"})
}

/// A reason why the indicator does not apply.
pub fn not_applicable(indicator: &str, reason: &str) -> Value {
    json!({"indicator": indicator, "not_applicable": reason, "status": "final"})
}

/// A reporting period.
#[derive(Clone)]
pub struct Period {
    app: TestApp,
    /// Its id.
    pub id: String,
    /// Its path.
    pub path: String,
}

impl Period {
    /// A period that exists.
    pub fn of(app: &TestApp, id: &str) -> Self {
        Self { app: app.clone(), id: id.to_owned(), path: format!("/reporting-periods/{id}") }
    }

    /// An ad hoc period of these units on these indicators, open, due in a month.
    pub async fn ad_hoc(app: &TestApp, units: &[&str], indicators: &[&str]) -> Self {
        Self::due(app, units, indicators, 30 * 24 * 60).await
    }

    /// The same, due so many minutes from now (negative: in the past).
    pub async fn due(app: &TestApp, units: &[&str], indicators: &[&str], minutes: i64) -> Self {
        let period = Self::planned(app, units, indicators, minutes).await;
        period.open().await;
        period
    }

    /// The same, not yet open.
    pub async fn planned(app: &TestApp, units: &[&str], indicators: &[&str], minutes: i64) -> Self {
        let body = body(units, indicators, minutes);
        let made = app.coordinator().await.post("/reporting-periods", &body).await.with_status(201);
        Self::of(app, text(&made, "id"))
    }

    /// The periodic period with this label, which the server makes ahead by itself; opened.
    pub async fn periodic(app: &TestApp, frequency: &str, label: &str) -> Self {
        let found =
            app.coordinator().await.items("/reporting-periods", &[("plan", PLAN), ("frequency", frequency), ("label", label)]).await;
        assert_eq!(found.len(), 1, "{frequency} {label}: {found:?}");
        let period = Self::of(app, text(&found[0], "id"));
        period.open().await;
        period
    }

    /// The regular period of a plan with this label, of these units on these indicators, open.
    pub async fn regular(app: &TestApp, by: &Actor, plan: &str, label: &str, units: &[&str], indicators: &[&str]) -> Self {
        let frequency = match label.len() {
            4 => "annual",
            _ => "quarterly",
        };
        let mut found = Vec::new();
        for _ in 0..100 {
            found = by.items("/reporting-periods", &[("plan", plan), ("frequency", frequency), ("label", label)]).await;
            if !found.is_empty() {
                break;
            }
            // The server makes the periods of a plan ahead by itself.
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        let period = Self::of(app, text(&found[0], "id"));
        let changes =
            json!({"opens_at": in_days(-30), "due_at": in_days(20), "units": units, "indicators": indicators, "reason": "Kiểm thử"});
        by.patch(&period.path, &changes).await.with_status(200);
        let verb = match text(&by.get(&period.path).await.ok(), "status") {
            "open" => return period,
            "closed" => "reopen",
            _ => "open",
        };
        // The server may open it by itself meanwhile.
        let answer = by.act(&period.path, verb, &json!({})).await;
        assert!([200, 409, 412].contains(&answer.status), "{}", answer.excerpt());
        period
    }

    /// Opens or reopens it, unless it is open.
    pub async fn open(&self) {
        let by = self.app.coordinator().await;
        let verb = match text(&self.read().await, "status") {
            "open" => return,
            "closed" => "reopen",
            _ => "open",
        };
        let answer = by.act(&self.path, verb, &json!({})).await;
        // The server may have opened it by itself meanwhile.
        assert!([200, 409, 412].contains(&answer.status), "{}", answer.excerpt());
        assert_eq!(self.read().await["status"], "open");
    }

    /// As the coordinator sees it.
    pub async fn read(&self) -> Value {
        self.app.coordinator().await.get(&self.path).await.ok()
    }

    /// Closes it.
    pub async fn close(&self) {
        self.app.coordinator().await.act(&self.path, "close", &json!({})).await.with_status(200);
    }

    /// The reports that its opening made.
    pub async fn reports(&self) -> Vec<Report> {
        let found = self.app.coordinator().await.items("/reports", &[("period", &self.id)]).await;
        found.iter().map(|r| Report::of(&self.app, text(r, "id"), code(&r["unit"]))).collect()
    }

    /// The report of one unit.
    pub async fn report(&self, unit: &str) -> Report {
        let all = self.reports().await;
        let units: Vec<String> = all.iter().map(|r| r.unit.clone()).collect();
        all.into_iter().find(|r| r.unit == unit).unwrap_or_else(|| panic!("no report of {unit}, only of {units:?}"))
    }

    /// One unit's figures, filled in, submitted and accepted.
    pub async fn deliver(&self, unit: &str, cells: &[Value]) -> Report {
        let report = self.report(unit).await;
        report.submit(cells).await;
        report.accept().await;
        report
    }

    /// How many have reported.
    pub async fn completeness(&self) -> Value {
        self.app.coordinator().await.get(&format!("{}/completeness", self.path)).await.ok()
    }

    /// Makes the consolidated report.
    pub async fn consolidate(&self) -> Consolidated {
        self.consolidate_for(&json!({"period": self.id})).await
    }

    /// Makes another one, for this reason.
    pub async fn correct(&self, reason: &str) -> Consolidated {
        self.consolidate_for(&json!({"period": self.id, "reason": reason})).await
    }

    async fn consolidate_for(&self, body: &Value) -> Consolidated {
        let made = self.app.coordinator().await.post("/consolidated-reports", body).await.with_status(201);
        Consolidated::of(&self.app, text(&made, "id"))
    }
}

/// What a period is made from.
pub fn body(units: &[&str], indicators: &[&str], due_in_minutes: i64) -> Value {
    json!({
        "plan": PLAN, "kind": "ad_hoc", "label": format!("DX-{}", mark()), "title": bi("Báo cáo đột xuất", "Ad hoc report"),
        "starts_on": "2026-01-01", "ends_on": "2026-12-31",
        "opens_at": in_minutes(due_in_minutes.min(2 * 24 * 60) - 24 * 60), "due_at": in_minutes(due_in_minutes),
        "units": units, "indicators": indicators
    })
}

/// A unit's report.
#[derive(Clone)]
pub struct Report {
    app: TestApp,
    /// Its path.
    pub path: String,
    /// The unit's code.
    pub unit: String,
}

impl Report {
    /// A report that exists.
    pub fn of(app: &TestApp, id: &str, unit: &str) -> Self {
        Self { app: app.clone(), path: format!("/reports/{id}"), unit: unit.to_owned() }
    }

    /// A report of the health station on 4.1 alone.
    pub async fn of_health_station(app: &TestApp) -> Self {
        Period::ad_hoc(app, &["U5"], &["4.1"]).await.report("U5").await
    }

    /// The same, brought to a status: `draft`, `submitted`, `returned`, `accepted` or `consolidated`.
    pub async fn in_status(app: &TestApp, status: &str) -> Self {
        let period = Period::ad_hoc(app, &["U5"], &["4.1"]).await;
        let report = period.report("U5").await;
        report.fill(&[cell("4.1", 109, 100)]).await;
        if status != "draft" {
            report.submit(&[]).await;
        }
        match status {
            "returned" => report.send_back("Bổ sung số liệu").await,
            "accepted" => report.accept().await,
            "consolidated" => {
                report.accept().await;
                period.consolidate().await.send().await;
            }
            _ => {}
        }
        assert_eq!(report.read().await["status"], status);
        report
    }

    /// Somebody of its unit.
    pub async fn reporter(&self) -> Actor {
        self.app.reporter(&self.unit).await
    }

    /// As its unit sees it.
    pub async fn read(&self) -> Value {
        self.reporter().await.get(&self.path).await.ok()
    }

    /// Its present ETag.
    pub async fn etag(&self) -> String {
        self.reporter().await.etag(&self.path).await
    }

    /// Writes cells by somebody; whatever is answered.
    pub async fn try_fill(&self, by: &Actor, cells: &[Value]) -> Answer {
        by.patch_of(&self.path, &format!("{}/observations", self.path), &json!({"observations": cells})).await
    }

    /// Writes cells.
    pub async fn fill(&self, cells: &[Value]) -> Value {
        self.try_fill(&self.reporter().await, cells).await.with_status(200)
    }

    /// Writes cells and submits.
    pub async fn submit(&self, cells: &[Value]) {
        if !cells.is_empty() {
            self.fill(cells).await;
        }
        let done = self.reporter().await.act(&self.path, "submit", &json!({})).await.with_status(200);
        assert_eq!(done["status"], "submitted");
    }

    /// The coordinator accepts.
    pub async fn accept(&self) {
        let done = self.app.coordinator().await.act(&self.path, "accept", &json!({})).await.with_status(200);
        assert_eq!(done["status"], "accepted");
    }

    /// The coordinator returns it.
    pub async fn send_back(&self, reason: &str) {
        let done = self.app.coordinator().await.act(&self.path, "return", &json!({"reason": reason})).await.with_status(200);
        assert_eq!(done["status"], "returned");
    }

    /// The coordinator reopens it.
    pub async fn reopen(&self, reason: &str) {
        let done = self.app.coordinator().await.act(&self.path, "reopen", &json!({"reason": reason})).await.with_status(200);
        assert_eq!(done["status"], "returned");
    }

    /// What stands between it and submitting.
    pub async fn readiness(&self) -> Value {
        self.reporter().await.get(&format!("{}/readiness", self.path)).await.ok()
    }
}

/// The observation of an indicator in a report: its total, or the part with this disaggregation.
pub fn observation<'a>(report: &'a Value, indicator: &str, disaggregation: &Value) -> Option<&'a Value> {
    list(report, "observations").iter().find(|o| code(&o["indicator"]) == indicator && o["disaggregation"] == *disaggregation)
}

/// A consolidated report.
#[derive(Clone)]
pub struct Consolidated {
    app: TestApp,
    /// Its path.
    pub path: String,
}

impl Consolidated {
    /// One that exists.
    pub fn of(app: &TestApp, id: &str) -> Self {
        Self { app: app.clone(), path: format!("/consolidated-reports/{id}") }
    }

    /// As the coordinator, who has the scope, sees it.
    pub async fn read(&self) -> Value {
        self.app.coordinator().await.get(&self.path).await.ok()
    }

    /// The result of one indicator, as the coordinator sees it.
    pub async fn result(&self, indicator: &str) -> Value {
        super::json::of_indicator(list(&self.read().await, "results"), indicator).clone()
    }

    /// A step by somebody; whatever is answered.
    pub async fn try_step(&self, by: &Actor, verb: &str, body: &Value) -> Answer {
        by.act(&self.path, verb, body).await
    }

    /// The leader approves.
    pub async fn approve(&self) -> Value {
        self.try_step(&self.app.leader().await, "approve", &json!({})).await.with_status(200)
    }

    /// Approved and sent.
    pub async fn send(&self) -> Value {
        self.approve().await;
        let sent = self.try_step(&self.app.coordinator().await, "send", &json!({})).await.with_status(200);
        assert_eq!(sent["status"], "sent");
        sent
    }
}

/// Schools under the group U7, with the codes `U7.1`, `U7.2` and so on.
pub async fn schools(app: &TestApp, names: &[&str]) -> Vec<String> {
    let coordinator = app.coordinator().await;
    let mut codes = Vec::new();
    for (n, name) in names.iter().enumerate() {
        let code = format!("U7.{}", n + 1);
        let school = json!({"jurisdiction": WARD, "code": code, "parent": "U7", "kind": "school", "name": bi(name, name),
            "is_group": false, "reports": true, "active": true});
        coordinator.post("/units", &school).await.with_status(201);
        codes.push(code);
    }
    codes
}
