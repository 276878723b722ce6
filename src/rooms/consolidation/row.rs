//! The row of a consolidated report: what its columns say, who may read it, and the steps of its life.

use super::compute::Computed;
use super::rules::ConsolidatedStatus;
use super::wire::{ConsolidatedNarrative, ResolutionOut};
use crate::actor::Actor;
use crate::auth::caller::{Reach, Role};
use crate::change::Write;
use crate::db::schema::{consolidated_events, consolidated_reports};
use crate::db::{self, Condition, Conn};
use crate::problem::{Error, Result, codes};
use crate::values::clock::UtcTime;
use crate::values::id::{ConsolidatedId, PeriodId, PlanId};
use crate::versioned;
use chrono::NaiveDate;
use diesel::prelude::*;

/// A row of `consolidated_reports` without what is frozen, which [`super::freeze`] alone writes.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = consolidated_reports, treat_none_as_null = true)]
pub(super) struct ConsolidatedRow {
    pub id: ConsolidatedId,
    pub jurisdiction: String,
    pub plan_id: PlanId,
    pub period_id: PeriodId,
    pub status: String,
    pub revision: i32,
    pub reason: Option<String>,
    pub narrative: String,
    pub resolutions: String,
    pub computed: String,
    pub computed_at: UtcTime,
    pub prepared_by: Option<String>,
    pub prepared_by_name: String,
    pub approved_by: Option<String>,
    pub approved_by_name: Option<String>,
    pub approved_at: Option<UtcTime>,
    pub sent_at: Option<UtcTime>,
    pub acknowledged_at: Option<UtcTime>,
    pub returned_at: Option<UtcTime>,
    pub return_reason: Option<String>,
    pub supersedes: Option<ConsolidatedId>,
    pub document_number: Option<String>,
    pub document_date: Option<NaiveDate>,
    pub version: i64,
    pub created_at: UtcTime,
    pub updated_at: UtcTime,
}

versioned!(ConsolidatedRow, "consolidated_report", "consolidated_reports");

impl ConsolidatedRow {
    pub(super) fn status(&self) -> Result<ConsolidatedStatus> {
        ConsolidatedStatus::parse(&self.status).ok_or_else(|| Error::internal("a consolidated report of unknown status"))
    }

    pub(super) fn computed(&self) -> Result<Computed> {
        db::from_json(&self.computed)
    }

    /// Who computed or edited it last is who prepared it.
    pub(super) fn prepared(&mut self, actor: &Actor) {
        self.prepared_by = actor.id();
        actor.name().clone_into(&mut self.prepared_by_name);
    }
}

/// Its words.
pub(super) fn narrative(row: &ConsolidatedRow) -> Result<ConsolidatedNarrative> {
    db::from_json(&row.narrative)
}

/// Its decisions between differing figures.
pub(super) fn resolutions(row: &ConsolidatedRow) -> Result<Vec<ResolutionOut>> {
    db::from_json(&row.resolutions)
}

/// Those of the ward's own house, who read it in every status.
const HOUSE: &[Role] = &[Role::Coordinator, Role::Leader, Role::Supervisor];
/// What units read.
const FOR_UNITS: &[&str] = &["sent", "acknowledged"];
/// What the province reads: what was sent, and what it sent back.
const FOR_PROVINCE: &[&str] = &["sent", "acknowledged", "returned"];

/// Whether it is read by somebody of the ward's own house.
pub(super) fn is_of_house(actor: &Actor, jurisdiction: &str) -> bool {
    actor.may(HOUSE, jurisdiction)
}

pub(super) fn may_read(actor: &Actor, row: &ConsolidatedRow) -> bool {
    let status = row.status.as_str();
    is_of_house(actor, &row.jurisdiction)
        || (FOR_UNITS.contains(&status) && actor.may(&[Role::Reporter], &row.jurisdiction))
        || (FOR_PROVINCE.contains(&status) && actor.may(&[Role::Province], &row.jurisdiction))
}

/// The same as a condition.
pub(super) fn readable(actor: &Actor) -> Condition<consolidated_reports::table> {
    let within = |reach: Reach, statuses: Vec<&'static str>| -> Condition<consolidated_reports::table> {
        let status = consolidated_reports::status.eq_any(statuses);
        match reach.codes() {
            None => Box::new(status),
            Some(codes) => Box::new(consolidated_reports::jurisdiction.eq_any(codes).and(status)),
        }
    };
    let all = ConsolidatedStatus::ALL.into_iter().map(ConsolidatedStatus::as_str).collect();
    let of_house = within(actor.reach(HOUSE), all);
    let of_units = within(actor.reach(&[Role::Reporter]), FOR_UNITS.to_vec());
    let of_province = within(actor.reach(&[Role::Province]), FOR_PROVINCE.to_vec());
    Box::new(of_house.or(of_units).or(of_province))
}

/// The row with this id.
pub(super) fn row(c: &mut Conn, id: &ConsolidatedId) -> Result<ConsolidatedRow> {
    Ok(consolidated_reports::table.find(id).select(ConsolidatedRow::as_select()).first(c)?)
}

/// The row, for somebody who may read it.
///
/// # Errors
/// 404.
pub(super) fn visible(c: &mut Conn, actor: &Actor, id: &ConsolidatedId) -> Result<ConsolidatedRow> {
    let row = row(c, id)?;
    if may_read(actor, &row) { Ok(row) } else { Err(codes::NOT_FOUND.into()) }
}

/// Writes down a step in its life.
pub(super) fn happened(w: &mut Write<'_>, actor: &Actor, row: &ConsolidatedRow, action: &str, reason: Option<&str>) -> Result<()> {
    diesel::insert_into(consolidated_events::table)
        .values((
            consolidated_events::id.eq(uuid::Uuid::now_v7().to_string()),
            consolidated_events::consolidated_id.eq(&row.id),
            consolidated_events::at.eq(actor.now),
            consolidated_events::by_id.eq(actor.id()),
            consolidated_events::by_name.eq(actor.name()),
            consolidated_events::action.eq(action),
            consolidated_events::status.eq(&row.status),
            consolidated_events::reason.eq(reason),
        ))
        .execute(w.conn())?;
    Ok(())
}
