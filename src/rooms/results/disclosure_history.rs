//! What the tables of restricted indicators showed before they were approved, from the times that rows keep: a table is shown as
//! soon as it is complete, and who noted it then knows it, however it changes before it is approved.

use super::cell_ref::CellRef;
use super::disclosure_mask::Cells;
use crate::db::Conn;
use crate::db::schema::{period_excusals, period_obligations, reporting_periods};
use crate::figures::Amounts;
use crate::problem::Result;
use crate::values::clock::UtcTime;
use crate::values::id::{IndicatorId, PeriodId, PlanId, UnitId};
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap};

/// A table's name.
pub(super) type Name = (PeriodId, IndicatorId);

/// A figure that is told in numbers; what else a unit may say of an indicator has no small counts.
pub(super) fn put(cells: &mut Cells, unit: UnitId, part: String, amounts: Amounts) {
    if !amounts.is_empty() {
        cells.insert(CellRef::of(unit, part), amounts);
    }
}

/// From when until when something held.
#[derive(Debug, Clone, Copy, Queryable)]
pub(super) struct Span {
    pub since: UtcTime,
    pub until: Option<UtcTime>,
}

impl Span {
    /// Whether it held up to this instant.
    fn until(&self, instant: UtcTime) -> bool {
        self.since < instant && self.until.is_none_or(|until| until >= instant)
    }
}

/// What a unit said of the whole or of a part while its report was accepted.
#[derive(Debug, Clone)]
pub(super) struct Accepted {
    pub unit: UnitId,
    pub part: String,
    pub amounts: Amounts,
    pub span: Span,
}

/// The times of one table.
#[derive(Debug, Default)]
pub(super) struct TableHistory {
    pub accepted: Vec<Accepted>,
    owed: Vec<(UnitId, Span)>,
    excused: Vec<(UnitId, Span)>,
}

impl TableHistory {
    /// Whether anything of it was reopened after it was approved last, before this instant. Such a table is not shown before it is approved
    /// again, whoever has left it meanwhile.
    pub(super) fn is_touched(&self, approved: &[UtcTime], before: Option<UtcTime>) -> bool {
        let earlier = |at: UtcTime| before.is_none_or(|before| at < before);
        let approved = approved.iter().filter(|at| earlier(**at)).max();
        let reopened = |at: UtcTime| earlier(at) && approved.is_none_or(|approved| *approved < at);
        self.accepted.iter().filter_map(|accepted| accepted.span.until).any(reopened)
    }

    /// The complete states of the table that are no longer, in their order, each with the instant at which it ended; `approved` are the
    /// instants at which it was approved.
    pub(super) fn complete_states(&self, approved: &[UtcTime]) -> Vec<(UtcTime, Cells)> {
        let ends = |span: &Span| [Some(span.since), span.until].into_iter().flatten();
        let spans = self.accepted.iter().map(|a| &a.span).chain(self.owed.iter().chain(&self.excused).map(|(_, span)| span));
        let instants: BTreeSet<UtcTime> = spans.flat_map(ends).collect();
        instants.into_iter().filter_map(|instant| Some((instant, self.shown_until(instant, approved)?))).collect()
    }

    /// The table just before an instant, if it was shown then.
    fn shown_until(&self, instant: UtcTime, approved: &[UtcTime]) -> Option<Cells> {
        if self.is_touched(approved, Some(instant)) {
            return None;
        }
        let owing: BTreeSet<&UnitId> = self.owed.iter().filter(|(_, span)| span.until(instant)).map(|(unit, _)| unit).collect();
        let excused = |unit: &UnitId| self.excused.iter().any(|(of, span)| of == unit && span.until(instant));
        let given: Vec<&Accepted> =
            self.accepted.iter().filter(|accepted| owing.contains(&accepted.unit) && accepted.span.until(instant)).collect();
        let has_given = |unit: &UnitId| given.iter().any(|accepted| accepted.unit == *unit);
        if given.is_empty() || !owing.into_iter().all(|unit| has_given(unit) || excused(unit)) {
            return None;
        }
        let mut cells = Cells::new();
        for Accepted { unit, part, amounts, .. } in given {
            put(&mut cells, unit.clone(), part.clone(), *amounts);
        }
        Some(cells)
    }
}

/// Adds who owed the figures of these tables and who was excused, of plans. Two statements.
///
/// # Errors
/// If the database fails.
pub(super) fn add_obligations(c: &mut Conn, plans: &[PlanId], tables: &mut HashMap<Name, TableHistory>) -> Result<()> {
    use {period_excusals as e, period_obligations as o};
    if tables.is_empty() {
        return Ok(());
    }
    let periods = || reporting_periods::table.filter(reporting_periods::plan_id.eq_any(plans)).select(reporting_periods::id);
    let indicators: BTreeSet<&IndicatorId> = tables.keys().map(|(_, indicator)| indicator).collect();
    let owed: Vec<(PeriodId, IndicatorId, UnitId, Span)> = o::table
        .filter(o::period_id.eq_any(periods()))
        .filter(o::indicator_id.eq_any(indicators))
        .select((o::period_id, o::indicator_id, o::unit_id, (o::since, o::until)))
        .load(c)?;
    let excused: Vec<(PeriodId, UnitId, Span)> =
        e::table.filter(e::period_id.eq_any(periods())).select((e::period_id, e::unit_id, (e::since, e::until))).load(c)?;
    for (period, indicator, unit, span) in owed {
        if let Some(table) = tables.get_mut(&(period, indicator)) {
            table.owed.push((unit, span));
        }
    }
    for ((period, _), table) in tables {
        table.excused.extend(excused.iter().filter(|(of, ..)| of == period).map(|(_, unit, span)| (unit.clone(), *span)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::decimal::Decimal4;
    use chrono::DateTime;

    fn at(second: i64) -> UtcTime {
        UtcTime::from_naive(DateTime::from_timestamp(second, 0).expect("a time within the calendar").naive_utc())
    }

    fn span(since: i64, until: Option<i64>) -> Span {
        Span { since: at(since), until: until.map(at) }
    }

    fn accepted(unit: &str, cases: i64, span: Span) -> Accepted {
        let amounts = Amounts { numerator: Decimal4::from_int(cases), denominator: None };
        Accepted { unit: UnitId::from_text(unit), part: "{}".to_owned(), amounts, span }
    }

    fn owed(units: &[(&str, Span)]) -> Vec<(UnitId, Span)> {
        units.iter().map(|(unit, span)| (UnitId::from_text(*unit), *span)).collect()
    }

    /// When complete states ended, and of how many units they were.
    fn states(history: &TableHistory, approved: &[i64]) -> Vec<(UtcTime, usize)> {
        let approved: Vec<UtcTime> = approved.iter().map(|second| at(*second)).collect();
        history.complete_states(&approved).into_iter().map(|(instant, cells)| (instant, cells.len())).collect()
    }

    #[test]
    fn what_was_complete_and_grew_was_shown() {
        let both = vec![accepted("U1", 7, span(10, None)), accepted("U2", 3, span(40, None))];
        let late = TableHistory { accepted: both.clone(), owed: owed(&[("U1", span(0, None)), ("U2", span(30, None))]), excused: vec![] };
        assert_eq!(states(&late, &[]), [(at(30), 1)], "a unit that owes it since 30");
        let all_along = owed(&[("U1", span(0, None)), ("U2", span(0, None))]);
        let lifted = TableHistory { accepted: both.clone(), owed: all_along.clone(), excused: owed(&[("U2", span(5, Some(20)))]) };
        assert_eq!(states(&lifted, &[]), [(at(20), 1)], "excused until 20");
        assert_eq!(states(&TableHistory { accepted: both, owed: all_along, excused: vec![] }, &[]), [], "never complete before now");
    }

    #[test]
    fn what_was_reopened_was_shown_until_then_and_not_before_the_next_approval() {
        let reports = vec![
            accepted("U1", 7, span(10, Some(20))),
            accepted("U1", 8, span(30, Some(40))),
            accepted("U1", 9, span(50, None)),
            accepted("U2", 30, span(10, None)),
        ];
        let history = TableHistory { accepted: reports, owed: owed(&[("U1", span(0, None)), ("U2", span(0, None))]), excused: vec![] };
        assert_eq!(states(&history, &[]), [(at(20), 2)]);
        assert_eq!(states(&history, &[35]), [(at(20), 2), (at(40), 2)]);
    }
}
