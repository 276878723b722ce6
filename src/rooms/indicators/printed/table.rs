//! Printed targets in the database: rows and statements.

use super::wire::{PlanIndicatorFilter, PlanIndicatorIn, PlanIndicatorOut};
use crate::db::schema::{goals as goal_rows, indicator_definitions, indicators, plan_indicators, plans as plan_rows};
use crate::db::sort::{Key, Kind, SortField};
use crate::db::{self, Backend, Conn};
use crate::problem::{Result, codes};
use crate::reading::paging::{Page, Paging, Window};
use crate::reading::references::{GoalKey, PlanIndicatorKey, Scope};
use crate::rooms::indicators::scope::Goals;
use crate::rooms::plans::PlanKey;
use crate::values::clock::UtcTime;
use crate::values::id::{GoalId, PlanId, PlanIndicatorId};
use crate::values::text::{Bilingual, Prose};
use crate::values::{Ref, code, text};
use crate::{page_of, versioned, writes_rows};
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap};

/// A row of `plan_indicators`.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = plan_indicators, treat_none_as_null = true)]
pub struct PrintedRow {
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
    pub editorial_note_en: Option<String>,
}

versioned!(PrintedRow, "plan_indicator", "plan_indicators");
writes_rows!(PrintedRow, PlanIndicatorId, plan_indicators, codes::CODE_TAKEN);

impl PrintedRow {
    /// A new row of a plan and a goal of it.
    ///
    /// # Errors
    /// Internal, if a part has no JSON form.
    pub fn new(plan: &PlanKey, goal: GoalId, input: &PlanIndicatorIn, at: UtcTime) -> Result<Self> {
        let mut row = Self {
            id: PlanIndicatorId::new(),
            plan_id: plan.id.clone(),
            jurisdiction: plan.jurisdiction.clone(),
            goal_id: goal.clone(),
            code: String::new(),
            label: String::new(),
            statement_vi: String::new(),
            statement_en: None,
            editorial_note: None,
            editorial_note_en: None,
            source: None,
            transcription: None,
            plan_order: String::new(),
            fold: String::new(),
            version: 1,
            created_at: at,
            updated_at: at,
        };
        row.fill(input, goal)?;
        Ok(row)
    }

    /// Makes it say this.
    ///
    /// # Errors
    /// Internal, if a part has no JSON form.
    pub fn fill(&mut self, input: &PlanIndicatorIn, goal: GoalId) -> Result<()> {
        self.goal_id = goal;
        self.code.clone_from(&input.code);
        self.label.clone_from(&input.label);
        self.statement_vi.clone_from(&input.statement.vi);
        self.statement_en.clone_from(&input.statement.en);
        (self.editorial_note, self.editorial_note_en) = Prose::columns(input.editorial_note.as_ref());
        self.source = db::to_json_opt(input.source.as_ref())?;
        self.transcription = db::to_json_opt(input.transcription.as_ref())?;
        self.plan_order = code::natural_key(&input.code);
        self.fold = text::fold_all([Some(input.code.as_str()), Some(input.label.as_str())].into_iter().chain(text::both(&input.statement)));
        Ok(())
    }

    /// As clients read it; every column is spoken of.
    ///
    /// # Errors
    /// Internal, if a JSON column holds something else.
    pub fn into_out(self, plan_code: &str, goal_code: &str, indicators: Vec<Ref>) -> Result<PlanIndicatorOut> {
        let PrintedRow {
            id,
            plan_id,
            jurisdiction: _,
            goal_id,
            code,
            label,
            statement_vi,
            statement_en,
            editorial_note,
            source,
            transcription,
            plan_order: _,
            fold: _,
            version,
            created_at,
            updated_at,
            editorial_note_en,
        } = self;
        Ok(PlanIndicatorOut {
            id: id.into(),
            code,
            version,
            plan: Ref::new(plan_id, plan_code),
            goal: Ref::new(goal_id, goal_code),
            label,
            statement: Bilingual { vi: statement_vi, en: statement_en },
            indicators,
            editorial_note: Prose::of_columns(editorial_note, editorial_note_en),
            source: db::from_json_opt(source.as_deref())?,
            transcription: db::from_json_opt(transcription.as_deref())?,
            created_at,
            updated_at,
            actions: None,
        })
    }
}

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
pub fn page(c: &mut Conn, window: &Window, filter: &PlanIndicatorFilter, scope: &Scope, goals: &Goals) -> Result<Page<PrintedRow>> {
    Ok(page_of!(c, window, plan_indicators::table, filtered(filter, scope, goals), key))
}

/// Those of a plan, each with its goal, in its order.
///
/// # Errors
/// If the database fails.
pub fn of_plan(c: &mut Conn, plan: &PlanId) -> Result<Vec<(PrintedRow, GoalKey)>> {
    let found = plan_indicators::table.inner_join(goal_rows::table).filter(plan_indicators::plan_id.eq(plan));
    let found = found.order((plan_indicators::plan_order, plan_indicators::id));
    Ok(found.select((PrintedRow::as_select(), GoalKey::as_select())).load(c)?)
}

/// One of them, its plan and its goal.
///
/// # Errors
/// 404.
pub fn find(c: &mut Conn, id: &PlanIndicatorId) -> Result<(PrintedRow, (PlanKey, GoalKey))> {
    let found = plan_indicators::table.inner_join(plan_rows::table).inner_join(goal_rows::table).filter(plan_indicators::id.eq(id));
    let found = found.select((PrintedRow::as_select(), (PlanKey::as_select(), GoalKey::as_select()))).first(c).optional()?;
    found.ok_or_else(|| codes::NOT_FOUND.into())
}

/// The printed target with this code in a plan, if there is one.
///
/// # Errors
/// If the database fails.
pub fn with_code(c: &mut Conn, plan: &PlanId, code: &str) -> Result<Option<PlanIndicatorKey>> {
    let found = plan_indicators::table.filter(plan_indicators::plan_id.eq(plan)).filter(plan_indicators::code.eq(code));
    Ok(found.select(PlanIndicatorKey::as_select()).first(c).optional()?)
}

/// The codes of the goals of these printed targets.
///
/// # Errors
/// If the database fails.
pub fn goal_codes(c: &mut Conn, rows: &[PrintedRow]) -> Result<HashMap<GoalId, String>> {
    let ids: BTreeSet<&GoalId> = rows.iter().map(|r| &r.goal_id).collect();
    Ok(goal_rows::table.filter(goal_rows::id.eq_any(ids)).select((goal_rows::id, goal_rows::code)).load(c)?.into_iter().collect())
}

/// The indicators that measure these printed targets, in the plan's order.
///
/// # Errors
/// If the database fails.
pub fn measured_by(c: &mut Conn, ids: &[&PlanIndicatorId]) -> Result<HashMap<PlanIndicatorId, Vec<Ref>>> {
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

/// How many indicators measure it in some version.
///
/// # Errors
/// If the database fails.
pub fn once_measured_by(c: &mut Conn, id: &PlanIndicatorId) -> Result<i64> {
    use indicator_definitions as d;
    let versions = d::table.filter(d::plan_indicator_id.eq(id)).select(d::indicator_id);
    Ok(indicators::table.filter(indicators::id.eq_any(versions)).count().get_result(c)?)
}
