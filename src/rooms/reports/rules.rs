//! The life of a report: which step leads where, who takes it, and what a step does to the instants by which a report is
//! judged. Pure.

use super::status::Status;
use crate::auth::caller::Role;
use crate::problem::codes::Code;
use crate::problem::words::{Called, Helper, not_now};
use crate::problem::{Problem, Result, Said, codes, said};
use crate::values::clock::UtcTime;

/// What happens to a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Step {
    Submit,
    Withdraw,
    Accept,
    Return,
    Reopen,
    /// The consolidated report that holds it is sent.
    Consolidate,
    /// The consolidated report that held it comes back, or is to be corrected.
    Release,
}

impl Step {
    /// The steps that people take.
    pub(super) const OF_PEOPLE: [Self; 5] = [Self::Accept, Self::Reopen, Self::Return, Self::Submit, Self::Withdraw];

    /// It, with who takes it.
    fn with_its_role(self) -> Said {
        let (step, role) = (self.called(), self.role().briefly());
        said(format!("{} ({})", step.0, role.0), format!("{} (by the {})", step.1, role.1))
    }

    /// Its name on the wire.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Submit => "submit",
            Self::Withdraw => "withdraw",
            Self::Accept => "accept",
            Self::Return => "return",
            Self::Reopen => "reopen",
            Self::Consolidate => "consolidate",
            Self::Release => "release",
        }
    }

    /// What was done, as events name it.
    pub(super) fn past(self) -> &'static str {
        match self {
            Self::Submit => "submitted",
            Self::Withdraw => "withdrawn",
            Self::Accept => "accepted",
            Self::Return => "returned",
            Self::Reopen => "reopened",
            Self::Consolidate => "consolidated",
            Self::Release => "released",
        }
    }

    /// What a clerk calls it.
    fn called(self) -> Called {
        match self {
            Self::Submit => ("gửi", "submit"),
            Self::Withdraw => ("rút lại", "withdraw"),
            Self::Accept => ("tiếp nhận", "accept"),
            Self::Return => ("trả lại", "return"),
            Self::Reopen => ("mở lại", "reopen"),
            Self::Consolidate => ("tổng hợp", "consolidate"),
            Self::Release => ("đưa ra khỏi báo cáo tổng hợp", "release"),
        }
    }

    /// Who takes it; `Reporter` means one who reports for this very unit.
    pub(super) fn role(self) -> Role {
        match self {
            Self::Submit | Self::Withdraw => Role::Reporter,
            Self::Accept | Self::Return | Self::Reopen | Self::Consolidate | Self::Release => Role::Coordinator,
        }
    }
}

/// The diagram.
fn next(from: Status, step: Step) -> Option<Status> {
    match (step, from) {
        (Step::Submit, Status::Draft | Status::Returned) => Some(Status::Submitted),
        (Step::Withdraw, Status::Submitted) => Some(Status::Draft),
        (Step::Accept, Status::Submitted) | (Step::Release, Status::Consolidated) => Some(Status::Accepted),
        (Step::Return, Status::Submitted) | (Step::Reopen, Status::Accepted) => Some(Status::Returned),
        (Step::Consolidate, Status::Accepted) => Some(Status::Consolidated),
        _ => None,
    }
}

/// Where a step leads from here.
///
/// # Errors
/// 409 `report.invalid_transition` with the present status and the steps that are possible.
pub(super) fn step(from: Status, step: Step) -> Result<Status> {
    next(from, step).ok_or_else(|| {
        let possible: Vec<Said> = possible(from).map(|step| step.with_its_role()).collect();
        let told = not_now(THE_REPORT, from.called(), step.called(), &possible);
        // Nothing can be done with the report itself.
        let told = if possible.is_empty() { told.and(&corrected_first()) } else { told };
        conflict(codes::REPORT_INVALID_TRANSITION, from).told(told).into()
    })
}

const THE_REPORT: Called = ("Báo cáo", "The report");

/// What people can do with a report of this status.
fn possible(from: Status) -> impl Iterator<Item = Step> {
    Step::OF_PEOPLE.into_iter().filter(move |step| next(from, *step).is_some())
}

/// A conflict with the status of a report.
pub(super) fn conflict(code: &'static Code, status: Status) -> Problem {
    Problem::new(code).in_state(status.as_str(), possible(status).map(Step::name))
}

/// The way out of a consolidated report that was sent.
fn corrected_first() -> Said {
    let (who_vi, who_en) = Role::Coordinator.called();
    said(
        format!("Muốn sửa, trước hết {who_vi} lập báo cáo tổng hợp điều chỉnh của kỳ này, sau đó mở lại báo cáo."),
        format!("To correct it, the {who_en} first draws up a correcting consolidated report of the period, then reopens this one."),
    )
}

/// Whether figures and narrative may be written now, by somebody who reports for the unit; `coordinator` could give the
/// report back to him.
///
/// # Errors
/// 409 `report.not_editable`.
pub(super) fn editable(status: Status, coordinator: Helper) -> Result<()> {
    let way_out = match status {
        Status::Draft | Status::Returned => return Ok(()),
        Status::Submitted if coordinator.himself => said("Hãy rút lại hoặc trả lại báo cáo để sửa.", "Withdraw or return it to edit it."),
        Status::Submitted => {
            let (who_vi, who_en) = coordinator.called;
            said(
                format!("Hãy rút lại báo cáo để sửa, hoặc đề nghị {who_vi} trả lại."),
                format!("Withdraw it to edit it, or ask the {who_en} to return it."),
            )
        }
        Status::Accepted => coordinator.please("mở lại báo cáo và nêu lý do", "reopen the report, with a reason"),
        Status::Consolidated => coordinator.please(
            "lập báo cáo tổng hợp điều chỉnh của kỳ này, sau đó mở lại báo cáo",
            "draw up a correcting consolidated report of the period, then reopen this report",
        ),
    };
    let told = not_now(THE_REPORT, status.called(), ("sửa", "edit"), &[]);
    Err(conflict(codes::REPORT_NOT_EDITABLE, status).told(told.and(&way_out)).into())
}

/// Whether the first submission that stands came at or after the deadline, which is exclusive.
#[must_use]
pub(super) fn is_late(first_submitted_at: Option<UtcTime>, due_at: UtcTime) -> bool {
    first_submitted_at.is_some_and(|at| at >= due_at)
}

/// The first submission that still stands after the latest one was withdrawn: none if that was the first itself, else the
/// first, which the coordinator had returned.
#[must_use]
pub(super) fn first_after_withdrawal(first: Option<UtcTime>, withdrawn: Option<UtcTime>) -> Option<UtcTime> {
    first.filter(|_| first != withdrawn)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Language;
    use proptest::prelude::*;
    use serde_json::json;

    const HELPER: Helper = Helper { himself: false, called: ("điều phối viên", "coordinator") };

    const EVERY: [Step; 7] = [Step::Submit, Step::Withdraw, Step::Accept, Step::Return, Step::Reopen, Step::Consolidate, Step::Release];

    /// Section 5 of the contract.
    const DIAGRAM: [(Status, &str, Status); 8] = [
        (Status::Draft, "submit", Status::Submitted),
        (Status::Returned, "submit", Status::Submitted),
        (Status::Submitted, "withdraw", Status::Draft),
        (Status::Submitted, "accept", Status::Accepted),
        (Status::Submitted, "return", Status::Returned),
        (Status::Accepted, "reopen", Status::Returned),
        (Status::Accepted, "consolidate", Status::Consolidated),
        (Status::Consolidated, "release", Status::Accepted),
    ];

    #[test]
    fn every_step_from_every_status_is_as_drawn() {
        for from in Status::ALL {
            for taken in EVERY {
                let drawn = DIAGRAM.iter().find(|(f, name, _)| *f == from && *name == taken.name()).map(|(_, _, to)| *to);
                assert_eq!(step(from, taken).ok(), drawn, "{} from {}", taken.name(), from.as_str());
            }
        }
    }

    #[test]
    fn a_refusal_names_what_is_possible() {
        for (from, allowed) in [
            (Status::Draft, json!(["submit"])),
            (Status::Returned, json!(["submit"])),
            (Status::Submitted, json!(["accept", "return", "withdraw"])),
            (Status::Accepted, json!(["reopen"])),
            (Status::Consolidated, json!([])),
        ] {
            let refused = step(from, Step::Release).err().or_else(|| step(from, Step::Submit).err()).expect("refused").into_problem();
            let told = refused.to_json(Language::En, "/", "r");
            assert_eq!((&told["current"], &told["allowed"], &told["status"]), (&json!(from.as_str()), &allowed, &json!(409)));
        }
    }

    #[test]
    fn only_what_its_unit_holds_is_editable() {
        let may: Vec<Status> = Status::ALL.into_iter().filter(|s| editable(*s, HELPER).is_ok()).collect();
        assert_eq!(may, [Status::Draft, Status::Returned]);
        assert!(may.iter().all(|s| step(*s, Step::Submit).is_ok()));
        assert!(Status::ALL.into_iter().all(|s| Status::parse(s.as_str()) == Some(s)));
    }

    #[test]
    fn the_deadline_itself_is_late() {
        let due = UtcTime::parse("2026-11-24T17:00:00Z").expect("an instant");
        let at = |micros| Some(due.plus(chrono::TimeDelta::microseconds(micros)));
        assert!(!is_late(None, due) && !is_late(at(-1), due) && is_late(at(0), due) && is_late(at(1), due));
    }

    proptest! {
        /// However a report is handed in, taken back and returned, it is judged by the first submission that somebody
        /// received and nobody took back.
        #[test]
        fn the_first_submission_that_stands_is_judged(steps in prop::collection::vec(0..3_u8, 0..12)) {
            let start = UtcTime::parse("2026-11-01T00:00:00Z").expect("an instant");
            let (mut first, mut last, mut status) = (None, None, Status::Draft);
            // The submissions that stand: a withdrawal takes the last one away, a return keeps it.
            let mut standing: Vec<UtcTime> = Vec::new();
            for (n, chosen) in steps.into_iter().enumerate() {
                let now = start.plus(chrono::TimeDelta::hours(i64::try_from(n).expect("few")));
                let taken = [Step::Submit, Step::Withdraw, Step::Return][usize::from(chosen)];
                let Ok(to) = step(status, taken) else { continue };
                status = to;
                match taken {
                    Step::Submit => {
                        first = first.or(Some(now));
                        last = Some(now);
                        standing.push(now);
                    }
                    Step::Withdraw => {
                        first = first_after_withdrawal(first, last);
                        last = None;
                        standing.pop();
                    }
                    _ => {}
                }
                prop_assert_eq!(first, standing.first().copied());
            }
        }
    }
}
