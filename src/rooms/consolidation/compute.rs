//! What a consolidated report says, computed from a plan's figures and its units' reports: pure.

use super::answers::Answered;
use super::wire::{ConsolidatedMember, ConsolidatedWarning, ResolutionOut, TaskCounts, TaskSummary, TasksOfKind, TasksOfUnit};
use crate::rooms::indicators::IndicatorSummary;
use crate::rooms::periods::Completeness;
use crate::rooms::results::{DisclosureMask, Figure, Finality, KnownPeriod, PlanFigures, ResultRow};
use crate::rooms::units::UnitKey;
use crate::values::Ref;
use crate::values::clock::UtcTime;
use crate::values::id::{PeriodId, ReportId, TaskId, UnitId};
use diesel::Queryable;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A unit's report, as far as consolidation needs it.
#[derive(Debug, Clone, Queryable)]
pub(super) struct Source {
    pub id: ReportId,
    pub period_id: PeriodId,
    pub unit_id: UnitId,
    pub status: String,
    pub revision: i32,
    pub due_at: UtcTime,
    pub first_submitted_at: Option<UtcTime>,
    pub submitted_at: Option<UtcTime>,
}

impl Source {
    /// Whether its figures count.
    pub(super) fn is_accepted(&self) -> bool {
        matches!(self.status.as_str(), "accepted" | "consolidated")
    }

    fn is_late(&self) -> bool {
        self.first_submitted_at.is_some_and(|at| at >= self.due_at)
    }
}

/// A task, as far as consolidation needs it.
#[derive(Debug, Clone, Queryable)]
pub(super) struct Task {
    pub id: TaskId,
    pub kind: String,
    pub status: String,
}

/// Everything that a consolidated report is computed from.
pub(super) struct Material {
    pub figures: PlanFigures,
    pub period: KnownPeriod,
    pub sources: Vec<Source>,
    pub completeness: Completeness,
    pub tasks: Vec<Task>,
    pub leads: Vec<(TaskId, UnitId)>,
}

/// An accepted report whose figures went in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Input {
    pub report: ReportId,
    pub revision: i32,
}

/// A consolidated report as computed. It is stored so: what a draft says does not change under its reader's hands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Computed {
    pub results: Vec<ResultRow>,
    /// The same for readers who may not see restricted figures.
    pub public_results: Vec<ResultRow>,
    /// The restricted indicators, by id, about which `public_results` decides. Earlier versions did not keep them.
    #[serde(default)]
    pub judged: Option<BTreeSet<String>>,
    /// The restricted indicators, by id, when its words were last compiled or edited; without it, those of `judged`.
    #[serde(default)]
    pub judged_by_words: Option<BTreeSet<String>>,
    /// Whether restricted figures are among them.
    pub restricted: bool,
    /// The codes of indicators whose differing figures nobody has decided between.
    pub unresolved: Vec<String>,
    pub completeness: Completeness,
    pub task_summary: TaskSummary,
    pub warnings: Vec<ConsolidatedWarning>,
    pub members: Vec<ConsolidatedMember>,
    /// What the units answered. Earlier versions did not ask.
    #[serde(default)]
    pub answers: Vec<Answered>,
    /// All reports whose figures went in: in an annual one those of its quarters and months too.
    pub inputs: Vec<Input>,
}

/// The accepted reports among these.
pub(super) fn inputs(sources: &[Source]) -> Vec<Input> {
    let mut found: Vec<Input> =
        sources.iter().filter(|s| s.is_accepted()).map(|s| Input { report: s.id.clone(), revision: s.revision }).collect();
    found.sort_unstable();
    found
}

/// Computes it.
pub(super) fn compute(material: &Material, mask: &DisclosureMask, resolutions: &[ResolutionOut]) -> Computed {
    let Material { figures, period, sources, completeness, tasks, leads } = material;
    let known: Vec<&IndicatorSummary> = figures.indicators_of(period).collect();
    let rows: Vec<ResultRow> = known.iter().map(|k| figures.row_in_period(k, period)).collect();
    let own: Vec<&Source> = in_order(figures, sources.iter().filter(|s| s.period_id == period.id));
    let mut warnings = missing(material);
    let mut unresolved = Vec::new();
    for (known, row) in known.iter().zip(&rows) {
        let figure = figures.figure_of_period(known, period);
        let guarded = is_guarded(figures, known, period, &figure);
        if figure.conflict() || (guarded && !figure.decided) {
            unresolved.push(known.code.clone());
        }
        if figure.differing || guarded {
            let resolution = resolutions.iter().find(|r| r.indicator.id == known.id.as_str());
            warnings.push(differing(figures, known, resolution, guarded));
        }
        warnings.extend(estimates(figures, known, row));
    }
    Computed {
        public_results: masked(figures, period, mask, &rows),
        judged: Some(judged(figures, period)),
        judged_by_words: None,
        restricted: known.iter().zip(&rows).any(|(known, row)| figures.as_asked(known, period).restricted && !row.contributors.is_empty()),
        results: rows,
        unresolved,
        completeness: completeness.clone(),
        task_summary: task_summary(figures, tasks, leads),
        warnings,
        answers: Vec::new(),
        members: own.iter().filter(|s| s.is_accepted()).map(|s| member(figures, s)).collect(),
        inputs: inputs(sources),
    }
}

/// The restricted indicators.
pub(super) fn judged(figures: &PlanFigures, period: &KnownPeriod) -> BTreeSet<String> {
    figures.known.iter().filter(|known| figures.as_asked(known, period).restricted).map(|known| known.id.to_string()).collect()
}

/// Whether figures of several units for what one alone should give point at persons. That such figures need no decision would tell each
/// unit that the others' are its own, so somebody has to decide between them, the same or not.
fn is_guarded(figures: &PlanFigures, known: &IndicatorSummary, period: &KnownPeriod, figure: &Figure) -> bool {
    figure.sources.len() > 1 && figures.as_asked(known, period).restricted
}

impl Computed {
    /// The restricted indicators when its words were last compiled or edited.
    pub(super) fn known_to_words(&self) -> Option<&BTreeSet<String>> {
        self.judged_by_words.as_ref().or(self.judged.as_ref())
    }
}

/// Whether an indicator was restricted when it was computed.
pub(super) fn is_restricted(computed: &Computed, indicator: &str) -> bool {
    computed.judged.as_ref().is_some_and(|judged| judged.contains(indicator))
}

/// In place of the reason for a decision between figures that the reader may not see.
pub(super) const NOT_TOLD: &str = "(không công bố)";

/// What was decided, for readers from whom figures of some indicators are hidden: the reason is said in words about them.
pub(super) fn decisions_shown(resolutions: Vec<ResolutionOut>, hidden: impl Fn(&str) -> bool) -> Vec<ResolutionOut> {
    let shown = |resolution: ResolutionOut| match hidden(&resolution.indicator.id) {
        true => ResolutionOut { reason: NOT_TOLD.to_owned(), ..resolution },
        false => resolution,
    };
    resolutions.into_iter().map(shown).collect()
}

/// The same of warnings, which may have been written before an indicator was restricted.
pub(super) fn warnings_shown(warnings: Vec<ConsolidatedWarning>, hidden: impl Fn(&str) -> bool) -> Vec<ConsolidatedWarning> {
    let shown = |warning: ConsolidatedWarning| match &warning.indicator {
        Some(indicator) if warning.code == DIFFERING && hidden(&indicator.id) => {
            ConsolidatedWarning { detail: several_gave(&indicator.code), ..warning }
        }
        _ => warning,
    };
    warnings.into_iter().map(shown).collect()
}

/// The same results for readers without the scope. The one place where that is decided.
pub(super) fn masked(figures: &PlanFigures, period: &KnownPeriod, mask: &DisclosureMask, results: &[ResultRow]) -> Vec<ResultRow> {
    let shown = |row: &ResultRow| {
        // An indicator with figures is never deleted.
        let known = figures.known.iter().find(|known| known.id.as_str() == row.indicator.id)?;
        Some(figures.masked_in_period(mask, known, period, looking_back(figures, period, known, row.clone())))
    };
    results.iter().filter_map(shown).collect()
}

/// A row without what it says of the year, quarter or month before, where that reads otherwise by now: it was decided about what it
/// reads now.
fn looking_back(figures: &PlanFigures, period: &KnownPeriod, known: &IndicatorSummary, row: ResultRow) -> ResultRow {
    if !known.ever_restricted() || row.previous_value.is_none() {
        return row;
    }
    let now = figures.row_in_period(known, period);
    if now.previous_value == row.previous_value { row } else { ResultRow { pace: now.pace, ..row.without_before() } }
}

/// The same results without what they say of a restricted indicator in the year, quarter or month before: of what was not sent as it
/// stands nothing is decided yet.
pub(super) fn without_unsettled(figures: &PlanFigures, results: Vec<ResultRow>) -> Vec<ResultRow> {
    let guarded = |row: &ResultRow| figures.known.iter().any(|known| known.ever_restricted() && known.id.as_str() == row.indicator.id);
    results.into_iter().map(|row| if guarded(&row) { row.without_before() } else { row }).collect()
}

fn in_order<'a>(figures: &PlanFigures, sources: impl Iterator<Item = &'a Source>) -> Vec<&'a Source> {
    let mut found: Vec<&Source> = sources.collect();
    found.sort_by_key(|s| figures.units.iter().position(|u| u.id == s.unit_id));
    found
}

fn member(figures: &PlanFigures, source: &Source) -> ConsolidatedMember {
    ConsolidatedMember {
        report: source.id.clone().into(),
        unit: figures.unit(&source.unit_id),
        revision: source.revision,
        submitted_at: source.submitted_at,
        late: source.is_late(),
    }
}

/// The reports that are wanting: of the period itself, and of its quarters and months that are due.
fn missing(material: &Material) -> Vec<ConsolidatedWarning> {
    let Material { figures, period, sources, completeness, .. } = material;
    let asked = figures.periods.iter().filter(|p| p.id == period.id || p.due);
    let excused = |source: &Source, p: &KnownPeriod| {
        let of_own = completeness.units.iter().any(|unit| unit.excused.is_some() && unit.unit.id == source.unit_id.as_str());
        let of_other = p.frozen.iter().flat_map(|asked| asked.values()).any(|asked| asked.excused.contains(&source.unit_id));
        of_other || (p.id == period.id && of_own)
    };
    let wanting = asked.flat_map(|p| {
        let of_period = in_order(figures, sources.iter().filter(|s| s.period_id == p.id && !s.is_accepted() && !excused(s, p)));
        of_period.into_iter().map(move |source| (source, p))
    });
    let warning = |(source, period): (&Source, &KnownPeriod)| {
        let unit = figures.unit(&source.unit_id);
        ConsolidatedWarning {
            code: "report.missing".to_owned(),
            indicator: None,
            detail: format!("{} chưa có báo cáo được tiếp nhận trong kỳ {}.", called(figures, &unit), period.name),
            unit: Some(unit),
        }
    };
    wanting.map(warning).collect()
}

/// A unit by its code and its name.
fn called(figures: &PlanFigures, unit: &Ref) -> String {
    figures.units.iter().find(|known| known.id.as_str() == unit.id).map_or_else(|| unit.code.clone(), UnitKey::called)
}

/// The code of the warning that one unit alone should have given what several gave.
const DIFFERING: &str = "single_source.differing";

fn several_gave(code: &str) -> String {
    format!("Nhiều đơn vị cho số liệu của chỉ tiêu {code}, mà chỉ lấy một nguồn.")
}

/// Of guarded figures it says neither whether they differ, nor the office's words about them.
fn differing(figures: &PlanFigures, known: &IndicatorSummary, resolution: Option<&ResolutionOut>, guarded: bool) -> ConsolidatedWarning {
    let given = match guarded {
        true => several_gave(&known.code),
        false => format!("Hai đơn vị cho số liệu khác nhau của chỉ tiêu {}.", known.code),
    };
    let decided = match resolution {
        Some(resolution) if guarded => format!("Lấy số liệu của {}.", called(figures, &resolution.unit)),
        Some(resolution) => format!("Lấy số liệu của {}: {}", called(figures, &resolution.unit), resolution.reason),
        None => "Chưa chọn lấy số liệu của đơn vị nào; hãy chọn trước khi trình duyệt.".to_owned(),
    };
    ConsolidatedWarning {
        code: DIFFERING.to_owned(),
        indicator: Some(known.reference()),
        unit: resolution.map(|r| r.unit.clone()),
        detail: format!("{given} {decided}"),
    }
}

fn estimates<'a>(
    figures: &'a PlanFigures,
    known: &'a IndicatorSummary,
    row: &'a ResultRow,
) -> impl Iterator<Item = ConsolidatedWarning> + 'a {
    let estimated = row.contributors.iter().filter(|c| c.status == Some(Finality::Estimate));
    estimated.map(|contributor| ConsolidatedWarning {
        code: "value.estimate".to_owned(),
        indicator: Some(known.reference()),
        unit: Some(contributor.unit.clone()),
        detail: format!(
            "Chỉ tiêu {} dùng số ước thực hiện của {}, kỳ {}.",
            known.code,
            called(figures, &contributor.unit),
            contributor.period.label
        ),
    })
}

fn task_summary(figures: &PlanFigures, tasks: &[Task], leads: &[(TaskId, UnitId)]) -> TaskSummary {
    let all = count(tasks.iter());
    let mut kinds: BTreeMap<&str, Vec<&Task>> = BTreeMap::new();
    for task in tasks {
        kinds.entry(&task.kind).or_default().push(task);
    }
    let leads: BTreeSet<(&TaskId, &UnitId)> = leads.iter().map(|(task, unit)| (task, unit)).collect();
    let units = figures
        .units
        .iter()
        .map(|u| TasksOfUnit { unit: u.reference(), tasks: count(tasks.iter().filter(|t| leads.contains(&(&t.id, &u.id)))) });
    TaskSummary {
        total: all.total,
        not_started: all.not_started,
        in_progress: all.in_progress,
        done: all.done,
        cancelled: all.cancelled,
        kinds: kinds.into_iter().map(|(kind, tasks)| TasksOfKind { kind: kind.to_owned(), tasks: count(tasks.into_iter()) }).collect(),
        units: units.filter(|u| u.tasks.total > 0).collect(),
    }
}

fn count<'a>(tasks: impl Iterator<Item = &'a Task>) -> TaskCounts {
    let mut counts = TaskCounts::default();
    for task in tasks {
        counts.total += 1;
        match task.status.as_str() {
            "in_progress" => counts.in_progress += 1,
            "done" => counts.done += 1,
            "cancelled" => counts.cancelled += 1,
            _ => counts.not_started += 1,
        }
    }
    counts
}
