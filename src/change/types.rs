//! What a change may be called, `<resource>.<past verb>`: the one table, from which the document's enum is made. A type that is
//! not in it is not recorded in debug builds, and nobody is shown it.

/// What a change is about: it decides who is told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A person or a machine.
    Account,
    /// An administrative unit.
    Jurisdiction,
    /// What everybody may read of a plan: its goals, indicators, units and tasks.
    Plan,
    /// A reporting period.
    Period,
    /// A unit's report, with its figures.
    Report,
    /// What is said of a report.
    Comment,
    /// A consolidated report that the province has or had: it was sent, acknowledged or returned.
    Sent,
    /// A consolidated report, in any other step.
    Consolidated,
    /// A webhook.
    Webhook,
    /// The service's own keys, of which nobody is told.
    Service,
}

/// A type of changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeType {
    /// Its name.
    pub name: &'static str,
    /// What it is about.
    pub subject: Subject,
}

macro_rules! types {
    ($($subject:ident: $($resource:literal [$($verb:literal)*])*;)*) => {
        /// Every type.
        pub const ALL: &[ChangeType] =
            &[$($($(ChangeType { name: concat!($resource, ".", $verb), subject: Subject::$subject },)*)*)*];
    };
}

types! {
    Plan:
        "plan" ["created" "updated" "activated" "closed" "deleted"]
        "amendment" ["created" "updated" "deleted"]
        "goal" ["created" "updated" "deleted"]
        "plan_indicator" ["created" "updated" "deleted"]
        "indicator" ["created" "updated" "deleted"]
        "disaggregation" ["created" "updated" "deleted"]
        "unit" ["created" "updated" "came_into_force" "went_out_of_force" "dissolution_announced" "dissolved" "deleted"]
        "task" ["created" "updated" "progressed" "deleted"];
    Period:
        "reporting_period" ["created" "updated" "opened" "closed" "reopened" "extended" "unit_added" "unit_excused"
            "excusal_removed" "transferred" "deleted"];
    Report:
        "report" ["created" "updated" "extended" "submitted" "withdrawn" "returned" "accepted" "reopened" "consolidated" "released"];
    Comment:
        "report_comment" ["created" "resolved" "reopened"];
    Consolidated:
        "consolidated_report" ["created" "updated" "refreshed" "approved" "rejected" "deleted"];
    Sent:
        "consolidated_report" ["sent" "acknowledged" "returned"];
    Jurisdiction:
        "jurisdiction" ["created" "updated" "deadline_set" "dissolution_announced" "dissolved" "deleted"];
    Account:
        "user" ["created" "updated" "password_changed" "password_reset" "totp_enabled" "totp_disabled" "totp_reset" "deleted"]
        "client" ["created" "updated" "secret_rotated" "deleted"];
    Webhook:
        "webhook" ["created" "updated" "secret_rotated" "replayed" "disabled" "deleted"];
    Service:
        "signing_key" ["rotated" "started_over"];
}

/// The type of this name.
#[must_use]
pub fn find(name: &str) -> Option<ChangeType> {
    ALL.iter().copied().find(|one| one.name == name)
}

/// The types of which anybody is told, in the order of the table.
pub fn told() -> impl Iterator<Item = ChangeType> {
    ALL.iter().copied().filter(|one| one.subject != Subject::Service)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn types_are_found_by_their_names_which_differ() {
        let names: BTreeSet<&str> = ALL.iter().map(|one| one.name).collect();
        assert_eq!(names.len(), ALL.len());
        let well_formed = |name: &str| name.split_once('.').is_some_and(|(r, v)| !r.is_empty() && !v.is_empty() && !v.contains('.'));
        assert!(names.iter().all(|name| well_formed(name)), "{names:?}");
        assert_eq!(find("consolidated_report.sent").map(|one| one.subject), Some(Subject::Sent));
        assert_eq!(find("consolidated_report.approved").map(|one| one.subject), Some(Subject::Consolidated));
        assert_eq!(find("report"), None);
        assert_eq!(told().count(), ALL.len() - 2);
    }
}
