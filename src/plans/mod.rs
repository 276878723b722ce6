//! Plans (kế hoạch): what a ward wants to reach by when, and who answers for it.
//!
//! Source: the plan of phường Đồng Nguyên for 2026-2030, under Resolution 28/NQ-CP of 3 March 2021.

mod store;

pub use store::{PlanKey, code_in, codes_of, resolve, resolve_opt};

use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the room.
pub fn routes(_config: &mut ServiceConfig) {}
