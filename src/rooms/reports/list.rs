//! The list of reports: what the filters name, the fields to sort by, and the names of what rows refer to.

use super::status::Status;
use super::table::ReportRow;
use super::wire::{Report, ReportFilter};
use super::{scope, views};
use crate::actor::Actor;
use crate::db::schema::{reporting_periods, reports};
use crate::db::sort::{Key, Kind, SortField};
use crate::db::{Backend, Condition, Conn};
use crate::page_of;
use crate::problem::Result;
use crate::reading::paging::{Page, Paging};
use crate::reading::references::{Named, PlanKey, Scope, UnitKey};
use crate::rooms::{plans, units};
use crate::values::Ref;
use crate::values::clock::UtcTime;
use crate::values::id::{PeriodId, PlanId, UnitId};
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap};

const FIELDS: &[SortField] = &[
    SortField { name: "created_at", sql: "reports.created_at", kind: Kind::Time },
    SortField { name: "updated_at", sql: "reports.updated_at", kind: Kind::Time },
    SortField { name: "due_at", sql: "reports.due_at", kind: Kind::Time },
    // What was not submitted comes after all that was.
    SortField { name: "submitted_at", sql: "COALESCE(reports.submitted_at, '9999-12-31 00:00:00')", kind: Kind::Time },
    SortField { name: "status", sql: "reports.status", kind: Kind::Text },
    SortField { name: "revision", sql: "reports.revision", kind: Kind::Int },
];
const TIE: SortField = SortField { name: "id", sql: "reports.id", kind: Kind::Text };

fn key(row: &ReportRow, field: &str) -> Key {
    let never = || chrono::NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or_default().and_time(chrono::NaiveTime::MIN);
    match field {
        "created_at" => Key::time(row.created_at),
        "updated_at" => Key::time(row.updated_at),
        "due_at" => Key::time(row.due_at),
        "submitted_at" => Key::time(row.submitted_at.unwrap_or_else(|| UtcTime::from_naive(never()))),
        "status" => Key::from(row.status.as_str()),
        "revision" => Key::Int(row.revision.into()),
        _ => Key::from(row.id.as_str()),
    }
}

/// What the filters name, found. A code or label stands for every row that it fits within what else is named.
struct Found {
    scope: Scope,
    periods: Option<Vec<PeriodId>>,
    units: Option<Vec<UnitId>>,
}

impl Found {
    fn read(c: &mut Conn, filter: &ReportFilter) -> Result<Self> {
        let named = Named { jurisdiction: filter.jurisdiction.as_deref(), plan: filter.plan.as_deref(), period: filter.period.as_deref() };
        let scope = Scope::of_query(c, named)?;
        let units = scope.filter::<UnitKey>(c, filter.unit.as_deref(), "unit")?;
        let units = units.map(|wanted| units::and_members(c, wanted)).transpose()?;
        Ok(Self { periods: scope.periods(), units, scope })
    }
}

fn filtered<'a>(actor: &Actor, filter: &'a ReportFilter, found: &'a Found) -> reports::BoxedQuery<'a, Backend> {
    let mut query = reports::table.filter(scope::condition(actor)).into_boxed();
    if let Some(plan) = found.scope.plan() {
        query = query.filter(reports::plan_id.eq(&plan.id));
    }
    if let Some(periods) = &found.periods {
        query = query.filter(reports::period_id.eq_any(periods));
    }
    if let Some(units) = &found.units {
        query = query.filter(reports::unit_id.eq_any(units));
    }
    if let Some(area) = found.scope.area() {
        query = query.filter(reports::jurisdiction.eq_any(area));
    }
    if let Some(status) = filter.status {
        query = query.filter(reports::status.eq(Status::as_str(status)));
    }
    if let Some(late) = filter.late {
        let late_ones: Condition<reports::table> =
            Box::new(reports::first_submitted_at.assume_not_null().ge(reports::due_at).and(reports::first_submitted_at.is_not_null()));
        let others: Condition<reports::table> =
            Box::new(reports::first_submitted_at.is_null().or(reports::first_submitted_at.assume_not_null().lt(reports::due_at)));
        query = query.filter(if late { late_ones } else { others });
    }
    if let Some(before) = filter.due_before {
        query = query.filter(reports::due_at.lt(before));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(reports::updated_at.ge(since));
    }
    query
}

/// A page of the reports that the caller may read.
///
/// # Errors
/// 400 for a reference, sort field or cursor that fits nothing.
pub(super) fn list(c: &mut Conn, actor: &Actor, filter: &ReportFilter, paging: &Paging) -> Result<Page<Report>> {
    let window = paging.window(FIELDS, "created_at", TIE)?;
    let found = Found::read(c, filter)?;
    let page: Page<ReportRow> = page_of!(c, &window, reports::table, filtered(actor, filter, &found), key);
    let names = Names::of(c, found.scope.plan(), &page.items)?;
    page.try_map(|row| names.report(&row))
}

/// The names of what rows refer to.
struct Names {
    plans: HashMap<PlanId, String>,
    periods: HashMap<PeriodId, String>,
    units: HashMap<UnitId, Ref>,
}

impl Names {
    fn of(c: &mut Conn, plan: Option<&PlanKey>, rows: &[ReportRow]) -> Result<Self> {
        let periods: BTreeSet<&PeriodId> = rows.iter().map(|r| &r.period_id).collect();
        Ok(Self {
            plans: plans::codes_of(c, plan, rows.iter().map(|r| &r.plan_id))?,
            periods: reporting_periods::table
                .filter(reporting_periods::id.eq_any(periods))
                .select((reporting_periods::id, reporting_periods::label))
                .load(c)?
                .into_iter()
                .collect(),
            units: units::references(c, rows.iter().map(|r| &r.unit_id))?,
        })
    }

    fn report(&self, row: &ReportRow) -> Result<Report> {
        let label = self.periods.get(&row.period_id).cloned().unwrap_or_default();
        let unit = self.units.get(&row.unit_id).map_or("", |unit| unit.code.as_str());
        views::head(row, plans::code_in(&self.plans, &row.plan_id), label, unit)
    }
}
