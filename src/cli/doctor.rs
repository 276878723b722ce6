//! `binhdang doctor`: looks a database over and says, line by line, what is well and what is not.

use super::folder;
use crate::auth::secret_encryption::startup;
use crate::auth::secret_encryption::{SETTING, SecretCipher};
use crate::config::Config;
use crate::db::schema::{accounts, grants, plans, reporting_periods, signing_keys};
use crate::db::{Conn, Database, migrate};
use crate::problem::{Error, Result};
use crate::rooms::audit::{self, HEAD_FILE, Head};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text};
use std::io::Write;

/// The oldest PostgreSQL that the service runs on.
const OLDEST_POSTGRES: i64 = 150_000;

/// The vault as it was given, or why it cannot be.
type Given = std::result::Result<Option<SecretCipher>, String>;

struct Findings {
    lines: Vec<(bool, String)>,
}

impl Findings {
    fn note(&mut self, well: bool, what: impl Into<String>) {
        self.lines.push((well, what.into()));
    }
}

/// Looks it over.
///
/// # Errors
/// If the database cannot be opened, or something is wrong with it.
pub async fn run(config: Config) -> std::result::Result<(), String> {
    folder::must_exist(&config)?;
    let db = Database::open_existing(&config.database, 2)?;
    let given = SecretCipher::given(&config);
    let closed = folder::is_closed(&config);
    // Read before the chain, which may grow meanwhile.
    let kept = Head::read(&config.data_dir).map_err(|e| format!("{}: {e}", config.data_dir.join(HEAD_FILE).display()))?;
    let unreadable = |e: Error| format!("the database cannot be read: {e}");
    // Even to look at them, the table of migrations must be there.
    let pending = db.write(migrate::pending).await.map_err(unreadable)?;
    let mut findings = db.read(move |c| look(c, &pending, given, kept)).await.map_err(unreadable)?;
    if let Some(closed) = closed {
        findings.note(
            closed,
            if closed {
                "nobody else can read the data folder"
            } else {
                "others can read the data folder: chmod 700 it, and 600 its files"
            },
        );
    }
    let mut out = std::io::stdout().lock();
    for (well, what) in &findings.lines {
        writeln!(out, "{} {what}", if *well { "ok   " } else { "WRONG" }).map_err(|e| e.to_string())?;
    }
    match findings.lines.iter().filter(|(well, _)| !well).count() {
        0 => Ok(()),
        wrong => Err(format!("{wrong} of {} things are wrong", findings.lines.len())),
    }
}

fn look(c: &mut Conn, pending: &[String], given: Given, kept: Option<Head>) -> Result<Findings> {
    let mut findings = Findings { lines: Vec::new() };
    findings.note(
        pending.is_empty(),
        if pending.is_empty() { "the schema is up to date".to_owned() } else { format!("migrations wait: {}", pending.join(", ")) },
    );
    if !pending.is_empty() {
        return Ok(findings);
    }
    engine(c, &mut findings)?;
    secrets(c, given, &mut findings)?;
    people(c, &mut findings)?;
    data(c, &mut findings)?;
    trail(c, kept, &mut findings)?;
    Ok(findings)
}

/// What the database itself says.
fn engine(c: &mut Conn, findings: &mut Findings) -> Result<()> {
    // The two databases keep such things in ways of their own.
    match c {
        Conn::Sqlite(c) => {
            let keys: i32 = sql::<Integer>("PRAGMA foreign_keys").get_result(c)?;
            findings.note(keys == 1, "references are enforced");
            let mode: String = sql::<Text>("PRAGMA journal_mode").get_result(c)?;
            findings.note(mode == "wal", format!("journal mode {mode}"));
            let sound: Vec<String> = sql::<Text>("PRAGMA integrity_check(10)").load(c)?;
            findings.note(sound == ["ok"], format!("integrity: {}", sound.join("; ")));
            let loose: i64 = sql::<BigInt>("SELECT COUNT(*) FROM pragma_foreign_key_check").get_result(c)?;
            findings.note(loose == 0, format!("{loose} references that lead nowhere"));
        }
        Conn::Postgres(c) => {
            let version: i64 = sql::<BigInt>("SELECT current_setting('server_version_num')::bigint").get_result(c)?;
            findings.note(version >= OLDEST_POSTGRES, format!("PostgreSQL {}.{}", version / 10_000, version % 10_000));
            let coding: String = sql::<Text>("SELECT current_setting('server_encoding')").get_result(c)?;
            findings.note(coding == "UTF8", format!("encoding {coding}"));
            let durable: String = sql::<Text>("SELECT current_setting('fsync')").get_result(c)?;
            // An operator's choice, such as a throw-away cluster's: told, not condemned.
            let warning = if durable == "on" { "" } else { ": a loss of power may lose what was acknowledged" };
            findings.note(true, format!("fsync {durable}{warning}"));
            let loose: i64 = sql::<BigInt>("SELECT COUNT(*) FROM pg_constraint WHERE NOT convalidated").get_result(c)?;
            findings.note(loose == 0, format!("{loose} constraints that were never checked"));
        }
    }
    Ok(())
}

/// The signing key, and whether the vault's key opens what is sealed.
fn secrets(c: &mut Conn, given: Given, findings: &mut Findings) -> Result<()> {
    let known: i64 = signing_keys::table.count().get_result(c)?;
    let signing: i64 = signing_keys::table.filter(signing_keys::retired_at.is_null()).count().get_result(c)?;
    findings.note(signing > 0 || known == 0, if known == 0 { "no signing key yet; the first start makes one" } else { "a signing key" });
    match given {
        Err(why) => findings.note(false, why),
        Ok(secrets) => match startup::fits(c, secrets.as_ref())? {
            None => findings.note(
                true,
                "no secret is sealed: BINHDANG_SEAL_KEY, given to every server, seals them (on SQLite the first start makes a key)",
            ),
            Some(true) => findings.note(true, "the sealed secrets can be opened"),
            Some(false) => findings.note(false, format!("{SETTING}: the key does not open the sealed secrets, or there is none")),
        },
    }
    Ok(())
}

/// The audit trail, as `audit verify` looks it over.
fn trail(c: &mut Conn, kept: Option<Head>, findings: &mut Findings) -> Result<()> {
    let kept: Vec<(String, Head)> = kept.map(|head| (HEAD_FILE.to_owned(), head)).into_iter().collect();
    let verdict = audit::verify(c, &kept)?;
    let wrong = verdict.wrong.len() + verdict.untold;
    findings.note(
        wrong == 0,
        match verdict.wrong.first() {
            None => format!("the audit trail: {} events, {} waiting to be linked", verdict.events, verdict.waiting),
            Some(first) => format!("the audit trail: {wrong} faults (`audit verify` tells them); {first}"),
        },
    );
    Ok(())
}

fn people(c: &mut Conn, findings: &mut Findings) -> Result<()> {
    let people: i64 = accounts::table.count().get_result(c)?;
    let admins: i64 = grants::table
        .inner_join(accounts::table)
        .filter(accounts::active.eq(true))
        .filter(grants::role.eq("admin"))
        .count()
        .get_result(c)?;
    findings.note(admins > 0 || people == 0, format!("{people} accounts, {admins} grants to administrators"));
    Ok(())
}

fn data(c: &mut Conn, findings: &mut Findings) -> Result<()> {
    let active: Vec<(String, String)> = plans::table.filter(plans::status.eq("active")).select((plans::id, plans::code)).load(c)?;
    let with_periods: Vec<String> = reporting_periods::table.select(reporting_periods::plan_id).distinct().load(c)?;
    findings.note(true, format!("{} active plans", active.len()));
    for (_, code) in active.iter().filter(|(id, _)| !with_periods.contains(id)) {
        findings.note(false, format!("the plan {code} has no reporting periods"));
    }
    // Reports are made when a period opens: an open period without any would be silent for ever.
    let silent: i64 = sql::<BigInt>(
        "SELECT COUNT(*) FROM reporting_periods p WHERE p.status = 'open' AND EXISTS (SELECT 1 FROM period_units u WHERE u.period_id = p.id) \
         AND NOT EXISTS (SELECT 1 FROM reports r WHERE r.period_id = p.id)",
    )
    .get_result(c)
    .map_err(Error::from)?;
    findings.note(silent == 0, format!("{silent} open periods without reports"));
    Ok(())
}
