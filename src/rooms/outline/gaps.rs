//! What a plan leaves open, found in the plan as it is now.

use super::whole_plan::WholePlan;
use crate::figures::TimeframeType;
use crate::problem::{Language, said};
use crate::rooms::indicators::{Basis, IndicatorOut};
use crate::rooms::tasks::{TaskOut, TaskRole, TaskStatus};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What is left open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GapKind {
    /// The plan charges no unit in so many words with an indicator.
    NoExplicitUnit,
    /// Two units are told to lead the same.
    TwoLeads,
    /// A target without a time.
    NoTimeframe,
    /// A target that the transcription remarks upon.
    Note,
}

/// One thing that the plan leaves open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"kind": "two_leads", "code": "5.1", "detail": "Nhiều đơn vị cùng chủ trì: U1 (A1.4), U7 (A7.1)."}))]
pub struct Gap {
    /// What is left open.
    pub kind: GapKind,
    /// The indicator.
    pub code: String,
    /// In words.
    pub detail: String,
}

/// What the plan leaves open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Gaps {
    /// One by one, by kind and in the plan's order.
    pub items: Vec<Gap>,
}

/// Finds what a plan leaves open.
pub(super) fn of(whole: &WholePlan, language: Language) -> Gaps {
    found(&whole.indicators, &whole.tasks, language)
}

fn found(indicators: &[IndicatorOut], tasks: &[TaskOut], language: Language) -> Gaps {
    let tell = |vi: String, en: String| said(vi, en).in_language(language).to_owned();
    let mut items = Vec::new();
    for i in indicators.iter().filter(|i| i.units.iter().all(|u| u.basis != Basis::Explicit)) {
        let units: Vec<&str> = i.units.iter().map(|u| u.unit.code.as_str()).collect();
        let detail = if units.is_empty() {
            tell("Không có đơn vị nào được giao chỉ tiêu này.".to_owned(), "No unit is charged with this indicator.".to_owned())
        } else {
            let units = units.join(", ");
            tell(
                format!("Kế hoạch không nêu rõ đơn vị phụ trách; suy ra: {units}."),
                format!("The plan names no unit for it; inferred: {units}."),
            )
        };
        items.push(Gap { kind: GapKind::NoExplicitUnit, code: i.code.clone(), detail });
    }
    for (i, leads) in indicators.iter().map(|i| (i, leads_of(i, tasks))).filter(|(_, leads)| leads.len() > 1) {
        let all = leads.into_iter().map(|(unit, tasks)| format!("{unit} ({})", tasks.join(", "))).collect::<Vec<_>>().join(", ");
        let detail = tell(format!("Nhiều đơn vị cùng chủ trì: {all}."), format!("More than one unit leads: {all}."));
        items.push(Gap { kind: GapKind::TwoLeads, code: i.code.clone(), detail });
    }
    for i in indicators {
        if let Some(target) = i.targets.iter().find(|t| t.timeframe.kind == TimeframeType::NoneStated) {
            let wording = &target.wording.vi;
            let detail = tell(format!("Kế hoạch không nêu thời hạn: «{wording}»."), format!("The plan states no time: “{wording}”."));
            items.push(Gap { kind: GapKind::NoTimeframe, code: i.code.clone(), detail });
        }
    }
    // The transcriber's remarks are told as they were written.
    let remarks = indicators.iter().filter_map(|i| Some((i, i.editorial_note.clone()?)));
    items.extend(remarks.map(|(i, detail)| Gap { kind: GapKind::Note, code: i.code.clone(), detail }));
    Gaps { items }
}

/// The units that are told to lead what moves an indicator, each with the tasks that say so.
fn leads_of<'a>(indicator: &IndicatorOut, tasks: &'a [TaskOut]) -> BTreeMap<&'a str, Vec<&'a str>> {
    let mut leads: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let moving = tasks.iter().filter(|t| t.status != TaskStatus::Cancelled && t.indicators.iter().any(|i| i.id == indicator.id));
    for task in moving {
        for assignment in task.assignments.iter().filter(|a| a.role == TaskRole::Lead) {
            leads.entry(&assignment.unit.code).or_default().push(&task.code);
        }
    }
    leads
}
