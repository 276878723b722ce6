//! Single conditions on codes and periods: pure.

use crate::values::period::Label;
use chrono::NaiveDate;

/// How a value is compared (SDMX REST 2, operators).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equal,
    Different,
    Below,
    AtMost,
    Above,
    AtLeast,
    Contains,
    Lacks,
    Begins,
    Ends,
}

const OPERATORS: [(&str, Operator); 10] = [
    ("eq", Operator::Equal),
    ("ne", Operator::Different),
    ("lt", Operator::Below),
    ("le", Operator::AtMost),
    ("gt", Operator::Above),
    ("ge", Operator::AtLeast),
    ("co", Operator::Contains),
    ("nc", Operator::Lacks),
    ("sw", Operator::Begins),
    ("ew", Operator::Ends),
];

/// Values of which one must hold; of those that say what it must not be, all.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Choice(Vec<(Operator, String)>);

/// Conditions of which all must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Terms(Vec<Choice>);

impl Terms {
    /// Reads `A,B`, `ge:2026+le:2028`, `ne:C`.
    pub(super) fn read(text: &str) -> Self {
        // A plus that was not percent-encoded is a blank by now.
        let choice = |part: &str| Choice(part.split(',').filter(|value| !value.is_empty()).map(term).collect());
        Self(text.split(['+', ' ']).filter(|part| !part.is_empty()).map(choice).collect())
    }

    /// Periods from this one on, or up to it.
    pub(super) fn from(period: &str) -> Self {
        Self(vec![Choice(vec![(Operator::AtLeast, period.to_owned())])])
    }

    /// The same up to this one.
    pub(super) fn until(period: &str) -> Self {
        Self(vec![Choice(vec![(Operator::AtMost, period.to_owned())])])
    }

    /// The first value that is no period, if there is one.
    pub(super) fn no_period(&self) -> Option<&str> {
        self.0.iter().flat_map(|choice| &choice.0).map(|(_, value)| value.as_str()).find(|value| span(value).is_none())
    }

    /// Whether a code fulfils them.
    pub(super) fn allow(&self, code: &str) -> bool {
        self.hold(|operator, value| match operator {
            Operator::Equal => code == value,
            Operator::Different => code != value,
            Operator::Below => code < value,
            Operator::AtMost => code <= value,
            Operator::Above => code > value,
            Operator::AtLeast => code >= value,
            Operator::Contains => code.contains(value),
            Operator::Lacks => !code.contains(value),
            Operator::Begins => code.starts_with(value),
            Operator::Ends => code.ends_with(value),
        })
    }

    /// Whether a period fulfils them: it is compared by the days that it has.
    pub(super) fn allow_period(&self, label: Label) -> bool {
        let text = label.to_string();
        self.hold(|operator, value| {
            let Some((first, last)) = span(value) else { return false };
            match operator {
                Operator::Equal => text == value,
                Operator::Different => text != value,
                Operator::Below => label.last_day() < first,
                Operator::AtMost => label.last_day() <= last,
                Operator::Above => label.first_day() > last,
                Operator::AtLeast => label.first_day() >= first,
                Operator::Contains => text.contains(value),
                Operator::Lacks => !text.contains(value),
                Operator::Begins => text.starts_with(value),
                Operator::Ends => text.ends_with(value),
            }
        })
    }

    fn hold(&self, holds: impl Fn(Operator, &str) -> bool) -> bool {
        self.0.iter().all(|Choice(terms)| {
            let refuses = |operator: Operator| matches!(operator, Operator::Different | Operator::Lacks);
            let (mut not, mut any) = (true, None);
            for (operator, value) in terms {
                let held = holds(*operator, value);
                if refuses(*operator) {
                    not &= held;
                } else {
                    any = Some(any.unwrap_or(false) || held);
                }
            }
            not && any.unwrap_or(true)
        })
    }
}

fn term(text: &str) -> (Operator, String) {
    let named = text.split_once(':').and_then(|(name, value)| {
        let (_, operator) = OPERATORS.iter().find(|(known, _)| *known == name)?;
        Some((*operator, value.to_owned()))
    });
    named.unwrap_or_else(|| (Operator::Equal, text.to_owned()))
}

/// The first and the last day of what a value stands for: a period, a day, an instant.
fn span(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    if let Some(label) = Label::parse(text) {
        return Some((label.first_day(), label.last_day()));
    }
    // `2026-Q3` and `2026-A1`, `2026-M07` are the standard's own words as well (SDMX 2.1, reporting periods).
    let (year, rest) = text.split_at_checked(5).unwrap_or((text, ""));
    let standard = match rest.split_at_checked(1) {
        Some(("A", "1")) => Label::parse(year.trim_end_matches('-')),
        Some(("M", month)) => Label::parse(&format!("{year}{month}")),
        _ => None,
    };
    if let Some(label) = standard {
        return Some((label.first_day(), label.last_day()));
    }
    let day = text.get(..10)?.parse().ok()?;
    Some((day, day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_chosen_compared_and_excluded() {
        for (terms, code, allowed) in [
            ("A,B", "B", true),
            ("A,B", "C", false),
            ("eq:A", "A", true),
            ("ne:A", "A", false),
            ("ne:A,ne:B", "B", false),
            ("ne:A,ne:B", "C", true),
            ("sw:I3", "I3_2a", true),
            ("sw:I3+ne:I3_2a", "I3_2a", false),
            ("sw:I3 ew:b", "I3_2b", true),
            ("nc:_", "I31", true),
            ("", "A", true),
        ] {
            assert_eq!(Terms::read(terms).allow(code), allowed, "{terms} {code}");
        }
    }

    #[test]
    fn periods_are_compared_by_their_days() {
        for (terms, label, allowed) in [
            ("2026", "2026", true),
            ("2026", "2026-Q1", false),
            ("ge:2026", "2026-Q1", true),
            ("ge:2026-Q2", "2026", false),
            ("ge:2026+le:2027", "2027-12", true),
            ("le:2026-Q3", "2026-10", false),
            ("lt:2027", "2026", true),
            ("gt:2026", "2026-Q4", false),
            ("gt:2026", "2027-01", true),
            ("ge:2026-01-01T00:00:00", "2026", true),
            ("ge:2026-M02", "2026-01", false),
        ] {
            assert_eq!(Terms::read(terms).allow_period(Label::parse(label).unwrap()), allowed, "{terms} {label}");
        }
        assert_eq!(Terms::read("ge:2026+le:soon").no_period(), Some("soon"));
    }
}
