//! Consolidated reports (báo cáo tổng hợp): what the ward tells the province of a reporting period, computed from its
//! units' accepted reports.
//!
//! `draft` → `approved` by the leader, which freezes and signs it → `sent` by the coordinator, which publishes its
//! figures → `acknowledged` or `returned` by the province. What was returned, or sent with figures that changed since, is
//! replaced by a new one of the next revision; the old one stays readable.
//!
//! Source: section V of the plan (the Culture and Social Affairs office gathers the units' reports and reports to the
//! People's Committee and the Department of Home Affairs before 25 November); Nghị định 30/2020/NĐ-CP for number and date.

mod answers;
mod completing;
mod compute;
mod cover;
mod diff;
mod freeze;
mod http;
mod included_reports;
mod inputs;
mod inquiry;
mod narrative;
mod permitted;
mod restricted;
mod rules;
mod scope;
mod signature;
mod status;
mod table;
mod transitions;
mod use_cases;
mod views;
mod wire;

#[cfg(test)]
mod tests;

pub use completing::{complete, incomplete};
pub use http::routes;
pub use rules::Step;
pub use scope::sent_to_province_among;
pub use status::ConsolidatedStatus;
pub use transitions::{Given, take};
pub use use_cases::{create, find, update};
pub use wire::{ConsolidatedEdit, ConsolidatedIn, ConsolidatedOut};
