//! One-time codes by time (RFC 6238) as every authenticator app computes them: six digits, SHA-1, intervals of 30 seconds.

use super::secret;
use crate::problem::{Error, Result};
use secrecy::SecretString;
use totp_rs::{Algorithm, Secret, TOTP};

const DIGITS: usize = 6;
/// An interval, in seconds.
const STEP: u64 = 30;
/// A clock may be so many intervals ahead or behind.
const SKEW: u8 = 1;
/// The name under which an app shows the code.
const ISSUER: &str = "Binhdang";

fn broken(secret_or_url: &'static str) -> Error {
    Error::internal(format_args!("the {secret_or_url} of a second factor is broken"))
}

fn totp(secret: &str, account: &str) -> Result<TOTP> {
    let bytes = Secret::Encoded(secret.to_owned()).to_bytes().map_err(|_| broken("secret"))?;
    TOTP::new(Algorithm::SHA1, DIGITS, SKEW, STEP, bytes, Some(ISSUER.to_owned()), account.to_owned()).map_err(|_| broken("name"))
}

/// A fresh secret of 160 bits in base32.
///
/// # Errors
/// If the system has no randomness to give.
pub fn new_secret() -> Result<SecretString> {
    Ok(Secret::Raw(secret::random_bytes::<20>()?.to_vec()).to_encoded().to_string().into())
}

/// The address from which an app takes the secret, mostly as a QR code.
///
/// # Errors
/// If the secret is none.
pub fn url(secret: &str, account: &str) -> Result<String> {
    Ok(totp(secret, account)?.get_url())
}

/// The interval whose code this is, near `now` (seconds since 1970) and later than the last one taken.
///
/// # Errors
/// If the secret is none.
pub fn interval_of(secret: &str, code: &str, now: i64, taken: i64) -> Result<Option<i64>> {
    let totp = totp(secret, "")?;
    let (now, skew) = (u64::try_from(now).unwrap_or(0) / STEP, u64::from(SKEW));
    // All are computed, so that the time says nothing.
    let fitting = (now.saturating_sub(skew)..=now + skew).filter(|step| secret::equal(totp.generate(step * STEP), code));
    let last = fitting.filter_map(|step| i64::try_from(step).ok()).collect::<Vec<_>>().pop();
    Ok(last.filter(|step| *step > taken))
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    /// `12345678901234567890`, the secret of RFC 6238 appendix B.
    const RFC: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    #[test]
    fn vectors_of_rfc_6238() {
        // The appendix shows eight digits; six are their end.
        for (now, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"), (2_000_000_000, "279037")]
        {
            assert_eq!(interval_of(RFC, code, now, 0).expect("a secret"), Some(now / 30), "{now}");
        }
    }

    #[test]
    fn a_code_is_good_nearby_and_once() {
        let of = |code: &str, now: i64, taken: i64| interval_of(RFC, code, now, taken).expect("a secret");
        for (now, good) in
            [(1_111_111_109 - 60, false), (1_111_111_109 - 30, true), (1_111_111_109 + 30, true), (1_111_111_109 + 61, false)]
        {
            assert_eq!(of("081804", now, 0).is_some(), good, "{now}");
        }
        assert_eq!(of("081804", 1_111_111_109, 37_037_036), None, "taken before");
        for wrong in ["", "081805", "0818040", "81804", " 081804"] {
            assert_eq!(of(wrong, 1_111_111_109, 0), None, "{wrong}");
        }
    }

    #[test]
    fn an_app_can_take_the_secret() {
        let secret = new_secret().expect("a secret");
        assert_eq!(secret.expose_secret().len(), 32);
        let url = url(secret.expose_secret(), "lan.nguyen").expect("an address");
        assert!(url.starts_with("otpauth://totp/Binhdang:lan.nguyen?secret=") && url.contains("issuer=Binhdang"), "{url}");
        assert!(!format!("{secret:?}").contains(secret.expose_secret()));
    }
}
