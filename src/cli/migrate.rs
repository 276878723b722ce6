//! `binhdang migrate`: brings the database up to date, as every start does; for those who want it done beforehand.

use super::folder;
use crate::config::Config;
use crate::db::{Database, migrate};
use std::io::Write;

/// Runs what the database still lacks and says what that was.
///
/// # Errors
/// If the database cannot be opened or a migration fails.
pub async fn run(config: Config) -> Result<(), String> {
    folder::must_exist(&config)?;
    let db = Database::open(&config.database, 2)?;
    let done = migrate::run(&db).await.map_err(|e| format!("cannot migrate the database: {e}"))?;
    let mut out = std::io::stdout().lock();
    let told = if done.is_empty() { "nothing to do: the database is up to date".to_owned() } else { format!("ran {}", done.join(", ")) };
    writeln!(out, "{told}").map_err(|e| e.to_string())
}
