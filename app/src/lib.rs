//! The single-page app: the console in which integrations, methods and runbooks are made, tested and watched.
//!
//! [`ui`] holds the parts every page is built of, [`frame`] what stands around a page, [`page`] the pages,
//! [`route`] their addresses; [`client`] speaks with the server, [`load`] and [`editing`] show what it holds and
//! change it, and [`chart`] is the flow chart of runbooks and workflows. Decisions live in `nimbus-shared` or in plain functions beside a view; views wire.

#![expect(
    unreachable_pub,
    reason = "the component macro makes items that the lint cannot follow through a re-export"
)]
#![allow(
    clippy::needless_pass_by_value,
    clippy::fn_params_excessive_bools,
    clippy::too_many_lines,
    reason = "a component owns its properties, switches are named where it is used, and a view is one expression"
)]

pub mod app;
pub mod browser;
pub mod chart;
pub mod client;
pub mod editing;
pub mod frame;
pub mod load;
pub mod page;
pub mod route;
pub mod session;
pub mod ui;

pub use app::mount;
