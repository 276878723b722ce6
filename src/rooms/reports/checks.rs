//! What a figure must be like: the rules of one cell, and what a body of cells does to those that are there. Pure.

use super::obligations::Obligations;
use super::table::{CellContent, CellKey};
use super::wire::observation::CellIn;
use super::wording;
use crate::figures::{Amounts, Measure, MeasureKind, Observation, ZeroDenominator, value_of};
use crate::problem::codes::{self, Code};
use crate::problem::words::{self, Helper};
use crate::problem::{Faults, FieldError, Place, Result, Said, said};
use crate::rooms::indicators::{ExtraInput, ExtraType, IndicatorSummary};
use crate::values::decimal::{Decimal4, Fraction, Quantity};
use crate::values::text;
use serde_json::{Map, Number, Value};
use std::collections::{BTreeMap, HashMap};

/// Longest text of a further input, in characters.
const LONGEST_EXTRA: usize = 4000;
/// Of how many unknown inputs of one cell it is told: nobody reads more.
const MOST_UNKNOWN: usize = 50;

/// What a body asks for one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum CellChange {
    /// That it says this.
    Write(CellContent),
    /// That it says nothing any more.
    Delete,
}

/// Reads a body of cells; `there` tells whether the report has a cell, `coordinator` who could charge the unit with more.
///
/// # Errors
/// 422 with every fault of every cell.
pub(super) fn read(
    obligations: &Obligations,
    cells: &[CellIn],
    there: impl Fn(&CellKey) -> bool,
    coordinator: Helper,
) -> Result<Vec<(CellKey, CellChange)>> {
    let mut faults = Faults::default();
    let mut seen: HashMap<CellKey, usize> = HashMap::with_capacity(cells.len());
    let mut changes = Vec::with_capacity(cells.len());
    for (n, cell) in cells.iter().enumerate() {
        let at = format!("/observations/{n}");
        let found = obligations.named(&cell.indicator, &Place::body(format!("{at}/indicator")));
        let Some(known) = faults.keep(found)? else { continue };
        let key = (known.id.clone(), canonical(cell.disaggregation.as_ref())?);
        if let Some(earlier) = seen.insert(key.clone(), n + 1) {
            faults.add(twice(known, cell, &at, earlier, n + 1));
        }
        let exists = there(&key);
        changes.push((key, change(obligations, known, cell, exists, &at, coordinator, &mut faults)?));
    }
    faults.check()?;
    Ok(changes)
}

/// What a cell is asked to say, if it may; `at` is its pointer, `exists` whether the report has it.
///
/// # Errors
/// Internal; what is wrong with it is noted.
pub(super) fn change(
    obligations: &Obligations,
    known: &IndicatorSummary,
    cell: &CellIn,
    exists: bool,
    at: &str,
    coordinator: Helper,
    faults: &mut Faults,
) -> Result<CellChange> {
    if cell.delete == Some(true) {
        if !exists {
            faults.add(fault(known, cell, at, codes::CELL_ABSENT, &nothing_to_delete()));
        }
        return Ok(CellChange::Delete);
    }
    if !obligations.owes(&known.id) {
        let what = not_due(obligations, "Hãy bỏ dòng này.", "Leave this line out.", coordinator);
        faults.add(fault(known, cell, &format!("{at}/indicator"), codes::INDICATOR_NOT_DUE, &what));
    }
    place(known, cell.disaggregation.as_ref(), exists, at, faults);
    Ok(CellChange::Write(content(known, cell, at, faults)?))
}

fn fault(known: &IndicatorSummary, cell: &CellIn, at: &str, code: &'static Code, what: &Said) -> FieldError {
    let part = cell.disaggregation.as_ref().map_or_else(|| said("", ""), |split| wording::part(known, split));
    FieldError::new(at, code).told(wording::of(known, &part, what)).about(Some(known.reference()))
}

/// That a cell was named in an earlier line already.
pub(super) fn twice(known: &IndicatorSummary, cell: &CellIn, at: &str, earlier: usize, now: usize) -> FieldError {
    fault(known, cell, at, codes::CELL_DUPLICATE, &named_twice(earlier, now))
}

fn named_twice(earlier: usize, now: usize) -> Said {
    said(
        format!("đã có ở dòng {earlier}, dòng {now} lặp lại. Hãy giữ một dòng."),
        format!("it stands in line {earlier}, and again in line {now}. Keep one of them."),
    )
}

fn nothing_to_delete() -> Said {
    said(
        "báo cáo chưa có số liệu này nên không có gì để xoá. Hãy bỏ dòng này, hoặc kiểm tra lại chỉ tiêu và phân tổ.",
        "the report has no such figure, so there is nothing to delete. Leave the line out, or check the indicator and its part.",
    )
}

/// That the unit does not owe an indicator, and what to do instead.
pub(super) fn not_due(obligations: &Obligations, vi: &str, en: &str, coordinator: Helper) -> Said {
    let due = words::codes(obligations.due().map(|known| known.code.as_str()));
    let owed = if due.vi.is_empty() {
        said("đơn vị không phải báo cáo chỉ tiêu nào trong kỳ này.", "the unit owes no indicator in this period.")
    } else {
        said(
            format!("đơn vị không phải báo cáo trong kỳ này, chỉ phải báo cáo {}. {vi}", due.vi),
            format!("the unit does not owe it in this period, but: {}. {en}", due.en),
        )
    };
    let otherwise = said("Nếu đơn vị phụ trách chỉ tiêu này:", "If the unit is in charge of it:");
    owed.and(&otherwise).and(&coordinator.please("chuyển giao chỉ tiêu cho đơn vị", "hand the indicator over to the unit"))
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
            let told = wording::of(known, &said("", ""), &wording::unknown_part(known, dimension, value));
            let pointer = format!("{at}/disaggregation/{}", escaped(dimension));
            faults.add(FieldError::new(pointer, codes::DISAGGREGATION_UNKNOWN).told(told).about(Some(known.reference())));
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
        extra: extra(known, cell.extra.as_ref(), at, faults)?,
    };
    for Wrong { member, code, what } in wrong(&known.measure(), &content) {
        faults.add(fault(known, cell, &format!("{at}/{member}"), code, &what));
    }
    Ok(content)
}

/// What is wrong with a cell: which member, and how.
#[derive(Debug)]
pub(super) struct Wrong {
    pub member: &'static str,
    pub code: &'static Code,
    pub what: Said,
}

fn wrong_at(member: &'static str, code: &'static Code, what: Said) -> Wrong {
    Wrong { member, code, what }
}

/// What is wrong with a cell by the indicator's measure.
pub(super) fn wrong(measure: &Measure, content: &CellContent) -> Vec<Wrong> {
    let mut faults = Vec::new();
    let Observation { amounts, answer, not_applicable, .. } = &content.observation;
    let exempt = not_applicable.is_some();
    for (member, value) in [("numerator", amounts.numerator), ("denominator", amounts.denominator)] {
        let Some(value) = value else { continue };
        if !takes(measure, member) || exempt {
            faults.push(wrong_at(member, codes::VALUE_UNEXPECTED, wording::unexpected(measure, member, exempt)));
        } else if value.is_negative() {
            faults.push(wrong_at(member, codes::VALUE_NEGATIVE, wording::negative(measure, member, value)));
        } else if measure.integer_parts && !value.is_whole() {
            faults.push(wrong_at(member, codes::VALUE_NOT_WHOLE, wording::not_whole(measure, member, value)));
        }
    }
    if answer.is_some() && (!measure.is_qualitative() || exempt) {
        faults.push(wrong_at("answer", codes::VALUE_UNEXPECTED, wording::unexpected(measure, "answer", exempt)));
    }
    if content.extra.is_some() && exempt {
        faults.push(wrong_at("extra", codes::VALUE_UNEXPECTED, wording::unexpected(measure, "extra", exempt)));
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
fn wrong_value(measure: &Measure, observation: &Observation) -> Option<Wrong> {
    if measure.is_qualitative() {
        return None;
    }
    let Amounts { numerator, denominator } = observation.amounts;
    if let (Some(numerator), Some(denominator)) = (numerator, denominator) {
        if denominator.is_zero() && measure.zero_denominator == ZeroDenominator::NotAllowed {
            return Some(wrong_at("denominator", codes::VALUE_ZERO_DENOMINATOR, wording::zero_denominator()));
        }
        if numerator > denominator && part_of_whole(measure) {
            return Some(wrong_at("numerator", codes::VALUE_ABOVE_WHOLE, wording::above_whole(observation.amounts, true)));
        }
    }
    let rolled = value_of(measure, observation);
    let value = rolled.value?;
    let below = measure.valid_min.is_some_and(|least| value < Fraction::from(least));
    let above = measure.valid_max.is_some_and(|most| value > Fraction::from(most));
    let told = || rolled.rounded_value().map_or_else(|| codes::VALUE_OUT_OF_RANGE.cure(), |value| wording::out_of_range(measure, value));
    (below || above).then(|| wrong_at("numerator", codes::VALUE_OUT_OF_RANGE, told()))
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
fn extra(known: &IndicatorSummary, given: Option<&Map<String, Value>>, at: &str, faults: &mut Faults) -> Result<Option<String>> {
    let inputs = &known.definition.extra_inputs;
    let (mut kept, mut unknown) = (BTreeMap::new(), 0);
    let fault = |place: String, code, what: Said| {
        FieldError::new(place, code).told(wording::of(known, &said("", ""), &what)).about(Some(known.reference()))
    };
    for (key, value) in given.into_iter().flatten().filter(|(_, value)| !value.is_null()) {
        let place = format!("{at}/extra/{}", escaped(key));
        match inputs.iter().find(|input| input.key == *key) {
            None if unknown == MOST_UNKNOWN => {}
            None => {
                unknown += 1;
                faults.add(fault(place, codes::EXTRA_UNKNOWN, wording::unknown_extra(inputs, key)));
            }
            Some(input) => match extra_value(input, value) {
                Some(value) => drop(kept.insert(key, value)),
                None => faults.add(fault(place, codes::EXTRA_INVALID, wording::wrong_extra(input))),
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
