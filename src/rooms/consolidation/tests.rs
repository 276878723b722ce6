//! Tests of what a consolidated report says of its units and tasks. Its figures are tested in [`crate::rooms::results`], its
//! steps in [`super::rules`].

use super::compute::{Input, Material, Source, Task, compute, inputs};
use super::wire::TaskCounts;
use crate::rooms::periods::Completeness;
use crate::rooms::plans::PlanKey;
use crate::rooms::results::{DisclosureMask, KnownPeriod, PlanFigures};
use crate::rooms::units::UnitKey;
use crate::values::clock::UtcTime;
use crate::values::id::{PeriodId, PlanId, ReportId, TaskId, UnitId};
use crate::values::period::Label;
use std::collections::HashMap;

fn at(text: &str) -> UtcTime {
    UtcTime::parse(text).unwrap()
}

const DUE: &str = "2026-11-24T17:00:00Z";

fn source(unit: &str, period: &str, status: &str, submitted: Option<&str>) -> Source {
    Source {
        id: ReportId::from_text(format!("{unit} {period}")),
        period_id: PeriodId::from_text(period),
        unit_id: UnitId::from_text(unit),
        status: status.to_owned(),
        revision: 1,
        due_at: at(DUE),
        first_submitted_at: submitted.map(at),
        submitted_at: submitted.map(at),
    }
}

fn period(label: &str, due: bool) -> KnownPeriod {
    let parsed = Label::parse(label).unwrap();
    KnownPeriod {
        published: None,
        id: PeriodId::from_text(label),
        name: label.to_owned(),
        label: Some(parsed),
        ends_on: parsed.last_day(),
        due,
        frozen: None,
    }
}

fn unit(code: &str) -> UnitKey {
    UnitKey {
        id: UnitId::from_text(code),
        jurisdiction: "09385".to_owned(),
        parent: None,
        code: code.to_owned(),
        name: format!("Đơn vị {code}"),
        is_group: false,
        reports: true,
        active: true,
    }
}

fn material() -> Material {
    let plan = PlanKey {
        id: PlanId::from_text("plan"),
        code: "KH".to_owned(),
        jurisdiction: "09385".to_owned(),
        start_year: 2026,
        end_year: 2030,
        status: "active".to_owned(),
    };
    let task = |id: &str, kind: &str, status: &str| Task { id: TaskId::from_text(id), kind: kind.to_owned(), status: status.to_owned() };
    Material {
        figures: PlanFigures {
            plan,
            known: std::sync::Arc::default(),
            units: ["U1", "U2", "U4", "U5", "U6"].map(unit).to_vec(),
            periods: vec![period("2026", true), period("2026-Q3", true), period("2026-Q4", false)],
            cells: HashMap::new(),
            splits: HashMap::new(),
            chosen: HashMap::new(),
            computed: HashMap::new(),
        },
        period: period("2026", true),
        sources: vec![
            source("U6", "2026", "returned", Some("2026-11-20T00:00:00Z")),
            source("U5", "2026", "accepted", Some("2026-11-24T16:59:59Z")),
            // The deadline itself is too late.
            source("U2", "2026", "consolidated", Some(DUE)),
            source("U1", "2026", "draft", None),
            source("U4", "2026-Q3", "draft", None),
            source("U4", "2026-Q4", "draft", None),
        ],
        completeness: Completeness::default(),
        tasks: vec![task("N1", "task", "done"), task("N2", "task", "in_progress"), task("A1", "assignment", "not_started")],
        leads: vec![(TaskId::from_text("N1"), UnitId::from_text("U5")), (TaskId::from_text("A1"), UnitId::from_text("U5"))],
    }
}

#[test]
fn who_is_missing_is_named() {
    let computed = compute(&material(), &DisclosureMask::default(), &[]);
    let named: Vec<(&str, &str)> = computed.warnings.iter().map(|w| (w.code.as_str(), w.detail.as_str())).collect();
    assert_eq!(
        named,
        [
            ("report.missing", "U1 (Đơn vị U1) chưa có báo cáo được tiếp nhận trong kỳ 2026."),
            ("report.missing", "U6 (Đơn vị U6) chưa có báo cáo được tiếp nhận trong kỳ 2026."),
            ("report.missing", "U4 (Đơn vị U4) chưa có báo cáo được tiếp nhận trong kỳ 2026-Q3."),
        ]
    );
}

#[test]
fn accepted_reports_go_in_whatever_else_happens_to_them() {
    let mut material = material();
    let before = inputs(&material.sources);
    assert_eq!(before.iter().map(|i| i.report.as_str()).collect::<Vec<_>>(), ["U2 2026", "U5 2026"]);
    let members: Vec<(String, bool)> =
        compute(&material, &DisclosureMask::default(), &[]).members.into_iter().map(|m| (m.unit.code, m.late)).collect();
    assert_eq!(members, [("U2".to_owned(), true), ("U5".to_owned(), false)]);
    // Sent or given back, it is the same report; reopened and accepted again it is another revision.
    material.sources[1].status = "consolidated".to_owned();
    assert_eq!(inputs(&material.sources), before);
    material.sources[1].revision = 2;
    assert!(inputs(&material.sources).contains(&Input { report: ReportId::from_text("U5 2026"), revision: 2 }));
    assert_ne!(inputs(&material.sources), before);
}

#[test]
fn tasks_are_counted_by_kind_and_by_who_leads() {
    let summary = compute(&material(), &DisclosureMask::default(), &[]).task_summary;
    assert_eq!([summary.total, summary.not_started, summary.in_progress, summary.done, summary.cancelled], [3, 1, 1, 1, 0]);
    let kinds: Vec<(&str, u32)> = summary.kinds.iter().map(|k| (k.kind.as_str(), k.tasks.total)).collect();
    assert_eq!(kinds, [("assignment", 1), ("task", 2)]);
    let led = TaskCounts { total: 2, not_started: 1, done: 1, ..TaskCounts::default() };
    assert_eq!(summary.units.iter().map(|u| (u.unit.code.as_str(), u.tasks)).collect::<Vec<_>>(), [("U5", led)]);
}

#[test]
fn what_was_computed_reads_back() {
    let computed = compute(&material(), &DisclosureMask::default(), &[]);
    let stored = serde_json::to_string(&computed).unwrap();
    assert_eq!(serde_json::from_str::<super::compute::Computed>(&stored).unwrap(), computed);
}
