//! What the columns of a file mean.

use crate::problem::Result;
use crate::problem::codes;
use crate::rooms::reports::columns::{OF_DIMENSIONS, named};
use crate::values::text;
use std::collections::HashMap;

/// The most columns that a file may name.
const MOST: usize = 500;

/// What a column means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Of the report: `jurisdiction`, `plan`, `unit` or `period`.
    Report(Place),
    /// A member of the figure: `numerator`.
    Member(&'static str),
    /// A dimension, by its code.
    Dimension(String),
    /// What an export tells of hidden figures.
    Suppressed,
    /// What an export tells and nobody writes.
    Ignored,
    /// Nothing: its header is empty.
    Nameless,
}

/// What names a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Jurisdiction,
    Plan,
    Unit,
    Period,
}

impl Place {
    pub(super) const ALL: [Self; 4] = [Self::Jurisdiction, Self::Plan, Self::Unit, Self::Period];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Jurisdiction => "jurisdiction",
            Self::Plan => "plan",
            Self::Unit => "unit",
            Self::Period => "period",
        }
    }
}

/// A column of a file.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// Its header as it is written, or its letter where it has none.
    pub name: String,
    pub meaning: Meaning,
}

/// The columns of a file, as far as they are known.
#[derive(Debug, Default)]
pub(super) struct Columns {
    known: Vec<Column>,
    by_name: HashMap<String, usize>,
    /// The codes of the dimensions by what they are called.
    dimensions: HashMap<String, String>,
}

impl Columns {
    /// None yet; dimensions are known by these codes and names.
    pub(super) fn of(dimensions: impl IntoIterator<Item = (String, String)>) -> Self {
        let dimensions = dimensions.into_iter().map(|(name, code)| (text::fold(&name), code)).collect();
        Self { dimensions, ..Self::default() }
    }

    /// The number of the column with this header. A sheet's is new at each place, JSON's is the same for a name.
    ///
    /// # Errors
    /// 422 `import.header` for more than anybody needs.
    pub(super) fn add(&mut self, header: &str, position: Option<usize>) -> Result<usize> {
        if position.is_none()
            && let Some(known) = self.by_name.get(header)
        {
            return Ok(*known);
        }
        if self.known.len() == MOST {
            return Err(codes::IMPORT_HEADER.into());
        }
        let name = text::normalise(header);
        let meaning = if name.is_empty() { Meaning::Nameless } else { self.meaning(&name) };
        let name = if name.is_empty() { position.map(letters).unwrap_or_default() } else { name };
        let at = self.known.len();
        self.by_name.insert(header.to_owned(), at);
        self.known.push(Column { name, meaning });
        Ok(at)
    }

    fn meaning(&self, name: &str) -> Meaning {
        if let Some(code) = name.strip_prefix(OF_DIMENSIONS) {
            return Meaning::Dimension(code.to_owned());
        }
        match named(name) {
            Some("jurisdiction") => Meaning::Report(Place::Jurisdiction),
            Some("plan") => Meaning::Report(Place::Plan),
            Some("unit") => Meaning::Report(Place::Unit),
            Some("period") => Meaning::Report(Place::Period),
            Some("suppressed") => Meaning::Suppressed,
            Some(member @ ("indicator" | "numerator" | "denominator" | "answer" | "status" | "not_applicable" | "note" | "extra")) => {
                Meaning::Member(member)
            }
            Some(_) => Meaning::Ignored,
            None => Meaning::Dimension(self.dimensions.get(&text::fold(name)).cloned().unwrap_or_else(|| name.to_owned())),
        }
    }

    pub(super) fn get(&self, at: usize) -> Option<&Column> {
        self.known.get(at)
    }

    /// Whether a column means this.
    pub(super) fn has(&self, meaning: &Meaning) -> bool {
        self.known.iter().any(|column| column.meaning == *meaning)
    }

    /// The first header that two columns bear alike, where it matters which is meant.
    pub(super) fn twice(&self) -> Option<&str> {
        let counts = |meaning: &Meaning| !matches!(meaning, Meaning::Ignored | Meaning::Nameless);
        let again =
            |(at, column): (usize, &Column)| counts(&column.meaning) && self.known.iter().take(at).any(|c| c.meaning == column.meaning);
        self.known.iter().enumerate().find(|(at, column)| again((*at, column))).map(|(_, column)| column.name.as_str())
    }

    /// What a file calls that which a pointer within a figure names: the header of its column, or its name where it has none.
    pub(super) fn called(&self, pointer: &str) -> String {
        let mut segments = pointer.trim_start_matches('/').splitn(2, '/');
        let (member, rest) = (segments.next().unwrap_or_default(), segments.next());
        let is_meant = |column: &&Column| match (&column.meaning, member, rest) {
            (Meaning::Dimension(code), "disaggregation", Some(named)) => *code == named.replace("~1", "/").replace("~0", "~"),
            (Meaning::Member(known), ..) => *known == member || (member.is_empty() && *known == "indicator"),
            (Meaning::Report(place), ..) => place.name() == member,
            _ => false,
        };
        let fallback = || if member.is_empty() { "indicator".to_owned() } else { member.to_owned() };
        self.known.iter().find(is_meant).map_or_else(fallback, |column| column.name.clone())
    }
}

/// The letters of a sheet's column, which counts from A.
fn letters(position: usize) -> String {
    let mut name = Vec::new();
    let mut rest = position + 1;
    while rest > 0 {
        name.push(char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or_default()));
        rest = (rest - 1) / 26;
    }
    name.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_known_by_name_and_by_words() {
        let mut columns = Columns::of([("Giới tính".to_owned(), "sex".to_owned()), ("sex".to_owned(), "sex".to_owned())]);
        for (at, (header, meaning)) in [
            ("unit", Meaning::Report(Place::Unit)),
            ("Kỳ báo cáo", Meaning::Report(Place::Period)),
            (" TỬ SỐ ", Meaning::Member("numerator")),
            ("giới tính", Meaning::Dimension("sex".to_owned())),
            ("disaggregation.status", Meaning::Dimension("status".to_owned())),
            ("value", Meaning::Ignored),
            ("", Meaning::Nameless),
            ("numerater", Meaning::Dimension("numerater".to_owned())),
        ]
        .into_iter()
        .enumerate()
        {
            let number = columns.add(header, Some(at)).unwrap();
            assert_eq!(columns.get(number).unwrap().meaning, meaning, "{header:?}");
        }
        assert_eq!(columns.get(6).unwrap().name, "G");
        assert_eq!(columns.called("/numerator"), "TỬ SỐ");
        assert_eq!(columns.called("/disaggregation/sex"), "giới tính");
        assert_eq!((columns.called(""), columns.called("/extra/x")), ("indicator".to_owned(), "extra".to_owned()));
        assert_eq!(
            (letters(0), letters(25), letters(26), letters(701), letters(702)),
            ("A".into(), "Z".into(), "AA".into(), "ZZ".into(), "AAA".into())
        );
    }
}
