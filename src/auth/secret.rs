//! Random secrets that the service makes itself, and how they are kept. They begin with a prefix (`bdr_`, `bdc_`,
//! `bds_`, `whsec_`), so that a scanner recognises one that leaked.

use crate::problem::{Error, Result};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::{constant_time, hmac};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rand::TryRng;
use rand::rngs::SysRng;
use secrecy::{ExposeSecret, SecretString};

/// Lower case and digits that cannot be mistaken for one another on paper or by telephone: no `0 o 1 l i`.
const READABLE: &[u8] = b"23456789abcdefghjkmnpqrstuvwxyz";
const BASE62: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// 43 characters of 62 hold 256 bits.
const BITS_256: usize = 43;
const CHECKSUM: usize = 6;
const CLIENT_SECRET: &str = "bds_";

/// Random bytes from the system's generator.
///
/// # Errors
/// If the system has none to give.
pub fn random_bytes<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    SysRng.try_fill_bytes(&mut bytes).map_err(|_| Error::internal("the system gives no random bytes"))?;
    Ok(bytes)
}

/// Characters of an alphabet (of at most 256), each as likely as the others.
fn random_text(alphabet: &[u8], length: usize) -> Result<String> {
    // Bytes above the largest multiple are thrown away: a plain remainder would favour the alphabet's beginning.
    let fair = 256_usize.checked_div(alphabet.len()).unwrap_or(0) * alphabet.len();
    let mut text = String::with_capacity(length);
    while text.len() < length {
        for byte in random_bytes::<64>()? {
            let position = usize::from(byte);
            if let (true, true, Some(c)) = (text.len() < length, position < fair, position.checked_rem(alphabet.len())) {
                text.extend(alphabet.get(c).copied().map(char::from));
            }
        }
    }
    Ok(text)
}

/// A password to be read out or copied once and then changed: four groups of five characters, 99 bits.
///
/// # Errors
/// If the system has no randomness to give.
pub fn one_time_password() -> Result<SecretString> {
    let groups: Vec<String> = (0..4).map(|_| random_text(READABLE, 5)).collect::<Result<_>>()?;
    Ok(groups.join("-").into())
}

/// A code that stands in once for a second factor: three groups of five characters, 74 bits.
///
/// # Errors
/// If the system has no randomness to give.
pub fn recovery_code() -> Result<SecretString> {
    let groups: Vec<String> = (0..3).map(|_| random_text(READABLE, 5)).collect::<Result<_>>()?;
    Ok(groups.join("-").into())
}

/// A refresh token of 256 bits, `bdr_…`.
///
/// # Errors
/// If the system has no randomness to give.
pub fn refresh_token() -> Result<SecretString> {
    Ok(format!("bdr_{}", random_text(BASE62, BITS_256)?).into())
}

/// A salt of 256 bits, for [`refresh_token_after`].
///
/// # Errors
/// If the system has no randomness to give.
pub fn salt() -> Result<SecretString> {
    Ok(random_text(BASE62, BITS_256)?.into())
}

/// The refresh token that follows a spent one, always the same: HMAC-SHA-256 (RFC 2104) of the spent one under a salt of
/// its own, `bdr_…`. It takes both to know it: the salt lies in the database, the spent token with its holder alone.
#[must_use]
pub fn refresh_token_after(spent: &str, salt: &SecretString) -> SecretString {
    let key = hmac::Key::new(hmac::HMAC_SHA256, salt.expose_secret().as_bytes());
    format!("bdr_{}", URL_SAFE_NO_PAD.encode(hmac::sign(&key, spent.as_bytes()))).into()
}

/// The public name of a machine account, `bdc_…`.
///
/// # Errors
/// If the system has no randomness to give.
pub fn client_id() -> Result<String> {
    Ok(format!("bdc_{}", random_text(READABLE, 20)?))
}

/// The secret of a machine account: `bds_`, 256 bits, and a checksum of six characters.
///
/// # Errors
/// If the system has no randomness to give.
pub fn client_secret() -> Result<SecretString> {
    let body = format!("{CLIENT_SECRET}{}", random_text(BASE62, BITS_256)?);
    let checksum = checksum(&body);
    Ok((body + &checksum).into())
}

/// The secret of a webhook: `whsec_` and 256 bits in base64 (Standard Webhooks, "Signature scheme").
///
/// # Errors
/// If the system has no randomness to give.
pub fn webhook_secret() -> Result<SecretString> {
    Ok(format!("whsec_{}", STANDARD.encode(random_bytes::<32>()?)).into())
}

/// Whether a text has the form of a client secret with its own checksum. It finds typing errors and false alarms of
/// scanners without a look into the database; it proves nothing else.
#[must_use]
pub fn verify_checksum(secret: &str) -> bool {
    let whole = CLIENT_SECRET.len() + BITS_256 + CHECKSUM;
    let rest = secret.strip_prefix(CLIENT_SECRET).unwrap_or_default();
    if secret.len() != whole || !rest.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return false;
    }
    secret.split_at_checked(whole - CHECKSUM).is_some_and(|(body, end)| equal(checksum(body), end))
}

fn checksum(body: &str) -> String {
    let mut number = sha256(body.as_bytes()).iter().take(4).fold(0_usize, |n, b| (n << 8) | usize::from(*b));
    let mut digits = Vec::with_capacity(CHECKSUM);
    for _ in 0..CHECKSUM {
        digits.extend(BASE62.get(number % BASE62.len()).copied().map(char::from));
        number /= BASE62.len();
    }
    digits.into_iter().rev().collect()
}

/// The form in which refresh tokens and client secrets are stored: SHA-256 in hex. Enough for 256 random bits, which
/// nobody can guess however fast the hash; a password of a person needs [`super::password`].
#[must_use]
pub fn hash_token(token: &str) -> String {
    hex(&sha256(token.as_bytes()))
}

/// Whether two texts are equal, in a time that depends on their lengths only.
#[must_use]
pub fn equal(a: impl AsRef<[u8]>, b: impl AsRef<[u8]>) -> bool {
    constant_time::verify_slices_are_equal(a.as_ref(), b.as_ref()).is_ok()
}

/// SHA-256.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, bytes).as_ref());
    hash
}

/// Bytes in lower-case hex.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let digit = |n: u8| char::from_digit(n.into(), 16).unwrap_or('0');
    bytes.iter().flat_map(|b| [digit(b >> 4), digit(b & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn hashes_are_those_of_the_standard() {
        assert_eq!(hash_token("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn secrets_have_their_form_and_never_repeat() {
        let mut seen = HashSet::new();
        for _ in 0..200 {
            let [once, refresh, client] = [one_time_password(), refresh_token(), client_secret()].map(|s| s.expect("randomness"));
            let (once, refresh, client) = (once.expose_secret(), refresh.expose_secret(), client.expose_secret());
            assert_eq!(once.split('-').map(str::len).collect::<Vec<_>>(), [5, 5, 5, 5]);
            assert!(!once.contains(['0', 'o', '1', 'l', 'i']));
            assert!(refresh.starts_with("bdr_") && refresh.len() == 47);
            assert!(verify_checksum(client), "{client}");
            let id = client_id().expect("randomness");
            assert!(id.starts_with("bdc_") && id.len() == 24);
            assert!([once, refresh, client, &id].into_iter().all(|s| seen.insert(s.to_owned())));
        }
    }

    #[test]
    fn a_successor_follows_from_the_spent_token_and_its_salt() {
        let after = |spent: &str, salt: &str| refresh_token_after(spent, &salt.into()).expose_secret().to_owned();
        // RFC 4231, test case 2.
        assert_eq!(after("what do ya want for nothing?", "Jefe"), "bdr_W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM");
        assert_eq!(after("bdr_a", "1"), after("bdr_a", "1"));
        assert!(after("bdr_a", "1") != after("bdr_b", "1") && after("bdr_a", "1") != after("bdr_a", "2"));
        assert_eq!(after("bdr_a", "1").len(), refresh_token().expect("randomness").expose_secret().len());
    }

    #[test]
    fn a_mistyped_client_secret_is_noticed() {
        let secret = client_secret().expect("randomness");
        let secret = secret.expose_secret();
        for place in 0..secret.len() {
            let mut wrong = secret.as_bytes().to_vec();
            wrong[place] = if wrong[place] == b'x' { b'y' } else { b'x' };
            assert!(!verify_checksum(&String::from_utf8(wrong).expect("ASCII")), "place {place}");
        }
        for wrong in ["", "bds_", &secret[1..], &secret[..secret.len() - 1], &format!("{secret}0"), &"ữ".repeat(30)] {
            assert!(!verify_checksum(wrong), "{wrong}");
        }
    }

    #[test]
    fn every_character_is_as_likely() {
        let text = random_text(READABLE, 31_000).expect("randomness");
        for c in READABLE {
            let count = text.bytes().filter(|b| b == c).count();
            assert!((800..1200).contains(&count), "{}: {count}", char::from(*c));
        }
    }

    #[test]
    fn equality_is_equality() {
        assert!(equal("abc", b"abc"));
        assert!(!equal("abc", "abd") && !equal("abc", "abcd") && !equal("", "a"));
    }
}
