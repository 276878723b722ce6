//! The commands: one file each.

mod doctor;
mod openapi;
mod serve;

use crate::config::Config;
use clap::{Parser, Subcommand};
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
    /// Print the OpenAPI document
    Openapi,
    /// Look the database over and say what is wrong
    Doctor,
}

/// Runs the command line.
#[must_use]
pub fn run() -> ExitCode {
    match outcome(Command::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("binhdang: {message}");
            ExitCode::FAILURE
        }
    }
}

fn outcome(command: Command) -> Result<(), String> {
    match command.what {
        What::Openapi => openapi::run(),
        What::Doctor => block_on(doctor::run(config()?)),
        What::Serve => block_on(serve::run(config()?)),
    }
}

fn config() -> Result<Config, String> {
    Config::from_environment().map_err(|wrong| wrong.to_string())
}

fn block_on<T>(work: impl Future<Output = Result<T, String>>) -> Result<T, String> {
    actix_web::rt::System::new().block_on(work)
}
