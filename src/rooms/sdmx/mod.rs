//! Published figures for statisticians and their tools, as the standard has it: structures, data, which data there are.
//!
//! Every observation is what `GET /progress` and `GET /observations` say to somebody who has not signed in, whoever asks here: what was
//! frozen when a consolidated report was approved, with the small figures of restricted indicators hidden. Nothing is computed here.
//!
//! Sources: SDMX REST 2 (`/sdmx/v2`) and 1.5 (`/sdmx/2.1`); contract, section 9.

mod artefacts;
mod catalogue;
mod http;
mod observations;
mod rules;
mod table;
mod terms;
mod use_cases;
mod wire;

pub use http::routes;
