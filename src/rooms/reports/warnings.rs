//! What looks wrong in a report without being impossible: figures outside what is believable, quite unlike those of the last
//! period, or at odds with each other. Pure.

use super::findings::{Finding, Part, explained, total_of};
use crate::figures::{Observation, breaks, value_of};
use crate::problem::codes;
use crate::problem::{Said, said, words};
use crate::rooms::indicators::{Definition, IndicatorSummary};
use crate::rooms::plans::{RulePart, RuleTerm, ValidationRule};
use crate::values::decimal::{Decimal4, Fraction};
use crate::values::id::IndicatorId;
use std::collections::HashMap;

/// By what factor a figure may differ from the last one where its indicator says nothing else.
const FACTOR: i64 = 3;
/// Below this many counted people or cases on both sides chance explains any difference.
const FEW: i64 = 10;

/// The total that the same unit gave of an indicator in the last accepted period.
#[derive(Debug, Clone)]
pub(super) struct FormerFigure {
    /// The period's label.
    pub label: String,
    /// What was said.
    pub observation: Observation,
    /// What the indicator meant then, where that was another version.
    pub definition: Option<Definition>,
}

impl FormerFigure {
    /// Whether it pointed at persons.
    pub(super) fn is_restricted(&self, known: &IndicatorSummary) -> bool {
        known.restricted_under(self.observation.definition_version)
    }
}

/// What a report is held against beside its own indicators.
#[derive(Debug, Clone, Default)]
pub(super) struct Beside {
    /// The plan's rules that tie figures together.
    pub rules: Vec<ValidationRule>,
    /// The last accepted figures of the same unit.
    pub former: HashMap<IndicatorId, FormerFigure>,
}

/// That a figure is not believable.
pub(super) fn implausible(known: &IndicatorSummary, cells: &[Part<'_>]) -> Option<Finding> {
    let bounds = known.definition.plausible?;
    let value = value_of(&known.measure(), total_of(cells)?).value?;
    let below = bounds.min.filter(|least| value < Fraction::from(*least));
    let above = bounds.max.filter(|most| value > Fraction::from(*most));
    let figures = match (below, above) {
        (Some(least), _) => said(format!("thường từ {} trở lên", words::number(least).vi), format!("usually at least {least}")),
        (None, Some(most)) => said(format!("thường không quá {}", words::number(most).vi), format!("usually at most {most}")),
        (None, None) => return None,
    };
    Some(Finding::of(known, codes::VALUE_IMPLAUSIBLE, &codes::VALUE_IMPLAUSIBLE.cure()).with_figures(figures).explained(explained(cells)))
}

/// That a figure is quite unlike that of the last period.
pub(super) fn jump(known: &IndicatorSummary, cells: &[Part<'_>], former: Option<&FormerFigure>) -> Option<Finding> {
    let (now, former) = (total_of(cells)?, former?);
    let (then, meaning) = (&former.observation, former.definition.as_ref().unwrap_or(&known.definition));
    let (measure, measure_then) = (known.measure(), meaning.measure(known.frequency));
    let words = |it: &Definition| (it.numerator_definition.clone(), it.denominator_definition.clone());
    if breaks(&measure_then, &measure, words(meaning) == words(&known.definition)) {
        return None;
    }
    let few = |figure: &Observation| figure.amounts.numerator.is_none_or(|n| Decimal4::from_int(FEW).is_some_and(|few| n < few));
    if few(now) && few(then) {
        return None;
    }
    let factor = known.definition.plausible.and_then(|bounds| bounds.max_factor).or_else(|| Decimal4::from_int(FACTOR))?;
    let (a, b) = (now.amounts, then.amounts);
    let halves = [
        ("tử số", "numerator", a.numerator.zip(b.numerator)),
        ("mẫu số", "denominator", a.denominator.zip(b.denominator)),
        ("giá trị", "value", value_of(&measure, now).rounded_value().zip(value_of(&measure_then, then).rounded_value())),
    ];
    let (vi, en, (is, was)) =
        halves.into_iter().find_map(|(vi, en, both)| both.filter(|(is, was)| far(*is, *was, factor)).map(|both| (vi, en, both)))?;
    let label = &former.label;
    let (was_vi, is_vi) = (words::number(was).vi, words::number(is).vi);
    let figures: Said =
        said(format!("{vi} kỳ {label} là {was_vi}, kỳ này là {is_vi}"), format!("the {en} was {was} in {label} and is {is} now"));
    Some(Finding::of(known, codes::VALUE_JUMP, &codes::VALUE_JUMP.cure()).with_figures(figures).explained(explained(cells)))
}

/// Whether one is more than so many times the other.
fn far(one: Decimal4, other: Decimal4, factor: Decimal4) -> bool {
    let (one, other) = (Fraction::from(one), Fraction::from(other));
    let scaled = |it: Fraction, by: Option<Decimal4>| it.times(by.map_or(1, Decimal4::scaled).into());
    let exceeds = |a: Fraction, b: Fraction| scaled(a, Decimal4::from_int(1)).zip(scaled(b, Some(factor))).is_some_and(|(a, b)| a > b);
    exceeds(one, other) || exceeds(other, one)
}

/// The rules of the plan that the figures break. `owed` gives an indicator that the unit owes, by its code, with its cells.
pub(super) fn broken_rules<'k, 'a>(
    rules: &[ValidationRule],
    owed: impl Fn(&str) -> Option<(&'k IndicatorSummary, Vec<Part<'a>>)>,
) -> Vec<Finding> {
    rules.iter().filter_map(|rule| broken_rule(rule, &owed)).collect()
}

fn broken_rule<'k, 'a>(rule: &ValidationRule, owed: &impl Fn(&str) -> Option<(&'k IndicatorSummary, Vec<Part<'a>>)>) -> Option<Finding> {
    let told: Vec<_> = rule.terms().map(|term| owed(&term.indicator)).collect::<Option<_>>()?;
    let figure = |term: &RuleTerm| {
        let amounts = total_of(&told.iter().find(|(known, _)| known.code == term.indicator)?.1)?.amounts;
        match term.part {
            RulePart::Numerator => amounts.numerator,
            RulePart::Denominator => amounts.denominator,
        }
    };
    let (left, right) = rule.broken(figure)?;
    let number = |sum: crate::values::decimal::Quantity| sum.to_decimal().map_or_else(|| "…".to_owned(), |sum| sum.to_string());
    let message = said(rule.message.vi.clone(), rule.message.en.clone().unwrap_or_else(|| rule.message.vi.clone()));
    let figures = said(
        format!("{} và {}", words::number(number(left)).vi, words::number(number(right)).vi),
        format!("{} and {}", number(left), number(right)),
    );
    let (first, _) = told.first()?;
    let mut finding = Finding::of(first, codes::RULE_BROKEN, &message).with_figures(figures);
    finding.beside = told.iter().map(|(known, _)| known.reference()).collect();
    Some(finding.explained(told.iter().any(|(_, cells)| explained(cells))))
}
