//! Where a reference was named, so that a wrong one is 422 in a body and 400 in a query.

use super::codes::{self, Code};
use super::{FieldError, Problem};

/// Where a client named another resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In the body, at this RFC 6901 pointer.
    Body(String),
    /// In this query parameter.
    Query(&'static str),
}

impl Place {
    /// A place in the body.
    pub fn body(pointer: impl Into<String>) -> Self {
        Self::Body(pointer.into())
    }

    /// A fault at this place.
    #[must_use]
    pub fn fault(&self, code: &'static Code) -> Problem {
        match self {
            Self::Body(pointer) => Problem::at(pointer.clone(), code),
            Self::Query(name) => Problem::in_query(code, name),
        }
    }

    /// The reference fits nothing.
    #[must_use]
    pub fn unknown(&self) -> Problem {
        self.fault(codes::REFERENCE_UNKNOWN)
    }

    /// The reference fits several.
    #[must_use]
    pub fn ambiguous(&self) -> Problem {
        self.fault(codes::REFERENCE_AMBIGUOUS)
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

    /// 422 with all that was noted, if anything was.
    ///
    /// # Errors
    /// The faults.
    pub fn check(self) -> super::Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Problem::invalid(self.0).into()) }
    }
}
