//! `GET /observations`: single figures across units and periods.

mod dto;
mod load;
mod wanted;

pub(super) use dto::{ObservationFilter, ObservationOut};
pub(super) use load::list;
