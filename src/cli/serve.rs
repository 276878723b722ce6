//! `binhdang serve`.

use crate::config::Config;
use crate::{app, jobs};
use actix_web::HttpServer;
use std::io::IsTerminal;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};

/// Serves until it is told to stop.
///
/// # Errors
/// What stands in the way of the start.
pub async fn run(config: Config) -> Result<(), String> {
    start_log(&config.log);
    std::fs::create_dir_all(&config.data_dir)
        .map_err(|e| format!("BINHDANG_DATA_DIR: cannot make the folder {}: {e}", config.data_dir.display()))?;
    let house = app::open(config).await?;
    let listen = house.config.listen;
    let shared = house.clone();
    let server = HttpServer::new(move || app::build(shared.clone()))
        .workers(house.config.workers)
        .client_request_timeout(Duration::from_secs(20))
        .shutdown_timeout(house.config.drain_time.as_secs())
        .disable_signals()
        .bind(listen)
        .map_err(|e| format!("BINHDANG_LISTEN: cannot listen on {listen}: {e}"))?
        .run();
    let handle = server.handle();
    jobs::spawn(house.clone());
    tracing::info!(url = %format!("{}/docs/", house.config.public_url), "Swagger UI is ready");
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

fn start_log(filter: &str) {
    let filter = tracing_subscriber::EnvFilter::new(filter);
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start in one process keeps the first log.
    let _ = if std::io::stderr().is_terminal() { builder.try_init() } else { builder.json().flatten_event(true).try_init() };
}
