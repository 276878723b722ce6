//! `binhdang keys`: the keys that sign access tokens, receipts and approved reports; also while servers run.

use super::accounts::{print, told, working};
use super::folder;
use crate::auth::{sealing, store};
use crate::config::Config;
use crate::db::{Database, migrate};
use crate::http::contract::Contract;
use crate::http::ctx::By;
use crate::journal::{self, Event};
use clap::Subcommand;
use serde_json::json;
use std::sync::Arc;

/// `binhdang keys …`
#[derive(Debug, Subcommand)]
pub enum Keys {
    /// Sign with a new key from now on, at every server; the old one's private half is destroyed
    Rotate,
    /// Where the key to the sealed secrets is lost: begin with another one, a new signing key, and nobody's second factor; stop the servers first
    StartOver,
}

/// Runs it.
///
/// # Errors
/// What stands in the way.
pub async fn run(config: Config, what: Keys) -> Result<(), String> {
    match what {
        Keys::Rotate => rotate(config).await,
        Keys::StartOver => start_over(config).await,
    }
}

async fn rotate(config: Config) -> Result<(), String> {
    let (house, by) = working(config).await?;
    let vault = house.auth.vault.clone();
    let rotated = house.db.write(move |c| {
        let (kid, retired) = store::rotate_keys(c, &vault, by.now)?;
        let event = Event::new("signing_key.rotated", "signing_key", &kid, 1, None);
        journal::record(c, &by, event.change(Some(json!({"kids": retired})), Some(json!({"kid": kid}))))?;
        Ok((kid, retired))
    });
    let (kid, retired) = rotated.await.map_err(|e| told(&e))?;
    print(&json!({"kid": kid, "retired": retired}))
}

/// Opens the database without the key that every other command needs.
async fn start_over(config: Config) -> Result<(), String> {
    folder::must_exist(&config)?;
    let by = By::system(&Arc::new(Contract::read(crate::openapi::COMMITTED)?), &config, "command line");
    let db = Database::open_existing(&config.database, 2)?;
    migrate::run(&db).await.map_err(|e| format!("cannot migrate the database: {e}"))?;
    let begun = db.write(move |c| {
        let begun = sealing::start_over(c, &config, by.now)?;
        if let Ok((kid, gone)) = &begun {
            let event = Event::new("signing_key.started_over", "signing_key", kid, 1, None);
            journal::record(c, &by, event.change(None, Some(json!({"kid": kid, "second_factors_removed": gone}))))?;
        }
        Ok(begun)
    });
    let (kid, gone) = begun.await.map_err(|e| told(&e))??;
    print(&json!({"kid": kid, "second_factors_removed": gone}))
}
