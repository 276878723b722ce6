//! The right by which a request came in, for answers that last: looked up anew as often as they go on. An account may be disabled,
//! a session ended, a grant taken away while somebody waits for an answer or is in the middle of one.

use super::HttpState;
use super::contract::Operation;
use super::request::Checked;
use super::request_validation::allowed;
use crate::actor::{Actor, Origin, Settings};
use crate::db::Conn;
use crate::db::statements::counted;
use crate::problem::{Error, Result};
use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use std::future::{Ready, ready};
use std::sync::Arc;

/// Who asked for what, with what proves it.
pub struct Access {
    /// What requests share.
    pub http: Arc<HttpState>,
    operation: Arc<Operation>,
    authorization: String,
    origin: Arc<Origin>,
    path: String,
}

impl Access {
    /// Who asks, as he stands now.
    ///
    /// # Errors
    /// 401 and 403, as a new request would be answered.
    pub async fn renewed(&self) -> Result<Actor> {
        let (caller, _) = self.http.auth.caller(&self.http.db, &self.authorization, &self.origin.address).await?;
        allowed(&self.path, &self.http, &self.operation, Some(&caller))?;
        Ok(Actor::requesting(&self.origin, Some(caller), None, Settings::of(&self.http.config)))
    }

    /// Reads from one state of the data what the caller may read now. No connection is held afterwards.
    ///
    /// # Errors
    /// As [`Self::renewed`]; what the closure answers.
    pub async fn read<T: Send + 'static>(&self, f: impl FnOnce(&mut Conn, &Actor) -> Result<T> + Send + 'static) -> Result<T> {
        let actor = self.renewed().await?;
        self.http.db.read(move |c| counted(&actor.request_id, || f(c, &actor))).await
    }
}

impl FromRequest for Access {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let extensions = request.extensions();
        let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        ready(match (extensions.get::<Checked>(), extensions.get::<Arc<Origin>>(), header) {
            (Some(checked), Some(origin), Some(authorization)) => Ok(Self {
                http: checked.app.clone(),
                operation: checked.operation.clone(),
                authorization: authorization.to_owned(),
                origin: origin.clone(),
                path: request.path().to_owned(),
            }),
            _ => Err(Error::internal("a lasting answer to nobody who is signed in")),
        })
    }
}
