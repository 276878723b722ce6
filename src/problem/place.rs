//! Where a reference was named, so that a wrong one is 422 in a body and 400 in a query.

use super::codes::Code;
use super::{FieldError, Problem, Said};
use std::borrow::Cow;

/// Where a client named another resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In the body, at this RFC 6901 pointer.
    Body(String),
    /// In this query parameter.
    Query(Cow<'static, str>),
}

impl Place {
    /// A place in the body.
    pub fn body(pointer: impl Into<String>) -> Self {
        Self::Body(pointer.into())
    }

    /// A query parameter.
    pub fn query(name: impl Into<Cow<'static, str>>) -> Self {
        Self::Query(name.into())
    }

    /// A fault at this place, in words of its own.
    #[must_use]
    pub fn fault(&self, code: &'static Code, detail: Said) -> Problem {
        let Said { vi, en } = detail;
        match self {
            Self::Body(pointer) => Problem::invalid(vec![FieldError::new(pointer.clone(), code).saying(vi, en)]),
            Self::Query(name) => Problem::in_query(code, FieldError::new(name.clone(), code).saying(vi, en)),
        }
    }
}

/// Gathers the faults of many fields, so that a body is refused once with all of them.
#[derive(Debug, Default)]
pub struct Faults(Vec<FieldError>);

impl Faults {
    /// Notes a fault.
    pub fn add(&mut self, fault: FieldError) {
        self.0.push(fault);
    }

    /// Keeps the value of a step that worked; the faults of one that did not are noted.
    ///
    /// # Errors
    /// What is not a fault of the body passes through.
    pub fn keep<T>(&mut self, result: super::Result<T>) -> super::Result<Option<T>> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(super::Error::Problem(problem)) if problem.status == 422 && !problem.errors.is_empty() => {
                self.0.extend(problem.errors);
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }

    /// Whether nothing is wrong so far.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What was noted.
    #[must_use]
    pub fn into_errors(self) -> Vec<FieldError> {
        self.0
    }

    /// 422 with all that was noted, if anything was.
    ///
    /// # Errors
    /// The faults.
    pub fn check(self) -> super::Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Problem::invalid(self.0).into()) }
    }
}
