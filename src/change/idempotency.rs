//! `Idempotency-Key`: the stored answer commits together with the effect.
//!
//! A key is claimed first in a short transaction of its own, so that a twin request is told `in_progress` instead of
//! waiting. A crash leaves a claim that expires and no effect, so a retry is safe.

use crate::db::schema::idempotency_keys as keys;
use crate::db::{self, Conn, Database};
use crate::forget;
use crate::problem::{Result, codes};
use crate::values::clock::UtcTime;
use chrono::TimeDelta;
use diesel::prelude::*;

/// For how long a claim holds after its server has crashed.
const CLAIM: TimeDelta = TimeDelta::seconds(60);
/// For how long an answer is kept.
const KEPT: TimeDelta = TimeDelta::hours(24);

/// A key and what it was sent with.
#[derive(Debug, Clone)]
pub struct Key {
    /// The account.
    pub account: String,
    /// The method.
    pub method: String,
    /// The path.
    pub path: String,
    /// The header's value.
    pub key: String,
    /// SHA-256 of query and body.
    pub fingerprint: String,
}

/// An answer that can be kept and given again.
pub trait Replayable: Sized {
    /// As it is kept: without what is told once.
    ///
    /// # Errors
    /// Internal, if it has no such form.
    fn stored(&self) -> Result<String>;

    /// What was kept, marked as a replay.
    ///
    /// # Errors
    /// Internal, if this is none.
    fn replayed(stored: &str) -> Result<Self>;
}

enum Claim<A> {
    Mine(UtcTime),
    Stored(A),
}

/// Runs a write once per key.
///
/// # Errors
/// What the write answers; 422 `idempotency.key_reused`, 409 `idempotency.in_progress`.
pub async fn run<A: Replayable + Send + 'static>(
    db: &Database,
    key: Key,
    f: impl FnOnce(&mut Conn) -> Result<A> + Send + 'static,
) -> Result<A> {
    let claimed = key.clone();
    let until = match db.write(move |c| claim::<A>(c, &claimed)).await? {
        Claim::Stored(reply) => return Ok(reply),
        Claim::Mine(until) => until,
    };
    let held = key.clone();
    let result = db
        .write(move |c| {
            let reply = f(c)?;
            store(c, &held, until, &reply)?;
            Ok(reply)
        })
        .await;
    if result.is_err() {
        let freed = db.write(move |c| free(c, &key, until)).await;
        if let Err(error) = freed {
            tracing::warn!(?error, "an idempotency key stays claimed until its claim expires");
        }
    }
    result
}

fn claim<A: Replayable>(c: &mut Conn, key: &Key) -> Result<Claim<A>> {
    let now = UtcTime::now();
    let until = now.plus(CLAIM);
    let pk = (key.account.as_str(), key.method.as_str(), key.path.as_str(), key.key.as_str());
    diesel::delete(keys::table.find(pk).filter(keys::expires_at.le(now))).execute(c)?;
    let found: Option<(String, Option<String>, UtcTime)> =
        keys::table.find(pk).select((keys::fingerprint, keys::answer, keys::claimed_until)).first(c).optional()?;
    let Some((fingerprint, answer, claimed_until)) = found else {
        diesel::insert_into(keys::table)
            .values((
                keys::account_id.eq(&key.account),
                keys::method.eq(&key.method),
                keys::path.eq(&key.path),
                keys::idempotency_key.eq(&key.key),
                keys::fingerprint.eq(&key.fingerprint),
                keys::claimed_until.eq(until),
                keys::expires_at.eq(now.plus(KEPT)),
            ))
            .execute(c)
            .map_err(db::unique_means(codes::IDEMPOTENCY_IN_PROGRESS))?;
        return Ok(Claim::Mine(until));
    };
    if fingerprint != key.fingerprint {
        return Err(codes::IDEMPOTENCY_KEY_REUSED.into());
    }
    if let Some(answer) = answer {
        return Ok(Claim::Stored(A::replayed(&answer)?));
    }
    if claimed_until > now {
        return Err(codes::IDEMPOTENCY_IN_PROGRESS.into());
    }
    let taken =
        diesel::update(keys::table.find(pk).filter(keys::claimed_until.eq(claimed_until))).set(keys::claimed_until.eq(until)).execute(c)?;
    if taken == 1 { Ok(Claim::Mine(until)) } else { Err(codes::IDEMPOTENCY_IN_PROGRESS.into()) }
}

fn store(c: &mut Conn, key: &Key, until: UtcTime, answer: &impl Replayable) -> Result<()> {
    let pk = (key.account.as_str(), key.method.as_str(), key.path.as_str(), key.key.as_str());
    let stored =
        diesel::update(keys::table.find(pk).filter(keys::claimed_until.eq(until))).set(keys::answer.eq(answer.stored()?)).execute(c)?;
    // Too slow: somebody else holds the key now, so this effect must not stand.
    if stored == 1 { Ok(()) } else { Err(codes::IDEMPOTENCY_IN_PROGRESS.into()) }
}

fn free(c: &mut Conn, key: &Key, until: UtcTime) -> Result<()> {
    let pk = (key.account.as_str(), key.method.as_str(), key.path.as_str(), key.key.as_str());
    diesel::delete(keys::table.find(pk).filter(keys::claimed_until.eq(until)).filter(keys::answer.is_null())).execute(c)?;
    Ok(())
}

/// Forgets, a batch at a time, the keys whose answers need not be kept any longer. Answers whether there are more.
///
/// # Errors
/// If the database fails.
pub fn expire(c: &mut Conn, now: UtcTime) -> Result<bool> {
    Ok(forget!(c, keys::table, keys::expires_at, now))
}
