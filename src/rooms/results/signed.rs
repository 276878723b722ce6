//! What the report that is published of a period says beside its own figures, as it was signed: how it looked back, and by which
//! words. Other years may have been corrected since, and words mended.

use super::row::ResultRow;
use crate::db::Conn;
use crate::db::schema::consolidated_reports;
use crate::figures::Pace;
use crate::problem::{Error, Result};
use crate::rooms::indicators::IndicatorSummary;
use crate::values::Ref;
use crate::values::decimal::Decimal4;
use crate::values::id::{IndicatorId, PeriodId};
use crate::values::text::Bilingual;
use diesel::prelude::*;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::HashMap;

/// What was signed of the indicators of a period; of none where nothing is published of it.
#[derive(Debug, Default)]
pub struct Signed(HashMap<IndicatorId, SignedRow>);

/// What was signed of one.
#[derive(Debug, Deserialize)]
struct SignedRow {
    indicator: Ref,
    previous_value: Option<Decimal4>,
    change: Option<Decimal4>,
    pace: Option<Pace>,
    /// Contents of the first version leave its words out.
    name: Option<Bilingual>,
}

#[derive(Deserialize)]
struct Content {
    results: Vec<SignedRow>,
}

impl Signed {
    /// What is published of a period, by a consolidated report of its own: as it reads with every figure, or without the hidden ones.
    ///
    /// # Errors
    /// If the database fails.
    pub fn load(c: &mut Conn, period: &PeriodId, exact: bool) -> Result<Self> {
        use consolidated_reports as k;
        let published = k::table.filter(k::period_id.eq(period)).filter(k::published.eq(true));
        let content: Option<Option<String>> = match exact {
            true => published.select(k::content_full).first(c).optional()?,
            false => published.select(k::content_public).first(c).optional()?,
        };
        let Some(content) = content.flatten() else { return Ok(Self::default()) };
        let content: Content = serde_json::from_str(&content).map_err(Error::internal)?;
        Ok(Self(content.results.into_iter().map(|row| (IndicatorId::from_text(&row.indicator.id), row)).collect()))
    }

    /// A row of results as it looked back when it was signed; what is hidden stays so.
    #[must_use]
    pub fn looking_back(&self, known: &IndicatorSummary, row: ResultRow) -> ResultRow {
        match self.0.get(&known.id) {
            Some(signed) if !row.suppressed => {
                ResultRow { previous_value: signed.previous_value, change: signed.change, pace: signed.pace, ..row }
            }
            _ => row,
        }
    }

    /// An indicator by the name that it had then.
    #[must_use]
    pub fn by_name<'a>(&self, known: &'a IndicatorSummary) -> Cow<'a, IndicatorSummary> {
        match self.0.get(&known.id).and_then(|signed| signed.name.as_ref()) {
            Some(name) if *name != known.definition.name => {
                let mut then = known.clone();
                then.definition.name.clone_from(name);
                Cow::Owned(then)
            }
            _ => Cow::Borrowed(known),
        }
    }
}
