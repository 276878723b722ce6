//! `binhdang serve`.

use crate::accounts::FirstPassword;
use crate::config::Config;
use crate::http::House;
use crate::http::connections::{Bounds, Connection, Connections, SLICE, Stream};
use crate::http::ctx::By;
use crate::problem::Error;
use crate::{accounts, app, jobs};
use actix_http::error::DispatchError;
use actix_http::{HttpService, Protocol};
use actix_server::{GracefulShutdownSignal, Server};
use actix_service::{ServiceFactory, ServiceFactoryExt, fn_service, map_config};
use actix_web::dev::AppConfig;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use secrecy::{ExposeSecret, SecretString};
use std::fs::{OpenOptions, Permissions};
use std::future::ready;
use std::io::{IsTerminal, Write};
use std::net::SocketAddr;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::signal::unix::{SignalKind, signal};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

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

/// How long a client has for the handshake of TLS.
const HANDSHAKE: Duration = Duration::from_secs(3);

/// How long a client has to close the connection when the server is done with it.
const CLOSING: Duration = Duration::from_secs(1);

/// The protocol layer has a timer of its own for the first head on a connection, and answers with 408: it comes first.
const LATER: Duration = Duration::from_secs(2);

/// Serves what was opened. What is to be told, is told on standard output once the port is open.
///
/// # Errors
/// What stands in the way of the start.
pub(super) async fn listen(house: Arc<House>, told: Option<String>) -> Result<(), String> {
    let listen = house.config.listen;
    let tls = house.config.tls.as_ref().map(|(certificate, key)| tls(certificate, key)).transpose()?;
    let connections = Connections::new(bounds(&house.config));
    let server = start(&house, &connections, tls).map_err(|e| format!("BINHDANG_LISTEN: cannot listen on {listen}: {e}"))?;
    let handle = server.handle();
    actix_web::rt::spawn(connections.watch());
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

/// The bounds of the connections. Of the files that the process may have open, the database and the workers keep theirs,
/// so that a client can always be let in.
fn bounds(config: &Config) -> Bounds {
    let wanted = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: wanted.maximum, maximum: wanted.maximum };
    let files = if setrlimit(Resource::Nofile, raised).is_ok() { raised.current } else { wanted.current };
    // SQLite opens three files for a connection.
    let kept = 64 + 3 * usize::try_from(config.connections).unwrap_or(usize::MAX) + 4 * config.workers;
    let rest = files.map_or(usize::MAX, |files| usize::try_from(files).unwrap_or(usize::MAX)).saturating_sub(kept);
    let most = config.clients.min(rest).max(16);
    if most < config.clients {
        tracing::warn!(connections = most, "the limit of open files allows fewer connections than BINHDANG_CLIENTS");
    }
    Bounds { most, unsent: config.unsent, taken_within: config.write_time, asked_within: config.body_time + LATER }
}

/// Binds the port and starts the workers. The framework's own server has no bound for clients that do not read: this one
/// has a stream of its own below HTTP.
fn start(house: &Arc<House>, connections: &Arc<Connections>, tls: Option<ServerConfig>) -> std::io::Result<Server> {
    let config = &house.config;
    let builder = Server::build()
        .workers(config.workers)
        // The port waits when there is no room at all.
        .max_concurrent_connections(connections.most().div_ceil(config.workers))
        .shutdown_timeout(config.drain_time.as_secs())
        .disable_signals();
    let (listen, stopping) = (config.listen, builder.graceful_shutdown_signal());
    let (house, connections) = (house.clone(), connections.clone());
    let bound = match tls {
        None => builder.bind("http", listen, move || {
            let connections = connections.clone();
            let taken_in = fn_service(move |io: TcpStream| {
                let (address, stream) = (io.peer_addr().ok(), Stream::new(io, &connections));
                ready(Ok::<_, DispatchError>((stream, Protocol::Http1, address)))
            });
            taken_in.and_then(http(house.clone(), stopping.clone(), Stream::connection))
        }),
        Some(tls) => {
            let acceptor = TlsAcceptor::from(Arc::new(tls));
            builder.bind("https", listen, move || {
                let (connections, acceptor) = (connections.clone(), acceptor.clone());
                let taken_in = fn_service(move |io: TcpStream| {
                    let (address, stream) = (io.peer_addr().ok(), Stream::new(io, &connections));
                    let shaken = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream));
                    async move { Ok((shaken.await.map_err(|_| DispatchError::DisconnectTimeout)??, Protocol::Http1, address)) }
                });
                taken_in.and_then(http(house.clone(), stopping.clone(), |io: &TlsStream<Stream>| io.get_ref().0.connection()))
            })
        }
    };
    Ok(bound?.run())
}

/// HTTP on streams of a kind.
fn http<T: AsyncRead + AsyncWrite + Unpin + 'static>(
    house: Arc<House>,
    stopping: GracefulShutdownSignal,
    connection: impl Fn(&T) -> &Arc<Connection> + 'static,
) -> impl ServiceFactory<(T, Protocol, Option<SocketAddr>), Config = (), Response = (), Error = DispatchError, InitError = ()> {
    let body_time = house.config.body_time;
    // What the framework's own server tells the application of itself is not used.
    let application = map_config(app::build(house), |()| AppConfig::default());
    HttpService::build()
        .graceful_shutdown_signal(move || {
            let stopping = stopping.clone();
            async move { stopping.notified().await }
        })
        .keep_alive(KEEP_ALIVE)
        .client_request_timeout(body_time)
        .client_disconnect_timeout(CLOSING)
        .h1_write_buffer_size(SLICE)
        .on_connect_ext(move |io: &T, data| drop(data.insert(connection(io).clone())))
        .finish(application.map_err(|error: actix_web::Error| error.error_response()))
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
