//! `binhdang import`: figures from a file, as the API imports them, also while the server runs.

use super::accounts::{describe, print, working_as};
use crate::config::Config;
use crate::formats::row_source::RowFormat;
use crate::rooms::imports::{self, Job, Mode};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use std::fs::File;
use std::path::{Path, PathBuf};

/// `binhdang import …`
#[derive(Debug, Args)]
pub struct Import {
    /// The file: .xlsx, .csv or .json
    file: PathBuf,
    /// The person in whose name figures are written
    #[arg(long = "as", value_name = "USERNAME")]
    username: String,
    /// Check only
    #[arg(long)]
    dry_run: bool,
    /// Write the good rows though there are bad ones
    #[arg(long)]
    partial: bool,
}

/// Runs it, and prints what the API would answer.
///
/// # Errors
/// What stands in the way; that rows were refused.
pub async fn run(config: Config, what: Import) -> Result<(), String> {
    let format = format_of(&what.file)?;
    let mut file = File::open(&what.file).map_err(|e| format!("{}: {e}", what.file.display()))?;
    let (app, actor) = working_as(config, &what.username).await?;
    let dimensions = app.db.read(imports::dimension_names).await.map_err(|e| describe(&e))?;
    let staged = imports::stage(format, &mut file, dimensions, &app.config.spool_folder());
    let staged = staged.map_err(|e| format!("{}: {}", what.file.display(), describe(&e)))?;
    let bar = progress_bar(staged.rows);
    let telling = bar.clone();
    let progress = Box::new(move |done| telling.set_position(u64::try_from(done).unwrap_or(u64::MAX)));
    let mode = if what.partial { Mode::Partial } else { Mode::Atomic };
    let job = Job { staged, mode, dry_run: what.dry_run };
    let outcome = imports::import(app, actor, job, progress).await.map_err(|e| describe(&e))?;
    bar.finish_and_clear();
    print(&serde_json::to_value(&outcome).map_err(|e| e.to_string())?)?;
    if outcome.rejected == 0 { Ok(()) } else { Err(format!("{} of {} rows were refused", outcome.rejected, outcome.rows)) }
}

fn format_of(file: &Path) -> Result<RowFormat, String> {
    let extension = file.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
    match extension.as_str() {
        "xlsx" => Ok(RowFormat::Xlsx),
        "csv" | "txt" => Ok(RowFormat::Csv),
        "json" => Ok(RowFormat::Json),
        _ => Err(format!("{}: must end in .xlsx, .csv or .json", file.display())),
    }
}

/// On a terminal; elsewhere nothing is drawn.
fn progress_bar(rows: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} rows, {eta}").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(u64::try_from(rows).unwrap_or(u64::MAX)).with_style(style)
}
