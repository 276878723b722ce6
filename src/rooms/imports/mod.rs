//! Imports (nhập số liệu): many figures at once, from a spreadsheet or another system. A row is a unit's own write of one figure:
//! it goes into a report that the caller may edit, by the rules of that report, and each row has its own fate.
//!
//! A file is first read whole and its rows laid down on disk, by the reports they speak of ([`staged`]); then report after report is
//! checked and written. A short one is answered at once, a long one is a job.
//!
//! Source: contract, section 9.

mod amounts;
mod columns;
mod http;
mod job;
mod prepared;
mod rows;
mod run;
mod staged;
mod table;
mod use_cases;
mod wire;
mod wording;

pub use http::routes;
pub use job::{Job, expire, fail_abandoned, import};
pub use staged::{Staged, stage};
pub use use_cases::{dimension_names, format_of};
pub use wire::{Conflict, ImportOut, ImportStatus, Mode};
