//! Rows of consolidated reports and of the steps of their lives, and the statements that read and write them.

use super::compute::Computed;
use super::status::ConsolidatedStatus;
use super::wire::{ConsolidatedNarrative, ResolutionOut, Signatory};
use crate::actor::Actor;
use crate::change::Write;
use crate::db::schema::{consolidated_events, consolidated_reports, plans, reporting_periods};
use crate::db::{self, Conn};
use crate::problem::{Error, Result};
use crate::values::clock::UtcTime;
use crate::values::id::{ConsolidatedId, InquiryId, PeriodId, PlanId};
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
    pub signatory: Option<String>,
    pub version: i64,
    pub created_at: UtcTime,
    pub updated_at: UtcTime,
}

versioned!(ConsolidatedRow, "consolidated_report", "consolidated_reports");

impl ConsolidatedRow {
    pub(super) fn status(&self) -> Result<ConsolidatedStatus> {
        ConsolidatedStatus::parse(&self.status).ok_or_else(|| Error::internal("a consolidated report of unknown status"))
    }

    /// Its words.
    pub(super) fn narrative(&self) -> Result<ConsolidatedNarrative> {
        db::from_json(&self.narrative)
    }

    /// Its decisions between differing figures.
    pub(super) fn resolutions(&self) -> Result<Vec<ResolutionOut>> {
        db::from_json(&self.resolutions)
    }

    /// Who signs its paper, from approval on.
    pub(super) fn signatory(&self) -> Result<Option<Signatory>> {
        db::from_json_opt(self.signatory.as_deref())
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

/// Digests and signatures of both versions, once they are frozen.
#[derive(Debug, Clone, Queryable)]
pub(super) struct Seals {
    pub digest_full: Option<String>,
    pub signature_full: Option<String>,
    pub digest_public: Option<String>,
    pub signature_public: Option<String>,
}

/// A row with the code of its plan, the label of its period, and its seals.
pub(super) type RowWithNames = (ConsolidatedRow, String, String, Seals);

/// The columns of [`RowWithNames`].
macro_rules! columns_with_names {
    () => {
        (
            ConsolidatedRow::as_select(),
            plans::table.filter(plans::id.eq(consolidated_reports::plan_id)).select(plans::code).single_value().assume_not_null(),
            reporting_periods::table
                .filter(reporting_periods::id.eq(consolidated_reports::period_id))
                .select(reporting_periods::label)
                .single_value()
                .assume_not_null(),
            (
                consolidated_reports::digest_full,
                consolidated_reports::signature_full,
                consolidated_reports::digest_public,
                consolidated_reports::signature_public,
            ),
        )
    };
}
pub(super) use columns_with_names;

/// A row with its names and seals, if there is such a row.
pub(super) fn row_with_names(c: &mut Conn, id: &ConsolidatedId) -> Result<Option<RowWithNames>> {
    let found = consolidated_reports::table.filter(consolidated_reports::id.eq(id));
    Ok(found.select(columns_with_names!()).first(c).optional()?)
}

/// A consolidated report as another one that replaces it, or that it replaces, names it.
#[derive(Debug, Clone, Queryable)]
pub(super) struct Revision {
    pub id: ConsolidatedId,
    pub revision: i32,
    pub supersedes: Option<ConsolidatedId>,
    pub sent: bool,
}

/// Those that these replace and those that replace them, earlier revisions first.
pub(super) fn revisions_beside(c: &mut Conn, rows: &[RowWithNames]) -> Result<Vec<Revision>> {
    use consolidated_reports as k;
    let ids: Vec<&ConsolidatedId> = rows.iter().map(|(row, ..)| &row.id).collect();
    let earlier: Vec<&ConsolidatedId> = rows.iter().filter_map(|(row, ..)| row.supersedes.as_ref()).collect();
    Ok(k::table
        .filter(k::id.eq_any(earlier).or(k::supersedes.assume_not_null().eq_any(ids)))
        .order(k::revision)
        .select((k::id, k::revision, k::supersedes, k::sent_at.is_not_null()))
        .load(c)?)
}

/// One and those of these revisions of its period, with their names and seals.
pub(super) fn revisions_of_same_period(c: &mut Conn, id: &ConsolidatedId, revisions: [i32; 2]) -> Result<Vec<RowWithNames>> {
    use consolidated_reports as k;
    let itself = diesel::alias!(consolidated_reports as itself);
    let period = itself.filter(itself.field(k::id).eq(id)).select(itself.field(k::period_id));
    let wanted = k::id.eq(id).or(k::revision.eq_any(revisions));
    Ok(k::table.filter(k::period_id.eq_any(period)).filter(wanted).select(columns_with_names!()).load(c)?)
}

/// The wards of an inquiry, by official code.
pub(super) fn wards_of_inquiry(c: &mut Conn, id: &InquiryId) -> Result<Vec<String>> {
    let asked = reporting_periods::table.filter(reporting_periods::request_id.eq(id.as_str()));
    Ok(asked.select(reporting_periods::jurisdiction).load(c)?)
}

/// What the public reads of the periods of an inquiry, ward by ward.
pub(super) fn sent_of_inquiry(c: &mut Conn, id: &InquiryId) -> Result<Vec<ConsolidatedRow>> {
    use consolidated_reports as k;
    let asked = reporting_periods::table.filter(reporting_periods::request_id.eq(id.as_str())).select(reporting_periods::id);
    let published = k::table.filter(k::period_id.eq_any(asked)).filter(k::published.eq(true));
    Ok(published.order((k::jurisdiction, k::id)).select(ConsolidatedRow::as_select()).load(c)?)
}

/// The revision of one, if there is such a one.
pub(super) fn revision_of(c: &mut Conn, id: &ConsolidatedId) -> Result<Option<i32>> {
    Ok(consolidated_reports::table.find(id).select(consolidated_reports::revision).first(c).optional()?)
}

/// The row with this id.
pub(super) fn row(c: &mut Conn, id: &ConsolidatedId) -> Result<ConsolidatedRow> {
    Ok(consolidated_reports::table.find(id).select(ConsolidatedRow::as_select()).first(c)?)
}

/// Writes down a step in its life.
pub(super) fn insert_step(w: &mut Write<'_>, actor: &Actor, row: &ConsolidatedRow, action: &str, reason: Option<&str>) -> Result<()> {
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
