//! The plan as a whole over HTTP.

use super::wire::{Gaps, Outline, OutlineFilter, PlanCopyIn, Trace};
use super::{copy, sheets, use_cases};
use crate::db::data_version::Kinds;
use crate::formats::Format;
use crate::formats::xlsx::Spreadsheet;
use crate::http::query;
use crate::http::reply::Reply;
use crate::http::request::{Body, Id, Query, Request};
use crate::http::response_cache::{For, Keepable};
use crate::http::routes::Routes;
use crate::http::streamed::Streamed;
use crate::problem::Result;
use crate::reading::layout::TableLayout;
use crate::reading::read_scope::ReadScope;
use crate::rooms::plans::PlanOut;
use crate::values::id::PlanId;
use crate::values::period::next_new_year;
use actix_web::web::Path;
use actix_web::{Either, get, post};
use serde_json::{Map, Value};

/// What its answers are read of.
const READS: Kinds =
    Kinds::PLAN.and(Kinds::GOAL).and(Kinds::PLAN_INDICATOR).and(Kinds::DIMENSION).and(Kinds::INDICATOR).and(Kinds::UNIT).and(Kinds::TASK);

/// Mounts the room.
pub fn routes(routes: &mut Routes) {
    routes.service(find_plan_outline).service(find_plan_trace).service(find_plan_gaps).service(copy_plan);
}

/// A plan as one tree
///
/// Goals with their printed targets, these with their indicators and targets; tasks; units: a front-end's first call.
///
/// As a table (`Accept`, or `format=csv`, `format=xlsx`) one row for each indicator: `goal`, `plan_indicator`, `indicator`, `name.vi`,
/// `name.en`, `statement.vi`, `measure_kind`, `unit_of_measure.vi`, `direction`, `baseline`, `target`, `target.to`, `frequency`,
/// `restricted`, `definition_version`, `effective_from`, `last_year`, `units`. A workbook has sheets of the tasks and of the units beside.
#[utoipa::path(tag = "Plans", extensions(("x-roles" = json!(["anonymous"])), ("x-problems" = json!(["reference.unknown"]))),
    params(("id" = String, Path, description = "The plan's id", format = "uuid"), OutlineFilter, TableLayout),
    responses((status = 200, description = "The whole plan", content(
        (Outline = "application/json"),
        (String = "text/csv", example = json!("goal,plan_indicator,indicator,name.vi,name.en,statement.vi,measure_kind,unit_of_measure.vi,direction,baseline,target,target.to,frequency,restricted,definition_version,effective_from,last_year,units\r\nG4,4.1,4.1,Tỷ số giới tính khi sinh,Sex ratio at birth,Tỷ số giới tính khi sinh dưới 109 bé trai/100 bé gái,ratio,bé trai/100 bé gái,at_most,,109,2030,annual,false,1,2026,,U5\r\n")),
        (Spreadsheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
#[get("/plans/{id}/outline")]
pub async fn find_plan_outline(
    request: Request,
    id: Id<PlanId>,
    asked: Query<OutlineFilter>,
    given: Query<Map<String, Value>>,
    layout: Query<TableLayout>,
) -> Result<Either<Reply, Streamed>> {
    let format = request.format();
    query::fits(&given.0, format)?;
    if format != Format::Json {
        let writer = layout.0.writer(format, request.app.config.spool_folder())?;
        return request
            .stream(format!("plan.{}", format.name()), sheets::export(id.0, asked.0, layout.0.headers, writer))
            .await
            .map(Either::Right);
    }
    let reads = if asked.0.period.is_some() { READS.and(Kinds::PERIOD) } else { READS };
    let outline = request.cached(For::Everybody, reads, move |c, actor| {
        let outline = use_cases::find_outline(c, actor, &id.0, &asked.0)?;
        Ok(Keepable::of(Reply::ok(&outline)?, ReadScope::Plan(id.0.into())).until(Some(next_new_year(actor.now))))
    });
    outline.await.map(Either::Left)
}

/// What a code of the plan stands for
///
/// The printed words of any item and what hangs on it: goals, targets, indicators, dimensions, units, tasks, and the plan's
/// own parts such as legal bases (`LB1`), reporting rules (`RR1`), events (`EV1`), budget sources (`B1`) and headings.
#[utoipa::path(tag = "Plans", extensions(("x-roles" = json!(["anonymous"]))),
    params(("id" = String, Path, description = "The plan's id", format = "uuid"), ("code" = String, Path, description = "The item's code", example = "3.2a")),
    responses((status = 200, description = "What bears the code", body = Trace)))]
#[get("/plans/{id}/trace/{code}")]
pub async fn find_plan_trace(request: Request, id: Id<PlanId>, path: Path<(String, String)>) -> Result<Reply> {
    let (_, code) = path.into_inner();
    let code = crate::values::text::normalise(&code);
    request
        .cached(For::Everybody, READS, move |c, actor| {
            let trace = use_cases::find_trace(c, actor, &id.0, &code)?;
            Ok(Keepable::of(Reply::ok(&trace)?, ReadScope::Plan(id.0.into())))
        })
        .await
}

/// What a plan leaves open
///
/// Indicators that the plan charges no unit with, those that two units lead, targets without a time, and what the
/// transcription remarks upon: read from the plan as it is now.
#[utoipa::path(tag = "Plans", extensions(("x-roles" = json!(["anonymous"]))), params(("id" = String, Path, description = "The plan's id", format = "uuid")),
    responses((status = 200, description = "What is left open", body = Gaps)))]
#[get("/plans/{id}/gaps")]
pub async fn find_plan_gaps(request: Request, id: Id<PlanId>) -> Result<Reply> {
    request
        .cached(For::Everybody, READS, move |c, actor| {
            let gaps = use_cases::find_gaps(c, actor, &id.0)?;
            Ok(Keepable::of(Reply::ok(&gaps)?, ReadScope::Plan(id.0.into())))
        })
        .await
}

/// Copy a plan
///
/// Makes a draft with the same goals, targets, indicators, dimensions and tasks for another jurisdiction. Units that it
/// lacks are made there; the new plan's code is the old one with the jurisdiction behind it.
#[utoipa::path(tag = "Plans", extensions(("x-roles" = json!(["coordinator"])), ("x-problems" = json!(["reference.unknown"]))),
    params(("id" = String, Path, description = "The plan's id", format = "uuid")),
    request_body = PlanCopyIn, responses((status = 201, description = "The new plan", body = PlanOut)))]
#[post("/plans/{id}/copy")]
pub async fn copy_plan(request: Request, id: Id<PlanId>, body: Body<PlanCopyIn>) -> Result<Reply> {
    request
        .write(move |c, actor| {
            let plan = copy::copy(c, actor, &id.0, &body.0)?;
            Reply::created(&plan, Some(plan.version), format!("/api/v1/plans/{}", plan.id))
        })
        .await
}
