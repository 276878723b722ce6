//! Parts of results as clients read them, and by what an opened period splits.

use crate::figures::{self, Coverage, Measure, Outcome, Part};
use crate::rooms::indicators::IndicatorDimension;
use crate::values::decimal::Decimal4;
use crate::values::period::Label;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The part of a result that one value of a dimension is: women, or men.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"disaggregation": {"sex": "female"}, "numerator": 104, "denominator": 104, "value": 100, "coverage": {"expected": 4, "reported": 3}, "result": "achieved", "suppressed": false}))]
pub struct Breakdown {
    /// The dimension and its value, both by code.
    pub disaggregation: BTreeMap<String, String>,
    /// The sum of the units' numerators for it. What nobody gave is null: nothing is found by taking other parts from the whole.
    #[schema(required)]
    pub numerator: Option<Decimal4>,
    /// The sum of their denominators.
    #[schema(required)]
    pub denominator: Option<Decimal4>,
    /// The value, rounded once to 4 digits.
    #[schema(required)]
    pub value: Option<Decimal4>,
    /// Who gave it; a total of 0, or one that is not applicable, is every part of itself.
    pub coverage: Coverage,
    /// How it stands against the final target, where that holds for each value of the dimension.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub result: Option<Outcome>,
    /// Whether the figure is hidden from this reader.
    pub suppressed: bool,
}

impl Breakdown {
    /// A part as it is shown.
    #[must_use]
    pub fn of(part: &Part, measure: &Measure, label: Label) -> Self {
        let row = Self {
            disaggregation: BTreeMap::from([(part.dimension.clone(), part.value.clone())]),
            numerator: part.rolled.exact_numerator(),
            denominator: part.rolled.exact_denominator(),
            value: part.rolled.rounded_value(),
            coverage: part.coverage,
            result: figures::judge_part(measure, label, part),
            suppressed: false,
        };
        if part.hidden { row.hidden() } else { row }
    }

    /// The same for a reader who may not see its figure.
    pub(super) fn hidden(self) -> Self {
        let result = self.result.map(|_| Outcome::Suppressed);
        Self { numerator: None, denominator: None, value: None, result, suppressed: true, ..self }
    }

    /// Whether it shows a figure.
    #[must_use]
    pub fn says_something(&self) -> bool {
        self.numerator.is_some() || self.denominator.is_some() || self.value.is_some()
    }
}

/// A dimension by which an opened period splits an indicator without overlap, with the values that were active then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// The dimension, by code.
    pub dimension: String,
    /// Its values, by code.
    pub values: Vec<String>,
}

impl Split {
    /// The dimensions that split without overlap, each with the values that are wanted, which may depend on whether they are active.
    pub(super) fn among(dimensions: &[IndicatorDimension], wanted: impl Fn(bool) -> bool) -> Vec<Self> {
        let split = |dimension: &IndicatorDimension| Self {
            dimension: dimension.code.clone(),
            values: dimension.values.iter().filter(|value| wanted(value.active)).map(|value| value.code.clone()).collect(),
        };
        dimensions.iter().filter(|dimension| dimension.additive).map(split).collect()
    }
}
