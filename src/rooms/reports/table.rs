//! Rows of reports, of their figures, rounds and steps, and the statements that read and write them. Nothing is decided here.

pub(super) mod comments;

use super::status::Status;
use super::wire::{Answers, Narrative};
use crate::change::Write;
use crate::db::schema::{
    consolidated_members, consolidated_reports, dimensions, indicator_definitions, indicators, observations, period_units, plans,
    report_events, report_rounds, reporting_periods, reports, task_updates, tasks, units,
};
use crate::db::{self, Condition, Conn};
use crate::figures::Observation;
use crate::problem::{Error, Result};
use crate::reading::references::PeriodKey;
use crate::values::clock::UtcTime;
use crate::values::id::{ConsolidatedId, IndicatorId, PeriodId, PlanId, ReportId, UnitId};
use crate::values::text::Bilingual;
use crate::{both, versioned};
use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Text;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// How many rows one statement inserts: PostgreSQL binds at most 65,535 values.
const BATCH: usize = 1000;

/// A row of `reports`.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = reports, treat_none_as_null = true)]
pub(super) struct ReportRow {
    pub id: ReportId,
    pub jurisdiction: String,
    pub plan_id: PlanId,
    pub period_id: PeriodId,
    pub unit_id: UnitId,
    pub status: String,
    pub revision: i32,
    pub round: i32,
    pub due_at: UtcTime,
    pub first_submitted_at: Option<UtcTime>,
    pub submitted_at: Option<UtcTime>,
    pub submitted_by: Option<String>,
    pub submitted_by_name: Option<String>,
    pub on_behalf: bool,
    pub accepted_at: Option<UtcTime>,
    pub narrative: String,
    pub version: i64,
    pub created_at: UtcTime,
    pub updated_at: UtcTime,
    /// JSON: value by the code of its question.
    pub answers: String,
}

impl ReportRow {
    /// Where it stands.
    ///
    /// # Errors
    /// Internal, if the column holds something else.
    pub(super) fn status(&self) -> Result<Status> {
        Status::parse(&self.status).ok_or_else(|| Error::internal("a report of unknown status"))
    }

    /// What it says in words.
    ///
    /// # Errors
    /// Internal, if the column holds something else.
    pub(super) fn narrative(&self) -> Result<Narrative> {
        db::from_json(&self.narrative)
    }

    /// What it answers to the questions of its period.
    ///
    /// # Errors
    /// Internal, if the column holds something else.
    pub(super) fn answers(&self) -> Result<Answers> {
        db::from_json(&self.answers)
    }
}

versioned!(ReportRow, "report", "reports");

/// What a unit writes into a cell of its report.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset, Serialize, Deserialize)]
#[diesel(table_name = observations, treat_none_as_null = true)]
pub(super) struct CellContent {
    #[diesel(embed)]
    pub observation: Observation,
    pub note: Option<String>,
    /// Canonical JSON: keys sorted, numbers in one form.
    pub extra: Option<String>,
}

impl CellContent {
    /// Whether both say the same, under whatever version of the definition.
    pub(super) fn agrees_with(&self, other: &Self) -> bool {
        self.observation.agrees_with(&other.observation) && (&self.note, &self.extra) == (&other.note, &other.extra)
    }
}

/// A cell of a report: which indicator, and which part of it (canonical JSON, `{}` for the total).
pub(super) type CellKey = (IndicatorId, String);

/// A row of `observations`.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset, Identifiable, Serialize, Deserialize)]
#[diesel(table_name = observations, treat_none_as_null = true)]
pub(super) struct ObservationRow {
    pub id: String,
    pub jurisdiction: String,
    pub plan_id: PlanId,
    pub period_id: PeriodId,
    pub report_id: ReportId,
    pub unit_id: UnitId,
    pub indicator_id: IndicatorId,
    pub disaggregation: String,
    #[diesel(embed)]
    pub content: CellContent,
    pub updated_at: UtcTime,
    /// Whether its unit still owes it, so that it counts.
    pub counted: bool,
    /// Since when it counts; null before the report is accepted.
    pub since: Option<UtcTime>,
    /// Until when it did, of what a reopened report said.
    pub until: Option<UtcTime>,
}

impl ObservationRow {
    /// A new one of a report.
    pub(super) fn new(report: &ReportRow, (indicator_id, disaggregation): CellKey, content: CellContent, now: UtcTime) -> Self {
        Self {
            id: uuid::Uuid::now_v7().to_string(),
            jurisdiction: report.jurisdiction.clone(),
            plan_id: report.plan_id.clone(),
            period_id: report.period_id.clone(),
            report_id: report.id.clone(),
            unit_id: report.unit_id.clone(),
            indicator_id,
            disaggregation,
            content,
            updated_at: now,
            counted: true,
            since: None,
            until: None,
        }
    }

    pub(super) fn key(&self) -> CellKey {
        (self.indicator_id.clone(), self.disaggregation.clone())
    }
}

/// Differs whenever a row of those counted is made, changed or deleted: every change raises a version, and what is made anew
/// bears a later instant.
const MARK: &str = "COUNT(*) || ' ' || COALESCE(SUM(version), 0) || ' ' || COALESCE(CAST(MAX(updated_at) AS TEXT), '')";

/// Marks of what decides what a unit owes: as long as they are the same, that is.
#[derive(Debug, Clone, Queryable)]
pub(super) struct Marks {
    indicators: Option<String>,
    dimensions: Option<String>,
    period: (i64, UtcTime),
}

impl Marks {
    /// Of the plan's indicators, with their units and dimensions.
    pub(super) fn of_plan(&self) -> String {
        format!("{:?} {:?}", self.indicators, self.dimensions)
    }

    /// Of what the period asks for, and of whom.
    pub(super) fn of_period(&self) -> String {
        format!("{:?} {}", self.period, self.of_plan())
    }
}

/// A report with what stands beside it: its period, the code of its plan, code and names of its unit, since when the unit is excused, what
/// the period asks beside its indicators, and the marks.
pub(super) type ReportBeside = (ReportRow, PeriodKey, String, UnitNames, Option<UtcTime>, String, Marks);

/// What a unit is called: its code, and its name in Vietnamese and perhaps in English.
#[derive(Debug, Clone, Queryable)]
pub(super) struct UnitNames {
    pub code: String,
    pub name_vi: String,
    pub name_en: Option<String>,
}

/// These reports with what stands beside them, in the order of their units in the plan.
pub(super) fn reports_beside(c: &mut Conn, which: &Which<'_>) -> Result<Vec<ReportBeside>> {
    let marks = (
        indicators::table.filter(indicators::plan_id.eq(reports::plan_id)).select(sql::<Text>(MARK)).single_value(),
        dimensions::table.filter(dimensions::plan_id.eq(reports::plan_id)).select(sql::<Text>(MARK)).single_value(),
        (reporting_periods::version, reporting_periods::updated_at),
    );
    let excused = period_units::table
        .filter(period_units::period_id.eq(reports::period_id))
        .filter(period_units::unit_id.eq(reports::unit_id))
        .select(period_units::excused_at)
        .single_value();
    let joined = reports::table.inner_join(reporting_periods::table).inner_join(plans::table).inner_join(units::table);
    let unit = (units::code, units::name_vi, units::name_en);
    let columns = (ReportRow::as_select(), PeriodKey::as_select(), plans::code, unit, excused, reporting_periods::questions, marks);
    Ok(match which {
        Which::One(id) => joined.filter(reports::id.eq(id)).select(columns).load(c)?,
        Which::OfPeriod(period) => {
            joined.filter(reports::period_id.eq(period)).order((units::plan_order, units::id)).select(columns).load(c)?
        }
    })
}

/// Which reports are read.
pub(super) enum Which<'a> {
    /// This one.
    One(&'a ReportId),
    /// Those of a period.
    OfPeriod(&'a PeriodId),
}

/// The names of a plan's dimensions, by code.
pub(super) fn dimension_names(c: &mut Conn, plan: &PlanId) -> Result<HashMap<String, Bilingual>> {
    let names = (dimensions::code, dimensions::name_vi, dimensions::name_en);
    let found: Vec<(String, String, Option<String>)> = dimensions::table.filter(dimensions::plan_id.eq(plan)).select(names).load(c)?;
    Ok(found.into_iter().map(|(code, vi, en)| (code, Bilingual { vi, en })).collect())
}

/// A report, if there is such a report.
pub(super) fn report(c: &mut Conn, id: &ReportId) -> Result<Option<ReportRow>> {
    Ok(reports::table.find(id).first(c).optional()?)
}

/// What a unit wrote: report, its status, its words, unit, its code.
pub(super) type NarrativeColumns = (ReportId, String, String, UnitId, String);

/// What the units wrote of a period in reports of this kind, in the plan's order.
pub(super) fn narratives_of(c: &mut Conn, period: &PeriodId, readable: Condition<reports::table>) -> Result<Vec<NarrativeColumns>> {
    let of_period: Vec<ReportId> = reports::table.filter(readable).filter(reports::period_id.eq(period)).select(reports::id).load(c)?;
    Ok(reports::table
        .inner_join(units::table)
        .filter(reports::id.eq_any(of_period))
        .order((units::plan_order, units::id))
        .select((reports::id, reports::status, reports::narrative, units::id, units::code))
        .load(c)?)
}

/// Writes every column of a report.
pub(super) fn update_report(w: &mut Write<'_>, row: &ReportRow) -> Result<()> {
    diesel::update(reports::table.find(&row.id)).set(row).execute(w.conn())?;
    Ok(())
}

/// The figures of these reports as they are.
pub(super) fn observations_of(c: &mut Conn, reports: &[&ReportId]) -> Result<Vec<ObservationRow>> {
    let present = observations::table.filter(observations::report_id.eq_any(reports)).filter(observations::until.is_null());
    Ok(present.select(ObservationRow::as_select()).load(c)?)
}

/// Gives a report the version and the instant of a change of its figures.
pub(super) fn raise_version(w: &mut Write<'_>, row: &ReportRow) -> Result<()> {
    let raised = (reports::version.eq(row.version), reports::updated_at.eq(row.updated_at));
    diesel::update(reports::table.find(&row.id)).set(raised).execute(w.conn())?;
    Ok(())
}

/// The figures of a report in these cells, as they are.
pub(super) fn observations_at(c: &mut Conn, report: &ReportId, keys: &[CellKey]) -> Result<HashMap<CellKey, ObservationRow>> {
    let mut parts: HashMap<&IndicatorId, HashSet<&str>> = HashMap::new();
    for (indicator, part) in keys {
        parts.entry(indicator).or_default().insert(part);
    }
    let present = || observations::table.filter(observations::report_id.eq(report)).filter(observations::until.is_null());
    let mut found: Vec<ObservationRow> = Vec::with_capacity(keys.len());
    if keys.len() < MANY_PARTS * parts.len() {
        let all: HashSet<&str> = parts.values().flatten().copied().collect();
        let of_all = present().filter(observations::indicator_id.eq_any(parts.keys())).filter(observations::disaggregation.eq_any(all));
        found = of_all.select(ObservationRow::as_select()).load(c)?;
    } else {
        for (indicator, parts) in parts {
            let of_one = present().filter(observations::indicator_id.eq(indicator)).filter(observations::disaggregation.eq_any(parts));
            found.extend(of_one.select(ObservationRow::as_select()).load(c)?);
        }
    }
    Ok(found.into_iter().map(|row| (row.key(), row)).collect())
}

/// From how many cells of an indicator on these are asked for by themselves: PostgreSQL, where it does not know yet how many rows a
/// report has, would look for the cells of several indicators among all of them.
const MANY_PARTS: usize = 16;

/// From now on the figures of a report count.
pub(super) fn begin_counting(w: &mut Write<'_>, report: &ReportId, now: UtcTime) -> Result<()> {
    let present = observations::table.filter(observations::report_id.eq(report)).filter(observations::until.is_null());
    diesel::update(present).set(observations::since.eq(now)).execute(w.conn())?;
    Ok(())
}

/// They no longer do: what they said stays as rows of its own.
pub(super) fn end_counting(w: &mut Write<'_>, report: &ReportId, now: UtcTime) -> Result<()> {
    let counted: Vec<ObservationRow> = observations_of(w.conn(), &[report])?.into_iter().filter(|row| row.since.is_some()).collect();
    let ended: Vec<ObservationRow> =
        counted.into_iter().map(|row| ObservationRow { id: uuid::Uuid::now_v7().to_string(), until: Some(now), ..row }).collect();
    let present = observations::table.filter(observations::report_id.eq(report)).filter(observations::until.is_null());
    diesel::update(present).set(observations::since.eq(None::<UtcTime>)).execute(w.conn())?;
    write_observations(w, &ended, &[], &[])
}

/// Says whether the figures of an indicator in a unit's report of a period are counted from now on.
pub(super) fn count(w: &mut Write<'_>, period: &str, unit: &str, indicator: &str, counted: bool) -> Result<()> {
    let present = observations::table
        .filter(observations::period_id.eq(period))
        .filter(observations::unit_id.eq(unit))
        .filter(observations::indicator_id.eq(indicator))
        .filter(observations::until.is_null());
    diesel::update(present).set(observations::counted.eq(counted)).execute(w.conn())?;
    Ok(())
}

/// The report of a unit in a period, if there is one, and where it stands.
pub(super) fn report_of_unit(c: &mut Conn, period: &PeriodId, unit: &str) -> Result<Option<ReportRow>> {
    Ok(reports::table.filter(reports::period_id.eq(period)).filter(reports::unit_id.eq(unit)).first(c).optional()?)
}

/// The deadline of a unit in a period: the later one of the period's and of its extension's.
pub(super) fn deadline(c: &mut Conn, period: &PeriodId, unit: &UnitId) -> Result<UtcTime> {
    use crate::db::schema::period_extensions as e;
    let due: UtcTime = reporting_periods::table.find(period).select(reporting_periods::due_at).first(c)?;
    let extended: Option<UtcTime> = e::table
        .filter(e::period_id.eq(period))
        .filter(e::unit_id.eq(unit))
        .filter(e::until.is_null())
        .select(e::due_at)
        .first(c)
        .optional()?;
    Ok(extended.map_or(due, |extended| extended.max(due)))
}

/// A total of a former period: the unit, the indicator, the period's label, what was said, and what the indicator meant then.
pub(super) type FormerRow = (UnitId, IndicatorId, String, Observation, Option<String>);

/// The totals that units gave in regular periods of a plan of this frequency which ended before this day, where they count; the newest
/// first.
pub(super) fn accepted_before(c: &mut Conn, plan: &PlanId, units: &[&UnitId], frequency: &str, day: NaiveDate) -> Result<Vec<FormerRow>> {
    use {indicator_definitions as d, observations as o, reporting_periods as p};
    let meaning = d::table
        .filter(d::indicator_id.eq(o::indicator_id))
        .filter(d::definition_version.eq(o::definition_version))
        .select(d::definition)
        .single_value();
    Ok(o::table
        .inner_join(p::table)
        .filter(o::unit_id.eq_any(units))
        .filter(o::plan_id.eq(plan))
        .filter(o::disaggregation.eq("{}"))
        .filter(o::counted.eq(true).and(o::since.is_not_null()).and(o::until.is_null()))
        .filter(p::kind.eq("periodic"))
        .filter(p::frequency.eq(frequency))
        .filter(p::ends_on.lt(day))
        .order((p::ends_on.desc(), o::id))
        .select((o::unit_id, o::indicator_id, p::label, Observation::as_select(), meaning))
        .load(c)?)
}

/// Writes figures: new ones, changed ones, and those that are gone, by id.
pub(super) fn write_observations(w: &mut Write<'_>, new: &[ObservationRow], changed: &[ObservationRow], gone: &[String]) -> Result<()> {
    for batch in new.chunks(BATCH) {
        both!(w.conn(), c => diesel::insert_into(observations::table).values(batch).execute(c))?;
    }
    for row in changed {
        diesel::update(observations::table.find(&row.id)).set(row).execute(w.conn())?;
    }
    for gone in gone.chunks(BATCH) {
        diesel::delete(observations::table.filter(observations::id.eq_any(gone))).execute(w.conn())?;
    }
    Ok(())
}

/// The consolidated reports of these statuses that hold one of these reports and that no later one replaces, each with a report that it holds.
pub(super) fn holders(c: &mut Conn, ids: &[&ReportId], statuses: &[&str]) -> Result<Vec<(ConsolidatedId, ReportId)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let held: Vec<(ConsolidatedId, ReportId)> = consolidated_members::table
        .inner_join(consolidated_reports::table)
        .filter(consolidated_members::report_id.eq_any(ids))
        .filter(consolidated_reports::status.eq_any(statuses.iter().copied()))
        .order(consolidated_reports::id)
        .select((consolidated_reports::id, consolidated_members::report_id))
        .load(c)?;
    if held.is_empty() {
        return Ok(held);
    }
    let replaced: Vec<Option<ConsolidatedId>> = consolidated_reports::table
        .filter(consolidated_reports::supersedes.eq_any(held.iter().map(|(id, _)| id.as_str())))
        .select(consolidated_reports::supersedes)
        .load(c)?;
    Ok(held.into_iter().filter(|(id, _)| !replaced.iter().flatten().any(|r| r == id)).collect())
}

/// A row of `report_events`: a step that somebody took.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = report_events)]
pub(super) struct EventRow {
    pub id: String,
    pub report_id: ReportId,
    pub at: UtcTime,
    pub by_id: Option<String>,
    pub by_name: String,
    pub action: String,
    pub status: String,
    pub revision: i32,
    pub round: i32,
    pub reason: Option<String>,
    pub remarks: String,
}

/// Every step of a report so far.
pub(super) fn events_of(c: &mut Conn, id: &ReportId) -> Result<Vec<EventRow>> {
    use report_events as e;
    Ok(e::table.filter(e::report_id.eq(id)).order((e::at, e::id)).select(EventRow::as_select()).load(c)?)
}

/// Adds a step.
pub(super) fn insert_event(w: &mut Write<'_>, event: &EventRow) -> Result<()> {
    diesel::insert_into(report_events::table).values(event).execute(w.conn())?;
    Ok(())
}

/// A task with what was said of it: id and code, status, percentage, note, account, name, when.
pub(super) type UpdateColumns = ((String, String), String, i32, Option<String>, Option<String>, String, UtcTime);

/// What was said of tasks together with a report.
pub(super) fn task_updates_of(c: &mut Conn, id: &ReportId) -> Result<Vec<UpdateColumns>> {
    use task_updates as u;
    Ok(u::table
        .inner_join(tasks::table)
        .filter(u::report_id.eq(id))
        .order((u::at, u::id))
        .select(((tasks::id, tasks::code), u::status, u::percent_complete, u::note, u::by_id, u::by_name, u::at))
        .load(c)?)
}

/// A row of `report_rounds`: what a report said when it was submitted, as JSON.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = report_rounds)]
pub(super) struct RoundRow {
    pub report_id: ReportId,
    pub round: i32,
    pub revision: i32,
    pub content: String,
    pub submitted_at: UtcTime,
}

/// Adds a round.
pub(super) fn insert_round(w: &mut Write<'_>, round: &RoundRow) -> Result<()> {
    diesel::insert_into(report_rounds::table).values(round).execute(w.conn())?;
    Ok(())
}

/// The last round of a revision, if it was submitted.
pub(super) fn last_round_of(c: &mut Conn, report: &ReportId, revision: i32) -> Result<Option<RoundRow>> {
    use report_rounds as r;
    let of_revision = r::table.filter(r::report_id.eq(report)).filter(r::revision.eq(revision));
    Ok(of_revision.order(r::round.desc()).select(RoundRow::as_select()).first(c).optional()?)
}

/// The rounds with these numbers.
pub(super) fn rounds_of(c: &mut Conn, report: &ReportId, rounds: [i32; 2]) -> Result<Vec<RoundRow>> {
    use report_rounds as r;
    Ok(r::table.filter(r::report_id.eq(report)).filter(r::round.eq_any(rounds)).select(RoundRow::as_select()).load(c)?)
}
