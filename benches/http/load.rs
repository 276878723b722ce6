//! Load: connections that are kept, each with one request at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const CONNECTIONS: usize = 32;
const ROUND: Duration = Duration::from_secs(3);

/// How a round went.
pub struct Load {
    /// Answers a second.
    pub rate: f64,
    /// The 99th percentile, in milliseconds.
    pub p99: f64,
    /// How many answers there were.
    pub answers: usize,
}

/// A request as it goes over the line.
pub fn request(method: &str, path: &str, token: &str, body: &str) -> Vec<u8> {
    let signed = if token.is_empty() { String::new() } else { format!("Authorization: Bearer {token}\r\n") };
    let typed =
        if body.is_empty() { String::new() } else { format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len()) };
    format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n{signed}{typed}\r\n{body}").into_bytes()
}

/// One request on a connection of its own.
pub async fn ask(port: u16, request: &[u8]) -> std::io::Result<(u16, Vec<u8>)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    exchange(&mut stream, request, &mut Vec::new()).await.map(|(status, head, buffer)| (status, buffer[head..].to_vec()))
}

/// One request and its whole answer: its status, and where its body begins in the buffer.
async fn exchange<'b>(stream: &mut TcpStream, request: &[u8], buffer: &'b mut Vec<u8>) -> std::io::Result<(u16, usize, &'b [u8])> {
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
            return Ok((status, head + 4, buffer));
        }
        if stream.read_buf(buffer).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
}

/// A round of requests, numbered from `first` on.
pub async fn load(port: u16, first: usize, requests: impl Fn(usize) -> Vec<u8> + Send + Sync + 'static) -> Load {
    let end = Instant::now() + ROUND;
    let (requests, next) = (Arc::new(requests), Arc::new(AtomicUsize::new(first)));
    let clients: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let (requests, next) = (requests.clone(), next.clone());
            tokio::spawn(async move {
                let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("a connection");
                let (mut buffer, mut took) = (Vec::with_capacity(262_144), Vec::new());
                while Instant::now() < end {
                    let request = requests(next.fetch_add(1, Ordering::Relaxed));
                    let began = Instant::now();
                    let (status, ..) = exchange(&mut stream, &request, &mut buffer).await.expect("an answer");
                    assert!(matches!(status, 200 | 201), "{status}");
                    took.push(began.elapsed());
                }
                took
            })
        })
        .collect();
    let mut all = Vec::new();
    for client in clients {
        all.extend(client.await.expect("a client"));
    }
    all.sort_unstable();
    let p99 = all.get(all.len() * 99 / 100).copied().unwrap_or_default();
    let rate = f64::from(u32::try_from(all.len()).unwrap_or(u32::MAX)) / ROUND.as_secs_f64();
    Load { rate, p99: p99.as_secs_f64() * 1000.0, answers: all.len() }
}

/// The one in the middle.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
