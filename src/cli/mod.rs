//! The commands: one file each.

mod accounts;
mod audit;
mod client;
mod demo;
mod doctor;
mod export;
mod folder;
mod import;
mod keys;
mod listener;
mod migrate;
mod openapi;
mod seed;
mod serve;
mod user;

use crate::auth::Auth;
use crate::config::{Config, KNOWN};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use std::process::ExitCode;

/// A ward's gender-equality plan as a service.
#[derive(Debug, Parser)]
#[command(name = "binhdang", version)]
struct Command {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Serve the API; makes and seeds the database at the first start
    Serve,
    /// Serve two made-up years from a throw-away folder, to look around
    Demo,
    /// Bring the database up to date
    Migrate,
    /// Bring the database up to date and give it the plan of phường Đồng Nguyên if it has none
    Seed,
    /// Print the OpenAPI document
    Openapi,
    /// Look the database over and say what is wrong
    Doctor,
    /// Import figures from a file (.xlsx, .csv, .json) as one of the accounts
    Import(import::Import),
    /// Export figures, progress, reports, completeness or the plan to a file (.xlsx, .csv) as one of the accounts
    Export(export::Export),
    /// The keys that sign tokens and reports
    #[command(subcommand)]
    Keys(keys::Keys),
    /// People's accounts
    #[command(subcommand)]
    User(user::User),
    /// The audit trail
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Machines' accounts
    #[command(subcommand)]
    Client(client::Client),
}

/// Runs the command line.
#[must_use]
pub fn run() -> ExitCode {
    folder::keep_to_oneself();
    let command = Command::command().after_help(settings());
    let parsed = Command::from_arg_matches(&command.get_matches()).unwrap_or_else(|error| error.exit());
    match outcome(parsed) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("binhdang: {message}");
            ExitCode::FAILURE
        }
    }
}

/// The settings, for those who ask for help.
fn settings() -> String {
    let widest = KNOWN.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    let lines = KNOWN.iter().map(|(name, meaning)| format!("  {name:widest$}  {meaning}"));
    format!(
        "Settings, from the environment or a TOML file (each also as <NAME>_FILE, the path of a file that holds it):\n{}",
        lines.collect::<Vec<_>>().join("\n")
    )
}

fn outcome(command: Command) -> Result<(), String> {
    match command.what {
        What::Openapi => openapi::run(),
        What::Migrate => block_on(migrate::run(config()?)),
        What::Seed => block_on(seed::run(config()?)),
        What::Doctor => block_on(doctor::run(config()?)),
        What::Serve => block_on(serve::run(config()?)),
        What::Demo => block_on(demo::run(config()?)),
        What::Import(what) => block_on(import::run(config()?, what)),
        What::Export(what) => block_on(export::run(config()?, what)),
        What::Audit(what) => block_on(audit::run(config()?, what)),
        What::Keys(what) => block_on(keys::run(config()?, what)),
        What::User(what) => block_on(user::run(config()?, what)),
        What::Client(what) => block_on(client::run(config()?, what)),
    }
}

/// The settings, all of them looked at before anything is opened or made.
fn config() -> Result<Config, String> {
    let config = Config::from_environment().and_then(|config| Auth::check(&config).map(|()| config));
    config.map_err(|wrong| wrong.to_string())
}

fn block_on<T>(work: impl Future<Output = Result<T, String>>) -> Result<T, String> {
    actix_web::rt::System::new().block_on(work)
}
