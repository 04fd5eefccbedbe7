//! The service desk's vocabulary, in Halo's words: what its resources are called, what
//! they hold, who may read and change them, and what their answers look like.
//!
//! The decisions are here, over the records that a shell stores
//! and finds; a new resource is one module of its own and one table of the shell's.

pub mod protocol;

pub use protocol::{Caller, DeskEvent, DeskRequest, DeskResponse, EventSource, TicketChange};
