//! What a figure must be like: the rules of one cell, and what a body of cells does to those that are there. Pure.

use super::obligations::Obligations;
use super::wire::observation::{CellIn, ObservationStatus};
use crate::figures::{Measure, MeasureKind, ZeroDenominator, value_of};
use crate::problem::codes::{self, Code};
use crate::problem::{Faults, FieldError, Place, Result};
use crate::rooms::indicators::{ExtraInput, ExtraType, IndicatorSummary};
use crate::values::decimal::{Decimal4, Fraction, Quantity};
use crate::values::id::IndicatorId;
use crate::values::text;
use serde_json::{Map, Number, Value};
use std::collections::{BTreeMap, HashSet};

/// Longest text of a further input, in characters.
const LONGEST_EXTRA: usize = 4000;

/// A cell of a report: which indicator, and which part of it (canonical JSON, `{}` for the total).
pub(super) type CellKey = (IndicatorId, String);

/// What a cell says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Figures {
    pub numerator: Option<Decimal4>,
    pub denominator: Option<Decimal4>,
    pub answer: Option<bool>,
    pub status: ObservationStatus,
    pub not_applicable: Option<String>,
    pub note: Option<String>,
    /// Canonical JSON: keys sorted, numbers in one form.
    pub extra: Option<String>,
}

impl Figures {
    /// Whether it holds a number or an answer.
    pub(super) fn says_something(&self) -> bool {
        self.numerator.is_some() || self.denominator.is_some() || self.answer.is_some()
    }
}

/// What a body asks for one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wish {
    /// These figures, under this version of the definition.
    Write(Figures, i32),
    /// No figures at all.
    Delete,
}

/// Reads a body of cells; `there` tells whether the report has a cell.
///
/// # Errors
/// 422 with every fault of every cell.
pub(super) fn read(obligations: &Obligations, cells: &[CellIn], there: impl Fn(&CellKey) -> bool) -> Result<Vec<(CellKey, Wish)>> {
    let mut faults = Faults::default();
    let mut seen = HashSet::with_capacity(cells.len());
    let mut wishes = Vec::with_capacity(cells.len());
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
            wishes.push((key, Wish::Delete));
            continue;
        }
        if !obligations.owes(&known.id) {
            faults.add(FieldError::new(format!("{at}/indicator"), codes::INDICATOR_NOT_DUE));
        }
        place(known, cell.disaggregation.as_ref(), exists, &at, &mut faults);
        let figures = figures(known, cell, &at, &mut faults)?;
        wishes.push((key, Wish::Write(figures, known.definition_version)));
    }
    faults.check()?;
    Ok(wishes)
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

fn figures(known: &IndicatorSummary, cell: &CellIn, at: &str, faults: &mut Faults) -> Result<Figures> {
    let extra = extra(&known.definition.extra_inputs, cell.extra.as_ref(), at, faults)?;
    let figures = Figures {
        numerator: cell.numerator,
        denominator: cell.denominator,
        answer: cell.answer,
        status: cell.status.unwrap_or_default(),
        not_applicable: cell.not_applicable.clone().filter(|reason| !reason.is_empty()),
        note: cell.note.clone().filter(|note| !note.is_empty()),
        extra,
    };
    for (member, code) in wrong(&known.measure(), &figures) {
        faults.add(FieldError::new(format!("{at}/{member}"), code));
    }
    Ok(figures)
}

/// What is wrong with figures by the indicator's measure: which member, and how.
pub(super) fn wrong(measure: &Measure, figures: &Figures) -> Vec<(&'static str, &'static Code)> {
    let mut faults = Vec::new();
    let parts = [("numerator", figures.numerator), ("denominator", figures.denominator)];
    for (member, value) in parts {
        let Some(value) = value else { continue };
        if !takes(measure, member) || figures.not_applicable.is_some() {
            faults.push((member, codes::VALUE_UNEXPECTED));
        } else if value.is_negative() {
            faults.push((member, codes::VALUE_NEGATIVE));
        } else if measure.integer_parts && !value.is_whole() {
            faults.push((member, codes::VALUE_NOT_WHOLE));
        }
    }
    if figures.answer.is_some() && (!measure.is_qualitative() || figures.not_applicable.is_some()) {
        faults.push(("answer", codes::VALUE_UNEXPECTED));
    }
    if figures.extra.is_some() && figures.not_applicable.is_some() {
        faults.push(("extra", codes::VALUE_UNEXPECTED));
    }
    if faults.is_empty() {
        faults.extend(wrong_value(measure, figures));
    }
    faults
}

fn takes(measure: &Measure, member: &str) -> bool {
    measure.is_quotient() || measure.is_qualitative() || member == "numerator"
}

/// What is wrong with a numerator and a denominator that are each right.
fn wrong_value(measure: &Measure, figures: &Figures) -> Option<(&'static str, &'static Code)> {
    if measure.is_qualitative() {
        return None;
    }
    if let (Some(numerator), Some(denominator)) = (figures.numerator, figures.denominator) {
        if denominator.is_zero() && measure.zero_denominator == ZeroDenominator::NotAllowed {
            return Some(("denominator", codes::VALUE_ZERO_DENOMINATOR));
        }
        if numerator > denominator && part_of_whole(measure) {
            return Some(("numerator", codes::VALUE_ABOVE_WHOLE));
        }
    }
    let value = value_of(measure, figures.numerator, figures.denominator, None).value?;
    let below = measure.valid_min.is_some_and(|least| value < Fraction::from(least));
    let above = measure.valid_max.is_some_and(|most| value > Fraction::from(most));
    (below || above).then_some(("numerator", codes::VALUE_OUT_OF_RANGE))
}

/// Whether the numerator counts a part of what the denominator counts, so that it cannot be larger.
fn part_of_whole(measure: &Measure) -> bool {
    measure.kind == MeasureKind::Percentage && measure.valid_max.is_some() && measure.valid_max == Decimal4::from_int(100)
}

/// Whether a percentage exceeds its whole where that is possible (5.2a and 5.2b: children who moved here), but worth a look.
pub(super) fn above_whole(measure: &Measure, figures: &Figures) -> bool {
    measure.kind == MeasureKind::Percentage
        && !part_of_whole(measure)
        && figures.numerator.zip(figures.denominator).is_some_and(|(numerator, denominator)| numerator > denominator)
}

/// Whether the indicator's figure lacks a half: a quotient one of its parts, a count its number, a question its answer.
pub(super) fn lacks_a_half(measure: &Measure, figures: &Figures) -> bool {
    if measure.is_qualitative() {
        return value_of(measure, figures.numerator, figures.denominator, figures.answer).answer.is_none();
    }
    figures.numerator.is_none() || (measure.is_quotient() && figures.denominator.is_none())
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
