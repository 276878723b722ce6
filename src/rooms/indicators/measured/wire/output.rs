//! An indicator as it is read.

use super::{IndicatorIn, SplitIn, SplitOut, UnitDutyIn, UnitDutyOut};
use crate::actor::actions::Actions;
use crate::figures::{Baseline, Direction, MeasureKind, RollUp, Target, ZeroDenominator};
use crate::rooms::indicators::definition::{ExternalCode, ExtraInput, NationalComparison, OfficialDefinition, Plausible};
use crate::values::clock::UtcTime;
use crate::values::decimal::Decimal4;
use crate::values::period::{Frequency, ReferencePeriod};
use crate::values::text::{Bilingual, Prose};
use crate::values::{AmendmentRef, Ref, Source};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A measured indicator (chỉ tiêu đo lường).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct IndicatorOut {
    /// Its id, a UUIDv7.
    #[schema(format = "uuid", example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a67")]
    pub id: String,
    /// Its code, unique within the plan.
    #[schema(example = "3.2a")]
    pub code: String,
    /// Raised by every change; `If-Match` names it.
    #[schema(example = 1)]
    pub version: i64,
    /// The plan it belongs to.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a60", "code": "KH-BDG-DN-2026-2030"}))]
    pub plan: Ref,
    /// The goal it belongs to.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a63", "code": "G3"}))]
    pub goal: Ref,
    /// The printed target that it measures.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a64", "code": "3.2"}))]
    pub plan_indicator: Ref,
    /// Its name.
    #[schema(example = json!({"vi": "Tỷ lệ người bị bạo lực gia đình, bạo lực trên cơ sở giới được phát hiện được tiếp cận dịch vụ hỗ trợ cơ bản", "en": null}))]
    pub name: Bilingual,
    /// The target in the plan's words.
    #[schema(example = json!({"vi": "Đến năm 2030 đạt 90% người bị bạo lực gia đình, bạo lực trên cơ sở giới được phát hiện được tiếp cận ít nhất một trong các dịch vụ hỗ trợ cơ bản", "en": null}))]
    pub statement: Bilingual,
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
    /// How often it is reported.
    pub frequency: Frequency,
    /// What stretch of time its figure is about.
    pub reference_period: ReferencePeriod,
    /// What is counted above.
    #[schema(required, example = json!({"vi": "Số người bị bạo lực được phát hiện đã được tiếp cận ít nhất một dịch vụ hỗ trợ cơ bản", "en": null}))]
    pub numerator_definition: Option<Bilingual>,
    /// What is counted below.
    #[schema(required, example = json!({"vi": "Tổng số người bị bạo lực được phát hiện", "en": null}))]
    pub denominator_definition: Option<Bilingual>,
    /// Whether numerator and denominator are whole numbers.
    #[schema(example = true)]
    pub integer_parts: bool,
    /// The least value that can be right.
    #[schema(required, example = 0)]
    pub valid_min: Option<Decimal4>,
    /// The greatest value that can be right. Where it is 100, a numerator above its denominator is refused.
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
    /// Where an official definition is to be found.
    #[schema(required)]
    pub official_definition: Option<OfficialDefinition>,
    /// The national target beside the ward's.
    #[schema(required)]
    pub national_comparison: Option<NationalComparison>,
    /// Between which values a figure is believable; outside them a report has a warning.
    #[schema(required)]
    pub plausible: Option<Plausible>,
    /// How other schemes call it.
    pub codes: Vec<ExternalCode>,
    /// Whether its figures point at persons, so that most callers see them suppressed.
    #[schema(example = true)]
    pub restricted: bool,
    /// The units that report it or help to.
    pub units: Vec<UnitDutyOut>,
    /// What the transcriber remarked upon.
    #[schema(required, example = json!(null))]
    pub editorial_note: Option<Prose>,
    /// Where in the printed plan it stands.
    #[schema(required)]
    pub source: Option<Source>,
    /// Further particulars of the transcription, as the transcriber named them.
    #[schema(required, example = json!({"decimals": 2}))]
    pub transcription: Option<Map<String, Value>>,
    /// Raised when its meaning changes after figures exist; each figure names the one under which it was computed.
    #[schema(example = 1)]
    pub definition_version: i32,
    /// The first year in which that version holds.
    #[schema(example = 2026)]
    pub effective_from: i32,
    /// Whether that version holds this year: its first year has come, and the indicator's last one is not over.
    #[schema(example = true)]
    pub in_force: bool,
    /// The last year in which it is asked and counted; null for the plan's last.
    #[schema(required, example = json!(null))]
    pub last_year: Option<i32>,
    /// The indicator that it goes on from.
    #[schema(required, example = json!(null))]
    pub continues: Option<Ref>,
    /// The indicator of the province's plan that it names as the one to which it answers; null for that of the same code.
    #[schema(required, example = json!(null))]
    pub counterpart: Option<Ref>,
    /// The amendment that made the last change which names one.
    #[schema(required, example = json!(null))]
    pub amendment: Option<AmendmentRef>,
    /// When it was made.
    pub created_at: UtcTime,
    /// When it was last changed.
    pub updated_at: UtcTime,
    /// What this caller may do with it now; in single resources only.
    #[serde(rename = "_actions", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub actions: Option<Actions>,
}

impl IndicatorOut {
    /// The input form that this resource would have been made from.
    #[must_use]
    pub fn to_input(&self) -> IndicatorIn {
        let unit = |u: &UnitDutyOut| UnitDutyIn { unit: u.unit.id.clone(), duty: u.duty, basis: Some(u.basis), why: u.why.clone() };
        let split = |d: &SplitOut| SplitIn { dimension: d.dimension.id.clone(), additive: Some(d.additive), expected: Some(d.expected) };
        IndicatorIn {
            plan: self.plan.id.clone(),
            goal: self.goal.id.clone(),
            code: self.code.clone(),
            plan_indicator: Some(self.plan_indicator.id.clone()),
            name: self.name.clone(),
            statement: self.statement.clone(),
            measure_kind: self.measure_kind,
            multiplier: self.multiplier,
            unit_of_measure: self.unit_of_measure.clone(),
            direction: self.direction,
            baseline: self.baseline,
            targets: self.targets.clone(),
            frequency: Some(self.frequency),
            reference_period: Some(self.reference_period),
            numerator_definition: self.numerator_definition.clone(),
            denominator_definition: self.denominator_definition.clone(),
            integer_parts: Some(self.integer_parts),
            valid_min: self.valid_min,
            valid_max: self.valid_max,
            tolerance: Some(self.tolerance),
            extra_inputs: self.extra_inputs.clone(),
            disaggregations: self.disaggregations.iter().map(split).collect(),
            zero_denominator: Some(self.zero_denominator),
            roll_up: Some(self.roll_up),
            official_definition: self.official_definition.clone(),
            national_comparison: self.national_comparison.clone(),
            plausible: self.plausible,
            codes: self.codes.clone(),
            restricted: Some(self.restricted),
            effective_from: Some(self.effective_from),
            last_year: self.last_year,
            amendment: self.amendment.as_ref().map(|amendment| amendment.id.clone()),
            continues: self.continues.as_ref().map(|old| old.id.clone()),
            counterpart: self.counterpart.as_ref().map(|of_province| of_province.id.clone()),
            units: self.units.iter().map(unit).collect(),
            editorial_note: self.editorial_note.clone(),
            source: self.source.clone(),
            transcription: self.transcription.clone(),
        }
    }
}
