//! An indicator as it is written.

use super::{SplitIn, UnitDutyIn};
use crate::figures::{Baseline, Direction, MeasureKind, RollUp, Target, ZeroDenominator};
use crate::rooms::indicators::definition::{ExternalCode, ExtraInput, NationalComparison, OfficialDefinition, Plausible};
use crate::values::Source;
use crate::values::decimal::Decimal4;
use crate::values::period::{Frequency, ReferencePeriod};
use crate::values::text::{Bilingual, Prose};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

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
    /// Between which values a figure is believable; outside them a report has a warning.
    #[serde(default)]
    pub plausible: Option<Plausible>,
    /// How other schemes call it, each of them once.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub codes: Vec<ExternalCode>,
    /// Whether its figures point at persons (victims, perpetrators, deaths); not if left out. Set, it holds at once, for every year.
    /// Taking it back takes the scope `restricted:read` and holds from the first free year: nothing of a year already opened is uncovered.
    #[serde(default)]
    #[schema(nullable = false, extensions(("x-never-removed" = json!(true))))]
    pub restricted: Option<bool>,
    /// The first year in which what is said here holds. Left out: of a new indicator the plan's first year; of a change of its meaning
    /// the first year of which no regular period that asks it was opened. As it is beside other words it means nothing.
    #[serde(default)]
    #[schema(minimum = 1990, maximum = 2200, example = 2027)]
    pub effective_from: Option<i32>,
    /// The last year in which it is asked and counted; left out or null, the plan's last. A year of which a regular period that asks
    /// it was opened cannot be cut off.
    #[serde(default)]
    #[schema(minimum = 1990, maximum = 2200, example = 2028)]
    pub last_year: Option<i32>,
    /// The indicator of the plan that it goes on from, by id or code: one of another frequency, say.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 64, example = "6.3")]
    pub continues: Option<String>,
    /// The indicator of the province's plan to which it answers, by id or code; left out or null, that of the same code. It is a part of
    /// its meaning.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 64, example = "2.3")]
    pub counterpart: Option<String>,
    /// The units that report it or help to.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub units: Vec<UnitDutyIn>,
    /// The amendment of the plan that made this change, by id.
    #[serde(default)]
    #[schema(max_length = 64, example = "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a71")]
    pub amendment: Option<String>,
    /// What the transcriber remarked upon.
    #[serde(default)]
    pub editorial_note: Option<Prose>,
    /// Where in the printed plan it stands.
    #[serde(default)]
    pub source: Option<Source>,
    /// Further particulars of the transcription, as the transcriber named them.
    #[serde(default)]
    pub transcription: Option<Map<String, Value>>,
}
