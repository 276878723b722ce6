//! The rooms: one for each kind of resource. In a room `http.rs` holds the handlers, `wire.rs` what clients write and read,
//! `use_cases.rs` what is done with the resource, `rules.rs` the pure decisions, `table.rs` the rows and their SQL. Where a room
//! has no `use_cases.rs` yet, `store.rs` holds these and the table. Who may call whom is in `tests/it/architecture.rs`.

pub mod accounts;
pub mod amendments;
pub mod audit;
pub mod changes;
pub mod consolidation;
pub mod goals;
pub mod imports;
pub mod indicators;
pub mod jurisdictions;
pub mod outline;
pub mod periods;
pub mod plans;
pub mod progress;
pub mod reports;
pub mod results;
pub mod sdmx;
pub mod successions;
pub mod tasks;
pub mod units;
pub mod webhooks;
