//! What the edge tests are written with: a [`Server`] (the built worker on workerd, with data of its own), its
//! HTTP client, a [`Stub`] for the APIs that Nimbus calls, and what tests set up and ask in common.
//!
//! Everything here fails by panicking, because that is how a test says what is wrong.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test fails by panicking"
)]

pub mod bundle;
mod client;
pub mod console;
mod server;
mod socket;
mod stub;

pub use client::{Answer, Call};
pub use server::{ADMIN_TOKEN, Options, Server};
pub use socket::Socket;
pub use stub::{Gate, Received, Reply, Stub};
