//! Figures of a report on the wire.

use crate::figures::{ObservationStatus, without_reason};
use crate::values::Ref;
use crate::values::decimal::Decimal4;
use crate::values::period::Reference;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A figure as it is written. It replaces the one of the same indicator and disaggregation whole: what is absent is null.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"indicator": "5.2a", "disaggregation": {"sex": "female"}, "numerator": 48, "denominator": 48, "status": "final"}))]
pub struct CellIn {
    /// The indicator, by id or code.
    #[schema(min_length = 1, max_length = 64, example = "5.2a")]
    pub indicator: String,
    /// The part of the total, one value for each dimension; left out, the total itself.
    #[serde(default)]
    #[schema(example = json!({"sex": "female"}))]
    pub disaggregation: Option<BTreeMap<String, String>>,
    /// What is counted above; of a count, the count.
    #[serde(default)]
    #[schema(example = 48)]
    pub numerator: Option<Decimal4>,
    /// What is counted below.
    #[serde(default)]
    #[schema(example = 48)]
    pub denominator: Option<Decimal4>,
    /// The answer to a qualitative indicator.
    #[serde(default)]
    #[schema(example = json!(null))]
    pub answer: Option<bool>,
    /// How sure it is; left out, final.
    #[serde(default)]
    pub status: Option<ObservationStatus>,
    /// Why the indicator does not concern the unit; there are then no figures.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 2000, example = json!(null), extensions(("x-multiline" = json!(true))))]
    pub not_applicable: Option<String>,
    /// What there is to remark; never public.
    #[serde(default)]
    #[schema(max_length = 4000, example = json!(null), extensions(("x-multiline" = json!(true))))]
    pub note: Option<String>,
    /// The indicator's further inputs, by key.
    #[serde(default)]
    #[schema(example = json!(null))]
    pub extra: Option<Map<String, Value>>,
    /// Whether to remove it.
    #[serde(default)]
    #[schema(example = false)]
    pub delete: Option<bool>,
}

/// Figures to be written, all or none.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CellsIn {
    /// The figures.
    #[schema(max_items = 5000)]
    pub observations: Vec<CellIn>,
}

/// What became of the figures of a body.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CellCounts {
    /// How many are new.
    #[schema(example = 3)]
    pub created: usize,
    /// How many were changed.
    #[schema(example = 1)]
    pub updated: usize,
    /// How many said what was there already.
    #[schema(example = 0)]
    pub unchanged: usize,
    /// How many were removed.
    #[schema(example = 0)]
    pub deleted: usize,
}

impl CellCounts {
    /// Counts these as well.
    pub fn add(&mut self, more: Self) {
        self.created += more.created;
        self.updated += more.updated;
        self.unchanged += more.unchanged;
        self.deleted += more.deleted;
    }

    /// Whether anything was changed.
    #[must_use]
    pub fn any(&self) -> bool {
        self.created + self.updated + self.deleted > 0
    }
}

/// A figure of a report (số liệu).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReportObservation {
    /// The indicator.
    #[schema(example = json!({"id": "0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a63", "code": "5.2a"}))]
    pub indicator: Ref,
    /// The part of the total, one value for each dimension; the total has none.
    #[schema(example = json!({"sex": "female"}))]
    pub disaggregation: BTreeMap<String, String>,
    /// What is counted above.
    #[schema(required, example = 48)]
    pub numerator: Option<Decimal4>,
    /// What is counted below.
    #[schema(required, example = 48)]
    pub denominator: Option<Decimal4>,
    /// The computed value, rounded once to 4 digits.
    #[schema(required, example = 100)]
    pub value: Option<Decimal4>,
    /// The answer to a qualitative indicator.
    #[schema(required, example = json!(null))]
    pub answer: Option<bool>,
    /// How sure it is.
    pub status: ObservationStatus,
    /// Why the indicator does not concern the unit.
    #[schema(required, example = json!(null))]
    pub not_applicable: Option<String>,
    /// What there is to remark.
    #[schema(required, example = json!(null))]
    pub note: Option<String>,
    /// The indicator's further inputs, by key.
    #[schema(required, example = json!(null))]
    pub extra: Option<Map<String, Value>>,
    /// Whether it counts: not where the obligation was handed to another unit. What an earlier version kept counts.
    #[serde(default = "counted")]
    #[schema(example = true)]
    pub counted: bool,
    /// Whether figures are hidden from this caller.
    #[schema(example = false)]
    pub suppressed: bool,
    /// The version of the indicator's definition under which it was written.
    #[schema(example = 1)]
    pub definition_version: i32,
    /// The stretch of time it is about.
    pub reference: Reference,
}

fn counted() -> bool {
    true
}

impl ReportObservation {
    /// The same for a reader from whom restricted figures are hidden.
    #[must_use]
    pub(in crate::rooms::reports) fn hidden(self) -> Self {
        let nothing =
            self.numerator.is_none() && self.denominator.is_none() && self.answer.is_none() && self.note.is_none() && self.extra.is_none();
        let shown = self.without_words();
        if nothing {
            return shown;
        }
        Self { numerator: None, denominator: None, value: None, answer: None, suppressed: true, ..shown }
    }

    /// The same for a reader who may see the figures of a restricted indicator, but not what was said beside them: words
    /// may tell more than figures do.
    #[must_use]
    pub(in crate::rooms::reports) fn without_words(self) -> Self {
        Self { not_applicable: without_reason(self.not_applicable), note: None, extra: None, ..self }
    }

    /// Whether there is anything in it that hiding takes away.
    pub(in crate::rooms::reports) fn says_something(&self) -> bool {
        self.numerator.is_some() || self.denominator.is_some() || self.answer.is_some() || self.note.is_some() || self.extra.is_some()
    }
}
