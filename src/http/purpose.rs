//! `X-Purpose`: why somebody reads restricted figures exactly; kept in the audit trail with the reading.

use crate::problem::{Problem, Result, codes};
use actix_web::http::header::HeaderMap;
use utoipa::IntoParams;

/// The header's name.
pub const NAME: &str = "X-Purpose";
/// The longest purpose, in characters.
const LONGEST: usize = 500;

/// The header by which a reader says why; every operation that can show restricted figures exactly documents it.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "stands in the document alone; the gate reads the header")]
pub struct Purpose {
    /// Why restricted figures are read exactly, in the reader's words (mục đích), in UTF-8, up to 500 characters. It stands in the audit trail beside the reading.
    #[param(rename = "X-Purpose", value_type = String, required = false, max_length = 500, example = "Check before acceptance")]
    x_purpose: Option<String>,
}

/// What the reader said, if anything.
///
/// # Errors
/// 400 `header.invalid` for one that is too long: cut off it would say something else.
pub fn read(headers: &HeaderMap) -> Result<Option<String>> {
    let Some(value) = headers.get(NAME) else { return Ok(None) };
    // People write Vietnamese, in UTF-8; a browser can only send Latin-1.
    let text = match std::str::from_utf8(value.as_bytes()) {
        Ok(text) => text.to_owned(),
        Err(_) => value.as_bytes().iter().copied().map(char::from).collect(),
    };
    if text.chars().count() > LONGEST {
        return Err(Problem::new(codes::HEADER_INVALID)
            .saying(
                format!("Mục đích trong header «{NAME}» dài quá {LONGEST} ký tự. Hãy viết ngắn hơn."),
                format!("{NAME} is longer than {LONGEST} characters. Shorten it."),
            )
            .into());
    }
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    let text = text.trim();
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};

    fn of(bytes: &[u8]) -> Result<Option<String>> {
        let mut headers = HeaderMap::new();
        headers.insert(HeaderName::from_static("x-purpose"), HeaderValue::from_bytes(bytes).expect("a value"));
        read(&headers)
    }

    #[test]
    fn a_purpose_is_taken_as_it_was_meant() {
        assert_eq!(of("  Kiểm tra ".as_bytes()).expect("fits").as_deref(), Some("Kiểm tra"));
        assert_eq!(of(b"v\xe9rification").expect("Latin-1").as_deref(), Some("vérification"));
        assert_eq!(of(b"   ").expect("nothing"), None);
        assert_eq!(read(&HeaderMap::new()).expect("nothing"), None);
    }

    #[test]
    fn a_purpose_has_an_end() {
        assert!(of("ữ".repeat(LONGEST).as_bytes()).expect("fits").is_some());
        assert!(of("ữ".repeat(LONGEST + 1).as_bytes()).is_err());
    }
}
