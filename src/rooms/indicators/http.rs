//! Indicators over HTTP: each kind has its own handlers.

use super::{dimension, measured, printed};
use crate::http::routes::Routes;

/// Mounts the room.
pub fn routes(routes: &mut Routes) {
    printed::http::routes(routes);
    dimension::http::routes(routes);
    measured::http::routes(routes);
}
