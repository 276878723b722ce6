//! What must be right in a task, apart from what it refers to.

use super::wire::{TaskIn, TaskStatus};
use crate::problem::{Faults, FieldError, codes};
use std::collections::HashSet;

/// Notes what contradicts itself in a task.
pub(super) fn check(input: &TaskIn, faults: &mut Faults) {
    if let (Some(starts), Some(due)) = (input.starts_on, input.due_on)
        && due < starts
    {
        faults.add(FieldError::new("/due_on", codes::FIELD_CONFLICT).saying(
            "Ngày hoàn thành không được trước ngày bắt đầu. Hãy sửa một trong hai.",
            "The task is due before it starts. Mend one of the days.",
        ));
    }
    let mut seen = HashSet::new();
    for (i, line) in input.budget.iter().enumerate() {
        for (member, amount) in [("planned", line.planned), ("spent", line.spent)] {
            if amount.is_some_and(crate::values::decimal::Decimal4::is_negative) {
                faults.add(FieldError::new(format!("/budget/{i}/{member}"), codes::FIELD_RANGE).saying(
                    "Số tiền không được âm. Hãy kiểm tra lại dấu trừ.",
                    "An amount of money cannot be negative. Check for a stray minus sign.",
                ));
            }
        }
        if !seen.insert((line.source.as_str(), line.year)) {
            faults.add(twice(format!("/budget/{i}")));
        }
    }
}

/// How much is done where the state says it already: all of what is done, nothing of what has not begun.
pub(super) fn percent_of(status: TaskStatus) -> Option<i32> {
    match status {
        TaskStatus::Done => Some(100),
        TaskStatus::NotStarted => Some(0),
        TaskStatus::InProgress | TaskStatus::Cancelled => None,
    }
}

/// Notes a percentage that contradicts the state.
pub(super) fn progress(status: TaskStatus, percent_complete: i32, faults: &mut Faults) {
    if percent_of(status).is_some_and(|percent| percent != percent_complete) {
        let (vi, en) = match status {
            TaskStatus::Done => (
                "Nhiệm vụ đã hoàn thành thì tỷ lệ hoàn thành là 100 %. Hãy ghi 100, hoặc chọn trạng thái khác.",
                "What is done is 100 % complete. Write 100, or choose another status.",
            ),
            _ => (
                "Nhiệm vụ chưa bắt đầu thì tỷ lệ hoàn thành là 0 %. Hãy ghi 0, hoặc chọn trạng thái khác.",
                "What has not begun is 0 % complete. Write 0, or choose another status.",
            ),
        };
        faults.add(FieldError::new("/percent_complete", codes::FIELD_CONFLICT).saying(vi, en));
    }
}

/// Notes what a list names a second time; `named` are the things themselves, so that an id and a code of the same one
/// count as one.
pub(super) fn once<T: std::hash::Hash + Eq>(named: &[Option<T>], list: &str, faults: &mut Faults) {
    let mut seen = HashSet::new();
    for (i, thing) in named.iter().enumerate() {
        if thing.as_ref().is_some_and(|t| !seen.insert(t)) {
            faults.add(twice(format!("/{list}/{i}")));
        }
    }
}

fn twice(pointer: String) -> FieldError {
    FieldError::new(pointer, codes::FIELD_CONFLICT)
        .saying("Dòng này đã được nêu ở trên. Hãy bỏ một trong hai.", "The list names this twice. Leave one of them out.")
}

/// The order of tasks in the plan: what all do, what serves a goal, what a unit is charged with.
pub(super) fn plan_order(input: &TaskIn) -> String {
    let rank = match input.kind {
        super::TaskKind::Task => 1,
        super::TaskKind::Solution => 2,
        super::TaskKind::Assignment => 3,
    };
    format!("{rank} {}", crate::values::code::natural_key(&input.code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn faults(changes: Value) -> Vec<String> {
        let mut task = json!({"plan": "P", "code": "T1", "kind": "task", "text": {"vi": "Việc", "en": null}});
        task.as_object_mut().expect("an object").extend(changes.as_object().expect("an object").clone());
        let mut faults = Faults::default();
        check(&serde_json::from_value(task).expect("a task"), &mut faults);
        match faults.check() {
            Ok(()) => Vec::new(),
            Err(error) => error.into_problem().errors().iter().map(|e| e.pointer.clone()).collect(),
        }
    }

    #[test]
    fn a_task_ends_after_it_begins() {
        assert_eq!(faults(json!({"starts_on": "2027-03-02", "due_on": "2027-03-01"})), ["/due_on"]);
        assert!(faults(json!({"starts_on": "2027-03-01", "due_on": "2027-03-01"})).is_empty());
        assert!(faults(json!({"due_on": "2027-03-01"})).is_empty());
    }

    #[test]
    fn money_is_given_once_a_year_and_never_negative() {
        let line = |year: i32, spent: i32| json!({"source": "B1", "year": year, "planned": 10.5, "spent": spent});
        assert!(faults(json!({"budget": [line(2026, 0), line(2027, 0)]})).is_empty());
        assert_eq!(faults(json!({"budget": [line(2026, -1), line(2026, 0)]})), ["/budget/0/spent", "/budget/1"]);
    }

    #[test]
    fn a_list_names_a_thing_once() {
        let mut found = Faults::default();
        once(&[Some(1), None, Some(2), None, Some(1)], "goals", &mut found);
        let problem = found.check().expect_err("a fault").into_problem();
        assert_eq!(problem.errors().iter().map(|e| e.pointer.as_str()).collect::<Vec<_>>(), ["/goals/4"]);
    }

    #[test]
    fn solutions_come_between_tasks_and_assignments() {
        let of = |kind: &str, code: &str| {
            plan_order(
                &serde_json::from_value(json!({"plan": "P", "code": code, "kind": kind, "text": {"vi": "Việc", "en": null}}))
                    .expect("a task"),
            )
        };
        assert!(of("task", "T10") < of("solution", "S1.1") && of("solution", "S10.1") < of("assignment", "A1.1"));
        assert!(of("solution", "S1.2") < of("solution", "S1.10"));
    }
}
