//! The plan as one tree: outline, trace of an item, gaps that the plan leaves open, and a copy for another ward.

use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the room.
pub fn routes(_config: &mut ServiceConfig) {}
