//! Reading periods: the list, one, and one that is to be changed.

use super::implied;
use super::lists;
use super::rules::{self, Step};
use super::table::{self, PeriodRow, PeriodWithPlan, Referrers, plan_code};
use super::wire::{PeriodFilter, PeriodOut};
use crate::actor::Actor;
use crate::actor::actions::Actions;
use crate::auth::caller::Role;
use crate::change::{self, Expected};
use crate::db::schema::{plans, reporting_periods as periods};
use crate::db::sort::{Key, Kind, SortField};
use crate::db::{self, Backend, Conn};
use crate::page_of;
use crate::problem::{Result, codes};
use crate::reading::paging::{Page, Paging};
use crate::reading::references::{Named, Scope};
use crate::rooms::jurisdictions;
use crate::values::days::Days;
use crate::values::id::PeriodId;
use crate::values::text;
use diesel::prelude::*;

const FIELDS: &[SortField] = &[
    SortField { name: "label", sql: "reporting_periods.label", kind: Kind::Text },
    SortField { name: "opens_at", sql: "reporting_periods.opens_at", kind: Kind::Time },
    SortField { name: "due_at", sql: "reporting_periods.due_at", kind: Kind::Time },
    SortField { name: "created_at", sql: "reporting_periods.created_at", kind: Kind::Time },
    SortField { name: "updated_at", sql: "reporting_periods.updated_at", kind: Kind::Time },
];
const TIE: SortField = SortField { name: "id", sql: "reporting_periods.id", kind: Kind::Text };

fn key((row, _): &PeriodWithPlan, field: &str) -> Key {
    match field {
        "label" => Key::from(row.label.as_str()),
        "opens_at" => Key::time(row.opens_at),
        "due_at" => Key::time(row.due_at),
        "created_at" => Key::time(row.created_at),
        "updated_at" => Key::time(row.updated_at),
        _ => Key::from(row.id.as_str()),
    }
}

/// What the caller reaches and what his filters name, found; `None` stands for everything.
struct FilterScope {
    reach: Option<Vec<String>>,
    scope: Scope,
}

fn filtered<'a>(filter: &'a PeriodFilter, named: &'a FilterScope) -> periods::BoxedQuery<'a, Backend> {
    let mut query = periods::table.into_boxed();
    for codes in named.reach.as_deref().into_iter().chain(named.scope.area()) {
        query = query.filter(periods::jurisdiction.eq_any(codes));
    }
    if let Some(plan) = named.scope.plan() {
        query = query.filter(periods::plan_id.eq(&plan.id));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(periods::kind.eq(kind.as_str()));
    }
    if let Some(frequency) = filter.frequency {
        query = query.filter(periods::frequency.eq(frequency.as_str()));
    }
    if let Some(label) = &filter.label {
        query = query.filter(periods::label.eq(label));
    }
    if let Some(status) = filter.status {
        query = query.filter(periods::status.eq(status.as_str()));
    }
    if let Some(inquiry) = &filter.inquiry {
        query = query.filter(periods::request_id.eq(inquiry));
    }
    if let Some(q) = &filter.q {
        query = query.filter(periods::fold.like(text::like_pattern(q)).escape('\\'));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(periods::updated_at.ge(since));
    }
    query
}

/// A page of the periods of where the caller's grants hold.
///
/// # Errors
/// 400 for a reference, sort field or cursor that fits nothing.
pub(super) fn list(c: &mut Conn, actor: &Actor, filter: &PeriodFilter, paging: &Paging) -> Result<Page<PeriodOut>> {
    let window = paging.window(FIELDS, "created_at", TIE)?;
    let named = FilterScope {
        reach: actor.reach(&Role::ALL).codes(),
        scope: Scope::of_query(c, Named { jurisdiction: filter.jurisdiction.as_deref(), plan: filter.plan.as_deref(), period: None })?,
    };
    let wanted = || filtered(filter, &named).select((PeriodRow::as_select(), plan_code!()));
    let page: Page<PeriodWithPlan> = page_of!(c, &window, periods::table, wanted(), key);
    let (next_cursor, total) = (page.next_cursor, page.total);
    Ok(Page { items: with_lists(c, actor, page.items)?, next_cursor, total })
}

/// Rows with who reports in them and on what.
fn with_lists(c: &mut Conn, actor: &Actor, rows: Vec<PeriodWithPlan>) -> Result<Vec<PeriodOut>> {
    let mut all = lists::of(c, &rows.iter().map(|(row, _)| row).collect::<Vec<_>>())?;
    rows.into_iter()
        .map(|(row, plan)| {
            let lists = all.remove(&row.id).unwrap_or_default();
            PeriodOut::of(row, &plan, lists, actor.language)
        })
        .collect()
}

fn reads(actor: &Actor, row: &PeriodRow) -> bool {
    actor.may(&Role::ALL, &row.jurisdiction)
}

/// The row of a period that the caller may read.
///
/// # Errors
/// 404.
pub(super) fn readable(c: &mut Conn, actor: &Actor, id: &PeriodId) -> Result<PeriodRow> {
    table::period(c, id)?.filter(|row| reads(actor, row)).ok_or_else(|| codes::NOT_FOUND.into())
}

/// The same, kept from others until this transaction ends, for a caller who may change it in one of these roles.
///
/// # Errors
/// 404, 403, 412.
pub(super) fn locked(c: &mut Conn, actor: &Actor, id: &PeriodId, roles: &[Role], expected: Option<&Expected>) -> Result<PeriodRow> {
    change::begin(c, id.as_str(), expected, |c| readable(c, actor, id), |_, row| actor.must(roles, &row.jurisdiction))
}

/// One period, with what the caller may do with it.
///
/// # Errors
/// 404.
pub(super) fn find(c: &mut Conn, actor: &Actor, id: &PeriodId) -> Result<PeriodOut> {
    let found = table::period_with_referrers(c, id)?.filter(|(row, ..)| reads(actor, row));
    let (row, plan, referrers, days) = found.ok_or(codes::NOT_FOUND)?;
    // Asked of what could be deleted otherwise alone.
    let implied = unused(referrers).is_ok() && actor.must(&[Role::Coordinator], &row.jurisdiction).is_ok() && implied::is_implied(c, &row)?;
    let actions = actions(actor, &row, referrers, days, implied)?;
    let lists = lists::of_one(c, &row)?;
    let period = PeriodOut::of(row, &plan, lists, actor.language)?;
    Ok(PeriodOut { actions: Some(actions), ..period })
}

/// Several periods, in the order of their making.
///
/// # Errors
/// If the database fails.
pub(super) fn find_all(c: &mut Conn, actor: &Actor, ids: &[PeriodId]) -> Result<Vec<PeriodOut>> {
    let mut rows = Vec::new();
    for some in ids.chunks(500) {
        let found = table::periods_with_plan(c, some)?;
        rows.extend(with_lists(c, actor, found)?);
    }
    Ok(rows)
}

fn actions(actor: &Actor, row: &PeriodRow, referrers: Referrers, days: Days, implied: bool) -> Result<Actions> {
    let status = row.status()?;
    let coordinator = || actor.must(&[Role::Coordinator], &row.jurisdiction);
    let helper = actor.helper(Role::Coordinator, &row.jurisdiction);
    let step = |step| coordinator().and_then(|()| rules::after(status, step).map(|_| ()));
    let opening = |of| step(of).and_then(|()| jurisdictions::exists(&row.jurisdiction, days, row.ends_on));
    let delete = coordinator().and_then(|()| unused(referrers)).and_then(|()| deletable(implied));
    Actions::default()
        .with(actor, "update", actor.must(&[Role::Coordinator, Role::Province], &row.jurisdiction))?
        .with(actor, "delete", delete)?
        .with(actor, "open", opening(Step::Open))?
        .with(actor, "close", step(Step::Close))?
        .with(actor, "reopen", opening(Step::Reopen))?
        .with(actor, "extend", coordinator().and_then(|()| rules::takes_reports(status, helper)))?
        .with(actor, "add_unit", coordinator().and_then(|()| rules::takes_units(status, helper)))?
        .with(actor, "transfer", coordinator().and_then(|()| rules::takes_reports(status, helper)))?
        .with(actor, "excuse", coordinator().and_then(|()| rules::takes_reports(status, helper)))
}

/// Goes on only if the plan's rules do not imply the period.
///
/// # Errors
/// 409 `period.implied`.
pub(super) fn deletable(implied: bool) -> Result<()> {
    if implied { Err(codes::PERIOD_IMPLIED.into()) } else { Ok(()) }
}

/// Goes on only if nothing refers to the period.
///
/// # Errors
/// 409 `period.in_use` with the referrers' counts.
pub(super) fn unused((made, consolidated): Referrers) -> Result<()> {
    db::in_use(codes::PERIOD_IN_USE, &[("reports", made), ("consolidated_reports", consolidated)])
}
