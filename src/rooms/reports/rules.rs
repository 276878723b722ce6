//! The life of a report: which step leads where, who takes it, and what a step does to the instants by which a report is
//! judged. Pure.

use super::status::Status;
use crate::auth::caller::Role;
use crate::problem::{Problem, Result, codes};
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
        let allowed: Vec<&str> = Step::OF_PEOPLE.into_iter().filter(|s| next(from, *s).is_some()).map(Step::name).collect();
        Problem::new(codes::REPORT_INVALID_TRANSITION).member("current", from.as_str()).member("allowed", allowed).into()
    })
}

/// Whether figures and narrative may be written now.
///
/// # Errors
/// 409 `report.not_editable`.
pub(super) fn editable(status: Status) -> Result<()> {
    match status {
        Status::Draft | Status::Returned => Ok(()),
        _ => Err(Problem::new(codes::REPORT_NOT_EDITABLE).member("current", status.as_str()).into()),
    }
}

/// Whether a period of this status takes reports. What is written in a closed one stays a draft.
///
/// # Errors
/// 409 `period.closed` or `period.not_open`.
pub(super) fn period_takes(status: &str) -> Result<()> {
    match status {
        "open" => Ok(()),
        "closed" => Err(codes::PERIOD_CLOSED.into()),
        _ => Err(codes::PERIOD_NOT_OPEN.into()),
    }
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
        let may: Vec<Status> = Status::ALL.into_iter().filter(|s| editable(*s).is_ok()).collect();
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
