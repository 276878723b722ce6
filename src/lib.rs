//! Binhdang: a ward's gender-equality plan as a service.
//!
//! The map of the house, from the roof down (imports point downwards only):
//! [`cli`] → [`app`] → [`rooms`] → [`http`] → [`change`], [`reading`] → [`actor`] → [`auth`] → [`db`], [`formats`] → [`problem`] →
//! [`values`], [`figures`] and [`disclosure`], which are pure.

pub mod actor;
pub mod app;
pub mod app_state;
pub mod auth;
pub mod change;
pub mod cli;
pub mod config;
pub mod db;
pub mod demo;
pub mod disclosure;
pub mod figures;
pub mod formats;
pub mod http;
pub mod jobs;
pub mod json_schema;
pub mod openapi;
pub mod problem;
pub mod reading;
pub mod rooms;
pub mod seed;
pub mod values;
