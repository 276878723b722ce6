//! The command `binhdang`.

use std::process::ExitCode;

fn main() -> ExitCode {
    binhdang::cli::run()
}
