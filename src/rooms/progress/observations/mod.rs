//! `GET /observations`: single figures across units and periods.

#[macro_use]
mod rows;
mod batches;
mod beside;
mod context;
mod load;
mod table;
mod wanted;
mod wire;

pub(super) use batches::every;
pub(super) use load::list;
pub(super) use table::ObservationTable;
pub use wire::{FigureStatus, ObservationFilter, ObservationOut};
