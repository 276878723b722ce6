//! The days on which a grant holds: pure.

use crate::values::clock::UtcTime;
use crate::values::period::{local_midnight, today_local};
use chrono::NaiveDate;

/// From a day until a day, both included, in local time; without one of them there is no bound.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Validity {
    /// The first day.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub until: Option<NaiveDate>,
}

impl Validity {
    /// Whether it holds at this instant.
    #[must_use]
    pub fn holds(self, now: UtcTime) -> bool {
        let today = today_local(now);
        self.from.is_none_or(|first| first <= today) && self.until.is_none_or(|last| today <= last)
    }

    /// Whether it holds at this instant and from then on.
    #[must_use]
    pub fn lasts(self, now: UtcTime) -> bool {
        self.until.is_none() && self.holds(now)
    }

    /// The next instant at which it begins or ends to hold.
    #[must_use]
    pub fn next_change(self, now: UtcTime) -> Option<UtcTime> {
        let ends = self.until.and_then(|last| last.succ_opt());
        [self.from, ends].into_iter().flatten().map(local_midnight).filter(|at| now < *at).min()
    }

    /// Whether there is a day on which both hold.
    #[must_use]
    pub fn meets(self, other: Self) -> bool {
        let ends_before = |a: Self, b: Self| a.until.zip(b.from).is_some_and(|(last, first)| last < first);
        !ends_before(self, other) && !ends_before(other, self)
    }

    /// Whether the other holds on every day on which this one does.
    #[must_use]
    pub fn within(self, other: Self) -> bool {
        let begins = other.from.is_none_or(|first| self.from.is_some_and(|own| first <= own));
        let ends = other.until.is_none_or(|last| self.until.is_some_and(|own| own <= last));
        begins && ends
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Option<NaiveDate> {
        (!text.is_empty()).then(|| text.parse().unwrap())
    }

    fn days(from: &str, until: &str) -> Validity {
        Validity { from: day(from), until: day(until) }
    }

    fn at(text: &str) -> UtcTime {
        UtcTime::parse(text).unwrap()
    }

    #[test]
    fn both_days_count_and_are_local() {
        let march = days("2027-03-01", "2027-03-31");
        for (now, holds, next) in [
            ("2027-02-28T16:59:59Z", false, Some("2027-02-28T17:00:00Z")),
            ("2027-02-28T17:00:00Z", true, Some("2027-03-31T17:00:00Z")),
            ("2027-03-31T16:59:59Z", true, Some("2027-03-31T17:00:00Z")),
            ("2027-03-31T17:00:00Z", false, None),
        ] {
            assert_eq!((march.holds(at(now)), march.next_change(at(now))), (holds, next.map(at)), "{now}");
            assert!(!march.lasts(at(now)));
        }
        assert!(days("", "").lasts(at("2027-03-31T17:00:00Z")) && !days("2027-05-01", "").lasts(at("2027-03-31T17:00:00Z")));
        assert_eq!(days("", "").next_change(at("2027-03-31T17:00:00Z")), None);
    }

    #[test]
    fn spans_meet_where_they_share_a_day() {
        for (a, b, meet) in [
            (days("", ""), days("", ""), true),
            (days("", "2027-03-31"), days("2027-03-31", ""), true),
            (days("", "2027-03-31"), days("2027-04-01", ""), false),
            (days("2027-01-01", "2027-12-31"), days("2027-03-01", "2027-03-02"), true),
        ] {
            assert_eq!((a.meets(b), b.meets(a)), (meet, meet), "{a:?} {b:?}");
        }
    }

    #[test]
    fn a_span_lies_within_another() {
        let march = days("2027-03-01", "2027-03-31");
        assert!(march.within(march) && march.within(days("", "")) && days("2027-03-02", "2027-03-30").within(march));
        for longer in [days("", ""), days("2027-03-01", ""), days("", "2027-03-31"), days("2027-02-28", "2027-03-31")] {
            assert!(!longer.within(march), "{longer:?}");
        }
    }
}
