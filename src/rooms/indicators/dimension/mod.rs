//! Dimensions (phân tổ): by what the figures of indicators may be split, each with its values. Figures keep the codes of
//! dimension and value, so what has data is made inactive, not deleted.

pub(super) mod http;
mod rules;
mod table;
mod usage;
mod use_cases;
mod wire;

pub use use_cases::{create as create_dimension, list_of_plan as dimensions_of_plan};
pub use wire::{DimensionIn, DimensionOut};
