//! Signing in under siege: guesses at once, from elsewhere and by those who hang up; tokens that ran out; what is
//! forgotten in time.

use crate::house::json::{list, mark, text};
use crate::house::{self, Actor, Answer, TestApp};
use binhdang::auth::secret::hash_token;
use diesel::connection::SimpleConnection;
use diesel::sql_types::BigInt;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};
use serde_json::{Value, json};
use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

on_both![
    of_a_hundred_guesses_at_once_five_are_tried,
    many_right_sign_ins_at_once_all_succeed,
    a_guess_counts_though_its_client_hangs_up,
    a_server_that_crashed_holds_nobody_up_for_long,
    failures_elsewhere_do_not_slow_where_one_has_signed_in,
    an_address_counts_failures_alone,
    codes_and_passwords_guessed_at_once_are_bounded,
    secrets_guessed_at_once_are_bounded,
    a_token_that_ran_out_is_in_the_way_of_nothing_that_needs_none,
    a_refresh_is_answered_again_for_a_moment,
    what_need_not_be_kept_is_forgotten,
];

const PASSWORD: &str = "Hoa sen trong ao 2026";

/// Somebody who has not signed in yet.
fn person(app: &TestApp, role: &str) -> String {
    let name = format!("s-{}", mark().to_lowercase());
    app.cli(&["user", "add", "--username", &name, "--role", role, "--jurisdiction", "09385", "--password-stdin"], PASSWORD);
    name
}

async fn login(app: &TestApp, name: &str, password: &str) -> Answer {
    app.anonymous().post("/auth/login", &json!({"username": name, "password": password})).await
}

/// From this address, as a trusted proxy tells it.
async fn login_from(app: &TestApp, address: &str, name: &str, password: &str) -> Answer {
    let body = json!({"username": name, "password": password});
    app.anonymous().call("POST", "/auth/login").header("X-Forwarded-For", address).json(&body).send().await
}

async fn behind_a_proxy(app: &TestApp, settings: &[(&str, &str)]) {
    let mut all = vec![("BINHDANG_TRUSTED_PROXIES", "127.0.0.0/8")];
    all.extend(settings);
    app.restart_with(&all).await;
}

/// The same request by each of these, at the same moment.
async fn at_once(by: Vec<Actor>, method: &'static str, path: &'static str, media: &'static str, body: String) -> Vec<Answer> {
    house::at_once(by.iter().map(|actor| actor.call(method, path).raw(media, body.clone())).collect()).await
}

/// So many who are not signed in, at two servers where the database has two.
async fn crowd(app: &TestApp, count: usize) -> Vec<Actor> {
    let other = app.beside().await;
    (0..count).map(|n| if n % 2 == 0 { app.anonymous() } else { other.anonymous() }).collect()
}

async fn logins_at_once(by: Vec<Actor>, name: &str, password: &str) -> Vec<Answer> {
    at_once(by, "POST", "/auth/login", "application/json", json!({"username": name, "password": password}).to_string()).await
}

fn count(answers: &[Answer], status: u16) -> usize {
    answers.iter().filter(|a| a.status == status).count()
}

async fn of_a_hundred_guesses_at_once_five_are_tried(app: TestApp) {
    let crowd = crowd(&app, 100).await;
    for name in [person(&app, "supervisor"), "nobody-of-this-name".to_owned()] {
        let answers = logins_at_once(crowd.clone(), &name, "wrong").await;
        assert_eq!((count(&answers, 401), count(&answers, 429)), (5, 95), "{name}");
        for refused in answers.iter().filter(|a| a.status == 429) {
            refused.problem(429, "rate.limited");
            assert!((1..=300).contains(&refused.header("retry-after").parse::<u64>().expect("seconds")));
        }
    }
}

async fn many_right_sign_ins_at_once_all_succeed(app: TestApp) {
    let (crowd, name) = (crowd(&app, 40).await, person(&app, "supervisor"));
    for _ in 0..2 {
        let answers = logins_at_once(crowd.clone(), &name, PASSWORD).await;
        assert_eq!(count(&answers, 200), 40, "{:?}", answers.iter().map(|a| a.status).collect::<Vec<_>>());
    }
}

async fn a_guess_counts_though_its_client_hangs_up(app: TestApp) {
    app.anonymous().get("/healthz").await.ok();
    let body = json!({"username": "nobody-who-waits", "password": "wrong"}).to_string();
    let request = format!(
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let lines: Vec<TcpStream> = (0..5)
        .map(|_| {
            let mut line = TcpStream::connect(("127.0.0.1", app.port())).expect("a connection");
            line.write_all(request.as_bytes()).expect("a request");
            line
        })
        .collect();
    // Once the server has taken them all they hang up; a busy machine takes its time for that.
    let taken = || rows(&app, "sign_in_attempts") >= 5 || rows(&app, "sign_in_failures WHERE failures > 0") > 0;
    let began = Instant::now();
    while !taken() && began.elapsed() < Duration::from_secs(10) {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    drop(lines);
    // It waits for the outcome of those five.
    login(&app, "nobody-who-waits", "wrong").await.problem(429, "rate.limited");
}

async fn a_server_that_crashed_holds_nobody_up_for_long(app: TestApp) {
    // What a server leaves behind that dies while five attempts are under way.
    let left = |name: &str, seconds: u64| {
        let until = (chrono::Utc::now() + Duration::from_secs(seconds)).format("%Y-%m-%d %H:%M:%S");
        let rows: Vec<String> = (0..5).map(|n| format!("('{n}-{name}', 'account:{}', '{until}')", hash_token(name))).collect();
        execute(&app, &format!("INSERT INTO sign_in_attempts (id, failures_id, until) VALUES {}", rows.join(", ")));
    };
    let (one, other) = (person(&app, "supervisor"), person(&app, "supervisor"));
    left(&one, 3);
    let began = Instant::now();
    login(&app, &one, PASSWORD).await.ok();
    assert!(began.elapsed() > Duration::from_secs(1), "those under way count");
    left(&other, 60);
    let held = login(&app, &other, PASSWORD).await;
    held.problem(429, "rate.limited");
    assert!((1..=30).contains(&held.header("retry-after").parse::<u64>().expect("seconds")));
}

async fn failures_elsewhere_do_not_slow_where_one_has_signed_in(app: TestApp) {
    behind_a_proxy(&app, &[]).await;
    let (name, office, attacker, train) = (person(&app, "supervisor"), "198.51.100.7", "203.0.113.9", "192.0.2.50");
    login_from(&app, office, &name, PASSWORD).await.ok();
    let guess = async |name: &str| {
        for _ in 0..5 {
            login_from(&app, attacker, name, "wrong").await.problem(401, "login.failed");
        }
        login_from(&app, attacker, name, "wrong").await.problem(429, "rate.limited");
    };
    guess(&name).await;
    guess("nobody-of-this-name").await;
    login_from(&app, office, &name, PASSWORD).await.ok();
    login_from(&app, train, &name, PASSWORD).await.problem(429, "rate.limited");
    // A success here forgets nothing of what happened elsewhere, and failures here slow here.
    login_from(&app, attacker, &name, PASSWORD).await.problem(429, "rate.limited");
    for _ in 0..5 {
        login_from(&app, office, &name, "wrong").await.problem(401, "login.failed");
    }
    login_from(&app, office, &name, PASSWORD).await.problem(429, "rate.limited");
}

async fn an_address_counts_failures_alone(app: TestApp) {
    behind_a_proxy(&app, &[("BINHDANG_SIGN_IN_FAILURES", "1")]).await;
    let name = person(&app, "supervisor");
    let right = logins_at_once(vec![app.anonymous(); 12], &name, PASSWORD).await;
    assert_eq!(count(&right, 200), 12);
    for n in 0..20 {
        login_from(&app, "198.51.100.7", &format!("nobody-{n}"), "wrong").await.problem(401, "login.failed");
    }
    let held = login_from(&app, "198.51.100.7", "nobody-20", "wrong").await;
    held.problem(429, "rate.limited");
    assert!(held.header("ratelimit-policy").contains("q=20"), "{}", held.header("ratelimit-policy"));
    login_from(&app, "198.51.100.8", "nobody-20", "wrong").await.problem(401, "login.failed");
}

async fn codes_and_passwords_guessed_at_once_are_bounded(app: TestApp) {
    let many = |actor: &Actor| vec![actor.clone(); 30];
    let by = app.sign_in(&person(&app, "supervisor"), PASSWORD).await;
    let change = json!({"current_password": "wrong", "new_password": "Con mèo nằm trên mái ngói"}).to_string();
    let answers = at_once(many(&by), "PUT", "/me/password", "application/json", change).await;
    assert_eq!((count(&answers, 422), count(&answers, 429)), (5, 25));

    let by = app.sign_in(&person(&app, "supervisor"), PASSWORD).await;
    let setup = by.call("POST", "/me/totp").send().await.ok();
    let code = || json!({"code": "abcdef"}).to_string();
    let answers = at_once(many(&by), "POST", "/me/totp/confirm", "application/json", code()).await;
    assert_eq!((count(&answers, 422), count(&answers, 429)), (5, 25));
    tokio::time::sleep(Duration::from_secs(5)).await;
    let bytes = totp_rs::Secret::Encoded(text(&setup, "secret").to_owned()).to_bytes().expect("base32");
    let totp = totp_rs::TOTP::new(totp_rs::Algorithm::SHA1, 6, 1, 30, bytes, None, String::new()).expect("a secret");
    let right = json!({"code": totp.generate_current().expect("a clock")});
    by.call("POST", "/me/totp/confirm").json(&right).send().await.ok();
    // Five failures still stand: one more is told, and slows.
    let answers = at_once(many(&by), "DELETE", "/me/totp", "application/json", code()).await;
    assert_eq!((count(&answers, 422), count(&answers, 429)), (1, 29));

    let name = person(&app, "supervisor");
    let session = app.sign_in(&name, PASSWORD).await;
    let setup = session.call("POST", "/me/totp").send().await.ok();
    let bytes = totp_rs::Secret::Encoded(text(&setup, "secret").to_owned()).to_bytes().expect("base32");
    let totp = totp_rs::TOTP::new(totp_rs::Algorithm::SHA1, 6, 1, 30, bytes, None, String::new()).expect("a secret");
    session.post("/me/totp/confirm", &json!({"code": totp.generate_current().expect("a clock")})).await.ok();
    let guess = json!({"username": name, "password": PASSWORD, "totp": "abcdef"}).to_string();
    let answers = at_once(vec![app.anonymous(); 30], "POST", "/auth/login", "application/json", guess).await;
    assert_eq!((count(&answers, 401), count(&answers, 429)), (5, 25));
}

async fn secrets_guessed_at_once_are_bounded(app: TestApp) {
    let made: Value =
        serde_json::from_str(&app.cli(&["client", "add", "--name", &mark(), "--role", "province", "--jurisdiction", "24"], ""))
            .expect("JSON");
    for id in [text(&made, "client_id"), "bdc_nobody"] {
        let form = format!("grant_type=client_credentials&client_id={id}&client_secret=bds_wrong");
        let answers = at_once(crowd(&app, 60).await, "POST", "/oauth/token", "application/x-www-form-urlencoded", form).await;
        assert_eq!((count(&answers, 401), count(&answers, 429)), (5, 55), "{id}");
    }
}

async fn a_token_that_ran_out_is_in_the_way_of_nothing_that_needs_none(app: TestApp) {
    let name = person(&app, "supervisor");
    let (session, gone) = (login(&app, &name, PASSWORD).await.ok(), login(&app, &name, PASSWORD).await.ok());
    app.anonymous().post("/auth/logout", &json!({"refresh_token": gone["refresh_token"]})).await.with_status(204);
    for token in [text(&gone, "access_token"), "nonsense"] {
        let bearer = format!("Bearer {token}");
        let call = |method: &str, path: &str| app.anonymous().call(method, path).header("Authorization", &bearer);
        let session = call("POST", "/auth/login").json(&json!({"username": name, "password": PASSWORD})).send().await.ok();
        let refresh = json!({"refresh_token": session["refresh_token"]});
        let session = call("POST", "/auth/refresh").json(&refresh).send().await.ok();
        let refresh = json!({"refresh_token": session["refresh_token"]});
        call("POST", "/auth/logout").json(&refresh).send().await.with_status(204);
        for path in [
            "/.well-known/jwks.json",
            "/.well-known/oauth-authorization-server",
            "/openapi.json",
            "/problems/login.failed",
            "/healthz",
            "/readyz",
            "/metrics",
            "/docs/",
        ] {
            assert_eq!(call("GET", path).send().await.status, 200, "{path}");
        }
        call("GET", "/indicators").send().await.problem(401, "token.invalid");
    }
    let me = app.anonymous().call("GET", "/me").header("Authorization", &format!("Bearer {}", text(&session, "access_token")));
    me.send().await.ok();
}

async fn a_refresh_is_answered_again_for_a_moment(app: TestApp) {
    let first = login(&app, &person(&app, "supervisor"), PASSWORD).await.ok();
    let refresh = async |session: &Value| app.anonymous().post("/auth/refresh", &json!({"refresh_token": session["refresh_token"]})).await;
    let (second, again) = (refresh(&first).await.ok(), refresh(&first).await.ok());
    assert_eq!(second["refresh_token"], again["refresh_token"]);
    assert_ne!(second["access_token"], again["access_token"]);
    assert!(text(&second, "refresh_token").starts_with("bdr_") && text(&second, "refresh_token").len() == 47);
    assert_eq!(rows(&app, "refresh_tokens WHERE successor_salt LIKE 'v1.%'"), 1, "sealed");
    // A new signing key changes nothing of it.
    app.cli(&["keys", "rotate"], "");
    assert_eq!(refresh(&first).await.ok()["refresh_token"], second["refresh_token"]);
    tokio::time::sleep(Duration::from_millis(10_100)).await;
    refresh(&first).await.problem(401, "token.reused");
    refresh(&second).await.refused(401);
}

async fn what_need_not_be_kept_is_forgotten(app: TestApp) {
    let name = person(&app, "supervisor");
    let session = login(&app, &name, PASSWORD).await.ok();
    let spent = app.anonymous().post("/auth/refresh", &json!({"refresh_token": session["refresh_token"]})).await.ok();
    login(&app, "nobody-of-this-name", "wrong").await.problem(401, "login.failed");
    let account = format!("(SELECT id FROM accounts WHERE login = '{name}')");
    // More than go at once; and each kind's youngest that must stay.
    let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200) INSERT INTO";
    let (old, yesterday) = ("'2020-01-01 00:00:00'", (chrono::Utc::now() - Duration::from_secs(86_400)).format("'%Y-%m-%d %H:%M:%S'"));
    for sql in [
        format!("{many} sign_in_failures (id, failures, last_at) SELECT 'old-' || i, 1, {old} FROM n"),
        format!("{many} sign_in_attempts (id, failures_id, until) SELECT 'old-' || i, 'x', {old} FROM n"),
        format!("{many} sign_in_places (id, last_at) SELECT 'old-' || i, {old} FROM n"),
        format!(
            "{many} sessions (id, account_id, address, created_at, last_used_at, expires_at)
             SELECT 'old-' || i, {account}, '', {old}, {old}, {old} FROM n"
        ),
        format!("{many} refresh_tokens (token_hash, session_id, issued_at, spent_at) SELECT 'old-' || i, 'old-1', {old}, {old} FROM n"),
        format!(
            "{many} idempotency_keys (account_id, method, path, idempotency_key, fingerprint, claimed_until, expires_at)
             SELECT {account}, 'POST', '/api/v1/goals', 'old-' || i, 'x', {old}, {old} FROM n"
        ),
        format!(
            "INSERT INTO sessions (id, account_id, address, created_at, last_used_at, expires_at, ended_at)
             VALUES ('kept', {account}, '', {yesterday}, {yesterday}, {yesterday}, {yesterday})"
        ),
        format!(
            "INSERT INTO refresh_tokens (token_hash, session_id, issued_at, spent_at)
             VALUES ('{}', 'kept', {yesterday}, {yesterday})",
            hash_token("bdr_of_yesterday")
        ),
    ] {
        execute(&app, &sql);
    }
    app.restart().await;
    let (began, tables) = (
        Instant::now(),
        [
            "sign_in_failures WHERE id LIKE 'old-%'",
            "sign_in_attempts WHERE id LIKE 'old-%'",
            "sign_in_places WHERE id LIKE 'old-%'",
            "refresh_tokens WHERE token_hash LIKE 'old-%'",
            "sessions WHERE id LIKE 'old-%'",
            "idempotency_keys WHERE idempotency_key LIKE 'old-%'",
        ],
    );
    loop {
        let left: Vec<i64> = tables.iter().map(|table| rows(&app, table)).collect();
        if left.iter().all(|n| *n == 0) {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(30), "{left:?} of {tables:?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert!(rows(&app, "sign_in_failures WHERE failures = 1") >= 1 && rows(&app, "sign_in_places") >= 1);
    // Reuse is recognised still.
    app.anonymous().post("/auth/refresh", &json!({"refresh_token": "bdr_of_yesterday"})).await.problem(401, "token.reused");
    app.anonymous().post("/auth/refresh", &json!({"refresh_token": spent["refresh_token"]})).await.ok();
    let sessions = app.sign_in(&name, PASSWORD).await.get("/me/sessions").await.ok();
    assert_eq!(list(&sessions, "items").len(), 2);
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

fn sqlite(app: &TestApp) -> SqliteConnection {
    let mut c = SqliteConnection::establish(&app.data().join("binhdang.sqlite3").to_string_lossy()).expect("SQLite");
    c.batch_execute("PRAGMA busy_timeout = 5000").expect("a time-out");
    c
}

fn execute(app: &TestApp, sql: &str) {
    let done = match app.database_url() {
        Some(url) => PgConnection::establish(&url).expect("PostgreSQL").batch_execute(sql),
        None => sqlite(app).batch_execute(sql),
    };
    done.unwrap_or_else(|e| panic!("{sql}: {e}"));
}

/// How many rows there are of `<table> WHERE <condition>`.
fn rows(app: &TestApp, of: &str) -> i64 {
    let query = sql_query(format!("SELECT count(*) AS n FROM {of}"));
    let counted: Counted = match app.database_url() {
        Some(url) => query.get_result(&mut PgConnection::establish(&url).expect("PostgreSQL")).expect("a count"),
        None => query.get_result(&mut sqlite(app)).expect("a count"),
    };
    counted.n
}
