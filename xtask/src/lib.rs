//! Set-up and orchestration: everything between a fresh clone and a running, tested, deployed Nimbus.
//!
//! The binary is the command line; the library is there so that the edge tests start the runtime
//! exactly as `cargo xtask start` does (see [`runtime`]).

pub mod assets;
pub mod failure;
pub mod layout;
pub mod networks;
pub mod process;
pub mod runtime;
pub mod secrets;
pub mod setup;
pub mod stage;
pub mod stamp;
