//! What there is to say about a report before it is submitted, one by one: what stands in the way, and what is worth a look. Pure.

use super::table::CellContent;
use super::wire::readiness::ReadinessItem;
use super::wording;
use crate::figures::Observation;
use crate::problem::codes::{self, Code};
use crate::problem::{Language, Said, said};
use crate::rooms::indicators::IndicatorSummary;
use crate::values::{Ref, Source};
use std::collections::BTreeMap;

/// A cell of one indicator: its part, and what it says.
pub(super) struct Part<'a> {
    pub disaggregation: &'a BTreeMap<String, String>,
    pub content: &'a CellContent,
}

/// Something to be done or looked at.
#[derive(Debug, Clone)]
pub(super) struct Finding {
    pub indicator: Option<Ref>,
    /// The code of the question it is about.
    pub question: Option<String>,
    pub code: &'static Code,
    pub detail: Said,
    /// What its words say in numbers; kept from who may not read the figures.
    pub figures: Option<Said>,
    /// Further indicators whose figures it speaks of.
    pub beside: Vec<Ref>,
    /// Whether a note explains it.
    pub explained: bool,
    pub source: Option<Source>,
}

impl Finding {
    /// The indicators of whose figures it speaks.
    pub(super) fn indicators(&self) -> impl Iterator<Item = &Ref> {
        self.indicator.iter().chain(&self.beside)
    }

    /// Whether it tells something of a figure, also without numbers: that one is missing does not, nor that one is quite unlike the last.
    pub(super) fn tells(&self) -> bool {
        ![codes::INDICATOR_MISSING, codes::VALUE_JUMP].iter().any(|code| **code == *self.code)
    }

    /// Whether it holds a figure against the last one of such an indicator.
    pub(super) fn looks_back(&self, at: impl Fn(&Ref) -> bool) -> bool {
        *codes::VALUE_JUMP == *self.code && self.indicator.as_ref().is_some_and(at)
    }

    /// About an indicator.
    pub(super) fn of(known: &IndicatorSummary, code: &'static Code, what: &Said) -> Self {
        Self::of_part(known, code, &said("", ""), what)
    }

    /// About a part of an indicator.
    pub(super) fn of_part(known: &IndicatorSummary, code: &'static Code, part: &Said, what: &Said) -> Self {
        Self {
            indicator: Some(known.reference()),
            detail: wording::of(known, part, what),
            source: known.definition.source.clone(),
            ..Self::of_report(code)
        }
    }

    /// About the report as a whole.
    pub(super) fn of_report(code: &'static Code) -> Self {
        let detail = code.cure();
        Self { indicator: None, question: None, code, detail, figures: None, beside: Vec::new(), explained: false, source: None }
    }

    /// The same with numbers.
    pub(super) fn with_figures(self, figures: Said) -> Self {
        Self { figures: Some(figures), ..self }
    }

    /// The same, explained or not.
    pub(super) fn explained(self, explained: bool) -> Self {
        Self { explained, ..self }
    }

    pub(super) fn represent(self, language: Language, warning: bool) -> ReadinessItem {
        let words = self.detail.in_language(language);
        let detail = self.figures.map_or_else(|| words.to_owned(), |figures| format!("{words} ({})", figures.in_language(language)));
        let explained = warning.then_some(self.explained);
        ReadinessItem { indicator: self.indicator, code: self.code.code.to_owned(), detail, explained, source: self.source }
    }
}

/// Whether one of these cells has a note.
pub(super) fn explained(cells: &[Part<'_>]) -> bool {
    cells.iter().any(|cell| cell.content.note.is_some())
}

/// The total among the cells of an indicator, if it says something.
pub(super) fn total_of<'a>(cells: &[Part<'a>]) -> Option<&'a Observation> {
    let total = cells.iter().find(|cell| cell.disaggregation.is_empty())?;
    Some(&total.content.observation).filter(|total| total.says_something())
}
