//! Bodies that are streams, through the whole pipeline: from a TCP connection to a handler that takes them piece by piece.

use super::Listener;
use crate::app;
use crate::config::Config;
use crate::http::body_stream::BodyStream;
use crate::http::contract::Contract;
use crate::http::reply::Reply;
use crate::http::request::Request;
use crate::http::routes::Routes;
use crate::problem::Result;
use actix_web::post;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const MIB: usize = 1024 * 1024;

/// As long as a year of the whole country.
const IMPORT: usize = 200 * MIB;

#[utoipa::path(tag = "Service", security(), extensions(("x-roles" = json!(["anonymous"])), ("x-max-body-bytes" = json!(300_000_000))),
    request_body(content = String, content_type = "text/csv"), responses((status = 200, description = "How many there are", body = u64)))]
#[post("/count")]
async fn count(request: Request, mut body: BodyStream) -> Result<Reply> {
    let mut bytes = 0;
    while let Some(piece) = body.next().await? {
        bytes += piece.len();
    }
    request.received(body)?;
    Reply::ok(&bytes)
}

#[utoipa::path(tag = "Service", security(), extensions(("x-roles" = json!(["anonymous"])), ("x-max-body-bytes" = json!(100_000))),
    request_body(content = String, content_type = "text/csv"), responses((status = 200, description = "How many there are", body = u64)))]
#[post("/count-few")]
async fn count_few(mut body: BodyStream) -> Result<Reply> {
    let mut bytes = 0;
    while let Some(piece) = body.next().await? {
        bytes += piece.len();
    }
    Reply::ok(&bytes)
}

#[utoipa::path(tag = "Service", security(), extensions(("x-roles" = json!(["anonymous"])), ("x-max-body-bytes" = json!(300_000_000))),
    request_body(content = String, content_type = "text/csv"), responses((status = 200, description = "How many there are", body = u64)))]
#[post("/think")]
async fn think(mut body: BodyStream) -> Result<Reply> {
    let mut bytes = body.next().await?.map_or(0, |piece| piece.len());
    // Longer than a client may take for a short body.
    tokio::time::sleep(Duration::from_secs(3)).await;
    while let Some(piece) = body.next().await? {
        bytes += piece.len();
    }
    Reply::ok(&bytes)
}

fn mount(routes: &mut Routes) {
    routes.service(count).service(count_few).service(think);
}

/// A server of these handlers alone; it ends with the test.
fn serve() -> (SocketAddr, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_string_lossy().into_owned();
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let settings = [("LISTEN", "127.0.0.1:0"), ("DATA_DIR", &data), ("SEED", "none"), ("WORKERS", "1"), ("BODY_SECONDS", "1")];
            let settings = settings.into_iter().map(|(name, value)| (format!("BINHDANG_{name}"), value.to_owned().into()));
            let config = Config::from_settings(settings.collect()).unwrap();
            let listener = Listener::open(&config).unwrap();
            let address = listener.socket.local_addr().unwrap();
            let document = app::document(mount).to_string();
            let contract = Contract::read(document.leak()).unwrap();
            let app = app::serving(app::open(config).await.unwrap(), contract).unwrap();
            let server = listener.serve(&app, mount).unwrap();
            tell.send(address).unwrap();
            server.await.unwrap();
        });
    });
    (told.recv().unwrap(), folder)
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream.set_write_timeout(Some(Duration::from_millis(500))).unwrap();
    stream
}

fn head(path: &str, media_type: &str, rest: &str) -> String {
    format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {media_type}\r\n{rest}\r\n\r\n")
}

/// The status and the body of the next answer.
fn answer(stream: &mut TcpStream) -> (u16, String) {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let got = stream.read(&mut buffer).unwrap();
        bytes.extend_from_slice(&buffer[..got]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            assert!(got > 0, "it ends without an answer: {text}");
            continue;
        };
        let length: usize = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap().parse().unwrap();
        if body.len() >= length {
            return (head[9..12].parse().unwrap(), body.to_owned());
        }
        assert!(got > 0, "it ends in the middle: {text}");
    }
}

/// How much memory this process holds, in bytes.
fn held() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
}

#[test]
fn a_body_as_long_as_an_import_passes_in_little_memory() {
    let (address, _folder) = serve();
    let mut stream = connect(address);
    let piece = vec![b'x'; MIB];
    let send = |stream: &mut TcpStream, pieces: usize| {
        stream.write_all(head("/count", "text/csv", &format!("Content-Length: {}", pieces * MIB)).as_bytes()).unwrap();
        let mut most = 0;
        for _ in 0..pieces {
            stream.write_all(&piece).unwrap();
            most = most.max(held());
        }
        assert_eq!(answer(stream), (200, (pieces * MIB).to_string()));
        most
    };
    send(&mut stream, 2);
    let before = held();
    let most = send(&mut stream, IMPORT / MIB);
    assert!(most < before + 20 * MIB, "{} MiB grew to {} MiB", before / MIB, most / MIB);
    // The connection goes on.
    send(&mut stream, 1);
}

#[test]
fn who_sends_faster_than_he_is_listened_to_waits() {
    let (address, _folder) = serve();
    let mut stream = connect(address);
    let piece = vec![b'x'; 64 * 1024];
    let whole = 64 * MIB;
    stream.write_all(head("/think", "text/csv", &format!("Content-Length: {whole}")).as_bytes()).unwrap();
    let (mut sent, mut waited) = (0, None);
    while sent < whole {
        match stream.write(&piece[..piece.len().min(whole - sent)]) {
            Ok(bytes) => sent += bytes,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => drop(waited.get_or_insert(sent)),
            Err(error) => panic!("{error} after {sent} bytes"),
        }
    }
    // What the kernel holds for both sides is all that is under way.
    assert!(waited.is_some_and(|sent| sent < whole / 2), "{waited:?} of {whole} bytes were taken at once");
    assert_eq!(answer(&mut stream), (200, whole.to_string()));
}

#[test]
fn a_stream_too_long_too_slow_or_of_another_kind_is_refused() {
    let (address, _folder) = serve();
    let refused = |head: String, body: &[u8]| {
        let mut stream = connect(address);
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        let (status, body) = answer(&mut stream);
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        (status, body["code"].as_str().unwrap_or_default().to_owned(), stream)
    };
    let (status, code, _) = refused(head("/count-few", "text/csv", "Content-Length: 100001"), b"x");
    assert_eq!((status, code.as_str()), (413, "body.too_large"));
    let chunk = format!("8000\r\n{}\r\n", "x".repeat(0x8000));
    let (status, code, mut stream) = refused(head("/count-few", "text/csv", "Transfer-Encoding: chunked"), chunk.repeat(4).as_bytes());
    assert_eq!((status, code.as_str()), (413, "body.too_large"), "in the middle");
    let began = Instant::now();
    // A server that ends with bytes unread resets the connection.
    let ended = match stream.read(&mut [0; 16]) {
        Ok(got) => got == 0,
        Err(e) => e.kind() == ErrorKind::ConnectionReset,
    };
    assert!(ended && began.elapsed() < Duration::from_secs(20), "the connection stays open: {:?}", began.elapsed());
    let (status, code, _) = refused(head("/count", "application/json", "Content-Length: 2"), b"{}");
    assert_eq!((status, code.as_str()), (415, "media_type.unsupported"));
    let (status, code, _) = refused(head("/count", "text/csv", "Content-Length: 1000"), b"a,b");
    assert_eq!((status, code.as_str()), (408, "request.timeout"));
}
