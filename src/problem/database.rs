//! What an error of the database means to a client. Where it says nothing about the request, trying again later is the
//! cure: 503 with `Retry-After`, whatever the database calls it.

use super::{Error, Problem, codes};
use diesel::result::{DatabaseErrorKind, Error as Diesel};

/// Why the database could not do what it was asked, though nothing is wrong with the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Another one holds what is needed, or it took too long.
    Busy,
    /// There is no room left.
    Full,
    /// It cannot be reached, or not be written to.
    Away,
}

/// Texts by which PostgreSQL says so: diesel does not tell the SQLSTATE (it stands behind each). The server speaks English
/// wherever it has no translation, and it has none into Vietnamese.
const POSTGRESQL: [(&str, Trouble); 14] = [
    ("due to lock timeout", Trouble::Busy),           // 55P03
    ("could not obtain lock", Trouble::Busy),         // 55P03
    ("deadlock detected", Trouble::Busy),             // 40P01
    ("due to statement timeout", Trouble::Busy),      // 57014
    ("due to conflict with recovery", Trouble::Busy), // 57014, on a standby
    ("out of shared memory", Trouble::Busy),          // 53200
    ("too many clients", Trouble::Away),              // 53300
    ("No space left on device", Trouble::Full),       // 53100
    ("Disk quota exceeded", Trouble::Full),           // 53100
    ("server closed the connection", Trouble::Away),  // 08006
    ("no connection to the server", Trouble::Away),   // 08003
    ("terminating connection", Trouble::Away),        // 57P01, 25P03
    ("the database system is", Trouble::Away),        // 57P03: starting up, shutting down, in recovery
    ("SSL SYSCALL error", Trouble::Away),             // 08006
];

/// Texts of SQLite's result codes, which are fixed.
const SQLITE: [(&str, Trouble); 8] = [
    ("database is locked", Trouble::Busy),                   // SQLITE_BUSY
    ("database table is locked", Trouble::Busy),             // SQLITE_LOCKED
    ("database schema is locked", Trouble::Busy),            // SQLITE_LOCKED
    ("database or disk is full", Trouble::Full),             // SQLITE_FULL
    ("disk I/O error", Trouble::Away),                       // SQLITE_IOERR
    ("unable to open database file", Trouble::Away),         // SQLITE_CANTOPEN
    ("attempt to write a readonly database", Trouble::Away), // SQLITE_READONLY
    ("out of memory", Trouble::Away),                        // SQLITE_NOMEM
];

/// What kind of trouble an error is, if it is one.
#[must_use]
pub fn trouble(error: &Diesel) -> Option<Trouble> {
    match error {
        Diesel::BrokenTransactionManager => Some(Trouble::Away),
        Diesel::RollbackErrorOnCommit { commit_error, .. } => trouble(commit_error),
        Diesel::DatabaseError(kind, info) => match kind {
            DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => Some(Trouble::Away),
            // A primary that became a standby refuses writes until clients follow.
            DatabaseErrorKind::ReadOnlyTransaction => Some(Trouble::Away),
            DatabaseErrorKind::SerializationFailure => Some(Trouble::Busy),
            DatabaseErrorKind::Unknown => {
                let text = info.message();
                POSTGRESQL.iter().chain(&SQLITE).find(|(said, _)| text.contains(said)).map(|(_, trouble)| *trouble)
            }
            _ => None,
        },
        _ => None,
    }
}

impl From<Trouble> for Error {
    fn from(trouble: Trouble) -> Self {
        let (code, seconds) = match trouble {
            Trouble::Busy => (codes::DATABASE_BUSY, "1"),
            Trouble::Full => (codes::DATABASE_FULL, "60"),
            Trouble::Away => (codes::DATABASE_UNAVAILABLE, "5"),
        };
        Problem::new(code).header("Retry-After", seconds).into()
    }
}

/// The refusal of what could not be begun or committed for this reason. It says that the database is out of reach where
/// the reason is of no known kind: the request is not to blame.
#[must_use]
pub fn refusal(error: &Diesel) -> Error {
    trouble(error).unwrap_or(Trouble::Away).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Diesel {
        Diesel::DatabaseError(DatabaseErrorKind::Unknown, Box::new(text.to_owned()))
    }

    #[test]
    fn trouble_is_told_from_faults() {
        for (text, want) in [
            ("canceling statement due to lock timeout", Some(Trouble::Busy)),
            ("canceling statement due to statement timeout", Some(Trouble::Busy)),
            ("deadlock detected", Some(Trouble::Busy)),
            ("terminating connection due to idle-in-transaction timeout", Some(Trouble::Away)),
            ("could not extend file \"base/5/1259\": No space left on device", Some(Trouble::Full)),
            ("the database system is shutting down", Some(Trouble::Away)),
            ("database is locked", Some(Trouble::Busy)),
            ("database or disk is full", Some(Trouble::Full)),
            ("disk I/O error", Some(Trouble::Away)),
            ("no such table: goals", None),
            ("syntax error at or near \"SELEC\"", None),
            ("database disk image is malformed", None),
        ] {
            assert_eq!(trouble(&said(text)), want, "{text}");
        }
        let taken = Diesel::DatabaseError(DatabaseErrorKind::UniqueViolation, Box::new("database is locked".to_owned()));
        assert_eq!(trouble(&taken), None);
        assert_eq!(trouble(&Diesel::NotFound), None);
    }

    #[test]
    fn every_trouble_is_a_503_that_says_when_to_come_back() {
        for error in [refusal(&said("database is locked")), refusal(&said("database or disk is full")), refusal(&Diesel::NotInTransaction)]
        {
            let problem = error.into_problem();
            assert_eq!(problem.status(), 503);
            assert!(problem.headers().iter().any(|(name, seconds)| *name == "Retry-After" && seconds.parse::<u32>().is_ok()));
        }
    }
}
