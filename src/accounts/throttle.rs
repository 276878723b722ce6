//! Slowing of guesses: repeated failures slow an account's name and an address, at every server, and never for ever. A
//! name that there is not is slowed like any other, so that nothing can be learnt from it. So are machines.

use crate::auth::{address, secret};
use crate::both;
use crate::config::SignIn;
use crate::db::schema::sign_in_failures as rows;
use crate::db::{self, Conn};
use crate::problem::{Problem, Result, codes};
use crate::values::clock::UtcTime;
use chrono::TimeDelta;
use diesel::prelude::*;

/// An address has so many times the free failures of a name: a whole office sits behind one.
const NAMES_BEHIND_AN_ADDRESS: i32 = 20;
/// Failures are forgotten after so long without another.
const WINDOW: TimeDelta = TimeDelta::minutes(15);
/// The first wait; each further failure doubles it.
const FIRST_WAIT: i64 = 4;

/// An attempt to prove a password: for whom, and from where.
#[derive(Debug, Clone)]
pub(super) struct Attempt {
    account: String,
    address: String,
    limits: SignIn,
}

impl Attempt {
    /// For this name to sign in with, from this address.
    pub fn new(limits: SignIn, login_key: &str, address: &str) -> Self {
        Self {
            account: format!("account:{}", secret::hash_token(login_key)),
            address: format!("address:{}", secret::hash_token(&address::network(address))),
            limits,
        }
    }

    /// For this machine, from this address. Its secret cannot be guessed, so it is slowed there alone: whoever knows its
    /// name must not hold it up where it works.
    pub fn of_machine(limits: SignIn, client_id: &str, address: &str) -> Self {
        let network = address::network(address);
        Self {
            account: format!("client:{}", secret::hash_token(&format!("{client_id} {network}"))),
            address: format!("address:{}", secret::hash_token(&network)),
            limits,
        }
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
            .filter(rows::id.eq_any([&self.account, &self.address]).and(rows::blocked_until.gt(now)))
            .order(rows::blocked_until.desc())
            .select((rows::id, rows::blocked_until))
            .first(c)
            .optional()?;
        let Some((id, Some(until))) = held else { return Ok(()) };
        let wait = (until.unix() - now.unix()).max(1);
        let quota = if id == self.account { self.limits.failures } else { self.of_an_address() };
        Err(Problem::new(codes::TOO_MANY_REQUESTS)
            .header("Retry-After", wait.to_string())
            .header("RateLimit", format!("\"sign-in\";r=0;t={wait}"))
            .header("RateLimit-Policy", format!("\"sign-in\";q={quota};w={}", WINDOW.num_seconds()))
            .into())
    }

    /// Counts a failure of the name and of the address.
    ///
    /// # Errors
    /// If the database fails.
    pub fn failed(&self, c: &mut Conn, now: UtcTime) -> Result<()> {
        // Always in this order, so that two failures do not wait for each other.
        let longest = self.limits.longest_wait;
        count(c, &self.account, self.limits.failures, longest, now)?;
        count(c, &self.address, self.of_an_address(), longest, now)
    }

    /// Whether the name has failures that a success forgets.
    ///
    /// # Errors
    /// If the database fails.
    pub fn has_failed(&self, c: &mut Conn) -> Result<bool> {
        Ok(rows::table.find(&self.account).select(rows::id).first::<String>(c).optional()?.is_some())
    }

    /// Forgets the failures of the name. Those of the address stay: one good account must not cover guesses at others.
    ///
    /// # Errors
    /// If the database fails.
    pub fn succeeded(&self, c: &mut Conn) -> Result<()> {
        diesel::delete(rows::table.find(&self.account)).execute(c)?;
        Ok(())
    }
}

fn count(c: &mut Conn, id: &str, free: i32, longest: i64, now: UtcTime) -> Result<()> {
    let fresh = (rows::id.eq(id), rows::failures.eq(0), rows::last_at.eq(now));
    both!(c, c => diesel::insert_into(rows::table).values(fresh).on_conflict(rows::id).do_nothing().execute(c))?;
    db::lock(c, "sign_in_failures", id)?;
    let (before, last): (i32, UtcTime) = rows::table.find(id).select((rows::failures, rows::last_at)).first(c)?;
    let failures = if last.plus(WINDOW) < now { 1 } else { before.saturating_add(1) };
    let until = wait(failures, free, longest).map(|seconds| now.plus(TimeDelta::seconds(seconds)));
    let counted = (rows::failures.eq(failures), rows::last_at.eq(now), rows::blocked_until.eq(until));
    diesel::update(rows::table.find(id)).set(counted).execute(c)?;
    Ok(())
}

/// For how many seconds to wait after so many failures, if at all.
fn wait(failures: i32, free: i32, longest: i64) -> Option<i64> {
    let beyond = u32::try_from(failures.checked_sub(free)?).ok()?;
    Some(FIRST_WAIT.saturating_mul(2_i64.saturating_pow(beyond)).min(longest))
}

/// Forgets failures that no longer count. For the periodic work of the service.
///
/// # Errors
/// If the database fails.
pub fn expire(c: &mut Conn, now: UtcTime) -> Result<usize> {
    Ok(diesel::delete(rows::table.filter(rows::last_at.lt(now.plus(-WINDOW * 4)))).execute(c)?)
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
}
