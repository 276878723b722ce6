//! Goals in the database: rows and statements.

use super::wire::{GoalFilter, GoalIn, GoalOut};
use crate::db::schema::{goals, indicator_definitions, indicators, plan_indicators, plans as plan_rows, task_goals};
use crate::db::sort::{Key, Kind, SortField};
use crate::db::{self, Backend, Conn, Count};
use crate::problem::{Result, codes};
use crate::reading::paging::{Page, Paging, Window};
use crate::reading::references::Scope;
use crate::rooms::plans::PlanKey;
use crate::values::clock::UtcTime;
use crate::values::id::{AmendmentId, GoalId, PlanId};
use crate::values::text::{Bilingual, Prose};
use crate::values::{Ref, code, text};
use crate::{page_of, versioned, writes_rows};
use diesel::prelude::*;

/// A row of `goals`.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = goals, treat_none_as_null = true)]
pub struct GoalRow {
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
    pub amendment_id: Option<AmendmentId>,
    pub editorial_note_en: Option<String>,
}

versioned!(GoalRow, "goal", "goals");
writes_rows!(GoalRow, GoalId, goals, codes::CODE_TAKEN);

impl GoalRow {
    /// A new row of a plan.
    ///
    /// # Errors
    /// Internal, if a part has no JSON form.
    pub fn new(plan: &PlanKey, input: &GoalIn, at: UtcTime) -> Result<Self> {
        let mut row = Self {
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

    /// Makes it say this.
    ///
    /// # Errors
    /// Internal, if a part has no JSON form.
    pub fn fill(&mut self, input: &GoalIn) -> Result<()> {
        self.code.clone_from(&input.code);
        self.ordinal = input.ordinal;
        self.letter.clone_from(&input.letter);
        self.field_vi.clone_from(&input.field.vi);
        self.field_en.clone_from(&input.field.en);
        self.title_vi.clone_from(&input.title.vi);
        self.title_en.clone_from(&input.title.en);
        (self.editorial_note, self.editorial_note_en) = Prose::columns(input.editorial_note.as_ref());
        self.source = db::to_json_opt(input.source.as_ref())?;
        self.transcription = db::to_json_opt(input.transcription.as_ref())?;
        self.plan_order = format!("{:09} {}", input.ordinal, code::natural_key(&input.code));
        let field_key = input.transcription.as_ref().and_then(|t| t.get("field_key")).and_then(serde_json::Value::as_str);
        self.fold = text::fold_all(
            [Some(input.code.as_str()), field_key].into_iter().chain(text::both(&input.field)).chain(text::both(&input.title)),
        );
        Ok(())
    }

    /// As clients read it; every column is spoken of.
    ///
    /// # Errors
    /// Internal, if a JSON column holds something else.
    pub fn into_out(self, plan_code: &str) -> Result<GoalOut> {
        let GoalRow {
            id,
            plan_id,
            jurisdiction: _,
            code,
            ordinal,
            letter,
            field_vi,
            field_en,
            title_vi,
            title_en,
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
        Ok(GoalOut {
            id: id.into(),
            plan: Ref::new(plan_id, plan_code),
            code,
            version,
            ordinal,
            letter,
            field: Bilingual { vi: field_vi, en: field_en },
            title: Bilingual { vi: title_vi, en: title_en },
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
pub fn page(c: &mut Conn, window: &Window, filter: &GoalFilter, scope: &Scope) -> Result<Page<GoalRow>> {
    Ok(page_of!(c, window, goals::table, filtered(filter, scope), key))
}

/// Those of a plan, in its order.
///
/// # Errors
/// If the database fails.
pub fn of_plan(c: &mut Conn, plan: &PlanId) -> Result<Vec<GoalRow>> {
    Ok(goals::table.filter(goals::plan_id.eq(plan)).order((goals::plan_order, goals::id)).load(c)?)
}

/// One of them and its plan.
///
/// # Errors
/// 404.
pub fn find(c: &mut Conn, id: &GoalId) -> Result<(GoalRow, PlanKey)> {
    let found = goals::table.inner_join(plan_rows::table).filter(goals::id.eq(id));
    found.select((GoalRow::as_select(), PlanKey::as_select())).first(c).optional()?.ok_or_else(|| codes::NOT_FOUND.into())
}

/// How many of each kind refer to it.
///
/// # Errors
/// If the database fails.
pub fn referrers(c: &mut Conn, id: &GoalId) -> Result<[(&'static str, Count); 3]> {
    let versions = indicator_definitions::table.filter(indicator_definitions::goal_id.eq(id)).select(indicator_definitions::indicator_id);
    let (printed, measured, tasks): (Count, Count, Count) = diesel::select((
        plan_indicators::table.filter(plan_indicators::goal_id.eq(id)).count().single_value(),
        // In whichever version they belong to it.
        indicators::table.filter(indicators::goal_id.eq(id).or(indicators::id.eq_any(versions))).count().single_value(),
        task_goals::table.filter(task_goals::goal_id.eq(id)).count().single_value(),
    ))
    .get_result(c)?;
    Ok([("plan_indicators", printed), ("indicators", measured), ("tasks", tasks)])
}
