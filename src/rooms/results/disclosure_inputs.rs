//! Reading the tables by which it is decided what is hidden: a constant number of statements, however many plans, periods
//! and units there are.

use super::BATCH;
use super::approvals::{self, Approval, of_persons};
use super::cell_ref::CellRef;
use super::disclosure_history::{self, Accepted, Name, Span, TableHistory, put};
use super::disclosure_mask::{Cells, DisclosureMask, Hidden, HiddenCells, IndicatorTable};
use super::load::{self, Basis};
use super::plan::PlanFigures;
use crate::db::schema::{consolidated_reports, indicator_definitions, indicators, observations, reporting_periods, reports};
use crate::db::{self, Conn};
use crate::figures::{Amounts, RollUp};
use crate::problem::Result;
use crate::rooms::indicators::IndicatorSummary;
use crate::rooms::plans::PlanKey;
use crate::values::clock::UtcTime;
use crate::values::id::{IndicatorId, PeriodId, PlanId, ReportId, UnitId};
use crate::values::period::Label;
use chrono::DateTime;
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// What is hidden of these plans' figures from readers without the scope.
///
/// # Errors
/// If the database fails.
pub fn mask(c: &mut Conn, figures: &[&PlanFigures], basis: Basis, threshold: u32) -> Result<DisclosureMask> {
    let mut mask = DisclosureMask::default();
    for figures in figures.chunks(BATCH) {
        let plans: Vec<PlanId> = figures.iter().map(|f| f.plan.id.clone()).collect();
        mask.extend(match basis {
            Basis::Published => published(c, &plans)?,
            Basis::Accepted => accepted(c, figures, &plans, threshold)?,
        });
    }
    Ok(mask)
}

/// Hides all that restricted indicators of these plans say: of what was so at another instant nobody has decided what hidden figures
/// would follow from it beside those of now.
#[must_use]
pub fn mask_of_everything(figures: &[&PlanFigures]) -> DisclosureMask {
    let restricted = figures.iter().flat_map(|of_plan| of_plan.known.iter()).filter(|known| known.ever_restricted());
    DisclosureMask { restricted: restricted.map(|known| known.id.clone()).collect(), ..DisclosureMask::default() }
}

fn accepted(c: &mut Conn, figures: &[&PlanFigures], plans: &[PlanId], threshold: u32) -> Result<DisclosureMask> {
    let restricted = restricted(c, plans)?;
    let tables = DisclosureInputs::load(c, plans)?.of(figures, threshold);
    Ok(DisclosureMask { restricted, tables: tables.into_iter().map(|(name, table)| (name, table.hidden(threshold))).collect() })
}

/// The same of each of these plans, whose figures are not at hand, over their periods of whatever kind.
///
/// # Errors
/// If the database fails.
pub(super) fn masks_of(c: &mut Conn, plans: &[PlanKey], basis: Basis, threshold: u32) -> Result<Vec<(PlanId, DisclosureMask)>> {
    // What is hidden follows from who owes a figure and has given it, never from what is due by now: these masks are kept.
    let figures = load::load_every(c, plans, basis, UtcTime::from_naive(DateTime::UNIX_EPOCH.naive_utc()))?;
    let mask = mask(c, &figures.iter().collect::<Vec<_>>(), basis, threshold)?;
    Ok(mask.by_plan(&figures))
}

/// Decides what the consolidated report of these periods hides for good, whatever is missing yet: as a mask, and as it is
/// kept.
///
/// # Errors
/// If the database fails.
pub fn approve(c: &mut Conn, figures: &PlanFigures, periods: &[PeriodId], threshold: u32) -> Result<(DisclosureMask, Hidden)> {
    let plan = std::slice::from_ref(&figures.plan.id);
    let loaded = DisclosureInputs::load(c, plan)?;
    let mut mask = DisclosureMask { restricted: restricted(c, plan)?, tables: HashMap::new() };
    let mut kept = Hidden { reports: loaded.revisions(periods), tables: Vec::new(), parts: true };
    for ((period, indicator), table) in loaded.of(&[figures], threshold) {
        let inside = periods.contains(&period);
        let hidden = if inside { table.judged(threshold) } else { table.hidden(threshold) };
        if inside {
            kept.tables.push(HiddenCells { period: period.clone(), indicator: indicator.clone(), hidden: hidden.clone() });
        }
        mask.tables.insert((period, indicator), hidden);
    }
    Ok((mask, kept))
}

fn restricted(c: &mut Conn, plans: &[PlanId]) -> Result<HashSet<IndicatorId>> {
    Ok(of_persons!(plans).load(c)?.into_iter().collect())
}

/// What was published is hidden as it was when it was approved. A quarter whose year was published as well is read from the year's report:
/// of what that one did not decide nothing is shown.
fn published(c: &mut Conn, plans: &[PlanId]) -> Result<DisclosureMask> {
    use {consolidated_reports as k, reporting_periods as p};
    let found: Vec<(PlanId, String, String, Option<String>)> = k::table
        .inner_join(p::table)
        .filter(k::plan_id.eq_any(plans))
        .filter(k::published.eq(true))
        .select((k::plan_id, p::kind, p::label, k::hidden))
        .load(c)?;
    let mut decided: Vec<(PlanId, Option<Label>, Hidden)> = Vec::new();
    for (plan, kind, label, hidden) in found {
        if let Some(hidden) = db::from_json_opt(hidden.as_deref())? {
            decided.push((plan, Label::parse(&label).filter(|_| kind == "periodic"), hidden));
        }
    }
    let name = |table: &HiddenCells| (table.period.clone(), table.indicator.clone());
    let mut years: HashMap<(PlanId, i32), HashSet<Name>> = HashMap::new();
    for (plan, label, hidden) in &decided {
        if let Some(Label::Year(year)) = label {
            years.entry((plan.clone(), *year)).or_default().extend(hidden.tables.iter().map(name));
        }
    }
    let mut mask = DisclosureMask { restricted: restricted(c, plans)?, tables: HashMap::new() };
    for (plan, label, Hidden { tables, parts, .. }) in decided {
        let of_year = label.and_then(|label| years.get(&(plan, label.year())));
        for table in tables.into_iter().filter(|table| of_year.is_none_or(|names| names.contains(&name(table)))) {
            let all = mask.tables.entry((table.period, table.indicator)).or_default();
            all.extend(table.hidden.into_iter().chain((!parts).then(CellRef::totals_of_parts)));
        }
    }
    Ok(mask)
}

#[derive(Queryable)]
struct NowRow {
    period: PeriodId,
    indicator: IndicatorId,
    unit: UnitId,
    report: ReportId,
    revision: i32,
    part: String,
    amounts: Amounts,
    counted: bool,
    span: Span,
}

/// What counts now, by table, and the reports that say so, each with its revision.
#[derive(Default)]
struct CurrentTable {
    cells: Cells,
    /// What stands in accepted reports and does not count, since another unit owes it now.
    uncounted: BTreeSet<CellRef>,
    reports: BTreeMap<ReportId, i32>,
}

struct DisclosureInputs {
    now: HashMap<Name, CurrentTable>,
    history: HashMap<Name, TableHistory>,
    /// By plan, the latest last.
    approved: HashMap<PlanId, Vec<Approval>>,
}

impl DisclosureInputs {
    fn load(c: &mut Conn, plans: &[PlanId]) -> Result<Self> {
        let rows: Vec<NowRow> = observations::table
            .inner_join(reports::table)
            .filter(observations::indicator_id.eq_any(of_persons!(plans)))
            .filter(observations::since.is_not_null())
            .select((
                observations::period_id,
                observations::indicator_id,
                observations::unit_id,
                observations::report_id,
                reports::revision,
                observations::disaggregation,
                (observations::numerator, observations::denominator),
                observations::counted,
                (observations::since.assume_not_null(), observations::until),
            ))
            .load(c)?;
        let mut now: HashMap<Name, CurrentTable> = HashMap::new();
        let mut history: HashMap<Name, TableHistory> = HashMap::new();
        for row in rows {
            let NowRow { unit, part, amounts, span, .. } = row;
            let name = (row.period, row.indicator);
            if span.until.is_none() && row.counted {
                let table = now.entry(name.clone()).or_default();
                table.reports.insert(row.report, row.revision);
                put(&mut table.cells, unit.clone(), part.clone(), amounts);
            } else if span.until.is_none() {
                now.entry(name.clone()).or_default().uncounted.insert(CellRef::of(unit.clone(), part.clone()));
            }
            history.entry(name).or_default().accepted.push(Accepted { unit, part, amounts, span });
        }
        disclosure_history::add_obligations(c, plans, &mut history)?;
        Ok(Self { now, history, approved: approvals::load(c, plans)? })
    }

    /// The reports of these periods whose restricted figures count.
    fn revisions(&self, periods: &[PeriodId]) -> BTreeMap<ReportId, i32> {
        let inside = self.now.iter().filter(|((period, _), _)| periods.contains(period));
        inside.flat_map(|(_, now)| now.reports.iter().map(|(report, revision)| (report.clone(), *revision))).collect()
    }

    fn of(mut self, figures: &[&PlanFigures], threshold: u32) -> Vec<(Name, IndicatorTable)> {
        let mut found = Vec::new();
        for figures in figures {
            for known in figures.known.iter().filter(|k| k.ever_restricted()) {
                for period in &figures.periods {
                    let known = &*figures.as_asked(known, period);
                    if !known.restricted {
                        continue;
                    }
                    let name = (period.id.clone(), known.id.clone());
                    if let Some(now) = self.now.remove(&name) {
                        let complete = figures.coverage(known, period).missing() == 0;
                        let table = self.table(&figures.plan.id, known, &name, now, complete, threshold);
                        found.push((name, table));
                    }
                }
            }
        }
        found
    }

    fn table(
        &self,
        plan: &PlanId,
        known: &IndicatorSummary,
        name: &Name,
        now: CurrentTable,
        complete: bool,
        threshold: u32,
    ) -> IndicatorTable {
        let inside: Vec<&Approval> = self.approved.get(plan).into_iter().flatten().filter(|a| a.cells.contains_key(name)).collect();
        // A report that was reopened since has another revision than the one approved, or than its first.
        let approved = |report: &ReportId| inside.iter().rev().find_map(|a| a.hidden.as_ref()?.reports.get(report).copied());
        let instants: Vec<UtcTime> = inside.iter().map(|approved| approved.at).collect();
        let history = self.history.get(name);
        let untouched = now.reports.iter().all(|(report, revision)| *revision == approved(report).unwrap_or(1))
            && !history.is_some_and(|history| history.is_touched(&instants, None));
        let mut table = IndicatorTable {
            adds_up: matches!(known.measure().roll_up, RollUp::RatioOfSums | RollUp::Sum),
            additive: known.dimensions.iter().filter(|d| d.additive).map(|d| d.code.clone()).collect(),
            now: Cells::new(),
            uncounted: now.uncounted,
            earlier: Vec::new(),
            complete: complete && untouched,
        };
        let mut shown = history.map(|of| of.complete_states(&instants)).unwrap_or_default().into_iter().peekable();
        for approved in inside {
            while let Some((_, cells)) = shown.next_if(|(ended, _)| *ended <= approved.at) {
                table.show(cells, threshold);
            }
            table.earlier.push(approved.table(name));
        }
        for (_, cells) in shown.filter(|(_, cells)| *cells != now.cells) {
            table.show(cells, threshold);
        }
        IndicatorTable { now: now.cells, ..table }
    }
}
