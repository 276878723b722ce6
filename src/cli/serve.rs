//! `binhdang serve`.

use super::folder;
use super::listener::Listener;
use crate::actor::Actor;
use crate::app_state::AppState;
use crate::config::Config;
use crate::http::HttpState;
use crate::problem::Error;
use crate::rooms::accounts;
use crate::rooms::accounts::FirstPassword;
use crate::{app, jobs};
use secrecy::{ExposeSecret, SecretString};
use std::fs::{OpenOptions, Permissions};
use std::io::{IsTerminal, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};

/// Serves until it is told to stop.
///
/// # Errors
/// What stands in the way of the start. Nothing has been made then.
pub async fn run(config: Config) -> Result<(), String> {
    start_log(&config.log);
    // What can fail for reasons of the surroundings comes first: an administrator whose password nobody was told locks out.
    let listener = Listener::open(&config)?;
    folder::make(&config)?;
    let locked = folder::lock(&config)?;
    let made = config.database.is_new().then(|| actix_web::rt::task::spawn_blocking(FirstPassword::make));
    // Read while the database is being brought up to date: a start must be quick.
    let contract = actix_web::rt::task::spawn_blocking(app::contract);
    let app = app::open(config).await?;
    let contract = contract.await.map_err(|e| e.to_string())??;
    let made = match made {
        Some(made) => Some(made.await.map_err(|e| e.to_string())?.map_err(|e| e.to_string())?),
        None => None,
    };
    let first = first_admin(&app, made).await?;
    if let Some(First::InFile(path)) = &first {
        // Standard output of a service is often thrown away, its log is not.
        tracing::info!(file = %path.display(), "the one-time password of the first administrator, admin, is in a file");
    }
    let told = first.map(|first| welcome(&app.config, &first));
    let served = listen(listener, app::serving(app, contract)?, told).await;
    drop(locked);
    served
}

/// Serves what was opened. What is to be told, is told on standard output once the port is open.
///
/// # Errors
/// What stands in the way of the start.
pub(super) async fn listen(listener: Listener, app: Arc<HttpState>, told: Option<String>) -> Result<(), String> {
    let server = listener.serve(&app, app::rooms)?;
    let handle = server.handle();
    let jobs = jobs::spawn(app.app.clone());
    tracing::info!(url = %format!("{}/docs/", app.config.public_url), "Swagger UI is ready");
    if let Some(told) = told {
        std::io::stdout().write_all(told.as_bytes()).map_err(|e| e.to_string())?;
    }
    let mut terminate = signal(SignalKind::terminate()).map_err(|e| e.to_string())?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(|e| e.to_string())?;
    let draining = app.clone();
    actix_web::rt::spawn(async move {
        tokio::select! { _ = terminate.recv() => (), _ = interrupt.recv() => () };
        tracing::info!("stopping");
        draining.draining.store(true, Ordering::Release);
        // Load balancers look at /readyz now and then: they must see it before the port closes.
        tokio::time::sleep(Duration::from_millis(300)).await;
        handle.stop(true).await;
    });
    let served = server.await.map_err(|e| e.to_string());
    // Nothing is written any more once the last job has ended, so the database file can take everything in.
    app.draining.store(true, Ordering::Release);
    if tokio::time::timeout(LAST_JOB, jobs).await.is_err() {
        tracing::warn!("a job still runs");
    }
    app.db.close().await;
    served
}

/// How long a job that runs at the stop is waited for.
const LAST_JOB: Duration = Duration::from_secs(5);

/// Where the first administrator's one-time password is.
enum First {
    /// On the terminal: shown there and nowhere else; it counts until the first sign-in only.
    Told(SecretString),
    /// In a file.
    InFile(PathBuf),
}

/// What whoever starts a new installation needs to know.
fn welcome(config: &Config, first: &First) -> String {
    let password = match first {
        First::Told(password) => format!("Mật khẩu một lần / One-time password: {}", password.expose_secret()),
        First::InFile(path) => format!("Mật khẩu một lần ở tệp / The one-time password is in {}", path.display()),
    };
    format!(
        "\nQuản trị viên đầu tiên / First administrator: admin\n{password}\n\nSwagger UI  {}/docs/\n\n\
         Việc tiếp theo: đăng nhập ở đầu trang Swagger UI, đổi mật khẩu (PUT /api/v1/me/password), rồi lập tài khoản cho\n\
         từng người (POST /api/v1/users, hoặc lệnh binhdang user add). Từng bước: README, mục «From an empty folder».\n\
         What to do next: sign in at the top of Swagger UI, change the password, then make an account for everybody;\n\
         step by step in the README, \"From an empty folder\".\n\n",
        config.public_url
    )
}

/// Makes the first administrator of a new installation. Where nobody watches a terminal, the password goes into a file
/// before the account is committed, so that it cannot be lost.
async fn first_admin(app: &AppState, made: Option<FirstPassword>) -> Result<Option<First>, String> {
    let actor = Actor::system(&app.config, "first_start");
    let file = (!std::io::stdout().is_terminal()).then(|| app.config.data_dir.join(accounts::FIRST_ADMIN_FILE));
    let made = app.db.write(move |c| {
        let Some(password) = accounts::first_admin(c, &actor, made)? else { return Ok(None) };
        match &file {
            None => Ok(Some(First::Told(password))),
            Some(path) => keep(path, &password).map(|()| Some(First::InFile(path.clone()))).map_err(Error::internal),
        }
    });
    made.await.map_err(|e| format!("cannot make the first administrator: {e}"))
}

/// Writes a file that its owner alone may read.
fn keep(path: &Path, password: &SecretString) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.set_permissions(Permissions::from_mode(0o600))?;
    writeln!(file, "admin {}", password.expose_secret())?;
    file.sync_all()
}

/// Starts the log on standard error.
pub(super) fn start_log(filter: &str) {
    let filter = tracing_subscriber::EnvFilter::new(filter);
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start in one process keeps the first log.
    let _ = if std::io::stderr().is_terminal() { builder.try_init() } else { builder.json().flatten_event(true).try_init() };
}
