//! Figures, completeness and progress over HTTP.

use super::observations::{self, ObservationFilter, ObservationOut};
use super::wire::{CompletenessOut, Progress, ProgressFilter, ProjectionIn, ProjectionOut, WhereAndWhen};
use super::{completeness, exports, overview, projection};
use crate::db::data_version::Kinds;
use crate::formats::Format;
use crate::formats::xlsx::Spreadsheet;
use crate::http::purpose::Purpose;
use crate::http::query;
use crate::http::reply::Reply;
use crate::http::request::{Body, Query, Request};
use crate::http::response_cache::{For, Keepable};
use crate::http::routes::Routes;
use crate::http::streamed::Streamed;
use crate::problem::Result;
use crate::reading::layout::TableLayout;
use crate::reading::paging::{Page, Paging};
use crate::reading::read_scope::ReadScope;
use actix_web::{Either, get, post};
use serde_json::{Map, Value};

/// What its answers are read of.
const READS: Kinds = Kinds::PLAN
    .and(Kinds::GOAL)
    .and(Kinds::PLAN_INDICATOR)
    .and(Kinds::DIMENSION)
    .and(Kinds::INDICATOR)
    .and(Kinds::UNIT)
    .and(Kinds::PERIOD)
    .and(Kinds::REPORT)
    .and(Kinds::CONSOLIDATED);

/// Mounts the room.
pub fn routes(routes: &mut Routes) {
    routes.service(list_observations).service(find_completeness).service(find_progress).service(project_indicator);
}

/// List observations
///
/// Figures (số liệu) across units and periods: for a ward's own people those of accepted reports, for everybody else those of
/// consolidated reports that were sent; one list may hold both. A filter by `jurisdiction` covers all below it. Sort field:
/// `updated_at`; newest last by default.
///
/// As a table (`Accept`, or `format=csv`, `format=xlsx`) all figures that fit are one file, without `limit`, `cursor`, `sort` and
/// `include_total`: accepted ones, then published ones, report by report, newest last. Columns: `id`, `plan`, `jurisdiction`, `unit`,
/// `period`, `indicator`, one for each dimension of the plans in question by its code (`sex`, …; `disaggregation.<code>` where a column
/// has that name), `numerator`, `denominator`, `value`, `answer`, `status`, `suppressed`, `not_applicable`, `note`, `extra` (as JSON),
/// `reference.from`, `reference.to`, `reference.label`, `definition_version`, `updated_at`. Resources are named by code, periods
/// by label; null is an empty cell. CSV is UTF-8 with a byte order mark, lines end in CRLF. A text that a spreadsheet would run as a formula
/// has an apostrophe before it. A workbook has numbers and days as such, and instants in Việt Nam's time. A connection that ends before
/// the last chunk has brought a part only.
#[utoipa::path(tag = "Data", extensions(("x-roles" = json!(["anonymous"])), ("x-problems" = json!(["reference.unknown", "reference.ambiguous"]))),
    params(ObservationFilter,
        ("disaggregation.<dimension>" = Option<String>, Query, description = "Figures with this value of a dimension: `disaggregation.sex=female`; several narrow further. A client sends an object whose members are whole parameter names.",
            max_length = 64, example = json!({"disaggregation.sex": "female"})),
        TableLayout, Paging, Purpose),
    responses((status = 200, description = "A page of observations, or all of them as a table", content(
        (Page<ObservationOut> = "application/json"),
        (String = "text/csv", example = json!("id,plan,jurisdiction,unit,period,indicator,sex,numerator,denominator,value,answer,status,suppressed,not_applicable,note,extra,reference.from,reference.to,reference.label,definition_version,updated_at\r\n0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a70,KH-BDG-DN-2026-2030,09385,U5,2026,4.1,female,109,100,109,,final,false,,,,2026-01-01,2026-12-31,2026,1,2026-11-24T09:30:00Z\r\n")),
        (Spreadsheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
#[get("/observations")]
pub async fn list_observations(
    request: Request,
    filter: Query<ObservationFilter>,
    asked: Query<Map<String, Value>>,
    layout: Query<TableLayout>,
    paging: Query<Paging>,
) -> Result<Either<Reply, Streamed>> {
    let (Query(filter), Query(asked), Query(paging), format) = (filter, asked, paging, request.format());
    query::fits(&asked, format)?;
    if format != Format::Json {
        let writer = layout.0.writer(format, request.app.config.spool_folder())?;
        return request
            .stream(format!("observations.{}", format.name()), exports::observations(filter, asked, layout.0.headers, writer))
            .await
            .map(Either::Right);
    }
    let page = request.cached(For::Caller, READS, move |c, actor| {
        let page = observations::list(c, actor, &filter, &asked, &paging)?;
        Ok(Keepable::of(Reply::page(&page)?, ReadScope::named(filter.plan.as_deref(), filter.jurisdiction.as_deref())))
    });
    page.await.map(Either::Left)
}

/// Who has reported
///
/// How complete a period is (tình hình nộp báo cáo). Of a plan: as `GET /reporting-periods/{id}/completeness`, for others than the ward's
/// own people as it was sent. Of an administrative unit, and of a ward that has sent nothing yet: which wards have
/// sent their consolidated reports, against `consolidated_due_at`; the first sending decides whether it was in time. What the
/// province has returned counts as sent and as returned, and stays published until the next one is sent.
///
/// As a table (`Accept`, or `format=csv`, `format=xlsx`) one row for each unit: `unit`, `name.vi`, `name.en`, `status`, `due_at`,
/// `expected`, `submitted`, `on_time`, `late`, `accepted`, `missing`, `overdue`, `excused.at`; or one for each ward: `jurisdiction`,
/// `name.vi`, `name.en`, `plan`, `period`, `status`, `consolidated_due_at`, `sent_at`, `expected`, `sent`, `on_time`, `late`,
/// `acknowledged`, `returned`, `missing`, `overdue`.
#[utoipa::path(tag = "Data", extensions(("x-roles" = json!(["anonymous"])), ("x-problems" = json!(["reference.unknown", "reference.ambiguous"]))),
    params(WhereAndWhen, TableLayout), responses((status = 200, description = "The counts", content(
        (CompletenessOut = "application/json"),
        (String = "text/csv", example = json!("jurisdiction,name.vi,name.en,plan,period,status,consolidated_due_at,sent_at,expected,sent,on_time,late,acknowledged,returned,missing,overdue\r\n09385,Phường Đồng Nguyên,Dong Nguyen Ward,KH-BDG-DN-2026-2030,2026,sent,2026-12-04T17:00:00Z,2026-11-26T03:00:00Z,1,1,1,0,0,0,0,0\r\n")),
        (Spreadsheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
#[get("/completeness")]
pub async fn find_completeness(
    request: Request,
    asked: Query<WhereAndWhen>,
    given: Query<Map<String, Value>>,
    layout: Query<TableLayout>,
) -> Result<Either<Reply, Streamed>> {
    let format = request.format();
    query::fits(&given.0, format)?;
    if format == Format::Json {
        let told = request.cached(For::Caller, READS.and(Kinds::COMMENT), move |c, actor| {
            let (told, scope) = completeness::find(c, actor, &asked.0)?;
            let until = told.next_deadline(actor.now);
            Ok(Keepable::of(Reply::ok(&told)?, scope).until(until))
        });
        return told.await.map(Either::Left);
    }
    let writer = layout.0.writer(format, request.app.config.spool_folder())?;
    request
        .stream(format!("completeness.{}", format.name()), exports::completeness(asked.0, layout.0.headers, writer))
        .await
        .map(Either::Right)
}

/// How the plan stands
///
/// Every indicator of a period against its target and the line that leads to it, with the counts of each printed target and
/// goal (tiến độ thực hiện). For a ward's own people from accepted figures, for everybody else from published ones. With
/// `jurisdiction` and without `plan`: the active plans of all wards below it rolled up, indicators matched by code, and a
/// table of the wards. Figures of thematic and ad hoc periods stay out.
///
/// As a table (`Accept`, or `format=csv`, `format=xlsx`) one row for each indicator: `jurisdiction`, `period`, `indicator`, `name.vi`,
/// `name.en`, `unit_of_measure.vi`, `unit_of_measure.en`, `direction`, `value`, `numerator`, `denominator`, `answer`, `previous_value`,
/// `change`, `target`, `final_target`, `result`, `year_result`, `pace`, `coverage.expected`, `coverage.reported`, `partial`,
/// `suppressed`. A workbook has sheets of the goals, with a chart, of the parts and of the wards beside.
#[utoipa::path(tag = "Data", extensions(("x-roles" = json!(["anonymous"])), ("x-problems" = json!(["reference.unknown", "reference.ambiguous"]))),
    params(ProgressFilter, TableLayout, Purpose), responses((status = 200, description = "How things stand", content(
        (Progress = "application/json"),
        (String = "text/csv", example = json!("jurisdiction,period,indicator,name.vi,name.en,unit_of_measure.vi,unit_of_measure.en,direction,value,numerator,denominator,answer,previous_value,change,target,final_target,result,year_result,pace,coverage.expected,coverage.reported,partial,suppressed\r\n09385,2027,4.1,Tỷ số giới tính khi sinh,Sex ratio at birth,bé trai/100 bé gái,boys per 100 girls,at_most,109,218,200,,110.5,-1.5,,109,achieved,,on_track,1,1,false,false\r\n")),
        (Spreadsheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
#[get("/progress")]
pub async fn find_progress(
    request: Request,
    asked: Query<ProgressFilter>,
    given: Query<Map<String, Value>>,
    layout: Query<TableLayout>,
) -> Result<Either<Reply, Streamed>> {
    let format = request.format();
    query::fits(&given.0, format)?;
    if format != Format::Json {
        let writer = layout.0.writer(format, request.app.config.spool_folder())?;
        return request
            .stream(format!("progress.{}", format.name()), exports::progress(asked.0, layout.0.headers, writer))
            .await
            .map(Either::Right);
    }
    let progress = request.cached(For::Caller, READS, move |c, actor| {
        let (progress, until, scope) = overview::find(c, actor, &asked.0)?;
        Ok(Keepable::of(Reply::ok(&progress)?, scope).until(until))
    });
    progress.await.map(Either::Left)
}

/// How much more a target needs
///
/// How many whole people or cases are lacking for an indicator to reach its target (còn thiếu bao nhiêu): so many agencies more that are
/// led by women for 70 %. From the figures that `GET /progress` shows this caller; stores nothing.
#[utoipa::path(tag = "Data", extensions(("x-roles" = json!(["anonymous"])), ("x-problems" = json!(["reference.unknown", "reference.ambiguous"]))),
    params(Purpose), request_body = ProjectionIn, responses((status = 200, description = "What is needed", body = ProjectionOut)))]
#[post("/projections")]
pub async fn project_indicator(request: Request, body: Body<ProjectionIn>) -> Result<Reply> {
    request.read(move |c, actor| Reply::ok(&projection::find(c, actor, &body.0)?)).await
}
