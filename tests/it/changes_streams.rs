//! Those who follow the change feed: by streams of events, many at once, slowly, or without the right to it.

use crate::access::execute;
use crate::changes_feed::tail;
use crate::house::json::{bi, list, mark, text};
use crate::house::{Actor, Backend, Grant, PLAN, TestApp, WARD};
use crate::kept_by_ward::write_beside;
use diesel::sql_types::Text;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};
use serde_json::{Value, json};
use socket2::{Domain, SockAddr, Socket, Type};
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

on_both![
    events_come_while_they_happen_and_go_on_where_they_broke_off,
    silence_is_broken_by_signs_of_life,
    a_stream_ends_with_the_right_to_it,
    a_stream_ends_when_the_server_stops,
    so_many_may_follow_and_no_more,
    who_does_not_read_is_cut,
    who_follows_is_told_everything_once_and_in_order,
];

/// A stream of events that somebody reads.
struct Following {
    answer: reqwest::Response,
    rest: String,
}

/// One event.
#[derive(Debug, Clone, PartialEq)]
struct Event {
    id: String,
    data: Value,
}

impl Following {
    async fn begin(app: &TestApp, by: &Actor, query: &str, resumed: Option<&str>) -> Self {
        let mut request = app.http().get(format!("{}/api/v1/changes{query}", app.base())).bearer_auth(by.token());
        request = request.header("Accept", "text/event-stream").header("Accept-Encoding", "gzip, br, zstd");
        if let Some(id) = resumed {
            request = request.header("Last-Event-ID", id);
        }
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 200, "{answer:?}");
        let header = |name: &str| answer.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        assert_eq!((header("content-type").as_str(), header("cache-control").as_str()), ("text/event-stream", "private, no-store"));
        assert!(header("content-encoding").is_empty(), "a coder would keep events back");
        Self { answer, rest: String::new() }
    }

    /// What comes up to the next empty line; `None` when the stream has ended.
    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.rest.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.rest = rest;
                return Some(block);
            }
            let more = self.answer.chunk().await.expect("the stream ends in order")?;
            self.rest.push_str(std::str::from_utf8(&more).expect("UTF-8"));
        }
    }

    /// The next event; what is none is read over.
    async fn next(&mut self) -> Option<Event> {
        loop {
            let block = self.block().await?;
            let line = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
            if let Some(data) = line("data: ") {
                return Some(Event { id: line("id: ").expect("an id"), data: serde_json::from_str(&data).expect("JSON") });
            }
        }
    }

    /// The same; it must come in time.
    async fn soon(&mut self) -> Event {
        let event = tokio::time::timeout(Duration::from_secs(5), self.next()).await.expect("an event in time");
        event.expect("the stream goes on")
    }

    /// How long it takes until the stream ends.
    async fn ends(mut self) -> Duration {
        let began = Instant::now();
        let ended = async { while self.block().await.is_some() {} };
        tokio::time::timeout(Duration::from_secs(20), ended).await.expect("the stream ends");
        began.elapsed()
    }
}

/// The path of a goal to be changed.
async fn goal(by: &Actor) -> String {
    format!("/goals/{}", text(&by.by_code("/goals", "G1").await, "id"))
}

async fn events_come_while_they_happen_and_go_on_where_they_broke_off(app: TestApp) {
    let other = app.beside().await;
    let by = app.coordinator().await;
    let there = other.sign_in(&by.session().username, &by.session().password).await;
    let goal = goal(&by).await;
    let mut here = Following::begin(&app, &by, "?after=now", None).await;
    let mut beside = Following::begin(&other, &there, "?after=now&types=goal.updated", None).await;
    let mut told = Vec::new();
    for n in 0..5 {
        by.patch(&goal, &json!({"title": bi(&format!("Mục tiêu {n}"), "Goal")})).await.ok();
        let began = Instant::now();
        let event = here.soon().await;
        assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
        assert_eq!(beside.soon().await, event);
        assert_eq!((text(&event.data, "type"), text(&event.data, "cursor")), ("goal.updated", event.id.as_str()));
        told.push(event);
    }
    drop(here);
    // What happened meanwhile is not missed; the header tells more than the query with which it began.
    by.patch(&goal, &json!({"title": bi("Sau khi đứt", "After the break")})).await.ok();
    let mut again = Following::begin(&app, &by, "?after=now", Some(&told[2].id)).await;
    assert_eq!([again.soon().await, again.soon().await], told[3..]);
    let last = again.soon().await;
    let page = by.find("/changes", &[("after", &told[1].id)]).await.ok();
    let events: Vec<Value> = told[2..].iter().chain([&last]).map(|event| event.data.clone()).collect();
    assert_eq!(page["items"], json!(events), "both ways tell the same");
}

async fn silence_is_broken_by_signs_of_life(app: TestApp) {
    let (by, admin) = (app.coordinator().await, app.admin().await);
    let mut following = Following::begin(&app, &by, "?after=now&types=report.withdrawn", None).await;
    assert_eq!(following.block().await.as_deref(), Some("retry: 2000"));
    let user = json!({"username": mark().to_lowercase(), "display_name": "Lan", "grants": [{"role": "supervisor", "jurisdiction": WARD}]});
    admin.post("/users", &user).await.with_status(201);
    let first = tokio::time::timeout(Duration::from_secs(15), following.block()).await.expect("a sign of life").expect("it goes on");
    let id = first.strip_prefix(":\nid: ").expect("where to go on").to_owned();
    assert_eq!(id, tail(&by).await, "also behind what he was not told of");
    let second = tokio::time::timeout(Duration::from_secs(15), following.block()).await.expect("another").expect("it goes on");
    assert_eq!(second, ":", "nothing has happened since");
}

async fn a_stream_ends_with_the_right_to_it(app: TestApp) {
    let (admin, coordinator) = (app.admin().await, app.coordinator().await);
    let goal = goal(&coordinator).await;
    for change in [json!({"active": false}), json!({"grants": [{"role": "supervisor", "jurisdiction": "24"}]})] {
        let name = mark().to_lowercase();
        let body = json!({"username": name, "display_name": "Lan", "must_change_password": false,
            "grants": [{"role": "supervisor", "jurisdiction": WARD}]});
        let user = admin.post("/users", &body).await.with_status(201);
        let by = app.sign_in(&name, text(&user, "one_time_password")).await;
        let mut following = Following::begin(&app, &by, "?after=now", None).await;
        coordinator.patch(&goal, &json!({"title": bi(&mark(), "Goal")})).await.ok();
        following.soon().await;
        admin.patch(&format!("/users/{}", text(&user, "id")), &change).await.ok();
        // Whatever happens now is not for him.
        coordinator.patch(&goal, &json!({"title": bi(&mark(), "Goal")})).await.ok();
        assert_eq!(tokio::time::timeout(Duration::from_secs(5), following.next()).await.expect("it ends in time"), None, "{change}");
    }
    let name = mark().to_lowercase();
    let body = json!({"username": name, "display_name": "Lan", "must_change_password": false, "grants": [{"role": "supervisor", "jurisdiction": WARD}]});
    let user = admin.post("/users", &body).await.with_status(201);
    let by = app.sign_in(&name, text(&user, "one_time_password")).await;
    let following = Following::begin(&app, &by, "?after=now", None).await;
    by.call("POST", "/auth/logout")
        .json(&json!({"refresh_token": text(&by.session().answer, "refresh_token")}))
        .send()
        .await
        .with_status(204);
    assert!(following.ends().await < Duration::from_secs(5), "nobody is signed in any more, and nothing else happens");
}

async fn a_stream_ends_when_the_server_stops(app: TestApp) {
    let by = app.coordinator().await;
    let mut following = Following::begin(&app, &by, "?after=now", None).await;
    following.block().await;
    let began = Instant::now();
    let ended = tokio::spawn(following.ends());
    tokio::task::block_in_place(|| app.stop());
    assert!(began.elapsed() < Duration::from_secs(6), "{:?}", began.elapsed());
    ended.await.expect("it ended in order");
    app.restart().await;
}

async fn so_many_may_follow_and_no_more(app: TestApp) {
    app.restart_with(&[("BINHDANG_FOLLOWERS", "22")]).await;
    let (by, leader, supervisor) = (app.coordinator().await, app.leader().await, app.supervisor().await);
    let mut following = Vec::new();
    for _ in 0..20 {
        following.push(Following::begin(&app, &by, "?after=now", None).await);
    }
    let events = |by: &Actor| by.call("GET", "/changes?after=now").header("Accept", "text/event-stream");
    let refused = events(&by).send().await;
    refused.problem(429, "rate.limited");
    assert_eq!(refused.header("retry-after"), "10");
    by.get("/changes?after=now&wait=5").await.problem(429, "rate.limited");
    by.get("/changes?after=now").await.ok();
    for _ in 0..2 {
        following.push(Following::begin(&app, &leader, "?after=now", None).await);
    }
    let refused = events(&supervisor).send().await;
    refused.problem(503, "server.busy");
    assert_eq!(refused.header("retry-after"), "10");
    // They are no burden to others.
    supervisor.get("/goals?limit=5").await.ok();
    // Who has gone is noticed when he is next written to.
    following.clear();
    let until = Instant::now() + Duration::from_secs(30);
    while supervisor.get("/changes?after=now&wait=1").await.status != 200 {
        assert!(Instant::now() < until, "their places stay taken");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// Many changes, as if much had happened.
fn pile_up(app: &TestApp, changes: u32) {
    write_beside(
        app,
        &format!(
            "INSERT INTO changes (id, at, type, resource, resource_id, version, jurisdiction)
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {changes})
             SELECT 'piled-' || i, '2026-11-28 00:00:00', 'goal.updated', 'goal', 'piled-' || i, 1, '{WARD}' FROM n;"
        ),
    );
}

async fn who_does_not_read_is_cut(app: TestApp) {
    app.restart_with(&[("BINHDANG_WRITE_SECONDS", "2")]).await;
    let by = app.coordinator().await;
    pile_up(&app, 20_000);
    // What waits for its place has it before memory is looked at.
    tail(&by).await;
    let before = app.memory();
    let mut deaf: Vec<TcpStream> = (0..15)
        .map(|_| {
            let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
            socket.set_recv_buffer_size(16 * 1024).expect("a buffer");
            socket.connect(&SockAddr::from(SocketAddr::from(([127, 0, 0, 1], app.port())))).expect("a connection");
            socket.set_read_timeout(Some(Duration::from_secs(10))).expect("a time limit");
            let mut stream = TcpStream::from(socket);
            let request = format!(
                "GET /api/v1/changes HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nAuthorization: Bearer {}\r\n\r\n",
                by.token()
            );
            stream.write_all(request.as_bytes()).expect("a request");
            stream
        })
        .collect();
    tokio::time::sleep(Duration::from_secs(6)).await;
    let held = app.memory().saturating_sub(before);
    assert!(held < 30_000_000, "{held} bytes are held for followers who do not read");
    for stream in &mut deaf {
        let (mut buffer, mut got) = ([0; 16 * 1024], 0);
        loop {
            match stream.read(&mut buffer) {
                Ok(0) => break,
                Ok(n) => got += n,
                Err(e) => {
                    assert!(!matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "it goes on");
                    break;
                }
            }
            assert!(got < 2_000_000, "the server goes on sending");
        }
    }
    // Who reads, however late he comes, is told of all of them.
    let mut following = Following::begin(&app, &by, "?types=goal.updated", None).await;
    for n in 1..=20_000 {
        let event = following.soon().await;
        assert_eq!(event.data["id"], format!("piled-{n}"));
    }
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// The changes of some types as they lie in the database, in their order.
fn recorded(app: &TestApp, types: &str) -> Vec<String> {
    let query = format!("SELECT resource_id || ' ' || version AS line FROM changes WHERE type IN ({types}) ORDER BY position");
    let lines: Vec<Line> = match app.database_url() {
        Some(url) => sql_query(query).load(&mut PgConnection::establish(&url).expect("PostgreSQL")).expect("changes"),
        None => {
            let file = app.data().join("binhdang.sqlite3");
            sql_query(query).load(&mut SqliteConnection::establish(&file.to_string_lossy()).expect("SQLite")).expect("changes")
        }
    };
    lines.into_iter().map(|line| line.line).collect()
}

fn line(change: &Value) -> String {
    format!("{} {}", text(change, "id"), change["version"])
}

/// What the writers change.
const GOALS: &str = "goal.created,goal.updated,goal.deleted";

/// Follows by one request after the other until it is over and nothing more comes.
async fn by_pages(by: Actor, mut cursor: String, over: Arc<AtomicBool>) -> Vec<String> {
    let mut told = Vec::new();
    loop {
        let last = over.load(Ordering::Acquire);
        let page = by.find("/changes", &[("after", &cursor), ("wait", "1"), ("limit", "17"), ("types", GOALS)]).await.ok();
        told.extend(list(&page, "items").iter().map(line));
        let next = text(&page, "next_cursor").to_owned();
        if last && next == cursor {
            return told;
        }
        cursor = next;
    }
}

/// Follows by streams, each of which breaks off after some events.
async fn by_streams(app: TestApp, by: Actor, mut cursor: String, over: Arc<AtomicBool>) -> Vec<String> {
    let mut told = Vec::new();
    loop {
        let mut following = Following::begin(&app, &by, &format!("?after=now&types={GOALS}"), Some(&cursor)).await;
        for _ in 0..150 {
            let last = over.load(Ordering::Acquire);
            match tokio::time::timeout(Duration::from_secs(2), following.next()).await {
                Ok(Some(event)) => {
                    told.push(line(&event.data));
                    cursor = event.id;
                }
                Ok(None) => panic!("the stream ends"),
                Err(_) if last => return told,
                Err(_) => {}
            }
        }
    }
}

async fn who_follows_is_told_everything_once_and_in_order(app: TestApp) {
    let other = app.beside().await;
    let by = app.coordinator().await;
    let servers = [app.clone(), other.clone()];
    let mut actors = Vec::new();
    for server in &servers {
        actors.push(server.sign_in(&by.session().username, &by.session().password).await);
    }
    let types = "'goal.created', 'goal.updated', 'goal.deleted'";
    let (start, before) = (tail(&by).await, recorded(&app, types).len());
    let goals = by.items("/goals", &[("plan", PLAN)]).await;
    let over = Arc::new(AtomicBool::new(false));
    let mut followers = Vec::new();
    for (server, by) in servers.iter().zip(&actors) {
        followers.push(tokio::spawn(by_pages(by.clone(), start.clone(), over.clone())));
        followers.push(tokio::spawn(by_streams(server.clone(), by.clone(), start.clone(), over.clone())));
    }
    // As long as `tests/feed` says.
    let seconds = std::env::var("BINHDANG_FEED_SECONDS").map_or(5, |seconds| seconds.parse().expect("a number of seconds"));
    let until = Instant::now() + Duration::from_secs(seconds);
    let mut writers = Vec::new();
    for n in 0..8 {
        let (by, goal) = (actors[n % 2].clone(), format!("/goals/{}", text(&goals[n % goals.len()], "id")));
        writers.push(tokio::spawn(async move {
            let mut written = 0;
            while Instant::now() < until {
                // Two write the same row now and then, and what is refused leaves nothing behind.
                let body = json!({"title": bi(&mark(), "Goal")});
                written += usize::from(by.patch(&goal, &body).await.status == 200);
                let refused = json!({"plan": PLAN, "code": "G1", "ordinal": 1, "letter": "z", "field": bi("Khác", "Other"),
                    "title": bi("Trùng mã", "Taken")});
                by.post("/goals", &refused).await.with_status(409);
            }
            written
        }));
    }
    let mut written = 0;
    for writer in writers {
        written += writer.await.expect("a writer");
    }
    over.store(true, Ordering::Release);
    let mut all = Vec::new();
    for follower in followers {
        all.push(follower.await.expect("a follower"));
    }
    let recorded = recorded(&app, types).split_off(before);
    assert_eq!(recorded.len(), written);
    assert!(written > 40, "{written}");
    for told in &all {
        assert_eq!(*told, recorded);
    }
    // Versions of one row rise.
    for goal in &goals {
        let id = text(goal, "id");
        let versions: Vec<i64> = recorded.iter().filter_map(|l| l.strip_prefix(id)?.trim().parse().ok()).collect();
        assert!(versions.is_sorted(), "{versions:?}");
    }
    if app.backend() == Backend::Postgres {
        execute(&app, "DO $$ BEGIN ASSERT (SELECT count(*) = max(position) AND bool_and(position IS NOT NULL) FROM changes); END $$");
    }
    let stranger = app.someone(Grant::of("coordinator").at("24")).await;
    assert_eq!(stranger.find("/changes", &[("after", &start)]).await.ok()["items"], json!([]));
}
