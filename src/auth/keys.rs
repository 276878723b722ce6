//! The Ed25519 keys (RFC 8032) that sign access tokens, receipts and approved reports, and their publication as a JWK
//! set (RFC 7517, RFC 8037). A retired key keeps its public half for ever, so that old signatures can be checked.

use super::secret;
use crate::problem::{Error, Result};
use crate::values::clock::UtcTime;
use aws_lc_rs::signature::{ED25519, ED25519_PUBLIC_KEY_LEN, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use jsonwebtoken::{DecodingKey, EncodingKey};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use serde_json::{Value, json};
use std::fmt;

/// For how long after its retirement a key still vouches for access tokens: longer than any of those it signed lives, so
/// that a rotation signs nobody out. What it signed for good, reports and receipts, it vouches for always.
pub const GRACE: TimeDelta = TimeDelta::minutes(15);

/// The public half of a key, which checks signatures.
#[derive(Clone)]
pub struct PublicKey {
    kid: String,
    bytes: [u8; ED25519_PUBLIC_KEY_LEN],
    decoding: DecodingKey,
    retired_at: Option<UtcTime>,
}

impl PublicKey {
    fn new(bytes: [u8; ED25519_PUBLIC_KEY_LEN]) -> Self {
        Self { kid: thumbprint(&bytes), bytes, decoding: DecodingKey::from_ed_der(&bytes), retired_at: None }
    }

    fn from_stored(kid: &str, public_b64: &str) -> Result<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(public_b64).ok().and_then(|b| b.try_into().ok());
        let key = bytes.map(Self::new).ok_or_else(|| broken(kid, "its public half is not 32 bytes in base64url"))?;
        if key.kid != kid { Err(broken(kid, "its name is not its thumbprint")) } else { Ok(key) }
    }

    /// Its name: the RFC 7638 thumbprint.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The 32 bytes in base64url without padding, as member `x` of a JWK holds them.
    #[must_use]
    pub fn public_b64(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes)
    }

    /// Whether this key signed these bytes.
    #[must_use]
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, self.bytes).verify(message, signature).is_ok()
    }

    /// When it stops vouching for access tokens, if it was retired.
    #[must_use]
    pub fn vouches_until(&self) -> Option<UtcTime> {
        self.retired_at.map(|at| at.plus(GRACE))
    }

    pub(super) fn decoding(&self) -> &DecodingKey {
        &self.decoding
    }

    fn jwk(&self) -> Value {
        json!({"kty": "OKP", "crv": "Ed25519", "x": self.public_b64(), "kid": self.kid, "use": "sig", "alg": "EdDSA"})
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PublicKey").field(&self.kid).finish()
    }
}

/// A key with its private half.
pub struct SigningKey {
    public: PublicKey,
    pkcs8: SecretSlice<u8>,
    pair: Ed25519KeyPair,
    encoding: EncodingKey,
}

impl SigningKey {
    /// A fresh key.
    ///
    /// # Errors
    /// If the system has no randomness to give.
    pub fn generate() -> Result<Self> {
        // An Ed25519 key is any 32 random bytes (RFC 8032 section 5.1.5).
        let seed = Zeroizing::new(secret::random_bytes::<32>()?);
        let pair = Ed25519KeyPair::from_seed_unchecked(seed.as_slice()).map_err(|_| Error::internal("no signing key could be made"))?;
        let pkcs8 = pair.to_pkcs8().map_err(|_| Error::internal("no signing key could be made"))?.as_ref().to_vec();
        Self::from_pair(pair, pkcs8)
    }

    /// A key as the database holds it, its private half unsealed: name, public half (32 bytes) and private half (PKCS#8),
    /// both in base64url without padding.
    ///
    /// # Errors
    /// If the three do not belong together.
    pub fn from_stored(kid: &str, public_b64: &str, pkcs8_b64: &str) -> Result<Self> {
        let public = PublicKey::from_stored(kid, public_b64)?;
        let pkcs8 = URL_SAFE_NO_PAD.decode(pkcs8_b64).map_err(|_| broken(kid, "its private half is not base64url"))?;
        let pair = Ed25519KeyPair::from_pkcs8(&pkcs8).map_err(|_| broken(kid, "its private half is not an Ed25519 key in PKCS#8"))?;
        if pair.public_key().as_ref() != public.bytes {
            return Err(broken(kid, "its halves do not belong together"));
        }
        Self::from_pair(pair, pkcs8)
    }

    fn from_pair(pair: Ed25519KeyPair, pkcs8: Vec<u8>) -> Result<Self> {
        let bytes = pair.public_key().as_ref().try_into().map_err(Error::internal)?;
        let encoding = EncodingKey::from_ed_der(&pkcs8);
        Ok(Self { public: PublicKey::new(bytes), pkcs8: pkcs8.into(), pair, encoding })
    }

    /// Its name: the RFC 7638 thumbprint.
    #[must_use]
    pub fn kid(&self) -> &str {
        self.public.kid()
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// The public half for the database, in base64url without padding.
    #[must_use]
    pub fn public_b64(&self) -> String {
        self.public.public_b64()
    }

    /// The private half for the database: PKCS#8 in base64url without padding.
    #[must_use]
    pub fn private_b64(&self) -> SecretString {
        URL_SAFE_NO_PAD.encode(self.pkcs8.expose_secret()).into()
    }

    /// The signature of these bytes, 64 bytes.
    ///
    /// # Errors
    /// If the library fails.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        let signature = self.pair.try_sign(message).map_err(|_| Error::internal("signing failed"))?;
        Ok(signature.as_ref().to_vec())
    }

    pub(super) fn encoding(&self) -> &EncodingKey {
        &self.encoding
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SigningKey").field(&self.public.kid).finish_non_exhaustive()
    }
}

/// A key as the database holds it: its name, its halves in base64url without padding, and when it was retired.
pub struct Stored {
    /// Its name.
    pub kid: String,
    /// 32 bytes.
    pub public_key: String,
    /// PKCS#8; gone once it is retired.
    pub private_key: Option<SecretString>,
    /// From when on it signs nothing.
    pub retired_at: Option<UtcTime>,
}

/// The key that signs now and every public key there ever was.
#[derive(Debug)]
pub struct KeySet {
    current: Option<SigningKey>,
    all: Vec<PublicKey>,
}

impl KeySet {
    /// Keys as the database holds them, newest last. The newest that is not retired signs.
    ///
    /// # Errors
    /// If one of them is broken.
    pub fn from_stored(rows: impl IntoIterator<Item = Stored>) -> Result<Self> {
        let mut set = Self { current: None, all: Vec::new() };
        for Stored { kid, public_key, private_key, retired_at } in rows {
            set.all.push(PublicKey { retired_at, ..PublicKey::from_stored(&kid, &public_key)? });
            if let (Some(private_key), None) = (private_key, retired_at) {
                set.current = Some(SigningKey::from_stored(&kid, &public_key, private_key.expose_secret())?);
            }
        }
        Ok(set)
    }

    /// Which keys these are and which of them were retired when, to be compared with what the database holds.
    #[must_use]
    pub fn standing(&self) -> Vec<(String, Option<UtcTime>)> {
        self.all.iter().map(|key| (key.kid.clone(), key.retired_at)).collect()
    }

    /// The key that signs; `None` if there is none yet.
    #[must_use]
    pub fn current(&self) -> Option<&SigningKey> {
        self.current.as_ref()
    }

    /// The public key of this name, retired or not.
    #[must_use]
    pub fn find(&self, kid: &str) -> Option<&PublicKey> {
        self.all.iter().find(|k| k.kid == kid)
    }

    /// The public keys as a JWK set (RFC 7517 section 5), retired ones too.
    #[must_use]
    pub fn jwks(&self) -> Value {
        json!({"keys": self.all.iter().map(PublicKey::jwk).collect::<Vec<_>>()})
    }
}

impl From<SigningKey> for KeySet {
    fn from(key: SigningKey) -> Self {
        Self { all: vec![key.public.clone()], current: Some(key) }
    }
}

/// RFC 7638 with the members that RFC 8037 section 2 requires.
fn thumbprint(public: &[u8]) -> String {
    let jwk = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, URL_SAFE_NO_PAD.encode(public));
    URL_SAFE_NO_PAD.encode(secret::sha256(jwk.as_bytes()))
}

fn broken(kid: &str, why: &str) -> Error {
    Error::internal(format_args!("the stored signing key {kid} is broken: {why}"))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    const SEED: &str = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
    const X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

    /// The key of RFC 8032 section 7.1 test 1, which is also that of RFC 8037 appendix A.
    pub fn rfc_key() -> SigningKey {
        let pair = Ed25519KeyPair::from_seed_unchecked(&URL_SAFE_NO_PAD.decode(SEED).expect("base64url")).expect("a seed");
        let pkcs8 = pair.to_pkcs8().expect("PKCS#8").as_ref().to_vec();
        SigningKey::from_pair(pair, pkcs8).expect("a key")
    }

    #[test]
    fn vectors_of_rfc_8032_and_8037() {
        let key = rfc_key();
        assert_eq!(secret::hex(&key.public.bytes), "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
        assert_eq!(key.kid(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        let signature = "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b";
        assert_eq!(secret::hex(&key.sign(b"").expect("signature")), signature);
        let signed = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
        let jws = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        assert_eq!(URL_SAFE_NO_PAD.encode(key.sign(signed).expect("signature")), jws);
        let jwks = KeySet::from(key).jwks();
        assert_eq!(jwks["keys"][0]["kty"], "OKP");
        assert_eq!(jwks["keys"][0]["x"], X);
        assert_eq!(jwks["keys"][0].as_object().map(serde_json::Map::len), Some(6));
    }

    #[test]
    fn a_key_survives_storage_and_a_retired_one_still_checks() {
        let (old, new) = (SigningKey::generate().expect("key"), SigningKey::generate().expect("key"));
        let set = KeySet::from_stored([
            Stored { kid: old.kid().to_owned(), public_key: old.public_b64(), private_key: None, retired_at: Some(UtcTime::now()) },
            Stored { kid: new.kid().to_owned(), public_key: new.public_b64(), private_key: Some(new.private_b64()), retired_at: None },
        ])
        .expect("keys");
        let current = set.current().expect("a signing key");
        assert_eq!(current.kid(), new.kid());
        assert!(new.public().verify(b"m", &current.sign(b"m").expect("signature")));
        assert!(set.find(old.kid()).is_some_and(|k| k.verify(b"m", &old.sign(b"m").expect("signature"))));
        assert!(!old.public().verify(b"m", &new.sign(b"m").expect("signature")));
        assert!(set.find("other").is_none());
        assert_eq!(set.jwks()["keys"].as_array().map(Vec::len), Some(2));
        assert!(KeySet::from_stored([]).expect("empty").current().is_none());
    }

    #[test]
    fn halves_that_do_not_belong_together_are_refused() {
        let (a, b) = (SigningKey::generate().expect("key"), SigningKey::generate().expect("key"));
        let private = |k: &SigningKey| k.private_b64().expose_secret().to_owned();
        for (kid, public, pkcs8) in [
            (b.kid(), a.public_b64(), private(&a)),
            (a.kid(), a.public_b64(), private(&b)),
            (a.kid(), "short".to_owned(), private(&a)),
            (a.kid(), a.public_b64(), "AAAA".to_owned()),
        ] {
            let error = SigningKey::from_stored(kid, &public, &pkcs8).expect_err("broken");
            assert!(!error.to_string().contains(&private(&a)));
        }
        let shown = format!("{a:?} {:?}", KeySet::from(SigningKey::generate().expect("key")));
        assert!(!shown.contains(&private(&a)) && shown.contains(a.kid()), "{shown}");
    }
}
