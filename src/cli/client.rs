//! `binhdang client`: machines' accounts from the command line, also while the server runs.

use super::accounts::{GrantArguments, check, describe, print, working};
use crate::config::Config;
use crate::rooms::accounts::{self, ClientIn};
use clap::Subcommand;
use secrecy::ExposeSecret;
use serde_json::json;

/// `binhdang client …`
#[derive(Debug, Subcommand)]
pub enum Client {
    /// Add a machine with one grant; prints its id and secret, once
    Add {
        /// The name shown to others
        #[arg(long)]
        name: String,
        #[command(flatten)]
        grant: GrantArguments,
    },
}

/// Runs it.
///
/// # Errors
/// What stands in the way, naming the argument.
pub async fn run(config: Config, what: Client) -> Result<(), String> {
    let Client::Add { name, grant } = what;
    let machine = ClientIn { name, active: Some(true), grants: vec![grant.read()?], expires_at: None, allowed_addresses: None };
    let (app, actor) = working(config).await?;
    check(&machine)?;
    let (made, secret) = app.db.write(move |c| accounts::add_client(c, &actor, &machine)).await.map_err(|e| describe(&e))?;
    print(&json!({"client_id": made.client_id, "client_secret": secret.expose_secret()}))
}
