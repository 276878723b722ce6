//! Databases in the throw-away PostgreSQL that `tests/run` starts.

use diesel::{Connection, PgConnection, RunQueryDsl, sql_query};

/// A database that vanishes with its owner.
pub struct OwnDatabase {
    name: String,
}

fn server() -> String {
    std::env::var("BINHDANG_TEST_POSTGRES").unwrap_or_else(|_| panic!("{}", super::app::HOW_TO_RUN))
}

fn administer(statement: &str) {
    let mut c = PgConnection::establish(&format!("{}/postgres", server())).expect("PostgreSQL of tests/run");
    sql_query(statement).execute(&mut c).unwrap_or_else(|e| panic!("{statement}: {e}"));
}

impl OwnDatabase {
    /// A copy of the migrated and seeded template.
    pub fn of_template() -> Self {
        // Copying its files takes a fraction of what writing them through the log does.
        Self::made("TEMPLATE binhdang_template STRATEGY file_copy")
    }

    /// A database without a table.
    pub fn empty() -> Self {
        Self::made("")
    }

    fn made(how: &str) -> Self {
        let name = format!("t_{}", uuid::Uuid::now_v7().simple());
        administer(&format!("CREATE DATABASE {name} {how}"));
        Self { name }
    }

    /// How to reach it.
    pub fn url(&self) -> String {
        format!("{}/{}", server(), self.name)
    }
}

impl Drop for OwnDatabase {
    fn drop(&mut self) {
        // A failing test must show its own failure, not this one.
        if let Ok(mut c) = PgConnection::establish(&format!("{}/postgres", server())) {
            let _ = sql_query(format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)).execute(&mut c);
        }
    }
}
