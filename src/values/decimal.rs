//! Exact decimals: the quantities that people report, their sums and their quotients. No binary float ever takes part
//! in a calculation, so that 25.00 is not "below 25" and a sum does not depend on the order of its parts.

mod fraction;

pub use fraction::{Fraction, Quantity};

use diesel_derive_newtype::DieselNewType;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _, ser::Error as _};
use std::fmt;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, SchemaFormat, Type};

/// How many scaled units make one whole.
const SCALE: i64 = 10_000;
/// Fractional digits that are kept.
const DIGITS: i64 = 4;
/// Digits before the point that are allowed.
const WHOLE_DIGITS: i64 = 11;
/// The first scaled value that is too large: 10^11. Below it a double still tells two neighbours apart.
const LIMIT: i64 = 100_000_000_000 * SCALE;
/// The same unscaled, for the document.
const BOUND: isize = 100_000_000_000;

/// A quantity with at most 4 fractional digits and |x| < 10^11; on the wire a JSON number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, DieselNewType)]
pub struct Decimal4(i64);

/// Why a text is not a [`Decimal4`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecimalError {
    /// It is not a number as JSON writes one.
    NotANumber,
    /// It has more than 4 fractional digits.
    TooManyDigits,
    /// It is 10^11 or more, or -10^11 or less.
    TooLarge,
}

impl fmt::Display for DecimalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotANumber => "not a number",
            Self::TooManyDigits => "more than 4 fractional digits",
            Self::TooLarge => "not between -10^11 and 10^11",
        })
    }
}

impl std::error::Error for DecimalError {}

impl Decimal4 {
    /// Nought.
    pub const ZERO: Self = Self(0);

    /// Reads the text of a JSON number (RFC 8259 section 6) exactly, exponents too: `0.10000` and `1e2` are fine.
    ///
    /// # Errors
    /// [`DecimalError`] says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, DecimalError> {
        let (negative, digits, exponent) = scan(text.as_bytes()).ok_or(DecimalError::NotANumber)?;
        if digits.is_empty() {
            return Ok(Self::ZERO);
        }
        let length = i64::try_from(digits.len()).map_err(|_| DecimalError::TooLarge)?;
        if length.saturating_add(exponent) > WHOLE_DIGITS {
            return Err(DecimalError::TooLarge);
        }
        if exponent < -DIGITS {
            return Err(DecimalError::TooManyDigits);
        }
        let zeros = u32::try_from(exponent + DIGITS).map_err(|_| DecimalError::TooLarge)?;
        let mantissa = digits.iter().fold(0_i64, |m, digit| m * 10 + i64::from(*digit));
        let scaled = 10_i64.checked_pow(zeros).and_then(|power| mantissa.checked_mul(power)).ok_or(DecimalError::TooLarge)?;
        Self::from_scaled(if negative { -scaled } else { scaled }).ok_or(DecimalError::TooLarge)
    }

    /// From ten-thousandths; `None` beyond the range.
    #[must_use]
    pub fn from_scaled(scaled: i64) -> Option<Self> {
        (-LIMIT < scaled && scaled < LIMIT).then_some(Self(scaled))
    }

    /// From a whole number; `None` beyond the range.
    #[must_use]
    pub fn from_int(whole: i64) -> Option<Self> {
        whole.checked_mul(SCALE).and_then(Self::from_scaled)
    }

    /// The value in ten-thousandths.
    #[must_use]
    pub fn scaled(self) -> i64 {
        self.0
    }

    /// Whether nothing stands behind the point.
    #[must_use]
    pub fn is_whole(self) -> bool {
        self.0 % SCALE == 0
    }

    /// Whether it is below nought.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Whether it is nought.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }
}

/// Takes a JSON number apart: its sign, its significant digits (no nought at either end) and the power of ten by which
/// they are multiplied. Exponents beyond an `i64` saturate, so that `1e999999999999999999999` costs nothing.
fn scan(text: &[u8]) -> Option<(bool, Vec<u8>, i64)> {
    let (negative, text) = match text.split_first() {
        Some((b'-', rest)) => (true, rest),
        _ => (false, text),
    };
    let (whole, rest) = leading_digits(text);
    if whole.is_empty() || (whole.len() > 1 && whole.starts_with(b"0")) {
        return None;
    }
    let (fraction, rest) = match rest.split_first() {
        Some((b'.', rest)) => match leading_digits(rest) {
            ([], _) => return None,
            split => split,
        },
        _ => (&[][..], rest),
    };
    let written = match rest.split_first() {
        None => 0,
        Some((b'e' | b'E', rest)) => scan_exponent(rest)?,
        Some(_) => return None,
    };
    let mut digits: Vec<u8> = whole.iter().chain(fraction).map(|c| c - b'0').skip_while(|d| *d == 0).collect();
    let mut exponent = written.saturating_sub(i64::try_from(fraction.len()).ok()?);
    while digits.last() == Some(&0) {
        digits.pop();
        exponent = exponent.saturating_add(1);
    }
    Some((negative, digits, exponent))
}

fn scan_exponent(text: &[u8]) -> Option<i64> {
    let (negative, text) = match text.split_first() {
        Some((b'-', rest)) => (true, rest),
        Some((b'+', rest)) => (false, rest),
        _ => (false, text),
    };
    let (digits, rest) = leading_digits(text);
    if digits.is_empty() || !rest.is_empty() {
        return None;
    }
    let size = digits.iter().fold(0_i64, |n, c| n.saturating_mul(10).saturating_add(i64::from(c - b'0')));
    Some(if negative { -size } else { size })
}

fn leading_digits(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|c| !c.is_ascii_digit()).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, &[]))
}

impl fmt::Display for Decimal4 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.0.unsigned_abs();
        let scale = SCALE.unsigned_abs();
        let sign = if self.0 < 0 { "-" } else { "" };
        let fraction = format!("{:04}", size % scale);
        match fraction.trim_end_matches('0') {
            "" => write!(f, "{sign}{}", size / scale),
            digits => write!(f, "{sign}{}.{digits}", size / scale),
        }
    }
}

impl Serialize for Decimal4 {
    /// A whole value goes out as an integer, another as the digits of this very decimal.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_whole() {
            return serializer.serialize_i64(self.0 / SCALE);
        }
        self.to_string().parse::<serde_json::Number>().map_err(S::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Decimal4 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(serde_json::Number::deserialize(deserializer)?.as_str()).map_err(D::Error::custom)
    }
}

impl utoipa::PartialSchema for Decimal4 {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Number)
            .format(Some(SchemaFormat::Custom("decimal".to_owned())))
            .description(Some("An exact decimal with at most 4 fractional digits and |x| < 10^11."))
            .exclusive_minimum(Some(-BOUND))
            .exclusive_maximum(Some(BOUND))
            .into()
    }
}
impl utoipa::ToSchema for Decimal4 {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn decimal(text: &str) -> Decimal4 {
        Decimal4::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"))
    }

    #[test]
    fn json_numbers_are_read_exactly() {
        for (text, scaled) in [
            ("0", 0),
            ("-0", 0),
            ("-0.0e7", 0),
            ("1.4", 14_000),
            ("46.67", 466_700),
            ("0.10000", 1_000),
            ("1e2", 1_000_000),
            ("1E+2", 1_000_000),
            ("12345e-4", 12_345),
            ("1.2300e1", 123_000),
            ("0e999999999999999999999999", 0),
            ("100e-2", 10_000),
            ("99999999999.9999", LIMIT - 1),
            ("-99999999999.9999", 1 - LIMIT),
        ] {
            assert_eq!(decimal(text).scaled(), scaled, "{text}");
        }
    }

    #[test]
    fn what_is_no_quantity_is_refused_with_its_reason() {
        for text in
            ["", "-", "+1", "01", "1.", ".5", "1e", "1e+", "1,4", "0x1", "NaN", "Infinity", " 1", "1 ", "1_000", "--1", "1e2.5", "١"]
        {
            assert_eq!(Decimal4::parse(text), Err(DecimalError::NotANumber), "{text}");
        }
        for text in ["0.00001", "1.23456", "1e-5", "1e-99999999999999999999", "1.00000000000000000000000001"] {
            assert_eq!(Decimal4::parse(text), Err(DecimalError::TooManyDigits), "{text}");
        }
        for text in ["100000000000", "-1e11", "1e99999999999999999999", "123456789012.12345"] {
            assert_eq!(Decimal4::parse(text), Err(DecimalError::TooLarge), "{text}");
        }
    }

    #[test]
    fn the_wire_carries_integers_and_short_decimals() {
        let texts = ["70", "1.4", "-0.0001", "99999999999.9999", "0"];
        for text in texts {
            assert_eq!(serde_json::to_string(&decimal(text)).unwrap(), text);
        }
        assert_eq!(json!(decimal("109.50")), json!(109.5));
    }

    #[test]
    fn bodies_are_read_from_text_and_from_values() {
        #[derive(serde::Deserialize)]
        struct Body {
            numerator: Option<Decimal4>,
        }
        let text = r#"{"numerator": 12345678901.2345}"#;
        let from_text: Body = serde_json::from_str(text).unwrap();
        let from_value: Body = serde_json::from_value(serde_json::from_str::<Value>(text).unwrap()).unwrap();
        assert_eq!(from_text.numerator, from_value.numerator);
        assert_eq!(from_value.numerator, Some(decimal("12345678901.2345")));
        assert!(serde_json::from_str::<Decimal4>("0.30000000000000000001").is_err());
        assert!(serde_json::from_str::<Decimal4>("\"1\"").is_err());
        assert!(serde_json::from_str::<Decimal4>("true").is_err());
        assert_eq!(serde_json::from_str::<Option<Decimal4>>("null").unwrap(), None);
    }

    #[test]
    fn the_document_says_number() {
        let schema = serde_json::to_value(<Decimal4 as utoipa::PartialSchema>::schema()).unwrap();
        assert_eq!((&schema["type"], &schema["format"]), (&json!("number"), &json!("decimal")));
        assert_eq!(
            (schema["exclusiveMinimum"].to_string(), schema["exclusiveMaximum"].to_string()),
            ("-100000000000".into(), "100000000000".into())
        );
    }

    fn any_decimal() -> impl Strategy<Value = Decimal4> {
        prop_oneof![(1 - LIMIT)..LIMIT, -50_000..50_000_i64].prop_map(|scaled| Decimal4::from_scaled(scaled).unwrap())
    }

    proptest! {
        #[test]
        fn what_is_shown_reads_back(value in any_decimal()) {
            prop_assert_eq!(Decimal4::parse(&value.to_string()), Ok(value));
        }

        #[test]
        fn the_wire_loses_nothing(value in any_decimal()) {
            let text = serde_json::to_string(&value).unwrap();
            prop_assert_eq!(serde_json::from_str::<Decimal4>(&text).unwrap(), value);
            let tree = serde_json::to_value(value).unwrap();
            prop_assert_eq!(serde_json::from_value::<Decimal4>(tree).unwrap(), value);
            // A reader who keeps doubles still tells neighbours apart.
            prop_assert_eq!(text.parse::<f64>().unwrap().to_string(), value.to_string());
        }

        #[test]
        fn exponents_only_move_the_point(value in any_decimal(), shift in 0_usize..30) {
            let text = format!("{}{}e-{}", value.scaled(), "0".repeat(shift), shift + 4);
            let text = if value.is_zero() { "0e-4".to_owned() } else { text };
            prop_assert_eq!(Decimal4::parse(&text), Ok(value));
        }

        #[test]
        fn no_text_breaks_the_reader(text in "[-+0-9.eE]{0,24}") {
            let json = serde_json::from_str::<Value>(&text).is_ok_and(|v| v.is_number());
            prop_assert_eq!(json, Decimal4::parse(&text) != Err(DecimalError::NotANumber));
        }
    }
}
