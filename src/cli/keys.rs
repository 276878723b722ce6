//! `binhdang keys`: the keys that sign access tokens, receipts and approved reports; also while servers run.

use super::accounts::{print, told, working};
use crate::auth::store;
use crate::config::Config;
use crate::journal::{self, Event};
use clap::Subcommand;
use serde_json::json;

/// `binhdang keys …`
#[derive(Debug, Subcommand)]
pub enum Keys {
    /// Sign with a new key from now on, at every server; the old one's private half is destroyed
    Rotate,
}

/// Runs it.
///
/// # Errors
/// What stands in the way.
pub async fn run(config: Config, what: Keys) -> Result<(), String> {
    let Keys::Rotate = what;
    let (house, by) = working(config).await?;
    let rotated = house.db.write(move |c| {
        let (kid, retired) = store::rotate_keys(c, by.now)?;
        let event = Event::new("signing_key.rotated", "signing_key", &kid, 1, None);
        journal::record(c, &by, event.change(Some(json!({"kids": retired})), Some(json!({"kid": kid}))))?;
        Ok((kid, retired))
    });
    let (kid, retired) = rotated.await.map_err(|e| told(&e))?;
    print(&json!({"kid": kid, "retired": retired}))
}
