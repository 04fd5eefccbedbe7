//! The domain of Nimbus, pure: no I/O, no clock, no randomness. Time and random
//! values come in as arguments, so that the same code decides in the browser, at
//! the edge and in tests.

pub mod action;
pub mod api;
pub mod authorization;
pub mod chart;
pub mod condition;
pub mod curl;
pub mod desk;
pub mod engine;
pub mod event;
pub mod example_call;
pub mod json;
mod lateness;
pub mod mask;
pub mod model;
pub mod output;
pub mod problem;
mod rename;
pub mod request;
pub mod schedule;
pub mod search;
pub mod seed;
pub mod signature;
pub mod start;
pub mod statistics;
pub mod template;
pub mod time_zone;
pub mod trial;
mod typed;
pub mod workflow;
