//! What OAuth's clients send, and how they are refused (RFC 6749 sections 2.3 and 5.2). No database.

use crate::problem::Error;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use std::collections::HashMap;
use std::fmt;
use utoipa::ToSchema;

/// An error as RFC 6749 section 5.2 has it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OAuthError {
    /// `invalid_request`, `invalid_client`, `invalid_grant`, `unsupported_grant_type`, `invalid_scope` and the like.
    #[schema(example = "invalid_client")]
    pub error: String,
    /// What is wrong, in English.
    #[schema(example = "Unknown client, wrong secret, or not from this address.")]
    pub error_description: String,
}

/// Why a request is refused.
#[derive(Debug)]
pub(super) enum Refusal {
    /// By the rules of OAuth.
    OAuth(u16, OAuthError),
    /// By the service itself.
    Fault(Error),
}

/// The outcome of a step.
pub(super) type Outcome<T> = std::result::Result<T, Refusal>;

/// A refusal with status 400.
pub(super) fn refuse(error: &str, description: &str) -> Refusal {
    Refusal::OAuth(400, OAuthError { error: error.to_owned(), error_description: description.to_owned() })
}

/// 401: the client did not prove who it is.
pub(super) fn invalid_client() -> Refusal {
    let error_description = "Unknown client, wrong secret, or not from this address.".to_owned();
    Refusal::OAuth(401, OAuthError { error: "invalid_client".to_owned(), error_description })
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Fault(error)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OAuth(_, refused) => write!(f, "{}: {}", refused.error, refused.error_description),
            Self::Fault(error) => error.fmt(f),
        }
    }
}

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::OAuth(status, _) => StatusCode::from_u16(*status).unwrap_or(StatusCode::BAD_REQUEST),
            Self::Fault(error) => error.status_code(),
        }
    }

    fn error_response(&self) -> HttpResponse {
        let Self::OAuth(_, refused) = self else {
            let Self::Fault(error) = self else { return HttpResponse::new(self.status_code()) };
            return error.error_response();
        };
        let mut response = HttpResponse::build(self.status_code()).json(refused);
        let headers = response.headers_mut();
        headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
        if self.status_code() == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"binhdang\", charset=\"UTF-8\""));
        }
        response
    }
}

/// The parameters of a request. One without a value counts as left out, unknown ones are ignored (section 3.1).
#[derive(Debug)]
pub(super) struct Parameters(HashMap<String, String>);

impl Parameters {
    /// Reads a form.
    ///
    /// # Errors
    /// `invalid_request` for a parameter that stands twice.
    pub fn read(bytes: &[u8]) -> Outcome<Self> {
        let mut found = HashMap::new();
        for (name, value) in url::form_urlencoded::parse(bytes) {
            if found.insert(name.into_owned(), value.into_owned()).is_some() {
                return Err(refuse("invalid_request", "A parameter stands twice."));
            }
        }
        found.retain(|_, value| !value.is_empty());
        Ok(Self(found))
    }

    /// A parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// One that must be there.
    ///
    /// # Errors
    /// `invalid_request`.
    pub fn must(&self, name: &str) -> Outcome<&str> {
        self.get(name).ok_or_else(|| refuse("invalid_request", &format!("The parameter {name} is missing.")))
    }
}

/// How a client says who it is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Credentials {
    pub id: String,
    /// A public client has none.
    pub secret: Option<String>,
}

/// The credentials of a request: in the header or in the body, not in both.
///
/// # Errors
/// `invalid_client` if there are none that can be read, `invalid_request` if there are two.
pub(super) fn credentials(authorization: Option<&str>, parameters: &Parameters) -> Outcome<Credentials> {
    let (id, secret) = (parameters.get("client_id"), parameters.get("client_secret"));
    let Some(header) = authorization else {
        let id = id.ok_or_else(invalid_client)?.to_owned();
        return Ok(Credentials { id, secret: secret.map(str::to_owned) });
    };
    let basic = basic(header).ok_or_else(invalid_client)?;
    if secret.is_some() || id.is_some_and(|id| id != basic.id) {
        return Err(refuse("invalid_request", "The client authenticates in the header and in the body."));
    }
    Ok(basic)
}

/// RFC 7617, with id and secret form-encoded as RFC 6749 section 2.3.1 wants.
fn basic(header: &str) -> Option<Credentials> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some(Credentials { id: decoded(id), secret: Some(decoded(secret)) })
}

fn decoded(text: &str) -> String {
    // Neither ids nor secrets of this service hold a sign that the encoding would change.
    let pair = format!("x={text}");
    url::form_urlencoded::parse(pair.as_bytes()).next().map_or_else(String::new, |(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Parameters {
        Parameters::read(body.as_bytes()).expect("a form")
    }

    fn error(outcome: Outcome<Credentials>) -> String {
        match outcome {
            Err(Refusal::OAuth(_, refused)) => refused.error,
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn credentials_come_by_header_or_by_body() {
        let header = |text: &str| format!("Basic {}", STANDARD.encode(text));
        let found = credentials(Some(&header("bdc_a:bds%5Fb")), &read("grant_type=client_credentials")).expect("credentials");
        assert_eq!(found, Credentials { id: "bdc_a".to_owned(), secret: Some("bds_b".to_owned()) });
        let found = credentials(None, &read("client_id=bdc_a&client_secret=bds_b")).expect("credentials");
        assert_eq!(found, Credentials { id: "bdc_a".to_owned(), secret: Some("bds_b".to_owned()) });
        assert!(credentials(Some(&header("a:b")), &read("client_id=a")).is_ok());
        assert_eq!(error(credentials(Some(&header("a:b")), &read("client_id=a&client_secret=b"))), "invalid_request");
        for wrong in ["Bearer x", "Basic", "Basic !", "Basic ", &header("nocolon")] {
            assert_eq!(error(credentials(Some(wrong), &read(""))), "invalid_client", "{wrong}");
        }
        assert_eq!(error(credentials(None, &read("client_id="))), "invalid_client");
    }

    #[test]
    fn a_parameter_stands_once_and_an_empty_one_is_absent() {
        assert!(Parameters::read(b"scope=a&scope=b").is_err());
        assert_eq!(read("scope=&x=1").get("scope"), None);
        assert!(read("x=1").must("scope").is_err());
    }
}
