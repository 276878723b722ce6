//! How complete a period is, on the wire.

use super::obligation::Excused;
use crate::actor::actions::Actions;
use crate::values::Ref;
use crate::values::clock::UtcTime;
use crate::values::text::Bilingual;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a unit's report stands, as completeness tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportStage {
    /// Being written.
    Draft,
    /// Waits for the coordinator.
    Submitted,
    /// Sent back to the unit.
    Returned,
    /// Accepted by the coordinator.
    Accepted,
    /// Inside a consolidated report that was sent.
    Consolidated,
}

impl ReportStage {
    /// Reads the word in the database.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "draft" => Self::Draft,
            "submitted" => Self::Submitted,
            "returned" => Self::Returned,
            "accepted" => Self::Accepted,
            "consolidated" => Self::Consolidated,
            _ => return None,
        })
    }
}

/// How many of the reports that the opening of a period made have come in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Completeness {
    /// The reports that are owed; none before the period opens.
    #[schema(example = 8)]
    pub expected: i64,
    /// Those submitted, accepted and returned ones included.
    #[schema(example = 6)]
    pub submitted: i64,
    /// Those whose first submission that was not withdrawn came in time.
    #[schema(example = 5)]
    pub on_time: i64,
    /// Those whose first submission came late.
    #[schema(example = 1)]
    pub late: i64,
    /// Those accepted.
    #[schema(example = 4)]
    pub accepted: i64,
    /// Those not submitted.
    #[schema(example = 2)]
    pub missing: i64,
    /// The missing ones whose own deadline has passed.
    #[schema(example = 1)]
    pub overdue: i64,
    /// The units that need not report; they are in no other count.
    #[serde(default)]
    #[schema(example = 0)]
    pub excused: i64,
    /// Whether the consolidated report that was sent of the period was returned by the province or is being corrected; left out
    /// where it is frozen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = false)]
    pub under_revision: Option<bool>,
    /// Whether something else is accepted by now than what was sent; left out where it is frozen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = false)]
    pub unpublished_changes: Option<bool>,
    /// The same for each unit.
    pub units: Vec<UnitCompleteness>,
}

/// Whether one unit has reported: each count is 0 or 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({
    "unit": {"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65", "code": "U5"}, "name": {"vi": "Trạm y tế phường", "en": null}, "status": "accepted", "due_at": "2026-11-24T17:00:00Z",
    "expected": 1, "submitted": 1, "on_time": 1, "late": 0, "accepted": 1, "missing": 0, "overdue": 0
}))]
pub struct UnitCompleteness {
    /// The unit.
    pub unit: Ref,
    /// The unit's name by now; left out where it is frozen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<Bilingual>,
    /// Where its report stands.
    pub status: ReportStage,
    /// When its report is due, extensions counted.
    pub due_at: UtcTime,
    /// Whether a report is owed: 1.
    pub expected: i64,
    /// Whether it was submitted.
    pub submitted: i64,
    /// Whether it came in time.
    pub on_time: i64,
    /// Whether it came late.
    pub late: i64,
    /// Whether it was accepted.
    pub accepted: i64,
    /// Whether it is missing.
    pub missing: i64,
    /// Whether it is missing though its deadline has passed.
    pub overdue: i64,
    /// That it need not report: then all counts are 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub excused: Option<Excused>,
    /// Its report; this and what follows is for the coordinator, and for the unit itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a67")]
    pub report: Option<String>,
    /// The report's version; `If-Match` names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 3)]
    pub version: Option<i64>,
    /// How many things stand between it and submitting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 0)]
    pub blockers: Option<usize>,
    /// How many warnings no note explains.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 1)]
    pub warnings: Option<usize>,
    /// How many comments nobody has resolved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 0)]
    pub open_comments: Option<usize>,
    /// What this caller may do with it now.
    #[serde(default, rename = "_actions", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub actions: Option<Actions>,
}

impl Completeness {
    /// The next instant at which a report that is missing becomes overdue.
    #[must_use]
    pub fn next_deadline(&self, now: UtcTime) -> Option<UtcTime> {
        self.units.iter().map(|unit| unit.due_at).filter(|due_at| now < *due_at).min()
    }

    /// The same for those outside the ward: why a unit need not report is nobody's business but the ward's.
    #[must_use]
    pub fn without_reasons(mut self) -> Self {
        for unit in &mut self.units {
            unit.excused = unit.excused.take().map(Excused::without_reason);
        }
        self
    }

    /// The same as it is frozen, where names stand once, with the units.
    #[must_use]
    pub fn without_names(mut self) -> Self {
        for unit in &mut self.units {
            unit.name = None;
        }
        self
    }
}

impl UnitCompleteness {
    /// A unit of which nothing is counted yet; one that need not report stays so.
    #[must_use]
    pub(in crate::rooms::periods) fn of(
        unit: Ref,
        name: Bilingual,
        status: ReportStage,
        due_at: UtcTime,
        excused: Option<Excused>,
    ) -> Self {
        Self {
            unit,
            name: Some(name),
            status,
            due_at,
            expected: 0,
            submitted: 0,
            on_time: 0,
            late: 0,
            accepted: 0,
            missing: 0,
            overdue: 0,
            excused,
            report: None,
            version: None,
            blockers: None,
            warnings: None,
            open_comments: None,
            actions: None,
        }
    }
}
