//! A request as handlers and rules see it, after all checks of its form.

use super::House;
use super::cache::{For, Question};
use super::coding::Wanted;
use super::contract::Contract;
use super::idempotency;
use super::reply::Reply;
use super::revealed::{Revealed, Witness};
use super::version::Seen;
use crate::auth::caller::{Caller, Reach, Role};
use crate::auth::vault::Vault;
use crate::db::Conn;
use crate::db::stamp::Stamp;
use crate::problem::{Error, Language, Problem, Result, codes};
use crate::values::clock::UtcTime;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::future::{Ready, ready};
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

/// Who asks, when, from where and under which request id: all that rules and the journal need to know of a request.
#[derive(Clone)]
pub struct By {
    /// The account; `None` for the public and for the service's own work.
    pub caller: Option<Arc<Caller>>,
    /// The name under which the journal knows the service's own work.
    pub system: Option<&'static str>,
    /// The instant of the request: one for all that happens in it.
    pub now: UtcTime,
    /// The request's id.
    pub request_id: String,
    /// The client's address.
    pub address: String,
    /// Why an exact figure is read (`X-Purpose`).
    pub purpose: Option<String>,
    /// The language of problems.
    pub language: Language,
    /// The path asked for.
    pub path: String,
    /// The query string asked with.
    pub query: String,
    /// The document by which requests are checked.
    pub contract: Arc<Contract>,
    /// When the periods that a plan implies open and fall due.
    pub schedule: crate::values::period::Schedule,
    vault: Option<Vault>,
    /// The first count of a restricted indicator that everybody may see.
    pub smallest_count: u32,
    seen: Option<Seen>,
    revealed: Arc<Mutex<Revealed>>,
}

impl By {
    /// Who sends this request, and what he has seen and says of it.
    pub(super) fn of(
        request: &HttpRequest,
        house: &House,
        caller: Option<Arc<Caller>>,
        purpose: Option<String>,
        seen: Option<Seen>,
    ) -> Result<Self> {
        let extensions = request.extensions();
        let arrival = extensions.get::<Arc<Arrival>>().ok_or_else(|| Error::internal("a request without arrival"))?;
        Ok(Self {
            caller,
            system: None,
            now: UtcTime::now(),
            request_id: arrival.request_id.clone(),
            address: arrival.address.clone(),
            purpose,
            language: arrival.language,
            path: request.path().to_owned(),
            query: request.query_string().to_owned(),
            contract: house.contract.clone(),
            schedule: house.config.schedule,
            vault: Some(house.auth.vault.clone()),
            smallest_count: house.config.smallest_count,
            seen,
            revealed: Arc::default(),
        })
    }

    /// The service itself, at start or in a job.
    #[must_use]
    pub fn system(contract: &Arc<Contract>, config: &crate::config::Config, name: &'static str) -> Self {
        Self {
            caller: None,
            system: Some(name),
            now: UtcTime::now(),
            request_id: uuid::Uuid::now_v7().to_string(),
            address: String::new(),
            purpose: None,
            language: Language::Vi,
            path: String::new(),
            query: String::new(),
            contract: contract.clone(),
            schedule: config.schedule,
            vault: None,
            smallest_count: config.smallest_count,
            seen: None,
            revealed: Arc::default(),
        }
    }

    /// The same at another instant: for the demonstration, which tells what people did.
    #[must_use]
    pub fn at(self, now: UtcTime) -> Self {
        Self { now, request_id: uuid::Uuid::now_v7().to_string(), ..self }
    }

    /// The same done by an account.
    #[must_use]
    pub fn done_by(self, caller: Arc<Caller>) -> Self {
        Self { caller: Some(caller), system: None, ..self }
    }

    /// The same with the key to what is sealed in the database: for what signs.
    #[must_use]
    pub fn holding(self, vault: &Vault) -> Self {
        Self { vault: Some(vault.clone()), ..self }
    }

    /// The key to what is sealed in the database.
    ///
    /// # Errors
    /// Internal, for work of the service that was not given it.
    pub fn vault(&self) -> Result<&Vault> {
        self.vault.as_ref().ok_or_else(|| Error::internal("work without the vault's key"))
    }

    /// The same after having seen a version of what is to be changed.
    #[must_use]
    pub fn having_seen(self, version: i64) -> Self {
        Self { seen: Some(Seen::version(version)), ..self }
    }

    /// The version that the client has seen; the form of the request was checked, so that a change always has one.
    #[must_use]
    pub fn seen(&self) -> Seen {
        self.seen.clone().unwrap_or_default()
    }

    /// The account.
    ///
    /// # Errors
    /// 401 if nobody is signed in.
    pub fn account(&self) -> Result<&Caller> {
        self.caller.as_deref().ok_or_else(crate::auth::required)
    }

    /// Goes on only if the caller has one of these roles here. The service itself may do everything.
    ///
    /// # Errors
    /// 403 `access.denied`.
    pub fn must(&self, roles: &[Role], jurisdiction: &str) -> Result<()> {
        if self.may(roles, jurisdiction) { Ok(()) } else { Err(codes::ACCESS_DENIED.into()) }
    }

    /// Whether the caller has one of these roles here.
    #[must_use]
    pub fn may(&self, roles: &[Role], jurisdiction: &str) -> bool {
        self.system.is_some() || self.caller.as_ref().is_some_and(|c| c.may(roles, jurisdiction))
    }

    /// Where the caller has one of these roles.
    #[must_use]
    pub fn reach(&self, roles: &[Role]) -> Reach {
        match (&self.caller, self.system) {
            (_, Some(_)) => Reach::Everything,
            (Some(caller), None) => caller.reach(roles),
            (None, None) => Reach::nowhere(),
        }
    }

    /// Whether restricted figures of this jurisdiction are shown exactly.
    #[must_use]
    pub fn sees_restricted(&self, jurisdiction: &str) -> bool {
        self.system.is_some() || self.caller.as_ref().is_some_and(|c| c.sees_restricted(jurisdiction))
    }

    /// Says that the answer shows a restricted figure exactly, whose reading must be in the audit trail. The service itself
    /// reads nothing.
    pub fn reveals(&self, resource: &str, id: &str, jurisdiction: &str, indicator: &str) {
        if self.caller.is_some() {
            self.revealed.lock().unwrap_or_else(PoisonError::into_inner).add(resource, id, jurisdiction, indicator);
        }
    }

    /// An answer with what was said of it by [`Self::reveals`].
    fn told_of(&self, reply: Reply) -> Reply {
        reply.revealing(std::mem::take(&mut *self.revealed.lock().unwrap_or_else(PoisonError::into_inner)))
    }

    /// The name under which what happens is kept: a person's or machine's, or the service's own.
    #[must_use]
    pub fn name(&self) -> &str {
        match (&self.caller, self.system) {
            (Some(caller), _) => &caller.display_name,
            (None, Some(system)) => system,
            (None, None) => "anonymous",
        }
    }

    /// What is asked, as the answers that are kept are found by.
    pub(super) fn question(&self) -> Question<'_> {
        let account = self.caller.as_ref().map(|c| &c.id);
        Question { path: &self.path, query: &self.query, language: self.language, account }
    }

    /// The account's id, if there is one.
    #[must_use]
    pub fn id(&self) -> Option<String> {
        self.caller.as_ref().map(|c| c.id.as_str().to_owned())
    }
}

/// A request after all checks of its form. Derefs to [`By`].
pub struct Ctx {
    /// What requests share.
    pub house: Arc<House>,
    by: By,
    key: Option<idempotency::Key>,
    stamp: Option<Stamp>,
    wanted: Wanted,
}

impl Deref for Ctx {
    type Target = By;

    fn deref(&self) -> &By {
        &self.by
    }
}

impl Ctx {
    /// Reads, and answers from one state of the data.
    ///
    /// # Errors
    /// What the closure answers.
    pub async fn read(self, f: impl FnOnce(&mut Conn, &By) -> Result<Reply> + Send + 'static) -> Result<Reply> {
        let (house, by) = (self.house, self.by);
        let asking = by.clone();
        let reply = house.db.read(move |c| Ok(by.told_of(f(c, &by)?))).await?;
        witnessed(&house, asking, reply).await?.coded_as(&self.wanted).await
    }

    /// The same for an answer that follows from the data, the path and query, the language and perhaps the account alone:
    /// not from the clock, and not from the session, the address or any other header. It is kept until the data change, and
    /// given out again by the gate.
    ///
    /// # Errors
    /// What the closure answers.
    pub async fn cached(self, whom: For, f: impl FnOnce(&mut Conn, &By) -> Result<Reply> + Send + 'static) -> Result<Reply> {
        self.cached_until(whom, move |c, by| Ok((f(c, by)?, None))).await
    }

    /// The same for an answer that the clock changes at a known instant, which the closure tells beside it.
    ///
    /// # Errors
    /// What the closure answers.
    pub async fn cached_until(
        self,
        whom: For,
        f: impl FnOnce(&mut Conn, &By) -> Result<(Reply, Option<UtcTime>)> + Send + 'static,
    ) -> Result<Reply> {
        let stamp = self.stamp.ok_or_else(|| Error::internal("the gate takes a stamp for a GET below /api/v1 alone"))?;
        let (house, by) = (self.house, self.by);
        let asking = by.clone();
        let (reply, until) = house.db.read(move |c| f(c, &by).map(|(reply, until)| (by.told_of(reply), until))).await?;
        house.kept.put(asking.question(), whom, stamp, until, reply.clone());
        witnessed(&house, asking, reply).await?.coded_as(&self.wanted).await
    }

    /// Writes in one transaction. With an `Idempotency-Key` the answer is stored with the effect.
    ///
    /// # Errors
    /// What the closure answers; 409 or 422 for an idempotency key in use.
    pub async fn write(self, f: impl FnOnce(&mut Conn, &By) -> Result<Reply> + Send + 'static) -> Result<Reply> {
        let Self { house, by, key, wanted, .. } = self;
        // Where there is one writer, nobody overtakes it.
        let overtakes = house.db.is_postgres();
        let reply = written(house, by, key, f).await.map_err(|error| if overtakes { error.overtaken() } else { error })?;
        reply.coded_as(&wanted).await
    }

    /// Who asks, for work before the transaction.
    #[must_use]
    pub fn by(&self) -> &By {
        &self.by
    }
}

async fn written(
    house: Arc<House>,
    by: By,
    key: Option<idempotency::Key>,
    f: impl FnOnce(&mut Conn, &By) -> Result<Reply> + Send + 'static,
) -> Result<Reply> {
    let (asking, witness) = (by.clone(), house.witness);
    let seen = move |c: &mut Conn| {
        let reply = by.told_of(f(c, &by)?);
        witness_of(c, &by, &reply, witness)?;
        Ok(reply)
    };
    let reply = match key {
        None => return house.db.write(seen).await,
        Some(key) => idempotency::run(&house.db, key, seen).await?,
    };
    if !reply.is_replay() {
        return Ok(reply);
    }
    // What an answer shows, its replay shows again, if the caller may still see it.
    let may_see = |jurisdiction: &String| asking.sees_restricted(jurisdiction) || asking.may(&[Role::Reporter], jurisdiction);
    if !reply.revealed().jurisdictions.iter().all(may_see) {
        return Err(codes::ACCESS_RESTRICTED.into());
    }
    witnessed(&house, asking, reply).await
}

/// Lets an answer that was kept out again, once the audit trail holds which restricted figures it shows exactly.
///
/// # Errors
/// 503 `audit.unavailable`.
pub(super) async fn again(house: &House, by: impl FnOnce() -> Result<By>, reply: Reply) -> Result<Reply> {
    if reply.revealed().is_empty() { Ok(reply) } else { witnessed(house, by()?, reply).await }
}

/// Lets an answer out once the audit trail holds which restricted figures it shows exactly.
async fn witnessed(house: &House, by: By, reply: Reply) -> Result<Reply> {
    if reply.revealed().is_empty() {
        return Ok(reply);
    }
    let witness = house.witness;
    house
        .db
        .write(move |c| {
            witness_of(c, &by, &reply, witness)?;
            Ok(reply)
        })
        .await
        .map_err(unrecorded)
}

fn witness_of(c: &mut Conn, by: &By, reply: &Reply, witness: Witness) -> Result<()> {
    if reply.revealed().is_empty() { Ok(()) } else { witness(c, by, reply.revealed()).map_err(unrecorded) }
}

/// What cannot be recorded is not shown.
fn unrecorded(error: Error) -> Error {
    if error.code() == Some(codes::AUDIT_UNAVAILABLE) {
        return error;
    }
    tracing::error!(?error, "the exact reading of restricted figures cannot be recorded, so it is refused");
    Problem::new(codes::AUDIT_UNAVAILABLE).header("Retry-After", "5").into()
}

/// What the gate found out about a request.
#[derive(Clone)]
pub struct Checked {
    /// What requests share.
    pub house: Arc<House>,
    /// Who asks.
    pub caller: Option<Arc<Caller>>,
    /// The query parameters by name, each of its documented type.
    pub query: Map<String, Value>,
    /// The JSON body.
    pub body: Option<Value>,
    /// `If-Match`.
    pub seen: Option<Seen>,
    /// `Idempotency-Key` and the fingerprint of the request.
    pub key: Option<idempotency::Key>,
    /// The bytes of a body that is not JSON.
    pub form: Vec<u8>,
    /// `X-Purpose`.
    pub purpose: Option<String>,
    /// The state of the data when the caller was looked at.
    pub stamp: Option<Stamp>,
}

/// Whose token a request bears, also where it is refused later.
#[derive(Clone)]
pub struct Asking(pub Arc<Caller>);

/// What the outermost layer found out about a request.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// The request's id.
    pub request_id: String,
    /// The client's address.
    pub address: String,
    /// The language of problems.
    pub language: Language,
}

fn checked<T>(request: &HttpRequest, f: impl FnOnce(&Checked) -> Result<T>) -> Ready<Result<T>> {
    let extensions = request.extensions();
    ready(match extensions.get::<Checked>() {
        Some(found) => f(found),
        None => Err(Error::internal("a handler outside the gate")),
    })
}

impl FromRequest for Ctx {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        checked(request, |found| {
            let by = By::of(request, &found.house, found.caller.clone(), found.purpose.clone(), found.seen.clone())?;
            let wanted = Wanted::by(request);
            Ok(Self { house: found.house.clone(), key: found.key.clone(), stamp: found.stamp.clone(), wanted, by })
        })
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

/// The raw body of an operation that takes something else than JSON.
pub struct Form(pub Vec<u8>);

impl FromRequest for Form {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        checked(request, |found| Ok(Self(found.form.clone())))
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
