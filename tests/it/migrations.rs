//! Two databases, one schema: the migrations bear the same names, make the same tables, and can be undone.

use crate::access::execute;
use crate::house::json::{code, list, text};
use crate::house::postgres::OwnDatabase;
use crate::house::steps::{Period, cell, part};
use crate::house::{Actor, Grant, PLAN, PROVINCE, TestApp};
use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

on_both![a_served_database_has_every_migration, two_years_come_out_as_they_went_in, what_was_not_computed_is_filled_in,];

/// Columns, table, its columns, what a deletion does.
type ForeignKey = (Vec<String>, String, Vec<String>, String);

#[derive(Debug, Default, PartialEq, Eq)]
struct Table {
    /// Type and whether null is allowed, by column.
    columns: BTreeMap<String, (String, bool)>,
    primary: Vec<String>,
    /// Columns, and whether they are unique among some rows only.
    uniques: BTreeSet<(Vec<String>, bool)>,
    foreign: BTreeSet<ForeignKey>,
    /// Columns of the other indexes.
    indexes: BTreeSet<Vec<String>>,
}

type Catalogue = BTreeMap<String, Table>;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

#[derive(QueryableByName)]
struct Fact {
    #[diesel(sql_type = Text)]
    owner: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Nullable<Text>)]
    more: Option<String>,
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = BigInt)]
    flag: i64,
}

fn folder(backend: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(backend)
}

fn names(backend: &str) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder(backend))
        .expect("the migrations' folder")
        .map(|e| e.expect("a folder entry"))
        .filter(|e| e.file_type().expect("a file type").is_dir())
        .map(|e| e.file_name().into_string().expect("UTF-8"))
        .collect();
    names.sort();
    names
}

pub(crate) fn script(backend: &str, name: &str, way: &str) -> String {
    let path = folder(backend).join(name).join(format!("{way}.sql"));
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn up(c: &mut impl SimpleConnection, backend: &str) {
    for name in names(backend) {
        c.batch_execute(&script(backend, &name, "up")).unwrap_or_else(|e| panic!("{backend} {name} up: {e}"));
    }
}

fn down(c: &mut impl SimpleConnection, backend: &str) {
    for name in names(backend).iter().rev() {
        c.batch_execute(&script(backend, name, "down")).unwrap_or_else(|e| panic!("{backend} {name} down: {e}"));
    }
}

fn sqlite() -> SqliteConnection {
    let mut c = SqliteConnection::establish(":memory:").expect("SQLite");
    c.batch_execute("PRAGMA foreign_keys = ON").expect("foreign keys");
    c
}

fn postgres(database: &OwnDatabase) -> PgConnection {
    PgConnection::establish(&database.url()).expect("PostgreSQL")
}

fn facts(c: &mut impl diesel::connection::LoadConnection<Backend = diesel::sqlite::Sqlite>, query: &str) -> Vec<Fact> {
    sql_query(query).load(c).unwrap_or_else(|e| panic!("{query}: {e}"))
}

fn facts_pg(c: &mut PgConnection, query: &str) -> Vec<Fact> {
    sql_query(query).load(c).unwrap_or_else(|e| panic!("{query}: {e}"))
}

const TABLES: &str = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";

/// What SQLite says of itself.
fn of_sqlite(c: &mut SqliteConnection) -> Catalogue {
    let mut all = Catalogue::new();
    let columns = format!(
        "SELECT t.name AS owner, c.name AS name, upper(c.type) AS more, CAST(c.\"notnull\" AS BIGINT) AS number, CAST(c.pk AS BIGINT) AS flag
         FROM ({TABLES}) AS t, pragma_table_info(t.name) AS c ORDER BY t.name, c.pk"
    );
    for f in facts(c, &columns) {
        let table = all.entry(f.owner).or_default();
        table.columns.insert(f.name.clone(), (f.more.unwrap_or_default(), f.number == 0));
        if f.flag > 0 {
            table.primary.push(f.name);
        }
    }
    let indexes = format!(
        "SELECT t.name AS owner, i.name AS name, i.origin || CAST(i.partial AS TEXT) AS more, CAST(i.\"unique\" AS BIGINT) AS number, 0 AS flag
         FROM ({TABLES}) AS t, pragma_index_list(t.name) AS i"
    );
    for f in facts(c, &indexes) {
        let list = format!(
            "SELECT '' AS owner, name, NULL AS more, CAST(seqno AS BIGINT) AS number, 0 AS flag FROM pragma_index_info('{}') ORDER BY seqno",
            f.name
        );
        let columns: Vec<String> = facts(c, &list).into_iter().map(|c| c.name).collect();
        let (kind, table) = (f.more.unwrap_or_default(), all.get_mut(&f.owner).expect("a table"));
        match (kind.starts_with("pk"), f.number == 1) {
            (true, _) => {}
            (false, true) => drop(table.uniques.insert((columns, kind.ends_with('1')))),
            (false, false) => drop(table.indexes.insert(columns)),
        }
    }
    let keys = format!(
        "SELECT t.name AS owner, k.\"from\" AS name, k.\"table\" || '|' || coalesce(k.\"to\", '') || '|' || k.on_delete AS more,
                CAST(k.id AS BIGINT) AS number, CAST(k.seq AS BIGINT) AS flag
         FROM ({TABLES}) AS t, pragma_foreign_key_list(t.name) AS k ORDER BY t.name, k.id, k.seq"
    );
    let mut found: BTreeMap<(String, i64), ForeignKey> = BTreeMap::new();
    for f in facts(c, &keys) {
        let more = f.more.unwrap_or_default();
        let mut parts = more.split('|').map(str::to_owned);
        let (target, to, action) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let key = found.entry((f.owner, f.number)).or_insert_with(|| (Vec::new(), target, Vec::new(), action));
        key.0.push(f.name);
        key.2.push(to);
    }
    for ((owner, _), key) in found {
        all.get_mut(&owner).expect("a table").foreign.insert(key);
    }
    all
}

/// What PostgreSQL says of itself, in SQLite's words.
fn of_postgres(c: &mut PgConnection) -> Catalogue {
    let mut all = Catalogue::new();
    let columns = "SELECT table_name::text AS owner, column_name::text AS name, data_type::text AS more,
            CASE is_nullable WHEN 'YES' THEN 0 ELSE 1 END::bigint AS number, 0::bigint AS flag
        FROM information_schema.columns WHERE table_schema = 'public'";
    for f in facts_pg(c, columns) {
        let kind = match f.more.as_deref().unwrap_or_default() {
            "timestamp without time zone" => "TIMESTAMP".to_owned(),
            other => other.to_uppercase(),
        };
        all.entry(f.owner).or_default().columns.insert(f.name, (kind, f.number == 0));
    }
    let indexes = "SELECT t.relname::text AS owner,
            (SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(att, n)
                JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.att)::text AS name,
            NULL::text AS more,
            (CASE WHEN i.indisprimary THEN 2 WHEN i.indisunique THEN 1 ELSE 0 END)::bigint AS number,
            (CASE WHEN i.indpred IS NULL THEN 0 ELSE 1 END)::bigint AS flag
        FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
        WHERE n.nspname = 'public'";
    for f in facts_pg(c, indexes) {
        let columns: Vec<String> = f.name.split(',').map(str::to_owned).collect();
        let table = all.get_mut(&f.owner).expect("a table");
        match f.number {
            2 => table.primary = columns,
            1 => drop(table.uniques.insert((columns, f.flag == 1))),
            _ => drop(table.indexes.insert(columns)),
        }
    }
    let keys = "SELECT t.relname::text AS owner,
            (SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(f.conkey) WITH ORDINALITY AS k(att, n)
                JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.att)::text AS name,
            (r.relname || '|' || (SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(f.confkey) WITH ORDINALITY AS k(att, n)
                JOIN pg_attribute a ON a.attrelid = f.confrelid AND a.attnum = k.att))::text AS more,
            0::bigint AS number, (CASE f.confdeltype WHEN 'c' THEN 1 WHEN 'n' THEN 2 WHEN 'r' THEN 3 ELSE 0 END)::bigint AS flag
        FROM pg_constraint f JOIN pg_class t ON t.oid = f.conrelid JOIN pg_class r ON r.oid = f.confrelid
        WHERE f.contype = 'f'";
    for f in facts_pg(c, keys) {
        let split = |s: &str| s.split(',').map(str::to_owned).collect::<Vec<_>>();
        let more = f.more.unwrap_or_default();
        let (target, to) = more.split_once('|').expect("table and columns");
        let action = ["NO ACTION", "CASCADE", "SET NULL", "RESTRICT"][usize::try_from(f.flag).expect("small")];
        let key = (split(&f.name), target.to_owned(), split(to), action.to_owned());
        all.get_mut(&f.owner).expect("a table").foreign.insert(key);
    }
    all
}

/// Both fresh catalogues.
fn both() -> (Catalogue, Catalogue) {
    let (mut lite, database) = (sqlite(), OwnDatabase::empty());
    let mut pg = postgres(&database);
    up(&mut lite, "sqlite");
    up(&mut pg, "postgresql");
    (of_sqlite(&mut lite), of_postgres(&mut pg))
}

#[test]
fn both_folders_hold_the_same_migrations() {
    assert_eq!(names("sqlite"), names("postgresql"));
    assert!(!names("sqlite").is_empty());
    for backend in ["sqlite", "postgresql"] {
        for name in names(backend) {
            assert!(
                !script(backend, &name, "up").trim().is_empty() && !script(backend, &name, "down").trim().is_empty(),
                "{backend} {name}"
            );
        }
    }
}

#[test]
fn both_databases_get_the_same_schema() {
    let (lite, pg) = both();
    assert_eq!(lite.keys().collect::<Vec<_>>(), pg.keys().collect::<Vec<_>>(), "tables");
    assert!(lite.len() > 20);
    for (name, table) in &lite {
        let other = &pg[name];
        assert_eq!(table.columns, other.columns, "columns of {name}");
        assert_eq!(table.primary, other.primary, "primary key of {name}");
        assert_eq!(table.uniques, other.uniques, "unique keys of {name}");
        assert_eq!(table.foreign, other.foreign, "foreign keys of {name}");
        assert_eq!(table.indexes, other.indexes, "indexes of {name}");
    }
}

#[test]
fn every_table_has_a_key_and_every_reference_an_index() {
    let (lite, pg) = both();
    for (backend, all) in [("sqlite", lite), ("postgresql", pg)] {
        for (name, table) in &all {
            assert!(!table.primary.is_empty(), "{backend}: {name} has no primary key");
            let whole = table.uniques.iter().filter(|u| !u.1).map(|u| &u.0);
            let indexes: Vec<&Vec<String>> = whole.chain(&table.indexes).chain([&table.primary]).collect();
            for (columns, target, to, _) in &table.foreign {
                assert!(indexes.iter().any(|i| i.starts_with(columns)), "{backend}: {name} {columns:?} → {target} has no index");
                let there = &all[target];
                let known = there.primary == *to || there.uniques.contains(&(to.clone(), false));
                assert!(known, "{backend}: {name} {columns:?} → {target} {to:?}, which is not unique");
            }
        }
    }
}

#[test]
fn migrations_can_be_undone() {
    let (mut lite, database) = (sqlite(), OwnDatabase::empty());
    let mut pg = postgres(&database);
    up(&mut lite, "sqlite");
    up(&mut pg, "postgresql");
    let before = (of_sqlite(&mut lite), of_postgres(&mut pg));
    down(&mut lite, "sqlite");
    down(&mut pg, "postgresql");
    assert_eq!((of_sqlite(&mut lite).len(), of_postgres(&mut pg).len()), (0, 0), "something is left");
    up(&mut lite, "sqlite");
    up(&mut pg, "postgresql");
    assert!((of_sqlite(&mut lite), of_postgres(&mut pg)) == before, "the second time it is another schema");
}

/// What is written into both databases before a migration, and read after it.
fn carried(before: &str, data: &str, line: &str) -> [Vec<String>; 2] {
    let (mut lite, database) = (sqlite(), OwnDatabase::empty());
    let mut pg = postgres(&database);
    for name in names("sqlite") {
        if name == before {
            lite.batch_execute(data).expect("data in SQLite");
            pg.batch_execute(data).expect("data in PostgreSQL");
        }
        lite.batch_execute(&script("sqlite", &name, "up")).expect("SQLite");
        pg.batch_execute(&script("postgresql", &name, "up")).expect("PostgreSQL");
    }
    let of = |lines: Vec<Line>| lines.into_iter().map(|l| l.line).collect();
    [of(sql_query(line).load(&mut lite).expect("SQLite")), of(sql_query(line).load(&mut pg).expect("PostgreSQL"))]
}

#[test]
fn accounts_get_their_names_to_be_sorted_by() {
    let row = |id: &str, fold: &str| {
        format!(
            "INSERT INTO accounts (id, kind, login, login_key, name, secret_hash, must_change_password, active, allowed_addresses,
                 auth_version, fold, version, created_at, updated_at)
             VALUES ('{id}', 'user', '{id}', '{id}', 'x', 'x', FALSE, TRUE, '[]', 1, '{fold}', 1, '2026-11-01 00:00:00', '2026-11-01 00:00:00');"
        )
    };
    let data = row("1", "lan.nguyen\nnguyen thi lan") + &row("2", "an\nbui van an\nan@example.vn\n0222") + &row("3", "x");
    let all = carried("2026-11-28-000002_account_name_key", &data, "SELECT id || ': ' || name_key AS line FROM accounts ORDER BY id");
    // A search column without a second line is none that the service wrote.
    assert_eq!(all[0][..2], ["1: nguyen thi lan", "2: bui van an"]);
    assert_eq!(all[1][..2], ["1: nguyen thi lan", "2: bui van an"]);
}

#[test]
fn a_jurisdiction_of_before_has_no_end() {
    let data = "INSERT INTO jurisdictions (id, code, name_vi, level, kind, plan_order, fold, version, created_at, updated_at)
             VALUES ('1', 'VN', 'Việt Nam', 'country', 'country', '0', 'vn', 1, '2026-11-01 00:00:00', '2026-11-01 00:00:00');";
    let line = "SELECT code || ' ' || coalesce(CAST(valid_from AS TEXT), '-') || ' ' || coalesce(CAST(valid_until AS TEXT), '-') AS line FROM jurisdictions";
    let all = carried("2026-11-29-000050_jurisdiction_succession", data, line);
    assert_eq!(all, [vec!["VN - -".to_owned()], vec!["VN - -".to_owned()]]);
}

#[test]
fn changes_of_before_have_their_places() {
    let row = |id: &str| {
        format!(
            "INSERT INTO changes (id, at, type, resource, resource_id, version, jurisdiction)
             VALUES ('{id}', '2026-11-01 00:00:00', 'goal.updated', 'goal', '{id}', 1, NULL);"
        )
    };
    let line = "SELECT id || ' ' || position AS line FROM changes
        UNION ALL SELECT 'last ' || position || ' forgotten ' || forgotten FROM change_counter ORDER BY line";
    // Their ids are in the order of their making, whatever the order of the rows.
    let all = carried("2026-11-29-000090_change_positions", &(row("c") + &row("a") + &row("b")), line);
    assert_eq!(all[0], ["a 1", "b 2", "c 3", "last 3 forgotten 0"]);
    assert_eq!(all[1], all[0]);
    let none = carried("2026-11-29-000090_change_positions", "SELECT 1;", line);
    assert_eq!(none[0], ["last 0 forgotten 0"]);
    assert_eq!(none[1], none[0]);
}

/// Table and column by column, what diesel is told.
#[test]
fn the_code_s_schema_is_the_database_s() {
    let (lite, _) = both();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/db/schema.rs");
    let mut told: BTreeMap<String, BTreeMap<String, (String, bool)>> = BTreeMap::new();
    let (mut table, mut keys, mut renamed) = (String::new(), BTreeMap::new(), None);
    for line in std::fs::read_to_string(path).expect("schema.rs").lines().map(str::trim) {
        if let Some((name, key)) = line.strip_suffix(") {").and_then(|l| l.split_once(" (")) {
            table = name.to_owned();
            keys.insert(table.clone(), key.split(", ").map(str::to_owned).collect::<Vec<_>>());
        } else if let Some((column, kind)) = line.strip_suffix(',').and_then(|l| l.split_once(" -> ")) {
            let (kind, nullable) = match kind.strip_prefix("Nullable<").and_then(|k| k.strip_suffix('>')) {
                Some(inner) => (inner, true),
                None => (kind, false),
            };
            let kind = if kind == "Bool" { "BOOLEAN".to_owned() } else { kind.to_uppercase() };
            let column = renamed.take().unwrap_or_else(|| column.to_owned());
            told.entry(table.clone()).or_default().insert(column, (kind, nullable));
        } else if let Some(name) = line.strip_prefix("#[sql_name = \"").and_then(|l| l.strip_suffix("\"]")) {
            renamed = Some(name.to_owned());
        }
    }
    let there: BTreeMap<String, BTreeMap<String, (String, bool)>> = lite.iter().map(|(n, t)| (n.clone(), t.columns.clone())).collect();
    assert_eq!(told.keys().collect::<Vec<_>>(), there.keys().collect::<Vec<_>>(), "tables");
    for (name, columns) in &told {
        assert_eq!(columns, &there[name], "columns of {name}");
        assert_eq!(keys[name], lite[name].primary, "primary key of {name}");
    }
}

/// The SQLite file of an installation.
pub(crate) fn file_of(app: &TestApp) -> SqliteConnection {
    let file = std::fs::read_dir(app.data())
        .expect("the data folder")
        .map(|e| e.expect("an entry").path())
        .find(|p| std::fs::read(p).is_ok_and(|bytes| bytes.starts_with(b"SQLite format 3\0")));
    let mut c = SqliteConnection::establish(&file.expect("the SQLite file").to_string_lossy()).expect("SQLite");
    c.batch_execute("PRAGMA busy_timeout = 5000").expect("SQLite");
    c
}

/// Runs a migration, or undoes it.
pub(crate) fn migrate(app: &TestApp, name: &str, way: &str) {
    let backend = if app.database_url().is_some() { "postgresql" } else { "sqlite" };
    execute(app, &script(backend, name, way));
}

async fn a_served_database_has_every_migration(app: TestApp) {
    let query = "SELECT version AS line FROM __diesel_schema_migrations ORDER BY version";
    let lines: Vec<Line> = match app.database_url() {
        Some(url) => sql_query(query).load(&mut PgConnection::establish(&url).expect("PostgreSQL")).expect("the versions"),
        None => sql_query(query).load(&mut file_of(&app)).expect("the versions"),
    };
    let digits = |name: &str| name.split('_').next().unwrap_or_default().replace('-', "");
    let done: Vec<String> = lines.into_iter().map(|l| l.line).collect();
    assert_eq!(done, names("sqlite").iter().map(|n| digits(n)).collect::<Vec<_>>());
    // Run again it does nothing, and says so by succeeding.
    app.cli(&["migrate"], "");
    assert_eq!(text(&app.anonymous().by_code("/plans", PLAN).await, "code"), PLAN);
}

/// What everybody reads.
const PUBLIC: &[&str] = &["/observations", "/indicators"];
/// What the ward's own people read.
const HOUSE: &[&str] = &["/observations", "/indicators", "/reporting-periods", "/reports", "/consolidated-reports"];

/// All that the migration to years touches, as this caller reads it.
async fn answers(by: &Actor, resources: &[&str]) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    for year in ["2026", "2027"] {
        let progress = by.find("/progress", &[("plan", PLAN), ("period", year)]).await.ok();
        all.insert(format!("progress of {year}"), progress);
    }
    for resource in resources {
        for one in by.items(resource, &[("plan", PLAN)]).await {
            let name = format!("{resource} {}", if one["id"].is_string() { text(&one, "id").to_owned() } else { one.to_string() });
            if !PUBLIC.contains(resource) {
                let path = format!("{resource}/{}", text(&one, "id"));
                all.insert(format!("one of {name}"), by.get(&path).await.ok());
                if *resource == "/reporting-periods" {
                    all.insert(format!("completeness of {name}"), by.get(&format!("{path}/completeness")).await.ok());
                }
            }
            all.insert(name, one);
        }
    }
    all
}

/// Undone and done again, the migration finds an installation of the version before with two years in it.
async fn two_years_come_out_as_they_went_in(app: TestApp) {
    let by = app.coordinator().await;
    let first = Period::regular(&app, &by, PLAN, "2026", &["U2", "U5", "U6"], &["2.3", "4.1", "4.2", "3.3"]).await;
    first.deliver("U2", &[cell("2.3", 129, 468)]).await;
    let corrected = first.deliver("U5", &[cell("4.1", 114, 100), cell("4.2", 2, 214)]).await;
    corrected.reopen("Sửa số liệu").await;
    corrected.submit(&[cell("4.1", 110, 104)]).await;
    corrected.accept().await;
    first.consolidate().await.send().await;
    let second = Period::regular(&app, &by, PLAN, "2027", &["U2", "U5"], &["2.3", "4.1", "4.2"]).await;
    second.deliver("U2", &[cell("2.3", 131, 470)]).await;
    second.report("U5").await.fill(&[cell("4.1", 109, 101)]).await;
    let before = [answers(&by, HOUSE).await, answers(&app.anonymous(), PUBLIC).await];
    let public = &before[1]["progress of 2026"];
    let said = list(public, "indicators").iter().filter(|i| !i["value"].is_null() || i["suppressed"] == true);
    assert_eq!(said.map(|i| code(&i["indicator"])).collect::<Vec<_>>(), ["2.3", "4.1", "4.2"], "what is compared is there");
    app.stop();
    let name = "2026-11-29-000001_plan_over_years";
    for way in ["down", "up"] {
        migrate(&app, name, way);
    }
    app.restart().await;
    let after = [answers(&app.again(&by).await, HOUSE).await, answers(&app.anonymous(), PUBLIC).await];
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
        for (name, was) in before {
            assert_eq!(was, &after[name], "{name}");
        }
    }
}

/// What a consolidated report says for one who sees all figures, and for the province.
async fn results_of(app: &TestApp, by: &Actor, path: &str) -> [Value; 2] {
    let province = app.someone(Grant::of("province").at(PROVINCE)).await;
    [by.get(path).await.ok()["results"].clone(), province.get(path).await.ok()["results"].clone()]
}

/// A result as the version before computed it.
fn earlier(row: &Value) -> Value {
    let mut row = row.clone();
    let members = row.as_object_mut().expect("a result");
    for later in ["coverage", "breakdowns", "year_result"] {
        members.remove(later);
    }
    row
}

async fn what_was_not_computed_is_filled_in(app: TestApp) {
    let by = app.coordinator().await;
    let period = Period::regular(&app, &by, PLAN, "2026", &["U5", "U6"], &["4.2", "2.3", "3.3"]).await;
    let women = [cell("4.2", 3, 214), part("4.2", "age_group", "15-19", 3, 214)];
    period.deliver("U5", &women).await;
    let whole = period.consolidate().await;
    whole.send().await;
    let before = results_of(&app, &by, &whole.path).await;
    assert!(before[1].as_array().unwrap().iter().any(|row| row["suppressed"] == true), "something is hidden: {}", before[1]);
    let content = by.get(&whole.path).await.ok()["content"].clone();
    let public = [("plan", PLAN), ("period", "2026")];
    let progress = app.anonymous().find("/progress", &public).await.ok();
    app.stop();
    let statement = "SELECT computed AS line FROM consolidated_reports";
    let found: Vec<Line> = match app.database_url() {
        Some(url) => sql_query(statement).load(&mut PgConnection::establish(&url).expect("PostgreSQL")).expect("results"),
        None => sql_query(statement).load(&mut file_of(&app)).expect("results"),
    };
    let mut computed: Value = serde_json::from_str(&found[0].line).expect("JSON");
    for list in ["results", "public_results"] {
        let rows = computed[list].as_array().expect("rows").iter().map(earlier).collect();
        computed[list] = Value::Array(rows);
    }
    let earlier = "UPDATE consolidated_reports SET computed = ";
    let values = format!(
        "{earlier}'{}', results_version = 1, looking_back_full = NULL, looking_back_public = NULL",
        computed.to_string().replace('\'', "''")
    );
    execute(&app, &values);
    app.restart().await;
    assert_eq!(app.anonymous().find("/progress", &public).await.ok(), progress);
    let by = app.again(&by).await;
    for (reader, (after, before)) in results_of(&app, &by, &whole.path).await.iter().zip(&before).enumerate() {
        for (after, before) in after.as_array().unwrap().iter().zip(before.as_array().unwrap()) {
            assert_eq!(after, before, "reader {reader}, {}", code(&before["indicator"]));
        }
    }
    assert_eq!(by.get(&whole.path).await.ok()["content"], content, "what was signed keeps its bytes");
}
