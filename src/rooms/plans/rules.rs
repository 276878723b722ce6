//! What a plan may become, and what its parts must agree upon: pure.

use super::content::MonthDay;
use super::wire::{PlanIn, PlanStatus};
use crate::problem::words::not_now;
use crate::problem::{Error, Faults, FieldError, Problem, Result, Said, codes, said};
use crate::values::days::Days;
use chrono::{Datelike, NaiveDate};
use std::collections::HashSet;

/// What a plan may become next.
pub(super) fn next(status: PlanStatus) -> &'static [PlanStatus] {
    match status {
        PlanStatus::Draft => &[PlanStatus::Active],
        PlanStatus::Active => &[PlanStatus::Closed],
        PlanStatus::Closed => &[],
    }
}

/// Goes on only if a plan may pass from one status to another; staying is no step.
///
/// # Errors
/// 409 `plan.invalid_transition` with `current` and `allowed[]`.
pub(super) fn transition(from: PlanStatus, to: PlanStatus) -> Result<()> {
    if from == to || next(from).contains(&to) {
        return Ok(());
    }
    Err(refused(from, to).into())
}

fn refused(from: PlanStatus, to: PlanStatus) -> Problem {
    let step = |to: PlanStatus| match to {
        PlanStatus::Draft => ("đưa về dự thảo", "make a draft of"),
        PlanStatus::Active => ("đưa vào thực hiện", "bring into force"),
        PlanStatus::Closed => ("đóng", "close"),
    };
    let state = match from {
        PlanStatus::Draft => ("còn là dự thảo", "is a draft"),
        PlanStatus::Active => ("đang thực hiện", "is in force"),
        PlanStatus::Closed => ("đã đóng", "is closed"),
    };
    let possible: Vec<Said> = next(from).iter().map(|status| Said::from(step(*status))).collect();
    let told = not_now(("Kế hoạch", "The plan"), state, step(to), &possible);
    let told = match from {
        PlanStatus::Closed => told.and(&said("Các năm sau thuộc kế hoạch mới.", "Later years belong to a new plan.")),
        _ => told,
    };
    Problem::new(codes::PLAN_INVALID_TRANSITION).in_state(from.as_str(), next(from).iter().map(|s| s.as_str())).told(told)
}

/// Whether a plan may take this step now.
///
/// # Errors
/// 409, also if it has been taken already.
pub(super) fn step(from: PlanStatus, to: PlanStatus) -> Result<()> {
    if from == to { Err(refused(from, to).into()) } else { transition(from, to) }
}

/// A plan cannot take the place of one that never came into force.
pub(super) fn replaces_a_draft() -> Error {
    let fault = FieldError::new("/replaces", codes::FIELD_CONFLICT);
    Problem::invalid(vec![fault.saying(
        "Kế hoạch được thay thế còn là dự thảo nên chưa có gì để thay. Hãy nêu kế hoạch đang thực hiện, hoặc bỏ trống.",
        "The plan to be replaced is still a draft. Name one that is in force, or none.",
    )])
    .into()
}

/// A plan keeps the years of which something was submitted to it; `last` is the last one of them.
pub(super) fn submitted_already(code: &str, last: i32) -> Error {
    let free = last + 1;
    Problem::new(codes::PLAN_IN_USE)
        .saying(
            format!("Đã có báo cáo năm {last} gửi theo kế hoạch «{code}». Kế hoạch mới bắt đầu được từ năm {free}; trong năm đang báo cáo hãy sửa đổi kế hoạch hiện có."),
            format!("Reports of {last} were submitted under the plan {code}. The new plan can begin with {free}; within a year on its way amend the present one."),
        )
        .member("first_free_year", free)
        .into()
}

/// Goes on only if a plan does not reach beyond the year in which its ward ends.
///
/// # Errors
/// 409 `jurisdiction.dissolved` with `last_year`.
pub(super) fn ends_with_ward(jurisdiction: &str, ward: Days, end_year: i32) -> Result<()> {
    let Some(until) = ward.until.filter(|until| until.year() < end_year) else { return Ok(()) };
    let last = until.year();
    Err(Problem::new(codes::JURISDICTION_DISSOLVED)
        .saying(
            format!(
                "Địa bàn {jurisdiction} tồn tại đến hết ngày {}, nên kế hoạch không kéo dài quá năm {last}. Hãy sửa năm cuối («end_year»).",
                until.format("%d/%m/%Y")
            ),
            format!("The jurisdiction {jurisdiction} exists until {until}, so that a plan does not reach beyond {last}. Change end_year."),
        )
        .member("last_year", last)
        .into())
}

/// Checks what the parts of a plan must agree upon.
///
/// # Errors
/// 422 with every fault.
pub(super) fn check(input: &PlanIn) -> Result<()> {
    let mut faults = Faults::default();
    if input.end_year < input.start_year {
        faults.add(FieldError::new("/end_year", codes::FIELD_CONFLICT).saying(
            "Năm cuối không được trước năm đầu. Hãy sửa một trong hai.",
            "The last year must not be before the first. Mend one of them.",
        ));
    }
    twice(&mut faults, "legal_bases", input.legal_bases.iter().map(|i| i.code.as_str()));
    twice(&mut faults, "reporting_rules", input.reporting_rules.iter().map(|i| i.code.as_str()));
    twice(&mut faults, "events", input.events.iter().map(|i| i.code.as_str()));
    twice(&mut faults, "budget_sources", input.budget_sources.iter().map(|i| i.code.as_str()));
    twice(&mut faults, "outline", input.outline.iter().map(|i| i.code.as_str()));
    twice(&mut faults, "measurement_rules", input.measurement_rules.iter().map(|i| i.code.as_str()));
    twice(&mut faults, "solution_groups", input.solution_groups.iter().map(|i| i.code.as_str()));
    twice(&mut faults, "validation_rules", input.validation_rules.iter().map(|i| i.code.as_str()));
    for (n, event) in input.events.iter().enumerate() {
        for (member, day) in [("start", event.start), ("end", event.end)] {
            if !is_day(day) {
                faults.add(no_day(format!("/events/{n}/{member}/day")));
            }
        }
    }
    for (n, rule) in input.reporting_rules.iter().enumerate() {
        if let Some((Some(month), Some(day))) = rule.deadline.as_ref().map(|d| (d.month, d.day))
            && !is_day(MonthDay { month, day })
        {
            faults.add(no_day(format!("/reporting_rules/{n}/deadline/day")));
        }
    }
    faults.check()
}

/// A code occurs once in its list: a task's budget names a source by it.
fn twice<'a>(faults: &mut Faults, list: &str, all: impl Iterator<Item = &'a str>) {
    let mut seen = HashSet::new();
    for (n, code) in all.enumerate() {
        if !seen.insert(code) {
            faults.add(FieldError::new(format!("/{list}/{n}/code"), codes::FIELD_CONFLICT).saying(
                format!("Mã «{code}» xuất hiện hai lần. Hãy đặt cho mỗi dòng một mã riêng."),
                format!("The code '{code}' stands twice. Give each its own."),
            ));
        }
    }
}

fn no_day(pointer: String) -> FieldError {
    FieldError::new(pointer, codes::FIELD_RANGE)
        .saying("Tháng này không có ngày ấy. Hãy sửa ngày hoặc tháng.", "That month has no such day. Mend the day or the month.")
}

/// 29 February is a day, if not of every year.
fn is_day(day: MonthDay) -> bool {
    let (month, day) = (u32::try_from(day.month).unwrap_or(0), u32::try_from(day.day).unwrap_or(0));
    NaiveDate::from_ymd_opt(2028, month, day).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn plan(more: &Value) -> PlanIn {
        let mut plan =
            json!({"code": "KH-1", "jurisdiction": "09385", "title": {"vi": "Kế hoạch", "en": null}, "start_year": 2026, "end_year": 2030});
        if let (Some(plan), Some(more)) = (plan.as_object_mut(), more.as_object()) {
            plan.extend(more.clone());
        }
        serde_json::from_value(plan).expect("a plan")
    }

    fn pointers(result: Result<()>) -> Vec<String> {
        match result {
            Ok(()) => Vec::new(),
            Err(Error::Problem(problem)) => problem.errors().iter().map(|e| e.pointer.clone()).collect(),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn a_plan_goes_forward_only() {
        use PlanStatus::{Active, Closed, Draft};
        let all = [Draft, Active, Closed];
        let good: Vec<_> =
            all.iter().flat_map(|a| all.iter().map(move |b| (*a, *b))).filter(|(a, b)| a != b && transition(*a, *b).is_ok()).collect();
        assert_eq!(good, [(Draft, Active), (Active, Closed)]);
        assert!(all.iter().all(|s| transition(*s, *s).is_ok() && step(*s, *s).is_err()));
    }

    #[test]
    fn a_plan_ends_with_its_ward() {
        let ward = |until: &str| Days::new(None, until.parse().ok());
        let allowed = |until: &str, end_year| ends_with_ward("09385", ward(until), end_year).is_ok();
        assert!(allowed("2027-06-30", 2027) && allowed("2027-12-31", 2027) && ends_with_ward("09385", Days::default(), 2030).is_ok());
        assert!(!allowed("2027-06-30", 2028));
        let refused = ends_with_ward("09385", ward("2027-06-30"), 2030).unwrap_err().into_problem();
        assert_eq!(refused.to_json(crate::problem::Language::Vi, "", "")["last_year"], json!(2027));
    }

    #[test]
    fn the_parts_of_a_plan_agree() {
        assert!(check(&plan(&json!({}))).is_ok());
        assert_eq!(pointers(check(&plan(&json!({"end_year": 2025})))), ["/end_year"]);
        let source = |code: &str| json!({"code": code, "text": {"vi": "Ngân sách", "en": null}});
        assert_eq!(
            pointers(check(&plan(&json!({"budget_sources": [source("B1"), source("B2"), source("B1")]})))),
            ["/budget_sources/2/code"]
        );
        let event = |month: i32, day: i32| json!({"code": format!("E{month}-{day}"), "name": {"vi": "Ngày", "en": null}, "start": {"month": month, "day": day}, "end": {"month": 12, "day": 31}});
        assert_eq!(
            pointers(check(&plan(&json!({"events": [event(2, 29), event(2, 30), event(11, 31)]})))),
            ["/events/1/start/day", "/events/2/start/day"]
        );
    }
}
