//! What every answer says beside its body, so that neither browsers nor caches nor slow clients make more of it than it is.

use crate::house::{Answer, TestApp};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

on_both![answers_say_what_a_browser_may_make_of_them, the_root_leads_to_the_documentation, a_slow_head_is_cut, a_slow_body_is_cut,];

const PAGE: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
const DOCS: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; \
                    connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

#[track_caller]
fn protected(answer: &Answer, status: u16, policy: &str, cache: &str, secure: bool) {
    assert_eq!(answer.status, status, "{}", answer.excerpt());
    for (name, value) in [
        ("content-security-policy", policy),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", cache),
        ("strict-transport-security", if secure { "max-age=31536000; includeSubDomains" } else { "" }),
        ("server", ""),
        ("x-powered-by", ""),
        ("set-cookie", ""),
    ] {
        assert_eq!(answer.header(name), value, "{name} of {}", answer.excerpt());
    }
}

async fn the_root_leads_to_the_documentation(app: TestApp) {
    // Whatever token comes along: nobody is asked who he is there.
    for token in [None, Some("Bearer run.out.long-ago")] {
        let call = app.anonymous().call("GET", "/").unchecked();
        let answer = token.iter().fold(call, |call, token| call.header("Authorization", token)).send().await;
        assert_eq!((answer.status, answer.header("location")), (307, "/docs/"), "{}", answer.excerpt());
    }
    app.anonymous().call("POST", "/").unchecked().send().await.refused(404);
}

async fn answers_say_what_a_browser_may_make_of_them(app: TestApp) {
    let coordinator = app.coordinator().await;
    for secure in [false, true] {
        if secure {
            app.restart_with(&[("BINHDANG_PUBLIC_URL", "https://binhdang.example")]).await;
        }
        let (nobody, someone) = (app.anonymous(), if secure { app.again(&coordinator).await } else { coordinator.clone() });
        let plans = nobody.get("/plans").await;
        protected(&plans, 200, PAGE, "no-cache", secure);
        assert_eq!(plans.header("content-type"), "application/json");
        let etag = nobody.get(&format!("/plans/{}", plans.body["items"][0]["id"].as_str().unwrap())).await;
        protected(&etag, 200, PAGE, "no-cache", secure);
        let path = format!("/plans/{}", plans.body["items"][0]["id"].as_str().unwrap());
        protected(&nobody.call("GET", &path).header("If-None-Match", etag.etag()).send().await, 304, PAGE, "no-cache", secure);
        protected(&someone.get("/me").await, 200, PAGE, "private, no-cache", secure);
        protected(&nobody.get("/me").await, 401, PAGE, "no-cache", secure);
        protected(&someone.get("/users").await, 403, PAGE, "private, no-cache", secure);
        protected(&nobody.get("/nothing/here").await, 404, PAGE, "no-cache", secure);
        protected(&nobody.call("GET", "/nothing-here").unchecked().send().await, 404, PAGE, "no-cache", secure);
        protected(&nobody.call("TRACE", "/plans").unchecked().send().await, 405, PAGE, "no-cache", secure);
        protected(&nobody.call("DELETE", "/plans").unchecked().send().await, 405, PAGE, "no-cache", secure);
        protected(&nobody.post("/auth/login", &serde_json::json!({"username": "x", "password": "y"})).await, 401, PAGE, "no-store", secure);
        let refused = nobody.call("POST", "/oauth/token").raw("application/x-www-form-urlencoded", "grant_type=password").send().await;
        protected(&refused, 401, PAGE, "no-store", secure);
        let docs = nobody.call("GET", "/docs/").unchecked().send().await;
        protected(&docs, 200, DOCS, "no-cache", secure);
        assert!(docs.header("content-type").starts_with("text/html"));
        for file in ["swagger-ui-bundle.js", "swagger-ui.css"] {
            protected(&nobody.call("GET", &format!("/docs/{file}")).unchecked().send().await, 200, DOCS, "public, max-age=604800", secure);
        }
        for (path, policy) in [("/openapi.json", PAGE), ("/docs/swagger-ui.css", DOCS), ("/docs/", DOCS)] {
            let first = nobody.call("GET", path).unchecked().send().await;
            let again = nobody.call("GET", path).unchecked().header("If-None-Match", first.header("etag")).send().await;
            protected(&again, 304, policy, first.header("cache-control"), secure);
            assert!(again.bytes.is_empty(), "{path}");
        }
        protected(&nobody.get("/problems/report.not_editable").await, 200, PAGE, "no-cache", secure);
    }
}

/// What a client that sends one byte at a time is answered, and after how long.
fn trickled(app: &TestApp, head: &str, more: &str) -> (String, Duration) {
    let mut stream = TcpStream::connect(("127.0.0.1", app.port())).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_millis(100))).expect("a time limit");
    let began = Instant::now();
    stream.write_all(head.as_bytes()).expect("the beginning");
    let (mut answer, mut buffer) = (Vec::new(), [0; 4096]);
    for byte in more.bytes().cycle() {
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => answer.extend_from_slice(&buffer[..n]),
            Err(e) if matches!(e.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {
                if stream.write_all(&[byte]).is_err() {
                    break;
                }
            }
            Err(_) => break,
        }
        assert!(began.elapsed() < Duration::from_secs(15), "nobody cuts it: {}", String::from_utf8_lossy(&answer));
    }
    (String::from_utf8_lossy(&answer).into_owned(), began.elapsed())
}

async fn a_slow_head_is_cut(app: TestApp) {
    app.restart_with(&[("BINHDANG_BODY_SECONDS", "1")]).await;
    let (answer, took) = trickled(&app, "GET /api/v1/plans HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", "a");
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!((Duration::from_millis(250)..Duration::from_secs(8)).contains(&took), "{took:?}");
    app.anonymous().get("/plans").await.ok();
}

async fn a_slow_body_is_cut(app: TestApp) {
    app.restart_with(&[("BINHDANG_BODY_SECONDS", "1")]).await;
    let head = "POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{";
    let (answer, took) = trickled(&app, head, " ");
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("\"request.timeout\""), "{answer}");
    assert!((Duration::from_millis(250)..Duration::from_secs(8)).contains(&took), "{took:?}");
    app.anonymous().get("/plans").await.ok();
}
