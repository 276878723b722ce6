//! Responsible units (cơ quan, đơn vị thực hiện): those who carry out the plan and report on it. A group, such as the
//! schools, stands for its members.
//!
//! Source: section IV of the plan.

mod keys;

pub use keys::{UnitKey, charged, key, of_jurisdiction, of_jurisdictions, references, reporting, resolve, with_members};

use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the room.
pub fn routes(_config: &mut ServiceConfig) {}
