//! The port that a server listens on, and what it speaks there.

use crate::app::{self, Mount};
use crate::config::Config;
use crate::http::HttpState;
use crate::http::connections::{Bounds, Connection, Connections, ENOUGH, Stream};
use actix_http::error::DispatchError;
use actix_http::{HttpService, Protocol};
use actix_server::{GracefulShutdownSignal, Server};
use actix_service::{ServiceFactory, ServiceFactoryExt, fn_service, map_config};
use actix_web::dev::AppConfig;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use socket2::{Domain, Socket, Type};
use std::future::ready;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// How many connections may wait to be accepted.
const BACKLOG: i32 = 1024;

/// How long an idle connection is kept. Clients and load balancers let go after 5 to 60 seconds: were it shorter here, a
/// request could meet a connection that is just being closed.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// How long a client has for the handshake of TLS.
const HANDSHAKE: Duration = Duration::from_secs(3);

/// How long a client has to close the connection when the server is done with it.
const CLOSING: Duration = Duration::from_secs(1);

/// The protocol layer has a timer of its own for the first head on a connection, and answers with 408: it comes first.
const LATER: Duration = Duration::from_secs(2);

/// A port, taken, and the certificate to speak TLS with, if the service does so itself.
pub(super) struct Listener {
    socket: TcpListener,
    tls: Option<ServerConfig>,
}

impl Listener {
    /// Reads the certificate and takes the port.
    ///
    /// # Errors
    /// The setting that stands in the way.
    pub(super) fn open(config: &Config) -> Result<Self, String> {
        let tls = config.tls.as_ref().map(|(certificate, key)| tls(certificate, key)).transpose()?;
        let listen = config.listen;
        let socket = bind(listen).map_err(|e| format!("BINHDANG_LISTEN: cannot listen on {listen}: {e}"))?;
        Ok(Self { socket, tls })
    }

    /// Starts to serve what was opened, and to watch the connections.
    ///
    /// # Errors
    /// If the system gives no threads.
    pub(super) fn serve(self, app: &Arc<HttpState>, mount: Mount) -> Result<Server, String> {
        let connections = Connections::new(bounds(&app.config));
        app.followers.at_most(connections.most() / 2);
        let server = start(self, app, mount, &connections).map_err(|e| format!("cannot start the server: {e}"))?;
        actix_web::rt::spawn(connections.watch());
        Ok(server)
    }
}

/// As the HTTP server itself would: a port that a server has just left can be taken at once.
fn bind(listen: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(listen), Type::STREAM, Some(socket2::Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    socket.bind(&listen.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
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

/// Starts the workers. The framework's own server has no bound for clients that do not read: this one
/// has a stream of its own below HTTP.
fn start(listener: Listener, app: &Arc<HttpState>, mount: Mount, connections: &Arc<Connections>) -> std::io::Result<Server> {
    let config = &app.config;
    let builder = Server::build()
        .workers(config.workers)
        // The port waits when there is no room at all.
        .max_concurrent_connections(connections.most().div_ceil(config.workers))
        .shutdown_timeout(config.drain_time.as_secs())
        .disable_signals();
    let stopping = builder.graceful_shutdown_signal();
    let (app, connections) = (app.clone(), connections.clone());
    let bound = match listener.tls {
        None => builder.listen("http", listener.socket, move || {
            let connections = connections.clone();
            let taken_in = fn_service(move |io: TcpStream| {
                let (address, stream) = (io.peer_addr().ok(), Stream::new(io, &connections));
                ready(Ok::<_, DispatchError>((stream, Protocol::Http1, address)))
            });
            taken_in.and_then(http(app.clone(), mount, stopping.clone(), Stream::connection))
        }),
        Some(tls) => {
            let acceptor = TlsAcceptor::from(Arc::new(tls));
            builder.listen("https", listener.socket, move || {
                let (connections, acceptor) = (connections.clone(), acceptor.clone());
                let taken_in = fn_service(move |io: TcpStream| {
                    let (address, stream) = (io.peer_addr().ok(), Stream::new(io, &connections));
                    let shaken = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream));
                    async move { Ok((shaken.await.map_err(|_| DispatchError::DisconnectTimeout)??, Protocol::Http1, address)) }
                });
                taken_in.and_then(http(app.clone(), mount, stopping.clone(), |io: &TlsStream<Stream>| io.get_ref().0.connection()))
            })
        }
    };
    Ok(bound?.run())
}

/// HTTP on streams of a kind.
fn http<T: AsyncRead + AsyncWrite + Unpin + 'static>(
    app: Arc<HttpState>,
    mount: Mount,
    stopping: GracefulShutdownSignal,
    connection: impl Fn(&T) -> &Arc<Connection> + 'static,
) -> impl ServiceFactory<(T, Protocol, Option<SocketAddr>), Config = (), Response = (), Error = DispatchError, InitError = ()> {
    let body_time = app.config.body_time;
    // What the framework's own server tells the application of itself is not used.
    let application = map_config(app::build(app, mount), |()| AppConfig::default());
    HttpService::build()
        .graceful_shutdown_signal(move || {
            let stopping = stopping.clone();
            async move { stopping.notified().await }
        })
        .keep_alive(KEEP_ALIVE)
        .client_request_timeout(body_time)
        .client_disconnect_timeout(CLOSING)
        .h1_write_buffer_size(ENOUGH)
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
    let built = builder.with_no_client_auth().with_single_cert(chain, key);
    let mut config = built.map_err(|e| format!("BINHDANG_TLS_CERT: does not fit BINHDANG_TLS_KEY: {e}"))?;
    // RFC 7301: a client that offers HTTP/2 as well is told which it will be.
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

#[cfg(test)]
mod tests;
