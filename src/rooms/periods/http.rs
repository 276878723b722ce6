//! Reporting periods over HTTP.

use super::editing::{self, Made};
use super::rules::Step;
use super::wire::{
    ConsolidationDeadlineIn, ConsolidationDeadlineOut, ExcusalIn, ExcusalOut, ExtensionIn, ExtensionOut, PeriodCloseIn, PeriodFilter,
    PeriodIn, PeriodOut, PeriodUnitIn, PeriodsMade, PeriodsOut,
};
use super::{deadlines, excusals, opening, use_cases};
use crate::change::Expected;
use crate::change::patch::Patch;
use crate::db::data_version::Kinds;
use crate::http::reply::Reply;
use crate::http::request::{Body, Id, Query, Request};
use crate::http::response_cache::{For, Keepable};
use crate::http::routes::Routes;
use crate::http::version::IfMatch;
use crate::problem::Result;
use crate::reading::paging::{Page, Paging};
use crate::reading::read_scope::ReadScope;
use crate::values::id::{JurisdictionId, PeriodId};
use actix_web::web::Path;
use actix_web::{delete, get, patch, post, put};

/// What its answers are read of.
const READS: Kinds = Kinds::PLAN.and(Kinds::INDICATOR).and(Kinds::UNIT).and(Kinds::PERIOD).and(Kinds::REPORT);
/// And one of them: what may be done with it follows from what refers to it.
const ONE_READS: Kinds = READS.and(Kinds::CONSOLIDATED);

/// Mounts the room.
pub fn routes(routes: &mut Routes) {
    routes
        .service(list_reporting_periods)
        .service(create_reporting_period)
        .service(find_reporting_period)
        .service(update_reporting_period)
        .service(delete_reporting_period)
        .service(open_reporting_period)
        .service(close_reporting_period)
        .service(reopen_reporting_period)
        .service(extend_reporting_period)
        .service(add_unit_to_reporting_period)
        .service(excuse_unit_from_reporting_period)
        .service(remove_excusal_from_reporting_period)
        .service(find_consolidation_deadline)
        .service(set_consolidation_deadline);
}

/// List reporting periods
///
/// The reporting periods (kỳ báo cáo) of where the caller's grants hold. Sort fields: `label`, `opens_at`, `due_at`, `created_at`,
/// `updated_at`.
#[utoipa::path(tag = "Reporting periods",
    extensions(("x-roles" = json!(["admin", "coordinator", "leader", "reporter", "supervisor", "province"])), ("x-problems" = json!(["reference.unknown", "reference.ambiguous"]))),
    params(PeriodFilter, Paging), responses((status = 200, description = "A page of reporting periods", body = Page<PeriodOut>)))]
#[get("/reporting-periods")]
pub async fn list_reporting_periods(request: Request, filter: Query<PeriodFilter>, paging: Query<Paging>) -> Result<Reply> {
    request
        .cached(For::Caller, READS, move |c, actor| {
            let page = use_cases::list(c, actor, &filter.0, &paging.0)?;
            Ok(Keepable::of(Reply::page(&page)?, ReadScope::named(filter.0.plan.as_deref(), filter.0.jurisdiction.as_deref())))
        })
        .await
}

/// Create a reporting period
///
/// The coordinator makes periods of a plan. The province makes ad hoc ones (báo cáo đột xuất): of one plan, or by `jurisdictions` in place of
/// `plan` one for each ward at or below them, of its active plan; the answer is then `{items[]}` and all share their `inquiry`;
/// `not_asked[]` lists the indicators that a ward does not have, and a ward that has none of them gets no period, nor does one below a
/// province named that is not there on `ends_on`. Days and
/// instants of a periodic one follow from its label by the plan's rules where they are left out. One whose `opens_at` has come is open at once.
#[utoipa::path(tag = "Reporting periods",
    extensions(("x-roles" = json!(["coordinator", "province"])), ("x-problems" = json!(["period.exists", "period.label_mismatch", "plan.closed", "jurisdiction.dissolved", "reference.unknown", "reference.ambiguous", "field.conflict"]))),
    request_body = PeriodIn,
    responses((status = 201, description = "The new period, or the new periods of several wards", body = PeriodsMade)))]
#[post("/reporting-periods")]
pub async fn create_reporting_period(request: Request, body: Body<PeriodIn>) -> Result<Reply> {
    request
        .write(move |c, actor| match editing::create(c, actor, &body.0)? {
            Made::One(id) => {
                let period = use_cases::find(c, actor, &id)?;
                let (version, location) = (period.version, place(&id));
                Reply::created(&PeriodsMade::One(Box::new(period)), Some(version), location)
            }
            Made::Several(ids, inquiry, not_asked) => {
                let items = use_cases::find_all(c, actor, &ids)?;
                let location = format!("/api/v1/reporting-periods?inquiry={inquiry}");
                Reply::created(&PeriodsMade::Several(PeriodsOut { items, not_asked }), None, location)
            }
        })
        .await
}

fn place(id: &PeriodId) -> String {
    format!("/api/v1/reporting-periods/{id}")
}

/// One reporting period
///
/// A period with its units, indicators and extensions, and what this caller may do with it.
#[utoipa::path(tag = "Reporting periods",
    extensions(("x-roles" = json!(["admin", "coordinator", "leader", "reporter", "supervisor", "province"]))),
    params(("id" = String, Path, description = "The period's id", format = "uuid")),
    responses((status = 200, description = "The period", body = PeriodOut)))]
#[get("/reporting-periods/{id}")]
pub async fn find_reporting_period(request: Request, id: Id<PeriodId>) -> Result<Reply> {
    request
        .cached(For::Caller, ONE_READS, move |c, actor| {
            let period = use_cases::find(c, actor, &id.0)?;
            Ok(Keepable::of(one(&period)?, ReadScope::Jurisdiction(period.jurisdiction)))
        })
        .await
}

fn one(period: &PeriodOut) -> Result<Reply> {
    Reply::one(period, period.version)
}

/// Change a reporting period
///
/// A JSON Merge Patch (RFC 7396) of the period. The province sets `consolidated_due_at` alone. Plan, kind, frequency, label, days, units and
/// indicators are fixed once the period has opened. `due_at` is then moved for a `reason`, and with it the deadlines of the reports that
/// were not submitted and have no extension beyond it; what was submitted stays judged by the deadline that was in force.
#[utoipa::path(tag = "Reporting periods",
    extensions(("x-roles" = json!(["coordinator", "province"])), ("x-problems" = json!(["period.frozen", "period.exists", "period.label_mismatch", "jurisdiction.dissolved", "field.required", "reference.unknown", "field.immutable", "field.conflict"]))),
    params(("id" = String, Path, description = "The period's id", format = "uuid"), IfMatch),
    request_body(content = Patch<PeriodIn>, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The period as it is now", body = PeriodOut)))]
#[patch("/reporting-periods/{id}")]
pub async fn update_reporting_period(request: Request, id: Id<PeriodId>, expected: Expected, body: Body<Patch<PeriodIn>>) -> Result<Reply> {
    request.write(move |c, actor| one(&editing::update(c, actor, &id.0, &expected, &body.0)?)).await
}

/// Delete a reporting period
///
/// Only a period that was never opened can be deleted, and none that the plan's rules imply: such a one is closed.
#[utoipa::path(tag = "Reporting periods", extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["period.in_use", "period.implied"]))),
    params(("id" = String, Path, description = "The period's id", format = "uuid"), IfMatch),
    responses((status = 204, description = "It is gone")))]
#[delete("/reporting-periods/{id}")]
pub async fn delete_reporting_period(request: Request, id: Id<PeriodId>, expected: Expected) -> Result<Reply> {
    request.write(move |c, actor| editing::delete(c, actor, &id.0, &expected).map(|()| Reply::no_content())).await
}

/// Open a reporting period
///
/// Fixes who owes what, in which version of each definition, and makes a draft report for every unit; also before `opens_at`. At `opens_at`
/// it happens by itself. Later changes of duties, groups, values and units touch periods opened later only.
#[utoipa::path(tag = "Reporting periods", extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["period.invalid_transition", "plan.closed", "jurisdiction.dissolved"]))),
    params(("id" = String, Path, description = "The period's id", format = "uuid"), IfMatch),
    responses((status = 200, description = "The period, now open", body = PeriodOut)))]
#[post("/reporting-periods/{id}/open")]
pub async fn open_reporting_period(request: Request, id: Id<PeriodId>, expected: Expected) -> Result<Reply> {
    request.write(move |c, actor| one(&opening::step(c, actor, &id.0, &expected, Step::Open, None)?)).await
}

/// Close a reporting period
///
/// No report can be submitted in it any more. One that was never opened is closed for a `reason`, and counts nowhere until it is reopened.
#[utoipa::path(tag = "Reporting periods", extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["period.invalid_transition", "field.required"]))),
    params(("id" = String, Path, description = "The period's id", format = "uuid"), IfMatch),
    request_body = Option<PeriodCloseIn>,
    responses((status = 200, description = "The period, now closed", body = PeriodOut)))]
#[post("/reporting-periods/{id}/close")]
pub async fn close_reporting_period(
    request: Request,
    id: Id<PeriodId>,
    expected: Expected,
    body: Body<Option<PeriodCloseIn>>,
) -> Result<Reply> {
    let reason = body.0.and_then(|body| body.reason);
    request.write(move |c, actor| one(&opening::step(c, actor, &id.0, &expected, Step::Close, reason.as_deref())?)).await
}

/// Reopen a reporting period
///
/// Reports can be submitted in it again. One that was closed without having been opened opens thereby for the first time.
#[utoipa::path(tag = "Reporting periods", extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["period.invalid_transition", "plan.closed", "jurisdiction.dissolved"]))),
    params(("id" = String, Path, description = "The period's id", format = "uuid"), IfMatch),
    responses((status = 200, description = "The period, open again", body = PeriodOut)))]
#[post("/reporting-periods/{id}/reopen")]
pub async fn reopen_reporting_period(request: Request, id: Id<PeriodId>, expected: Expected) -> Result<Reply> {
    request.write(move |c, actor| one(&opening::step(c, actor, &id.0, &expected, Step::Reopen, None)?)).await
}

/// Give a unit more time
///
/// Moves the deadline of one unit's report (gia hạn) in an open period, and judges anew whether it was late. The period's `extensions[]`
/// lists all that were given.
#[utoipa::path(tag = "Reporting periods",
    extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["period.not_open", "period.closed", "reference.unknown", "extension.earlier"]))),
    params(("id" = String, Path, description = "The period's id", format = "uuid")),
    request_body = ExtensionIn, responses((status = 201, description = "The extension", body = ExtensionOut)))]
#[post("/reporting-periods/{id}/extensions")]
pub async fn extend_reporting_period(request: Request, id: Id<PeriodId>, body: Body<ExtensionIn>) -> Result<Reply> {
    request
        .write(move |c, actor| {
            let extension = opening::extend(c, actor, &id.0, &body.0)?;
            Reply::created(&extension, None, place(&id.0))
        })
        .await
}

/// Add a unit to a period
///
/// The unit owes what its duties of now ask among the period's indicators; in an open period it gets its draft report at once. A group stands
/// for its members.
#[utoipa::path(tag = "Reporting periods",
    extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["period.closed", "period.unit_exists", "consolidated_report.exists", "reference.unknown"]))),
    params(("id" = String, Path, description = "The period's id", format = "uuid")),
    request_body = PeriodUnitIn, responses((status = 201, description = "The period with the unit", body = PeriodOut)))]
#[post("/reporting-periods/{id}/units")]
pub async fn add_unit_to_reporting_period(request: Request, id: Id<PeriodId>, body: Body<PeriodUnitIn>) -> Result<Reply> {
    request
        .write(move |c, actor| {
            let period = opening::add_unit(c, actor, &id.0, &body.0)?;
            Reply::created(&period, Some(period.version), place(&id.0))
        })
        .await
}

/// Excuse a unit
///
/// The unit need not report in the open period (miễn báo cáo): it is in no count but `excused`, and its unfinished report cannot be submitted.
/// What was accepted of it counts, and can be reopened and submitted again.
#[utoipa::path(tag = "Reporting periods",
    extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["period.not_open", "period.closed", "consolidated_report.exists", "excusal.exists", "reference.unknown"]))),
    params(("id" = String, Path, description = "The period's id", format = "uuid")),
    request_body = ExcusalIn, responses((status = 201, description = "The excusal", body = ExcusalOut)))]
#[post("/reporting-periods/{id}/excusals")]
pub async fn excuse_unit_from_reporting_period(request: Request, id: Id<PeriodId>, body: Body<ExcusalIn>) -> Result<Reply> {
    request
        .write(move |c, actor| {
            let excusal = excusals::excuse(c, actor, &id.0, &body.0)?;
            Reply::created(&excusal, None, place(&id.0))
        })
        .await
}

/// Take an excusal back
///
/// The unit, named by its id or code, owes its report again.
#[utoipa::path(tag = "Reporting periods",
    extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["period.not_open", "period.closed", "consolidated_report.exists"]))),
    params(("id" = String, Path, description = "The period's id", format = "uuid"), ("unit" = String, Path, description = "The unit's id or code", example = "U7.3"), IfMatch),
    responses((status = 204, description = "It owes its report again")))]
#[delete("/reporting-periods/{id}/excusals/{unit}")]
pub async fn remove_excusal_from_reporting_period(
    request: Request,
    id: Id<PeriodId>,
    path: Path<(String, String)>,
    expected: Expected,
) -> Result<Reply> {
    let (_, unit) = path.into_inner();
    request.write(move |c, actor| excusals::take_back(c, actor, &id.0, &unit, &expected).map(|()| Reply::no_content())).await
}

/// By when wards owe the province
///
/// The deadline for consolidated reports that was set for an administrative unit.
#[utoipa::path(tag = "Reporting periods", extensions(("x-roles" = json!(["province"]))),
    params(("id" = String, Path, description = "The administrative unit's id", format = "uuid"),
        ("label" = String, Path, description = "The label of the periods", max_length = 64, example = "2026")),
    responses((status = 200, description = "The deadline", body = ConsolidationDeadlineOut)))]
#[get("/jurisdictions/{id}/consolidation-deadlines/{label}")]
pub async fn find_consolidation_deadline(request: Request, id: Id<JurisdictionId>, path: Path<(String, String)>) -> Result<Reply> {
    let (_, label) = path.into_inner();
    request.read(move |c, actor| Reply::ok(&deadlines::find(c, actor, &id.0, &label)?)).await
}

/// Say by when wards owe the province
///
/// Sets `consolidated_due_at` of the regular periods with this label, in every ward at or below the administrative unit: of those that exist
/// and of those to come. What a ward has sent first is judged by the deadline that was in force then.
#[utoipa::path(tag = "Reporting periods", extensions(("x-roles" = json!(["province"]))),
    params(("id" = String, Path, description = "The administrative unit's id", format = "uuid"),
        ("label" = String, Path, description = "The label of the periods", max_length = 64, example = "2026")),
    request_body = ConsolidationDeadlineIn,
    responses((status = 200, description = "The deadline as it is now", body = ConsolidationDeadlineOut)))]
#[put("/jurisdictions/{id}/consolidation-deadlines/{label}")]
pub async fn set_consolidation_deadline(
    request: Request,
    id: Id<JurisdictionId>,
    path: Path<(String, String)>,
    body: Body<ConsolidationDeadlineIn>,
) -> Result<Reply> {
    let (_, label) = path.into_inner();
    request.write(move |c, actor| Reply::ok(&deadlines::set(c, actor, &id.0, &label, &body.0)?)).await
}
