//! What the commands for people's and machines' accounts have in common.

use super::folder;
use crate::actor::Actor;
use crate::app;
use crate::app_state::AppState;
use crate::auth::caller::Role;
use crate::auth::store;
use crate::config::Config;
use crate::json_schema;
use crate::problem::{Error, FieldError, codes};
use crate::rooms::accounts::{self, GrantIn, Scope};
use clap::Args;
use serde::Serialize;
use std::io::Write;
use std::sync::Arc;
use utoipa::ToSchema;

/// The grant of a new account.
#[derive(Debug, Args)]
pub struct GrantArguments {
    /// admin, coordinator, leader, reporter, supervisor or province
    #[arg(long)]
    role: String,
    /// The administrative unit that the role holds for, by official code
    #[arg(long)]
    jurisdiction: String,
    /// The only responsible unit that it holds for, by id or code
    #[arg(long)]
    unit: Option<String>,
    /// restricted:read shows restricted figures exactly
    #[arg(long)]
    scope: Vec<String>,
}

impl GrantArguments {
    /// The grant.
    ///
    /// # Errors
    /// What is no role or scope.
    pub fn read(self) -> Result<GrantIn, String> {
        let role = Role::parse(&self.role).ok_or_else(|| {
            let known = Role::ALL.map(Role::as_str).join(", ");
            format!("--role: must be one of {known}")
        })?;
        let scope = |text: &String| serde_json::from_value::<Scope>(text.as_str().into()).map_err(|_| "--scope: must be restricted:read");
        let scopes = self.scope.iter().map(scope).collect::<Result<_, _>>()?;
        Ok(GrantIn { role, jurisdiction: self.jurisdiction, unit: self.unit, scopes: Some(scopes), valid_from: None, valid_until: None })
    }
}

/// The database, brought up to date, and the command line as the one who acts.
///
/// # Errors
/// What stands in the way.
pub async fn working(config: Config) -> Result<(Arc<AppState>, Actor), String> {
    folder::must_exist(&config)?;
    let app = app::open_existing(config).await?;
    let actor = Actor::system(&app.config, "command line");
    Ok((app, actor))
}

/// The same in the name of a person.
///
/// # Errors
/// What stands in the way: there is no such account, or it may no longer act.
pub async fn working_as(config: Config, username: &str) -> Result<(Arc<AppState>, Actor), String> {
    let (app, actor) = working(config).await?;
    let (named, now) = (username.to_owned(), actor.now);
    let acting = app.db.read(move |c| {
        let id = accounts::user_named(c, &named)?;
        store::acting(c, &id, now)
    });
    let caller = match acting.await {
        Ok(caller) => caller.ok_or_else(|| format!("--as {username}: this account is not active")),
        Err(error) if error.code() == Some(codes::NOT_FOUND) => Err(format!("--as: there is no person called {username}")),
        Err(error) => Err(format!("--as {username}: {}", describe(&error))),
    }?;
    Ok((app, actor.done_by(Arc::new(caller))))
}

/// Checks an account by the document, as the API would.
///
/// # Errors
/// The arguments that are wrong.
pub fn check<T: Serialize + ToSchema>(account: &T) -> Result<(), String> {
    let value = serde_json::to_value(account).map_err(|e| e.to_string())?;
    let faults = json_schema::form::<T>().map_err(|e| e.to_string())?.check(&value);
    if faults.is_empty() { Ok(()) } else { Err(arguments(&faults)) }
}

/// An error in words, its faults by the names of the arguments.
pub fn describe(error: &Error) -> String {
    match error {
        Error::Problem(problem) if !problem.errors().is_empty() => arguments(problem.errors()),
        Error::Problem(problem) => format!("{}: {}", problem.code().title_en, problem.detail().en),
        Error::Internal(_) => error.to_string(),
    }
}

fn arguments(faults: &[FieldError]) -> String {
    let one = |fault: &FieldError| {
        let last = fault.pointer.rsplit('/').next().unwrap_or_default();
        format!("--{}: {}", last.replace('_', "-"), fault.detail.en)
    };
    faults.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// Prints an answer that scripts read.
///
/// # Errors
/// If standard output is gone.
pub fn print(answer: &serde_json::Value) -> Result<(), String> {
    writeln!(std::io::stdout(), "{answer}").map_err(|e| e.to_string())
}
