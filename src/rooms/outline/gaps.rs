//! What a plan leaves open, found in its indicators and tasks as they are now.

use super::wire::{Gap, GapKind, Gaps};
use crate::figures::TimeframeType;
use crate::problem::{Language, said};
use crate::rooms::indicators::{Basis, IndicatorOut};
use crate::rooms::plans::TranscriptionNote;
use crate::rooms::tasks::{TaskOut, TaskRole, TaskStatus};
use crate::values::text::Bilingual;
use std::collections::BTreeMap;

/// Finds what a plan leaves open.
pub(super) fn of(indicators: &[IndicatorOut], tasks: &[TaskOut], notes: &[TranscriptionNote], language: Language) -> Gaps {
    let text = |vi: String, en: String| said(vi, en).in_language(language).to_owned();
    let mut items = Vec::new();
    for i in indicators.iter().filter(|i| i.units.iter().all(|u| u.basis != Basis::Explicit)) {
        let units: Vec<&str> = i.units.iter().map(|u| u.unit.code.as_str()).collect();
        let detail = if units.is_empty() {
            text("Không có đơn vị nào được giao chỉ tiêu này.".to_owned(), "No unit is charged with this indicator.".to_owned())
        } else {
            let units = units.join(", ");
            text(
                format!("Kế hoạch không nêu rõ đơn vị phụ trách; suy ra: {units}."),
                format!("The plan names no unit for it; inferred: {units}."),
            )
        };
        items.push(Gap { kind: GapKind::NoExplicitUnit, code: i.code.clone(), detail });
    }
    for (i, leads) in indicators.iter().map(|i| (i, leads_of(i, tasks))).filter(|(_, leads)| leads.len() > 1) {
        let all = leads.into_iter().map(|(unit, tasks)| format!("{unit} ({})", tasks.join(", "))).collect::<Vec<_>>().join(", ");
        let detail = text(format!("Nhiều đơn vị cùng chủ trì: {all}."), format!("More than one unit leads: {all}."));
        items.push(Gap { kind: GapKind::TwoLeads, code: i.code.clone(), detail });
    }
    for i in indicators {
        if let Some(target) = i.targets.iter().find(|t| t.timeframe.kind == TimeframeType::NoneStated) {
            let wording = &target.wording.vi;
            let detail = text(format!("Kế hoạch không nêu thời hạn: «{wording}»."), format!("The plan states no time: “{wording}”."));
            items.push(Gap { kind: GapKind::NoTimeframe, code: i.code.clone(), detail });
        }
    }
    for i in indicators {
        let of_target = notes.iter().filter(|note| note.indicator_code.as_ref() == Some(&i.code));
        items.extend(of_target.filter_map(|note| note.remark.clone()).map(|Bilingual { vi, en }| {
            let detail = text(vi.clone(), en.unwrap_or(vi));
            Gap { kind: GapKind::Note, code: i.code.clone(), detail }
        }));
    }
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
