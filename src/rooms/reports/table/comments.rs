//! What is said of reports, in the database.

use crate::actor::Actor;
use crate::change::Write;
use crate::db::Conn;
use crate::db::schema::{indicator_definitions, indicators, report_comments};
use crate::db::sort::{Key, Kind, SortField};
use crate::problem::{Result, codes};
use crate::reading::paging::{Page, Paging, Window};
use crate::rooms::reports::table::ReportRow;
use crate::values::clock::UtcTime;
use crate::values::id::{CommentId, IndicatorId, ReportId};
use crate::{page_of, versioned};
use diesel::dsl::exists;
use diesel::prelude::*;

/// A row of `report_comments`.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = report_comments, treat_none_as_null = true)]
pub struct CommentRow {
    pub id: CommentId,
    pub report_id: ReportId,
    pub jurisdiction: String,
    pub indicator_id: Option<IndicatorId>,
    pub text: String,
    pub by_id: Option<String>,
    pub by_name: String,
    pub resolved_at: Option<UtcTime>,
    pub resolved_by_id: Option<String>,
    pub resolved_by_name: Option<String>,
    pub version: i64,
    pub created_at: UtcTime,
    pub updated_at: UtcTime,
}

versioned!(CommentRow, "report_comment", "report_comments");

impl CommentRow {
    /// What somebody says now of a report, or of one of its indicators.
    pub(in crate::rooms::reports) fn new(actor: &Actor, report: &ReportRow, indicator: Option<IndicatorId>, text: &str) -> Self {
        Self {
            id: CommentId::new(),
            report_id: report.id.clone(),
            jurisdiction: report.jurisdiction.clone(),
            indicator_id: indicator,
            text: text.to_owned(),
            by_id: actor.id(),
            by_name: actor.name().to_owned(),
            resolved_at: None,
            resolved_by_id: None,
            resolved_by_name: None,
            version: 1,
            created_at: actor.now,
            updated_at: actor.now,
        }
    }

    /// Says that it is resolved, by whoever says so now, or open again.
    pub fn resolve(&mut self, actor: &Actor, resolved: bool) {
        self.resolved_at = resolved.then_some(actor.now);
        self.resolved_by_id = if resolved { actor.id() } else { None };
        self.resolved_by_name = resolved.then(|| actor.name().to_owned());
    }
}

const FIELDS: &[SortField] = &[
    SortField { name: "created_at", sql: "report_comments.created_at", kind: Kind::Time },
    SortField { name: "updated_at", sql: "report_comments.updated_at", kind: Kind::Time },
];
const TIE: SortField = SortField { name: "id", sql: "report_comments.id", kind: Kind::Text };

fn key(row: &CommentRow, field: &str) -> Key {
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

/// A page of what is said of a report, without what is said of the `hidden` indicators.
///
/// # Errors
/// If the database fails.
pub fn page(c: &mut Conn, window: &Window, report: &ReportId, hidden: &[IndicatorId]) -> Result<Page<CommentRow>> {
    let shown = || report_comments::indicator_id.is_null().or(report_comments::indicator_id.assume_not_null().ne_all(hidden));
    let of_report = || report_comments::table.filter(report_comments::report_id.eq(report)).filter(shown()).into_boxed();
    Ok(page_of!(c, window, report_comments::table, of_report(), key))
}

/// One comment of a report.
///
/// # Errors
/// 404.
pub fn find(c: &mut Conn, report: &ReportId, id: &CommentId) -> Result<CommentRow> {
    let found = report_comments::table.find(id).filter(report_comments::report_id.eq(report)).first(c).optional()?;
    found.ok_or_else(|| codes::NOT_FOUND.into())
}

/// What a comment is about.
pub struct AboutComment {
    pub id: String,
    pub report: ReportId,
    pub indicator: Option<IndicatorId>,
    /// Whether the indicator is or was restricted in any of its versions.
    pub may_be_restricted: bool,
}

/// What some comments are about.
///
/// # Errors
/// If the database fails.
pub fn about(c: &mut Conn, ids: &[&str]) -> Result<Vec<AboutComment>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ever = indicator_definitions::table
        .filter(indicator_definitions::indicator_id.nullable().eq(report_comments::indicator_id))
        .filter(indicator_definitions::restricted);
    let now = indicators::table.filter(indicators::id.nullable().eq(report_comments::indicator_id)).filter(indicators::restricted);
    let found: Vec<(String, ReportId, Option<IndicatorId>, bool)> = report_comments::table
        .filter(report_comments::id.eq_any(ids))
        .select((report_comments::id, report_comments::report_id, report_comments::indicator_id, exists(now).or(exists(ever))))
        .load(c)?;
    let about = |(id, report, indicator, may_be_restricted)| AboutComment { id, report, indicator, may_be_restricted };
    Ok(found.into_iter().map(about).collect())
}

/// Writes a new one.
///
/// # Errors
/// If the database fails.
pub fn insert(w: &mut Write<'_>, row: &CommentRow) -> Result<()> {
    diesel::insert_into(report_comments::table).values(row).execute(w.conn())?;
    Ok(())
}

/// Writes a changed one.
///
/// # Errors
/// If the database fails.
pub fn update(w: &mut Write<'_>, row: &CommentRow) -> Result<()> {
    diesel::update(report_comments::table.find(&row.id)).set(row).execute(w.conn())?;
    Ok(())
}

/// A comment that waits for somebody: of which report, and of which of its indicators.
pub type OpenComment = (ReportId, Option<IndicatorId>);

/// The open comments of these reports.
///
/// # Errors
/// If the database fails.
pub fn open(c: &mut Conn, reports: &[&ReportId]) -> Result<Vec<OpenComment>> {
    Ok(report_comments::table
        .filter(report_comments::report_id.eq_any(reports))
        .filter(report_comments::resolved_at.is_null())
        .select((report_comments::report_id, report_comments::indicator_id))
        .load(c)?)
}
