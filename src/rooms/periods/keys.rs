//! What other rooms need to know of periods.

use super::wire::PeriodKind;
use crate::db::Conn;
use crate::db::schema::reporting_periods as periods;
use crate::problem::{Place, Result};
use crate::rooms::plans::PlanKey;
use crate::values::PeriodRef;
use crate::values::clock::UtcTime;
use crate::values::id::{PeriodId, PlanId, looks_like_id};
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap};

/// A reporting period, as far as other rooms need to know it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct PeriodKey {
    /// Its id.
    pub id: PeriodId,
    /// Its plan.
    pub plan_id: PlanId,
    /// Its ward, by official code.
    pub jurisdiction: String,
    /// `periodic`, `thematic` or `ad_hoc`.
    pub kind: String,
    /// `annual`, `quarterly` or `monthly`, if it comes round.
    pub frequency: Option<String>,
    /// Its label.
    pub label: String,
    /// The first day it is about.
    pub starts_on: NaiveDate,
    /// The last day it is about.
    pub ends_on: NaiveDate,
    /// `planned`, `open` or `closed`.
    pub status: String,
    /// Whether it has ever been opened, so that its units and indicators are fixed.
    pub frozen: bool,
    /// The first instant at which a report is late.
    pub due_at: UtcTime,
    /// When the ward owes the province its consolidated report.
    pub consolidated_due_at: Option<UtcTime>,
}

impl PeriodKey {
    /// As an answer names it.
    #[must_use]
    pub fn reference(&self) -> PeriodRef {
        PeriodRef { id: self.id.as_str().to_owned(), label: self.label.clone() }
    }
}

type Columns = (
    periods::id,
    periods::plan_id,
    periods::jurisdiction,
    periods::kind,
    periods::frequency,
    periods::label,
    periods::starts_on,
    periods::ends_on,
    periods::status,
    periods::frozen,
    periods::due_at,
    periods::consolidated_due_at,
);
const COLUMNS: Columns = (
    periods::id,
    periods::plan_id,
    periods::jurisdiction,
    periods::kind,
    periods::frequency,
    periods::label,
    periods::starts_on,
    periods::ends_on,
    periods::status,
    periods::frozen,
    periods::due_at,
    periods::consolidated_due_at,
);

/// The period that a text names: any by its id, a periodic one by its label. Within a plan if one is given; else a label
/// must fit one period alone.
///
/// # Errors
/// `reference.unknown` or `reference.ambiguous` at its place.
pub fn resolve(c: &mut Conn, plan: Option<&PlanKey>, named: &str, place: &Place) -> Result<PeriodKey> {
    let mut query = periods::table.select(COLUMNS).into_boxed();
    if let Some(plan) = plan {
        query = query.filter(periods::plan_id.eq(&plan.id));
    }
    query = if looks_like_id(named) {
        query.filter(periods::id.eq(named.to_ascii_lowercase()))
    } else {
        query.filter(periods::label.eq(named)).filter(periods::kind.eq(PeriodKind::Periodic.as_str()))
    };
    let mut found: Vec<PeriodKey> = query.limit(2).load(c)?;
    match (found.pop(), found.is_empty()) {
        (Some(period), true) => Ok(period),
        (Some(_), false) => Err(place.ambiguous().into()),
        (None, _) => Err(place.unknown().into()),
    }
}

/// The period with this id.
///
/// # Errors
/// 404.
pub fn key(c: &mut Conn, id: &PeriodId) -> Result<PeriodKey> {
    Ok(periods::table.find(id).select(COLUMNS).first(c)?)
}

/// The periods of a plan by their days, the shorter ones of a stretch of time last.
///
/// # Errors
/// If the database fails.
pub fn of_plan(c: &mut Conn, plan: &PlanId) -> Result<Vec<PeriodKey>> {
    let order = (periods::starts_on, periods::ends_on.desc(), periods::id);
    Ok(periods::table.filter(periods::plan_id.eq(plan)).order(order).select(COLUMNS).load(c)?)
}

/// These periods as answers name them.
///
/// # Errors
/// If the database fails.
pub fn references<'a>(c: &mut Conn, ids: impl IntoIterator<Item = &'a PeriodId>) -> Result<HashMap<PeriodId, PeriodRef>> {
    let ids: Vec<&PeriodId> = ids.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
    let mut all = HashMap::new();
    for some in ids.chunks(500) {
        let found: Vec<(PeriodId, String)> =
            periods::table.filter(periods::id.eq_any(some)).select((periods::id, periods::label)).load(c)?;
        all.extend(found.into_iter().map(|(id, label)| (id.clone(), PeriodRef { id: id.into(), label })));
    }
    Ok(all)
}
