//! Freezing at approval: the content in its two versions, each with a seal of its own, and the figures that the public
//! reads once it is sent.

use super::answers;
use super::compute::{Computed, decisions_shown, is_restricted, warnings_shown};
use super::inputs::Decided;
use super::signature::sealed;
use super::table::{self, ConsolidatedRow};
use super::views;
use super::wire::ConsolidatedRef;
use super::wire::content::{
    CONTENT_VERSION, ConsolidatedContent, ContentMeaning, ContentObservation, ContentPeriod, ContentPlan, ContentResult, ContentUnit,
    finality,
};
use crate::actor::Actor;
use crate::auth::secret_encryption::SecretCipher;
use crate::auth::store::signing_key;
use crate::both;
use crate::change::Write;
use crate::db::schema::{consolidated_reports, frozen_observations, indicators, jurisdictions, observations, reporting_periods, units};
use crate::db::{self, Conn};
use crate::figures::{Observation, value_of};
use crate::problem::{Error, Result};
use crate::rooms::indicators::IndicatorSummary;
use crate::rooms::periods::{self, Obligation};
use crate::rooms::plans::{self as plan_room, PlanOut};
use crate::rooms::results::{self, Judged, LookingBack, Outline, ResultRow, ever_measured};
use crate::values::Ref;
use crate::values::clock::UtcTime;
use crate::values::id::{ConsolidatedId, IndicatorId, PeriodId, PlanId, ReportId, UnitId};
use crate::values::period::Label;
use crate::values::text::Bilingual;
use chrono::NaiveDate;
use diesel::prelude::*;
use serde_json::Value;
use std::collections::BTreeSet;

/// How many reports are read, and how many figures are written, in one statement.
const BATCH: usize = 400;

/// Freezes an approved report.
pub(super) fn freeze(
    w: &mut Write<'_>,
    actor: &Actor,
    secrets: &SecretCipher,
    row: &ConsolidatedRow,
    computed: &Computed,
    decided: &Decided,
) -> Result<()> {
    let key = &signing_key(w.conn(), secrets)?;
    let figures = keep_figures(w, actor, &row.id, computed)?;
    let (full, public) = contents(w.conn(), row, computed, decided, &figures)?;
    let (full, public) = (sealed(key, &full)?, sealed(key, &public)?);
    let back_full = looking_back(decided, &computed.results, |_, row| row);
    let back_public = looking_back(decided, &computed.public_results, |known, row| decided.shown(known, row));
    diesel::update(consolidated_reports::table.find(&row.id))
        .set((
            consolidated_reports::content_full.eq(full.content),
            consolidated_reports::digest_full.eq(full.digest),
            consolidated_reports::signature_full.eq(full.signature),
            consolidated_reports::content_public.eq(public.content),
            consolidated_reports::digest_public.eq(public.digest),
            consolidated_reports::signature_public.eq(public.signature),
            consolidated_reports::hidden.eq(db::to_json(&decided.hidden)?),
            consolidated_reports::looking_back_full.eq(db::to_json(&back_full)?),
            consolidated_reports::looking_back_public.eq(db::to_json(&back_public)?),
        ))
        .execute(w.conn())?;
    Ok(())
}

/// Undoes it: what goes back to draft has neither content nor seal nor figures of its own. What it showed and hid meanwhile stays known, so
/// that no later approval gives away anything by the difference.
pub(super) fn thaw(w: &mut Write<'_>, id: &ConsolidatedId) -> Result<()> {
    results::keep_rejected(w, id)?;
    forget(w, id)?;
    let none = None::<String>;
    diesel::update(consolidated_reports::table.find(id))
        .set((
            consolidated_reports::content_full.eq(&none),
            consolidated_reports::digest_full.eq(&none),
            consolidated_reports::signature_full.eq(&none),
            consolidated_reports::content_public.eq(&none),
            consolidated_reports::digest_public.eq(&none),
            consolidated_reports::signature_public.eq(&none),
            consolidated_reports::hidden.eq(&none),
            consolidated_reports::looking_back_full.eq(&none),
            consolidated_reports::looking_back_public.eq(&none),
        ))
        .execute(w.conn())?;
    Ok(())
}

/// Forgets what was frozen of one that is deleted.
pub(super) fn forget(w: &mut Write<'_>, id: &ConsolidatedId) -> Result<()> {
    diesel::delete(frozen_observations::table.filter(frozen_observations::consolidated_id.eq(id))).execute(w.conn())?;
    Ok(())
}

/// The content in its two versions: with all figures, and with those that may be given to everybody.
fn contents(c: &mut Conn, row: &ConsolidatedRow, computed: &Computed, decided: &Decided, figures: &[WithCodes]) -> Result<(Value, Value)> {
    let outline = Outline::load(c, std::slice::from_ref(&row.plan_id))?;
    let observations = observed(decided, figures)?;
    let full = frame(c, row, computed, decided)?;
    let public = ConsolidatedContent {
        observations: observations.iter().map(|(shown, place)| place.masked(decided, shown.clone())).collect(),
        answers: answers::shown(&computed.answers, false),
        answer_totals: answers::totals(&computed.answers, false),
        resolutions: decisions_shown(full.resolutions.clone(), |id| is_restricted(computed, id)),
        warnings: warnings_shown(full.warnings.clone(), |id| is_restricted(computed, id)),
        ..judged(full.clone(), decided, &outline, &computed.public_results)
    };
    let full = ConsolidatedContent {
        observations: observations.into_iter().map(|(shown, _)| shown).collect(),
        answers: answers::shown(&computed.answers, true),
        answer_totals: answers::totals(&computed.answers, true),
        ..judged(full, decided, &outline, &computed.results)
    };
    Ok((serde_json::to_value(full).map_err(Error::internal)?, serde_json::to_value(public).map_err(Error::internal)?))
}

/// The content with these results, and how printed targets and goals stand by them.
fn judged(content: ConsolidatedContent, decided: &Decided, outline: &Outline, rows: &[ResultRow]) -> ConsolidatedContent {
    let Decided { figures, period, .. } = decided;
    let of = |known: &IndicatorSummary| rows.iter().find(|row| row.indicator.id == known.id.as_str());
    let (mut results, mut items) = (Vec::new(), Vec::new());
    for known in figures.indicators_of(period) {
        let Some(row) = of(known) else { continue };
        let known = figures.as_asked(known, period);
        items.push(Judged::of(&known.printed, row));
        let printed = Ref::new(known.printed.clone(), outline.code_of(&known.printed));
        results.push(ContentResult { row: row.clone(), meaning: ContentMeaning::of(&known, printed) });
    }
    // An indicator of the year that the period does not ask for is not reported.
    if let Some(label) = period.label {
        for known in figures.spoken_of(label).filter(|known| of(known).is_none()) {
            items.push(Judged::of(&known.printed, &figures.row(&known, label)));
        }
    }
    let annual = period.label.is_some_and(|label| matches!(label, Label::Year(_)));
    let (plan_indicators, goals) = outline.judged(&items, annual, ever_measured(figures.known.iter()));
    ConsolidatedContent { results, plan_indicators, goals, ..content }
}

/// How these results look back, and with them those of the year that the period does not ask, as they are `shown`.
fn looking_back(decided: &Decided, rows: &[ResultRow], shown: impl Fn(&IndicatorSummary, ResultRow) -> ResultRow) -> Vec<LookingBack> {
    let Decided { figures, period, .. } = decided;
    let of = |known: &IndicatorSummary| rows.iter().find(|row| row.indicator.id == known.id.as_str());
    let asked = figures.indicators_of(period).filter_map(|known| Some(LookingBack::of(&figures.as_asked(known, period), of(known)?)));
    let others = period.label.into_iter().flat_map(|label| {
        let others = figures.spoken_of(label).filter(|known| of(known).is_none());
        others.map(move |known| (known, label))
    });
    let others = others.map(|(known, label)| LookingBack::of(&known, &shown(&known, figures.row(&known, label))));
    asked.chain(others).collect()
}

/// All of the content but results and figures, which its two versions have each of their own.
fn frame(c: &mut Conn, row: &ConsolidatedRow, computed: &Computed, decided: &Decided) -> Result<ConsolidatedContent> {
    let (plan, ward_name) = plan_and_ward(c, row)?;
    let (label, starts_on, ends_on): (String, NaiveDate, NaiveDate) = reporting_periods::table
        .find(&row.period_id)
        .select((reporting_periods::label, reporting_periods::starts_on, reporting_periods::ends_on))
        .first(c)?;
    let supersedes = match &row.supersedes {
        Some(id) => table::revision_of(c, id)?.map(|revision| ConsolidatedRef { id: id.clone().into(), revision }),
        None => None,
    };
    let obligations: Vec<Obligation> = periods::obligations(c, &row.period_id)?.into_iter().map(Obligation::without_reason).collect();
    let completeness = computed.completeness.clone().without_reasons();
    let named = obligations.iter().map(|o| &o.unit).chain(completeness.units.iter().map(|u| &u.unit));
    let contributing = computed.results.iter().flat_map(|r| r.contributors.iter().map(|c| &c.unit));
    let named: BTreeSet<&str> = named.chain(contributing).map(|unit| unit.id.as_str()).collect();
    Ok(ConsolidatedContent {
        content_version: CONTENT_VERSION,
        id: row.id.to_string(),
        jurisdiction: row.jurisdiction.clone(),
        jurisdiction_name: ward_name,
        plan,
        period: ContentPeriod { id: decided.period.id.to_string(), label, starts_on, ends_on },
        revision: row.revision,
        reason: row.reason.clone(),
        supersedes,
        units: names(c, &named)?,
        results: Vec::new(),
        plan_indicators: Vec::new(),
        goals: Vec::new(),
        observations: Vec::new(),
        answers: Vec::new(),
        answer_totals: Vec::new(),
        obligations,
        task_summary: computed.task_summary.clone(),
        completeness,
        narrative: row.narrative()?,
        warnings: computed.warnings.clone(),
        resolutions: row.resolutions()?,
        members: computed.members.clone(),
        prepared_by: views::preparer(row),
        approved_by: views::approver(row),
        signatory: row.signatory()?,
        computed_at: row.computed_at,
        approved_at: row.approved_at,
    })
}

/// The plan, and what its ward is called.
fn plan_and_ward(c: &mut Conn, row: &ConsolidatedRow) -> Result<(ContentPlan, Bilingual)> {
    let PlanOut { id, code, title, document_number, document_date, .. } = plan_room::read(c, &row.plan_id)?;
    let (vi, en): (String, Option<String>) = jurisdictions::table
        .filter(jurisdictions::code.eq(&row.jurisdiction))
        .select((jurisdictions::name_vi, jurisdictions::name_en))
        .first(c)?;
    Ok((ContentPlan { id, code, title, document_number, document_date }, Bilingual { vi, en }))
}

/// What units are called, in the plan's order.
fn names(c: &mut Conn, wanted: &BTreeSet<&str>) -> Result<Vec<ContentUnit>> {
    let mut found: Vec<(String, String, String, String, Option<String>)> = Vec::new();
    for some in wanted.iter().collect::<Vec<_>>().chunks(BATCH) {
        let columns = (units::plan_order, units::id, units::code, units::name_vi, units::name_en);
        found.append(&mut units::table.filter(units::id.eq_any(some.iter().copied())).select(columns).load(c)?);
    }
    found.sort();
    Ok(found.into_iter().map(|(_, id, code, vi, en)| ContentUnit { id, code, name: Bilingual { vi, en } }).collect())
}

/// Where a figure stands, by which it is decided whether it is hidden.
struct Place {
    period: PeriodId,
    indicator: IndicatorId,
    unit: UnitId,
    part: String,
    restricted: bool,
}

impl Place {
    fn masked(&self, decided: &Decided, shown: ContentObservation) -> ContentObservation {
        if !self.restricted {
            return shown;
        }
        let hidden = decided.mask.hides(&self.period, &self.indicator, &self.unit, &self.part);
        if hidden { shown.hidden() } else { shown.without_words() }
    }
}

/// Every figure that counts, in the order of the plan: indicator by indicator, unit by unit.
fn observed(decided: &Decided, kept: &[WithCodes]) -> Result<Vec<(ContentObservation, Place)>> {
    let figures = &decided.figures;
    let order = |(reported, ..): &&WithCodes| {
        let indicator = figures.known.iter().position(|known| known.id == reported.indicator_id);
        let unit = figures.units.iter().position(|unit| unit.id == reported.unit_id);
        let period = figures.periods.iter().position(|period| period.id == reported.period_id);
        (indicator, unit, period, reported.disaggregation.clone())
    };
    let mut sorted: Vec<&WithCodes> = kept.iter().collect();
    sorted.sort_by_cached_key(order);
    let mut found = Vec::with_capacity(sorted.len());
    for (reported, unit_code, indicator_code) in sorted {
        let version = reported.observation.definition_version;
        let period =
            figures.period(&reported.period_id).ok_or_else(|| Error::internal("a figure of a period that its plan does not have"))?;
        let known = figures.known.iter().find(|known| known.id == reported.indicator_id).and_then(|known| known.in_version(version));
        let known = known.ok_or_else(|| Error::internal("a figure under a definition that its indicator does not have"))?;
        let Observation { amounts, status, not_applicable, .. } = reported.observation.clone();
        let rolled = value_of(&known.measure(), &reported.observation);
        let shown = ContentObservation {
            unit: Ref::new(reported.unit_id.clone(), unit_code.clone()),
            period: period.reference(),
            indicator: Ref::new(reported.indicator_id.clone(), indicator_code.clone()),
            disaggregation: db::from_json(&reported.disaggregation)?,
            numerator: amounts.numerator,
            denominator: amounts.denominator,
            value: rolled.rounded_value(),
            answer: rolled.answer,
            status: finality(status),
            not_applicable,
            extra: db::from_json_opt(reported.extra.as_deref())?,
            suppressed: false,
            definition_version: version,
        };
        let place = Place {
            period: reported.period_id.clone(),
            indicator: reported.indicator_id.clone(),
            unit: reported.unit_id.clone(),
            part: reported.disaggregation.clone(),
            restricted: known.restricted || figures.as_asked(&known, period).restricted,
        };
        found.push((shown, place));
    }
    Ok(found)
}

/// A figure of a report inside, as it is copied.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = observations)]
struct ReportedObservation {
    jurisdiction: String,
    plan_id: PlanId,
    period_id: PeriodId,
    report_id: ReportId,
    unit_id: UnitId,
    indicator_id: IndicatorId,
    disaggregation: String,
    #[diesel(embed)]
    observation: Observation,
    extra: Option<String>,
}

/// With the codes of its unit and its indicator.
type WithCodes = (ReportedObservation, String, String);

/// A row of `frozen_observations`.
#[derive(Insertable)]
#[diesel(table_name = frozen_observations, treat_none_as_default_value = false)]
struct FrozenObservation {
    id: String,
    consolidated_id: ConsolidatedId,
    jurisdiction: String,
    plan_id: PlanId,
    period_id: PeriodId,
    report_id: ReportId,
    unit_id: UnitId,
    indicator_id: IndicatorId,
    disaggregation: String,
    #[diesel(embed)]
    observation: Observation,
    extra: Option<String>,
    updated_at: UtcTime,
    unit_code: String,
    indicator_code: String,
}

impl FrozenObservation {
    /// Its note stays behind: what is frozen is for everybody, and notes never are.
    fn of((reported, unit_code, indicator_code): WithCodes, consolidated: &ConsolidatedId, now: UtcTime) -> Self {
        Self {
            id: uuid::Uuid::now_v7().to_string(),
            consolidated_id: consolidated.clone(),
            jurisdiction: reported.jurisdiction,
            plan_id: reported.plan_id,
            period_id: reported.period_id,
            report_id: reported.report_id,
            unit_id: reported.unit_id,
            indicator_id: reported.indicator_id,
            disaggregation: reported.disaggregation,
            observation: reported.observation,
            extra: reported.extra,
            updated_at: now,
            unit_code,
            indicator_code,
        }
    }
}

/// Copies the figures of the reports inside, and says which they are.
fn keep_figures(w: &mut Write<'_>, actor: &Actor, id: &ConsolidatedId, computed: &Computed) -> Result<Vec<WithCodes>> {
    forget(w, id)?;
    let mut kept: Vec<WithCodes> = Vec::new();
    let reports: Vec<&ReportId> = computed.inputs.iter().map(|i| &i.report).collect();
    for reports in reports.chunks(BATCH) {
        let mut reported: Vec<WithCodes> = observations::table
            .inner_join(units::table)
            .inner_join(indicators::table)
            .filter(observations::report_id.eq_any(reports.to_vec()))
            .filter(observations::until.is_null().and(observations::counted.eq(true)))
            .order(observations::id)
            .select((ReportedObservation::as_select(), units::code, indicators::code))
            .load(w.conn())?;
        kept.append(&mut reported);
    }
    let frozen: Vec<FrozenObservation> = kept.iter().cloned().map(|o| FrozenObservation::of(o, id, actor.now)).collect();
    for batch in frozen.chunks(BATCH) {
        both!(w.conn(), c => diesel::insert_into(frozen_observations::table).values(batch).execute(c))?;
    }
    Ok(kept)
}

/// Makes one the report that the public reads of its period, in place of any other.
pub(super) fn publish(w: &mut Write<'_>, actor: &Actor, row: &ConsolidatedRow) -> Result<()> {
    use {consolidated_reports as k, frozen_observations as f};
    let replaced = k::table.filter(k::period_id.eq(&row.period_id)).filter(k::published.eq(true));
    diesel::update(f::table.filter(f::consolidated_id.eq_any(replaced.select(k::id)))).set(f::until.eq(actor.now)).execute(w.conn())?;
    diesel::update(replaced).set((k::published.eq(false), k::published_until.eq(actor.now))).execute(w.conn())?;
    let due_at: Option<UtcTime> =
        reporting_periods::table.find(&row.period_id).select(reporting_periods::consolidated_due_at).first(w.conn())?;
    diesel::update(k::table.find(&row.id)).set((k::published.eq(true), k::sent_due_at.eq(due_at))).execute(w.conn())?;
    // What is read of a quarter or month stands in one report as a whole, once its year was sent in that of the year: figures of two
    // reports side by side would make sums of which neither decided what must stay hidden.
    let until = year_is_published(w.conn(), &row.period_id)?.then_some(actor.now);
    if until.is_none() {
        let inside = results::source_periods(w.conn(), &row.period_id)?;
        let others = f::table.filter(f::period_id.eq_any(inside)).filter(f::consolidated_id.ne(&row.id));
        diesel::update(others.filter(f::since.is_not_null().and(f::until.is_null()))).set(f::until.eq(actor.now)).execute(w.conn())?;
    }
    diesel::update(f::table.filter(f::consolidated_id.eq(&row.id)))
        .set((f::updated_at.eq(actor.now), f::since.eq(actor.now), f::until.eq(until)))
        .execute(w.conn())?;
    Ok(())
}

/// Whether the year of a regular quarter or month is published by the year's own report.
fn year_is_published(c: &mut Conn, period: &PeriodId) -> Result<bool> {
    use {consolidated_reports as k, reporting_periods as p};
    let (plan, kind, label): (PlanId, String, String) = p::table.find(period).select((p::plan_id, p::kind, p::label)).first(c)?;
    let year = match Label::parse(&label).filter(|_| kind == "periodic") {
        None | Some(Label::Year(_)) => return Ok(false),
        Some(label) => Label::Year(label.year()).to_string(),
    };
    let of_year = p::table.filter(p::plan_id.eq(plan).and(p::kind.eq("periodic")).and(p::label.eq(year))).select(p::id);
    let published = k::table.filter(k::published.eq(true)).filter(k::period_id.eq_any(of_year));
    Ok(diesel::select(diesel::dsl::exists(published)).get_result(c)?)
}
