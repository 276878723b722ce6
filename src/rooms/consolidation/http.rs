//! Consolidated reports over HTTP.

use super::rules::Step;
use super::transitions::Given;
use super::wire::{
    ApproveIn, ConsolidatedDiff, ConsolidatedEdit, ConsolidatedFilter, ConsolidatedIn, ConsolidatedOut, ConsolidatedReason, InquiryAnswers,
    RefreshIn, RevisionsQuery, Signatory,
};
use super::{diff, inquiry, transitions, use_cases};
use crate::change::Expected;
use crate::change::patch::Patch;
use crate::http::purpose::Purpose;
use crate::http::reply::Reply;
use crate::http::request::{Body, Id, Query, Request};
use crate::http::routes::Routes;
use crate::http::version::IfMatch;
use crate::problem::Result;
use crate::reading::paging::{Page, Paging};
use crate::values::id::{ConsolidatedId, InquiryId};
use actix_web::{delete, get, patch, post};

/// Mounts the room.
pub fn routes(routes: &mut Routes) {
    routes
        .service(list_consolidated_reports)
        .service(create_consolidated_report)
        .service(find_consolidated_report)
        .service(compare_consolidated_reports)
        .service(find_inquiry_answers)
        .service(update_consolidated_report)
        .service(delete_consolidated_report)
        .service(refresh_consolidated_report)
        .service(approve_consolidated_report)
        .service(reject_consolidated_report)
        .service(send_consolidated_report)
        .service(acknowledge_consolidated_report)
        .service(return_consolidated_report);
}

/// List consolidated reports
///
/// The consolidated reports (báo cáo tổng hợp) that the caller may read: the ward's coordinator, leaders and supervisors
/// all of them, its units those sent, the province those sent and those it returned. Items lack `content` and `history`.
/// Sort fields: `created_at`, `updated_at`, `computed_at`, `revision`, `status`, `jurisdiction`.
#[utoipa::path(tag = "Consolidated reports",
    extensions(("x-roles" = json!(["coordinator", "leader", "supervisor", "reporter", "province"])), ("x-problems" = json!(["reference.unknown", "reference.ambiguous"]))),
    params(ConsolidatedFilter, Paging, Purpose),
    responses((status = 200, description = "A page of consolidated reports", body = Page<ConsolidatedOut>)))]
#[get("/consolidated-reports")]
pub async fn list_consolidated_reports(request: Request, filter: Query<ConsolidatedFilter>, paging: Query<Paging>) -> Result<Reply> {
    let secrets = request.app.auth.secrets.clone();
    request.read(move |c, actor| Reply::page(&use_cases::list(c, actor, &secrets, &filter.0, &paging.0)?)).await
}

/// Consolidate a period
///
/// Computes a draft from the accepted reports of a period. After the province's return the same makes the next revision;
/// with a `reason` it corrects or completes one already sent, which stays published until the new one is sent. The
/// reports inside the earlier one may then be reopened.
#[utoipa::path(tag = "Consolidated reports", extensions(("x-roles" = json!(["coordinator"])),
    ("x-problems" = json!(["consolidated_report.exists", "period.not_open", "jurisdiction.dissolved", "reference.unknown", "reference.ambiguous"]))),
    params(Purpose), request_body = ConsolidatedIn, responses((status = 201, description = "The new draft", body = ConsolidatedOut)))]
#[post("/consolidated-reports")]
pub async fn create_consolidated_report(request: Request, body: Body<ConsolidatedIn>) -> Result<Reply> {
    let secrets = request.app.auth.secrets.clone();
    request
        .write(move |c, actor| {
            let whole = use_cases::create(c, actor, &secrets, &body.0)?;
            Reply::created(&whole, Some(whole.version), format!("/api/v1/consolidated-reports/{}", whole.id))
        })
        .await
}

/// One consolidated report
///
/// A consolidated report with what this caller may do with it. A draft shows what was computed at `computed_at`. From
/// approval on `content` is the whole frozen report, in the version whose figures the caller may read; `digest` and
/// `signature` are that version's.
#[utoipa::path(tag = "Consolidated reports", extensions(("x-roles" = json!(["coordinator", "leader", "supervisor", "reporter", "province"]))),
    params(("id" = String, Path, description = "The consolidated report's id", format = "uuid"), Purpose),
    responses((status = 200, description = "The consolidated report", body = ConsolidatedOut)))]
#[get("/consolidated-reports/{id}")]
pub async fn find_consolidated_report(request: Request, id: Id<ConsolidatedId>) -> Result<Reply> {
    let secrets = request.app.auth.secrets.clone();
    request
        .read(move |c, actor| {
            let whole = use_cases::find(c, actor, &secrets, &id.0)?;
            Reply::one(&whole, whole.version)
        })
        .await
}

/// Compare two revisions
///
/// The results and the parts of the narrative that two revisions of the same period's consolidated report give differently. Both are read
/// as the caller may see them: a figure that is hidden from him makes no difference.
#[utoipa::path(tag = "Consolidated reports", extensions(("x-roles" = json!(["coordinator", "leader", "supervisor", "reporter", "province"])), ("x-problems" = json!(["revision.unknown"]))),
    params(("id" = String, Path, description = "The id of any of its revisions", format = "uuid"), RevisionsQuery, Purpose),
    responses((status = 200, description = "What differs", body = ConsolidatedDiff)))]
#[get("/consolidated-reports/{id}/diff")]
pub async fn compare_consolidated_reports(request: Request, id: Id<ConsolidatedId>, query: Query<RevisionsQuery>) -> Result<Reply> {
    let secrets = request.app.auth.secrets.clone();
    request.read(move |c, actor| Reply::ok(&diff::diff(c, actor, &secrets, &id.0, query.0.from, query.0.to)?)).await
}

/// The answers of an inquiry
///
/// What the wards answered to what the province asked of several of them at once, in one list: of the consolidated reports that they sent.
#[utoipa::path(tag = "Consolidated reports", extensions(("x-roles" = json!(["province"]))),
    params(("id" = String, Path, description = "The inquiry's id, which its periods share", format = "uuid"), Purpose),
    responses((status = 200, description = "The answers", body = InquiryAnswers)))]
#[get("/inquiries/{id}/answers")]
pub async fn find_inquiry_answers(request: Request, id: Id<InquiryId>) -> Result<Reply> {
    request.read(move |c, actor| Reply::ok(&inquiry::answers(c, actor, &id.0)?)).await
}

/// Edit a consolidated report
///
/// A JSON Merge Patch (RFC 7396): `narrative` and `resolutions` of a draft, `document_number` and `document_date` from
/// approval on. A resolution says whose single-source figure counts; the draft is computed anew with it.
#[utoipa::path(tag = "Consolidated reports", extensions(("x-roles" = json!(["coordinator"])),
    ("x-problems" = json!(["consolidated_report.not_editable", "reference.unknown"]))),
    params(("id" = String, Path, description = "The consolidated report's id", format = "uuid"), IfMatch, Purpose),
    request_body(content = Patch<ConsolidatedEdit>, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The consolidated report as it is now", body = ConsolidatedOut)))]
#[patch("/consolidated-reports/{id}")]
pub async fn update_consolidated_report(
    request: Request,
    id: Id<ConsolidatedId>,
    expected: Expected,
    body: Body<Patch<ConsolidatedEdit>>,
) -> Result<Reply> {
    let secrets = request.app.auth.secrets.clone();
    request
        .write(move |c, actor| {
            let whole = use_cases::update(c, actor, &secrets, &id.0, &expected, &body.0)?;
            Reply::one(&whole, whole.version)
        })
        .await
}

/// Delete a draft
///
/// Only a draft can be deleted. If it was to replace one already sent, that one holds its reports again.
#[utoipa::path(tag = "Consolidated reports", extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["consolidated_report.not_editable"]))),
    params(("id" = String, Path, description = "The consolidated report's id", format = "uuid"), IfMatch),
    responses((status = 204, description = "It is gone")))]
#[delete("/consolidated-reports/{id}")]
pub async fn delete_consolidated_report(request: Request, id: Id<ConsolidatedId>, expected: Expected) -> Result<Reply> {
    request.write(move |c, actor| use_cases::delete(c, actor, &id.0, &expected).map(|()| Reply::no_content())).await
}

/// What the body of a step says.
#[derive(Default)]
struct With {
    reason: Option<String>,
    signatory: Option<Signatory>,
    compile_narrative: bool,
}

impl With {
    fn reason(body: ConsolidatedReason) -> Self {
        Self { reason: Some(body.reason), ..Self::default() }
    }
}

async fn step(request: Request, id: Id<ConsolidatedId>, expected: Expected, step: Step, with: With) -> Result<Reply> {
    let secrets = request.app.auth.secrets.clone();
    request
        .write(move |c, actor| {
            let given =
                Given { reason: with.reason.as_deref(), signatory: with.signatory.as_ref(), compile_narrative: with.compile_narrative };
            let whole = transitions::take(c, actor, &secrets, &id.0, &expected, step, given)?;
            Reply::one(&whole, whole.version)
        })
        .await
}

/// Compute a draft anew
///
/// Computes the draft from the reports that are accepted now. Its words stay, unless `compile_narrative` lets them begin anew as what
/// the units wrote.
#[utoipa::path(tag = "Consolidated reports", extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["consolidated_report.invalid_transition"]))),
    params(("id" = String, Path, description = "The consolidated report's id", format = "uuid"), IfMatch, Purpose),
    request_body = Option<RefreshIn>,
    responses((status = 200, description = "The consolidated report as it is now", body = ConsolidatedOut)))]
#[post("/consolidated-reports/{id}/refresh")]
pub async fn refresh_consolidated_report(
    request: Request,
    id: Id<ConsolidatedId>,
    expected: Expected,
    body: Body<Option<RefreshIn>>,
) -> Result<Reply> {
    let compile_narrative = body.0.unwrap_or_default().compile_narrative.unwrap_or(false);
    step(request, id, expected, Step::Refresh, With { compile_narrative, ..With::default() }).await
}

/// Approve a draft
///
/// The leader approves what somebody else prepared: it is frozen, digested and signed, in a full version and in one without
/// restricted figures. Refused if since it was computed a report was accepted or reopened, somebody else came to owe a figure, or an
/// indicator in it became restricted (then it is refreshed, and its words are written anew); and while differing single-source
/// figures are undecided. `signatory` names who signs the paper, and in whose place.
#[utoipa::path(tag = "Consolidated reports", extensions(("x-roles" = json!(["leader"])), ("x-problems" = json!(["consolidated_report.invalid_transition", "access.restricted", "consolidated_report.stale", "consolidated_report.unresolved"]))),
    params(("id" = String, Path, description = "The consolidated report's id", format = "uuid"), IfMatch, Purpose),
    request_body = Option<ApproveIn>,
    responses((status = 200, description = "The consolidated report as it is now", body = ConsolidatedOut)))]
#[post("/consolidated-reports/{id}/approve")]
pub async fn approve_consolidated_report(
    request: Request,
    id: Id<ConsolidatedId>,
    expected: Expected,
    body: Body<Option<ApproveIn>>,
) -> Result<Reply> {
    let signatory = body.0.unwrap_or_default().signatory;
    step(request, id, expected, Step::Approve, With { signatory, ..With::default() }).await
}

/// Reject to draft
///
/// The leader gives a draft, or one already approved, back to be prepared anew; an approval's content and seal are gone.
#[utoipa::path(tag = "Consolidated reports", extensions(("x-roles" = json!(["leader"])), ("x-problems" = json!(["consolidated_report.invalid_transition"]))),
    params(("id" = String, Path, description = "The consolidated report's id", format = "uuid"), IfMatch, Purpose),
    request_body = ConsolidatedReason,
    responses((status = 200, description = "The consolidated report as it is now", body = ConsolidatedOut)))]
#[post("/consolidated-reports/{id}/reject")]
pub async fn reject_consolidated_report(
    request: Request,
    id: Id<ConsolidatedId>,
    expected: Expected,
    body: Body<ConsolidatedReason>,
) -> Result<Reply> {
    step(request, id, expected, Step::Reject, With::reason(body.0)).await
}

/// Send to the province
///
/// Sends an approved one to the province and publishes its figures. The reports inside become `consolidated`.
#[utoipa::path(tag = "Consolidated reports", extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["consolidated_report.invalid_transition", "jurisdiction.dissolved"]))),
    params(("id" = String, Path, description = "The consolidated report's id", format = "uuid"), IfMatch, Purpose),
    responses((status = 200, description = "The consolidated report as it is now", body = ConsolidatedOut)))]
#[post("/consolidated-reports/{id}/send")]
pub async fn send_consolidated_report(request: Request, id: Id<ConsolidatedId>, expected: Expected) -> Result<Reply> {
    step(request, id, expected, Step::Send, With::default()).await
}

/// Acknowledge
///
/// The province takes what was sent.
#[utoipa::path(tag = "Consolidated reports", extensions(("x-roles" = json!(["province"])), ("x-problems" = json!(["consolidated_report.invalid_transition"]))),
    params(("id" = String, Path, description = "The consolidated report's id", format = "uuid"), IfMatch, Purpose),
    responses((status = 200, description = "The consolidated report as it is now", body = ConsolidatedOut)))]
#[post("/consolidated-reports/{id}/acknowledge")]
pub async fn acknowledge_consolidated_report(request: Request, id: Id<ConsolidatedId>, expected: Expected) -> Result<Reply> {
    step(request, id, expected, Step::Acknowledge, With::default()).await
}

/// Return to the ward
///
/// The province sends it back: its reports are `accepted` again and may be reopened. It stays published until the next one is sent.
#[utoipa::path(tag = "Consolidated reports", extensions(("x-roles" = json!(["province"])), ("x-problems" = json!(["consolidated_report.invalid_transition"]))),
    params(("id" = String, Path, description = "The consolidated report's id", format = "uuid"), IfMatch, Purpose),
    request_body = ConsolidatedReason,
    responses((status = 200, description = "The consolidated report as it is now", body = ConsolidatedOut)))]
#[post("/consolidated-reports/{id}/return")]
pub async fn return_consolidated_report(
    request: Request,
    id: Id<ConsolidatedId>,
    expected: Expected,
    body: Body<ConsolidatedReason>,
) -> Result<Reply> {
    step(request, id, expected, Step::Return, With::reason(body.0)).await
}
