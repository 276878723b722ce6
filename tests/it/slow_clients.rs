//! Clients that do not read, do not go on, or go slowly: they hold nothing that others need.

use crate::house::TestApp;
use socket2::{Domain, SockAddr, Socket, Type};
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

on_both![
    who_takes_no_answer_is_cut_while_others_are_served,
    idle_connections_make_room_for_new_clients,
    a_slow_reader_gets_the_whole_answer,
    requests_sent_ahead_are_answered_in_their_order,
    a_second_request_must_arrive_in_time_as_well,
];

const LONG: &str = "GET /api/v1/indicators?limit=500 HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// A connection whose kernel takes little ahead of who reads.
fn connection(app: &TestApp) -> TcpStream {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    socket.set_recv_buffer_size(16 * 1024).expect("a buffer");
    socket.connect(&SockAddr::from(SocketAddr::from(([127, 0, 0, 1], app.port())))).expect("a connection");
    socket.set_read_timeout(Some(Duration::from_secs(10))).expect("a time limit");
    socket.into()
}

/// Whether the server ends the connection when this client goes on reading; what was still under way is read over.
fn is_ended(stream: &mut TcpStream) -> bool {
    let (mut buffer, mut got) = ([0; 16 * 1024], 0);
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return true,
            Err(e) => return !matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
            Ok(n) => got += n,
        }
        assert!(got < 2_000_000, "the server goes on sending");
    }
}

async fn who_takes_no_answer_is_cut_while_others_are_served(app: TestApp) {
    app.restart_with(&[("BINHDANG_WRITE_SECONDS", "2")]).await;
    let mut deaf: Vec<TcpStream> = (0..60)
        .map(|_| {
            let mut stream = connection(&app);
            stream.write_all(LONG.repeat(60).as_bytes()).expect("requests");
            stream
        })
        .collect();
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(5) {
        let asked = Instant::now();
        app.anonymous().get("/plans").await.ok();
        assert!(asked.elapsed() < Duration::from_secs(3), "{:?}", asked.elapsed());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(deaf.iter_mut().all(is_ended));
}

async fn idle_connections_make_room_for_new_clients(app: TestApp) {
    app.restart_with(&[("BINHDANG_CLIENTS", "40")]).await;
    let mut crowd = Vec::new();
    for (beginning, number) in [("", 100), ("GET /api/v1/plans HTTP/1.1\r\nHo", 100), (&LONG.repeat(60), 100)] {
        for _ in 0..number {
            let mut stream = connection(&app);
            // It may have been ended already.
            let _ = stream.write_all(beginning.as_bytes());
            crowd.push(stream);
        }
    }
    // Until all of them were let in or turned away: who comes in the middle of a flood may have to ask again.
    tokio::time::sleep(Duration::from_secs(2)).await;
    for _ in 0..3 {
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(30)).build().expect("a client");
        let answer = http.get(format!("{}/api/v1/plans", app.base())).send().await.expect("a new client is let in");
        assert_eq!(answer.status().as_u16(), 200);
    }
}

async fn a_slow_reader_gets_the_whole_answer(app: TestApp) {
    app.restart_with(&[("BINHDANG_WRITE_SECONDS", "2")]).await;
    let whole = app.http().get(format!("{}/openapi.json", app.base())).send().await.expect("the document").bytes().await.expect("it");
    let mut stream = connection(&app);
    stream.write_all(b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").expect("a request");
    let (mut answer, mut buffer) = (Vec::new(), vec![0; 10_000]);
    loop {
        // 100 KB a second.
        std::thread::sleep(Duration::from_millis(100));
        match stream.read(&mut buffer).expect("an answer") {
            0 => break,
            n => answer.extend_from_slice(&buffer[..n]),
        }
    }
    assert!(answer.ends_with(&whole), "{} of {} bytes", answer.len(), whole.len());
}

async fn requests_sent_ahead_are_answered_in_their_order(app: TestApp) {
    let mut stream = connection(&app);
    let body = format!("{{\"username\": \"nobody\", \"password\": \"{}\"}}", "x".repeat(3000));
    let mut requests = String::new();
    for number in 0..50 {
        requests += &format!("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: get-{number}\r\n\r\n");
        if number % 10 == 0 {
            let length = body.len();
            requests += &format!(
                "POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: post-{number}\r\nContent-Type: application/json\r\n\
                 Content-Length: {length}\r\n\r\n{body}"
            );
        }
    }
    requests += "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: last\r\nConnection: close\r\n\r\n";
    let mut sender = stream.try_clone().expect("the same connection");
    let sending = std::thread::spawn(move || sender.write_all(requests.as_bytes()));
    let mut answers = String::new();
    stream.read_to_string(&mut answers).expect("answers");
    sending.join().expect("the sender").expect("sent");
    let told: Vec<&str> = answers.lines().filter_map(|line| line.strip_prefix("x-request-id: ")).collect();
    let expected = (0..50).flat_map(|n| std::iter::once(format!("get-{n}")).chain((n % 10 == 0).then(|| format!("post-{n}"))));
    assert_eq!(told, expected.chain(["last".to_owned()]).collect::<Vec<_>>());
}

async fn a_second_request_must_arrive_in_time_as_well(app: TestApp) {
    app.restart_with(&[("BINHDANG_BODY_SECONDS", "1")]).await;
    let mut stream = connection(&app);
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("a request");
    let mut buffer = [0; 4096];
    assert!(stream.read(&mut buffer).expect("an answer") > 0);
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(9) && stream.write_all(b"GET /healthz").is_ok() {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert!(began.elapsed() < Duration::from_secs(8), "nobody cuts it");
}
