//! Dimensions in the database: rows and statements.

use super::wire::{DimensionFilter, DimensionIn, DimensionOut};
use crate::db::schema::{
    dimensions, frozen_observations, indicator_definitions, indicator_dimensions, indicators, observations, plans as plan_rows,
};
use crate::db::sort::{Key, Kind, SortField};
use crate::db::{self, Backend, Conn};
use crate::problem::{Result, codes};
use crate::reading::paging::{Page, Paging, Window};
use crate::reading::references::Scope;
use crate::rooms::plans::PlanKey;
use crate::values::clock::UtcTime;
use crate::values::id::{DimensionId, PlanId};
use crate::values::text::{Bilingual, Prose};
use crate::values::{Ref, code, text};
use crate::{both, page_of, versioned, writes_rows};
use diesel::dsl::count_star;
use diesel::prelude::*;

/// A row of `dimensions`.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = dimensions, treat_none_as_null = true)]
pub struct DimensionRow {
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
    pub note_en: Option<String>,
}

versioned!(DimensionRow, "disaggregation", "dimensions");
writes_rows!(DimensionRow, DimensionId, dimensions, codes::CODE_TAKEN);

impl DimensionRow {
    /// A new row of a plan.
    ///
    /// # Errors
    /// Internal, if a part has no JSON form.
    pub fn new(plan: &PlanKey, input: &DimensionIn, at: UtcTime) -> Result<Self> {
        let mut row = Self {
            id: DimensionId::new(),
            plan_id: plan.id.clone(),
            jurisdiction: plan.jurisdiction.clone(),
            code: String::new(),
            name_vi: String::new(),
            name_en: None,
            dimension_values: String::new(),
            note: None,
            note_en: None,
            transcription: None,
            plan_order: String::new(),
            fold: String::new(),
            version: 1,
            created_at: at,
            updated_at: at,
        };
        row.fill(input)?;
        Ok(row)
    }

    /// Makes it say this.
    ///
    /// # Errors
    /// Internal, if a part has no JSON form.
    pub fn fill(&mut self, input: &DimensionIn) -> Result<()> {
        self.code.clone_from(&input.code);
        self.name_vi.clone_from(&input.name.vi);
        self.name_en.clone_from(&input.name.en);
        self.dimension_values = db::to_json(&input.values)?;
        (self.note, self.note_en) = Prose::columns(input.note.as_ref());
        self.transcription = db::to_json_opt(input.transcription.as_ref())?;
        self.plan_order = code::natural_key(&input.code);
        let values = input.values.iter().flat_map(|v| [Some(v.code.as_str()), Some(v.name.vi.as_str()), v.name.en.as_deref()]);
        let note = input.note.iter().flat_map(|note| [Some(note.vi.as_str()), note.en.as_deref()]);
        self.fold = text::fold_all([Some(input.code.as_str())].into_iter().chain(text::both(&input.name)).chain(note).chain(values));
        Ok(())
    }

    /// As clients read it; every column is spoken of.
    ///
    /// # Errors
    /// Internal, if a JSON column holds something else.
    pub fn into_out(self, plan_code: &str) -> Result<DimensionOut> {
        let DimensionRow {
            id,
            plan_id,
            jurisdiction: _,
            code,
            name_vi,
            name_en,
            dimension_values,
            note,
            transcription,
            plan_order: _,
            fold: _,
            version,
            created_at,
            updated_at,
            note_en,
        } = self;
        Ok(DimensionOut {
            id: id.into(),
            code,
            version,
            plan: Ref::new(plan_id, plan_code),
            name: Bilingual { vi: name_vi, en: name_en },
            values: db::from_json(&dimension_values)?,
            note: Prose::of_columns(note, note_en),
            transcription: db::from_json_opt(transcription.as_deref())?,
            created_at,
            updated_at,
            actions: None,
        })
    }
}

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
pub fn page(c: &mut Conn, window: &Window, filter: &DimensionFilter, scope: &Scope) -> Result<Page<DimensionRow>> {
    Ok(page_of!(c, window, dimensions::table, filtered(filter, scope), key))
}

/// Those of a plan, in order.
///
/// # Errors
/// If the database fails.
pub fn of_plan(c: &mut Conn, plan: &PlanId) -> Result<Vec<DimensionRow>> {
    Ok(dimensions::table.filter(dimensions::plan_id.eq(plan)).order((dimensions::plan_order, dimensions::id)).load(c)?)
}

/// One of them and its plan.
///
/// # Errors
/// 404.
pub fn find(c: &mut Conn, id: &DimensionId) -> Result<(DimensionRow, PlanKey)> {
    let found = dimensions::table.inner_join(plan_rows::table).filter(dimensions::id.eq(id));
    found.select((DimensionRow::as_select(), PlanKey::as_select())).first(c).optional()?.ok_or_else(|| codes::NOT_FOUND.into())
}

/// How many indicators have it.
///
/// # Errors
/// If the database fails.
pub fn indicators_with(c: &mut Conn, plan: &PlanId, id: &DimensionId) -> Result<i64> {
    use {indicator_definitions as d, indicator_dimensions as now};
    let naming = now::table.filter(now::dimension_id.eq(id)).select(now::indicator_id);
    // The versions keep theirs as JSON; an id stands in no other.
    let versions = d::table.filter(d::dimensions.like(format!("%\"{id}\"%"))).select(d::indicator_id);
    let found = indicators::table.filter(indicators::plan_id.eq(plan));
    Ok(found.filter(indicators::id.eq_any(naming).or(indicators::id.eq_any(versions))).count().get_result(c)?)
}

/// By what the figures of a plan are split, and how many by each: those in reports and those in consolidated reports.
///
/// # Errors
/// If the database fails.
pub fn splits_of_plan(c: &mut Conn, plan: &PlanId) -> Result<Vec<(String, i64)>> {
    let reported = observations::table
        .filter(observations::plan_id.eq(plan))
        .filter(observations::disaggregation.ne("{}"))
        .group_by(observations::disaggregation)
        .select((observations::disaggregation, count_star()));
    let frozen = frozen_observations::table
        .filter(frozen_observations::plan_id.eq(plan))
        .filter(frozen_observations::disaggregation.ne("{}"))
        .group_by(frozen_observations::disaggregation)
        .select((frozen_observations::disaggregation, count_star()));
    Ok(both!(c, c => reported.union_all(frozen).load(c))?)
}
