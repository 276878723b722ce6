//! Figures, completeness and progress for those who read.
//!
//! A ward's own people read what was accepted, everybody else what was published: what a consolidated report that was
//! sent says, however the units correct themselves meanwhile.
//!
//! Source: section IV of the plan (annual reports before 25 November); Resolution 28/NQ-CP, which asks the same of every
//! province.

mod area;
mod completeness;
pub mod exports;
mod http;
mod indicator_status;
mod observations;
mod overview;
mod projection;
mod published;
mod sheets;
mod wire;
mod years;

pub use http::routes;
pub use observations::{FigureStatus, ObservationFilter, ObservationOut};
pub use published::{PublishedIndicator, PublishedPeriod, published, published_observations};
pub use wire::{IndicatorProgress, ProgressFilter, WhereAndWhen};
