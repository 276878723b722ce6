//! Indicators (chỉ tiêu): the printed targets of the plan, the indicators that measure them, and the dimensions by which
//! their figures are split. Definitions are data: the rules know none of the plan's indicators by name.
//!
//! Source: section I.2 of the plan; Thông tư 10/2019/TT-BKHĐT for the dimensions.

mod definition;
mod known;

pub use definition::{Definition, ExtraInput, ExtraType, NationalComparison, OfficialDefinition};
pub use known::{DimensionValue, Known, KnownDimension, of_plan, of_plans, resolve};

use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the room.
pub fn routes(_config: &mut ServiceConfig) {}
