//! What a plan leaves open, found in its indicators and tasks as they are now.

use super::wire::{Gap, GapKind, Gaps};
use crate::figures::TimeframeType;
use crate::problem::{Language, said};
use crate::rooms::indicators::{Basis, Duty, IndicatorOut, UnitDutyOut};
use crate::rooms::plans::TranscriptionNote;
use crate::rooms::tasks::{TaskOut, TaskRole, TaskStatus};
use crate::rooms::units::UnitKey;
use crate::values::Ref;
use crate::values::text::Bilingual;
use std::collections::{BTreeMap, BTreeSet};

/// Finds what a plan leaves open; `units` are those of its jurisdiction, `notes` what is remarked upon its transcription.
pub(super) fn of(
    indicators: &[IndicatorOut],
    tasks: &[TaskOut],
    units: &[UnitKey],
    notes: &[TranscriptionNote],
    language: Language,
) -> Gaps {
    let text = |vi: String, en: String| said(vi, en).in_language(language).to_owned();
    let named = |unit: &Ref| units.iter().find(|known| known.id.as_str() == unit.id).map_or_else(|| unit.code.clone(), UnitKey::called);
    let mut items = Vec::new();
    for i in indicators.iter().filter(|i| i.units.iter().all(|u| u.basis != Basis::Explicit)) {
        let units: Vec<String> = i.units.iter().map(|u| named(&u.unit)).collect();
        let detail = if units.is_empty() {
            text(
                "Không có đơn vị nào được giao chỉ tiêu này. Hãy giao cho một đơn vị.".to_owned(),
                "No unit is charged with this indicator. Assign it to one.".to_owned(),
            )
        } else {
            let units = units.join(", ");
            text(
                format!("Kế hoạch không nêu rõ đơn vị phụ trách; suy ra: {units}. Hãy xác nhận đơn vị phải báo cáo."),
                format!("The plan names no unit for it; inferred: {units}. Confirm who reports."),
            )
        };
        items.push(Gap { kind: GapKind::NoExplicitUnit, code: i.code.clone(), detail });
    }
    items.extend(unassigned(indicators, tasks, units, language));
    for (i, leads) in indicators.iter().map(|i| (i, leads_of(i, tasks))).filter(|(_, leads)| leads.len() > 1) {
        let all = leads.into_iter().map(|(unit, tasks)| format!("{}: {}", named(unit), tasks.join(", "))).collect::<Vec<_>>().join("; ");
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

/// What units are charged with that are not in force: dissolved, pausing, or not there yet.
fn unassigned(indicators: &[IndicatorOut], tasks: &[TaskOut], units: &[UnitKey], language: Language) -> Vec<Gap> {
    let gone: BTreeSet<&str> = units.iter().filter(|unit| !unit.active).map(|unit| unit.id.as_str()).collect();
    let called = |id: &str| units.iter().find(|unit| unit.id.as_str() == id).map(UnitKey::called);
    let gap = |kind, code: &str, named: Vec<&str>| {
        let named = named.into_iter().filter_map(called).collect::<Vec<_>>().join(", ");
        let detail = match kind {
            GapKind::NoActiveUnit => said(
                format!("Không còn đơn vị đang hoạt động nào phải báo cáo chỉ tiêu này (đã giao: {named}). Hãy giao cho đơn vị khác."),
                format!("No unit in force owes this indicator any more (charged: {named}). Assign it to another one."),
            ),
            _ => said(
                format!("Đơn vị được giao không còn hoạt động: {named}. Hãy giao cho đơn vị khác."),
                format!("Charged with it but not in force: {named}. Assign it to another unit."),
            ),
        };
        Gap { kind, code: code.to_owned(), detail: detail.in_language(language).to_owned() }
    };
    let mut items = Vec::new();
    for i in indicators {
        let away = |u: &&UnitDutyOut| gone.contains(u.unit.id.as_str());
        let named: Vec<&str> = i.units.iter().filter(away).map(|u| u.unit.id.as_str()).collect();
        let mut reporting = i.units.iter().filter(|u| u.duty == Duty::Report).peekable();
        let nobody = reporting.peek().is_some() && reporting.all(|u| away(&u));
        if !named.is_empty() {
            items.push(gap(if nobody { GapKind::NoActiveUnit } else { GapKind::UnitNotInForce }, &i.code, named));
        }
    }
    for task in tasks.iter().filter(|t| !matches!(t.status, TaskStatus::Done | TaskStatus::Cancelled)) {
        let charged: BTreeSet<(&str, &str)> = task.assignments.iter().map(|a| (a.unit.code.as_str(), a.unit.id.as_str())).collect();
        let named: Vec<&str> = charged.into_iter().map(|(_, id)| id).filter(|id| gone.contains(id)).collect();
        if !named.is_empty() {
            items.push(gap(GapKind::UnitNotInForce, &task.code, named));
        }
    }
    items
}

/// The units that are told to lead what moves an indicator, each with the tasks that say so.
fn leads_of<'a>(indicator: &IndicatorOut, tasks: &'a [TaskOut]) -> Vec<(&'a Ref, Vec<&'a str>)> {
    let mut leads: BTreeMap<&str, (&Ref, Vec<&str>)> = BTreeMap::new();
    let moving = tasks.iter().filter(|t| t.status != TaskStatus::Cancelled && t.indicators.iter().any(|i| i.id == indicator.id));
    for task in moving {
        for assignment in task.assignments.iter().filter(|a| a.role == TaskRole::Lead) {
            leads.entry(&assignment.unit.code).or_insert_with(|| (&assignment.unit, Vec::new())).1.push(&task.code);
        }
    }
    leads.into_values().collect()
}
