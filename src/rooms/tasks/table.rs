//! Tasks in the database: rows and statements.

pub mod links;
pub mod updates;

use super::rules;
use super::wire::{TaskFilter, TaskIn, TaskKind, TaskOut, TaskStatus};
use crate::db::schema::{plans as plan_rows, task_assignments, task_goals, task_indicators, tasks, units};
use crate::db::sort::{Key, Kind, SortField};
use crate::db::{self, Backend, Conn};
use crate::problem::{Error, Result, codes};
use crate::reading::paging::{Page, Paging, Window};
use crate::reading::references::Scope;
use crate::rooms::plans::PlanKey;
use crate::values::Ref;
use crate::values::clock::UtcTime;
use crate::values::id::{AmendmentId, GoalId, IndicatorId, PlanId, TaskId, UnitId};
use crate::values::text::{self, Bilingual, Prose};
use crate::{page_of, versioned, writes_rows};
use chrono::NaiveDate;
use diesel::prelude::*;
use links::Links;

/// A row of `tasks`.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = tasks, treat_none_as_null = true)]
pub struct TaskRow {
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
    pub amendment_id: Option<AmendmentId>,
    pub editorial_note_en: Option<String>,
}

versioned!(TaskRow, "task", "tasks");
writes_rows!(TaskRow, TaskId, tasks, codes::CODE_TAKEN);

impl TaskRow {
    /// A new row of a plan.
    ///
    /// # Errors
    /// Internal, if a part has no JSON form.
    pub fn new(plan: &PlanKey, input: &TaskIn, at: UtcTime) -> Result<Self> {
        let mut row = Self {
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
            editorial_note_en: None,
            source: None,
            transcription: None,
            plan_order: String::new(),
            fold: String::new(),
            version: 1,
            created_at: at,
            updated_at: at,
            amendment_id: None,
        };
        row.fill(input)?;
        Ok(row)
    }

    /// Makes it say this, apart from what it refers to.
    ///
    /// # Errors
    /// Internal, if a part has no JSON form.
    pub fn fill(&mut self, input: &TaskIn) -> Result<()> {
        self.code.clone_from(&input.code);
        self.kind = input.kind.as_str().to_owned();
        self.text_vi.clone_from(&input.text.vi);
        self.text_en.clone_from(&input.text.en);
        self.status = input.status.as_str().to_owned();
        self.percent_complete = input.percent_complete;
        self.starts_on = input.starts_on;
        self.due_on = input.due_on;
        self.recurrence.clone_from(&input.recurrence);
        self.budget = db::to_json(&input.budget)?;
        (self.editorial_note, self.editorial_note_en) = Prose::columns(input.editorial_note.as_ref());
        self.source = db::to_json_opt(input.source.as_ref())?;
        self.transcription = db::to_json_opt(input.transcription.as_ref())?;
        self.plan_order = rules::plan_order(input);
        self.fold = text::fold_all([Some(input.code.as_str())].into_iter().chain(text::both(&input.text)));
        Ok(())
    }

    /// As clients read it, with what it refers to; every column is spoken of.
    ///
    /// # Errors
    /// Internal, if a column holds something else than this service writes.
    pub fn into_out(self, plan_code: &str, links: Links) -> Result<TaskOut> {
        let TaskRow {
            id,
            plan_id,
            jurisdiction: _,
            code,
            kind,
            text_vi,
            text_en,
            status,
            percent_complete,
            starts_on,
            due_on,
            recurrence,
            budget,
            editorial_note,
            source,
            transcription,
            plan_order: _,
            fold: _,
            version,
            created_at,
            updated_at,
            amendment_id,
            editorial_note_en,
        } = self;
        Ok(TaskOut {
            id: id.into(),
            code,
            version,
            plan: Ref::new(plan_id, plan_code),
            kind: TaskKind::parse(&kind).ok_or_else(|| Error::internal("a task of unknown kind"))?,
            goals: links.goals,
            indicators: links.indicators,
            text: Bilingual { vi: text_vi, en: text_en },
            assignments: links.assignments,
            status: TaskStatus::parse(&status).ok_or_else(|| Error::internal("a task of unknown status"))?,
            percent_complete,
            starts_on,
            due_on,
            recurrence,
            budget: db::from_json(&budget)?,
            editorial_note: Prose::of_columns(editorial_note, editorial_note_en),
            source: db::from_json_opt(source.as_deref())?,
            transcription: db::from_json_opt(transcription.as_deref())?,
            created_at,
            updated_at,
            amendment: amendment_id.map(Into::into),
            actions: None,
        })
    }
}

/// What a filter names, found. A code stands for every row that it fits within what else is named.
pub struct FoundFilter {
    pub scope: Scope,
    pub goals: Option<Vec<GoalId>>,
    pub indicators: Option<Vec<IndicatorId>>,
    pub units: Option<Vec<UnitId>>,
}

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

fn filtered<'a>(filter: &'a TaskFilter, found: &'a FoundFilter) -> tasks::BoxedQuery<'a, Backend> {
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

/// Which part of a list is asked for.
///
/// # Errors
/// 400 for a sort field or cursor that fits nothing.
pub fn window(paging: &Paging) -> Result<Window> {
    paging.window(FIELDS, "plan_order", TIE)
}

/// A page of them.
///
/// # Errors
/// If the database fails.
pub fn page(c: &mut Conn, window: &Window, filter: &TaskFilter, found: &FoundFilter) -> Result<Page<TaskRow>> {
    Ok(page_of!(c, window, tasks::table, filtered(filter, found), key))
}

/// Those of a plan, in its order.
///
/// # Errors
/// If the database fails.
pub fn of_plan(c: &mut Conn, plan: &PlanId) -> Result<Vec<TaskRow>> {
    Ok(tasks::table.filter(tasks::plan_id.eq(plan)).order((tasks::plan_order, tasks::id)).load(c)?)
}

/// One of them and its plan.
///
/// # Errors
/// 404.
pub fn find(c: &mut Conn, id: &TaskId) -> Result<(TaskRow, PlanKey)> {
    let found = tasks::table.inner_join(plan_rows::table).filter(tasks::id.eq(id));
    found.select((TaskRow::as_select(), PlanKey::as_select())).first(c).optional()?.ok_or_else(|| codes::NOT_FOUND.into())
}

/// The units that a task is assigned to, and the members of such groups.
///
/// # Errors
/// If the database fails.
pub fn assigned_units(c: &mut Conn, id: &TaskId) -> Result<Vec<UnitId>> {
    let assigned = task_assignments::table.filter(task_assignments::task_id.eq(id)).select(task_assignments::unit_id);
    let own = units::id.eq_any(assigned).or(units::parent_id.eq_any(assigned.nullable()));
    Ok(units::table.filter(own).select(units::id).load(c)?)
}
