//! Plans in the database: rows and statements.

use super::content::PlanContent;
use super::wire::{PlanFilter, PlanIn, PlanOut, PlanStatus};
use crate::db::schema::{amendments, dimensions, goals, indicators, plan_indicators, plans, reporting_periods, tasks};
use crate::db::sort::{Key, Kind, SortField};
use crate::db::{self, Backend, Conn, Count};
use crate::problem::{Error, Result, codes};
use crate::reading::paging::{Page, Paging, Window};
use crate::reading::references::Scope;
use crate::values::Ref;
use crate::values::clock::UtcTime;
use crate::values::id::PlanId;
use crate::values::text::{self, Bilingual};
use crate::{page_of, versioned, writes_rows};
use diesel::prelude::*;
use std::collections::HashSet;

/// A row of `plans`.
#[derive(Debug, Clone, Queryable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = plans, treat_none_as_null = true)]
pub struct PlanRow {
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
    pub replaces_id: Option<PlanId>,
}

versioned!(PlanRow, "plan", "plans");
writes_rows!(PlanRow, PlanId, plans, codes::CODE_TAKEN);

impl PlanRow {
    /// A new row.
    ///
    /// # Errors
    /// Internal, if a part has no JSON form.
    pub fn new(input: &PlanIn, at: UtcTime) -> Result<Self> {
        let mut row = Self {
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
            created_at: at,
            updated_at: at,
            replaces_id: None,
        };
        row.fill(input)?;
        Ok(row)
    }

    /// Makes it say this.
    ///
    /// # Errors
    /// Internal, if a part has no JSON form.
    pub fn fill(&mut self, input: &PlanIn) -> Result<()> {
        self.code.clone_from(&input.code);
        self.title_vi.clone_from(&input.title.vi);
        self.title_en.clone_from(&input.title.en);
        self.start_year = input.start_year;
        self.end_year = input.end_year;
        input.status.as_str().clone_into(&mut self.status);
        self.replaces_id = input.replaces.clone().map(PlanId::from_text);
        self.content = db::to_json(&input.content())?;
        let objective = input.general_objective.as_ref().map(text::both).into_iter().flatten();
        self.fold = text::fold_all([Some(input.code.as_str())].into_iter().chain(text::both(&input.title)).chain(objective));
        Ok(())
    }

    /// As clients read it; every column is spoken of. `replaced_code` is that of the plan that it replaces.
    ///
    /// # Errors
    /// Internal, if a column holds something else.
    pub fn into_out(self, replaced_code: Option<&str>) -> Result<PlanOut> {
        let PlanRow {
            id,
            jurisdiction,
            code,
            title_vi,
            title_en,
            start_year,
            end_year,
            status,
            content,
            fold: _,
            version,
            created_at,
            updated_at,
            replaces_id,
        } = self;
        let PlanContent {
            document_number,
            document_date,
            issued_place,
            general_objective,
            legal_bases,
            recipients,
            signer,
            reporting_rules,
            events,
            budget_sources,
            outline,
            measurement_rules,
            solution_groups,
            transcription_notes,
            validation_rules,
            editorial_notes,
            source,
            transcription,
        } = db::from_json(&content)?;
        Ok(PlanOut {
            id: id.into(),
            code,
            version,
            jurisdiction,
            title: Bilingual { vi: title_vi, en: title_en },
            document_number,
            document_date,
            issued_place,
            start_year,
            end_year,
            replaces: replaces_id.map(|id| Ref::new(id, replaced_code.unwrap_or_default())),
            status: PlanStatus::parse(&status).ok_or_else(|| Error::internal("a plan of unknown status"))?,
            general_objective,
            legal_bases,
            recipients,
            signer,
            reporting_rules,
            events,
            budget_sources,
            outline,
            measurement_rules,
            solution_groups,
            transcription_notes,
            validation_rules,
            editorial_notes,
            source,
            transcription,
            created_at,
            updated_at,
            actions: None,
        })
    }
}

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

/// Which part of a list is asked for.
///
/// # Errors
/// 400 for a sort field or cursor that fits nothing.
pub fn window(paging: &Paging) -> Result<Window> {
    paging.window(FIELDS, "created_at", TIE)
}

/// A page of them.
///
/// # Errors
/// If the database fails.
pub fn page(c: &mut Conn, window: &Window, filter: &PlanFilter, scope: &Scope) -> Result<Page<PlanRow>> {
    Ok(page_of!(c, window, plans::table, filtered(filter, scope), key))
}

/// One of them.
///
/// # Errors
/// 404.
pub fn find(c: &mut Conn, id: &PlanId) -> Result<PlanRow> {
    plans::table.find(id).first(c).optional()?.ok_or_else(|| codes::NOT_FOUND.into())
}

/// The codes of all.
///
/// # Errors
/// If the database fails.
pub fn all_codes(c: &mut Conn) -> Result<HashSet<String>> {
    Ok(plans::table.select(plans::code).load(c)?.into_iter().collect())
}

/// How many of each kind refer to it. Reports and figures are in periods.
///
/// # Errors
/// If the database fails.
pub fn referrers(c: &mut Conn, id: &PlanId) -> Result<[(&'static str, Count); 8]> {
    type Counts = (Count, Count, Count, Count, Count, Count, Count, Count);
    let (amended, wanted, printed, measured, split, charged, periods, replacing): Counts = diesel::select((
        amendments::table.filter(amendments::plan_id.eq(id)).count().single_value(),
        goals::table.filter(goals::plan_id.eq(id)).count().single_value(),
        plan_indicators::table.filter(plan_indicators::plan_id.eq(id)).count().single_value(),
        indicators::table.filter(indicators::plan_id.eq(id)).count().single_value(),
        dimensions::table.filter(dimensions::plan_id.eq(id)).count().single_value(),
        tasks::table.filter(tasks::plan_id.eq(id)).count().single_value(),
        reporting_periods::table.filter(reporting_periods::plan_id.eq(id)).count().single_value(),
        plans::table.filter(plans::replaces_id.eq(id)).count().single_value(),
    ))
    .get_result(c)?;
    Ok([
        ("amendments", amended),
        ("goals", wanted),
        ("plan_indicators", printed),
        ("indicators", measured),
        ("disaggregations", split),
        ("tasks", charged),
        ("reporting_periods", periods),
        ("plans", replacing),
    ])
}
