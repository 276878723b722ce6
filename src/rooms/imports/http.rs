//! Imports over HTTP.

use super::job::{self, Job};
use super::run::Run;
use super::staged;
use super::use_cases::{self, AT_ONCE, dimension_names, format_of};
use super::wire::{ImportIn, ImportOut, ImportQuery};
use crate::actor::Actor;
use crate::db::Conn;
use crate::formats::xlsx::Spreadsheet;
use crate::http::body_stream::BodyStream;
use crate::http::reply::Reply;
use crate::http::request::{Query, Request};
use crate::http::routes::Routes;
use crate::problem::{Error, Problem, Result, codes};
use actix_web::web::Path;
use actix_web::{get, post};
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// Reading a file may take some times its size in memory: so many at a time.
static READING: Semaphore = Semaphore::const_new(2);

/// Mounts the room.
pub fn routes(routes: &mut Routes) {
    routes.service(create_import).service(find_import).service(cancel_import);
}

/// Import figures
///
/// Writes many figures (nhập số liệu) into reports that the caller may edit: rows as JSON, as CSV (comma, semicolon or tab, with or without
/// a byte order mark, point or comma as decimal mark) or as the first sheet of an Excel workbook. Each row is what a `PATCH` of its
/// report's figures would hold, and is checked by the same rules; versions rise, no `If-Match` is needed. Importing what is there
/// already changes nothing.
///
/// Columns: `jurisdiction`, `plan` (both may be left out), `unit`, `period`, `indicator`, a column for each dimension (`sex`),
/// `numerator`, `denominator`, `answer`, `status`, `not_applicable`, `note`, `extra`; those of an export, in whatever language its headers are. A
/// file without the columns `note` or `extra` leaves these as they are. `1.000` may be one or a thousand, and is refused.
///
/// A readable file is answered 200, whatever its rows; more than 1,000 rows are a job: 202 with its address. Who imports into no report that
/// he may edit has each row refused.
#[utoipa::path(tag = "Data", extensions(("x-roles" = json!(["reporter"])), ("x-max-body-bytes" = json!(67108864)), ("x-problems" = json!([
        "json.malformed", "import.unreadable", "import.header", "import.too_many"]))),
    params(ImportQuery),
    request_body(content(
        (ImportIn = "application/json"),
        (String = "text/csv", example = json!("unit;period;indicator;sex;numerator;denominator\r\nU5;2026;5.2a;female;48;48\r\n")),
        (Spreadsheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
    responses((status = 200, description = "What became of the rows", body = ImportOut),
        (status = 202, description = "They will be imported; `Location` is where to ask how it goes", body = ImportOut)))]
#[post("/imports")]
pub async fn create_import(request: Request, query: Query<ImportQuery>, mut body: BodyStream) -> Result<Reply> {
    let (mode, dry_run) = (query.0.mode.unwrap_or_default(), query.0.dry_run.unwrap_or_default());
    let format = format_of(body.media_type()).ok_or_else(|| Error::internal("a media type that the document does not name"))?;
    let folder = request.app.config.spool_folder();
    let mut file = tempfile::tempfile_in(&folder).map_err(no_room)?;
    while let Some(piece) = body.next().await? {
        file.write_all(&piece).map_err(no_room)?;
    }
    let request = request.received(body)?;
    let dimensions = request.app.db.read(dimension_names).await?;
    let turn = READING.acquire().await.map_err(Error::internal)?;
    let reading = move || staged::stage(format, &mut file, dimensions, &folder);
    let staged = tokio::task::spawn_blocking(reading).await.map_err(Error::internal)??;
    drop(turn);
    if staged.rows <= AT_ONCE {
        let (mut run, asking) = (Run::of(staged, mode, dry_run), request.actor().clone());
        let looking_up = move |c: &mut Conn| run.look_up_all(c, &asking).map(|()| run);
        let run = request.app.db.read(looking_up).await?;
        let import = move |c: &mut Conn, actor: &Actor| Reply::ok(&use_cases::at_once(c, actor, run)?);
        return if dry_run { request.read(import).await } else { request.write(import).await };
    }
    // What was written down is worked on, also where the client has gone meanwhile.
    let begun = tokio::task::spawn_local(begin(request, Job { staged, mode, dry_run }));
    begun.await.map_err(Error::internal)?
}

/// Writes down that many rows are to be imported, and begins.
async fn begin(request: Request, job: Job) -> Result<Reply> {
    let (app, actor, rows, how) = (request.app.clone(), request.actor().clone(), job.staged.rows, (job.mode, job.dry_run));
    let made = Arc::new(Mutex::new(None));
    let making = made.clone();
    let reply = request
        .write(move |c, actor| {
            let import = use_cases::enqueue(c, actor, rows, how, &job::HOLDER)?;
            let id = import.id.clone().unwrap_or_default();
            *making.lock().unwrap_or_else(PoisonError::into_inner) = Some(id.clone());
            Reply::accepted(&import, format!("/api/v1/imports/{id}"))
        })
        .await?;
    // A replay tells of a job that has begun long since.
    let id = made.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(id) = id.filter(|_| !reply.is_replay()) {
        tokio::task::spawn_local(job::work(app, actor, id, job));
    }
    Ok(reply)
}

/// There is no room on the disk for what was sent.
fn no_room(error: std::io::Error) -> Error {
    tracing::error!(%error, "cannot keep a file that is to be imported");
    Problem::new(codes::DATABASE_BUSY).header("Retry-After", "5").into()
}

/// What became of an import
///
/// How far an import is, and in the end what became of its rows; for whoever asked for it, for 30 days.
#[utoipa::path(tag = "Data", extensions(("x-roles" = json!(["reporter"]))),
    params(("id" = String, Path, description = "The import's id", format = "uuid")),
    responses((status = 200, description = "Where it stands", body = ImportOut)))]
#[get("/imports/{id}")]
pub async fn find_import(request: Request, path: Path<String>) -> Result<Reply> {
    let id = path.into_inner().to_ascii_lowercase();
    request.read(move |c, actor| Reply::ok(&use_cases::find(c, actor, &id)?)).await
}

/// Stop an import
///
/// Stops an import of one's own (dừng nhập). Of an `atomic` one nothing is written then; what a `partial` one has written stays.
#[utoipa::path(tag = "Data", extensions(("x-roles" = json!(["reporter"])), ("x-problems" = json!(["import.over"]))),
    params(("id" = String, Path, description = "The import's id", format = "uuid")),
    responses((status = 200, description = "Where it stands", body = ImportOut)))]
#[post("/imports/{id}/cancel")]
pub async fn cancel_import(request: Request, path: Path<String>) -> Result<Reply> {
    let id = path.into_inner().to_ascii_lowercase();
    request.write(move |c, actor| Reply::ok(&use_cases::cancel(c, actor, &id)?)).await
}
