//! Indicators as periods ask them: in the versions that opened ones froze, and those that planned ones would ask now.

use super::table::asked::AskedBy;
use super::table::{self, IndicatorRow, Parents};
use super::wire::IndicatorOut;
use crate::db::Conn;
use crate::problem::{Place, Result};
use crate::reading::references::{GoalKey, PeriodKey, PlanIndicatorKey, Scope};
use crate::values::id::IndicatorId;
use crate::values::period::Label;

/// The periods that a query names; beside a plan also a year, quarter or month of which it has none.
///
/// # Errors
/// 400 `reference.unknown`.
pub(super) fn by(c: &mut Conn, scope: &Scope, named: &str) -> Result<AskedBy> {
    let found = scope.any::<PeriodKey>(c, named)?;
    match (found.as_slice(), scope.plan(), Label::parse(named)) {
        ([], Some(plan), Some(label)) if (plan.start_year..=plan.end_year).contains(&label.year()) => {
            Ok(AskedBy::of_plan(&plan.id, label.frequency().as_str(), label.year()))
        }
        ([], ..) => Err(scope.unknown::<PeriodKey>(named, &Place::query("period"))),
        (found, ..) => AskedBy::of(c, found),
    }
}

/// Rows as clients read them, each in the version in which it is asked; those that are not are left out.
///
/// # Errors
/// If the database fails.
pub(super) fn outs(c: &mut Conn, asked: &AskedBy, rows: Vec<(IndicatorRow, Parents)>) -> Result<Vec<IndicatorOut>> {
    let mut versions = asked.versions(c, &rows.iter().map(|(row, _)| row).collect::<Vec<_>>())?;
    let ids: Vec<&IndicatorId> = rows.iter().map(|(row, _)| &row.id).collect();
    let mut linked = table::links::of(c, &ids)?;
    let mut outs = Vec::with_capacity(rows.len());
    for (mut row, mut parents) in rows {
        let Some(((version, goal, printed, counterpart), year)) = versions.remove(&row.id) else { continue };
        let mut links = linked.remove(&row.id).unwrap_or_default();
        version.restore(&mut row)?;
        links.dimensions = version.splits()?;
        parents.counterpart = version.counterpart_with(counterpart.as_ref());
        if let (Some(id), Some(code)) = (version.goal_id, goal) {
            parents.goal = GoalKey { id, code };
        }
        if let (Some(id), Some(code)) = (version.plan_indicator_id, printed) {
            parents.printed = PlanIndicatorKey { id, code, goal_id: parents.goal.id.clone() };
        }
        row.goal_id.clone_from(&parents.goal.id);
        outs.push(row.into_out(&parents, links, year)?);
    }
    Ok(outs)
}
