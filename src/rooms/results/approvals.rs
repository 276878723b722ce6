//! The approvals of consolidated reports, as the rule of disclosure looks back on them: what each showed and hid, of those that stand and
//! of those that were rejected again, whatever became of the report since.

use super::disclosure_history::{Name, put};
use super::disclosure_mask::{ApprovedTable, Cells, Hidden};
use crate::change::Write;
use crate::db::schema::{consolidated_reports, frozen_observations, indicator_definitions, indicators, rejected_approvals};
use crate::db::{self, Conn};
use crate::figures::Amounts;
use crate::problem::{Error, Result};
use crate::values::clock::UtcTime;
use crate::values::decimal::Decimal4;
use crate::values::id::{ConsolidatedId, IndicatorId, PeriodId, PlanId, UnitId};
use diesel::prelude::*;
use std::collections::HashMap;

/// The indicators of plans whose figures point at persons, in any of their versions.
macro_rules! of_persons {
    ($plans:expr) => {
        indicator_definitions::table
            .inner_join(indicators::table)
            .filter(indicators::plan_id.eq_any($plans))
            .filter(indicator_definitions::restricted.eq(true))
            .select(indicators::id)
    };
}
pub(super) use of_persons;

/// An approval of a consolidated report.
pub(super) struct Approval {
    /// What it hid; `None` if every restricted figure.
    pub hidden: Option<Hidden>,
    pub cells: HashMap<Name, Cells>,
    /// Whether it still stands; of one that was rejected it is known what it showed.
    pub stands: bool,
    pub at: UtcTime,
}

impl Approval {
    /// A table as it froze it.
    pub fn table(&self, name: &Name) -> ApprovedTable {
        let hidden = self.hidden.as_ref().and_then(|hidden| {
            // An indicator that was not restricted then was not looked at.
            hidden.tables.iter().find(|s| (&s.period, &s.indicator) == (&name.0, &name.1)).map(|s| s.hidden.clone())
        });
        let parts = hidden.is_some() && self.hidden.as_ref().is_some_and(|hidden| hidden.parts);
        ApprovedTable { cells: self.cells.get(name).cloned().unwrap_or_default(), hidden, parts, stands: self.stands }
    }
}

#[derive(Queryable)]
struct FrozenRow {
    consolidated: ConsolidatedId,
    period: PeriodId,
    indicator: IndicatorId,
    unit: UnitId,
    part: String,
    amounts: Amounts,
}

macro_rules! frozen_columns {
    () => {
        (
            frozen_observations::consolidated_id,
            frozen_observations::period_id,
            frozen_observations::indicator_id,
            frozen_observations::unit_id,
            frozen_observations::disaggregation,
            (frozen_observations::numerator, frozen_observations::denominator),
        )
    };
}

/// A figure as it is kept of a rejected approval: period, indicator, unit, part, and its amounts in ten-thousandths.
type KeptCell = (PeriodId, IndicatorId, UnitId, String, Option<i64>, Option<i64>);

/// All approvals of these plans, each plan's in their order. Three statements.
///
/// # Errors
/// If the database fails.
pub(super) fn load(c: &mut Conn, plans: &[PlanId]) -> Result<HashMap<PlanId, Vec<Approval>>> {
    let mut approvals = standing(c, plans)?;
    for (plan, at, hidden, cells) in rejected_approvals::table
        .filter(rejected_approvals::plan_id.eq_any(plans))
        .select((rejected_approvals::plan_id, rejected_approvals::approved_at, rejected_approvals::hidden, rejected_approvals::cells))
        .order(rejected_approvals::id)
        .load::<(PlanId, UtcTime, Option<String>, String)>(c)?
    {
        let mut tables: HashMap<Name, Cells> = HashMap::new();
        for (period, indicator, unit, part, numerator, denominator) in db::from_json::<Vec<KeptCell>>(&cells)? {
            let amounts = Amounts { numerator: quantity(numerator)?, denominator: quantity(denominator)? };
            put(tables.entry((period, indicator)).or_default(), unit, part, amounts);
        }
        let hidden = db::from_json_opt(hidden.as_deref())?;
        approvals.entry(plan).or_default().push(Approval { hidden, cells: tables, stands: false, at });
    }
    for of_plan in approvals.values_mut() {
        of_plan.sort_by_key(|approval| approval.at);
    }
    Ok(approvals)
}

fn quantity(scaled: Option<i64>) -> Result<Option<Decimal4>> {
    let kept = |scaled| Decimal4::from_scaled(scaled).ok_or_else(|| Error::internal("a kept figure beyond the range of quantities"));
    scaled.map(kept).transpose()
}

fn standing(c: &mut Conn, plans: &[PlanId]) -> Result<HashMap<PlanId, Vec<Approval>>> {
    let found: Vec<(ConsolidatedId, PlanId, Option<String>, UtcTime)> = consolidated_reports::table
        .filter(consolidated_reports::plan_id.eq_any(plans))
        .filter(consolidated_reports::content_full.is_not_null())
        .filter(consolidated_reports::approved_at.is_not_null())
        .order(consolidated_reports::id)
        .select((
            consolidated_reports::id,
            consolidated_reports::plan_id,
            consolidated_reports::hidden,
            consolidated_reports::approved_at.assume_not_null(),
        ))
        .load(c)?;
    let rows: Vec<FrozenRow> = frozen_observations::table
        .filter(frozen_observations::indicator_id.eq_any(of_persons!(plans)))
        .select(frozen_columns!())
        .load(c)?;
    let mut cells = by_report(rows);
    let mut approvals: HashMap<PlanId, Vec<Approval>> = HashMap::new();
    for (id, plan, hidden, at) in found {
        let (hidden, cells) = (db::from_json_opt(hidden.as_deref())?, cells.remove(&id).unwrap_or_default());
        approvals.entry(plan).or_default().push(Approval { hidden, cells, stands: true, at });
    }
    Ok(approvals)
}

fn by_report(rows: Vec<FrozenRow>) -> HashMap<ConsolidatedId, HashMap<Name, Cells>> {
    let mut cells: HashMap<ConsolidatedId, HashMap<Name, Cells>> = HashMap::new();
    for row in rows {
        let table = cells.entry(row.consolidated).or_default().entry((row.period, row.indicator)).or_default();
        put(table, row.unit, row.part, row.amounts);
    }
    cells
}

/// Keeps what an approval that is being rejected showed and hid; nothing of a draft, which goes back without having been approved.
///
/// # Errors
/// If the database fails.
pub fn keep_rejected(w: &mut Write<'_>, id: &ConsolidatedId) -> Result<()> {
    let (plan, approved_at, hidden): (PlanId, Option<UtcTime>, Option<String>) = consolidated_reports::table
        .find(id)
        .select((consolidated_reports::plan_id, consolidated_reports::approved_at, consolidated_reports::hidden))
        .first(w.conn())?;
    let Some(approved_at) = approved_at else { return Ok(()) };
    let rows: Vec<FrozenRow> = frozen_observations::table
        .filter(frozen_observations::consolidated_id.eq(id))
        .filter(frozen_observations::indicator_id.eq_any(of_persons!(std::slice::from_ref(&plan))))
        .order(frozen_observations::id)
        .select(frozen_columns!())
        .load(w.conn())?;
    let scaled = |quantity: Option<Decimal4>| quantity.map(Decimal4::scaled);
    let cells: Vec<KeptCell> = rows
        .into_iter()
        .filter(|row| !row.amounts.is_empty())
        .map(|row| (row.period, row.indicator, row.unit, row.part, scaled(row.amounts.numerator), scaled(row.amounts.denominator)))
        .collect();
    diesel::insert_into(rejected_approvals::table)
        .values((
            rejected_approvals::id.eq(uuid::Uuid::now_v7().to_string()),
            rejected_approvals::consolidated_id.eq(id),
            rejected_approvals::plan_id.eq(&plan),
            rejected_approvals::approved_at.eq(approved_at),
            rejected_approvals::hidden.eq(hidden),
            rejected_approvals::cells.eq(db::to_json(&cells)?),
        ))
        .execute(w.conn())?;
    Ok(())
}
