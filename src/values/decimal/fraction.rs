//! Sums of quantities and their exact quotients.

use super::{DIGITS, Decimal4, SCALE};
use std::cmp::Ordering;

/// A sum of [`Decimal4`]s in ten-thousandths: room for 10^23 of the largest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Quantity(i128);

impl Quantity {
    /// Nought.
    pub const ZERO: Self = Self(0);

    /// From a whole number.
    #[must_use]
    pub fn from_int(whole: u32) -> Self {
        Self(i128::from(whole) * i128::from(SCALE))
    }

    /// The sum in ten-thousandths.
    #[must_use]
    pub fn scaled(self) -> i128 {
        self.0
    }

    /// Whether it is nought.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// As one reported quantity, exactly; `None` if it has outgrown that.
    #[must_use]
    pub fn to_decimal(self) -> Option<Decimal4> {
        i64::try_from(self.0).ok().and_then(Decimal4::from_scaled)
    }
}

impl From<Decimal4> for Quantity {
    fn from(value: Decimal4) -> Self {
        Self(i128::from(value.0))
    }
}

impl std::ops::Add for Quantity {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl std::iter::Sum for Quantity {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::ZERO, |sum, part| sum + part)
    }
}

/// An exact quotient, in lowest terms and with a positive denominator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fraction {
    numerator: i128,
    denominator: i128,
}

impl Fraction {
    /// A quotient; `None` if the denominator is nought (or a part has no positive counterpart).
    #[must_use]
    pub fn new(numerator: i128, denominator: i128) -> Option<Self> {
        if denominator == 0 {
            return None;
        }
        let divisor = gcd(numerator, denominator)?;
        let (numerator, denominator) = (numerator / divisor, denominator / divisor);
        if denominator > 0 {
            return Some(Self { numerator, denominator });
        }
        Some(Self { numerator: numerator.checked_neg()?, denominator: denominator.checked_neg()? })
    }

    /// `numerator / denominator × multiplier`, how every percentage, ratio and rate is made; `None` if the denominator is
    /// nought. Sums of up to 10^8 of the largest quantities fit.
    #[must_use]
    pub fn of(numerator: Quantity, denominator: Quantity, multiplier: Decimal4) -> Option<Self> {
        let quotient = Self::new(numerator.0, denominator.0)?;
        let factor = Self::from(multiplier);
        let left = Self::new(quotient.numerator, factor.denominator)?;
        let right = Self::new(factor.numerator, quotient.denominator)?;
        Self::new(left.numerator.checked_mul(right.numerator)?, left.denominator.checked_mul(right.denominator)?)
    }

    /// The numerator in lowest terms.
    #[must_use]
    pub fn numerator(self) -> i128 {
        self.numerator
    }

    /// The denominator in lowest terms, above nought.
    #[must_use]
    pub fn denominator(self) -> i128 {
        self.denominator
    }

    /// The difference; `None` if it outgrows 128 bits.
    #[must_use]
    pub fn minus(self, other: Self) -> Option<Self> {
        let shared = gcd(self.denominator, other.denominator)?;
        let (own, others) = (self.denominator / shared, other.denominator / shared);
        let left = self.numerator.checked_mul(others)?;
        let right = other.numerator.checked_mul(own)?;
        Self::new(left.checked_sub(right)?, self.denominator.checked_mul(others)?)
    }

    /// The product with a whole number; `None` if it outgrows 128 bits.
    #[must_use]
    pub fn times(self, factor: i128) -> Option<Self> {
        let reduced = Self::new(factor, self.denominator)?;
        Self::new(self.numerator.checked_mul(reduced.numerator)?, reduced.denominator)
    }

    /// The same without its sign.
    #[must_use]
    pub fn abs(self) -> Self {
        Self { numerator: self.numerator.saturating_abs(), denominator: self.denominator }
    }

    /// Rounded once, half away from zero, to 4 digits; `None` if the result is no [`Decimal4`].
    #[must_use]
    pub fn round4(self) -> Option<Decimal4> {
        let mut scaled = self.numerator / self.denominator;
        let mut rest = (self.numerator % self.denominator).abs();
        let away = if self.numerator < 0 { -1 } else { 1 };
        for _ in 0..DIGITS {
            rest = rest.checked_mul(10)?;
            scaled = scaled.checked_mul(10)?.checked_add(away * (rest / self.denominator))?;
            rest %= self.denominator;
        }
        if rest >= self.denominator - rest {
            scaled = scaled.checked_add(away)?;
        }
        Quantity(scaled).to_decimal()
    }
}

/// The greatest common divisor, above nought unless both are nought; `None` for `i128::MIN`, which has no counterpart.
fn gcd(a: i128, b: i128) -> Option<i128> {
    let (mut a, mut b) = (a.checked_abs()?, b.checked_abs()?);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    Some(a)
}

impl From<Decimal4> for Fraction {
    fn from(value: Decimal4) -> Self {
        Quantity::from(value).into()
    }
}

impl From<Quantity> for Fraction {
    fn from(value: Quantity) -> Self {
        let scale = i128::from(SCALE);
        Self::new(value.0, scale).unwrap_or(Self { numerator: value.0, denominator: scale })
    }
}

impl Ord for Fraction {
    /// Compares the two as continued fractions, whole part by whole part: cross products could outgrow 128 bits.
    fn cmp(&self, other: &Self) -> Ordering {
        let (mut a, mut b, mut c, mut d) = (self.numerator, self.denominator, other.numerator, other.denominator);
        loop {
            match a.div_euclid(b).cmp(&c.div_euclid(d)) {
                Ordering::Equal => {}
                decided => return decided,
            }
            match (a.rem_euclid(b), c.rem_euclid(d)) {
                (0, 0) => return Ordering::Equal,
                (0, _) => return Ordering::Less,
                (_, 0) => return Ordering::Greater,
                // rest/b < rest'/d exactly when d/rest' < b/rest.
                (rest, other_rest) => (a, b, c, d) = (d, other_rest, b, rest),
            }
        }
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn quantity(text: &str) -> Quantity {
        Decimal4::parse(text).unwrap().into()
    }

    fn shown(numerator: &str, denominator: &str, multiplier: &str) -> Option<String> {
        let fraction = Fraction::of(quantity(numerator), quantity(denominator), Decimal4::parse(multiplier).unwrap())?;
        fraction.round4().map(|value| value.to_string())
    }

    #[test]
    fn quotients_round_half_away_from_zero() {
        assert_eq!(shown("14", "30", "100").as_deref(), Some("46.6667"));
        assert_eq!(shown("1", "3", "100").as_deref(), Some("33.3333"));
        assert_eq!(shown("1", "80000", "1").as_deref(), Some("0"));
        assert_eq!(shown("1", "20000", "1").as_deref(), Some("0.0001"));
        assert_eq!(shown("-1", "20000", "1").as_deref(), Some("-0.0001"));
        assert_eq!(shown("3", "20000", "1").as_deref(), Some("0.0002"));
        assert_eq!(shown("3.0333", "1.7", "1").as_deref(), Some("1.7843"));
        assert_eq!(shown("2", "6543", "100000").as_deref(), Some("30.567"));
        assert_eq!(shown("5", "0", "100"), None);
        assert_eq!(shown("99999999999.9999", "0.0001", "99999999999.9999"), None);
    }

    #[test]
    fn extremes_compare_without_overflow() {
        let huge = |n| Fraction::new(i128::MAX - n, i128::MAX - 1 - n).unwrap();
        assert!(huge(0) < huge(1));
        assert!(Fraction::new(1, i128::MAX).unwrap() < Fraction::new(1, i128::MAX - 1).unwrap());
        assert_eq!(Fraction::new(i128::MIN, 3), None);
        assert_eq!(Fraction::new(-3, -6), Fraction::new(1, 2));
    }

    fn small() -> impl Strategy<Value = (i128, i128)> {
        (-1_000_000_000_000_000_i128..1_000_000_000_000_000, 1..1_000_000_000_000_000_i128)
    }

    proptest! {
        #[test]
        fn order_is_that_of_cross_products((a, b) in small(), (c, d) in small()) {
            let order = Fraction::new(a, b).unwrap().cmp(&Fraction::new(c, d).unwrap());
            prop_assert_eq!(order, (a * d).cmp(&(c * b)));
        }

        #[test]
        fn neighbours_are_told_apart(a in -1_000_000..1_000_000_i128, b in 1..1_000_000_i128) {
            let (near, exact) = (Fraction::new(a * 1_000_000 + 1, b * 1_000_000).unwrap(), Fraction::new(a, b).unwrap());
            prop_assert!(exact < near);
        }

        #[test]
        fn rounding_is_never_off_by_more_than_half((a, b) in small()) {
            if let Some(rounded) = Fraction::new(a, b).unwrap().round4() {
                let error = a * 10_000 - i128::from(rounded.scaled()) * b;
                prop_assert!(2 * error.abs() <= b);
                // A tie goes away from zero: what is left then points back to it.
                prop_assert!(2 * error.abs() != b || error.signum() != a.signum());
            } else {
                prop_assert!(a.abs() / b >= 99_999_999_999);
            }
        }

        #[test]
        fn differences_add_up((a, b) in small(), (c, d) in small()) {
            let (x, y) = (Fraction::new(a, b).unwrap(), Fraction::new(c, d).unwrap());
            let difference = x.minus(y).unwrap();
            prop_assert_eq!(Fraction::new(a * d - c * b, b * d).unwrap(), difference);
            prop_assert_eq!(difference.cmp(&Fraction::new(0, 1).unwrap()), x.cmp(&y));
        }

        #[test]
        fn products_with_whole_numbers_are_exact((a, b) in small(), n in -1000..1000_i128) {
            prop_assert_eq!(Fraction::new(a, b).unwrap().times(n), Fraction::new(a * n, b));
        }

        #[test]
        fn a_quantity_is_its_own_fraction(scaled in -1_000_000_000_000_i64..1_000_000_000_000) {
            let value = Decimal4::from_scaled(scaled).unwrap();
            prop_assert_eq!(Fraction::from(value).round4(), Some(value));
            prop_assert_eq!(Quantity::from(value).to_decimal(), Some(value));
        }
    }
}
