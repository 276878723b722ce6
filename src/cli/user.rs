//! `binhdang user`: people's accounts from the command line, also while the server runs.

use super::accounts::{GrantArguments, check, describe, print, working};
use crate::actor::Actor;
use crate::app_state::AppState;
use crate::auth::{password, secret};
use crate::config::Config;
use crate::rooms::accounts::{self, GrantIn, UserIn};
use crate::values::text;
use clap::{Args, Subcommand};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use std::io::Read;

/// `binhdang user …`
#[derive(Debug, Subcommand)]
pub enum User {
    /// Add a person with one grant
    Add(Add),
    /// Give a person a one-time password and end all sessions; prints it
    ResetPassword {
        /// The name to sign in with
        #[arg(long)]
        username: String,
    },
}

/// `binhdang user add`
#[derive(Debug, Args)]
pub struct Add {
    /// The name to sign in with
    #[arg(long)]
    username: String,
    /// The name shown to others; the user name if left out
    #[arg(long)]
    display_name: Option<String>,
    #[command(flatten)]
    grant: GrantArguments,
    /// Read the password from standard input; without it a one-time password is made and printed
    #[arg(long)]
    password_stdin: bool,
}

/// Runs it.
///
/// # Errors
/// What stands in the way, naming the argument.
pub async fn run(config: Config, what: User) -> Result<(), String> {
    match what {
        User::Add(add) => {
            // Looked at first: nothing is opened for a password that would be refused.
            let given = if add.password_stdin { Some(read_password(&add.username)?) } else { None };
            let (app, actor) = working(config).await?;
            self::add(&app, actor, add, given).await
        }
        User::ResetPassword { username } => {
            let (app, actor) = working(config).await?;
            reset(&app, actor, username).await
        }
    }
}

/// The password as the API would take it: composed and without white space at either end.
fn read_password(username: &str) -> Result<SecretString, String> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).map_err(|e| format!("--password-stdin: {e}"))?;
    let text = text::normalise(&text);
    match password::check_strength(&text, username, "") {
        Ok(()) => Ok(text.into()),
        Err(weak) => Err(format!("--password-stdin: {}", weak.detail.en)),
    }
}

async fn add(app: &AppState, actor: Actor, add: Add, given: Option<SecretString>) -> Result<(), String> {
    let Add { username, display_name, grant, password_stdin: _ } = add;
    let grant: GrantIn = grant.read()?;
    let person = UserIn {
        display_name: display_name.unwrap_or_else(|| username.clone()),
        username,
        position: None,
        email: None,
        phone: None,
        active: Some(true),
        must_change_password: Some(given.is_none()),
        grants: vec![grant],
    };
    let (password, is_made) = match given {
        Some(password) => (password, false),
        None => (secret::one_time_password().map_err(|e| e.to_string())?, true),
    };
    let hash = password::hash_blocking(&password).map_err(|e| e.to_string())?;
    check(&person)?;
    let made = app.db.write(move |c| accounts::add_user(c, &actor, &person, hash)).await.map_err(|e| describe(&e))?;
    print(&match is_made {
        true => json!({"id": made.id, "username": made.username, "one_time_password": password.expose_secret()}),
        false => json!({"id": made.id, "username": made.username}),
    })
}

async fn reset(app: &AppState, actor: Actor, username: String) -> Result<(), String> {
    let password = secret::one_time_password().map_err(|e| e.to_string())?;
    let hash = password::hash_blocking(&password).map_err(|e| e.to_string())?;
    let name = username.clone();
    let done = app
        .db
        .write(move |c| {
            let id = accounts::user_named(c, &name)?;
            accounts::reset_password(c, &actor, &id, hash)
        })
        .await;
    match done {
        Ok(user) => print(&json!({"username": user.username, "one_time_password": password.expose_secret()})),
        Err(error) if error.code() == Some(crate::problem::codes::NOT_FOUND) => {
            Err(format!("--username: there is no person called {username}"))
        }
        Err(error) => Err(describe(&error)),
    }
}
