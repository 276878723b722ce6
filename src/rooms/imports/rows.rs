//! A row of a file as a figure to be written.

use super::amounts::{self, Amount};
use super::columns::{Column, Columns, Meaning};
use super::staged::Cell;
use super::wording;
use crate::figures::ObservationStatus;
use crate::formats::row_source::RowCell;
use crate::json_schema;
use crate::problem::{Error, FieldError, Result};
use crate::reading::references;
use crate::rooms::reports::{CellIn, Kept, Line};
use crate::values::decimal::Decimal4;
use serde_json::{Map, Number, Value};

/// The figure that a row is, or all that is wrong with it by its form.
///
/// # Errors
/// Internal.
pub(super) fn read(columns: &Columns, number: usize, cells: Vec<Cell>) -> Result<std::result::Result<Line, Vec<FieldError>>> {
    let mut row = Row::default();
    for (at, cell) in cells {
        if let Some(column) = columns.get(usize::from(at)) {
            row.take(column, cell);
        }
    }
    let kept = Kept { note: !columns.has(&Meaning::Member("note")), extra: !columns.has(&Meaning::Member("extra")) };
    Ok(row.finish()?.map(|cell| Line { number, cell, kept }))
}

#[derive(Default)]
struct Row {
    members: Map<String, Value>,
    disaggregation: Map<String, Value>,
    faults: Vec<FieldError>,
}

impl Row {
    fn take(&mut self, column: &Column, cell: RowCell) {
        match &column.meaning {
            Meaning::Member(member) => self.member(member, cell),
            Meaning::Dimension(code) => match cell {
                RowCell::Text(text) if text == NOT_AVAILABLE => {}
                cell => drop(self.disaggregation.insert(code.clone(), text_value(cell))),
            },
            Meaning::Suppressed if is_true(&cell) => self.faults.push(wording::suppressed()),
            Meaning::Nameless => self.faults.push(wording::nameless(&column.name)),
            Meaning::Report(_) | Meaning::Suppressed | Meaning::Ignored => {}
        }
    }

    fn member(&mut self, member: &'static str, cell: RowCell) {
        let value = match (member, cell) {
            (_, RowCell::Failure(shown)) => return self.faults.push(wording::failure(member, &shown)),
            // R, pandas and others so say that there is none.
            ("numerator" | "denominator" | "answer" | "status", RowCell::Text(text)) if text == NOT_AVAILABLE => return,
            ("numerator" | "denominator", RowCell::Text(text)) => match amounts::read(text.trim()) {
                Amount::Number(number) => json_number(&number).unwrap_or(Value::String(text)),
                Amount::Ambiguous => return self.faults.push(wording::ambiguous(member, &text)),
                Amount::None => Value::String(text),
            },
            ("numerator" | "denominator" | "indicator", RowCell::Day(day)) => return self.faults.push(wording::day(member, &day)),
            ("answer", cell) => truth(cell),
            ("indicator", RowCell::Text(text)) => Value::String(code(&text)),
            ("extra", RowCell::Text(text) | RowCell::Json(text)) => serde_json::from_str(&text).unwrap_or(Value::String(text)),
            ("numerator" | "denominator", cell) => plain(cell),
            (_, cell) => text_value(cell),
        };
        self.members.insert(member.to_owned(), value);
    }

    /// The figure, checked as that of a `PATCH` is by the document.
    fn finish(mut self) -> Result<std::result::Result<CellIn, Vec<FieldError>>> {
        if self.faults.is_empty()
            && let Some(cell) = self.quickly()
        {
            return Ok(Ok(cell));
        }
        if !self.disaggregation.is_empty() {
            self.members.insert("disaggregation".to_owned(), Value::Object(self.disaggregation));
        }
        let already: Vec<String> = self.faults.iter().map(|fault| fault.pointer.clone()).collect();
        match json_schema::form::<CellIn>()?.accept_value(Value::Object(self.members)) {
            Ok(value) if self.faults.is_empty() => serde_json::from_value(value).map(Ok).map_err(Error::internal),
            Ok(_) => Ok(Err(self.faults)),
            Err(faults) => {
                self.faults.extend(faults.into_iter().filter(|fault| !already.contains(&fault.pointer)));
                Ok(Err(self.faults))
            }
        }
    }

    /// The same of what nearly every row is, in a tenth of the time: plain numbers, and names in ASCII.
    fn quickly(&self) -> Option<CellIn> {
        let mut cell = CellIn::default();
        for (name, value) in &self.members {
            match (name.as_str(), value) {
                ("indicator", Value::String(text)) if is_plain(text) => cell.indicator.clone_from(text),
                ("numerator", Value::Number(number)) => cell.numerator = Some(Decimal4::parse(number.as_str()).ok()?),
                ("denominator", Value::Number(number)) => cell.denominator = Some(Decimal4::parse(number.as_str()).ok()?),
                ("answer", Value::Bool(answer)) => cell.answer = Some(*answer),
                ("status", Value::String(status)) => cell.status = Some(ObservationStatus::parse(status)?),
                ("note", Value::String(text)) if is_plain(text) => cell.note = Some(text.clone()),
                _ => return None,
            }
        }
        if cell.indicator.is_empty() {
            return None;
        }
        if !self.disaggregation.is_empty() {
            let plain = |(name, value): (&String, &Value)| {
                let value = value.as_str().filter(|text| is_plain(text))?;
                is_plain(name).then(|| (name.clone(), value.to_owned()))
            };
            cell.disaggregation = Some(self.disaggregation.iter().map(plain).collect::<Option<_>>()?);
        }
        Some(cell)
    }
}

/// What statistics programs write for a value that is not there.
const NOT_AVAILABLE: &str = "NA";

/// Whether a text is short, has nothing that normalising would change, and nothing that is forbidden.
fn is_plain(text: &str) -> bool {
    let inner = |b: u8| b.is_ascii_graphic() || b == b' ';
    (1..=64).contains(&text.len()) && text.bytes().all(inner) && !text.starts_with(' ') && !text.ends_with(' ')
}

/// An indicator's code as a sheet may have spoilt it: where the comma is the decimal mark, `3.2` becomes `3,2`.
fn code(text: &str) -> String {
    let is_number = text
        .split_once(',')
        .is_some_and(|(head, tail)| [head, tail].iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit())));
    if is_number { text.replace(',', ".") } else { text.to_owned() }
}

fn json_number(text: &str) -> Option<Value> {
    serde_json::from_str::<Number>(text).ok().map(Value::Number)
}

/// A cell as JSON has it.
fn plain(cell: RowCell) -> Value {
    match cell {
        RowCell::Number(number) => json_number(&number).unwrap_or(Value::String(number)),
        RowCell::Truth(truth) => Value::Bool(truth),
        RowCell::Json(json) => serde_json::from_str(&json).unwrap_or(Value::String(json)),
        RowCell::Text(text) | RowCell::Day(text) | RowCell::Failure(text) => Value::String(text),
    }
}

/// A cell in a column of texts, where a sheet may have made a number of one.
fn text_value(cell: RowCell) -> Value {
    match cell {
        RowCell::Number(text) => Value::String(text),
        other => plain(other),
    }
}

/// A yes or no, however it is written.
fn truth(cell: RowCell) -> Value {
    let told = match &cell {
        RowCell::Text(text) => match text.to_lowercase().as_str() {
            "true" | "yes" | "có" | "đúng" | "x" => Some(true),
            "false" | "no" | "không" | "sai" => Some(false),
            _ => None,
        },
        _ => None,
    };
    told.map_or_else(|| plain(cell), Value::Bool)
}

fn is_true(cell: &RowCell) -> bool {
    matches!(cell, RowCell::Truth(true)) || matches!(cell, RowCell::Text(text) if text.eq_ignore_ascii_case("true"))
}

/// The fault of a row that names no report.
pub(super) fn missing(name: &str) -> FieldError {
    FieldError::missing(format!("/{name}"), name)
}

/// Whether a fault is about a code that a sheet may have turned into a date.
pub(super) fn looks_like_a_day(fault: &FieldError, cells: &[Cell], columns: &Columns) -> bool {
    let is_code = |at: &u16| columns.get(usize::from(*at)).is_some_and(|column| column.meaning == Meaning::Member("indicator"));
    let is_day = |text: &str| {
        let parts: Vec<&str> = text.split(['/', '-']).collect();
        parts.len() > 1
            && parts.len() <= 3
            && parts.iter().all(|part| part.len() <= 4 && part.bytes().all(|b| b.is_ascii_alphanumeric()))
            && parts.iter().any(|part| part.bytes().all(|b| b.is_ascii_digit()))
    };
    references::is_unknown(fault)
        && fault.pointer == "/indicator"
        && cells.iter().any(|(at, cell)| is_code(at) && matches!(cell, RowCell::Text(text) if is_day(text)))
}
