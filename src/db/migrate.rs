//! Migrations: one folder per database, the same names in both, both embedded in the binary.

use super::{Conn, Database, data_version};
use crate::problem::{Error, Result};
use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use diesel::migration::Migration;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRESQL: EmbeddedMigrations = embed_migrations!("migrations/postgresql");

/// Brings the schema up to date; several servers may start at once. Answers the names of what was run.
///
/// # Errors
/// If a migration fails; its changes are rolled back.
pub async fn run(db: &Database) -> Result<Vec<String>> {
    db.write(|c| {
        // The transaction-scoped lock is held until all are applied and committed together.
        patiently(c)?;
        super::lock_name(c, "migrations")?;
        // What it rearranges says the same as before, and nobody is told of it.
        data_version::telling("schema");
        run_on(c)
    })
    .await
}

/// A large table takes its time, and so does another server that migrates at the moment.
fn patiently(c: &mut Conn) -> Result<()> {
    if let Conn::Postgres(p) = c {
        p.batch_execute("SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")?;
    }
    Ok(())
}

/// The same on one connection.
///
/// # Errors
/// If a migration fails.
pub fn run_on(c: &mut Conn) -> Result<Vec<String>> {
    let names = match c {
        Conn::Postgres(p) => applied(p.run_pending_migrations(POSTGRESQL)),
        Conn::Sqlite(s) => applied(s.run_pending_migrations(SQLITE)),
    };
    names.map_err(Error::internal)
}

fn applied(
    versions: std::result::Result<Vec<diesel::migration::MigrationVersion<'_>>, Box<dyn std::error::Error + Send + Sync>>,
) -> std::result::Result<Vec<String>, String> {
    versions.map(|v| v.iter().map(ToString::to_string).collect()).map_err(|e| e.to_string())
}

/// Whether any migration has been run: then there is an installation, perhaps an older one.
///
/// # Errors
/// If the database cannot say.
pub fn has_begun(c: &mut Conn) -> Result<bool> {
    use diesel::dsl::sql;
    use diesel::sql_types::Bool;
    Ok(match c {
        Conn::Postgres(p) => sql::<Bool>("SELECT to_regclass('__diesel_schema_migrations') IS NOT NULL").get_result(p)?,
        Conn::Sqlite(s) => {
            sql::<Bool>("SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = '__diesel_schema_migrations')").get_result(s)?
        }
    })
}

/// The names of the migrations that the database still lacks.
///
/// # Errors
/// If the database cannot say.
pub fn pending(c: &mut Conn) -> Result<Vec<String>> {
    let names = match c {
        Conn::Postgres(p) => p.pending_migrations(POSTGRESQL).map(names_of),
        Conn::Sqlite(s) => s.pending_migrations(SQLITE).map(names_of),
    };
    names.map_err(Error::internal)
}

fn names_of<DB: diesel::backend::Backend>(migrations: Vec<Box<dyn Migration<DB>>>) -> Vec<String> {
    migrations.iter().map(|m| m.name().to_string()).collect()
}
