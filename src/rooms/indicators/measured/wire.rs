//! Indicators on the wire.

use super::parts::Parts;
use super::store::IndicatorRow;
use crate::actor::actions::Actions;
use crate::db;
use crate::figures::{Baseline, Direction, MeasureKind, RollUp, Target, ZeroDenominator};
use crate::problem::{Error, Result};
use crate::rooms::indicators::definition::{Definition, ExtraInput, NationalComparison, OfficialDefinition};
use crate::values::clock::UtcTime;
use crate::values::decimal::Decimal4;
use crate::values::period::{Frequency, ReferencePeriod};
use crate::values::text::Bilingual;
use crate::values::{Ref, Source};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

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
    #[schema(max_length = 2000)]
    pub why: Option<String>,
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
    pub why: Option<String>,
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"dimension": {"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a68", "code": "sex"}, "additive": true, "expected": false}))]
pub struct SplitOut {
    /// The dimension.
    pub dimension: Ref,
    /// Whether its values split what is counted without overlap, so that the parts sum to the total.
    pub additive: bool,
    /// Whether leaving it out of a report is worth a warning.
    pub expected: bool,
}

/// An indicator as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IndicatorIn {
    /// The plan, by id or code.
    #[schema(max_length = 64, example = "KH-BDG-DN-2026-2030")]
    pub plan: String,
    /// The goal it belongs to, by id or code; its printed target's goal.
    #[schema(max_length = 64, example = "G3")]
    pub goal: String,
    /// Its code, unique within the plan.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", example = "3.2a")]
    pub code: String,
    /// The printed target that it measures, by id or code. Left out, the one with the indicator's code is taken, or made of
    /// its code and statement.
    #[serde(default)]
    #[schema(max_length = 64, example = "3.2")]
    pub plan_indicator: Option<String>,
    /// Its name.
    pub name: Bilingual,
    /// The target in the plan's words.
    pub statement: Bilingual,
    /// What kind of number it is.
    pub measure_kind: MeasureKind,
    /// By what a quotient is multiplied. Left out: 100 for a `percentage`, 1 for a `ratio` or a `count`, none for what is
    /// `qualitative`; a `rate_per_n` must say it.
    #[serde(default)]
    pub multiplier: Option<Decimal4>,
    /// The unit of its value.
    pub unit_of_measure: Bilingual,
    /// Which values meet the target.
    pub direction: Direction,
    /// Where it started.
    #[serde(default)]
    pub baseline: Option<Baseline>,
    /// Its targets, the principal one first.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub targets: Vec<Target>,
    /// How often it is reported; `annual` if left out.
    #[serde(default)]
    pub frequency: Option<Frequency>,
    /// What stretch of time its figure is about; left out, the year, quarter or month of its frequency.
    #[serde(default)]
    pub reference_period: Option<ReferencePeriod>,
    /// What is counted above.
    #[serde(default)]
    pub numerator_definition: Option<Bilingual>,
    /// What is counted below.
    #[serde(default)]
    pub denominator_definition: Option<Bilingual>,
    /// Whether numerator and denominator are whole numbers; they are if left out.
    #[serde(default)]
    pub integer_parts: Option<bool>,
    /// The least value that can be right.
    #[serde(default)]
    pub valid_min: Option<Decimal4>,
    /// The greatest value that can be right. Where it is 100, a numerator above its denominator is refused.
    #[serde(default)]
    pub valid_max: Option<Decimal4>,
    /// By how much a value may miss the target and still meet it, in the unit of measure; 0 if left out.
    #[serde(default)]
    pub tolerance: Option<Decimal4>,
    /// Further inputs that units give beside the figures.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub extra_inputs: Vec<ExtraInput>,
    /// The dimensions by which its figures may be split.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub disaggregations: Vec<SplitIn>,
    /// What a denominator of 0 means; `not_allowed` if left out.
    #[serde(default)]
    pub zero_denominator: Option<ZeroDenominator>,
    /// How several figures become one; left out, `sum` for a count, `all` for what is qualitative, else `ratio_of_sums`.
    #[serde(default)]
    pub roll_up: Option<RollUp>,
    /// Where an official definition is to be found.
    #[serde(default)]
    pub official_definition: Option<OfficialDefinition>,
    /// The national target beside the ward's.
    #[serde(default)]
    pub national_comparison: Option<NationalComparison>,
    /// Whether its figures point at persons (victims, perpetrators, deaths); not if left out. Set, it holds at once, for
    /// every year. Taking it back takes the scope `restricted:read`, and is refused once a period was opened that asks for
    /// the indicator; so is a change of what the figures are held against.
    #[serde(default)]
    #[schema(nullable = false, extensions(("x-never-removed" = json!(true))))]
    pub restricted: Option<bool>,
    /// The units that report it or help to.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub units: Vec<UnitDutyIn>,
    /// What the transcriber remarked upon.
    #[serde(default)]
    #[schema(max_length = 8000, extensions(("x-multiline" = json!(true))))]
    pub editorial_note: Option<String>,
    /// Where in the printed plan it stands.
    #[serde(default)]
    pub source: Option<Source>,
    /// Further particulars of the transcription, as the transcriber named them.
    #[serde(default)]
    pub transcription: Option<Map<String, Value>>,
}

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
    /// Whether its figures point at persons, so that most callers see them suppressed.
    #[schema(example = true)]
    pub restricted: bool,
    /// The units that report it or help to.
    pub units: Vec<UnitDutyOut>,
    /// What the transcriber remarked upon.
    #[schema(required, example = json!(null))]
    pub editorial_note: Option<String>,
    /// Where in the printed plan it stands.
    #[schema(required)]
    pub source: Option<Source>,
    /// Further particulars of the transcription, as the transcriber named them.
    #[schema(required, example = json!({"decimals": 2}))]
    pub transcription: Option<Map<String, Value>>,
    /// Raised when its meaning changes after figures exist; each figure names the one under which it was computed.
    #[schema(example = 1)]
    pub definition_version: i32,
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
    /// The wire form of a row and what hangs on it; every column is spoken of.
    ///
    /// # Errors
    /// Internal, if a column holds something else than this service writes.
    pub(super) fn of(row: IndicatorRow, parts: &mut Parts) -> Result<Self> {
        let IndicatorRow {
            id,
            plan_id,
            jurisdiction: _,
            goal_id,
            plan_indicator_id,
            code,
            frequency,
            restricted,
            definition,
            definition_version,
            plan_order: _,
            fold: _,
            version,
            created_at,
            updated_at,
        } = row;
        let meaning: Definition = db::from_json(&definition)?;
        let (units, disaggregations) = parts.take(&id);
        Ok(Self {
            id: id.into(),
            code,
            version,
            plan: parts.plan(plan_id),
            goal: parts.goal(goal_id),
            plan_indicator: parts.printed(plan_indicator_id),
            name: meaning.name,
            statement: meaning.statement,
            measure_kind: meaning.measure_kind,
            multiplier: meaning.multiplier,
            unit_of_measure: meaning.unit_of_measure,
            direction: meaning.direction,
            baseline: meaning.baseline,
            targets: meaning.targets,
            frequency: Frequency::parse(&frequency).ok_or_else(|| Error::internal("an indicator of unknown frequency"))?,
            reference_period: meaning.reference_period,
            numerator_definition: meaning.numerator_definition,
            denominator_definition: meaning.denominator_definition,
            integer_parts: meaning.integer_parts,
            valid_min: meaning.valid_min,
            valid_max: meaning.valid_max,
            tolerance: meaning.tolerance,
            extra_inputs: meaning.extra_inputs,
            disaggregations,
            zero_denominator: meaning.zero_denominator,
            roll_up: meaning.roll_up,
            official_definition: meaning.official_definition,
            national_comparison: meaning.national_comparison,
            restricted,
            units,
            editorial_note: meaning.editorial_note,
            source: meaning.source,
            transcription: meaning.transcription,
            definition_version,
            created_at,
            updated_at,
            actions: None,
        })
    }

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
            restricted: Some(self.restricted),
            units: self.units.iter().map(unit).collect(),
            editorial_note: self.editorial_note.clone(),
            source: self.source.clone(),
            transcription: self.transcription.clone(),
        }
    }
}
