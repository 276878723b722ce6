//! What the report that is published of a period says beside its own figures, as it was approved: how it looks back, what was wanted, and
//! by which words. Other years may have been corrected since, words mended, and what the period did not ask amended.

use super::BATCH;
use super::revision::published_at;
use super::row::ResultRow;
use crate::db::schema::consolidated_reports;
use crate::db::{self, Conn};
use crate::figures::{Outcome, Pace, TargetValue};
use crate::problem::Result;
use crate::rooms::indicators::IndicatorSummary;
use crate::values::Ref;
use crate::values::clock::UtcTime;
use crate::values::decimal::Decimal4;
use crate::values::id::{IndicatorId, PeriodId};
use crate::values::text::Bilingual;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::HashMap;

/// What was approved of the indicators of a period; of none where nothing is published of it.
#[derive(Debug, Default)]
pub struct Signed {
    rows: HashMap<IndicatorId, LookingBack>,
    /// Whether it is what those read who see every figure.
    exact: bool,
    /// Whether only its words and targets are those that are shown.
    in_words: bool,
}

/// What was approved of one. Contents of the first version leave its name and how the year's target was met out.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LookingBack {
    indicator: Ref,
    #[serde(default)]
    name: Option<Bilingual>,
    target: Option<TargetValue>,
    final_target: Option<TargetValue>,
    #[serde(default)]
    year_result: Option<Outcome>,
    previous_value: Option<Decimal4>,
    change: Option<Decimal4>,
    pace: Option<Pace>,
    /// Whether it was decided about as one of an indicator that points at persons. Earlier versions did not say, nor decide about those
    /// that the period does not ask.
    #[serde(default)]
    guarded: bool,
}

impl LookingBack {
    /// What a row of results says, of an indicator as it is then.
    #[must_use]
    pub fn of(known: &IndicatorSummary, row: &ResultRow) -> Self {
        Self {
            indicator: row.indicator.clone(),
            name: Some(known.definition.name.clone()),
            target: row.target,
            final_target: row.final_target,
            year_result: row.year_result,
            previous_value: row.previous_value,
            change: row.change,
            pace: row.pace,
            guarded: known.ever_restricted(),
        }
    }
}

impl Signed {
    /// What is published of these periods by consolidated reports of their own, or was as of an instant: as it reads with every figure, or without the hidden
    /// ones.
    ///
    /// # Errors
    /// If the database fails.
    pub fn load(c: &mut Conn, periods: &[&PeriodId], exact: bool, as_of: Option<UtcTime>) -> Result<HashMap<PeriodId, Self>> {
        use consolidated_reports as k;
        let mut found: Vec<(PeriodId, Option<String>)> = Vec::new();
        for some in periods.chunks(BATCH) {
            let published = k::table.filter(k::period_id.eq_any(some)).into_boxed();
            let published = match as_of {
                Some(at) => published.filter(published_at!(at)),
                None => published.filter(k::published.eq(true)),
            };
            found.append(&mut match exact {
                true => published.select((k::period_id, k::looking_back_full)).load(c)?,
                false => published.select((k::period_id, k::looking_back_public)).load(c)?,
            });
        }
        let read = |(period, kept): (PeriodId, Option<String>)| {
            let rows: Vec<LookingBack> = db::from_json_opt(kept.as_deref())?.unwrap_or_default();
            let rows = rows.into_iter().map(|row| (IndicatorId::from_text(&row.indicator.id), row)).collect();
            Ok((period, Self { rows, exact, in_words: false }))
        };
        found.into_iter().map(read).collect()
    }

    /// The same where the figures that are shown were published by another report.
    #[must_use]
    pub fn in_words(self) -> Self {
        Self { in_words: true, ..self }
    }

    /// A row of results as it looked back when it was approved; what is hidden stays so. Of an indicator that was restricted only later it
    /// was not decided then what of the year before may be shown: it says what `row` says by now.
    #[must_use]
    pub fn looking_back(&self, known: &IndicatorSummary, row: ResultRow) -> ResultRow {
        let Some(signed) = self.rows.get(&known.id).filter(|_| !row.suppressed) else { return row };
        if self.in_words {
            return ResultRow { target: signed.target, final_target: signed.final_target, ..row };
        }
        let undecided = !self.exact && known.ever_restricted() && !signed.guarded;
        let (previous_value, change, pace) = match undecided {
            true => (row.previous_value, row.change, row.pace),
            false => (signed.previous_value, signed.change, signed.pace),
        };
        ResultRow {
            target: signed.target,
            final_target: signed.final_target,
            year_result: signed.year_result.or(row.year_result),
            previous_value,
            change,
            pace,
            ..row
        }
    }

    /// An indicator by the name that it had then.
    #[must_use]
    pub fn by_name<'a>(&self, known: &'a IndicatorSummary) -> Cow<'a, IndicatorSummary> {
        match self.rows.get(&known.id).and_then(|signed| signed.name.as_ref()) {
            Some(name) if *name != known.definition.name => {
                let mut then = known.clone();
                then.definition.name.clone_from(name);
                Cow::Owned(then)
            }
            _ => Cow::Borrowed(known),
        }
    }
}
