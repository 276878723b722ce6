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
pub(super) use table::CsvFile;
pub(super) use wire::ObservationFilter;
pub use wire::{FigureStatus, ObservationOut};
