//! Reports of the units (báo cáo của đơn vị): one per unit and period, made when the period opens. A unit writes figures
//! and words, submits, and the coordinator accepts or returns.
//!
//! `draft → submitted → accepted → consolidated`; `submitted → draft` (withdrawn) or `returned`; `accepted → returned`
//! (reopened, a new revision); `returned → submitted`. Accepted data never change: a correction is a new revision. A closed
//! period takes no submission; what is written meanwhile stays a draft.
//!
//! Source: section V of the plan; contract, section 5.

mod aggregate;
mod answers;
mod bulk;
mod checks;
pub mod columns;
mod comments;
mod desk;
mod entry;
mod findings;
mod form;
mod handing_over;
mod http;
mod list;
mod narratives;
mod obligations;
mod observations;
mod readiness;
mod rounds;
mod rules;
mod scope;
mod sheet;
mod status;
mod table;
mod transitions;
mod use_cases;
mod views;
mod warnings;
mod wire;
mod wording;

#[cfg(test)]
mod tests;

pub use bulk::{Basis, BulkEntry, Checked, Kept, Line, Named, Rejected, locate};
pub use comments::readable_among as comments_readable_among;
pub use desk::of_period as completeness;
pub use entry::Work;
pub use handing_over::release;
pub use http::routes;
pub use scope::readable_among;
pub use sheet::export;
pub use status::Status;
pub use use_cases::{accept, consolidated, find, released, reopen, return_to_unit, submit, withdraw, write_cells, write_narrative};
pub use wire::ReportFilter;
pub use wire::observation::{CellCounts, CellIn, ReportObservation};
pub use wire::{Narrative, NarrativeChange, RemarkIn, Report};
