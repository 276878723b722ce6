//! The states of a consolidated report and what is possible in each: pure.

use super::status::ConsolidatedStatus;
use crate::auth::caller::Role;
use crate::problem::{Problem, Result, codes};
use ConsolidatedStatus::{Acknowledged, Approved, Draft, Returned, Sent};

/// What can be done with a consolidated report as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Computes a draft anew.
    Refresh,
    /// Freezes and signs it.
    Approve,
    /// Gives it back to be prepared anew.
    Reject,
    /// Sends it to the province.
    Send,
    /// The province takes it.
    Acknowledge,
    /// The province sends it back.
    Return,
}

impl Step {
    pub(super) const ALL: [Self; 6] = [Self::Refresh, Self::Approve, Self::Reject, Self::Send, Self::Acknowledge, Self::Return];

    /// Its name in the path, in `_actions` and in the history.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Refresh => "refresh",
            Self::Approve => "approve",
            Self::Reject => "reject",
            Self::Send => "send",
            Self::Acknowledge => "acknowledge",
            Self::Return => "return",
        }
    }

    /// What was done, as events name it.
    pub(super) fn past(self) -> &'static str {
        match self {
            Self::Refresh => "refreshed",
            Self::Approve => "approved",
            Self::Reject => "rejected",
            Self::Send => "sent",
            Self::Acknowledge => "acknowledged",
            Self::Return => "returned",
        }
    }

    /// Who takes it.
    pub(super) fn role(self) -> Role {
        match self {
            Self::Refresh | Self::Send => Role::Coordinator,
            Self::Approve | Self::Reject => Role::Leader,
            Self::Acknowledge | Self::Return => Role::Province,
        }
    }

    /// Where it leads from a status; `None` if it is not possible there.
    fn leads(self, from: ConsolidatedStatus) -> Option<ConsolidatedStatus> {
        match (self, from) {
            (Self::Refresh, Draft) | (Self::Reject, Draft | Approved) => Some(Draft),
            (Self::Approve, Draft) => Some(Approved),
            (Self::Send, Approved) => Some(Sent),
            (Self::Acknowledge, Sent) => Some(Acknowledged),
            (Self::Return, Sent) => Some(Returned),
            _ => None,
        }
    }
}

/// Where a step leads. The province has nothing more to say to one that a later revision has replaced.
///
/// # Errors
/// 409 with the present status and the steps that are possible.
pub(super) fn after(status: ConsolidatedStatus, replaced: bool, step: Step) -> Result<ConsolidatedStatus> {
    let allowed: Vec<&str> = Step::ALL.into_iter().filter(|s| !replaced && s.leads(status).is_some()).map(Step::as_str).collect();
    match step.leads(status) {
        Some(next) if !replaced => Ok(next),
        _ => Err(Problem::new(codes::CONSOLIDATED_INVALID_TRANSITION).member("current", status.as_str()).member("allowed", allowed).into()),
    }
}

/// What can be edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Narrative and resolutions, which the digest covers.
    Content,
    /// The document's number and date, which the clerk writes on what was approved.
    Paper,
}

/// Whether a part can be edited.
///
/// # Errors
/// 409.
pub(super) fn editable(status: ConsolidatedStatus, part: Part) -> Result<()> {
    if (status == Draft) == (part == Part::Content) { Ok(()) } else { Err(codes::CONSOLIDATED_NOT_EDITABLE.into()) }
}

/// Which of a period's consolidated reports (by revision) a new one would replace, if any.
///
/// # Errors
/// 409 while one is being prepared, or if the last one was sent and no reason is given to replace it.
pub(super) fn replaces<'a, T>(existing: &'a [(T, ConsolidatedStatus)], reason: Option<&str>) -> Result<Option<&'a T>> {
    if existing.iter().any(|(_, status)| matches!(status, Draft | Approved)) {
        return Err(codes::CONSOLIDATED_EXISTS.into());
    }
    match existing.last() {
        Some((_, status)) if status.is_public() && reason.is_none() => Err(codes::CONSOLIDATED_EXISTS.into()),
        last => Ok(last.map(|(which, _)| which)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Error;

    #[test]
    fn every_step_in_every_status() {
        let table = [
            (Step::Refresh, [Some(Draft), None, None, None, None]),
            (Step::Approve, [Some(Approved), None, None, None, None]),
            (Step::Reject, [Some(Draft), Some(Draft), None, None, None]),
            (Step::Send, [None, Some(Sent), None, None, None]),
            (Step::Acknowledge, [None, None, Some(Acknowledged), None, None]),
            (Step::Return, [None, None, Some(Returned), None, None]),
        ];
        for (step, leads) in table {
            for (from, to) in ConsolidatedStatus::ALL.into_iter().zip(leads) {
                assert_eq!(after(from, false, step).ok(), to, "{} in {}", step.as_str(), from.as_str());
                assert!(after(from, true, step).is_err(), "{} of a replaced one", step.as_str());
            }
        }
    }

    #[test]
    fn a_refusal_names_what_is_possible() {
        let Err(Error::Problem(problem)) = after(Approved, false, Step::Approve) else { panic!("approved twice") };
        let told = problem.to_json(crate::problem::Language::En, "/", "-");
        assert_eq!((&told["current"], &told["allowed"]), (&serde_json::json!("approved"), &serde_json::json!(["reject", "send"])));
    }

    #[test]
    fn content_in_draft_and_the_paper_afterwards() {
        for status in ConsolidatedStatus::ALL {
            assert_eq!(editable(status, Part::Content).is_ok(), status == Draft);
            assert_eq!(editable(status, Part::Paper).is_ok(), status != Draft);
        }
    }

    #[test]
    fn one_at_a_time_and_replaced_for_a_reason() {
        let replaced = |existing: &[ConsolidatedStatus], reason| {
            let existing: Vec<(usize, ConsolidatedStatus)> = existing.iter().copied().enumerate().collect();
            replaces(&existing, reason).map(Option::<&usize>::copied).map_err(|e| e.to_string())
        };
        assert_eq!(replaced(&[], None), Ok(None));
        assert_eq!(replaced(&[Returned], None), Ok(Some(0)));
        assert_eq!(replaced(&[Returned, Acknowledged], Some("final figures")), Ok(Some(1)));
        for open in [Draft, Approved] {
            assert!(replaced(&[Sent, open], Some("final figures")).is_err());
        }
        for sent in [Sent, Acknowledged] {
            assert!(replaced(&[Returned, sent], None).is_err());
        }
    }

    #[test]
    fn names_read_back() {
        for status in ConsolidatedStatus::ALL {
            assert_eq!(ConsolidatedStatus::parse(status.as_str()), Some(status));
            assert_eq!(serde_json::to_value(status).unwrap(), status.as_str());
        }
    }
}
