//! Tasks, solutions and assignments of a plan (nhiệm vụ, giải pháp, phân công).

use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the room.
pub fn routes(_config: &mut ServiceConfig) {}
