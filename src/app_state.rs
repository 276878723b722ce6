//! What requests, jobs and commands share.

use crate::auth::Auth;
use crate::config::Config;
use crate::db::Database;
use std::sync::atomic::AtomicBool;

/// Everything that works on the data. One per process.
pub struct AppState {
    /// What the service was told.
    pub config: Config,
    /// The data.
    pub db: Database,
    /// Who may come in.
    pub auth: Auth,
    /// Set when the server is about to stop: `/readyz` says so first, and no further job begins.
    pub draining: AtomicBool,
}
