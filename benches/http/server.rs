//! The server with the demonstration's data, and the bare handler beside it.

use crate::load::{ask, request};
use actix_web::{App, HttpResponse, HttpServer, web};
use binhdang::config::Config;
use binhdang::values::clock::UtcTime;
use binhdang::{app, demo};
use diesel::connection::SimpleConnection;
use diesel::{Connection, RunQueryDsl};
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

fn settings(folder: &Path, port: u16, url: Option<&str>) -> BTreeMap<String, String> {
    let mut settings = BTreeMap::from([
        ("BINHDANG_DATA_DIR".to_owned(), folder.to_string_lossy().into_owned()),
        ("BINHDANG_LISTEN".to_owned(), format!("127.0.0.1:{port}")),
        ("BINHDANG_LOG".to_owned(), "warn".to_owned()),
        ("BINHDANG_RATE_LIMIT".to_owned(), "0".to_owned()),
        ("BINHDANG_WORKERS".to_owned(), "1".to_owned()),
    ]);
    settings.extend(url.map(|url| ("DATABASE_URL".to_owned(), url.to_owned())));
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
    running: Running,
    _folder: tempfile::TempDir,
}

impl Server {
    /// Starts it on an empty folder or database and again with the demonstration's data.
    pub async fn start(url: Option<String>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let empty = tempfile::tempdir().expect("a folder");
        let port = free_port();
        // On PostgreSQL a first start is one with the whole database to make: there is one database, so it comes first.
        url.as_deref().into_iter().for_each(must_be_empty);
        let (first, cold) = started(&settings(empty.path(), port, url.as_deref()), port).await;
        drop(first);
        if let Some(url) = &url {
            emptied(url);
        }
        furnish(&settings(folder.path(), port, url.as_deref())).await;
        let (running, warm) = started(&settings(folder.path(), port, url.as_deref()), port).await;
        Self { port, cold, warm, running, _folder: folder }
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
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.running.0.id())).unwrap_or_default();
        let kib = status.lines().find_map(|l| l.strip_prefix("VmRSS:")?.split_whitespace().next()?.parse::<f64>().ok());
        kib.unwrap_or(f64::NAN) / 1024.0
    }
}

/// Whoever names a database with something in it has mistaken it: it is emptied here.
fn must_be_empty(url: &str) {
    let mut c = diesel::PgConnection::establish(url).expect("PostgreSQL");
    let tables = diesel::sql_query("SELECT 1 FROM pg_tables WHERE schemaname = 'public'").execute(&mut c).expect("its tables");
    assert_eq!(tables, 0, "BINHDANG_BENCH_DATABASE_URL names a database that is not empty");
}

/// Empties the database that the first start has filled.
fn emptied(url: &str) {
    let mut c = diesel::PgConnection::establish(url).expect("PostgreSQL");
    c.batch_execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public").expect("an empty database");
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
        let answer = move || {
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
