//! Plans in the database.

use super::content::PlanContent;
use super::rules;
use super::wire::{PlanFilter, PlanIn, PlanOut, PlanStatus};
use crate::actor::Actor;
use crate::actor::actions::Actions;
use crate::auth::caller::Role;
use crate::change::patch::Patch;
use crate::change::{self, Expected, Update};
use crate::db::schema::{dimensions, goals, indicators, plan_indicators, plans, reporting_periods, tasks};
use crate::db::sort::{Key, Kind, SortField};
use crate::db::{self, Backend, Conn};
use crate::page_of;
use crate::problem::{Faults, FieldError, Place, Result, codes};
use crate::reading::paging::{Page, Paging};
use crate::reading::references::{JurisdictionKey, Named, Scope};
use crate::values::clock::UtcTime;
use crate::values::id::PlanId;
use crate::values::text;
use crate::versioned;
use diesel::prelude::*;

/// A row of `plans`.
#[derive(Debug, Clone, Queryable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = plans, treat_none_as_null = true)]
pub(super) struct PlanRow {
    pub id: PlanId,
    pub jurisdiction: String,
    pub code: String,
    pub title_vi: String,
    pub title_en: Option<String>,
    pub start_year: i32,
    pub end_year: i32,
    pub status: String,
    pub content: String,
    pub fold: String,
    pub version: i64,
    pub created_at: UtcTime,
    pub updated_at: UtcTime,
}

versioned!(PlanRow, "plan", "plans");

const FIELDS: &[SortField] = &[
    SortField { name: "created_at", sql: "plans.created_at", kind: Kind::Time },
    SortField { name: "updated_at", sql: "plans.updated_at", kind: Kind::Time },
    SortField { name: "code", sql: "plans.code", kind: Kind::Text },
    SortField { name: "jurisdiction", sql: "plans.jurisdiction", kind: Kind::Text },
    SortField { name: "start_year", sql: "plans.start_year", kind: Kind::Int },
    SortField { name: "end_year", sql: "plans.end_year", kind: Kind::Int },
];
const TIE: SortField = SortField { name: "id", sql: "plans.id", kind: Kind::Text };

fn key(row: &PlanRow, field: &str) -> Key {
    match field {
        "created_at" => Key::time(row.created_at),
        "updated_at" => Key::time(row.updated_at),
        "code" => Key::from(row.code.as_str()),
        "jurisdiction" => Key::from(row.jurisdiction.as_str()),
        "start_year" => Key::Int(row.start_year.into()),
        "end_year" => Key::Int(row.end_year.into()),
        _ => Key::from(row.id.as_str()),
    }
}

fn filtered<'a>(filter: &'a PlanFilter, scope: &'a Scope) -> plans::BoxedQuery<'a, Backend> {
    let mut query = plans::table.into_boxed();
    if let Some(area) = scope.area() {
        query = query.filter(plans::jurisdiction.eq_any(area));
    }
    if let Some(status) = filter.status {
        query = query.filter(plans::status.eq(status.as_str()));
    }
    if let Some(code) = &filter.code {
        query = query.filter(plans::code.eq(code));
    }
    if let Some(year) = filter.year {
        query = query.filter(plans::start_year.le(year).and(plans::end_year.ge(year)));
    }
    if let Some(q) = &filter.q {
        query = query.filter(plans::fold.like(text::like_pattern(q)).escape('\\'));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(plans::updated_at.ge(since));
    }
    query
}

/// A page of plans.
///
/// # Errors
/// 400 for a reference, sort field or cursor that fits nothing.
pub fn list(c: &mut Conn, filter: &PlanFilter, paging: &Paging) -> Result<Page<PlanOut>> {
    let window = paging.window(FIELDS, "created_at", TIE)?;
    let scope = Scope::of_query(c, Named { jurisdiction: filter.jurisdiction.as_deref(), ..Named::default() })?;
    let page: Page<PlanRow> = page_of!(c, &window, plans::table, filtered(filter, &scope), key);
    page.try_map(PlanOut::of)
}

fn load(c: &mut Conn, id: &PlanId) -> Result<PlanRow> {
    Ok(plans::table.find(id).first(c).optional()?.ok_or(codes::NOT_FOUND)?)
}

/// One plan, with what the caller may do with it.
///
/// # Errors
/// 404.
pub fn find(c: &mut Conn, actor: &Actor, id: &PlanId) -> Result<PlanOut> {
    let plan = PlanOut::of(load(c, id)?)?;
    let edit = || actor.must(&[Role::Coordinator], &plan.jurisdiction);
    let delete = match edit() {
        Ok(()) => unused(c, id),
        refused => refused,
    };
    let step = |to| edit().and_then(|()| rules::step(plan.status, to));
    let actions = Actions::default()
        .with(actor, "update", edit())?
        .with(actor, "activate", step(PlanStatus::Active))?
        .with(actor, "close", step(PlanStatus::Closed))?
        .with(actor, "delete", delete)?;
    Ok(PlanOut { actions: Some(actions), ..plan })
}

/// The codes of a plan's sources of money, by which its tasks' budgets name them.
///
/// # Errors
/// 404.
pub fn budget_source_codes(c: &mut Conn, id: &PlanId) -> Result<Vec<String>> {
    let content: String = plans::table.find(id).select(plans::content).first(c)?;
    let content: PlanContent = db::from_json(&content)?;
    Ok(content.budget_sources.into_iter().map(|s| s.code).collect())
}

fn fill(row: &mut PlanRow, input: &PlanIn) -> Result<()> {
    row.code.clone_from(&input.code);
    row.title_vi.clone_from(&input.title.vi);
    row.title_en.clone_from(&input.title.en);
    row.start_year = input.start_year;
    row.end_year = input.end_year;
    input.status.as_str().clone_into(&mut row.status);
    row.content = db::to_json(&input.content())?;
    let objective = input.general_objective.as_ref().map(text::both).into_iter().flatten();
    row.fold = text::fold_all([Some(input.code.as_str())].into_iter().chain(text::both(&input.title)).chain(objective));
    Ok(())
}

/// Adds a plan to a jurisdiction.
///
/// # Errors
/// 422 for an unknown jurisdiction or parts that disagree, 403 without the right, 409 if the code is taken.
pub fn create(c: &mut Conn, actor: &Actor, input: &PlanIn) -> Result<PlanOut> {
    Scope::default().one::<JurisdictionKey>(c, &input.jurisdiction, &Place::body("/jurisdiction"))?;
    actor.must(&[Role::Coordinator], &input.jurisdiction)?;
    rules::check(input)?;
    let mut row = PlanRow {
        id: PlanId::new(),
        jurisdiction: input.jurisdiction.clone(),
        code: String::new(),
        title_vi: String::new(),
        title_en: None,
        start_year: 0,
        end_year: 0,
        status: String::new(),
        content: String::new(),
        fold: String::new(),
        version: 1,
        created_at: actor.now,
        updated_at: actor.now,
    };
    fill(&mut row, input)?;
    change::create(c, actor, &row, input, |w| {
        diesel::insert_into(plans::table).values(&row).execute(w.conn()).map_err(db::unique_means(codes::CODE_TAKEN))?;
        Ok(())
    })?;
    find(c, actor, &row.id)
}

fn begin(c: &mut Conn, actor: &Actor, id: &PlanId, expected: &Expected) -> Result<PlanRow> {
    let may_edit = |_: &mut Conn, row: &PlanRow| actor.must(&[Role::Coordinator], &row.jurisdiction);
    change::begin(c, id.as_str(), Some(expected), |c| load(c, id), may_edit)
}

/// Changes a plan.
///
/// # Errors
/// 404, 403, 412, 409 for a step back or a taken code, 422.
pub fn update(c: &mut Conn, actor: &Actor, id: &PlanId, expected: &Expected, patch: &Patch<PlanIn>) -> Result<PlanOut> {
    let mut row = begin(c, actor, id, expected)?;
    let before = PlanOut::of(row.clone())?.to_input();
    let after = patch.merge(&before)?;
    let verb = match (before.status == after.status, after.status) {
        (false, PlanStatus::Active) => "activated",
        (false, PlanStatus::Closed) => "closed",
        _ => "updated",
    };
    let decide = |_: &mut Conn, row: &mut PlanRow, after: &mut PlanIn| {
        rules::transition(before.status, after.status)?;
        let mut faults = Faults::default();
        if after.jurisdiction != before.jurisdiction {
            faults.add(FieldError::new("/jurisdiction", codes::FIELD_IMMUTABLE));
        }
        faults.keep(rules::check(after))?;
        faults.check()?;
        fill(row, after)
    };
    change::update(c, actor, &mut row, Update::new(&before, after).told_as(verb), decide, |w, row, ()| {
        diesel::update(plans::table.find(id)).set(row).execute(w.conn()).map_err(db::unique_means(codes::CODE_TAKEN))?;
        Ok(())
    })?;
    find(c, actor, id)
}

/// Deletes a plan that nothing refers to.
///
/// # Errors
/// 404, 403, 412, 409 `plan.in_use` with the referrers' counts.
pub fn delete(c: &mut Conn, actor: &Actor, id: &PlanId, expected: &Expected) -> Result<()> {
    let row = begin(c, actor, id, expected)?;
    unused(c, id)?;
    let before = PlanOut::of(row.clone())?.to_input();
    change::delete(c, actor, &row, &before, |w| {
        diesel::delete(plans::table.find(id)).execute(w.conn())?;
        Ok(())
    })
}

/// Reports and figures stand in periods.
fn unused(c: &mut Conn, id: &PlanId) -> Result<()> {
    let (wanted, printed, measured, split, charged, periods): (db::Count, db::Count, db::Count, db::Count, db::Count, db::Count) =
        diesel::select((
            goals::table.filter(goals::plan_id.eq(id)).count().single_value(),
            plan_indicators::table.filter(plan_indicators::plan_id.eq(id)).count().single_value(),
            indicators::table.filter(indicators::plan_id.eq(id)).count().single_value(),
            dimensions::table.filter(dimensions::plan_id.eq(id)).count().single_value(),
            tasks::table.filter(tasks::plan_id.eq(id)).count().single_value(),
            reporting_periods::table.filter(reporting_periods::plan_id.eq(id)).count().single_value(),
        ))
        .get_result(c)?;
    let referrers = [
        ("goals", wanted),
        ("plan_indicators", printed),
        ("indicators", measured),
        ("disaggregations", split),
        ("tasks", charged),
        ("reporting_periods", periods),
    ];
    db::in_use(codes::PLAN_IN_USE, &referrers)
}
