//! The plan as tables.

use super::use_cases;
use super::wire::{Outline, OutlineFilter};
use crate::actor::Actor;
use crate::db::Conn;
use crate::formats::table::TableWriter;
use crate::problem::{Error, Result};
use crate::reading::layout::HeaderWords;
use crate::reading::table_file::{Field, Pieces, Sheet, SheetsFile};
use crate::values::id::PlanId;
use serde::Serialize;
use serde_json::{Value, json};

const NAME_VI: Field = Field::of("name.vi", "Tên", "Name in Vietnamese", "/name/vi");
const NAME_EN: Field = Field::of("name.en", "Tên tiếng Anh", "Name", "/name/en");

const INDICATORS: &[Field] = &[
    Field::of("goal", "Mục tiêu", "Goal", "/goal"),
    Field::of("plan_indicator", "Chỉ tiêu trong kế hoạch", "Printed target", "/plan_indicator"),
    Field::of("indicator", "Chỉ tiêu", "Indicator", "/code"),
    NAME_VI,
    NAME_EN,
    Field::of("statement.vi", "Nội dung trong kế hoạch", "In the plan's words", "/statement/vi"),
    Field::of("measure_kind", "Loại số đo", "Kind of measure", "/measure_kind"),
    Field::of("unit_of_measure.vi", "Đơn vị tính", "Unit of measure in Vietnamese", "/unit_of_measure/vi"),
    Field::of("direction", "Chiều của mục tiêu", "Direction", "/direction"),
    Field::of("baseline", "Giá trị ban đầu", "Baseline", "/baseline/value"),
    Field::of("target", "Mục tiêu cần đạt", "Target", "/targets/0/value"),
    Field::of("target.to", "Đến năm", "By year", "/targets/0/timeframe/to"),
    Field::of("frequency", "Định kỳ", "Frequency", "/frequency"),
    Field::of("restricted", "Số liệu hạn chế", "Restricted", "/restricted"),
    Field::of("definition_version", "Phiên bản định nghĩa", "Definition version", "/definition_version"),
    Field::of("effective_from", "Áp dụng từ năm", "Effective from", "/effective_from"),
    Field::of("last_year", "Năm cuối", "Last year", "/last_year"),
    Field::of("units", "Đơn vị", "Units", "/units"),
];

const TASKS: &[Field] = &[
    Field::of("task", "Nhiệm vụ, giải pháp", "Task", "/code"),
    Field::of("kind", "Loại", "Kind", "/kind"),
    Field::of("text.vi", "Nội dung", "In the plan's words", "/text/vi"),
    Field::of("goals", "Mục tiêu", "Goals", "/goals"),
    Field::of("indicators", "Chỉ tiêu", "Indicators", "/indicators"),
    Field::of("units", "Đơn vị", "Units", "/assignments"),
    Field::of("status", "Tình trạng", "Status", "/status"),
    Field::of("percent_complete", "Tỷ lệ hoàn thành (%)", "Per cent complete", "/percent_complete"),
    Field::day("due_on", "Hạn hoàn thành", "Due", "/due_on"),
];

const UNITS: &[Field] = &[
    Field::of("unit", "Đơn vị", "Unit", "/code"),
    NAME_VI,
    NAME_EN,
    Field::of("short_name", "Tên ngắn", "Short name", "/short_name"),
    Field::of("parent", "Thuộc nhóm", "Member of", "/parent/code"),
    Field::of("kind", "Loại", "Kind", "/kind"),
    Field::of("is_group", "Là nhóm", "Is a group", "/is_group"),
    Field::of("reports", "Phải báo cáo", "Reports", "/reports"),
    Field::of("active", "Đang hoạt động", "Active", "/active"),
];

/// A plan as a file.
pub fn export(plan: PlanId, asked: OutlineFilter, words: Option<HeaderWords>, writer: TableWriter) -> Pieces {
    let read = move |c: &mut Conn, actor: &Actor| of(&use_cases::find_outline(c, actor, &plan, &asked)?);
    SheetsFile::of(read, words, writer).pieces()
}

/// The plan's indicators, tasks and units.
fn of(outline: &Outline) -> Result<Vec<Sheet>> {
    let mut indicators = Sheet { name: ("Chỉ tiêu", "Indicators"), fields: INDICATORS, rows: Vec::new(), bars: None };
    for goal in &outline.goals {
        for printed in &goal.plan_indicators {
            for indicator in &printed.indicators {
                let units: Vec<_> = indicator.units.iter().map(|duty| &duty.unit).collect();
                let more = json!({"goal": goal.code, "plan_indicator": printed.code, "units": units});
                indicators.rows.push(with(indicator, &more)?);
            }
        }
    }
    let mut tasks = Sheet { name: ("Nhiệm vụ, giải pháp", "Tasks"), fields: TASKS, rows: Vec::new(), bars: None };
    for task in &outline.tasks {
        let units: Vec<_> = task.assignments.iter().map(|assignment| &assignment.unit).collect();
        tasks.rows.push(with(task, &json!({"assignments": units}))?);
    }
    Ok(vec![indicators, tasks, Sheet::of(("Đơn vị", "Units"), UNITS, &outline.units)?])
}

/// An item as JSON, with these members more.
fn with(item: &impl Serialize, more: &Value) -> Result<Value> {
    let mut row = serde_json::to_value(item).map_err(Error::internal)?;
    if let (Some(row), Some(more)) = (row.as_object_mut(), more.as_object()) {
        row.extend(more.clone());
    }
    Ok(row)
}
