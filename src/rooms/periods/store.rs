//! Reporting periods in the database.

use super::lists::{self, Lists};
use super::rules::{self, Step};
use super::wire::{PeriodFilter, PeriodIn, PeriodKind, PeriodOut, PeriodStatus, RequestedBy, RequestedByIn};
use crate::actor::Actor;
use crate::actor::actions::Actions;
use crate::auth::caller::Role;
use crate::change::{self, Expected};
use crate::db::schema::{consolidated_reports, reporting_periods as periods, reports};
use crate::db::sort::{Key, Kind, SortField};
use crate::db::{self, Backend, Conn};
use crate::page_of;
use crate::problem::{Error, Result, codes};
use crate::reading::paging::{Page, Paging};
use crate::reading::references::{self, PlanKey, Scope};
use crate::rooms::plans::{self};
use crate::values::Ref;
use crate::values::clock::UtcTime;
use crate::values::id::{PeriodId, PlanId};
use crate::values::period::Frequency;
use crate::values::text::{self, Bilingual};
use crate::versioned;
use chrono::NaiveDate;
use diesel::prelude::*;

/// A row of `reporting_periods`.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = periods, treat_none_as_null = true)]
pub(super) struct PeriodRow {
    pub id: PeriodId,
    pub plan_id: PlanId,
    pub jurisdiction: String,
    pub kind: String,
    pub frequency: Option<String>,
    pub label: String,
    pub title_vi: Option<String>,
    pub title_en: Option<String>,
    pub instructions: Option<String>,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    pub data_cutoff: Option<NaiveDate>,
    pub opens_at: UtcTime,
    pub due_at: UtcTime,
    pub consolidated_due_at: Option<UtcTime>,
    pub status: String,
    pub units_given: bool,
    pub indicators_given: bool,
    pub frozen: bool,
    pub requested_by: Option<String>,
    pub request_id: Option<String>,
    pub fold: String,
    pub version: i64,
    pub created_at: UtcTime,
    pub updated_at: UtcTime,
}

impl PeriodRow {
    /// Where it stands.
    ///
    /// # Errors
    /// Internal, if the column holds something else.
    pub(super) fn status(&self) -> Result<PeriodStatus> {
        PeriodStatus::parse(&self.status).ok_or_else(|| Error::internal("a period of unknown status"))
    }

    /// The text that `q` searches.
    pub(super) fn refold(&mut self) {
        let texts = [Some(self.label.as_str()), self.title_vi.as_deref(), self.title_en.as_deref(), self.instructions.as_deref()];
        self.fold = text::fold_all(texts);
    }

    /// The input form that this period would have been made from; `lists` are those kept with it.
    ///
    /// # Errors
    /// Internal, if a column holds something else.
    pub(super) fn to_input(&self, lists: &Lists) -> Result<PeriodIn> {
        let names = |list: &[Ref]| list.iter().map(|r| r.id.clone()).collect::<Vec<_>>();
        let requested: Option<RequestedBy> = db::from_json_opt(self.requested_by.as_deref())?;
        Ok(PeriodIn {
            plan: Some(self.plan_id.as_str().to_owned()),
            jurisdictions: None,
            kind: kind(self)?,
            frequency: frequency(self)?,
            label: Some(self.label.clone()),
            title: title(self),
            instructions: self.instructions.clone(),
            starts_on: Some(self.starts_on),
            ends_on: Some(self.ends_on),
            data_cutoff: self.data_cutoff,
            opens_at: Some(self.opens_at),
            due_at: Some(self.due_at),
            consolidated_due_at: self.consolidated_due_at,
            // A frozen list may be empty, which an input's may not.
            units: ((self.units_given || self.frozen) && !lists.named_units.is_empty()).then(|| names(&lists.named_units)),
            indicators: (self.indicators_given || self.frozen).then(|| names(&lists.named_indicators)),
            requested_by: requested.map(|r| RequestedByIn { organisation: r.organisation, basis: r.basis }),
        })
    }
}

fn kind(row: &PeriodRow) -> Result<PeriodKind> {
    PeriodKind::parse(&row.kind).ok_or_else(|| Error::internal("a period of unknown kind"))
}

fn frequency(row: &PeriodRow) -> Result<Option<Frequency>> {
    let read = |text: &str| Frequency::parse(text).ok_or_else(|| Error::internal("a period of unknown frequency"));
    row.frequency.as_deref().map(read).transpose()
}

fn title(row: &PeriodRow) -> Option<Bilingual> {
    row.title_vi.clone().map(|vi| Bilingual { vi, en: row.title_en.clone() })
}

impl PeriodOut {
    /// The wire form of a row; every column is spoken of.
    ///
    /// # Errors
    /// Internal, if a column holds something else.
    fn of(row: PeriodRow, plan_code: &str, lists: Lists) -> Result<Self> {
        let (status, kind, frequency, title) = (row.status()?, kind(&row)?, frequency(&row)?, title(&row));
        let PeriodRow {
            id,
            plan_id,
            jurisdiction,
            kind: _,
            frequency: _,
            label,
            title_vi: _,
            title_en: _,
            instructions,
            starts_on,
            ends_on,
            data_cutoff,
            opens_at,
            due_at,
            consolidated_due_at,
            status: _,
            units_given: _,
            indicators_given: _,
            frozen: _,
            requested_by,
            request_id,
            fold: _,
            version,
            created_at,
            updated_at,
        } = row;
        Ok(Self {
            id: id.into(),
            version,
            plan: Ref::new(plan_id, plan_code),
            jurisdiction,
            kind,
            frequency,
            label,
            title,
            instructions,
            starts_on,
            ends_on,
            data_cutoff,
            opens_at,
            due_at,
            consolidated_due_at,
            status,
            units: lists.units,
            indicators: lists.indicators,
            extensions: lists.extensions,
            requested_by: db::from_json_opt(requested_by.as_deref())?,
            request_id,
            created_at,
            updated_at,
            actions: None,
        })
    }
}

versioned!(PeriodRow, "reporting_period", "reporting_periods");

const FIELDS: &[SortField] = &[
    SortField { name: "label", sql: "reporting_periods.label", kind: Kind::Text },
    SortField { name: "opens_at", sql: "reporting_periods.opens_at", kind: Kind::Time },
    SortField { name: "due_at", sql: "reporting_periods.due_at", kind: Kind::Time },
    SortField { name: "created_at", sql: "reporting_periods.created_at", kind: Kind::Time },
    SortField { name: "updated_at", sql: "reporting_periods.updated_at", kind: Kind::Time },
];
const TIE: SortField = SortField { name: "id", sql: "reporting_periods.id", kind: Kind::Text };

fn key(row: &PeriodRow, field: &str) -> Key {
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
struct Named {
    reach: Option<Vec<String>>,
    scope: Scope,
}

fn filtered<'a>(filter: &'a PeriodFilter, named: &'a Named) -> periods::BoxedQuery<'a, Backend> {
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
    if let Some(request) = &filter.request_id {
        query = query.filter(periods::request_id.eq(request));
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
    let named = Named {
        reach: actor.reach(&Role::ALL).codes(),
        scope: Scope::of_query(
            c,
            references::Named { jurisdiction: filter.jurisdiction.as_deref(), plan: filter.plan.as_deref(), period: None },
        )?,
    };
    let page: Page<PeriodRow> = page_of!(c, &window, periods::table, filtered(filter, &named), key);
    let (next_cursor, total) = (page.next_cursor, page.total);
    Ok(Page { items: dressed(c, named.scope.plan(), page.items)?, next_cursor, total })
}

/// Rows with their lists and the codes of their plans.
fn dressed(c: &mut Conn, plan: Option<&PlanKey>, rows: Vec<PeriodRow>) -> Result<Vec<PeriodOut>> {
    let codes = plans::codes_of(c, plan, rows.iter().map(|row| &row.plan_id))?;
    let mut all = lists::of(c, &rows)?;
    rows.into_iter()
        .map(|row| {
            let plan = plans::code_in(&codes, &row.plan_id).to_owned();
            let lists = all.remove(&row.id).unwrap_or_default();
            PeriodOut::of(row, &plan, lists)
        })
        .collect()
}

/// The row of a period that the caller may read.
///
/// # Errors
/// 404.
pub(super) fn readable(c: &mut Conn, actor: &Actor, id: &PeriodId) -> Result<PeriodRow> {
    let row: PeriodRow = periods::table.find(id).first(c).optional()?.ok_or(codes::NOT_FOUND)?;
    if actor.may(&Role::ALL, &row.jurisdiction) { Ok(row) } else { Err(codes::NOT_FOUND.into()) }
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
    let row = readable(c, actor, id)?;
    let actions = actions(c, actor, &row)?;
    let period = dressed(c, None, vec![row])?.pop().ok_or(codes::NOT_FOUND)?;
    Ok(PeriodOut { actions: Some(actions), ..period })
}

/// Several periods, in the order of their making.
///
/// # Errors
/// If the database fails.
pub(super) fn find_all(c: &mut Conn, ids: &[PeriodId]) -> Result<Vec<PeriodOut>> {
    let mut rows = Vec::new();
    for some in ids.chunks(500) {
        let found: Vec<PeriodRow> = periods::table.filter(periods::id.eq_any(some)).order(periods::id).load(c)?;
        rows.extend(dressed(c, None, found)?);
    }
    Ok(rows)
}

fn actions(c: &mut Conn, actor: &Actor, row: &PeriodRow) -> Result<Actions> {
    let status = row.status()?;
    let coordinator = || actor.must(&[Role::Coordinator], &row.jurisdiction);
    let step = |step| coordinator().and_then(|()| rules::after(status, step).map(|_| ()));
    let delete = match coordinator() {
        Ok(()) => unused(c, &row.id),
        refused => refused,
    };
    Actions::default()
        .with(actor, "update", actor.must(&[Role::Coordinator, Role::Province], &row.jurisdiction))?
        .with(actor, "delete", delete)?
        .with(actor, "open", step(Step::Open))?
        .with(actor, "close", step(Step::Close))?
        .with(actor, "reopen", step(Step::Reopen))?
        .with(actor, "extend", coordinator().and_then(|()| rules::takes_extensions(status)))?
        .with(actor, "add_unit", coordinator().and_then(|()| rules::takes_units(status)))
}

/// Goes on only if nothing refers to the period.
///
/// # Errors
/// 409 `period.in_use` with the referrers' counts.
pub(super) fn unused(c: &mut Conn, id: &PeriodId) -> Result<()> {
    let (made, consolidated): (db::Count, db::Count) = diesel::select((
        reports::table.filter(reports::period_id.eq(id)).count().single_value(),
        consolidated_reports::table.filter(consolidated_reports::period_id.eq(id)).count().single_value(),
    ))
    .get_result(c)?;
    db::in_use(codes::PERIOD_IN_USE, &[("reports", made), ("consolidated_reports", consolidated)])
}
