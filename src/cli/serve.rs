//! `binhdang serve`.

use crate::accounts::FirstPassword;
use crate::config::Config;
use crate::http::House;
use crate::http::ctx::By;
use crate::problem::Error;
use crate::{accounts, app, jobs};
use actix_web::HttpServer;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use secrecy::{ExposeSecret, SecretString};
use std::fs::{OpenOptions, Permissions};
use std::io::{IsTerminal, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};

/// Serves until it is told to stop.
///
/// # Errors
/// What stands in the way of the start.
pub async fn run(config: Config) -> Result<(), String> {
    start_log(&config.log);
    super::make_folder(&config)?;
    let made = config.database.is_new().then(|| actix_web::rt::task::spawn_blocking(FirstPassword::make));
    let house = app::open(config).await?;
    let made = match made {
        Some(made) => Some(made.await.map_err(|e| e.to_string())?.map_err(|e| e.to_string())?),
        None => None,
    };
    // Shown here and nowhere else; it counts until the first sign-in only.
    let told = first_admin(&house, made)
        .await?
        .map(|password| format!("First administrator: admin\nOne-time password: {}\n", password.expose_secret()));
    listen(house, told).await
}

/// How long an idle connection is kept. Clients and load balancers let go after 5 to 60 seconds: were it shorter here, a
/// request could meet a connection that is just being closed.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// Serves what was opened. What is to be told, is told on standard output once the port is open.
///
/// # Errors
/// What stands in the way of the start.
pub(super) async fn listen(house: Arc<House>, told: Option<String>) -> Result<(), String> {
    let listen = house.config.listen;
    let shared = house.clone();
    let tls = house.config.tls.as_ref().map(|(certificate, key)| tls(certificate, key)).transpose()?;
    let server = HttpServer::new(move || app::build(shared.clone()))
        .workers(house.config.workers)
        .client_request_timeout(house.config.body_time)
        .keep_alive(KEEP_ALIVE)
        .shutdown_timeout(house.config.drain_time.as_secs())
        .disable_signals();
    let bound = match tls {
        Some(tls) => server.bind_rustls_0_23(listen, tls),
        None => server.bind(listen),
    };
    let server = bound.map_err(|e| format!("BINHDANG_LISTEN: cannot listen on {listen}: {e}"))?.run();
    let handle = server.handle();
    jobs::spawn(house.clone());
    tracing::info!(url = %format!("{}/docs/", house.config.public_url), "Swagger UI is ready");
    if let Some(told) = told {
        std::io::stdout().write_all(told.as_bytes()).map_err(|e| e.to_string())?;
    }
    let mut terminate = signal(SignalKind::terminate()).map_err(|e| e.to_string())?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(|e| e.to_string())?;
    let draining = house.clone();
    actix_web::rt::spawn(async move {
        tokio::select! { _ = terminate.recv() => (), _ = interrupt.recv() => () };
        tracing::info!("stopping");
        draining.draining.store(true, Ordering::Release);
        // Load balancers look at /readyz now and then: they must see it before the port closes.
        tokio::time::sleep(Duration::from_millis(300)).await;
        handle.stop(true).await;
    });
    server.await.map_err(|e| e.to_string())
}

/// TLS 1.2 and 1.3 with this certificate; read once, at the start.
fn tls(certificate: &Path, key: &Path) -> Result<ServerConfig, String> {
    let chain: Vec<_> = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect)
        .map_err(|e| format!("BINHDANG_TLS_CERT: cannot be read: {e}"))?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(|e| format!("BINHDANG_TLS_KEY: cannot be read: {e}"))?;
    let builder = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().map_err(|e| e.to_string())?;
    builder.with_no_client_auth().with_single_cert(chain, key).map_err(|e| format!("BINHDANG_TLS_CERT: does not fit BINHDANG_TLS_KEY: {e}"))
}

/// Makes the first administrator of a new installation. Where nobody watches a terminal, the password goes into a file
/// before the account is committed, so that it cannot be lost.
async fn first_admin(house: &House, made: Option<FirstPassword>) -> Result<Option<SecretString>, String> {
    let by = By::system(&house.contract, &house.config, "first_start");
    let file = (!std::io::stdout().is_terminal()).then(|| house.config.data_dir.join(accounts::FIRST_ADMIN_FILE));
    let made = house.db.write(move |c| {
        let Some(password) = accounts::first_admin(c, &by, made)? else { return Ok(None) };
        match &file {
            None => Ok(Some(password)),
            Some(path) => keep(path, &password).map(|()| None).map_err(Error::internal),
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
