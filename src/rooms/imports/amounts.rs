//! Amounts as people write them in the cells of a sheet. Pure.
//!
//! In Việt Nam the comma is the decimal mark and the point groups thousands, in most programs it is the other way round. A mark
//! that could be either is refused (contract, section 9).

/// What a text says as an amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Amount {
    /// This number, as JSON writes it.
    Number(String),
    /// It could be one number or a thousand times as much.
    Ambiguous,
    /// It is no number.
    None,
}

/// Reads a text as an amount.
pub(super) fn read(text: &str) -> Amount {
    let (sign, rest) = text.strip_prefix(['-', '−']).map_or(("", text), |rest| ("-", rest));
    // Blanks group thousands in either way of writing: that of French typography, of the SI, and of spreadsheets.
    let (blanks, rest) = without_blanks(rest);
    let Some(rest) = rest.filter(|rest| rest.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','))) else { return Amount::None };
    let (points, commas) = (rest.matches('.').count(), rest.matches(',').count());
    let number = match (points, commas) {
        (0, 0) => whole(&rest),
        (1, 1) => {
            let (group, mark) = if rest.find('.') < rest.find(',') { ('.', ',') } else { (',', '.') };
            rest.split_once(mark).and_then(|(head, tail)| decimal(&grouped(head, group)?, tail))
        }
        (_, 0) | (0, _) => {
            let mark = if points > 0 { '.' } else { ',' };
            if points + commas > 1 { grouped(&rest, mark) } else { return single(sign, &rest, mark, blanks) }
        }
        // Several groups and one decimal mark.
        (_, 1) => rest.split_once(',').and_then(|(head, tail)| decimal(&grouped(head, '.')?, tail)),
        (1, _) => rest.split_once('.').and_then(|(head, tail)| decimal(&grouped(head, ',')?, tail)),
        _ => None,
    };
    number.map_or(Amount::None, |number| Amount::Number(format!("{sign}{number}")))
}

/// One mark alone: a decimal mark, unless exactly three digits follow one to three that do not begin with nought.
fn single(sign: &str, text: &str, mark: char, grouped_by_blanks: bool) -> Amount {
    let Some((head, tail)) = text.split_once(mark) else { return Amount::None };
    if tail.len() == 3 && (1..=3).contains(&head.len()) && !head.starts_with('0') && !grouped_by_blanks {
        return Amount::Ambiguous;
    }
    decimal(head, tail).map_or(Amount::None, |number| Amount::Number(format!("{sign}{number}")))
}

/// The text without blanks between groups of three digits; `None` if a blank stands elsewhere.
fn without_blanks(text: &str) -> (bool, Option<String>) {
    let is_blank = |c: char| matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}');
    if !text.contains(is_blank) {
        return (false, Some(text.to_owned()));
    }
    let whole = text.find(['.', ',']).unwrap_or(text.len());
    let (head, tail) = text.split_at(whole);
    let mut groups = head.split(is_blank);
    let first = groups.next().unwrap_or_default();
    let fits = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3) && !tail.contains(is_blank);
    (true, fits.then(|| head.replace(is_blank, "") + tail))
}

/// Groups of three digits behind one to three.
fn grouped(text: &str, mark: char) -> Option<String> {
    let mut groups = text.split(mark);
    let first = groups.next()?;
    let fits = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    if fits { whole(&text.replace(mark, "")) } else { None }
}

/// Digits, without noughts before them: JSON has none.
fn whole(digits: &str) -> Option<String> {
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let short = digits.trim_start_matches('0');
    Some(if short.is_empty() { "0".to_owned() } else { short.to_owned() })
}

fn decimal(head: &str, tail: &str) -> Option<String> {
    let fits = !tail.is_empty() && tail.bytes().all(|b| b.is_ascii_digit());
    if fits { Some(format!("{}.{tail}", whole(head)?)) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::decimal::Decimal4;
    use proptest::prelude::*;

    #[test]
    fn as_people_write_them() {
        for (text, number) in [
            ("0", "0"),
            ("48", "48"),
            ("007", "7"),
            ("1234", "1234"),
            ("1,5", "1.5"),
            ("1.5", "1.5"),
            ("48.0", "48.0"),
            ("0,123", "0.123"),
            ("0.123", "0.123"),
            ("1234.567", "1234.567"),
            ("1234,567", "1234.567"),
            ("1.234,5", "1234.5"),
            ("1,234.5", "1234.5"),
            ("1.234.567", "1234567"),
            ("1,234,567", "1234567"),
            ("1.234.567,89", "1234567.89"),
            ("1,234,567.89", "1234567.89"),
            ("1 234", "1234"),
            ("1\u{a0}234\u{202f}567,5", "1234567.5"),
            ("1 234,567", "1234.567"),
            ("-3", "-3"),
            ("−3,25", "-3.25"),
            ("12,3456", "12.3456"),
            ("1.2345", "1.2345"),
        ] {
            assert_eq!(read(text), Amount::Number(number.to_owned()), "{text:?}");
        }
        for text in ["1.000", "1,000", "12.345", "999,999", "-1.234"] {
            assert_eq!(read(text), Amount::Ambiguous, "{text:?}");
        }
        for text in
            ["", "-", "abc", "1.", ".5", "1,,2", "1.2.3", "12.34.567", "1,23,456", "1 23", "1 2 3", "5%", "1e3", "٣", "1.234.56,7", "0x1F"]
        {
            assert_eq!(read(text), Amount::None, "{text:?}");
        }
    }

    proptest! {
        /// However a number is written, it is read as itself, or not at all.
        #[test]
        fn a_written_number_is_read_as_itself(scaled in -9_999_999_999_999_i64..9_999_999_999_999, vietnamese: bool, thousands: bool) {
            let number = Decimal4::from_scaled(scaled).unwrap().to_string();
            let (sign, plain) = number.strip_prefix('-').map_or(("", number.as_str()), |rest| ("-", rest));
            let (head, tail) = plain.split_once('.').map_or((plain, None), |(head, tail)| (head, Some(tail)));
            let (group, mark) = if vietnamese { ('.', ',') } else { (',', '.') };
            let mut digits = String::new();
            for (at, digit) in head.chars().enumerate() {
                if thousands && at > 0 && (head.len() - at) % 3 == 0 {
                    digits.push(group);
                }
                digits.push(digit);
            }
            let written = tail.map_or_else(|| format!("{sign}{digits}"), |tail| format!("{sign}{digits}{mark}{tail}"));
            match read(&written) {
                Amount::Number(read) => prop_assert_eq!(Decimal4::parse(&read).unwrap(), Decimal4::from_scaled(scaled).unwrap(), "{}", written),
                Amount::Ambiguous => prop_assert!(written.matches(['.', ',']).count() == 1, "{}", written),
                Amount::None => prop_assert!(false, "{}", written),
            }
        }
    }
}
