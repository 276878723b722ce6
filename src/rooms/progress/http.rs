//! Figures, completeness and progress over HTTP.

use super::observations::{self, CsvFile, ObservationFilter, ObservationOut};
use super::wire::{CompletenessOut, Progress, ProgressFilter, WhereAndWhen};
use super::{completeness, overview};
use crate::db::data_version::Kinds;
use crate::formats::Format;
use crate::http::purpose::Purpose;
use crate::http::query;
use crate::http::reply::Reply;
use crate::http::request::{Query, Request};
use crate::http::response_cache::{For, Keepable};
use crate::http::routes::Routes;
use crate::http::streamed::Streamed;
use crate::problem::Result;
use crate::reading::layout::TableLayout;
use crate::reading::paging::{Page, Paging};
use crate::reading::read_scope::ReadScope;
use actix_web::{Either, get};
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
    routes.service(list_observations).service(find_completeness).service(find_progress);
}

/// List observations
///
/// Figures (số liệu) across units and periods: for a ward's own people those of accepted reports, for everybody else those of
/// consolidated reports that were sent; one list may hold both. A filter by `jurisdiction` covers all below it. Sort field:
/// `updated_at`; newest last by default.
///
/// As `text/csv` (`Accept`, or `format=csv`) all figures that fit are one file, without `limit`, `cursor`, `sort` and
/// `include_total`: accepted ones, then published ones, report by report, newest last. Columns: `id`, `plan`, `jurisdiction`, `unit`,
/// `period`, `indicator`, one for each dimension of the plans in question by its code (`sex`, …; `disaggregation.<code>` where a column
/// has that name), `numerator`, `denominator`, `value`, `answer`, `status`, `suppressed`, `not_applicable`, `note`, `extra` (as JSON),
/// `reference.from`, `reference.to`, `reference.label`, `definition_version`, `updated_at`. Resources are named by code, periods
/// by label; null is an empty cell. UTF-8 with a byte order mark, lines end in CRLF. A text that a spreadsheet would run as a formula
/// has an apostrophe before it. A connection that ends before the last chunk has brought a part only.
#[utoipa::path(tag = "Data", extensions(("x-roles" = json!(["anonymous"])), ("x-problems" = json!(["reference.unknown", "reference.ambiguous"]))),
    params(ObservationFilter,
        ("disaggregation.<dimension>" = Option<String>, Query, description = "Figures with this value of a dimension: `disaggregation.sex=female`; several narrow further. A client sends an object whose members are whole parameter names.",
            max_length = 64, example = json!({"disaggregation.sex": "female"})),
        TableLayout, Paging, Purpose),
    responses((status = 200, description = "A page of observations, or all of them as a table", content(
        (Page<ObservationOut> = "application/json"),
        (String = "text/csv", example = json!("id,plan,jurisdiction,unit,period,indicator,sex,numerator,denominator,value,answer,status,suppressed,not_applicable,note,extra,reference.from,reference.to,reference.label,definition_version,updated_at\r\n0199a0f4-5a0e-7c3b-9f2e-6d1f0c8b7a70,KH-BDG-DN-2026-2030,09385,U5,2026,4.1,female,109,100,109,,final,false,,,,2026-01-01,2026-12-31,2026,1,2026-11-24T09:30:00Z\r\n"))))))]
#[get("/observations")]
pub async fn list_observations(
    request: Request,
    filter: Query<ObservationFilter>,
    asked: Query<Map<String, Value>>,
    layout: Query<TableLayout>,
    paging: Query<Paging>,
) -> Result<Either<Reply, Streamed>> {
    let (Query(filter), Query(asked), Query(paging), format) = (filter, asked, paging, request.format());
    if format == Format::Csv {
        query::without(&asked, &Paging::OF_PAGES, format)?;
        let mut file = CsvFile::of(filter, asked, layout.0);
        return request.stream("observations.csv", move |c, actor| file.next(c, actor)).await.map(Either::Right);
    }
    query::without(&asked, &TableLayout::OF_CSV, format)?;
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
#[utoipa::path(tag = "Data", extensions(("x-roles" = json!(["anonymous"])), ("x-problems" = json!(["reference.unknown", "reference.ambiguous"]))),
    params(WhereAndWhen), responses((status = 200, description = "The counts", body = CompletenessOut)))]
#[get("/completeness")]
pub async fn find_completeness(request: Request, asked: Query<WhereAndWhen>) -> Result<Reply> {
    request.read(move |c, actor| Reply::ok(&completeness::find(c, actor, &asked.0)?)).await
}

/// How the plan stands
///
/// Every indicator of a period against its target and the line that leads to it, with the counts of each printed target and
/// goal (tiến độ thực hiện). For a ward's own people from accepted figures, for everybody else from published ones. With
/// `jurisdiction` and without `plan`: the active plans of all wards below it rolled up, indicators matched by code, and a
/// table of the wards. Figures of thematic and ad hoc periods stay out.
#[utoipa::path(tag = "Data", extensions(("x-roles" = json!(["anonymous"])), ("x-problems" = json!(["reference.unknown", "reference.ambiguous"]))),
    params(ProgressFilter, Purpose), responses((status = 200, description = "How things stand", body = Progress)))]
#[get("/progress")]
pub async fn find_progress(request: Request, asked: Query<ProgressFilter>) -> Result<Reply> {
    request
        .cached(For::Caller, READS, move |c, actor| {
            let (progress, until, scope) = overview::find(c, actor, &asked.0)?;
            Ok(Keepable::of(Reply::ok(&progress)?, scope).until(until))
        })
        .await
}
