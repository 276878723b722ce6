//! Numbers as they are written. Bounds are compared digit by digit: `1e400` has no double, and `0.1` is none exactly.

use std::cmp::Ordering;

/// Beyond every exponent that somebody means.
const FAR: i64 = i64::MAX / 4;

/// A JSON number: its sign, its significant digits (no nought at either end) and the power of ten behind them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Exact {
    negative: bool,
    digits: String,
    exponent: i64,
}

impl Exact {
    /// Reads the text of a JSON number (RFC 8259 section 6).
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (negative, size) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, exponent) = match size.split_once(['e', 'E']) {
            Some((mantissa, written)) => (mantissa, exponent(written)),
            None => (size, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        if all.is_empty() || !all.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let significant = all.trim_start_matches('0');
        let digits = significant.trim_end_matches('0');
        if digits.is_empty() {
            return Some(Self { negative: false, digits: String::new(), exponent: 0 });
        }
        let dropped = length(significant) - length(digits);
        Some(Self { negative, digits: digits.to_owned(), exponent: exponent - length(fraction) + dropped })
    }

    /// Whether nothing stands behind the point.
    pub(super) fn is_whole(&self) -> bool {
        self.exponent >= 0
    }

    /// The value, if it is whole and fits.
    pub(super) fn to_i64(&self) -> Option<i64> {
        let zeros = usize::try_from(self.exponent).ok().filter(|zeros| *zeros < 20)?;
        let sign = if self.negative { "-" } else { "" };
        format!("{sign}0{}{}", self.digits, "0".repeat(zeros)).parse().ok()
    }

    /// The power of ten of the first digit, and the digits: without noughts at the end they sort like text.
    fn size(&self) -> (i64, &str) {
        if self.digits.is_empty() { (-FAR, "") } else { (length(&self.digits) + self.exponent, &self.digits) }
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => self.size().cmp(&other.size()),
            (true, true) => other.size().cmp(&self.size()),
        }
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn length(text: &str) -> i64 {
    i64::try_from(text.len()).unwrap_or(FAR)
}

/// The exponent; one that is too long for an `i64` is merely far off.
fn exponent(written: &str) -> i64 {
    let far = if written.starts_with('-') { 1 - FAR } else { FAR };
    written.parse::<i64>().map_or(far, |e| e.clamp(1 - FAR, FAR))
}

#[cfg(test)]
mod tests {
    use super::Exact;
    use proptest::prelude::*;

    fn exact(text: &str) -> Exact {
        Exact::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn numbers_are_ordered_without_doubles() {
        let rising = [
            "-1e400",
            "-2",
            "-1.5",
            "-1e-400",
            "0",
            "1e-99999999999999999999",
            "0.1",
            "0.10000000000000000000001",
            "9",
            "10",
            "11",
            "1e400",
            "1e99999999999999999999",
        ];
        for pair in rising.windows(2) {
            assert!(exact(pair[0]) < exact(pair[1]), "{pair:?}");
        }
        for (a, b) in [("-0", "0"), ("1e2", "100.00"), ("0e99999999999999999999", "0"), ("12345e-4", "1.2345")] {
            assert_eq!(exact(a), exact(b));
        }
    }

    #[test]
    fn whole_numbers_are_known_by_their_value() {
        for (text, whole) in [
            ("3.0", Some(3)),
            ("1e2", Some(100)),
            ("-0.0", Some(0)),
            ("3.5", None),
            ("1e400", None),
            ("-9223372036854775808", Some(i64::MIN)),
        ] {
            assert_eq!(exact(text).to_i64(), whole, "{text}");
        }
        assert!(exact("1e400").is_whole() && !exact("1e-400").is_whole());
        assert_eq!(Exact::parse("1,4"), None);
    }

    proptest! {
        #[test]
        fn integers_compare_as_integers(a in any::<i64>(), b in any::<i64>()) {
            prop_assert_eq!(exact(&a.to_string()).cmp(&exact(&b.to_string())), a.cmp(&b));
            prop_assert_eq!(exact(&a.to_string()).to_i64(), Some(a));
        }
    }
}
