//! The wiring: which rooms there are, in which order the layers lie, how the server starts and stops.

use crate::actor::Actor;
use crate::app_state::AppState;
use crate::auth::Auth;
use crate::auth::keys::KeySet;
use crate::auth::secret_encryption::SecretCipher;
use crate::auth::secret_encryption::startup;
use crate::change::ExactReads;
use crate::config::Config;
use crate::db::models::ModelCache;
use crate::db::{Database, migrate};
use crate::http::contract::Contract;
use crate::http::docs::{self, Docs};
use crate::http::followers::Followers;
use crate::http::limit::Limits;
use crate::http::metrics::Metrics;
use crate::http::response_cache::ResponseCache;
use crate::http::routes::Routes;
use crate::http::{HttpState, request_validation, response_middleware, service};
use crate::problem::{Result as Outcome, codes};
use crate::rooms::{
    accounts, amendments, audit, changes, consolidation, goals, imports, indicators, jurisdictions, outline, periods, plans, progress,
    reports, sdmx, successions, tasks, units, webhooks,
};
use crate::{auth, jobs, openapi, seed};
use actix_cors::Cors;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, HttpResponse, ResponseError, web};
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use utoipa_actix_web::AppExt;
use utoipa_swagger_ui::Config as DocsConfig;

/// How many bytes of answers a process keeps: a small part of its memory.
const KEPT_BYTES: u64 = 12 * 1024 * 1024;
/// And how many of read models: those of some dozens of plans.
const MODEL_BYTES: u64 = 8 * 1024 * 1024;

/// What mounts handlers.
pub type Mount = fn(&mut Routes);

/// Mounts every room. The one list of rooms.
pub fn rooms(routes: &mut Routes) {
    routes.configure(service::routes).configure(accounts::outside).configure(sdmx::routes).scope("/api/v1", |routes| {
        routes
            .configure(accounts::routes)
            .configure(jurisdictions::routes)
            .configure(plans::routes)
            .configure(amendments::routes)
            .configure(goals::routes)
            .configure(indicators::routes)
            .configure(units::routes)
            .configure(tasks::routes)
            .configure(outline::routes)
            .configure(periods::routes)
            .configure(reports::routes)
            .configure(imports::routes)
            .configure(successions::routes)
            .configure(consolidation::routes)
            .configure(progress::routes)
            .configure(audit::routes)
            .configure(changes::routes)
            .configure(webhooks::routes);
    });
}

/// The contract as the handlers tell it: of all rooms, what the committed document must say.
#[must_use]
pub fn document(mount: Mount) -> Value {
    let described = App::new().into_utoipa_app().configure(|config| mount(&mut Routes::Describing(config)));
    openapi::document(described.split_for_parts().1)
}

/// Opens the database, brings it up to date and gathers what everything that works on the data shares.
///
/// # Errors
/// What stands in the way, in words for the operator.
pub async fn open(config: Config) -> Result<Arc<AppState>, String> {
    let db = Database::open(&config.database, config.connections)?;
    gather(config, db).await
}

/// The same for a database in which there must be an installation already.
///
/// # Errors
/// As [`open`]; and if there is none, where it was looked for.
pub async fn open_existing(config: Config) -> Result<Arc<AppState>, String> {
    let db = Database::open_existing(&config.database, config.connections)?;
    gather(config, db).await
}

async fn gather(config: Config, db: Database) -> Result<Arc<AppState>, String> {
    migrate::run(&db).await.map_err(|e| format!("cannot migrate the database: {e}"))?;
    let (secrets, keys) = unlock(&config, &db).await?;
    let app = Arc::new(AppState { auth: Auth::new(keys, secrets, &config)?, config, db, draining: AtomicBool::new(false) });
    if app.config.seed {
        plant(&app).await?;
    }
    complete(&app).await.map_err(|e| format!("cannot fill in what an earlier version did not compute: {e}"))?;
    // The first answer already knows the periods that the plans imply.
    jobs::run_due(&app).await.map_err(|e| format!("cannot do what is due: {e}"))?;
    Ok(app)
}

/// Fills in what an earlier version of the service did not compute of the consolidated reports.
async fn complete(app: &AppState) -> Outcome<()> {
    let actor = Actor::system(&app.config, "migration");
    for id in app.db.read(consolidation::incomplete).await? {
        let actor = actor.clone();
        app.db.write(move |c| consolidation::complete(c, &actor, &id)).await?;
    }
    Ok(())
}

/// What requests share beside that.
///
/// # Errors
/// If a thread cannot be started; in words for the operator.
pub fn serving(app: Arc<AppState>, contract: Contract) -> Result<Arc<HttpState>, String> {
    Ok(Arc::new(HttpState {
        exact_reads: ExactReads::start(app.db.clone())?,
        limits: Limits::new(app.config.rate_limit),
        contract,
        responses: ResponseCache::new(KEPT_BYTES),
        models: Arc::new(ModelCache::new(MODEL_BYTES)),
        metrics: Metrics::new(),
        followers: Followers::new(app.config.followers),
        app,
    }))
}

/// The document by which requests are checked.
///
/// # Errors
/// What is wrong with it.
pub fn contract() -> Result<Contract, String> {
    Contract::read(openapi::COMMITTED)
}

/// The key to the secrets in the database, and the signing keys; the first start makes both.
async fn unlock(config: &Config, db: &Database) -> Result<(SecretCipher, KeySet), String> {
    let config = config.clone();
    let unlocked = db.write(move |c| match startup::unlock(c, &config)? {
        Ok(secrets) => auth::store::keys(c, &secrets).map(|keys| Ok((secrets, keys))),
        Err(why) => Ok(Err(why)),
    });
    unlocked.await.map_err(|e| format!("cannot read the keys: {e}"))?
}

/// Gives a new installation the plan of phường Đồng Nguyên. Answers whether there was none yet.
///
/// # Errors
/// What stands in the way, in words for the operator.
pub async fn plant(app: &AppState) -> Result<bool, String> {
    let actor = Actor::system(&app.config, "seed");
    app.db.write(move |c| seed::apply(c, &actor)).await.map_err(|e| format!("cannot seed the database: {e}"))
}

/// The application: layers from the outermost to the handlers.
pub fn build(
    app: Arc<HttpState>,
    mount: Mount,
) -> App<
    impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse<impl MessageBody>, Error = actix_web::Error, InitError = ()>,
> {
    let cors = cors(&app.config);
    let docs = web::Data::new(Docs::new(DocsConfig::from("/openapi.json").persist_authorization(false)));
    App::new()
        .app_data(web::Data::from(app))
        .configure(|config| mount(&mut Routes::Serving(config)))
        .service(web::redirect("/", "/docs/"))
        .service(web::redirect("/docs", "/docs/"))
        .service(web::resource("/docs/{path:.*}").app_data(docs).route(web::get().to(docs::file)).route(web::head().to(docs::file)))
        .default_service(web::to(|| async { not_found() }))
        .wrap(from_fn(request_validation::validate))
        .wrap(cors)
        .wrap(Compress::default())
        .wrap(from_fn(response_middleware::finish))
}

fn not_found() -> HttpResponse {
    crate::problem::Error::from(codes::NOT_FOUND).error_response()
}

fn cors(config: &Config) -> Cors {
    let exposed = [
        "ETag",
        "Location",
        "Link",
        "Retry-After",
        "RateLimit",
        "RateLimit-Policy",
        "Idempotency-Replayed",
        "X-Request-Id",
        "Content-Disposition",
    ];
    let asked = [
        "Accept",
        "Accept-Language",
        "Authorization",
        "Content-Type",
        "If-Match",
        "If-None-Match",
        "Idempotency-Key",
        "Last-Event-ID",
        "X-Purpose",
        "X-Request-Id",
    ];
    config
        .cors_origins
        .iter()
        .fold(Cors::default(), |cors, origin| cors.allowed_origin(origin))
        .allowed_methods(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
        .allowed_headers(asked)
        .expose_headers(exposed)
        // The outermost layer says of every answer what it depends on.
        .disable_vary_header()
        .max_age(3600)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_of_the_document_compiles() {
        Contract::read(openapi::COMMITTED).unwrap().compile_all().unwrap();
    }
}
