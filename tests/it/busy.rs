//! A database that is held, slow, full or broken into costs a request its time and nothing else: 503 with `Retry-After`.

use crate::house::json::{bi, mark, text};
use crate::house::{Actor, Answer, PLAN, TestApp};
use binhdang::db::{Conn, Database, Target};
use binhdang::problem::{Error, codes};
use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use serde_json::json;
use std::time::{Duration, Instant};

on_both![what_another_holds_is_a_503_in_bounded_time, a_panic_in_a_write_costs_that_write,];

fn target(app: &TestApp) -> Target {
    app.database_url().map_or_else(|| Target::in_folder(&app.data()), Target::Postgres)
}

/// A transaction of another process that holds this goal, or on SQLite everything.
fn holding(app: &TestApp, goal: &str) -> Conn {
    let mut other = target(app).establish().expect("a connection");
    match &mut other {
        Conn::Sqlite(c) => c.batch_execute("BEGIN IMMEDIATE").expect("the write lock"),
        Conn::Postgres(c) => {
            c.batch_execute("BEGIN").expect("a transaction");
            sql_query("SELECT 1 FROM goals WHERE id = $1 FOR UPDATE").bind::<Text, _>(goal).execute(c).expect("the row lock");
        }
    }
    other
}

fn is_busy(answer: &Answer, took: Duration) {
    assert_eq!(text(&answer.refused(503), "code"), "database.busy", "{}", answer.excerpt());
    assert_eq!(answer.header("retry-after"), "1");
    assert!(took < Duration::from_secs(12), "{took:?}");
}

async fn what_another_holds_is_a_503_in_bounded_time(app: TestApp) {
    let by = app.coordinator().await;
    let goal = by.by_code("/goals", "G1").await;
    let path = format!("/goals/{}", text(&goal, "id"));
    let etag = by.etag(&path).await;
    let rename = async |by: &Actor| by.call("PATCH", &path).if_match(&etag).json(&json!({"title": bi("Đổi tên", "Renamed")})).send().await;
    let held = holding(&app, text(&goal, "id"));
    let began = Instant::now();
    let refused = rename(&by).await;
    is_busy(&refused, began.elapsed());
    by.get(&path).await.ok();
    // Where there is one writer, everything waits for the other process; with a key it can be tried again.
    let key = mark();
    let new = json!({"plan": PLAN, "code": format!("G{}", mark()), "ordinal": 8, "field": bi("thử", "trial"), "title": bi("Mới", "New")});
    let create = async |by: &Actor| by.call("POST", "/goals").header("Idempotency-Key", &key).json(&new).send().await;
    let first = create(&by).await;
    assert_eq!(first.status, if app.database_url().is_some() { 201 } else { 503 }, "{}", first.excerpt());
    drop(held);
    rename(&by).await.ok();
    let again = create(&by).await;
    assert_eq!((again.status, again.replayed()), (201, first.status == 201), "{}", again.excerpt());
}

fn scratch(db: &Database) -> impl Future<Output = Result<(), Error>> {
    db.write(|c| Ok(c.batch_execute("CREATE TABLE scratch (id INTEGER PRIMARY KEY); INSERT INTO scratch VALUES (1), (2)")?))
}

fn set(id: i32) -> impl FnOnce(&mut Conn) -> Result<(), Error> + Send + 'static {
    move |c| Ok(c.batch_execute(&format!("UPDATE scratch SET id = id WHERE id = {id}"))?)
}

async fn a_panic_in_a_write_costs_that_write(app: TestApp) {
    let db = Database::open(&target(&app), 1).expect("the database");
    scratch(&db).await.expect("a table");
    let panics = db.write(|c| -> Result<(), Error> {
        c.batch_execute("INSERT INTO scratch VALUES (3)")?;
        panic!("planted");
    });
    assert!(matches!(panics.await, Err(Error::Internal(_))));
    db.write(|c| Ok(c.batch_execute("INSERT INTO scratch VALUES (4)")?)).await.expect("the next write");
    let there =
        db.read(|c| Ok(sql::<diesel::sql_types::BigInt>("SELECT SUM(id) FROM scratch").get_result::<i64>(c)?)).await.expect("a sum");
    assert_eq!(there, 1 + 2 + 4);
    // The server itself never noticed.
    app.coordinator().await.get("/goals").await.ok();
}

/// What only a database with several writers knows.
mod on_postgres {
    use super::*;
    use crate::house::{Backend, run};

    fn url(app: &TestApp) -> Target {
        Target::Postgres(app.database_url().expect("PostgreSQL"))
    }

    #[test]
    fn a_deadlock_is_a_503() {
        run(Backend::Postgres, async |app| {
            let db = Database::open(&url(&app), 3).expect("the database");
            scratch(&db).await.expect("a table");
            let crossing = |first: i32, second: i32| {
                db.write(move |c| {
                    set(first)(c)?;
                    std::thread::sleep(Duration::from_millis(500));
                    set(second)(c)
                })
            };
            let (one, other) = tokio::join!(crossing(1, 2), crossing(2, 1));
            let lost = one.err().or(other.err()).expect("one of them lost");
            assert_eq!(lost.code(), Some(codes::DATABASE_BUSY), "{lost:?}");
        });
    }

    #[test]
    fn a_time_out_is_a_503() {
        run(Backend::Postgres, async |app| {
            let db = Database::open(&url(&app), 1).expect("the database");
            let slow = db.read(|c| Ok(c.batch_execute("SET LOCAL statement_timeout = '100ms'; SELECT pg_sleep(5)")?)).await;
            assert_eq!(slow.expect_err("too slow").code(), Some(codes::DATABASE_BUSY));
        });
    }

    /// A server that stops in the middle of a transaction lets go of it: its connection is ended.
    #[test]
    fn a_frozen_server_does_not_hold_the_others() {
        run(Backend::Postgres, async |app| {
            let db = Database::open(&url(&app), 1).expect("the database");
            let bound = |name: &'static str| {
                db.read(move |c| Ok(sql::<Text>(&format!("SELECT current_setting('{name}')")).get_result::<String>(c)?))
            };
            for (name, value) in [("idle_in_transaction_session_timeout", "15s"), ("lock_timeout", "5s"), ("statement_timeout", "30s")] {
                assert_eq!(bound(name).await.expect("a setting"), value, "{name}");
            }
            let frozen = db.write(|c| {
                c.batch_execute("SET idle_in_transaction_session_timeout = '200ms'; SELECT 1")?;
                std::thread::sleep(Duration::from_secs(1));
                Ok(c.batch_execute("SELECT 1")?)
            });
            assert_eq!(frozen.await.expect_err("it was ended").code(), Some(codes::DATABASE_UNAVAILABLE));
            // The connection is given up, the next one works.
            assert_eq!(bound("lock_timeout").await.expect("a new connection"), "5s");
        });
    }
}
