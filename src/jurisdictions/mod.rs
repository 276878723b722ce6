//! Administrative units of the country (đơn vị hành chính): communes, provinces, the country, by official code.

use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the room.
pub fn routes(_config: &mut ServiceConfig) {}
