//! `binhdang openapi`: the contract, as the file in `openapi/` holds it.

use std::io::Write;

/// Prints the document.
///
/// # Errors
/// If standard output is gone.
pub fn run() -> Result<(), String> {
    std::io::stdout().write_all(crate::openapi::pretty().as_bytes()).map_err(|e| e.to_string())
}
