//! A version of what an indicator means, as it is read.

use super::SplitOut;
use crate::figures::{Baseline, Direction, MeasureKind, RollUp, Target, ZeroDenominator};
use crate::rooms::indicators::definition::ExtraInput;
use crate::values::clock::UtcTime;
use crate::values::decimal::Decimal4;
use crate::values::period::ReferencePeriod;
use crate::values::text::Bilingual;
use crate::values::{ActorRef, AmendmentRef, Ref};
use serde::Serialize;
use utoipa::ToSchema;

/// What an indicator means from a year on.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct IndicatorVersionOut {
    /// Its number, from 1.
    #[schema(example = 2)]
    pub definition_version: i32,
    /// The first year in which it holds.
    #[schema(example = 2028)]
    pub effective_from: i32,
    /// The last one; null of the newest, which holds on. Before `effective_from` if a later version holds from the same year.
    #[schema(required, example = json!(null))]
    pub effective_until: Option<i32>,
    /// The amendment that made it.
    #[schema(required, example = json!(null))]
    pub amendment: Option<AmendmentRef>,
    /// When it was made or last corrected.
    pub changed_at: UtcTime,
    /// By whom; for the ward's own people only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub changed_by: Option<ActorRef>,
    /// The goal it belongs to then.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a63", "code": "G3"}))]
    pub goal: Ref,
    /// The printed target that it measures then.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a64", "code": "3.2"}))]
    pub plan_indicator: Ref,
    /// The indicator of the province's plan that it names as the one to which it answers; null for that of the same code.
    #[schema(required, example = json!(null))]
    pub counterpart: Option<Ref>,
    /// What kind of number it is.
    pub measure_kind: MeasureKind,
    /// By what a quotient is multiplied; null for what is qualitative.
    #[schema(required, example = 100)]
    pub multiplier: Option<Decimal4>,
    /// The unit of its value.
    #[schema(example = json!({"vi": "%", "en": "%"}))]
    pub unit_of_measure: Bilingual,
    /// Which values meet the target.
    pub direction: Direction,
    /// Where it started.
    #[schema(required)]
    pub baseline: Option<Baseline>,
    /// Its targets, the principal one first.
    pub targets: Vec<Target>,
    /// What stretch of time its figure is about.
    pub reference_period: ReferencePeriod,
    /// What is counted above.
    #[schema(required)]
    pub numerator_definition: Option<Bilingual>,
    /// What is counted below.
    #[schema(required)]
    pub denominator_definition: Option<Bilingual>,
    /// Whether numerator and denominator are whole numbers.
    #[schema(example = true)]
    pub integer_parts: bool,
    /// The least value that can be right.
    #[schema(required, example = 0)]
    pub valid_min: Option<Decimal4>,
    /// The greatest value that can be right.
    #[schema(required, example = 100)]
    pub valid_max: Option<Decimal4>,
    /// By how much a value may miss the target and still meet it, in the unit of measure.
    #[schema(example = 0)]
    pub tolerance: Decimal4,
    /// Further inputs that units give beside the figures.
    pub extra_inputs: Vec<ExtraInput>,
    /// The dimensions by which its figures may be split.
    pub disaggregations: Vec<SplitOut>,
    /// What a denominator of 0 means.
    pub zero_denominator: ZeroDenominator,
    /// How several figures become one.
    pub roll_up: RollUp,
    /// Whether its figures point at persons.
    #[schema(example = true)]
    pub restricted: bool,
}

/// The versions of an indicator, the oldest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct IndicatorVersions {
    /// Each of them.
    pub items: Vec<IndicatorVersionOut>,
}
