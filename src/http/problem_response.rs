//! How an error becomes an answer.

use crate::problem::{Error, Problem, codes};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};

/// The status of a problem.
pub(super) fn status_of(problem: &Problem) -> StatusCode {
    StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Problem(problem) => status_of(problem),
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Leaves the problem in the response's extensions: the outermost layer knows language, path and request id.
    fn error_response(&self) -> HttpResponse {
        let problem = match self {
            Self::Problem(problem) => (**problem).clone(),
            Self::Internal(internal) => {
                tracing::error!(error = ?internal, "internal error");
                Problem::new(codes::INTERNAL)
            }
        };
        let mut response = HttpResponse::new(status_of(&problem));
        response.extensions_mut().insert(problem);
        response
    }
}
