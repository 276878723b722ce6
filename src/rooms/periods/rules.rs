//! The rules of reporting periods: their states, what goes together in one, and how completeness is counted. Pure.

use super::wire::{Completeness, Excused, PeriodIn, PeriodKind, PeriodStatus, ReportStage, UnitCompleteness};
use crate::problem::codes::Code;
use crate::problem::words::{Called, Helper, not_now};
use crate::problem::{FieldError, Problem, Result, Said, codes, said};
use crate::values::Ref;
use crate::values::clock::UtcTime;
use crate::values::period::{Frequency, Label, Schedule, implied, instant_local, today_local};
use crate::values::text::Bilingual;
use chrono::{NaiveDate, TimeDelta};

/// A step in a period's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Reports can be written from now on.
    Open,
    /// No report is taken any more.
    Close,
    /// Reports are taken again.
    Reopen,
}

impl Step {
    const ALL: [Self; 3] = [Self::Open, Self::Close, Self::Reopen];

    fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Close => "close",
            Self::Reopen => "reopen",
        }
    }

    /// What a clerk calls it.
    fn called(self) -> Called {
        match self {
            Self::Open => ("mở", "open"),
            Self::Close => ("đóng", "close"),
            Self::Reopen => ("mở lại", "reopen"),
        }
    }

    /// Where it leads from a status; `None` if it is not possible there.
    fn leads(self, from: PeriodStatus) -> Option<PeriodStatus> {
        match (self, from) {
            (Self::Open, PeriodStatus::Planned) | (Self::Reopen, PeriodStatus::Closed) => Some(PeriodStatus::Open),
            (Self::Close, PeriodStatus::Planned | PeriodStatus::Open) => Some(PeriodStatus::Closed),
            _ => None,
        }
    }
}

/// The state that a step leads to from here.
///
/// # Errors
/// 409 with the present state and the steps that are possible.
pub(super) fn after(status: PeriodStatus, step: Step) -> Result<PeriodStatus> {
    if let Some(to) = step.leads(status) {
        return Ok(to);
    }
    let steps: Vec<Said> = possible(status).map(|step| Said::from(step.called())).collect();
    let told = not_now(("Kỳ báo cáo", "The period"), status.called(), step.called(), &steps);
    Err(conflict(codes::PERIOD_INVALID_TRANSITION, status).told(told).into())
}

/// The steps that can be taken from a status.
fn possible(status: PeriodStatus) -> impl Iterator<Item = Step> {
    Step::ALL.into_iter().filter(move |step| step.leads(status).is_some())
}

/// A conflict with the status of a period.
pub(super) fn conflict(code: &'static Code, status: PeriodStatus) -> Problem {
    Problem::new(code).in_state(status.as_str(), possible(status).map(Step::name))
}

/// Goes on only if a period takes what only an open one does; `coordinator` can open it.
///
/// # Errors
/// 409 before the period opens and after it is closed.
pub fn takes_reports(status: PeriodStatus, coordinator: Helper) -> Result<()> {
    let (code, why, cure) = match status {
        PeriodStatus::Open => return Ok(()),
        PeriodStatus::Planned => (
            codes::PERIOD_NOT_OPEN,
            said("Kỳ báo cáo chưa mở.", "The period is not open yet."),
            coordinator.please("mở kỳ báo cáo, hoặc đợi đến ngày mở", "open the period, or wait for its opening day"),
        ),
        PeriodStatus::Closed => (
            codes::PERIOD_CLOSED,
            said("Kỳ báo cáo đã đóng nên không nhận thêm gì.", "The period is closed and takes nothing more."),
            coordinator.please("mở lại kỳ báo cáo", "reopen the period"),
        ),
    };
    Err(conflict(code, status).told(why.and(&cure)).into())
}

/// Goes on only if a period was opened at some time; `coordinator` can open it.
///
/// # Errors
/// 409 for one that is still planned, or that was closed without having been opened.
pub(super) fn was_opened(status: PeriodStatus, opened: bool, coordinator: Helper) -> Result<()> {
    if opened {
        return Ok(());
    }
    if status == PeriodStatus::Planned {
        return takes_reports(status, coordinator);
    }
    let why = said(
        "Kỳ báo cáo đã đóng mà chưa từng mở, nên không có báo cáo nào.",
        "The period was closed without having been opened, so it has no reports.",
    );
    let cure = coordinator.please("mở lại kỳ báo cáo", "reopen the period");
    Err(conflict(codes::PERIOD_NOT_OPEN, status).told(why.and(&cure)).into())
}

/// Goes on only if a unit can be added.
///
/// # Errors
/// 409 after the period is closed.
pub(super) fn takes_units(status: PeriodStatus, coordinator: Helper) -> Result<()> {
    if status == PeriodStatus::Planned { Ok(()) } else { takes_reports(status, coordinator) }
}

/// What a period says of its time, with all that may be left out filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Times {
    /// Its label.
    pub label: String,
    /// The first day it is about.
    pub starts_on: NaiveDate,
    /// The last day it is about.
    pub ends_on: NaiveDate,
    /// From when on reports can be written.
    pub opens_at: UtcTime,
    /// The first instant at which a report is late.
    pub due_at: UtcTime,
}

/// What is wrong with a period's questions: only what comes once asks any, each under a code of its own.
pub(super) fn questions(input: &PeriodIn) -> Vec<FieldError> {
    let mut faults = Vec::new();
    if input.kind == PeriodKind::Periodic && !input.questions.is_empty() {
        faults.push(FieldError::new("/questions", codes::FIELD_CONFLICT).saying(
            "Chỉ kỳ chuyên đề hoặc đột xuất mới có câu hỏi. Hãy bỏ các câu hỏi, hoặc đổi loại kỳ.",
            "Only a thematic or ad hoc period asks questions. Leave them out, or choose another kind.",
        ));
    }
    for (n, question) in input.questions.iter().enumerate() {
        if input.questions.iter().take(n).any(|earlier| earlier.code == question.code) {
            faults.push(FieldError::new(format!("/questions/{n}/code"), codes::FIELD_CONFLICT).saying(
                "Mã câu hỏi này xuất hiện hai lần. Hãy đặt cho mỗi câu một mã riêng.",
                "This code of a question stands here twice. Give each question its own.",
            ));
        }
    }
    faults
}

/// Fills in what a body leaves out: a periodic period's label tells its days and, by the plan's rules, its instants; one
/// of another kind opens at once.
///
/// # Errors
/// 422 with all that is missing or does not go together.
pub(super) fn times(input: &PeriodIn, schedule: &Schedule, now: UtcTime, opened: bool) -> Result<Times> {
    let mut faults = Vec::new();
    let label = periodic_label(input, &mut faults);
    let by_rule =
        label.and_then(|label| implied(label.frequency(), label.year(), label.year(), schedule).into_iter().find(|i| i.label == label));
    let missing = |name: &str| FieldError::missing(format!("/{name}"), name);
    let starts_on = input.starts_on.or(by_rule.map(|i| i.starts_on));
    let ends_on = input.ends_on.or(by_rule.map(|i| i.ends_on));
    let due_at = input.due_at.or(by_rule.map(|i| i.due_at));
    // Without a label of time nothing tells them; a wrong one is reported alone.
    if input.kind != PeriodKind::Periodic || label.is_some() {
        let absent = [("starts_on", starts_on.is_none()), ("ends_on", ends_on.is_none()), ("due_at", due_at.is_none())];
        faults.extend(absent.iter().filter(|(_, absent)| *absent).map(|(name, _)| missing(name)));
    }
    // A deadline before the day on which it would open by rule was given by hand: then it opens at once.
    let by_rule = by_rule.map(|i| i.opens_at).filter(|opens| due_at.is_none_or(|due| *opens < due));
    let opens_at = input.opens_at.or(by_rule).or(due_at.map(|due| now.min(due.plus(TimeDelta::minutes(-1)))));
    faults.extend(contradictions(starts_on, ends_on, opens_at, due_at, opened));
    if let Some((label, last)) =
        label.zip(ends_on).filter(|(label, last)| !opened && (*last < label.first_day() || *last > label.last_day()))
    {
        faults.push(FieldError::new("/ends_on", codes::PERIOD_LABEL_MISMATCH).told(beside_label(label, last)));
    }
    match (starts_on, ends_on, opens_at, due_at) {
        (Some(starts_on), Some(ends_on), Some(opens_at), Some(due_at)) if faults.is_empty() => {
            let label = input.label.clone().unwrap_or_else(|| named_by(input, now));
            Ok(Times { label, starts_on, ends_on, opens_at, due_at })
        }
        _ => Err(Problem::invalid(faults).into()),
    }
}

fn beside_label(label: Label, last: NaiveDate) -> Said {
    let day = |day: NaiveDate| day.format("%d/%m/%Y").to_string();
    let (first, end) = (label.first_day(), label.last_day());
    said(
        format!(
            "Ngày cuối của kỳ ({}) không thuộc kỳ «{label}» ({} - {}). Hãy sửa ngày cuối, hoặc chọn nhãn khác.",
            day(last),
            day(first),
            day(end)
        ),
        format!("The last day ({last}) is not one of '{label}' ({first} to {end}). Mend it, or choose another label."),
    )
}

/// What a thematic or ad hoc period is called whose maker gave it no label.
fn named_by(input: &PeriodIn, now: UtcTime) -> String {
    input.title.as_ref().map_or_else(|| today_local(now).to_string(), |title| title.vi.chars().take(64).collect())
}

fn periodic_label(input: &PeriodIn, faults: &mut Vec<FieldError>) -> Option<Label> {
    if input.kind != PeriodKind::Periodic {
        return None;
    }
    if input.frequency.is_none() {
        faults.push(FieldError::missing("/frequency", "frequency"));
    }
    let Some(text) = &input.label else {
        faults.push(FieldError::missing("/label", "label"));
        return None;
    };
    match Label::parse(text).filter(|label| input.frequency.is_none_or(|f| f == label.frequency())) {
        Some(label) => Some(label),
        None => {
            faults.push(FieldError::new("/label", codes::FIELD_CONFLICT).saying(
                "Nhãn của kỳ định kỳ phải theo tần suất: «2026» (hằng năm), «2026-Q3» (hằng quý) hoặc «2026-07» (hằng tháng).",
                "The label of a periodic period follows its frequency: 2026, 2026-Q3 or 2026-07.",
            ));
            None
        }
    }
}

fn contradictions(
    starts_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
    opens_at: Option<UtcTime>,
    due_at: Option<UtcTime>,
    opened: bool,
) -> Vec<FieldError> {
    let mut faults = Vec::new();
    if starts_on.zip(ends_on).is_some_and(|(first, last)| first > last) {
        faults.push(FieldError::new("/ends_on", codes::FIELD_CONFLICT).saying(
            "Ngày cuối của kỳ không được sớm hơn ngày đầu. Hãy sửa một trong hai.",
            "The last day cannot come before the first one. Mend one of them.",
        ));
    }
    // A period once opened may have been opened early: then the day that was planned for it says nothing.
    if !opened && opens_at.zip(due_at).is_some_and(|(opens, due)| opens >= due) {
        faults.push(FieldError::new("/due_at", codes::FIELD_CONFLICT).saying(
            "Hạn nộp phải sau thời điểm mở kỳ. Hãy sửa một trong hai.",
            "The deadline must come after the opening. Mend one of them.",
        ));
    }
    faults
}

/// When a unit's report is due: an extension gives time, never takes it.
#[must_use]
pub(super) fn due_of(period_due: UtcTime, extension: Option<UtcTime>) -> UtcTime {
    extension.map_or(period_due, |extended| extended.max(period_due))
}

/// Goes on only if an extension gives time: it comes after the deadline that is in force for the unit.
///
/// # Errors
/// 422 `extension.earlier` at `/due_at`.
pub(super) fn extends(in_force: UtcTime, due_at: UtcTime) -> Result<()> {
    if due_at > in_force {
        return Ok(());
    }
    let there = instant_local(in_force);
    let fault = FieldError::new("/due_at", codes::EXTENSION_EARLIER).saying(
        format!("Hạn mới phải sau hạn đang áp dụng cho đơn vị ({there} giờ Việt Nam). Hãy chọn thời điểm muộn hơn."),
        format!("The new deadline must come after the one in force for the unit ({there} in Viet Nam). Choose a later one."),
    );
    Err(Problem::invalid(vec![fault]).into())
}

/// Whether a list that a patch names is the one that was frozen, in whatever order.
#[must_use]
pub(super) fn same_members(named: Option<&[String]>, frozen: &[Ref]) -> bool {
    let Some(named) = named else { return false };
    let is = |name: &str, r: &Ref| r.code == name || r.id.eq_ignore_ascii_case(name);
    named.iter().all(|name| frozen.iter().any(|r| is(name, r))) && frozen.iter().all(|r| named.iter().any(|name| is(name, r)))
}

/// What a report says of its being on time.
#[derive(Debug, Clone)]
pub(super) struct DueReport {
    /// The unit.
    pub unit: Ref,
    /// Its name by now.
    pub name: Bilingual,
    /// Its state.
    pub stage: ReportStage,
    /// When it is due, extensions counted.
    pub due_at: UtcTime,
    /// The first submission that was not withdrawn.
    pub first_submitted_at: Option<UtcTime>,
    /// That the unit need not report.
    pub excused: Option<Excused>,
}

/// Counts the reports of a period. Deadlines are exclusive: what comes at that very instant is late.
#[must_use]
pub(super) fn tally(reports: Vec<DueReport>, now: UtcTime) -> Completeness {
    let mut sum = Completeness::default();
    for DueReport { unit, name, stage, due_at, first_submitted_at, excused } in reports {
        if excused.is_some() {
            sum.excused += 1;
            sum.units.push(UnitCompleteness::of(unit, name, stage, due_at, excused));
            continue;
        }
        let late = first_submitted_at.is_some_and(|at| at >= due_at);
        let submitted = first_submitted_at.is_some();
        let row = UnitCompleteness {
            expected: 1,
            submitted: submitted.into(),
            on_time: (submitted && !late).into(),
            late: late.into(),
            accepted: matches!(stage, ReportStage::Accepted | ReportStage::Consolidated).into(),
            missing: (!submitted).into(),
            overdue: (!submitted && due_at <= now).into(),
            ..UnitCompleteness::of(unit, name, stage, due_at, None)
        };
        sum.expected += row.expected;
        sum.submitted += row.submitted;
        sum.on_time += row.on_time;
        sum.late += row.late;
        sum.accepted += row.accepted;
        sum.missing += row.missing;
        sum.overdue += row.overdue;
        sum.units.push(row);
    }
    sum
}

/// Whether every reporting unit owes a report: in a regular annual period. Elsewhere those do that are charged with one of its
/// indicators.
#[must_use]
pub(super) fn everybody_reports(kind: &str, frequency: Option<Frequency>) -> bool {
    kind == PeriodKind::Periodic.as_str() && frequency == Some(Frequency::Annual)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> UtcTime {
        UtcTime::parse(text).unwrap()
    }

    fn now() -> UtcTime {
        at("2026-11-25T10:00:00Z")
    }

    fn periodic(frequency: Frequency, label: &str) -> PeriodIn {
        PeriodIn { kind: PeriodKind::Periodic, frequency: Some(frequency), label: Some(label.to_owned()), ..PeriodIn::default() }
    }

    fn pointers(result: Result<Times>) -> Vec<String> {
        result.unwrap_err().into_problem().errors().iter().map(|e| e.pointer.clone()).collect()
    }

    #[test]
    fn steps_are_as_drawn() {
        use PeriodStatus::{Closed, Open, Planned};
        let possible = |status| Step::ALL.into_iter().filter(|s| after(status, *s).is_ok()).map(Step::name).collect::<Vec<_>>();
        assert_eq!((possible(Planned), possible(Open), possible(Closed)), (vec!["open", "close"], vec!["close"], vec!["reopen"]));
        let problem = after(Open, Step::Open).unwrap_err().into_problem().to_json(crate::problem::Language::En, "", "");
        assert_eq!((problem["current"].as_str(), &problem["allowed"]), (Some("open"), &serde_json::json!(["close"])));
    }

    #[test]
    fn a_label_tells_days_and_instants() {
        let t = times(&periodic(Frequency::Annual, "2027"), &Schedule::default(), now(), false).unwrap();
        assert_eq!((t.starts_on.to_string(), t.ends_on.to_string()), ("2027-01-01".to_owned(), "2027-12-31".to_owned()));
        assert_eq!((t.opens_at, t.due_at), (at("2027-10-31T17:00:00Z"), at("2027-11-24T17:00:00Z")));
    }

    #[test]
    fn a_label_fits_its_frequency() {
        let schedule = Schedule::default();
        assert_eq!(pointers(times(&periodic(Frequency::Monthly, "2027"), &schedule, now(), false)), ["/label"]);
        let bare = PeriodIn { kind: PeriodKind::Periodic, ..PeriodIn::default() };
        assert_eq!(pointers(times(&bare, &schedule, now(), false)), ["/frequency", "/label"]);
        let ad_hoc = PeriodIn { kind: PeriodKind::AdHoc, ..PeriodIn::default() };
        assert_eq!(pointers(times(&ad_hoc, &schedule, now(), false)), ["/starts_on", "/ends_on", "/due_at"]);
    }

    #[test]
    fn days_and_instants_go_together() {
        let mut input = periodic(Frequency::Annual, "2027");
        input.starts_on = Some("2028-01-01".parse().unwrap());
        let elsewhere = PeriodIn { ends_on: Some("2028-06-30".parse().unwrap()), ..periodic(Frequency::Annual, "2027") };
        assert_eq!(pointers(times(&elsewhere, &Schedule::default(), now(), false)), ["/ends_on"]);
        assert!(times(&elsewhere, &Schedule::default(), now(), true).is_ok(), "one that has opened keeps what it says");
        (input.opens_at, input.due_at) = (Some(at("2027-10-01T00:00:00Z")), Some(at("2027-01-01T00:00:00Z")));
        assert_eq!(pointers(times(&input, &Schedule::default(), now(), false)), ["/ends_on", "/due_at"]);
        assert_eq!(pointers(times(&input, &Schedule::default(), now(), true)), ["/ends_on"], "opened early");
    }

    #[test]
    fn a_deadline_given_by_hand_does_not_contradict_the_rule_for_opening() {
        let input = PeriodIn { due_at: Some(at("2026-12-25T00:00:00Z")), ..periodic(Frequency::Annual, "2028") };
        assert_eq!(times(&input, &Schedule::default(), now(), false).unwrap().opens_at, now());
    }

    #[test]
    fn an_ad_hoc_period_opens_at_once_even_if_it_is_overdue() {
        let mut input = PeriodIn { kind: PeriodKind::AdHoc, due_at: Some(at("2026-11-25T09:00:00Z")), ..PeriodIn::default() };
        (input.starts_on, input.ends_on) = ("2026-01-01".parse().ok(), "2026-12-31".parse().ok());
        let t = times(&input, &Schedule::default(), now(), false).unwrap();
        assert!(t.opens_at < t.due_at && t.label == "2026-11-25");
    }

    #[test]
    fn the_deadline_is_exclusive() {
        let due = at("2026-11-24T17:00:00Z");
        let report = |submitted: Option<&str>| DueReport {
            unit: Ref::new("x", "U5"),
            name: Bilingual { vi: "Trạm y tế phường".to_owned(), en: None },
            stage: ReportStage::Submitted,
            due_at: due,
            first_submitted_at: submitted.map(at),
            excused: None,
        };
        let sum = tally(vec![report(Some("2026-11-24T16:59:59.999999Z")), report(Some("2026-11-24T17:00:00Z")), report(None)], due);
        assert_eq!((sum.expected, sum.on_time, sum.late, sum.missing, sum.overdue), (3, 1, 1, 1, 1));
        assert_eq!(tally(vec![report(None)], due.plus(TimeDelta::microseconds(-1))).overdue, 0);
        let away = DueReport { excused: Some(Excused { reason: None, at: due }), ..report(None) };
        let sum = tally(vec![report(None), away], due);
        assert_eq!((sum.expected, sum.missing, sum.overdue, sum.excused), (1, 1, 1, 1));
    }

    #[test]
    fn frozen_lists_are_compared_as_sets() {
        let frozen = [Ref::new("a1", "U5"), Ref::new("a2", "U6")];
        let names = |list: &[&str]| list.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
        assert!(same_members(Some(&names(&["U6", "A1"])), &frozen));
        assert!(!same_members(Some(&names(&["U6"])), &frozen) && !same_members(Some(&names(&["U5", "U6", "U7"])), &frozen));
        assert!(!same_members(None, &frozen));
    }

    fn any_stage() -> impl Strategy<Value = ReportStage> {
        prop_oneof![
            Just(ReportStage::Draft),
            Just(ReportStage::Submitted),
            Just(ReportStage::Returned),
            Just(ReportStage::Accepted),
            Just(ReportStage::Consolidated)
        ]
    }

    proptest! {
        #[test]
        fn the_counts_add_up(reports in proptest::collection::vec((any_stage(), -5..5_i64, proptest::option::of(-5..5_i64)), 0..20)) {
            let hour = |h: i64| now().plus(TimeDelta::hours(h));
            let standings: Vec<DueReport> = reports.iter().map(|(stage, due, submitted)| DueReport {
                unit: Ref::new("x", "U5"), name: Bilingual { vi: "x".to_owned(), en: None }, stage: *stage, due_at: hour(*due), first_submitted_at: submitted.map(hour), excused: None,
            }).collect();
            let sum = tally(standings, now());
            prop_assert_eq!(usize::try_from(sum.expected).unwrap(), reports.len());
            prop_assert_eq!(sum.submitted, sum.on_time + sum.late);
            prop_assert_eq!(sum.missing, sum.expected - sum.submitted);
            prop_assert!(sum.overdue <= sum.missing);
            prop_assert_eq!(sum.late, sum.units.iter().map(|u| u.late).sum::<i64>());
            prop_assert!(sum.units.iter().all(|u| u.submitted + u.missing == 1 && u.on_time + u.late == u.submitted));
        }

        #[test]
        fn an_extension_never_takes_time(due in -50..50_i64, extended in proptest::option::of(-50..50_i64)) {
            let hour = |h: i64| now().plus(TimeDelta::hours(h));
            let at = due_of(hour(due), extended.map(hour));
            prop_assert!(at >= hour(due));
            prop_assert!(extended.is_none_or(|e| at >= hour(e)));
        }
    }
}
