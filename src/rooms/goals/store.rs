//! Goals in the database.

use super::wire::{GoalFilter, GoalIn, GoalOut};
use crate::actor::Actor;
use crate::actor::actions::Actions;
use crate::auth::caller::Role;
use crate::change::patch::Patch;
use crate::change::{self, Expected, Update};
use crate::db::schema::{goals, indicators, plan_indicators, plans as plan_rows, task_goals};
use crate::db::sort::{Key, Kind, SortField};
use crate::db::{self, Backend, Conn};
use crate::page_of;
use crate::problem::{Place, Result, codes};
use crate::reading::paging::{Page, Paging};
use crate::reading::references::{Named, Scope};
use crate::rooms::plans::{self, PlanKey};
use crate::values::clock::UtcTime;
use crate::values::id::{GoalId, PlanId};
use crate::values::{code, text};
use crate::versioned;
use diesel::prelude::*;

/// A row of `goals`.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = goals, treat_none_as_null = true)]
pub(super) struct GoalRow {
    pub id: GoalId,
    pub plan_id: PlanId,
    pub jurisdiction: String,
    pub code: String,
    pub ordinal: i32,
    pub letter: Option<String>,
    pub field_vi: String,
    pub field_en: Option<String>,
    pub title_vi: String,
    pub title_en: Option<String>,
    pub editorial_note: Option<String>,
    pub source: Option<String>,
    pub transcription: Option<String>,
    pub plan_order: String,
    pub fold: String,
    pub version: i64,
    pub created_at: UtcTime,
    pub updated_at: UtcTime,
}

versioned!(GoalRow, "goal", "goals");

const FIELDS: &[SortField] = &[
    SortField { name: "plan_order", sql: "goals.plan_order", kind: Kind::Text },
    SortField { name: "code", sql: "goals.code", kind: Kind::Text },
    SortField { name: "ordinal", sql: "goals.ordinal", kind: Kind::Int },
    SortField { name: "created_at", sql: "goals.created_at", kind: Kind::Time },
    SortField { name: "updated_at", sql: "goals.updated_at", kind: Kind::Time },
];
const TIE: SortField = SortField { name: "id", sql: "goals.id", kind: Kind::Text };

fn key(row: &GoalRow, field: &str) -> Key {
    match field {
        "plan_order" => Key::from(row.plan_order.as_str()),
        "code" => Key::from(row.code.as_str()),
        "ordinal" => Key::Int(row.ordinal.into()),
        "created_at" => Key::time(row.created_at),
        "updated_at" => Key::time(row.updated_at),
        _ => Key::from(row.id.as_str()),
    }
}

fn filtered<'a>(filter: &'a GoalFilter, scope: &'a Scope) -> goals::BoxedQuery<'a, Backend> {
    let mut query = goals::table.into_boxed();
    if let Some(plan) = scope.plan() {
        query = query.filter(goals::plan_id.eq(&plan.id));
    }
    if let Some(area) = scope.area() {
        query = query.filter(goals::jurisdiction.eq_any(area));
    }
    if let Some(code) = &filter.code {
        query = query.filter(goals::code.eq(code));
    }
    if let Some(field) = &filter.field {
        // The transcription is JSON of this service's own making, without blanks.
        let keyed = format!("%\"field_key\":\"{}\"%", field.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
        let named = goals::field_vi.eq(field).or(goals::field_en.eq(field));
        query = query.filter(
            named.or(diesel::dsl::sql::<diesel::sql_types::Bool>("COALESCE(goals.transcription, '') LIKE ")
                .bind::<diesel::sql_types::Text, _>(keyed)
                .sql(" ESCAPE '\\'")),
        );
    }
    if let Some(q) = &filter.q {
        query = query.filter(goals::fold.like(text::like_pattern(q)).escape('\\'));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(goals::updated_at.ge(since));
    }
    query
}

/// A page of goals.
///
/// # Errors
/// 400 for a reference, sort field or cursor that fits nothing.
pub fn list(c: &mut Conn, filter: &GoalFilter, paging: &Paging) -> Result<Page<GoalOut>> {
    let window = paging.window(FIELDS, "plan_order", TIE)?;
    let named = Named { jurisdiction: filter.jurisdiction.as_deref(), plan: filter.plan.as_deref(), ..Named::default() };
    let scope = Scope::of_query(c, named)?;
    let page: Page<GoalRow> = page_of!(c, &window, goals::table, filtered(filter, &scope), key);
    let codes = plans::codes_of(c, scope.plan(), page.items.iter().map(|g| &g.plan_id))?;
    page.try_map(|row| {
        let plan = plans::code_in(&codes, &row.plan_id);
        GoalOut::of(row, plan)
    })
}

/// The goals of a plan in the plan's order.
///
/// # Errors
/// If the database fails.
pub fn list_of_plan(c: &mut Conn, plan: &PlanKey) -> Result<Vec<GoalOut>> {
    let rows: Vec<GoalRow> = goals::table.filter(goals::plan_id.eq(&plan.id)).order((goals::plan_order, goals::id)).load(c)?;
    rows.into_iter().map(|row| GoalOut::of(row, &plan.code)).collect()
}

fn load(c: &mut Conn, id: &GoalId) -> Result<GoalOut> {
    let (row, plan) = row_and_plan(c, id)?;
    GoalOut::of(row, &plan)
}

/// A goal's row and the code of its plan.
fn row_and_plan(c: &mut Conn, id: &GoalId) -> Result<(GoalRow, String)> {
    let found = goals::table
        .inner_join(plan_rows::table)
        .filter(goals::id.eq(id))
        .select((GoalRow::as_select(), plan_rows::code))
        .first(c)
        .optional()?;
    found.ok_or_else(|| codes::NOT_FOUND.into())
}

/// One goal, with what the caller may do with it.
///
/// # Errors
/// 404.
pub fn find(c: &mut Conn, actor: &Actor, id: &GoalId) -> Result<GoalOut> {
    let (row, plan) = row_and_plan(c, id)?;
    let edit = || may_edit(actor, &row.jurisdiction);
    let delete = match edit() {
        Ok(()) => unused(c, id),
        refused => refused,
    };
    let actions = Actions::default().with(actor, "update", edit())?.with(actor, "delete", delete)?;
    Ok(GoalOut { actions: Some(actions), ..GoalOut::of(row, &plan)? })
}

fn fill(row: &mut GoalRow, input: &GoalIn) -> Result<()> {
    row.code.clone_from(&input.code);
    row.ordinal = input.ordinal;
    row.letter.clone_from(&input.letter);
    row.field_vi.clone_from(&input.field.vi);
    row.field_en.clone_from(&input.field.en);
    row.title_vi.clone_from(&input.title.vi);
    row.title_en.clone_from(&input.title.en);
    row.editorial_note.clone_from(&input.editorial_note);
    row.source = db::to_json_opt(input.source.as_ref())?;
    row.transcription = db::to_json_opt(input.transcription.as_ref())?;
    row.plan_order = format!("{:09} {}", input.ordinal, code::natural_key(&input.code));
    let field_key = input.transcription.as_ref().and_then(|t| t.get("field_key")).and_then(serde_json::Value::as_str);
    row.fold =
        text::fold_all([Some(input.code.as_str()), field_key].into_iter().chain(text::both(&input.field)).chain(text::both(&input.title)));
    Ok(())
}

/// Adds a goal to a plan.
///
/// # Errors
/// 422 for an unknown plan, 403 without the right, 409 if the code is taken.
pub fn create(c: &mut Conn, actor: &Actor, input: &GoalIn) -> Result<GoalOut> {
    let plan = Scope::default().one::<PlanKey>(c, &input.plan, &Place::body("/plan"))?;
    may_edit(actor, &plan.jurisdiction)?;
    let mut row = GoalRow {
        id: GoalId::new(),
        plan_id: plan.id.clone(),
        jurisdiction: plan.jurisdiction.clone(),
        code: String::new(),
        ordinal: 0,
        letter: None,
        field_vi: String::new(),
        field_en: None,
        title_vi: String::new(),
        title_en: None,
        editorial_note: None,
        source: None,
        transcription: None,
        plan_order: String::new(),
        fold: String::new(),
        version: 1,
        created_at: actor.now,
        updated_at: actor.now,
    };
    fill(&mut row, input)?;
    change::create(c, actor, &row, input, |w| {
        diesel::insert_into(goals::table).values(&row).execute(w.conn()).map_err(db::unique_means(codes::CODE_TAKEN))?;
        Ok(())
    })?;
    find(c, actor, &row.id)
}

fn may_edit(actor: &Actor, jurisdiction: &str) -> Result<()> {
    actor.must(&[Role::Coordinator], jurisdiction)
}

fn begin(c: &mut Conn, actor: &Actor, id: &GoalId, expected: &Expected) -> Result<GoalRow> {
    let load = |c: &mut Conn| goals::table.find(id).first(c).optional()?.ok_or_else(|| codes::NOT_FOUND.into());
    change::begin(c, id.as_str(), Some(expected), load, |_, row: &GoalRow| may_edit(actor, &row.jurisdiction))
}

/// Changes a goal.
///
/// # Errors
/// 404, 403, 412, 409 if the code is taken, 422.
pub fn update(c: &mut Conn, actor: &Actor, id: &GoalId, expected: &Expected, patch: &Patch<GoalIn>) -> Result<GoalOut> {
    let mut row = begin(c, actor, id, expected)?;
    let before = load(c, id)?.to_input();
    let after = patch.merge(&before)?;
    let decide = |c: &mut Conn, row: &mut GoalRow, after: &mut GoalIn| {
        plans::unmoved(c, &row.plan_id, &mut after.plan)?;
        fill(row, after)
    };
    change::update(c, actor, &mut row, Update::new(&before, after), decide, |w, row, ()| {
        diesel::update(goals::table.find(id)).set(row).execute(w.conn()).map_err(db::unique_means(codes::CODE_TAKEN))?;
        Ok(())
    })?;
    find(c, actor, id)
}

/// Deletes a goal that nothing refers to.
///
/// # Errors
/// 404, 403, 412, 409 `goal.in_use` with the referrers' counts.
pub fn delete(c: &mut Conn, actor: &Actor, id: &GoalId, expected: &Expected) -> Result<()> {
    let row = begin(c, actor, id, expected)?;
    unused(c, id)?;
    let before = load(c, id)?.to_input();
    change::delete(c, actor, &row, &before, |w| {
        diesel::delete(goals::table.find(id)).execute(w.conn())?;
        Ok(())
    })
}

fn unused(c: &mut Conn, id: &GoalId) -> Result<()> {
    let (printed, measured, tasks): (db::Count, db::Count, db::Count) = diesel::select((
        plan_indicators::table.filter(plan_indicators::goal_id.eq(id)).count().single_value(),
        indicators::table.filter(indicators::goal_id.eq(id)).count().single_value(),
        task_goals::table.filter(task_goals::goal_id.eq(id)).count().single_value(),
    ))
    .get_result(c)?;
    db::in_use(codes::GOAL_IN_USE, &[("plan_indicators", printed), ("indicators", measured), ("tasks", tasks)])
}
