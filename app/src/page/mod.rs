//! The pages, one module each; [`crate::app`] says which address shows which.

mod acting;
pub mod actions;
pub mod application;
pub mod authorize;
mod conditions;
pub mod desk;
pub mod desk_sections;
pub mod event;
mod event_words;
mod failed_deliveries;
#[cfg(debug_assertions)]
pub mod gallery;
pub mod headers;
pub mod integration;
pub mod integrations;
pub mod lazy;
pub mod listing;
pub mod mappings;
pub mod method;
pub mod not_found;
pub mod pending;
mod period;
pub mod prose;
pub mod records;
pub mod retry;
pub mod run;
pub mod runbook;
pub mod runbooks;
pub mod runs;
pub mod schedule;
pub mod settings;
pub mod sign_in;
pub mod ticket;
mod tokens;
