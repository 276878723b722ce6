//! A table of refusals as they are read, each held against the rules that hold for all.

use super::language::foreign;
use crate::house::json::text;
use crate::house::{Actor, Answer};
use serde_json::Value;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// Members that only some problems have.
const MEMBERS: [&str; 7] = ["errors", "current", "allowed", "referrers", "first_free_year", "line", "column"];
/// Conflicts that do not speak of a state.
const STATELESS: [&str; 15] = [
    "totp.enabled",
    "totp.not_enabled",
    "code.taken",
    "period.exists",
    "period.implied",
    "period.unit_exists",
    "excusal.exists",
    "transfer.duplicate",
    "plan.overlap",
    "indicator.frozen",
    "user.username_taken",
    "user.last_admin",
    "idempotency.in_progress",
    "jurisdiction.dissolved",
    "unit.dissolved",
];

/// What was answered so far.
#[derive(Default)]
pub struct Table {
    written: String,
    count: usize,
    wrong: Vec<String>,
}

impl Table {
    /// Adds a refusal; `what` says who asked for what.
    pub fn add(&mut self, what: &str, answer: &Answer) {
        let problem = &answer.body;
        assert!(answer.status >= 400 && problem.is_object(), "{what}: {}", answer.excerpt());
        self.wrong.extend(faults_of(problem).into_iter().map(|fault| format!("{what}: {fault}")));
        self.count += 1;
        let (status, code) = (answer.status, text(problem, "code"));
        let detail = steady(text(problem, "detail"));
        writeln!(self.written, "{}. {what}\n   {status} {code}\n   {detail}", self.count).expect("a line");
        for fault in problem["errors"].as_array().into_iter().flatten() {
            let told = steady(text(fault, "detail"));
            let told = if told == detail { "(như trên)".to_owned() } else { told };
            writeln!(self.written, "   - {} [{}] {told}", text(fault, "pointer"), text(fault, "code")).expect("a line");
        }
        self.written.push('\n');
    }

    /// Adds why things are not possible with a resource.
    pub async fn add_actions(&mut self, what: &str, by: &Actor, path: &str) {
        let there = by.get(path).await.ok();
        writeln!(self.written, "{what}").expect("a line");
        for (name, action) in there["_actions"].as_object().expect("_actions") {
            let Some(reason) = action["reason"].as_str() else { continue };
            let reason = steady(reason);
            if MEMBERS.iter().any(|member| reason.contains(&format!("«{member}»"))) || !is_sentence(&reason) {
                self.wrong.push(format!("{what} {name}: {reason}"));
            }
            writeln!(self.written, "   {name}: {reason}").expect("a line");
        }
        self.written.push('\n');
    }

    /// Compares it with what is kept, or renews that.
    pub fn check(&self, least: usize) {
        assert!(self.count >= least, "only {} wrong requests", self.count);
        assert!(self.wrong.is_empty() || std::env::var_os("RENEW_ANSWERS").is_some(), "{:#?}", self.wrong);
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/wording/answers.txt");
        if std::env::var_os("RENEW_ANSWERS").is_some() {
            fs::write(&path, &self.written).expect("written");
            assert!(self.wrong.is_empty(), "{:#?}", self.wrong);
            return;
        }
        let kept = fs::read_to_string(&path).expect("tests/it/wording/answers.txt");
        for (now, was) in self.written.split("\n\n").zip(kept.split("\n\n")) {
            assert_eq!(now, was, "if this is meant: RENEW_ANSWERS=1 tests/run -E 'test(/wrong_requests/)', and read the difference");
        }
        assert_eq!(self.written.len(), kept.len(), "other requests than those kept: renew tests/it/wording/answers.txt");
    }
}

fn is_sentence(told: &str) -> bool {
    foreign(told).is_empty() && told.ends_with(['.', ')'])
}

/// What is wrong with a refusal, whatever it refuses.
fn faults_of(problem: &Value) -> Vec<String> {
    let (title, detail, code) = (text(problem, "title"), text(problem, "detail"), text(problem, "code"));
    let mut wrong = Vec::new();
    let faults = problem["errors"].as_array().map_or(&[][..], Vec::as_slice);
    for told in faults.iter().map(|fault| text(fault, "detail")).chain([detail]) {
        if told.trim_end_matches('.') == title {
            wrong.push(format!("the title again: {told}"));
        }
        if !is_sentence(told) {
            wrong.push(format!("{:?} in: {told}", foreign(told)));
        }
    }
    for member in MEMBERS.iter().filter(|member| problem.get(**member).is_none() && detail.contains(&format!("«{member}»"))) {
        wrong.push(format!("names {member}, which is not there"));
    }
    let state = problem["status"] == 409 && !code.ends_with(".in_use") && !STATELESS.contains(&code);
    if state && !(problem["current"].is_string() && problem["allowed"].is_array()) {
        wrong.push(format!("a conflict of a state without current and allowed: {code}"));
    }
    wrong
}

/// The same without what differs from run to run: ids, moments and the names made for one test.
fn steady(told: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for word in told.split(' ') {
        let core = word.trim_matches(|c: char| !c.is_alphanumeric());
        let id = core.len() == 36 && core.bytes().filter(|b| *b == b'-').count() == 4;
        let day = core.len() == 10 && core.as_bytes()[2] == b'/' && core.as_bytes()[5] == b'/';
        let clock = core.len() == 5 && core.as_bytes()[2] == b':' && core.bytes().filter(u8::is_ascii_digit).count() == 4;
        let label = core.starts_with("DX-");
        let name = match (id, day, clock, label) {
            (true, ..) => "ID",
            (_, true, ..) => "NGÀY",
            (_, _, true, _) => "GIỜ",
            (.., true) => "DX",
            _ => core,
        };
        words.push(if core.is_empty() { word.to_owned() } else { word.replace(core, name) });
    }
    words.join(" ")
}
