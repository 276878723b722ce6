//! What other rooms need to know of periods.

use crate::db::Conn;
use crate::db::schema::reporting_periods as periods;
use crate::problem::Result;
use crate::values::PeriodRef;
use crate::values::id::{PeriodId, PlanId};
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap};

pub use crate::reading::references::PeriodKey;

/// The period with this id.
///
/// # Errors
/// 404.
pub fn key(c: &mut Conn, id: &PeriodId) -> Result<PeriodKey> {
    Ok(periods::table.find(id).select(PeriodKey::as_select()).first(c)?)
}

/// The periods of a plan by their days, the shorter ones of a stretch of time last.
///
/// # Errors
/// If the database fails.
pub fn of_plan(c: &mut Conn, plan: &PlanId) -> Result<Vec<PeriodKey>> {
    let order = (periods::starts_on, periods::ends_on.desc(), periods::id);
    Ok(periods::table.filter(periods::plan_id.eq(plan)).order(order).select(PeriodKey::as_select()).load(c)?)
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
