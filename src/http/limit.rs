//! How many requests an account and an address may make: a token bucket each, in the memory of this server. Off unless it
//! is set; the slowing of guesses at sign-in is another matter and always on.

use crate::problem::{Error, Problem, codes};
use actix_web::http::header::{HeaderName, HeaderValue};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicUsize, Ordering};

/// An address may make so many times the requests of an account: a whole office sits behind one.
const ACCOUNTS_BEHIND_AN_ADDRESS: u32 = 20;
/// The window that a quota is stated for, in seconds.
const WINDOW: u32 = 60;
/// After so many requests the buckets that are full again are forgotten.
const SWEEP_EVERY: usize = 4096;

type Buckets = RateLimiter<String, DashMapStateStore<String>, DefaultClock, StateInformationMiddleware>;

/// The limits of a server.
pub struct Limits {
    accounts: Limit,
    addresses: Limit,
    asked: AtomicUsize,
}

struct Limit {
    name: &'static str,
    quota: u32,
    buckets: Buckets,
}

/// Where a caller stands: what the headers of its answer say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    name: &'static str,
    quota: u32,
    left: u32,
    /// Seconds until all of the quota is there again.
    whole_in: u32,
}

impl Limit {
    fn new(name: &'static str, quota: NonZeroU32) -> Self {
        let buckets = RateLimiter::dashmap(Quota::per_minute(quota)).with_middleware::<StateInformationMiddleware>();
        Self { name, quota: quota.get(), buckets }
    }

    fn take(&self, whose: &str) -> Result<Standing, Error> {
        match self.buckets.check_key(&whose.to_owned()) {
            Ok(state) => {
                let left = state.remaining_burst_capacity();
                let spent = u64::from(self.quota.saturating_sub(left)) * u64::from(WINDOW);
                let whole_in = u32::try_from(spent.div_ceil(u64::from(self.quota.max(1)))).unwrap_or(WINDOW);
                Ok(Standing { name: self.name, quota: self.quota, left, whole_in })
            }
            Err(not_until) => {
                let wait = not_until.wait_time_from(DefaultClock::default().now()).as_secs() + 1;
                Err(Problem::new(codes::TOO_MANY_REQUESTS)
                    .header("Retry-After", wait.to_string())
                    .header("RateLimit", format!("\"{}\";r=0;t={wait}", self.name))
                    .header("RateLimit-Policy", format!("\"{}\";q={};w={WINDOW}", self.name, self.quota))
                    .into())
            }
        }
    }
}

impl Limits {
    /// So many requests a minute for an account; `None` if there is no limit.
    #[must_use]
    pub fn new(per_minute: u32) -> Option<Self> {
        let account = NonZeroU32::new(per_minute)?;
        let address = account.saturating_mul(NonZeroU32::new(ACCOUNTS_BEHIND_AN_ADDRESS)?);
        Some(Self { accounts: Limit::new("account", account), addresses: Limit::new("address", address), asked: AtomicUsize::new(0) })
    }

    /// Takes one of an address's requests.
    ///
    /// # Errors
    /// 429 with `Retry-After`.
    pub fn of_address(&self, address: &str) -> Result<Standing, Error> {
        if self.asked.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            self.accounts.buckets.retain_recent();
            self.addresses.buckets.retain_recent();
        }
        self.addresses.take(address)
    }

    /// Takes one of an account's requests.
    ///
    /// # Errors
    /// 429 with `Retry-After`.
    pub fn of_account(&self, account: &str) -> Result<Standing, Error> {
        self.accounts.take(account)
    }
}

impl Standing {
    /// `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10).
    #[must_use]
    pub fn headers(&self) -> [(HeaderName, Option<HeaderValue>); 2] {
        let Self { name, quota, left, whole_in } = self;
        [
            (HeaderName::from_static("ratelimit"), HeaderValue::try_from(format!("\"{name}\";r={left};t={whole_in}")).ok()),
            (HeaderName::from_static("ratelimit-policy"), HeaderValue::try_from(format!("\"{name}\";q={quota};w={WINDOW}")).ok()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_each_has_his_own() {
        assert!(Limits::new(0).is_none());
        let limits = Limits::new(3).expect("a limit");
        for left in [2, 1, 0] {
            assert_eq!(limits.of_account("a").expect("let in").left, left);
        }
        assert_eq!(limits.of_account("a").expect_err("held up").code(), Some(codes::TOO_MANY_REQUESTS));
        let [(_, limit), (_, policy)] = limits.of_account("b").expect("let in").headers();
        assert_eq!(limit.expect("a header"), "\"account\";r=2;t=20");
        assert_eq!(policy.expect("a header"), "\"account\";q=3;w=60");
        assert_eq!(limits.of_address("192.0.2.7").expect("let in").left, 59);
    }
}
