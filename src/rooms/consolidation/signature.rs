//! A frozen version's canonical form, digest and signature.

use crate::auth::keys::SigningKey;
use crate::auth::seal;
use crate::problem::{Error, Result};
use serde_json::Value;

/// A frozen version: its canonical form, digest and signature.
pub(super) struct Sealed {
    pub content: String,
    pub digest: String,
    pub signature: String,
}

/// Puts a content into its canonical form and signs it.
///
/// # Errors
/// If it cannot be signed.
pub(super) fn sealed(key: &SigningKey, content: &Value) -> Result<Sealed> {
    let bytes = seal::canonical(content)?;
    let (digest, signature) = (seal::digest(&bytes), seal::sign_detached(key, &bytes)?);
    Ok(Sealed { content: String::from_utf8(bytes).map_err(Error::internal)?, digest, signature })
}
