//! Observations on the wire.

use crate::figures::ObservationStatus;
use crate::values::clock::UtcTime;
use crate::values::decimal::Decimal4;
use crate::values::period::Reference;
use crate::values::{PeriodRef, Ref};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

/// How certain a figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FigureStatus {
    /// To be replaced by a final figure.
    Estimate,
    /// As it will stay.
    Final,
}

impl FigureStatus {
    /// Its name in the database.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Estimate => "estimate",
            Self::Final => "final",
        }
    }
}

impl From<ObservationStatus> for FigureStatus {
    fn from(status: ObservationStatus) -> Self {
        match status {
            ObservationStatus::Estimate => Self::Estimate,
            ObservationStatus::Final => Self::Final,
        }
    }
}

/// Filters of the list of observations.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ObservationFilter {
    /// Figures of this plan, by id or code.
    #[param(max_length = 64, example = "KH-BDG-DN-2026-2030")]
    pub plan: Option<String>,
    /// Figures of this administrative unit and all below it, by official code: `24` is every ward of tỉnh Bắc Ninh.
    #[param(max_length = 16, example = "09385")]
    pub jurisdiction: Option<String>,
    /// Figures for this indicator, by id or code.
    #[param(max_length = 64, example = "4.1")]
    pub indicator: Option<String>,
    /// Figures for the indicators of this goal, by id or code.
    #[param(max_length = 64, example = "G4")]
    pub goal: Option<String>,
    /// Figures of this unit, by id or code.
    #[param(max_length = 64, example = "U5")]
    pub unit: Option<String>,
    /// Figures of this period, by id, or of the periodic ones with this label.
    #[param(max_length = 200, example = "2026")]
    pub period: Option<String>,
    /// Figures of periods that begin on this day or later: a date, or a label (`2026`, `2026-Q3`, `2026-07`) for its first day.
    #[param(max_length = 10, pattern = "^[1-9][0-9]{3}(-(Q[1-4]|(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?))?$", example = "2026-01-01")]
    pub from: Option<String>,
    /// Figures of periods that end on this day or before: a date, or a label for its last day.
    #[param(max_length = 10, pattern = "^[1-9][0-9]{3}(-(Q[1-4]|(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?))?$", example = "2027-12-31")]
    pub to: Option<String>,
    /// Estimates or final figures only.
    #[param(inline)]
    pub status: Option<FigureStatus>,
    /// Figures that became readable at or after this instant: see `updated_at`.
    pub updated_since: Option<UtcTime>,
    /// Figures as they were at this instant, not after now: what was accepted or published then. Restricted figures are hidden but from those
    /// who read them exactly.
    #[param(example = "2027-01-15T00:00:00Z")]
    pub as_of: Option<UtcTime>,
}

/// A figure that a unit reported (số liệu), as accepted or as published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ObservationOut {
    /// Its id, a UUIDv7.
    #[schema(format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a70")]
    pub id: String,
    /// The plan.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a60", "code": "KH-BDG-DN-2026-2030"}))]
    pub plan: Ref,
    /// The ward, by official code.
    #[schema(example = "09385")]
    pub jurisdiction: String,
    /// The indicator.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a71", "code": "4.1"}))]
    pub indicator: Ref,
    /// The unit that reported it.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65", "code": "U5"}))]
    pub unit: Ref,
    /// The period.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a66", "label": "2026"}))]
    pub period: PeriodRef,
    /// The stretch of time that it is about: the period itself or, for a school year, the one that ends in it.
    pub reference: Reference,
    /// The value of each dimension by which it is split; `{}` for the total.
    #[schema(example = json!({"sex": "female"}))]
    pub disaggregation: BTreeMap<String, String>,
    /// The numerator.
    #[schema(required, example = 109)]
    pub numerator: Option<Decimal4>,
    /// The denominator.
    #[schema(required, example = 100)]
    pub denominator: Option<Decimal4>,
    /// The value that they make, under the definition that held.
    #[schema(required, example = 109)]
    pub value: Option<Decimal4>,
    /// The answer to a qualitative indicator.
    #[schema(required, example = json!(null))]
    pub answer: Option<bool>,
    /// How certain it is.
    pub status: FigureStatus,
    /// Why the indicator does not concern the unit.
    #[schema(required, example = json!(null))]
    pub not_applicable: Option<String>,
    /// The unit's note; of the ward's own people only.
    #[schema(required, example = json!(null))]
    pub note: Option<String>,
    /// The indicator's further inputs.
    #[schema(required, example = json!({"sample_size": 300}))]
    pub extra: Option<Map<String, Value>>,
    /// Whether the figures are hidden from this reader.
    #[schema(example = false)]
    pub suppressed: bool,
    /// The version of the indicator's definition under which it was reported.
    #[schema(example = 1)]
    pub definition_version: i32,
    /// Since when it can be read as it stands: when its report was accepted, or the consolidated report sent.
    pub updated_at: UtcTime,
}
