//! Random lives of a plan after a year was sent: whatever is amended, renamed, merged, moved, closed, returned or begun anew, what
//! everybody reads of that year stays as it was until a correction of it is sent (contract, section 3a).
//!
//! `tests/lives [lives]` lives as many as told.

use crate::house::json::{text, with};
use crate::house::steps::{Consolidated, Period, cell, in_days, part};
use crate::house::{Actor, Answer, PLAN, TestApp};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

on_both![what_was_sent_outlives_everything];

/// How many lives are lived in an ordinary run, on each database.
const LIVES: usize = 3;

/// The year that was sent.
const YEAR: &str = "2027";
const UNITS: [&str; 3] = ["U5", "U6", "U2"];
/// Those that the year asked: one that no year has asked yet is free in all of them.
const INDICATORS: [&str; 3] = ["4.1", "3.3", "2.3"];

/// What may happen to a plan.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// An indicator is given another meaning.
    Amend(usize, u8),
    /// The words of an indicator, a printed target, a goal or a unit are mended.
    Reword(usize, u8),
    /// A unit pauses, or works again.
    Pause(usize, bool),
    /// Another unit is charged with an indicator.
    MoveDuty(usize, usize),
    /// The plan gets an indicator more.
    AddIndicator,
    /// The next year is opened, reported upon and sent, as far as it has come.
    NextYear(u8),
    /// An obligation of the next year is handed over, or a unit excused in it.
    HandOver(usize, usize),
    /// A unit is dissolved; the other one takes over.
    Dissolve(usize, usize),
    /// A correction of the year before is sent.
    CorrectEarlier(u8),
    /// The province returns the year for its wording.
    Return,
    /// A correction of the year is begun: a report of it is reopened and another figure accepted.
    BeginCorrection(u8),
    /// The correction is sent.
    SendCorrection,
    /// The ward comes to another province.
    MoveWard,
    /// The ward is dissolved now, or so many days ahead; one that lies ahead is taken back.
    DissolveWard(i64),
    /// The plan is closed.
    Close,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (unit, indicator) = (0..UNITS.len(), 0..INDICATORS.len());
    let step = prop_oneof![
        4 => (indicator.clone(), 0..6_u8).prop_map(|(i, what)| Step::Amend(i, what)),
        2 => (indicator.clone(), 0..4_u8).prop_map(|(i, what)| Step::Reword(i, what)),
        1 => (unit.clone(), any::<bool>()).prop_map(|(u, back)| Step::Pause(u, back)),
        2 => (indicator.clone(), unit.clone()).prop_map(|(i, u)| Step::MoveDuty(i, u)),
        1 => Just(Step::AddIndicator),
        4 => (0..100_u8).prop_map(Step::NextYear),
        1 => (unit.clone(), unit.clone()).prop_map(|(from, to)| Step::HandOver(from, to)),
        1 => (unit.clone(), unit).prop_map(|(from, to)| Step::Dissolve(from, to)),
        2 => (0..100_u8).prop_map(Step::CorrectEarlier),
        1 => Just(Step::Return),
        2 => (1..100_u8).prop_map(Step::BeginCorrection),
        2 => Just(Step::SendCorrection),
        1 => Just(Step::MoveWard),
        1 => prop_oneof![Just(0), 1..400_i64].prop_map(Step::DissolveWard),
        1 => Just(Step::Close),
    ];
    prop::collection::vec(step, 6..14)
}

async fn what_was_sent_outlives_everything(app: TestApp) {
    let lives = std::env::var("BINHDANG_LIVES").ok().and_then(|lives| lives.parse().ok()).unwrap_or(LIVES);
    let mut chance = if lives == LIVES { TestRunner::deterministic() } else { TestRunner::default() };
    let backend = app.backend();
    live(&app, &steps().new_tree(&mut chance).expect("steps").current()).await;
    for _ in 1..lives {
        let steps = steps().new_tree(&mut chance).expect("steps").current();
        live(&TestApp::start(backend).await, &steps).await;
    }
}

async fn live(app: &TestApp, steps: &[Step]) {
    let mut life = Life::begin(app).await;
    let mut before = life.published().await;
    for (at, step) in steps.iter().enumerate() {
        let sent = life.take(*step).await;
        let now = life.published().await;
        if sent {
            before = now;
            continue;
        }
        for ((what, before), (_, now)) in before.iter().zip(&now) {
            assert_eq!(now, before, "{what}, after {:?}", &steps[..=at]);
        }
    }
    // Progress stayed as it was, and SDMX says what it says.
    crate::sdmx::agrees(app).await;
}

/// A ward whose year 2027 was sent, and 2026 before it.
struct Life {
    app: TestApp,
    by: Actor,
    admin: Actor,
    readers: [Actor; 2],
    earlier: Period,
    year: Period,
    sent: Consolidated,
    correction: Option<Consolidated>,
    next: Option<Period>,
}

/// No answer to these is a fault of the server.
fn told(answer: &Answer) -> bool {
    assert!(answer.status < 500, "{}", answer.excerpt());
    answer.status < 300
}

impl Life {
    async fn begin(app: &TestApp) -> Self {
        let by = app.coordinator().await;
        let earlier = Period::regular(app, &by, PLAN, "2026", &UNITS, &INDICATORS).await;
        earlier.deliver("U5", &[cell("4.1", 112, 100)]).await;
        earlier.deliver("U6", &[cell("3.3", 40, 90)]).await;
        earlier.consolidate().await.send().await;
        let year = Period::regular(app, &by, PLAN, YEAR, &UNITS, &INDICATORS).await;
        year.deliver("U5", &[cell("4.1", 114, 100), part("4.1", "sex", "male", 60, 50)]).await;
        year.deliver("U6", &[cell("3.3", 2, 90)]).await;
        year.deliver("U2", &[cell("2.3", 129, 468)]).await;
        let sent = year.consolidate().await;
        sent.send().await;
        let readers = [app.anonymous(), app.province_machine().await];
        Self { app: app.clone(), by, admin: app.admin().await, readers, earlier, year, sent, correction: None, next: None }
    }

    /// All that others than the ward's own people read of the year, without what may change.
    async fn published(&self) -> Vec<(String, Value)> {
        let mut told = Vec::new();
        for (reader, who) in self.readers.iter().zip(["the public", "the province"]) {
            for (name, of) in [("plan", PLAN), ("jurisdiction", "09385")] {
                let query = [(name, of), ("period", YEAR)];
                let progress = reader.find("/progress", &query).await.ok();
                told.push((
                    format!("progress by {name} to {who}"),
                    without(&progress, &["under_revision", "unpublished_changes", "years", "series"]),
                ));
                let complete = reader.find("/completeness", &query).await.ok();
                let moving = ["under_revision", "unpublished_changes", "acknowledged", "returned", "status"];
                told.push((format!("completeness by {name} to {who}"), without(&complete, &moving)));
            }
            let figures = reader.items("/observations", &[("plan", PLAN), ("period", YEAR)]).await;
            told.push((format!("observations to {who}"), json!(figures)));
        }
        for (reader, who) in [(&self.readers[1], "the province"), (&self.by, "the ward")] {
            let whole = reader.get(&self.sent.path).await.ok();
            told.push((format!("content to {who}"), json!([whole["content"], whole["digest"], whole["signature"], whole["results"]])));
        }
        told
    }

    /// Takes a step, as far as it is possible now; tells whether another report of the year was sent.
    async fn take(&mut self, step: Step) -> bool {
        match step {
            Step::Amend(indicator, what) => self.amend(INDICATORS[indicator], what).await,
            Step::Reword(indicator, what) => self.reword(indicator, what).await,
            Step::Pause(unit, back) => self.change("/units", UNITS[unit], &json!({"active": back})).await,
            Step::MoveDuty(indicator, unit) => {
                let units = json!({"units": [{"unit": UNITS[unit], "duty": "report"}]});
                self.change("/indicators", INDICATORS[indicator], &units).await;
            }
            Step::AddIndicator => self.add_indicator().await,
            Step::NextYear(value) => self.next_year(value).await,
            Step::HandOver(from, to) => self.hand_over(UNITS[from], UNITS[to]).await,
            Step::Dissolve(from, to) => {
                let unit = format!("/units/{}", text(&self.by.by_code("/units", UNITS[from]).await, "id"));
                let merged = json!({"on": &in_days(0)[..10], "successors": [UNITS[to]], "reason": "Sáp nhập"});
                told(&self.by.act(&unit, "dissolve", &merged).await);
            }
            Step::Return => {
                told(&self.sent.try_step(&self.readers[1], "return", &json!({"reason": "Sửa lời văn"})).await);
            }
            Step::BeginCorrection(value) => self.begin_correction(value).await,
            Step::CorrectEarlier(value) => self.correct_earlier(value).await,
            Step::SendCorrection => return self.send_correction().await,
            Step::MoveWard => {
                let moved = json!({"parent": "VN", "parent_from": &in_days(0)[..10]});
                let ward = format!("/jurisdictions/{}", text(&self.admin.by_code("/jurisdictions", "09385").await, "id"));
                told(&self.admin.patch(&ward, &moved).await);
            }
            Step::DissolveWard(days) => self.dissolve_ward(days).await,
            Step::Close => self.change("/plans", PLAN, &json!({"status": "closed"})).await,
        }
        false
    }

    async fn dissolve_ward(&self, days: i64) {
        let ward = format!("/jurisdictions/{}", text(&self.admin.by_code("/jurisdictions", "09385").await, "id"));
        let gone = json!({"on": &in_days(days)[..10], "successors": [], "reason": "Sắp xếp đơn vị hành chính"});
        if !told(&self.admin.act(&ward, "dissolve", &gone).await) {
            told(&self.admin.patch(&ward, &json!({"valid_until": null})).await);
        }
    }

    async fn change(&self, path: &str, code: &str, changes: &Value) {
        let there = self.by.by_code(path, code).await;
        told(&self.by.patch(&format!("{path}/{}", text(&there, "id")), changes).await);
    }

    async fn amend(&self, indicator: &str, what: u8) {
        let there = self.by.by_code("/indicators", indicator).await;
        let target = |value: i64| json!({"targets": [with(&there["targets"][0], &json!({"value": value}))]});
        let changes = match what {
            0 => target(120),
            1 => target(1),
            2 => json!({"multiplier": 1, "tolerance": 2}),
            3 => json!({"direction": if there["direction"] == "at_least" { "at_most" } else { "at_least" }}),
            4 => json!({"roll_up": "sum", "measure_kind": "count", "multiplier": null}),
            _ => json!({"zero_denominator": "no_cases", "disaggregations": []}),
        };
        told(&self.by.patch(&format!("/indicators/{}", text(&there, "id")), &changes).await);
    }

    async fn reword(&self, indicator: usize, what: u8) {
        let name = json!({"name": {"vi": "Tên khác", "en": null}});
        match what {
            0 => self.change("/indicators", INDICATORS[indicator], &name).await,
            1 => self.change("/units", UNITS[indicator % UNITS.len()], &name).await,
            2 => self.change("/goals", "G4", &json!({"title": {"vi": "Mục tiêu khác", "en": null}})).await,
            _ => self.change("/plan-indicators", "4.1", &json!({"statement": {"vi": "Lời khác", "en": null}})).await,
        }
    }

    async fn add_indicator(&self) {
        let there = self.by.by_code("/indicators", "4.1").await;
        let members = [
            "name",
            "statement",
            "measure_kind",
            "multiplier",
            "unit_of_measure",
            "direction",
            "targets",
            "frequency",
            "reference_period",
            "numerator_definition",
            "denominator_definition",
            "integer_parts",
            "zero_denominator",
            "roll_up",
        ];
        let mut made: serde_json::Map<String, Value> = members.iter().map(|m| ((*m).to_owned(), there[*m].clone())).collect();
        made.extend([("plan".to_owned(), json!(PLAN)), ("goal".to_owned(), json!("G4")), ("code".to_owned(), json!("4.9"))]);
        told(&self.by.post("/indicators", &Value::Object(made)).await);
    }

    /// Opens the next year; then reports on it; then sends it.
    async fn next_year(&mut self, value: u8) {
        let Some(next) = &self.next else {
            let found = self.by.items("/reporting-periods", &[("plan", PLAN), ("frequency", "annual"), ("label", "2028")]).await;
            let Some(found) = found.first() else { return };
            let period = Period::of(&self.app, text(found, "id"));
            let asked = json!({"opens_at": in_days(-30), "due_at": in_days(20), "units": UNITS, "indicators": &INDICATORS});
            if told(&self.by.patch(&period.path, &asked).await) && told(&self.by.act(&period.path, "open", &json!({})).await) {
                self.next = Some(period);
            }
            return;
        };
        let value = i64::from(value);
        for (unit, cells) in [("U5", cell("4.1", 100 + value, 100)), ("U6", cell("3.3", value % 10, 90)), ("U2", cell("2.3", value, 468))] {
            let found = self.by.items("/reports", &[("period", &next.id), ("unit", unit)]).await;
            let Some(report) = found.first().map(|r| format!("/reports/{}", text(r, "id"))) else { continue };
            told(&self.by_unit(unit).await.patch_of(&report, &format!("{report}/observations"), &json!({"observations": [cells]})).await);
            told(&self.by_unit(unit).await.act(&report, "submit", &json!({})).await);
            told(&self.by.act(&report, "accept", &json!({})).await);
        }
        let made = self.by.post("/consolidated-reports", &json!({"period": next.id})).await;
        if told(&made) {
            let whole = Consolidated::of(&self.app, text(&made.body, "id"));
            told(&whole.try_step(&self.app.leader().await, "approve", &json!({})).await);
            told(&whole.try_step(&self.by, "send", &json!({})).await);
        }
    }

    async fn by_unit(&self, unit: &str) -> Actor {
        self.app.reporter(unit).await
    }

    async fn hand_over(&self, from: &str, to: &str) {
        let Some(next) = &self.next else { return };
        let handed = json!({"indicator": "2.3", "from_unit": from, "to_unit": to, "reason": "Sắp xếp lại bộ máy"});
        if !told(&self.by.post(&format!("{}/transfers", next.path), &handed).await) {
            told(&self.by.post(&format!("{}/excusals", next.path), &json!({"unit": from, "reason": "Giải thể"})).await);
        }
    }

    async fn begin_correction(&mut self, value: u8) {
        if self.correction.is_none() {
            let made = self.by.post("/consolidated-reports", &json!({"period": self.year.id, "reason": "Số liệu chính thức"})).await;
            if !told(&made) {
                return;
            }
            self.correction = Some(Consolidated::of(&self.app, text(&made.body, "id")));
        }
        let report = self.year.report("U5").await;
        told(&self.by.act(&report.path, "reopen", &json!({"reason": "Số liệu chính thức"})).await);
        let cells = json!({"observations": [cell("4.1", 100 + i64::from(value), 100)]});
        let station = self.by_unit("U5").await;
        told(&station.patch_of(&report.path, &format!("{}/observations", report.path), &cells).await);
        told(&station.act(&report.path, "submit", &json!({})).await);
        told(&self.by.act(&report.path, "accept", &json!({})).await);
    }

    /// Another figure of the year before, one of a restricted indicator as well.
    async fn correct_earlier(&self, value: u8) {
        let made = self.by.post("/consolidated-reports", &json!({"period": self.earlier.id, "reason": "Số liệu chính thức"})).await;
        if !told(&made) {
            return;
        }
        let value = i64::from(value);
        for (unit, figure) in [("U5", cell("4.1", 90 + value, 100)), ("U6", cell("3.3", value % 90, 90))] {
            let report = self.earlier.report(unit).await;
            told(&self.by.act(&report.path, "reopen", &json!({"reason": "Số liệu chính thức"})).await);
            let office = self.by_unit(unit).await;
            told(&office.patch_of(&report.path, &format!("{}/observations", report.path), &json!({"observations": [figure]})).await);
            told(&office.act(&report.path, "submit", &json!({})).await);
            told(&self.by.act(&report.path, "accept", &json!({})).await);
        }
        let whole = Consolidated::of(&self.app, text(&made.body, "id"));
        told(&whole.try_step(&self.by, "refresh", &json!({})).await);
        told(&whole.try_step(&self.app.leader().await, "approve", &json!({})).await);
        told(&whole.try_step(&self.by, "send", &json!({})).await);
    }

    async fn send_correction(&mut self) -> bool {
        let Some(correction) = self.correction.take() else { return false };
        told(&correction.try_step(&self.by, "refresh", &json!({})).await);
        told(&correction.try_step(&self.app.leader().await, "approve", &json!({})).await);
        if told(&correction.try_step(&self.by, "send", &json!({})).await) {
            self.sent = correction;
            return true;
        }
        self.correction = Some(correction);
        false
    }
}

/// A copy without members of these names, wherever they stand.
fn without(value: &Value, names: &[&str]) -> Value {
    match value {
        Value::Object(members) => Value::Object(
            members.iter().filter(|(name, _)| !names.contains(&name.as_str())).map(|(name, v)| (name.clone(), without(v, names))).collect(),
        ),
        Value::Array(items) => Value::Array(items.iter().map(|item| without(item, names)).collect()),
        other => other.clone(),
    }
}
