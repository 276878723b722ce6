//! Which codes things have, and which observations are asked for: pure.

use super::terms::Terms;
use super::wire::{Conditions, DataOptions, MlDataOptions, Told};
use crate::formats::sdmx::{Columns, Kind, Observation, SERIES_DIMENSIONS, Series};
use crate::problem::{Error, FieldError, Problem, Result, codes};
use crate::values::clock::UtcTime;
use crate::values::period::Label;

/// The code of all together.
pub(super) const TOTAL: &str = "_T";

/// A code of the plan as an id of SDMX, which may hold no full stop and no plus. What stands for them is in no code.
fn identifier(code: &str) -> String {
    let of = |c: char| match c {
        '.' => '_',
        '_' => '$',
        '+' => '@',
        other => other,
    };
    code.chars().map(of).collect()
}

/// `3.2a` is `I3_2a`.
pub(super) fn indicator_code(code: &str) -> String {
    format!("I{}", identifier(code))
}

/// `U7.2` is `U7_2`. A code that begins with a digit has an underscore before it, so that no reader takes it for a number.
pub(super) fn unit_code(code: &str) -> String {
    let digit = code.starts_with(|c: char| c.is_ascii_digit());
    format!("{}{}", if digit { "_" } else { "" }, identifier(code))
}

/// `09385` is `VN_09385`.
pub(super) fn area_code(code: &str) -> String {
    format!("VN_{code}")
}

/// The codes that `CL_SEX` has for the plan's; of what it does not know the plan's own.
pub(super) fn sex_code(value: &str) -> String {
    match value {
        "female" => "F".to_owned(),
        "male" => "M".to_owned(),
        other => identifier(other),
    }
}

/// The code of a period's frequency.
pub(super) const fn frequency_code(label: Label) -> &'static str {
    match label {
        Label::Year(_) => "A",
        Label::Quarter(..) => "Q",
        Label::Month(..) => "M",
    }
}

/// A key: of each dimension of a series the codes that will do, or none named where all will.
type Key = [Option<Vec<String>>; 5];

/// Which observations are asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Selection {
    /// Of which one must fit; none named: all fit.
    keys: Vec<Key>,
    /// Conditions on the dimensions of a series, by their place.
    codes: Vec<(usize, Terms)>,
    periods: Vec<Terms>,
    /// What became readable after it.
    pub since: Option<UtcTime>,
    /// Of each series the first so many.
    pub first: Option<usize>,
    /// Of each series the last so many.
    pub last: Option<usize>,
}

impl Selection {
    /// What a key and the conditions of SDMX REST 2 ask for.
    ///
    /// # Errors
    /// 400 for a key with too many or too few parts, or a period that is none.
    pub(super) fn of(key: &str, asked: &Conditions) -> Result<Self> {
        let Conditions { frequency, area, unit, indicator, sex, period, updated_after } = asked;
        let given = [frequency, area, unit, indicator, sex].into_iter().enumerate();
        Ok(Self {
            keys: keys(key)?,
            codes: given.filter_map(|(at, text)| Some((at, Terms::read(text.as_deref()?)))).collect(),
            periods: periods([("c[TIME_PERIOD]", period.as_deref().map(Terms::read))])?,
            since: updated_after.as_deref().map(instant).transpose()?,
            ..Self::default()
        })
    }

    /// What a key and the parameters of SDMX REST 1.5 ask for.
    ///
    /// # Errors
    /// As [`Selection::of`].
    pub(super) fn of_ml(key: &str, asked: &MlDataOptions) -> Result<Self> {
        let from = ("startPeriod", asked.start_period.as_deref().map(Terms::from));
        let until = ("endPeriod", asked.end_period.as_deref().map(Terms::until));
        let since = asked.updated_after.as_deref().map(instant).transpose()?;
        Ok(Self { keys: keys(key)?, periods: periods([from, until])?, since, ..Self::default() })
    }

    /// The same of each series' ends alone.
    ///
    /// # Errors
    /// 501 for what was earlier.
    pub(super) fn with(self, options: &DataOptions) -> Result<Self> {
        if options.include_history == Some(true) {
            return Err(codes::SDMX_NOT_IMPLEMENTED.into());
        }
        Ok(Self { first: options.first_n_observations, last: options.last_n_observations, ..self })
    }

    /// Whether a code of a dimension may occur in it.
    fn may_have(&self, at: usize, code: &str) -> bool {
        let key = |key: &Key| key.get(at).is_none_or(|part| part.as_ref().is_none_or(|codes| codes.iter().any(|known| known == code)));
        let fits = self.keys.is_empty() || self.keys.iter().any(key);
        fits && self.codes.iter().all(|(of, terms)| *of != at || terms.allow(code))
    }

    /// Whether an administrative unit may occur in it.
    pub(super) fn may_have_area(&self, code: &str) -> bool {
        self.may_have(1, code)
    }

    /// Whether a responsible unit may occur in it.
    pub(super) fn may_have_unit(&self, code: &str) -> bool {
        self.may_have(2, code)
    }

    /// Whether a period may occur in it.
    pub(super) fn may_have_period(&self, label: Label) -> bool {
        self.may_have(0, frequency_code(label)) && self.periods.iter().all(|terms| terms.allow_period(label))
    }

    /// Whether an observation of a series is asked for, as far as its key says.
    pub(super) fn has(&self, series: &Series, label: Label) -> bool {
        let codes = series.codes();
        let allowed = |part: &Option<Vec<String>>, code: &str| part.as_ref().is_none_or(|known| known.iter().any(|one| one == code));
        let fits = self.keys.is_empty() || self.keys.iter().any(|key| key.iter().zip(codes).all(|(part, code)| allowed(part, code)));
        fits && codes.iter().enumerate().all(|(at, code)| self.may_have(at, code)) && self.may_have_period(label)
    }

    /// Of observations in the order of their series and periods those at the ends that are asked for.
    pub(super) fn cut(&self, observations: Vec<Observation>) -> Vec<Observation> {
        if self.first.is_none() && self.last.is_none() {
            return observations;
        }
        let within = |of: &[Observation]| {
            let ends = |(at, one): (usize, &Observation)| {
                let from_the_end = of.len() - at;
                (self.first.is_some_and(|first| at < first) || self.last.is_some_and(|last| from_the_end <= last)).then(|| one.clone())
            };
            of.iter().enumerate().filter_map(ends).collect::<Vec<_>>()
        };
        observations.chunk_by(|a, b| a.series == b.series).flat_map(within).collect()
    }
}

/// The keys that a path names: `*` or `all` for everything; parts separated by full stops, their codes by plus signs; keys by commas.
fn keys(text: &str) -> Result<Vec<Key>> {
    if matches!(text, "*" | "all" | "") {
        return Ok(Vec::new());
    }
    text.split(',').map(key).collect()
}

fn key(text: &str) -> Result<Key> {
    let part = |part: &str| {
        let codes: Vec<String> = part.split('+').filter(|code| !code.is_empty()).map(str::to_owned).collect();
        Some(codes).filter(|codes| !codes.is_empty() && !codes.iter().any(|code| code == "*"))
    };
    let parts: Vec<Option<Vec<String>>> = text.split('.').map(part).collect();
    let given = parts.len();
    parts.try_into().map_err(|_| no_key(given))
}

fn no_key(given: usize) -> Error {
    let (wanted, all) = (SERIES_DIMENSIONS.len(), SERIES_DIMENSIONS.join("."));
    let (vi, en) = (
        format!(
            "Khoá số liệu có {given} phần, nhưng cần đúng {wanted} phần ngăn bằng dấu chấm, theo thứ tự {all}; phần để trống hoặc «*» là lấy tất cả."
        ),
        format!("The key has {given} parts; it needs {wanted}, separated by full stops, in the order {all}. An empty part or * takes all."),
    );
    invalid("key", vi, en)
}

fn invalid(name: &str, vi: impl Into<String>, en: impl Into<String>) -> Error {
    Problem::in_query(codes::QUERY_INVALID, FieldError::new(name, codes::QUERY_INVALID).saying(vi, en)).into()
}

fn periods<const N: usize>(given: [(&str, Option<Terms>); N]) -> Result<Vec<Terms>> {
    let mut found = Vec::new();
    for (name, terms) in given {
        let Some(terms) = terms else { continue };
        if let Some(wrong) = terms.no_period() {
            let (vi, en) = (
                format!(
                    "«{wrong}» không phải là kỳ số liệu. Hãy viết năm («2026»), quý («2026-Q3»), tháng («2026-07») hoặc ngày («2026-11-24»)."
                ),
                format!("'{wrong}' is no period. Write a year (2026), a quarter (2026-Q3), a month (2026-07) or a day (2026-11-24)."),
            );
            return Err(invalid(name, vi, en));
        }
        found.push(terms);
    }
    Ok(found)
}

/// An instant; without an offset in UTC, without a time the beginning of the day.
fn instant(text: &str) -> Result<UtcTime> {
    // A plus that was not percent-encoded is a blank by now.
    let text = text.replace(' ', "+");
    let forms = [text.clone(), format!("{text}Z"), format!("{text}T00:00:00Z")];
    forms.iter().find_map(|form| UtcTime::parse(form)).ok_or_else(|| {
        invalid(
            "updatedAfter",
            "Cần một thời điểm («2026-12-01T00:00:00Z») hoặc một ngày («2026-12-01»).",
            "Must be an instant (2026-12-01T00:00:00Z) or a day (2026-12-01).",
        )
    })
}

/// Which measures and attributes SDMX REST 2 asks for.
pub(super) fn columns(told: &Told) -> Columns {
    let measures = told.measures.as_deref() != Some("none");
    let named: Vec<&str> = told.attributes.as_deref().unwrap_or("dsd").split(',').collect();
    let every = named.iter().any(|name| matches!(*name, "all" | "dsd" | "obs"));
    Columns::of(|id, kind| if kind == Kind::Measure { measures } else { every || named.contains(&id) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(area: &str, unit: &str, indicator: &str, sex: &str) -> Series {
        Series { frequency: "A", area: area.to_owned(), unit: unit.to_owned(), indicator: indicator.to_owned(), sex: sex.to_owned() }
    }

    #[test]
    fn no_two_codes_become_one() {
        assert_eq!((indicator_code("3.2a"), unit_code("U7.2"), area_code("09385")), ("I3_2a".into(), "U7_2".into(), "VN_09385".into()));
        assert_eq!(unit_code("05"), "_05");
        let all = ["a.b", "a_b", "a-b", "a..b", "a._b", "a_.b", "ab"].map(identifier);
        assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), all.len(), "{all:?}");
    }

    #[test]
    fn a_key_names_codes_by_their_place() {
        let year = Label::Year(2026);
        let one = series("VN_24", "_T", "I4_1", "_T");
        for (key, has) in [
            ("*", true),
            ("all", true),
            ("A.VN_24._T.I4_1._T", true),
            ("A....", true),
            ("A.*.*.I4_1+I4_2.*", true),
            ("Q....", false),
            ("A.VN_1....", false),
            ("Q....,A.VN_24...", true),
        ] {
            let Ok(selection) = Selection::of(key, &Conditions::default()) else {
                assert!(key.matches('.').count() != 4, "{key}");
                continue;
            };
            assert_eq!(selection.has(&one, year), has, "{key}");
        }
        for wrong in ["A", "A.B.C.D.E.F", "A....,B"] {
            assert!(Selection::of(wrong, &Conditions::default()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn instants_are_read_with_and_without_an_offset() {
        let text = |text| instant(text).map(|at| at.to_string()).ok();
        assert_eq!(text("2026-12-01T07:00:00 07:00").as_deref(), Some("2026-12-01T00:00:00Z"));
        assert_eq!(text("2026-12-01T00:00:00").as_deref(), Some("2026-12-01T00:00:00Z"));
        assert_eq!(text("2026-12-01").as_deref(), Some("2026-12-01T00:00:00Z"));
        assert_eq!(text("yesterday"), None);
    }
}
