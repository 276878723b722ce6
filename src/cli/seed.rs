//! `binhdang seed`: gives an empty database the plan of phường Đồng Nguyên, as the first start does.

use super::folder;
use crate::config::Config;
use crate::{app, jobs};
use std::io::Write;

/// Brings the database up to date, seeds it if there is no plan in it, and says what was done.
///
/// # Errors
/// If the database cannot be opened or changed.
pub async fn run(config: Config) -> Result<(), String> {
    folder::must_exist(&config)?;
    // Opening would seed unasked and in silence.
    let app = app::open(Config { seed: false, ..config }).await?;
    let told =
        if app::plant(&app).await? { "made the plan of phường Đồng Nguyên" } else { "nothing to do: there is a plan already" };
    jobs::run_due(&app).await.map_err(|e| format!("cannot do what is due: {e}"))?;
    writeln!(std::io::stdout().lock(), "{told}").map_err(|e| e.to_string())
}
