//! Administrative units in the database: rows and statements.

use super::existence::there_on;
use super::rules;
use super::wire::{JurisdictionFilter, JurisdictionIn, JurisdictionKind, JurisdictionLevel, JurisdictionOut, ParentOut};
use crate::db::schema::{
    consolidated_reports, former_parents, grants, jurisdiction_dissolutions, jurisdiction_successors, jurisdictions, plans, units,
};
use crate::db::sort::{Key, Kind, SortField};
use crate::db::{Backend, Conn, Count};
use crate::problem::{Error, Result, codes};
use crate::reading::paging::{Page, Paging, Window};
use crate::values::clock::UtcTime;
use crate::values::days::Days;
use crate::values::id::JurisdictionId;
use crate::values::text::{self, Bilingual};
use crate::{page_of, versioned, writes_rows};
use chrono::NaiveDate;
use diesel::prelude::*;

use line::Line;

pub mod line;
pub mod parents;

/// A row of `jurisdictions`.
#[derive(Debug, Clone, Queryable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = jurisdictions, treat_none_as_null = true)]
pub struct JurisdictionRow {
    pub id: JurisdictionId,
    pub code: String,
    pub name_vi: String,
    pub name_en: Option<String>,
    pub level: String,
    pub kind: String,
    pub parent: Option<String>,
    pub plan_order: String,
    pub fold: String,
    pub version: i64,
    pub created_at: UtcTime,
    pub updated_at: UtcTime,
    pub parent_from: Option<NaiveDate>,
    pub valid_from: Option<NaiveDate>,
    pub valid_until: Option<NaiveDate>,
}

versioned!(JurisdictionRow, "jurisdiction", "jurisdictions", code);
writes_rows!(JurisdictionRow, JurisdictionId, jurisdictions, codes::CODE_TAKEN);

impl JurisdictionRow {
    /// A new row.
    #[must_use]
    pub fn new(input: &JurisdictionIn, at: UtcTime) -> Self {
        let mut row = Self {
            id: JurisdictionId::new(),
            code: String::new(),
            name_vi: String::new(),
            name_en: None,
            level: String::new(),
            kind: String::new(),
            parent: None,
            plan_order: String::new(),
            fold: String::new(),
            version: 1,
            created_at: at,
            updated_at: at,
            parent_from: None,
            valid_from: None,
            valid_until: None,
        };
        row.fill(input);
        row
    }

    /// Makes it say this.
    pub fn fill(&mut self, input: &JurisdictionIn) {
        self.code.clone_from(&input.code);
        self.name_vi.clone_from(&input.name.vi);
        self.name_en.clone_from(&input.name.en);
        input.level.as_str().clone_into(&mut self.level);
        input.kind.as_str().clone_into(&mut self.kind);
        self.parent.clone_from(&input.parent);
        self.parent_from = input.parent_from;
        (self.valid_from, self.valid_until) = (input.valid_from, input.valid_until);
        self.plan_order = rules::order(input);
        self.fold = text::fold_all([Some(input.code.as_str())].into_iter().chain(text::both(&input.name)));
    }

    /// As clients read it; every column is spoken of. `former` is to what it belonged before, `line` who came before and after it.
    ///
    /// # Errors
    /// Internal, if a column holds an unknown word.
    pub fn into_out(self, former: Vec<ParentOut>, line: Line) -> Result<JurisdictionOut> {
        let JurisdictionRow {
            id,
            code,
            name_vi,
            name_en,
            level,
            kind,
            parent,
            plan_order: _,
            fold: _,
            version,
            created_at,
            updated_at,
            parent_from,
            valid_from,
            valid_until,
        } = self;
        let present = parent.iter().map(|parent| ParentOut { parent: parent.clone(), from: parent_from, until: None });
        let parents = former.into_iter().chain(present).collect();
        Ok(JurisdictionOut {
            id: id.into(),
            code,
            version,
            name: Bilingual { vi: name_vi, en: name_en },
            level: JurisdictionLevel::parse(&level).ok_or_else(|| Error::internal("a jurisdiction of unknown level"))?,
            kind: JurisdictionKind::parse(&kind).ok_or_else(|| Error::internal("a jurisdiction of unknown kind"))?,
            parent,
            parents,
            valid_from,
            valid_until,
            successors: line.successors,
            predecessors: line.predecessors,
            created_at,
            updated_at,
            actions: None,
        })
    }
}

const FIELDS: &[SortField] = &[
    SortField { name: "plan_order", sql: "jurisdictions.plan_order", kind: Kind::Text },
    SortField { name: "code", sql: "jurisdictions.code", kind: Kind::Text },
    SortField { name: "created_at", sql: "jurisdictions.created_at", kind: Kind::Time },
    SortField { name: "updated_at", sql: "jurisdictions.updated_at", kind: Kind::Time },
];
const TIE: SortField = SortField { name: "id", sql: "jurisdictions.id", kind: Kind::Text };

fn key(row: &JurisdictionRow, field: &str) -> Key {
    match field {
        "plan_order" => Key::from(row.plan_order.as_str()),
        "code" => Key::from(row.code.as_str()),
        "created_at" => Key::time(row.created_at),
        "updated_at" => Key::time(row.updated_at),
        _ => Key::from(row.id.as_str()),
    }
}

fn filtered(filter: &JurisdictionFilter) -> jurisdictions::BoxedQuery<'_, Backend> {
    let mut query = jurisdictions::table.into_boxed();
    if let Some(code) = &filter.code {
        query = query.filter(jurisdictions::code.eq(code));
    }
    if let Some(level) = filter.level {
        query = query.filter(jurisdictions::level.eq(level.as_str()));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(jurisdictions::kind.eq(kind.as_str()));
    }
    if let Some(parent) = &filter.parent {
        query = query.filter(jurisdictions::parent.eq(parent));
    }
    if let Some(q) = &filter.q {
        query = query.filter(jurisdictions::fold.like(text::like_pattern(q)).escape('\\'));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(jurisdictions::updated_at.ge(since));
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
pub fn page(c: &mut Conn, window: &Window, filter: &JurisdictionFilter) -> Result<Page<JurisdictionRow>> {
    Ok(page_of!(c, window, jurisdictions::table, filtered(filter), key))
}

/// One of them.
///
/// # Errors
/// 404.
pub fn find(c: &mut Conn, id: &JurisdictionId) -> Result<JurisdictionRow> {
    jurisdictions::table.find(id).first(c).optional()?.ok_or_else(|| codes::NOT_FOUND.into())
}

/// Whether a consolidated report of it, or of one below it, was ever sent.
///
/// # Errors
/// If the database fails.
pub fn has_sent(c: &mut Conn, code: &str) -> Result<bool> {
    let below = jurisdictions::table.filter(jurisdictions::parent.eq(code)).select(jurisdictions::code);
    let of = consolidated_reports::jurisdiction.eq(code).or(consolidated_reports::jurisdiction.eq_any(below));
    let sent = consolidated_reports::table.filter(consolidated_reports::sent_at.is_not_null()).filter(of);
    Ok(diesel::select(diesel::dsl::exists(sent)).get_result(c)?)
}

/// How many of each kind refer to it. Whatever else lies in a jurisdiction belongs to a plan of it.
#[derive(Debug, Clone, Default, Queryable)]
pub struct Referrers {
    pub below: Count,
    pub plans: Count,
    pub units: Count,
    pub grants: Count,
    pub former: Count,
    pub predecessors: Count,
    /// Whether it is dissolved, or will be.
    pub dissolutions: Count,
}

/// What refers to it.
///
/// # Errors
/// If the database fails.
pub fn referrers(c: &mut Conn, code: &str) -> Result<Referrers> {
    Ok(diesel::select((
        jurisdictions::table.filter(jurisdictions::parent.eq(code)).count().single_value(),
        plans::table.filter(plans::jurisdiction.eq(code)).count().single_value(),
        units::table.filter(units::jurisdiction.eq(code)).count().single_value(),
        grants::table.filter(grants::jurisdiction.eq(code)).count().single_value(),
        former_parents::table.filter(former_parents::parent.eq(code)).count().single_value(),
        jurisdiction_successors::table.filter(jurisdiction_successors::successor.eq(code)).count().single_value(),
        jurisdiction_dissolutions::table.filter(jurisdiction_dissolutions::jurisdiction.eq(code)).count().single_value(),
    ))
    .get_result(c)?)
}

/// How many units right below it are there on a day.
///
/// # Errors
/// If the database fails.
pub fn below_on(c: &mut Conn, code: &str, day: NaiveDate) -> Result<i64> {
    let below = jurisdictions::table.filter(jurisdictions::parent.eq(code)).filter(there_on!(day));
    Ok(below.count().get_result(c)?)
}

/// The days of these units, by official code.
///
/// # Errors
/// If the database fails.
pub fn days_of_each(c: &mut Conn, codes: &[String]) -> Result<Vec<(String, Days)>> {
    let columns = (jurisdictions::code, jurisdictions::valid_from, jurisdictions::valid_until);
    let found: Vec<(String, Option<NaiveDate>, Option<NaiveDate>)> =
        jurisdictions::table.filter(jurisdictions::code.eq_any(codes)).select(columns).load(c)?;
    Ok(found.into_iter().map(|(code, from, until)| (code, Days::new(from, until))).collect())
}
