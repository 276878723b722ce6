//! What the commands for people's and machines' accounts have in common.

use super::folder;
use crate::accounts::{GrantIn, Scope};
use crate::app;
use crate::auth::caller::Role;
use crate::config::Config;
use crate::http::House;
use crate::http::ctx::By;
use crate::problem::{Error, FieldError, codes};
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
        Ok(GrantIn { role, jurisdiction: self.jurisdiction, unit: self.unit, scopes: Some(scopes) })
    }
}

/// The database, brought up to date, and the command line as the one who acts.
///
/// # Errors
/// What stands in the way.
pub async fn working(config: Config) -> Result<(Arc<House>, By), String> {
    folder::must_exist(&config)?;
    let house = app::open_existing(config).await?;
    let by = By::system(&house.contract, &house.config, "command line");
    Ok((house, by))
}

/// Checks an account by the document, as the API would.
///
/// # Errors
/// The arguments that are wrong.
pub fn check<T: Serialize + ToSchema>(house: &House, account: &T) -> Result<(), String> {
    let value = serde_json::to_value(account).map_err(|e| e.to_string())?;
    let faults = house.contract.form::<T>().map_err(|e| e.to_string())?.check(&value);
    if faults.is_empty() { Ok(()) } else { Err(arguments(&faults)) }
}

/// An error in words, its faults by the names of the arguments.
pub fn told(error: &Error) -> String {
    match error {
        Error::Problem(problem) if !problem.errors().is_empty() => arguments(problem.errors()),
        Error::Problem(problem) => format!("{}: {}", problem.code().title_en, problem.detail().en),
        Error::Internal(_) => error.to_string(),
    }
}

fn arguments(faults: &[FieldError]) -> String {
    let one = |fault: &FieldError| {
        let last = fault.pointer.rsplit('/').next().unwrap_or_default();
        let detail = if fault.code == codes::REFERENCE_UNKNOWN { "there is none with this code" } else { fault.detail.en.as_str() };
        format!("--{}: {detail}", last.replace('_', "-"))
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
