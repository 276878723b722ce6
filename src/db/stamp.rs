//! A cheap sign of the state of the data: as long as it stays the same, nothing that was committed has changed. What was
//! computed under a stamp is right as long as the stamp is the present one, also while other servers write.

use super::{Conn, Database};
use crate::problem::{Error, Result};
use diesel::backend::Backend;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Text};
use std::sync::{Arc, Mutex, PoisonError};

/// The sign. Stamps are only compared.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Stamp(Kind);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Kind {
    /// `PRAGMA data_version` of the one connection that asks: it changes with every commit of any other connection.
    Sqlite(i64),
    /// The snapshot of a statement: transactions that have ended since would show in it.
    Postgres(Arc<str>),
}

/// `PRAGMA data_version`, as a query that diesel prepares once: it is asked with every request.
#[derive(Debug, Clone, Copy, QueryId)]
struct DataVersion;

impl Query for DataVersion {
    type SqlType = BigInt;
}

impl<DB: Backend> QueryFragment<DB> for DataVersion {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        pass.push_sql("PRAGMA data_version");
        Ok(())
    }
}

impl<C> RunQueryDsl<C> for DataVersion {}

/// The connection that watches a SQLite database; it writes nothing.
#[derive(Clone)]
pub(super) struct Watch(Arc<Mutex<Conn>>);

impl Watch {
    pub(super) fn of(conn: Conn) -> Self {
        Self(Arc::new(Mutex::new(conn)))
    }

    /// A few microseconds: it looks at shared memory, not at the disk, so it runs on the worker itself.
    fn look(&self) -> Result<Stamp> {
        let mut c = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let c: &mut Conn = &mut c;
        Ok(Stamp(Kind::Sqlite(DataVersion.get_result(c)?)))
    }
}

impl Database {
    /// The present stamp.
    ///
    /// # Errors
    /// 503 if the database is out of reach.
    pub async fn stamp(&self) -> Result<Stamp> {
        if let Some(watch) = &self.watch {
            return watch.look();
        }
        let pool = self.pool.clone();
        super::blocking(move || {
            let mut pooled = pool.get().map_err(super::no_connection)?;
            let c: &mut Conn = &mut pooled;
            let snapshot: String = sql::<Text>("SELECT pg_current_snapshot()::text").get_result(c).map_err(Error::from)?;
            Ok(Stamp(Kind::Postgres(snapshot.into())))
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Target, migrate};
    use super::*;
    use crate::db::schema::leases;
    use crate::values::clock::UtcTime;

    fn taken(c: &mut Conn, name: &str) -> Result<()> {
        let row = (leases::name.eq(name), leases::holder.eq("test"), leases::held_until.eq(UtcTime::now()));
        diesel::insert_into(leases::table).values(row).execute(c)?;
        Ok(())
    }

    #[tokio::test]
    async fn every_commit_shows_and_nothing_else_does() {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::in_folder(folder.path());
        let db = Database::open(&target, 2).unwrap();
        migrate::run(&db).await.unwrap();
        let first = db.stamp().await.unwrap();
        db.read(|c| Ok(leases::table.count().get_result::<i64>(c)?)).await.unwrap();
        assert_eq!(db.stamp().await.unwrap(), first);
        db.write(|c| taken(c, "a")).await.unwrap();
        let second = db.stamp().await.unwrap();
        assert_ne!(second, first);
        // Another process writes the same file.
        let mut other = target.establish().unwrap();
        taken(&mut other, "b").unwrap();
        assert_ne!(db.stamp().await.unwrap(), second);
    }
}
