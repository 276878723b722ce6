//! Slowing of guesses: repeated failures slow an account's name and an address, at every server, and never for ever. A
//! name that there is not is slowed like any other, so that nothing can be learnt from it. So are machines.
//!
//! Attempts of people that are under way count as failures until their outcome is known, so that a hundred at once are
//! not a hundred free guesses. Those beyond the free ones wait, so that a hundred right ones at once all succeed.

use crate::app_state::AppState;
use crate::auth::{address, secret};
use crate::config::SignIn;
use crate::db::Conn;
use crate::db::schema::{sign_in_attempts as attempts, sign_in_failures as rows, sign_in_places as places};
use crate::problem::{Error, Problem, Result, codes};
use crate::values::clock::UtcTime;
use crate::{both, forget};
use chrono::TimeDelta;
use diesel::prelude::*;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// An address has so many times the free failures of a name: a whole office sits behind one.
const NAMES_BEHIND_AN_ADDRESS: i32 = 20;
/// Failures are forgotten after so long without another.
const WINDOW: TimeDelta = TimeDelta::minutes(15);
/// The first wait; each further failure doubles it.
const FIRST_WAIT: i64 = 4;
/// An attempt counts as under way for at most so long: its server may have crashed.
const LEASE: TimeDelta = TimeDelta::seconds(30);
/// For how long an attempt waits for the outcome of others.
const PATIENCE: Duration = Duration::from_secs(10);
/// Pauses between two looks at the others: the first, doubled up to the last.
const PAUSES: (Duration, Duration) = (Duration::from_millis(25), Duration::from_millis(250));
/// In how many seconds to come again where too many wait already, or have waited too long.
const COME_AGAIN: i64 = 5;
/// For how long it is remembered from where somebody signs in: some do so once a year.
const PLACES_KEPT: TimeDelta = TimeDelta::days(400);

/// An attempt to prove a password, a code or a secret: what its outcome counts for.
#[derive(Debug, Clone)]
pub(super) struct Attempt {
    id: String,
    /// Where a failure counts: of the name, or of the name at an address from where it has signed in before.
    counted: String,
    /// The name at this address; a machine is counted by it from the start.
    place: Option<String>,
    address: String,
    limits: SignIn,
}

impl Attempt {
    fn of_person(limits: SignIn, login_key: &str, address: &str) -> Self {
        let network = address::network(address);
        Self {
            id: uuid::Uuid::now_v7().to_string(),
            counted: format!("account:{}", secret::hash_token(login_key)),
            place: Some(format!("place:{}", secret::hash_token(&format!("{login_key} {network}")))),
            address: format!("address:{}", secret::hash_token(&network)),
            limits,
        }
    }

    /// Of this machine, from this address. Its secret cannot be guessed, so it is slowed there alone: whoever knows its
    /// name must not hold it up where it works. It is checked at once, so it is never under way.
    pub fn of_machine(limits: SignIn, client_id: &str, address: &str) -> Self {
        let network = address::network(address);
        Self {
            id: uuid::Uuid::now_v7().to_string(),
            counted: format!("client:{}", secret::hash_token(&format!("{client_id} {network}"))),
            place: None,
            address: format!("address:{}", secret::hash_token(&network)),
            limits,
        }
    }

    /// Lets a person try to prove who it is, by `work`, once enough others have done so. It goes on to its end if the
    /// client hangs up: a guess is not taken back. Where `work` tells neither success nor failure, nothing is counted.
    ///
    /// # Errors
    /// 429 with `Retry-After` if the name or the address must wait; what `work` answers.
    pub async fn run<T, F>(app: &Arc<AppState>, login_key: &str, address: &str, work: impl FnOnce(Self) -> F + 'static) -> Result<T>
    where
        T: 'static,
        F: Future<Output = Result<T>> + 'static,
    {
        let (app, attempt) = (app.clone(), Self::of_person(app.config.sign_in, login_key, address));
        let to_its_end = tokio::task::spawn_local(async move {
            let begun = attempt.begin(&app).await?;
            let outcome = work(begun.clone()).await;
            // A success has ended it already.
            if outcome.is_err()
                && let Err(error) = app.db.write(move |c| begun.end(c)).await
            {
                tracing::warn!(?error, "an attempt to sign in counts as under way until its time is over");
            }
            outcome
        });
        to_its_end.await.map_err(Error::internal)?
    }

    /// Waits until it may begin, and begins.
    async fn begin(self, app: &AppState) -> Result<Self> {
        let (began, mut pause, mut waiting) = (Instant::now(), PAUSES.0, None);
        loop {
            // A look first: whoever waits or is refused writes nothing.
            let asking = self.clone();
            if app.db.read(move |c| asking.placed(c)?.may_begin(c, UtcTime::now())).await? {
                let asking = self.clone();
                if let Some(begun) = app.db.write(move |c| asking.placed(c)?.start(c, UtcTime::now())).await? {
                    return Ok(begun);
                }
            }
            if waiting.is_none() {
                waiting = Some(app.auth.waiting.try_acquire().map_err(|_| too_many(COME_AGAIN, self.limits.failures))?);
            }
            if began.elapsed() >= PATIENCE {
                return Err(too_many(COME_AGAIN, self.limits.failures));
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSES.1);
        }
    }

    /// Counted by itself where the name has signed in before.
    fn placed(self, c: &mut Conn) -> Result<Self> {
        let Some(place) = &self.place else { return Ok(self) };
        let known: Option<String> = places::table.find(place).select(places::id).first(c).optional()?;
        Ok(match known {
            Some(counted) => Self { counted, ..self },
            None => self,
        })
    }

    fn may_begin(&self, c: &mut Conn, now: UtcTime) -> Result<bool> {
        self.admit(c, now)?;
        let counted: Option<(i32, UtcTime)> =
            rows::table.find(&self.counted).select((rows::failures, rows::last_at)).first(c).optional()?;
        let under_way: i64 =
            attempts::table.filter(attempts::failures_id.eq(&self.counted).and(attempts::until.gt(now))).count().get_result(c)?;
        let failures = counted.map_or(0, |(failures, last)| still_counted(failures, last, now));
        Ok(has_room(failures, under_way, self.limits.failures))
    }

    fn start(self, c: &mut Conn, now: UtcTime) -> Result<Option<Self>> {
        hold(c, &self.counted, now)?;
        if !self.may_begin(c, now)? {
            return Ok(None);
        }
        diesel::insert_into(attempts::table)
            .values((attempts::id.eq(&self.id), attempts::failures_id.eq(&self.counted), attempts::until.eq(now.plus(LEASE))))
            .execute(c)?;
        Ok(Some(self))
    }

    fn of_an_address(&self) -> i32 {
        self.limits.failures.saturating_mul(NAMES_BEHIND_AN_ADDRESS)
    }

    /// Goes on unless the name or the address must wait.
    ///
    /// # Errors
    /// 429 with `Retry-After`.
    pub fn admit(&self, c: &mut Conn, now: UtcTime) -> Result<()> {
        let held: Option<(String, Option<UtcTime>)> = rows::table
            .filter(rows::id.eq_any([&self.counted, &self.address]).and(rows::blocked_until.gt(now)))
            .order(rows::blocked_until.desc())
            .select((rows::id, rows::blocked_until))
            .first(c)
            .optional()?;
        let Some((id, Some(until))) = held else { return Ok(()) };
        let quota = if id == self.counted { self.limits.failures } else { self.of_an_address() };
        Err(too_many((until.unix() - now.unix()).max(1), quota))
    }

    /// The same where a failure is about to be counted: of those that failed at the same time, no more than are free are
    /// told so.
    ///
    /// # Errors
    /// 429 with `Retry-After`.
    pub fn admit_failure(&self, c: &mut Conn, now: UtcTime) -> Result<()> {
        hold(c, &self.counted, now)?;
        self.admit(c, now)
    }

    /// Counts a failure of the name and of the address.
    ///
    /// # Errors
    /// If the database fails.
    pub fn failed(&self, c: &mut Conn, now: UtcTime) -> Result<()> {
        // Always in this order, so that two failures do not wait for each other.
        let longest = self.limits.longest_wait;
        count(c, &self.counted, self.limits.failures, longest, now)?;
        self.end(c)?;
        count(c, &self.address, self.of_an_address(), longest, now)
    }

    /// Whether the name has failures that a success forgets.
    ///
    /// # Errors
    /// If the database fails.
    pub fn has_failed(&self, c: &mut Conn) -> Result<bool> {
        Ok(rows::table.find(&self.counted).filter(rows::failures.gt(0)).select(rows::id).first::<String>(c).optional()?.is_some())
    }

    /// Forgets the failures of the name, and remembers from where it has signed in. The failures of the address stay: one
    /// good account must not cover guesses at others.
    ///
    /// # Errors
    /// If the database fails.
    pub fn succeeded(&self, c: &mut Conn, now: UtcTime) -> Result<()> {
        let none = (rows::failures.eq(0), rows::blocked_until.eq(None::<UtcTime>));
        diesel::update(rows::table.find(&self.counted)).set(none).execute(c)?;
        if let Some(place) = &self.place {
            let seen = (places::id.eq(place), places::last_at.eq(now));
            both!(c, c => diesel::insert_into(places::table)
                .values(seen)
                .on_conflict(places::id)
                .do_update()
                .set(places::last_at.eq(now))
                .execute(c))?;
        }
        self.end(c)
    }

    /// It is under way no longer, and nothing is counted.
    ///
    /// # Errors
    /// If the database fails.
    pub fn end(&self, c: &mut Conn) -> Result<()> {
        diesel::delete(attempts::table.find(&self.id)).execute(c)?;
        Ok(())
    }
}

fn too_many(wait: i64, quota: i32) -> Error {
    Problem::new(codes::TOO_MANY_REQUESTS)
        .header("Retry-After", wait.to_string())
        .header("RateLimit", format!("\"sign-in\";r=0;t={wait}"))
        .header("RateLimit-Policy", format!("\"sign-in\";q={quota};w={}", WINDOW.num_seconds()))
        .into()
}

/// Keeps others from this row until the transaction ends; makes it if there is none.
fn hold(c: &mut Conn, id: &str, now: UtcTime) -> Result<()> {
    let fresh = (rows::id.eq(id), rows::failures.eq(0), rows::last_at.eq(now));
    both!(c, c => diesel::insert_into(rows::table)
        .values(fresh)
        .on_conflict(rows::id)
        .do_update()
        .set(rows::failures.eq(rows::failures))
        .execute(c))?;
    Ok(())
}

fn count(c: &mut Conn, id: &str, free: i32, longest: i64, now: UtcTime) -> Result<()> {
    hold(c, id, now)?;
    let (before, last): (i32, UtcTime) = rows::table.find(id).select((rows::failures, rows::last_at)).first(c)?;
    let failures = still_counted(before, last, now).saturating_add(1);
    let until = wait(failures, free, longest).map(|seconds| now.plus(TimeDelta::seconds(seconds)));
    let counted = (rows::failures.eq(failures), rows::last_at.eq(now), rows::blocked_until.eq(until));
    diesel::update(rows::table.find(id)).set(counted).execute(c)?;
    Ok(())
}

/// How many failures still count, the last of them being so long ago.
fn still_counted(failures: i32, last: UtcTime, now: UtcTime) -> i32 {
    if last.plus(WINDOW) < now { 0 } else { failures }
}

/// Whether an attempt may begin beside those under way: as many as failures are still free, and one where none is.
fn has_room(failures: i32, under_way: i64, free: i32) -> bool {
    under_way < i64::from(free.saturating_sub(failures).max(1))
}

/// For how many seconds to wait after so many failures, if at all.
fn wait(failures: i32, free: i32, longest: i64) -> Option<i64> {
    let beyond = u32::try_from(failures.checked_sub(free)?).ok()?;
    Some(FIRST_WAIT.saturating_mul(2_i64.saturating_pow(beyond)).min(longest))
}

/// Forgets, a batch at a time, what no longer counts: failures, attempts that were never ended, and places from where
/// nobody has signed in for long. Answers whether there is more.
///
/// # Errors
/// If the database fails.
pub(super) fn expire(c: &mut Conn, limits: SignIn, now: UtcTime) -> Result<bool> {
    let longest = (WINDOW * 4).max(TimeDelta::seconds(limits.longest_wait));
    let more = forget!(c, rows::table, rows::last_at, now.plus(-longest));
    let more = forget!(c, attempts::table, attempts::until, now) || more;
    Ok(forget!(c, places::table, places::last_at, now.plus(-PLACES_KEPT)) || more)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_and_end() {
        let waits: Vec<_> = (3..14).map(|n| wait(n, 5, 300)).collect();
        let some = [4, 8, 16, 32, 64, 128, 256, 300, 300].map(Some);
        assert_eq!(waits[..2], [None, None]);
        assert_eq!(waits[2..], some);
        assert_eq!(wait(i32::MAX, 5, 300), Some(300));
        assert_eq!(wait(99, 100, 300), None);
    }

    #[test]
    fn those_under_way_count_as_failures_and_one_may_always_try() {
        for (failures, under_way, room) in [
            (0, 0, true),
            (0, 4, true),
            (0, 5, false),
            (3, 1, true),
            (3, 2, false),
            (5, 0, true),
            (5, 1, false),
            (900, 0, true),
            (900, 1, false),
        ] {
            assert_eq!(has_room(failures, under_way, 5), room, "{failures} {under_way}");
        }
    }

    #[test]
    fn failures_are_forgotten_after_a_while() {
        let last = UtcTime::parse("2026-11-24T17:00:00Z").expect("an instant");
        assert_eq!(still_counted(7, last, last.plus(WINDOW)), 7);
        assert_eq!(still_counted(7, last, last.plus(WINDOW + TimeDelta::seconds(1))), 0);
    }
}
