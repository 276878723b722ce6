//! Tasks in the database.

use super::wire::{TaskFilter, TaskIn, TaskOut};
use super::{links, rules, updates};
use crate::actor::Actor;
use crate::actor::actions::Actions;
use crate::auth::caller::Role;
use crate::change::patch::Patch;
use crate::change::{self, Expected, Update};
use crate::db::schema::{plans as plan_rows, task_assignments, task_goals, task_indicators, task_updates, tasks};
use crate::db::sort::{Key, Kind, SortField};
use crate::db::{self, Backend, Conn};
use crate::page_of;
use crate::problem::{Faults, Place, Result, codes};
use crate::reading::paging::{Page, Paging};
use crate::reading::references::{GoalKey, IndicatorKey, Named, Scope, UnitKey};
use crate::rooms::plans::{self, PlanKey};
use crate::values::clock::UtcTime;
use crate::values::id::{GoalId, IndicatorId, PlanId, TaskId, UnitId};
use crate::values::text;
use crate::versioned;
use chrono::NaiveDate;
use diesel::prelude::*;

/// A row of `tasks`.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = tasks, treat_none_as_null = true)]
pub(super) struct TaskRow {
    pub id: TaskId,
    pub plan_id: PlanId,
    pub jurisdiction: String,
    pub code: String,
    pub kind: String,
    pub text_vi: String,
    pub text_en: Option<String>,
    pub status: String,
    pub percent_complete: i32,
    pub starts_on: Option<NaiveDate>,
    pub due_on: Option<NaiveDate>,
    pub recurrence: Option<String>,
    pub budget: String,
    pub editorial_note: Option<String>,
    pub source: Option<String>,
    pub transcription: Option<String>,
    pub plan_order: String,
    pub fold: String,
    pub version: i64,
    pub created_at: UtcTime,
    pub updated_at: UtcTime,
}

versioned!(TaskRow, "task", "tasks");

const FIELDS: &[SortField] = &[
    SortField { name: "plan_order", sql: "tasks.plan_order", kind: Kind::Text },
    SortField { name: "code", sql: "tasks.code", kind: Kind::Text },
    SortField { name: "status", sql: "tasks.status", kind: Kind::Text },
    SortField { name: "percent_complete", sql: "tasks.percent_complete", kind: Kind::Int },
    SortField { name: "created_at", sql: "tasks.created_at", kind: Kind::Time },
    SortField { name: "updated_at", sql: "tasks.updated_at", kind: Kind::Time },
];
const TIE: SortField = SortField { name: "id", sql: "tasks.id", kind: Kind::Text };

fn key(row: &TaskRow, field: &str) -> Key {
    match field {
        "plan_order" => Key::from(row.plan_order.as_str()),
        "code" => Key::from(row.code.as_str()),
        "status" => Key::from(row.status.as_str()),
        "percent_complete" => Key::Int(row.percent_complete.into()),
        "created_at" => Key::time(row.created_at),
        "updated_at" => Key::time(row.updated_at),
        _ => Key::from(row.id.as_str()),
    }
}

/// What a filter names, found. A code stands for every row that it fits within what else is named.
struct Found {
    scope: Scope,
    goals: Option<Vec<GoalId>>,
    indicators: Option<Vec<IndicatorId>>,
    units: Option<Vec<UnitId>>,
}

impl Found {
    fn read(c: &mut Conn, filter: &TaskFilter) -> Result<Self> {
        let named = Named { jurisdiction: filter.jurisdiction.as_deref(), plan: filter.plan.as_deref(), ..Named::default() };
        let scope = Scope::of_query(c, named)?;
        Ok(Self {
            goals: scope.filter::<GoalKey>(c, filter.goal.as_deref(), "goal")?,
            indicators: scope.filter::<IndicatorKey>(c, filter.indicator.as_deref(), "indicator")?,
            units: scope.filter::<UnitKey>(c, filter.unit.as_deref(), "unit")?,
            scope,
        })
    }
}

fn filtered<'a>(filter: &'a TaskFilter, found: &'a Found) -> tasks::BoxedQuery<'a, Backend> {
    let mut query = tasks::table.into_boxed();
    if let Some(plan) = found.scope.plan() {
        query = query.filter(tasks::plan_id.eq(&plan.id));
    }
    if let Some(goals) = &found.goals {
        query = query.filter(tasks::id.eq_any(task_goals::table.filter(task_goals::goal_id.eq_any(goals)).select(task_goals::task_id)));
    }
    if let Some(indicators) = &found.indicators {
        let moving = task_indicators::table.filter(task_indicators::indicator_id.eq_any(indicators)).select(task_indicators::task_id);
        query = query.filter(tasks::id.eq_any(moving));
    }
    if let Some(units) = &found.units {
        let charged = task_assignments::table.filter(task_assignments::unit_id.eq_any(units)).select(task_assignments::task_id);
        query = query.filter(tasks::id.eq_any(charged));
    }
    if let Some(area) = found.scope.area() {
        query = query.filter(tasks::jurisdiction.eq_any(area));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(tasks::kind.eq(kind.as_str()));
    }
    if let Some(status) = filter.status {
        query = query.filter(tasks::status.eq(status.as_str()));
    }
    if let Some(code) = &filter.code {
        query = query.filter(tasks::code.eq(code));
    }
    if let Some(q) = &filter.q {
        query = query.filter(tasks::fold.like(text::like_pattern(q)).escape('\\'));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(tasks::updated_at.ge(since));
    }
    query
}

/// A page of tasks.
///
/// # Errors
/// 400 for a reference, sort field or cursor that fits nothing.
pub fn list(c: &mut Conn, filter: &TaskFilter, paging: &Paging) -> Result<Page<TaskOut>> {
    let window = paging.window(FIELDS, "plan_order", TIE)?;
    let found = Found::read(c, filter)?;
    let page: Page<TaskRow> = page_of!(c, &window, tasks::table, filtered(filter, &found), key);
    let codes = plans::codes_of(c, found.scope.plan(), page.items.iter().map(|t| &t.plan_id))?;
    let ids: Vec<&TaskId> = page.items.iter().map(|t| &t.id).collect();
    let mut linked = links::of(c, &ids)?;
    page.try_map(|row| {
        let plan = plans::code_in(&codes, &row.plan_id);
        let links = linked.remove(&row.id).unwrap_or_default();
        TaskOut::of(row, plan, links)
    })
}

/// The tasks of a plan in the plan's order.
///
/// # Errors
/// If the database fails.
pub fn list_of_plan(c: &mut Conn, plan: &PlanKey) -> Result<Vec<TaskOut>> {
    let rows: Vec<TaskRow> = tasks::table.filter(tasks::plan_id.eq(&plan.id)).order((tasks::plan_order, tasks::id)).load(c)?;
    let ids: Vec<&TaskId> = rows.iter().map(|t| &t.id).collect();
    let mut linked = links::of(c, &ids)?;
    rows.into_iter()
        .map(|row| {
            let links = linked.remove(&row.id).unwrap_or_default();
            TaskOut::of(row, &plan.code, links)
        })
        .collect()
}

pub(super) fn load(c: &mut Conn, id: &TaskId) -> Result<TaskOut> {
    Ok(with_jurisdiction(c, id)?.0)
}

/// A task and the jurisdiction of its plan.
fn with_jurisdiction(c: &mut Conn, id: &TaskId) -> Result<(TaskOut, String)> {
    let (row, plan): (TaskRow, String) = tasks::table
        .inner_join(plan_rows::table)
        .filter(tasks::id.eq(id))
        .select((TaskRow::as_select(), plan_rows::code))
        .first(c)
        .optional()?
        .ok_or(codes::NOT_FOUND)?;
    let links = links::of(c, &[id])?.remove(id).unwrap_or_default();
    let jurisdiction = row.jurisdiction.clone();
    Ok((TaskOut::of(row, &plan, links)?, jurisdiction))
}

/// One task, with what the caller may do with it.
///
/// # Errors
/// 404.
pub fn find(c: &mut Conn, actor: &Actor, id: &TaskId) -> Result<TaskOut> {
    let (task, jurisdiction) = with_jurisdiction(c, id)?;
    let edit = || actor.must(&[Role::Coordinator], &jurisdiction);
    let delete = match edit() {
        Ok(()) => unused(c, id),
        refused => refused,
    };
    let progress = updates::may_add(c, actor, id, &jurisdiction);
    let actions = Actions::default().with(actor, "update", edit())?.with(actor, "delete", delete)?.with(actor, "add_update", progress)?;
    Ok(TaskOut { actions: Some(actions), ..task })
}

fn fill(row: &mut TaskRow, input: &TaskIn) -> Result<()> {
    row.code.clone_from(&input.code);
    row.kind = input.kind.as_str().to_owned();
    row.text_vi.clone_from(&input.text.vi);
    row.text_en.clone_from(&input.text.en);
    row.status = input.status.as_str().to_owned();
    row.percent_complete = input.percent_complete;
    row.starts_on = input.starts_on;
    row.due_on = input.due_on;
    row.recurrence.clone_from(&input.recurrence);
    row.budget = db::to_json(&input.budget)?;
    row.editorial_note.clone_from(&input.editorial_note);
    row.source = db::to_json_opt(input.source.as_ref())?;
    row.transcription = db::to_json_opt(input.transcription.as_ref())?;
    row.plan_order = rules::plan_order(input);
    row.fold = text::fold_all([Some(input.code.as_str())].into_iter().chain(text::both(&input.text)));
    Ok(())
}

/// Adds a task to a plan.
///
/// # Errors
/// 422 for an unknown plan or another reference, 403 without the right, 409 if the code is taken.
pub fn create(c: &mut Conn, actor: &Actor, input: &TaskIn) -> Result<TaskOut> {
    let plan = Scope::default().one::<PlanKey>(c, &input.plan, &Place::body("/plan"))?;
    let id = add(c, actor, &plan, input)?;
    find(c, actor, &id)
}

/// The same without reading it back, for whole plans at once.
///
/// # Errors
/// As [`create`].
pub fn add(c: &mut Conn, actor: &Actor, plan: &PlanKey, input: &TaskIn) -> Result<TaskId> {
    actor.must(&[Role::Coordinator], &plan.jurisdiction)?;
    let mut faults = Faults::default();
    rules::check(input, &mut faults);
    let found = links::find(c, plan, input, &mut faults)?;
    faults.check()?;
    let mut row = TaskRow {
        id: TaskId::new(),
        plan_id: plan.id.clone(),
        jurisdiction: plan.jurisdiction.clone(),
        code: String::new(),
        kind: String::new(),
        text_vi: String::new(),
        text_en: None,
        status: String::new(),
        percent_complete: 0,
        starts_on: None,
        due_on: None,
        recurrence: None,
        budget: String::new(),
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
        diesel::insert_into(tasks::table).values(&row).execute(w.conn()).map_err(db::unique_means(codes::CODE_TAKEN))?;
        links::insert(w, &row.id, &found)
    })?;
    Ok(row.id)
}

fn begin(c: &mut Conn, actor: &Actor, id: &TaskId, expected: &Expected) -> Result<TaskRow> {
    let load = |c: &mut Conn| tasks::table.find(id).first(c).optional()?.ok_or_else(|| codes::NOT_FOUND.into());
    change::begin(c, id.as_str(), Some(expected), load, |_, row: &TaskRow| actor.must(&[Role::Coordinator], &row.jurisdiction))
}

/// Changes a task.
///
/// # Errors
/// 404, 403, 412, 409 if the code is taken, 422.
pub fn update(c: &mut Conn, actor: &Actor, id: &TaskId, expected: &Expected, patch: &Patch<TaskIn>) -> Result<TaskOut> {
    let mut row = begin(c, actor, id, expected)?;
    let before = load(c, id)?.to_input();
    let after = patch.merge(&before)?;
    let decide = |c: &mut Conn, row: &mut TaskRow, after: &mut TaskIn| {
        let mut faults = Faults::default();
        let plan = plans::unmoved(c, &row.plan_id, &mut after.plan)?;
        rules::check(after, &mut faults);
        let found = links::find(c, &plan, after, &mut faults)?;
        faults.check()?;
        found.name_in(after);
        fill(row, after)?;
        Ok(found)
    };
    change::update(c, actor, &mut row, Update::new(&before, after), decide, |w, row, found| {
        links::replace(w, id, &found)?;
        diesel::update(tasks::table.find(id)).set(row).execute(w.conn()).map_err(db::unique_means(codes::CODE_TAKEN))?;
        Ok(())
    })?;
    find(c, actor, id)
}

/// Deletes a task that has no history.
///
/// # Errors
/// 404, 403, 412, 409 `task.in_use` with the count of its updates.
pub fn delete(c: &mut Conn, actor: &Actor, id: &TaskId, expected: &Expected) -> Result<()> {
    let row = begin(c, actor, id, expected)?;
    unused(c, id)?;
    let before = load(c, id)?.to_input();
    change::delete(c, actor, &row, &before, |w| {
        diesel::delete(tasks::table.find(id)).execute(w.conn())?;
        Ok(())
    })
}

fn unused(c: &mut Conn, id: &TaskId) -> Result<()> {
    let updates: i64 = task_updates::table.filter(task_updates::task_id.eq(id)).count().get_result(c)?;
    db::in_use(codes::TASK_IN_USE, &[("updates", updates)])
}
