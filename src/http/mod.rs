//! What every endpoint has in common: the checks before a handler, the request's context, the answer's form.

pub mod access;
pub mod body_stream;
pub mod coding;
pub mod connections;
pub mod contract;
pub mod docs;
pub mod events;
pub mod followers;
pub mod limit;
pub mod metrics;
pub mod policy;
mod problem_response;
pub mod purpose;
pub mod query;
pub mod reply;
pub mod request;
pub mod request_validation;
pub mod response_cache;
pub mod response_middleware;
pub mod routes;
pub mod service;
mod short_paths;
pub mod streamed;
pub mod version;

use crate::app_state::AppState;
use crate::change::ExactReads;
use crate::db::models::ModelCache;
use std::ops::Deref;
use std::sync::Arc;

/// What requests share. One per process. Derefs to the [`AppState`].
pub struct HttpState {
    /// What jobs and commands share as well.
    pub app: Arc<AppState>,
    /// The document by which requests are checked.
    pub contract: contract::Contract,
    /// Answers kept while nothing changes.
    pub responses: response_cache::ResponseCache,
    /// What answers are made with, kept while nothing of it changes.
    pub models: Arc<ModelCache>,
    /// Records which restricted figures are shown exactly.
    pub exact_reads: ExactReads,
    /// How many requests accounts and addresses may make; `None` if nothing limits them.
    pub limits: Option<limit::Limits>,
    /// Those who wait for changes.
    pub followers: Arc<followers::Followers>,
    /// Counters for `/metrics`.
    pub metrics: metrics::Metrics,
}

impl Deref for HttpState {
    type Target = AppState;

    fn deref(&self) -> &AppState {
        &self.app
    }
}
