//! Rules of a plan that tie figures of one report together: sums of numerators and denominators that must agree.

use crate::values::decimal::{Decimal4, Quantity};
use crate::values::text::Bilingual;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which number of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RulePart {
    /// What is counted above.
    Numerator,
    /// What is counted below.
    Denominator,
}

/// How both sides of a rule compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RuleOperator {
    /// Both are the same.
    Eq,
    /// The left one is not the greater.
    Le,
    /// The left one is not the smaller.
    Ge,
}

/// A number of an indicator's total in the same report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"indicator": "4.1", "part": "numerator"}))]
pub struct RuleTerm {
    /// The indicator, by its code; it may be written before the indicator is.
    #[schema(min_length = 1, max_length = 64)]
    pub indicator: String,
    /// Which of its numbers.
    pub part: RulePart,
}

/// A rule that ties figures of one report together. It is silent where a number is missing or not asked of the unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "VR1", "left": [{"indicator": "4.1", "part": "numerator"}, {"indicator": "4.1", "part": "denominator"}], "operator": "eq",
    "right": [{"indicator": "4.2", "part": "denominator"}],
    "message": {"vi": "Bé trai và bé gái sinh ra sống (4.1) cộng lại phải bằng số trẻ sinh ra sống (4.2).", "en": null}}))]
pub struct ValidationRule {
    /// Its code, unique among the plan's rules.
    #[schema(pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    pub code: String,
    /// What is added up on the left.
    #[schema(min_items = 1, max_items = 20)]
    pub left: Vec<RuleTerm>,
    /// How both sides compare.
    pub operator: RuleOperator,
    /// What is added up on the right.
    #[schema(min_items = 1, max_items = 20)]
    pub right: Vec<RuleTerm>,
    /// What is told where it is broken, and why it holds.
    pub message: Bilingual,
}

impl ValidationRule {
    /// Its terms, of both sides.
    pub fn terms(&self) -> impl Iterator<Item = &RuleTerm> {
        self.left.iter().chain(&self.right)
    }

    /// Both sums if they break the rule; `figure` gives a number, if it is there. Nothing is broken where one is missing.
    #[must_use]
    pub fn broken(&self, figure: impl Fn(&RuleTerm) -> Option<Decimal4>) -> Option<(Quantity, Quantity)> {
        let sum = |terms: &[RuleTerm]| terms.iter().map(|term| figure(term).map(Quantity::from)).sum::<Option<Quantity>>();
        let (left, right) = (sum(&self.left)?, sum(&self.right)?);
        let holds = match self.operator {
            RuleOperator::Eq => left == right,
            RuleOperator::Le => left <= right,
            RuleOperator::Ge => left >= right,
        };
        (!holds).then_some((left, right))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_rule_compares_sums_and_is_silent_where_a_number_is_missing() {
        let rule = |operator: &str| -> ValidationRule {
            let term = |indicator: &str, part: &str| json!({"indicator": indicator, "part": part});
            serde_json::from_value(
                json!({"code": "R", "left": [term("4.1", "numerator"), term("4.1", "denominator")], "operator": operator,
                "right": [term("4.2", "denominator")], "message": {"vi": "x", "en": null}}),
            )
            .expect("a rule")
        };
        let broken = |operator: &str, births: Option<i64>| {
            let figure = |term: &RuleTerm| match (term.indicator.as_str(), term.part) {
                ("4.1", RulePart::Numerator) => Decimal4::from_int(110),
                ("4.1", RulePart::Denominator) => Decimal4::from_int(100),
                _ => births.and_then(Decimal4::from_int),
            };
            rule(operator).broken(figure).is_some()
        };
        assert_eq!([209, 210, 211].map(|births| broken("eq", Some(births))), [true, false, true]);
        assert_eq!([209, 210, 211].map(|births| broken("le", Some(births))), [true, false, false]);
        assert_eq!([209, 210, 211].map(|births| broken("ge", Some(births))), [false, false, true]);
        assert!(!broken("eq", None));
    }
}
