//! `binhdang demo`: the service with two made-up years in a folder that is thrown away at the end.

use super::listener::Listener;
use super::serve;
use crate::app;
use crate::config::Config;
use crate::db::Target;
use crate::demo::{self, Demo, Held, PASSWORD};
use crate::values::clock::UtcTime;
use indicatif::{ProgressBar, ProgressStyle};
use secrecy::ExposeSecret;
use std::fmt::Write;
use std::io::IsTerminal;

/// Serves the demonstration until it is told to stop. Whatever database and folder the settings name stay untouched.
///
/// # Errors
/// What stands in the way of the start.
pub async fn run(config: Config) -> Result<(), String> {
    serve::start_log(&config.log);
    let listener = Listener::open(&config)?;
    // Removed when this returns.
    let folder = tempfile::Builder::new()
        .prefix("binhdang-demo-")
        .tempdir()
        .map_err(|e| format!("cannot make a folder for the demonstration: {e}"))?;
    let data_dir = folder.path().to_owned();
    let config = Config { database: Target::in_folder(&data_dir), data_dir, seed: false, ..config };
    let app = app::open(config).await?;
    let bar = bar();
    let made = demo::make(&app, UtcTime::now(), |done, whole| {
        bar.set_length(u64::try_from(whole).unwrap_or(u64::MAX));
        bar.set_position(u64::try_from(done).unwrap_or(u64::MAX));
    })
    .await
    .map_err(|e| format!("cannot make the demonstration: {e}"))?;
    bar.finish_and_clear();
    let told = told(&made, &app.config.public_url);
    serve::listen(listener, app::serving(app, app::contract()?)?, Some(told)).await
}

/// Seen on a terminal only.
fn bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style =
        ProgressStyle::with_template("Making two years of data {bar:40} {pos}/{len}").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style)
}

/// What somebody needs to look around: the accounts last, where the eye is.
fn told(demo: &Demo, url: &str) -> String {
    let (id, secret) = &demo.machine;
    let mut lines = format!(
        "\nSố liệu minh hoạ: mọi con số, đơn vị trường học và tài khoản đều là giả định, và mất đi khi dừng.\n\
         Everything here is made up, and gone when you stop it (Ctrl-C).\n\nSwagger UI  {url}/docs/\n\n\
         A machine of the province (POST /oauth/token, client_credentials)\n  client_id      {id}\n  client_secret  {}\n\n\
         People, all with the password {PASSWORD}   (* sees restricted figures exactly: restricted:read)\n",
        secret.expose_secret()
    );
    for person in &demo.people {
        let held = |held: &Held| format!("{} {}{}", held.role, held.unit.unwrap_or(held.jurisdiction), if held.exact { " *" } else { "" });
        let grants = person.grants.iter().map(held).collect::<Vec<_>>().join(", ");
        // Writing to a string does not fail.
        let _ = writeln!(lines, "  {:<14} {grants:<36} {} ({})", person.username, person.name, person.name_en);
    }
    lines.push('\n');
    lines
}
