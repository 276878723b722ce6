//! Reports in the database.

use super::obligations::Obligations;
use super::observations::{self, Cells};
use super::rules::{self, Status, Step};
use super::wire::{ActorRef, Narrative, Remark, Report, ReportEvent, ReportFilter, ReportTaskUpdate};
use super::{rounds, scope};
use crate::actor::Actor;
use crate::actor::actions::Actions;
use crate::auth::caller::Role;
use crate::db::schema::{
    consolidated_members, consolidated_reports, plans as plan_rows, report_events, reporting_periods, reports, task_updates, tasks,
    units as unit_rows,
};
use crate::db::sort::{Key, Kind, SortField};
use crate::db::{self, Backend, Condition, Conn};
use crate::page_of;
use crate::problem::{Error, Result, codes};
use crate::reading::paging::{Page, Paging};
use crate::reading::references::{Named, PeriodKey, PlanKey, Scope, UnitKey};
use crate::rooms::plans::{self};
use crate::rooms::units;
use crate::values::clock::UtcTime;
use crate::values::id::{ConsolidatedId, PeriodId, PlanId, ReportId, UnitId};
use crate::values::{PeriodRef, Ref};
use crate::versioned;
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap};

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
}

versioned!(ReportRow, "report", "reports");

/// A report with its period.
#[derive(Debug, Clone)]
pub(super) struct ReportWithPeriod {
    pub row: ReportRow,
    pub status: Status,
    pub period: PeriodKey,
}

/// A report with all that decides what may be done with it.
pub(super) struct ReportAggregate {
    pub report_with_period: ReportWithPeriod,
    pub obligations: Obligations,
    pub cells: Cells,
    pub narrative: Narrative,
    /// Whether an approved consolidated report holds it.
    pub held: bool,
}

const FIELDS: &[SortField] = &[
    SortField { name: "created_at", sql: "reports.created_at", kind: Kind::Time },
    SortField { name: "updated_at", sql: "reports.updated_at", kind: Kind::Time },
    SortField { name: "due_at", sql: "reports.due_at", kind: Kind::Time },
    // What was not submitted comes after all that was.
    SortField { name: "submitted_at", sql: "COALESCE(reports.submitted_at, '9999-12-31 00:00:00')", kind: Kind::Time },
    SortField { name: "status", sql: "reports.status", kind: Kind::Text },
    SortField { name: "revision", sql: "reports.revision", kind: Kind::Int },
];
const TIE: SortField = SortField { name: "id", sql: "reports.id", kind: Kind::Text };

fn key(row: &ReportRow, field: &str) -> Key {
    let never = || chrono::NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or_default().and_time(chrono::NaiveTime::MIN);
    match field {
        "created_at" => Key::time(row.created_at),
        "updated_at" => Key::time(row.updated_at),
        "due_at" => Key::time(row.due_at),
        "submitted_at" => Key::time(row.submitted_at.unwrap_or_else(|| UtcTime::from_naive(never()))),
        "status" => Key::from(row.status.as_str()),
        "revision" => Key::Int(row.revision.into()),
        _ => Key::from(row.id.as_str()),
    }
}

/// What the filters name, found. A code or label stands for every row that it fits within what else is named.
struct Found {
    scope: Scope,
    periods: Option<Vec<PeriodId>>,
    units: Option<Vec<UnitId>>,
}

impl Found {
    fn read(c: &mut Conn, filter: &ReportFilter) -> Result<Self> {
        let named = Named { jurisdiction: filter.jurisdiction.as_deref(), plan: filter.plan.as_deref(), period: filter.period.as_deref() };
        let scope = Scope::of_query(c, named)?;
        Ok(Self { periods: scope.periods(), units: scope.filter::<UnitKey>(c, filter.unit.as_deref(), "unit")?, scope })
    }
}

fn filtered<'a>(actor: &Actor, filter: &'a ReportFilter, found: &'a Found) -> reports::BoxedQuery<'a, Backend> {
    let mut query = reports::table.filter(scope::condition(actor)).into_boxed();
    if let Some(plan) = found.scope.plan() {
        query = query.filter(reports::plan_id.eq(&plan.id));
    }
    if let Some(periods) = &found.periods {
        query = query.filter(reports::period_id.eq_any(periods));
    }
    if let Some(units) = &found.units {
        query = query.filter(reports::unit_id.eq_any(units));
    }
    if let Some(area) = found.scope.area() {
        query = query.filter(reports::jurisdiction.eq_any(area));
    }
    if let Some(status) = filter.status {
        query = query.filter(reports::status.eq(status.as_str()));
    }
    if let Some(late) = filter.late {
        let late_ones: Condition<reports::table> =
            Box::new(reports::first_submitted_at.assume_not_null().ge(reports::due_at).and(reports::first_submitted_at.is_not_null()));
        let others: Condition<reports::table> =
            Box::new(reports::first_submitted_at.is_null().or(reports::first_submitted_at.assume_not_null().lt(reports::due_at)));
        query = query.filter(if late { late_ones } else { others });
    }
    if let Some(before) = filter.due_before {
        query = query.filter(reports::due_at.lt(before));
    }
    if let Some(since) = filter.updated_since {
        query = query.filter(reports::updated_at.ge(since));
    }
    query
}

/// A page of the reports that the caller may read.
///
/// # Errors
/// 400 for a reference, sort field or cursor that fits nothing.
pub(super) fn list(c: &mut Conn, actor: &Actor, filter: &ReportFilter, paging: &Paging) -> Result<Page<Report>> {
    let window = paging.window(FIELDS, "created_at", TIE)?;
    let found = Found::read(c, filter)?;
    let page: Page<ReportRow> = page_of!(c, &window, reports::table, filtered(actor, filter, &found), key);
    let names = Names::of(c, found.scope.plan(), &page.items)?;
    page.try_map(|row| names.report(&row))
}

/// The names of what rows refer to.
struct Names {
    plans: HashMap<PlanId, String>,
    periods: HashMap<PeriodId, String>,
    units: HashMap<UnitId, Ref>,
}

impl Names {
    fn of(c: &mut Conn, plan: Option<&PlanKey>, rows: &[ReportRow]) -> Result<Self> {
        let periods: BTreeSet<&PeriodId> = rows.iter().map(|r| &r.period_id).collect();
        Ok(Self {
            plans: plans::codes_of(c, plan, rows.iter().map(|r| &r.plan_id))?,
            periods: reporting_periods::table
                .filter(reporting_periods::id.eq_any(periods))
                .select((reporting_periods::id, reporting_periods::label))
                .load(c)?
                .into_iter()
                .collect(),
            units: units::references(c, rows.iter().map(|r| &r.unit_id))?,
        })
    }

    fn report(&self, row: &ReportRow) -> Result<Report> {
        let label = self.periods.get(&row.period_id).cloned().unwrap_or_default();
        let unit = self.units.get(&row.unit_id).map_or("", |unit| unit.code.as_str());
        head(row, plans::code_in(&self.plans, &row.plan_id), label, unit)
    }
}

/// What a list shows of a report; every column is spoken of.
fn head(row: &ReportRow, plan: &str, label: String, unit: &str) -> Result<Report> {
    let ReportRow {
        id,
        jurisdiction,
        plan_id,
        period_id,
        unit_id,
        status: _,
        revision,
        round,
        due_at,
        first_submitted_at,
        submitted_at,
        submitted_by,
        submitted_by_name,
        on_behalf,
        accepted_at: _,
        narrative: _,
        version,
        created_at,
        updated_at,
    } = row;
    Ok(Report {
        id: id.as_str().to_owned(),
        version: *version,
        plan: Ref::new(plan_id.as_str(), plan),
        period: PeriodRef { id: period_id.as_str().to_owned(), label },
        unit: Ref::new(unit_id.as_str(), unit),
        jurisdiction: jurisdiction.clone(),
        status: row.status()?,
        revision: *revision,
        round: *round,
        due_at: *due_at,
        submitted_at: *submitted_at,
        submitted_by: submitted_by_name.clone().map(|name| ActorRef { id: submitted_by.clone(), name }),
        late: rules::is_late(*first_submitted_at, *due_at),
        on_behalf: *on_behalf,
        narrative: None,
        observations: None,
        task_updates: None,
        history: None,
        created_at: *created_at,
        updated_at: *updated_at,
        actions: None,
    })
}

/// A report that the caller may read, with its period.
///
/// # Errors
/// 404.
pub(super) fn report_with_period(c: &mut Conn, actor: &Actor, id: &ReportId) -> Result<ReportWithPeriod> {
    let (row, period): (ReportRow, PeriodKey) = reports::table
        .inner_join(reporting_periods::table)
        .filter(reports::id.eq(id))
        .select((ReportRow::as_select(), PeriodKey::as_select()))
        .first(c)
        .optional()?
        .ok_or(codes::NOT_FOUND)?;
    let status = row.status()?;
    if !scope::sees(actor, &row.jurisdiction, &row.unit_id, status) {
        return Err(codes::NOT_FOUND.into());
    }
    Ok(ReportWithPeriod { row, status, period })
}

impl ReportWithPeriod {
    /// What its unit owes.
    pub(super) fn obligations(&self, c: &mut Conn) -> Result<Obligations> {
        Obligations::load(c, &self.row.plan_id, &self.row.period_id, &self.row.jurisdiction, &self.row.unit_id)
    }

    /// Goes on only if the caller's role takes this step here.
    ///
    /// # Errors
    /// 403 `access.denied`.
    pub(super) fn role(&self, actor: &Actor, step: Step) -> Result<()> {
        match step.role() {
            Role::Reporter => scope::must_report_for(actor, &self.row.jurisdiction, &self.row.unit_id),
            role => actor.must(&[role], &self.row.jurisdiction),
        }
    }

    /// Goes on only if the caller writes this report and it can be written now.
    ///
    /// # Errors
    /// 403, 409.
    pub(super) fn may_edit(&self, actor: &Actor) -> Result<()> {
        scope::must_report_for(actor, &self.row.jurisdiction, &self.row.unit_id)?;
        rules::editable(self.status)
    }
}

impl ReportAggregate {
    /// A report with all that decides what may be done with it.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn of(c: &mut Conn, report_with_period: ReportWithPeriod) -> Result<Self> {
        let obligations = report_with_period.obligations(c)?;
        let cells = Cells::load(c, &report_with_period.row.id)?;
        let held = report_with_period.status == Status::Accepted
            && !holders(c, &report_with_period.row.id, &["approved", "sent", "acknowledged"])?.is_empty();
        let narrative = report_with_period.row.narrative()?;
        Ok(Self { report_with_period, obligations, cells, narrative, held })
    }

    /// Whether the caller's role takes this step with these figures.
    ///
    /// # Errors
    /// 403 `access.denied` or `access.restricted`.
    pub(super) fn entitled(&self, actor: &Actor, step: Step) -> Result<()> {
        self.report_with_period.role(actor, step)?;
        let hidden = step == Step::Accept && !actor.sees_restricted(&self.report_with_period.row.jurisdiction);
        if hidden && self.cells.hold_restricted(&self.obligations) { Err(codes::ACCESS_RESTRICTED.into()) } else { Ok(()) }
    }

    /// Whether the step can be taken now, and where it leads.
    ///
    /// # Errors
    /// 409 for the state, 422 with all that is missing.
    pub(super) fn possible(&self, step: Step) -> Result<Status> {
        let to = rules::step(self.report_with_period.status, step)?;
        match step {
            Step::Submit => {
                rules::period_takes(&self.report_with_period.period.status)?;
                observations::look(self)?.check()?;
            }
            Step::Reopen if self.held => return Err(codes::REPORT_HELD.into()),
            _ => {}
        }
        Ok(to)
    }

    fn actions(&self, actor: &Actor) -> Result<Actions> {
        Step::OF_PEOPLE
            .into_iter()
            .try_fold(Actions::default().with(actor, "update", self.report_with_period.may_edit(actor))?, |actions, step| {
                actions.with(actor, step.name(), self.entitled(actor, step).and_then(|()| self.possible(step).map(drop)))
            })
    }
}

/// The consolidated reports of these statuses that hold a report and that no later one replaces.
pub(super) fn holders(c: &mut Conn, id: &ReportId, statuses: &[&str]) -> Result<Vec<ConsolidatedId>> {
    let held: Vec<ConsolidatedId> = consolidated_members::table
        .inner_join(consolidated_reports::table)
        .filter(consolidated_members::report_id.eq(id))
        .filter(consolidated_reports::status.eq_any(statuses.iter().copied()))
        .order(consolidated_reports::id)
        .select(consolidated_reports::id)
        .load(c)?;
    if held.is_empty() {
        return Ok(held);
    }
    let replaced: Vec<Option<ConsolidatedId>> = consolidated_reports::table
        .filter(consolidated_reports::supersedes.eq_any(held.iter().map(ConsolidatedId::as_str)))
        .select(consolidated_reports::supersedes)
        .load(c)?;
    Ok(held.into_iter().filter(|id| !replaced.iter().flatten().any(|r| r == id)).collect())
}

/// One report as the caller may see it, with what he may do with it.
///
/// # Errors
/// 404.
pub fn find(c: &mut Conn, actor: &Actor, id: &ReportId) -> Result<Report> {
    let report_with_period = report_with_period(c, actor, id)?;
    let aggregate = ReportAggregate::of(c, report_with_period)?;
    let observations = aggregate.cells.shown(c, actor, &aggregate)?;
    let narrative = aggregate.narrative.clone();
    told(c, actor, &aggregate, narrative, observations)
}

/// The same as it was last submitted in an earlier revision.
///
/// # Errors
/// 404, 400 `round.unknown`.
pub(super) fn find_revision(c: &mut Conn, actor: &Actor, id: &ReportId, revision: i32) -> Result<Report> {
    let report_with_period = report_with_period(c, actor, id)?;
    if revision == report_with_period.row.revision {
        return find(c, actor, id);
    }
    let round = rounds::last_of(c, id, revision)?;
    let aggregate = ReportAggregate::of(c, report_with_period)?;
    let observations = rounds::shown(actor, &aggregate, round.content.observations);
    let mut report = told(c, actor, &aggregate, round.content.narrative, observations)?;
    if let Some(history) = &mut report.history {
        history.retain(|event| event.revision <= revision);
        if let Some(last) = history.iter().rev().find(|event| event.action == Step::Submit.name()) {
            report.submitted_by = Some(last.by.clone());
        }
        report.status = history.last().map_or(report.status, |event| event.status);
    }
    Ok(Report { revision, round: round.round, submitted_at: Some(round.submitted_at), ..report })
}

fn told(
    c: &mut Conn,
    actor: &Actor,
    aggregate: &ReportAggregate,
    narrative: Narrative,
    observations: Vec<super::wire::observation::ReportObservation>,
) -> Result<Report> {
    let row = &aggregate.report_with_period.row;
    let unit: String = unit_rows::table.find(&row.unit_id).select(unit_rows::code).first(c)?;
    let plan: String = plan_rows::table.find(&row.plan_id).select(plan_rows::code).first(c)?;
    Ok(Report {
        narrative: Some(narrative),
        observations: Some(observations),
        task_updates: Some(task_updates_of(c, &row.id)?),
        history: Some(history(c, &row.id)?),
        actions: Some(aggregate.actions(actor)?),
        ..head(row, &plan, aggregate.report_with_period.period.label.clone(), &unit)?
    })
}

type EventColumns = (UtcTime, Option<String>, String, String, String, i32, i32, Option<String>, String);

fn history(c: &mut Conn, id: &ReportId) -> Result<Vec<ReportEvent>> {
    use report_events as e;
    let rows: Vec<EventColumns> = e::table
        .filter(e::report_id.eq(id))
        .order((e::at, e::id))
        .select((e::at, e::by_id, e::by_name, e::action, e::status, e::revision, e::round, e::reason, e::remarks))
        .load(c)?;
    rows.into_iter()
        .map(|(at, id, name, action, status, revision, round, reason, remarks)| {
            let status = Status::parse(&status).ok_or_else(|| Error::internal("a step to an unknown status"))?;
            let remarks: Vec<Remark> = db::from_json(&remarks)?;
            Ok(ReportEvent { at, by: ActorRef { id, name }, action, status, revision, round, reason, remarks })
        })
        .collect()
}

type UpdateColumns = ((String, String), String, i32, Option<String>, Option<String>, String, UtcTime);

fn task_updates_of(c: &mut Conn, id: &ReportId) -> Result<Vec<ReportTaskUpdate>> {
    use task_updates as u;
    let rows: Vec<UpdateColumns> = u::table
        .inner_join(tasks::table)
        .filter(u::report_id.eq(id))
        .order((u::at, u::id))
        .select(((tasks::id, tasks::code), u::status, u::percent_complete, u::note, u::by_id, u::by_name, u::at))
        .load(c)?;
    let told = |((task, code), status, percent_complete, note, actor, name, at): UpdateColumns| ReportTaskUpdate {
        task: Ref::new(task, code),
        status,
        percent_complete,
        note,
        by: ActorRef { id: actor, name },
        at,
    };
    Ok(rows.into_iter().map(told).collect())
}
