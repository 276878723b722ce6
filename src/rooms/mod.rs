//! The rooms: one for each kind of resource. In a room `http.rs` holds the handlers, `wire.rs` what clients write and read,
//! `rules.rs` the pure decisions, `store.rs` the rows and their SQL. Who may call whom stands in `tests/it/architecture.rs`.

pub mod accounts;
pub mod audit;
pub mod consolidation;
pub mod goals;
pub mod indicators;
pub mod jurisdictions;
pub mod outline;
pub mod periods;
pub mod plans;
pub mod progress;
pub mod reports;
pub mod results;
pub mod tasks;
pub mod units;
