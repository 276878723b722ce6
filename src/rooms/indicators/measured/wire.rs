//! Indicators on the wire.

mod input;
mod output;
mod version;

pub use input::IndicatorIn;
pub use output::IndicatorOut;
pub use version::{IndicatorVersionOut, IndicatorVersions};

use crate::values::Ref;
use crate::values::clock::UtcTime;
use crate::values::period::Frequency;
use crate::values::text::Prose;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What a unit does for an indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Duty {
    /// It reports the figure: the indicator is due from it.
    Report,
    /// It helps those who do.
    Support,
}

impl Duty {
    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Support => "support",
        }
    }

    /// Reads the word on the wire.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Report, Self::Support].into_iter().find(|d| d.as_str() == text)
    }
}

/// On what a unit's duty rests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The plan says so.
    #[default]
    Explicit,
    /// It follows from what the plan says of the unit.
    Inferred,
}

impl Basis {
    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Explicit => "explicit",
            Self::Inferred => "inferred",
        }
    }

    /// Reads the word on the wire.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Explicit, Self::Inferred].into_iter().find(|b| b.as_str() == text)
    }
}

/// A unit's duty as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"unit": "U6", "duty": "report", "basis": "explicit", "why": null}))]
pub struct UnitDutyIn {
    /// A unit of the plan's jurisdiction, by id or code.
    #[schema(max_length = 64, example = "U6")]
    pub unit: String,
    /// What it does. Several may report only where their people or cases are distinct.
    pub duty: Duty,
    /// On what that rests; `explicit` if left out.
    #[serde(default)]
    pub basis: Option<Basis>,
    /// The passage of the plan from which it follows.
    #[serde(default)]
    pub why: Option<Prose>,
}

/// A unit's duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"unit": {"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65", "code": "U6"}, "duty": "report", "basis": "explicit", "why": null}))]
pub struct UnitDutyOut {
    /// The unit.
    pub unit: Ref,
    /// What it does.
    pub duty: Duty,
    /// On what that rests.
    pub basis: Basis,
    /// The passage of the plan from which it follows.
    #[schema(required)]
    pub why: Option<Prose>,
}

/// A dimension of an indicator as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"dimension": "sex", "additive": true, "expected": false}))]
pub struct SplitIn {
    /// A dimension of the plan, by id or code.
    #[schema(max_length = 64, example = "sex")]
    pub dimension: String,
    /// Whether its values split what is counted without overlap, so that the parts sum to the total; not if left out.
    #[serde(default)]
    pub additive: Option<bool>,
    /// Whether leaving it out of a report is worth a warning; not if left out.
    #[serde(default)]
    pub expected: Option<bool>,
}

/// A dimension by which an indicator may be split.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"dimension": {"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a68", "code": "sex"}, "additive": true, "expected": false}))]
pub struct SplitOut {
    /// The dimension.
    pub dimension: Ref,
    /// Whether its values split what is counted without overlap, so that the parts sum to the total.
    pub additive: bool,
    /// Whether leaving it out of a report is worth a warning.
    pub expected: bool,
}

/// Filters of the list of indicators.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct IndicatorFilter {
    /// Indicators of this plan, by id or code.
    #[param(max_length = 64, example = "KH-BDG-DN-2026-2030")]
    pub plan: Option<String>,
    /// Indicators of this goal, by id or code.
    #[param(max_length = 64, example = "G3")]
    pub goal: Option<String>,
    /// Indicators that measure this printed target, by id or code.
    #[param(max_length = 64, example = "3.2")]
    pub plan_indicator: Option<String>,
    /// Indicators that this period asks, each as it asks it: an opened one in the version that it froze, a planned one in that which it
    /// would ask now. By id, or by label beside a plan or a jurisdiction.
    #[param(max_length = 64, example = "2027")]
    pub period: Option<String>,
    /// Indicators that this unit reports or supports, itself or through its group, by id or code; with `period` those that it owes
    /// there.
    #[param(max_length = 64, example = "U6")]
    pub unit: Option<String>,
    /// Indicators reported this often.
    #[param(inline, example = "quarterly")]
    pub frequency: Option<Frequency>,
    /// Only restricted indicators, or only the others.
    pub restricted: Option<bool>,
    /// Indicators of goals whose field is this, in Vietnamese or English, or as the transcription keys it.
    #[param(max_length = 200, example = "family")]
    pub field: Option<String>,
    /// Indicators of this jurisdiction and all below it, by official code.
    #[param(max_length = 16, example = "09385")]
    pub jurisdiction: Option<String>,
    /// The indicator with this code.
    #[param(max_length = 64, example = "3.2a")]
    pub code: Option<String>,
    /// Indicators whose code, name or statement holds this, without regard to case and marks.
    #[param(max_length = 200, example = "tre em trai")]
    pub q: Option<String>,
    /// Indicators changed at or after this instant.
    pub updated_since: Option<UtcTime>,
}
