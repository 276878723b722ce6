//! The days on which something exists.

use chrono::NaiveDate;

/// From which day until which something exists, both included; open where no day is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Days {
    /// The first day.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub until: Option<NaiveDate>,
}

impl Days {
    /// From a first day until a last one.
    #[must_use]
    pub fn new(from: Option<NaiveDate>, until: Option<NaiveDate>) -> Self {
        Self { from, until }
    }

    /// Whether a day is one of them.
    #[must_use]
    pub fn hold(self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && !self.are_over(day)
    }

    /// Whether the last one lies before a day.
    #[must_use]
    pub fn are_over(self, day: NaiveDate) -> bool {
        self.until.is_some_and(|until| until < day)
    }

    /// Whether the last one lies before the first, so that there is none.
    #[must_use]
    pub fn are_reversed(self) -> bool {
        self.from.is_some_and(|from| self.are_over(from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_and_the_last_day_are_among_them() {
        let day = |text: &str| text.parse::<NaiveDate>().ok();
        let days = Days::new(day("2027-07-01"), day("2028-06-30"));
        let on = |text: &str| days.hold(day(text).unwrap());
        assert!(!on("2027-06-30") && on("2027-07-01") && on("2028-06-30") && !on("2028-07-01"));
        assert!(Days::default().hold(day("2027-06-30").unwrap()));
        assert!(days.are_over(day("2028-07-01").unwrap()) && !days.are_over(day("2027-06-30").unwrap()));
        assert!(Days::new(days.until, days.from).are_reversed());
        assert!(!Days::new(days.from, days.from).are_reversed() && !Days::new(None, days.until).are_reversed());
    }
}
