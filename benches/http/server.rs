//! The server with the demonstration's data, and the bare handler beside it.

use crate::load::{ask, request};
use crate::raw;
use actix_web::{App, HttpResponse, HttpServer, web};
use binhdang::config::Config;
use binhdang::values::clock::UtcTime;
use binhdang::{app, demo};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use secrecy::SecretString;
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A process that ends with this.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port()
}

fn settings(folder: &Path, port: u16, url: Option<String>) -> BTreeMap<String, String> {
    let mut settings = BTreeMap::from([
        ("BINHDANG_DATA_DIR".to_owned(), folder.to_string_lossy().into_owned()),
        ("BINHDANG_LISTEN".to_owned(), format!("127.0.0.1:{port}")),
        ("BINHDANG_LOG".to_owned(), "warn".to_owned()),
        ("BINHDANG_RATE_LIMIT".to_owned(), "0".to_owned()),
        ("BINHDANG_WORKERS".to_owned(), "1".to_owned()),
    ]);
    settings.extend(url.map(|url| ("DATABASE_URL".to_owned(), url)));
    settings
}

/// Starts the service, and says after how many milliseconds it was ready.
async fn started(settings: &BTreeMap<String, String>, port: u16) -> (Running, f64) {
    let began = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_binhdang"));
    let child = command.arg("serve").envs(settings).stdout(Stdio::null()).stderr(Stdio::inherit()).spawn().expect("the server");
    let running = Running(child);
    loop {
        if let Ok((200, _)) = ask(port, &request("GET", "/readyz", "", "")).await {
            return (running, began.elapsed().as_secs_f64() * 1000.0);
        }
        tokio::time::sleep(Duration::from_micros(500)).await;
        assert!(began.elapsed() < Duration::from_secs(30), "the server does not start");
    }
}

/// The service under load.
pub struct Server {
    /// Where it listens.
    pub port: u16,
    /// After how many milliseconds it was ready on an empty database.
    pub cold: f64,
    /// And on one that had been used.
    pub warm: f64,
    // In the order in which they are to go.
    running: Running,
    database: Option<Throwaway>,
    folder: tempfile::TempDir,
}

impl Server {
    /// Starts it on an empty folder or database and again with the demonstration's data.
    pub async fn start(server_url: Option<String>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let empty = tempfile::tempdir().expect("a folder");
        let port = free_port();
        let (first_database, database) = (server_url.as_deref().map(Throwaway::create), server_url.as_deref().map(Throwaway::create));
        let url_of = |database: &Option<Throwaway>| database.as_ref().map(|d| d.url.clone());
        let (first, cold) = started(&settings(empty.path(), port, url_of(&first_database)), port).await;
        drop((first, first_database));
        let settings = settings(folder.path(), port, url_of(&database));
        furnish(&settings).await;
        let (running, warm) = started(&settings, port).await;
        Self { port, cold, warm, running, database, folder }
    }

    /// The access token of one of the demonstration's people.
    pub async fn sign_in(&self, name: &str) -> String {
        let body = format!(r#"{{"username":"{name}","password":"{}"}}"#, demo::PASSWORD);
        let (_, answer) = ask(self.port, &request("POST", "/api/v1/auth/login", "", &body)).await.expect("a session");
        let session: Value = serde_json::from_slice(&answer).expect("JSON");
        session["access_token"].as_str().expect("a token").to_owned()
    }

    /// What it answers.
    pub async fn body_of(&self, path: &str, token: &str) -> Value {
        let (_, body) = ask(self.port, &request("GET", path, token, "")).await.expect("an answer");
        serde_json::from_slice(&body).expect("JSON")
    }

    /// Its resident memory in MiB.
    pub fn memory(&self) -> f64 {
        self.mebibytes("VmRSS:")
    }

    /// The most that it ever was.
    pub fn peak_memory(&self) -> f64 {
        self.mebibytes("VmHWM:")
    }

    fn mebibytes(&self, line: &str) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.running.0.id())).unwrap_or_default();
        let kib = status.lines().find_map(|l| l.strip_prefix(line)?.split_whitespace().next()?.parse::<f64>().ok());
        kib.unwrap_or(f64::NAN) / 1024.0
    }

    /// Writes the observations of a period once more, without the service: how many there are, and how many a second.
    pub fn raw(&self, period: &str) -> (usize, f64) {
        match &self.database {
            Some(database) => raw::postgres(&database.url, period),
            None => raw::sqlite(&self.folder.path().join("binhdang.sqlite3").to_string_lossy(), period),
        }
    }
}

/// A database of this bench's own on a PostgreSQL server.
struct Throwaway {
    url: String,
    name: String,
    server: PgConnection,
}

impl Throwaway {
    fn create(server_url: &str) -> Self {
        let name = format!("binhdang_bench_{}", uuid::Uuid::now_v7().simple());
        let mut server = PgConnection::establish(server_url).expect("PostgreSQL");
        server.batch_execute(&format!("CREATE DATABASE {name}")).expect("the right to make a database");
        let mut url = url::Url::parse(server_url).expect("an address");
        url.set_path(&name);
        Self { url: url.into(), name, server }
    }
}

impl Drop for Throwaway {
    fn drop(&mut self) {
        let _ = self.server.batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

/// Makes the data of `binhdang demo`.
async fn furnish(settings: &BTreeMap<String, String>) {
    let mut settings: BTreeMap<String, SecretString> = settings.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
    settings.insert("BINHDANG_SEED".to_owned(), "none".into());
    let Ok(config) = Config::from_settings(settings) else { panic!("these settings are right") };
    let app = app::open(config).await.expect("a database");
    demo::make(&app, UtcTime::now(), |_, _| {}).await.expect("the demonstration");
    app.db.close().await;
}

/// The limit: one handler that sends these bytes to everybody.
pub fn bare(port: u16, bytes: Vec<u8>) {
    let bytes = web::Bytes::from(bytes);
    let server = HttpServer::new(move || {
        let bytes = bytes.clone();
        // A body that is not read ends the connection.
        let answer = move |_: web::Bytes| {
            let bytes = bytes.clone();
            async move { HttpResponse::Ok().content_type("application/json").body(bytes) }
        };
        App::new().default_service(web::to(answer))
    });
    actix_web::rt::System::new().block_on(server.workers(1).bind(("127.0.0.1", port)).expect("a port").run()).expect("a server");
}

/// The bare handler in a process of its own.
pub struct Bare {
    /// Where it listens.
    pub port: u16,
    _running: Running,
}

impl Bare {
    /// Starts it with these bytes.
    pub async fn start(bytes: &[u8]) -> Self {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), bytes).expect("a file");
        let port = free_port();
        let this = std::env::current_exe().expect("this bench");
        let running = Running(Command::new(this).arg("--bare").arg(port.to_string()).arg(file.path()).spawn().expect("the bare handler"));
        while ask(port, &request("GET", "/", "", "")).await.is_err() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Self { port, _running: running }
    }
}
