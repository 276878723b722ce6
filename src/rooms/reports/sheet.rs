//! The list of reports as a table.

use super::use_cases;
use super::wire::{Report, ReportFilter};
use crate::actor::Actor;
use crate::db::Conn;
use crate::formats::table::{Cell, TableWriter};
use crate::problem::{Error, Result};
use crate::reading::layout::HeaderWords;
use crate::reading::paging::Paging;
use crate::reading::table_file::{Field, Pieces, Table, TableFile};
use serde_json::Value;

/// How many reports are read at a time.
const BATCH: i64 = 500;

const FIELDS: &[Field] = &[
    Field::of("id", "Mã báo cáo", "Report", "/id"),
    Field::of("plan", "Kế hoạch", "Plan", "/plan/code"),
    Field::of("jurisdiction", "Đơn vị hành chính", "Administrative unit", "/jurisdiction"),
    Field::of("unit", "Đơn vị báo cáo", "Unit", "/unit/code"),
    Field::of("period", "Kỳ báo cáo", "Period", "/period/label"),
    Field::of("status", "Tình trạng", "Status", "/status"),
    Field::of("revision", "Lần sửa", "Revision", "/revision"),
    Field::of("round", "Lần nộp", "Round", "/round"),
    Field::instant("due_at", "Hạn nộp", "Due", "/due_at"),
    Field::instant("submitted_at", "Ngày nộp", "Submitted", "/submitted_at"),
    Field::of("submitted_by", "Người nộp", "Submitted by", "/submitted_by/name"),
    Field::of("late", "Trễ hạn", "Late", "/late"),
    Field::of("on_behalf", "Nhập thay", "On behalf", "/on_behalf"),
    Field::instant("created_at", "Ngày lập", "Created", "/created_at"),
    Field::instant("updated_at", "Sửa lần cuối", "Last changed", "/updated_at"),
];

/// What the table is called, in Vietnamese and English.
const NAME: (&str, &str) = ("Báo cáo", "Reports");

/// The reports that fit a filter and that the caller may read, in the order in which they were made, as a file.
pub fn export(filter: ReportFilter, words: Option<HeaderWords>, writer: TableWriter) -> Pieces {
    TableFile::of(ReportTable { filter, next: Some(Paging { limit: Some(BATCH), ..Paging::default() }) }, NAME, words, writer).pieces()
}

struct ReportTable {
    filter: ReportFilter,
    /// Where the next page begins; `None` once all was read.
    next: Option<Paging>,
}

impl Table for ReportTable {
    type Row = Value;

    fn header(&mut self, _: &mut Conn, _: &Actor, words: Option<HeaderWords>) -> Result<Vec<String>> {
        Ok(FIELDS.iter().map(|field| field.heading(words)).collect())
    }

    fn batch(&mut self, c: &mut Conn, actor: &Actor) -> Result<Vec<Value>> {
        let Some(paging) = &self.next else { return Ok(Vec::new()) };
        let page = use_cases::list(c, actor, &self.filter, paging)?;
        self.next = page.next_cursor.map(|cursor| Paging { cursor: Some(cursor), limit: Some(BATCH), ..Paging::default() });
        page.items.iter().map(|report: &Report| serde_json::to_value(report).map_err(Error::internal)).collect()
    }

    fn cells<'a>(&self, row: &'a Value) -> Result<Vec<Cell<'a>>> {
        FIELDS.iter().map(|field| field.cell(row)).collect()
    }
}
