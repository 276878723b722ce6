//! The steps of a consolidated report: who may take them, what they need, what they do.

use super::compute::{Computed, Material};
use super::rules::{self, ConsolidatedStatus, Step};
use super::store::{self, ConsolidatedRow};
use super::wire::{ConsolidatedOut, ResolutionIn, ResolutionOut};
use super::{freeze, included_reports, inputs};
use crate::actor::Actor;
use crate::auth::secret_encryption::SecretCipher;
use crate::change::{self, Event, Expected};
use crate::db::schema::consolidated_reports;
use crate::db::{self, Conn};
use crate::problem::{Faults, FieldError, Place, Problem, Result, codes, said};
use crate::reading::references::{self, IndicatorKey, UnitKey};
use crate::rooms::indicators::IndicatorSummary;
use crate::rooms::results::Hidden;
use crate::values::Ref;
use crate::values::id::ConsolidatedId;
use diesel::prelude::*;
use serde_json::json;

/// Whether this caller may take a step at all, whatever the status.
fn permitted(actor: &Actor, row: &ConsolidatedRow, computed: &Computed, step: Step) -> Result<()> {
    actor.must(&[step.role()], &row.jurisdiction)?;
    if step != Step::Approve {
        return Ok(());
    }
    if row.prepared_by.is_some() && row.prepared_by == actor.id() {
        return Err(Problem::new(codes::ACCESS_DENIED)
            .saying(
                "Người lập báo cáo tổng hợp (tạo, tính lại hoặc sửa sau cùng) không được tự phê duyệt. Hãy để người khác phê duyệt.",
                "Whoever prepared the consolidated report (the last to create, refresh or edit it) cannot approve it. Let somebody else approve.",
            )
            .into());
    }
    if computed.restricted && !actor.sees_restricted(&row.jurisdiction) {
        return Err(codes::ACCESS_RESTRICTED.into());
    }
    Ok(())
}

/// Where a step leads now, if it is possible.
fn possible(c: &mut Conn, row: &ConsolidatedRow, replaced: bool, computed: &Computed, step: Step) -> Result<ConsolidatedStatus> {
    let next = rules::after(row.status()?, replaced, step)?;
    if step == Step::Approve {
        // Every acceptance and every reopening changes which reports of which revision count.
        if inputs::present_inputs(c, &row.period_id)? != computed.inputs {
            return Err(codes::CONSOLIDATED_STALE.into());
        }
        if !computed.unresolved.is_empty() {
            return Err(Problem::new(codes::CONSOLIDATED_UNRESOLVED).member("indicators", computed.unresolved.clone()).into());
        }
    }
    Ok(next)
}

/// Whether the caller may take a step now.
pub(super) fn may(c: &mut Conn, actor: &Actor, row: &ConsolidatedRow, replaced: bool, step: Step) -> Result<()> {
    let computed = row.computed()?;
    permitted(actor, row, &computed, step)?;
    possible(c, row, replaced, &computed, step).map(|_| ())
}

/// Whether a later revision that was sent has replaced it.
fn is_replaced(c: &mut Conn, row: &ConsolidatedRow) -> Result<bool> {
    let later = consolidated_reports::table
        .filter(consolidated_reports::supersedes.eq(&row.id))
        .filter(consolidated_reports::sent_at.is_not_null());
    Ok(diesel::select(diesel::dsl::exists(later)).get_result(c)?)
}

/// Takes a step.
///
/// # Errors
/// 404, 403, 412, 409 if it is not possible now.
pub fn take(
    c: &mut Conn,
    actor: &Actor,
    secrets: &SecretCipher,
    id: &ConsolidatedId,
    expected: &Expected,
    step: Step,
    reason: Option<&str>,
) -> Result<ConsolidatedOut> {
    db::lock(c, "consolidated_reports", id.as_str())?;
    let mut row = store::visible(c, actor, id)?;
    let mut computed = row.computed()?;
    permitted(actor, &row, &computed, step)?;
    expected.must_match(row.version)?;
    // Nobody reopens or accepts a report while it is decided whether the figures still stand.
    for period in inputs::source_periods(c, &row.period_id)? {
        db::lock_all(c, "reports", "period_id", period.as_str())?;
    }
    let replaced = is_replaced(c, &row)?;
    let next = possible(c, &row, replaced, &computed, step)?;
    let before = row.status.clone();
    row.status = next.as_str().to_owned();
    mark(c, actor, &mut row, step, reason)?;
    let hidden = seal(c, actor, &mut row, &mut computed, step)?;
    row.version += 1;
    row.updated_at = actor.now;
    diesel::update(consolidated_reports::table.find(id)).set(&row).execute(c)?;
    follow(c, actor, secrets, &row, &computed, hidden.as_ref(), step)?;
    store::happened(c, actor, &row, step.as_str(), reason)?;
    let event = Event::new(step.event(), "consolidated_report", id.as_str(), row.version, Some(&row.jurisdiction)).because(reason);
    change::record(c, actor, event.change(Some(json!({"status": before})), Some(json!({"status": row.status}))))?;
    store::find(c, actor, secrets, id)
}

/// What a step writes into the row itself.
fn mark(c: &mut Conn, actor: &Actor, row: &mut ConsolidatedRow, step: Step, reason: Option<&str>) -> Result<()> {
    match step {
        Step::Refresh => {
            row.prepared(actor);
            store::recompute(c, actor, row)?;
        }
        Step::Approve => {
            row.approved_by = actor.id();
            row.approved_by_name = Some(actor.name().to_owned());
            row.approved_at = Some(actor.now);
        }
        Step::Reject => {
            row.approved_by = None;
            row.approved_by_name = None;
            row.approved_at = None;
            // They belong to the paper that was approved.
            row.document_number = None;
            row.document_date = None;
        }
        Step::Send => row.sent_at = Some(actor.now),
        Step::Acknowledge => row.acknowledged_at = Some(actor.now),
        Step::Return => {
            row.returned_at = Some(actor.now);
            row.return_reason = reason.map(str::to_owned);
        }
    }
    Ok(())
}

/// At approval it is decided for good what is hidden; with a rejection that is undone.
fn seal(c: &mut Conn, actor: &Actor, row: &mut ConsolidatedRow, computed: &mut Computed, step: Step) -> Result<Option<Hidden>> {
    let hidden = match step {
        Step::Approve => Some(inputs::disclose(c, actor, row, computed)?),
        Step::Reject => {
            freeze::thaw(c, &row.id)?;
            inputs::conceal(c, actor, row, computed)?;
            None
        }
        _ => return Ok(None),
    };
    row.computed = db::to_json(computed)?;
    Ok(hidden)
}

/// What follows from a step beyond the row.
fn follow(
    c: &mut Conn,
    actor: &Actor,
    secrets: &SecretCipher,
    row: &ConsolidatedRow,
    computed: &Computed,
    hidden: Option<&Hidden>,
    step: Step,
) -> Result<()> {
    match step {
        Step::Approve => freeze::freeze(c, actor, secrets, row, computed, hidden),
        Step::Send => {
            freeze::publish(c, actor, row)?;
            included_reports::consolidate(c, actor, &row.id)
        }
        Step::Return => {
            freeze::withdraw(c, actor, row)?;
            included_reports::release(c, actor, &row.id)
        }
        Step::Refresh | Step::Reject | Step::Acknowledge => Ok(()),
    }
}

/// Reads decisions: each names an indicator of this report that one unit alone should give, and a unit that gave it.
///
/// # Errors
/// 422 with every one that does not.
pub(super) fn decide(material: &Material, given: &[ResolutionIn]) -> Result<Vec<ResolutionOut>> {
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
            faults.add(FieldError::new(indicator, codes::FIELD_CONFLICT));
            continue;
        }
        if known.definition.roll_up != crate::figures::RollUp::SingleSource {
            faults.add(FieldError::new(indicator, codes::FIELD_VALUE).saying(
                "Chỉ tiêu này không lấy số liệu từ một nguồn duy nhất.",
                "This indicator does not take its figure from a single source.",
            ));
            continue;
        }
        let contributors = figures.figure_of_period(known, period).contributors;
        let units: Vec<Ref> = contributors.into_iter().map(|c| c.unit).collect();
        let gave = said(format!("có số liệu được tiếp nhận của {}", known.code), format!("with an accepted figure of {}", known.code));
        let place = Place::body(format!("/resolutions/{at}/unit"));
        if let Some(unit) = faults.keep(references::among::<UnitKey, _>(&units, Ref::names, &resolution.unit, &place, &gave))? {
            decided.push(ResolutionOut { indicator: known.reference(), unit: unit.clone(), reason: resolution.reason.clone() });
        }
    }
    faults.check()?;
    Ok(decided)
}
