//! Dimensions in the database.

use super::wire::{DimensionFilter, DimensionIn, DimensionOut};
use super::{rules, usage};
use crate::actor::Actor;
use crate::actor::actions::Actions;
use crate::auth::caller::Role;
use crate::change::patch::Patch;
use crate::change::{self, Expected, Update};
use crate::db::schema::{dimensions, indicator_dimensions, plans as plan_rows};
use crate::db::sort::{Key, Kind, SortField};
use crate::db::{self, Backend, Conn};
use crate::page_of;
use crate::problem::{Place, Result, codes};
use crate::reading::paging::{Page, Paging};
use crate::reading::references::{Named, Scope};
use crate::rooms::plans::{self, PlanKey};
use crate::values::clock::UtcTime;
use crate::values::id::{DimensionId, PlanId};
use crate::values::{code, text};
use crate::versioned;
use diesel::prelude::*;

/// A row of `dimensions`.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = dimensions, treat_none_as_null = true)]
pub(super) struct DimensionRow {
    pub id: DimensionId,
    pub plan_id: PlanId,
    pub jurisdiction: String,
    pub code: String,
    pub name_vi: String,
    pub name_en: Option<String>,
    pub dimension_values: String,
    pub note: Option<String>,
    pub transcription: Option<String>,
    pub plan_order: String,
    pub fold: String,
    pub version: i64,
    pub created_at: UtcTime,
    pub updated_at: UtcTime,
}

versioned!(DimensionRow, "disaggregation", "dimensions");

const FIELDS: &[SortField] = &[
    SortField { name: "plan_order", sql: "dimensions.plan_order", kind: Kind::Text },
    SortField { name: "code", sql: "dimensions.code", kind: Kind::Text },
    SortField { name: "created_at", sql: "dimensions.created_at", kind: Kind::Time },
    SortField { name: "updated_at", sql: "dimensions.updated_at", kind: Kind::Time },
];
const TIE: SortField = SortField { name: "id", sql: "dimensions.id", kind: Kind::Text };

fn key(row: &DimensionRow, field: &str) -> Key {
    match field {
        "plan_order" => Key::from(row.plan_order.as_str()),
        "code" => Key::from(row.code.as_str()),
        "created_at" => Key::time(row.created_at),
        "updated_at" => Key::time(row.updated_at),
        _ => Key::from(row.id.as_str()),
    }
}

fn filtered<'a>(filter: &'a DimensionFilter, scope: &'a Scope) -> dimensions::BoxedQuery<'a, Backend> {
    let mut query = dimensions::table.into_boxed();
    if let Some(plan) = scope.plan() {
        query = query.filter(dimensions::plan_id.eq(&plan.id));
    }
    if let Some(area) = scope.area() {
        query = query.filter(dimensions::jurisdiction.eq_any(area));
    }
    if let Some(code) = &filter.code {
        query = query.filter(dimensions::code.eq(code));
    }
    if let Some(q) = &filter.q {
        query = query.filter(dimensions::fold.like(text::like_pattern(q)).escape('\\'));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(dimensions::updated_at.ge(since));
    }
    query
}

/// A page of dimensions.
///
/// # Errors
/// 400 for a reference, sort field or cursor that fits nothing.
pub fn list(c: &mut Conn, filter: &DimensionFilter, paging: &Paging) -> Result<Page<DimensionOut>> {
    let window = paging.window(FIELDS, "plan_order", TIE)?;
    let named = Named { jurisdiction: filter.jurisdiction.as_deref(), plan: filter.plan.as_deref(), ..Named::default() };
    let scope = Scope::of_query(c, named)?;
    let page: Page<DimensionRow> = page_of!(c, &window, dimensions::table, filtered(filter, &scope), key);
    let codes = plans::codes_of(c, scope.plan(), page.items.iter().map(|d| &d.plan_id))?;
    page.try_map(|row| {
        let plan = plans::code_in(&codes, &row.plan_id);
        DimensionOut::of(row, plan)
    })
}

/// The dimensions of a plan in order.
///
/// # Errors
/// If the database fails.
pub fn list_of_plan(c: &mut Conn, plan: &PlanKey) -> Result<Vec<DimensionOut>> {
    let rows: Vec<DimensionRow> =
        dimensions::table.filter(dimensions::plan_id.eq(&plan.id)).order((dimensions::plan_order, dimensions::id)).load(c)?;
    rows.into_iter().map(|row| DimensionOut::of(row, &plan.code)).collect()
}

fn load(c: &mut Conn, id: &DimensionId) -> Result<DimensionOut> {
    let (row, plan) = row_and_plan(c, id)?;
    DimensionOut::of(row, &plan)
}

/// A dimension's row and the code of its plan.
fn row_and_plan(c: &mut Conn, id: &DimensionId) -> Result<(DimensionRow, String)> {
    let found = dimensions::table
        .inner_join(plan_rows::table)
        .filter(dimensions::id.eq(id))
        .select((DimensionRow::as_select(), plan_rows::code))
        .first(c)
        .optional()?;
    found.ok_or_else(|| codes::NOT_FOUND.into())
}

/// One dimension, with what the caller may do with it.
///
/// # Errors
/// 404.
pub fn find(c: &mut Conn, actor: &Actor, id: &DimensionId) -> Result<DimensionOut> {
    let (row, plan) = row_and_plan(c, id)?;
    let edit = || actor.must(&[Role::Coordinator], &row.jurisdiction);
    let delete = match edit() {
        Ok(()) => unused(c, &row),
        refused => refused,
    };
    let actions = Actions::default().with(actor, "update", edit())?.with(actor, "delete", delete)?;
    Ok(DimensionOut { actions: Some(actions), ..DimensionOut::of(row, &plan)? })
}

fn fill(row: &mut DimensionRow, input: &DimensionIn) -> Result<()> {
    row.code.clone_from(&input.code);
    row.name_vi.clone_from(&input.name.vi);
    row.name_en.clone_from(&input.name.en);
    row.dimension_values = db::to_json(&input.values)?;
    row.note.clone_from(&input.note);
    row.transcription = db::to_json_opt(input.transcription.as_ref())?;
    row.plan_order = code::natural_key(&input.code);
    let values = input.values.iter().flat_map(|v| [Some(v.code.as_str()), Some(v.name.vi.as_str()), v.name.en.as_deref()]);
    row.fold = text::fold_all([Some(input.code.as_str()), input.note.as_deref()].into_iter().chain(text::both(&input.name)).chain(values));
    Ok(())
}

/// Adds a dimension to a plan.
///
/// # Errors
/// 422 for an unknown plan or a value that stands there twice, 403 without the right, 409 if the code is taken.
pub fn create(c: &mut Conn, actor: &Actor, input: &DimensionIn) -> Result<DimensionOut> {
    let plan = Scope::default().one::<PlanKey>(c, &input.plan, &Place::body("/plan"))?;
    actor.must(&[Role::Coordinator], &plan.jurisdiction)?;
    rules::distinct(&input.values)?;
    let mut row = DimensionRow {
        id: DimensionId::new(),
        plan_id: plan.id.clone(),
        jurisdiction: plan.jurisdiction.clone(),
        code: String::new(),
        name_vi: String::new(),
        name_en: None,
        dimension_values: String::new(),
        note: None,
        transcription: None,
        plan_order: String::new(),
        fold: String::new(),
        version: 1,
        created_at: actor.now,
        updated_at: actor.now,
    };
    fill(&mut row, input)?;
    change::create(c, actor, &row, input, |w| {
        diesel::insert_into(dimensions::table).values(&row).execute(w.conn()).map_err(db::unique_means(codes::CODE_TAKEN))?;
        Ok(())
    })?;
    find(c, actor, &row.id)
}

fn begin(c: &mut Conn, actor: &Actor, id: &DimensionId, expected: &Expected) -> Result<DimensionRow> {
    let load = |c: &mut Conn| dimensions::table.find(id).first(c).optional()?.ok_or_else(|| codes::NOT_FOUND.into());
    change::begin(c, id.as_str(), Some(expected), load, |_, row: &DimensionRow| actor.must(&[Role::Coordinator], &row.jurisdiction))
}

/// Changes a dimension.
///
/// # Errors
/// 404, 403, 412, 409 if the code is taken or a value with data would be lost, 422.
pub fn update(c: &mut Conn, actor: &Actor, id: &DimensionId, expected: &Expected, patch: &Patch<DimensionIn>) -> Result<DimensionOut> {
    let mut row = begin(c, actor, id, expected)?;
    let before = load(c, id)?.to_input();
    let after = patch.merge(&before)?;
    let decide = |c: &mut Conn, row: &mut DimensionRow, after: &mut DimensionIn| {
        plans::unmoved(c, &row.plan_id, &mut after.plan)?;
        rules::keeps_data(&before.code, &after.code, &after.values, &usage::of(c, &row.plan_id, &row.code)?)?;
        rules::distinct(&after.values)?;
        fill(row, after)
    };
    change::update(c, actor, &mut row, Update::new(&before, after), decide, |w, row, ()| {
        diesel::update(dimensions::table.find(id)).set(row).execute(w.conn()).map_err(db::unique_means(codes::CODE_TAKEN))?;
        Ok(())
    })?;
    find(c, actor, id)
}

/// Deletes a dimension that no indicator has and no figure bears.
///
/// # Errors
/// 404, 403, 412, 409 `disaggregation.in_use` with the counts.
pub fn delete(c: &mut Conn, actor: &Actor, id: &DimensionId, expected: &Expected) -> Result<()> {
    let row = begin(c, actor, id, expected)?;
    unused(c, &row)?;
    let before = load(c, id)?.to_input();
    change::delete(c, actor, &row, &before, |w| {
        diesel::delete(dimensions::table.find(id)).execute(w.conn())?;
        Ok(())
    })
}

fn unused(c: &mut Conn, row: &DimensionRow) -> Result<()> {
    let splits: i64 = indicator_dimensions::table.filter(indicator_dimensions::dimension_id.eq(&row.id)).count().get_result(c)?;
    let figures = usage::of(c, &row.plan_id, &row.code)?.total();
    db::in_use(codes::DISAGGREGATION_IN_USE, &[("indicators", splits), ("observations", figures)])
}
