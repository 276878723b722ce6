//! `binhdang export`: what is there as a file, as the API exports it, also while the server runs.

use super::accounts::{describe, working_as};
use crate::auth::caller::Caller;
use crate::config::Config;
use crate::formats::Format;
use crate::formats::csv::{DecimalMark, Delimiter, Dialect};
use crate::formats::table::TableWriter;
use crate::problem::{Place, Result as Outcome};
use crate::reading::layout::HeaderWords;
use crate::reading::references::{PlanKey, Scope};
use crate::reading::table_file::Pieces;
use crate::rooms::progress::{self, ObservationFilter, ProgressFilter, WhereAndWhen};
use crate::rooms::{outline, reports};
use crate::values::id::PlanId;
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Map;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// `binhdang export …`
#[derive(Debug, Args)]
pub struct Export {
    /// What: observations, progress, reports, completeness or plan
    #[arg(value_enum)]
    what: What,
    /// The person by whose rights it is read; restricted figures stay hidden
    #[arg(long = "as", value_name = "USERNAME")]
    username: String,
    /// The file: .xlsx or .csv; without one CSV is printed
    #[arg(long, short)]
    out: Option<PathBuf>,
    /// The plan, by id or code
    #[arg(long)]
    plan: Option<String>,
    /// The administrative unit and all below it, by official code
    #[arg(long)]
    jurisdiction: Option<String>,
    /// The period: its id, or the label of a year, a quarter or a month
    #[arg(long)]
    period: Option<String>,
    /// The header row in words
    #[arg(long, value_enum)]
    headers: Option<Words>,
    /// CSV as Vietnamese spreadsheets open it: semicolons and decimal commas
    #[arg(long)]
    semicolon: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    Observations,
    Progress,
    Reports,
    Completeness,
    Plan,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Words {
    Vi,
    En,
}

/// Runs it, and says on a terminal how far it is.
///
/// # Errors
/// What stands in the way.
pub async fn run(config: Config, what: Export) -> Result<(), String> {
    let format = format_of(what.out.as_deref())?;
    let (app, mut actor) = working_as(config, &what.username).await?;
    actor.caller = actor.caller.map(without_restricted);
    let plan = match (what.what, &what.plan) {
        (What::Plan, None) => return Err("--plan: which plan?".to_owned()),
        (What::Plan, Some(named)) => {
            let named = named.clone();
            let found = app.db.read(move |c| Scope::default().one::<PlanKey>(c, &named, &Place::query("plan")));
            Some(found.await.map_err(|e| describe(&e))?.id)
        }
        _ => None,
    };
    let delimiter = if what.semicolon { Delimiter::Semicolon } else { Delimiter::Comma };
    let decimal = if what.semicolon { DecimalMark::Comma } else { DecimalMark::Point };
    let writer = TableWriter::of(format, Dialect { delimiter, decimal }, app.config.spool_folder()).map_err(|e| describe(&e))?;
    let pieces = Arc::new(Mutex::new(pieces(&what, plan, writer)?));
    let mut out: Box<dyn Write> = match &what.out {
        Some(path) => Box::new(File::create(path).map_err(|e| format!("{}: {e}", path.display()))?),
        None => Box::new(io::stdout()),
    };
    let bar = progress_bar();
    loop {
        let (pieces, actor) = (pieces.clone(), actor.clone());
        let next = move |c: &mut crate::db::Conn| -> Outcome<Option<bytes::Bytes>> {
            let mut next = pieces.lock().unwrap_or_else(PoisonError::into_inner);
            (*next)(c, &actor)
        };
        let Some(piece) = app.db.read(next).await.map_err(|e| describe(&e))? else { break };
        out.write_all(&piece).map_err(|e| e.to_string())?;
        bar.inc(u64::try_from(piece.len()).unwrap_or(u64::MAX));
    }
    bar.finish_and_clear();
    out.flush().map_err(|e| e.to_string())
}

/// The account without the scope to read restricted figures exactly: here nobody says for what purpose.
fn without_restricted(mut caller: Arc<Caller>) -> Arc<Caller> {
    for grant in &mut Arc::make_mut(&mut caller).grants {
        grant.restricted = false;
    }
    caller
}

fn pieces(what: &Export, plan: Option<PlanId>, writer: TableWriter) -> Result<Pieces, String> {
    let words = what.headers.map(|words| match words {
        Words::Vi => HeaderWords::Vi,
        Words::En => HeaderWords::En,
    });
    let (of_plan, jurisdiction, period) = (what.plan.clone(), what.jurisdiction.clone(), what.period.clone());
    Ok(match (what.what, plan) {
        (What::Plan, Some(plan)) => outline::export(plan, outline::OutlineFilter { period }, words, writer),
        (What::Plan, None) => return Err("--plan: which plan?".to_owned()),
        (What::Observations, _) => {
            let filter = ObservationFilter { plan: of_plan, jurisdiction, period, ..ObservationFilter::default() };
            progress::exports::observations(filter, Map::new(), words, writer)
        }
        (What::Progress, _) => {
            progress::exports::progress(ProgressFilter { plan: of_plan, jurisdiction, period, as_of: None }, words, writer)
        }
        (What::Reports, _) => {
            let filter = reports::ReportFilter { plan: of_plan, jurisdiction, period, ..reports::ReportFilter::default() };
            reports::export(filter, words, writer)
        }
        (What::Completeness, _) => {
            let period = period.ok_or("--period: which period?")?;
            progress::exports::completeness(WhereAndWhen { plan: of_plan, jurisdiction, period, as_of: None }, words, writer)
        }
    })
}

fn format_of(file: Option<&Path>) -> Result<Format, String> {
    let Some(file) = file else { return Ok(Format::Csv) };
    let extension = file.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
    match extension.as_str() {
        "xlsx" => Ok(Format::Xlsx),
        "csv" => Ok(Format::Csv),
        _ => Err(format!("{}: must end in .xlsx or .csv", file.display())),
    }
}

/// On a terminal; elsewhere nothing is drawn.
fn progress_bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {bytes}, {elapsed}").unwrap_or_else(|_| ProgressStyle::default_spinner());
    let bar = ProgressBar::new_spinner().with_style(style);
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
