//! What an indicator means, as it is written, stored and shown. Observations keep the version of the definition under
//! which they were computed.

use crate::figures::{Baseline, Direction, Measure, MeasureKind, RollUp, Target, ZeroDenominator};
use crate::values::Source;
use crate::values::decimal::Decimal4;
use crate::values::period::{Frequency, ReferencePeriod};
use crate::values::text::{Bilingual, Prose};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// What a further input takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExtraType {
    /// One of `values`.
    Enum,
    /// A whole number, not negative.
    Integer,
    /// A number, not negative.
    Number,
    /// Text.
    Text,
    /// Yes or no.
    Boolean,
}

/// A further input that units give beside the figures (3.1 the hours' unit and the sample, 5.1 the evidence).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"key": "sample_size", "name": {"vi": "Cỡ mẫu khảo sát", "en": null}, "type": "integer", "values": null}))]
pub struct ExtraInput {
    /// Its name in `extra`.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,63}$")]
    pub key: String,
    /// Its name for people.
    pub name: Bilingual,
    /// What it takes.
    #[serde(rename = "type")]
    pub kind: ExtraType,
    /// The values to choose from, of an `enum`.
    #[schema(required = false, max_items = 100)]
    pub values: Option<Vec<String>>,
}

/// Where an official definition is to be found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"source": {"vi": "Mục tiêu phát triển bền vững (SDG) 3.7.2", "en": "SDG 3.7.2"}, 
    "text": {"vi": "Số ca sinh của phụ nữ từ 10 đến 14 tuổi và từ 15 đến 19 tuổi trên 1.000 phụ nữ cùng nhóm tuổi.", "en": "Births to women aged 10-14 and 15-19 per 1,000 women in that age group."}, "url": null, "verified": true, "verified_note": null}))]
pub struct OfficialDefinition {
    /// The framework or document.
    pub source: Prose,
    /// Its wording.
    #[schema(required = false)]
    pub text: Option<Prose>,
    /// Its address.
    #[schema(required = false, max_length = 2000)]
    pub url: Option<String>,
    /// Whether somebody has read it there.
    pub verified: bool,
    /// What was read, and what was not.
    #[schema(required = false)]
    pub verified_note: Option<Prose>,
}

/// The national target beside the ward's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"value": {"vi": "Giảm từ 23 xuống 18 vào năm 2025, dưới 18 vào năm 2030", "en": "23 down to 18 by 2025, below 18 by 2030"}, "verified": false}))]
pub struct NationalComparison {
    /// What the nation wants.
    pub value: Prose,
    /// Whether somebody has read it in a source.
    pub verified: bool,
}

/// Between which values a figure is believable. What lies outside is worth a look, and hinders nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"min": 80, "max": 140, "max_factor": 3}))]
pub struct Plausible {
    /// The least value that is believable.
    #[schema(required = false)]
    pub min: Option<Decimal4>,
    /// The greatest value that is believable.
    #[schema(required = false)]
    pub max: Option<Decimal4>,
    /// By what factor its value, numerator or denominator may differ from the unit's last accepted one; above 1, and 3 if
    /// left out.
    #[schema(required = false)]
    pub max_factor: Option<Decimal4>,
}

/// How another scheme calls an indicator.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"scheme": "SDG", "code": "3.7.2"}))]
pub struct ExternalCode {
    /// The scheme: the national set of indicators, the SDGs, the province's own.
    #[schema(min_length = 1, max_length = 64)]
    pub scheme: String,
    /// Its code there.
    #[schema(min_length = 1, max_length = 64)]
    pub code: String,
}

/// What an indicator means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Definition {
    /// Its name.
    pub name: Bilingual,
    /// In the plan's words.
    pub statement: Bilingual,
    /// What kind of number it is.
    pub measure_kind: MeasureKind,
    /// By what a quotient is multiplied.
    pub multiplier: Option<Decimal4>,
    /// The unit of its value.
    pub unit_of_measure: Bilingual,
    /// Which values meet the target.
    pub direction: Direction,
    /// Where it started.
    pub baseline: Option<Baseline>,
    /// Its targets.
    pub targets: Vec<Target>,
    /// What stretch of time its figure is about.
    pub reference_period: ReferencePeriod,
    /// What is counted above.
    pub numerator_definition: Option<Bilingual>,
    /// What is counted below.
    pub denominator_definition: Option<Bilingual>,
    /// Whether numerator and denominator are whole numbers.
    pub integer_parts: bool,
    /// The least value that can be right.
    pub valid_min: Option<Decimal4>,
    /// The greatest value that can be right.
    pub valid_max: Option<Decimal4>,
    /// By how much a value may miss the target and still meet it.
    pub tolerance: Decimal4,
    /// Further inputs.
    pub extra_inputs: Vec<ExtraInput>,
    /// What a denominator of 0 means.
    pub zero_denominator: ZeroDenominator,
    /// How several figures become one.
    pub roll_up: RollUp,
    /// Where an official definition is to be found.
    pub official_definition: Option<OfficialDefinition>,
    /// The national target.
    pub national_comparison: Option<NationalComparison>,
    /// Between which values a figure is believable.
    #[serde(default)]
    pub plausible: Option<Plausible>,
    /// How other schemes call it.
    #[serde(default)]
    pub codes: Vec<ExternalCode>,
    /// What the transcriber remarked upon.
    pub editorial_note: Option<Prose>,
    /// Where in the printed plan it stands.
    pub source: Option<Source>,
    /// Further particulars of the transcription.
    pub transcription: Option<Map<String, Value>>,
}

impl Definition {
    /// The same meaning in the words of another: those may be mended at any time, and make no version.
    #[must_use]
    pub fn in_words_of(self, words: &Self) -> Self {
        Self {
            name: words.name.clone(),
            statement: words.statement.clone(),
            official_definition: words.official_definition.clone(),
            national_comparison: words.national_comparison.clone(),
            plausible: words.plausible,
            codes: words.codes.clone(),
            editorial_note: words.editorial_note.clone(),
            source: words.source.clone(),
            transcription: words.transcription.clone(),
            ..self
        }
    }

    /// What the rules need to know.
    #[must_use]
    pub fn measure(&self, frequency: Frequency) -> Measure {
        Measure {
            kind: self.measure_kind,
            multiplier: self.multiplier.or_else(|| Decimal4::from_int(1)).unwrap_or(Decimal4::ZERO),
            direction: self.direction,
            roll_up: self.roll_up,
            zero_denominator: self.zero_denominator,
            tolerance: self.tolerance,
            frequency,
            baseline: self.baseline,
            targets: self.targets.clone(),
            valid_min: self.valid_min,
            valid_max: self.valid_max,
            integer_parts: self.integer_parts,
        }
    }
}
