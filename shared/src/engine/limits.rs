//! Where a run is stopped, so that none goes on for ever.

/// How often one effect is carried out again after the process stopped: a request whose
/// answer brings the process down would otherwise do so for ever.
pub const MAX_REPEATS: u8 = 5;

/// How much the variables of a run may hold together, in bytes: they are in memory as long
/// as it goes on, and a flow that adds to an array in a circle would fill that.
pub const MAX_VARIABLE_BYTES: usize = 24 * 1024 * 1024;
