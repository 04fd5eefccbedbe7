//! Who may come in, and what leaves with every answer.
//!
//! In this order: the `Host` must be ours ([`host`]), which keeps a foreign name that was made to
//! point here (DNS rebinding) from reading anything; then whoever asks is identified
//! ([`identity`]), and where that rests on the cookie, which browsers send by themselves, everything
//! that changes something must come from a page of our own ([`origin`]).

pub mod body;
pub mod cookie;
pub mod host;
pub mod identity;
pub mod origin;
pub mod page;

pub use body::read_json;
pub use identity::{Identity, identify};
