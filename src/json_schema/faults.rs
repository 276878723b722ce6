//! The faults that a validator finds, in the service's own codes and words.

use super::rules::Breach;
use crate::problem::codes::{self, Code};
use crate::problem::{FieldError, Said, said, words};
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use serde_json::Value;
use std::collections::HashMap;

/// How much of a client's own words a detail repeats, in characters.
const ECHO: usize = 40;
/// How much of an unknown name a pointer repeats, in characters.
const NAME: usize = 200;

/// The faults so far, at most one for a place: what is of the wrong type need not be told that it is too short.
#[derive(Default)]
pub(super) struct Gathered {
    faults: Vec<FieldError>,
    places: HashMap<String, usize>,
}

impl Gathered {
    /// Those that are known before the validator looks. They hold for their places.
    pub(super) fn of(faults: Vec<FieldError>) -> Self {
        let places = faults.iter().enumerate().map(|(at, fault)| (fault.pointer.clone(), at)).collect();
        Self { faults, places }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.faults.len()
    }

    /// Takes in what the validator found.
    pub(super) fn add(&mut self, error: &ValidationError<'_>) {
        let at = error.instance_path().as_str();
        match error.kind() {
            Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
                unexpected.iter().for_each(|name| self.note(below(at, name), codes::FIELD_UNKNOWN, unknown(name)));
            }
            Kind::Required { property } => {
                let name = property.as_str().unwrap_or_default();
                let fault = FieldError::missing(below(at, name), name);
                self.note(fault.pointer, fault.code, fault.detail);
            }
            Kind::PropertyNames { error: inner } => {
                let name = inner.instance().as_str().unwrap_or_default().to_owned();
                let (code, detail) = match inner.kind() {
                    Kind::Enum { .. } | Kind::Constant { .. } => (codes::FIELD_UNKNOWN, unknown(&name)),
                    kind => put(kind),
                };
                self.note(below(at, &name), code, detail);
            }
            Kind::FalseSchema => {
                let name = at.rsplit('/').next().unwrap_or_default();
                self.note(at.to_owned(), codes::FIELD_UNKNOWN, unknown(&unescape(name)));
            }
            kind => {
                let (code, detail) = put(kind);
                self.note(at.to_owned(), code, detail);
            }
        }
    }

    fn note(&mut self, pointer: String, code: &'static Code, detail: Said) {
        let fault = FieldError::new(pointer, code).told(detail);
        match self.places.get(&fault.pointer).and_then(|at| self.faults.get_mut(*at)) {
            Some(known) if rank(code) < rank(known.code) => *known = fault,
            Some(_) => {}
            None => {
                self.places.insert(fault.pointer.clone(), self.faults.len());
                self.faults.push(fault);
            }
        }
    }

    /// The first `most` of them.
    pub(super) fn finish(mut self, most: usize) -> Vec<FieldError> {
        self.faults.truncate(most);
        self.faults
    }
}

/// What is told first if a value has several faults.
fn rank(code: &Code) -> u8 {
    const ORDER: [&Code; 5] =
        [codes::FIELD_UNKNOWN, codes::FIELD_MISSING, codes::FIELD_TYPE, codes::FIELD_CONTROL_CHARACTER, codes::FIELD_LENGTH];
    ORDER.iter().zip(0..).find_map(|(known, rank)| (**known == *code).then_some(rank)).unwrap_or(u8::MAX)
}

/// Code and words of a fault that lies at the instance itself.
fn put(kind: &Kind) -> (&'static Code, Said) {
    match kind {
        Kind::Custom { message, .. } => match Breach::decode(message) {
            Some(breach) => (breach.code, breach.detail),
            None => plain(codes::FIELD_VALUE),
        },
        Kind::Enum { options } => allowed(options.as_array().map_or(&[][..], Vec::as_slice)),
        Kind::Constant { expected_value } => allowed(std::slice::from_ref(&**expected_value)),
        Kind::MinItems { limit } => length(format!("Danh sách cần ít nhất {limit} dòng."), format!("Needs at least {limit} items.")),
        Kind::MaxItems { limit } => length(format!("Danh sách có nhiều nhất {limit} dòng."), format!("At most {limit} items.")),
        Kind::AdditionalItems { limit } => length(format!("Danh sách có nhiều nhất {limit} dòng."), format!("At most {limit} items.")),
        Kind::MinProperties { limit } => length(format!("Cần ít nhất {limit} mục."), format!("Needs at least {limit} fields.")),
        Kind::MaxProperties { limit } => length(format!("Nhiều nhất {limit} mục."), format!("At most {limit} fields.")),
        Kind::Pattern { pattern } => (codes::FIELD_FORMAT, words::form(pattern)),
        Kind::Format { .. } | Kind::BacktrackLimitExceeded { .. } | Kind::RegexEngineFailure { .. } => plain(codes::FIELD_FORMAT),
        Kind::UniqueItems => (
            codes::FIELD_VALUE,
            said("Danh sách có giá trị lặp lại. Hãy bỏ giá trị thừa.", "The array holds a value twice. Leave one of them out."),
        ),
        Kind::MultipleOf { multiple_of } => {
            (codes::FIELD_VALUE, said(format!("Phải là bội của {multiple_of}."), format!("Must be a multiple of {multiple_of}.")))
        }
        Kind::MinLength { .. } | Kind::MaxLength { .. } => plain(codes::FIELD_LENGTH),
        Kind::Minimum { .. } | Kind::Maximum { .. } | Kind::ExclusiveMinimum { .. } | Kind::ExclusiveMaximum { .. } => {
            plain(codes::FIELD_RANGE)
        }
        Kind::Type { .. } | Kind::OneOfNotValid { .. } | Kind::OneOfMultipleValid { .. } | Kind::AnyOf { .. } => plain(codes::FIELD_TYPE),
        _ => plain(codes::FIELD_VALUE),
    }
}

fn plain(code: &'static Code) -> (&'static Code, Said) {
    (code, code.cure())
}

fn length(vi: String, en: String) -> (&'static Code, Said) {
    (codes::FIELD_LENGTH, said(vi, en))
}

fn unknown(name: &str) -> Said {
    let name = cut(name, ECHO);
    said(
        format!("Ở đây không có mục «{name}». Hãy bỏ nó, hoặc sửa tên cho đúng tài liệu."),
        format!("There is no field {name} here. Remove it, or mend its name after the contract."),
    )
}

/// The values that a client may choose from.
fn allowed(options: &[Value]) -> (&'static Code, Said) {
    let written = |option: &Value| option.as_str().map_or_else(|| option.to_string(), str::to_owned);
    let list = words::listed(options.iter().map(|option| words::choice(&written(option))));
    (codes::FIELD_VALUE, said(format!("Giá trị này không dùng được; chỉ được dùng {}.", list.vi), format!("Allowed values: {}.", list.en)))
}

/// At most so many characters of a text.
pub(crate) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// The pointer of a member (RFC 6901 section 3).
pub(super) fn below(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", cut(name, NAME).replace('~', "~0").replace('/', "~1"))
}

fn unescape(name: &str) -> String {
    name.replace("~1", "/").replace("~0", "~")
}
