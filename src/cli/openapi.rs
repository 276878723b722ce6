//! `binhdang openapi`: the contract, as the file in `openapi/` holds it.

use crate::app;
use std::io::Write;

/// Prints the document.
///
/// # Errors
/// If standard output is gone.
pub fn run() -> Result<(), String> {
    let text = serde_json::to_string_pretty(&app::document(app::rooms)).map_err(|e| e.to_string())?;
    writeln!(std::io::stdout().lock(), "{text}").map_err(|e| e.to_string())
}
