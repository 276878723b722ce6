//! Amendments in the database: rows and statements.

use super::wire::{AmendmentIn, AmendmentOut};
use crate::db::schema::{amendments, goals, indicator_definitions, indicators, plans as plan_rows, tasks, units};
use crate::db::sort::{Key, Kind, SortField};
use crate::db::{Conn, Count};
use crate::problem::{Result, codes};
use crate::reading::paging::{Page, Paging, Window};
use crate::rooms::plans::PlanKey;
use crate::values::Ref;
use crate::values::clock::UtcTime;
use crate::values::id::{AmendmentId, PlanId};
use crate::values::text::Bilingual;
use crate::{page_of, versioned, writes_rows};
use chrono::NaiveDate;
use diesel::prelude::*;

/// A row of `amendments`.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = amendments, treat_none_as_null = true)]
pub struct AmendmentRow {
    pub id: AmendmentId,
    pub plan_id: PlanId,
    pub jurisdiction: String,
    pub document_number: String,
    pub document_date: NaiveDate,
    pub in_force_on: NaiveDate,
    pub title_vi: String,
    pub title_en: Option<String>,
    pub summary_vi: Option<String>,
    pub summary_en: Option<String>,
    pub version: i64,
    pub created_at: UtcTime,
    pub updated_at: UtcTime,
}

versioned!(AmendmentRow, "amendment", "amendments");
writes_rows!(AmendmentRow, AmendmentId, amendments, codes::CODE_TAKEN);

impl AmendmentRow {
    /// A new row of a plan.
    pub fn new(plan: &PlanKey, input: &AmendmentIn, at: UtcTime) -> Self {
        let mut row = Self {
            id: AmendmentId::new(),
            plan_id: plan.id.clone(),
            jurisdiction: plan.jurisdiction.clone(),
            document_number: String::new(),
            document_date: input.document_date,
            in_force_on: input.in_force_on,
            title_vi: String::new(),
            title_en: None,
            summary_vi: None,
            summary_en: None,
            version: 1,
            created_at: at,
            updated_at: at,
        };
        row.fill(input);
        row
    }

    /// Makes it say this.
    pub fn fill(&mut self, input: &AmendmentIn) {
        let AmendmentIn { document_number, document_date, in_force_on, title, summary } = input.clone();
        (self.document_number, self.document_date, self.in_force_on) = (document_number, document_date, in_force_on);
        (self.title_vi, self.title_en) = (title.vi, title.en);
        (self.summary_vi, self.summary_en) = summary.map_or((None, None), |summary| (Some(summary.vi), summary.en));
    }

    /// As clients read it; every column is spoken of.
    pub fn into_out(self, plan_code: &str) -> AmendmentOut {
        let Self {
            id,
            plan_id,
            jurisdiction: _,
            document_number,
            document_date,
            in_force_on,
            title_vi,
            title_en,
            summary_vi,
            summary_en,
            version,
            created_at,
            updated_at,
        } = self;
        AmendmentOut {
            id: id.into(),
            version,
            plan: Ref::new(plan_id, plan_code),
            document_number,
            document_date,
            in_force_on,
            title: Bilingual { vi: title_vi, en: title_en },
            summary: summary_vi.map(|vi| Bilingual { vi, en: summary_en }),
            created_at,
            updated_at,
            actions: None,
        }
    }
}

const FIELDS: &[SortField] = &[
    SortField { name: "created_at", sql: "amendments.created_at", kind: Kind::Time },
    SortField { name: "updated_at", sql: "amendments.updated_at", kind: Kind::Time },
];
const TIE: SortField = SortField { name: "id", sql: "amendments.id", kind: Kind::Text };

fn key(row: &AmendmentRow, field: &str) -> Key {
    match field {
        "created_at" => Key::time(row.created_at),
        "updated_at" => Key::time(row.updated_at),
        _ => Key::from(row.id.as_str()),
    }
}

/// Which part of a list is asked for.
///
/// # Errors
/// 400 for a sort field or cursor that fits nothing.
pub fn window(paging: &Paging) -> Result<Window> {
    paging.window(FIELDS, "created_at", TIE)
}

/// A page of those of a plan.
///
/// # Errors
/// If the database fails.
pub fn page(c: &mut Conn, window: &Window, plan: &PlanId) -> Result<Page<AmendmentRow>> {
    Ok(page_of!(c, window, amendments::table, amendments::table.filter(amendments::plan_id.eq(plan)).into_boxed(), key))
}

/// One of a plan, and the plan.
///
/// # Errors
/// 404.
pub fn find(c: &mut Conn, plan: &PlanId, id: &AmendmentId) -> Result<(AmendmentRow, PlanKey)> {
    let found = amendments::table.inner_join(plan_rows::table).filter(amendments::plan_id.eq(plan).and(amendments::id.eq(id)));
    found.select((AmendmentRow::as_select(), PlanKey::as_select())).first(c).optional()?.ok_or_else(|| codes::NOT_FOUND.into())
}

/// How many of each kind name it, of indicators in whichever version.
///
/// # Errors
/// If the database fails.
pub fn referrers(c: &mut Conn, id: &AmendmentId) -> Result<[(&'static str, Count); 4]> {
    use indicator_definitions as d;
    let versions = d::table.filter(d::amendment_id.eq(id)).select(d::indicator_id);
    let (measured, wanted, charged, charging): (Count, Count, Count, Count) = diesel::select((
        indicators::table.filter(indicators::amendment_id.eq(id).or(indicators::id.eq_any(versions))).count().single_value(),
        goals::table.filter(goals::amendment_id.eq(id)).count().single_value(),
        tasks::table.filter(tasks::amendment_id.eq(id)).count().single_value(),
        units::table.filter(units::amendment_id.eq(id)).count().single_value(),
    ))
    .get_result(c)?;
    Ok([("indicators", measured), ("goals", wanted), ("tasks", charged), ("units", charging)])
}
