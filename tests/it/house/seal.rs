//! Seals checked as an outsider would: RFC 8785, SHA-256, RFC 7515 appendix F, and the published keys.

use super::json::{list, text};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

/// The canonical form (RFC 8785), written here anew so that the server's own is not its only witness.
pub fn canonical(value: &Value) -> Vec<u8> {
    let mut out = String::new();
    write(value, &mut out);
    out.into_bytes()
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Object(members) => {
            let mut names: Vec<&String> = members.keys().collect();
            names.sort_by_key(|n| n.encode_utf16().collect::<Vec<u16>>());
            for (n, name) in names.into_iter().enumerate() {
                out.push(if n == 0 { '{' } else { ',' });
                *out += &Value::from(name.as_str()).to_string();
                out.push(':');
                write(&members[name], out);
            }
            *out += if members.is_empty() { "{}" } else { "}" };
        }
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                out.push(if n == 0 { '[' } else { ',' });
                write(item, out);
            }
            *out += if items.is_empty() { "[]" } else { "]" };
        }
        Value::Number(number) => {
            let double = number.as_f64().expect("a double");
            // Between these bounds ECMAScript writes no exponent, and the shortest digits are those that Rust writes.
            assert!(double == 0.0 || (1e-6..1e21).contains(&double.abs()), "{number} is beyond the quantities of this service");
            *out += &if double == 0.0 { "0".to_owned() } else { double.to_string() };
        }
        other => *out += &other.to_string(),
    }
}

/// SHA-256 in hex.
pub fn sha256(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().map(|b| format!("{b:02x}")).collect()
}

fn decode(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap_or_else(|e| panic!("not base64url: {e}: {text}"))
}

fn holds(jwks: &Value, payload: &[u8], jws: &str) -> bool {
    let parts: Vec<&str> = jws.split('.').collect();
    assert!(parts.len() == 3 && parts[1].is_empty(), "not a compact JWS with its payload detached: {jws}");
    let header: Value = serde_json::from_slice(&decode(parts[0])).expect("a JWS header");
    assert_eq!(text(&header, "alg"), "EdDSA");
    let kid = text(&header, "kid");
    let key = list(jwks, "keys").iter().find(|k| text(k, "kid") == kid).unwrap_or_else(|| panic!("no key {kid} in {jwks}"));
    assert_eq!((text(key, "kty"), text(key, "crv")), ("OKP", "Ed25519"));
    let signed = format!("{}.{}", parts[0], URL_SAFE_NO_PAD.encode(payload));
    UnparsedPublicKey::new(&ED25519, decode(text(key, "x"))).verify(signed.as_bytes(), &decode(parts[2])).is_ok()
}

/// The signature is right for these bytes, and for none that differ in one bit.
pub fn verify_detached(jwks: &Value, payload: &[u8], jws: &str) {
    assert!(holds(jwks, payload, jws), "the signature is wrong");
    let mut other = payload.to_vec();
    *other.last_mut().expect("a payload") ^= 1;
    assert!(!holds(jwks, &other, jws), "the signature holds for other bytes");
}
