//! Reading what a consolidated report is computed from, and finding the period it is about.

use super::answers;
use super::compute::{self, Computed, Input, Material, Source};
use super::narrative::{self, Compiled, UnitWords};
use super::status::ConsolidatedStatus;
use super::table::ConsolidatedRow;
use super::wire::{ConsolidatedNarrative, ResolutionIn, ResolutionOut};
use super::{restricted, rules};
use crate::actor::Actor;
use crate::db::schema::{period_obligations, reporting_periods, reports, task_assignments, tasks, units};
use crate::db::{self, Conn};
use crate::problem::{Error, Faults, FieldError, Place, Result, codes, said};
use crate::reading::references::{self, IndicatorKey, UnitKey};
use crate::rooms::indicators::IndicatorSummary;
use crate::rooms::periods::{self, AnswerValue, Question};
use crate::rooms::plans::{self, PlanKey};
use crate::rooms::results::{self, Basis, DisclosureMask, Hidden, KnownPeriod, PlanFigures, ResultRow};
use crate::values::Ref;
use crate::values::id::{IndicatorId, PeriodId, UnitId};
use crate::values::period::Label;
use diesel::prelude::*;
use std::collections::BTreeMap;

/// Everything that a consolidated report of a period is computed from.
pub(super) fn material(c: &mut Conn, actor: &Actor, plan: &PlanKey, period: &PeriodId, resolutions: &[ResolutionOut]) -> Result<Material> {
    let mut figures = results::load_period(c, actor, plan, period, Basis::Accepted)?;
    figures.chosen.retain(|(of, _), _| of != period);
    for resolution in resolutions {
        let place = (period.clone(), IndicatorId::from_text(&resolution.indicator.id));
        figures.chosen.insert(place, UnitId::from_text(&resolution.unit.id));
    }
    let period = figures.period(period).cloned().ok_or_else(|| Error::internal("a period that its plan does not have"))?;
    let sources = sources(c, &figures, &period)?;
    let completeness = periods::completeness(c, &period.id, actor.now)?.without_names();
    let tasks = tasks::table
        .filter(tasks::plan_id.eq(&plan.id))
        .order((tasks::plan_order, tasks::id))
        .select((tasks::id, tasks::kind, tasks::status))
        .load(c)?;
    let leads = task_assignments::table
        .inner_join(tasks::table)
        .filter(tasks::plan_id.eq(&plan.id))
        .filter(task_assignments::role.eq("lead"))
        .select((task_assignments::task_id, task_assignments::unit_id))
        .load(c)?;
    Ok(Material { figures, period, sources, completeness, tasks, leads })
}

fn sources(c: &mut Conn, figures: &PlanFigures, period: &KnownPeriod) -> Result<Vec<Source>> {
    let periods: Vec<&PeriodId> = figures.sources_of(period).into_iter().map(|p| &p.id).collect();
    load_sources(c, &periods)
}

fn load_sources(c: &mut Conn, periods: &[&PeriodId]) -> Result<Vec<Source>> {
    let columns = (
        reports::id,
        reports::period_id,
        reports::unit_id,
        reports::status,
        reports::revision,
        reports::due_at,
        reports::first_submitted_at,
        reports::submitted_at,
    );
    Ok(reports::table.filter(reports::period_id.eq_any(periods)).order(reports::id).select(columns).load(c)?)
}

/// Computes a consolidated report from the data as they are now, and compiles the words with which it would begin.
pub(super) fn computed(
    c: &mut Conn,
    actor: &Actor,
    plan: &PlanKey,
    period: &PeriodId,
    resolutions: &[ResolutionOut],
) -> Result<(Computed, ConsolidatedNarrative)> {
    let material = material(c, actor, plan, period, resolutions)?;
    let mask = results::mask(c, &[&material.figures], Basis::Accepted, actor.settings.smallest_count)?;
    let mut computed = compute::compute(&material, &mask, resolutions);
    let questions = questions(c, period)?;
    let (words, answers) = written(c, &material, &questions)?;
    let Compiled { narrative, left_out } = narrative::compile(&words);
    computed.warnings.extend(left_out);
    computed.answers = answers::of_units(&questions, &answers);
    computed.restricted |= computed.answers.iter().any(|question| question.restricted && !question.answers.is_empty());
    Ok((computed, narrative))
}

fn questions(c: &mut Conn, period: &PeriodId) -> Result<Vec<Question>> {
    let kept: String = reporting_periods::table.find(period).select(reporting_periods::questions).first(c)?;
    db::from_json(&kept)
}

/// A unit with what it answered.
type UnitAnswers = (Ref, BTreeMap<String, AnswerValue>);

/// What the units wrote and answered in their accepted reports of the period, in the plan's order.
fn written(c: &mut Conn, material: &Material, questions: &[Question]) -> Result<(Vec<UnitWords>, Vec<UnitAnswers>)> {
    use period_obligations as o;
    let Material { figures, period, sources, .. } = material;
    let restricted = compute::judged(figures, period);
    let periods: Vec<&PeriodId> = figures.sources_of(period).into_iter().map(|p| &p.id).collect();
    // Also those who handed it over since: they know its figures.
    let guarded: Vec<UnitId> =
        o::table.filter(o::period_id.eq_any(periods)).filter(o::indicator_id.eq_any(restricted)).select(o::unit_id).distinct().load(c)?;
    let accepted = sources.iter().filter(|s| s.period_id == period.id && s.is_accepted()).map(|s| &s.id);
    type Row = (UnitId, String, String, String, String);
    let rows: Vec<Row> = reports::table
        .inner_join(units::table)
        .filter(reports::id.eq_any(accepted))
        .order((units::plan_order, units::id))
        .select((units::id, units::code, units::name_vi, reports::narrative, reports::answers))
        .load(c)?;
    let (mut words, mut answers) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
    for (id, code, name, narrative, given) in rows {
        let given: BTreeMap<String, AnswerValue> = db::from_json(&given)?;
        let guarded = guarded.contains(&id) || questions.iter().any(|asked| asked.restricted && given.contains_key(&asked.code));
        let unit = Ref::new(id, code);
        answers.push((unit.clone(), given));
        words.push(UnitWords { unit, name, narrative: db::from_json(&narrative)?, guarded });
    }
    Ok((words, answers))
}

/// What an approval decides for good, and from what.
pub(super) struct Decided {
    pub figures: PlanFigures,
    pub period: KnownPeriod,
    /// What is hidden of the figures,
    pub mask: DisclosureMask,
    /// and the same as it is kept.
    pub hidden: Hidden,
    /// Whether the period before was sent, and what may point at persons in it stands as it was sent.
    before_is_settled: bool,
}

impl Decided {
    /// What of an indicator that the period does not ask is shown to readers without the scope.
    pub(super) fn shown(&self, known: &IndicatorSummary, row: ResultRow) -> ResultRow {
        let Some(label) = self.period.label else { return row.without_before() };
        let row = self.figures.masked(&self.mask, known, label, row);
        if self.before_is_settled || !known.ever_restricted() { row } else { row.without_before() }
    }
}

/// Decides for good what is hidden of an approved one, and masks its results so.
pub(super) fn disclose(c: &mut Conn, actor: &Actor, row: &ConsolidatedRow, computed: &mut Computed) -> Result<Decided> {
    let (figures, period) = figures(c, actor, row)?;
    // Once more: it may have been made so between the look at whether it can be approved and the reading of the figures.
    if let Some(overtaken) = restricted::overtaken(c, row, computed)? {
        return Err(rules::restricted_since(overtaken, ConsolidatedStatus::Draft).into());
    }
    let inside = results::source_periods(c, &row.period_id)?;
    let (mask, hidden) = results::approve(c, &figures, &inside, actor.settings.smallest_count)?;
    computed.public_results = compute::masked(&figures, &period, &mask, &computed.results);
    let before_is_settled = before_is_settled(c, &figures, &period)?;
    if !before_is_settled {
        computed.public_results = compute::without_unsettled(&figures, std::mem::take(&mut computed.public_results));
    }
    computed.judged = Some(compute::judged(&figures, &period));
    Ok(Decided { figures, period, mask, hidden, before_is_settled })
}

/// Whether the year, quarter or month before was sent, and nothing that may point at persons was accepted or taken back of it since.
fn before_is_settled(c: &mut Conn, figures: &PlanFigures, period: &KnownPeriod) -> Result<bool> {
    let Some(before) = period.label.map(Label::before) else { return Ok(true) };
    match (figures.published(before), figures.labelled(before)) {
        (Some(published), Some(period)) => {
            let of_persons: Vec<&IndicatorId> = figures.known.iter().filter(|k| k.ever_restricted()).map(|k| &k.id).collect();
            Ok(!results::changed_of_since(c, &period.id, &of_persons, published.computed_at)?)
        }
        _ => Ok(false),
    }
}

/// Undoes it: what is a draft again shows what drafts show. What was made restricted meanwhile it does not know.
pub(super) fn conceal(c: &mut Conn, actor: &Actor, row: &ConsolidatedRow, computed: &mut Computed) -> Result<()> {
    let (figures, period) = figures(c, actor, row)?;
    let mask = results::mask(c, &[&figures], Basis::Accepted, actor.settings.smallest_count)?;
    computed.public_results = compute::masked(&figures, &period, &mask, &computed.results);
    Ok(())
}

fn figures(c: &mut Conn, actor: &Actor, row: &ConsolidatedRow) -> Result<(PlanFigures, KnownPeriod)> {
    let plan = plans::find_key(c, &row.plan_id)?;
    let material = material(c, actor, &plan, &row.period_id, &row.resolutions()?)?;
    Ok((material.figures, material.period))
}

/// What was computed of a draft, whose words are edited knowing what is restricted by now.
///
/// # Errors
/// If the database fails.
pub(super) fn with_words_of_now(c: &mut Conn, row: &ConsolidatedRow) -> Result<Computed> {
    let restricted = restricted::restricted_in(c, [&row.period_id])?.remove(&row.period_id).unwrap_or_default().own;
    Ok(Computed { judged_by_words: Some(restricted.into_iter().collect()), ..row.computed()? })
}

/// The accepted reports that would go in if it were computed now.
pub(super) fn present_inputs(c: &mut Conn, period: &PeriodId) -> Result<Vec<Input>> {
    let periods = results::source_periods(c, period)?;
    let periods: Vec<&PeriodId> = periods.iter().collect();
    Ok(compute::inputs(&load_sources(c, &periods)?))
}

/// Reads decisions: each names an indicator of this report that one unit alone should give, and a unit that gave it. A reason that was
/// not told to the caller, and comes back so, stays as it is in `before`.
///
/// # Errors
/// 422 with every one that does not.
pub(super) fn decide(material: &Material, given: &[ResolutionIn], before: Vec<ResolutionOut>) -> Result<Vec<ResolutionOut>> {
    let Material { figures, period, .. } = material;
    let mut faults = Faults::default();
    let mut decided: Vec<ResolutionOut> = Vec::new();
    let within = said("trong báo cáo tổng hợp này", "in this consolidated report");
    for (at, resolution) in given.iter().enumerate() {
        let indicator = format!("/resolutions/{at}/indicator");
        let asked = figures.indicators_of(period);
        let found =
            references::among::<IndicatorKey, _>(asked, IndicatorSummary::names, &resolution.indicator, &Place::body(&indicator), &within);
        let Some(known) = faults.keep(found)? else { continue };
        if decided.iter().any(|d| d.indicator.id == known.id.as_str()) {
            faults.add(FieldError::new(indicator, codes::FIELD_CONFLICT).about(Some(known.reference())).saying(
                format!("Chỉ tiêu {} đã được chọn ở dòng trên. Hãy giữ một dòng.", known.code),
                format!("The indicator {} is decided above already. Keep one of the lines.", known.code),
            ));
            continue;
        }
        if known.definition.roll_up != crate::figures::RollUp::SingleSource {
            faults.add(FieldError::new(indicator, codes::FIELD_VALUE).about(Some(known.reference())).saying(
                format!(
                    "Chỉ tiêu {} cộng số liệu của mọi đơn vị, không lấy từ một nguồn duy nhất, nên không cần chọn. Hãy bỏ dòng này.",
                    known.code
                ),
                format!("The indicator {} adds up what all units gave, so there is nothing to decide. Leave the line out.", known.code),
            ));
            continue;
        }
        let units: Vec<Ref> = figures.figure_of_period(known, period).sources.iter().map(|unit| figures.unit(unit)).collect();
        let gave = said(format!("có số liệu được tiếp nhận của {}", known.code), format!("with an accepted figure of {}", known.code));
        let place = Place::body(format!("/resolutions/{at}/unit"));
        if let Some(unit) = faults.keep(references::among::<UnitKey, _>(&units, Ref::names, &resolution.unit, &place, &gave))? {
            let same = |old: &&ResolutionOut| old.indicator.id == known.id.as_str() && old.unit.id == unit.id;
            let kept = before.iter().find(same).filter(|_| resolution.reason == compute::NOT_TOLD);
            if kept.is_none() && resolution.reason == compute::NOT_TOLD {
                faults.add(FieldError::new(format!("/resolutions/{at}/reason"), codes::FIELD_VALUE).about(Some(known.reference())).saying(
                    format!(
                        "«{}» là chữ thay cho lý do không được xem, không phải lý do. Hãy nêu lý do chọn số liệu của {}.",
                        compute::NOT_TOLD,
                        unit.code
                    ),
                    format!(
                        "\"{}\" stands for a reason that you may not see, and is none. Say why the figure of {} counts.",
                        compute::NOT_TOLD,
                        unit.code
                    ),
                ));
                continue;
            }
            let reason = kept.map_or(&resolution.reason, |old| &old.reason).clone();
            decided.push(ResolutionOut { indicator: known.reference(), unit: unit.clone(), reason });
        }
    }
    faults.check()?;
    Ok(decided)
}
