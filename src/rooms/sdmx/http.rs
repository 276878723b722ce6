//! SDMX over HTTP. Who asks is of no account: everybody is told what is published.

use super::artefacts::{Asked, by_provider, in_context, in_flow};
use super::rules::{Selection, columns};
use super::use_cases::{self, DataFile, Written};
use super::wire::{AvailabilityOptions, Conditions, DataOptions, MlDataOptions, SchemaOptions, StructureOptions, Told};
use crate::actor::Actor;
use crate::db::Conn;
use crate::db::data_version::Kinds;
use crate::formats::Format;
use crate::formats::sdmx::data_xml::{Dialect, Layout};
use crate::formats::sdmx::{Columns, Kind, Message, json, structure_xml};
use crate::http::reply::Reply;
use crate::http::request::{Query, Request};
use crate::http::response_cache::{For, Keepable};
use crate::http::routes::Routes;
use crate::http::streamed::Streamed;
use crate::problem::{Error, Result, codes};
use crate::reading::read_scope::ReadScope;
use actix_web::{get, web};

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
    routes
        .service(find_sdmx_structures)
        .service(find_sdmx_data)
        .service(find_sdmx_availability)
        .service(find_sdmx_schema)
        .service(find_sdmx_ml_data)
        .service(find_sdmx_ml_structures);
}

/// What the path of a structure says.
type Named = web::Path<(String, String, String, String)>;

fn asked((resource, agency, id, version): &(String, String, String, String)) -> Asked<'_> {
    Asked { resource, agency, id, version }
}

fn kept(message: &Message, format: Format) -> Result<Keepable> {
    let text = match format {
        Format::SdmxStructureXml => String::from_utf8(structure_xml::write(message)?).map_err(Error::internal)?,
        _ => json::write(message)?,
    };
    Ok(Keepable::of(Reply::written(format, text), ReadScope::Everywhere))
}

/// Structures (SDMX REST 2)
///
/// What the published figures consist of, as SDMX-JSON 2.0.0: the dataflow `BINHDANG:DF_GE(1.0)`, its structure `DSD_GE`, the concept
/// scheme `CS_GE`, code lists (`CL_AREA`, `CL_INDICATOR`, `CL_UNIT`, …) and lists of agencies. Names are those of the plan, in the language
/// of `Accept-Language` and in all others beside it. `*` takes all, lists are separated by commas, and what the path ends with may be
/// left out, with or without a slash at the end. Read by `pysdmx` as it is; see `docs/sdmx.md`.
#[utoipa::path(tag = "SDMX", extensions(("x-roles" = json!(["anonymous"])), ("x-problems" = json!(["sdmx.not_implemented"]))),
    params(("resource" = String, Path, description = "The kind: `dataflow`, `datastructure`, `conceptscheme`, `codelist`, `agencyscheme`, or `*`.", example = "dataflow"),
        ("agency" = String, Path, description = "Who maintains it: `BINHDANG`, or `*`.", example = "BINHDANG"),
        ("artefact" = String, Path, description = "Its id, or `*`.", example = "DF_GE"),
        ("version" = String, Path, description = "Its version: `1.0`; `~` and `+` for the latest; or `*`.", example = "1.0"),
        StructureOptions),
    responses((status = 200, description = "The structures", body = inline(serde_json::Map<String, serde_json::Value>), content_type = "application/vnd.sdmx.structure+json",
        example = json!({"meta": {"id": "r-27", "prepared": "2026-11-24T09:30:00Z", "test": false, "sender": {"id": "BINHDANG"}}, "data": {"dataflows": [{"id": "DF_GE", "agencyID": "BINHDANG", "version": "1.0", "name": "Số liệu đã công bố về bình đẳng giới"}]}}))))]
#[get("/sdmx/v2/structure/{resource}/{agency}/{artefact}/{version}")]
pub async fn find_sdmx_structures(request: Request, path: Named, options: Query<StructureOptions>) -> Result<Reply> {
    structures(request, path, options.0).await
}

async fn structures(request: Request, path: Named, options: StructureOptions) -> Result<Reply> {
    let format = request.format();
    let work = move |c: &mut Conn, actor: &Actor| kept(&use_cases::structures(c, actor, &asked(&path), &options)?, format);
    request.cached(For::Everybody, READS, work).await
}

/// Data (SDMX REST 2)
///
/// The published figures as SDMX-CSV 2.0.0: just those that `GET /api/v1/progress` and `GET /api/v1/observations` tell without signing
/// in, whoever asks. One row for each figure: of a ward or a province (`REF_AREA`), of one unit or all (`UNIT`, `_T`), of an
/// `INDICATOR`, of women, men or all (`SEX`), in a year, quarter or month. A figure that is hidden has no `OBS_VALUE` and `CONF_STATUS` `C`;
/// an estimate has `OBS_STATUS` `E`. A key has five parts, `FREQ.REF_AREA.UNIT.INDICATOR.SEX`, each empty, `*`, or codes joined by `+`;
/// several keys are separated by commas. 204 where nothing fits. What the path ends with may be left out.
#[utoipa::path(tag = "SDMX", extensions(("x-roles" = json!(["anonymous"])), ("x-problems" = json!(["sdmx.not_implemented"]))),
    params(("context" = String, Path, description = "`dataflow`, `datastructure`, or `*`.", example = "dataflow"),
        ("agency" = String, Path, description = "`BINHDANG`, or `*`.", example = "BINHDANG"),
        ("artefact" = String, Path, description = "`DF_GE`, or `*`.", example = "DF_GE"),
        ("version" = String, Path, description = "`1.0`; `~` and `+` for the latest; or `*`.", example = "1.0"),
        ("key" = String, Path, description = "Which series, or `*`.", example = "A.VN_09385._T.*.*"),
        Conditions, DataOptions, Told),
    responses((status = 200, description = "The data", body = String, content_type = "application/vnd.sdmx.data+csv",
            example = json!("STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REF_AREA,UNIT,INDICATOR,SEX,TIME_PERIOD,OBS_VALUE,OBS_STATUS,CONF_STATUS,NUMERATOR,DENOMINATOR,UNIT_MEASURE\r\ndataflow,BINHDANG:DF_GE(1.0),I,A,VN_09385,_T,I4_1,_T,2026,109,A,F,218,200,bé trai/100 bé gái\r\n")),
        (status = 204, description = "Nothing published fits")))]
#[get("/sdmx/v2/data/{context}/{agency}/{artefact}/{version}/{key}")]
pub async fn find_sdmx_data(
    request: Request,
    path: web::Path<(String, String, String, String, String)>,
    conditions: Query<Conditions>,
    options: Query<DataOptions>,
    told: Query<Told>,
) -> Result<Streamed> {
    let (resource, agency, id, version, key) = path.into_inner();
    in_context(&Asked { resource: &resource, agency: &agency, id: &id, version: &version })?;
    let selection = Selection::of(&key, &conditions.0)?.with(&options.0)?;
    let mut file = DataFile::of(Written::Csv(columns(&told.0)), selection);
    request.stream("binhdang.csv", move |c, actor| file.next(c, actor)).await
}

/// Which data there are (SDMX REST 2)
///
/// For which codes of each dimension figures are published among those that a key and conditions ask for, as a data constraint, and how
/// many they are. With `references=all` the structures stand beside it.
#[utoipa::path(tag = "SDMX", extensions(("x-roles" = json!(["anonymous"])), ("x-problems" = json!(["sdmx.not_implemented"]))),
    params(("context" = String, Path, description = "`dataflow`, `datastructure`, or `*`.", example = "dataflow"),
        ("agency" = String, Path, description = "`BINHDANG`, or `*`.", example = "BINHDANG"),
        ("artefact" = String, Path, description = "`DF_GE`, or `*`.", example = "DF_GE"),
        ("version" = String, Path, description = "`1.0`; `~` and `+` for the latest; or `*`.", example = "1.0"),
        ("key" = String, Path, description = "Which series, or `*`.", example = "*"),
        ("component" = String, Path, description = "Of which dimensions to tell, separated by commas, or `*`.", example = "INDICATOR,TIME_PERIOD"),
        Conditions, AvailabilityOptions),
    responses((status = 200, description = "The codes", body = inline(serde_json::Map<String, serde_json::Value>), content_type = "application/vnd.sdmx.structure+json",
        example = json!({"meta": {"id": "r-27", "prepared": "2026-11-24T09:30:00Z", "test": false, "sender": {"id": "BINHDANG"}}, "data": {"dataConstraints": [{"id": "CON_GE", "agencyID": "BINHDANG", "version": "1.0", "role": "Actual", "cubeRegions": [{"include": true, "keyValues": [{"id": "SEX", "values": [{"value": "_T"}]}]}]}]}}))))]
#[get("/sdmx/v2/availability/{context}/{agency}/{artefact}/{version}/{key}/{component}")]
pub async fn find_sdmx_availability(
    request: Request,
    path: web::Path<(String, String, String, String, String, String)>,
    conditions: Query<Conditions>,
    options: Query<AvailabilityOptions>,
) -> Result<Reply> {
    let (resource, agency, id, version, key, component) = path.into_inner();
    let (selection, format) = (Selection::of(&key, &conditions.0)?, request.format());
    if options.0.mode.as_deref() == Some("available") {
        return Err(codes::SDMX_NOT_IMPLEMENTED.into());
    }
    let references = options.0.references.unwrap_or_else(|| "none".to_owned());
    let work = move |c: &mut Conn, actor: &Actor| {
        let asked = Asked { resource: &resource, agency: &agency, id: &id, version: &version };
        kept(&use_cases::availability(c, actor, &asked, (&selection, &component), &references)?, format)
    };
    request.cached(For::Everybody, READS, work).await
}

/// The schema of the data (SDMX REST 2)
///
/// What data of the dataflow keep to: its structure with all concepts and code lists, in one message.
#[utoipa::path(tag = "SDMX", extensions(("x-roles" = json!(["anonymous"]))),
    params(("context" = String, Path, description = "`dataflow`, or `datastructure`.", example = "dataflow"),
        ("agency" = String, Path, description = "`BINHDANG`.", example = "BINHDANG"),
        ("artefact" = String, Path, description = "`DF_GE`.", example = "DF_GE"),
        ("version" = String, Path, description = "`1.0`; `~` and `+` for the latest.", example = "1.0"),
        SchemaOptions),
    responses((status = 200, description = "The structures", body = inline(serde_json::Map<String, serde_json::Value>), content_type = "application/vnd.sdmx.structure+json",
        example = json!({"meta": {"id": "r-27", "prepared": "2026-11-24T09:30:00Z", "test": false, "sender": {"id": "BINHDANG"}}, "data": {"dataStructures": [{"id": "DSD_GE", "agencyID": "BINHDANG", "version": "1.0", "name": "Cấu trúc số liệu bình đẳng giới"}]}}))))]
#[get("/sdmx/v2/schema/{context}/{agency}/{artefact}/{version}")]
pub async fn find_sdmx_schema(request: Request, path: Named, _: Query<SchemaOptions>) -> Result<Reply> {
    let format = request.format();
    let work = move |c: &mut Conn, actor: &Actor| kept(&use_cases::schema(c, actor, &asked(&path))?, format);
    request.cached(For::Everybody, READS, work).await
}

/// Data (SDMX 2.1)
///
/// The same figures as SDMX-ML 2.1, generic or structure-specific by `Accept`. The flow is `DF_GE`, or `BINHDANG,DF_GE,1.0`. A key has
/// five parts, `FREQ.REF_AREA.UNIT.INDICATOR.SEX`, each empty or codes joined by `+`; `all` for every series. 404 where nothing fits. What
/// the path ends with may be left out. Read by `sdmx1` as it is.
#[utoipa::path(tag = "SDMX", extensions(("x-roles" = json!(["anonymous"])), ("x-problems" = json!(["sdmx.not_implemented"]))),
    params(("flow" = String, Path, description = "The dataflow.", example = "DF_GE"),
        ("key" = String, Path, description = "Which series, or `all`.", example = "A.VN_09385._T.."),
        ("provider" = String, Path, description = "Who provides the data: `all`, or `BINHDANG`.", example = "all"),
        MlDataOptions, DataOptions),
    responses((status = 200, description = "The data", content(
        (String = "application/vnd.sdmx.genericdata+xml"), (String = "application/vnd.sdmx.structurespecificdata+xml")))))]
#[get("/sdmx/2.1/data/{flow}/{key}/{provider}")]
pub async fn find_sdmx_ml_data(
    request: Request,
    path: web::Path<(String, String, String)>,
    asked: Query<MlDataOptions>,
    options: Query<DataOptions>,
) -> Result<Streamed> {
    let (flow, key, provider) = path.into_inner();
    in_flow(&flow)?;
    by_provider(&provider)?;
    let selection = Selection::of_ml(&key, &asked.0)?.with(&options.0)?;
    let detail = asked.0.detail.as_deref().unwrap_or("full");
    let layout = Layout {
        dialect: if request.format() == Format::SdmxSpecificData { Dialect::Specific } else { Dialect::Generic },
        flat: options.0.dimension_at_observation.as_deref() == Some("AllDimensions"),
        columns: Columns::of(|_, kind| kind == Kind::Measure || detail == "full"),
        keys_only: matches!(detail, "serieskeysonly" | "nodata"),
    };
    let mut file = DataFile::of(Written::Ml(layout), selection);
    request.stream("binhdang.xml", move |c, actor| file.next(c, actor)).await
}

/// Structures (SDMX 2.1)
///
/// The same structures as SDMX-ML 2.1. `all` takes all, `latest` the latest version, and what the path ends with may be left out.
#[utoipa::path(tag = "SDMX", extensions(("x-roles" = json!(["anonymous"])), ("x-problems" = json!(["sdmx.not_implemented"]))),
    params(("resource" = String, Path, description = "The kind: `dataflow`, `datastructure`, `conceptscheme`, `codelist`, `agencyscheme`, or `structure` for all.", example = "dataflow"),
        ("agency" = String, Path, description = "Who maintains it: `BINHDANG`, or `all`.", example = "BINHDANG"),
        ("artefact" = String, Path, description = "Its id, or `all`.", example = "DF_GE"),
        ("version" = String, Path, description = "Its version: `1.0`, `latest`, or `all`.", example = "latest"),
        StructureOptions),
    responses((status = 200, description = "The structures", content((String = "application/vnd.sdmx.structure+xml")))))]
#[get("/sdmx/2.1/{resource}/{agency}/{artefact}/{version}")]
pub async fn find_sdmx_ml_structures(request: Request, path: Named, options: Query<StructureOptions>) -> Result<Reply> {
    structures(request, path, options.0).await
}
