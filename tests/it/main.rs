//! Tests of the whole service from outside: the real binary, over HTTP and its command line, on SQLite and PostgreSQL.
//!
//! Run them by `tests/run`, which starts a throw-away PostgreSQL and prepares the templates. Every test gets a server and
//! a database of its own; a body stands once and [`on_both!`] makes two tests of it. Every answer that passes through
//! [`house::Actor`] is compared with the OpenAPI document.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test that meets something unexpected has failed")]

#[macro_use]
mod house;

mod access;
mod access_matrix;
mod accounts;
mod architecture;
mod as_of;
mod audit;
mod bilingual_notes;
mod busy;
mod catalogue;
mod changes;
mod changes_feed;
mod changes_streams;
mod chaos;
mod consolidated_content;
mod consolidation;
mod conventions;
mod csv;
mod demo;
mod disclosure;
mod disclosure_changing_tables;
mod disclosure_over_time;
mod document;
mod document_rules;
mod durability;
mod grant_dates;
mod headers;
mod hostile_bodies;
mod imports;
mod indicators;
mod installation;
mod kept;
mod kept_by_ward;
mod lives;
mod looking_back;
mod migrations;
mod models;
mod periods;
mod plan_items;
mod progress;
mod questions;
mod races;
mod random_lives;
mod references;
mod released;
mod report_life;
mod results;
mod screens;
mod sdmx;
mod security;
mod seeded_plan;
mod sign_in;
mod slow_clients;
mod statements;
mod tables;
mod tasks;
mod ward_lives;
mod webhooks;
mod whole_year;
mod wording;
mod years;
