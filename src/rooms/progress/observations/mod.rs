//! `GET /observations`: single figures across units and periods.

mod load;
mod wanted;
mod wire;

pub(super) use load::list;
pub(super) use wire::{ObservationFilter, ObservationOut};
