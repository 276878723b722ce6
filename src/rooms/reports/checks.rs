//! What a figure must be like: the rules of one cell, and what a body of cells does to those that are there. Pure.

use super::obligations::Obligations;
use super::table::{CellContent, CellKey};
use super::wire::observation::CellIn;
use crate::figures::{Amounts, Measure, MeasureKind, Observation, ZeroDenominator, value_of};
use crate::problem::codes::{self, Code};
use crate::problem::{Faults, FieldError, Place, Result};
use crate::rooms::indicators::{ExtraInput, ExtraType, IndicatorSummary};
use crate::values::decimal::{Decimal4, Fraction, Quantity};
use crate::values::text;
use serde_json::{Map, Number, Value};
use std::collections::{BTreeMap, HashSet};

/// Longest text of a further input, in characters.
const LONGEST_EXTRA: usize = 4000;

/// What a body asks for one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum CellChange {
    /// That it says this.
    Write(CellContent),
    /// That it says nothing any more.
    Delete,
}

/// Reads a body of cells; `there` tells whether the report has a cell.
///
/// # Errors
/// 422 with every fault of every cell.
pub(super) fn read(obligations: &Obligations, cells: &[CellIn], there: impl Fn(&CellKey) -> bool) -> Result<Vec<(CellKey, CellChange)>> {
    let mut faults = Faults::default();
    let mut seen = HashSet::with_capacity(cells.len());
    let mut changes = Vec::with_capacity(cells.len());
    for (n, cell) in cells.iter().enumerate() {
        let at = format!("/observations/{n}");
        let found = obligations.named(&cell.indicator, &Place::body(format!("{at}/indicator")));
        let Some(known) = faults.keep(found)? else { continue };
        let key = (known.id.clone(), canonical(cell.disaggregation.as_ref())?);
        if !seen.insert(key.clone()) {
            faults.add(FieldError::new(at.clone(), codes::CELL_DUPLICATE));
        }
        let exists = there(&key);
        if cell.delete == Some(true) {
            if !exists {
                faults.add(FieldError::new(at, codes::CELL_ABSENT));
            }
            changes.push((key, CellChange::Delete));
            continue;
        }
        if !obligations.owes(&known.id) {
            faults.add(FieldError::new(format!("{at}/indicator"), codes::INDICATOR_NOT_DUE));
        }
        place(known, cell.disaggregation.as_ref(), exists, &at, &mut faults);
        changes.push((key, CellChange::Write(content(known, cell, &at, &mut faults)?)));
    }
    faults.check()?;
    Ok(changes)
}

/// The canonical text of a disaggregation: keys sorted, without blanks.
pub(super) fn canonical(disaggregation: Option<&BTreeMap<String, String>>) -> Result<String> {
    disaggregation.map_or_else(|| Ok("{}".to_owned()), crate::db::to_json)
}

/// The dimensions must be the indicator's; a value that is no longer active is kept where it has figures.
fn place(known: &IndicatorSummary, disaggregation: Option<&BTreeMap<String, String>>, exists: bool, at: &str, faults: &mut Faults) {
    for (dimension, value) in disaggregation.into_iter().flatten() {
        let values = known.dimensions.iter().find(|d| d.code == *dimension).map(|d| &d.values);
        let fits = values.is_some_and(|values| values.iter().any(|v| v.code == *value && (v.active || exists)));
        if !fits {
            faults.add(FieldError::new(format!("{at}/disaggregation/{}", escaped(dimension)), codes::DISAGGREGATION_UNKNOWN));
        }
    }
}

/// A member's name inside an RFC 6901 pointer.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn content(known: &IndicatorSummary, cell: &CellIn, at: &str, faults: &mut Faults) -> Result<CellContent> {
    let content = CellContent {
        observation: Observation {
            amounts: Amounts { numerator: cell.numerator, denominator: cell.denominator },
            answer: cell.answer,
            status: cell.status.unwrap_or_default(),
            not_applicable: cell.not_applicable.clone().filter(|reason| !reason.is_empty()),
            definition_version: known.definition_version,
        },
        note: cell.note.clone().filter(|note| !note.is_empty()),
        extra: extra(&known.definition.extra_inputs, cell.extra.as_ref(), at, faults)?,
    };
    for (member, code) in wrong(&known.measure(), &content) {
        faults.add(FieldError::new(format!("{at}/{member}"), code));
    }
    Ok(content)
}

/// What is wrong with a cell by the indicator's measure: which member, and how.
pub(super) fn wrong(measure: &Measure, content: &CellContent) -> Vec<(&'static str, &'static Code)> {
    let mut faults = Vec::new();
    let Observation { amounts, answer, not_applicable, .. } = &content.observation;
    let exempt = not_applicable.is_some();
    for (member, value) in [("numerator", amounts.numerator), ("denominator", amounts.denominator)] {
        let Some(value) = value else { continue };
        if !takes(measure, member) || exempt {
            faults.push((member, codes::VALUE_UNEXPECTED));
        } else if value.is_negative() {
            faults.push((member, codes::VALUE_NEGATIVE));
        } else if measure.integer_parts && !value.is_whole() {
            faults.push((member, codes::VALUE_NOT_WHOLE));
        }
    }
    if answer.is_some() && (!measure.is_qualitative() || exempt) {
        faults.push(("answer", codes::VALUE_UNEXPECTED));
    }
    if content.extra.is_some() && exempt {
        faults.push(("extra", codes::VALUE_UNEXPECTED));
    }
    if faults.is_empty() {
        faults.extend(wrong_value(measure, &content.observation));
    }
    faults
}

fn takes(measure: &Measure, member: &str) -> bool {
    measure.is_quotient() || measure.is_qualitative() || member == "numerator"
}

/// What is wrong with a numerator and a denominator that are each right.
fn wrong_value(measure: &Measure, observation: &Observation) -> Option<(&'static str, &'static Code)> {
    if measure.is_qualitative() {
        return None;
    }
    let Amounts { numerator, denominator } = observation.amounts;
    if let (Some(numerator), Some(denominator)) = (numerator, denominator) {
        if denominator.is_zero() && measure.zero_denominator == ZeroDenominator::NotAllowed {
            return Some(("denominator", codes::VALUE_ZERO_DENOMINATOR));
        }
        if numerator > denominator && part_of_whole(measure) {
            return Some(("numerator", codes::VALUE_ABOVE_WHOLE));
        }
    }
    let value = value_of(measure, observation).value?;
    let below = measure.valid_min.is_some_and(|least| value < Fraction::from(least));
    let above = measure.valid_max.is_some_and(|most| value > Fraction::from(most));
    (below || above).then_some(("numerator", codes::VALUE_OUT_OF_RANGE))
}

/// Whether the numerator counts a part of what the denominator counts, so that it cannot be larger.
fn part_of_whole(measure: &Measure) -> bool {
    measure.kind == MeasureKind::Percentage && measure.valid_max.is_some() && measure.valid_max == Decimal4::from_int(100)
}

/// Whether a percentage exceeds its whole where that is possible (5.2a and 5.2b: children who moved here), but worth a look.
pub(super) fn above_whole(measure: &Measure, amounts: Amounts) -> bool {
    measure.kind == MeasureKind::Percentage
        && !part_of_whole(measure)
        && amounts.numerator.zip(amounts.denominator).is_some_and(|(numerator, denominator)| numerator > denominator)
}

/// Whether the indicator's figure lacks a half: a quotient one of its parts, a count its number, a question its answer.
pub(super) fn lacks_a_half(measure: &Measure, observation: &Observation) -> bool {
    if measure.is_qualitative() {
        return value_of(measure, observation).answer.is_none();
    }
    let Amounts { numerator, denominator } = observation.amounts;
    numerator.is_none() || (measure.is_quotient() && denominator.is_none())
}

/// The further inputs in canonical form; none at all is null.
fn extra(inputs: &[ExtraInput], given: Option<&Map<String, Value>>, at: &str, faults: &mut Faults) -> Result<Option<String>> {
    let mut kept = BTreeMap::new();
    for (key, value) in given.into_iter().flatten().filter(|(_, value)| !value.is_null()) {
        let place = format!("{at}/extra/{}", escaped(key));
        match inputs.iter().find(|input| input.key == *key) {
            None => faults.add(FieldError::new(place, codes::EXTRA_UNKNOWN)),
            Some(input) => match extra_value(input, value) {
                Some(value) => drop(kept.insert(key, value)),
                None => faults.add(FieldError::new(place, codes::EXTRA_INVALID)),
            },
        }
    }
    if kept.is_empty() { Ok(None) } else { crate::db::to_json(&kept).map(Some) }
}

/// A further input in its one form; `None` if it is not of its type.
fn extra_value(input: &ExtraInput, value: &Value) -> Option<Value> {
    match (input.kind, value) {
        (ExtraType::Enum, Value::String(chosen)) => input.values.as_ref()?.contains(chosen).then(|| value.clone()),
        (ExtraType::Integer, Value::Number(number)) => quantity(number).filter(|q| q.is_whole()).map(|q| serde_json::json!(q)),
        (ExtraType::Number, Value::Number(number)) => quantity(number).map(|q| serde_json::json!(q)),
        (ExtraType::Text, Value::String(written)) => {
            let fits = written.chars().count() <= LONGEST_EXTRA && !written.chars().any(|c| text::is_forbidden(c, true));
            fits.then(|| value.clone())
        }
        (ExtraType::Boolean, Value::Bool(_)) => Some(value.clone()),
        _ => None,
    }
}

fn quantity(number: &Number) -> Option<Decimal4> {
    Decimal4::parse(number.as_str()).ok().filter(|q| !q.is_negative())
}

/// The sum of parts, where each of them is given.
pub(super) fn sum(parts: impl Iterator<Item = Option<Decimal4>>) -> Option<Quantity> {
    parts.map(|part| part.map(Quantity::from)).sum()
}
