//! Secrets that the service must be able to read again, such as those of second factors, lie sealed in the database: by
//! AES-256-GCM, with a key that lies elsewhere. Whoever has a copy of the database alone has none of them.

pub mod startup;

use super::secret;
use crate::config::{Config, seal_key};
use crate::problem::{Error, Result};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::sync::Arc;

/// The file in the data folder that holds the key where no setting gives it.
pub const FILE: &str = "seal.key";
/// The setting that gives it.
pub const SETTING: &str = "BINHDANG_SEAL_KEY";
const KEY_LEN: usize = 32;
/// What every sealed text begins with; neither base32 nor base64url has a point in it.
const MARK: &str = "v1.";

/// The key to what is sealed, or none: then secrets lie open, as they must where several servers share a database and
/// nobody has given them a key in common. Cheap to clone.
#[derive(Clone)]
pub struct SecretCipher(Option<Arc<LessSafeKey>>);

impl fmt::Debug for SecretCipher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault")
    }
}

impl SecretCipher {
    /// With a key of 32 bytes.
    ///
    /// # Errors
    /// If it has another length.
    pub fn new(bytes: &[u8]) -> Result<Self> {
        let key = UnboundKey::new(&AES_256_GCM, bytes).map_err(|_| Error::internal("the seal's key cannot be used"))?;
        Ok(Self(Some(Arc::new(LessSafeKey::new(key)))))
    }

    /// Without a key.
    #[must_use]
    pub fn none() -> Self {
        Self(None)
    }

    /// The key that the setting gives, or else the one in the data folder, if there is one.
    ///
    /// # Errors
    /// If the file cannot be read, holds no key, or may be read by others; in words for the operator.
    pub fn given(config: &Config) -> std::result::Result<Option<Self>, String> {
        if let Some(key) = &config.seal_key {
            return Self::new(key.expose_secret()).map(Some).map_err(|e| format!("{SETTING}: {e}"));
        }
        let path = config.data_dir.join(FILE);
        let wrong = |why: &str| format!("{SETTING}: {}: {why}", path.display());
        let text = match fs::read_to_string(&path) {
            Ok(text) => SecretString::from(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(wrong(&error.to_string())),
        };
        let mode = fs::metadata(&path).map_err(|error| wrong(&error.to_string()))?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(wrong("may be read by others; chmod 600 it"));
        }
        let key = seal_key(text.expose_secret()).ok_or_else(|| wrong("is no key: 32 bytes in base64"))?;
        Self::new(key.expose_secret()).map(Some).map_err(|e| wrong(&e.to_string()))
    }

    /// A new key, kept in the data folder for its owner alone. What is there already stays.
    ///
    /// # Errors
    /// If it cannot be kept.
    pub fn make(folder: &Path) -> Result<Self> {
        let bytes = Zeroizing::new(secret::random_bytes::<KEY_LEN>()?);
        let secrets = Self::new(bytes.as_slice())?;
        let text = Zeroizing::new(STANDARD.encode(bytes.as_slice()));
        keep(folder, &text).map_err(|error| Error::internal(format_args!("{} cannot be made: {error}", folder.join(FILE).display())))?;
        Ok(secrets)
    }

    /// Seals a secret for one place: elsewhere it cannot be opened, so nobody can put it into another's row.
    ///
    /// # Errors
    /// If the library fails.
    pub fn seal(&self, place: &str, plain: &SecretString) -> Result<String> {
        let Some(key) = &self.0 else { return Ok(plain.expose_secret().to_owned()) };
        let mut bytes = plain.expose_secret().as_bytes().to_vec();
        // At random, so that no two seals have the same one (NIST SP 800-38D section 8.2.2), and from the system: the
        // library's own generator takes longer to begin than the rest of a start.
        let nonce = secret::random_bytes::<NONCE_LEN>()?;
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place), &mut bytes)
            .map_err(|_| Error::internal("sealing failed"))?;
        Ok(format!("{MARK}{}", URL_SAFE_NO_PAD.encode([nonce.as_slice(), &bytes].concat())))
    }

    /// Opens what was sealed for this place.
    ///
    /// # Errors
    /// If another key sealed it, it was sealed for another place, or somebody changed it.
    pub fn open(&self, place: &str, sealed: &str) -> Result<SecretString> {
        let closed = || Error::internal(format_args!("what is sealed at {place} cannot be opened"));
        let key = match &self.0 {
            Some(key) => key,
            None if !is_sealed(sealed) => return Ok(SecretString::from(sealed)),
            None => return Err(closed()),
        };
        let encoded = sealed.strip_prefix(MARK).ok_or_else(closed)?;
        let bytes = URL_SAFE_NO_PAD.decode(encoded).map_err(|_| closed())?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_LEN).ok_or_else(closed)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| closed())?;
        let mut bytes = Zeroizing::new(sealed.to_vec());
        let opened = key.open_in_place(nonce, Aad::from(place), &mut bytes).map_err(|_| closed())?;
        std::str::from_utf8(opened).map(SecretString::from).map_err(|_| closed())
    }
}

/// Whether a text is sealed. One that is not was stored before there was a key.
#[must_use]
pub fn is_sealed(text: &str) -> bool {
    text.starts_with(MARK)
}

/// Where the secret of an account's second factor lies.
#[must_use]
pub fn of_second_factor(account: &str) -> String {
    format!("second_factors:{account}")
}

/// Where the salt lies by which the successor of a spent refresh token, of this hash, is derived.
#[must_use]
pub fn of_refresh_token(hash: &str) -> String {
    format!("refresh_tokens:{hash}")
}

/// Where the private half of a signing key lies.
#[must_use]
pub fn of_signing_key(kid: &str) -> String {
    format!("signing_keys:{kid}")
}

/// Where the secret of a webhook lies.
#[must_use]
pub fn of_webhook_secret(webhook: &str) -> String {
    format!("webhooks:{webhook}")
}

/// Where the secret lies that a webhook had before.
#[must_use]
pub fn of_previous_webhook_secret(webhook: &str) -> String {
    format!("previous_webhook_secrets:{webhook}")
}

/// Writes the file whole or not at all, on the disk before anything is sealed by it.
fn keep(folder: &Path, text: &str) -> io::Result<()> {
    let fresh = folder.join(format!("{FILE}.{}", std::process::id()));
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&fresh)?;
    writeln!(file, "{text}")?;
    file.sync_all()?;
    // Unlike a rename a link never takes another's place.
    let linked = fs::hard_link(&fresh, folder.join(FILE));
    fs::remove_file(&fresh)?;
    linked?;
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(byte: u8) -> SecretCipher {
        SecretCipher::new(&[byte; KEY_LEN]).expect("a key")
    }

    #[test]
    fn what_is_sealed_opens_with_its_key_in_its_place_alone() {
        let (own, other, secret) = (secrets(1), secrets(2), SecretString::from("GEZDGNBVGY3TQOJQ"));
        let sealed = own.seal("second_factors:a", &secret).expect("sealed");
        assert!(is_sealed(&sealed) && !sealed.contains("GEZDGNBVGY3TQOJQ") && !is_sealed("GEZDGNBVGY3TQOJQ"));
        assert_ne!(sealed, own.seal("second_factors:a", &secret).expect("sealed"), "a nonce of its own each time");
        assert_eq!(own.open("second_factors:a", &sealed).expect("opened").expose_secret(), secret.expose_secret());
        assert!(own.open("second_factors:b", &sealed).is_err(), "another's row");
        assert!(other.open("second_factors:a", &sealed).is_err(), "another key");
        for cut in 0..sealed.len() {
            assert!(own.open("second_factors:a", sealed.get(..cut).expect("ASCII")).is_err(), "cut at {cut}");
        }
        assert!(own.open("second_factors:a", "GEZDGNBVGY3TQOJQ").is_err(), "what was never sealed");
        assert_eq!(format!("{own:?}"), "Vault");
        let none = SecretCipher::none();
        assert_eq!(none.seal("x", &secret).expect("open"), secret.expose_secret());
        assert_eq!(none.open("x", "GEZDGNBVGY3TQOJQ").expect("open").expose_secret(), secret.expose_secret());
        assert!(none.open("second_factors:a", &sealed).is_err(), "without the key");
    }

    #[test]
    fn the_file_is_its_owner_s_alone_and_never_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let config =
            || Config { data_dir: folder.path().to_owned(), ..Config::from_settings(std::collections::BTreeMap::new()).expect("defaults") };
        assert!(SecretCipher::given(&config()).expect("no file").is_none());
        let made = SecretCipher::make(folder.path()).expect("made");
        let path = folder.path().join(FILE);
        assert_eq!(fs::metadata(&path).expect("a file").permissions().mode() & 0o777, 0o600);
        let found = SecretCipher::given(&config()).expect("readable").expect("there");
        let sealed = made.seal("x", &"secret".into()).expect("sealed");
        assert_eq!(found.open("x", &sealed).expect("the same key").expose_secret(), "secret");
        assert!(SecretCipher::make(folder.path()).is_err(), "there is one");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing is left behind");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("chmod");
        assert!(SecretCipher::given(&config()).expect_err("too open").contains("chmod 600"));
    }
}
