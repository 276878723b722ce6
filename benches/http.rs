//! How fast the service answers, as a ratio to a bare actix-web handler that sends the same bytes: `cargo bench`.
//!
//! Server, bare handler and load share this machine, so only the ratios mean something. Both are loaded in turn, several
//! rounds each, and the medians are printed. Nothing here fails on a time.

#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::print_stdout, reason = "a bench that meets something unexpected ends")]

use actix_web::{App, HttpResponse, HttpServer, web};
use serde_json::Value;
use std::io::Write;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const CONNECTIONS: usize = 64;
const ROUND: Duration = Duration::from_secs(3);
const ROUNDS: usize = 3;
const PASSWORD: &str = "Correct-Horse-Battery-9";

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.iter().position(|a| a == "--bare") {
        Some(at) => bare(arguments[at + 1].parse().expect("a port"), std::fs::read(&arguments[at + 2]).expect("the bytes")),
        None => tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(compare()),
    }
}

/// The limit: one handler that sends these bytes to everybody.
fn bare(port: u16, bytes: Vec<u8>) {
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

fn service(folder: &std::path::Path, port: u16, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_binhdang"));
    command
        .args(arguments)
        .env("BINHDANG_DATA_DIR", folder)
        .env("BINHDANG_LISTEN", format!("127.0.0.1:{port}"))
        .env("BINHDANG_WORKERS", "1")
        .env("BINHDANG_LOG", "warn")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

async fn started(folder: &std::path::Path, port: u16) -> (Running, Duration) {
    let began = Instant::now();
    let running = Running(service(folder, port, &["serve"]).spawn().expect("the server"));
    loop {
        if let Ok((200, _)) = ask(port, &request("GET", "/readyz", "", "")).await {
            return (running, began.elapsed());
        }
        tokio::time::sleep(Duration::from_micros(500)).await;
        assert!(began.elapsed() < Duration::from_secs(30), "the server does not start");
    }
}

fn request(method: &str, path: &str, token: &str, body: &str) -> Vec<u8> {
    let signed = if token.is_empty() { String::new() } else { format!("Authorization: Bearer {token}\r\n") };
    let typed =
        if body.is_empty() { String::new() } else { format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len()) };
    format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n{signed}{typed}\r\n{body}").into_bytes()
}

async fn ask(port: u16, request: &[u8]) -> std::io::Result<(u16, Vec<u8>)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    exchange(&mut stream, request, &mut Vec::new()).await
}

/// One request and its whole answer on a kept connection.
async fn exchange(stream: &mut TcpStream, request: &[u8], buffer: &mut Vec<u8>) -> std::io::Result<(u16, Vec<u8>)> {
    stream.write_all(request).await?;
    buffer.clear();
    loop {
        if let Some(head) = buffer.windows(4).position(|w| w == b"\r\n\r\n") {
            let text = String::from_utf8_lossy(&buffer[..head]).to_ascii_lowercase();
            let length: usize = text.lines().find_map(|l| l.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
            while buffer.len() < head + 4 + length {
                if stream.read_buf(buffer).await? == 0 {
                    return Err(std::io::ErrorKind::UnexpectedEof.into());
                }
            }
            let status = text.get(9..12).and_then(|s| s.parse().ok()).unwrap_or(0);
            return Ok((status, buffer[head + 4..].to_vec()));
        }
        if stream.read_buf(buffer).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
}

/// Answers a second and the 99th percentile in milliseconds.
async fn load(port: u16, request: Vec<u8>) -> (f64, f64) {
    let end = Instant::now() + ROUND;
    let workers: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let request = request.clone();
            tokio::spawn(async move {
                let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("a connection");
                let (mut buffer, mut took) = (Vec::with_capacity(65_536), Vec::new());
                while Instant::now() < end {
                    let began = Instant::now();
                    let (status, _) = exchange(&mut stream, &request, &mut buffer).await.expect("an answer");
                    assert_eq!(status, 200);
                    took.push(began.elapsed());
                }
                took
            })
        })
        .collect();
    let mut all = Vec::new();
    for worker in workers {
        all.extend(worker.await.expect("a worker"));
    }
    all.sort_unstable();
    let p99 = all.get(all.len() * 99 / 100).copied().unwrap_or_default();
    (f64::from(u32::try_from(all.len()).unwrap_or(u32::MAX)) / ROUND.as_secs_f64(), p99.as_secs_f64() * 1000.0)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn resident_mib(child: &Running) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.0.id())).unwrap_or_default();
    let kib = status.lines().find_map(|l| l.strip_prefix("VmRSS:")?.split_whitespace().next()?.parse::<f64>().ok());
    kib.unwrap_or(f64::NAN) / 1024.0
}

async fn compare() {
    let folder = tempfile::tempdir().expect("a folder");
    let port = free_port();
    let (first, cold) = started(folder.path(), port).await;
    drop(first);
    let (server, warm) = started(folder.path(), port).await;
    println!("start: {:.0} ms on an empty folder, {:.0} ms after", cold.as_secs_f64() * 1000.0, warm.as_secs_f64() * 1000.0);
    println!("memory idle: {:.1} MiB", resident_mib(&server));
    let token = sign_in(folder.path(), port).await;
    let listed: Value = body_of(port, "/api/v1/indicators?limit=100", &token).await;
    let one = format!("/api/v1/indicators/{}", listed["items"][0]["id"].as_str().expect("an id"));
    println!("{:<42} {:>10} {:>10} {:>7} {:>9}", "GET, signed in", "answers/s", "bare/s", "ratio", "p99 ms");
    for path in ["/api/v1/indicators?limit=100", one.as_str(), "/api/v1/progress?plan=KH-BDG-DN-2026-2030&period=2027"] {
        against_bare(folder.path(), port, path, &token).await;
    }
    println!("memory after the load: {:.1} MiB", resident_mib(&server));
}

async fn sign_in(folder: &std::path::Path, port: u16) -> String {
    let arguments = ["user", "add", "--username", "bench", "--role", "coordinator", "--jurisdiction", "09385", "--password-stdin"];
    let mut adding = service(folder, port, &arguments).stdin(Stdio::piped()).spawn().expect("user add");
    adding.stdin.take().expect("a pipe").write_all(PASSWORD.as_bytes()).expect("a password");
    assert!(adding.wait().expect("user add").success());
    let body = format!(r#"{{"username":"bench","password":"{PASSWORD}"}}"#);
    let (_, answer) = ask(port, &request("POST", "/api/v1/auth/login", "", &body)).await.expect("a session");
    let session: Value = serde_json::from_slice(&answer).expect("JSON");
    session["access_token"].as_str().expect("a token").to_owned()
}

async fn body_of(port: u16, path: &str, token: &str) -> Value {
    let (_, body) = ask(port, &request("GET", path, token, "")).await.expect("an answer");
    serde_json::from_slice(&body).expect("JSON")
}

async fn against_bare(folder: &std::path::Path, port: u16, path: &str, token: &str) {
    let asked = request("GET", path, token, "");
    let (_, bytes) = ask(port, &asked).await.expect("an answer");
    let file = folder.join("bytes");
    std::fs::write(&file, &bytes).expect("a file");
    let limit_port = free_port();
    let this = std::env::current_exe().expect("this bench");
    let _limit = Running(Command::new(this).arg("--bare").arg(limit_port.to_string()).arg(&file).spawn().expect("the bare handler"));
    while ask(limit_port, &asked).await.is_err() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let (mut ours, mut limit, mut p99) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (rate, slowest) = load(port, asked.clone()).await;
        ours.push(rate);
        p99.push(slowest);
        limit.push(load(limit_port, asked.clone()).await.0);
    }
    let ratios = ours.iter().zip(&limit).map(|(a, b)| a / b).collect();
    let shown = path.split_once('?').map_or(path, |(p, _)| p);
    let shown = if shown.len() > 40 { "/api/v1/indicators/{id}" } else { shown };
    println!("{shown:<42} {:>10.0} {:>10.0} {:>7.2} {:>9.1}", median(ours), median(limit), median(ratios), median(p99));
}
