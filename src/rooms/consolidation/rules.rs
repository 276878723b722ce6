//! The states of a consolidated report and what is possible in each: pure.

use super::restricted::Overtaken;
use super::status::ConsolidatedStatus;
use crate::auth::caller::Role;
use crate::problem::codes::Code;
use crate::problem::words::{Called, not_now};
use crate::problem::{Problem, Result, Said, codes, said};
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

    /// What a clerk calls it.
    fn called(self) -> Called {
        match self {
            Self::Refresh => ("tính lại", "refresh"),
            Self::Approve => ("phê duyệt", "approve"),
            Self::Reject => ("từ chối", "reject"),
            Self::Send => ("gửi", "send"),
            Self::Acknowledge => ("tiếp nhận", "acknowledge"),
            Self::Return => ("trả lại", "return"),
        }
    }

    /// It, with who takes it.
    fn with_its_role(self) -> Said {
        let (step, role) = (self.called(), self.role().briefly());
        said(format!("{} ({})", step.0, role.0), format!("{} (by the {})", step.1, role.1))
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
    match step.leads(status) {
        Some(next) if !replaced => Ok(next),
        _ => Err(refused(status, replaced, step).into()),
    }
}

const THE_REPORT: Called = ("Báo cáo tổng hợp", "The consolidated report");

fn refused(status: ConsolidatedStatus, replaced: bool, step: Step) -> Problem {
    if replaced {
        let problem = Problem::new(codes::CONSOLIDATED_INVALID_TRANSITION).in_state(status.as_str(), []);
        return problem.saying(
            "Báo cáo tổng hợp này đã được một lần lập sau thay thế nên chỉ còn để xem. Hãy làm việc với lần lập mới nhất của kỳ.",
            "A later revision took the place of this consolidated report, which is only to be read. Work with the period's newest one.",
        );
    }
    let steps: Vec<Said> = possible(status).map(Step::with_its_role).collect();
    let told = not_now(THE_REPORT, status.called(), step.called(), &steps);
    let told = if steps.is_empty() { told.and(&anew(status)) } else { told };
    conflict(codes::CONSOLIDATED_INVALID_TRANSITION, status).told(told)
}

/// The way out of one with which nothing more can be done.
fn anew(status: ConsolidatedStatus) -> Said {
    match status {
        Returned => said(
            "Điều phối viên (Phòng Văn hoá - Xã hội) lập báo cáo tổng hợp mới của kỳ này.",
            "The coordinator (Culture and Social Affairs office) makes the period's consolidated report anew.",
        ),
        _ => said(
            "Muốn sửa, điều phối viên (Phòng Văn hoá - Xã hội) lập báo cáo tổng hợp điều chỉnh và nêu lý do.",
            "To correct it, the coordinator (Culture and Social Affairs office) draws up a correcting one, with a reason.",
        ),
    }
}

/// The steps that can be taken from a status.
fn possible(status: ConsolidatedStatus) -> impl Iterator<Item = Step> {
    Step::ALL.into_iter().filter(move |step| step.leads(status).is_some())
}

/// A conflict with the status of a consolidated report.
pub(super) fn conflict(code: &'static Code, status: ConsolidatedStatus) -> Problem {
    Problem::new(code).in_state(status.as_str(), possible(status).map(Step::as_str))
}

/// 409 `consolidated_report.stale`: an indicator in a draft was made restricted since it was computed, or since its words were written.
pub(super) fn restricted_since(overtaken: Overtaken, status: ConsolidatedStatus) -> Problem {
    let problem = conflict(codes::CONSOLIDATED_STALE, status);
    match overtaken {
        Overtaken::Figures => problem.saying(
            "Sau khi tổng hợp, có chỉ tiêu đã được đặt là số liệu hạn chế. Điều phối viên (Phòng Văn hoá - Xã hội) tính lại rồi mới duyệt được.",
            "Since this was computed an indicator in it was made restricted. The coordinator refreshes it first, then it can be approved.",
        ),
        Overtaken::Words => problem.saying(
            "Phần thuyết minh được viết trước khi có chỉ tiêu trong báo cáo được đặt là số liệu hạn chế, nên có thể nêu số liệu phải che. Điều phối viên (Phòng Văn hoá - Xã hội) sửa phần thuyết minh, hoặc tính lại và ghép lại thuyết minh của các đơn vị («compile_narrative»), rồi mới duyệt được.",
            "The narrative was written before an indicator in this report was made restricted, and may name figures that are hidden. The coordinator edits it, or refreshes with compile_narrative, then it can be approved.",
        ),
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
    if (status == Draft) == (part == Part::Content) {
        return Ok(());
    }
    let told = match (part, status) {
        (Part::Paper, _) => said(
            "Báo cáo tổng hợp còn là dự thảo nên chưa ghi số và ngày văn bản được. Hãy ghi sau khi lãnh đạo phê duyệt.",
            "The consolidated report is a draft, so it has no number and date yet. Set them once the leader has approved it.",
        ),
        (Part::Content, Approved) => not_now(THE_REPORT, status.called(), ("sửa hoặc xoá", "edit or delete"), &[]).and(&said(
            "Hãy đề nghị lãnh đạo từ chối để đưa về dự thảo; số và ngày văn bản vẫn ghi được.",
            "Ask the leader to reject it to draft; its number and date can be set as it is.",
        )),
        (Part::Content, _) => not_now(THE_REPORT, status.called(), ("sửa hoặc xoá", "edit or delete"), &[]).and(&anew(status)),
    };
    Err(conflict(codes::CONSOLIDATED_NOT_EDITABLE, status).told(told).into())
}

/// Which of a period's consolidated reports (by revision) a new one would replace, if any.
///
/// # Errors
/// 409 while one is being prepared, or if the last one was sent and no reason is given to replace it.
pub(super) fn replaces<'a, T>(existing: &'a [(T, ConsolidatedStatus)], reason: Option<&str>) -> Result<Option<&'a T>> {
    if let Some((_, status)) = existing.iter().find(|(_, status)| matches!(status, Draft | Approved)) {
        return Err(there_is_one(*status).into());
    }
    match existing.last() {
        Some((_, status)) if status.is_public() && reason.is_none() => Err(there_is_one(*status).into()),
        last => Ok(last.map(|(which, _)| which)),
    }
}

fn there_is_one(status: ConsolidatedStatus) -> Problem {
    let (state_vi, state_en) = status.called();
    let (cure_vi, cure_en) = match status {
        Draft => ("Hãy sửa hoặc tính lại báo cáo đó, hoặc xoá nó để lập lại.", "Edit or refresh that one, or delete it first."),
        Approved => {
            ("Hãy gửi báo cáo đó; muốn lập lại thì lãnh đạo từ chối trước.", "Send that one; to make it anew, the leader rejects it first.")
        }
        _ => ("Muốn điều chỉnh, hãy nêu lý do («reason») khi lập.", "To correct it, give a reason when making another one."),
    };
    conflict(codes::CONSOLIDATED_EXISTS, status).saying(
        format!("Kỳ này đã có báo cáo tổng hợp, báo cáo đó {state_vi}. {cure_vi}"),
        format!("The period has a consolidated report, which {state_en}. {cure_en}"),
    )
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
