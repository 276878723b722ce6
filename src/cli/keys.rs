//! `binhdang keys`: the keys that sign access tokens, receipts and approved reports; also while servers run.

use super::accounts::{describe, print, working};
use super::folder;
use crate::actor::Actor;
use crate::auth::{secret_encryption::startup, store};
use crate::change::{self, Event};
use crate::config::Config;
use crate::db::{Database, migrate};
use clap::Subcommand;
use serde_json::json;

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
    let (app, actor) = working(config).await?;
    let secrets = app.auth.secrets.clone();
    let rotated = app.db.write(move |c| {
        let (kid, retired) = store::rotate_keys(c, &secrets, actor.now)?;
        let event = Event::new("signing_key.rotated", "signing_key", &kid, 1, None);
        change::save(c, &actor, &event.change(Some(json!({"kids": retired})), Some(json!({"kid": kid}))), |_| Ok(()))?;
        Ok((kid, retired))
    });
    let (kid, retired) = rotated.await.map_err(|e| describe(&e))?;
    print(&json!({"kid": kid, "retired": retired}))
}

/// Opens the database without the key that every other command needs.
async fn start_over(config: Config) -> Result<(), String> {
    folder::must_exist(&config)?;
    let actor = Actor::system(&config, "command line");
    let db = Database::open_existing(&config.database, 2)?;
    migrate::run(&db).await.map_err(|e| format!("cannot migrate the database: {e}"))?;
    let begun = db.write(move |c| {
        let begun = startup::start_over(c, &config, actor.now)?;
        if let Ok((kid, gone)) = &begun {
            let event = Event::new("signing_key.started_over", "signing_key", kid, 1, None);
            change::save(c, &actor, &event.change(None, Some(json!({"kid": kid, "second_factors_removed": gone}))), |_| Ok(()))?;
        }
        Ok(begun)
    });
    let (kid, gone) = begun.await.map_err(|e| describe(&e))??;
    print(&json!({"kid": kid, "second_factors_removed": gone}))
}
