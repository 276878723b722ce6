//! What happens in the demonstration: the file and when its events take place.

use crate::change::patch::Patch;
use crate::problem::{Error, Result};
use crate::rooms::amendments::AmendmentIn;
use crate::rooms::consolidation::ConsolidatedEdit;
use crate::rooms::goals::GoalIn;
use crate::rooms::indicators::IndicatorIn;
use crate::rooms::periods::ExtensionIn;
use crate::rooms::plans::PlanIn;
use crate::rooms::reports::{CellIn, Narrative, RemarkIn};
use crate::rooms::tasks::TaskUpdateIn;
use crate::values::clock::UtcTime;
use crate::values::text::Bilingual;
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The events, the earliest first.
const FILE: &str = include_str!("story.json");
/// When the plan is entered.
const BEGINS: &str = "2026-01-05T08:00:00+07:00";
/// Between two events that the clock has not come to yet.
const APART: TimeDelta = TimeDelta::seconds(60);

/// What happens.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Event {
    /// When.
    pub at: UtcTime,
    /// Who does it, by name; no account's name is the service itself.
    pub by: String,
    /// In which ward; left out, in phường Đồng Nguyên.
    #[serde(default)]
    pub ward: Option<String>,
    /// What is done.
    pub act: Act,
}

/// What can be done. Bodies are those of the API.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Act {
    /// A ward takes over the plan.
    Adopt { title: Bilingual },
    /// The province makes a plan of its own, by which its wards' sums are judged.
    Found { plan: Box<PlanIn>, goals: Vec<GoalIn>, indicators: Vec<IndicatorIn> },
    /// A decision amends the plan; what it changes of indicators, by code.
    Amend { amendment: AmendmentIn, indicators: BTreeMap<String, Map<String, Value>> },
    /// A unit is merged into another on the day of the event.
    Merge { unit: String, into: String, reason: String },
    /// A period opens.
    Open { period: String },
    /// A period closes.
    Close { period: String },
    /// A unit gets more time.
    Extend { period: String, extension: ExtensionIn },
    /// Words and figures of a report.
    Write {
        period: String,
        unit: String,
        #[serde(default)]
        narrative: Option<Narrative>,
        #[serde(default)]
        observations: Vec<CellIn>,
    },
    /// A report is handed in.
    Submit { period: String, unit: String },
    /// A report is accepted.
    Accept { period: String, unit: String },
    /// A report is sent back.
    Return {
        period: String,
        unit: String,
        reason: String,
        #[serde(default)]
        remarks: Vec<RemarkIn>,
    },
    /// An accepted report is opened again.
    Reopen { period: String, unit: String, reason: String },
    /// A task goes on.
    Progress { task: String, update: TaskUpdateIn },
    /// The ward's report is computed.
    Consolidate { period: String },
    /// The ward's report gets its words, or its number and date.
    Edit { period: String, edit: Patch<ConsolidatedEdit> },
    /// The leader signs.
    Approve { period: String },
    /// It goes to the province.
    Send { period: String },
    /// The province takes it.
    Acknowledge { period: String },
    /// The province sends it back.
    SendBack { period: String, reason: String },
}

/// The story with times of which none lies in the future.
pub(super) struct Story {
    /// When the plan is entered.
    pub begins: UtcTime,
    /// What happens then, in order.
    pub events: Vec<Event>,
}

/// Reads it.
///
/// # Errors
/// Internal, if the file is not what it was when this was built.
pub(super) fn read(now: UtcTime) -> Result<Story> {
    let mut events: Vec<Event> = serde_json::from_str(FILE)?;
    let begins = UtcTime::parse(BEGINS).ok_or_else(|| Error::internal("the story has no beginning"))?;
    let mut next = now;
    for event in events.iter_mut().rev() {
        if event.at > next {
            event.at = next.plus(-APART);
        }
        next = event.at;
    }
    Ok(Story { begins: begins.min(next.plus(-APART)), events })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_keep_their_order_and_never_lie_in_the_future() {
        for now in ["2025-06-01T00:00:00Z", "2026-11-25T03:00:00Z", "2027-03-01T00:00:00Z", "2031-01-01T00:00:00Z"] {
            let now = UtcTime::parse(now).expect("a time");
            let story = read(now).expect("a story");
            let times: Vec<UtcTime> = std::iter::once(story.begins).chain(story.events.iter().map(|e| e.at)).collect();
            assert!(times.is_sorted() && times.iter().all(|t| *t < now), "at {now}");
        }
    }

    #[test]
    fn what_has_passed_keeps_its_time() {
        let told = read(UtcTime::parse("2031-01-01T00:00:00Z").expect("a time")).expect("a story");
        let file: Vec<Event> = serde_json::from_str(FILE).expect("events");
        assert!(told.events.iter().zip(&file).all(|(a, b)| a.at == b.at));
    }
}
