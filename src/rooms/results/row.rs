//! A result as clients read it.

use super::breakdown::Breakdown;
use crate::figures::{self, Coverage, Observation, ObservationStatus, Outcome, Pace, Part, Rolled, State, TargetValue};
use crate::rooms::indicators::IndicatorSummary;
use crate::rooms::plans::PlanKey;
use crate::values::decimal::{Decimal4, Fraction};
use crate::values::id::UnitId;
use crate::values::period::Label;
use crate::values::{PeriodRef, Ref};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whether a figure is final.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Finality {
    /// An estimate (ước thực hiện).
    Estimate,
    /// The final figure (chính thức).
    Final,
}

/// What one unit gave towards a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Contributor {
    /// The unit.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65", "code": "U5"}))]
    pub unit: Ref,
    /// The period of its report: in a year's result of a quarterly indicator a quarter.
    pub period: PeriodRef,
    /// Its numerator.
    #[schema(required, example = 218)]
    pub numerator: Option<Decimal4>,
    /// Its denominator.
    #[schema(required, example = 200)]
    pub denominator: Option<Decimal4>,
    /// Its answer.
    #[schema(required, example = json!(null))]
    pub answer: Option<bool>,
    /// Whether its figure is final; null if it is hidden from this reader.
    #[schema(required)]
    pub status: Option<Finality>,
    /// Whether it says that the indicator does not apply; null if its figure is hidden from this reader.
    #[schema(required, example = false)]
    pub not_applicable: Option<bool>,
}

/// What there is to say about an indicator, and who said it.
#[derive(Debug, Clone)]
pub struct Figure {
    /// The figure, exact.
    pub rolled: Rolled,
    /// How many of those who owe it have given it.
    pub coverage: Coverage,
    /// Who gave what.
    pub contributors: Vec<Contributor>,
    /// Two units gave differing figures for what one alone should give, whether or not somebody has decided between them.
    pub differing: bool,
    /// The units whose figure could count, of what one alone should give.
    pub sources: Vec<UnitId>,
    /// Whether somebody has decided for one of them.
    pub decided: bool,
}

impl Figure {
    /// Whether differing figures still need a decision.
    #[must_use]
    pub fn conflict(&self) -> bool {
        self.rolled.state == State::Conflict
    }

    /// Nothing, of which so many owe it.
    pub(super) fn nothing(missing: usize) -> Self {
        let coverage = Coverage::of(0, missing);
        Self {
            rolled: Rolled::of_state(State::NotReported, missing),
            coverage,
            contributors: Vec::new(),
            differing: false,
            sources: Vec::new(),
            decided: false,
        }
    }
}

/// The result of an indicator (kết quả thực hiện chỉ tiêu).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ResultRow {
    /// The indicator.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a67", "code": "4.1"}))]
    pub indicator: Ref,
    /// The value, rounded once to 4 digits.
    #[schema(required, example = 109)]
    pub value: Option<Decimal4>,
    /// The sum of the numerators; of a share of periods those that met their target.
    #[schema(required, example = 218)]
    pub numerator: Option<Decimal4>,
    /// The sum of the denominators; of a share of periods those that are due or accepted.
    #[schema(required, example = 200)]
    pub denominator: Option<Decimal4>,
    /// The answer of a qualitative indicator.
    #[schema(required, example = json!(null))]
    pub answer: Option<bool>,
    /// The value of the year, quarter or month before.
    #[schema(required, example = 110.5)]
    pub previous_value: Option<Decimal4>,
    /// By how much the value differs from that.
    #[schema(required, example = -1.5)]
    pub change: Option<Decimal4>,
    /// The target that is in force in the period; null if none is.
    #[schema(required, example = json!(null))]
    pub target: Option<TargetValue>,
    /// The target by which the result is judged, also before its year.
    #[schema(required, example = 109)]
    pub final_target: Option<TargetValue>,
    /// How the figure stands against the final target.
    #[schema(example = "achieved")]
    pub result: Outcome,
    /// How it stands against the target in force; null where none is, and in what earlier versions computed.
    #[serde(default)]
    #[schema(required, example = json!(null))]
    pub year_result: Option<Outcome>,
    /// Whether the line to the final target is kept; null if the figure is hidden from this reader.
    #[schema(required, example = "on_track")]
    pub pace: Option<Pace>,
    /// How many of those who owe the figure have given it; null in what earlier versions computed.
    #[serde(default)]
    #[schema(required)]
    pub coverage: Option<Coverage>,
    /// What it is of each value of the dimensions that split what is counted without overlap, as the period asks them: of women and
    /// of men. Empty of a yearly share of periods, and in what earlier versions computed.
    #[serde(default)]
    pub breakdowns: Vec<Breakdown>,
    /// The units whose figures it is made of.
    pub contributors: Vec<Contributor>,
    /// Whether the figure is hidden from this reader.
    #[schema(example = false)]
    pub suppressed: bool,
}

impl ResultRow {
    pub(super) fn of(
        known: &IndicatorSummary,
        plan: &PlanKey,
        figure: Figure,
        parts: &[Part],
        label: Label,
        (before, first_reported): (Option<&Rolled>, Option<(i32, Fraction)>),
    ) -> Self {
        let measure = known.measure();
        let rolled = figure.rolled;
        let result = figures::judge_with_parts(&measure, label, &rolled, parts);
        Self {
            indicator: known.reference(),
            value: rolled.rounded_value(),
            numerator: rolled.exact_numerator(),
            denominator: rolled.exact_denominator(),
            answer: rolled.answer,
            previous_value: before.and_then(Rolled::rounded_value),
            change: before.and_then(|before| figures::change(&rolled, before)),
            target: figures::target_in_force(&measure, label),
            final_target: figures::final_target(&measure, label).map(|goalpost| goalpost.value),
            result,
            year_result: figures::year_result_with_parts(&measure, label, &rolled, parts),
            pace: Some(figures::pace(&measure, label, &rolled, result, plan.start_year, first_reported)),
            coverage: Some(figure.coverage),
            breakdowns: parts.iter().map(|part| Breakdown::of(part, &measure, label)).collect(),
            contributors: figure.contributors,
            suppressed: false,
        }
    }

    /// Whether it shows a figure, of this period or of the one before.
    #[must_use]
    pub fn says_something(&self) -> bool {
        self.says_something_now() || self.previous_value.is_some()
    }

    /// Whether it shows a figure that was `restricted` in its year.
    #[must_use]
    pub fn says_something_restricted(&self, label: Label, restricted: impl Fn(i32) -> bool) -> bool {
        (self.says_something_now() && restricted(label.year())) || (self.previous_value.is_some() && restricted(label.before().year()))
    }

    fn says_something_now(&self) -> bool {
        let own = self.value.is_some() || self.numerator.is_some() || self.denominator.is_some() || self.answer.is_some();
        own || self.breakdowns.iter().any(Breakdown::says_something)
            || self.contributors.iter().any(|c| c.numerator.is_some() || c.answer.is_some())
    }

    /// The same for a reader who may not see its figure.
    #[must_use]
    pub fn hidden(self) -> Self {
        Self {
            value: None,
            numerator: None,
            denominator: None,
            answer: None,
            result: Outcome::Suppressed,
            year_result: Some(Outcome::Suppressed),
            pace: None,
            suppressed: true,
            ..self.without_before()
        }
    }

    /// The same for a reader who may see nothing of its indicator, the units' figures included.
    #[must_use]
    pub fn hidden_with_contributors(self) -> Self {
        let contributors = self.contributors.iter().cloned().map(Contributor::hidden).collect();
        let breakdowns = self.breakdowns.iter().cloned().map(Breakdown::hidden).collect();
        Self { contributors, breakdowns, ..self.hidden() }
    }

    /// The same for a reader who may not see the figure before it.
    #[must_use]
    pub fn without_before(self) -> Self {
        Self { previous_value: None, change: None, ..self }
    }
}

impl From<ObservationStatus> for Finality {
    fn from(status: ObservationStatus) -> Self {
        match status {
            ObservationStatus::Estimate => Self::Estimate,
            ObservationStatus::Final => Self::Final,
        }
    }
}

impl Contributor {
    /// What a unit says.
    pub(super) fn of(unit: Ref, period: PeriodRef, observation: &Observation) -> Self {
        Self {
            unit,
            period,
            numerator: observation.amounts.numerator,
            denominator: observation.amounts.denominator,
            answer: observation.answer,
            status: Some(observation.status.into()),
            not_applicable: Some(observation.not_applicable.is_some()),
        }
    }

    /// The same for a reader who may not see its figures: that the unit reported is no secret, what it said is.
    pub(super) fn hidden(self) -> Self {
        Self { numerator: None, denominator: None, answer: None, status: None, not_applicable: None, ..self }
    }
}
