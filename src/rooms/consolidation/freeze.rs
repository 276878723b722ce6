//! Freezing at approval: the content in its two versions, each with a seal of its own, and the figures that the public
//! reads once it is sent.

use super::answers;
use super::compute::Computed;
use super::signature::sealed;
use super::table::{self, ConsolidatedRow};
use super::views;
use super::wire::ConsolidatedRef;
use crate::actor::Actor;
use crate::auth::secret_encryption::SecretCipher;
use crate::auth::store::signing_key;
use crate::both;
use crate::change::Write;
use crate::db::schema::{consolidated_reports, frozen_observations, indicators, observations, plans, reporting_periods, units};
use crate::db::{self, Conn};
use crate::figures::Observation;
use crate::problem::Result;
use crate::rooms::results::{Hidden, ResultRow};
use crate::values::clock::UtcTime;
use crate::values::id::{ConsolidatedId, IndicatorId, PeriodId, PlanId, ReportId, UnitId};
use chrono::NaiveDate;
use diesel::prelude::*;
use serde_json::{Value, json};

/// How many reports are read, and how many figures are written, in one statement.
const BATCH: usize = 400;

/// Freezes an approved report.
pub(super) fn freeze(
    w: &mut Write<'_>,
    actor: &Actor,
    secrets: &SecretCipher,
    row: &ConsolidatedRow,
    computed: &Computed,
    hidden: Option<&Hidden>,
) -> Result<()> {
    let key = &signing_key(w.conn(), secrets)?;
    let frame = frame(w.conn(), row, computed)?;
    let full = sealed(key, &content(&frame, computed, true))?;
    let public = sealed(key, &content(&frame, computed, false))?;
    diesel::update(consolidated_reports::table.find(&row.id))
        .set((
            consolidated_reports::content_full.eq(full.content),
            consolidated_reports::digest_full.eq(full.digest),
            consolidated_reports::signature_full.eq(full.signature),
            consolidated_reports::content_public.eq(public.content),
            consolidated_reports::digest_public.eq(public.digest),
            consolidated_reports::signature_public.eq(public.signature),
            consolidated_reports::hidden.eq(db::to_json_opt(hidden)?),
        ))
        .execute(w.conn())?;
    keep_figures(w, actor, &row.id, computed)
}

/// Undoes it: what goes back to draft has neither content nor seal.
pub(super) fn thaw(w: &mut Write<'_>, id: &ConsolidatedId) -> Result<()> {
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
        ))
        .execute(w.conn())?;
    diesel::delete(frozen_observations::table.filter(frozen_observations::consolidated_id.eq(id))).execute(w.conn())?;
    Ok(())
}

/// All of the content but the results and the answers.
fn frame(c: &mut Conn, row: &ConsolidatedRow, computed: &Computed) -> Result<Value> {
    let (code, title_vi, title_en): (String, String, Option<String>) =
        plans::table.find(&row.plan_id).select((plans::code, plans::title_vi, plans::title_en)).first(c)?;
    let (label, starts_on, ends_on): (String, NaiveDate, NaiveDate) = reporting_periods::table
        .find(&row.period_id)
        .select((reporting_periods::label, reporting_periods::starts_on, reporting_periods::ends_on))
        .first(c)?;
    let supersedes = match &row.supersedes {
        Some(id) => table::revision_of(c, id)?.map(|revision| ConsolidatedRef { id: id.clone().into(), revision }),
        None => None,
    };
    Ok(json!({
        "id": row.id,
        "jurisdiction": row.jurisdiction,
        "plan": {"id": row.plan_id, "code": code, "title": {"vi": title_vi, "en": title_en}},
        "period": {"id": row.period_id, "label": label, "starts_on": starts_on, "ends_on": ends_on},
        "revision": row.revision,
        "reason": row.reason,
        "supersedes": supersedes,
        "task_summary": computed.task_summary,
        "completeness": computed.completeness,
        "narrative": row.narrative()?,
        "warnings": computed.warnings,
        "resolutions": row.resolutions()?,
        "members": computed.members,
        "prepared_by": views::preparer(row),
        "approved_by": views::approver(row),
        "signatory": row.signatory()?,
        "computed_at": row.computed_at,
        "approved_at": row.approved_at,
    }))
}

/// The content of one version: the full one, or the one for readers without the scope.
fn content(frame: &Value, computed: &Computed, full: bool) -> Value {
    let results: &[ResultRow] = if full { &computed.results } else { &computed.public_results };
    let mut content = frame.clone();
    if let Some(members) = content.as_object_mut() {
        members.insert("results".to_owned(), json!(results));
        members.insert("answers".to_owned(), json!(answers::shown(&computed.answers, full)));
        members.insert("answer_totals".to_owned(), json!(answers::totals(&computed.answers, full)));
    }
    content
}

/// A figure of a report inside, as it is copied.
#[derive(Queryable, Selectable)]
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

/// Copies the figures of the reports inside.
fn keep_figures(w: &mut Write<'_>, actor: &Actor, id: &ConsolidatedId, computed: &Computed) -> Result<()> {
    let reports: Vec<&ReportId> = computed.inputs.iter().map(|i| &i.report).collect();
    for reports in reports.chunks(BATCH) {
        let reported: Vec<WithCodes> = observations::table
            .inner_join(units::table)
            .inner_join(indicators::table)
            .filter(observations::report_id.eq_any(reports.to_vec()))
            .filter(observations::until.is_null().and(observations::counted.eq(true)))
            .order(observations::id)
            .select((ReportedObservation::as_select(), units::code, indicators::code))
            .load(w.conn())?;
        let frozen: Vec<FrozenObservation> = reported.into_iter().map(|o| FrozenObservation::of(o, id, actor.now)).collect();
        for batch in frozen.chunks(BATCH) {
            both!(w.conn(), c => diesel::insert_into(frozen_observations::table).values(batch).execute(c))?;
        }
    }
    Ok(())
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
    diesel::update(f::table.filter(f::consolidated_id.eq(&row.id)))
        .set((f::updated_at.eq(actor.now), f::since.eq(actor.now)))
        .execute(w.conn())?;
    Ok(())
}
