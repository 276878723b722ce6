//! Access tokens: JWTs as RFC 9068 profiles them, signed with Ed25519, and the memory of those already checked.
//! The header's `typ` keeps a token apart from the other things that the same keys sign.

use super::keys::{KeySet, SigningKey};
use super::secret;
use crate::problem::{Error, Result};
use jsonwebtoken::{Algorithm, Header, Validation};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

const TYPE: &str = "at+jwt";
/// Longer than any token that the service issues, in bytes.
const LONGEST: usize = 8192;
/// How far the clock of another server on the same database may be ahead, in seconds.
const CLOCK_SKEW: i64 = 60;

/// What an access token says. It names no person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Issuer: the service's public address.
    pub iss: String,
    /// Audience: for whom it is.
    pub aud: String,
    /// The account's id.
    pub sub: String,
    /// The client that asked for it: of a machine, its `client_id`.
    pub client_id: String,
    /// When it was issued, in seconds since 1970.
    pub iat: i64,
    /// When it ends, in seconds since 1970; at that second it no longer counts.
    pub exp: i64,
    /// Its own id.
    pub jti: String,
    /// Scopes, separated by blanks.
    pub scope: String,
    /// Names of the account's roles.
    pub roles: Vec<String>,
    /// The session: a person's sign-in, or a machine's single token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// The account's `auth_version` when it was issued: a token of an older one does not count.
    pub ver: i64,
}

/// A signed token.
///
/// # Errors
/// If signing fails.
pub fn issue(key: &SigningKey, claims: &Claims) -> Result<String> {
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some(TYPE.to_owned());
    header.kid = Some(key.kid().to_owned());
    jsonwebtoken::encode(&header, claims, key.encoding()).map_err(Error::internal)
}

/// What a token says, if one of these keys signed it as an access token of this issuer for this audience and it has
/// not ended at `now` (seconds since 1970, no leeway). Anything odd about it gives `None`. A token of a retired key ends,
/// whatever it says, when the key stops vouching for it: whoever stole the key may have made tokens that never end.
#[must_use]
pub fn verify(keys: &KeySet, issuer: &str, audience: &str, now: i64, token: &str) -> Option<Claims> {
    let header = header(token)?;
    // Keys are never taken from a token, and an extension that must be understood is not.
    let names_keys = header.jwk.is_some() || header.jku.is_some() || header.x5c.is_some() || header.x5u.is_some();
    if header.typ.as_deref() != Some(TYPE) || header.crit.is_some() || names_keys {
        return None;
    }
    let key = keys.find(header.kid.as_deref()?)?;
    let mut rules = Validation::new(Algorithm::EdDSA);
    rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    rules.set_issuer(&[issuer]);
    rules.set_audience(&[audience]);
    // The service gives none; RFC 7519 wants one that is there to be kept.
    rules.validate_nbf = true;
    // The library would ask the system's clock; the caller's is the one that counts here.
    rules.validate_exp = false;
    let mut claims = jsonwebtoken::decode::<Claims>(token, key.decoding(), &rules).ok()?.claims;
    if let Some(end) = key.vouches_until() {
        claims.exp = claims.exp.min(end.unix());
    }
    let in_time = claims.exp > now && claims.iat < claims.exp && claims.iat <= now.saturating_add(CLOCK_SKEW);
    in_time.then_some(claims)
}

/// The name of the key that a token claims to be signed with. Nothing is checked.
#[must_use]
pub fn kid(token: &str) -> Option<String> {
    header(token)?.kid
}

fn header(token: &str) -> Option<Header> {
    if token.len() > LONGEST { None } else { jsonwebtoken::decode_header(token).ok() }
}

type Shard = RwLock<HashMap<[u8; 32], Arc<Claims>>>;

/// Tokens already checked, until they end: a signature is checked once per token and server. It remembers what a token
/// says, not whether its account still counts. Kept by hash, so that no token lies in memory.
pub struct Remembered {
    shards: Box<[Shard]>,
    per_shard: usize,
}

impl Remembered {
    /// For at most `capacity` tokens (at least one).
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        let shards = capacity.clamp(1, 16);
        Self { shards: (0..shards).map(|_| Shard::default()).collect(), per_shard: (capacity / shards).max(1) }
    }

    /// What a token says, if it was checked before and has not ended at `now` (seconds since 1970).
    #[must_use]
    pub fn get(&self, token: &str, now: i64) -> Option<Arc<Claims>> {
        let hash = secret::sha256(token.as_bytes());
        let shard = self.shard(&hash)?.read().unwrap_or_else(PoisonError::into_inner);
        shard.get(&hash).filter(|c| c.exp > now).cloned()
    }

    /// Remembers a token that [`verify`] found good. If there is no room, ended ones go, then the one that ends first.
    pub fn put(&self, token: &str, claims: Arc<Claims>, now: i64) {
        let hash = secret::sha256(token.as_bytes());
        let Some(shard) = self.shard(&hash) else { return };
        let mut shard = shard.write().unwrap_or_else(PoisonError::into_inner);
        if shard.len() >= self.per_shard && !shard.contains_key(&hash) {
            shard.retain(|_, c| c.exp > now);
            if shard.len() >= self.per_shard
                && let Some(first) = shard.iter().min_by_key(|(_, c)| c.exp).map(|(h, _)| *h)
            {
                shard.remove(&first);
            }
        }
        shard.insert(hash, claims);
    }

    /// Forgets everything: after a change of keys.
    pub fn forget_all(&self) {
        for shard in &self.shards {
            shard.write().unwrap_or_else(PoisonError::into_inner).clear();
        }
    }

    /// How many tokens it remembers, ended ones that were not yet dropped included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shards.iter().map(|s| s.read().unwrap_or_else(PoisonError::into_inner).len()).sum()
    }

    /// Whether it remembers none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn shard(&self, hash: &[u8; 32]) -> Option<&Shard> {
        let [first, ..] = hash;
        self.shards.get(usize::from(*first) % self.shards.len().max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::super::keys::{GRACE, SigningKey, Stored};
    use super::*;
    use crate::values::clock::UtcTime;
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
    use jsonwebtoken::EncodingKey;
    use serde_json::{Value, json};

    const NOW: i64 = 1_790_000_000;
    const HOME: &str = "https://binhdang.example";

    fn keys() -> KeySet {
        SigningKey::generate().expect("key").into()
    }

    fn signer(keys: &KeySet) -> &SigningKey {
        keys.current().expect("key")
    }

    fn claims() -> Claims {
        Claims {
            iss: HOME.to_owned(),
            aud: HOME.to_owned(),
            sub: "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a65".to_owned(),
            client_id: "binhdang".to_owned(),
            iat: NOW,
            exp: NOW + 600,
            jti: "1".to_owned(),
            scope: "restricted:read".to_owned(),
            roles: vec!["reporter".to_owned()],
            sid: Some("s".to_owned()),
            ver: 3,
        }
    }

    fn good(keys: &KeySet, token: &str) -> bool {
        verify(keys, HOME, HOME, NOW, token).is_some()
    }

    /// A token with any header and claims, rightly signed by the current key.
    fn forge(keys: &KeySet, header: &Value, claims: &Value) -> String {
        let message = format!("{}.{}", B64.encode(header.to_string()), B64.encode(claims.to_string()));
        let signature = keys.current().expect("key").sign(message.as_bytes()).expect("signature");
        format!("{message}.{}", B64.encode(signature))
    }

    #[test]
    fn a_token_says_what_was_put_in_and_ends_on_time() {
        let keys = keys();
        for claims in [claims(), Claims { sid: None, roles: vec![], ..claims() }] {
            let token = issue(signer(&keys), &claims).expect("token");
            assert_eq!(verify(&keys, HOME, HOME, NOW, &token), Some(claims.clone()));
            assert_eq!(kid(&token).as_deref(), keys.current().map(SigningKey::kid));
            assert!(verify(&keys, HOME, HOME, NOW + 599, &token).is_some());
            assert!(verify(&keys, HOME, HOME, NOW + 600, &token).is_none());
            assert!(verify(&keys, HOME, HOME, NOW - 61, &token).is_none());
            assert!(verify(&keys, "https://other", HOME, NOW, &token).is_none());
            assert!(verify(&keys, HOME, "https://other", NOW, &token).is_none());
        }
        let header = B64.decode(issue(signer(&keys), &claims()).expect("token").split('.').next().expect("header")).expect("base64url");
        let header: Value = serde_json::from_slice(&header).expect("JSON");
        assert_eq!(header, json!({"typ": "at+jwt", "alg": "EdDSA", "kid": keys.current().map(SigningKey::kid)}));
    }

    #[test]
    fn another_algorithm_is_refused() {
        let keys = keys();
        let key = keys.current().expect("key");
        let body = B64.encode(serde_json::to_string(&claims()).expect("JSON"));
        for alg in ["none", "None", "NONE", ""] {
            let header = B64.encode(json!({"alg": alg, "typ": "at+jwt", "kid": key.kid()}).to_string());
            assert!(!good(&keys, &format!("{header}.{body}.")) && !good(&keys, &format!("{header}.{body}")));
        }
        let public = B64.decode(key.public_b64()).expect("base64url");
        for secret in [public, key.public_b64().into_bytes()] {
            let mut header = Header::new(Algorithm::HS256);
            (header.typ, header.kid) = (Some("at+jwt".to_owned()), Some(key.kid().to_owned()));
            let token = jsonwebtoken::encode(&header, &claims(), &EncodingKey::from_secret(&secret)).expect("token");
            assert!(!good(&keys, &token));
        }
        for alg in ["HS256", "RS256", "ES256", "Ed448", "eddsa"] {
            let header = json!({"alg": alg, "typ": "at+jwt", "kid": key.kid()});
            assert!(!good(&keys, &forge(&keys, &header, &json!(claims()))));
        }
    }

    #[test]
    fn an_odd_header_is_refused_though_rightly_signed() {
        let keys = keys();
        let kid = keys.current().expect("key").kid();
        let right = json!({"alg": "EdDSA", "typ": "at+jwt", "kid": kid});
        assert!(good(&keys, &forge(&keys, &right, &json!(claims()))));
        let jwk = keys.jwks()["keys"][0].clone();
        for odd in [
            json!({"alg": "EdDSA", "typ": "at+jwt"}),
            json!({"alg": "EdDSA", "typ": "at+jwt", "kid": "other"}),
            json!({"alg": "EdDSA", "typ": "at+jwt", "kid": ""}),
            json!({"alg": "EdDSA", "typ": "JWT", "kid": kid}),
            json!({"alg": "EdDSA", "kid": kid}),
            json!({"alg": "EdDSA", "typ": "at+jwt", "kid": kid, "crit": ["x"]}),
            json!({"alg": "EdDSA", "typ": "at+jwt", "kid": kid, "jwk": jwk}),
            json!({"alg": "EdDSA", "typ": "at+jwt", "kid": kid, "jku": "https://evil"}),
            json!([]),
        ] {
            assert!(!good(&keys, &forge(&keys, &odd, &json!(claims()))), "{odd}");
        }
        assert!(!good(&keys, &issue(&SigningKey::generate().expect("key"), &claims()).expect("token")), "another service's key");
    }

    #[test]
    fn odd_claims_are_refused_though_rightly_signed() {
        let keys = keys();
        let header = json!({"alg": "EdDSA", "typ": "at+jwt", "kid": keys.current().expect("key").kid()});
        for (name, odd) in [
            ("iss", json!("https://other")),
            ("iss", json!([HOME])),
            ("aud", json!("https://other")),
            ("aud", json!(["https://other", HOME])),
            ("exp", json!(NOW)),
            ("exp", json!("never")),
            ("exp", json!(1e300)),
            ("exp", Value::Null),
            ("iat", json!(NOW + 61)),
            ("sub", Value::Null),
            ("ver", json!("3")),
            ("roles", json!("admin")),
        ] {
            let mut body = json!(claims());
            body[name] = odd;
            assert!(!good(&keys, &forge(&keys, &header, &body)), "{body}");
        }
        for name in ["iss", "aud", "exp", "iat", "sub", "jti", "client_id", "ver", "scope", "roles"] {
            let mut body = json!(claims());
            body.as_object_mut().expect("object").remove(name);
            assert!(!good(&keys, &forge(&keys, &header, &body)), "without {name}");
        }
    }

    #[test]
    fn a_retired_key_vouches_for_a_while_whatever_its_tokens_say() {
        let (old, retired) = (SigningKey::generate().expect("key"), UtcTime::parse("2026-09-21T13:33:20Z").expect("an instant"));
        let stored = Stored { kid: old.kid().to_owned(), public_key: old.public_b64(), private_key: None, retired_at: Some(retired) };
        let keys = KeySet::from_stored([stored]).expect("keys");
        let (at, end) = (retired.unix(), retired.plus(GRACE).unix());
        let token = issue(&old, &Claims { iat: at, exp: at + 1_000_000, ..claims() }).expect("token");
        assert_eq!(verify(&keys, HOME, HOME, end - 1, &token).map(|c| c.exp), Some(end));
        assert!(verify(&keys, HOME, HOME, end, &token).is_none());
    }

    #[test]
    fn a_damaged_token_is_refused() {
        let keys = keys();
        let token = issue(signer(&keys), &claims()).expect("token");
        assert!(good(&keys, &token));
        for cut in 0..token.len() {
            assert!(!good(&keys, &token[..cut]), "cut at {cut}");
        }
        for place in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
            assert!(!good(&keys, &String::from_utf8(bytes).expect("ASCII")), "place {place}");
        }
        let stripped = token.rsplit_once('.').expect("signature").0;
        for odd in
            [format!("{token}="), format!("{token}."), format!(".{token}"), format!("{stripped}."), "a".repeat(9000), "ữ.ữ.ữ".to_owned()]
        {
            assert!(!good(&keys, &odd), "{odd}");
        }
    }

    #[test]
    fn what_was_checked_is_remembered_until_it_ends() {
        let remembered = Remembered::new(100);
        remembered.put("t", Arc::new(claims()), NOW);
        assert_eq!(remembered.get("t", NOW).as_deref(), Some(&claims()));
        assert!(remembered.get("t", NOW + 599).is_some());
        assert!(remembered.get("t", NOW + 600).is_none());
        assert!(remembered.get("u", NOW).is_none());
        remembered.forget_all();
        assert!(remembered.get("t", NOW).is_none() && remembered.is_empty());
    }

    #[test]
    fn the_memory_is_bounded_and_ended_tokens_go_first() {
        for capacity in [1, 7, 64] {
            let remembered = Remembered::new(capacity);
            for n in 0..500 {
                remembered.put(&n.to_string(), Arc::new(claims()), NOW);
                assert!(remembered.len() <= capacity);
                assert!(remembered.get(&n.to_string(), NOW).is_some(), "the newest is kept");
            }
        }
        let remembered = Remembered::new(1);
        remembered.put("a", Arc::new(claims()), NOW);
        remembered.put("a", Arc::new(claims()), NOW);
        remembered.put("b", Arc::new(Claims { exp: NOW + 2000, ..claims() }), NOW + 1000);
        assert!(remembered.get("b", NOW + 1000).is_some());
        assert_eq!(remembered.len(), 1);
    }
}
