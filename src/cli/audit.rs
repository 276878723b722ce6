//! `binhdang audit verify`: looks the audit trail over, also while the server runs.

use super::folder;
use crate::config::Config;
use crate::db::Database;
use crate::rooms::audit::{self, HEAD_FILE, Head};
use clap::Subcommand;
use std::io::Write;

/// `binhdang audit …`
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Find events that were edited, removed, reordered, added or cut off
    Verify {
        /// An end of the chain that you have written down (from the log, say), as <sequence>:<hash>; may be given again
        #[arg(long, value_name = "SEQUENCE:HASH", value_parser = end)]
        head: Vec<Head>,
    },
}

fn end(text: &str) -> Result<Head, String> {
    let found = text.split_once(':').and_then(|(sequence, hash)| Some((sequence.parse().ok()?, hash.to_ascii_lowercase())));
    let (sequence, hash) = found.ok_or("must be a number, a colon and a hash")?;
    if hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit()) {
        Ok(Head { sequence, hash, at: None, signature: None })
    } else {
        Err("the hash has 64 hexadecimal digits".to_owned())
    }
}

/// Looks it over.
///
/// # Errors
/// If the database cannot be opened, or something is wrong with the trail.
pub async fn run(config: Config, what: Audit) -> Result<(), String> {
    let Audit::Verify { head } = what;
    folder::must_exist(&config)?;
    // Read before the chain, which may grow meanwhile.
    let in_folder = Head::read(&config.data_dir).map_err(|e| format!("{}: {e}", config.data_dir.join(HEAD_FILE).display()))?;
    let given = head.into_iter().map(|head| ("--head".to_owned(), head));
    let kept: Vec<(String, Head)> = in_folder.map(|head| (HEAD_FILE.to_owned(), head)).into_iter().chain(given).collect();
    let db = Database::open_existing(&config.database, 2)?;
    let verdict = db.read(move |c| audit::verify(c, &kept)).await.map_err(|e| format!("the audit trail cannot be read: {e}"))?;
    let mut out = std::io::stdout().lock();
    for wrong in &verdict.wrong {
        writeln!(out, "WRONG {wrong}").map_err(|e| e.to_string())?;
    }
    if !verdict.is_well() {
        return Err(format!("{} things are wrong with the audit trail", verdict.wrong.len() + verdict.untold));
    }
    let waiting = if verdict.waiting == 0 { String::new() } else { format!(", {} waiting to be linked", verdict.waiting) };
    writeln!(out, "ok {} events{waiting}", verdict.events).map_err(|e| e.to_string())
}
