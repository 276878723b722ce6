//! Seals on what must not change unseen, receipts and approved reports: the canonical form (RFC 8785), its SHA-256 and
//! a detached signature (compact JWS, RFC 7515 appendix F) that anybody can check against the JWK set.

use super::keys::{KeySet, SigningKey};
use super::secret;
use crate::problem::{Error, Result};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::Value;

const ALGORITHM: &str = "EdDSA";

/// Has no `typ`, and none is accepted: an access token cannot pass for a seal, nor the other way round.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    kid: String,
}

/// The canonical form of a document: members sorted, numbers as doubles in their shortest form, no white space.
///
/// # Errors
/// If a number is beyond the range of a double.
pub fn canonical(document: &Value) -> Result<Vec<u8>> {
    serde_json_canonicalizer::to_vec(document).map_err(Error::internal)
}

/// SHA-256 in lower-case hex.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    secret::hex(&secret::sha256(bytes))
}

/// The signature of these bytes as `header..signature`. To check it, put the bytes in base64url between the two dots:
/// then it is an ordinary JWS.
///
/// # Errors
/// If signing fails.
pub fn sign_detached(key: &SigningKey, payload: &[u8]) -> Result<String> {
    let header = serde_json::to_vec(&Header { alg: ALGORITHM.to_owned(), kid: key.kid().to_owned() })?;
    let header = URL_SAFE_NO_PAD.encode(header);
    let signature = key.sign(&signed_bytes(&header, payload))?;
    Ok(format!("{header}..{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// Whether one of these keys, retired ones included, signed these bytes so.
#[must_use]
pub fn verify_detached(keys: &KeySet, payload: &[u8], signature: &str) -> bool {
    let Some((encoded, signature)) = signature.split_once("..") else { return false };
    let header = URL_SAFE_NO_PAD.decode(encoded).ok().and_then(|json| serde_json::from_slice::<Header>(&json).ok());
    let (Some(header), Ok(signature)) = (header, URL_SAFE_NO_PAD.decode(signature)) else { return false };
    header.alg == ALGORITHM && keys.find(&header.kid).is_some_and(|key| key.verify(&signed_bytes(encoded, payload), &signature))
}

fn signed_bytes(header: &str, payload: &[u8]) -> Vec<u8> {
    format!("{header}.{}", URL_SAFE_NO_PAD.encode(payload)).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::super::keys::tests::rfc_key;
    use super::*;
    use crate::auth::keys::{SigningKey, Stored};
    use proptest::prelude::*;
    use serde_json::json;

    fn canonical_text(json: &str) -> String {
        let value: Value = serde_json::from_str(json).expect("JSON");
        String::from_utf8(canonical(&value).expect("canonical")).expect("UTF-8")
    }

    #[test]
    fn the_example_of_rfc_8785() {
        let input = r#"{
            "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
            "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
            "literals": [null, true, false]
        }"#;
        let expected = concat!(
            r#"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"#,
            r#""string":"€$\u000f\nA'B\"\\\\\"/"}"#
        );
        assert_eq!(canonical_text(input), expected);
    }

    #[test]
    fn members_are_sorted_by_utf_16() {
        let input = r#"{"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\ud83d\ude00": 5, "\u0080": 6, "\u00f6": {"b": {}, "a": []}}"#;
        assert_eq!(canonical_text(input), "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"ö\":{\"a\":[],\"b\":{}},\"€\":1,\"😀\":5,\"\u{fb33}\":3}");
    }

    #[test]
    fn numbers_are_doubles_however_they_were_made() {
        for (given, expected) in [
            ("12.5", "12.5"),
            ("12.5000", "12.5"),
            ("100", "100"),
            ("100.0", "100"),
            ("1e2", "100"),
            ("1e21", "1e+21"),
            ("1e20", "100000000000000000000"),
            ("-0", "0"),
            ("-0.0001", "-0.0001"),
            ("0.0000001", "1e-7"),
            ("99999999999.9999", "99999999999.9999"),
            ("-99999999999.9999", "-99999999999.9999"),
            ("9007199254740992", "9007199254740992"),
        ] {
            assert_eq!(canonical_text(&format!("[{given}]")), format!("[{expected}]"));
        }
        let made = json!({"i": 100_i64, "u": 7_u64, "f": 12.5_f64, "n": -3, "x": {"y": [1e21]}});
        assert_eq!(canonical(&made).expect("canonical"), br#"{"f":12.5,"i":100,"n":-3,"u":7,"x":{"y":[1e+21]}}"#);
        let beyond: Value = serde_json::from_str("1e999").expect("arbitrary precision");
        assert!(canonical(&beyond).is_err());
    }

    #[test]
    fn a_seal_is_an_ordinary_jws_without_its_middle() {
        let key = rfc_key();
        let payload = br#"{"a":1}"#;
        let seal = sign_detached(&key, payload).expect("seal");
        let (header, signature) = seal.split_once("..").expect("detached");
        assert_eq!(
            URL_SAFE_NO_PAD.decode(header).expect("base64url"),
            br#"{"alg":"EdDSA","kid":"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"}"#
        );
        let whole = format!("{header}.{}", URL_SAFE_NO_PAD.encode(payload));
        assert!(key.public().verify(whole.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).expect("base64url")));
        assert_eq!(digest(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    #[test]
    fn only_the_sealed_bytes_fit_the_seal() {
        let (key, payload) = (SigningKey::generate().expect("key"), b"{}");
        let seal = sign_detached(&key, payload).expect("seal");
        let other = sign_detached(&SigningKey::generate().expect("key"), payload).expect("seal");
        let keys =
            KeySet::from_stored([Stored { kid: key.kid().to_owned(), public_key: key.public_b64(), private_key: None, retired_at: None }])
                .expect("keys");
        assert!(verify_detached(&keys, payload, &seal));
        assert!(!verify_detached(&keys, b"{ }", &seal));
        let (header, signature) = seal.split_once("..").expect("detached");
        let with = |json: Value| {
            let header = URL_SAFE_NO_PAD.encode(json.to_string());
            let signature = key.sign(&signed_bytes(&header, payload)).expect("signature");
            format!("{header}..{}", URL_SAFE_NO_PAD.encode(signature))
        };
        assert!(verify_detached(&keys, payload, &with(json!({"alg": "EdDSA", "kid": key.kid()}))));
        for wrong in [
            other,
            with(json!({"alg": "none", "kid": key.kid()})),
            with(json!({"alg": "HS256", "kid": key.kid()})),
            with(json!({"alg": "EdDSA", "kid": "other"})),
            with(json!({"alg": "EdDSA"})),
            with(json!({"alg": "EdDSA", "kid": key.kid(), "typ": "at+jwt"})),
            with(json!({"alg": "EdDSA", "kid": key.kid(), "b64": false, "crit": ["b64"]})),
            format!("{header}.e30.{signature}"),
            format!("{header}..{}", &signature[..signature.len() - 4]),
            format!("{header}.."),
            format!("..{signature}"),
            format!("{seal}."),
            String::new(),
        ] {
            assert!(!verify_detached(&keys, payload, &wrong), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn a_quantity_keeps_its_digits(digits in -999_999_999_999_999_i64..=999_999_999_999_999) {
            let text = format!("{}{}.{:04}", if digits < 0 { "-" } else { "" }, digits.abs() / 10_000, digits.abs() % 10_000);
            let expected = text.trim_end_matches('0').trim_end_matches('.');
            let expected = if expected == "-0" { "0" } else { expected };
            prop_assert_eq!(canonical_text(&format!("[{text}]")), format!("[{expected}]"));
        }

        #[test]
        fn canonical_is_canonical(text in "\\PC{0,20}", number in any::<f64>().prop_filter("finite", |n| n.is_finite())) {
            let once = canonical(&json!({ "b": number, &text: [text, number], "a": {} })).expect("canonical");
            let again: Value = serde_json::from_slice(&once).expect("JSON");
            prop_assert_eq!(canonical(&again).expect("canonical"), once);
        }
    }
}
