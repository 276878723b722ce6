//! Binhdang: a ward's gender-equality plan as a service.
//!
//! The map of the house, from the roof down (imports point downwards only):
//! [`cli`] → [`app`] → rooms ([`goals`] and its neighbours) → [`auth`], [`http`], [`journal`] → [`db`], [`problem`] →
//! [`values`] and [`figures`], which are pure.

pub mod accounts;
pub mod app;
pub mod audit;
pub mod auth;
pub mod cli;
pub mod config;
pub mod consolidation;
pub mod db;
pub mod demo;
pub mod figures;
pub mod goals;
pub mod http;
pub mod indicators;
pub mod jobs;
pub mod journal;
pub mod jurisdictions;
pub mod openapi;
pub mod outline;
pub mod periods;
pub mod plans;
pub mod problem;
pub mod progress;
pub mod reports;
pub mod results;
pub mod seed;
pub mod suppression;
pub mod tasks;
pub mod units;
pub mod values;
