//! A request as handlers and rules see it, after all checks of its form.

use super::HttpState;
use super::body_stream::BodyStream;
use super::coding::Wanted;
use super::contract::Operation;
use super::reply::Reply;
use super::response_cache::{For, Keepable, Question};
use crate::actor::restricted_access::RestrictedAccess;
use crate::actor::{Actor, Origin, Settings};
use crate::app_state::AppState;
use crate::auth::caller::{Caller, Role};
use crate::change::idempotency;
use crate::change::{self, Asked, Expected};
use crate::db::Conn;
use crate::db::data_version::{self, DataVersion, Kinds};
use crate::db::models::Models;
use crate::db::statements::counted;
use crate::formats::Format;
use crate::problem::{Error, Problem, Result, codes};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::future::{Ready, ready};
use std::ops::Deref;
use std::sync::Arc;

/// What a handler does in its transaction, without its type: what surrounds it is compiled once, and not for each operation.
type Answering<T> = Box<dyn FnOnce(&mut Conn, &Actor) -> Result<T> + Send>;

/// A request after all checks of its form. Derefs to its [`Actor`].
pub struct Request {
    /// What requests, jobs and commands share.
    pub app: Arc<AppState>,
    /// What requests share.
    pub http: Arc<HttpState>,
    actor: Actor,
    asked: Arc<Asked>,
    format: Format,
    key: Option<idempotency::Key>,
    /// Whether the body is yet to be received, without which the key is not complete.
    unreceived: bool,
    data_version: Option<DataVersion>,
    wanted: Wanted,
}

impl Deref for Request {
    type Target = Actor;

    fn deref(&self) -> &Actor {
        &self.actor
    }
}

/// Who sends this request.
pub(super) fn actor_of(request: &HttpRequest, app: &HttpState, caller: Option<Arc<Caller>>, purpose: Option<String>) -> Result<Actor> {
    let extensions = request.extensions();
    let origin = extensions.get::<Arc<Origin>>().ok_or_else(|| Error::internal("a request without origin"))?;
    Ok(Actor::requesting(origin, caller, purpose, Settings::of(&app.config)))
}

/// What a request asks for.
pub(super) fn asked_of(request: &HttpRequest) -> Asked {
    Asked { path: request.path().to_owned(), query: request.query_string().to_owned() }
}

impl Request {
    /// Reads, and answers from one state of the data.
    ///
    /// # Errors
    /// What the closure answers.
    pub fn read(self, f: impl FnOnce(&mut Conn, &Actor) -> Result<Reply> + Send + 'static) -> impl Future<Output = Result<Reply>> {
        self.run_reading(Box::new(f))
    }

    async fn run_reading(self, f: Answering<Reply>) -> Result<Reply> {
        let (app, actor, asked) = (self.http, self.actor, self.asked);
        let (asking, wanted) = (actor.clone(), asked.clone());
        let reply =
            app.db.read(move |c| Ok(counted(&actor.request_id, || f(c, &actor))?.complete(&asked, actor.take_exact_reads()))).await?;
        recorded(&app, asking, wanted, reply).await?.coded_as(&self.wanted).await
    }

    /// The same for an answer that follows from rows of these kinds, the path and query, the language and perhaps the account
    /// and its grants alone: not from the session, the address or any other header, nor from the clock but at a known instant.
    /// The closure tells of which scope it is, and that instant. It is kept until one of them changes, and given out again by
    /// request validation.
    ///
    /// # Errors
    /// What the closure answers.
    pub fn cached(
        self,
        whom: For,
        kinds: Kinds,
        f: impl FnOnce(&mut Conn, &Actor) -> Result<Keepable> + Send + 'static,
    ) -> impl Future<Output = Result<Reply>> {
        self.run_keeping(whom, kinds, Box::new(f))
    }

    async fn run_keeping(self, whom: For, kinds: Kinds, f: Answering<Keepable>) -> Result<Reply> {
        let data_version = self.data_version.ok_or_else(|| Error::internal("a data version is taken for a GET of data alone"))?;
        let (app, mut actor, asked) = (self.http, self.actor, self.asked);
        let (asking, wanted, versions) = (actor.clone(), asked.clone(), app.db.data_versions().clone());
        actor.models = Models::after(app.models.clone(), versions.clone(), data_version.clone());
        let work = move |c: &mut Conn| {
            let Keepable { reply, scope, until } = data_version::reading(kinds, || counted(&actor.request_id, || f(c, &actor)))?;
            let reads = scope.reads(c, &versions, kinds, data_version.seen())?;
            Ok((reply.complete(&asked, actor.take_exact_reads()), reads, until))
        };
        let (reply, reads, until) = app.db.read(work).await?;
        app.responses.put(question(&asking, &wanted, self.format), (whom, asking.caller.clone()), reads, until, reply.clone());
        recorded(&app, asking, wanted, reply).await?.coded_as(&self.wanted).await
    }

    /// Writes in one transaction. With an `Idempotency-Key` the answer is stored with the effect.
    ///
    /// # Errors
    /// What the closure answers; 409 or 422 for an idempotency key in use.
    pub fn write(self, f: impl FnOnce(&mut Conn, &Actor) -> Result<Reply> + Send + 'static) -> impl Future<Output = Result<Reply>> {
        self.run_writing(Box::new(f))
    }

    async fn run_writing(self, f: Answering<Reply>) -> Result<Reply> {
        if self.unreceived {
            return Err(Error::internal("a write before the body was received"));
        }
        let Self { http: app, actor, asked, key, wanted, .. } = self;
        // Where there is one writer, nobody overtakes it.
        let overtakes = app.db.is_postgres();
        let reply = written(app, actor, asked, key, f).await.map_err(|error| if overtakes { error.overtaken() } else { error })?;
        reply.coded_as(&wanted).await
    }

    /// Gives an answer that was made of several reads, none of which shows restricted figures.
    ///
    /// # Errors
    /// Internal, if it cannot be coded.
    pub async fn answer(self, reply: Reply) -> Result<Reply> {
        reply.complete(&self.asked, RestrictedAccess::default()).coded_as(&self.wanted).await
    }

    /// The format that the answer is to have: one that the route states.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// The same request once its body has come to its end: with an idempotency key it is another request if the body is another.
    ///
    /// # Errors
    /// Internal, if the body was not read to its end.
    pub fn received(mut self, body: BodyStream) -> Result<Self> {
        let fingerprint = body.fingerprint().ok_or_else(|| Error::internal("a body that was not read to its end"))?;
        if let Some(key) = &mut self.key {
            key.fingerprint.push_str(&fingerprint);
        }
        Ok(Self { unreceived: false, ..self })
    }

    /// What an answer is made with.
    pub(super) fn into_parts(self) -> (Arc<HttpState>, Actor, Arc<Asked>) {
        (self.http, self.actor, self.asked)
    }

    /// Who asks, for work before the transaction.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.actor
    }
}

/// What is asked, as the answers that are kept are found by.
fn question<'a>(actor: &'a Actor, asked: &'a Asked, format: Format) -> Question<'a> {
    let account = actor.caller.as_ref().map(|c| &c.id);
    Question { path: &asked.path, query: &asked.query, format, language: actor.language, account }
}

async fn written(
    app: Arc<HttpState>,
    actor: Actor,
    asked: Arc<Asked>,
    key: Option<idempotency::Key>,
    f: Answering<Reply>,
) -> Result<Reply> {
    let (asking, wanted) = (actor.clone(), asked.clone());
    let work = move |c: &mut Conn| {
        let reply = counted(&actor.request_id, || f(c, &actor))?.complete(&asked, actor.take_exact_reads());
        record(c, &actor, &asked, &reply)?;
        Ok(reply)
    };
    let reply = match key {
        None => return app.db.write(work).await,
        Some(key) => idempotency::run(&app.db, key, work).await?,
    };
    if !reply.is_replay() {
        return Ok(reply);
    }
    // What an answer shows, its replay shows again, if the caller may still see it.
    let may_see = |jurisdiction: &String| asking.sees_restricted(jurisdiction) || asking.may(&[Role::Reporter], jurisdiction);
    if !reply.exact_reads().jurisdictions.iter().all(may_see) {
        return Err(codes::ACCESS_RESTRICTED.into());
    }
    recorded(&app, asking, wanted, reply).await
}

/// Lets an answer that was kept out again, once the audit trail holds which restricted figures it shows exactly.
///
/// # Errors
/// 503 `audit.unavailable`.
pub(super) async fn again(app: &HttpState, by: impl FnOnce() -> Result<(Actor, Asked)>, reply: Reply) -> Result<Reply> {
    if reply.exact_reads().is_empty() {
        return Ok(reply);
    }
    let (actor, asked) = by()?;
    recorded(app, actor, Arc::new(asked), reply).await
}

/// Lets an answer out once the audit trail holds which restricted figures it shows exactly.
pub(super) async fn recorded(app: &HttpState, actor: Actor, asked: Arc<Asked>, reply: Reply) -> Result<Reply> {
    if !reply.exact_reads().is_empty() {
        app.exact_reads.record(actor, asked, reply.exact_reads().clone()).await?;
    }
    Ok(reply)
}

/// Records within a write which restricted figures its answer shows exactly.
fn record(c: &mut Conn, actor: &Actor, asked: &Asked, reply: &Reply) -> Result<()> {
    let access: &RestrictedAccess = reply.exact_reads();
    if access.is_empty() { Ok(()) } else { change::exact_read(c, actor, asked, access).map_err(unrecorded) }
}

/// What cannot be recorded is not shown.
fn unrecorded(error: Error) -> Error {
    if error.code() == Some(codes::AUDIT_UNAVAILABLE) {
        return error;
    }
    tracing::error!(?error, "the exact reading of restricted figures cannot be recorded, so it is refused");
    Problem::new(codes::AUDIT_UNAVAILABLE).header("Retry-After", "5").into()
}

/// What request validation found out about a request.
#[derive(Clone)]
pub struct Checked {
    /// What requests share.
    pub app: Arc<HttpState>,
    /// What is asked for.
    pub operation: Arc<Operation>,
    /// Who asks.
    pub caller: Option<Arc<Caller>>,
    /// The format of the answer.
    pub format: Format,
    /// The query parameters by name, each of its documented type.
    pub query: Map<String, Value>,
    /// The JSON body.
    pub body: Option<Value>,
    /// `If-Match`.
    pub expected: Option<Expected>,
    /// `Idempotency-Key` and the fingerprint of the request.
    pub key: Option<idempotency::Key>,
    /// The bytes of a form.
    pub form: Vec<u8>,
    /// How many bytes there may be of a body that the handler takes piece by piece.
    pub streamed: Option<u64>,
    /// `X-Purpose`.
    pub purpose: Option<String>,
    /// The state of the data when the caller was looked at.
    pub data_version: Option<DataVersion>,
}

/// Whose token a request bears, also where it is refused later.
#[derive(Clone)]
pub struct Asking(pub Arc<Caller>);

fn checked<T>(request: &HttpRequest, f: impl FnOnce(&Checked) -> Result<T>) -> Ready<Result<T>> {
    let extensions = request.extensions();
    ready(match extensions.get::<Checked>() {
        Some(found) => f(found),
        None => Err(Error::internal("a handler outside request validation")),
    })
}

impl FromRequest for Request {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        checked(request, |found| {
            let actor = actor_of(request, &found.app, found.caller.clone(), found.purpose.clone())?;
            let asked = Arc::new(asked_of(request));
            Ok(Self {
                app: found.app.app.clone(),
                http: found.app.clone(),
                actor,
                asked,
                format: found.format,
                key: found.key.clone(),
                unreceived: found.streamed.is_some(),
                data_version: found.data_version.clone(),
                wanted: Wanted::of(request),
            })
        })
    }
}

/// The version that a change is meant for, from `If-Match`: a request without one does not come so far.
impl FromRequest for Expected {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        checked(request, |found| Ok(found.expected.clone().unwrap_or_default()))
    }
}

/// The body, already checked against the document.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Body<T> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        // Taken, not copied: a long list is large.
        let body = request.extensions_mut().get_mut::<Checked>().and_then(|found| found.body.take());
        let body = body.ok_or_else(|| Error::internal("an operation without a documented body"));
        ready(body.and_then(|body| serde_json::from_value(body).map(Self).map_err(Error::internal)))
    }
}

/// The query parameters, already checked against the document.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        checked(request, |found| serde_json::from_value(Value::Object(found.query.clone())).map(Self).map_err(Error::internal))
    }
}

/// The raw body of an operation that takes a form.
pub struct Form(pub Vec<u8>);

impl FromRequest for Form {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        // Taken, not copied.
        let form = request.extensions_mut().get_mut::<Checked>().map(|found| std::mem::take(&mut found.form));
        ready(form.map(Self).ok_or_else(|| Error::internal("a handler outside request validation")))
    }
}

/// The `{id}` of the path. What cannot be an id names nothing.
pub struct Id<T>(pub T);

impl<T: From<String>> FromRequest for Id<T> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let text = request.match_info().query("id").to_ascii_lowercase();
        ready(if crate::values::id::looks_like_id(&text) { Ok(Self(T::from(text))) } else { Err(Problem::new(codes::NOT_FOUND).into()) })
    }
}
