//! When a message is tried again, and what an answer means: pure.

use super::wire::{Attempt, AttemptError, DeliveryStatus};
use crate::values::clock::UtcTime;
use chrono::TimeDelta;

/// How long to wait after each attempt that failed: ten attempts in a little more than three days (Standard Webhooks, "Retries").
const WAITS: [TimeDelta; 9] = [
    TimeDelta::seconds(5),
    TimeDelta::minutes(5),
    TimeDelta::minutes(30),
    TimeDelta::hours(2),
    TimeDelta::hours(5),
    TimeDelta::hours(10),
    TimeDelta::hours(14),
    TimeDelta::hours(20),
    TimeDelta::hours(24),
];

/// The status by which a receiver says that it wants no more (RFC 9110 section 15.5.11).
const GONE: u16 = 410;

/// For how long a secret that was rotated signs beside the new one.
pub(super) const OVERLAP: TimeDelta = TimeDelta::hours(24);

/// What becomes of a delivery after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Verdict {
    pub status: DeliveryStatus,
    pub next_attempt_at: Option<UtcTime>,
    /// Whether nothing more is to be sent there.
    pub disables: bool,
}

/// What an answer of this status means.
pub(super) fn error_of(status: u16) -> Option<AttemptError> {
    (!(200..300).contains(&status)).then_some(AttemptError::Status)
}

/// What becomes of a delivery after the attempt that is its `number`th.
pub(super) fn verdict(number: i32, attempt: &Attempt, now: UtcTime) -> Verdict {
    if attempt.error.is_none() {
        return Verdict { status: DeliveryStatus::Delivered, next_attempt_at: None, disables: false };
    }
    let wait = usize::try_from(number - 1).ok().and_then(|passed| WAITS.get(passed));
    Verdict {
        status: if wait.is_some() { DeliveryStatus::Pending } else { DeliveryStatus::DeadLettered },
        next_attempt_at: wait.map(|wait| now.plus(*wait)),
        disables: attempt.status == Some(GONE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> UtcTime {
        UtcTime::parse("2026-11-26T03:00:00Z").unwrap()
    }

    fn answered(status: u16) -> Attempt {
        Attempt { at: now(), duration_ms: 1, status: Some(status), error: error_of(status) }
    }

    #[test]
    fn only_2xx_is_a_success() {
        for (status, delivered) in
            [(200, true), (204, true), (299, true), (199, false), (301, false), (304, false), (404, false), (500, false)]
        {
            let verdict = verdict(1, &answered(status), now());
            assert_eq!(verdict.status == DeliveryStatus::Delivered, delivered, "{status}");
            assert_eq!(verdict.next_attempt_at.is_none(), delivered);
        }
    }

    #[test]
    fn it_is_tried_for_three_days_and_then_given_up() {
        let mut at = now();
        let mut attempts = 1;
        while let Some(next) = verdict(attempts, &answered(500), at).next_attempt_at {
            assert!(next > at);
            (at, attempts) = (next, attempts + 1);
        }
        assert_eq!(attempts, 10);
        assert!(at >= now().plus(TimeDelta::days(3)) && at < now().plus(TimeDelta::days(4)));
        assert_eq!(verdict(attempts, &answered(500), at).status, DeliveryStatus::DeadLettered);
    }

    #[test]
    fn gone_means_gone() {
        assert!(verdict(1, &answered(410), now()).disables);
        assert!(!verdict(1, &answered(404), now()).disables);
    }
}
