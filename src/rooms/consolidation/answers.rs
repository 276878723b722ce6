//! What units answered to the questions of a period, in a consolidated report: pure.

use super::wire::{AnswerTotal, ConsolidatedAnswer};
use crate::rooms::periods::{AnswerValue, Question};
use crate::values::Ref;
use crate::values::decimal::{Decimal4, Quantity};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A question with the units' answers, in the plan's order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Answered {
    pub code: String,
    pub restricted: bool,
    pub answers: Vec<(Ref, AnswerValue)>,
}

/// The answers of these units to each question.
pub(super) fn of_units(questions: &[Question], units: &[(Ref, BTreeMap<String, AnswerValue>)]) -> Vec<Answered> {
    let answered = |question: &Question| Answered {
        code: question.code.clone(),
        restricted: question.restricted,
        answers: units.iter().filter_map(|(unit, given)| Some((unit.clone(), given.get(&question.code)?.clone()))).collect(),
    };
    questions.iter().map(answered).collect()
}

/// As a reader sees them: `exact` says whether answers that point at persons are shown to him.
pub(super) fn shown(all: &[Answered], exact: bool) -> Vec<ConsolidatedAnswer> {
    let of = |question: &Answered| {
        let suppressed = question.restricted && !exact;
        let one = |(unit, value): &(Ref, AnswerValue)| ConsolidatedAnswer {
            code: question.code.clone(),
            unit: unit.clone(),
            value: (!suppressed).then(|| value.clone()),
            suppressed,
        };
        question.answers.iter().map(one).collect::<Vec<_>>()
    };
    all.iter().flat_map(of).collect()
}

/// The sums of the numbers, likewise.
pub(super) fn totals(all: &[Answered], exact: bool) -> Vec<AnswerTotal> {
    let of = |question: &Answered| {
        let number = |(_, value): &(Ref, AnswerValue)| match value {
            AnswerValue::Number(number) => Some(*number),
            AnswerValue::Text(_) | AnswerValue::Boolean(_) => None,
        };
        let numbers: Vec<Decimal4> = question.answers.iter().filter_map(number).collect();
        let suppressed = question.restricted && !exact;
        let sum = numbers.iter().copied().map(Quantity::from).sum::<Quantity>().to_decimal().filter(|_| !suppressed);
        (!numbers.is_empty()).then(|| AnswerTotal { code: question.code.clone(), sum, suppressed })
    };
    all.iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn asked(code: &str, restricted: bool, values: &[serde_json::Value]) -> Answered {
        let answer = |(n, value): (usize, &serde_json::Value)| {
            (Ref::new(format!("u{n}"), format!("U{n}")), serde_json::from_value(value.clone()).unwrap())
        };
        Answered { code: code.to_owned(), restricted, answers: values.iter().enumerate().map(answer).collect() }
    }

    #[test]
    fn numbers_are_added_exactly_and_words_are_not() {
        let all = [asked("q1", false, &[json!(0.1), json!(0.2)]), asked("q2", false, &[json!("Tốt")]), asked("q3", true, &[json!(2)])];
        assert_eq!(
            json!(totals(&all, false)),
            json!([{"code": "q1", "sum": 0.3, "suppressed": false}, {"code": "q3", "sum": null, "suppressed": true}])
        );
        assert_eq!(json!(totals(&all, true).iter().map(|total| total.sum).collect::<Vec<_>>()), json!([0.3, 2]));
    }

    #[test]
    fn what_points_at_persons_is_hidden() {
        let all = [asked("q3", true, &[json!(2)])];
        assert_eq!(
            json!(shown(&all, false)),
            json!([{"code": "q3", "unit": {"id": "u0", "code": "U0"}, "value": null, "suppressed": true}])
        );
        assert_eq!(json!(shown(&all, true)[0].value), json!(2));
    }
}
