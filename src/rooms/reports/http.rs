//! Reports over HTTP.

use super::rules::Step;
use super::transitions::Words;
use super::wire::comments::{CommentIn, CommentState, ReportComment};
use super::wire::form::ReportForm;
use super::wire::narratives::PeriodNarratives;
use super::wire::observation::{CellCounts, CellsIn};
use super::wire::readiness::Readiness;
use super::wire::{DiffQuery, ReopenIn, Report, ReportDiff, ReportFilter, ReportIn, ReturnIn, RevisionQuery};
use super::{comments, desk, entry, form, handing_over, narratives, sheet, use_cases};
use crate::change::Expected;
use crate::change::patch::Patch;
use crate::db::data_version::Kinds;
use crate::formats::Format;
use crate::formats::xlsx::Spreadsheet;
use crate::http::purpose::Purpose;
use crate::http::query;
use crate::http::reply::Reply;
use crate::http::request::{Body, Id, Query, Request};
use crate::http::response_cache::{For, Keepable};
use crate::http::routes::Routes;
use crate::http::streamed::Streamed;
use crate::http::version::IfMatch;
use crate::problem::Result;
use crate::reading::layout::TableLayout;
use crate::reading::paging::{Page, Paging};
use crate::reading::read_scope::ReadScope;
use crate::rooms::periods::{Completeness, TransferIn, TransferOut};
use crate::values::id::{CommentId, PeriodId, ReportId};
use actix_web::web::Path;
use actix_web::{Either, get, patch, post};
use serde_json::{Map, Value};

/// What its answers are read of.
const READS: Kinds = Kinds::PLAN.and(Kinds::INDICATOR).and(Kinds::UNIT).and(Kinds::PERIOD).and(Kinds::REPORT);

/// What who has reported is read of.
const DESK_READS: Kinds =
    READS.and(Kinds::GOAL).and(Kinds::PLAN_INDICATOR).and(Kinds::DIMENSION).and(Kinds::CONSOLIDATED).and(Kinds::COMMENT);

/// Mounts the room.
pub fn routes(routes: &mut Routes) {
    routes
        .service(list_reports)
        .service(find_report)
        .service(update_report)
        .service(update_report_observations)
        .service(find_report_readiness)
        .service(compare_report_rounds)
        .service(list_report_comments)
        .service(create_report_comment)
        .service(find_report_comment)
        .service(update_report_comment)
        .service(find_period_narratives)
        .service(find_period_completeness)
        .service(find_report_form)
        .service(submit_report)
        .service(withdraw_report)
        .service(accept_report)
        .service(return_report)
        .service(reopen_report)
        .service(transfer_obligation);
}

/// List reports
///
/// The reports (báo cáo) that the caller may read: a coordinator's all, a leader's and a supervisor's from `submitted` on, a
/// unit's own. Sort fields: `due_at`, `submitted_at` (those not submitted last), `status`, `revision`, `created_at`,
/// `updated_at`.
///
/// As a table (`Accept`, or `format=csv`, `format=xlsx`) all that fit are one file, without `limit`, `cursor`, `sort` and `include_total`,
/// in the order in which they were made: `id`, `plan`, `jurisdiction`, `unit`, `period`, `status`, `revision`, `round`, `due_at`,
/// `submitted_at`, `submitted_by`, `late`, `on_behalf`, `created_at`, `updated_at`.
#[utoipa::path(tag = "Reports", extensions(("x-roles" = json!(["coordinator", "leader", "supervisor", "reporter"])), ("x-problems" = json!(["reference.unknown", "reference.ambiguous"]))),
    params(ReportFilter, TableLayout, Paging), responses((status = 200, description = "A page of reports, or all of them as a table", content(
        (Page<Report> = "application/json"),
        (String = "text/csv", example = json!("id,plan,jurisdiction,unit,period,status,revision,round,due_at,submitted_at,submitted_by,late,on_behalf,created_at,updated_at\r\n0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a67,KH-BDG-DN-2026-2030,09385,U5,2026,accepted,1,1,2026-11-24T17:00:00Z,2026-11-20T02:00:00Z,Trạm y tế,false,false,2026-10-01T00:00:00Z,2026-11-21T03:00:00Z\r\n")),
        (Spreadsheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
#[get("/reports")]
pub async fn list_reports(
    request: Request,
    filter: Query<ReportFilter>,
    given: Query<Map<String, Value>>,
    layout: Query<TableLayout>,
    paging: Query<Paging>,
) -> Result<Either<Reply, Streamed>> {
    let format = request.format();
    query::fits(&given.0, format)?;
    if format != Format::Json {
        let writer = layout.0.writer(format, request.app.config.spool_folder())?;
        return request
            .stream(format!("reports.{}", format.name()), sheet::export(filter.0, layout.0.headers, writer))
            .await
            .map(Either::Right);
    }
    let page = request.cached(For::Caller, READS, move |c, actor| {
        let page = use_cases::list(c, actor, &filter.0, &paging.0)?;
        Ok(Keepable::of(Reply::page(&page)?, ReadScope::named(filter.0.plan.as_deref(), filter.0.jurisdiction.as_deref())))
    });
    page.await.map(Either::Left)
}

/// One report
///
/// A report with its figures, words and history, and what this caller may do with it. With `revision`, what an earlier
/// revision said when it was last submitted. Restricted figures are `suppressed` for those who lack the scope; a unit sees
/// its own.
#[utoipa::path(tag = "Reports", extensions(("x-roles" = json!(["coordinator", "leader", "supervisor", "reporter"])), ("x-problems" = json!(["round.unknown"]))),
    params(("id" = String, Path, description = "The report's id", format = "uuid"), RevisionQuery, Purpose),
    responses((status = 200, description = "The report", body = Report)))]
#[get("/reports/{id}")]
pub async fn find_report(request: Request, id: Id<ReportId>, query: Query<RevisionQuery>) -> Result<Reply> {
    request
        .read(move |c, actor| {
            let report = match query.0.revision {
                None => use_cases::find(c, actor, &id.0)?,
                Some(revision) => use_cases::find_revision(c, actor, &id.0, revision)?,
            };
            Reply::one(&report, report.version)
        })
        .await
}

/// What a form needs
///
/// Everything that draws a report's form (biểu mẫu), in the caller's language: what the unit owes, in the plan's order, filled or not, with inputs,
/// breakdowns, last figures and what is still to be done. Its ETag is of the report's version.
#[utoipa::path(tag = "Reports", extensions(("x-roles" = json!(["coordinator", "leader", "supervisor", "reporter"]))),
    params(("id" = String, Path, description = "The report's id", format = "uuid"), Purpose),
    responses((status = 200, description = "The form", body = ReportForm)))]
#[get("/reports/{id}/form")]
pub async fn find_report_form(request: Request, id: Id<ReportId>) -> Result<Reply> {
    request
        .read(move |c, actor| {
            let form = form::find(c, actor, &id.0)?;
            Reply::one(&form, form.report.version)
        })
        .await
}

/// Change a report's words and answers
///
/// A JSON Merge Patch (RFC 7396) of the narrative and of the answers to the period's questions. A report can be edited while it is `draft` or `returned`; figures have
/// their own address.
#[utoipa::path(tag = "Reports", extensions(("x-roles" = json!(["reporter"])), ("x-problems" = json!(["report.not_editable"]))),
    params(("id" = String, Path, description = "The report's id", format = "uuid"), IfMatch, Purpose),
    request_body(content = Patch<ReportIn>, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The report as it is now", body = Report)))]
#[patch("/reports/{id}")]
pub async fn update_report(request: Request, id: Id<ReportId>, expected: Expected, body: Body<Patch<ReportIn>>) -> Result<Reply> {
    request
        .write(move |c, actor| {
            let report = use_cases::update(c, actor, &id.0, &expected, &body.0)?;
            Reply::one(&report, report.version)
        })
        .await
}

/// Write figures
///
/// Creates, replaces and removes figures (số liệu) of a report, all of them or none. A figure is named by its indicator and
/// disaggregation and replaced whole. Writing what is there already changes nothing, not even the version. The precondition
/// is the report's own ETag, and the answer carries its new one.
#[utoipa::path(tag = "Reports", extensions(("x-roles" = json!(["reporter"])), ("x-problems" = json!([
        "report.not_editable", "reference.unknown", "indicator.not_due", "disaggregation.unknown", "observation.duplicate", "observation.absent",
        "value.negative", "value.not_whole", "value.numerator_above_denominator", "value.zero_denominator", "value.out_of_range",
        "value.unexpected", "extra.unknown", "extra.invalid"]))),
    params(("id" = String, Path, description = "The report's id", format = "uuid"), IfMatch),
    request_body = CellsIn, responses((status = 200, description = "What became of the figures", body = CellCounts)))]
#[patch("/reports/{id}/observations")]
pub async fn update_report_observations(request: Request, id: Id<ReportId>, expected: Expected, body: Body<CellsIn>) -> Result<Reply> {
    request
        .write(move |c, actor| {
            let (counts, version) = entry::write(c, actor, &id.0, &body.0.observations, Some(&expected))?;
            Reply::one(&counts, version)
        })
        .await
}

/// Whether a report can be submitted
///
/// Everything that still stands between the report and submitting it (exactly what `submit` refuses), and what is worth a
/// look.
#[utoipa::path(tag = "Reports", extensions(("x-roles" = json!(["coordinator", "leader", "supervisor", "reporter"]))),
    params(("id" = String, Path, description = "The report's id", format = "uuid")),
    responses((status = 200, description = "Blockers and warnings", body = Readiness)))]
#[get("/reports/{id}/readiness")]
pub async fn find_report_readiness(request: Request, id: Id<ReportId>) -> Result<Reply> {
    request.read(move |c, actor| Reply::ok(&use_cases::readiness(c, actor, &id.0)?.represent(actor.language))).await
}

/// Compare two rounds
///
/// The figures and the parts of the narrative that two submissions of a report give differently.
#[utoipa::path(tag = "Reports", extensions(("x-roles" = json!(["coordinator", "leader", "supervisor", "reporter"])), ("x-problems" = json!(["round.unknown"]))),
    params(("id" = String, Path, description = "The report's id", format = "uuid"), DiffQuery, Purpose),
    responses((status = 200, description = "What differs", body = ReportDiff)))]
#[get("/reports/{id}/diff")]
pub async fn compare_report_rounds(request: Request, id: Id<ReportId>, query: Query<DiffQuery>) -> Result<Reply> {
    request.read(move |c, actor| Reply::ok(&use_cases::diff(c, actor, &id.0, query.0.from, query.0.to)?)).await
}

/// The comment that a path names after its report.
fn named(path: Path<(String, String)>) -> CommentId {
    CommentId::from_text(path.into_inner().1.to_ascii_lowercase())
}

/// List what is said of a report
///
/// What the unit, the coordinator and the leader say to each other about a report (trao đổi), remarks of its returns among it. What is said of a
/// restricted indicator is for its unit and those with `restricted:read`. Sort fields: `created_at`, `updated_at`.
#[utoipa::path(tag = "Reports", extensions(("x-roles" = json!(["coordinator", "leader", "supervisor", "reporter"]))),
    params(("id" = String, Path, description = "The report's id", format = "uuid"), Paging),
    responses((status = 200, description = "A page of comments", body = Page<ReportComment>)))]
#[get("/reports/{id}/comments")]
pub async fn list_report_comments(request: Request, id: Id<ReportId>, paging: Query<Paging>) -> Result<Reply> {
    request.read(move |c, actor| Reply::page(&comments::list(c, actor, &id.0, &paging.0)?)).await
}

/// Say something of a report
///
/// Speaks of a report, or of an indicator that its unit owes. It changes nothing of the report, is never published, and is open until the coordinator
/// or whoever said it resolves it.
#[utoipa::path(tag = "Reports", extensions(("x-roles" = json!(["coordinator", "leader", "reporter"])),
        ("x-problems" = json!(["reference.unknown", "indicator.not_due", "access.restricted"]))),
    params(("id" = String, Path, description = "The report's id", format = "uuid")),
    request_body = CommentIn, responses((status = 201, description = "The new comment", body = ReportComment)))]
#[post("/reports/{id}/comments")]
pub async fn create_report_comment(request: Request, id: Id<ReportId>, body: Body<CommentIn>) -> Result<Reply> {
    request
        .write(move |c, actor| {
            let comment = comments::add(c, actor, &id.0, &body.0)?;
            Reply::created(&comment, Some(comment.version), format!("/api/v1/reports/{}/comments/{}", id.0, comment.id))
        })
        .await
}

/// One comment on a report
///
/// What was said.
#[utoipa::path(tag = "Reports", extensions(("x-roles" = json!(["coordinator", "leader", "supervisor", "reporter"]))),
    params(("id" = String, Path, description = "The report's id", format = "uuid"), ("comment" = String, Path, description = "The comment's id", format = "uuid")),
    responses((status = 200, description = "The comment", body = ReportComment)))]
#[get("/reports/{id}/comments/{comment}")]
pub async fn find_report_comment(request: Request, id: Id<ReportId>, path: Path<(String, String)>) -> Result<Reply> {
    let comment = named(path);
    request
        .read(move |c, actor| {
            let comment = comments::find(c, actor, &id.0, &comment)?;
            Reply::one(&comment, comment.version)
        })
        .await
}

/// Resolve a comment on a report
///
/// Settles it, or opens it again: the coordinator, or whoever said it.
#[utoipa::path(tag = "Reports", extensions(("x-roles" = json!(["coordinator", "leader", "reporter"]))),
    params(("id" = String, Path, description = "The report's id", format = "uuid"), ("comment" = String, Path, description = "The comment's id", format = "uuid"), IfMatch),
    request_body(content = Patch<CommentState>, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The comment as it is now", body = ReportComment)))]
#[patch("/reports/{id}/comments/{comment}")]
pub async fn update_report_comment(
    request: Request,
    id: Id<ReportId>,
    path: Path<(String, String)>,
    expected: Expected,
    body: Body<Patch<CommentState>>,
) -> Result<Reply> {
    let comment = named(path);
    request
        .write(move |c, actor| {
            let comment = comments::update(c, actor, &id.0, &comment, &expected, &body.0)?;
            Reply::one(&comment, comment.version)
        })
        .await
}

/// What the units wrote
///
/// What every unit wrote of a period, field by field, in the plan's order: of the reports that the caller may read.
#[utoipa::path(tag = "Reporting periods", extensions(("x-roles" = json!(["coordinator", "leader", "supervisor", "reporter"]))),
    params(("id" = String, Path, description = "The period's id", format = "uuid")),
    responses((status = 200, description = "Their words", body = PeriodNarratives)))]
#[get("/reporting-periods/{id}/narratives")]
pub async fn find_period_narratives(request: Request, id: Id<PeriodId>) -> Result<Reply> {
    request.read(move |c, actor| Reply::ok(&narratives::of_period(c, actor, &id.0)?)).await
}

/// Who has reported in a period
///
/// Counts the reports that the period's opening made, together and unit by unit (tình hình nộp báo cáo). `on_time` and `late` judge the first
/// submission that was not withdrawn; a returned report counts as submitted. The coordinator is told what stands in the way
/// of each report, a unit of its own.
#[utoipa::path(tag = "Reporting periods", extensions(("x-roles" = json!(["coordinator", "leader", "reporter", "supervisor"]))),
    params(("id" = String, Path, description = "The period's id", format = "uuid")),
    responses((status = 200, description = "How complete the period is", body = Completeness)))]
#[get("/reporting-periods/{id}/completeness")]
pub async fn find_period_completeness(request: Request, id: Id<PeriodId>) -> Result<Reply> {
    let told = request.cached(For::Caller, DESK_READS, move |c, actor| {
        let (told, ward) = desk::of_period(c, actor, &id.0)?;
        let until = told.next_deadline(actor.now);
        Ok(Keepable::of(Reply::ok(&told)?, ReadScope::Jurisdiction(ward)).until(until))
    });
    told.await
}

async fn step(request: Request, id: ReportId, expected: Expected, step: Step) -> Result<Reply> {
    request
        .write(move |c, actor| {
            let report = use_cases::take(c, actor, &id, step, Words::default(), Some(&expected))?;
            Reply::one(&report, report.version)
        })
        .await
}

/// Submit a report
///
/// Hands a draft or a returned report in (nộp). It must be ready; after the deadline it is marked `late`.
#[utoipa::path(tag = "Reports", extensions(("x-roles" = json!(["reporter"])), ("x-problems" = json!(["report.invalid_transition", "report.excused", "report.not_ready", "period.closed"]))),
    params(("id" = String, Path, description = "The report's id", format = "uuid"), IfMatch, Purpose),
    responses((status = 200, description = "The submitted report", body = Report)))]
#[post("/reports/{id}/submit")]
pub async fn submit_report(request: Request, id: Id<ReportId>, expected: Expected) -> Result<Reply> {
    step(request, id.0, expected, Step::Submit).await
}

/// Withdraw a report
///
/// Takes a submitted report back (rút lại); it is a draft again.
#[utoipa::path(tag = "Reports", extensions(("x-roles" = json!(["reporter"])), ("x-problems" = json!(["report.invalid_transition"]))),
    params(("id" = String, Path, description = "The report's id", format = "uuid"), IfMatch, Purpose),
    responses((status = 200, description = "The draft", body = Report)))]
#[post("/reports/{id}/withdraw")]
pub async fn withdraw_report(request: Request, id: Id<ReportId>, expected: Expected) -> Result<Reply> {
    step(request, id.0, expected, Step::Withdraw).await
}

/// Accept a report
///
/// Accepts a submitted report (tiếp nhận): its figures count from now on. One that holds restricted figures takes the scope.
#[utoipa::path(tag = "Reports", extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["report.invalid_transition", "access.restricted"]))),
    params(("id" = String, Path, description = "The report's id", format = "uuid"), IfMatch, Purpose),
    responses((status = 200, description = "The accepted report", body = Report)))]
#[post("/reports/{id}/accept")]
pub async fn accept_report(request: Request, id: Id<ReportId>, expected: Expected) -> Result<Reply> {
    step(request, id.0, expected, Step::Accept).await
}

/// Return a report
///
/// Returns a submitted report to its unit (trả lại) with the reason and perhaps remarks on single indicators.
#[utoipa::path(tag = "Reports", extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["report.invalid_transition", "reference.unknown"]))),
    params(("id" = String, Path, description = "The report's id", format = "uuid"), IfMatch, Purpose),
    request_body = ReturnIn, responses((status = 200, description = "The returned report", body = Report)))]
#[post("/reports/{id}/return")]
pub async fn return_report(request: Request, id: Id<ReportId>, expected: Expected, body: Body<ReturnIn>) -> Result<Reply> {
    request
        .write(move |c, actor| {
            let words = Words { reason: Some(&body.0.reason), remarks: body.0.remarks.as_deref().unwrap_or_default() };
            let report = use_cases::take(c, actor, &id.0, Step::Return, words, Some(&expected))?;
            Reply::one(&report, report.version)
        })
        .await
}

/// Reopen a report
///
/// Reopens an accepted report for a correction (mở lại): it is returned to its unit as a new revision and counts as not
/// accepted. Not possible once a consolidated report that holds it is approved.
#[utoipa::path(tag = "Reports", extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["report.invalid_transition", "report.held"]))),
    params(("id" = String, Path, description = "The report's id", format = "uuid"), IfMatch, Purpose),
    request_body = ReopenIn, responses((status = 200, description = "The returned report", body = Report)))]
#[post("/reports/{id}/reopen")]
pub async fn reopen_report(request: Request, id: Id<ReportId>, expected: Expected, body: Body<ReopenIn>) -> Result<Reply> {
    request
        .write(move |c, actor| {
            let words = Words { reason: Some(&body.0.reason), remarks: &[] };
            let report = use_cases::take(c, actor, &id.0, Step::Reopen, words, Some(&expected))?;
            Reply::one(&report, report.version)
        })
        .await
}

/// Hand an obligation over
///
/// One indicator of an open period is owed by another unit from now on (chuyển giao nhiệm vụ báo cáo). A report of that unit that was submitted or
/// accepted is returned to it with the reason, one that is missing is made. What the other unit wrote of the indicator stays and is no longer
/// counted; left without indicators it is excused, except in an annual period, where it still owes its narrative.
#[utoipa::path(tag = "Reporting periods",
    extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["period.not_open", "period.closed", "consolidated_report.exists", "transfer.accepted", "transfer.duplicate", "field.required", "reference.unknown", "report.held"]))),
    params(("id" = String, Path, description = "The period's id", format = "uuid")),
    request_body = TransferIn, responses((status = 201, description = "The transfer", body = TransferOut)))]
#[post("/reporting-periods/{id}/transfers")]
pub async fn transfer_obligation(request: Request, id: Id<PeriodId>, body: Body<TransferIn>) -> Result<Reply> {
    request
        .write(move |c, actor| {
            let transfer = handing_over::transfer(c, actor, &id.0, &body.0)?;
            Reply::created(&transfer, None, format!("/api/v1/reporting-periods/{}", id.0))
        })
        .await
}
