//! Open periods from which a unit is to be taken out.

use super::unsettled;
use crate::db::Conn;
use crate::db::schema::{period_obligations as o, period_units as u, reporting_periods as periods};
use crate::problem::{Result, codes};
use crate::values::id::{IndicatorId, PeriodId, UnitId};
use diesel::prelude::*;

/// An open period in which a unit takes part and need not be asked any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaving {
    /// The period.
    pub period: PeriodId,
    /// What the unit owes in it.
    pub owes: Vec<IndicatorId>,
}

/// The open periods in which a unit takes part and is not excused, the earliest first, without those whose consolidated report is
/// approved.
///
/// # Errors
/// If the database fails.
pub fn open_with(c: &mut Conn, unit: &UnitId) -> Result<Vec<Leaving>> {
    let open: Vec<PeriodId> = u::table
        .inner_join(periods::table)
        .filter(u::unit_id.eq(unit).and(u::excused_at.is_null()))
        .filter(periods::status.eq("open"))
        .order((periods::due_at, periods::id))
        .select(periods::id)
        .load(c)?;
    let mut leaving = Vec::new();
    for period in open {
        match unsettled::check(c, &period) {
            Err(error) if error.code().is_some_and(|code| *code == *codes::CONSOLIDATED_EXISTS) => continue,
            other => other?,
        }
        let held = o::table.filter(o::period_id.eq(&period)).filter(o::unit_id.eq(unit)).filter(o::until.is_null());
        leaving.push(Leaving { owes: held.order(o::indicator_id).select(o::indicator_id).load(c)?, period });
    }
    Ok(leaving)
}
