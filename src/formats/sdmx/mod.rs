//! SDMX (ISO 17369), by which statistics offices exchange figures: structures as SDMX-JSON 2.0.0 and SDMX-ML 2.1, data as SDMX-CSV 2.0.0
//! and SDMX-ML 2.1. A [`Message`] or [`Observation`]s in, bytes out.
//!
//! One cube holds everything: the data structure definition [`STRUCTURE`], of which there is one dataflow, [`FLOW`]. What its codes
//! are is data; what it consists of is stated here, in [`COMPONENTS`].
//!
//! Sources: SDMX-JSON 2.0.0 structure message; SDMX-CSV 2.0.0; SDMX-ML 2.1 schemas; SDMX REST 2 and 1.5 (which goes with SDMX 2.1);
//! the cross-domain code lists `CL_OBS_STATUS` 2.2, `CL_CONF_STATUS` 1.3, `CL_FREQ` 2.1 and `CL_SEX` 2.1.

pub mod csv;
pub mod data_xml;
pub mod json;
mod model;
mod observation;
mod xml;

pub mod structure_xml;

pub use model::{
    AGENCY, Availability, COMPONENTS, CONCEPTS, Component, FLOW, Item, ItemScheme, Kind, Message, Representation, SDMX, STRUCTURE, Shown,
    VERSION, urn,
};
pub use observation::{Columns, Confidentiality, Observation, SERIES_DIMENSIONS, Series, Status};
