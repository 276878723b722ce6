//! The limit of an import: the same rows written straight into a table of the same shape, in one transaction, on SQLite a
//! thousand at a time, on PostgreSQL by `COPY`.

use chrono::NaiveDateTime;
use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{
    Connection, ExecuteCopyFromDsl, Insertable, PgConnection, QueryDsl, Queryable, QueryableByName, RunQueryDsl, SqliteConnection,
};
use std::time::Instant;

diesel::table! {
    raw_observations (id) {
        id -> Text,
        jurisdiction -> Text,
        plan_id -> Text,
        period_id -> Text,
        report_id -> Text,
        unit_id -> Text,
        indicator_id -> Text,
        disaggregation -> Text,
        numerator -> Nullable<BigInt>,
        denominator -> Nullable<BigInt>,
        answer -> Nullable<Bool>,
        status -> Text,
        not_applicable -> Nullable<Text>,
        note -> Nullable<Text>,
        extra -> Nullable<Text>,
        definition_version -> Integer,
        updated_at -> Timestamp,
        counted -> Bool,
        since -> Nullable<Timestamp>,
        until -> Nullable<Timestamp>,
    }
}

#[derive(Queryable, QueryableByName, Insertable)]
#[diesel(table_name = raw_observations, treat_none_as_default_value = false)]
struct Row {
    id: String,
    jurisdiction: String,
    plan_id: String,
    period_id: String,
    report_id: String,
    unit_id: String,
    indicator_id: String,
    disaggregation: String,
    numerator: Option<i64>,
    denominator: Option<i64>,
    answer: Option<bool>,
    status: String,
    not_applicable: Option<String>,
    note: Option<String>,
    extra: Option<String>,
    definition_version: i32,
    updated_at: NaiveDateTime,
    counted: bool,
    since: Option<NaiveDateTime>,
    until: Option<NaiveDateTime>,
}

#[derive(QueryableByName)]
struct Statement {
    #[diesel(sql_type = Text)]
    sql: String,
}

const ALL: &str = "SELECT * FROM observations WHERE period_id = ";

/// How many rows one statement writes on SQLite, which knows at most 32,766 parameters.
const BLOCK: usize = 1000;

/// Writes the observations of a period once more, in a database file: how many there are, and how many a second.
pub fn sqlite(file: &str, period: &str) -> (usize, f64) {
    let mut c = SqliteConnection::establish(file).expect("the database");
    c.batch_execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000")
        .expect("settings");
    let rows: Vec<Row> = diesel::sql_query(format!("{ALL}'{period}'")).load(&mut c).expect("the rows");
    let made = "SELECT sql FROM sqlite_master WHERE tbl_name = 'observations' AND type IN ('table', 'index') AND sql IS NOT NULL ORDER BY type DESC";
    let made: Vec<Statement> = diesel::sql_query(made).load(&mut c).expect("the schema");
    for Statement { sql } in made {
        // The names of the table and of its indexes all hold the table's.
        c.batch_execute(&sql.replace("observations", "raw_observations")).expect("the same table");
    }
    let began = Instant::now();
    let all = |c: &mut SqliteConnection| {
        let blocks = rows.chunks(BLOCK).map(|block| diesel::insert_into(raw_observations::table).values(block).execute(c));
        blocks.sum::<diesel::QueryResult<usize>>()
    };
    let written = c.transaction(all).expect("rows");
    let took = began.elapsed().as_secs_f64();
    c.batch_execute("DROP TABLE raw_observations").expect("no table");
    rate(written, took)
}

/// The same in a database on a server.
pub fn postgres(url: &str, period: &str) -> (usize, f64) {
    let mut c = PgConnection::establish(url).expect("the database");
    let rows: Vec<Row> = diesel::sql_query(format!("{ALL}'{period}'")).load(&mut c).expect("the rows");
    c.batch_execute("CREATE TABLE raw_observations (LIKE observations INCLUDING ALL)").expect("the same table");
    let references = "SELECT 'ALTER TABLE raw_observations ADD ' || pg_get_constraintdef(oid) AS sql FROM pg_constraint
        WHERE conrelid = 'observations'::regclass AND contype = 'f'";
    let references: Vec<Statement> = diesel::sql_query(references).load(&mut c).expect("the schema");
    assert!(!references.is_empty());
    for Statement { sql } in references {
        c.batch_execute(&sql).expect("the same references");
    }
    let began = Instant::now();
    let written = diesel::copy_from(raw_observations::table).from_insertable(&rows).execute(&mut c).expect("rows");
    let took = began.elapsed().as_secs_f64();
    let kept: i64 = raw_observations::table.count().get_result(&mut c).expect("a count");
    assert_eq!(usize::try_from(kept).ok(), Some(written));
    c.batch_execute("DROP TABLE raw_observations").expect("no table");
    rate(written, took)
}

fn rate(rows: usize, seconds: f64) -> (usize, f64) {
    (rows, f64::from(u32::try_from(rows).expect("not so many rows")) / seconds)
}
