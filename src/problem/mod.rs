//! Everything that can go wrong, in two worlds: a [`Problem`] is safe to show to anybody (RFC 9457), an [`Internal`]
//! error is logged once with its cause and shown as a bare 500.

pub mod codes;
pub mod database;
pub mod page;
mod place;
mod vocabulary;
pub mod words;

pub use place::{Faults, Place};
pub use words::{Said, said};

use crate::values::Ref;
use codes::Code;
use serde_json::{Map, Value, json};
use std::fmt;
use std::panic::Location;

/// The answer of every rule, query and handler.
pub type Result<T> = std::result::Result<T, Error>;

/// The languages in which problems are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// Vietnamese, the default.
    Vi,
    /// English, on request.
    En,
}

/// One thing that is wrong with a body or a query.
#[derive(Debug, Clone)]
pub struct FieldError {
    /// Where: an RFC 6901 pointer into the body, or the name of a query parameter.
    pub pointer: String,
    /// What: one of [`codes`].
    pub code: &'static Code,
    /// In words.
    pub detail: Said,
    /// The indicator it is about, if it is about one.
    pub indicator: Option<Box<Ref>>,
}

impl FieldError {
    /// A fault at a place of the body, with the code's own advice.
    pub fn new(pointer: impl Into<String>, code: &'static Code) -> Self {
        Self { pointer: pointer.into(), code, detail: code.cure(), indicator: None }
    }

    /// A member of the body that is not there.
    #[must_use]
    pub fn missing(pointer: impl Into<String>, name: &str) -> Self {
        let member = words::member(name);
        Self::new(pointer, codes::FIELD_MISSING)
            .saying(format!("Thiếu {}. Hãy điền mục này.", member.vi), format!("The field {name} is missing. Fill it in."))
    }

    /// A member of the body that stays as it was made.
    #[must_use]
    pub fn fixed(name: &str) -> Self {
        let member = words::member(name);
        Self::new(format!("/{name}"), codes::FIELD_IMMUTABLE).saying(
            format!("Không đổi được {} sau khi đã tạo. Hãy giữ giá trị cũ, hoặc tạo bản ghi mới.", member.vi),
            format!("The field {name} stays as it was made. Leave its former value, or create another one."),
        )
    }

    /// The same in words of its own.
    #[must_use]
    pub fn saying(self, vi: impl Into<String>, en: impl Into<String>) -> Self {
        self.told(said(vi, en))
    }

    /// The same in words that are at hand.
    #[must_use]
    pub fn told(mut self, detail: Said) -> Self {
        self.detail = detail;
        self
    }

    /// The same about an indicator.
    #[must_use]
    pub fn about(mut self, indicator: Option<Ref>) -> Self {
        self.indicator = indicator.map(Box::new);
        self
    }

    /// Its words as the words of the whole problem: those that say only what a value must be like begin with whose value it is.
    fn at_its_place(&self) -> Said {
        if !codes::OF_VALUES.contains(&self.code) || !self.pointer.starts_with('/') {
            return self.detail.clone();
        }
        let place = words::place(&self.pointer);
        said(format!("{}: {}", place.vi, self.detail.vi), format!("{}: {}", place.en, self.detail.en))
    }

    fn to_json(&self, language: Language) -> Value {
        let mut fault = json!({"pointer": self.pointer, "code": self.code.code, "detail": self.detail.in_language(language)});
        if let (Some(indicator), Some(members)) = (&self.indicator, fault.as_object_mut()) {
            members.insert("indicator".to_owned(), json!(indicator));
        }
        fault
    }
}

/// A refusal that tells the client what is wrong and how to mend it; never the inside of the service.
#[derive(Debug, Clone)]
pub struct Problem {
    code: &'static Code,
    status: u16,
    detail: Said,
    errors: Vec<FieldError>,
    members: Map<String, Value>,
    headers: Vec<(&'static str, String)>,
}

impl Problem {
    /// A problem with the code's own words.
    #[must_use]
    pub fn new(code: &'static Code) -> Self {
        Self { code, status: code.status, detail: code.cure(), errors: Vec::new(), members: Map::new(), headers: Vec::new() }
    }

    /// The same with a more exact `detail`.
    #[must_use]
    pub fn saying(self, vi: impl Into<String>, en: impl Into<String>) -> Self {
        self.told(said(vi, en))
    }

    /// The same with a `detail` that is at hand.
    #[must_use]
    pub fn told(mut self, detail: Said) -> Self {
        self.detail = detail;
        self
    }

    /// A conflict with a state: which it is, and which steps are possible from it.
    #[must_use]
    pub fn in_state<'a>(self, current: &str, allowed: impl IntoIterator<Item = &'a str>) -> Self {
        let allowed: Vec<&str> = allowed.into_iter().collect();
        self.member("current", current).member("allowed", allowed)
    }

    /// Adds the faults of single fields.
    #[must_use]
    pub fn with_errors(mut self, errors: Vec<FieldError>) -> Self {
        self.errors.extend(errors);
        self
    }

    /// Adds a member of its own (RFC 9457 section 3.2).
    #[must_use]
    pub fn member(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.members.insert(name.to_owned(), value.into());
        self
    }

    /// Adds a response header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// 422 with the faults of a body.
    #[must_use]
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let code = match errors.as_slice() {
            [only] if only.code.status == 422 => only.code,
            _ => codes::BODY_INVALID,
        };
        Self::new(code).with_faults(errors)
    }

    /// The same with the faults of single fields, told by its `detail` as well: the only one, or the first of several.
    #[must_use]
    pub fn with_faults(self, errors: Vec<FieldError>) -> Self {
        let told = match errors.as_slice() {
            [] => self.detail.clone(),
            [only] => only.at_its_place(),
            [first, ..] => {
                let (count, first) = (errors.len(), first.at_its_place());
                said(
                    format!("Có {count} chỗ chưa đúng; danh sách «errors» nêu từng chỗ và cách sửa. Chỗ đầu tiên: {}", first.vi),
                    format!("{count} things are not right; errors lists each with its cure. The first: {}", first.en),
                )
            }
        };
        self.told(told).with_errors(errors)
    }

    /// 422 with one fault.
    pub fn at(pointer: impl Into<String>, code: &'static Code) -> Self {
        Self::invalid(vec![FieldError::new(pointer, code)])
    }

    /// The same fault met in a query parameter: 400 instead of 422.
    #[must_use]
    pub fn in_query(code: &'static Code, fault: FieldError) -> Self {
        let mut problem = Self::new(code);
        problem.status = 400;
        problem.with_faults(vec![fault])
    }

    /// The code.
    #[must_use]
    pub fn code(&self) -> &'static Code {
        self.code
    }

    /// The detail in both languages.
    #[must_use]
    pub fn detail(&self) -> &Said {
        &self.detail
    }

    /// The faults of single fields.
    #[must_use]
    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    /// The response headers that go with it.
    #[must_use]
    pub fn headers(&self) -> &[(&'static str, String)] {
        &self.headers
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The `application/problem+json` document.
    #[must_use]
    pub fn to_json(&self, language: Language, instance: &str, request_id: &str) -> Value {
        let mut document = json!({
            "type": format!("/problems/{}", self.code.code),
            "title": self.code.title(language),
            "status": self.status,
            "detail": self.detail.in_language(language),
            "instance": instance,
            "code": self.code.code,
            "request_id": request_id,
        });
        let errors: Vec<Value> = self.errors.iter().map(|fault| fault.to_json(language)).collect();
        if let Some(members) = document.as_object_mut() {
            if !errors.is_empty() {
                members.insert("errors".to_owned(), Value::Array(errors));
            }
            members.extend(self.members.clone());
        }
        document
    }
}

/// A fault of the service itself: its cause goes to the log, never to the client.
pub struct Internal {
    cause: String,
    place: &'static Location<'static>,
    /// Whether a row that was referred to is not there.
    dangling: bool,
}

impl fmt::Debug for Internal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at {})", self.cause, self.place)
    }
}

/// Either a refusal for the client or a fault for the log.
#[derive(Debug)]
pub enum Error {
    /// To be shown.
    Problem(Box<Problem>),
    /// To be logged.
    Internal(Box<Internal>),
}

impl Error {
    /// A fault of the service, remembered with the place that noticed it.
    #[track_caller]
    pub fn internal(cause: impl fmt::Display) -> Self {
        Self::Internal(Box::new(Internal { cause: cause.to_string(), place: Location::caller(), dangling: false }))
    }

    /// The error of a write that others may have overtaken: what it refers to was there when the rules looked for it, and
    /// was deleted before the row was written. That is 422 `reference.unknown`, as if it had come a moment later.
    #[must_use]
    pub fn overtaken(self) -> Self {
        match self {
            Self::Internal(internal) if internal.dangling => {
                tracing::warn!(error = ?internal, "what a request refers to was deleted meanwhile");
                codes::REFERENCE_UNKNOWN.into()
            }
            other => other,
        }
    }

    /// The problem to be shown; a fault of the service becomes a bare 500.
    #[must_use]
    pub fn into_problem(self) -> Problem {
        match self {
            Self::Problem(problem) => *problem,
            Self::Internal(_) => Problem::new(codes::INTERNAL),
        }
    }

    /// The problem's code, if it is one.
    #[must_use]
    pub fn code(&self) -> Option<&'static Code> {
        match self {
            Self::Problem(problem) => Some(problem.code),
            Self::Internal(_) => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Problem(problem) => write!(f, "{}: {}", problem.code.code, problem.detail.en),
            Self::Internal(internal) => write!(f, "{internal:?}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

impl From<&'static Code> for Error {
    fn from(code: &'static Code) -> Self {
        Problem::new(code).into()
    }
}

impl From<diesel::result::Error> for Error {
    #[track_caller]
    fn from(error: diesel::result::Error) -> Self {
        use diesel::result::{DatabaseErrorKind, Error as Diesel};
        if let Some(trouble) = database::trouble(&error) {
            tracing::error!(%error, place = %Location::caller(), "the database cannot do it now");
            return trouble.into();
        }
        match &error {
            Diesel::NotFound => codes::NOT_FOUND.into(),
            Diesel::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _) => {
                Self::Internal(Box::new(Internal { cause: error.to_string(), place: Location::caller(), dangling: true }))
            }
            _ => Self::internal(error),
        }
    }
}

impl From<serde_json::Error> for Error {
    #[track_caller]
    fn from(error: serde_json::Error) -> Self {
        Self::internal(error)
    }
}

/// The database cannot be reached just now.
#[must_use]
pub fn unavailable() -> Error {
    database::Trouble::Away.into()
}
