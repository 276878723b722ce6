//! What every endpoint has in common: the checks before a handler, the caller's context, the answer's form.

pub mod actions;
pub mod cache;
pub mod coding;
pub mod connections;
pub mod contract;
pub mod ctx;
pub mod finish;
pub mod gate;
pub mod idempotency;
pub mod limit;
pub mod metrics;
pub mod paging;
pub mod patch;
pub mod purpose;
pub mod query;
pub mod reply;
pub mod revealed;
pub mod routes;
pub mod service;
pub mod shape;
pub mod version;

use crate::auth::Auth;
use crate::config::Config;
use crate::db::Database;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Everything that requests share. One per process.
pub struct House {
    /// What the service was told.
    pub config: Config,
    /// The data.
    pub db: Database,
    /// Who may come in.
    pub auth: Auth,
    /// The document by which requests are checked.
    pub contract: Arc<contract::Contract>,
    /// Answers kept while nothing changes.
    pub kept: cache::Kept,
    /// Who writes down that restricted figures are read exactly.
    pub witness: revealed::Witness,
    /// How many requests accounts and addresses may make; `None` if nothing limits them.
    pub limits: Option<limit::Limits>,
    /// Counters for `/metrics`.
    pub metrics: metrics::Metrics,
    /// Set when the server is about to stop: `/readyz` says so first.
    pub draining: AtomicBool,
}
