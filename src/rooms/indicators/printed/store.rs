//! Printed targets in the database.

use super::wire::{PlanIndicatorFilter, PlanIndicatorIn, PlanIndicatorOut};
use crate::actor::Actor;
use crate::actor::actions::Actions;
use crate::auth::caller::Role;
use crate::change::patch::Patch;
use crate::change::{self, Expected, Update};
use crate::db::schema::{goals as goal_rows, indicators, plan_indicators, plans as plan_rows};
use crate::db::sort::{Key, Kind, SortField};
use crate::db::{self, Backend, Conn};
use crate::page_of;
use crate::problem::{Faults, FieldError, Place, Result, codes};
use crate::reading::paging::{Page, Paging};
use crate::reading::references::{GoalKey, Named, PlanIndicatorKey, Scope};
use crate::rooms::indicators::scope::Goals;
use crate::rooms::plans::{self, PlanKey};
use crate::values::Ref;
use crate::values::clock::UtcTime;
use crate::values::id::{GoalId, PlanId, PlanIndicatorId};
use crate::values::{code, text};
use crate::versioned;
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap};

/// A row of `plan_indicators`.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = plan_indicators, treat_none_as_null = true)]
pub(super) struct PrintedRow {
    pub id: PlanIndicatorId,
    pub plan_id: PlanId,
    pub jurisdiction: String,
    pub goal_id: GoalId,
    pub code: String,
    pub label: String,
    pub statement_vi: String,
    pub statement_en: Option<String>,
    pub editorial_note: Option<String>,
    pub source: Option<String>,
    pub transcription: Option<String>,
    pub plan_order: String,
    pub fold: String,
    pub version: i64,
    pub created_at: UtcTime,
    pub updated_at: UtcTime,
}

versioned!(PrintedRow, "plan_indicator", "plan_indicators");

const FIELDS: &[SortField] = &[
    SortField { name: "plan_order", sql: "plan_indicators.plan_order", kind: Kind::Text },
    SortField { name: "code", sql: "plan_indicators.code", kind: Kind::Text },
    SortField { name: "created_at", sql: "plan_indicators.created_at", kind: Kind::Time },
    SortField { name: "updated_at", sql: "plan_indicators.updated_at", kind: Kind::Time },
];
const TIE: SortField = SortField { name: "id", sql: "plan_indicators.id", kind: Kind::Text };

fn key(row: &PrintedRow, field: &str) -> Key {
    match field {
        "plan_order" => Key::from(row.plan_order.as_str()),
        "code" => Key::from(row.code.as_str()),
        "created_at" => Key::time(row.created_at),
        "updated_at" => Key::time(row.updated_at),
        _ => Key::from(row.id.as_str()),
    }
}

fn filtered<'a>(filter: &'a PlanIndicatorFilter, scope: &'a Scope, goals: &'a Goals) -> plan_indicators::BoxedQuery<'a, Backend> {
    let mut query = plan_indicators::table.into_boxed();
    if let Some(plan) = scope.plan() {
        query = query.filter(plan_indicators::plan_id.eq(&plan.id));
    }
    if let Some(goals) = goals.ids() {
        query = query.filter(plan_indicators::goal_id.eq_any(goals));
    }
    if let Some(area) = scope.area() {
        query = query.filter(plan_indicators::jurisdiction.eq_any(area));
    }
    if let Some(code) = &filter.code {
        query = query.filter(plan_indicators::code.eq(code));
    }
    if let Some(q) = &filter.q {
        query = query.filter(plan_indicators::fold.like(text::like_pattern(q)).escape('\\'));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(plan_indicators::updated_at.ge(since));
    }
    query
}

/// A page of printed targets.
///
/// # Errors
/// 400 for a reference, sort field or cursor that fits nothing.
pub fn list(c: &mut Conn, filter: &PlanIndicatorFilter, paging: &Paging) -> Result<Page<PlanIndicatorOut>> {
    let window = paging.window(FIELDS, "plan_order", TIE)?;
    let named = Named { jurisdiction: filter.jurisdiction.as_deref(), plan: filter.plan.as_deref(), ..Named::default() };
    let scope = Scope::of_query(c, named)?;
    let goals = Goals::read(c, &scope, filter.goal.as_deref(), filter.field.as_deref())?;
    let page: Page<PrintedRow> = page_of!(c, &window, plan_indicators::table, filtered(filter, &scope, &goals), key);
    let plans = plans::codes_of(c, scope.plan(), page.items.iter().map(|p| &p.plan_id))?;
    let goals = goal_codes(c, &page.items)?;
    let mut measured = measured_by(c, &page.items)?;
    page.try_map(|row| {
        let plan = plans::code_in(&plans, &row.plan_id);
        let goal = goals.get(&row.goal_id).map_or("", String::as_str);
        let indicators = measured.remove(&row.id).unwrap_or_default();
        PlanIndicatorOut::of(row, plan, goal, indicators)
    })
}

/// The printed targets of a plan in the plan's order.
///
/// # Errors
/// If the database fails.
pub fn list_of_plan(c: &mut Conn, plan: &PlanKey) -> Result<Vec<PlanIndicatorOut>> {
    let rows: Vec<PrintedRow> = plan_indicators::table
        .filter(plan_indicators::plan_id.eq(&plan.id))
        .order((plan_indicators::plan_order, plan_indicators::id))
        .load(c)?;
    let mut out = Vec::with_capacity(rows.len());
    for rows in rows.chunks(500) {
        let goals = goal_codes(c, rows)?;
        let mut measured = measured_by(c, rows)?;
        for row in rows {
            let goal = goals.get(&row.goal_id).map_or("", String::as_str);
            out.push(PlanIndicatorOut::of(row.clone(), &plan.code, goal, measured.remove(&row.id).unwrap_or_default())?);
        }
    }
    Ok(out)
}

fn goal_codes(c: &mut Conn, rows: &[PrintedRow]) -> Result<HashMap<GoalId, String>> {
    let ids: BTreeSet<&GoalId> = rows.iter().map(|r| &r.goal_id).collect();
    Ok(goal_rows::table.filter(goal_rows::id.eq_any(ids)).select((goal_rows::id, goal_rows::code)).load(c)?.into_iter().collect())
}

/// The indicators that measure these printed targets, in the plan's order.
fn measured_by(c: &mut Conn, rows: &[PrintedRow]) -> Result<HashMap<PlanIndicatorId, Vec<Ref>>> {
    let ids: Vec<&PlanIndicatorId> = rows.iter().map(|r| &r.id).collect();
    let found: Vec<(PlanIndicatorId, String, String)> = indicators::table
        .filter(indicators::plan_indicator_id.eq_any(ids))
        .order((indicators::plan_order, indicators::id))
        .select((indicators::plan_indicator_id, indicators::id, indicators::code))
        .load(c)?;
    let mut measured: HashMap<PlanIndicatorId, Vec<Ref>> = HashMap::new();
    for (printed, id, code) in found {
        measured.entry(printed).or_default().push(Ref::new(id, code));
    }
    Ok(measured)
}

fn load(c: &mut Conn, id: &PlanIndicatorId) -> Result<PlanIndicatorOut> {
    Ok(with_jurisdiction(c, id)?.0)
}

/// A printed target and the jurisdiction of its plan.
fn with_jurisdiction(c: &mut Conn, id: &PlanIndicatorId) -> Result<(PlanIndicatorOut, String)> {
    let (row, plan, goal): (PrintedRow, String, String) = plan_indicators::table
        .inner_join(plan_rows::table)
        .inner_join(goal_rows::table)
        .filter(plan_indicators::id.eq(id))
        .select((PrintedRow::as_select(), plan_rows::code, goal_rows::code))
        .first(c)
        .optional()?
        .ok_or(codes::NOT_FOUND)?;
    let indicators = measured_by(c, std::slice::from_ref(&row))?.remove(id).unwrap_or_default();
    let jurisdiction = row.jurisdiction.clone();
    Ok((PlanIndicatorOut::of(row, &plan, &goal, indicators)?, jurisdiction))
}

/// One printed target, with what the caller may do with it.
///
/// # Errors
/// 404.
pub fn find(c: &mut Conn, actor: &Actor, id: &PlanIndicatorId) -> Result<PlanIndicatorOut> {
    let (printed, jurisdiction) = with_jurisdiction(c, id)?;
    let edit = || actor.must(&[Role::Coordinator], &jurisdiction);
    let delete = match edit() {
        Ok(()) => unused(&printed),
        refused => refused,
    };
    let actions = Actions::default().with(actor, "update", edit())?.with(actor, "delete", delete)?;
    Ok(PlanIndicatorOut { actions: Some(actions), ..printed })
}

/// The printed target with this code in a plan, if there is one.
///
/// # Errors
/// If the database fails.
pub fn with_code(c: &mut Conn, plan: &PlanKey, code: &str) -> Result<Option<PlanIndicatorKey>> {
    let found = plan_indicators::table.filter(plan_indicators::plan_id.eq(&plan.id)).filter(plan_indicators::code.eq(code));
    Ok(found.select(PlanIndicatorKey::as_select()).first(c).optional()?)
}

fn fill(row: &mut PrintedRow, input: &PlanIndicatorIn, goal: GoalId) -> Result<()> {
    row.goal_id = goal;
    row.code.clone_from(&input.code);
    row.label.clone_from(&input.label);
    row.statement_vi.clone_from(&input.statement.vi);
    row.statement_en.clone_from(&input.statement.en);
    row.editorial_note.clone_from(&input.editorial_note);
    row.source = db::to_json_opt(input.source.as_ref())?;
    row.transcription = db::to_json_opt(input.transcription.as_ref())?;
    row.plan_order = code::natural_key(&input.code);
    row.fold = text::fold_all([Some(input.code.as_str()), Some(input.label.as_str())].into_iter().chain(text::both(&input.statement)));
    Ok(())
}

/// Adds a printed target to a goal.
///
/// # Errors
/// 422 for an unknown plan or goal, 403 without the right, 409 if the code is taken.
pub fn create(c: &mut Conn, actor: &Actor, input: &PlanIndicatorIn) -> Result<PlanIndicatorOut> {
    let plan = Scope::default().one::<PlanKey>(c, &input.plan, &Place::body("/plan"))?;
    actor.must(&[Role::Coordinator], &plan.jurisdiction)?;
    let goal = Scope::of_plan(&plan).one::<GoalKey>(c, &input.goal, &Place::body("/goal"))?.id;
    let mut row = PrintedRow {
        id: PlanIndicatorId::new(),
        plan_id: plan.id.clone(),
        jurisdiction: plan.jurisdiction.clone(),
        goal_id: goal.clone(),
        code: String::new(),
        label: String::new(),
        statement_vi: String::new(),
        statement_en: None,
        editorial_note: None,
        source: None,
        transcription: None,
        plan_order: String::new(),
        fold: String::new(),
        version: 1,
        created_at: actor.now,
        updated_at: actor.now,
    };
    fill(&mut row, input, goal)?;
    change::create(c, actor, &row, input, |w| {
        diesel::insert_into(plan_indicators::table).values(&row).execute(w.conn()).map_err(db::unique_means(codes::CODE_TAKEN))?;
        Ok(())
    })?;
    find(c, actor, &row.id)
}

fn begin(c: &mut Conn, actor: &Actor, id: &PlanIndicatorId, expected: &Expected) -> Result<PrintedRow> {
    let load = |c: &mut Conn| plan_indicators::table.find(id).first(c).optional()?.ok_or_else(|| codes::NOT_FOUND.into());
    change::begin(c, id.as_str(), Some(expected), load, |_, row: &PrintedRow| actor.must(&[Role::Coordinator], &row.jurisdiction))
}

/// Changes a printed target.
///
/// # Errors
/// 404, 403, 412, 409 if the code is taken, 422.
pub fn update(
    c: &mut Conn,
    actor: &Actor,
    id: &PlanIndicatorId,
    expected: &Expected,
    patch: &Patch<PlanIndicatorIn>,
) -> Result<PlanIndicatorOut> {
    let mut row = begin(c, actor, id, expected)?;
    let printed = load(c, id)?;
    let before = printed.to_input();
    let after = patch.merge(&before)?;
    let decide = |c: &mut Conn, row: &mut PrintedRow, after: &mut PlanIndicatorIn| {
        let plan = plans::unmoved(c, &row.plan_id, &mut after.plan)?;
        let goal = Scope::of_plan(&plan).one::<GoalKey>(c, &after.goal, &Place::body("/goal"))?.id;
        goal.as_str().clone_into(&mut after.goal);
        keeps_its_indicators(&printed, &goal)?;
        fill(row, after, goal)
    };
    change::update(c, actor, &mut row, Update::new(&before, after), decide, |w, row, ()| {
        diesel::update(plan_indicators::table.find(id)).set(row).execute(w.conn()).map_err(db::unique_means(codes::CODE_TAKEN))?;
        Ok(())
    })?;
    find(c, actor, id)
}

/// An indicator belongs to the goal of its printed target, so a target with indicators stays in its goal.
fn keeps_its_indicators(printed: &PlanIndicatorOut, goal: &GoalId) -> Result<()> {
    let mut faults = Faults::default();
    if printed.goal.id != goal.as_str() && !printed.indicators.is_empty() {
        faults.add(FieldError::new("/goal", codes::FIELD_CONFLICT).saying(
            "Các chỉ tiêu đo lường của chỉ tiêu này thuộc mục tiêu cũ. Hãy chuyển chúng sang chỉ tiêu khác trước.",
            "The indicators that measure this target belong to its present goal. Move them to another target first.",
        ));
    }
    faults.check()
}

/// Deletes a printed target that no indicator measures.
///
/// # Errors
/// 404, 403, 412, 409 `plan_indicator.in_use` with the count.
pub fn delete(c: &mut Conn, actor: &Actor, id: &PlanIndicatorId, expected: &Expected) -> Result<()> {
    let row = begin(c, actor, id, expected)?;
    let printed = load(c, id)?;
    unused(&printed)?;
    change::delete(c, actor, &row, &printed.to_input(), |w| {
        diesel::delete(plan_indicators::table.find(id)).execute(w.conn())?;
        Ok(())
    })
}

fn unused(printed: &PlanIndicatorOut) -> Result<()> {
    let measured = i64::try_from(printed.indicators.len()).unwrap_or(i64::MAX);
    db::in_use(codes::PLAN_INDICATOR_IN_USE, &[("indicators", measured)])
}
