//! Somebody who calls the API, and what is answered.

use super::app::TestApp;
use super::contract;
use super::json::{fault_codes, text};
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::sync::Barrier;

/// A signed-in account.
pub struct Session {
    /// The name it signs in with.
    pub username: String,
    /// Its password or secret.
    pub password: String,
    /// What `POST /auth/login` or `/oauth/token` answered.
    pub answer: Value,
}

impl Session {
    pub(super) async fn of_person(app: &TestApp, username: &str, password: &str) -> Self {
        let answer = app.anonymous().post("/auth/login", &json!({"username": username, "password": password})).await;
        Self { username: username.to_owned(), password: password.to_owned(), answer: answer.ok() }
    }

    pub(super) async fn of_machine(app: &TestApp, id: &str, secret: &str) -> Self {
        let mut call = app.anonymous().call("POST", "/oauth/token");
        call.basic = Some((id.to_owned(), secret.to_owned()));
        let answer = call.raw("application/x-www-form-urlencoded", "grant_type=client_credentials").send().await;
        Self { username: id.to_owned(), password: secret.to_owned(), answer: answer.ok() }
    }
}

/// Somebody who calls the API. Paths are below `/api/v1`, but for those that the contract puts outside it.
#[derive(Clone)]
pub struct Actor {
    app: TestApp,
    session: Option<Arc<Session>>,
}

const OUTSIDE: [&str; 10] =
    ["/api", "/oauth", "/.well-known", "/sdmx", "/openapi.json", "/docs", "/healthz", "/readyz", "/metrics", "/problems"];

fn full(path: &str) -> String {
    if path == "/" || OUTSIDE.iter().any(|o| path.starts_with(o)) { path.to_owned() } else { format!("/api/v1{path}") }
}

/// All these requests at the same moment.
pub async fn at_once(calls: Vec<Call>) -> Vec<Answer> {
    let gate = Arc::new(Barrier::new(calls.len()));
    // The documents are loaded before the start, so that nobody waits for them.
    for call in &calls {
        call.actor.get("/healthz").await.ok();
    }
    let sent: Vec<_> = calls
        .into_iter()
        .map(|call| {
            let gate = gate.clone();
            tokio::spawn(async move {
                gate.wait().await;
                call.send().await
            })
        })
        .collect();
    let mut answers = Vec::new();
    for answer in sent {
        answers.push(answer.await.expect("an answer"));
    }
    answers
}

/// A path with a query string.
pub fn with_query(path: &str, query: &[(&str, &str)]) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(query);
    format!("{path}?{}", form.finish())
}

impl Actor {
    pub(super) fn anonymous(app: &TestApp) -> Self {
        Self { app: app.clone(), session: None }
    }

    pub(super) fn signed_in(app: &TestApp, session: Arc<Session>) -> Self {
        Self { app: app.clone(), session: Some(session) }
    }

    /// The session of somebody signed in.
    pub fn session(&self) -> &Session {
        self.session.as_deref().expect("somebody signed in")
    }

    /// The access token of somebody signed in.
    pub fn token(&self) -> &str {
        text(&self.session().answer, "access_token")
    }

    /// A request yet to be completed and sent.
    pub fn call(&self, method: &str, path: &str) -> Call {
        Call {
            actor: self.clone(),
            method: Method::from_bytes(method.as_bytes()).expect("a method"),
            path: full(path),
            headers: HeaderMap::new(),
            body: None,
            basic: None,
            checked: true,
        }
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.call("GET", path).send().await
    }

    /// GET with a query.
    pub async fn find(&self, path: &str, query: &[(&str, &str)]) -> Answer {
        self.get(&with_query(path, query)).await
    }

    /// All items of a list, page by page.
    pub async fn items(&self, path: &str, query: &[(&str, &str)]) -> Vec<Value> {
        let mut items = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let mut query = query.to_vec();
            query.push(("limit", "500"));
            query.extend(cursor.as_deref().map(|c| ("cursor", c)));
            let page = self.find(path, &query).await.ok();
            items.extend(page["items"].as_array().expect("items").iter().cloned());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => return items,
            }
        }
    }

    /// The one item of a list that has this code.
    pub async fn by_code(&self, path: &str, code: &str) -> Value {
        let found = self.items(path, &[("code", code)]).await;
        assert_eq!(found.len(), 1, "{path} with the code {code}: {found:?}");
        found[0].clone()
    }

    /// The present ETag.
    pub async fn etag(&self, path: &str) -> String {
        let answer = self.get(path).await;
        answer.ok();
        answer.etag().to_owned()
    }

    /// POST.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.call("POST", path).json(body).send().await
    }

    /// PATCH of the present version.
    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        let etag = self.etag(path).await;
        self.call("PATCH", path).if_match(&etag).json(body).send().await
    }

    /// PATCH of a sub-resource whose precondition is the ETag of `of`.
    pub async fn patch_of(&self, of: &str, path: &str, body: &Value) -> Answer {
        let etag = self.etag(of).await;
        self.call("PATCH", path).if_match(&etag).json(body).send().await
    }

    /// DELETE of the present version.
    pub async fn delete(&self, path: &str) -> Answer {
        let etag = self.etag(path).await;
        self.call("DELETE", path).if_match(&etag).send().await
    }

    /// A state transition of the present version.
    pub async fn act(&self, path: &str, verb: &str, body: &Value) -> Answer {
        let etag = self.etag(path).await;
        self.act_on(path, verb, &etag, body).await
    }

    /// A state transition of the version with this ETag.
    pub async fn act_on(&self, path: &str, verb: &str, etag: &str, body: &Value) -> Answer {
        self.call("POST", &format!("{path}/{verb}")).if_match(etag).json(body).send().await
    }
}

/// A request.
pub struct Call {
    actor: Actor,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Option<Vec<u8>>,
    basic: Option<(String, String)>,
    checked: bool,
}

impl Call {
    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let value = HeaderValue::from_bytes(value.as_bytes()).expect("a header's value");
        self.headers.insert(HeaderName::from_bytes(name.as_bytes()).expect("a header's name"), value);
        self
    }

    /// Names the version that the change is meant for.
    pub fn if_match(self, etag: &str) -> Self {
        self.header("If-Match", etag)
    }

    /// A JSON body.
    pub fn json(self, body: &Value) -> Self {
        self.raw("application/json", body.to_string())
    }

    /// A body of another kind.
    pub fn raw(mut self, media: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self.header("Content-Type", media)
    }

    /// Does not compare the answer with the document: for requests that no document could speak of.
    pub fn unchecked(mut self) -> Self {
        self.checked = false;
        self
    }

    /// Sends it.
    pub async fn send(self) -> Answer {
        let Self { actor, method, path, mut headers, body, basic, checked } = self;
        if let Some(session) = actor.session.as_ref().filter(|_| !headers.contains_key("authorization")) {
            let token = format!("Bearer {}", text(&session.answer, "access_token"));
            headers.insert("authorization", HeaderValue::from_str(&token).expect("a token"));
        }
        let mut request = actor.app.http().request(method.clone(), format!("{}{path}", actor.app.base())).headers(headers);
        if let Some((id, secret)) = basic {
            request = request.basic_auth(id, Some(secret));
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        let name = format!("{method} {path}");
        let got = request.send().await.unwrap_or_else(|e| panic!("{name}: {e:?}"));
        let (status, headers) = (got.status().as_u16(), got.headers().clone());
        let bytes = got.bytes().await.unwrap_or_else(|e| panic!("{name}: the body broke off: {e:?}")).to_vec();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        let answer = Answer { name, status, headers, text: String::from_utf8_lossy(&bytes).into_owned(), bytes, body };
        if checked {
            let path = path.split('?').next().unwrap_or_default();
            if let Err(wrong) = actor.app.document().await.check(method.as_str(), path, &answer) {
                panic!("{} breaks the contract: {wrong}\n{}", answer.name, answer.excerpt());
            }
        }
        answer
    }
}

/// What was answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Method and path.
    pub name: String,
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as text.
    pub text: String,
    /// The body.
    pub bytes: Vec<u8>,
    /// The body as JSON, null where it is none.
    pub body: Value,
}

impl Answer {
    /// The first part of it, for messages.
    pub fn excerpt(&self) -> String {
        format!("{} → {} {}", self.name, self.status, self.text.chars().take(1200).collect::<String>())
    }

    /// The body of a success.
    #[track_caller]
    pub fn ok(&self) -> Value {
        assert!((200..300).contains(&self.status), "{}", self.excerpt());
        self.body.clone()
    }

    /// The body of an answer with just this status.
    #[track_caller]
    pub fn with_status(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.excerpt());
        self.body.clone()
    }

    /// A problem as RFC 9457 and the contract describe it, with this code of its own or of one of its field errors.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> Value {
        let p = self.refused(status);
        let own = text(&p, "code");
        assert!(own == code || fault_codes(&p).iter().any(|c| c == code), "not {code}: {}", self.excerpt());
        p
    }

    /// A problem with whatever code.
    #[track_caller]
    pub fn refused(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.excerpt());
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.excerpt());
        let p = &self.body;
        assert_eq!(p["status"], status, "{}", self.excerpt());
        assert_eq!(text(p, "request_id"), self.header("x-request-id"), "{}", self.excerpt());
        assert!(text(p, "type").ends_with(&format!("/problems/{}", text(p, "code"))), "{}", self.excerpt());
        assert!(!text(p, "title").is_empty() && !text(p, "detail").is_empty(), "{}", self.excerpt());
        for inside in ["panicked", "diesel", "SQLITE", "SELECT ", "INSERT ", ".rs:", "libpq"] {
            assert!(!self.text.contains(inside), "the inside leaks: {}", self.excerpt());
        }
        p.clone()
    }

    /// A header's value, empty where it is absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    /// The items of a comma-separated header, in lower case.
    pub fn header_list(&self, name: &str) -> Vec<String> {
        let all = self.headers.get_all(name).iter().filter_map(|v| v.to_str().ok());
        all.flat_map(|v| v.split(',')).map(|v| v.trim().to_lowercase()).filter(|v| !v.is_empty()).collect()
    }

    /// The strong ETag.
    #[track_caller]
    pub fn etag(&self) -> &str {
        let tag = self.header("etag");
        assert!(tag.starts_with('"') && tag.ends_with('"') && tag.len() > 2, "no strong ETag ({tag}): {}", self.excerpt());
        tag
    }

    /// Whether it is a replay of a stored answer.
    pub fn replayed(&self) -> bool {
        self.header("idempotency-replayed") == "true"
    }
}

impl contract::Answered for Answer {
    fn status(&self) -> u16 {
        self.status
    }

    fn media_type(&self) -> String {
        self.header("content-type").split(';').next().unwrap_or_default().trim().to_owned()
    }

    fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    fn json(&self) -> Option<&Value> {
        Some(&self.body).filter(|b| !b.is_null() || self.text.trim() == "null")
    }

    fn is_tagged(&self) -> bool {
        !self.header("etag").is_empty()
    }
}

/// Names a version on a request, where there is one to name: for `Option::into_iter().fold(…)`.
pub fn if_match(call: Call, etag: &str) -> Call {
    call.if_match(etag)
}
