//! How the chain ends: kept beside it in the database, in a file of the data folder and in the log, each time signed. An
//! end that was cut off in the database is missed in the others.

use super::event::GENESIS;
use crate::auth::keys::{KeySet, SigningKey};
use crate::auth::seal;
use crate::problem::Result;
use crate::values::clock::UtcTime;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// The file in the data folder that holds the last known end of the chain.
pub const FILE: &str = "audit-head.json";

/// An end of the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// How many events are linked.
    pub sequence: i64,
    /// The hash of the last one.
    pub hash: String,
    /// When it was signed.
    pub at: Option<UtcTime>,
    /// A detached JWS over the canonical form of the other members.
    pub signature: Option<String>,
}

impl Head {
    /// The end of an empty chain.
    pub(super) fn genesis() -> Self {
        Self { sequence: 0, hash: GENESIS.to_owned(), at: None, signature: None }
    }

    /// An end, signed now.
    pub(super) fn signed(sequence: i64, hash: String, key: Option<&SigningKey>, now: UtcTime) -> Result<Self> {
        let mut head = Self { sequence, hash, at: Some(now), signature: None };
        head.signature = key.map(|key| seal::sign_detached(key, &head.payload()?)).transpose()?;
        Ok(head)
    }

    fn payload(&self) -> Result<Vec<u8>> {
        seal::canonical(&json!({"sequence": self.sequence, "hash": self.hash, "at": self.at}))
    }

    /// Whether one of these keys signed it.
    pub(super) fn is_genuine(&self, keys: &KeySet) -> Result<bool> {
        let payload = self.payload()?;
        Ok(self.signature.as_deref().is_some_and(|signature| seal::verify_detached(keys, &payload, signature)))
    }

    /// The end kept in a data folder.
    ///
    /// # Errors
    /// If there is a file that cannot be read or says something else.
    pub fn read(folder: &Path) -> io::Result<Option<Self>> {
        match fs::read(folder.join(FILE)) {
            Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(io::Error::other),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Keeps it in a data folder, whole or not at all, unless a later one is there already.
    pub(super) fn keep(&self, folder: &Path) -> io::Result<()> {
        if Self::read(folder).ok().flatten().is_some_and(|kept| kept.sequence >= self.sequence) {
            return Ok(());
        }
        let fresh = folder.join(format!("{FILE}.{}", std::process::id()));
        let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&fresh)?;
        file.write_all(&serde_json::to_vec(self)?)?;
        file.sync_all()?;
        fs::rename(fresh, folder.join(FILE))
    }
}
